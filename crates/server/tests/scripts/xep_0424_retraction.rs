//! XEP-0424 Message Retraction: what its author takes back is gone from both archives, from what waits and from what is unread.

use magpie_testkit::{Client, chat_script};
use magpie_xmpp::Element;

const RETRACT: &str = "urn:xmpp:message-retract:1";

/// What an archive has to say, oldest first.
async fn archive(c: &mut Client) -> Vec<Element> {
    c.send("<iq type='set' id='q'><query xmlns='urn:xmpp:mam:2'/></iq>")
        .await;
    let mut messages = Vec::new();
    loop {
        let stanza = c.stanza().await;
        if stanza.name() == "iq" {
            return messages;
        }
        let Some(result) = stanza.find("result", "urn:xmpp:mam:2") else {
            continue;
        };
        let forwarded = result.find("forwarded", "urn:xmpp:forward:0").unwrap();
        messages.push(forwarded.find("message", "jabber:client").unwrap().clone());
    }
}

fn said(messages: &[Element]) -> String {
    messages.iter().map(Element::to_xml).collect()
}

fn tombstone(message: &Element) -> Option<&str> {
    message.find("retracted", RETRACT)?.get("id")
}

fn message(to: &str, id: &str, inner: &str) -> String {
    format!("<message to='{to}@localhost' type='chat' id='{id}'>{inner}</message>")
}

fn retract(to: &str, id: &str, target: &str) -> String {
    message(
        to,
        id,
        &format!(
            "<retract xmlns='{RETRACT}' id='{target}'/><fallback xmlns='urn:xmpp:fallback:0' for='{RETRACT}'/>\
             <body>/me took a message back</body><store xmlns='urn:xmpp:hints'/>"
        ),
    )
}

chat_script!(what_is_taken_back_is_gone_from_both_archives, |s| {
    let mut romeo = s.online("romeo").await;
    let mut juliet = s.online("juliet").await;
    romeo
        .send(&message(
            "juliet",
            "m1",
            "<body>secret</body><origin-id xmlns='urn:xmpp:sid:0' id='m1'/><x xmlns='jabber:x:oob'><url>https://secret</url></x>",
        ))
        .await;
    juliet
        .recv("<message id='m1'><body>secret</body></message>")
        .await;
    romeo.send(&retract("juliet", "r1", "m1")).await;
    juliet
        .recv(&format!(
            "<message id='r1'><retract xmlns='{RETRACT}' id='m1'/></message>"
        ))
        .await;
    for side in [&mut romeo, &mut juliet] {
        let kept = archive(side).await;
        assert!(!said(&kept).contains("secret"), "{}", said(&kept));
        assert_eq!(kept.len(), 2, "{}", said(&kept));
        assert_eq!(kept[0].get("id"), Some("m1"));
        assert_eq!(tombstone(&kept[0]), Some("r1"));
        assert!(kept[1].find("retract", RETRACT).is_some());
    }
    // A second time changes nothing: the tombstone names the first.
    romeo.send(&retract("juliet", "r2", "m1")).await;
    juliet.recv("<message id='r2'/>").await;
    let kept = archive(&mut juliet).await;
    assert_eq!(tombstone(&kept[0]), Some("r1"));
});

chat_script!(its_corrections_go_with_it_and_nothing_else_does, |s| {
    let mut romeo = s.online("romeo").await;
    let mut juliet = s.online("juliet").await;
    romeo
        .send(&message("juliet", "m1", "<body>secrte</body>"))
        .await;
    romeo
        .send(&message(
            "juliet",
            "m2",
            "<body>secret</body><replace xmlns='urn:xmpp:message-correct:0' id='m1'/>",
        ))
        .await;
    romeo
        .send(&message("juliet", "m3", "<body>good night</body>"))
        .await;
    for id in ["m1", "m2", "m3"] {
        juliet.recv(&format!("<message id='{id}'/>")).await;
    }
    romeo.send(&retract("juliet", "r1", "m1")).await;
    juliet.recv("<message id='r1'/>").await;
    let kept = archive(&mut juliet).await;
    let stones: Vec<_> = kept.iter().map(tombstone).collect();
    assert_eq!(stones, [Some("r1"), Some("r1"), None, None]);
    assert!(!said(&kept).contains("secr"), "{}", said(&kept));
    assert!(said(&kept).contains("good night"));
});

chat_script!(only_the_author_takes_back_and_only_where_it_was_said, |s| {
    let mut romeo = s.online("romeo").await;
    let mut juliet = s.online("juliet").await;
    let mut mallory = s.online("mallory").await;
    romeo
        .send(&message("juliet", "m1", "<body>mine</body>"))
        .await;
    juliet.recv("<message id='m1'/>").await;
    // The one who got it, somebody else, its author in another conversation, an id that there is not.
    juliet.send(&retract("romeo", "r1", "m1")).await;
    romeo.recv("<message id='r1'/>").await;
    mallory.send(&retract("juliet", "r2", "m1")).await;
    juliet.recv("<message id='r2'/>").await;
    romeo.send(&retract("mallory", "r3", "m1")).await;
    mallory.recv("<message id='r3'/>").await;
    romeo.send(&retract("juliet", "r4", "m9")).await;
    juliet.recv("<message id='r4'/>").await;
    for side in [&mut romeo, &mut juliet] {
        let kept = archive(side).await;
        assert!(kept.iter().all(|m| tombstone(m).is_none()));
        assert!(said(&kept).contains("mine"));
    }
    romeo
        .send("<message to='juliet@localhost' type='chat'><retract xmlns='urn:xmpp:message-retract:1' id='m1'/></message>")
        .await;
    romeo
        .recv("<message type='error'><error type='modify'><bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>")
        .await;
    assert!(said(&archive(&mut juliet).await).contains("mine"));
});

chat_script!(who_was_away_finds_neither_it_nor_an_unread_message, |s| {
    let mut romeo = s.online("romeo").await;
    s.account("juliet").await;
    romeo
        .send(&message("juliet", "m1", "<body>secret</body>"))
        .await;
    romeo
        .send(&message("juliet", "m2", "<body>good night</body>"))
        .await;
    romeo.send(&retract("juliet", "r1", "m1")).await;
    romeo.settle().await;
    let mut juliet = s.device("juliet", "phone").await;
    juliet
        .send("<iq type='get' id='in'><inbox xmlns='urn:xmpp:inbox:1' messages='false'/></iq>")
        .await;
    juliet
        .recv(
            "<message><entry xmlns='urn:xmpp:inbox:1' jid='romeo@localhost' unread='1'/></message>",
        )
        .await;
    juliet.recv("<iq type='result' id='in'/>").await;
    let came = juliet.online().await;
    let waited: Vec<_> = came.iter().filter(|e| e.name() == "message").collect();
    let ids: Vec<_> = waited.iter().filter_map(|m| m.get("id")).collect();
    assert_eq!(ids, ["m2", "r1"]);
    assert!(!said(&came).contains("secret"), "{}", said(&came));
});

chat_script!(the_server_says_that_it_makes_tombstones, |s| {
    let mut romeo = s.online("romeo").await;
    romeo
        .ask(
            "<iq type='get' id='d' to='romeo@localhost'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "<iq type='result' id='d'><query xmlns='http://jabber.org/protocol/disco#info'>\
             <feature var='urn:xmpp:message-retract:1'/><feature var='urn:xmpp:message-retract:1#tombstone'/></query></iq>",
        )
        .await;
});
