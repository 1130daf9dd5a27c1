//! XEP-0363 HTTP File Upload 1.2.0: places for files on this server. The bytes go over HTTP (`api/src/uploads.rs`). Left out:
//! purposes other than messages.

use magpie_core::{
    Account, Answer, Claim, Ctx, Feature, Iq, IqResult, Spec, To, Xep, auth,
    clock::now_ms,
    feature::BoxFuture,
    uploads::{Config, Depot},
};
use magpie_store::{Error as StoreError, uploads::Upload};
use magpie_xmpp::{
    Element, StanzaError, datetime,
    form::{Field, Form},
    ns,
};
use std::sync::Arc;

/// See the file.
pub struct Uploads {
    config: Config,
    depot: Depot,
}

/// Bytes a file's name may have.
const LONGEST_NAME: usize = 255;
/// What a file is of which nobody said what it is.
const ANYTHING: &str = "application/octet-stream";

impl Uploads {
    /// With these settings.
    pub fn new(config: &Config) -> Uploads {
        Uploads {
            config: config.clone(),
            depot: config.depot(),
        }
    }

    async fn slot(&self, cx: &Ctx, iq: &Iq<'_>) -> IqResult {
        let size = iq.payload.get("size").and_then(|s| s.parse::<u64>().ok());
        let (Some(name), Some(size @ 1..)) = (iq.payload.get("filename"), size) else {
            return Err(
                StanzaError::bad_request().with_text("a file has a name and a size in bytes")
            );
        };
        if size > self.config.file_bytes() {
            return Err(self.too_large());
        }
        let owner = &iq.session.account;
        // Who asks several times at once gets one answer after the other.
        let _turn = owner.turn().await;
        self.within_quota(cx, owner, size).await?;
        let upload = Upload {
            token: auth::token().map_err(failed)?.into(),
            owner: owner.id,
            name: safe_name(name).into(),
            media_type: media_type(iq.payload.get("content-type")).into(),
            size,
            stored_ms: None,
            expires_ms: self.config.slot_end_ms(now_ms()),
            pixels: None,
        };
        cx.store.upload_reserve(&upload).await.map_err(failed)?;
        let (base, name) = (&cx.config.web_url, escaped(&upload.name));
        let url = format!("{base}/upload/{}/{name}", upload.token);
        let way = |name: &'static str| Element::new(ns::UPLOAD, name).attr("url", url.clone());
        Ok(Answer::with(
            Element::new(ns::UPLOAD, "slot")
                .child(way("put"))
                .child(way("get")),
        ))
    }

    async fn within_quota(&self, cx: &Ctx, owner: &Account, size: u64) -> Result<(), StanzaError> {
        let usage = cx.store.uploads_usage(owner.id, now_ms()).await;
        let usage = usage.map_err(failed)?;
        let fits = usage.files < self.config.account_files
            && usage.bytes.saturating_add(size) <= self.config.account_bytes();
        if fits {
            return Ok(());
        }
        let text = format!(
            "there is no room for this file: your files may come to {} MiB and be {} at most",
            self.config.account_mib, self.config.account_files
        );
        let error = StanzaError::resource_constraint().with_text(&text);
        Err(match usage.first_expires_ms.filter(|ms| *ms < i64::MAX) {
            Some(ms) => {
                let stamp = datetime::format(ms);
                error.with_extra(Element::new(ns::UPLOAD, "retry").attr("stamp", stamp))
            }
            None => error,
        })
    }

    fn too_large(&self) -> StanzaError {
        let most = self.config.file_bytes().to_string();
        let text = format!("the file is too large: it may have {most} bytes");
        let limit = Element::new(ns::UPLOAD, "max-file-size").text(most);
        let extra = Element::new(ns::UPLOAD, "file-too-large").child(limit);
        StanzaError::not_acceptable()
            .with_text(&text)
            .with_extra(extra)
    }
}

fn failed(error: StoreError) -> StanzaError {
    tracing::warn!(%error, "no place could be made for a file");
    // Resource-constraint would say that the account's quota is used up (XEP-0363 §6).
    StanzaError::internal_server_error().with_text(match error {
        StoreError::Full(_) => "the server's disk is full; try again later",
        _ => "the server's database does not answer; try again later",
    })
}

/// A file's name as it may stand in an address and be saved under: its last part, without characters that hide something or
/// that a disk would not take.
fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or("");
    let mut safe = String::new();
    for c in last.chars().filter(|c| !is_hidden(*c)) {
        if safe.len() + c.len_utf8() > LONGEST_NAME {
            break;
        }
        safe.push(if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') {
            '_'
        } else {
            c
        });
    }
    let safe = safe.trim_matches([' ', '.']);
    if safe.is_empty() {
        "file".into()
    } else {
        safe.into()
    }
}

/// Characters that are not seen, or make others be seen in another order.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The kind of file that was named, without parameters; what is no kind is anything.
fn media_type(said: Option<&str>) -> String {
    let kind = said.unwrap_or("").split(';').next().unwrap_or("").trim();
    let is_token = |part: &str| {
        let fine = |b: u8| b.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&b);
        (1..=127).contains(&part.len()) && part.bytes().all(fine)
    };
    match kind.split_once('/') {
        Some((one, two)) if is_token(one) && is_token(two) => kind.to_ascii_lowercase(),
        _ => ANYTHING.into(),
    }
}

/// A path segment of an address (RFC 3986 §3.3).
fn escaped(segment: &str) -> String {
    let mut out = String::new();
    for b in segment.bytes() {
        if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
            out.push(b.into());
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    out
}

impl Feature for Uploads {
    fn spec(&self) -> Spec {
        const XEP: Xep = Xep {
            number: 363,
            name: "HTTP File Upload",
            version: "1.2.0",
            left_out: "purposes other than messages",
        };
        const CLAIM: Claim = Claim {
            ns: ns::UPLOAD,
            name: "request",
            get: true,
            set: false,
            to: &[To::Server],
        };
        if self.config.file_mib == 0 {
            return Spec::default();
        }
        Spec {
            xeps: &[XEP],
            server_disco: &[ns::UPLOAD],
            claims: &[CLAIM],
            ..Spec::default()
        }
    }

    fn iq<'a>(&'a self, cx: &'a Arc<Ctx>, iq: Iq<'a>) -> BoxFuture<'a, IqResult> {
        Box::pin(async move { self.slot(cx, &iq).await })
    }

    fn server_forms(&self, _cx: &Ctx, out: &mut Vec<Element>) {
        if self.config.file_mib > 0 {
            let most = self.config.file_bytes().to_string();
            let field = Field {
                var: "max-file-size".into(),
                values: vec![most],
                ..Field::default()
            };
            out.push(Form::new("result", ns::UPLOAD).with(field).to_element());
        }
    }

    fn account_deleted<'a>(
        &'a self,
        cx: &'a Ctx,
        account: &'a Arc<Account>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            cx.store.uploads_expire_owner(account.id).await?;
            self.depot.sweep(&cx.store, now_ms()).await
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_only_a_name() {
        for (given, safe) in [
            ("très cool.jpg", "très cool.jpg"),
            ("照片 1.png", "照片 1.png"),
            ("../../etc/passwd", "passwd"),
            ("..\\..\\boot.ini", "boot.ini"),
            ("..", "file"),
            ("a/", "file"),
            ("", "file"),
            (".htaccess", "htaccess"),
            ("a\r\nSet-Cookie: x\0.png", "aSet-Cookie_ x.png"),
            ("invoice\u{202e}gpj.exe", "invoicegpj.exe"),
            ("<b>\"x\".png", "_b__x_.png"),
        ] {
            assert_eq!(safe_name(given), safe, "{given:?}");
        }
        assert_eq!(safe_name(&"字".repeat(100)).len(), 255);
    }

    #[test]
    fn a_kind_is_two_words() {
        for (given, kind) in [
            (Some("image/JPEG"), "image/jpeg"),
            (Some("text/plain; charset=utf-8"), "text/plain"),
            (Some("image/svg+xml"), "image/svg+xml"),
            (Some("image"), ANYTHING),
            (Some("image/png\r\nX: y"), ANYTHING),
            (Some("/"), ANYTHING),
            (None, ANYTHING),
        ] {
            assert_eq!(media_type(given), kind, "{given:?}");
        }
    }

    #[test]
    fn an_address_is_ascii() {
        assert_eq!(escaped("très cool.jpg"), "tr%C3%A8s%20cool.jpg");
        assert_eq!(escaped("a/../%2f?#"), "a%2F..%2F%252f%3F%23");
    }
}
