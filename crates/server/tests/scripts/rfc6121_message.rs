//! RFC 6121 §5 and §8.5: messages of every type to bare and full JIDs, to those who are there and those who are not.

use magpie_testkit::chat_script;

chat_script!(to_the_bare_jid_all_with_a_priority_of_0_or_more, |s| {
    let mut alice = s.online("alice").await;
    let mut bob = s.online("bob").await;
    let mut low = s.device("bob", "low").await;
    low.send("<presence><priority>-1</priority></presence>")
        .await;
    low.settle().await;
    let mut high = s.device("bob", "high").await;
    high.send("<presence><priority>10</priority></presence>")
        .await;
    high.settle().await;
    bob.settle().await;
    low.settle().await;
    alice
        .send("<message to='bob@localhost' type='chat' id='m1'><body>你好 🐦</body></message>")
        .await;
    for device in [&mut bob, &mut high] {
        device
            .recv("<message from='alice@localhost/phone' to='bob@localhost' type='chat' id='m1'><body>你好 🐦</body><stanza-id xmlns='urn:xmpp:sid:0' by='bob@localhost' id='*'/></message>")
            .await;
    }
    low.silent().await;
});

chat_script!(to_a_full_jid_only_that_device, |s| {
    let mut alice = s.online("alice").await;
    let mut bob = s.online("bob").await;
    let mut desk = s.device("bob", "desk").await;
    desk.online().await;
    bob.settle().await;
    for kind in ["normal", "chat", "headline", "groupchat"] {
        alice
            .send(&format!(
                "<message to='bob@localhost/desk' type='{kind}'><body>{kind}</body></message>"
            ))
            .await;
        desk.recv(&format!(
            "<message from='alice@localhost/phone' type='{kind}'><body>{kind}</body></message>"
        ))
        .await;
    }
    alice.silent().await;
    bob.silent().await;
});

chat_script!(to_a_full_jid_that_nobody_has, |s| {
    let mut alice = s.online("alice").await;
    let mut bob = s.online("bob").await;
    for kind in ["normal", "chat"] {
        alice
            .send(&format!(
                "<message to='bob@localhost/gone' type='{kind}'><body>{kind}</body></message>"
            ))
            .await;
        bob.recv(&format!(
            "<message to='bob@localhost/gone' type='{kind}'><body>{kind}</body></message>"
        ))
        .await;
    }
    for kind in ["headline", "error"] {
        alice
            .send(&format!(
                "<message to='bob@localhost/gone' type='{kind}'><body>x</body></message>"
            ))
            .await;
    }
    alice.silent().await;
    alice
        .send("<message to='bob@localhost/gone' type='groupchat' id='g'><body>x</body></message>")
        .await;
    alice
        .recv("<message from='bob@localhost/gone' type='error' id='g'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>")
        .await;
    bob.silent().await;
});

chat_script!(to_nobody_the_answer_is_that_of_an_unwilling_account, |s| {
    let mut alice = s.online("alice").await;
    for (id, to) in [("1", "nobody@localhost"), ("2", "nobody@localhost/x")] {
        for kind in ["chat", "normal"] {
            alice
                .send(&format!(
                    "<message to='{to}' type='{kind}' id='{id}'><body>x</body></message>"
                ))
                .await;
            alice
                .recv(&format!("<message from='{to}' to='alice@localhost/phone' type='error' id='{id}'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"))
                .await;
        }
    }
    for kind in ["headline", "error"] {
        alice
            .send(&format!(
                "<message to='nobody@localhost' type='{kind}'><body>x</body></message>"
            ))
            .await;
    }
    alice.silent().await;
});

chat_script!(a_message_without_an_address_is_for_oneself, |s| {
    let mut alice = s.online("alice").await;
    alice
        .send("<message type='chat' id='n'><body>note to self</body></message>")
        .await;
    alice.recv("<message from='alice@localhost/phone' to='alice@localhost' id='n'><body>note to self</body></message>").await;
    alice.silent().await;
});

chat_script!(nobody_speaks_in_anothers_name, |s| {
    let mut alice = s.online("alice").await;
    alice
        .send("<message from='bob@localhost' to='alice@localhost'><body>forged</body></message>")
        .await;
    alice.ended_by("invalid-from").await;
});

chat_script!(a_malformed_address_is_an_error_for_the_sender_alone, |s| {
    let mut alice = s.online("alice").await;
    alice
        .send("<message to='a@b@c' type='chat' id='bad'><body>x</body></message>")
        .await;
    alice.recv("<message type='error' id='bad'><error type='modify'><jid-malformed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>").await;
    alice.silent().await;
});

chat_script!(a_message_sent_again_on_a_new_stream_is_one_message, |s| {
    let mut bob = s.online("bob").await;
    let again = "<message to='bob@localhost' type='chat' id='r1'><body>once</body><origin-id xmlns='urn:xmpp:sid:0' id='o1'/></message>";
    let mut alice = s.online("alice").await;
    alice.send(again).await;
    alice.silent().await;
    alice.cut();
    let mut alice = s.device("alice", "other").await;
    alice.send(again).await;
    alice.silent().await;
    bob.recv("<message id='r1'><body>once</body></message>")
        .await;
    bob.silent().await;
});
