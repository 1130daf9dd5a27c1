//! XEP-0386 Bind 2: a session with all it wants within the login; with XEP-0198's inline resumption, carbons and XEP-0352.

use magpie_core::auth;
use magpie_testkit::{Client, PASSWORD, Scram, Settings, Stage, chat_script};
use magpie_xmpp::{Element, Jid, scan::Event};

const SASL2: &str = "urn:xmpp:sasl:2";
const BIND2: &str = "urn:xmpp:bind:0";
const SM: &str = "urn:xmpp:sm:3";
const MAM: &str = "urn:xmpp:mam:2";
const STANZAS: &str = "urn:ietf:params:xml:ns:xmpp-stanzas";
/// The ids of two clients.
const PHONE: &str = "d4565fa7-4d72-4749-b3d3-740edbf87770";
const DESK: &str = "7b0a3f1e-4f6a-4a54-8f57-0f6f7a3f2c11";

fn agent(id: &str) -> String {
    format!("<user-agent id='{id}'><software>AwesomeXMPP</software></user-agent>")
}

fn bind(tag: &str, wishes: &str) -> String {
    format!("<bind xmlns='{BIND2}'><tag>{tag}</tag>{wishes}</bind>")
}

const CARBONS: &str = "<enable xmlns='urn:xmpp:carbons:2'/>";
const MANAGED: &str = "<enable xmlns='urn:xmpp:sm:3' resume='true'/>";
const INACTIVE: &str = "<inactive xmlns='urn:xmpp:csi:0'/>";

/// A client of alice or bob that logged in with `inline`, its success, and the features behind it.
async fn log_in(s: &mut Stage, name: &str, inline: &str) -> (Client, Element, Element) {
    let (mut c, _) = s.stranger().await;
    let success = c.sasl2(name, PASSWORD, inline).await;
    let features = c.element().await;
    assert!(features.is("features", "http://etherx.jabber.org/streams"));
    (c, success, features)
}

/// A client of `name` whose session is bound with these wishes.
async fn bound(s: &mut Stage, name: &str, id: &str, wishes: &str) -> (Client, Element) {
    let inline = agent(id) + &bind("AwesomeXMPP", wishes);
    let (c, success, _) = log_in(s, name, &inline).await;
    let bound = success.find("bound", BIND2).cloned();
    (
        c,
        bound.unwrap_or_else(|| panic!("not bound: {}", success.to_xml())),
    )
}

fn sm_id(bound: &Element) -> String {
    let enabled = bound.find("enabled", SM).unwrap();
    assert_eq!(enabled.get("resume"), Some("true"));
    enabled.get("id").unwrap().to_owned()
}

fn resume(id: &str, h: u32) -> String {
    format!("<resume xmlns='{SM}' h='{h}' previd='{id}'/>")
}

/// The bodies of the messages that come until one says "last".
async fn bodies(c: &mut Client) -> Vec<String> {
    let mut bodies = Vec::new();
    loop {
        if let Event::Stanza(stanza) = c.event().await.unwrap()
            && let Some(body) = stanza.text("body")
        {
            if body == "last" {
                return bodies;
            }
            bodies.push(body);
        }
    }
}

async fn say(from: &mut Client, to: &str, body: &str) {
    from.send(&format!(
        "<message to='{to}' type='chat'><body>{body}</body></message>"
    ))
    .await;
    from.settle().await;
}

chat_script!(a_login_binds_a_resource, |s| {
    s.account("alice").await;
    let (_, features) = s.stranger().await;
    let inline = features
        .find("authentication", SASL2)
        .unwrap()
        .find("inline", SASL2)
        .unwrap();
    assert!(inline.find("sm", SM).is_some());
    let offered = inline
        .find("bind", BIND2)
        .unwrap()
        .find("inline", BIND2)
        .unwrap();
    let vars: Vec<_> = offered.children().filter_map(|f| f.get("var")).collect();
    assert_eq!(vars, ["urn:xmpp:carbons:2", "urn:xmpp:csi:0", SM]);
    let (mut c, success, features) = log_in(s, "alice", &bind("AwesomeXMPP", "")).await;
    let (bare, resource) = c.jid.split_once('/').unwrap();
    assert_eq!(bare, "alice@localhost");
    assert_eq!(
        resource.split_once('~').map(|(tag, id)| (tag, id.len())),
        Some(("AwesomeXMPP", 12))
    );
    let bound = success.find("bound", BIND2).unwrap();
    assert!(
        bound
            .find("metadata", MAM)
            .unwrap()
            .children()
            .next()
            .is_none()
    );
    // A client that finds these binds again.
    assert!(
        features
            .find("bind", "urn:ietf:params:xml:ns:xmpp-bind")
            .is_none()
    );
    assert!(features.find("sm", SM).is_some(), "it is not on");
    assert!(features.find("csi", "urn:xmpp:csi:0").is_some());
    c.silent().await;
});

chat_script!(
    a_resource_is_the_clients_own_and_does_not_show_its_id,
    |s| {
        s.account("alice").await;
        s.account("bob").await;
        let (mut first, _) = bound(s, "alice", PHONE, "").await;
        let (again, _) = bound(s, "alice", PHONE, "").await;
        first.ended_by("conflict").await;
        assert_eq!(first.jid, again.jid);
        let (desk, _) = bound(s, "alice", DESK, "").await;
        let (bob, _) = bound(s, "bob", PHONE, "").await;
        let resource = |c: &Client| c.jid.split_once('/').unwrap().1.to_owned();
        assert_ne!(resource(&desk), resource(&again));
        assert_ne!(resource(&bob), resource(&again));
        for part in PHONE.split('-') {
            assert!(!again.jid.contains(part));
        }
        let (one, _, _) = log_in(s, "alice", &bind("x", "")).await;
        let (two, _, _) = log_in(s, "alice", &bind("x", "")).await;
        assert_ne!(one.jid, two.jid, "without an id");
    }
);

chat_script!(a_client_has_one_session, |s| {
    s.account("alice").await;
    let (mut first, _) = bound(s, "alice", PHONE, MANAGED).await;
    let inline = agent(PHONE) + &bind("Another name", "");
    let (mut second, _, _) = log_in(s, "alice", &inline).await;
    first.ended_by("conflict").await;
    assert_ne!(first.jid, second.jid);
    second.silent().await;
    let jid = Jid::new("alice@localhost").unwrap();
    assert_eq!(s.cx.accounts.cached(&jid).unwrap().sessions().len(), 1);
});

chat_script!(a_tag_that_cannot_be_a_resource_is_left_out, |s| {
    s.account("alice").await;
    for tag in ["", " ", "a&#x202E;\u{7}b", &"x".repeat(1023)] {
        let inline = agent(PHONE) + &bind(&tag.replace('\u{7}', "&#x85;"), "");
        let (c, _, _) = log_in(s, "alice", &inline).await;
        assert_eq!(c.jid.split_once('/').unwrap().1.len(), 12, "{tag:?}");
    }
    let (c, _, _) = log_in(
        s,
        "alice",
        &format!("{}<bind xmlns='{BIND2}'/>", agent(PHONE)),
    )
    .await;
    assert!(!c.jid.contains('~'));
    let (c, _, _) = log_in(s, "alice", &(agent(PHONE) + &bind("鹊桥 🐦", ""))).await;
    assert!(c.jid.starts_with("alice@localhost/鹊桥 🐦~"), "{}", c.jid);
});

chat_script!(carbons_come_from_the_first_moment, |s| {
    let (mut alice, _bob) = s.friends("alice", "bob").await;
    let (mut with, _) = bound(s, "alice", PHONE, CARBONS).await;
    let (mut without, _) = bound(s, "alice", DESK, "").await;
    say(&mut alice, "bob@localhost", "hi").await;
    with.recv("<message><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client'><body>hi</body></message></forwarded></sent></message>").await;
    without.silent().await;
});

chat_script!(a_client_begins_as_inactive_as_it_says, |s| {
    let mut bob = s.online("bob").await;
    s.account("alice").await;
    for (wishes, waits) in [
        (INACTIVE, true),
        ("<active xmlns='urn:xmpp:csi:0'/>", false),
    ] {
        let inline = agent(PHONE) + &bind("x", &(wishes.to_owned() + MANAGED));
        let (mut phone, _, _) = log_in(s, "alice", &inline).await;
        let typing = "<composing xmlns='http://jabber.org/protocol/chatstates'/>";
        bob.send(&format!(
            "<message to='{}' type='chat'>{typing}</message>",
            phone.jid
        ))
        .await;
        bob.settle().await;
        // It is in the mailbox, so it comes before the answer or waits for something that matters.
        phone.send("<r xmlns='urn:xmpp:sm:3'/>").await;
        let mut came = 0;
        loop {
            match phone.event().await.unwrap() {
                Event::Element(e) if e.is("a", SM) => break,
                Event::Stanza(_) => came += 1,
                _ => {}
            }
        }
        assert_eq!(came, usize::from(!waits));
    }
});

chat_script!(
    the_archive_is_told_of_and_what_waits_in_it_is_not_sent_again,
    |s| {
        s.account("alice").await;
        let mut bob = s.user("bob").await;
        for body in ["one", "two", "three"] {
            say(&mut bob, "alice@localhost", body).await;
        }
        let (mut c, told) = bound(s, "alice", PHONE, CARBONS).await;
        let metadata = told.find("metadata", MAM).unwrap();
        let end = |name| {
            metadata
                .find(name, MAM)
                .unwrap()
                .get("id")
                .unwrap()
                .to_owned()
        };
        c.send("<iq type='set' id='q'><query xmlns='urn:xmpp:mam:2'/></iq>")
            .await;
        let mut ids = Vec::new();
        loop {
            let stanza = c.stanza().await;
            match stanza.find("result", MAM) {
                Some(result) => ids.push(result.get("id").unwrap().to_owned()),
                None => break,
            }
        }
        assert_eq!(
            (ids.len(), &ids[0], &ids[2]),
            (3, &end("start"), &end("end"))
        );
        assert_eq!(c.online().await.len(), 1, "its own presence");
    }
);

chat_script!(what_is_not_in_the_archive_still_waits, |s| {
    let mut alice = s.user("alice").await;
    alice
        .ask(
            "<iq type='set' id='p'><prefs xmlns='urn:xmpp:mam:2' default='never'><always/><never/></prefs></iq>",
            "<iq type='result' id='p'/>",
        )
        .await;
    alice.send("</stream:stream>").await;
    alice.closed().await;
    let mut bob = s.user("bob").await;
    say(&mut bob, "alice@localhost", "only here").await;
    let (mut c, told) = bound(s, "alice", PHONE, "").await;
    assert!(
        told.find("metadata", MAM)
            .unwrap()
            .children()
            .next()
            .is_none()
    );
    let came = c.online().await;
    assert!(
        came.iter()
            .any(|m| m.find_text("body", "jabber:client").as_deref() == Some("only here"))
    );
});

chat_script!(a_session_is_managed_from_the_first_moment, |s| {
    let mut bob = s.online("bob").await;
    s.account("alice").await;
    let (mut c, told) = bound(s, "alice", PHONE, MANAGED).await;
    let id = sm_id(&told);
    c.send("<r xmlns='urn:xmpp:sm:3'/>").await;
    assert_eq!(c.element().await.get("h"), Some("0"));
    let jid = c.jid.clone();
    say(&mut bob, &jid, "1").await;
    assert_eq!(c.raw_stanza().await.text("body").as_deref(), Some("1"));
    c.cut();
    say(&mut bob, &jid, "2").await;
    let (mut c, _) = s.stranger().await;
    let inline = agent(PHONE) + &resume(&id, 1) + &bind("AwesomeXMPP", MANAGED);
    let success = c.sasl2("alice", PASSWORD, &inline).await;
    let resumed = success.find("resumed", SM).unwrap();
    assert_eq!(
        (resumed.get("h"), resumed.get("previd")),
        (Some("0"), Some(&*id))
    );
    assert!(
        success.find("bound", BIND2).is_none(),
        "{}",
        success.to_xml()
    );
    assert_eq!(c.jid, jid);
    // No features: the stream is what it was.
    say(&mut bob, &jid, "last").await;
    assert_eq!(bodies(&mut c).await, ["2"]);
});

chat_script!(what_cannot_be_resumed_is_bound, |s| {
    s.account("alice").await;
    s.account("bob").await;
    let (mallory, told) = bound(s, "bob", PHONE, MANAGED).await;
    let others = sm_id(&told);
    for (resume, condition) in [
        (resume("guessed", 0), "item-not-found"),
        (resume(&others, 0), "item-not-found"),
        (
            "<resume xmlns='urn:xmpp:sm:3' previd='x'/>".to_owned(),
            "bad-request",
        ),
    ] {
        let inline = agent(PHONE) + &resume + &bind("AwesomeXMPP", MANAGED);
        let (mut c, success, features) = log_in(s, "alice", &inline).await;
        let failed = success.find("failed", SM).unwrap();
        assert!(
            failed.find(condition, STANZAS).is_some(),
            "{}",
            success.to_xml()
        );
        sm_id(success.find("bound", BIND2).unwrap());
        assert!(features.find("sm", SM).is_none());
        c.silent().await;
        // Without a request to bind there is the ordinary one.
        let (mut c, success, _) = log_in(s, "alice", &resume).await;
        assert!(success.find("failed", SM).is_some());
        c.bind("phone").await;
    }
    drop(mallory);
});

chat_script!(after_a_new_password_nothing_is_resumed, |s| {
    s.account("alice").await;
    let (first, told) = bound(s, "alice", DESK, MANAGED).await;
    first.cut();
    let jid = Jid::new("alice@localhost").unwrap();
    auth::set_password(&s.cx, &jid, "another", None)
        .await
        .unwrap();
    let (mut c, _) = s.stranger().await;
    let inline = agent(DESK) + &resume(&sm_id(&told), 0) + &bind("x", "");
    let success = c.sasl2("alice", "another", &inline).await;
    assert!(success.find("failed", SM).is_some() && success.find("bound", BIND2).is_some());
});

chat_script!(who_does_not_prove_himself_changes_nothing, |s| {
    s.account("alice").await;
    let (mut first, told) = bound(s, "alice", PHONE, MANAGED).await;
    let (mut c, _) = s.stranger().await;
    let inline = agent(PHONE) + &resume(&sm_id(&told), 0) + &bind("AwesomeXMPP", CARBONS);
    let answer = c.authenticate("PLAIN", "AGFsaWNlAHdyb25n", &inline).await;
    assert!(answer.is("failure", SASL2));
    first.silent().await;
    let jid = Jid::new("alice@localhost").unwrap();
    assert_eq!(s.cx.accounts.cached(&jid).unwrap().sessions().len(), 1);
});

#[test]
fn an_account_that_is_full_takes_no_more() {
    let mut settings = Settings::default();
    settings.server.sessions_per_account = 1;
    Stage::run_with(settings, async |s: &mut Stage| {
        s.account("alice").await;
        let (mut first, _) = bound(s, "alice", PHONE, "").await;
        let (mut c, _) = s.stranger().await;
        let inline = agent(DESK) + &bind("AwesomeXMPP", "");
        let answer = c
            .authenticate("PLAIN", "AGFsaWNlAHNlY3JldA==", &inline)
            .await;
        assert!(
            answer
                .find("temporary-auth-failure", "urn:ietf:params:xml:ns:xmpp-sasl")
                .is_some(),
            "{}",
            answer.to_xml()
        );
        first.silent().await;
        let (mut again, _) = bound(s, "alice", PHONE, "").await;
        again.silent().await;
    });
}

chat_script!(a_client_that_comes_back_over_a_websocket_asks_once, |s| {
    let mut bob = s.online("bob").await;
    s.account("alice").await;
    // Header and login ahead of any answer; with SCRAM the proof has to wait for the salt.
    let mut web = s.web([192, 0, 2, 1].into(), false).await;
    web.send(web.header()).await;
    let scram = Scram::new("alice", PASSWORD, "n,,", b"");
    let inline = agent(PHONE) + &bind("web", &[CARBONS, MANAGED].concat());
    web.send(&format!(
        "<authenticate xmlns='{SASL2}' mechanism='SCRAM-SHA-256'><initial-response>{}</initial-response>{inline}</authenticate>",
        scram.first()
    ))
    .await;
    web.opened().await;
    let challenge = web.element().await;
    let success = web.scram(&scram, &challenge).await;
    let jid = success
        .find_text("authorization-identifier", SASL2)
        .unwrap();
    sm_id(success.find("bound", BIND2).unwrap());
    web.element().await;
    say(&mut bob, &jid, "hi").await;
    assert_eq!(web.raw_stanza().await.text("body").as_deref(), Some("hi"));
});
