//! XEP-0430 Inbox, and what an owner decides about a conversation (`urn:magpie:inbox:0`).

use magpie_testkit::{Client, chat_script};
use magpie_xmpp::Element;

const INBOX: &str = "urn:xmpp:inbox:1";
const OURS: &str = "urn:magpie:inbox:0";
const RSM: &str = "http://jabber.org/protocol/rsm";

/// Asks for the inbox; the messages of its entries and the `<fin/>`.
async fn inbox(c: &mut Client, attrs: &str, set: &str) -> (Vec<Element>, Element) {
    let set = if set.is_empty() {
        String::new()
    } else {
        format!("<set xmlns='{RSM}'>{set}</set>")
    };
    c.send(&format!(
        "<iq type='get' id='in'><inbox xmlns='{INBOX}' {attrs}>{set}</inbox></iq>"
    ))
    .await;
    let mut entries = Vec::new();
    loop {
        let stanza = c.stanza().await;
        if stanza.name() == "iq" {
            assert_eq!(stanza.get("type"), Some("result"), "{}", stanza.to_xml());
            return (entries, stanza.find("fin", INBOX).unwrap().clone());
        }
        assert_eq!(stanza.get("from"), c.jid.split('/').next());
        assert_eq!(stanza.get("to"), Some(c.jid.as_str()));
        entries.push(stanza);
    }
}

fn entry(message: &Element) -> &Element {
    message.find("entry", INBOX).unwrap()
}

/// Peer and unread count of each entry.
fn list(entries: &[Element]) -> Vec<(&str, &str)> {
    let pairs = entries.iter().map(entry);
    pairs
        .map(|e| (e.get("jid").unwrap(), e.get("unread").unwrap()))
        .collect()
}

/// The last message's body.
fn body(message: &Element) -> Option<String> {
    let result = message.find("result", "urn:xmpp:mam:2")?;
    let forwarded = result.find("forwarded", "urn:xmpp:forward:0")?;
    let inner = forwarded.find("message", "jabber:client")?;
    inner.find_text("body", "jabber:client")
}

fn counts(fin: &Element) -> [&str; 3] {
    ["total", "unread", "all-unread"].map(|name| fin.get(name).unwrap())
}

/// Sends and waits until it is released.
async fn say(c: &mut Client, to: &str, text: &str) {
    c.send(&format!(
        "<message to='{to}@localhost' type='chat'><body>{text}</body></message>"
    ))
    .await;
    c.settle().await;
}

async fn decide(c: &mut Client, attrs: &str) {
    c.ask(
        &format!("<iq type='set' id='d'><conversation xmlns='{OURS}' {attrs}/></iq>"),
        "<iq type='result' id='d'/>",
    )
    .await;
}

chat_script!(the_list_has_each_conversation_with_its_last_message, |s| {
    let mut alice = s.online("alice").await;
    for name in ["first", "second", "third"] {
        let mut contact = s.online(name).await;
        say(&mut contact, "alice", &format!("from {name}")).await;
    }
    let mut first = s.device("first", "again").await;
    say(&mut first, "alice", "来自半人马座的问候").await;
    say(&mut alice, "second", "an answer").await;
    alice.settle().await;
    let (entries, fin) = inbox(&mut alice, "", "").await;
    assert_eq!(
        list(&entries),
        [
            ("second@localhost", "0"),
            ("first@localhost", "2"),
            ("third@localhost", "1")
        ]
    );
    assert_eq!(body(&entries[0]).as_deref(), Some("an answer"));
    assert_eq!(body(&entries[1]).as_deref(), Some("来自半人马座的问候"));
    assert_eq!(counts(&fin), ["3", "2", "3"]);
    let result = entries[1].find("result", "urn:xmpp:mam:2").unwrap();
    assert_eq!(result.get("queryid"), Some("in"));
    assert_eq!(result.get("id"), entry(&entries[1]).get("id"));
    // What the server vouches for is the same as in the archive.
    alice
        .send("<iq type='set' id='m'><query xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'><max>1</max><before/></set></query></iq>")
        .await;
    let newest = alice.stanza().await;
    let newest = newest.find("result", "urn:xmpp:mam:2").unwrap();
    assert_eq!(newest.get("id"), entry(&entries[0]).get("id"));
});

chat_script!(pages_filters_and_counts, |s| {
    let mut alice = s.online("alice").await;
    let names = ["p0", "p1", "p2", "p3", "p4"];
    for name in names {
        let mut contact = s.online(name).await;
        say(&mut contact, "alice", name).await;
    }
    say(&mut alice, "p3", "read").await;
    alice.settle().await;
    let all = ["p3", "p4", "p2", "p1", "p0"];
    let peers = |entries: &[Element]| -> Vec<String> {
        let jids = list(entries).into_iter().map(|(jid, _)| jid);
        jids.map(|j| j.replace("@localhost", "")).collect()
    };
    let (mut seen, mut set) = (Vec::new(), "<max>2</max>".to_owned());
    loop {
        let (entries, fin) = inbox(&mut alice, "", &set).await;
        assert_eq!(counts(&fin), ["5", "4", "4"]);
        let rsm = fin.find("set", RSM).unwrap();
        assert_eq!(rsm.find_text("count", RSM).as_deref(), Some("5"));
        let Some(first) = rsm.find("first", RSM) else {
            break;
        };
        assert_eq!(first.get("index"), Some(seen.len().to_string().as_str()));
        seen.extend(peers(&entries));
        let last = rsm.find_text("last", RSM).unwrap();
        set = format!("<max>2</max><after>{last}</after>");
    }
    assert_eq!(seen, all);
    let (end, _) = inbox(&mut alice, "", "<max>2</max><before/>").await;
    assert_eq!(peers(&end), all[3..]);
    let (unread, fin) = inbox(&mut alice, "unread-only='true' messages='false'", "").await;
    assert_eq!(peers(&unread), ["p4", "p2", "p1", "p0"]);
    assert!(unread.iter().all(|e| body(e).is_none()));
    let rsm = fin.find("set", RSM).unwrap();
    assert_eq!(rsm.find_text("count", RSM).as_deref(), Some("4"));
    for bad in [
        "unread-only='often'/>",
        "messages='2'/>",
        "><set xmlns='http://jabber.org/protocol/rsm'><max>-1</max></set></inbox>",
        "><set xmlns='http://jabber.org/protocol/rsm'><max>9223372036854775808</max></set></inbox>",
    ] {
        alice
            .ask(
                &format!("<iq type='get' id='e'><inbox xmlns='{INBOX}' {bad}</iq>"),
                "<iq type='error' id='e'><error type='modify'><bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
            )
            .await;
    }
    alice
        .ask(
            &format!("<iq type='get' id='e'><inbox xmlns='{INBOX}'><set xmlns='{RSM}'><after>1&apos; OR 1=1</after></set></inbox></iq>"),
            "<iq type='error' id='e'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
        )
        .await;
});

chat_script!(nobody_reads_or_changes_anothers_inbox, |s| {
    let mut alice = s.online("alice").await;
    let mut bob = s.online("bob").await;
    say(&mut bob, "alice", "hello").await;
    alice.settle().await;
    let refused = "<iq type='error' id='x'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>";
    for to in ["alice@localhost", "nobody@localhost", "localhost"] {
        bob.ask(
            &format!("<iq type='get' to='{to}' id='x'><inbox xmlns='{INBOX}'/></iq>"),
            refused,
        )
        .await;
        bob.ask(
            &format!("<iq type='set' to='{to}' id='x'><conversation xmlns='{OURS}' jid='bob@localhost' muted='1'/></iq>"),
            refused,
        )
        .await;
    }
    let (entries, _) = inbox(&mut alice, "", "").await;
    let ours = entry(&entries[0]).find("conversation", OURS).unwrap();
    assert_eq!(ours.get("muted"), Some("0"));
});

chat_script!(
    what_the_owner_decides_is_kept_and_told_to_his_devices,
    |s| {
        let mut phone = s.online("alice").await;
        for name in ["bob", "carol"] {
            let mut contact = s.online(name).await;
            say(&mut contact, "alice", "hello").await;
        }
        phone.settle().await;
        let mut desk = s.device("alice", "desk").await;
        let mut blind = s.device("alice", "blind").await;
        inbox(&mut phone, "", "").await;
        inbox(&mut desk, "", "").await;
        decide(&mut phone, "jid='bob@localhost' pinned='1' marked='true'").await;
        desk.recv(&format!("<message type='headline' from='alice@localhost' to='alice@localhost/desk'><conversation xmlns='{OURS}' jid='bob@localhost' unread='1' pinned='1' muted='0' marked='1' hidden='!' read='!'/></message>")).await;
        decide(&mut desk, "jid='bob@localhost/phone' muted='1'").await;
        phone
        .recv(&format!("<message type='headline'><conversation xmlns='{OURS}' jid='bob@localhost' pinned='1' muted='1' marked='1'/></message>"))
        .await;
        let (entries, _) = inbox(&mut phone, "", "").await;
        assert_eq!(
            list(&entries),
            [("bob@localhost", "1"), ("carol@localhost", "1")]
        );
        let ours = entry(&entries[0]).find("conversation", OURS).unwrap();
        assert_eq!(
            ["pinned", "muted", "marked"].map(|a| ours.get(a)),
            [Some("1"); 3]
        );
        // Taking the mark away reads everything.
        decide(&mut desk, "jid='bob@localhost' marked='0'").await;
        let told = phone.recv(&format!("<message><conversation xmlns='{OURS}' jid='bob@localhost' unread='0' marked='0' read='*'/></message>")).await;
        let read = told.find("conversation", OURS).unwrap().get("read");
        assert_eq!(read, entry(&entries[0]).get("id"));
        // Hidden until something is said.
        decide(&mut phone, "jid='carol@localhost' hidden='1'").await;
        desk.recv(&format!(
            "<message><conversation xmlns='{OURS}' jid='carol@localhost' hidden='1'/></message>"
        ))
        .await;
        let (entries, fin) = inbox(&mut desk, "", "").await;
        assert_eq!(list(&entries), [("bob@localhost", "0")]);
        assert_eq!(counts(&fin), ["1", "0", "0"]);
        let mut carol = s.device("carol", "again").await;
        say(&mut carol, "alice", "are you there?").await;
        let (entries, _) = inbox(&mut desk, "", "").await;
        assert_eq!(list(&entries)[1], ("carol@localhost", "2"));
        blind.silent().await;
    }
);

chat_script!(a_wrong_decision_changes_nothing, |s| {
    let mut alice = s.online("alice").await;
    let mut bob = s.online("bob").await;
    say(&mut bob, "alice", "hello").await;
    alice.settle().await;
    for (attrs, condition) in [
        ("pinned='1'", "bad-request"),
        ("jid='a@b@c' pinned='1'", "jid-malformed"),
        ("jid='bob@localhost' pinned='yes'", "bad-request"),
        ("jid='bob@localhost' hidden=''", "bad-request"),
        ("jid='stranger@localhost' muted='1'", "item-not-found"),
        ("jid='alice@localhost' muted='1'", "item-not-found"),
    ] {
        alice
            .ask(
                &format!("<iq type='set' id='e'><conversation xmlns='{OURS}' {attrs}/></iq>"),
                &format!("<iq type='error' id='e'><error><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"),
            )
            .await;
    }
    let (entries, _) = inbox(&mut alice, "", "").await;
    let ours = entry(&entries[0]).find("conversation", OURS).unwrap();
    assert_eq!(
        ["pinned", "muted", "marked"].map(|a| ours.get(a)),
        [Some("0"); 3]
    );
});

chat_script!(what_is_no_message_neither_shows_nor_reads, |s| {
    let mut alice = s.online("alice").await;
    let mut bob = s.online("bob").await;
    alice
        .send("<message to='bob@localhost' type='chat'><reactions xmlns='urn:xmpp:reactions:0' id='none'><reaction>👍</reaction></reactions></message>")
        .await;
    alice.settle().await;
    assert!(inbox(&mut alice, "", "").await.0.is_empty());
    say(&mut bob, "alice", "read this").await;
    alice.settle().await;
    // A receipt that the device sends by itself is no answer.
    alice
        .send("<message to='bob@localhost' type='chat'><received xmlns='urn:xmpp:receipts' id='1'/></message>")
        .await;
    let (entries, _) = inbox(&mut alice, "", "").await;
    assert_eq!(list(&entries), [("bob@localhost", "1")]);
    assert_eq!(body(&entries[0]).as_deref(), Some("read this"));
    let result = entries[0].find("result", "urn:xmpp:mam:2").unwrap();
    let last: u64 = entry(&entries[0]).get("id").unwrap().parse().unwrap();
    assert!(
        last > result.get("id").unwrap().parse().unwrap(),
        "the id is that of the newest in the archive"
    );
});

chat_script!(both_ask_disco_for_it, |s| {
    let mut alice = s.user("alice").await;
    for to in ["localhost", "alice@localhost"] {
        alice
            .ask(
                &format!("<iq type='get' to='{to}' id='q'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>"),
                &format!("<iq type='result' id='q'><query xmlns='http://jabber.org/protocol/disco#info'><feature var='{OURS}'/><feature var='{INBOX}'/></query></iq>"),
            )
            .await;
    }
});
