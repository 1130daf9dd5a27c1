//! XEP-0092 Software Version.

use magpie_testkit::chat_script;

chat_script!(the_server_says_what_it_is, |s| {
    let mut alice = s.user("alice").await;
    let reply = alice
        .ask(
            "<iq to='localhost' id='v1' type='get'><query xmlns='jabber:iq:version'/></iq>",
            "<iq from='localhost' id='v1' type='result'><query xmlns='jabber:iq:version'><name>Magpie</name><version/></query></iq>",
        )
        .await;
    let query = reply.find("query", "jabber:iq:version").unwrap();
    assert!(
        !query
            .find_text("version", "jabber:iq:version")
            .unwrap()
            .is_empty()
    );
});
