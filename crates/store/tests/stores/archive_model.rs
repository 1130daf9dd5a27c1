//! Random queries, against a model that says in plain words what the archive should give.

use crate::{
    GOT, KEPT, Line, SENT,
    archive::{Summary, summary},
    message, view,
};
use magpie_store::{
    Config, Id, Op, Statement, Store, ViewKind,
    archive::{Page, Query},
};
use magpie_xmpp::Jid;

crate::on_every_store!(every_query_gives_what_a_model_gives);

/// A message as the model knows it.
#[derive(Debug, Clone)]
struct Known {
    id: Id,
    peer: &'static str,
    resource: &'static str,
    room: bool,
}

/// What `query` should give of `all`, in plain words.
fn model(all: &[Known], query: &Query) -> Summary {
    let set: Vec<Id> = all
        .iter()
        .filter(|m| match &query.with {
            None => true,
            Some(jid) => m.peer == jid.bare_str() && jid.resource().is_none_or(|r| r == m.resource),
        })
        .filter(|m| query.start.is_none_or(|ms| m.id.unix_ms() >= ms))
        .filter(|m| query.end.is_none_or(|ms| m.id.unix_ms() <= ms))
        .filter(|m| query.before_id.is_none_or(|id| m.id < id))
        .filter(|m| query.after_id.is_none_or(|id| m.id > id))
        .filter(|m| query.ids.is_empty() || query.ids.contains(&m.id))
        .filter(|m| query.include_groupchat || !m.room)
        .map(|m| m.id)
        .collect();
    let max = query.page.max as usize;
    let (range, complete) = match &query.page {
        Page {
            before: Some(before),
            ..
        } => {
            let end = before.map_or(set.len(), |id| set.partition_point(|i| *i < id));
            (end.saturating_sub(max)..end, end <= max)
        }
        Page { after, index, .. } => {
            let first = after.map_or(0, |id| set.partition_point(|i| *i <= id))
                + index.unwrap_or(0) as usize;
            let first = first.min(set.len());
            (
                first..(first + max).min(set.len()),
                first + max >= set.len(),
            )
        }
    };
    let index = (!range.is_empty()).then_some(range.start as u64);
    (set[range].to_vec(), complete, Some(set.len() as u64), index)
}

/// A small generator of numbers, the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % n as u64) as usize
    }

    fn maybe<T>(&mut self, one_in: usize, make: impl FnOnce(&mut Dice) -> T) -> Option<T> {
        (self.below(one_in) == 0).then(|| make(self))
    }
}

async fn every_query_gives_what_a_model_gives(store: Store, _: Config) {
    let mut dice = Dice(7);
    let mut line = Line::new(&store);
    let mut all = Vec::new();
    for i in 0..60 {
        let known = Known {
            id: Id::ZERO,
            peer: ["a@x", "b@x", "ab@x"][dice.below(3)],
            resource: ["", "r", "R", "r "][dice.below(4)],
            room: dice.below(5) == 0,
        };
        let kind = ViewKind {
            groupchat: known.room,
            ..if dice.below(2) == 0 { GOT } else { SENT }
        };
        let mut mine = view(1, known.peer, kind);
        mine.resource = known.resource.into();
        let id = line
            .store(message(&i.to_string(), [mine, view(2, "one@x", KEPT)]))
            .await;
        all.push(Known { id, ..known });
        // What the archive does not show, and what others have, lies in between.
        line.store(message(
            "hidden",
            [view(
                1,
                known.peer,
                ViewKind {
                    outgoing: true,
                    ..ViewKind::default()
                },
            )],
        ))
        .await;
        line.store(message("theirs", [view(3, known.peer, KEPT)]))
            .await;
        if dice.below(2) == 0 {
            // Time goes on.
            let sql = "UPDATE meta SET value = value + ? WHERE name = 'last_id'";
            line.write(Op::Write(vec![Statement::new(
                sql,
                [Id::first_of(1_000).into()],
            )]))
            .await;
        }
    }
    for _ in 0..300 {
        let query = random_query(&mut dice, &all);
        let result = store.archive_page(&query).await.unwrap();
        for item in &result.items {
            let n = all.iter().position(|m| m.id == item.id).unwrap();
            assert!(
                std::str::from_utf8(&item.xml)
                    .unwrap()
                    .contains(&format!("<body>{n}</body>"))
            );
        }
        let given = summary(result);
        let mut wanted = model(&all, &query);
        if query.page.index.is_some() && !given.0.is_empty() {
            wanted.3 = query.page.index.map(Into::into);
        }
        assert_eq!(given, wanted, "{query:?}");
    }
}

fn random_query(dice: &mut Dice, all: &[Known]) -> Query {
    let id = |dice: &mut Dice| all[dice.below(all.len())].id;
    let withs = ["a@x", "b@x", "a@x/r", "b@x/R", "b@x/q", "ab@x"];
    let mut page = Page {
        max: dice.below(20) as u32,
        ..Page::default()
    };
    match dice.below(5) {
        0 => page.before = Some(None),
        1 => page.before = Some(Some(id(dice))),
        2 => page.after = Some(id(dice)),
        3 => page.index = Some(dice.below(70) as u32),
        _ => {}
    }
    Query {
        owner: 1,
        with: dice.maybe(2, |d| Jid::new(withs[d.below(withs.len())]).unwrap()),
        start: dice.maybe(4, |d| id(d).unix_ms()),
        end: dice.maybe(4, |d| id(d).unix_ms()),
        before_id: dice.maybe(5, id),
        after_id: dice.maybe(5, id),
        ids: dice
            .maybe(6, |d| (0..1 + d.below(10)).map(|_| id(d)).collect())
            .unwrap_or_default(),
        include_groupchat: dice.below(2) == 0,
        page,
        want_count: true,
    }
}
