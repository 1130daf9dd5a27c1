//! XEP-0494 Client Access Management 0.1.0: the devices that may use an account, and signing one out.
//!
//! A device is known by the id that it gives itself at login (XEP-0388). One that has a token (XEP-0484) loses it; one that
//! came with the password alone comes back with it, so that a new password is what keeps it out (§3.2).

use magpie_core::{
    Answer, Claim, Ctx, Effect, Effects, Entry, Feature, Iq, IqResult, Session, Spec, To, Xep,
    clock::now_ms, feature::BoxFuture,
};
use magpie_store::{Device, Error as StoreError, devices};
use magpie_xmpp::{Element, StanzaError, StreamError, datetime, ns};
use std::sync::Arc;

/// See the file.
pub struct Devices;

impl Feature for Devices {
    fn spec(&self) -> Spec {
        const XEPS: &[Xep] = &[
            Xep {
                number: 484,
                name: "Fast Authentication Streamlining Tokens",
                version: "0.2.0",
                left_out: "TLS 0-RTT, and the count that is against replays in it",
            },
            Xep {
                number: 494,
                name: "Client Access Management",
                version: "0.1.0",
                left_out: "grants",
            },
        ];
        const fn claim(name: &'static str, set: bool) -> Claim {
            Claim {
                ns: ns::CAM,
                name,
                get: !set,
                set,
                to: &[To::Own],
            }
        }
        Spec {
            xeps: XEPS,
            server_disco: &[],
            account_disco: &[ns::CAM],
            claims: &[
                const { claim("list", false) },
                const { claim("revoke", true) },
            ],
        }
    }

    fn iq<'a>(&'a self, cx: &'a Arc<Ctx>, iq: Iq<'a>) -> BoxFuture<'a, IqResult> {
        Box::pin(async move {
            if iq.set {
                revoke(cx, iq.session, iq.payload.get("id").unwrap_or_default()).await
            } else {
                list(cx, iq.session).await
            }
        })
    }
}

async fn list(cx: &Ctx, session: &Arc<Session>) -> IqResult {
    let known = cx.store.devices(session.account.id).await;
    let clients = known
        .map_err(failed)?
        .into_iter()
        .map(|d| element(session, &d));
    Ok(Answer::with(
        Element::new(ns::CAM, "clients").children_from(clients),
    ))
}

fn element(asker: &Session, d: &Device) -> Element {
    let leaf = |name: &'static str, text: String| Element::new(ns::CAM, name).text(text);
    let connected = !sessions(asker, &d.client).is_empty();
    let seen = if connected { now_ms() } else { d.last_seen_ms };
    let has_token = d.token.is_some() || d.next.is_some();
    let auth = Element::new(ns::CAM, "auth")
        .children_from(d.password.then(|| Element::new(ns::CAM, "password")))
        .children_from(has_token.then(|| Element::new(ns::CAM, "fast")));
    let agent = Element::new(ns::CAM, "user-agent")
        .children_from(d.software.as_deref().map(|s| leaf("software", s.into())))
        .children_from(d.device.as_deref().map(|s| leaf("device", s.into())));
    let current = asker.client.as_deref() == Some(&*d.client);
    Element::new(ns::CAM, "client")
        .attr("id", &*d.client)
        .attr("type", "session")
        .attr("connected", connected.to_string())
        .attr_opt("current", current.then_some("true"))
        .child(leaf("first-seen", datetime::format(d.first_seen_ms)))
        .child(leaf("last-seen", datetime::format(seen)))
        .child(auth)
        .child(Element::new(ns::CAM, "permission").attr("status", "unrestricted"))
        .child(agent)
}

/// The sessions of the asker's account that a client has.
fn sessions(asker: &Session, client: &str) -> Vec<Arc<Session>> {
    let mut all = asker.account.sessions();
    all.retain(|s| s.client.as_deref() == Some(client));
    all
}

async fn revoke(cx: &Arc<Ctx>, asker: &Arc<Session>, id: &str) -> IqResult {
    let owner = asker.account.id;
    let device = cx.store.device(owner, id).await.map_err(failed)?;
    let device = device.ok_or_else(StanzaError::item_not_found)?;
    if device.token.is_none() && device.next.is_none() && device.password {
        return Err(StanzaError::service_unavailable()
            .with_extra(Element::new(ns::CAM, "password-reset-required"))
            .with_text("this device knows the password: only a new one keeps it out"));
    }
    // First it can log in no more, then its sessions end: one that logs in at this moment finds its device gone.
    let removed = cx.store.write(vec![devices::remove(owner, id)]).await;
    removed.map_err(failed)?;
    let reason = StreamError::not_authorized().with_text("this device was signed out");
    for session in sessions(asker, id) {
        if Arc::ptr_eq(&session, asker) {
            let (cx, own, reason) = (cx.clone(), session, reason.clone());
            cx.clone().spawn(async move {
                // The answer goes out first: the stream writes what is in its mailbox before the error.
                own.below(1).await;
                let mut fx = Effects::new();
                fx.push(Effect::Close(own, reason));
                cx.submit(Entry::new(fx));
            });
        } else {
            cx.remove_session(&session, reason.clone());
        }
    }
    Ok(Answer::empty())
}

fn failed(error: StoreError) -> StanzaError {
    tracing::warn!(%error, "devices cannot be read or written");
    StanzaError::internal_server_error()
        .with_text("the server's database does not answer; try again later")
}
