//! Preferences: whose messages the archive keeps (XEP-0313 §5, XEP-0441).

use magpie_core::{
    Answer, Iq, IqResult,
    account::{ARCHIVE_PREFS_KEY, ArchiveDefault, ArchivePrefs},
};
use magpie_store::kv;
use magpie_xmpp::{Element, Jid, StanzaError, ns};

/// Addresses each list may have.
const MOST: usize = 500;

fn name(default: ArchiveDefault) -> &'static str {
    match default {
        ArchiveDefault::Always => "always",
        ArchiveDefault::Never => "never",
        ArchiveDefault::Roster => "roster",
    }
}

fn element(prefs: &ArchivePrefs) -> Element {
    let jid = |j: &Jid| Element::new(ns::MAM2, "jid").text(j.as_str());
    let list = |name: &'static str, jids: &[Jid]| {
        Element::new(ns::MAM2, name).children_from(jids.iter().map(jid))
    };
    Element::new(ns::MAM2, "prefs")
        .attr("default", name(prefs.default))
        .child(list("always", &prefs.always))
        .child(list("never", &prefs.never))
}

/// The preferences that hold.
pub(super) fn get(iq: &Iq<'_>) -> Answer {
    Answer::with(element(&iq.session.account.archive_prefs()))
}

fn parse(prefs: &Element) -> Result<ArchivePrefs, StanzaError> {
    let default = [
        ArchiveDefault::Always,
        ArchiveDefault::Never,
        ArchiveDefault::Roster,
    ]
    .into_iter()
    .find(|d| prefs.get("default") == Some(name(*d)))
    .ok_or_else(|| StanzaError::bad_request().with_text("default is always, never or roster"))?;
    let list = |name: &str| -> Result<Vec<Jid>, StanzaError> {
        let jids = prefs
            .find(name, ns::MAM2)
            .into_iter()
            .flat_map(Element::children);
        let jids: Vec<Jid> = jids
            .map(|j| Jid::new(j.text_content().trim()).map_err(|_| StanzaError::jid_malformed()))
            .collect::<Result<_, _>>()?;
        if jids.len() > MOST {
            Err(StanzaError::policy_violation().with_text("too many addresses"))
        } else {
            Ok(jids)
        }
    };
    Ok(ArchivePrefs {
        default,
        always: list("always")?,
        never: list("never")?,
    })
}

/// Sets them.
pub(super) fn set(iq: &Iq<'_>) -> IqResult {
    let prefs = parse(iq.payload)?;
    let account = &iq.session.account;
    let (space, key) = ARCHIVE_PREFS_KEY;
    let mut answer = Answer::with(element(&prefs));
    answer
        .effects
        .store(kv::put(account.id, space, key, prefs.encode().into()));
    answer.effects.changed(account);
    account.set_archive_prefs(prefs);
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let xml = "<prefs xmlns='urn:xmpp:mam:2' default='roster'><always><jid>romeo@montague.lit</jid></always><never><jid>montague@montague.lit</jid></never></prefs>";
        let prefs = parse(&Element::parse(xml).unwrap()).unwrap();
        assert_eq!(element(&prefs).to_xml(), xml);
        for bad in [
            "<prefs xmlns='urn:xmpp:mam:2'/>",
            "<prefs xmlns='urn:xmpp:mam:2' default='sometimes'/>",
            "<prefs xmlns='urn:xmpp:mam:2' default='never'><always><jid>a@b@c</jid></always></prefs>",
        ] {
            assert!(parse(&Element::parse(bad).unwrap()).is_err(), "{bad}");
        }
    }
}
