//! The tables of RFC 6121 Appendix A, row by row, against the rules.

use super::*;

/// The names of the states in Appendix A.1.
pub(crate) fn state(name: &str) -> State {
    let (base, pending) = name.split_once('+').unwrap_or((name, ""));
    State {
        to: matches!(base, "to" | "both"),
        from: matches!(base, "from" | "both"),
        asks: pending.contains("out"),
        asked: pending.contains("in"),
        approved: false,
    }
}

/// The column of states, as each table of the appendix has it.
pub(crate) const STATES: [&str; 9] = [
    "none",
    "none+out",
    "none+in",
    "none+out+in",
    "to",
    "to+in",
    "from",
    "from+out",
    "both",
];

/// Per state: whether it is routed or delivered, and the new state ("" for no change).
pub(crate) type Table = [(bool, &'static str); 9];

/// Appendix A.2.1 to A.2.4. Where "subscribed" is not routed, §3.4 makes it a pre-approval (tested below).
pub(crate) const SENT: [(Verb, Table); 4] = [
    (
        Verb::Subscribe,
        [
            (true, "none+out"),
            (true, ""),
            (true, "none+out+in"),
            (true, ""),
            (true, ""),
            (true, ""),
            (true, "from+out"),
            (true, ""),
            (true, ""),
        ],
    ),
    (
        Verb::Unsubscribe,
        [
            (true, ""),
            (true, "none"),
            (true, ""),
            (true, "none+in"),
            (true, "none"),
            (true, "none+in"),
            (true, ""),
            (true, "from"),
            (true, "from"),
        ],
    ),
    (
        Verb::Subscribed,
        [
            (false, ""),
            (false, ""),
            (true, "from"),
            (true, "from+out"),
            (false, ""),
            (true, "both"),
            (false, ""),
            (false, ""),
            (false, ""),
        ],
    ),
    (
        Verb::Unsubscribed,
        [
            (false, ""),
            (false, ""),
            (true, "none"),
            (true, "none+out"),
            (false, ""),
            (true, "to"),
            (true, "none"),
            (true, "none+out"),
            (true, "to"),
        ],
    ),
];

/// Appendix A.3.1 to A.3.4.
pub(crate) const RECEIVED: [(Verb, Table); 4] = [
    (
        Verb::Subscribe,
        [
            (true, "none+in"),
            (true, "none+out+in"),
            (false, ""),
            (false, ""),
            (true, "to+in"),
            (false, ""),
            (false, ""),
            (false, ""),
            (false, ""),
        ],
    ),
    (
        Verb::Unsubscribe,
        [
            (false, ""),
            (false, ""),
            (true, "none"),
            (true, "none+out"),
            (false, ""),
            (true, "to"),
            (true, "none"),
            (true, "none+out"),
            (true, "to"),
        ],
    ),
    (
        Verb::Subscribed,
        [
            (false, ""),
            (true, "to"),
            (false, ""),
            (true, "to+in"),
            (false, ""),
            (false, ""),
            (false, ""),
            (true, "both"),
            (false, ""),
        ],
    ),
    (
        Verb::Unsubscribed,
        [
            (false, ""),
            (true, "none"),
            (false, ""),
            (true, "none+in"),
            (true, "none"),
            (true, "none+in"),
            (false, ""),
            (true, "from"),
            (true, "from"),
        ],
    ),
];

#[test]
fn what_is_sent_is_routed_and_changes_the_state_as_in_appendix_a_2() {
    for (verb, table) in SENT {
        for (name, (routed, next)) in STATES.into_iter().zip(table) {
            let (mut new, told) = state(name).send(verb);
            new.approved = false;
            let expected = state(if next.is_empty() { name } else { next });
            assert_eq!((new, told), (expected, routed), "{name} {verb:?}");
        }
    }
}

#[test]
fn what_arrives_is_delivered_and_changes_the_state_as_in_appendix_a_3() {
    for (verb, table) in RECEIVED {
        for (name, (delivered, next)) in STATES.into_iter().zip(table) {
            let (new, received) = state(name).receive(verb);
            let expected = state(if next.is_empty() { name } else { next });
            assert_eq!(
                (new, received.deliver),
                (expected, delivered),
                "{name} {verb:?}"
            );
            let may_see_already = verb == Verb::Subscribe && state(name).from;
            assert_eq!(received.approve, may_see_already, "{name} {verb:?}");
        }
    }
}

#[test]
fn an_approval_before_the_request_is_kept_and_used_once() {
    for (name, next) in [("none", "from"), ("none+out", "from+out"), ("to", "both")] {
        let (approved, told) = state(name).send(Verb::Subscribed);
        assert!(approved.approved && !told, "{name}");
        assert_eq!(
            State {
                approved: false,
                ..approved
            },
            state(name),
            "{name}"
        );
        let (after, received) = approved.receive(Verb::Subscribe);
        assert_eq!(after, state(next), "{name}");
        assert!(received.approve && !received.deliver, "{name}");
        let (cancelled, told) = approved.send(Verb::Unsubscribed);
        assert_eq!((cancelled, told), (state(name), false), "{name}");
    }
}

#[test]
fn who_was_asked_or_is_seen_needs_no_approval_before_the_request() {
    for name in [
        "none+in",
        "none+out+in",
        "to+in",
        "from",
        "from+out",
        "both",
    ] {
        assert!(!state(name).send(Verb::Subscribed).0.approved, "{name}");
    }
}

#[test]
fn what_two_servers_say_to_each_other_leaves_them_in_agreement() {
    // Whatever either of two accounts sends in whatever order, what one thinks of the other is what the other thinks of it.
    let verbs = [
        Verb::Subscribe,
        Verb::Subscribed,
        Verb::Unsubscribe,
        Verb::Unsubscribed,
    ];
    let mut seen = vec![(State::default(), State::default())];
    let mut next = 0;
    while let Some(&(one, other)) = seen.get(next) {
        next += 1;
        assert_eq!((one.to, one.from), (other.from, other.to));
        assert_eq!((one.asks, one.asked), (other.asked, other.asks));
        for verb in verbs {
            let (mut sender, told) = one.send(verb);
            let mut reader = other;
            if told {
                let (new, received) = reader.receive(verb);
                reader = new;
                if received.approve {
                    sender = sender.receive(Verb::Subscribed).0;
                }
            }
            for pair in [(sender, reader), (reader, sender)] {
                if !seen.contains(&pair) {
                    seen.push(pair);
                }
            }
        }
    }
    assert!(seen.len() > 9, "{}", seen.len());
}

#[test]
fn a_state_and_its_item_say_the_same() {
    for name in STATES {
        let mut item = super::super::blank(&magpie_xmpp::Jid::new("a@x").unwrap());
        item.pending_in = Some("<presence/>".into());
        state(name).apply(&mut item);
        assert_eq!(State::of(&item), state(name), "{name}");
    }
}
