//! XEP-0484 Fast Authentication Streamlining Tokens 0.2.0: a token in place of the password, in one round trip. Left out: TLS
//! 0-RTT, which the server does not take, and the count that is against replays in it: a client whose login was answered into
//! a dead connection comes back with the same count, and must not be locked out for it.
//!
//! Tokens are derived from what the store keeps of a device, and are not stored themselves (docs/decisions/0004).

use super::{
    mechanism::{Claimed, Failed, Proven, Try, unavailable},
    negotiate::Negotiation,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use magpie_core::{Ctx, Login, clock::now_ms};
use magpie_store::{AccountId, Device, devices, devices::Token};
use magpie_xmpp::{
    Element, datetime, ns,
    sasl::{
        SaslError,
        ht::{self, Binding},
    },
};

/// A token is replaced when it is older than a day, and one that was not used yet is given out again within it.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Devices of one account: the one that stayed away longest goes.
const MOST_DEVICES: usize = 50;

/// Tries to write a device that other logins of the same client write at the same moment.
const TRIES: usize = 4;

/// Characters of what a client says of itself.
const LONGEST: usize = 100;

/// The token that a login was proven with.
pub(super) struct Used {
    seed: Bytes,
}

/// What stream features say of tokens.
pub(super) fn offer(n: &Negotiation<'_>) -> Option<Element> {
    let bindings = n.bindings();
    let mechanism = |b: Binding| Element::new(ns::FAST, "mechanism").text(b.mechanism());
    let offered = Binding::ALL
        .into_iter()
        .filter(|b| b.data(&bindings).is_some());
    (n.shared.cx.config.device_days > 0)
        .then(|| Element::new(ns::FAST, "fast").children_from(offered.map(mechanism)))
}

/// Lets the client prove that it has a token (§3.4). The token is good for the client it was given to, with its mechanism.
pub(super) async fn prove(
    n: &mut Negotiation<'_>,
    attempt: &mut Try,
    mechanism: &str,
    initial: Option<Vec<u8>>,
    client: Option<&str>,
) -> Result<(Proven, Used), Failed> {
    let bindings = n.bindings();
    let channel = wanted(n, mechanism)
        .and_then(|b| b.data(&bindings))
        .ok_or(SaslError::InvalidMechanism)?;
    let claim = ht::parse(&initial.ok_or(SaslError::MalformedRequest)?)?;
    attempt.name = Some(claim.authcid.as_str().into());
    let claimed = Claimed::find(n.shared, &claim.authcid).await?;
    let cx = &n.shared.cx;
    // Who does not exist is looked for and computed like who does, so that nobody can tell.
    let row = claimed.row.as_ref();
    let (owner, epoch) = row.map_or((0, 0), |a| (a.id, a.epoch));
    // The token of a banned account proves who asks, who is then told of the ban.
    let banned = row.is_some_and(|a| a.banned.is_some());
    let client = client.unwrap_or_default();
    let device = cx.store.device(owner, client).await.map_err(unavailable)?;
    let tokens = device
        .filter(|d| banned || d.epoch == epoch)
        .map(|d| [d.token, d.next]);
    let none = Token {
        seed: Bytes::new(),
        mechanism: mechanism.into(),
        expiry_ms: 0,
        count: 0,
    };
    let mut proven = None;
    for token in tokens.unwrap_or_default() {
        let token = token.unwrap_or_else(|| none.clone());
        let text = text(cx, owner, client, &token);
        let good = &*token.mechanism == mechanism && token.expiry_ms > now_ms();
        if claim.proves(&text, channel) && good {
            proven = Some((token, text));
        }
    }
    let (token, text) = proven.ok_or(SaslError::NotAuthorized)?;
    let last = Some(ht::answer(&text, channel).to_vec());
    let login = claimed.admit_by_token(n).await?;
    Ok((Proven { login, last }, Used { seed: token.seed }))
}

/// Notes that the client was there, and gives it the token it asked for or needs (§3.3, §3.5). Fails if the token that it used
/// is worth nothing any more: its session must be in the account's list before this looks, so that who revokes it ends it.
pub(super) async fn remember(
    n: &mut Negotiation<'_>,
    login: &Login,
    request: &Element,
    used: Option<&Used>,
) -> Result<Option<Element>, SaslError> {
    let cx = &n.shared.cx;
    let Some(client) = login
        .client
        .as_deref()
        .filter(|_| cx.config.device_days > 0)
    else {
        return Ok(None);
    };
    let owner = login.account.id;
    for _ in 0..TRIES {
        let known = cx.store.device(owner, client).await.map_err(unavailable)?;
        let mut device = noted(known, client, login.epoch, used)?;
        describe(&mut device, request);
        let lasts = i64::from(cx.config.device_days) * DAY_MS;
        (device.last_seen_ms, device.forget_ms) = (now_ms(), now_ms() + lasts);
        device.password = used.is_none();
        if invalidates(request) {
            (device.token, device.next) = (None, None);
        }
        let due = due(n, &device, request, lasts);
        match due {
            Some(mechanism) => renew(&mut device, mechanism, lasts)?,
            None => device.next = device.next.filter(|t| is_fresh(t, lasts)),
        }
        let given = due.and(device.next.as_ref());
        let given = given.map(|token| element(cx, owner, client, token));
        if cx
            .store
            .device_put(owner, &device)
            .await
            .map_err(unavailable)?
        {
            if device.version == 0 {
                bound(cx, owner).await.map_err(unavailable)?;
            }
            return Ok(given);
        }
    }
    Err(SaslError::TemporaryAuthFailure)
}

/// The device as it was known, its token used.
fn noted(
    known: Option<Device>,
    client: &str,
    epoch: i64,
    used: Option<&Used>,
) -> Result<Device, SaslError> {
    let fresh = || Device {
        client: client.into(),
        software: None,
        device: None,
        first_seen_ms: now_ms(),
        last_seen_ms: 0,
        forget_ms: 0,
        epoch,
        version: 0,
        password: true,
        token: None,
        next: None,
    };
    let Some(used) = used else {
        let mut device = known.unwrap_or_else(fresh);
        if device.epoch != epoch {
            (device.token, device.next, device.epoch) = (None, None, epoch);
        }
        return Ok(device);
    };
    let mut device = known
        .filter(|d| d.epoch == epoch)
        .ok_or(SaslError::NotAuthorized)?;
    let is = |t: &Option<Token>| t.as_ref().is_some_and(|t| t.seed == used.seed);
    if is(&device.next) {
        device.token = device.next.take();
    }
    if !is(&device.token) {
        return Err(SaslError::NotAuthorized);
    }
    Ok(device)
}

/// What the client says of itself (XEP-0388 §2.3).
fn describe(device: &mut Device, request: &Element) {
    let agent = request.find("user-agent", ns::SASL2);
    let said = |name: &str| -> Option<Box<str>> {
        let text = agent?.find_text(name, ns::SASL2)?;
        let text: String = text.trim().chars().take(LONGEST).collect();
        (!text.is_empty()).then(|| text.into())
    };
    (device.software, device.device) = (said("software"), said("device"));
}

fn invalidates(request: &Element) -> bool {
    let fast = request.find("fast", ns::FAST);
    fast.is_some_and(|f| matches!(f.get("invalidate"), Some("1" | "true")))
}

fn wanted(n: &Negotiation<'_>, mechanism: &str) -> Option<Binding> {
    let known = n.shared.cx.config.device_days > 0;
    Binding::ALL
        .into_iter()
        .find(|b| known && b.mechanism() == mechanism)
}

/// For which mechanism a token is to be given: the one that the client asks for, or that of a token to be replaced.
fn due(
    n: &Negotiation<'_>,
    device: &Device,
    request: &Element,
    lasts: i64,
) -> Option<&'static str> {
    let bindings = n.bindings();
    if let Some(asked) = request.find("request-token", ns::FAST) {
        return wanted(n, asked.get("mechanism")?)
            .filter(|b| b.data(&bindings).is_some())
            .map(Binding::mechanism);
    }
    let token = device.token.as_ref().filter(|t| !is_fresh(t, lasts))?;
    wanted(n, &token.mechanism).map(Binding::mechanism)
}

/// Whether a token was given out within the last day.
fn is_fresh(token: &Token, lasts: i64) -> bool {
    token.expiry_ms - lasts > now_ms() - DAY_MS
}

/// Gives the device a token of this mechanism; the one that it was given within the day and has not used, if there is one.
fn renew(device: &mut Device, mechanism: &str, lasts: i64) -> Result<(), SaslError> {
    let next = device.next.as_ref();
    if next.is_some_and(|t| &*t.mechanism == mechanism && is_fresh(t, lasts)) {
        return Ok(());
    }
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|_| SaslError::TemporaryAuthFailure)?;
    device.next = Some(Token {
        seed: Bytes::copy_from_slice(&seed),
        mechanism: mechanism.into(),
        expiry_ms: now_ms() + lasts,
        count: 0,
    });
    Ok(())
}

/// The token itself: only this server can make it.
fn text(cx: &Ctx, owner: AccountId, client: &str, token: &Token) -> String {
    let parts: [&[u8]; 4] = [
        &owner.to_be_bytes(),
        client.as_bytes(),
        token.mechanism.as_bytes(),
        &token.seed,
    ];
    URL_SAFE_NO_PAD.encode(cx.derive("fast token", &parts))
}

fn element(cx: &Ctx, owner: AccountId, client: &str, token: &Token) -> Element {
    Element::new(ns::FAST, "token")
        .attr("token", text(cx, owner, client, token))
        .attr("expiry", datetime::format(token.expiry_ms))
}

/// An account has a bounded number of devices.
async fn bound(cx: &Ctx, owner: AccountId) -> Result<(), magpie_store::Error> {
    let all = cx.store.devices(owner).await?;
    let too_many = all.iter().skip(MOST_DEVICES);
    let ops: Vec<_> = too_many
        .map(|d| devices::remove(owner, &d.client))
        .collect();
    if !ops.is_empty() {
        cx.store.write(ops).await?;
    }
    Ok(())
}
