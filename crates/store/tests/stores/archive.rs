//! Paging through the archive (XEP-0313, XEP-0059).

use crate::{GOT, Item, KEPT, Line, SENT, chat, message, view, with_origin};
use magpie_store::{
    Config, Error, Id, Store, ViewKind,
    archive::{LARGEST_PAGE, MOST_IDS, Page, PageResult, Query},
};
use magpie_xmpp::Jid;

crate::on_every_store!(
    pages_forwards_backwards_and_by_index,
    an_empty_archive_has_complete_empty_pages,
    ids_that_are_not_there_are_said,
    the_ends_of_an_archive,
    what_was_sent_lately_is_known,
    a_page_has_a_largest_size,
);

fn query(page: Page) -> Query {
    Query {
        owner: 1,
        want_count: true,
        page,
        ..Query::default()
    }
}

fn page(max: u32) -> Page {
    Page {
        max,
        ..Page::default()
    }
}

async fn fill(store: &Store, count: usize) -> Vec<Id> {
    let items = (0..count)
        .map(|i| Item::new(i, [chat(1 + i as i64 % 2, &i.to_string())]))
        .collect();
    Line::new(store)
        .send(items)
        .await
        .into_iter()
        .map(|(item, _)| item.id())
        .collect()
}

/// Ids, complete, count, first index.
pub type Summary = (Vec<Id>, bool, Option<u64>, Option<u64>);

pub fn summary(result: PageResult) -> Summary {
    (
        result.items.iter().map(|a| a.id).collect(),
        result.complete,
        result.count,
        result.first_index,
    )
}

async fn pages_forwards_backwards_and_by_index(store: Store, _: Config) {
    let ids = fill(&store, 10).await;
    let after = |i: usize, max| Page {
        after: Some(ids[i]),
        ..page(max)
    };
    let before = |i: usize, max| Page {
        before: Some(Some(ids[i])),
        ..page(max)
    };
    let index = |i, max| Page {
        index: Some(i),
        ..page(max)
    };
    let last = Page {
        before: Some(None),
        ..page(4)
    };
    let between = Page {
        after: Some(ids[1]),
        ..before(8, 3)
    };
    for (page, range, complete) in [
        (page(4), 0..4, false),
        (page(10), 0..10, true),
        (after(3, 4), 4..8, false),
        (after(7, 4), 8..10, true),
        (after(9, 4), 10..10, true),
        (last, 6..10, false),
        (before(6, 4), 2..6, false),
        (before(2, 4), 0..2, true),
        (before(4, 4), 0..4, true),
        (before(0, 4), 0..0, true),
        (between, 5..8, false),
        (index(3, 4), 3..7, false),
        (index(8, 4), 8..10, true),
        (index(10, 4), 10..10, true),
        (page(0), 0..0, false),
    ] {
        let first = (!range.is_empty()).then_some(range.start as u64);
        let wanted = (ids[range].to_vec(), complete, Some(10), first);
        assert_eq!(
            summary(store.archive_page(&query(page.clone())).await.unwrap()),
            wanted,
            "{page:?}"
        );
    }
    let without = Query {
        want_count: false,
        ..query(page(4))
    };
    assert_eq!(
        summary(store.archive_page(&without).await.unwrap()),
        (ids[..4].to_vec(), false, None, None)
    );
}

async fn an_empty_archive_has_complete_empty_pages(store: Store, _: Config) {
    for page in [
        page(5),
        page(0),
        Page {
            before: Some(None),
            ..page(5)
        },
        Page {
            index: Some(3),
            ..page(5)
        },
    ] {
        let result = store.archive_page(&query(page.clone())).await.unwrap();
        assert_eq!(summary(result), (vec![], true, Some(0), None), "{page:?}");
    }
}

async fn ids_that_are_not_there_are_said(store: Store, _: Config) {
    let mut line = Line::new(&store);
    let mine = line.store(chat(1, "mine")).await;
    let others = line.store(message("theirs", [view(2, "x@x", KEPT)])).await;
    let hidden = line
        .store(message(
            "hidden",
            [view(
                1,
                "x@x",
                ViewKind {
                    outgoing: true,
                    ..ViewKind::default()
                },
            )],
        ))
        .await;
    let all = query(page(9));
    assert!(
        store
            .archive_page(&Query {
                ids: vec![mine, mine],
                ..all.clone()
            })
            .await
            .is_ok()
    );
    for id in [others, hidden, Id(5), Id::ZERO, Id(-1), Id(i64::MAX)] {
        for query in [
            Query {
                ids: vec![mine, id],
                ..all.clone()
            },
            Query {
                before_id: Some(id),
                ..all.clone()
            },
            Query {
                after_id: Some(id),
                ..all.clone()
            },
            query(Page {
                after: Some(id),
                ..page(9)
            }),
            query(Page {
                before: Some(Some(id)),
                ..page(9)
            }),
        ] {
            assert_eq!(
                store.archive_page(&query).await,
                Err(Error::NotFound),
                "{query:?}"
            );
        }
    }
    // An id of the archive that the rest of the query leaves out is there all the same.
    let elsewhere = Query {
        with: Some(Jid::new("nobody@x").unwrap()),
        after_id: Some(mine),
        ..all.clone()
    };
    assert_eq!(
        summary(store.archive_page(&elsewhere).await.unwrap()),
        (vec![], true, Some(0), None)
    );
    let many = Query {
        ids: vec![mine; MOST_IDS + 1],
        ..all
    };
    assert!(matches!(
        store.archive_page(&many).await,
        Err(Error::Invalid(_))
    ));
}

async fn the_ends_of_an_archive(store: Store, _: Config) {
    assert_eq!(store.archive_metadata(1).await.unwrap(), None);
    let ids = fill(&store, 3).await;
    Line::new(&store)
        .store(message("theirs", [view(3, "a@x", KEPT)]))
        .await;
    assert_eq!(
        store.archive_metadata(1).await.unwrap(),
        Some((ids[0], ids[2]))
    );
}

async fn what_was_sent_lately_is_known(store: Store, _: Config) {
    let mut line = Line::new(&store);
    let hidden = ViewKind {
        outgoing: true,
        ..ViewKind::default()
    };
    let a = line
        .store(with_origin(
            message("a", [view(1, "b@x/phone", SENT), view(2, "one@x", GOT)]),
            "o1",
        ))
        .await;
    let b = line
        .store(with_origin(message("b", [view(1, "c@x", hidden)]), "小鹊"))
        .await;
    line.store(message("c", [view(1, "c@x", SENT)])).await;
    line.store(with_origin(chat(2, "d"), "not mine")).await;
    let sent = store.sent_recently(1, 10).await.unwrap();
    assert_eq!(
        sent,
        [
            ("小鹊".into(), "c@x".into(), b),
            ("o1".into(), "b@x/phone".into(), a)
        ]
    );
    assert_eq!(store.sent_recently(1, 1).await.unwrap().len(), 1);
    assert_eq!(store.sent_recently(9, 1).await.unwrap(), []);
}

async fn a_page_has_a_largest_size(store: Store, _: Config) {
    fill(&store, LARGEST_PAGE as usize + 5).await;
    let result = store.archive_page(&query(page(u32::MAX))).await.unwrap();
    assert_eq!(
        (result.items.len(), result.complete),
        (LARGEST_PAGE as usize, false)
    );
}
