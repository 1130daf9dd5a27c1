//! XEP-0049 Private XML Storage.

use magpie_testkit::chat_script;

chat_script!(what_was_put_comes_back_and_to_nobody_else, |s| {
    let mut alice = s.user("alice").await;
    alice
        .ask(
            "<iq type='set' id='1001'><query xmlns='jabber:iq:private'><exodus xmlns='exodus:prefs'><defaultnick>Hamlet 哈姆雷特</defaultnick></exodus></query></iq>",
            "<iq type='result' id='1001'/>",
        )
        .await;
    let get = "<iq type='get' id='1002'><query xmlns='jabber:iq:private'><exodus xmlns='exodus:prefs'/></query></iq>";
    alice
        .ask(get, "<iq type='result' id='1002'><query xmlns='jabber:iq:private'><exodus xmlns='exodus:prefs'><defaultnick>Hamlet 哈姆雷特</defaultnick></exodus></query></iq>")
        .await;
    let mut bob = s.user("bob").await;
    let reply = bob
        .ask(get, "<iq type='result' id='1002'><query xmlns='jabber:iq:private'><exodus xmlns='exodus:prefs'/></query></iq>")
        .await;
    assert!(!reply.to_xml().contains("Hamlet"));
    bob.ask(
        "<iq type='get' to='alice@localhost' id='o'><query xmlns='jabber:iq:private'><exodus xmlns='exodus:prefs'/></query></iq>",
        "<iq type='error' id='o'><error/></iq>",
    )
    .await;
});

chat_script!(a_question_without_a_name_is_none, |s| {
    let mut alice = s.user("alice").await;
    alice
        .ask(
            "<iq type='get' id='e'><query xmlns='jabber:iq:private'/></iq>",
            "<iq type='error' id='e'><error/></iq>",
        )
        .await;
});
