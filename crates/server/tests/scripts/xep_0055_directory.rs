//! XEP-0055 Jabber Search: who chose to be found is found by his names, nobody else is.

use magpie_testkit::{Client, chat_script};

const SEARCH: &str = "jabber:iq:search";

async fn findable(c: &mut Client, on: &str) {
    c.ask(
        &format!(
            "<iq type='set' id='p'><privacy xmlns='urn:magpie:privacy:0' searchable='{on}'/></iq>"
        ),
        "<iq type='result' id='p'/>",
    )
    .await;
}

async fn card(c: &mut Client, inner: &str) {
    c.ask(
        &format!("<iq type='set' id='v'><vCard xmlns='vcard-temp'>{inner}</vCard></iq>"),
        "<iq type='result' id='v'/>",
    )
    .await;
}

/// The addresses and nicknames that a search by the form finds.
async fn find(c: &mut Client, words: &str) -> Vec<(String, String)> {
    c.send(&format!(
        "<iq type='set' id='s' to='localhost'><query xmlns='{SEARCH}'><x xmlns='jabber:x:data' type='submit'>\
         <field var='FORM_TYPE' type='hidden'><value>{SEARCH}</value></field>\
         <field var='search'><value>{words}</value></field></x></query></iq>"
    ))
    .await;
    let answer = c.recv("<iq type='result' id='s'/>").await;
    let x = answer
        .find("query", SEARCH)
        .and_then(|q| q.find("x", "jabber:x:data"))
        .unwrap();
    let items = x.children().filter(|e| e.name() == "item");
    items
        .map(|item| {
            let value = |var: &str| {
                let field = item.children().find(|f| f.get("var") == Some(var)).unwrap();
                field.find_text("value", "jabber:x:data").unwrap()
            };
            (value("jid"), value("nick"))
        })
        .collect()
}

fn jids(found: &[(String, String)]) -> Vec<&str> {
    found.iter().map(|(jid, _)| jid.as_str()).collect()
}

chat_script!(only_who_chose_to_be_found_is_found, |s| {
    let mut asker = s.online("asker").await;
    let mut lilei = s.online("lilei").await;
    let mut hidden = s.online("lihidden").await;
    card(&mut hidden, "<FN>李雷</FN>").await;
    card(&mut lilei, "<FN>李雷</FN><NICKNAME>Leo</NICKNAME>").await;
    assert_eq!(jids(&find(&mut asker, "李雷").await), [] as [&str; 0]);
    findable(&mut lilei, "1").await;
    assert_eq!(
        find(&mut asker, "雷").await,
        [("lilei@localhost".into(), "Leo".into())]
    );
    assert_eq!(jids(&find(&mut asker, "LEO 李").await), ["lilei@localhost"]);
    assert_eq!(jids(&find(&mut asker, "lile").await), ["lilei@localhost"]);
    // By the new name only once the card says so; not himself; not any more when he changes his mind.
    card(&mut lilei, "<FN>韩梅梅</FN>").await;
    assert_eq!(jids(&find(&mut asker, "李雷").await), [] as [&str; 0]);
    assert_eq!(jids(&find(&mut asker, "梅梅").await), ["lilei@localhost"]);
    assert_eq!(jids(&find(&mut lilei, "梅梅").await), [] as [&str; 0]);
    findable(&mut lilei, "0").await;
    assert_eq!(jids(&find(&mut asker, "梅梅").await), [] as [&str; 0]);
});

chat_script!(plain_fields_work_as_the_specification_shows, |s| {
    let mut romeo = s.online("romeo").await;
    let mut juliet = s.online("juliet").await;
    card(
        &mut juliet,
        "<FN>Juliet Capulet</FN><N><FAMILY>Capulet</FAMILY><GIVEN>Juliet</GIVEN></N><NICKNAME>JuliC</NICKNAME>\
         <EMAIL><USERID>juliet@shakespeare.lit</USERID></EMAIL>",
    )
    .await;
    findable(&mut juliet, "1").await;
    romeo
        .ask(
            &format!("<iq type='get' id='f' to='localhost'><query xmlns='{SEARCH}'/></iq>"),
            &format!("<iq type='result' id='f'><query xmlns='{SEARCH}'><instructions/><first/><last/><nick/><x xmlns='jabber:x:data' type='form'/></query></iq>"),
        )
        .await;
    let ask = |last: &str| {
        format!(
            "<iq type='set' id='s' to='localhost'><query xmlns='{SEARCH}'><last>{last}</last></query></iq>"
        )
    };
    romeo
        .ask(
            &ask("Capulet"),
            &format!("<iq type='result' id='s'><query xmlns='{SEARCH}'><item jid='juliet@localhost'><first>Juliet</first><last>Capulet</last><nick>JuliC</nick></item></query></iq>"),
        )
        .await;
    let none = romeo
        .ask(&ask("Montague"), "<iq type='result' id='s'/>")
        .await;
    assert_eq!(none.find("query", SEARCH).unwrap().children().count(), 0);
    // Found by name is not found by address.
    let none = romeo
        .ask(&ask("shakespeare"), "<iq type='result' id='s'/>")
        .await;
    assert_eq!(none.find("query", SEARCH).unwrap().children().count(), 0);
});

chat_script!(nobody_lists_everybody, |s| {
    let mut asker = s.online("asker").await;
    let mut shown = s.online("shown").await;
    let mut wary = s.online("wary").await;
    findable(&mut shown, "1").await;
    findable(&mut wary, "1").await;
    let ask = |words: &str| {
        format!(
            "<iq type='set' id='s' to='localhost'><query xmlns='{SEARCH}'><nick>{words}</nick></query></iq>"
        )
    };
    let refused = "<iq type='error' id='s'><error type='modify'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>";
    for nothing in ["", " ", "w", "%"] {
        asker.ask(&ask(nothing), refused).await;
    }
    // What means something to a database means itself.
    assert_eq!(jids(&find(&mut asker, "%%").await), [] as [&str; 0]);
    assert_eq!(jids(&find(&mut asker, "w_ry").await), [] as [&str; 0]);
    assert_eq!(jids(&find(&mut asker, "wary").await), ["wary@localhost"]);
    // Who blocks the asker is not there for him.
    wary.ask(
        "<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='asker@localhost'/></block></iq>",
        "<iq type='result' id='b'/>",
    )
    .await;
    assert_eq!(jids(&find(&mut asker, "wary").await), [] as [&str; 0]);
    for _ in 0..40 {
        asker.send(&ask("shown")).await;
    }
    let mut refusals = 0;
    for _ in 0..40 {
        let answer = asker.stanza().await;
        if answer.get("type") == Some("error") {
            refusals += 1;
        }
    }
    assert!(refusals > 10, "{refusals} of 40 searches were refused");
});
