//! The tables of RFC 6121 Appendix A over the wire: new states, what is delivered, what is pushed.

use super::*;
use crate::contacts::state::tests::{RECEIVED, SENT};

fn after(name: &str, next: &str) -> State {
    state(if next.is_empty() { name } else { next })
}

fn pushes(got: &[String]) -> usize {
    got.iter()
        .filter(|x| x.contains("jabber:iq:roster"))
        .count()
}

/// Whether devices see a difference between two states.
fn differs(one: State, other: State) -> bool {
    let seen = |s: State| State { asked: false, ..s };
    seen(one) != seen(other)
}

#[tokio::test]
async fn every_verb_in_every_state_changes_both_lists_as_the_appendix_says() {
    with_all(async |s| {
        let (alice, bob) = (s.account("alice").await, s.account("bob").await);
        let (a, b) = (s.online("alice", "a").await, s.online("bob", "b").await);
        for ((verb, sent), (_, received)) in SENT.into_iter().zip(RECEIVED) {
            for (i, name) in STATES.into_iter().enumerate() {
                let before = state(name);
                put(s, &alice, "bob@x", before).await;
                put(s, &bob, "alice@x", mirrored(before)).await;
                s.got(&a).await;
                s.got(&b).await;
                s.send(
                    &a,
                    &format!("<presence to='bob@x' type='{}'/>", verb.as_str()),
                )
                .await;
                let case = format!("{name} {verb:?}");
                let (routed, next) = sent[i];
                let mut expected = after(name, next);
                expected.approved = verb == Verb::Subscribed && !routed && !before.from;
                assert_eq!(get(s, &alice, "bob@x").await, expected, "{case}");
                let (got_a, got_b) = (s.got(&a).await, s.got(&b).await);
                assert_eq!(
                    pushes(&got_a),
                    usize::from(differs(before, expected)),
                    "{case}"
                );
                // Bob's state has the mirrored name, so his row of the other table says what he gets.
                let row = STATES
                    .iter()
                    .position(|n| state(n) == mirrored(before))
                    .unwrap();
                let (delivered, next) = if routed { received[row] } else { (false, "") };
                let theirs = after(STATES[row], next);
                assert_eq!(get(s, &bob, "alice@x").await, theirs, "{case}: bob");
                assert_eq!(
                    has(&got_b, verb, "alice@x", "bob@x"),
                    delivered,
                    "{case}: {got_b:?}"
                );
                let changed = differs(mirrored(before), theirs);
                assert_eq!(pushes(&got_b), usize::from(changed), "{case}: {got_b:?}");
                assert_eq!(
                    mirrored(State {
                        approved: false,
                        ..expected
                    }),
                    theirs,
                    "{case}"
                );
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_arrives_counts_by_the_readers_own_list_alone() {
    with_all(async |s| {
        let (alice, bob) = (s.account("alice").await, s.account("bob").await);
        let b = s.online("bob", "b").await;
        for (verb, table) in RECEIVED {
            for (name, (delivered, next)) in STATES.into_iter().zip(table) {
                put(s, &bob, "alice@x", state(name)).await;
                s.got(&b).await;
                let mut fx = Effects::new();
                let p = contacts::stanza(verb, &alice.jid, &bob.jid);
                contacts::receive(&s.cx, &bob, verb, &p, &mut fx);
                s.cx.commit(fx).await.unwrap();
                let (got, expected) = (s.got(&b).await, after(name, next));
                let case = format!("{name} {verb:?}: {got:?}");
                assert_eq!(get(s, &bob, "alice@x").await, expected, "{case}");
                assert_eq!(has(&got, verb, "alice@x", "bob@x"), delivered, "{case}");
                assert_eq!(
                    pushes(&got),
                    usize::from(differs(state(name), expected)),
                    "{case}"
                );
                if let [.., presence, push] = &got[..] {
                    // RFC 6121 §3.1.6: the presence explains the push, so it comes first.
                    assert!(!presence.contains("<iq") && push.contains("<iq"), "{case}");
                }
            }
        }
    })
    .await;
}
