//! XEP-0359 Unique and Stable Stanza IDs.

use magpie_testkit::chat_script;

chat_script!(forged_ids_go_and_the_true_one_comes, |s| {
    let mut alice = s.online("alice").await;
    let mut bob = s.online("bob").await;
    alice.send("<message to='bob@localhost' type='chat'><body>x</body><stanza-id xmlns='urn:xmpp:sid:0' by='bob@localhost' id='forged'/><stanza-id xmlns='urn:xmpp:sid:0' by='bob@localhost' id='again'/><stanza-id xmlns='urn:xmpp:sid:0' by='room@elsewhere' id='kept'/><origin-id xmlns='urn:xmpp:sid:0' id='o'/></message>").await;
    let m = bob.recv("<message><body>x</body><stanza-id xmlns='urn:xmpp:sid:0' by='room@elsewhere' id='kept'/><origin-id xmlns='urn:xmpp:sid:0' id='o'/></message>").await;
    let by_bob: Vec<_> = m
        .children()
        .filter(|c| c.is("stanza-id", "urn:xmpp:sid:0") && c.get("by") == Some("bob@localhost"))
        .collect();
    assert_eq!(by_bob.len(), 1);
    assert!(by_bob[0].get("id").unwrap().parse::<i64>().is_ok());
});
