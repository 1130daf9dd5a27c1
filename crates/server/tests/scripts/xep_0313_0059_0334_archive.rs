//! XEP-0313 Message Archive Management with XEP-0059 pages, and what XEP-0334 keeps out of it.

use magpie_testkit::{Client, chat_script};
use magpie_xmpp::Element;

/// Asks for a page; returns its messages (id, body) and the `<fin/>`.
async fn page(
    c: &mut Client,
    form: &str,
    set: &str,
    more: &str,
) -> (Vec<(String, String)>, Element) {
    let x = if form.is_empty() {
        String::new()
    } else {
        format!(
            "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field>{form}</x>"
        )
    };
    c.send(&format!("<iq type='set' id='q'><query xmlns='urn:xmpp:mam:2' queryid='f27'>{x}<set xmlns='http://jabber.org/protocol/rsm'>{set}</set>{more}</query></iq>")).await;
    let mut items = Vec::new();
    loop {
        let stanza = c.stanza().await;
        if stanza.name() == "iq" {
            assert_eq!(stanza.get("type"), Some("result"), "{}", stanza.to_xml());
            return (items, stanza.find("fin", "urn:xmpp:mam:2").unwrap().clone());
        }
        let result = stanza.find("result", "urn:xmpp:mam:2").unwrap();
        assert_eq!(result.get("queryid"), Some("f27"));
        let message = result
            .find("forwarded", "urn:xmpp:forward:0")
            .unwrap()
            .find("message", "jabber:client")
            .unwrap();
        let body = message
            .find_text("body", "jabber:client")
            .unwrap_or_default();
        items.push((result.get("id").unwrap().to_owned(), body));
    }
}

fn field(var: &str, value: &str) -> String {
    format!("<field var='{var}'><value>{value}</value></field>")
}

fn bodies(items: &[(String, String)]) -> Vec<&str> {
    items.iter().map(|(_, b)| b.as_str()).collect()
}

async fn say(c: &mut Client, to: &str, bodies: &[&str]) {
    for body in bodies {
        c.send(&format!(
            "<message to='{to}' type='chat'><body>{body}</body></message>"
        ))
        .await;
    }
    c.settle().await;
}

chat_script!(both_sides_have_it_once_with_the_same_ids, |s| {
    let mut alice = s.online("alice").await;
    let mut bob = s.online("bob").await;
    alice
        .send("<message to='bob@localhost' type='chat'><body>你好</body></message>")
        .await;
    let live = bob.recv("<message><body>你好</body></message>").await;
    let id = live
        .find("stanza-id", "urn:xmpp:sid:0")
        .unwrap()
        .get("id")
        .unwrap()
        .to_owned();
    bob.send("<message to='alice@localhost' type='chat'><body>嗨</body></message>")
        .await;
    alice.recv("<message><body>嗨</body></message>").await;
    let (of_bob, fin) = page(&mut bob, "", "", "").await;
    let (of_alice, _) = page(&mut alice, "", "", "").await;
    assert_eq!(bodies(&of_bob), ["你好", "嗨"]);
    assert_eq!(of_bob, of_alice);
    assert_eq!(of_bob[0].0, id);
    assert_eq!(fin.get("complete"), Some("true"));
});

chat_script!(pages_go_both_ways_and_meet, |s| {
    let mut alice = s.online("alice").await;
    s.account("bob").await;
    say(&mut alice, "bob@localhost", &["1", "2", "3", "4", "5"]).await;
    let (first, fin) = page(&mut alice, "", "<max>2</max>", "").await;
    assert_eq!(
        (bodies(&first), fin.get("complete")),
        (vec!["1", "2"], None)
    );
    let set = fin.find("set", "http://jabber.org/protocol/rsm").unwrap();
    assert_eq!(
        set.find_text("count", "http://jabber.org/protocol/rsm")
            .as_deref(),
        Some("5")
    );
    assert_eq!(
        set.find("first", "http://jabber.org/protocol/rsm")
            .unwrap()
            .get("index"),
        Some("0")
    );
    let (next, _) = page(
        &mut alice,
        "",
        &format!("<max>2</max><after>{}</after>", first[1].0),
        "",
    )
    .await;
    let (last, fin) = page(
        &mut alice,
        "",
        &format!("<max>2</max><after>{}</after>", next[1].0),
        "",
    )
    .await;
    assert_eq!(
        (bodies(&next), bodies(&last), fin.get("complete")),
        (vec!["3", "4"], vec!["5"], Some("true"))
    );
    let (end, fin) = page(&mut alice, "", "<max>2</max><before/>", "").await;
    assert_eq!((bodies(&end), fin.get("complete")), (vec!["4", "5"], None));
    let (flipped, _) = page(
        &mut alice,
        "",
        &format!("<max>2</max><before>{}</before>", end[0].0),
        "<flip-page/>",
    )
    .await;
    assert_eq!(bodies(&flipped), ["3", "2"]);
});

chat_script!(filters_pick, |s| {
    let mut alice = s.online("alice").await;
    s.account("bob").await;
    s.account("carol").await;
    say(&mut alice, "bob@localhost", &["b1", "b2"]).await;
    say(&mut alice, "carol@localhost/home", &["c1"]).await;
    let (all, _) = page(&mut alice, "", "", "").await;
    for (form, expected) in [
        (field("with", "bob@localhost"), vec!["b1", "b2"]),
        (field("with", "carol@localhost/home"), vec!["c1"]),
        (field("with", "carol@localhost/work"), vec![]),
        (field("after-id", &all[0].0), vec!["b2", "c1"]),
        (field("before-id", &all[2].0), vec!["b1", "b2"]),
        (field("ids", &all[1].0), vec!["b2"]),
        (field("start", "2100-01-01T00:00:00Z"), vec![]),
        (field("end", "2000-01-01T00:00:00Z"), vec![]),
    ] {
        let (items, _) = page(&mut alice, &form, "", "").await;
        assert_eq!(bodies(&items), expected, "{form}");
    }
    for set in ["<after>12345</after>", "<before>nothing</before>"] {
        alice.send(&format!("<iq type='set' id='e'><query xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'>{set}</set></query></iq>")).await;
        alice.recv("<iq type='error' id='e'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>").await;
    }
});

chat_script!(metadata_and_the_form, |s| {
    let mut alice = s.online("alice").await;
    s.account("bob").await;
    alice.ask("<iq type='get' id='m'><metadata xmlns='urn:xmpp:mam:2'/></iq>", "<iq type='result' id='m'><metadata xmlns='urn:xmpp:mam:2'><absent xmlns='magpie:test' name='start' ns='urn:xmpp:mam:2'/></metadata></iq>").await;
    say(&mut alice, "bob@localhost", &["1", "2"]).await;
    let (all, _) = page(&mut alice, "", "", "").await;
    alice
        .ask(
            "<iq type='get' id='m'><metadata xmlns='urn:xmpp:mam:2'/></iq>",
            &format!("<iq type='result' id='m'><metadata xmlns='urn:xmpp:mam:2'><start id='{}' timestamp='*'/><end id='{}' timestamp='*'/></metadata></iq>", all[0].0, all[1].0),
        )
        .await;
    alice
        .ask(
            "<iq type='get' id='f'><query xmlns='urn:xmpp:mam:2'/></iq>",
            "<iq type='result' id='f'><query xmlns='urn:xmpp:mam:2'><x xmlns='jabber:x:data' type='form'><field var='with'/><field var='before-id'/><field var='ids'/></x></query></iq>",
        )
        .await;
});

chat_script!(preferences_decide_what_is_kept, |s| {
    let mut alice = s.online("alice").await;
    s.account("bob").await;
    let set = "<iq type='set' id='p'><prefs xmlns='urn:xmpp:mam:2' default='always'><always/><never><jid>bob@localhost</jid></never></prefs></iq>";
    alice.ask(set, "<iq type='result' id='p'><prefs xmlns='urn:xmpp:mam:2' default='always'><never><jid>bob@localhost</jid></never></prefs></iq>").await;
    say(&mut alice, "bob@localhost", &["not kept"]).await;
    assert!(page(&mut alice, "", "", "").await.0.is_empty());
    let mut bob = s.device("bob", "phone").await;
    bob.online().await;
    assert_eq!(
        bodies(&page(&mut bob, "", "", "").await.0),
        ["not kept"],
        "the other's archive is the other's"
    );
    alice.ask("<iq type='get' id='g'><prefs xmlns='urn:xmpp:mam:2'/></iq>", "<iq type='result' id='g'><prefs xmlns='urn:xmpp:mam:2' default='always'><never><jid>bob@localhost</jid></never></prefs></iq>").await;
});

chat_script!(hints_and_kinds_decide_too, |s| {
    let mut alice = s.online("alice").await;
    let mut bob = s.online("bob").await;
    for (kind, inner) in [
        ("chat", "<body>no</body><no-store xmlns='urn:xmpp:hints'/>"),
        (
            "chat",
            "<composing xmlns='http://jabber.org/protocol/chatstates'/>",
        ),
        ("headline", "<body>no</body>"),
        ("chat", "<received xmlns='urn:xmpp:receipts' id='1'/>"),
        (
            "chat",
            "<displayed xmlns='urn:xmpp:chat-markers:0' id='1'/>",
        ),
        (
            "chat",
            "<body>edit</body><replace xmlns='urn:xmpp:message-correct:0' id='1'/>",
        ),
        (
            "chat",
            "<reactions xmlns='urn:xmpp:reactions:0' id='1'><reaction>👍</reaction></reactions>",
        ),
        (
            "chat",
            "<body>re</body><reply xmlns='urn:xmpp:reply:0' id='1'/>",
        ),
        (
            "chat",
            "<retract xmlns='urn:xmpp:message-retract:1' id='1'/><body>gone</body>",
        ),
    ] {
        alice
            .send(&format!(
                "<message to='bob@localhost' type='{kind}' id='h'>{inner}</message>"
            ))
            .await;
        bob.recv(&format!("<message type='{kind}'>{inner}</message>"))
            .await;
    }
    let (kept, _) = page(&mut bob, "", "", "").await;
    assert_eq!(bodies(&kept), ["", "", "edit", "", "re", "gone"]);
});

chat_script!(nobody_reads_anothers_archive, |s| {
    let mut alice = s.online("alice").await;
    let mut bob = s.online("bob").await;
    say(&mut alice, "alice@localhost", &["secret"]).await;
    bob.send("<iq type='set' to='alice@localhost' id='x'><query xmlns='urn:xmpp:mam:2'/></iq>")
        .await;
    bob.recv("<iq type='error' id='x'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>").await;
});
