//! XEP-0160 Best Practices for Handling Offline Messages, with XEP-0203 Delayed Delivery.

use magpie_testkit::chat_script;

chat_script!(messages_wait_and_come_back_in_order_with_their_time, |s| {
    let mut alice = s.online("alice").await;
    s.account("bob").await;
    for n in 1..=3 {
        alice
            .send(&format!(
                "<message to='bob@localhost' type='chat' id='m{n}'><body>第{n}</body></message>"
            ))
            .await;
    }
    alice
        .send("<message to='bob@localhost' type='headline'><body>gone</body></message>")
        .await;
    alice.send("<message to='bob@localhost' type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>").await;
    alice.silent().await;
    let mut bob = s.device("bob", "phone").await;
    let came: Vec<_> = bob
        .online()
        .await
        .into_iter()
        .filter(|e| e.name() == "message")
        .collect();
    assert_eq!(came.len(), 3, "{came:?}");
    for (n, m) in came.iter().enumerate() {
        assert_eq!(
            m.find_text("body", "jabber:client").unwrap(),
            format!("第{}", n + 1)
        );
        let delay = m.find("delay", "urn:xmpp:delay").unwrap();
        assert_eq!(delay.get("from"), Some("localhost"));
        assert!(magpie_xmpp::datetime::parse(delay.get("stamp").unwrap()).is_some());
    }
    let mut again = s.device("bob", "desk").await;
    let came = again.online().await;
    assert!(
        came.iter().all(|e| e.name() != "message"),
        "once is enough: {came:?}"
    );
});

chat_script!(a_negative_priority_leaves_them_waiting, |s| {
    let mut alice = s.online("alice").await;
    let mut bob = s.user("bob").await;
    bob.send("<presence><priority>-5</priority></presence>")
        .await;
    bob.settle().await;
    alice
        .send("<message to='bob@localhost' type='chat' id='w'><body>wait</body></message>")
        .await;
    alice.silent().await;
    bob.silent().await;
    bob.send("<presence><priority>0</priority></presence>")
        .await;
    let came = bob.settle().await;
    assert!(came.iter().any(|e| e.get("id") == Some("w")), "{came:?}");
});
