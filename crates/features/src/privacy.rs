//! What an account lets others know of it (`urn:magpie:privacy:0`, docs/extensions.md): when it was last here, what it has read,
//! whether it is found by name.

use crate::directory;
use magpie_core::{
    Answer, Claim, Ctx, Effects, Feature, Flow, Iq, IqResult, Session, Spec, To,
    account::{PRIVACY_KEY, Privacy as Settings},
    feature::BoxFuture,
};
use magpie_store::kv;
use magpie_xmpp::{Element, Stanza, StanzaError, ns};
use std::sync::Arc;

/// See the file. It acts behind `displayed`, which notes for the owner what was read, and before what stores or copies.
pub struct Privacy;

impl Feature for Privacy {
    fn spec(&self) -> Spec {
        const OWN: Claim = Claim {
            ns: ns::MAGPIE_PRIVACY,
            name: "privacy",
            get: true,
            set: true,
            to: &[To::Own],
        };
        Spec {
            account_disco: &[ns::MAGPIE_PRIVACY],
            claims: &[OWN],
            ..Spec::default()
        }
    }

    fn iq<'a>(&'a self, cx: &'a Arc<Ctx>, iq: Iq<'a>) -> BoxFuture<'a, IqResult> {
        Box::pin(async move {
            let account = &iq.session.account;
            if !iq.set {
                return Ok(Answer::with(element(account.privacy())));
            }
            let turn = account.turn().await;
            let before = account.privacy();
            let settings = changed(before, iq.payload)?;
            let mut fx = Effects::new();
            fx.hold([turn]);
            let (space, key) = PRIVACY_KEY;
            fx.store(kv::put(account.id, space, key, settings.encode().into()));
            if settings.searchable != before.searchable {
                fx.store(directory::listing(cx, account, settings.searchable).await?);
            }
            fx.changed(account);
            account.set_privacy(settings);
            Ok(Answer::after(fx))
        })
    }

    fn message_out(
        &self,
        _cx: &Ctx,
        from: &Arc<Session>,
        m: &mut Stanza,
        _fx: &mut Effects,
    ) -> Flow {
        if from.account.privacy().read_receipts || !m.has("displayed", ns::MARKERS) {
            return Flow::Go;
        }
        m.remove(|k| k.name == "displayed" && k.ns == ns::MARKERS);
        // A message that is nothing but a marker ends here. Hints and ids say nothing by themselves.
        if m.kids().all(|k| k.ns == ns::HINTS || k.ns == ns::SID) {
            Flow::Stop
        } else {
            Flow::Go
        }
    }
}

fn element(settings: Settings) -> Element {
    let bit = |on: bool| if on { "1" } else { "0" };
    let last_seen = if settings.last_seen {
        "contacts"
    } else {
        "nobody"
    };
    Element::new(ns::MAGPIE_PRIVACY, "privacy")
        .attr("last-seen", last_seen)
        .attr("read-receipts", bit(settings.read_receipts))
        .attr("searchable", bit(settings.searchable))
}

/// The settings with what `asked` names in place of what was.
fn changed(mut settings: Settings, asked: &Element) -> Result<Settings, StanzaError> {
    for (name, value) in asked.attrs() {
        let on = match (name, value) {
            ("last-seen", "contacts") | ("read-receipts" | "searchable", "1" | "true") => true,
            ("last-seen", "nobody") | ("read-receipts" | "searchable", "0" | "false") => false,
            ("last-seen" | "read-receipts" | "searchable", _) => {
                return Err(StanzaError::bad_request().with_text(
                    "last-seen is contacts or nobody, read-receipts and searchable are 0 or 1",
                ));
            }
            _ => continue,
        };
        match name {
            "last-seen" => settings.last_seen = on,
            "read-receipts" => settings.read_receipts = on,
            _ => settings.searchable = on,
        }
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(attrs: &str) -> Result<Settings, StanzaError> {
        let xml = format!("<privacy xmlns='urn:magpie:privacy:0' {attrs}/>");
        changed(Settings::default(), &Element::parse(&xml).unwrap())
    }

    #[test]
    fn only_what_is_named_changes() {
        let all_off = asked("last-seen='nobody' read-receipts='0' searchable='0'").unwrap();
        assert!(!all_off.last_seen && !all_off.read_receipts && !all_off.searchable);
        let found = asked("searchable='1'").unwrap();
        assert!(found.last_seen && found.read_receipts && found.searchable);
        assert_eq!(asked("tomorrow='1'").unwrap(), Settings::default());
        for bad in ["last-seen='1'", "read-receipts='maybe'", "searchable=''"] {
            assert!(asked(bad).is_err(), "{bad}");
        }
    }
}
