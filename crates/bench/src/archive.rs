//! Pages a user's own archive (XEP-0313) with result set management (XEP-0059).

use crate::{session::Session, xml};
use anyhow::{Context, Result, bail};

/// One page of results.
pub struct Page {
    /// Archive id and the whole result stanza, in archive order.
    pub items: Vec<(String, Vec<u8>)>,
    /// Where the next page begins.
    pub last: Option<String>,
    /// No more pages follow.
    pub complete: bool,
}

/// Asks for up to `max` messages after the archive id `after`, or from the beginning.
pub async fn page(session: &mut Session, after: Option<&str>, max: u32) -> Result<Page> {
    let id = session.next_id();
    let after = after
        .map(|id| format!("<after>{}</after>", xml::escape(id)))
        .unwrap_or_default();
    let request = format!(
        "<iq type='set' id='{id}'><query xmlns='urn:xmpp:mam:2' queryid='{id}'>\
         <set xmlns='http://jabber.org/protocol/rsm'><max>{max}</max>{after}</set></query></iq>"
    );
    session.wire.send(request.as_bytes()).await?;
    let mut items = Vec::new();
    loop {
        let element = session.wire.element().await?;
        if let Some(result) =
            xml::find(&element, "result").filter(|r| xml::attr(r, "queryid") == Some(&id))
        {
            let archive_id = xml::attr(result, "id").context("a result without an archive id")?;
            items.push((xml::unescape(archive_id), element));
        } else if xml::name(&element) == b"iq" && xml::attr(&element, "id") == Some(&id) {
            let Some(fin) = xml::find(&element, "fin") else {
                bail!(
                    "no page of the archive: {}",
                    String::from_utf8_lossy(&element)
                );
            };
            let complete = matches!(xml::attr(fin, "complete"), Some("true" | "1"));
            return Ok(Page {
                items,
                last: xml::find(fin, "last").and_then(xml::text),
                complete,
            });
        }
    }
}

/// Pages through the whole archive, handing over each result's archive id and stanza.
pub async fn walk(
    session: &mut Session,
    max: u32,
    mut each: impl FnMut(String, &[u8]),
) -> Result<()> {
    let mut after = None;
    loop {
        let page = page(session, after.as_deref(), max).await?;
        page.items
            .into_iter()
            .for_each(|(id, stanza)| each(id, &stanza));
        if page.complete || page.last.is_none() {
            return Ok(());
        }
        after = page.last;
    }
}
