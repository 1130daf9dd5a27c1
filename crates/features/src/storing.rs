//! The one rule about which messages are kept: by the archive (XEP-0313 §5.1), for the offline (XEP-0160 §3), as something said.

use magpie_xmpp::{Stanza, ns, stanza::MessageType};

/// XEP-0334 and its versions of the same hint.
fn hint(m: &Stanza, name: &str) -> bool {
    m.has(name, ns::HINTS)
}

/// Whether a message belongs in an archive.
pub(crate) fn is_archived(m: &Stanza) -> bool {
    if !matches!(m.message_type(), MessageType::Chat | MessageType::Normal) {
        return false;
    }
    if hint(m, "no-store") || hint(m, "no-permanent-store") {
        return false;
    }
    hint(m, "store") || m.has("body", ns::CLIENT) || m.kids().any(|k| says_something(k.name, k.ns))
}

/// Payloads that change what a conversation says, with or without a body: receipts (0184), markers (0333), corrections
/// (0308), reactions (0444), retractions (0424), encrypted messages (0384), calls (0353), invitations (0249).
fn says_something(name: &str, namespace: &str) -> bool {
    match namespace {
        ns::RECEIPTS => name == "received",
        ns::MARKERS => name != "markable",
        ns::REACTIONS | ns::RETRACT | ns::CORRECT => true,
        "eu.siacs.conversations.axolotl" | "urn:xmpp:omemo:2" => name == "encrypted",
        "urn:xmpp:jingle-message:0" | "jabber:x:conference" => true,
        _ => false,
    }
}

/// Whether a message waits for a recipient who is not there.
pub(crate) fn may_wait(m: &Stanza) -> bool {
    matches!(m.message_type(), MessageType::Chat | MessageType::Normal)
        && !hint(m, "no-store")
        && (is_archived(m)
            || m.kids()
                .any(|k| k.ns != ns::CHATSTATES && k.ns != ns::HINTS && k.name != "thread"))
}

/// Whether it says something that a person reads (the instant message of XEP-0430), and not something about a message.
pub(crate) fn is_said(m: &Stanza) -> bool {
    let refers = |k: &magpie_xmpp::stanza::Kid<'_>| {
        matches!(k.ns, ns::REACTIONS | ns::RETRACT | ns::CORRECT)
    };
    (m.has("body", ns::CLIENT) || m.kids().any(|k| k.name == "encrypted"))
        && !m.kids().any(|k| refers(&k))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn m(kind: &str, inner: &str) -> Stanza {
        Stanza::parse(
            format!("<message xmlns='jabber:client' type='{kind}'>{inner}</message>").as_bytes(),
        )
        .unwrap()
    }

    #[test]
    #[allow(clippy::too_many_lines, reason = "a table")]
    fn which_messages_are_kept_and_how() {
        // kind, content, archived, may wait, said
        for (kind, inner, archived, waits, said) in [
            ("chat", "<body>x</body>", true, true, true),
            ("normal", "<body>x</body>", true, true, true),
            ("headline", "<body>x</body>", false, false, true),
            ("groupchat", "<body>x</body>", false, false, true),
            ("error", "<body>x</body>", false, false, true),
            (
                "chat",
                "<composing xmlns='http://jabber.org/protocol/chatstates'/>",
                false,
                false,
                false,
            ),
            (
                "chat",
                "<composing xmlns='http://jabber.org/protocol/chatstates'/><thread>t</thread>",
                false,
                false,
                false,
            ),
            (
                "chat",
                "<body>x</body><no-store xmlns='urn:xmpp:hints'/>",
                false,
                false,
                true,
            ),
            (
                "chat",
                "<body>x</body><no-permanent-store xmlns='urn:xmpp:hints'/>",
                false,
                true,
                true,
            ),
            (
                "chat",
                "<x xmlns='y'/><store xmlns='urn:xmpp:hints'/>",
                true,
                true,
                false,
            ),
            (
                "chat",
                "<received xmlns='urn:xmpp:receipts' id='1'/>",
                true,
                true,
                false,
            ),
            (
                "chat",
                "<request xmlns='urn:xmpp:receipts'/>",
                false,
                true,
                false,
            ),
            (
                "chat",
                "<displayed xmlns='urn:xmpp:chat-markers:0' id='1'/>",
                true,
                true,
                false,
            ),
            (
                "chat",
                "<reactions xmlns='urn:xmpp:reactions:0' id='1'/>",
                true,
                true,
                false,
            ),
            (
                "chat",
                "<body>x</body><replace xmlns='urn:xmpp:message-correct:0' id='1'/>",
                true,
                true,
                false,
            ),
            (
                "chat",
                "<body>x</body><retract xmlns='urn:xmpp:message-retract:1' id='1'/>",
                true,
                true,
                false,
            ),
            (
                "chat",
                "<body>x</body><reply xmlns='urn:xmpp:reply:0' id='1'/>",
                true,
                true,
                true,
            ),
        ] {
            let m = m(kind, inner);
            assert_eq!(
                (is_archived(&m), may_wait(&m), is_said(&m)),
                (archived, waits, said),
                "{kind} {inner}"
            );
        }
    }
}
