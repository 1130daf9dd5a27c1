//! XEP-0059 Result Set Management 1.0: one page of a long list.

use crate::{Element, ns};

/// Which page is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// How many items at most.
    pub max: Option<u32>,
    /// The page before this item; "" means the last page.
    pub before: Option<String>,
    /// The page after this item.
    pub after: Option<String>,
    /// The page that begins at this place.
    pub index: Option<u32>,
}

impl Request {
    /// Reads a `<set/>`; `Err` if a number is none.
    pub fn parse(set: &Element) -> Result<Request, crate::StanzaError> {
        let number = |name: &str| match set.find_text(name, ns::RSM) {
            Some(text) => text
                .trim()
                .parse()
                .map(Some)
                .map_err(|_| crate::StanzaError::bad_request()),
            None => Ok(None),
        };
        Ok(Request {
            max: number("max")?,
            before: set.find_text("before", ns::RSM),
            after: set.find_text("after", ns::RSM),
            index: number("index")?,
        })
    }
}

/// Which page was given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// The first item's id.
    pub first: Option<String>,
    /// The last item's id.
    pub last: Option<String>,
    /// The place of the first item in the whole list.
    pub index: Option<u64>,
    /// How long the whole list is.
    pub count: Option<u64>,
}

impl Response {
    /// As a `<set/>`.
    pub fn to_element(&self) -> Element {
        let leaf = |name: &'static str, text: String| Element::new(ns::RSM, name).text(text);
        let first = self.first.as_ref().map(|id| {
            leaf("first", id.clone()).attr_opt("index", self.index.map(|i| i.to_string()))
        });
        let last = self.last.as_ref().map(|id| leaf("last", id.clone()));
        let count = self.count.map(|n| leaf("count", n.to_string()));
        Element::new(ns::RSM, "set").children_from(first.into_iter().chain(last).chain(count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(inner: &str) -> Result<Request, crate::StanzaError> {
        Request::parse(&Element::parse(&format!("<set xmlns='{}'>{inner}</set>", ns::RSM)).unwrap())
    }

    #[test]
    fn the_examples_of_the_xep() {
        let r = set("<max>10</max><before/>").unwrap();
        assert_eq!(
            (r.max, r.before.as_deref(), r.after),
            (Some(10), Some(""), None)
        );
        assert_eq!(
            set("<after>a1</after><index>5</index>").unwrap().index,
            Some(5)
        );
        for bad in [
            "<max>-1</max>",
            "<max>x</max>",
            "<index>99999999999</index>",
        ] {
            assert!(set(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_page_says_where_it_stands() {
        let page = Response {
            first: Some("a".into()),
            last: Some("b".into()),
            index: Some(0),
            count: Some(9),
        };
        let xml = page.to_element().to_xml();
        assert!(
            xml.contains("<first index='0'>a</first><last>b</last><count>9</count>"),
            "{xml}"
        );
        assert!(!Response::default().to_element().to_xml().contains("first"));
    }
}
