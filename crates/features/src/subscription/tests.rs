//! What is around the states: requests that wait, approvals before the request, presence that follows, contacts that go.

mod table;

use super::*;
use crate::{
    contacts::state::tests::{STATES, state},
    fixture::{Stage, jid, with_all, with_config},
};
use magpie_core::Config;

/// Puts a contact into a roster in this state.
async fn put(s: &Stage, account: &Arc<Account>, contact: &str, state: State) {
    let mut item = contacts::blank(&jid(contact));
    item.name = Some(String::new());
    let request = contacts::stanza(Verb::Subscribe, &item.jid, &account.jid);
    item.pending_in = state.asked.then(|| request.to_xml());
    state.apply(&mut item);
    let mut fx = Effects::new();
    contacts::save(account, item, &mut fx);
    s.cx.commit(fx).await.unwrap();
}

/// The state of a contact, which must be the same in memory and in the store.
async fn get(s: &Stage, account: &Arc<Account>, contact: &str) -> State {
    let cached = contacts::item(account, &jid(contact));
    let (stored, version) = s.cx.store.roster_load(account.id).await.unwrap();
    let stored = stored.into_iter().find(|i| i.jid == jid(contact));
    assert_eq!(
        stored.unwrap_or_else(|| contacts::blank(&jid(contact))),
        cached
    );
    assert_eq!(account.roster(|r| r.version()), version);
    State::of(&cached)
}

/// The same relation as the other has it.
fn mirrored(state: State) -> State {
    State {
        to: state.from,
        from: state.to,
        asks: state.asked,
        asked: state.asks,
        approved: false,
    }
}

fn has(got: &[String], verb: Verb, from: &str, to: &str) -> bool {
    let presence = contacts::stanza(verb, &jid(from), &jid(to)).to_xml();
    let presence = presence.replacen(" xmlns='jabber:client'", "", 1);
    got.contains(&presence)
}

#[tokio::test]
async fn a_request_waits_as_it_was_and_comes_once_at_each_login_until_it_is_answered() {
    with_all(async |s| {
        s.account("alice").await;
        s.account("bob").await;
        let a = s.online("alice", "a").await;
        let request = "<presence to='bob@x/any' type='subscribe' id='q'><status>我是爱丽丝</status><nick xmlns='n'>al</nick></presence>";
        s.send(&a, request).await;
        s.send(&a, "<presence to='bob@x' type='subscribe' id='again'/>").await;
        let expected = "<presence type='subscribe' id='q' from='alice@x' to='bob@x'><status>我是爱丽丝</status><nick xmlns='n'>al</nick></presence>";
        for resource in ["1", "2"] {
            let b = s.bind("bob", resource).await;
            for presence in ["<presence/>", "<presence><show>away</show></presence>"] {
                s.send(&b, presence).await;
            }
            let got = s.got(&b).await;
            let requests: Vec<_> = got.iter().filter(|x| x.contains("subscribe")).collect();
            assert_eq!(requests, [expected], "{got:?}");
        }
        let b = s.bind("bob", "3").await;
        s.send(&b, "<presence to='alice@x' type='unsubscribed'/>").await;
        s.send(&b, "<presence/>").await;
        assert!(!s.got(&b).await.iter().any(|x| x.contains("subscribe")));
        assert_eq!(s.known("bob").await.roster(|r| r.len()), 0);
    })
    .await;
}

#[tokio::test]
async fn a_request_outlives_the_server() {
    with_all(async |s| {
        s.account("alice").await;
        let bob = s.account("bob").await;
        let a = s.online("alice", "a").await;
        s.send(&a, "<presence to='bob@x' type='subscribe'/>").await;
        s.cx.accounts.forget(&bob.jid);
        let b = s.bind("bob", "b").await;
        s.send(&b, "<presence/>").await;
        assert!(has(&s.got(&b).await, Verb::Subscribe, "alice@x", "bob@x"));
    })
    .await;
}

#[tokio::test]
async fn an_approval_before_the_request_answers_it_and_is_used_up() {
    with_all(async |s| {
        let alice = s.account("alice").await;
        let bob = s.account("bob").await;
        let b = s.online("bob", "b").await;
        s.send(&b, "<presence to='alice@x' type='subscribed'/>")
            .await;
        let push = &s.got(&b).await[0];
        assert!(
            push.contains("<item jid='alice@x' subscription='none' approved='true'/>"),
            "{push}"
        );
        let a = s.online("alice", "a").await;
        s.send(&a, "<presence to='bob@x' type='subscribe'/>").await;
        let (got_a, got_b) = (s.got(&a).await, s.got(&b).await);
        assert!(
            got_b[0].contains("<item jid='alice@x' subscription='from'/>"),
            "{got_b:?}"
        );
        assert_eq!(got_b.len(), 1, "{got_b:?}");
        assert!(got_a[0].contains("ask='subscribe'"), "{got_a:?}");
        assert!(
            has(&got_a, Verb::Subscribed, "bob@x", "alice@x"),
            "{got_a:?}"
        );
        assert!(got_a[2].contains("subscription='to'"), "{got_a:?}");
        assert_eq!(got_a[3], "<presence from='bob@x/b' to='alice@x'/>");
        assert_eq!(get(s, &bob, "alice@x").await, state("from"));
        assert_eq!(get(s, &alice, "bob@x").await, state("to"));
    })
    .await;
}

#[tokio::test]
async fn presence_follows_an_approval_and_goes_before_its_end() {
    with_all(async |s| {
        s.account("alice").await;
        s.account("bob").await;
        let (a, b) = (s.online("alice", "a").await, s.online("bob", "1").await);
        let two = s.online("bob", "2").await;
        s.send(&a, "<presence to='bob@x' type='subscribe'/>").await;
        s.got(&a).await;
        s.send(&b, "<presence to='alice@x' type='subscribed'/>")
            .await;
        let got = s.got(&a).await;
        assert!(got[0].contains("type='subscribed'") && got[1].contains("subscription='to'"));
        assert_eq!(
            got[2..],
            [
                "<presence from='bob@x/1' to='alice@x'/>",
                "<presence from='bob@x/2' to='alice@x'/>"
            ]
        );
        s.send(&two, "<presence to='alice@x' type='unsubscribed'/>")
            .await;
        let got = s.got(&a).await;
        assert_eq!(
            got[..2],
            [
                "<presence type='unavailable' from='bob@x/1' to='alice@x'/>",
                "<presence type='unavailable' from='bob@x/2' to='alice@x'/>"
            ]
        );
        assert!(got[2].contains("type='unsubscribed'") && got[3].contains("subscription='none'"));
    })
    .await;
}

#[tokio::test]
async fn who_unsubscribes_no_longer_sees_the_other() {
    with_all(async |s| {
        let (alice, bob) = (s.account("alice").await, s.account("bob").await);
        put(s, &alice, "bob@x", state("both")).await;
        put(s, &bob, "alice@x", state("both")).await;
        let a = s.online("alice", "a").await;
        let b = s.online("bob", "b").await;
        s.got(&a).await;
        s.send(&a, "<presence to='bob@x' type='unsubscribe'/>")
            .await;
        let got = s.got(&a).await;
        assert_eq!(
            got[1],
            "<presence type='unavailable' from='bob@x/b' to='alice@x'/>"
        );
        assert!(got[0].contains("subscription='from'"), "{got:?}");
        assert!(s.got(&b).await[1].contains("subscription='to'"));
    })
    .await;
}

#[tokio::test]
async fn what_is_no_request_is_refused() {
    with_all(async |s| {
        s.account("alice").await;
        let a = s.online("alice", "a").await;
        let long = "x".repeat(LONGEST_REQUEST);
        for (presence, condition) in [
            ("<presence type='subscribe'/>".to_owned(), "bad-request"),
            (
                "<presence type='subscribe' to='alice@x'/>".to_owned(),
                "not-allowed",
            ),
            (
                "<presence type='subscribed' to='alice@x/a'/>".to_owned(),
                "not-allowed",
            ),
            (
                format!("<presence type='subscribe' to='b@x'><s>{long}</s></presence>"),
                "policy-violation",
            ),
            (
                "<presence type='subscribe' to='bob@elsewhere'/>".to_owned(),
                "remote-server-not-found",
            ),
            (
                "<presence type='subscribe' to='@'/>".to_owned(),
                "jid-malformed",
            ),
            (
                "<presence type='befriend' to='bob@x'/>".to_owned(),
                "bad-request",
            ),
        ] {
            let answer = s.ask(&a, &presence).await;
            assert!(
                answer.contains("type='error'") && answer.contains(condition),
                "{answer}"
            );
        }
        assert_eq!(s.known("alice").await.roster(|r| r.len()), 0);
    })
    .await;
}

#[tokio::test]
async fn asking_nobody_looks_like_asking_somebody_who_is_away() {
    with_all(async |s| {
        s.account("alice").await;
        s.account("bob").await;
        let a = s.online("alice", "a").await;
        for verb in [
            "subscribe",
            "subscribed",
            "unsubscribe",
            "unsubscribed",
            "subscribed",
        ] {
            let mut seen = Vec::new();
            for name in ["bob", "nil"] {
                s.send(&a, &format!("<presence to='{name}@x' type='{verb}'/>"))
                    .await;
                let text = s.got(&a).await.concat().replace(name, "N");
                // The versions of the two pushes differ.
                seen.push(text.replace(|c: char| c.is_ascii_digit(), ""));
            }
            assert_eq!(seen[0], seen[1], "{verb}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_contact_that_is_removed_learns_what_ended() {
    with_all(async |s| {
        let (alice, bob) = (s.account("alice").await, s.account("bob").await);
        let (a, b) = (s.online("alice", "a").await, s.online("bob", "b").await);
        for name in STATES {
            let before = state(name);
            put(s, &alice, "bob@x", before).await;
            put(s, &bob, "alice@x", mirrored(before)).await;
            s.got(&a).await;
            s.got(&b).await;
            let remove = "<iq type='set' id='d'><query xmlns='jabber:iq:roster'><item jid='bob@x' subscription='remove'/></query></iq>";
            s.send(&a, remove).await;
            let (got_a, got_b) = (s.got(&a).await, s.got(&b).await);
            assert!(got_a[0].contains("<item jid='bob@x' subscription='remove'/>"), "{name} {got_a:?}");
            assert!(has(&got_b, Verb::Unsubscribe, "alice@x", "bob@x") == (before.to || before.asks), "{name}");
            assert!(has(&got_b, Verb::Unsubscribed, "alice@x", "bob@x") == (before.from || before.asked), "{name}");
            let unseen = |got: &[String]| got.iter().any(|x| x.contains("unavailable"));
            assert_eq!((unseen(&got_a), unseen(&got_b)), (before.to, before.from), "{name}");
            assert_eq!(get(s, &alice, "bob@x").await, State::default(), "{name}");
            assert_eq!(get(s, &bob, "alice@x").await, State::default(), "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_contacts_of_an_account_that_goes_learn_it_also_those_who_are_away() {
    with_all(async |s| {
        let (alice, bob) = (s.account("alice").await, s.account("bob").await);
        let away = s.account("carol").await;
        for contact in ["bob@x", "carol@x", "nobody@x", "zoe@elsewhere"] {
            put(s, &alice, contact, state("both")).await;
        }
        for contact in [&bob, &away] {
            put(s, contact, "alice@x", state("both")).await;
        }
        let (a, b) = (s.online("alice", "a").await, s.online("bob", "b").await);
        s.cx.accounts.forget(&away.jid);
        drop(away);
        let reason = magpie_xmpp::StreamError::not_authorized();
        magpie_core::auth::remove_account(&s.cx, &alice.jid, &reason)
            .await
            .unwrap();
        let got = s.got(&b).await;
        assert!(has(&got, Verb::Unsubscribe, "alice@x", "bob@x"), "{got:?}");
        assert!(has(&got, Verb::Unsubscribed, "alice@x", "bob@x"), "{got:?}");
        let gone = got.iter().filter(|x| x.contains("unavailable")).count();
        assert_eq!(gone, 1, "{got:?}");
        let away = s.known("carol").await;
        for account in [&bob, &away] {
            assert_eq!(get(s, account, "alice@x").await, State::default());
        }
        assert!(a.closing().is_some());
    })
    .await;
}

#[tokio::test]
async fn lists_are_bounded_and_strangers_cannot_fill_them() {
    let config = Config {
        roster_items: 2,
        ..Config::default()
    };
    with_config(config, crate::all(&crate::Config::default()), async |s| {
        let target = s.account("target").await;
        for name in ["a", "b", "c"] {
            s.account(name).await;
            let stranger = s.online(name, "1").await;
            s.send(&stranger, "<presence to='target@x' type='subscribe'/>")
                .await;
        }
        assert_eq!(target.roster(|r| r.len()), 2);
        let t = s.online("target", "1").await;
        for (to, refused) in [("a", false), ("d", false), ("e", true)] {
            s.send(&t, &format!("<presence to='{to}@x' type='subscribe'/>"))
                .await;
            let got = s.got(&t).await.concat();
            assert_eq!(got.contains("resource-constraint"), refused, "{to} {got}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_stream_offers_approvals_before_the_request() {
    with_all(async |s| {
        let mut features = Vec::new();
        Subscription.stream_features(&s.cx, false, &mut features);
        assert!(features.is_empty());
        Subscription.stream_features(&s.cx, true, &mut features);
        assert!(features[0].is("sub", "urn:xmpp:features:pre-approval"));
    })
    .await;
}
