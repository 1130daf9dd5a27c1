//! XEP-0401, XEP-0445, XEP-0379 and the XEP-0050 that carries them: a link makes a contact, with a new account or without.

use magpie_core::invitations;
use magpie_features::RegistrationMode;
use magpie_testkit::{Client, Settings, Stage, chat_script};
use magpie_xmpp::Element;

const COMMANDS: &str = "http://jabber.org/protocol/commands";
const INVITE: &str = "urn:xmpp:invite#invite";
const ERRORS: &str = "urn:ietf:params:xml:ns:xmpp-stanzas";

fn execute(attrs: &str) -> String {
    format!("<iq type='set' id='c' to='localhost'><command xmlns='{COMMANDS}' {attrs}/></iq>")
}

/// Makes an invitation: its address and its token.
async fn invite(c: &mut Client) -> (String, String) {
    let answer = c
        .ask(
            &execute(&format!("node='{INVITE}' action='execute'")),
            &format!("<iq type='result' id='c'><command xmlns='{COMMANDS}' node='{INVITE}' status='completed' sessionid='*'/></iq>"),
        )
        .await;
    let form = answer
        .find("command", COMMANDS)
        .and_then(|c| c.find("x", "jabber:x:data"))
        .unwrap();
    let value = |var: &str| {
        let field = form.children().find(|f| f.get("var") == Some(var)).unwrap();
        field.find_text("value", "jabber:x:data").unwrap()
    };
    assert!(magpie_xmpp::datetime::parse(&value("expire")).is_some());
    let uri = value("uri");
    let token = uri.split("preauth=").nth(1).unwrap();
    let token = token.split(';').next().unwrap().to_owned();
    assert!(value("landing-url").ends_with(&format!("/invite/{token}")));
    (uri, token)
}

fn preauth(token: &str) -> String {
    format!(
        "<iq type='set' id='p' to='localhost'><preauth xmlns='urn:xmpp:pars:0' token='{token}'/></iq>"
    )
}

fn register(name: &str) -> String {
    format!(
        "<iq type='set' id='r'><query xmlns='jabber:iq:register'><username>{name}</username><password>secret</password></query></iq>"
    )
}

fn error(id: &str, condition: &str) -> String {
    format!("<iq type='error' id='{id}'><error><{condition} xmlns='{ERRORS}'/></error></iq>")
}

fn subscribe(to: &str, token: &str) -> String {
    format!(
        "<presence type='subscribe' to='{to}@localhost'><preauth xmlns='urn:xmpp:pars:0' token='{token}'/></presence>"
    )
}

/// The contacts: address and subscription.
async fn contacts(c: &mut Client) -> Vec<(String, String)> {
    c.send("<iq type='get' id='ro'><query xmlns='jabber:iq:roster'/></iq>")
        .await;
    let answer = c
        .settle()
        .await
        .into_iter()
        .find(|e| e.get("id") == Some("ro"))
        .unwrap();
    let query = answer.find("query", "jabber:iq:roster").unwrap();
    let item = |e: &Element| {
        let get = |name: &str| e.get(name).unwrap_or_default().to_owned();
        (get("jid"), get("subscription"))
    };
    query.children().map(item).collect()
}

fn both(jid: &str) -> Vec<(String, String)> {
    vec![(format!("{jid}@localhost"), "both".into())]
}

fn with_mode(mode: RegistrationMode, test: impl AsyncFnOnce(&mut Stage)) {
    let mut settings = Settings::default();
    settings.features.registration.mode = mode;
    Stage::run_with(settings, test);
}

chat_script!(who_comes_by_a_link_is_a_contact_at_once, |s| {
    let mut ann = s.online("ann").await;
    let (uri, token) = invite(&mut ann).await;
    assert_eq!(
        uri,
        format!("xmpp:ann@localhost?roster;preauth={token};ibr=y")
    );
    let (mut c, features) = s.stranger().await;
    assert!(features.find("register", "urn:xmpp:ibr-token:0").is_some());
    c.ask(&preauth(&token), "<iq type='result' id='p'/>").await;
    c.ask(&register("ben"), "<iq type='result' id='r'/>").await;
    assert_eq!(contacts(&mut ann).await, both("ben"));
    let (mut ben, _) = s.stranger().await;
    ben.login("ben", "secret").await;
    ben.bind("phone").await;
    assert_eq!(contacts(&mut ben).await, both("ann"));
    // They see each other.
    ben.send("<presence/>").await;
    ann.recv("<presence from='ben@localhost/phone'/>").await;
});

chat_script!(somebody_with_an_account_needs_no_answer, |s| {
    let mut ann = s.online("ann").await;
    let mut ben = s.online("ben").await;
    let mut eve = s.online("eve").await;
    let (_, token) = invite(&mut ann).await;
    ben.send(&subscribe("ann", &token)).await;
    ben.settle().await;
    assert_eq!(contacts(&mut ben).await, both("ann"));
    assert_eq!(contacts(&mut ann).await, both("ben"));
    // A guessed token, and one that somebody else made, make an ordinary request.
    let (_, of_ben) = invite(&mut ben).await;
    for token in ["guessed", of_ben.as_str()] {
        eve.send(&subscribe("ann", token)).await;
        ann.recv("<presence type='subscribe' from='eve@localhost'/>")
            .await;
        assert_eq!(contacts(&mut ann).await, both("ben"));
        eve.send("<presence type='unsubscribe' to='ann@localhost'/>")
            .await;
        eve.settle().await;
        ann.settle().await;
    }
});

chat_script!(commands_answer_as_the_specification_says, |s| {
    let mut ann = s.online("ann").await;
    ann.ask(
        &format!("<iq type='get' id='i' to='localhost'><query xmlns='http://jabber.org/protocol/disco#items' node='{COMMANDS}'/></iq>"),
        &format!("<iq type='result' id='i'><query xmlns='http://jabber.org/protocol/disco#items' node='{COMMANDS}'><item jid='localhost' node='{INVITE}'/></query></iq>"),
    )
    .await;
    ann.ask(&execute("node='nothing'"), &error("c", "item-not-found"))
        .await;
    ann.ask(
        &execute(&format!("node='{INVITE}' action='prev'")),
        &format!("<iq type='error' id='c'><error><bad-request xmlns='{ERRORS}'/><bad-action xmlns='{COMMANDS}'/></error></iq>"),
    )
    .await;
    ann.ask(
        &execute(&format!("node='{INVITE}' action='dance'")),
        &error("c", "bad-request"),
    )
    .await;
    ann.ask(
        &execute(&format!("node='{INVITE}' action='cancel' sessionid='s1'")),
        &format!("<iq type='result' id='c'><command xmlns='{COMMANDS}' status='canceled' sessionid='s1'/></iq>"),
    )
    .await;
});

chat_script!(nobody_makes_invitations_without_end, |s| {
    let mut ann = s.online("ann").await;
    for _ in 0..50 {
        invite(&mut ann).await;
    }
    ann.ask(
        &execute(&format!("node='{INVITE}'")),
        &error("c", "resource-constraint"),
    )
    .await;
});

#[test]
fn where_an_invitation_is_needed_a_dead_one_is_none() {
    with_mode(RegistrationMode::Invite, async |s: &mut Stage| {
        let token = invitations::for_account(&s.cx).await.unwrap().token;
        let (mut c, _) = s.stranger().await;
        c.ask(&register("ben"), &error("r", "forbidden")).await;
        for dead in ["guessed", ""] {
            let answer = c.ask(&preauth(dead), "<iq type='error' id='p'/>").await;
            let condition = if dead.is_empty() {
                "bad-request"
            } else {
                "item-not-found"
            };
            assert!(answer.to_xml().contains(condition), "{}", answer.to_xml());
        }
        c.ask(&preauth(&token), "<iq type='result' id='p'/>").await;
        // A name that is taken does not cost the invitation.
        s.account("taken").await;
        c.ask(&register("taken"), &error("r", "conflict")).await;
        c.ask(&register("ben"), "<iq type='result' id='r'/>").await;
        c.ask(&register("carl"), &error("r", "forbidden")).await;
        let (mut late, _) = s.stranger().await;
        late.ask(&preauth(&token), &error("p", "item-not-found"))
            .await;
    });
}

#[test]
fn of_many_who_come_at_once_for_one_use_one_gets_it() {
    with_mode(RegistrationMode::Invite, async |s: &mut Stage| {
        let token = invitations::for_account(&s.cx).await.unwrap().token;
        let mut tries = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (cx, token) = (s.cx.clone(), token.clone());
            tries.spawn(async move { invitations::take(&cx, &token, |_| true).await });
        }
        let taken = tries.join_all().await;
        let got = taken.into_iter().filter_map(Result::unwrap).count();
        assert_eq!(got, 1);
    });
}
