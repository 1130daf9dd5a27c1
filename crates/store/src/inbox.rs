//! The inbox (XEP-0430): conversations page by page, each with its last message, and what all of them come to.

use crate::{
    AccountId, Error, Id, Store, Value,
    archive::Archived,
    conversations::{COLUMNS, Conversation},
};
use std::{fmt, num::ParseIntError, str::FromStr};

/// Most entries of a page, whatever is asked for.
pub const LARGEST_PAGE: u32 = 250;
/// Most bytes of a page, unless a single message has more.
const PAGE_BYTES: usize = 4 << 20;

/// What a list shows: not what is hidden, nor where nothing was said yet.
const SHOWN: &str = "c.owner = ? AND c.said_id > 0 AND c.hidden = 0";

/// Which conversations of an owner, and which page of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Whose.
    pub owner: AccountId,
    /// Only those with unread messages.
    pub unread_only: bool,
    /// With the last message of each.
    pub messages: bool,
    /// How many; 0 asks for the counts alone. At most [`LARGEST_PAGE`] come.
    pub max: u32,
    /// Backwards: the last ones before this one, of all with `Some(None)`.
    pub before: Option<Option<Place>>,
    /// The first ones after this one.
    pub after: Option<Place>,
    /// Those from this position on, counted from 0.
    pub index: Option<u32>,
}

/// Where a conversation stands in the list. It stays a place also when the conversation has moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Pinned ones stand above the others.
    pub pinned: bool,
    /// The newest one stands above.
    pub said_id: Id,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pinned = if self.pinned { "p" } else { "" };
        write!(f, "{pinned}{}", self.said_id)
    }
}

impl FromStr for Place {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Place, ParseIntError> {
        let id = text.strip_prefix('p');
        Ok(Place {
            pinned: id.is_some(),
            said_id: id.unwrap_or(text).parse()?,
        })
    }
}

/// A conversation in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The conversation.
    pub conversation: Conversation,
    /// The last message that says something, if that was asked for.
    pub message: Option<Archived>,
}

impl Entry {
    /// Where it stands.
    pub fn place(&self) -> Place {
        Place {
            pinned: self.conversation.pinned,
            said_id: self.conversation.said_id,
        }
    }
}

/// A page of the inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbox {
    /// From the top down, whatever the direction of paging.
    pub entries: Vec<Entry>,
    /// How many entries all pages have.
    pub count: u64,
    /// The position of the first entry among all.
    pub first_index: Option<u64>,
    /// How many conversations there are, whichever were asked for.
    pub total: u64,
    /// How many of them have unread messages.
    pub unread: u64,
    /// How many unread messages they have.
    pub all_unread: u64,
}

/// Conditions and their values, in step.
#[derive(Clone)]
struct Filter {
    sql: String,
    params: Vec<Value>,
}

impl Filter {
    fn of(query: &Query) -> Filter {
        let unread = if query.unread_only {
            " AND c.unread > 0"
        } else {
            ""
        };
        Filter {
            sql: format!("{SHOWN}{unread}"),
            params: vec![query.owner.into()],
        }
    }

    /// Only what stands below (`<`) or above (`>`) a place.
    fn and_beside(&mut self, side: char, place: Place) {
        self.sql.push_str(&format!(
            " AND (c.pinned {side} ? OR (c.pinned = ? AND c.said_id {side} ?))"
        ));
        let pinned = Value::from(place.pinned);
        self.params
            .extend([pinned.clone(), pinned, place.said_id.into()]);
    }
}

impl Store {
    /// A page of the inbox, and its counts.
    pub async fn inbox(&self, query: &Query) -> Result<Inbox, Error> {
        let filter = Filter::of(query);
        let entries = self.inbox_entries(query, filter.clone()).await?;
        let first_index = match entries.first() {
            Some(first) => {
                let mut above = filter;
                above.and_beside('>', first.place());
                Some(self.count_conversations(above).await?)
            }
            None => None,
        };
        let all = Filter {
            sql: SHOWN.into(),
            params: vec![query.owner.into()],
        };
        let total = self.count_conversations(all).await?;
        let unread = self.unread_counts(query.owner).await?;
        Ok(Inbox {
            entries,
            count: if query.unread_only {
                unread.len() as u64
            } else {
                total
            },
            first_index,
            total,
            unread: unread.len() as u64,
            all_unread: unread.iter().sum(),
        })
    }

    async fn inbox_entries(&self, query: &Query, mut filter: Filter) -> Result<Vec<Entry>, Error> {
        if query.max == 0 {
            return Ok(Vec::new());
        }
        let backwards = query.before.is_some();
        if let Some(place) = query.after {
            filter.and_beside('<', place);
        }
        if let Some(place) = query.before.flatten() {
            filter.and_beside('>', place);
        }
        let Filter { sql, mut params } = filter;
        let (message, from) = if query.messages {
            (", m.xml", " LEFT JOIN messages m ON m.id = c.said_id")
        } else {
            ("", "")
        };
        let order = if backwards { "" } else { " DESC" };
        let mut sql = format!(
            "SELECT {COLUMNS}{message} FROM conversations c{from} WHERE {sql} \
             ORDER BY c.pinned{order}, c.said_id{order} LIMIT ?"
        );
        params.push(i64::from(query.max.min(LARGEST_PAGE)).into());
        if let (Some(index), false) = (query.index, backwards) {
            sql.push_str(" OFFSET ?");
            params.push(i64::from(index).into());
        }
        let (rows, _) = self.rows_within(sql, params, PAGE_BYTES).await?;
        let mut entries = Vec::with_capacity(rows.len());
        for mut row in rows {
            let conversation = Conversation::of(&mut row)?;
            let xml = match query.messages {
                true => row.opt_bytes(9)?,
                false => None,
            };
            let message = xml.map(|xml| Archived {
                id: conversation.said_id,
                xml,
            });
            entries.push(Entry {
                conversation,
                message,
            });
        }
        if backwards {
            entries.reverse();
        }
        Ok(entries)
    }

    async fn count_conversations(&self, filter: Filter) -> Result<u64, Error> {
        let sql = format!("SELECT COUNT(*) FROM conversations c WHERE {}", filter.sql);
        self.row(sql, filter.params)
            .await?
            .map_or(Ok(0), |mut row| row.int(0).map(|n| n.max(0) as u64))
    }

    /// The unread messages of each conversation that has some. Added up here: the databases give sums different types.
    async fn unread_counts(&self, owner: AccountId) -> Result<Vec<u64>, Error> {
        let sql = format!("SELECT c.unread FROM conversations c WHERE {SHOWN} AND c.unread > 0");
        let rows = self.rows(sql, vec![owner.into()]).await?;
        rows.into_iter()
            .map(|mut row| row.int(0).map(|n| n.max(0) as u64))
            .collect()
    }
}
