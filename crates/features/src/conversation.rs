//! A conversation as its owner's devices see it (`urn:magpie:inbox:0`, docs/extensions.md), and telling them when it changed.
//!
//! What is told is the state, read after the commit and in the account's turn: whoever hears last has the newest.

use magpie_core::{Account, Ctx, Effect, Effects, Entry, Session, Target, session::Wish};
use magpie_store::{Id, conversations::Conversation};
use magpie_xmpp::{Element, Stanza, ns};
use std::sync::Arc;
use tokio::sync::oneshot;

/// What an entry of the inbox says beyond XEP-0430.
pub(crate) fn element(c: &Conversation) -> Element {
    let bit = |on: bool| if on { "1" } else { "0" };
    let read = (c.read_id != Id::ZERO).then(|| c.read_id.to_string());
    Element::new(ns::MAGPIE_INBOX, "conversation")
        .attr("pinned", bit(c.pinned))
        .attr("muted", bit(c.muted))
        .attr("marked", bit(c.marked))
        .attr_opt("hidden", c.hidden.then_some("1"))
        .attr_opt("read", read)
}

/// Tells the account's devices that asked for the inbox, all but `except`, how the conversation with `peer` (bare) stands once
/// `fx` is committed.
pub(crate) fn push(
    cx: &Ctx,
    account: &Arc<Account>,
    peer: &str,
    except: Option<&Arc<Session>>,
    fx: &mut Effects,
) {
    if listeners(account, except).is_empty() {
        return;
    }
    let Some(cx) = cx.arc() else { return };
    let (account, peer, except) = (account.clone(), peer.to_owned(), except.cloned());
    let (done, committed) = oneshot::channel();
    fx.push(Effect::Done(done));
    let task = {
        let cx = cx.clone();
        async move {
            if let Ok(Ok(())) = committed.await {
                tell(&cx, &account, &peer, except.as_ref()).await;
            }
        }
    };
    cx.spawn(task);
}

fn listeners(account: &Account, except: Option<&Arc<Session>>) -> Vec<Arc<Session>> {
    let mut sessions = account.sessions();
    sessions.retain(|s| s.wants(Wish::Inbox) && !except.is_some_and(|e| Arc::ptr_eq(e, s)));
    sessions
}

async fn tell(cx: &Ctx, account: &Arc<Account>, peer: &str, except: Option<&Arc<Session>>) {
    let mut fx = Effects::new();
    fx.hold([account.turn().await]);
    let conversation = match cx.store.conversation(account.id, peer).await {
        Ok(Some(conversation)) => conversation,
        Ok(None) => return,
        Err(error) => {
            tracing::warn!(%error, account = %account.jid, "could not read a changed conversation; its devices see it when they ask");
            return;
        }
    };
    let said = element(&conversation)
        .attr("jid", conversation.peer.clone())
        .attr("unread", conversation.unread.to_string());
    let push = Stanza::message()
        .with_type("headline")
        .with_from(account.jid.clone())
        .with_child(said);
    for session in listeners(account, except) {
        let push = push.clone().with_to(session.jid.clone());
        fx.deliver(Target::Session(session), push);
    }
    cx.submit(Entry::new(fx));
}
