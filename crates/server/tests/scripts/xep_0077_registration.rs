//! XEP-0077 In-Band Registration: before login and after it.

use magpie_core::invitations;
use magpie_features::RegistrationMode;
use magpie_testkit::{Settings, Stage, chat_script};
use magpie_xmpp::Jid;

fn register(id: &str, name: &str, password: &str) -> String {
    format!(
        "<iq type='set' id='{id}'><query xmlns='jabber:iq:register'><username>{name}</username><password>{password}</password></query></iq>"
    )
}

chat_script!(a_stranger_makes_an_account_and_logs_in, |s| {
    let (mut bill, features) = s.stranger().await;
    assert!(
        features
            .find("register", "http://jabber.org/features/iq-register")
            .is_some()
    );
    bill.ask(
        "<iq type='get' id='reg1'><query xmlns='jabber:iq:register'/></iq>",
        "<iq type='result' id='reg1'><query xmlns='jabber:iq:register'><instructions/><username/><password/></query></iq>",
    )
    .await;
    bill.ask(
        &register("reg2", "Bill", "Calliope 密码"),
        "<iq type='result' id='reg2'/>",
    )
    .await;
    bill.login("bill", "Calliope 密码").await;
    bill.bind("globe").await;
    assert_eq!(bill.jid, "bill@localhost/globe");
    bill.ask(
        "<iq type='get' id='who'><query xmlns='jabber:iq:register'/></iq>",
        "<iq type='result' id='who'><query xmlns='jabber:iq:register'><registered/><username>bill</username></query></iq>",
    )
    .await;
});

chat_script!(bad_names_and_passwords_have_their_errors, |s| {
    s.account("alice").await;
    for (name, password, kind, condition) in [
        ("alice", "x", "cancel", "conflict"),
        ("ALICE", "x", "cancel", "conflict"),
        ("admin", "x", "cancel", "conflict"),
        ("a b", "x", "modify", "not-acceptable"),
        ("a@b", "x", "modify", "not-acceptable"),
        ("", "x", "modify", "not-acceptable"),
        ("carol", "", "modify", "not-acceptable"),
    ] {
        let (mut c, _) = s.stranger().await;
        c.ask(
            &register("r", name, password),
            &format!("<iq type='error' id='r'><error type='{kind}'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"),
        )
        .await;
    }
});

chat_script!(a_new_password_ends_the_other_sessions, |s| {
    let mut alice = s.online("alice").await;
    let mut other = s.device("alice", "desk").await;
    alice
        .ask(
            &register("change1", "alice", "newpass"),
            "<iq type='result' id='change1'/>",
        )
        .await;
    other.ended_by("not-authorized").await;
    alice.settle().await;
    let (mut again, _) = s.stranger().await;
    again.login("alice", "newpass").await;
    alice
        .ask(&register("c2", "bob", "x"), "<iq type='error' id='c2'><error><bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>")
        .await;
});

chat_script!(
    an_account_that_is_removed_is_gone_and_its_name_stays_taken,
    |s| {
        let mut alice = s.online("alice").await;
        alice.ask("<iq type='set' id='unreg1'><query xmlns='jabber:iq:register'><remove/></query></iq>", "<iq type='result' id='unreg1'/>").await;
        let jid = Jid::new("alice@localhost").unwrap();
        let known = s.cx.store.account(&jid).await.unwrap();
        assert!(known.is_none_or(|a| a.banned.is_some()), "it has happened");
        alice.ended_by("not-authorized").await;
        let mut bob = s.online("bob").await;
        bob.send("<message to='alice@localhost' type='chat' id='m'><body>there?</body></message>")
            .await;
        bob.recv("<message type='error' id='m'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>").await;
        s.cx.drain().await;
        let (mut c, _) = s.stranger().await;
        c.ask(&register("r", "alice", "x"), "<iq type='error' id='r'><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>").await;
    }
);

fn with_mode(mode: RegistrationMode, script: impl AsyncFnOnce(&mut Stage)) {
    let mut settings = Settings::default();
    settings.features.registration.mode = mode;
    Stage::run_with(settings, script);
}

#[test]
fn closed_means_closed() {
    with_mode(RegistrationMode::Closed, async |s: &mut Stage| {
        let (mut c, features) = s.stranger().await;
        assert!(
            features
                .find("register", "http://jabber.org/features/iq-register")
                .is_none()
        );
        c.ask(&register("r", "carol", "x"), "<iq type='error' id='r'><error type='cancel'><not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>").await;
    });
}

#[test]
fn an_invitation_is_good_once() {
    with_mode(RegistrationMode::Invite, async |s: &mut Stage| {
        let token = invitations::for_account(&s.cx).await.unwrap().token;
        let form = |name: &str, token: &str| {
            format!(
                "<iq type='set' id='i'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>jabber:iq:register</value></field><field var='username'><value>{name}</value></field><field var='password'><value>pw</value></field><field var='token'><value>{token}</value></field></x></query></iq>"
            )
        };
        let forbidden = "<iq type='error' id='i'><error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>";
        let (mut c, _) = s.stranger().await;
        c.ask(&form("carol", "guessed"), forbidden).await;
        c.ask(&form("carol", &token), "<iq type='result' id='i'/>")
            .await;
        c.ask(&form("dave", &token), forbidden).await;
    });
}
