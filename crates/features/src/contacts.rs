//! What changes a contact list, whoever asks for it: the row, the roster push, and the presence that follows
//! (RFC 6121 §2.1.6, §3).
//!
//! Who calls these functions holds the turns of the accounts concerned (`Account::turn`), so that rows, pushes and presence
//! come in the order of the changes.

pub(crate) mod state;

use magpie_core::{Account, Ctx, Effect, Effects, Reach, Target};
use magpie_store::roster::{self, Item, Subscription};
use magpie_xmpp::{Element, Jid, Stanza, ns};
use state::{State, Verb};
use std::sync::Arc;

/// An item of which nothing is known, not even that it is a contact.
pub(crate) fn blank(jid: &Jid) -> Item {
    Item {
        jid: jid.clone(),
        name: None,
        subscription: Subscription::None,
        ask: false,
        approved: false,
        pending_in: None,
        groups: Vec::new(),
        version: 0,
    }
}

/// The item of `jid` (bare), blank if there is none.
pub(crate) fn item(account: &Account, jid: &Jid) -> Item {
    let found = account.roster(|r| r.get(jid).cloned());
    found.unwrap_or_else(|| blank(jid))
}

/// Whether the account has as many contacts as one may have.
pub(crate) fn is_full(cx: &Ctx, account: &Account) -> bool {
    let most = cx.config.roster_items;
    account.roster(|r| r.len() >= most && r.items().filter(|i| i.name.is_some()).count() >= most)
}

/// Whether as many requests wait for the account's answer as may: strangers cannot fill its memory.
fn is_besieged(cx: &Ctx, account: &Account) -> bool {
    let most = cx.config.roster_items;
    account
        .roster(|r| r.len() >= most && r.items().filter(|i| i.pending_in.is_some()).count() >= most)
}

/// An item as clients see it (RFC 6121 §2.1.2).
pub(crate) fn to_element(item: &Item) -> Element {
    let name = item.name.as_deref().filter(|n| !n.is_empty());
    let groups = item.groups.iter();
    Element::new(ns::ROSTER, "item")
        .attr("jid", item.jid.as_str())
        .attr_opt("name", name)
        .attr("subscription", item.subscription.as_str())
        .attr_opt("ask", item.ask.then_some("subscribe"))
        .attr_opt("approved", item.approved.then_some("true"))
        .children_from(groups.map(|g| Element::new(ns::ROSTER, "group").text(g)))
}

/// The push of one item to a session; where it goes says the caller (RFC 6121 §2.1.6).
pub(crate) fn push(item: &Item) -> Stanza {
    let version = item.version.to_string();
    let query = Element::new(ns::ROSTER, "query")
        .attr("ver", version.clone())
        .child(to_element(item));
    Stanza::iq("set")
        .with_id(&format!("roster-{version}"))
        .with_child(query)
}

fn push_all(account: &Arc<Account>, item: &Item, fx: &mut Effects) {
    fx.deliver(Target::Account(account.clone(), Reach::Roster), push(item));
}

/// Puts `item`, a contact as its owner set it, into the roster. All devices learn it.
pub(crate) fn set(account: &Arc<Account>, item: Item, fx: &mut Effects) {
    let item = put(account, item, fx);
    push_all(account, &item, fx);
}

/// Puts `item`, whose state changed, into the roster. The devices learn it if it looks different to them. An item that says
/// nothing any more goes.
pub(crate) fn save(account: &Arc<Account>, mut item: Item, fx: &mut Effects) {
    if State::of(&item).is_relation() {
        item.name.get_or_insert_default();
    }
    if item.name.is_none() && item.pending_in.is_none() {
        return drop(take(account, &item.jid, fx));
    }
    let old = account.roster(|r| r.contact(&item.jid).map(to_element));
    let item = put(account, item, fx);
    if item.name.is_some() && old.is_none_or(|old| old != to_element(&item)) {
        push_all(account, &item, fx);
    }
}

fn put(account: &Arc<Account>, mut item: Item, fx: &mut Effects) -> Item {
    account.roster(|r| {
        item.version = r.next_version();
        r.put(item.clone());
    });
    fx.changed(account);
    fx.store(roster::put(account.id, &item, item.version));
    item
}

/// Takes the item of `jid` out of the roster, and returns it. Its owner's devices learn it, unless it was a mere request.
pub(crate) fn take(account: &Arc<Account>, jid: &Jid, fx: &mut Effects) -> Option<Item> {
    let (old, version) = account.roster(|r| Some((r.remove(jid)?, r.next_version())))?;
    fx.changed(account);
    fx.store(roster::remove(account.id, jid, version));
    if old.name.is_some() {
        let (subscription, item) = (Subscription::Remove, blank(jid));
        let gone = Item {
            subscription,
            version,
            ..item
        };
        push_all(account, &gone, fx);
    }
    Some(old)
}

/// A presence of `verb` from one bare JID to another.
pub(crate) fn stanza(verb: Verb, from: &Jid, to: &Jid) -> Stanza {
    let presence = Stanza::presence().with_type(verb.as_str());
    presence.with_from(from.clone()).with_to(to.clone())
}

/// Carries out at `account` what a contact sent it: `p` is addressed from and to bare JIDs (RFC 6121 §3.1.3, §3.1.6, §3.2.3,
/// §3.3.3). A contact that is blocked may take back what there was, but is not heard.
pub(crate) fn receive(cx: &Ctx, account: &Arc<Account>, verb: Verb, p: &Stanza, fx: &mut Effects) {
    let Some(from) = &p.from else { return };
    let old = item(account, from);
    let before = State::of(&old);
    let (after, received) = before.receive(verb);
    if after.asked && !before.asked && is_besieged(cx, account) {
        return;
    }
    let peer = cx.accounts.cached(from);
    if let (Verb::Unsubscribed, true, Some(peer)) = (verb, before.to, &peer) {
        withdraw(peer, account, fx);
    }
    if received.deliver && !account.blocks(from) {
        let reach = if verb == Verb::Subscribe {
            Reach::Available
        } else {
            Reach::Roster
        };
        fx.deliver(Target::Account(account.clone(), reach), p.clone());
    }
    if after != before {
        let mut new = old;
        new.pending_in = Some(p.to_xml());
        after.apply(&mut new);
        save(account, new, fx);
    }
    let Some(peer) = &peer else { return };
    if verb == Verb::Unsubscribe && before.from {
        withdraw(account, peer, fx);
    }
    if verb == Verb::Subscribed && after.to != before.to {
        show(peer, account, fx);
    }
    if received.approve {
        let approval = stanza(Verb::Subscribed, &account.jid, from);
        receive(cx, peer, Verb::Subscribed, &approval, fx);
    }
}

/// Ends all there is between `account` and a contact: the contact learns it (RFC 6121 §2.5.2). A request is denied.
pub(crate) fn part(
    cx: &Ctx,
    account: &Account,
    contact: &Arc<Account>,
    state: State,
    fx: &mut Effects,
) {
    let verbs = [
        (Verb::Unsubscribe, state.to || state.asks),
        (Verb::Unsubscribed, state.from || state.asked),
    ];
    for (verb, _) in verbs.into_iter().filter(|(_, told)| *told) {
        let p = stanza(verb, &account.jid, &contact.jid);
        receive(cx, contact, verb, &p, fx);
    }
}

/// Makes two accounts contacts who see each other, whatever there was between them. The caller holds the turns of both.
pub(crate) fn befriend(one: &Arc<Account>, other: &Arc<Account>, fx: &mut Effects) {
    for (account, contact) in [(one, other), (other, one)] {
        let mut item = item(account, &contact.jid);
        let before = State::of(&item);
        let both = State {
            to: true,
            from: true,
            ..State::default()
        };
        both.apply(&mut item);
        save(account, item, fx);
        if !before.to {
            show(contact, account, fx);
        }
    }
}

/// `whose` devices are no longer seen by `by`.
fn withdraw(whose: &Arc<Account>, by: &Arc<Account>, fx: &mut Effects) {
    fx.push(Effect::Withdraw {
        account: whose.clone(),
        to: Target::Account(by.clone(), Reach::Available),
        address: by.jid.clone(),
    });
}

/// `whose` devices are seen by `by` from now on.
fn show(whose: &Arc<Account>, by: &Arc<Account>, fx: &mut Effects) {
    fx.push(Effect::Probe {
        contact: whose.clone(),
        to: Target::Account(by.clone(), Reach::Available),
        address: by.jid.clone(),
    });
}
