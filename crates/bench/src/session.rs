//! A bound session in dialogue: requests, presence, rooms, stream management.

use crate::{wire::Wire, xml};
use anyhow::{Result, bail};
use memchr::memmem;

/// A bound session.
pub struct Session {
    /// The connection.
    pub wire: Wire,
    domain: String,
    ids: u32,
}

impl Session {
    /// A session over an authenticated wire; the caller binds it.
    pub fn new(wire: Wire, domain: String) -> Self {
        Session {
            wire,
            domain,
            ids: 0,
        }
    }

    /// Sends an IQ and waits for its result; an error answer is an error. Other stanzas are dropped.
    pub async fn iq(&mut self, kind: &str, to: Option<&str>, payload: &str) -> Result<Vec<u8>> {
        let id = self.next_id();
        let to = to
            .map(|to| format!(" to='{}'", xml::escape(to)))
            .unwrap_or_default();
        self.wire
            .send(format!("<iq type='{kind}' id='{id}'{to}>{payload}</iq>").as_bytes())
            .await?;
        loop {
            let answer = self.wire.element().await?;
            if xml::name(&answer) != b"iq" || xml::attr(&answer, "id") != Some(&id) {
                continue;
            }
            if xml::attr(&answer, "type") != Some("result") {
                bail!("request refused: {}", String::from_utf8_lossy(&answer));
            }
            return Ok(answer);
        }
    }

    /// An id no other request of this session has.
    pub fn next_id(&mut self) -> String {
        self.ids += 1;
        format!("q{}", self.ids)
    }

    /// Sends initial presence and waits until the server has taken note of it.
    pub async fn presence(&mut self) -> Result<()> {
        self.wire.send(b"<presence/>").await?;
        self.ping().await
    }

    /// Enters a room (XEP-0045 §7.2) and waits for the own presence; a new room is made an instant one.
    pub async fn join(&mut self, room: &str, nick: &str) -> Result<()> {
        let presence = format!(
            "<presence to='{room}/{nick}'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>"
        );
        self.wire.send(presence.as_bytes()).await?;
        let own = format!("{room}/{nick}");
        let entered = loop {
            let element = self.wire.element().await?;
            if xml::name(&element) == b"presence" && xml::attr(&element, "from") == Some(&own) {
                break element;
            }
        };
        if xml::attr(&entered, "type") == Some("error") {
            bail!(
                "{room} cannot be entered: {}",
                String::from_utf8_lossy(&entered)
            );
        }
        if memmem::find(&entered, b"code='201'")
            .or_else(|| memmem::find(&entered, b"code=\"201\""))
            .is_some()
        {
            let instant = "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query>";
            self.iq("set", Some(room), instant).await?;
        }
        Ok(())
    }

    /// Fetches the roster (RFC 6121 §2.1.3) and drops it.
    pub async fn roster(&mut self) -> Result<()> {
        self.iq("get", None, "<query xmlns='jabber:iq:roster'/>")
            .await
            .map(drop)
    }

    /// Waits until the server has worked off all that was sent (XEP-0199).
    pub async fn ping(&mut self) -> Result<()> {
        let domain = self.domain.clone();
        self.iq("get", Some(&domain), "<ping xmlns='urn:xmpp:ping'/>")
            .await
            .map(drop)
    }

    /// Enables stream management (XEP-0198); gives the resumption id if there is one.
    pub async fn enable_sm(&mut self) -> Result<Option<String>> {
        self.wire
            .send(b"<enable xmlns='urn:xmpp:sm:3' resume='true'/>")
            .await?;
        loop {
            let answer = self.wire.element().await?;
            match xml::name(&answer) {
                b"enabled" => return Ok(xml::attr(&answer, "id").map(xml::unescape)),
                b"failed" => bail!("no stream management: {}", String::from_utf8_lossy(&answer)),
                _ => {}
            }
        }
    }
}
