//! XEP-0012 Last Activity.

use magpie_testkit::chat_script;

chat_script!(the_server_tells_its_uptime, |s| {
    let mut alice = s.user("alice").await;
    alice
        .ask(
            "<iq type='get' to='localhost' id='last1'><query xmlns='jabber:iq:last'/></iq>",
            "<iq type='result' from='localhost' id='last1'><query xmlns='jabber:iq:last' seconds='*'/></iq>",
        )
        .await;
});

chat_script!(strangers_learn_nothing, |s| {
    let mut alice = s.online("alice").await;
    s.account("bob").await;
    let mut answers = Vec::new();
    for to in ["bob@localhost", "nobody@localhost"] {
        let reply = alice
            .ask(
                &format!("<iq type='get' to='{to}' id='l'><query xmlns='jabber:iq:last'/></iq>"),
                "<iq type='error' id='l'/>",
            )
            .await;
        answers.push(reply.to_xml().replace(to, "X"));
    }
    assert_eq!(answers[0], answers[1]);
});
