//! RFC 6121 §8.5 row by row: which devices a stanza reaches, by its type, its address and who is there.

#![allow(clippy::unwrap_used)] // What cannot go on fails the test.

mod stage;

use magpie_core::{Ctx, Session};
use stage::{bind, jid, online, send, with_core};
use std::sync::Arc;

/// What becomes of a stanza: these devices get it, or it waits, is answered with an error, or vanishes.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    Reaches(Vec<&'static str>),
    Waits,
    Error,
    Nothing,
}
use Fate::{Error, Nothing, Reaches, Waits};

const DEVICES: [(&str, Option<i8>); 4] = [
    ("high", Some(5)),
    ("zero", Some(0)),
    ("low", Some(-1)),
    ("mute", None),
];

struct Scene<'a> {
    cx: &'a Arc<Ctx>,
    alice: Arc<Session>,
    bobs: Vec<(&'static str, Arc<Session>)>,
}

fn came(session: &Session) -> Vec<String> {
    let outs = session.outbox(|b| b.take(100)).outs;
    outs.iter().map(|o| o.stanza.to_xml()).collect()
}

impl Scene<'_> {
    async fn new<'a>(cx: &'a Arc<Ctx>, devices: &[(&'static str, Option<i8>)]) -> Scene<'a> {
        let mut bobs = Vec::new();
        for (name, priority) in devices {
            let session = bind(cx, "bob", name).await;
            if let Some(priority) = priority {
                online(cx, &session, *priority).await;
            }
            bobs.push((*name, session));
        }
        Scene {
            cx,
            alice: bind(cx, "alice", "a").await,
            bobs,
        }
    }

    async fn fate(&self, stanza: &str) -> Fate {
        let bob = self.cx.accounts.get(&jid("bob@x")).await.unwrap().unwrap();
        let waiting = self.cx.store.offline_count(bob.id).await.unwrap();
        send(self.cx, &self.alice, stanza).await;
        self.cx.drain().await;
        let errors = came(&self.alice);
        let reached: Vec<&str> = self
            .bobs
            .iter()
            .filter(|(_, s)| came(s).len() == 1)
            .map(|(n, _)| *n)
            .collect();
        let waits = self.cx.store.offline_count(bob.id).await.unwrap() > waiting;
        match (errors.first(), waits, reached.is_empty()) {
            (Some(error), false, true) => {
                assert!(
                    errors.len() == 1 && error.contains("<service-unavailable "),
                    "{error}"
                );
                Error
            }
            (None, true, true) => Waits,
            (None, false, false) => Reaches(reached),
            (None, false, true) => Nothing,
            (error, waits, _) => panic!("{stanza}: {error:?}, waits {waits}, reached {reached:?}"),
        }
    }

    /// Checks the fates of all `types` of a stanza at the addresses of `rows`.
    async fn check(&self, kind: &str, types: &[&str], rows: Vec<(&str, Vec<Fate>)>) {
        for (to, fates) in rows {
            for (type_, expected) in types.iter().zip(fates) {
                let attribute = if type_.is_empty() {
                    String::new()
                } else {
                    format!("type='{type_}'")
                };
                let stanza = match kind {
                    "iq" => format!("<iq to='{to}' {attribute} id='1'><query xmlns='q'/></iq>"),
                    _ => format!("<{kind} to='{to}' {attribute}><body>x</body></{kind}>"),
                };
                assert_eq!(self.fate(&stanza).await, expected, "{stanza}");
            }
        }
    }
}

const MESSAGES: [&str; 6] = ["", "normal", "chat", "headline", "groupchat", "error"];

fn to_nobody() -> Vec<Fate> {
    vec![Error, Error, Error, Nothing, Error, Nothing]
}

#[tokio::test]
async fn messages_where_devices_take_them() {
    with_core(async |cx| {
        let scene = Scene::new(cx, &DEVICES).await;
        let all = || Reaches(vec!["high", "zero"]);
        let one = |name: &'static str| MESSAGES.map(|_| Reaches(vec![name])).into();
        scene
            .check(
                "message",
                &MESSAGES,
                vec![
                    ("bob@x", vec![all(), all(), all(), all(), Error, Nothing]),
                    ("bob@x/high", one("high")),
                    ("bob@x/low", one("low")),
                    ("bob@x/mute", one("mute")),
                    // §8.5.3.2.1 lets a normal message vanish; here it goes the way of a chat message, since people write both.
                    (
                        "bob@x/none",
                        vec![all(), all(), all(), Nothing, Error, Nothing],
                    ),
                    ("nobody@x", to_nobody()),
                    ("nobody@x/r", to_nobody()),
                    ("x", to_nobody()),
                ],
            )
            .await;
    })
    .await;
}

#[tokio::test]
async fn messages_where_no_device_takes_them() {
    for devices in [&DEVICES[2..], &DEVICES[3..], &[]] {
        with_core(async |cx| {
            let scene = Scene::new(cx, devices).await;
            let away = || vec![Waits, Waits, Waits, Nothing, Error, Nothing];
            scene
                .check(
                    "message",
                    &MESSAGES,
                    vec![("bob@x", away()), ("bob@x/none", away())],
                )
                .await;
        })
        .await;
    }
}

#[tokio::test]
async fn presence() {
    with_core(async |cx| {
        let scene = Scene::new(cx, &DEVICES).await;
        let all = || Reaches(vec!["high", "zero", "low"]);
        let one = |name| {
            vec![
                Reaches(vec![name]),
                Reaches(vec![name]),
                Reaches(vec![name]),
            ]
        };
        let none = || vec![Nothing, Nothing, Nothing];
        let rows = vec![
            ("bob@x", vec![all(), all(), Nothing]),
            ("bob@x/low", one("low")),
            ("bob@x/mute", one("mute")),
            ("bob@x/none", none()),
            ("nobody@x", none()),
            ("nobody@x/r", none()),
        ];
        scene
            .check("presence", &["", "unavailable", "error"], rows)
            .await;
    })
    .await;
}

#[tokio::test]
async fn iqs() {
    with_core(async |cx| {
        let scene = Scene::new(cx, &DEVICES).await;
        let none = || vec![Error, Error, Nothing, Nothing];
        let one = |name| {
            ["get", "set", "result", "error"]
                .map(|_| Reaches(vec![name]))
                .into()
        };
        let rows = vec![
            ("bob@x", none()),
            ("bob@x/zero", one("zero")),
            ("bob@x/low", one("low")),
            ("bob@x/mute", one("mute")),
            ("bob@x/none", none()),
            ("nobody@x", none()),
            ("nobody@x/r", none()),
            ("x", none()),
            ("alice@x", none()),
        ];
        scene
            .check("iq", &["get", "set", "result", "error"], rows)
            .await;
    })
    .await;
}

#[tokio::test]
async fn the_answer_about_nobody_is_that_about_an_unwilling_account() {
    with_core(async |cx| {
        let alice = bind(cx, "alice", "a").await;
        for stanza in [
            "<iq to='bob@x' type='get' id='1'><query xmlns='q'/></iq>",
            "<iq to='bob@x/r' type='set' id='1'><query xmlns='q'/></iq>",
            "<message to='bob@x' type='groupchat' id='1'><body>x</body></message>",
            "<message to='bob@x/r' type='groupchat' id='1'><body>x</body></message>",
        ] {
            let mut answers = Vec::new();
            for name in ["bob", "nobody"] {
                send(cx, &alice, &stanza.replace("bob", name)).await;
                answers.push(came(&alice).concat().replace(name, "N"));
            }
            assert!(
                answers[0].contains("<service-unavailable "),
                "{}",
                answers[0]
            );
            assert_eq!(answers[0], answers[1], "{stanza}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_message_that_only_dying_devices_could_take_waits() {
    with_core(async |cx| {
        let scene = Scene::new(cx, &DEVICES[..1]).await;
        let (_, high) = &scene.bobs[0];
        high.close(magpie_xmpp::StreamError::reset());
        for to in ["bob@x", "bob@x/high"] {
            let message = format!("<message to='{to}' type='chat'><body>x</body></message>");
            assert_eq!(scene.fate(&message).await, Waits, "{to}");
        }
    })
    .await;
}
