//! The contact list as RFC 6121 §2 has it: what is set, who learns it, every error, and what changed since a version.

use super::*;
use crate::fixture::{Stage, jid, with_all, with_config};
use magpie_core::Config;

fn query(kind: &str, inner: &str) -> String {
    format!("<iq type='{kind}' id='q'><query xmlns='jabber:iq:roster'>{inner}</query></iq>")
}

async fn known(s: &Stage, session: &Arc<Session>, version: &str) -> Vec<String> {
    let ask =
        format!("<iq type='get' id='q'><query xmlns='jabber:iq:roster' ver='{version}'/></iq>");
    s.send(session, &ask).await;
    s.got(session).await
}

#[tokio::test]
async fn what_is_set_is_pushed_to_those_who_asked_and_comes_back() {
    with_all(async |s| {
        s.account("alice").await;
        let (a, other) = (s.online("alice", "a").await, s.online("alice", "b").await);
        let never_asked = s.bind("alice", "c").await;
        s.send(&never_asked, "<presence/>").await;
        let all = [&a, &other, &never_asked];
        for session in all {
            s.got(session).await;
        }
        let item = "<item jid='bob@x' name='B &amp; 鹊' subscription='none'><group>朋友</group><group>a\\b</group></item>";
        s.send(&a, &query("set", item)).await;
        let (got, theirs) = (s.got(&a).await, s.got(&other).await);
        let push = |to: &str| {
            format!("<iq type='set' id='roster-1' to='{to}'><query xmlns='jabber:iq:roster' ver='1'>{item}</query></iq>")
        };
        assert_eq!(got, [push("alice@x/a"), "<iq type='result' id='q' from='alice@x' to='alice@x/a'/>".into()]);
        assert_eq!(theirs, [push("alice@x/b")]);
        assert!(s.got(&never_asked).await.is_empty());
        s.cx.accounts.forget(&a.account.jid);
        let whole = s.ask(&a, &query("get", "")).await;
        assert!(whole.contains(&format!("<query xmlns='jabber:iq:roster' ver='1'>{item}</query>")), "{whole}");
    })
    .await;
}

#[tokio::test]
async fn every_wrong_set_has_its_error_and_changes_nothing() {
    with_all(async |s| {
        s.account("alice").await;
        let a = s.online("alice", "a").await;
        let long = "x".repeat(LONGEST_NAME + 1);
        let many: String = (0..=MOST_GROUPS)
            .map(|n| format!("<group>{n}</group>"))
            .collect();
        let cases = [
            ("", "bad-request"),
            ("<item jid='b@x'/><item jid='c@x'/>", "bad-request"),
            ("<item name='no address'/>", "bad-request"),
            ("<item jid='@x'/>", "jid-malformed"),
            ("<item jid='alice@x'/>", "not-allowed"),
            ("<item jid='alice@x/phone'/>", "not-allowed"),
            (
                "<item jid='b@x'><group>g</group><group>g</group></item>",
                "bad-request",
            ),
            ("<item jid='b@x'><group/></item>", "not-acceptable"),
            (
                &format!("<item jid='b@x' name='{long}'/>"),
                "not-acceptable",
            ),
            (
                &format!("<item jid='b@x'><group>{long}</group></item>"),
                "not-acceptable",
            ),
            (&format!("<item jid='b@x'>{many}</item>"), "not-acceptable"),
            ("<item jid='b@x' subscription='remove'/>", "item-not-found"),
            (
                "<item jid='nobody@elsewhere' subscription='remove'/>",
                "item-not-found",
            ),
        ];
        for (inner, condition) in cases {
            let answer = s.ask(&a, &query("set", inner)).await;
            assert!(
                answer.contains("<iq type='error' id='q'"),
                "{inner}: {answer}"
            );
            assert!(
                answer.contains(&format!("<{condition} ")),
                "{inner}: {answer}"
            );
        }
        assert_eq!(a.account.roster(|r| (r.len(), r.version())), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn nobody_touches_anothers_list_whether_it_exists_or_not() {
    with_all(async |s| {
        for name in ["alice", "bob"] {
            s.account(name).await;
        }
        let (a, b) = (s.online("alice", "a").await, s.online("bob", "b").await);
        for kind in ["get", "set"] {
            for resource in ["", "/b"] {
                let mut answers = Vec::new();
                for name in ["bob", "nil"] {
                    let ask = query(kind, "<item jid='e@x'/>")
                        .replace("<iq", &format!("<iq to='{name}@x{resource}'"));
                    answers.push(s.ask(&a, &ask).await.replace(name, "N"));
                }
                assert!(answers[0].contains("<forbidden "), "{}", answers[0]);
                assert_eq!(answers[0], answers[1]);
            }
        }
        assert!(s.got(&b).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_client_sets_names_and_groups_alone() {
    with_all(async |s| {
        s.account("alice").await;
        s.account("bob").await;
        let a = s.online("alice", "a").await;
        let claimed =
            "<item jid='bob@x/phone' subscription='both' ask='subscribe' approved='true'/>";
        s.send(&a, &query("set", claimed)).await;
        assert!(s.got(&a).await[0].contains("<item jid='bob@x' subscription='none'/>"));
        s.send(&a, "<presence to='bob@x' type='subscribe'/>").await;
        s.got(&a).await;
        s.send(
            &a,
            &query("set", "<item jid='bob@x' name='Bob' subscription='none'/>"),
        )
        .await;
        let push = &s.got(&a).await[0];
        assert!(
            push.contains("<item jid='bob@x' name='Bob' subscription='none' ask='subscribe'/>"),
            "{push}"
        );
        let whole = s.ask(&a, &query("get", "")).await;
        assert!(whole.contains("name='Bob'"), "{whole}");
    })
    .await;
}

#[tokio::test]
async fn a_mere_request_is_no_contact_until_it_is_answered_or_added() {
    with_all(async |s| {
        for name in ["alice", "bob", "carol"] {
            s.account(name).await;
        }
        let a = s.online("alice", "a").await;
        for name in ["bob", "carol"] {
            let asker = s.online(name, "1").await;
            s.send(&asker, "<presence to='alice@x' type='subscribe'/>")
                .await;
        }
        assert!(!s.got(&a).await.concat().contains("<item"));
        assert!(!s.ask(&a, &query("get", "")).await.contains("<item"));
        let answer = s
            .ask(
                &a,
                &query("set", "<item jid='bob@x' subscription='remove'/>"),
            )
            .await;
        assert!(answer.contains("item-not-found"), "{answer}");
        s.send(&a, &query("set", "<item jid='bob@x'/>")).await;
        let whole = s.ask(&a, &query("get", "")).await;
        assert!(
            whole.contains("<item jid='bob@x' subscription='none'/></query>"),
            "{whole}"
        );
        let item = a.account.roster(|r| r.get(&jid("bob@x")).cloned()).unwrap();
        assert!(item.pending_in.is_some(), "the request still waits");
    })
    .await;
}

#[tokio::test]
async fn who_knows_a_version_gets_what_changed_since_in_order() {
    with_all(async |s| {
        s.account("alice").await;
        let a = s.online("alice", "a").await;
        for inner in [
            "<item jid='a@x'/>",
            "<item jid='b@x'/>",
            "<item jid='c@x'/>",
            "<item jid='a@x' subscription='remove'/>",
            "<item jid='b@x' name='B'/>",
        ] {
            s.send(&a, &query("set", inner)).await;
        }
        s.got(&a).await;
        let result = "<iq type='result' id='q' from='alice@x' to='alice@x/a'/>";
        assert_eq!(known(s, &a, "5").await, [result]);
        let got = known(s, &a, "2").await;
        assert_eq!(got[0], result);
        let changes = [
            (3, "<item jid='c@x' subscription='none'/>"),
            (4, "<item jid='a@x' subscription='remove'/>"),
            (5, "<item jid='b@x' name='B' subscription='none'/>"),
        ];
        let push = |(version, item): (i64, &str)| {
            format!("<iq type='set' id='roster-{version}' to='alice@x/a'><query xmlns='jabber:iq:roster' ver='{version}'>{item}</query></iq>")
        };
        assert_eq!(got[1..], changes.map(push));
        for unknown in ["", "0", "6", "-1", "x", "99999999999999999999"] {
            let got = known(s, &a, unknown).await;
            assert!(got.len() == 1 && got[0].contains("ver='5'") && got[0].contains("c@x"), "{unknown} {got:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_full_list_takes_changes_but_no_more_contacts() {
    let config = Config {
        roster_items: 1,
        ..Config::default()
    };
    with_config(config, crate::all(&crate::Config::default()), async |s| {
        s.account("alice").await;
        let a = s.online("alice", "a").await;
        for (item, refused) in [
            ("jid='b@x'", false),
            ("jid='b@x' name='B'", false),
            ("jid='c@x'", true),
        ] {
            let answer = s.ask(&a, &query("set", &format!("<item {item}/>"))).await;
            assert_eq!(
                answer.contains("resource-constraint"),
                refused,
                "{item} {answer}"
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_many_devices_change_at_once_is_stored_and_pushed_in_one_order() {
    with_all(async |s| {
        s.account("alice").await;
        let mut devices = Vec::new();
        for resource in ["1", "2", "3", "4"] {
            devices.push(s.online("alice", resource).await);
        }
        s.got(&devices[0]).await;
        let mut tasks = tokio::task::JoinSet::new();
        for (n, device) in devices.iter().enumerate() {
            let (cx, device) = (s.cx.clone(), device.clone());
            tasks.spawn(async move {
                for i in 0..20 {
                    let set = format!("<iq xmlns='jabber:client' type='set' id='{n}-{i}'><query xmlns='jabber:iq:roster'><item jid='b@x' name='{n}-{i}'/></query></iq>");
                    cx.route(&device, Stanza::parse(set.as_bytes()).unwrap()).await.unwrap();
                }
            });
        }
        tasks.join_all().await;
        let pushes = s.stanzas(&devices[0]).await;
        let pushes: Vec<Element> = pushes.iter().filter_map(|p| p.element("query", ns::ROSTER)).collect();
        let versions: Vec<i64> = pushes.iter().map(|q| q.get("ver").unwrap().parse().unwrap()).collect();
        assert_eq!(versions, (1..=80).collect::<Vec<i64>>());
        let last = pushes[79].children().next().unwrap().get("name").unwrap();
        let (stored, version) = s.cx.store.roster_load(devices[0].account.id).await.unwrap();
        assert_eq!((stored[0].name.as_deref(), version), (Some(last), 80));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changed_since_is_never_older_than_what_was_pushed() {
    with_all(async |s| {
        s.account("alice").await;
        let (writer, reader) = (s.online("alice", "w").await, s.online("alice", "r").await);
        let get = "<iq xmlns='jabber:client' type='get' id='g'><query xmlns='jabber:iq:roster' ver='1'/></iq>";
        for i in 0..30 {
            for name in [format!("{i}-a"), format!("{i}-b")] {
                let set = query("set", &format!("<item jid='b@x' name='{name}'/>"));
                let set = set.replacen("<iq", "<iq xmlns='jabber:client'", 1);
                s.cx.route(&writer, Stanza::parse(set.as_bytes()).unwrap()).await.unwrap();
            }
            s.cx.route(&reader, Stanza::parse(get.as_bytes()).unwrap()).await.unwrap();
            let got = s.got(&reader).await;
            assert!(got.last().unwrap().contains(&format!("name='{i}-b'")), "{got:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_stream_offers_versions() {
    with_all(async |s| {
        let mut features = Vec::new();
        Roster.stream_features(&s.cx, false, &mut features);
        assert!(features.is_empty());
        Roster.stream_features(&s.cx, true, &mut features);
        assert!(features[0].is("ver", "urn:xmpp:features:rosterver"));
    })
    .await;
}
