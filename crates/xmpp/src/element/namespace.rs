//! The namespace of an element: in memory once for a whole tree, however long it is.

use std::{borrow::Cow, ops::Deref, sync::Arc};

/// A namespace's text. Cloning is cheap.
#[derive(Clone)]
pub(crate) enum Namespace {
    Static(&'static str),
    Shared(Arc<str>),
}

impl Default for Namespace {
    fn default() -> Namespace {
        Namespace::Static("")
    }
}

impl Deref for Namespace {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Namespace::Static(text) => text,
            Namespace::Shared(text) => text,
        }
    }
}

impl From<Cow<'static, str>> for Namespace {
    fn from(text: Cow<'static, str>) -> Namespace {
        match text {
            Cow::Borrowed(text) => Namespace::Static(text),
            Cow::Owned(text) => Namespace::Shared(text.into()),
        }
    }
}

impl From<&str> for Namespace {
    fn from(text: &str) -> Namespace {
        Namespace::Shared(text.into())
    }
}

impl PartialEq for Namespace {
    fn eq(&self, other: &Namespace) -> bool {
        **self == **other
    }
}

impl Eq for Namespace {}

impl std::fmt::Debug for Namespace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", &**self)
    }
}
