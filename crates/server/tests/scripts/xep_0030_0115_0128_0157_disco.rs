//! XEP-0030 Service Discovery, XEP-0115 Entity Capabilities, XEP-0128 and XEP-0157 forms.

use magpie_testkit::{Settings, Stage, chat_script};

chat_script!(the_server_says_what_it_can_do, |s| {
    let mut alice = s.user("alice").await;
    let reply = alice
        .ask(
            "<iq type='get' to='localhost' id='info1'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "<iq type='result' from='localhost' id='info1'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='server' type='im'/></query></iq>",
        )
        .await;
    let query = reply
        .find("query", "http://jabber.org/protocol/disco#info")
        .unwrap();
    let vars: Vec<&str> = query.children().filter_map(|c| c.get("var")).collect();
    for var in [
        "http://jabber.org/protocol/disco#info",
        "http://jabber.org/protocol/disco#items",
        "urn:xmpp:ping",
        "urn:xmpp:carbons:2",
        "jabber:iq:version",
        "msgoffline",
    ] {
        assert!(vars.contains(&var), "{var} is not in {vars:?}");
    }
    let mut sorted = vars.clone();
    sorted.dedup();
    assert_eq!(sorted.len(), vars.len(), "each once");
    alice
        .ask(
            "<iq type='get' to='localhost' id='items1'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>",
            "<iq type='result' id='items1'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>",
        )
        .await;
});

chat_script!(
    the_own_account_can_be_asked_and_unknown_nodes_are_none,
    |s| {
        let mut alice = s.user("alice").await;
        let reply = alice
        .ask(
            "<iq type='get' id='a'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "<iq type='result' from='alice@localhost' id='a'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='account' type='registered'/></query></iq>",
        )
        .await;
        assert!(reply.to_xml().contains("urn:xmpp:mam:2"));
        alice
        .ask(
            "<iq type='get' to='localhost' id='n'><query xmlns='http://jabber.org/protocol/disco#info' node='nothing'/></iq>",
            "<iq type='error' id='n'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
        )
        .await;
    }
);

chat_script!(strangers_and_nobody_answer_alike, |s| {
    let mut alice = s.user("alice").await;
    s.account("bob").await;
    let mut answers = Vec::new();
    for to in ["bob@localhost", "nobody@localhost"] {
        let reply = alice
            .ask(&format!("<iq type='get' to='{to}' id='x'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>"), "<iq type='error' id='x'/>")
            .await;
        answers.push(reply.to_xml().replace(to, "X"));
    }
    assert_eq!(answers[0], answers[1]);
});

chat_script!(
    the_capabilities_in_the_stream_features_can_be_looked_up,
    |s| {
        s.account("alice").await;
        let (mut alice, _) = s.stranger().await;
        let features = alice.login("alice", magpie_testkit::PASSWORD).await;
        let c = features
            .find("c", "http://jabber.org/protocol/caps")
            .unwrap()
            .clone();
        alice.bind("phone").await;
        let node = format!("{}#{}", c.get("node").unwrap(), c.get("ver").unwrap());
        alice
        .ask(
            &format!("<iq type='get' to='localhost' id='v'><query xmlns='http://jabber.org/protocol/disco#info' node='{node}'/></iq>"),
            &format!("<iq type='result' id='v'><query xmlns='http://jabber.org/protocol/disco#info' node='{node}'><identity category='server'/></query></iq>"),
        )
        .await;
    }
);

#[test]
fn contact_addresses_are_shown_when_they_are_set() {
    let mut settings = Settings::default();
    settings.features.contact.abuse = vec!["mailto:abuse@localhost".into()];
    Stage::run_with(settings, async |s: &mut Stage| {
        let mut alice = s.user("alice").await;
        alice
            .ask(
                "<iq type='get' to='localhost' id='i'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
                "<iq type='result' id='i'><query xmlns='http://jabber.org/protocol/disco#info'><x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/network/serverinfo</value></field><field var='abuse-addresses'><value>mailto:abuse@localhost</value></field></x></query></iq>",
            )
            .await;
    });
}
