//! The types of stanzas (RFC 6121 §4.7.1, §5.2.2; RFC 6120 §8.2.3).

use crate::Stanza;

/// What a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageType {
    /// A single message; also any type that is not known.
    Normal,
    /// Part of a conversation.
    Chat,
    /// From or to a room.
    Groupchat,
    /// An alert.
    Headline,
    /// Something went wrong.
    Error,
}

/// What a presence is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PresenceType {
    /// No type: available.
    Available,
    /// No longer available.
    Unavailable,
    /// A request to see the other's presence.
    Subscribe,
    /// The request is granted.
    Subscribed,
    /// The sender no longer wants to see.
    Unsubscribe,
    /// The other may no longer see.
    Unsubscribed,
    /// A request for the current presence.
    Probe,
    /// Something went wrong.
    Error,
}

impl PresenceType {
    /// Whether it manages a subscription (RFC 6121 §3).
    pub fn is_subscription(self) -> bool {
        use PresenceType::{Subscribe, Subscribed, Unsubscribe, Unsubscribed};
        matches!(self, Subscribe | Subscribed | Unsubscribe | Unsubscribed)
    }
}

/// What an IQ is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IqType {
    /// A question.
    Get,
    /// A change.
    Set,
    /// An answer.
    Result,
    /// Something went wrong.
    Error,
}

impl Stanza {
    /// Its type as that of a message.
    pub fn message_type(&self) -> MessageType {
        match self.type_.as_deref() {
            Some("chat") => MessageType::Chat,
            Some("groupchat") => MessageType::Groupchat,
            Some("headline") => MessageType::Headline,
            Some("error") => MessageType::Error,
            _ => MessageType::Normal,
        }
    }

    /// Its type as that of a presence; `Err` if there is no such type.
    #[allow(
        clippy::result_unit_err,
        reason = "there is nothing to say but that it is none"
    )]
    pub fn presence_type(&self) -> Result<PresenceType, ()> {
        Ok(match self.type_.as_deref() {
            None => PresenceType::Available,
            Some("unavailable") => PresenceType::Unavailable,
            Some("subscribe") => PresenceType::Subscribe,
            Some("subscribed") => PresenceType::Subscribed,
            Some("unsubscribe") => PresenceType::Unsubscribe,
            Some("unsubscribed") => PresenceType::Unsubscribed,
            Some("probe") => PresenceType::Probe,
            Some("error") => PresenceType::Error,
            Some(_) => return Err(()),
        })
    }

    /// Its type as that of an IQ.
    pub fn iq_type(&self) -> Option<IqType> {
        match self.type_.as_deref()? {
            "get" => Some(IqType::Get),
            "set" => Some(IqType::Set),
            "result" => Some(IqType::Result),
            "error" => Some(IqType::Error),
            _ => None,
        }
    }
}
