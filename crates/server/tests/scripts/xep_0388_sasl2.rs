//! XEP-0388 Extensible SASL Profile: login in one message, on a stream that goes on.

use base64::{Engine, engine::general_purpose::STANDARD};
use magpie_testkit::{Client, PASSWORD, Scram, Stage, chat_script};
use magpie_xmpp::Element;
use std::net::IpAddr;

const SASL: &str = "urn:ietf:params:xml:ns:xmpp-sasl";
const SASL2: &str = "urn:xmpp:sasl:2";
const BIND: &str = "urn:ietf:params:xml:ns:xmpp-bind";
/// `\0alice\0wrong`
const WRONG: &str = "AGFsaWNlAHdyb25n";

/// The mechanisms that SASL2 and SASL offer.
fn mechanisms(features: &Element) -> (Vec<String>, Vec<String>) {
    let of = |offer: &Element, ns: &str| {
        let all = offer.children().filter(|c| c.is("mechanism", ns));
        all.map(Element::text_content).collect()
    };
    (
        of(features.find("authentication", SASL2).unwrap(), SASL2),
        of(features.find("mechanisms", SASL).unwrap(), SASL),
    )
}

fn failed(answer: &Element, condition: &str) {
    let first = answer.children().next();
    assert!(
        answer.is("failure", SASL2) && first.is_some_and(|c| c.is(condition, SASL)),
        "{condition} expected, {} came",
        answer.to_xml()
    );
}

async fn start(c: &mut Client, scram: &Scram, mechanism: &str) -> Element {
    let challenge = c.authenticate(mechanism, &scram.first(), "").await;
    c.scram(scram, &challenge).await
}

chat_script!(a_login_needs_no_new_stream, |s| {
    s.account("alice").await;
    let (mut c, features) = s.stranger().await;
    let (new, old) = mechanisms(&features);
    assert_eq!(new, ["SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"]);
    assert_eq!(new, old);
    let scram = Scram::new("alice", PASSWORD, "n,,", b"");
    let agent = "<user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>AwesomeXMPP</software><device>Kiva&apos;s Phone</device></user-agent>";
    let challenge = c.authenticate("SCRAM-SHA-256", &scram.first(), agent).await;
    let success = c.scram(&scram, &challenge).await;
    assert_eq!(
        success
            .find_text("authorization-identifier", SASL2)
            .as_deref(),
        Some("alice@localhost")
    );
    let features = c.element().await;
    assert!(
        features.find("bind", BIND).is_some(),
        "{}",
        features.to_xml()
    );
    assert!(features.find("sm", "urn:xmpp:sm:3").is_some());
    assert!(features.find("authentication", SASL2).is_none());
    c.bind("phone").await;
    assert_eq!(c.jid, "alice@localhost/phone");
    c.silent().await;
});

chat_script!(a_challenge_comes_where_no_response_came_first, |s| {
    s.account("alice").await;
    let (mut c, _) = s.stranger().await;
    c.send("<authenticate xmlns='urn:xmpp:sasl:2' mechanism='SCRAM-SHA-256'/>")
        .await;
    let challenge = c.element().await;
    assert!(challenge.is("challenge", SASL2) && challenge.text_content().is_empty());
    let scram = Scram::new("alice", PASSWORD, "n,,", b"");
    c.send(&format!(
        "<response xmlns='urn:xmpp:sasl:2'>{}</response>",
        scram.first()
    ))
    .await;
    let challenge = c.element().await;
    let success = c.scram(&scram, &challenge).await;
    assert!(success.is("success", SASL2), "{}", success.to_xml());
});

chat_script!(after_a_failure_everything_is_as_before, |s| {
    s.account("alice").await;
    let (mut c, _) = s.stranger().await;
    failed(&c.authenticate("PLAIN", WRONG, "").await, "not-authorized");
    failed(
        &c.authenticate("BLURDYBLOOP", "", "").await,
        "invalid-mechanism",
    );
    failed(
        &c.authenticate("PLAIN", "!", "").await,
        "incorrect-encoding",
    );
    c.sasl2("alice", PASSWORD, "").await;
    c.element().await;
    c.bind("phone").await;
});

chat_script!(who_fails_too_often_is_put_out, |s| {
    s.account("alice").await;
    let (mut c, _) = s.stranger().await;
    for _ in 0..4 {
        failed(&c.authenticate("PLAIN", WRONG, "").await, "not-authorized");
    }
    c.send("<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'/>")
        .await;
    c.ended_by("policy-violation").await;
});

chat_script!(who_aborts_may_try_again, |s| {
    s.account("alice").await;
    let (mut c, _) = s.stranger().await;
    let scram = Scram::new("alice", PASSWORD, "n,,", b"");
    let challenge = c.authenticate("SCRAM-SHA-256", &scram.first(), "").await;
    assert!(challenge.is("challenge", SASL2));
    c.send("<abort xmlns='urn:xmpp:sasl:2'><text>never mind</text></abort>")
        .await;
    failed(&c.element().await, "aborted");
    let success = start(&mut c, &scram, "SCRAM-SHA-256").await;
    assert!(success.is("success", SASL2), "{}", success.to_xml());
});

chat_script!(nothing_else_is_said_during_a_login, |s| {
    s.account("alice").await;
    let scram = Scram::new("alice", PASSWORD, "n,,", b"");
    for other in [
        "<iq type='get' id='x'><query xmlns='jabber:iq:register'/></iq>",
        "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'/>",
        "<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
    ] {
        let (mut c, _) = s.stranger().await;
        c.authenticate("SCRAM-SHA-256", &scram.first(), "").await;
        c.send(other).await;
        c.ended_by("not-authorized").await;
    }
    let (mut c, _) = s.stranger().await;
    c.send("<next xmlns='urn:xmpp:sasl:2' task='TOTP-EXAMPLE'/>")
        .await;
    c.ended_by("not-authorized").await;
});

chat_script!(nobody_logs_in_twice, |s| {
    s.account("alice").await;
    let (mut c, _) = s.stranger().await;
    c.sasl2("alice", PASSWORD, "").await;
    c.element().await;
    c.send("<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'/>")
        .await;
    c.ended_by("unsupported-stanza-type").await;
});

chat_script!(nobody_acts_for_another, |s| {
    s.account("alice").await;
    s.account("bob").await;
    for (header, from, fate) in [
        ("n,a=bob@localhost,", "", "invalid-authzid"),
        ("n,a=alice@elsewhere,", "", "invalid-authzid"),
        ("n,a=Alice@LocalHost,", "", ""),
        ("n,a=alice@localhost,", "from='alice@localhost'", ""),
        (
            "n,a=alice@localhost,",
            "from='bob@localhost'",
            "invalid-authzid",
        ),
        ("n,,", "from='bob@localhost'", ""),
    ] {
        let mut c = s.nobody().await;
        c.send(&c.header().replace(" to=", &format!(" {from} to=")))
            .await;
        c.opened().await;
        let scram = Scram::new("alice", PASSWORD, header, b"");
        let answer = start(&mut c, &scram, "SCRAM-SHA-256").await;
        match fate {
            "" => assert!(answer.is("success", SASL2), "{header} {from}"),
            condition => failed(&answer, condition),
        }
    }
});

chat_script!(a_client_of_another_domain_is_turned_away, |s| {
    let mut c = s.nobody().await;
    c.send(&c.header().replace(" to=", " from='alice@elsewhere' to="))
        .await;
    c.event().await;
    c.ended_by("invalid-from").await;
});

fn unbase64(text: &str) -> String {
    String::from_utf8(STANDARD.decode(text).unwrap()).unwrap()
}

/// What a server says to the first message of SCRAM, without its nonce.
async fn asked(s: &mut Stage, name: &str) -> String {
    let (mut c, _) = s.stranger().await;
    let scram = Scram::new(name, PASSWORD, "n,,", b"");
    let challenge = c.authenticate("SCRAM-SHA-256", &scram.first(), "").await;
    let salt = unbase64(&challenge.text_content());
    let failure = c
        .scram(&Scram::new(name, "wrong", "n,,", b""), &challenge)
        .await;
    failed(&failure, "not-authorized");
    salt.split_once(',').unwrap().1.to_owned()
}

chat_script!(nobody_learns_which_accounts_there_are, |s| {
    s.account("alice").await;
    let (known, unknown) = (asked(s, "alice").await, asked(s, "mallory").await);
    assert_eq!(unknown, asked(s, "mallory").await, "the same each time");
    assert_ne!(unknown, asked(s, "trudy").await);
    let rounds = |first: &str| first.rsplit_once(',').unwrap().1.to_owned();
    assert_eq!(
        (known.len(), rounds(&known)),
        (unknown.len(), rounds(&unknown))
    );
});

chat_script!(a_login_is_bound_to_its_channel, |s| {
    s.account("alice").await;
    let mut c = s.secure().await;
    let features = c.open().await;
    let (new, old) = mechanisms(&features);
    assert_eq!(new, old);
    assert_eq!(new[..2], ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS"]);
    let types = features
        .find("sasl-channel-binding", "urn:xmpp:sasl-cb:0")
        .unwrap();
    assert_eq!(types.children().count(), 2);
    let bindings = c.bindings();
    for (mechanism, header, binding, fate) in [
        (
            "SCRAM-SHA-256-PLUS",
            "p=tls-exporter,,",
            &bindings.end_point,
            "not-authorized",
        ),
        // The client believes that the server cannot bind: somebody took that off the list.
        ("SCRAM-SHA-256", "y,,", &Vec::new(), "not-authorized"),
        (
            "SCRAM-SHA-256-PLUS",
            "n,,",
            &Vec::new(),
            "malformed-request",
        ),
        (
            "SCRAM-SHA-256-PLUS",
            "p=tls-exporter,,",
            &bindings.exporter,
            "",
        ),
    ] {
        let scram = Scram::new("alice", PASSWORD, header, binding);
        let mut answer = c.authenticate(mechanism, &scram.first(), "").await;
        if answer.is("challenge", SASL2) {
            answer = c.scram(&scram, &answer).await;
        }
        match fate {
            "" => assert!(answer.is("success", SASL2), "{}", answer.to_xml()),
            condition => failed(&answer, condition),
        }
    }
    let mut c = s.secure().await;
    c.open().await;
    let scram = Scram::new(
        "alice",
        PASSWORD,
        "p=tls-server-end-point,,",
        &c.bindings().end_point,
    );
    let success = start(&mut c, &scram, "SCRAM-SHA-256-PLUS").await;
    assert!(success.is("success", SASL2), "{}", success.to_xml());
});

chat_script!(a_password_goes_in_clear_to_nobody, |s| {
    s.account("alice").await;
    for (peer, secure, plain) in [([192, 0, 2, 1], false, false), ([192, 0, 2, 1], true, true)] {
        let mut c = s.web(IpAddr::from(peer), secure).await;
        let (new, old) = mechanisms(&c.open().await);
        assert_eq!(new, old);
        assert_eq!(new.contains(&"PLAIN".to_owned()), plain);
        if !plain {
            failed(
                &c.authenticate("PLAIN", "AGFsaWNlAHNlY3JldA==", "").await,
                "invalid-mechanism",
            );
        }
        let scram = Scram::new("alice", PASSWORD, "n,,", b"");
        let success = start(&mut c, &scram, "SCRAM-SHA-256").await;
        assert!(success.is("success", SASL2), "{}", success.to_xml());
    }
});

chat_script!(a_banned_account_is_told, |s| {
    s.account("alice").await;
    let jid = magpie_xmpp::Jid::new("alice@localhost").unwrap();
    magpie_core::auth::ban(&s.cx, &jid, Some("spam".into()))
        .await
        .unwrap();
    let (mut c, _) = s.stranger().await;
    let scram = Scram::new("alice", PASSWORD, "n,,", b"");
    failed(
        &start(&mut c, &scram, "SCRAM-SHA-256").await,
        "account-disabled",
    );
});
