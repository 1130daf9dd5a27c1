//! The inbox by pages, and its counts.

use crate::{GOT, KEPT, Line, message, view};
use magpie_store::{
    Config, Id, Store, ViewKind, conversations,
    conversations::Decision,
    inbox::{Inbox, Query},
};

crate::on_every_store!(
    pages_meet_in_both_directions,
    pinned_ones_come_first_and_hidden_ones_do_not_come,
    the_counts_are_those_of_the_owner,
    the_last_thing_said_comes_along,
);

/// Peers 0 to 6, the last one the newest.
async fn seven(line: &mut Line) -> Vec<Id> {
    let mut ids = Vec::new();
    for i in 0..7 {
        let mine = view(1, &format!("p{i}@x"), GOT);
        ids.push(line.store(message(&i.to_string(), [mine])).await);
        line.store(message("theirs", [view(2, &format!("q{i}@x"), GOT)]))
            .await;
    }
    ids
}

fn query() -> Query {
    Query {
        owner: 1,
        max: 100,
        ..Query::default()
    }
}

fn peers(inbox: &Inbox) -> Vec<&str> {
    let peers = inbox.entries.iter().map(|e| &*e.conversation.peer);
    peers.map(|p| p.trim_end_matches("@x")).collect()
}

async fn decide(line: &mut Line, peer: &str, decision: Decision) {
    line.write(conversations::decide(1, peer, decision)).await;
}

async fn pages_meet_in_both_directions(store: Store, _: Config) {
    let mut line = Line::new(&store);
    seven(&mut line).await;
    let pin = Decision {
        pinned: Some(true),
        ..Decision::default()
    };
    decide(&mut line, "p1@x", pin).await;
    decide(&mut line, "p4@x", pin).await;
    let order = ["p4", "p1", "p6", "p5", "p3", "p2", "p0"];
    let all = store.inbox(&query()).await.unwrap();
    assert_eq!((peers(&all), all.first_index), (order.to_vec(), Some(0)));
    for size in 1..=8 {
        let (mut down, mut up) = (Vec::new(), Vec::new());
        let mut page = Query {
            max: size,
            ..query()
        };
        loop {
            let got = store.inbox(&page).await.unwrap();
            let Some(last) = got.entries.last() else {
                break;
            };
            assert_eq!(got.first_index, Some(down.len() as u64));
            page.after = Some(last.place());
            down.extend(peers(&got).iter().map(|p| p.to_string()));
        }
        let mut page = Query {
            max: size,
            before: Some(None),
            ..query()
        };
        loop {
            let got = store.inbox(&page).await.unwrap();
            let Some(first) = got.entries.first() else {
                break;
            };
            page.before = Some(Some(first.place()));
            up.splice(0..0, peers(&got).iter().map(|p| p.to_string()));
        }
        assert_eq!(
            (down.as_slice(), up.as_slice()),
            (&order.map(String::from)[..], &order.map(String::from)[..]),
            "{size}"
        );
    }
    let from_the_third = Query {
        index: Some(2),
        max: 2,
        ..query()
    };
    let got = store.inbox(&from_the_third).await.unwrap();
    assert_eq!((peers(&got), got.first_index), (vec!["p6", "p5"], Some(2)));
    // A place stays one when its conversation moved away.
    let after = all.entries[3].place();
    line.store(message("new", [view(1, "p5@x", GOT)])).await;
    let rest = Query {
        after: Some(after),
        ..query()
    };
    assert_eq!(
        peers(&store.inbox(&rest).await.unwrap()),
        ["p3", "p2", "p0"]
    );
}

async fn pinned_ones_come_first_and_hidden_ones_do_not_come(store: Store, _: Config) {
    let mut line = Line::new(&store);
    seven(&mut line).await;
    let hide = Decision {
        hidden: Some(true),
        ..Decision::default()
    };
    for peer in ["p6@x", "p3@x", "p0@x"] {
        decide(&mut line, peer, hide).await;
    }
    line.store(message("r", [view(1, "p6@x", KEPT)])).await;
    line.store(message("r", [view(1, "never@x", KEPT)])).await;
    let now = store.inbox(&query()).await.unwrap();
    assert_eq!(peers(&now), ["p5", "p4", "p2", "p1"]);
    assert_eq!((now.total, now.unread, now.all_unread), (4, 4, 4));
    line.store(message("x", [view(1, "p3@x", GOT)])).await;
    let now = store.inbox(&query()).await.unwrap();
    assert_eq!(peers(&now), ["p3", "p5", "p4", "p2", "p1"]);
    assert_eq!(now.all_unread, 6, "what was not read before it was hidden");
}

async fn the_counts_are_those_of_the_owner(store: Store, _: Config) {
    let mut line = Line::new(&store);
    let ids = seven(&mut line).await;
    for peer in [2, 4, 6] {
        line.write(conversations::mark_read(
            1,
            &format!("p{peer}@x"),
            ids[peer],
        ))
        .await;
    }
    line.store(message("x", [view(1, "p5@x", GOT)])).await;
    let unread = Query {
        unread_only: true,
        max: 2,
        ..query()
    };
    let page = store.inbox(&unread).await.unwrap();
    assert_eq!(peers(&page), ["p5", "p3"]);
    assert_eq!(
        (page.count, page.total, page.unread, page.all_unread),
        (4, 7, 4, 5)
    );
    assert_eq!(store.inbox(&query()).await.unwrap().count, 7);
    let counts = Query { max: 0, ..query() };
    let page = store.inbox(&counts).await.unwrap();
    assert_eq!(
        (page.entries.len(), page.count, page.first_index),
        (0, 7, None)
    );
    let nobody = Query {
        owner: 3,
        ..query()
    };
    let page = store.inbox(&nobody).await.unwrap();
    assert_eq!(
        (page.count, page.total, page.unread, page.all_unread),
        (0, 0, 0, 0)
    );
}

async fn the_last_thing_said_comes_along(store: Store, _: Config) {
    let mut line = Line::new(&store);
    let said = line.store(message("你好", [view(1, "a@x", GOT)])).await;
    let quiet = ViewKind {
        outgoing: true,
        ..KEPT
    };
    let last = line
        .store(message("receipt", [view(1, "a@x", quiet)]))
        .await;
    let with = Query {
        messages: true,
        ..query()
    };
    let entry = store.inbox(&with).await.unwrap().entries.remove(0);
    assert_eq!(entry.conversation.last_id, last);
    let message = entry.message.unwrap();
    assert_eq!(message.id, said);
    assert!(String::from_utf8_lossy(&message.xml).contains("你好"));
    assert_eq!(
        store.inbox(&query()).await.unwrap().entries[0].message,
        None
    );
}
