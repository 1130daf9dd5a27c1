//! XEP-0153 vCard-Based Avatars 1.1.1: presence tells which picture the card has, also for clients that do not know their own.
//!
//! The server knows the card, so that it writes the hash into presence where a client left it out, and tells everybody who
//! sees the account when the picture changes.

use crate::presence;
use base64::{Engine, engine::general_purpose::STANDARD};
use magpie_core::{Account, Ctx, Effects, Feature, Flow, Session, Spec, Xep, account::AVATAR_KEY};
use magpie_store::kv;
use magpie_xmpp::{Element, Stanza, ns, stanza::PresenceType};
use sha1::{Digest, Sha1};
use std::sync::Arc;

/// See the file. It acts before `presence`, which tells the others.
pub struct Avatar;

impl Feature for Avatar {
    fn spec(&self) -> Spec {
        const XEP: Xep = Xep {
            number: 153,
            name: "vCard-Based Avatars",
            version: "1.1.1",
            left_out: "",
        };
        Spec {
            xeps: &[XEP],
            ..Spec::default()
        }
    }

    fn presence_out(
        &self,
        _cx: &Ctx,
        from: &Arc<Session>,
        p: &mut Stanza,
        _fx: &mut Effects,
    ) -> Flow {
        if p.presence_type() == Ok(PresenceType::Available) && !tells(p) {
            tell(&from.account, p);
        }
        Flow::Go
    }
}

/// Whether the client itself says which picture it is (§4.1): an `<x/>` without a photo says nothing yet.
fn tells(p: &Stanza) -> bool {
    let update = p.element("x", ns::VCARD_UPDATE);
    update.is_some_and(|x| x.find("photo", ns::VCARD_UPDATE).is_some())
}

/// Writes the account's picture into a presence; an account that never had one says nothing.
fn tell(account: &Account, p: &mut Stanza) {
    let Some(hash) = account.avatar() else { return };
    p.remove(|k| k.name == "x" && k.ns == ns::VCARD_UPDATE);
    let photo = Element::new(ns::VCARD_UPDATE, "photo");
    let photo = if hash.is_empty() {
        photo
    } else {
        photo.text(&*hash)
    };
    p.push(&Element::new(ns::VCARD_UPDATE, "x").child(photo));
}

/// The account's card is `card` from now on: whoever sees the account learns of another picture. The caller holds its turn.
pub(crate) fn changed(cx: &Ctx, account: &Arc<Account>, card: &Element, fx: &mut Effects) {
    let hash = hash(card);
    let before = account.avatar();
    if before.as_deref().unwrap_or_default() == hash {
        return;
    }
    let (space, key) = AVATAR_KEY;
    fx.store(kv::put(account.id, space, key, hash.clone().into()));
    fx.changed(account);
    account.set_avatar(hash.into());
    for session in account.sessions() {
        if let Some(mut p) = session.presence() {
            tell(account, &mut p);
            presence::renew(cx, &session, &p, fx);
        }
    }
}

/// The hash of a card's picture (§3.1), "" if it has none.
fn hash(card: &Element) -> String {
    let photo = card.find("PHOTO", ns::VCARD);
    let Some(encoded) = photo.and_then(|p| p.find_text("BINVAL", ns::VCARD)) else {
        return String::new();
    };
    let encoded: String = encoded.split_whitespace().collect();
    match STANDARD.decode(encoded) {
        Ok(picture) if !picture.is_empty() => Sha1::digest(&picture)
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_the_hash_of_its_bytes() {
        let of = |inner: &str| {
            let card = format!("<vCard xmlns='vcard-temp'>{inner}</vCard>");
            hash(&Element::parse(&card).unwrap())
        };
        assert_eq!(
            of("<PHOTO><TYPE>image/png</TYPE><BINVAL>\n YWJj\n</BINVAL></PHOTO>"),
            "a9993e364706816aba3e25717850c26c9cd0d89d"
        );
        for none in [
            "",
            "<PHOTO/>",
            "<PHOTO><BINVAL/></PHOTO>",
            "<PHOTO><BINVAL>!</BINVAL></PHOTO>",
        ] {
            assert_eq!(of(none), "", "{none}");
        }
    }
}
