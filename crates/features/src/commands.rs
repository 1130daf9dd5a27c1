//! XEP-0050 Ad-Hoc Commands 1.3.0: what a person may have the server do, each done in one step.

use crate::invitations;
use magpie_core::{
    Answer, Claim, Ctx, Feature, Iq, IqResult, Session, Spec, To, Xep, auth, feature::BoxFuture,
};
use magpie_xmpp::{Element, StanzaError, form::Form, ns};
use std::sync::Arc;

/// A command of the server.
pub(crate) trait Command: Send + Sync {
    /// Its node.
    fn node(&self) -> &'static str;
    /// Carries it out for the session's account; what came of it.
    fn run<'a>(
        &'a self,
        cx: &'a Ctx,
        session: &'a Arc<Session>,
    ) -> BoxFuture<'a, Result<Form, StanzaError>>;
}

/// See the file.
pub struct Commands {
    list: Vec<Box<dyn Command>>,
}

impl Commands {
    /// With these commands.
    pub(crate) fn new(list: Vec<Box<dyn Command>>) -> Commands {
        Commands { list }
    }
}

/// What disco#items lists at the node of the commands (§2.2).
pub(crate) fn items(domain: &str) -> Element {
    let item = Element::new(ns::DISCO_ITEMS, "item")
        .attr("jid", domain)
        .attr("node", invitations::INVITE)
        .attr("name", invitations::NAME);
    Element::new(ns::DISCO_ITEMS, "query")
        .attr("node", ns::COMMANDS)
        .child(item)
}

impl Feature for Commands {
    fn spec(&self) -> Spec {
        const XEP: Xep = Xep {
            number: 50,
            name: "Ad-Hoc Commands",
            version: "1.3.0",
            left_out: "commands of several steps",
        };
        Spec {
            xeps: &[XEP],
            server_disco: &[ns::COMMANDS],
            account_disco: &[],
            claims: &[Claim {
                ns: ns::COMMANDS,
                name: "command",
                get: false,
                set: true,
                to: &[To::Server],
            }],
        }
    }

    fn iq<'a>(&'a self, cx: &'a Arc<Ctx>, iq: Iq<'a>) -> BoxFuture<'a, IqResult> {
        Box::pin(async move {
            let node = iq.payload.get("node").unwrap_or_default();
            let command = self
                .list
                .iter()
                .find(|c| c.node() == node)
                .ok_or_else(StanzaError::item_not_found)?;
            let answer = |status: &str| -> Result<Element, StanzaError> {
                let session = match iq.payload.get("sessionid") {
                    Some(id) => id.to_owned(),
                    None => auth::token().map_err(|_| StanzaError::internal_server_error())?,
                };
                Ok(Element::new(ns::COMMANDS, "command")
                    .attr("node", node)
                    .attr("sessionid", session)
                    .attr("status", status))
            };
            match iq.payload.get("action").unwrap_or("execute") {
                "cancel" => Ok(Answer::with(answer("canceled")?)),
                "execute" | "complete" | "next" => {
                    let form = command.run(cx, iq.session).await?;
                    Ok(Answer::with(answer("completed")?.child(form.to_element())))
                }
                "prev" => Err(StanzaError::bad_request()
                    .with_extra(Element::new(ns::COMMANDS, "bad-action"))
                    .with_text("this command has one step")),
                _ => Err(StanzaError::bad_request()
                    .with_extra(Element::new(ns::COMMANDS, "malformed-action"))),
            }
        })
    }
}
