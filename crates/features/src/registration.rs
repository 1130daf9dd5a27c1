//! XEP-0077 In-Band Registration 2.4: making an account, changing its password, removing it. Left out: redirection, and fields
//! beyond name and password.

use crate::invitations::welcome;
use magpie_core::{
    Answer, Claim, Ctx, Feature, Iq, IqResult, Spec, Stranger, To, Xep,
    auth::{self, AuthError},
    bucket::Bucket,
    feature::BoxFuture,
    invitations,
};
use magpie_xmpp::{
    Element, Jid, Stanza, StanzaError, StreamError,
    form::{Field, Form},
    jid::prep_local,
    ns,
};
use parking_lot::Mutex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{collections::HashMap, net::IpAddr, sync::Arc, time::Instant};

/// The section `[features.registration]`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Who may make an account: "open" everybody, "invite" who has an invitation (`magpie invite`), "closed" nobody.
    pub mode: Mode,
    /// Where an invitation is needed: whether one that a member makes is good for a new account, and not only the operator's.
    pub members_invite: bool,
    /// Accounts an hour from one address. 0: no limit.
    pub per_ip_per_hour: u32,
    /// Names nobody may register.
    pub reserved: Vec<String>,
}

/// Who may register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Everybody.
    Open,
    /// Who has an invitation.
    Invite,
    /// Nobody.
    Closed,
}

impl Mode {
    /// Its name in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Mode::Open => "open",
            Mode::Invite => "invite",
            Mode::Closed => "closed",
        }
    }
}

impl Default for Config {
    fn default() -> Config {
        let reserved = [
            "admin",
            "administrator",
            "root",
            "postmaster",
            "abuse",
            "support",
            "security",
            "magpie",
        ];
        Config {
            mode: Mode::Open,
            members_invite: true,
            per_ip_per_hour: 60,
            reserved: reserved.map(Into::into).to_vec(),
        }
    }
}

impl Config {
    /// Whether a member's invitation is good for a new account.
    pub(crate) fn members_may_invite(&self) -> bool {
        match self.mode {
            Mode::Open => true,
            Mode::Invite => self.members_invite,
            Mode::Closed => false,
        }
    }
}

/// See the file.
pub struct Registration {
    config: Config,
    rates: Mutex<HashMap<IpAddr, Bucket>>,
}

/// Addresses remembered before those that may register again are forgotten.
const KEPT: usize = 10_000;

impl Registration {
    /// With these settings.
    pub fn new(config: &Config) -> Registration {
        Registration {
            config: config.clone(),
            rates: Mutex::default(),
        }
    }

    fn may_register(&self, peer: IpAddr) -> bool {
        let hourly = self.config.per_ip_per_hour;
        if hourly == 0 {
            return true;
        }
        let (now, mut rates) = (Instant::now(), self.rates.lock());
        if rates.len() >= KEPT {
            rates.retain(|_, b| !b.is_full(now));
        }
        rates
            .entry(peer)
            .or_insert_with(|| Bucket::new(hourly.div_ceil(3600), hourly))
            .try_take(1, now)
    }

    fn form(&self) -> Element {
        let leaf = |name: &'static str, text: &str| Element::new(ns::REGISTER, name).text(text);
        let mut query = Element::new(ns::REGISTER, "query")
            .child(leaf("instructions", "Choose a name and a password."))
            .child(Element::new(ns::REGISTER, "username"))
            .child(Element::new(ns::REGISTER, "password"));
        if self.config.mode == Mode::Invite {
            let field = |var: &str, kind: &str, label: &str| {
                Field::new(var, kind, []).labelled(label).required()
            };
            let form = Form::new("form", ns::REGISTER)
                .with(field("username", "text-single", "Name"))
                .with(field("password", "text-private", "Password"))
                .with(field("token", "text-single", "Invitation"));
            query.push(form.to_element());
        }
        query
    }

    async fn register(&self, cx: &Arc<Ctx>, stranger: &Stranger, query: &Element) -> IqResult {
        let (name, password, token) = submitted(query);
        let token = stranger.invitation.clone().unwrap_or(token);
        if name.is_empty() || password.is_empty() {
            return Err(StanzaError::not_acceptable().with_text("a name and a password are needed"));
        }
        let Some(jid) = prep_local(&name)
            .ok()
            .and_then(|l| Jid::new(&format!("{l}@{}", cx.domain)).ok())
        else {
            return Err(StanzaError::not_acceptable()
                .with_text("this is no name: take letters, digits, dots"));
        };
        if self
            .config
            .reserved
            .iter()
            .any(|r| Some(r.as_str()) == jid.local())
        {
            return Err(StanzaError::conflict().with_text("this name is reserved"));
        }
        if !self.may_register(stranger.peer) {
            return Err(StanzaError::resource_constraint()
                .with_text("too many new accounts from your address; try again later"));
        }
        if token.is_empty() && self.config.mode == Mode::Open {
            auth::create_account(cx, &jid, &password)
                .await
                .map_err(|e| refused(&e))?;
        } else {
            invited(cx, &jid, &password, &token).await?;
        }
        tracing::info!(%jid, "an account was registered");
        Ok(Answer::empty())
    }

    async fn change(&self, cx: &Arc<Ctx>, iq: &Iq<'_>) -> IqResult {
        let account = &iq.session.account.jid;
        if iq.payload.find("remove", ns::REGISTER).is_some() {
            if iq.payload.children().count() != 1 {
                return Err(StanzaError::bad_request());
            }
            // What is answered has happened: nobody logs in any more.
            let closed = auth::close_account(cx, account).await;
            closed.map_err(|e| refused(&e))?;
            let (held, jid, session) = (cx.clone(), account.clone(), iq.session.clone());
            cx.spawn(async move {
                // The answer goes out first: removal ends the session that asked.
                session.below(1).await;
                let reason = StreamError::not_authorized().with_text("this account was removed");
                if let Err(e) = auth::remove_account(&held, &jid, &reason).await {
                    tracing::error!(error = %e, %jid, "an account could not be removed");
                }
            });
            return Ok(Answer::empty());
        }
        let (name, password, _) = submitted(iq.payload);
        if prep_local(&name).ok().as_deref() != account.local() {
            return Err(
                StanzaError::bad_request().with_text("only the own password can be changed")
            );
        }
        if password.is_empty() {
            return Err(StanzaError::bad_request().with_text("the new password is missing"));
        }
        auth::set_password(cx, account, &password, Some(iq.session))
            .await
            .map_err(|e| refused(&e))?;
        Ok(Answer::empty())
    }
}

/// Makes an account by invitation; who invited and who came are contacts.
async fn invited(cx: &Ctx, jid: &Jid, password: &str, token: &str) -> Result<(), StanzaError> {
    // Taken first, so that of two who come at once for the last use one gets it.
    let invite = invitations::take(cx, token, |i| i.registers)
        .await
        .map_err(|e| refused(&e.into()))?
        .ok_or_else(|| {
            StanzaError::forbidden().with_text("this invitation is not valid, or was used")
        })?;
    if let Err(error) = auth::create_account(cx, jid, password).await {
        if let Err(error) = invitations::give_back(cx, token).await {
            tracing::warn!(%error, "an invitation that was not used is lost");
        }
        return Err(refused(&error));
    }
    // The account stands; a contact that is missing can still be asked for.
    if let Err(error) = welcome(cx, &invite, jid).await {
        tracing::warn!(%error, %jid, "a new account did not get its inviter as a contact");
    }
    Ok(())
}

/// Name, password and invitation, from the fields or the form.
fn submitted(query: &Element) -> (String, String, String) {
    let form = query.find("x", ns::DATA).and_then(Form::parse);
    let of = |name: &str| match form.as_ref().and_then(|f| f.value(name)) {
        Some(value) => value.to_owned(),
        None => query.find_text(name, ns::REGISTER).unwrap_or_default(),
    };
    (of("username"), of("password"), of("token"))
}

fn refused(e: &AuthError) -> StanzaError {
    match e {
        AuthError::Taken(_) => StanzaError::conflict().with_text("this name is taken"),
        AuthError::Name(_) | AuthError::Password => {
            StanzaError::not_acceptable().with_text(&e.to_string())
        }
        AuthError::Unknown(_) => StanzaError::item_not_found(),
        AuthError::Store(_) => StanzaError::internal_server_error()
            .with_text("the server's database does not answer; try again later"),
    }
}

impl Feature for Registration {
    fn spec(&self) -> Spec {
        const LEFT_OUT: &str = "redirection; fields beyond name, password and invitation";
        const XEP: Xep = Xep {
            number: 77,
            name: "In-Band Registration",
            version: "2.4",
            left_out: LEFT_OUT,
        };
        const TO: &[To] = &[To::Server, To::Own];
        const CLAIMS: &[Claim] = &[Claim {
            ns: ns::REGISTER,
            name: "query",
            get: true,
            set: true,
            to: TO,
        }];
        Spec {
            xeps: &[XEP],
            server_disco: &[ns::REGISTER],
            account_disco: &[],
            claims: CLAIMS,
        }
    }

    fn stream_features(&self, _cx: &Ctx, authenticated: bool, out: &mut Vec<Element>) {
        if !authenticated && self.config.mode != Mode::Closed {
            out.push(Element::new(ns::REGISTER_FEATURE, "register"));
        }
    }

    fn iq_before_login<'a>(
        &'a self,
        cx: &'a Arc<Ctx>,
        stranger: &'a mut Stranger,
        iq: &'a Stanza,
    ) -> Option<BoxFuture<'a, IqResult>> {
        let query = iq.element("query", ns::REGISTER)?;
        let set = iq.type_.as_deref() == Some("set");
        Some(Box::pin(async move {
            match (self.config.mode, set) {
                (Mode::Closed, _) => {
                    Err(StanzaError::not_allowed().with_text("this server takes no registrations"))
                }
                (_, false) => Ok(Answer::with(self.form())),
                (_, true) => self.register(cx, stranger, &query).await,
            }
        }))
    }

    fn iq<'a>(&'a self, cx: &'a Arc<Ctx>, iq: Iq<'a>) -> BoxFuture<'a, IqResult> {
        Box::pin(async move {
            if iq.set {
                return self.change(cx, &iq).await;
            }
            let name = iq.session.account.jid.local().unwrap_or("").to_owned();
            let leaf = |name: &'static str| Element::new(ns::REGISTER, name);
            Ok(Answer::with(
                Element::new(ns::REGISTER, "query")
                    .child(leaf("registered"))
                    .child(leaf("username").text(name))
                    .child(leaf("password")),
            ))
        })
    }
}
