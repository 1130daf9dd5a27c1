//! urn:magpie:privacy:0: what an account lets others know.

use magpie_testkit::{Client, chat_script};

const PRIVACY: &str = "urn:magpie:privacy:0";

async fn set(c: &mut Client, attrs: &str) {
    c.ask(
        &format!("<iq type='set' id='p'><privacy xmlns='{PRIVACY}' {attrs}/></iq>"),
        "<iq type='result' id='p'/>",
    )
    .await;
}

async fn get(c: &mut Client, attrs: &str) {
    c.ask(
        &format!("<iq type='get' id='g'><privacy xmlns='{PRIVACY}'/></iq>"),
        &format!("<iq type='result' id='g'><privacy xmlns='{PRIVACY}' {attrs}/></iq>"),
    )
    .await;
}

chat_script!(the_switches_are_kept, |s| {
    let mut alice = s.online("alice").await;
    get(
        &mut alice,
        "last-seen='contacts' read-receipts='1' searchable='0'",
    )
    .await;
    set(&mut alice, "read-receipts='0'").await;
    set(&mut alice, "last-seen='nobody' searchable='1'").await;
    let mut desk = s.device("alice", "desk").await;
    get(
        &mut desk,
        "last-seen='nobody' read-receipts='0' searchable='1'",
    )
    .await;
    alice
        .ask(
            &format!("<iq type='set' id='p'><privacy xmlns='{PRIVACY}' last-seen='sometimes'/></iq>"),
            "<iq type='error' id='p'><error type='modify'><bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
        )
        .await;
    // Nobody asks for or changes another's.
    let mut bob = s.online("bob").await;
    for kind in ["get", "set"] {
        bob.ask(
            &format!("<iq type='{kind}' id='o' to='alice@localhost'><privacy xmlns='{PRIVACY}'/></iq>"),
            "<iq type='error' id='o'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
        )
        .await;
    }
});

chat_script!(who_hides_reading_is_not_seen_reading, |s| {
    let mut alice = s.online("alice").await;
    let mut bob = s.online("bob").await;
    let mut desk = s.device("bob", "desk").await;
    desk.ask(
        "<iq type='get' id='in'><inbox xmlns='urn:xmpp:inbox:1' messages='false'/></iq>",
        "<iq type='result' id='in'/>",
    )
    .await;
    set(&mut bob, "read-receipts='0'").await;
    alice
        .send("<message to='bob@localhost' type='chat' id='m1'><body>hi</body><markable xmlns='urn:xmpp:chat-markers:0'/></message>")
        .await;
    bob.recv("<message id='m1'/>").await;
    bob.send("<message to='alice@localhost' type='chat' id='d1'><displayed xmlns='urn:xmpp:chat-markers:0' id='m1'/></message>")
        .await;
    // The own devices know.
    desk.recv("<message type='headline'><conversation xmlns='urn:magpie:inbox:0' jid='alice@localhost' unread='0'/></message>")
        .await;
    alice.silent().await;
    // What else is in the message goes on.
    bob.send("<message to='alice@localhost' type='chat' id='d2'><body>and hello</body><displayed xmlns='urn:xmpp:chat-markers:0' id='m1'/></message>")
        .await;
    alice
        .recv("<message id='d2'><body>and hello</body><absent xmlns='magpie:test' name='displayed' ns='urn:xmpp:chat-markers:0'/></message>")
        .await;
    set(&mut bob, "read-receipts='1'").await;
    bob.send("<message to='alice@localhost' type='chat' id='d3'><displayed xmlns='urn:xmpp:chat-markers:0' id='m1'/></message>")
        .await;
    alice
        .recv("<message id='d3'><displayed xmlns='urn:xmpp:chat-markers:0' id='m1'/></message>")
        .await;
});

chat_script!(who_hides_it_is_not_seen_leaving, |s| {
    let (mut alice, mut bob) = s.friends("alice", "bob").await;
    let ask = "<iq type='get' id='l' to='bob@localhost'><query xmlns='jabber:iq:last'/></iq>";
    let told = "<iq type='result' id='l'><query xmlns='jabber:iq:last'/></iq>";
    let hidden = "<iq type='error' id='l'><error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>";
    set(&mut bob, "last-seen='nobody'").await;
    // That he is here his contacts see anyway.
    alice.ask(ask, told).await;
    bob.send("<presence type='unavailable'/>").await;
    alice
        .recv("<presence type='unavailable' from='bob@localhost/phone'/>")
        .await;
    bob.settle().await;
    alice.ask(ask, hidden).await;
    set(&mut bob, "last-seen='contacts'").await;
    alice.ask(ask, told).await;
});
