//! XEP-0054 vcard-temp.

use magpie_testkit::chat_script;

chat_script!(a_card_is_set_by_its_owner_and_seen_by_others, |s| {
    let mut alice = s.user("alice").await;
    let mut bob = s.user("bob").await;
    alice
        .ask(
            "<iq id='v2' type='set'><vCard xmlns='vcard-temp'><FN>爱丽丝</FN><NICKNAME>al</NICKNAME></vCard></iq>",
            "<iq id='v2' type='result'/>",
        )
        .await;
    alice
        .ask(
            "<iq id='v1' type='get'><vCard xmlns='vcard-temp'/></iq>",
            "<iq id='v1' type='result'><vCard xmlns='vcard-temp'><FN>爱丽丝</FN></vCard></iq>",
        )
        .await;
    bob.ask(
        "<iq id='v3' to='alice@localhost' type='get'><vCard xmlns='vcard-temp'/></iq>",
        "<iq id='v3' from='alice@localhost' type='result'><vCard xmlns='vcard-temp'><FN>爱丽丝</FN><NICKNAME>al</NICKNAME></vCard></iq>",
    )
    .await;
    bob.ask(
        "<iq id='v4' to='alice@localhost' type='set'><vCard xmlns='vcard-temp'><FN>forged</FN></vCard></iq>",
        "<iq id='v4' type='error'><error/></iq>",
    )
    .await;
});

chat_script!(no_card_and_no_account_look_the_same, |s| {
    let mut alice = s.user("alice").await;
    s.account("bob").await;
    let mut answers = Vec::new();
    for to in ["bob@localhost", "nobody@localhost"] {
        let reply = alice
            .ask(
                &format!("<iq id='v' to='{to}' type='get'><vCard xmlns='vcard-temp'/></iq>"),
                "<iq id='v' type='error'/>",
            )
            .await;
        answers.push(reply.to_xml().replace(to, "X"));
    }
    assert_eq!(answers[0], answers[1]);
});
