//! XEP-0115 Entity Capabilities 1.6.0: the server's own, in its stream features. What clients say travels in their presence.

use base64::{Engine, engine::general_purpose::STANDARD};
use magpie_core::{Ctx, Feature, Spec, Xep};
use magpie_xmpp::{Element, form::Form, ns};
use sha1::{Digest, Sha1};

/// See the file.
pub struct Caps;

const NODE: &str = "https://magpie.chat";

impl Feature for Caps {
    fn spec(&self) -> Spec {
        const XEP: Xep = Xep {
            number: 115,
            name: "Entity Capabilities",
            version: "1.6.0",
            left_out: "",
        };
        Spec {
            xeps: &[XEP],
            server_disco: &[ns::CAPS],
            ..Spec::default()
        }
    }

    fn stream_features(&self, cx: &Ctx, authenticated: bool, out: &mut Vec<Element>) {
        if authenticated {
            let info = crate::disco::server_info(cx);
            let c = Element::new(ns::CAPS, "c")
                .attr("hash", "sha-1")
                .attr("node", NODE)
                .attr("ver", verification(&info));
            out.push(c);
        }
    }
}

/// The node under which the full answer can be asked for.
pub(crate) fn node_and_ver(info: &Element) -> String {
    format!("{NODE}#{}", verification(info))
}

/// The verification string of §5.1, hashed.
fn verification(info: &Element) -> String {
    let get = |e: &Element, name: &str| e.get(name).unwrap_or("").to_owned();
    let of = |name: &'static str| info.children().filter(move |c| c.is(name, ns::DISCO_INFO));
    let mut identities: Vec<String> = of("identity")
        .map(|i| {
            format!(
                "{}/{}/{}/{}<",
                get(i, "category"),
                get(i, "type"),
                get(i, "xml:lang"),
                get(i, "name")
            )
        })
        .collect();
    let mut features: Vec<String> = of("feature")
        .map(|f| format!("{}<", get(f, "var")))
        .collect();
    let mut forms: Vec<Form> = info.children().filter_map(Form::parse).collect();
    identities.sort();
    features.sort();
    forms.sort_by(|a, b| a.form_type().cmp(&b.form_type()));
    let mut s: String = identities.concat() + &features.concat();
    for form in &mut forms {
        s.push_str(&format!("{}<", form.form_type().unwrap_or("")));
        form.fields.sort_by(|a, b| a.var.cmp(&b.var));
        for field in form.fields.iter_mut().filter(|f| f.var != "FORM_TYPE") {
            field.values.sort();
            s.push_str(&format!("{}<", field.var));
            field
                .values
                .iter()
                .for_each(|v| s.push_str(&format!("{v}<")));
        }
    }
    STANDARD.encode(Sha1::digest(s))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_xep() {
        let info = |xml: &str| verification(&Element::parse(xml).unwrap());
        let simple = "<query xmlns='http://jabber.org/protocol/disco#info'><identity category='client' name='Exodus 0.9.1' type='pc'/><feature var='http://jabber.org/protocol/caps'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/muc'/></query>";
        assert_eq!(info(simple), "QgayPKawpkPSDYmwT/WM94uAlu0=");
        let complex = "<query xmlns='http://jabber.org/protocol/disco#info'><identity xml:lang='en' category='client' name='Psi 0.11' type='pc'/><identity xml:lang='el' category='client' name='Ψ 0.11' type='pc'/><feature var='http://jabber.org/protocol/caps'/><feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/><feature var='http://jabber.org/protocol/muc'/><x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:dataforms:softwareinfo</value></field><field var='ip_version'><value>ipv4</value><value>ipv6</value></field><field var='os'><value>Mac</value></field><field var='os_version'><value>10.5.1</value></field><field var='software'><value>Psi</value></field><field var='software_version'><value>0.11</value></field></x></query>";
        assert_eq!(info(complex), "q07IKJEyjvHSyhy//CH0CxmKi8w=");
    }
}
