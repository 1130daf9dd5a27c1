//! XEP-0049 Private XML Storage 1.2: a drawer for each namespace, for its owner alone.

use magpie_core::{Answer, Claim, Ctx, Feature, Iq, IqResult, Spec, To, Xep, feature::BoxFuture};
use magpie_store::{Error as StoreError, kv};
use magpie_xmpp::{Element, StanzaError, ns};
use std::sync::Arc;

/// See the file.
pub struct PrivateStorage;

/// Bytes one drawer may hold.
const LARGEST: usize = 64 * 1024;
/// Drawers one account may have.
const MOST: usize = 100;

impl Feature for PrivateStorage {
    fn spec(&self) -> Spec {
        const XEP: Xep = Xep {
            number: 49,
            name: "Private XML Storage",
            version: "1.2",
            left_out: "",
        };
        const CLAIMS: &[Claim] = &[Claim {
            ns: ns::PRIVATE,
            name: "query",
            get: true,
            set: true,
            to: &[To::Own],
        }];
        Spec {
            xeps: &[XEP],
            server_disco: &[ns::PRIVATE],
            account_disco: &[],
            claims: CLAIMS,
        }
    }

    fn iq<'a>(&'a self, cx: &'a Arc<Ctx>, iq: Iq<'a>) -> BoxFuture<'a, IqResult> {
        Box::pin(async move {
            if iq.set {
                set(cx, &iq).await
            } else {
                get(cx, &iq).await
            }
        })
    }
}

fn failed(error: StoreError) -> StanzaError {
    tracing::warn!(%error, "private storage failed");
    StanzaError::internal_server_error()
}

fn key(e: &Element) -> String {
    format!("{} {}", e.name(), e.ns())
}

async fn get(cx: &Ctx, iq: &Iq<'_>) -> IqResult {
    let mut asked = iq.payload.children();
    let (Some(drawer), None) = (asked.next(), asked.next()) else {
        return Err(StanzaError::bad_request().with_text("ask for one element"));
    };
    let kept = cx
        .store
        .kv_get(iq.session.account.id, ns::PRIVATE, &key(drawer))
        .await
        .map_err(failed)?;
    let kept = kept.and_then(|xml| Element::parse(std::str::from_utf8(&xml).ok()?).ok());
    let content =
        kept.unwrap_or_else(|| Element::new(drawer.ns().to_owned(), drawer.name().to_owned()));
    Ok(Answer::with(
        Element::new(ns::PRIVATE, "query").child(content),
    ))
}

async fn set(cx: &Ctx, iq: &Iq<'_>) -> IqResult {
    let owner = iq.session.account.id;
    let drawers: Vec<&Element> = iq.payload.children().collect();
    if drawers.is_empty()
        || drawers
            .iter()
            .any(|d| d.ns().is_empty() || d.ns() == ns::PRIVATE)
    {
        return Err(StanzaError::bad_request()
            .with_text("an element with a namespace of its own is needed"));
    }
    let kept = cx.store.kv_list(owner, ns::PRIVATE).await.map_err(failed)?;
    let new = drawers
        .iter()
        .filter(|d| !kept.iter().any(|(k, _)| *k == key(d)))
        .count();
    if kept.len() + new > MOST {
        return Err(StanzaError::policy_violation().with_text("too many kinds of private data"));
    }
    let mut answer = Answer::empty();
    for drawer in drawers {
        let xml = drawer.to_xml();
        if xml.len() > LARGEST {
            return Err(StanzaError::policy_violation().with_text("this is too much private data"));
        }
        answer
            .effects
            .store(kv::put(owner, ns::PRIVATE, &key(drawer), xml.into()));
    }
    Ok(answer)
}
