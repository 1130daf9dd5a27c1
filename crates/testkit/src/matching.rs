//! Whether what came is what the script expects: everything expected must be there, more may be.

use magpie_xmpp::Element;

/// `None` if `actual` is as `expected` says; else what is missing. An attribute `*` stands for any value, `!` for none; a
/// child `<absent xmlns='magpie:test' name='x' ns='y'/>` says that no child x of namespace y may be there.
pub fn matches(expected: &Element, actual: &Element) -> Option<String> {
    if expected.name() != actual.name() || expected.ns() != actual.ns() {
        let (name, ns) = (expected.name(), expected.ns());
        return Some(format!(
            "<{name} xmlns='{ns}'> expected, <{} xmlns='{}'> came",
            actual.name(),
            actual.ns()
        ));
    }
    for (name, value) in expected.attrs() {
        match (value, actual.get(name)) {
            ("!", Some(v)) => {
                return Some(format!(
                    "<{}> must not have {name}, it has {v:?}",
                    actual.name()
                ));
            }
            ("!", None) | ("*", Some(_)) => {}
            (v, Some(a)) if v == a => {}
            (v, a) => {
                return Some(format!(
                    "<{}> {name}={v:?} expected, {a:?} came",
                    actual.name()
                ));
            }
        }
    }
    let text = expected.text_content();
    if !text.trim().is_empty() && text != actual.text_content() {
        return Some(format!(
            "<{}> text {text:?} expected, {:?} came",
            actual.name(),
            actual.text_content()
        ));
    }
    children(expected, actual)
}

/// The expected children in their order, others may stand between them.
fn children(expected: &Element, actual: &Element) -> Option<String> {
    let mut rest = actual.children();
    for child in expected.children() {
        if child.is("absent", "magpie:test") {
            let (name, ns) = (
                child.get("name").unwrap_or(""),
                child.get("ns").unwrap_or(""),
            );
            if actual.find(name, ns).is_some() {
                return Some(format!(
                    "<{}> must not have a <{name} xmlns='{ns}'>",
                    actual.name()
                ));
            }
            continue;
        }
        let mut closest = None;
        loop {
            let Some(candidate) = rest.next() else {
                let why = closest.map_or(String::new(), |w: String| format!(" ({w})"));
                return Some(format!("<{}> lacks {}{why}", actual.name(), child.to_xml()));
            };
            match matches(child, candidate) {
                None => break,
                Some(why) => closest = Some(why),
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn el(xml: &str) -> Element {
        Element::parse(xml).unwrap()
    }

    #[test]
    fn what_is_expected_must_be_there_and_more_may_be() {
        let actual = el("<m xmlns='x' id='1' to='a'><b>t</b><c xmlns='y' k='v'/></m>");
        for good in [
            "<m xmlns='x'/>",
            "<m xmlns='x' id='*'><c xmlns='y'/></m>",
            "<m xmlns='x' from='!'><b>t</b></m>",
        ] {
            assert_eq!(matches(&el(good), &actual), None, "{good}");
        }
        for bad in [
            "<n xmlns='x'/>",
            "<m xmlns='y'/>",
            "<m xmlns='x' id='2'/>",
            "<m xmlns='x' id='!'/>",
            "<m xmlns='x' from='*'/>",
            "<m xmlns='x'><b>u</b></m>",
            "<m xmlns='x'><c xmlns='y' k='w'/></m>",
            "<m xmlns='x'><c xmlns='y'/><b/></m>",
            "<m xmlns='x'><absent xmlns='magpie:test' name='c' ns='y'/></m>",
        ] {
            assert!(matches(&el(bad), &actual).is_some(), "{bad}");
        }
    }
}
