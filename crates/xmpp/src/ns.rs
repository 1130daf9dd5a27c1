//! The namespaces that Magpie reads or writes, one constant each.

macro_rules! namespaces {
    ($($(#[$doc:meta])* $name:ident = $value:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = $value;)*
    };
}

namespaces! {
    /// RFC 6120: content of client streams.
    CLIENT = "jabber:client";
    /// RFC 6120: content of server streams.
    SERVER = "jabber:server";
    /// RFC 6120: the stream itself.
    STREAM = "http://etherx.jabber.org/streams";
    /// RFC 7395: the stream over WebSocket.
    FRAMING = "urn:ietf:params:xml:ns:xmpp-framing";
    /// RFC 6120: stream errors.
    STREAMS = "urn:ietf:params:xml:ns:xmpp-streams";
    /// RFC 6120: stanza errors.
    STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas";
    /// RFC 6120: STARTTLS.
    TLS = "urn:ietf:params:xml:ns:xmpp-tls";
    /// RFC 6120: SASL.
    SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
    /// RFC 6120: resource binding.
    BIND = "urn:ietf:params:xml:ns:xmpp-bind";
    /// RFC 3921: session establishment.
    SESSION = "urn:ietf:params:xml:ns:xmpp-session";
    /// RFC 6121: the roster.
    ROSTER = "jabber:iq:roster";
    /// RFC 6121: roster versioning.
    ROSTERVER = "urn:xmpp:features:rosterver";
    /// RFC 6121: subscription pre-approval.
    SUB_PREAPPROVAL = "urn:xmpp:features:pre-approval";
    /// XML namespaces.
    XML = "http://www.w3.org/XML/1998/namespace";
    /// XEP-0004.
    DATA = "jabber:x:data";
    /// XEP-0012.
    LAST = "jabber:iq:last";
    /// XEP-0030.
    DISCO_INFO = "http://jabber.org/protocol/disco#info";
    /// XEP-0030.
    DISCO_ITEMS = "http://jabber.org/protocol/disco#items";
    /// XEP-0049.
    PRIVATE = "jabber:iq:private";
    /// XEP-0050.
    COMMANDS = "http://jabber.org/protocol/commands";
    /// XEP-0054.
    VCARD = "vcard-temp";
    /// XEP-0055.
    SEARCH = "jabber:iq:search";
    /// XEP-0059.
    RSM = "http://jabber.org/protocol/rsm";
    /// XEP-0077.
    REGISTER = "jabber:iq:register";
    /// XEP-0077: the stream feature.
    REGISTER_FEATURE = "http://jabber.org/features/iq-register";
    /// XEP-0085.
    CHATSTATES = "http://jabber.org/protocol/chatstates";
    /// XEP-0092.
    VERSION = "jabber:iq:version";
    /// XEP-0115.
    CAPS = "http://jabber.org/protocol/caps";
    /// XEP-0157.
    SERVERINFO = "http://jabber.org/network/serverinfo";
    /// XEP-0184.
    RECEIPTS = "urn:xmpp:receipts";
    /// XEP-0153.
    VCARD_UPDATE = "vcard-temp:x:update";
    /// XEP-0191.
    BLOCKING = "urn:xmpp:blocking";
    /// XEP-0191.
    BLOCKING_ERRORS = "urn:xmpp:blocking:errors";
    /// XEP-0198.
    SM3 = "urn:xmpp:sm:3";
    /// XEP-0199.
    PING = "urn:xmpp:ping";
    /// XEP-0202.
    TIME = "urn:xmpp:time";
    /// XEP-0203.
    DELAY = "urn:xmpp:delay";
    /// XEP-0280.
    CARBONS2 = "urn:xmpp:carbons:2";
    /// XEP-0297.
    FORWARD = "urn:xmpp:forward:0";
    /// XEP-0308.
    CORRECT = "urn:xmpp:message-correct:0";
    /// XEP-0313.
    MAM2 = "urn:xmpp:mam:2";
    /// XEP-0313.
    MAM2_EXTENDED = "urn:xmpp:mam:2#extended";
    /// XEP-0333.
    MARKERS = "urn:xmpp:chat-markers:0";
    /// XEP-0334.
    HINTS = "urn:xmpp:hints";
    /// XEP-0352.
    CSI = "urn:xmpp:csi:0";
    /// XEP-0363.
    UPLOAD = "urn:xmpp:http:upload:0";
    /// XEP-0359.
    SID = "urn:xmpp:sid:0";
    /// XEP-0379.
    PARS = "urn:xmpp:pars:0";
    /// XEP-0386.
    BIND2 = "urn:xmpp:bind:0";
    /// XEP-0388.
    SASL2 = "urn:xmpp:sasl:2";
    /// XEP-0401.
    INVITE = "urn:xmpp:invite";
    /// XEP-0424.
    RETRACT = "urn:xmpp:message-retract:1";
    /// XEP-0424 §4.
    RETRACT_TOMBSTONE = "urn:xmpp:message-retract:1#tombstone";
    /// XEP-0428.
    FALLBACK = "urn:xmpp:fallback:0";
    /// XEP-0430.
    INBOX = "urn:xmpp:inbox:1";
    /// Ours: what an owner decides about a conversation (docs/extensions.md).
    MAGPIE_INBOX = "urn:magpie:inbox:0";
    /// Ours: what an account lets others know (docs/extensions.md).
    MAGPIE_PRIVACY = "urn:magpie:privacy:0";
    /// XEP-0440.
    SASL_CB = "urn:xmpp:sasl-cb:0";
    /// XEP-0444.
    REACTIONS = "urn:xmpp:reactions:0";
    /// XEP-0445.
    IBR_TOKEN = "urn:xmpp:ibr-token:0";
    /// XEP-0461.
    REPLY = "urn:xmpp:reply:0";
    /// XEP-0478.
    LIMITS = "urn:xmpp:stream-limits:0";
    /// XEP-0484.
    FAST = "urn:xmpp:fast:0";
    /// XEP-0490.
    MDS = "urn:xmpp:mds:displayed:0";
    /// XEP-0490: the server reads the displayed element of a message.
    MDS_ASSIST = "urn:xmpp:mds:server-assist:0";
    /// XEP-0494.
    CAM = "urn:xmpp:cam:0";
}
