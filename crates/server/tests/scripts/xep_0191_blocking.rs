//! XEP-0191 Blocking Command.

use magpie_testkit::chat_script;

chat_script!(a_blocked_contact_reaches_nobody_and_is_not_reached, |s| {
    let mut alice = s.online("alice").await;
    let mut bob = s.online("bob").await;
    alice
        .ask(
            "<iq type='get' id='l'><blocklist xmlns='urn:xmpp:blocking'/></iq>",
            "<iq type='result' id='l'><blocklist xmlns='urn:xmpp:blocking'/></iq>",
        )
        .await;
    alice.send("<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='bob@localhost'/></block></iq>").await;
    alice
        .recv_all(&[
            "<iq type='result' id='b'/>",
            "<iq type='set'><block xmlns='urn:xmpp:blocking'><item jid='bob@localhost'/></block></iq>",
        ])
        .await;
    bob.send("<message to='alice@localhost' type='chat' id='m'><body>hello?</body></message>")
        .await;
    bob.recv("<message type='error' id='m'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>").await;
    alice.silent().await;
    alice
        .send("<message to='bob@localhost' type='chat' id='o'><body>x</body></message>")
        .await;
    alice.recv("<message type='error' id='o'><error type='cancel'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><blocked xmlns='urn:xmpp:blocking:errors'/></error></message>").await;
    alice
        .send("<iq type='set' id='u'><unblock xmlns='urn:xmpp:blocking'/></iq>")
        .await;
    alice
        .recv_all(&[
            "<iq type='result' id='u'/>",
            "<iq type='set'><unblock xmlns='urn:xmpp:blocking'/></iq>",
        ])
        .await;
    bob.send("<message to='alice@localhost' type='chat' id='n'><body>again</body></message>")
        .await;
    alice
        .recv("<message id='n'><body>again</body></message>")
        .await;
});
