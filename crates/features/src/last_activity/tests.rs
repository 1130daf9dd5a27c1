//! Who learns since when an account is gone, and what all others learn.

use super::*;
use crate::fixture::{Stage, jid, with_all};
use magpie_core::session::Ending;

const QUERY: &str = "<query xmlns='jabber:iq:last'/>";

async fn ask(s: &Stage, from: &Arc<Session>, to: &str) -> String {
    let to = if to.is_empty() {
        String::new()
    } else {
        format!(" to='{to}'")
    };
    s.ask(from, &format!("<iq type='get' id='l'{to}>{QUERY}</iq>"))
        .await
}

/// Lets `reader` see `account`.
async fn show(s: &Stage, account: &Arc<Session>, reader: &Arc<Session>) {
    for (from, to, verb) in [
        (reader, account, "subscribe"),
        (account, reader, "subscribed"),
    ] {
        let to = &to.account.jid;
        s.send(from, &format!("<presence to='{to}' type='{verb}'/>"))
            .await;
    }
    s.got(account).await;
    s.got(reader).await;
}

/// Seconds and status of an answer.
fn parse(answer: &str) -> (u64, String) {
    let iq = Stanza::parse(
        answer
            .replacen("<iq", "<iq xmlns='jabber:client'", 1)
            .as_bytes(),
    )
    .unwrap();
    let query = iq.element("query", ns::LAST).unwrap();
    (
        query.get("seconds").unwrap().parse().unwrap(),
        query.text_content(),
    )
}

#[tokio::test]
async fn the_server_says_how_long_it_runs_and_to_oneself_nobody_is_gone() {
    with_all(async |s| {
        s.account("alice").await;
        let a = s.online("alice", "a").await;
        for to in ["x", "", "alice@x"] {
            let (seconds, status) = parse(&ask(s, &a, to).await);
            assert!(seconds < 20 && status.is_empty());
        }
    })
    .await;
}

#[tokio::test]
async fn who_may_see_the_presence_learns_when_it_ended_and_with_which_words() {
    with_all(async |s| {
        s.account("alice").await;
        s.account("bob").await;
        let (a, b) = (s.online("alice", "a").await, s.online("bob", "b").await);
        show(s, &b, &a).await;
        assert_eq!(parse(&ask(s, &a, "bob@x").await), (0, String::new()));
        s.send(
            &b,
            "<presence type='unavailable'><status>回家</status></presence>",
        )
        .await;
        s.got(&a).await;
        s.cx.end_session(&b, Ending::Removed);
        s.settle().await;
        let row = s.cx.store.account(&jid("bob@x")).await.unwrap().unwrap();
        let id = row.id;
        assert!(
            row.last_seen_ms
                .is_some_and(|ms| (now_ms() - ms).abs() < 20_000)
        );
        assert_eq!(parse(&ask(s, &a, "bob@x").await).1, "回家");
        s.cx.store
            .account_set_last(id, now_ms() - 903_500, Some("Heading Home"))
            .await
            .unwrap();
        assert_eq!(
            parse(&ask(s, &a, "bob@x").await),
            (903, "Heading Home".into())
        );
        // A device that is cut off leaves no words.
        let b = s.online("bob", "again").await;
        s.got(&a).await;
        s.cx.end_session(&b, Ending::Removed);
        let (seconds, status) = parse(&ask(s, &a, "bob@x").await);
        assert!(seconds < 20 && status.is_empty());
    })
    .await;
}

#[tokio::test]
async fn everybody_else_learns_the_same_of_anybody() {
    with_all(async |s| {
        for name in ["alice", "stranger", "away", "watcher", "blocker"] {
            s.account(name).await;
        }
        let a = s.online("alice", "a").await;
        let (watcher, blocker) = (s.online("watcher", "r").await, s.online("blocker", "r").await);
        s.online("stranger", "r").await;
        // That they see alice does not let alice see them.
        show(s, &a, &watcher).await;
        let block = "<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'><item jid='alice@x'/></block></iq>";
        s.ask(&blocker, block).await;
        let mut answers = Vec::new();
        for name in ["nobody", "stranger", "away", "watcher", "blocker"] {
            for resource in ["", "/r", "/none"] {
                let answer = ask(s, &a, &format!("{name}@x{resource}")).await;
                answers.push(answer.replace(name, "N").replace(resource, ""));
            }
        }
        let expected = "<iq type='error' id='l' from='N@x' to='alice@xa'><error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>";
        assert_eq!(answers[1].replace("alice@x/a", "alice@xa"), expected);
        assert!(answers.iter().all(|x| *x == answers[0]), "{answers:#?}");
        assert!(s.got(&watcher).await.is_empty(), "no device was asked");
    })
    .await;
}

#[tokio::test]
async fn a_device_of_a_contact_answers_itself() {
    with_all(async |s| {
        s.account("alice").await;
        s.account("bob").await;
        let (a, b) = (s.online("alice", "a").await, s.online("bob", "b").await);
        show(s, &b, &a).await;
        s.send(
            &a,
            &format!("<iq type='get' id='l' to='bob@x/b'>{QUERY}</iq>"),
        )
        .await;
        assert_eq!(
            s.got(&b).await,
            [format!(
                "<iq type='get' id='l' from='alice@x/a' to='bob@x/b'>{QUERY}</iq>"
            )]
        );
    })
    .await;
}
