//! XEP-0333 Displayed Markers, and the assist of XEP-0490 Message Displayed Synchronization.

use magpie_testkit::{Client, chat_script};
use magpie_xmpp::Element;

const OURS: &str = "urn:magpie:inbox:0";

/// The entry of the only conversation: unread, read position.
async fn unread(c: &mut Client) -> (String, Option<String>) {
    c.send("<iq type='get' id='in'><inbox xmlns='urn:xmpp:inbox:1' messages='false'/></iq>")
        .await;
    let message = c.stanza().await;
    let entry = message.find("entry", "urn:xmpp:inbox:1").unwrap();
    let ours = entry.find("conversation", OURS).unwrap();
    let found = (
        entry.get("unread").unwrap().to_owned(),
        ours.get("read").map(Into::into),
    );
    c.recv("<iq type='result' id='in'/>").await;
    found
}

fn archive_id(message: &Element) -> String {
    let id = message.find("stanza-id", "urn:xmpp:sid:0").unwrap();
    id.get("id").unwrap().to_owned()
}

/// `count` messages from one to the other, ids m1, m2 …; their archive ids.
async fn say(from: &mut Client, to: &mut Client, count: usize) -> Vec<String> {
    let peer = to.jid.split('/').next().unwrap().to_owned();
    let mut ids = Vec::new();
    for i in 1..=count {
        from.send(&format!("<message to='{peer}' type='chat' id='m{i}'><body>{i}</body><markable xmlns='urn:xmpp:chat-markers:0'/></message>")).await;
        let got = to
            .recv(&format!("<message id='m{i}'><body>{i}</body></message>"))
            .await;
        ids.push(archive_id(&got));
    }
    ids
}

fn assist(by: &str, id: &str) -> String {
    format!(
        "<displayed xmlns='urn:xmpp:mds:displayed:0'><stanza-id xmlns='urn:xmpp:sid:0' by='{by}' id='{id}'/></displayed>"
    )
}

fn marker(id: &str) -> String {
    format!("<displayed xmlns='urn:xmpp:chat-markers:0' id='{id}'/>")
}

chat_script!(the_assist_reads_and_goes_no_further, |s| {
    let mut romeo = s.online("romeo").await;
    let mut juliet = s.online("juliet").await;
    let mut desk = s.device("juliet", "desk").await;
    let ids = say(&mut romeo, &mut juliet, 3).await;
    assert_eq!(unread(&mut desk).await, ("3".into(), None));
    desk.ask(
        "<iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>",
        "<iq type='result' id='c'/>",
    )
    .await;
    let both = format!("{}{}", marker("m2"), assist("juliet@localhost", &ids[1]));
    juliet
        .send(&format!(
            "<message to='romeo@localhost' type='chat'>{both}</message>"
        ))
        .await;
    let forwarded = romeo
        .recv(&format!("<message from='juliet@localhost/phone'>{}<absent xmlns='magpie:test' name='displayed' ns='urn:xmpp:mds:displayed:0'/></message>", marker("m2")))
        .await;
    assert!(!forwarded.to_xml().contains(&ids[1]));
    // The other device gets the copy, without the assist, and the new read position.
    let copy = "<message from='juliet@localhost'><sent xmlns='urn:xmpp:carbons:2'/></message>";
    let told = format!(
        "<message type='headline'><conversation xmlns='{OURS}' jid='romeo@localhost' unread='1' read='{}'/></message>",
        ids[1]
    );
    desk.recv_all(&[copy, &told]).await;
    assert_eq!(
        unread(&mut juliet).await,
        ("1".into(), Some(ids[1].clone()))
    );
    // Neither archive has the assist.
    for c in [&mut romeo, &mut juliet] {
        c.send("<iq type='set' id='m'><query xmlns='urn:xmpp:mam:2'/></iq>")
            .await;
        loop {
            let stanza = c.stanza().await;
            assert!(!stanza.to_xml().contains("mds:displayed"));
            if stanza.name() == "iq" {
                break;
            }
        }
    }
});

chat_script!(a_mark_is_taken_away_by_reading, |s| {
    let mut romeo = s.online("romeo").await;
    let mut juliet = s.online("juliet").await;
    let ids = say(&mut romeo, &mut juliet, 1).await;
    let mut desk = s.device("juliet", "desk").await;
    unread(&mut desk).await;
    let read = format!(
        "<message to='romeo@localhost' type='chat'>{}{}</message>",
        marker("m1"),
        assist("juliet@localhost", &ids[0])
    );
    let told = |marked: &str| {
        format!(
            "<message><conversation xmlns='{OURS}' jid='romeo@localhost' unread='0' marked='{marked}' read='{}'/></message>",
            ids[0]
        )
    };
    juliet.send(&read).await;
    desk.recv(&told("0")).await;
    juliet
        .ask(
            &format!("<iq type='set' id='d'><conversation xmlns='{OURS}' jid='romeo@localhost' marked='1'/></iq>"),
            "<iq type='result' id='d'/>",
        )
        .await;
    desk.recv(&told("1")).await;
    juliet.send(&read).await;
    desk.recv(&told("0")).await;
});

chat_script!(a_forged_or_senseless_assist_reads_nothing, |s| {
    let mut romeo = s.online("romeo").await;
    let mut juliet = s.online("juliet").await;
    let ids = say(&mut romeo, &mut juliet, 2).await;
    for assist in [
        assist("romeo@localhost", &ids[1]),
        assist("juliet@localhost/phone", &ids[1]),
        assist("juliet@localhost", "x&apos; OR 1=1"),
        assist("juliet@localhost", "-1"),
        "<displayed xmlns='urn:xmpp:mds:displayed:0'/>".into(),
        "<displayed xmlns='urn:xmpp:mds:displayed:0'><stanza-id xmlns='urn:xmpp:sid:0'/></displayed>".into(),
    ] {
        juliet
            .send(&format!(
                "<message to='romeo@localhost' type='chat'>{}{assist}</message>",
                marker("unknown")
            ))
            .await;
        romeo
            .recv("<message><displayed xmlns='urn:xmpp:chat-markers:0' id='unknown'/><absent xmlns='magpie:test' name='displayed' ns='urn:xmpp:mds:displayed:0'/></message>")
            .await;
        assert_eq!(unread(&mut juliet).await, ("2".into(), None), "{assist}");
    }
    // Nobody reads in another's name.
    romeo
        .send(&format!(
            "<message to='juliet@localhost' type='chat'>{}{}</message>",
            marker("m2"),
            assist("juliet@localhost", &ids[1])
        ))
        .await;
    juliet
        .recv("<message><displayed xmlns='urn:xmpp:chat-markers:0' id='m2'/></message>")
        .await;
    assert_eq!(unread(&mut juliet).await, ("2".into(), None));
});

chat_script!(a_marker_alone_is_found_by_the_message_it_names, |s| {
    let mut romeo = s.online("romeo").await;
    let mut juliet = s.online("juliet").await;
    let ids = say(&mut romeo, &mut juliet, 3).await;
    for (id, expected) in [
        ("m9", ("3", None)),
        ("", ("3", None)),
        ("m2", ("1", Some(&ids[1]))),
        // It never goes back.
        ("m1", ("1", Some(&ids[1]))),
        ("m3", ("0", Some(&ids[2]))),
    ] {
        juliet
            .send(&format!(
                "<message to='romeo@localhost/phone'>{}</message>",
                marker(id)
            ))
            .await;
        romeo
            .recv(&format!("<message>{}</message>", marker(id)))
            .await;
        let (count, read) = expected;
        assert_eq!(
            unread(&mut juliet).await,
            (count.into(), read.cloned()),
            "{id}"
        );
    }
});

chat_script!(a_marker_moves_its_own_conversation_only, |s| {
    let mut romeo = s.online("romeo").await;
    let mut juliet = s.online("juliet").await;
    let mut nurse = s.online("nurse").await;
    say(&mut romeo, &mut juliet, 2).await;
    // The nurse uses the same ids, and gets the marker.
    say(&mut nurse, &mut juliet, 2).await;
    juliet
        .send(&format!(
            "<message to='nurse@localhost'>{}</message>",
            marker("m2")
        ))
        .await;
    nurse
        .recv(&format!("<message>{}</message>", marker("m2")))
        .await;
    juliet
        .send("<iq type='get' id='in'><inbox xmlns='urn:xmpp:inbox:1'/></iq>")
        .await;
    for (jid, unread) in [("nurse@localhost", "0"), ("romeo@localhost", "2")] {
        juliet
            .recv(&format!(
                "<message><entry xmlns='urn:xmpp:inbox:1' jid='{jid}' unread='{unread}'/></message>"
            ))
            .await;
    }
});

chat_script!(the_account_says_that_it_assists, |s| {
    let mut juliet = s.user("juliet").await;
    juliet
        .ask(
            "<iq type='get' to='juliet@localhost' id='q'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "<iq type='result' id='q'><query xmlns='http://jabber.org/protocol/disco#info'><feature var='urn:xmpp:mds:server-assist:0'/></query></iq>",
        )
        .await;
});
