//! XEP-0055 Jabber Search 1.3: people of this server, found by name. Only who chose to be found is in the directory
//! (`urn:magpie:privacy:0`), under the names of his card and the name of his account.

use crate::vcard;
use magpie_core::{
    Account, Answer, Claim, Ctx, Feature, Iq, IqResult, Spec, To, Xep, bucket::Bucket,
    feature::BoxFuture,
};
use magpie_store::{
    AccountId, Op,
    directory::{self, Found, Names},
};
use magpie_xmpp::{
    Element, StanzaError,
    form::{Field, Form},
    ns,
};
use parking_lot::Mutex;
use std::{collections::HashMap, sync::Arc, time::Instant};

/// See the file.
#[derive(Default)]
pub struct Directory {
    rates: Mutex<HashMap<AccountId, Bucket>>,
}

/// People an answer has at most.
const MOST: u32 = 30;

/// Words a search has at most, and characters of each.
const WORDS: usize = 5;
const LONGEST: usize = 64;

/// Searches that an account may do at once; one more each second.
const BURST: u32 = 20;

/// Accounts whose rate is remembered before those that may search freely again are forgotten.
const KEPT: usize = 1024;

/// The fields of the plain form (§2.1).
const PLAIN: [&str; 3] = ["first", "last", "nick"];

impl Feature for Directory {
    fn spec(&self) -> Spec {
        const XEP: Xep = Xep {
            number: 55,
            name: "Jabber Search",
            version: "1.3",
            left_out: "search by e-mail address: being found by name is no reason to be found by that",
        };
        Spec {
            xeps: &[XEP],
            server_disco: &[ns::SEARCH],
            account_disco: &[],
            claims: &[Claim {
                ns: ns::SEARCH,
                name: "query",
                get: true,
                set: true,
                to: &[To::Server],
            }],
        }
    }

    fn iq<'a>(&'a self, cx: &'a Arc<Ctx>, iq: Iq<'a>) -> BoxFuture<'a, IqResult> {
        Box::pin(async move {
            if !iq.set {
                return Ok(Answer::with(fields()));
            }
            let form = iq
                .payload
                .find("x", ns::DATA)
                .map(|x| Form::parse(x).ok_or_else(StanzaError::bad_request))
                .transpose()?;
            let asked = asked(iq.payload, form.as_ref());
            let words = words(&asked)?;
            if !self.may_search(iq.session.account.id) {
                return Err(StanzaError::resource_constraint()
                    .with_text("that were many searches; wait a moment"));
            }
            let found = cx
                .store
                .directory_search(iq.from, &words, MOST)
                .await
                .map_err(|error| {
                    tracing::warn!(%error, "the directory could not be searched");
                    StanzaError::internal_server_error()
                })?;
            Ok(Answer::with(if form.is_some() {
                by_form(&found)
            } else {
                plain(&found)
            }))
        })
    }
}

impl Directory {
    fn may_search(&self, who: AccountId) -> bool {
        let (now, mut rates) = (Instant::now(), self.rates.lock());
        if rates.len() >= KEPT {
            rates.retain(|_, bucket| !bucket.is_full(now));
        }
        rates
            .entry(who)
            .or_insert_with(|| Bucket::new(1, BURST))
            .try_take(1, now)
    }
}

/// What the account's place in the directory is to be.
pub(crate) async fn listing(
    cx: &Ctx,
    account: &Account,
    searchable: bool,
) -> Result<Op, StanzaError> {
    if !searchable {
        return Ok(directory::remove(account.id));
    }
    let card = vcard::read(cx, account.id).await?;
    Ok(listed(account, card.as_ref()))
}

/// The account's place in the directory, by what its card says.
pub(crate) fn listed(account: &Account, card: Option<&Element>) -> Op {
    directory::put(
        account.id,
        &account.jid,
        &card.map(names).unwrap_or_default(),
    )
}

fn names(card: &Element) -> Names {
    let short = |text: Option<String>| -> String {
        let text = text.unwrap_or_default();
        let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        one_line.chars().take(LONGEST).collect()
    };
    let whole = card.find("N", ns::VCARD);
    let part = |name: &str| short(whole.and_then(|n| n.find_text(name, ns::VCARD)));
    Names {
        nick: short(card.find_text("NICKNAME", ns::VCARD)),
        name: short(card.find_text("FN", ns::VCARD)),
        given: part("GIVEN"),
        family: part("FAMILY"),
    }
}

/// What may be asked for, as plain fields and as a form (§2.1, §3).
fn fields() -> Element {
    let form = Form::new("form", ns::SEARCH)
        .with(Field::new("search", "text-single", []).labelled("Name or part of it"));
    Element::new(ns::SEARCH, "query")
        .child(
            Element::new(ns::SEARCH, "instructions")
                .text("Fill in a name or a part of it. Only people who chose to be found are."),
        )
        .children_from(PLAIN.map(|name| Element::new(ns::SEARCH, name)))
        .child(form.to_element())
}

/// What was filled in.
fn asked(query: &Element, form: Option<&Form>) -> String {
    let filled: Vec<String> = match form {
        Some(form) => ["search", "first", "last", "nick"]
            .iter()
            .filter_map(|var| form.value(var))
            .map(Into::into)
            .collect(),
        None => PLAIN
            .iter()
            .filter_map(|name| query.find_text(name, ns::SEARCH))
            .collect(),
    };
    filled.join(" ")
}

/// The words of a search. One letter of an alphabet says nothing and would list everybody; one Chinese character is a name.
fn words(asked: &str) -> Result<Vec<&str>, StanzaError> {
    let words: Vec<&str> = asked.split_whitespace().collect();
    let telling = |word: &&str| word.chars().count() > 1 || !word.is_ascii();
    if !words.iter().any(telling) {
        return Err(StanzaError::not_acceptable().with_text("search for two letters or more"));
    }
    if words.len() > WORDS || words.iter().any(|w| w.chars().count() > LONGEST) {
        return Err(
            StanzaError::not_acceptable().with_text("search for fewer or for shorter words")
        );
    }
    Ok(words)
}

fn plain(found: &[Found]) -> Element {
    let item = |f: &Found| {
        let leaf = |name: &'static str, text: &str| Element::new(ns::SEARCH, name).text(text);
        Element::new(ns::SEARCH, "item")
            .attr("jid", f.jid.as_str())
            .child(leaf("first", &f.names.given))
            .child(leaf("last", &f.names.family))
            .child(leaf("nick", &f.names.nick))
    };
    Element::new(ns::SEARCH, "query").children_from(found.iter().map(item))
}

fn by_form(found: &[Found]) -> Element {
    let field = |var: &str| Element::new(ns::DATA, "field").attr("var", var);
    let value = |text: &str| Element::new(ns::DATA, "value").text(text);
    let reported = Element::new(ns::DATA, "reported").children_from([
        field("jid")
            .attr("type", "jid-single")
            .attr("label", "Address"),
        field("nick").attr("label", "Nickname"),
        field("name").attr("label", "Name"),
    ]);
    let item = |f: &Found| {
        Element::new(ns::DATA, "item").children_from(
            [
                ("jid", f.jid.as_str()),
                ("nick", &f.names.nick),
                ("name", &f.names.name),
            ]
            .map(|(var, text)| field(var).child(value(text))),
        )
    };
    let kind = Element::new(ns::DATA, "field")
        .attr("var", "FORM_TYPE")
        .attr("type", "hidden")
        .child(value(ns::SEARCH));
    let x = Element::new(ns::DATA, "x")
        .attr("type", "result")
        .child(kind)
        .child(reported)
        .children_from(found.iter().map(item));
    Element::new(ns::SEARCH, "query").child(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_says_something() {
        assert_eq!(words(" 李  Lei ").unwrap(), ["李", "Lei"]);
        for nothing in ["", " ", "a", "a b", "%"] {
            assert!(words(nothing).is_err(), "{nothing}");
        }
        assert!(words(&"x".repeat(65)).is_err());
        assert!(words("aa bb cc dd ee ff").is_err());
    }

    #[test]
    fn a_card_gives_names_of_one_line() {
        let card = "<vCard xmlns='vcard-temp'><FN>李 雷\n</FN><N><FAMILY>李</FAMILY><GIVEN>雷</GIVEN></N><NICKNAME>Leo</NICKNAME></vCard>";
        let names = names(&Element::parse(card).unwrap());
        assert_eq!(
            (&*names.name, &*names.given, &*names.family, &*names.nick),
            ("李 雷", "雷", "李", "Leo")
        );
    }
}
