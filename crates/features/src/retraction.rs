//! XEP-0424 Message Retraction 0.4.2: what its author takes back is gone from the archives of both, and a tombstone stays.
//!
//! The message is looked for before the retraction is decided (docs/decisions/0003), and replaced in the transaction that stores
//! the retraction: what was accepted has happened. So are its corrections (XEP-0308), which say the same again. Files stay
//! with their owner.

use crate::conversation;
use magpie_core::{
    Ctx, Effects, Feature, Flow, Session, Spec, Xep, clock::now_ms, feature::BoxFuture,
};
use magpie_store::{
    Archived, Error as StoreError, Id,
    sent::{self, Sent},
};
use magpie_xmpp::{Element, Stanza, StanzaError, datetime, ns, stanza::MessageType};
use std::sync::Arc;

/// See the file.
pub struct Retraction;

/// Among how many of the newest messages the id is looked for where it is not the key of one, and corrections are.
const LOOKED_THROUGH: u32 = 250;

impl Feature for Retraction {
    fn spec(&self) -> Spec {
        const XEP: Xep = Xep {
            number: 424,
            name: "Message Retraction",
            version: "0.4.2",
            left_out: "",
        };
        const BOTH: &[&str] = &[ns::RETRACT, ns::RETRACT_TOMBSTONE];
        Spec {
            xeps: &[XEP],
            server_disco: BOTH,
            account_disco: BOTH,
            ..Spec::default()
        }
    }

    fn message_lookup<'a>(
        &'a self,
        cx: &'a Ctx,
        from: &'a Arc<Session>,
        m: &'a Stanza,
    ) -> Option<BoxFuture<'a, Result<Effects, StanzaError>>> {
        let target = retracted(m)?;
        // Without an id of its own the tombstone could not name it (§4); `message_out` refuses it.
        let by = m.id.clone()?;
        Some(Box::pin(async move {
            take_back(cx, from, m, &target, &by).await.map_err(failed)
        }))
    }

    fn message_out(
        &self,
        _cx: &Ctx,
        _from: &Arc<Session>,
        m: &mut Stanza,
        _fx: &mut Effects,
    ) -> Flow {
        match retracted(m) {
            Some(_) if m.id.is_none() => Flow::Reject(
                StanzaError::bad_request().with_text("a retraction needs an id of its own"),
            ),
            _ => Flow::Go,
        }
    }
}

/// The id of what a message takes back.
fn retracted(m: &Stanza) -> Option<String> {
    if !matches!(m.message_type(), MessageType::Chat | MessageType::Normal) {
        return None;
    }
    let retract = m.element("retract", ns::RETRACT)?;
    retract.get("id").map(Into::into)
}

async fn take_back(
    cx: &Ctx,
    from: &Arc<Session>,
    m: &Stanza,
    target: &str,
    by: &str,
) -> Result<Effects, StoreError> {
    let mut fx = Effects::new();
    let Some(to) = &m.to else { return Ok(fx) };
    let Some((id, original)) = find(cx, from, to.bare_str(), target).await? else {
        return Ok(fx);
    };
    let mut all = vec![(id, original)];
    all.extend(corrections(cx, from, to.bare_str(), id, target).await?);
    for (id, said) in all {
        if !said.has("retracted", ns::RETRACT) {
            fx.store(sent::replace(id, &tombstone(&said, by)));
        }
    }
    if let Some(recipient) = cx.accounts.get(&to.bare()).await? {
        conversation::push(cx, &recipient, from.account.jid.as_str(), None, &mut fx);
    }
    Ok(fx)
}

/// The message that the session's account sent to `peer` under this id. Nobody takes back what another said: only what
/// the account itself sent is looked through.
async fn find(
    cx: &Ctx,
    from: &Session,
    peer: &str,
    id: &str,
) -> Result<Option<(Id, Stanza)>, StoreError> {
    let owner = from.account.id;
    if let Some(found) = cx.store.sent_as(owner, peer, id).await? {
        return Ok(parsed(found));
    }
    let newest = cx
        .store
        .sent_after(owner, peer, Id::ZERO, Sent::Any, LOOKED_THROUGH)
        .await?;
    Ok(newest
        .into_iter()
        .filter_map(parsed)
        .find(|(_, said)| said.id.as_deref() == Some(id)))
}

/// What corrects the message that has this id.
async fn corrections(
    cx: &Ctx,
    from: &Session,
    peer: &str,
    after: Id,
    id: &str,
) -> Result<Vec<(Id, Stanza)>, StoreError> {
    let newer = cx
        .store
        .sent_after(
            from.account.id,
            peer,
            after,
            Sent::Corrections,
            LOOKED_THROUGH,
        )
        .await?;
    let corrects = |said: &Stanza| {
        let replace = said.element("replace", ns::CORRECT);
        replace.as_ref().and_then(|r: &Element| r.get("id")) == Some(id)
    };
    Ok(newer
        .into_iter()
        .filter_map(parsed)
        .filter(|(_, said)| corrects(said))
        .collect())
}

fn parsed(message: Archived) -> Option<(Id, Stanza)> {
    let said = Stanza::parse(&message.xml).ok()?;
    Some((message.id, said))
}

/// What stays of a message: who said when that there was one, its ids, and which retraction took it back (§4).
fn tombstone(said: &Stanza, by: &str) -> String {
    let mut left = said.clone();
    left.remove(|k| k.ns != ns::SID);
    let retracted = Element::new(ns::RETRACT, "retracted")
        .attr("id", by)
        .attr("stamp", datetime::format(now_ms()));
    left.push(&retracted);
    left.to_xml()
}

fn failed(error: StoreError) -> StanzaError {
    tracing::warn!(%error, "could not look for a message that is taken back");
    StanzaError::internal_server_error()
        .with_text("the server's database does not answer; try again later")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tombstone_tells_nothing_of_what_was_said() {
        let said = Stanza::parse(
            b"<message xmlns='jabber:client' from='a@x/1' to='b@x' type='chat' id='m1'><body>secret</body>\
              <subject>secret</subject><origin-id xmlns='urn:xmpp:sid:0' id='o1'/><x xmlns='jabber:x:oob'><url>secret</url></x></message>",
        )
        .unwrap();
        let xml = tombstone(&said, "r1");
        assert!(!xml.contains("secret"), "{xml}");
        let left = Stanza::parse(xml.as_bytes()).unwrap();
        assert_eq!(left.id.as_deref(), Some("m1"));
        assert!(left.has("origin-id", ns::SID));
        let retracted = left.element("retracted", ns::RETRACT).unwrap();
        assert_eq!(retracted.get("id"), Some("r1"));
        assert!(datetime::parse(retracted.get("stamp").unwrap()).is_some());
    }
}
