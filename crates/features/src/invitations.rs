//! XEP-0401 Ad-hoc Account Invitation Generation 0.5.1, XEP-0445 Pre-Authenticated In-Band Registration 0.2.0 and XEP-0379
//! Pre-Authenticated Roster Subscription 0.3.3: a link by which somebody becomes a contact, with a new account or his own.

use crate::{commands::Command, contacts, registration::Mode};
use magpie_core::{
    Account, Answer, Ctx, Effects, Feature, IqResult, Session, Spec, Stranger, Xep,
    feature::BoxFuture, invitations,
};
use magpie_store::{Error as StoreError, invites::Invite};
use magpie_xmpp::{
    Element, Jid, Stanza, StanzaError, datetime,
    form::{Field, Form},
    ns,
    stanza::PresenceType,
};
use std::sync::Arc;

/// The node of the command that makes an invitation (XEP-0401 §3).
pub(crate) const INVITE: &str = "urn:xmpp:invite#invite";
/// Its name, for people.
pub(crate) const NAME: &str = "Invite somebody";

/// Invitations of one account that can still be used.
const OPEN: u64 = 50;

/// See the file.
pub struct Invitations {
    /// Who may make an account.
    pub mode: Mode,
}

/// The command; `registers`: its invitations are good for a new account.
pub(crate) struct InviteSomebody {
    pub registers: bool,
}

impl Command for InviteSomebody {
    fn node(&self) -> &'static str {
        INVITE
    }

    fn run<'a>(
        &'a self,
        cx: &'a Ctx,
        session: &'a Arc<Session>,
    ) -> BoxFuture<'a, Result<Form, StanzaError>> {
        Box::pin(async move {
            let owner = session.account.id;
            let now = magpie_core::clock::now_ms();
            if cx.store.invites_open(owner, now).await.map_err(failed)? >= OPEN {
                return Err(StanzaError::resource_constraint().with_text(
                    "there are many invitations of yours; they expire after some days",
                ));
            }
            let made = invitations::for_contact(cx, owner, self.registers)
                .await
                .map_err(failed)?;
            let jid = Some(&session.account.jid);
            let field = |var: &str, text: String| Field::new(var, "text-single", [text]);
            Ok(Form::new("result", INVITE)
                .with(field(
                    "uri",
                    invitations::uri(cx, jid, self.registers, &made.token),
                ))
                .with(field(
                    "landing-url",
                    invitations::landing_url(cx, &made.token),
                ))
                .with(field("expire", datetime::format(made.expires_ms))))
        })
    }
}

impl Feature for Invitations {
    fn spec(&self) -> Spec {
        const XEPS: &[Xep] = &[
            Xep {
                number: 401,
                name: "Ad-hoc Account Invitation Generation",
                version: "0.5.1",
                left_out: "the command for administrators: `magpie invite` makes such invitations",
            },
            Xep {
                number: 445,
                name: "Pre-Authenticated In-Band Registration",
                version: "0.2.0",
                left_out: "",
            },
            Xep {
                number: 379,
                name: "Pre-Authenticated Roster Subscription",
                version: "0.3.3",
                left_out: "tokens that clients make by themselves",
            },
        ];
        Spec {
            xeps: XEPS,
            server_disco: &[ns::INVITE, ns::PARS],
            ..Spec::default()
        }
    }

    fn stream_features(&self, _cx: &Ctx, authenticated: bool, out: &mut Vec<Element>) {
        if !authenticated && self.mode != Mode::Closed {
            out.push(Element::new(ns::IBR_TOKEN, "register"));
            out.push(Element::new(ns::INVITE, "register"));
        }
    }

    fn iq_before_login<'a>(
        &'a self,
        cx: &'a Arc<Ctx>,
        stranger: &'a mut Stranger,
        iq: &'a Stanza,
    ) -> Option<BoxFuture<'a, IqResult>> {
        let preauth = iq.element("preauth", ns::PARS)?;
        let set = iq.type_.as_deref() == Some("set");
        Some(Box::pin(async move {
            let token = preauth.get("token").filter(|t| set && !t.is_empty());
            let token = token.ok_or_else(StanzaError::bad_request)?;
            let invite = invitations::look(cx, token).await.map_err(failed)?;
            if !invite.is_some_and(|i| invitations::is_good(&i)) {
                return Err(StanzaError::item_not_found().with_text(DEAD));
            }
            stranger.invitation = Some(token.to_owned());
            Ok(Answer::empty())
        }))
    }

    fn subscription_lookup<'a>(
        &'a self,
        cx: &'a Ctx,
        from: &'a Arc<Session>,
        to: &'a Arc<Account>,
        p: &'a Stanza,
    ) -> Option<BoxFuture<'a, Result<Effects, StanzaError>>> {
        if p.presence_type() != Ok(PresenceType::Subscribe) {
            return None;
        }
        let preauth = p.element("preauth", ns::PARS)?;
        let token = preauth.get("token")?.to_owned();
        Some(Box::pin(async move {
            let mut fx = Effects::new();
            let (one, other) = (&from.account, to);
            if is_contact(one, &other.jid) && is_contact(other, &one.jid) {
                return Ok(fx);
            }
            let theirs = |i: &Invite| i.befriends && i.owner == other.id;
            // Without a good invitation it is a request as any other.
            if invitations::take(cx, &token, theirs)
                .await
                .map_err(failed)?
                .is_some()
                && !other.blocks(&one.jid)
            {
                contacts::befriend(one, other, &mut fx);
            }
            Ok(fx)
        }))
    }
}

const DEAD: &str = "this invitation is not valid any more; ask for a new one";

fn is_contact(account: &Account, jid: &Jid) -> bool {
    account.roster(|r| r.sees(jid) && r.shares_with(jid))
}

/// Whom a new account gets as a contact, for it was his invitation.
pub(crate) async fn welcome(cx: &Ctx, invite: &Invite, newcomer: &Jid) -> Result<(), StoreError> {
    let Some(inviter) = invite.inviter.as_ref().filter(|_| invite.befriends) else {
        return Ok(());
    };
    let (inviter, newcomer) = (
        cx.accounts.get(inviter).await?,
        cx.accounts.get(newcomer).await?,
    );
    if let (Some(inviter), Some(newcomer)) = (inviter, newcomer) {
        let mut fx = Effects::new();
        fx.hold(Account::turns(&inviter, &newcomer).await);
        contacts::befriend(&newcomer, &inviter, &mut fx);
        cx.commit(fx).await?;
    }
    Ok(())
}

fn failed(error: StoreError) -> StanzaError {
    tracing::warn!(%error, "invitations cannot be read or written");
    StanzaError::internal_server_error()
        .with_text("the server's database does not answer; try again later")
}
