//! XEP-0157 Contact Addresses for XMPP Services 1.1.1: whom to ask when something is wrong.

use magpie_core::{Ctx, Feature, Spec, Xep};
use magpie_xmpp::{
    Element,
    form::{Field, Form},
    ns,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The section `[features.contact]`: addresses such as "mailto:abuse@example.org" or "xmpp:admin@example.org".
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Who hears of abuse.
    pub abuse: Vec<String>,
    /// Who runs the server.
    pub admin: Vec<String>,
    /// Who helps users.
    pub support: Vec<String>,
    /// Who hears of security problems.
    pub security: Vec<String>,
}

/// See the file.
pub struct ContactAddresses {
    config: Config,
}

impl ContactAddresses {
    /// With these addresses.
    pub fn new(config: &Config) -> ContactAddresses {
        ContactAddresses {
            config: config.clone(),
        }
    }
}

impl Feature for ContactAddresses {
    fn spec(&self) -> Spec {
        const XEP: Xep = Xep {
            number: 157,
            name: "Contact Addresses for XMPP Services",
            version: "1.1.1",
            left_out: "",
        };
        Spec {
            xeps: &[XEP],
            ..Spec::default()
        }
    }

    fn server_forms(&self, _cx: &Ctx, out: &mut Vec<Element>) {
        let c = &self.config;
        let all = [
            ("abuse", &c.abuse),
            ("admin", &c.admin),
            ("support", &c.support),
            ("security", &c.security),
        ];
        let filled: Vec<_> = all
            .into_iter()
            .filter(|(_, list)| !list.is_empty())
            .collect();
        if filled.is_empty() {
            return;
        }
        let field = |(name, list): (&str, &Vec<String>)| {
            Field::new(&format!("{name}-addresses"), "list-multi", list.clone())
        };
        let form = filled
            .into_iter()
            .fold(Form::new("result", ns::SERVERINFO), |form, f| {
                form.with(field(f))
            });
        out.push(form.to_element());
    }
}
