//! Reading the archive (XEP-0313) page by page (XEP-0059).

use crate::{AccountId, Error, Id, Store, Value, ViewKind, value::Row};
use bytes::Bytes;
use magpie_xmpp::Jid;

/// Most items of a page, whatever is asked for.
pub const LARGEST_PAGE: u32 = 1000;
/// Most ids in one query.
pub const MOST_IDS: usize = 1000;
/// Most bytes of a page, unless a single message has more.
const PAGE_BYTES: usize = 4 << 20;

/// Which messages of an owner's archive, and which page of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Whose archive.
    pub owner: AccountId,
    /// Only with this address: a bare one with any resource, a full one with exactly that.
    pub with: Option<Jid>,
    /// Only from this time on, milliseconds since 1970.
    pub start: Option<i64>,
    /// Only up to this time, it included.
    pub end: Option<i64>,
    /// Only older than this message.
    pub before_id: Option<Id>,
    /// Only newer than this message.
    pub after_id: Option<Id>,
    /// Only these, unless it is empty.
    pub ids: Vec<Id>,
    /// Also what came from rooms.
    pub include_groupchat: bool,
    /// Which page.
    pub page: Page,
    /// Whether to count what all pages together have. That reads the owner's index.
    pub want_count: bool,
}

/// A page of a result set (XEP-0059).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// How many items; 0 asks for the count alone. At most [`LARGEST_PAGE`] come.
    pub max: u32,
    /// Backwards: the last items before this one, of all with `Some(None)`.
    pub before: Option<Option<Id>>,
    /// The first items after this one.
    pub after: Option<Id>,
    /// The items from this position on, counted from 0.
    pub index: Option<u32>,
}

/// A page that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageResult {
    /// In ascending order, whatever the direction of paging.
    pub items: Vec<Archived>,
    /// Whether paging on in the same direction would bring nothing more.
    pub complete: bool,
    /// How many items all pages have, if that was asked for.
    pub count: Option<u64>,
    /// The position of the first item among all, if that was asked for or is known.
    pub first_index: Option<u64>,
}

/// A stored message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archived {
    /// Its id; its time is [`Id::unix_ms`].
    pub id: Id,
    /// The stanza as it was stored.
    pub xml: Bytes,
}

impl Archived {
    /// Reads the columns id, xml.
    pub(crate) fn of(mut row: Row) -> Result<Archived, Error> {
        Ok(Archived {
            id: Id(row.int(0)?),
            xml: row.bytes(1)?,
        })
    }
}

/// Conditions and their values, in step.
#[derive(Debug, Clone)]
struct Filter {
    sql: String,
    params: Vec<Value>,
}

impl Filter {
    /// Everything that `owner`'s archive shows.
    fn shown(owner: AccountId) -> Filter {
        Filter {
            sql: "a.owner = ? AND (a.flags & ?) <> 0".into(),
            params: vec![owner.into(), ViewKind::ARCHIVED.into()],
        }
    }

    fn and(&mut self, condition: &'static str, value: impl Into<Value>) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
        self.params.push(value.into());
    }

    fn and_if(&mut self, condition: &'static str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.and(condition, value);
        }
    }

    fn and_one_of(&mut self, ids: &[Id]) {
        if !ids.is_empty() {
            self.sql.push_str(" AND a.id IN (?");
            self.sql.push_str(&", ?".repeat(ids.len() - 1));
            self.sql.push(')');
            self.params.extend(ids.iter().copied().map(Value::from));
        }
    }

    /// What the whole result set of `query` is made of.
    fn of(query: &Query) -> Filter {
        let mut filter = Filter::shown(query.owner);
        filter.and_if("a.peer = ?", query.with.as_ref().map(Jid::bare_str));
        filter.and_if(
            "a.resource = ?",
            query.with.as_ref().and_then(Jid::resource),
        );
        filter.and_if("a.id >= ?", query.start.map(Id::first_of));
        filter.and_if(
            "a.id < ?",
            query.end.map(|ms| Id::first_of(ms.saturating_add(1))),
        );
        filter.and_if("a.id < ?", query.before_id);
        filter.and_if("a.id > ?", query.after_id);
        filter.and_one_of(&query.ids);
        if !query.include_groupchat {
            filter.and("(a.flags & ?) = 0", ViewKind::GROUPCHAT);
        }
        filter
    }
}

impl Store {
    /// A page of an archive. [`Error::NotFound`]: one of the ids in the query is not in it (XEP-0313 §4.1.3, §4.4).
    pub async fn archive_page(&self, query: &Query) -> Result<PageResult, Error> {
        if query.ids.len() > MOST_IDS {
            return Err(Error::Invalid(
                format!("more than {MOST_IDS} ids in one query").into(),
            ));
        }
        self.check_ids(query).await?;
        let filter = Filter::of(query);
        let (items, complete) = self.read_page(&filter, &query.page).await?;
        let mut result = PageResult {
            items,
            complete,
            count: None,
            first_index: None,
        };
        if query.want_count {
            result.count = Some(self.count_of(filter.clone()).await?);
        }
        result.first_index = match (result.items.first(), query.page.index) {
            (None, _) => None,
            (Some(_), Some(index)) => Some(index.into()),
            (Some(first), None) if query.want_count => {
                let mut before = filter;
                before.and("a.id < ?", first.id);
                Some(self.count_of(before).await?)
            }
            _ => None,
        };
        Ok(result)
    }

    /// Whether every id the query names is in the owner's archive.
    async fn check_ids(&self, query: &Query) -> Result<(), Error> {
        let bounds = [
            query.before_id,
            query.after_id,
            query.page.after,
            query.page.before.flatten(),
        ];
        let mut ids: Vec<Id> = query
            .ids
            .iter()
            .copied()
            .chain(bounds.into_iter().flatten())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(());
        }
        let mut filter = Filter::shown(query.owner);
        filter.and_one_of(&ids);
        if self.count_of(filter).await? == ids.len() as u64 {
            Ok(())
        } else {
            Err(Error::NotFound)
        }
    }

    async fn count_of(&self, filter: Filter) -> Result<u64, Error> {
        let sql = format!("SELECT COUNT(*) FROM archive a WHERE {}", filter.sql);
        self.row(sql, filter.params)
            .await?
            .map_or(Ok(0), |mut r| r.int(0).map(|n| n.max(0) as u64))
    }

    /// The page's items in ascending order, and whether there are none beyond it.
    async fn read_page(
        &self,
        filter: &Filter,
        page: &Page,
    ) -> Result<(Vec<Archived>, bool), Error> {
        let Filter {
            mut sql,
            mut params,
        } = {
            let mut filter = filter.clone();
            filter.and_if("a.id > ?", page.after);
            filter.and_if("a.id < ?", page.before.flatten());
            filter
        };
        let backwards = page.before.is_some();
        sql.push_str(if backwards {
            " ORDER BY a.id DESC LIMIT ?"
        } else {
            " ORDER BY a.id LIMIT ?"
        });
        let max = page.max.min(LARGEST_PAGE) as usize;
        params.push((max as i64 + 1).into());
        if let (Some(index), false) = (page.index, backwards) {
            sql.push_str(" OFFSET ?");
            params.push(i64::from(index).into());
        }
        let sql =
            format!("SELECT a.id, m.xml FROM archive a JOIN messages m ON m.id = a.id WHERE {sql}");
        let (mut rows, more) = self.rows_within(sql, params, PAGE_BYTES).await?;
        let complete = !more && rows.len() <= max;
        rows.truncate(max);
        if backwards {
            rows.reverse();
        }
        let items = rows
            .into_iter()
            .map(Archived::of)
            .collect::<Result<_, _>>()?;
        Ok((items, complete))
    }

    /// The oldest and the newest message that an archive shows; `None` if it is empty (XEP-0313 §4.2).
    pub async fn archive_metadata(&self, owner: AccountId) -> Result<Option<(Id, Id)>, Error> {
        let Filter { sql, params } = Filter::shown(owner);
        let end =
            |order| format!("SELECT a.id FROM archive a WHERE {sql} ORDER BY a.id {order} LIMIT 1");
        let first = self.row(end("ASC"), params.clone()).await?;
        let last = self.row(end("DESC"), params.clone()).await?;
        match (first, last) {
            (Some(mut first), Some(mut last)) => Ok(Some((Id(first.int(0)?), Id(last.int(0)?)))),
            _ => Ok(None),
        }
    }

    /// What `owner` sent last, newest first: the origin, the address it went to (with its resource if it had one), the id.
    /// Looks at no more than `20 * limit` messages, received ones included.
    pub async fn sent_recently(
        &self,
        owner: AccountId,
        limit: usize,
    ) -> Result<Vec<(String, String, Id)>, Error> {
        let sql = "SELECT origin, peer, resource, id FROM \
                   (SELECT origin, peer, resource, id FROM archive WHERE owner = ? ORDER BY id DESC LIMIT ?) newest \
                   WHERE origin IS NOT NULL ORDER BY id DESC LIMIT ?";
        let limit = limit as i64;
        let rows = self
            .rows(
                sql,
                vec![owner.into(), limit.saturating_mul(20).into(), limit.into()],
            )
            .await?;
        rows.into_iter()
            .map(|mut r| {
                let (origin, mut peer, resource) =
                    (r.text(0)?.into(), String::from(r.text(1)?), r.text(2)?);
                if !resource.is_empty() {
                    peer.push('/');
                    peer.push_str(&resource);
                }
                Ok((origin, peer, Id(r.int(3)?)))
            })
            .collect()
    }

    /// A stored message.
    pub async fn message(&self, id: Id) -> Result<Option<Bytes>, Error> {
        let row = self
            .row("SELECT xml FROM messages WHERE id = ?", vec![id.into()])
            .await?;
        row.map(|mut r| r.bytes(0)).transpose()
    }
}
