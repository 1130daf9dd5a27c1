//! The list of conversations and what is unread in it.

use crate::{GOT, Item, KEPT, Line, SENT, chat, message, view};
use magpie_store::{
    Config, Id, Store, ViewKind, conversations,
    conversations::{Conversation, Decision},
};

crate::on_every_store!(
    the_newest_conversation_is_first,
    unread_is_what_came_since_the_owner_wrote_or_read,
    reading_counts_what_came_after,
    one_batch_and_many_count_the_same,
    what_no_archive_shows_is_no_conversation,
    a_receipt_neither_reads_nor_shows,
    the_owner_decides_about_a_conversation,
    the_unread_messages_are_found,
);

fn is(peer: &str, last: Id, unread: u64, read: Id) -> Conversation {
    Conversation {
        peer: peer.into(),
        last_id: last,
        said_id: last,
        unread,
        read_id: read,
        ..Conversation::default()
    }
}

async fn the_newest_conversation_is_first(store: Store, _: Config) {
    let mut line = Line::new(&store);
    let mut ids = Vec::new();
    for peer in ["a@x", "b@x", "a@x/r", "c@x"] {
        let kind = ViewKind { said: true, ..KEPT };
        ids.push(line.store(message("x", [view(1, peer, kind)])).await);
    }
    let none = Id::ZERO;
    let list = store.conversations(1, 10).await.unwrap();
    assert_eq!(
        list,
        [
            is("c@x", ids[3], 0, none),
            is("a@x", ids[2], 0, none),
            is("b@x", ids[1], 0, none)
        ]
    );
    assert_eq!(store.conversations(1, 2).await.unwrap(), list[..2]);
    assert_eq!(store.conversations(2, 2).await.unwrap(), []);
}

async fn unread_is_what_came_since_the_owner_wrote_or_read(store: Store, _: Config) {
    let mut line = Line::new(&store);
    line.store(chat(1, "one")).await;
    let two = line.store(chat(1, "two")).await;
    assert_eq!(
        store.conversations(2, 9).await.unwrap(),
        [is("one@x", two, 2, Id::ZERO)]
    );
    assert_eq!(
        store.conversations(1, 9).await.unwrap(),
        [is("two@x", two, 0, two)]
    );
    let answer = line.store(chat(2, "answer")).await;
    assert_eq!(
        store.conversations(2, 9).await.unwrap(),
        [is("one@x", answer, 0, answer)]
    );
    assert_eq!(
        store.conversations(1, 9).await.unwrap(),
        [is("two@x", answer, 1, two)]
    );
    // One that does not count, such as a receipt that is kept.
    let quiet = line.store(message("q", [view(1, "two@x", KEPT)])).await;
    assert_eq!(
        store.conversations(1, 9).await.unwrap(),
        [Conversation {
            said_id: answer,
            ..is("two@x", quiet, 1, two)
        }]
    );
}

async fn reading_counts_what_came_after(store: Store, _: Config) {
    let mut line = Line::new(&store);
    let mut ids = Vec::new();
    for i in 0..5 {
        ids.push(line.store(chat(1, &i.to_string())).await);
        line.store(message("another peer", [view(2, "else@x", crate::GOT)]))
            .await;
    }
    let now = async || {
        store
            .conversations(2, 9)
            .await
            .unwrap()
            .into_iter()
            .find(|c| c.peer == "one@x")
            .unwrap()
    };
    assert_eq!(now().await, is("one@x", ids[4], 5, Id::ZERO));
    line.write(conversations::mark_read(2, "one@x", ids[2]))
        .await;
    assert_eq!(now().await, is("one@x", ids[4], 2, ids[2]));
    line.write(conversations::mark_read(2, "one@x", ids[0]))
        .await;
    assert_eq!(
        now().await,
        is("one@x", ids[4], 2, ids[2]),
        "reading never goes back"
    );
    line.write(conversations::mark_read(2, "one@x", Id(i64::MAX)))
        .await;
    assert_eq!(
        now().await,
        is("one@x", ids[4], 0, ids[4]),
        "nor beyond what there is"
    );
    let next = line.store(chat(1, "next")).await;
    assert_eq!(now().await, is("one@x", next, 1, ids[4]));
    line.write(conversations::mark_read(2, "nobody@x", next))
        .await;
    assert_eq!(store.conversations(2, 9).await.unwrap().len(), 2);
}

async fn one_batch_and_many_count_the_same(store: Store, _: Config) {
    let mut line = Line::new(&store);
    let mut seen = Vec::new();
    for together in [false, true] {
        let peer = |name: &str| format!("{name}{together}@x");
        let items = [1, 1, 2, 1, 1, 1, 2, 2, 1, 1, 1].into_iter().map(|sender| {
            let (one, two) = if sender == 1 {
                (SENT, GOT)
            } else {
                (GOT, SENT)
            };
            Item::new(
                0,
                [message(
                    "x",
                    [view(1, &peer("two"), one), view(2, &peer("one"), two)],
                )],
            )
        });
        if together {
            line.send(items.collect()).await;
        } else {
            for item in items {
                line.send(vec![item]).await;
            }
        }
        for owner in [1, 2] {
            let c = store.conversations(owner, 1).await.unwrap().remove(0);
            assert!(c.peer.contains(&together.to_string()));
            seen.push((owner, c.unread, c.read_id < c.last_id));
        }
    }
    assert_eq!(seen[..2], seen[2..]);
    assert_eq!(seen[..2], [(1, 0, false), (2, 3, true)]);
}

async fn what_no_archive_shows_is_no_conversation(store: Store, _: Config) {
    let mut line = Line::new(&store);
    line.store(message(
        "x",
        [view(
            1,
            "a@x",
            ViewKind {
                outgoing: true,
                ..ViewKind::default()
            },
        )],
    ))
    .await;
    assert_eq!(store.conversations(1, 9).await.unwrap(), []);
}

async fn a_receipt_neither_reads_nor_shows(store: Store, _: Config) {
    let mut line = Line::new(&store);
    let quiet = ViewKind {
        outgoing: true,
        ..KEPT
    };
    let first = line.store(message("r", [view(2, "one@x", quiet)])).await;
    let nothing_said = Conversation {
        said_id: Id::ZERO,
        ..is("one@x", first, 0, Id::ZERO)
    };
    assert_eq!(store.conversations(2, 9).await.unwrap(), [nothing_said]);
    let said = line.store(chat(1, "hello")).await;
    let receipt = line
        .store(message(
            "r",
            [view(2, "one@x", quiet), view(1, "two@x", KEPT)],
        ))
        .await;
    let unread = Conversation {
        said_id: said,
        ..is("one@x", receipt, 1, Id::ZERO)
    };
    assert_eq!(store.conversations(2, 9).await.unwrap(), [unread]);
}

async fn the_owner_decides_about_a_conversation(store: Store, _: Config) {
    let mut line = Line::new(&store);
    line.store(chat(1, "one")).await;
    let two = line.store(chat(1, "two")).await;
    line.store(chat(2, "others")).await;
    let now = async || store.conversation(1, "two@x").await.unwrap().unwrap();
    let theirs = store.conversation(2, "one@x").await.unwrap();
    let last = now().await.last_id;
    let decide = async |line: &mut Line, decision| {
        line.write(conversations::decide(1, "two@x", decision))
            .await;
    };
    let before = now().await;
    assert_eq!(before, is("two@x", last, 1, two));
    let (on, off) = (Some(true), Some(false));
    let all = Decision {
        pinned: on,
        muted: on,
        marked: on,
        hidden: on,
    };
    decide(&mut line, all).await;
    let decided = Conversation {
        pinned: true,
        muted: true,
        marked: true,
        hidden: true,
        ..before.clone()
    };
    assert_eq!(now().await, decided);
    decide(&mut line, Decision::default()).await;
    assert_eq!(now().await, decided, "what is not said stays");
    // What is said brings it back; who answers has come back to it.
    line.store(chat(2, "more")).await;
    assert!(!now().await.hidden && now().await.marked);
    let answer = line.store(chat(1, "answer")).await;
    let answered = Conversation {
        pinned: true,
        muted: true,
        ..is("two@x", answer, 0, answer)
    };
    assert_eq!(now().await, answered);
    // Reading what was read takes the mark away all the same.
    decide(&mut line, all).await;
    line.write(conversations::mark_read(1, "two@x", answer))
        .await;
    assert!(!now().await.marked && now().await.hidden);
    // Taking the mark away reads everything.
    let more = line.store(chat(2, "even more")).await;
    assert_eq!(now().await.unread, 1);
    let unmarked = Decision {
        marked: off,
        pinned: off,
        ..Decision::default()
    };
    decide(&mut line, unmarked).await;
    let read = Conversation {
        muted: true,
        ..is("two@x", more, 0, more)
    };
    assert_eq!(now().await, read);
    let other = store.conversation(2, "one@x").await.unwrap().unwrap();
    assert!(!other.pinned && !other.muted && !other.marked && !other.hidden);
    assert_ne!(Some(other), theirs);
    assert_eq!(store.conversation(1, "nobody@x").await.unwrap(), None);
    assert_eq!(store.conversation(3, "two@x").await.unwrap(), None);
}

async fn the_unread_messages_are_found(store: Store, _: Config) {
    let mut line = Line::new(&store);
    assert_eq!(store.unread_messages(2, "one@x", 9).await.unwrap(), []);
    let mut ids = Vec::new();
    for i in 0..4 {
        ids.push(line.store(chat(1, &i.to_string())).await);
        line.store(message("else", [view(2, "else@x", GOT)])).await;
        line.store(message("quiet", [view(2, "one@x", KEPT)])).await;
    }
    let found = async |limit| {
        let list = store.unread_messages(2, "one@x", limit).await.unwrap();
        list.into_iter().map(|a| a.id).collect::<Vec<_>>()
    };
    assert_eq!(found(9).await, [ids[3], ids[2], ids[1], ids[0]]);
    assert_eq!(found(2).await, [ids[3], ids[2]]);
    line.write(conversations::mark_read(2, "one@x", ids[1]))
        .await;
    assert_eq!(found(9).await, [ids[3], ids[2]]);
    assert_eq!(store.unread_messages(1, "two@x", 9).await.unwrap(), []);
}
