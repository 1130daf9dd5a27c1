//! Who is told what, when devices come, change and go (RFC 6121 §4).

use super::*;
use crate::fixture::{Stage, jid, with_all};
use magpie_core::session::Ending;

/// Makes two accounts that exist see each other.
async fn befriend(s: &Stage, one: &str, other: &str) {
    for (a, b) in [(one, other), (other, one)] {
        let session = s.bind(a, "maker").await;
        s.send(
            &session,
            &format!("<presence to='{b}@x' type='subscribed'/>"),
        )
        .await;
        s.send(
            &session,
            &format!("<presence to='{b}@x' type='subscribe'/>"),
        )
        .await;
        s.cx.remove_session(&session, magpie_xmpp::StreamError::reset());
        s.settle().await;
    }
}

/// Accounts of these names; all see the first.
async fn accounts(s: &Stage, names: &[&str]) {
    for name in names {
        s.account(name).await;
    }
    for name in &names[1..] {
        befriend(s, names[0], name).await;
    }
}

async fn end(s: &Stage, session: &Arc<Session>) {
    s.cx.end_session(session, Ending::Removed);
    s.settle().await;
}

#[tokio::test]
async fn a_device_that_comes_is_seen_and_sees() {
    with_all(async |s| {
        accounts(s, &["alice", "bob"]).await;
        s.account("stranger").await;
        let b = s.online("bob", "b").await;
        let stranger = s.online("stranger", "s").await;
        let one = s.online("alice", "1").await;
        s.got(&b).await;
        let two = s.bind("alice", "2").await;
        s.send(&two, "<presence id='i'><show>dnd</show><priority>5</priority></presence>").await;
        let whole = |to: &str| {
            format!("<presence id='i' from='alice@x/2' to='{to}'><show>dnd</show><priority>5</priority></presence>")
        };
        assert_eq!(s.got(&b).await, [whole("bob@x")]);
        assert_eq!(s.got(&one).await, [whole("alice@x")]);
        assert_eq!(
            s.got(&two).await,
            [
                "<presence from='alice@x/1' to='alice@x/2'/>".to_owned(),
                whole("alice@x"),
                "<presence from='bob@x/b' to='alice@x/2'/>".to_owned(),
            ]
        );
        assert!(s.got(&stranger).await.is_empty());
        // What it says later is told, and nobody is asked again.
        s.send(&two, "<presence><show>away</show></presence>").await;
        let away = |to: &str| format!("<presence from='alice@x/2' to='{to}'><show>away</show></presence>");
        assert_eq!(s.got(&b).await, [away("bob@x")]);
        assert_eq!(s.got(&two).await, [away("alice@x")]);
    })
    .await;
}

#[tokio::test]
async fn presence_goes_one_way_where_the_subscription_does() {
    with_all(async |s| {
        s.account("alice").await;
        s.account("bob").await;
        let b = s.online("bob", "b").await;
        s.send(&b, "<presence to='alice@x' type='subscribed'/>")
            .await;
        let a = s.online("alice", "a").await;
        s.send(&a, "<presence to='bob@x' type='subscribe'/>").await;
        s.got(&b).await;
        end(s, &a).await;
        let a = s.bind("alice", "again").await;
        s.send(&a, "<presence/>").await;
        assert_eq!(
            s.got(&a).await.last().unwrap(),
            "<presence from='bob@x/b' to='alice@x/again'/>"
        );
        assert!(s.got(&b).await.is_empty(), "bob does not see alice");
    })
    .await;
}

#[tokio::test]
async fn who_goes_is_told_to_all_who_saw_it_and_to_itself() {
    with_all(async |s| {
        accounts(s, &["alice", "bob"]).await;
        let (a, other) = (s.online("alice", "a").await, s.online("alice", "o").await);
        let b = s.online("bob", "b").await;
        for session in [&a, &other, &b] {
            s.got(session).await;
        }
        s.send(&a, "<presence type='unavailable'><status>再见</status></presence>").await;
        let gone = |to: &str| format!("<presence type='unavailable' from='alice@x/a' to='{to}'><status>再见</status></presence>");
        assert_eq!(s.got(&b).await, [gone("bob@x")]);
        assert_eq!(s.got(&other).await, [gone("alice@x")]);
        assert_eq!(s.got(&a).await, [gone("alice@x")]);
        // Nobody is told again, neither by the device nor by its end.
        s.send(&a, "<presence type='unavailable'/>").await;
        end(s, &a).await;
        assert!(s.got(&b).await.is_empty() && s.got(&other).await.is_empty());
        end(s, &other).await;
        assert_eq!(s.got(&b).await, ["<presence type='unavailable' from='alice@x/o' to='bob@x'/>"]);
    })
    .await;
}

#[tokio::test]
async fn what_is_decided_before_the_last_was_released_knows_of_it() {
    with_all(async |s| {
        accounts(s, &["alice", "bob"]).await;
        let b = s.online("bob", "b").await;
        let a = s.bind("alice", "a").await;
        // Whom the presence of each kind reaches, while nothing is released.
        for (kind, asks, tells) in [
            (None, true, true),
            (None, false, true),
            (Some("unavailable"), false, true),
            (Some("unavailable"), false, false),
            (None, true, true),
        ] {
            let mut p = Stanza::presence().with_from(a.jid.clone());
            p.type_ = kind.map(Into::into);
            let mut fx = Effects::new();
            Presence.presence_out(&s.cx, &a, &mut p, &mut fx);
            let about_bob = |e: &&Effect| match e {
                Effect::Probe { contact, .. } => Arc::ptr_eq(contact, &b.account),
                Effect::Deliver { stanza, .. } => stanza.to.as_ref() == Some(&b.account.jid),
                _ => false,
            };
            let probe = |e: &&Effect| matches!(e, Effect::Probe { .. });
            let (asked, told): (Vec<&Effect>, Vec<&Effect>) =
                fx.list().iter().filter(about_bob).partition(probe);
            assert_eq!(
                (!asked.is_empty(), !told.is_empty()),
                (asks, tells),
                "{kind:?}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn who_is_seen_decides_by_his_own_list() {
    with_all(async |s| {
        let (alice, _) = (s.account("alice").await, s.account("bob").await);
        let mut item = crate::contacts::blank(&jid("bob@x"));
        item.subscription = magpie_store::roster::Subscription::To;
        let mut fx = Effects::new();
        crate::contacts::save(&alice, item, &mut fx);
        s.cx.commit(fx).await.unwrap();
        let _b = s.online("bob", "b").await;
        let a = s.bind("alice", "a").await;
        s.send(&a, "<presence/>").await;
        assert!(!s.got(&a).await.concat().contains("bob@x/b"));
    })
    .await;
}

#[tokio::test]
async fn a_device_that_ended_does_not_come_back_by_what_it_said_last() {
    with_all(async |s| {
        accounts(s, &["alice", "bob"]).await;
        let b = s.online("bob", "b").await;
        let a = s.online("alice", "a").await;
        s.got(&b).await;
        end(s, &a).await;
        s.got(&b).await;
        s.send(&a, "<presence/>").await;
        s.send(&a, "<presence to='bob@x/b'/>").await;
        assert!(s.got(&b).await.is_empty());
        assert!(
            a.presence()
                .is_none_or(|_| a.account.session("a").is_none())
        );
        let later = s.bind("bob", "later").await;
        s.send(&later, "<presence/>").await;
        assert!(!s.got(&later).await.concat().contains("alice@x/a"));
    })
    .await;
}

#[tokio::test]
async fn priorities() {
    with_all(async |s| {
        s.account("alice").await;
        let a = s.online("alice", "a").await;
        for (inner, good) in [
            ("", Some(0)),
            ("<priority>0</priority>", Some(0)),
            ("<priority>127</priority>", Some(127)),
            ("<priority>-128</priority>", Some(-128)),
            ("<priority> +5\n</priority>", Some(5)),
            ("<x xmlns='y'><priority>x</priority></x>", Some(0)),
            ("<priority xmlns='y'>x</priority>", Some(0)),
            ("<priority>128</priority>", None),
            ("<priority>-129</priority>", None),
            ("<priority/>", None),
            ("<priority>1.0</priority>", None),
            ("<priority>high</priority>", None),
            ("<priority>1 2</priority>", None),
            ("<priority>1</priority><priority>2</priority>", None),
        ] {
            s.send(&a, "<presence><priority>1</priority></presence>")
                .await;
            let answer = s
                .ask(&a, &format!("<presence id='p'>{inner}</presence>"))
                .await;
            let refused = answer.contains("type='error'") && answer.contains("<bad-request ");
            assert_eq!(refused, good.is_none(), "{inner}: {answer}");
            assert_eq!(a.priority(), good.or(Some(1)), "{inner}");
        }
    })
    .await;
}

#[tokio::test]
async fn directed_presence_is_taken_back_from_whoever_had_it() {
    with_all(async |s| {
        accounts(s, &["alice", "friend"]).await;
        for name in ["bob", "carol"] {
            s.account(name).await;
        }
        let friend = s.online("friend", "f").await;
        let (b, b2, c) = (
            s.online("bob", "b").await,
            s.online("bob", "2").await,
            s.online("carol", "c").await,
        );
        let a = s.online("alice", "a").await;
        for to in [
            "bob@x/b",
            "carol@x",
            "carol@x",
            "friend@x",
            "nobody@x",
            "bob@x/nobody",
        ] {
            s.send(
                &a,
                &format!("<presence to='{to}'><status>hi</status></presence>"),
            )
            .await;
        }
        let hi = |to: &str| {
            format!("<presence from='alice@x/a' to='{to}'><status>hi</status></presence>")
        };
        s.got(&b2).await;
        assert_eq!(s.got(&b).await.last(), Some(&hi("bob@x/b")));
        assert_eq!(s.got(&c).await, [hi("carol@x"), hi("carol@x")]);
        assert!(s.got(&friend).await.contains(&hi("friend@x")));
        s.send(&a, "<presence to='carol@x' type='unavailable'/>")
            .await;
        assert_eq!(
            s.got(&c).await,
            ["<presence type='unavailable' from='alice@x/a' to='carol@x'/>"]
        );
        end(s, &a).await;
        assert_eq!(
            s.got(&b).await,
            ["<presence type='unavailable' from='alice@x/a' to='bob@x/b'/>"]
        );
        assert_eq!(
            s.got(&friend).await,
            ["<presence type='unavailable' from='alice@x/a' to='friend@x'/>"]
        );
        assert!(s.got(&c).await.is_empty() && s.got(&b2).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_device_that_broadcasts_nothing_may_still_direct_its_presence() {
    with_all(async |s| {
        accounts(s, &["alice", "friend"]).await;
        let friend = s.online("friend", "f").await;
        let a = s.bind("alice", "a").await;
        s.send(&a, "<presence to='friend@x'/>").await;
        assert_eq!(
            s.got(&friend).await,
            ["<presence from='alice@x/a' to='friend@x'/>"]
        );
        s.send(&a, "<presence type='unavailable'/>").await;
        assert_eq!(
            s.got(&friend).await,
            ["<presence type='unavailable' from='alice@x/a' to='friend@x'/>"]
        );
        // Who had it directed first and then broadcast learns its end once.
        s.send(&a, "<presence to='friend@x'/>").await;
        s.send(&a, "<presence/>").await;
        s.got(&friend).await;
        end(s, &a).await;
        assert_eq!(s.got(&friend).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn directed_presence_is_bounded() {
    with_all(async |s| {
        s.account("alice").await;
        let a = s.online("alice", "a").await;
        for n in 0..MOST_DIRECTED {
            let p = format!("<presence xmlns='jabber:client' to='room@x/{n}'/>");
            s.cx.route(&a, Stanza::parse(p.as_bytes()).unwrap())
                .await
                .unwrap();
        }
        let answer = s.ask(&a, "<presence to='one@x/too-many'/>").await;
        assert!(answer.contains("resource-constraint"), "{answer}");
        s.send(&a, "<presence to='room@x/0' type='unavailable'/>")
            .await;
        s.send(&a, "<presence to='one@x/more'/>").await;
        assert!(s.got(&a).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_probe_is_answered_to_those_who_may_see_and_alike_to_all_others() {
    with_all(async |s| {
        accounts(s, &["alice", "friend"]).await;
        s.account("stranger").await;
        s.account("away").await;
        befriend(s, "friend", "away").await;
        let a = s.online("alice", "a").await;
        let low = s.online("alice", "low").await;
        s.send(&low, "<presence><priority>-1</priority></presence>").await;
        let friend = s.online("friend", "f").await;
        let stranger = s.online("stranger", "s").await;
        for to in ["alice@x", "alice@x/a"] {
            s.send(&friend, &format!("<presence to='{to}' type='probe'/>")).await;
            assert_eq!(
                s.got(&friend).await,
                [
                    "<presence from='alice@x/a' to='friend@x/f'/>",
                    "<presence from='alice@x/low' to='friend@x/f'><priority>-1</priority></presence>"
                ]
            );
        }
        s.got(&a).await;
        s.send(&a, "<presence to='alice@x' type='probe'/>").await;
        assert_eq!(s.got(&a).await.len(), 2, "the own devices");
        s.send(&friend, "<presence to='away@x' type='probe'/>").await;
        assert!(s.got(&friend).await.is_empty(), "nobody is there");
        let mut answers = Vec::new();
        for name in ["alice", "away", "nobody"] {
            for resource in ["", "/a"] {
                s.send(&stranger, &format!("<presence to='{name}@x{resource}' type='probe' id='p'/>")).await;
                answers.push(s.got(&stranger).await.concat().replace(name, "N"));
            }
        }
        assert_eq!(answers[0], "<presence type='unsubscribed' id='p' from='N@x' to='stranger@x/s'/>");
        assert!(answers.iter().all(|x| *x == answers[0]), "{answers:?}");
        assert!(s.got(&a).await.is_empty(), "probes reach no device");
    })
    .await;
}

#[tokio::test]
async fn presence_to_nobody_vanishes_and_errors_reach_the_device_they_are_for() {
    with_all(async |s| {
        s.account("alice").await;
        s.account("bob").await;
        let (a, b) = (s.online("alice", "a").await, s.online("bob", "b").await);
        for kind in ["", " type='unavailable'"] {
            for to in ["nobody@x", "nobody@x/r", "bob@x/nobody"] {
                s.send(&a, &format!("<presence to='{to}'{kind}/>")).await;
            }
        }
        s.send(&a, "<presence type='error'/>").await;
        s.send(&a, "<presence type='error' to='bob@x'/>").await;
        assert!(s.got(&a).await.is_empty() && s.got(&b).await.is_empty());
        s.send(&a, "<presence type='error' to='bob@x/b' id='e'/>")
            .await;
        assert_eq!(
            s.got(&b).await,
            ["<presence type='error' id='e' from='alice@x/a' to='bob@x/b'/>"]
        );
        let answer = s.ask(&a, "<presence type='probe'/>").await;
        assert!(answer.contains("<bad-request "), "{answer}");
    })
    .await;
}

#[tokio::test]
async fn who_is_not_here_at_all_costs_nothing() {
    with_all(async |s| {
        accounts(s, &["alice", "bob"]).await;
        let bob = s.known("bob").await;
        s.cx.accounts.forget(&bob.jid);
        drop(bob);
        let a = s.online("alice", "a").await;
        s.send(&a, "<presence/>").await;
        assert!(s.cx.accounts.cached(&jid("bob@x")).is_none());
    })
    .await;
}
