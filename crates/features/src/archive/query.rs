//! Queries: which page of which messages, and the page as stanzas (XEP-0313 §4).

use super::failed;
use crate::result;
use magpie_core::{Answer, Ctx, Iq, IqResult, Target};
use magpie_store::{
    AccountId, Error as StoreError, Id,
    archive::{Archived, Page, PageResult, Query},
};
use magpie_xmpp::{
    Element, Jid, Stanza, StanzaError, datetime,
    form::{Field, Form},
    ns, rsm,
};
use std::sync::Arc;

/// Messages of a page nobody limited.
const PAGE: u32 = 50;
/// Messages of the largest page.
const LARGEST: u32 = 250;

/// The fields one may ask by.
pub(super) fn form() -> Answer {
    let field = |var: &str, kind: &str| Field::new(var, kind, []);
    let form = Form::new("form", ns::MAM2)
        .with(field("with", "jid-single"))
        .with(field("start", "text-single"))
        .with(field("end", "text-single"))
        .with(field("before-id", "text-single"))
        .with(field("after-id", "text-single"))
        .with(field("ids", "list-multi"))
        .with(field("include-groupchat", "boolean"));
    Answer::with(Element::new(ns::MAM2, "query").child(form.to_element()))
}

fn bad(text: &str) -> StanzaError {
    StanzaError::bad_request().with_text(text)
}

/// What a `<query/>` asks for.
fn parse(owner: i64, query: &Element) -> Result<Query, StanzaError> {
    let form = match query.find("x", ns::DATA) {
        Some(x) => Form::parse(x)
            .filter(|f| f.form_type() == Some(ns::MAM2))
            .ok_or_else(|| bad("no form of urn:xmpp:mam:2"))?,
        None => Form::default(),
    };
    let time = |var: &str| match form.value(var) {
        Some(text) => datetime::parse(text)
            .map(Some)
            .ok_or_else(|| bad("a time is as XEP-0082 says")),
        None => Ok(None),
    };
    // An id that is none of ours names no message of the archive.
    let id = |text: &str| {
        text.parse::<Id>()
            .map_err(|_| StanzaError::item_not_found())
    };
    let with = form
        .value("with")
        .map(|j| Jid::new(j).map_err(|_| StanzaError::jid_malformed()))
        .transpose()?;
    let set = query
        .find("set", ns::RSM)
        .map(rsm::Request::parse)
        .transpose()?
        .unwrap_or_default();
    let before = match set.before.as_deref() {
        None => None,
        Some("") => Some(None),
        Some(text) => Some(Some(id(text)?)),
    };
    Ok(Query {
        owner,
        with,
        start: time("start")?,
        end: time("end")?,
        before_id: form.value("before-id").map(id).transpose()?,
        after_id: form.value("after-id").map(id).transpose()?,
        ids: form
            .values("ids")
            .iter()
            .map(|i| id(i))
            .collect::<Result<_, _>>()?,
        include_groupchat: matches!(form.value("include-groupchat"), Some("true" | "1")),
        page: Page {
            max: set.max.unwrap_or(PAGE).min(LARGEST),
            before,
            after: set
                .after
                .as_deref()
                .filter(|a| !a.is_empty())
                .map(id)
                .transpose()?,
            index: set.index,
        },
        want_count: true,
    })
}

/// Answers a query: the page's messages, then the result that says where the page stands.
pub(super) async fn run(cx: &Arc<Ctx>, iq: &Iq<'_>) -> IqResult {
    let account = &iq.session.account;
    let query = parse(account.id, iq.payload)?;
    let PageResult {
        mut items,
        complete,
        count,
        first_index,
    } = cx.store.archive_page(&query).await.map_err(failed)?;
    let id = |item: Option<&Archived>| item.map(|i| i.id.to_string());
    let set = rsm::Response {
        first: id(items.first()),
        last: id(items.last()),
        count,
        index: first_index,
    };
    if iq.payload.find("flip-page", ns::MAM2).is_some() {
        items.reverse();
    }
    let mut answer = Answer::default();
    for item in items {
        let xml = result::xml(&item, iq.payload.get("queryid"));
        let message = Stanza::message()
            .with_raw("result", ns::MAM2, &xml)
            .with_from(account.jid.clone())
            .with_to(iq.from.clone());
        answer
            .effects
            .deliver(Target::Session(iq.session.clone()), message);
    }
    let mut fin = Element::new(ns::MAM2, "fin").child(set.to_element());
    if complete {
        fin = fin.attr("complete", "true");
    }
    answer.payload = Some(fin);
    Ok(answer)
}

/// The first and the last message of the archive (§6).
pub(super) async fn metadata(cx: &Ctx, owner: AccountId) -> Result<Element, StoreError> {
    let ends = cx.store.archive_metadata(owner).await?;
    let end = |name: &'static str, id: Id| {
        Element::new(ns::MAM2, name)
            .attr("id", id.to_string())
            .attr("timestamp", datetime::format(id.unix_ms()))
    };
    let ends = ends
        .into_iter()
        .flat_map(|(first, last)| [end("start", first), end("end", last)]);
    Ok(Element::new(ns::MAM2, "metadata").children_from(ends))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(form: &str, set: &str) -> Result<Query, StanzaError> {
        let x = if form.is_empty() {
            String::new()
        } else {
            format!(
                "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field>{form}</x>"
            )
        };
        let xml = format!(
            "<query xmlns='urn:xmpp:mam:2'>{x}<set xmlns='http://jabber.org/protocol/rsm'>{set}</set></query>"
        );
        parse(1, &Element::parse(&xml).unwrap())
    }

    fn field(var: &str, value: &str) -> String {
        format!("<field var='{var}'><value>{value}</value></field>")
    }

    #[test]
    fn every_filter_is_understood() {
        let q = ask(
            &[
                field("with", "juliet@capulet.lit/x"),
                field("start", "2010-06-07T00:00:00Z"),
                field("end", "2010-07-07T13:23:54Z"),
                field("after-id", "5"),
                field("before-id", "9"),
                field("ids", "7"),
            ]
            .concat(),
            "<max>10</max><before/>",
        )
        .unwrap();
        assert_eq!(q.with.unwrap().as_str(), "juliet@capulet.lit/x");
        assert_eq!(
            (q.start, q.after_id, q.before_id, q.ids),
            (
                Some(1_275_868_800_000),
                Some(Id(5)),
                Some(Id(9)),
                vec![Id(7)]
            )
        );
        assert_eq!(
            (q.page.max, q.page.before, q.page.after),
            (10, Some(None), None)
        );
        assert_eq!(
            ask("", "<max>99999</max><after>3</after>")
                .unwrap()
                .page
                .max,
            LARGEST
        );
    }

    #[test]
    fn what_is_wrong_gets_its_error() {
        for (form, set, condition) in [
            (field("with", "a@b@c"), "", "jid-malformed"),
            (field("start", "yesterday"), "", "bad-request"),
            (field("after-id", "x' OR 1=1"), "", "item-not-found"),
            (String::new(), "<after>nothing</after>", "item-not-found"),
            (String::new(), "<max>-1</max>", "bad-request"),
        ] {
            assert_eq!(
                ask(&form, set).unwrap_err().condition.name(),
                condition,
                "{form} {set}"
            );
        }
    }
}
