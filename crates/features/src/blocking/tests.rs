//! XEP-0191 by its examples and rules: the commands, both directions of every stanza, and what the blocked can learn.

use super::*;
use crate::{
    contacts::{self, state::tests::state},
    fixture::{Stage, jid, with_all, with_config},
};
use magpie_core::Config;

/// A command; `rules` are separated by spaces.
fn command(name: &str, rules: &str) -> String {
    let items: String = rules
        .split_whitespace()
        .map(|r| format!("<item jid='{r}'/>"))
        .collect();
    format!("<iq type='set' id='c'><{name} xmlns='urn:xmpp:blocking'>{items}</{name}></iq>")
}

const LIST: &str = "<iq type='get' id='l'><blocklist xmlns='urn:xmpp:blocking'/></iq>";

/// Makes two accounts see each other.
async fn befriend(s: &Stage, one: &str, other: &str) {
    for (a, b) in [(one, other), (other, one)] {
        let mut item = contacts::blank(&jid(&format!("{b}@x")));
        state("both").apply(&mut item);
        let mut fx = Effects::new();
        contacts::save(&s.known(a).await, item, &mut fx);
        s.cx.commit(fx).await.unwrap();
    }
}

#[tokio::test]
async fn the_commands_and_their_pushes() {
    with_all(async |s| {
        s.account("alice").await;
        let (a, other, quiet) = (
            s.bind("alice", "a").await,
            s.bind("alice", "o").await,
            s.bind("alice", "q").await,
        );
        let empty = s.ask(&a, LIST).await;
        assert!(
            empty.contains("<blocklist xmlns='urn:xmpp:blocking'/>"),
            "{empty}"
        );
        s.ask(&other, LIST).await;
        for (ask, pushed, list) in [
            (
                command("block", "b@x y"),
                "<block xmlns='urn:xmpp:blocking'><item jid='b@x'/><item jid='y'/></block>",
                "b@x y",
            ),
            (
                command("block", "b@x c@x/r b@x"),
                "<block xmlns='urn:xmpp:blocking'><item jid='b@x'/><item jid='c@x/r'/></block>",
                "b@x y c@x/r",
            ),
            (
                command("unblock", "y z"),
                "<unblock xmlns='urn:xmpp:blocking'><item jid='y'/><item jid='z'/></unblock>",
                "b@x c@x/r",
            ),
            (
                command("unblock", ""),
                "<unblock xmlns='urn:xmpp:blocking'/>",
                "",
            ),
        ] {
            s.send(&a, &ask).await;
            let (got, theirs) = (s.got(&a).await, s.got(&other).await);
            let push = |to: &str| format!("<iq type='set' id='block-list' to='{to}'>{pushed}</iq>");
            assert_eq!(
                got,
                [
                    push("alice@x/a"),
                    "<iq type='result' id='c' from='alice@x' to='alice@x/a'/>".into()
                ]
            );
            assert_eq!(theirs, [push("alice@x/o")]);
            let kept: Vec<String> = a
                .account
                .block_list()
                .iter()
                .map(ToString::to_string)
                .collect();
            assert_eq!(kept.join(" "), list);
            let mut kept = kept;
            let stored = s.cx.store.blocks_load(a.account.id).await.unwrap();
            kept.sort();
            assert_eq!(
                stored.iter().map(ToString::to_string).collect::<Vec<_>>(),
                kept
            );
        }
        assert!(
            s.got(&quiet).await.is_empty(),
            "it did not ask for the list"
        );
    })
    .await;
}

#[tokio::test]
async fn wrong_commands_change_nothing() {
    let config = Config {
        blocked_addresses: 2,
        ..Config::default()
    };
    with_config(config, crate::all(&crate::Config::default()), async |s| {
        s.account("alice").await;
        let a = s.online("alice", "a").await;
        for (ask, condition) in [
            (command("block", ""), "bad-request"),
            (command("block", "x@ b@x"), "jid-malformed"),
            (command("block", "alice@x"), "not-allowed"),
            (command("block", "alice@x/a"), "not-allowed"),
            (command("block", "b@x c@x d@x"), "resource-constraint"),
            (
                command("block", "b@x").replace("jid=", "id="),
                "bad-request",
            ),
            (
                command("block", "b@x").replace("<iq", "<iq to='bob@x'"),
                "service-unavailable",
            ),
            (
                LIST.replace("<iq", "<iq to='nobody@x'"),
                "service-unavailable",
            ),
        ] {
            let answer = s.ask(&a, &ask).await;
            assert!(
                answer.contains(&format!("<{condition} ")),
                "{ask}: {answer}"
            );
        }
        assert!(a.account.block_list().is_empty());
    })
    .await;
}

#[tokio::test]
async fn nothing_goes_to_the_blocked() {
    with_all(async |s| {
        s.account("alice").await;
        s.account("bob").await;
        let (a, b) = (s.online("alice", "a").await, s.online("bob", "b").await);
        s.ask(&a, &command("block", "bob@x elsewhere")).await;
        for (stanza, answered) in [
            ("<message type='chat' to='bob@x' id='1'><body>x</body></message>", true),
            ("<message to='bob@x/b' id='1'><body>x</body></message>", true),
            ("<message type='headline' to='bob@x' id='1'><body>x</body></message>", true),
            ("<message type='error' to='bob@x/b' id='1'/>", false),
            ("<presence to='bob@x' id='1'/>", true),
            ("<presence to='bob@x' type='subscribe' id='1'/>", true),
            ("<presence to='bob@x' type='subscribed' id='1'/>", true),
            ("<iq type='get' to='bob@x/b' id='1'><query xmlns='q'/></iq>", true),
            ("<iq type='get' to='bob@x' id='1'><query xmlns='jabber:iq:version'/></iq>", true),
            ("<iq type='set' to='bob@x' id='1'><query xmlns='q'/></iq>", true),
            ("<iq type='result' to='bob@x/b' id='1'/>", false),
            ("<message to='who@elsewhere' id='1'><body>x</body></message>", true),
        ] {
            s.send(&a, stanza).await;
            let got = s.got(&a).await;
            let error = "<error type='cancel'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><blocked xmlns='urn:xmpp:blocking:errors'/></error>";
            assert_eq!(got.len(), usize::from(answered), "{stanza}: {got:?}");
            assert!(got.iter().all(|g| g.contains(error) && g.contains("id='1'")), "{stanza}: {got:?}");
        }
        assert!(s.got(&b).await.is_empty());
        assert_eq!(a.account.roster(|r| r.len()), 0);
        // To the server, and to itself, nothing is blocked.
        s.ask(&a, &command("block", "x")).await;
        for ask in [
            "<iq type='get' to='x' id='p'><ping xmlns='urn:xmpp:ping'/></iq>",
            "<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>",
        ] {
            assert!(s.ask(&a, ask).await.contains("type='result'"));
        }
        let note = s.ask(&a, "<message type='chat' to='alice@x' id='n'><body>note</body></message>").await;
        assert!(note.contains("note"), "{note}");
    })
    .await;
}

#[tokio::test]
async fn to_the_blocked_the_account_looks_as_if_it_did_not_exist() {
    with_all(async |s| {
        for name in ["alice", "bob"] {
            s.account(name).await;
        }
        let (a, b) = (s.online("alice", "a").await, s.online("bob", "b").await);
        s.ask(&a, &command("block", "bob@x")).await;
        for stanza in [
            "<message type='chat' to='alice@x'><body>x</body></message>",
            "<message to='alice@x/a' id='1'><body>x</body></message>",
            "<message type='chat' to='alice@x' id='1'><body>x</body><origin-id xmlns='urn:xmpp:sid:0' id='o'/></message>",
            "<message type='groupchat' to='alice@x' id='1'><body>x</body></message>",
            "<message type='headline' to='alice@x' id='1'><body>x</body></message>",
            "<message type='headline' to='alice@x/a' id='1'><body>x</body></message>",
            "<message type='error' to='alice@x/a' id='1'/>",
            "<presence to='alice@x'/>",
            "<presence to='alice@x/a' type='unavailable'/>",
            "<presence to='alice@x' type='subscribe'/>",
            "<iq type='get' to='alice@x/a' id='1'><query xmlns='q'/></iq>",
            "<iq type='set' to='alice@x' id='1'><query xmlns='q'/></iq>",
            "<iq type='get' to='alice@x' id='1'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "<iq type='get' to='alice@x' id='1'><vCard xmlns='vcard-temp'/></iq>",
            "<iq type='get' to='alice@x/a' id='1'><vCard xmlns='vcard-temp'/></iq>",
            "<iq type='get' to='alice@x' id='1'><query xmlns='jabber:iq:last'/></iq>",
            "<iq type='get' to='alice@x/a' id='1'><ping xmlns='urn:xmpp:ping'/></iq>",
            "<iq type='result' to='alice@x/a' id='1'/>",
        ] {
            let mut seen = Vec::new();
            for name in ["alice", "nobody"] {
                s.send(&b, &stanza.replace("alice", name)).await;
                let got = s.got(&b).await.concat().replace(name, "N");
                // The roster push of the request has a version.
                seen.push(got.replace(|c: char| c.is_ascii_digit(), ""));
            }
            assert_eq!(seen[0], seen[1], "{stanza}");
        }
        // A probe must not be answered at all (XEP-0191 §3.3).
        s.send(&b, "<presence to='alice@x' type='probe'/>").await;
        assert!(s.got(&b).await.is_empty());
        assert!(s.got(&a).await.is_empty());
        assert_eq!(s.cx.store.offline_count(a.account.id).await.unwrap(), 0);
        assert_eq!(s.cx.store.archive_metadata(a.account.id).await.unwrap(), None);
        s.ask(&a, &command("unblock", "bob@x")).await;
        s.send(&b, "<message type='chat' to='alice@x'><body>again</body></message>").await;
        assert!(s.got(&a).await.concat().contains("again"));
    })
    .await;
}

#[tokio::test]
async fn contacts_see_the_blocker_go_and_come_back() {
    with_all(async |s| {
        for name in ["alice", "bob", "carol"] {
            s.account(name).await;
        }
        for name in ["bob", "carol"] {
            befriend(s, "alice", name).await;
        }
        let (b, c) = (s.online("bob", "b").await, s.online("carol", "c").await);
        let (a, two) = (s.online("alice", "1").await, s.online("alice", "2").await);
        for session in [&a, &two, &b, &c] {
            s.got(session).await;
        }
        s.ask(&a, &command("block", "bob@x bob@x/b")).await;
        let gone = |n: u8| format!("<presence type='unavailable' from='alice@x/{n}' to='bob@x'/>");
        assert_eq!(s.got(&b).await, [gone(1), gone(2)]);
        // From now on bob neither sees nor is seen, not even by a login.
        s.send(&two, "<presence><show>away</show></presence>").await;
        s.send(&b, "<presence><show>dnd</show></presence>").await;
        let again = s.bind("bob", "again").await;
        s.send(&again, "<presence/>").await;
        let brief = s.online("alice", "3").await;
        s.cx.end_session(&brief, magpie_core::session::Ending::Removed);
        let seen = [s.got(&b).await, s.got(&again).await].concat();
        assert!(seen.iter().all(|p| p.contains("from='bob@x")), "{seen:?}");
        assert!(!s.got(&a).await.concat().contains("bob@x"));
        s.got(&two).await;
        s.got(&c).await;
        s.send(&a, &command("unblock", "bob@x")).await;
        assert!(
            s.got(&b).await.is_empty(),
            "the rule for this device stands"
        );
        let come = |n: u8, inner: &str| {
            format!("<presence from='alice@x/{n}' to='bob@x'>{inner}</presence>")
        };
        let seen = s.got(&again).await;
        assert_eq!(
            seen,
            [
                come(1, "").replace("></presence>", "/>"),
                come(2, "<show>away</show>")
            ]
        );
        let got = s.got(&a).await;
        assert!(
            got.iter().any(|p| p.contains("from='bob@x/again'")),
            "{got:?}"
        );
        assert!(!got.concat().contains("bob@x/b'"), "{got:?}");
        s.send(&a, &command("unblock", "")).await;
        assert_eq!(s.got(&b).await.len(), 2);
        assert!(s.got(&c).await.is_empty(), "carol was never concerned");
    })
    .await;
}

#[tokio::test]
async fn a_rule_for_one_device_or_a_domain_covers_that() {
    with_all(async |s| {
        for name in ["alice", "bob"] {
            s.account(name).await;
        }
        befriend(s, "alice", "bob").await;
        let (one, two) = (s.online("bob", "1").await, s.online("bob", "2").await);
        let a = s.online("alice", "a").await;
        s.got(&one).await;
        s.got(&two).await;
        s.ask(&a, &command("block", "bob@x/1")).await;
        assert_eq!(
            s.got(&one).await,
            ["<presence type='unavailable' from='alice@x/a' to='bob@x/1'/>"]
        );
        s.send(&a, "<presence><show>away</show></presence>").await;
        assert!(s.got(&one).await.is_empty());
        assert_eq!(s.got(&two).await.len(), 1);
        s.ask(&a, &command("unblock", "bob@x/1")).await;
        assert_eq!(
            s.got(&one).await,
            ["<presence from='alice@x/a' to='bob@x/1'><show>away</show></presence>"]
        );
        s.ask(&a, &command("block", "x")).await;
        for session in [&one, &two] {
            assert_eq!(
                s.got(session).await,
                ["<presence type='unavailable' from='alice@x/a' to='bob@x'/>"]
            );
        }
    })
    .await;
}

#[tokio::test]
async fn directed_presence_is_taken_back_from_the_blocked() {
    with_all(async |s| {
        s.account("alice").await;
        s.account("bob").await;
        let (a, b) = (s.online("alice", "a").await, s.online("bob", "b").await);
        s.send(&a, "<presence to='bob@x/b'/>").await;
        s.got(&b).await;
        s.ask(&a, &command("block", "bob@x")).await;
        let gone = "<presence type='unavailable' from='alice@x/a' to='bob@x/b'/>";
        assert_eq!(s.got(&b).await, [gone]);
        s.cx.end_session(&a, magpie_core::session::Ending::Removed);
        assert!(s.got(&b).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_a_blocked_contact_takes_back_counts_unheard() {
    with_all(async |s| {
        let (alice, bob) = (s.account("alice").await, s.account("bob").await);
        befriend(s, "alice", "bob").await;
        let (a, b) = (s.online("alice", "a").await, s.online("bob", "b").await);
        s.ask(&a, &command("block", "bob@x")).await;
        for verb in ["unsubscribe", "unsubscribed"] {
            s.send(&b, &format!("<presence to='alice@x' type='{verb}'/>"))
                .await;
        }
        let got = s.got(&a).await;
        assert!(
            got.iter().all(|x| x.contains("jabber:iq:roster")),
            "{got:?}"
        );
        let none = magpie_store::roster::Subscription::None;
        for (account, contact) in [(&alice, "bob@x"), (&bob, "alice@x")] {
            assert_eq!(contacts::item(account, &jid(contact)).subscription, none);
        }
        s.send(&b, "<presence to='alice@x' type='subscribe'/>")
            .await;
        s.ask(&a, &command("unblock", "")).await;
        let later = s.bind("alice", "later").await;
        s.send(&later, "<presence/>").await;
        assert!(
            !s.got(&later).await.concat().contains("subscribe"),
            "a blocked request leaves nothing"
        );
    })
    .await;
}

#[tokio::test]
async fn a_request_from_before_is_not_shown_while_its_sender_is_blocked() {
    with_all(async |s| {
        s.account("alice").await;
        s.account("bob").await;
        let b = s.online("bob", "b").await;
        s.send(&b, "<presence to='alice@x' type='subscribe'/>")
            .await;
        let a = s.online("alice", "a").await;
        for (name, shown) in [("block", false), ("unblock", true)] {
            s.ask(&a, &command(name, "bob@x")).await;
            let next = s.bind("alice", name).await;
            s.send(&next, "<presence/>").await;
            assert_eq!(
                s.got(&next).await.concat().contains("type='subscribe'"),
                shown,
                "{name}"
            );
        }
    })
    .await;
}
