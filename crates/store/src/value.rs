//! What goes into statements and comes out of rows.

use crate::Error;
use bytes::Bytes;
use smallvec::SmallVec;

/// A value bound to a placeholder. The type is part of it also when it is NULL: PostgreSQL asks for that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A number.
    Int(Option<i64>),
    /// Text.
    Text(Option<Box<str>>),
    /// Bytes.
    Bytes(Option<Bytes>),
}

/// A statement with `?` for each of its values, in SQLite's words; `dialect` says it in the others'.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The text.
    pub sql: &'static str,
    /// The values, in the order of their placeholders.
    pub params: SmallVec<[Value; 6]>,
}

impl Statement {
    /// A statement with its values.
    pub fn new(sql: &'static str, params: impl IntoIterator<Item = Value>) -> Statement {
        Statement {
            sql,
            params: params.into_iter().collect(),
        }
    }
}

/// A borrowed [`Value`].
#[derive(Debug, Clone, Copy)]
pub(crate) enum Param<'a> {
    Int(Option<i64>),
    Text(Option<&'a str>),
    Bytes(Option<&'a [u8]>),
}

impl Value {
    pub(crate) fn param(&self) -> Param<'_> {
        match self {
            Value::Int(n) => Param::Int(*n),
            Value::Text(t) => Param::Text(t.as_deref()),
            Value::Bytes(b) => Param::Bytes(b.as_deref()),
        }
    }

    /// How much memory it refers to, bytes.
    pub(crate) fn size(&self) -> usize {
        self.param().size()
    }
}

impl Param<'_> {
    /// How much memory it refers to, bytes.
    pub fn size(&self) -> usize {
        match self {
            Param::Int(_) => 8,
            Param::Text(t) => t.map_or(0, str::len),
            Param::Bytes(b) => b.map_or(0, <[u8]>::len),
        }
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Value {
        Value::Int(Some(n))
    }
}

impl From<crate::Id> for Value {
    fn from(id: crate::Id) -> Value {
        Value::Int(Some(id.0))
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Value {
        Value::Int(Some(b.into()))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(Some(text.into()))
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Value {
        Value::Text(text.map(Into::into))
    }
}

impl From<Bytes> for Value {
    fn from(bytes: Bytes) -> Value {
        Value::Bytes(Some(bytes))
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Value {
        Value::Bytes(Some(Bytes::copy_from_slice(bytes)))
    }
}

/// A row that was read. Each column is read once; reading it as what it is not means that the database is not ours.
#[derive(Debug)]
pub(crate) struct Row(pub SmallVec<[Value; 6]>);

impl Row {
    fn take(&mut self, i: usize) -> Option<Value> {
        self.0
            .get_mut(i)
            .map(|v| std::mem::replace(v, Value::Int(None)))
    }

    pub fn int(&mut self, i: usize) -> Result<i64, Error> {
        self.opt_int(i)?.ok_or_else(|| wrong(i))
    }

    pub fn opt_int(&mut self, i: usize) -> Result<Option<i64>, Error> {
        match self.take(i) {
            Some(Value::Int(n)) => Ok(n),
            Some(Value::Text(None) | Value::Bytes(None)) => Ok(None),
            _ => Err(wrong(i)),
        }
    }

    pub fn text(&mut self, i: usize) -> Result<Box<str>, Error> {
        self.opt_text(i)?.ok_or_else(|| wrong(i))
    }

    pub fn opt_text(&mut self, i: usize) -> Result<Option<Box<str>>, Error> {
        match self.take(i) {
            Some(Value::Text(t)) => Ok(t),
            Some(Value::Int(None) | Value::Bytes(None)) => Ok(None),
            // MySQL keeps what must compare byte by byte as bytes.
            Some(Value::Bytes(Some(b))) => String::from_utf8(b.into())
                .map(|t| Some(t.into()))
                .map_err(|_| wrong(i)),
            _ => Err(wrong(i)),
        }
    }

    pub fn bytes(&mut self, i: usize) -> Result<Bytes, Error> {
        self.opt_bytes(i)?.ok_or_else(|| wrong(i))
    }

    pub fn opt_bytes(&mut self, i: usize) -> Result<Option<Bytes>, Error> {
        match self.take(i) {
            Some(Value::Bytes(b)) => Ok(b),
            Some(Value::Text(t)) => Ok(t.map(|t| String::from(t).into())),
            Some(Value::Int(None)) => Ok(None),
            _ => Err(wrong(i)),
        }
    }

    pub fn jid(&mut self, i: usize) -> Result<magpie_xmpp::Jid, Error> {
        let text = self.text(i)?;
        magpie_xmpp::Jid::new(&text)
            .map_err(|e| Error::corrupt(format!("{text:?} is no address: {e}")))
    }
}

fn wrong(column: usize) -> Error {
    Error::corrupt(format!("column {column} of a row is not what it should be"))
}
