//! An archived message as a `<result/>` (XEP-0313 §4.2), by putting bytes together: the message itself is not read.

use magpie_store::archive::Archived;
use magpie_xmpp::{datetime, escape, ns};

/// The element of `item`, with the id of the query that it answers.
pub(crate) fn xml(item: &Archived, query_id: Option<&str>) -> String {
    let mut xml = format!("<result xmlns='{}' id='{}'", ns::MAM2, item.id).into_bytes();
    if let Some(query_id) = query_id {
        xml.extend_from_slice(b" queryid='");
        escape::attr(&mut xml, query_id);
        xml.push(b'\'');
    }
    let stamp = datetime::format(item.id.unix_ms());
    xml.extend_from_slice(
        format!(
            "><forwarded xmlns='{}'><delay xmlns='{}' stamp='{stamp}'/>",
            ns::FORWARD,
            ns::DELAY
        )
        .as_bytes(),
    );
    xml.extend_from_slice(&item.xml);
    xml.extend_from_slice(b"</forwarded></result>");
    String::from_utf8_lossy(&xml).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use magpie_store::Id;
    use magpie_xmpp::Element;

    #[test]
    fn a_result_carries_the_message_as_it_was() {
        let message = "<message xmlns='jabber:client' from='a@b/c' to='d@e'><body>你好 &amp;</body></message>";
        let item = Archived {
            id: Id::first_of(1_275_868_800_000),
            xml: message.into(),
        };
        let r = Element::parse(&xml(&item, Some("f'27"))).unwrap();
        assert_eq!(
            (r.get("queryid"), r.get("id")),
            (Some("f'27"), Some(item.id.to_string().as_str()))
        );
        let f = r.find("forwarded", ns::FORWARD).unwrap();
        assert_eq!(
            f.find("delay", ns::DELAY).unwrap().get("stamp"),
            Some("2010-06-07T00:00:00.000Z")
        );
        assert_eq!(
            f.find("message", ns::CLIENT)
                .unwrap()
                .find_text("body", ns::CLIENT)
                .unwrap(),
            "你好 &"
        );
    }
}
