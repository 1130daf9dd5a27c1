//! XEP-0484 FAST: a token in place of the password. XEP-0494 Client Access Management: devices listed and signed out.

use base64::{Engine, engine::general_purpose::STANDARD};
use magpie_core::auth;
use magpie_store::devices::Token;
use magpie_testkit::{Client, PASSWORD, Settings, Stage, chat_script};
use magpie_xmpp::{Element, Jid, datetime, sasl::hmac_sha256};

const SASL2: &str = "urn:xmpp:sasl:2";
const SASL: &str = "urn:ietf:params:xml:ns:xmpp-sasl";
const FAST: &str = "urn:xmpp:fast:0";
const CAM: &str = "urn:xmpp:cam:0";
const STANZAS: &str = "urn:ietf:params:xml:ns:xmpp-stanzas";
const NONE: &str = "HT-SHA-256-NONE";
const PHONE: &str = "d4565fa7-4d72-4749-b3d3-740edbf87770";
const DESK: &str = "7b0a3f1e-4f6a-4a54-8f57-0f6f7a3f2c11";

fn agent(id: &str) -> String {
    format!(
        "<user-agent id='{id}'><software>AwesomeXMPP</software><device>of {id}</device></user-agent>"
    )
}

fn inline(id: &str, more: &str) -> String {
    format!(
        "{}<bind xmlns='urn:xmpp:bind:0'><tag>AwesomeXMPP</tag></bind>{more}",
        agent(id)
    )
}

fn request() -> String {
    format!("<request-token xmlns='{FAST}' mechanism='{NONE}'/>")
}

fn token_in(success: &Element) -> Option<String> {
    let token = success.find("token", FAST)?;
    assert!(datetime::parse(token.get("expiry")?).is_some());
    Some(token.get("token")?.to_owned())
}

/// A device that logs in with the password and asks for a token.
async fn by_password(s: &mut Stage, name: &str, id: &str) -> (Client, String) {
    let (mut c, _) = s.stranger().await;
    let success = c.sasl2(name, PASSWORD, &inline(id, &request())).await;
    c.element().await;
    (c, token_in(&success).unwrap())
}

fn proof(name: &str, token: &str) -> String {
    let proof = hmac_sha256(token.as_bytes(), b"Initiator");
    STANDARD.encode([name.as_bytes(), &[0], &proof].concat())
}

/// What a login with a token is answered, on a connection of its own.
async fn by_token(
    s: &mut Stage,
    name: &str,
    id: &str,
    token: &str,
    attrs: &str,
) -> (Client, Element) {
    let (mut c, _) = s.stranger().await;
    let fast = format!("<fast xmlns='{FAST}' {attrs}/>");
    let answer = c
        .authenticate(NONE, &proof(name, token), &inline(id, &fast))
        .await;
    if answer.is("success", SASL2) {
        let expected = STANDARD.encode(hmac_sha256(token.as_bytes(), b"Responder"));
        let last = answer.find_text("additional-data", SASL2);
        assert_eq!(last, Some(expected), "the server's own proof");
        c.element().await;
    }
    (c, answer)
}

fn refused(answer: &Element) -> bool {
    answer.is("failure", SASL2) && answer.find("not-authorized", SASL).is_some()
}

async fn clients(c: &mut Client) -> Vec<Element> {
    c.send(&format!("<iq type='get' id='l'><list xmlns='{CAM}'/></iq>"))
        .await;
    let answer = c.recv("<iq type='result' id='l'/>").await;
    let clients = answer.find("clients", CAM).unwrap();
    clients.children().cloned().collect()
}

fn id_of(id: &str) -> String {
    id.replace('-', "")
}

async fn revoke(c: &mut Client, id: &str, expected: &str) {
    c.ask(
        &format!(
            "<iq type='set' id='r'><revoke xmlns='{CAM}' id='{}'/></iq>",
            id_of(id)
        ),
        expected,
    )
    .await;
}

const DONE: &str = "<iq type='result' id='r'/>";

chat_script!(a_token_logs_in_without_the_password, |s| {
    s.account("alice").await;
    let (_, features) = s.stranger().await;
    let offered = features
        .find("authentication", SASL2)
        .and_then(|a| a.find("inline", SASL2))
        .and_then(|i| i.find("fast", FAST))
        .unwrap();
    let names: Vec<_> = offered.children().map(Element::text_content).collect();
    assert_eq!(names, [NONE], "nothing to bind to on this connection");
    let (_, token) = by_password(s, "alice", PHONE).await;
    for count in 1..=3 {
        let (mut c, success) =
            by_token(s, "alice", PHONE, &token, &format!("count='{count}'")).await;
        assert!(
            success.find("bound", "urn:xmpp:bind:0").is_some(),
            "{}",
            success.to_xml()
        );
        assert_eq!(token_in(&success), None, "it is fresh");
        c.ask(
            "<iq type='get' id='p' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>",
            "<iq type='result' id='p'/>",
        )
        .await;
    }
    // A client whose answer was lost says the same count again.
    let (_, again) = by_token(s, "alice", PHONE, &token, "count='3'").await;
    assert!(again.is("success", SASL2), "{}", again.to_xml());
});

chat_script!(a_token_is_good_for_its_owner_client_and_mechanism, |s| {
    s.account("alice").await;
    s.account("bob").await;
    let (_, token) = by_password(s, "alice", PHONE).await;
    let (_, of_bob) = by_password(s, "bob", PHONE).await;
    for (name, id, token) in [
        ("alice", DESK, token.as_str()),
        ("alice", "", &token),
        ("bob", PHONE, &token),
        ("alice", PHONE, &of_bob),
        ("nobody", PHONE, &token),
        ("alice", PHONE, ""),
        ("alice", PHONE, "guessed"),
    ] {
        let (_, answer) = by_token(s, name, id, token, "count='1'").await;
        assert!(refused(&answer), "{name} {id}: {}", answer.to_xml());
    }
    for (mechanism, fast) in [
        ("HT-SHA-256-EXPR", "<fast xmlns='urn:xmpp:fast:0'/>"),
        ("PLAIN", "<fast xmlns='urn:xmpp:fast:0'/>"),
        (NONE, ""),
    ] {
        let (mut c, _) = s.stranger().await;
        let answer = c
            .authenticate(mechanism, &proof("alice", &token), &inline(PHONE, fast))
            .await;
        assert!(answer.to_xml().contains("invalid-mechanism"), "{mechanism}");
    }
    // No proof at all.
    for bad in ["", "YQ==", "="] {
        let (mut c, _) = s.stranger().await;
        let fast = format!("<fast xmlns='{FAST}'/>");
        let answer = c.authenticate(NONE, bad, &inline(PHONE, &fast)).await;
        assert!(answer.to_xml().contains("malformed-request"), "{bad}");
    }
    let (_, answer) = by_token(s, "alice", PHONE, &token, "count='1'").await;
    assert!(answer.is("success", SASL2), "and it is still good for her");
});

chat_script!(what_ends_a_token, |s| {
    s.account("alice").await;
    let alice = Jid::new("alice@localhost").unwrap();
    let (_, token) = by_password(s, "alice", PHONE).await;
    // Signing out with it.
    let (_, bye) = by_token(s, "alice", PHONE, &token, "invalidate='true'").await;
    assert!(bye.is("success", SASL2));
    assert_eq!(token_in(&bye), None);
    assert!(refused(&by_token(s, "alice", PHONE, &token, "").await.1));
    // A new password.
    let (_, token) = by_password(s, "alice", PHONE).await;
    auth::set_password(&s.cx, &alice, PASSWORD, None)
        .await
        .unwrap();
    assert!(refused(&by_token(s, "alice", PHONE, &token, "").await.1));
});

chat_script!(who_is_banned_is_told_so_by_token_and_in_a_session, |s| {
    s.account("alice").await;
    let alice = Jid::new("alice@localhost").unwrap();
    let (_, token) = by_password(s, "alice", PHONE).await;
    let mut desk = s.device("alice", "desk").await;
    let disabled = |e: &Element| e.find("account-disabled", SASL).is_some();
    auth::ban(&s.cx, &alice, Some("spam".into())).await.unwrap();
    assert!(disabled(&desk.ended_by("not-authorized").await));
    let (_, answer) = by_token(s, "alice", PHONE, &token, "").await;
    assert!(
        answer.is("failure", SASL2) && disabled(&answer),
        "{}",
        answer.to_xml()
    );
    // Who does not have the token learns nothing.
    assert!(refused(&by_token(s, "alice", PHONE, "guessed", "").await.1));
    // Let in again, she needs her password.
    auth::ban(&s.cx, &alice, None).await.unwrap();
    assert!(refused(&by_token(s, "alice", PHONE, &token, "").await.1));
    let (_, new) = by_password(s, "alice", PHONE).await;
    assert_ne!(new, token);
});

/// Changes the token that her phone uses.
async fn of_alices_phone(s: &Stage, change: impl FnOnce(&mut Token)) {
    let store = &s.cx.store;
    let alice = Jid::new("alice@localhost").unwrap();
    let owner = store.account(&alice).await.unwrap().unwrap().id;
    let device = store.device(owner, &id_of(PHONE)).await.unwrap();
    let mut device = device.unwrap();
    change(device.token.as_mut().unwrap());
    assert!(store.device_put(owner, &device).await.unwrap());
}

chat_script!(an_old_token_is_replaced_when_the_new_one_is_used, |s| {
    s.account("alice").await;
    let (_, old) = by_password(s, "alice", PHONE).await;
    let (_, used) = by_token(s, "alice", PHONE, &old, "count='1'").await;
    assert!(used.is("success", SASL2));
    // Two days pass.
    of_alices_phone(s, |t| t.expiry_ms -= 2 * 86_400_000).await;
    let (_, success) = by_token(s, "alice", PHONE, &old, "count='2'").await;
    let new = token_in(&success).unwrap();
    assert_ne!(new, old);
    // The answer may have been lost: the old one is good until the new one is used, which is given out again.
    let (_, success) = by_token(s, "alice", PHONE, &old, "count='3'").await;
    assert_eq!(token_in(&success).as_ref(), Some(&new));
    let (_, success) = by_token(s, "alice", PHONE, &new, "count='1'").await;
    assert!(success.is("success", SASL2));
    assert!(refused(
        &by_token(s, "alice", PHONE, &old, "count='4'").await.1
    ));
    // One whose time is over is none.
    of_alices_phone(s, |t| t.expiry_ms = 1).await;
    assert!(refused(
        &by_token(s, "alice", PHONE, &new, "count='2'").await.1
    ));
});

chat_script!(devices_are_listed_and_signed_out, |s| {
    s.account("alice").await;
    s.account("bob").await;
    let (mut phone, of_phone) = by_password(s, "alice", PHONE).await;
    let (mut desk, _) = by_password(s, "alice", DESK).await;
    let (mut bob, _) = by_password(s, "bob", PHONE).await;
    let list = clients(&mut desk).await;
    assert_eq!(list.len(), 2);
    let of = |id: &str| {
        list.iter()
            .find(|c| c.get("id") == Some(&*id_of(id)))
            .unwrap()
    };
    assert_eq!(of(DESK).get("current"), Some("true"));
    assert_eq!(of(PHONE).get("current"), None);
    assert_eq!(of(PHONE).get("connected"), Some("true"));
    let agent = of(PHONE).find("user-agent", CAM).unwrap();
    assert_eq!(
        agent.find_text("software", CAM).as_deref(),
        Some("AwesomeXMPP")
    );
    assert_eq!(agent.find_text("device", CAM), Some(format!("of {PHONE}")));
    assert!(
        of(PHONE)
            .find("auth", CAM)
            .unwrap()
            .find("fast", CAM)
            .is_some()
    );
    revoke(&mut desk, PHONE, DONE).await;
    phone.ended_by("not-authorized").await;
    assert!(refused(&by_token(s, "alice", PHONE, &of_phone, "").await.1));
    assert_eq!(clients(&mut desk).await.len(), 1);
    // Another account's device of the same id is its own.
    assert_eq!(clients(&mut bob).await.len(), 1);
    revoke(
        &mut desk,
        PHONE,
        &format!("<iq type='error' id='r'><error><item-not-found xmlns='{STANZAS}'/></error></iq>"),
    )
    .await;
    // Oneself: the answer comes first.
    revoke(&mut desk, DESK, DONE).await;
    desk.ended_by("not-authorized").await;
});

chat_script!(who_knows_the_password_is_kept_out_by_a_new_one_only, |s| {
    s.account("alice").await;
    let (mut desk, _) = by_password(s, "alice", DESK).await;
    let (mut phone, _) = s.stranger().await;
    phone.sasl2("alice", PASSWORD, &inline(PHONE, "")).await;
    phone.element().await;
    revoke(
        &mut desk,
        PHONE,
        &format!("<iq type='error' id='r'><error><service-unavailable xmlns='{STANZAS}'/><password-reset-required xmlns='{CAM}'/></error></iq>"),
    )
    .await;
    assert_eq!(clients(&mut phone).await.len(), 2, "it goes on");
});

#[test]
fn where_devices_are_not_remembered_there_are_no_tokens() {
    let mut settings = Settings::default();
    settings.server.device_days = 0;
    Stage::run_with(settings, async |s: &mut Stage| {
        s.account("alice").await;
        let (mut c, features) = s.stranger().await;
        assert!(!features.to_xml().contains(FAST));
        let success = c.sasl2("alice", PASSWORD, &inline(PHONE, &request())).await;
        assert_eq!(token_in(&success), None);
        c.element().await;
        assert_eq!(clients(&mut c).await.len(), 0);
        let (_, answer) = by_token(s, "alice", PHONE, "token", "").await;
        assert!(answer.to_xml().contains("invalid-mechanism"));
    });
}
