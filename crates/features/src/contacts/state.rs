//! The subscription states of RFC 6121 Appendix A with the pre-approval of §3.4, and what each presence does to them.

use magpie_store::roster::{Item, Subscription};
use magpie_xmpp::stanza::PresenceType;

/// What a presence that manages a subscription says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Subscribe,
    Subscribed,
    Unsubscribe,
    Unsubscribed,
}

impl Verb {
    /// `None` if it says something else.
    pub fn of(kind: PresenceType) -> Option<Verb> {
        match kind {
            PresenceType::Subscribe => Some(Verb::Subscribe),
            PresenceType::Subscribed => Some(Verb::Subscribed),
            PresenceType::Unsubscribe => Some(Verb::Unsubscribe),
            PresenceType::Unsubscribed => Some(Verb::Unsubscribed),
            _ => None,
        }
    }

    /// As the type of a presence.
    pub fn as_str(self) -> &'static str {
        match self {
            Verb::Subscribe => "subscribe",
            Verb::Subscribed => "subscribed",
            Verb::Unsubscribe => "unsubscribe",
            Verb::Unsubscribed => "unsubscribed",
        }
    }
}

/// How an account stands with a contact. The nine states of Appendix A are the values these four facts can have together
/// (who sees the contact does not ask, and who is seen is not asked); the fifth is the pre-approval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// The account sees the contact.
    pub to: bool,
    /// The contact sees the account.
    pub from: bool,
    /// The account asked to see the contact ("Pending Out").
    pub asks: bool,
    /// The contact asked to see the account ("Pending In").
    pub asked: bool,
    /// The account approved a request that has not come yet.
    pub approved: bool,
}

/// What becomes of a presence at the contact's server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Received {
    /// The contact's devices get it.
    pub deliver: bool,
    /// The server answers `subscribed` in the contact's name.
    pub approve: bool,
}

impl State {
    /// The state that a roster item says.
    pub fn of(item: &Item) -> State {
        use Subscription::{Both, From, To};
        State {
            to: matches!(item.subscription, To | Both),
            from: matches!(item.subscription, From | Both),
            asks: item.ask,
            asked: item.pending_in.is_some(),
            approved: item.approved,
        }
    }

    /// Whether it makes the other a contact: a mere request of his does not.
    pub fn is_relation(self) -> bool {
        self.to || self.from || self.asks || self.approved
    }

    /// Writes the state into a roster item; a request that is answered is forgotten.
    pub fn apply(self, item: &mut Item) {
        item.subscription = match (self.to, self.from) {
            (false, false) => Subscription::None,
            (true, false) => Subscription::To,
            (false, true) => Subscription::From,
            (true, true) => Subscription::Both,
        };
        item.ask = self.asks;
        item.approved = self.approved;
        if !self.asked {
            item.pending_in = None;
        }
    }

    /// The account sends `verb` to the contact (Appendix A.2): the new state, and whether the contact is told.
    pub fn send(mut self, verb: Verb) -> (State, bool) {
        let told = match verb {
            Verb::Subscribe => {
                self.asks = !self.to;
                true
            }
            Verb::Unsubscribe => {
                (self.to, self.asks) = (false, false);
                true
            }
            Verb::Subscribed => {
                let was_asked = std::mem::take(&mut self.asked);
                self.approved = !was_asked && !self.from;
                self.from |= was_asked;
                was_asked
            }
            Verb::Unsubscribed => {
                let told = self.from || self.asked;
                (self.from, self.asked, self.approved) = (false, false, false);
                told
            }
        };
        (self, told)
    }

    /// The contact's `verb` arrives at the account (Appendix A.3): the new state, and what becomes of the presence.
    pub fn receive(mut self, verb: Verb) -> (State, Received) {
        let mut received = Received::default();
        match verb {
            Verb::Subscribe if self.from || self.approved => {
                (self.from, self.approved) = (true, false);
                received.approve = true;
            }
            Verb::Subscribe => received.deliver = !std::mem::replace(&mut self.asked, true),
            Verb::Unsubscribe => {
                received.deliver = self.from || self.asked;
                (self.from, self.asked) = (false, false);
            }
            Verb::Subscribed => {
                received.deliver = std::mem::take(&mut self.asks);
                self.to |= received.deliver;
            }
            Verb::Unsubscribed => {
                received.deliver = self.to || self.asks;
                (self.to, self.asks) = (false, false);
            }
        }
        (self, received)
    }
}

#[cfg(test)]
pub(crate) mod tests;
