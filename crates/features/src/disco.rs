//! XEP-0030 Service Discovery 2.5.0, with the forms of XEP-0128: what the server and its accounts can do.

use magpie_core::{Answer, Claim, Ctx, Feature, Iq, IqResult, Spec, To, Xep, feature::BoxFuture};
use magpie_xmpp::{Element, StanzaError, ns};
use std::sync::Arc;

/// See the file.
pub struct Disco;

const TO: &[To] = &[To::Server, To::Own, To::Other];

impl Feature for Disco {
    fn spec(&self) -> Spec {
        const XEP: Xep = Xep {
            number: 30,
            name: "Service Discovery",
            version: "2.5.0",
            left_out: "publishing items",
        };
        const FORMS: Xep = Xep {
            number: 128,
            name: "Service Discovery Extensions",
            version: "1.0.1",
            left_out: "",
        };
        const BOTH: &[&str] = &[ns::DISCO_INFO, ns::DISCO_ITEMS];
        const CLAIMS: &[Claim] = &[
            Claim {
                ns: ns::DISCO_INFO,
                name: "query",
                get: true,
                set: false,
                to: TO,
            },
            Claim {
                ns: ns::DISCO_ITEMS,
                name: "query",
                get: true,
                set: false,
                to: TO,
            },
        ];
        Spec {
            xeps: &[XEP, FORMS],
            server_disco: BOTH,
            account_disco: BOTH,
            claims: CLAIMS,
        }
    }

    fn iq<'a>(&'a self, cx: &'a Arc<Ctx>, iq: Iq<'a>) -> BoxFuture<'a, IqResult> {
        Box::pin(async move { answer(cx, &iq) })
    }
}

fn answer(cx: &Ctx, iq: &Iq<'_>) -> IqResult {
    // Who may not see the account's presence learns as much as of an account that does not exist.
    let may = iq.to != To::Other
        || iq
            .account
            .is_some_and(|a| a.roster(|r| r.shares_with(iq.from)));
    if !may {
        return Err(StanzaError::service_unavailable());
    }
    let node = iq.payload.get("node");
    if iq.payload.ns() == ns::DISCO_ITEMS {
        return match node {
            Some(ns::COMMANDS) if iq.to == To::Server => {
                Ok(Answer::with(crate::commands::items(cx.domain.as_str())))
            }
            Some(_) => Err(StanzaError::item_not_found()),
            None => Ok(Answer::with(Element::new(ns::DISCO_ITEMS, "query"))),
        };
    }
    let info = match iq.to {
        To::Server => server_info(cx),
        To::Own | To::Other => account_info(cx),
    };
    match node {
        None => Ok(Answer::with(info)),
        // The node of entity capabilities (XEP-0115 §6.2).
        Some(node) if iq.to == To::Server && node == crate::caps::node_and_ver(&info) => {
            Ok(Answer::with(info.attr("node", node)))
        }
        Some(_) => Err(StanzaError::item_not_found()),
    }
}

/// What the server answers of itself.
pub(crate) fn server_info(cx: &Ctx) -> Element {
    let mut info = info(
        "server",
        "im",
        cx.features
            .specs()
            .flat_map(|s| s.server_disco.iter().copied()),
    );
    let mut forms = Vec::new();
    cx.features
        .iter()
        .for_each(|f| f.server_forms(cx, &mut forms));
    forms.into_iter().for_each(|f| info.push(f));
    info
}

fn account_info(cx: &Ctx) -> Element {
    info(
        "account",
        "registered",
        cx.features
            .specs()
            .flat_map(|s| s.account_disco.iter().copied()),
    )
}

fn info(
    category: &'static str,
    kind: &'static str,
    features: impl Iterator<Item = &'static str>,
) -> Element {
    let mut vars: Vec<&str> = features.collect();
    vars.sort_unstable();
    vars.dedup();
    let feature = |var: &str| Element::new(ns::DISCO_INFO, "feature").attr("var", var);
    Element::new(ns::DISCO_INFO, "query")
        .child(
            Element::new(ns::DISCO_INFO, "identity")
                .attr("category", category)
                .attr("type", kind)
                .attr("name", "Magpie"),
        )
        .children_from(vars.into_iter().map(feature))
}
