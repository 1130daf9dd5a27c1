//! XEP-0280 Message Carbons.

use magpie_testkit::{Client, chat_script};

async fn enable(c: &mut Client) {
    c.ask(
        "<iq id='enable1' type='set'><enable xmlns='urn:xmpp:carbons:2'/></iq>",
        "<iq id='enable1' type='result'/>",
    )
    .await;
}

chat_script!(sent_and_received_are_copied_to_the_other_devices, |s| {
    let mut alice = s.online("alice").await;
    let mut bob = s.online("bob").await;
    let mut desk = s.device("bob", "desk").await;
    desk.online().await;
    bob.settle().await;
    enable(&mut bob).await;
    enable(&mut desk).await;
    alice
        .send("<message to='bob@localhost/phone' type='chat' id='r'><body>in</body></message>")
        .await;
    bob.recv("<message id='r'><body>in</body></message>").await;
    desk.recv("<message from='bob@localhost' to='bob@localhost/desk' type='chat'><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='alice@localhost/phone' to='bob@localhost/phone' id='r'><body>in</body></message></forwarded></received></message>").await;
    bob.send("<message to='alice@localhost' type='chat' id='s'><body>out</body></message>")
        .await;
    alice
        .recv("<message id='s'><body>out</body></message>")
        .await;
    desk.recv("<message from='bob@localhost' to='bob@localhost/desk'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='bob@localhost/phone' to='alice@localhost' id='s'><body>out</body></message></forwarded></sent></message>").await;
    bob.silent().await;
    desk.silent().await;
});

chat_script!(
    who_gets_the_message_gets_no_copy_and_who_did_not_ask_neither,
    |s| {
        let mut alice = s.online("alice").await;
        let mut bob = s.online("bob").await;
        let mut desk = s.device("bob", "desk").await;
        desk.online().await;
        bob.settle().await;
        enable(&mut desk).await;
        alice
            .send("<message to='bob@localhost' type='chat' id='b'><body>both</body></message>")
            .await;
        bob.recv("<message id='b'><body>both</body></message>")
            .await;
        desk.recv("<message from='alice@localhost/phone' id='b'><body>both</body></message>")
            .await;
        bob.silent().await;
        desk.silent().await;
    }
);

chat_script!(private_and_no_copy_stay_where_they_are, |s| {
    let mut alice = s.online("alice").await;
    let mut bob = s.online("bob").await;
    let mut desk = s.device("bob", "desk").await;
    desk.online().await;
    bob.settle().await;
    enable(&mut desk).await;
    for mark in [
        "<private xmlns='urn:xmpp:carbons:2'/><no-copy xmlns='urn:xmpp:hints'/>",
        "<no-copy xmlns='urn:xmpp:hints'/>",
    ] {
        alice
            .send(&format!(
                "<message to='bob@localhost/phone' type='chat'><body>x</body>{mark}</message>"
            ))
            .await;
        bob.recv("<message><body>x</body><absent xmlns='magpie:test' name='private' ns='urn:xmpp:carbons:2'/></message>").await;
    }
    alice
        .send("<message to='bob@localhost/phone' type='headline'><body>x</body></message>")
        .await;
    bob.recv("<message type='headline'/>").await;
    desk.silent().await;
    desk.ask(
        "<iq id='d' type='set'><disable xmlns='urn:xmpp:carbons:2'/></iq>",
        "<iq id='d' type='result'/>",
    )
    .await;
    alice
        .send("<message to='bob@localhost/phone' type='chat'><body>y</body></message>")
        .await;
    bob.recv("<message><body>y</body></message>").await;
    desk.silent().await;
});
