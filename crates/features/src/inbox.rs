//! XEP-0430 Inbox 0.2.0: the list of conversations with the last message of each and what is unread, served from the table that
//! every message keeps up to date. What an owner decides about a conversation is `inbox/decision.rs`.
//!
//! Pinned conversations come first, so that the first page has them. Left out: collated fastenings; what was said about a
//! message (corrections, reactions) lies behind it in the archive, up to the entry's id.

mod decision;

use crate::{conversation, result};
use magpie_core::{
    Answer, Claim, Ctx, Feature, Iq, IqResult, Spec, Target, To, Xep, feature::BoxFuture,
    session::Wish,
};
use magpie_store::{
    Error as StoreError,
    inbox::{Entry, Inbox as Page, LARGEST_PAGE, Place, Query},
};
use magpie_xmpp::{Element, Stanza, StanzaError, ns, rsm};
use std::sync::Arc;

/// See the file.
pub struct Inbox;

impl Feature for Inbox {
    fn spec(&self) -> Spec {
        const XEP: Xep = Xep {
            number: 430,
            name: "Inbox",
            version: "0.2.0",
            left_out: "collated fastenings (XEP-0427)",
        };
        const FEATURES: &[&str] = &[ns::INBOX, ns::MAGPIE_INBOX];
        const CLAIMS: &[Claim] = &[
            Claim {
                ns: ns::INBOX,
                name: "inbox",
                get: true,
                set: false,
                to: &[To::Own],
            },
            Claim {
                ns: ns::MAGPIE_INBOX,
                name: "conversation",
                get: false,
                set: true,
                to: &[To::Own],
            },
        ];
        Spec {
            xeps: &[XEP],
            server_disco: FEATURES,
            account_disco: FEATURES,
            claims: CLAIMS,
        }
    }

    fn iq<'a>(&'a self, cx: &'a Arc<Ctx>, iq: Iq<'a>) -> BoxFuture<'a, IqResult> {
        Box::pin(async move {
            if iq.set {
                decision::set(cx, &iq).await
            } else {
                list(cx, &iq).await
            }
        })
    }
}

/// An attribute that is a boolean of XML Schema.
fn boolean(e: &Element, name: &str) -> Result<Option<bool>, StanzaError> {
    match e.get(name) {
        None => Ok(None),
        Some("1" | "true") => Ok(Some(true)),
        Some("0" | "false") => Ok(Some(false)),
        Some(_) => {
            let text = format!("{name} is 1 or 0");
            Err(StanzaError::bad_request().with_text(&text))
        }
    }
}

fn failed(error: StoreError) -> StanzaError {
    tracing::warn!(%error, "could not read an inbox");
    StanzaError::internal_server_error()
        .with_text("the conversations cannot be read; try again later")
}

/// What an `<inbox/>` asks for.
fn parse(owner: i64, inbox: &Element) -> Result<Query, StanzaError> {
    let set = inbox.find("set", ns::RSM);
    let set = set
        .map(rsm::Request::parse)
        .transpose()?
        .unwrap_or_default();
    let place = |text: String| {
        text.parse::<Place>()
            .map_err(|_| StanzaError::item_not_found())
    };
    Ok(Query {
        owner,
        unread_only: boolean(inbox, "unread-only")?.unwrap_or(false),
        messages: boolean(inbox, "messages")?.unwrap_or(true),
        max: set.max.unwrap_or(LARGEST_PAGE),
        before: match set.before {
            None => None,
            Some(text) if text.is_empty() => Some(None),
            Some(text) => Some(Some(place(text)?)),
        },
        after: set.after.filter(|a| !a.is_empty()).map(place).transpose()?,
        index: set.index,
    })
}

async fn list(cx: &Ctx, iq: &Iq<'_>) -> IqResult {
    let account = &iq.session.account;
    let query = parse(account.id, iq.payload)?;
    // Before it is read, so that no change falls between.
    iq.session.set_wish(Wish::Inbox, true);
    let page = cx.store.inbox(&query).await.map_err(failed)?;
    let mut answer = Answer::with(fin(&page));
    for e in &page.entries {
        let message = entry(e, iq.stanza.id.as_deref())
            .with_from(account.jid.clone())
            .with_to(iq.from.clone());
        answer
            .effects
            .deliver(Target::Session(iq.session.clone()), message);
    }
    Ok(answer)
}

fn entry(e: &Entry, query_id: Option<&str>) -> Stanza {
    let c = &e.conversation;
    let entry = Element::new(ns::INBOX, "entry")
        .attr("jid", c.peer.clone())
        .attr("unread", c.unread.to_string())
        .attr("id", c.last_id.to_string())
        .child(conversation::element(c));
    let message = Stanza::message().with_child(entry);
    match &e.message {
        Some(said) => message.with_raw("result", ns::MAM2, &result::xml(said, query_id)),
        None => message,
    }
}

fn fin(page: &Page) -> Element {
    let place = |e: Option<&Entry>| e.map(|e| e.place().to_string());
    let set = rsm::Response {
        first: place(page.entries.first()),
        last: place(page.entries.last()),
        index: page.first_index,
        count: Some(page.count),
    };
    Element::new(ns::INBOX, "fin")
        .attr("total", page.total.to_string())
        .attr("unread", page.unread.to_string())
        .attr("all-unread", page.all_unread.to_string())
        .child(set.to_element())
}

#[cfg(test)]
mod tests {
    use super::*;
    use magpie_store::Id;

    fn ask(attrs: &str, set: &str) -> Result<Query, StanzaError> {
        let xml = format!(
            "<inbox xmlns='urn:xmpp:inbox:1' {attrs}><set xmlns='{}'>{set}</set></inbox>",
            ns::RSM
        );
        parse(1, &Element::parse(&xml).unwrap())
    }

    #[test]
    fn every_wish_is_understood() {
        let plain = parse(1, &Element::new(ns::INBOX, "inbox")).unwrap();
        assert_eq!(
            plain,
            Query {
                owner: 1,
                messages: true,
                max: LARGEST_PAGE,
                ..Query::default()
            }
        );
        let q = ask(
            "unread-only='true' messages='0'",
            "<max>5</max><after>p7</after><index>2</index>",
        )
        .unwrap();
        assert_eq!((q.unread_only, q.messages, q.max), (true, false, 5));
        let place = Place {
            pinned: true,
            said_id: Id(7),
        };
        assert_eq!((q.after, q.index), (Some(place), Some(2)));
        assert_eq!(place.to_string().parse(), Ok(place));
        let last = ask("", "<before/>").unwrap();
        assert_eq!((last.before, last.after), (Some(None), None));
    }

    #[test]
    fn what_is_wrong_gets_its_error() {
        for (attrs, set, condition) in [
            ("unread-only='maybe'", "", "bad-request"),
            ("messages=''", "", "bad-request"),
            ("", "<max>-1</max>", "bad-request"),
            ("", "<after>x' OR 1=1</after>", "item-not-found"),
            ("", "<before>p</before>", "item-not-found"),
        ] {
            let error = ask(attrs, set).unwrap_err();
            assert_eq!(error.condition.name(), condition, "{attrs} {set}");
        }
    }
}
