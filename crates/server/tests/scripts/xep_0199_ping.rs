//! XEP-0199 XMPP Ping: client to server, client to client.

use magpie_testkit::chat_script;

chat_script!(the_server_answers, |s| {
    let mut alice = s.user("alice").await;
    alice
        .ask(
            "<iq to='localhost' id='c2s1' type='get'><ping xmlns='urn:xmpp:ping'/></iq>",
            "<iq from='localhost' to='alice@localhost/phone' id='c2s1' type='result'/>",
        )
        .await;
    alice
        .ask(
            "<iq id='own' type='get'><ping xmlns='urn:xmpp:ping'/></iq>",
            "<iq from='alice@localhost' id='own' type='result'/>",
        )
        .await;
});

chat_script!(another_client_is_asked_itself, |s| {
    let mut alice = s.online("alice").await;
    let mut bob = s.online("bob").await;
    alice
        .send(
            "<iq to='bob@localhost/phone' id='e2e1' type='get'><ping xmlns='urn:xmpp:ping'/></iq>",
        )
        .await;
    bob.recv("<iq from='alice@localhost/phone' to='bob@localhost/phone' id='e2e1' type='get'><ping xmlns='urn:xmpp:ping'/></iq>").await;
    bob.send("<iq to='alice@localhost/phone' id='e2e1' type='result'/>")
        .await;
    alice
        .recv("<iq from='bob@localhost/phone' id='e2e1' type='result'/>")
        .await;
});

chat_script!(nobody_is_there_to_answer, |s| {
    let mut alice = s.online("alice").await;
    let mut bob = s.online("bob").await;
    for to in [
        "bob@localhost/gone",
        "nobody@localhost/x",
        "nobody@localhost",
    ] {
        alice
            .ask(
                &format!("<iq to='{to}' id='p' type='get'><ping xmlns='urn:xmpp:ping'/></iq>"),
                &format!("<iq from='{to}' id='p' type='error'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"),
            )
            .await;
    }
    bob.silent().await;
});
