//! XEP-0054 vcard-temp 1.2: a card that its owner writes and everybody reads.

use crate::{avatar, directory};
use magpie_core::{
    Answer, Claim, Ctx, Effects, Feature, Iq, IqResult, Spec, To, Xep, feature::BoxFuture,
};
use magpie_store::{AccountId, kv};
use magpie_xmpp::{Element, StanzaError, ns};
use std::sync::Arc;

/// See the file.
pub struct Vcard;

/// Bytes a card may have, its picture included.
const LARGEST: usize = 128 * 1024;

const KEY: &str = "card";

impl Feature for Vcard {
    fn spec(&self) -> Spec {
        const XEP: Xep = Xep {
            number: 54,
            name: "vcard-temp",
            version: "1.2",
            left_out: "",
        };
        const CLAIMS: &[Claim] = &[
            Claim {
                ns: ns::VCARD,
                name: "vCard",
                get: true,
                set: true,
                to: &[To::Own],
            },
            Claim {
                ns: ns::VCARD,
                name: "vCard",
                get: true,
                set: false,
                to: &[To::Other],
            },
        ];
        Spec {
            xeps: &[XEP],
            server_disco: &[ns::VCARD],
            account_disco: &[ns::VCARD],
            claims: CLAIMS,
        }
    }

    fn iq<'a>(&'a self, cx: &'a Arc<Ctx>, iq: Iq<'a>) -> BoxFuture<'a, IqResult> {
        Box::pin(async move {
            let Some(account) = iq.account else {
                return Err(StanzaError::service_unavailable());
            };
            if iq.set {
                let xml = iq.payload.to_xml();
                if xml.len() > LARGEST {
                    return Err(StanzaError::policy_violation()
                        .with_text("the card is too large: take a smaller picture"));
                }
                let mut fx = Effects::new();
                fx.hold([account.turn().await]);
                fx.store(kv::put(account.id, ns::VCARD, KEY, xml.into()));
                avatar::changed(cx, account, iq.payload, &mut fx);
                if account.privacy().searchable {
                    fx.store(directory::listed(account, Some(iq.payload)));
                }
                return Ok(Answer::after(fx));
            }
            match (read(cx, account.id).await?, iq.to) {
                (Some(card), _) => Ok(Answer::with(card)),
                (None, To::Own) => Ok(Answer::with(Element::new(ns::VCARD, "vCard"))),
                // The same as for an account that does not exist (§3.3).
                (None, _) => Err(StanzaError::service_unavailable()),
            }
        })
    }
}

/// The card of an account, if it has one.
pub(crate) async fn read(cx: &Ctx, owner: AccountId) -> Result<Option<Element>, StanzaError> {
    let kept = cx
        .store
        .kv_get(owner, ns::VCARD, KEY)
        .await
        .map_err(|error| {
            tracing::warn!(%error, "a card could not be read");
            StanzaError::internal_server_error()
        })?;
    Ok(kept.and_then(|xml| Element::parse(std::str::from_utf8(&xml).ok()?).ok()))
}
