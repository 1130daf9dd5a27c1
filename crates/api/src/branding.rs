//! Under whose name the web messenger appears: the section `[branding]`, `GET /api/branding` and the web app manifest. Nothing
//! of it needs a build.

use crate::{App, web};
use axum::{
    extract::State,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_SECURITY_POLICY},
    },
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{path::PathBuf, time::UNIX_EPOCH};

/// The section `[branding]`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Branding {
    /// The name of the web messenger: the page's title, the installed app, the first screen.
    pub name: String,
    /// A square picture as a file: PNG, JPEG, WebP or SVG, at most 1 MiB. Empty: Magpie's own.
    pub logo: PathBuf,
    /// The colour of buttons and marks in the light theme, "#rrggbb". Empty: Magpie's own.
    pub accent: String,
    /// The same in the dark theme.
    pub accent_dark: String,
    /// Links on the first screen and in the settings: [{ label = "Terms", url = "https://example.org/terms" }].
    pub links: Vec<Link>,
}

/// A link of the operator's.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// What is read.
    pub label: String,
    /// Where it leads: https, http, mailto or xmpp.
    pub url: String,
}

impl Default for Branding {
    fn default() -> Branding {
        Branding {
            name: "Magpie".into(),
            logo: PathBuf::new(),
            accent: String::new(),
            accent_dark: String::new(),
            links: Vec::new(),
        }
    }
}

/// Bytes a logo may have.
const LARGEST_LOGO: u64 = 1 << 20;

/// Kinds of pictures a logo may be: the file name's ending, the media type.
const PICTURES: [(&str, &str); 5] = [
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("webp", "image/webp"),
    ("svg", "image/svg+xml"),
];

impl Branding {
    /// What is wrong with the values: key, value, cure.
    pub fn problems(&self) -> Vec<String> {
        let mut found = Vec::new();
        if self.name.trim().is_empty() {
            found.push("branding.name is empty: give the messenger a name".into());
        }
        for (key, colour) in [("accent", &self.accent), ("accent_dark", &self.accent_dark)] {
            if !colour.is_empty() && !is_colour(colour) {
                found.push(format!(
                    "branding.{key} = {colour:?} is no colour: write it as \"#1d7a5f\""
                ));
            }
        }
        for link in &self.links {
            let schemes = ["https://", "http://", "mailto:", "xmpp:"];
            if !schemes.iter().any(|s| link.url.starts_with(s)) {
                found.push(format!(
                    "branding.links: {:?} must begin with https://, http://, mailto: or xmpp:",
                    link.url
                ));
            }
        }
        found.extend(self.logo_problem());
        found
    }

    fn logo_problem(&self) -> Option<String> {
        if self.logo.as_os_str().is_empty() {
            return None;
        }
        let name = self.logo.display();
        if self.media_type().is_none() {
            return Some(format!(
                "branding.logo = {name}: the name must end in .png, .jpg, .webp or .svg"
            ));
        }
        match std::fs::metadata(&self.logo) {
            Ok(file) if file.len() <= LARGEST_LOGO => None,
            Ok(file) => Some(format!(
                "branding.logo = {name} has {} bytes: take one of at most {LARGEST_LOGO}",
                file.len()
            )),
            Err(e) => Some(format!("branding.logo = {name} cannot be read: {e}")),
        }
    }

    fn media_type(&self) -> Option<&'static str> {
        let ending = self.logo.extension()?.to_str()?.to_ascii_lowercase();
        let picture = PICTURES.iter().find(|(e, _)| *e == ending)?;
        Some(picture.1)
    }

    fn logo_address(&self) -> Option<&'static str> {
        (!self.logo.as_os_str().is_empty()).then_some("/branding/logo")
    }
}

fn is_colour(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or("");
    digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit())
}

/// What the web messenger asks before it shows anything.
pub(crate) async fn branding(State(app): State<App>) -> Response {
    let Branding {
        name,
        accent,
        accent_dark,
        links,
        ..
    } = &*app.branding;
    let mut answer = json!({
        "name": name,
        "registration": app.registration,
        "links": links,
        "domain": app.cx.domain.as_str(),
        "version": env!("CARGO_PKG_VERSION"),
    });
    let websocket = app.config.websocket_url(app.cx.domain.as_str());
    for (key, value, is_set) in [
        ("logo", app.branding.logo_address().unwrap_or(""), true),
        ("accent", accent, true),
        ("accentDark", accent_dark, true),
        // Without a public address the page's own is right, whatever name it was reached by.
        ("websocket", &*websocket, !app.config.public_url.is_empty()),
    ] {
        if is_set && !value.is_empty() {
            answer[key] = value.into();
        }
    }
    let anybody = (ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    ([anybody], axum::Json(answer)).into_response()
}

/// The web app manifest (what an installed app is called and looks like).
pub(crate) async fn manifest(State(app): State<App>, headers: HeaderMap) -> Response {
    let mut manifest = json!({
        "id": "/",
        "name": app.branding.name,
        "short_name": app.branding.name,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "icons": icons(&app),
    });
    if !app.branding.accent.is_empty() {
        manifest["theme_color"] = app.branding.accent.clone().into();
    }
    let text = manifest.to_string();
    let tag = format!("{:x}", hash(&text));
    web::answer(&headers, &tag, "application/manifest+json", text)
}

fn hash(text: &str) -> u64 {
    use std::hash::{DefaultHasher, Hasher};
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// The operator's logo, else the icons of the web messenger: what lies in `icons/` under such a name, `icon-192.png` being one of 192
/// pixels and `maskable-512.png` one that may be cut to any shape.
fn icons(app: &App) -> Vec<Value> {
    if let (Some(src), Some(kind)) = (app.branding.logo_address(), app.branding.media_type()) {
        return vec![json!({ "src": src, "type": kind, "sizes": "any" })];
    }
    let mut icons = Vec::new();
    for file in app.web.files {
        let name = file.path.strip_prefix("icons/").unwrap_or("");
        let Some((stem, ending)) = name.rsplit_once('.') else {
            continue;
        };
        let kind = PICTURES.iter().find(|(e, _)| *e == ending);
        let is_icon = stem.starts_with("icon") || stem.starts_with("maskable");
        let Some((_, kind)) = kind.filter(|_| is_icon) else {
            continue;
        };
        let size = stem.rsplit('-').next().unwrap_or("").parse::<u32>();
        let sizes = size.map_or("any".into(), |n| format!("{n}x{n}"));
        let purpose = match stem.contains("maskable") {
            true => "maskable",
            false => "any",
        };
        let src = format!("/{}", file.path);
        icons.push(json!({ "src": src, "type": kind, "sizes": sizes, "purpose": purpose }));
    }
    icons
}

/// The operator's logo.
pub(crate) async fn logo(State(app): State<App>, headers: HeaderMap) -> Response {
    let nothing = || (StatusCode::NOT_FOUND, "there is no logo\n").into_response();
    let Some(kind) = app.branding.media_type() else {
        return nothing();
    };
    let Ok(file) = tokio::fs::metadata(&app.branding.logo).await else {
        return nothing();
    };
    let changed = file
        .modified()
        .ok()
        .and_then(|t| t.duration_since(UNIX_EPOCH).ok());
    let tag = format!(
        "{:x}-{:x}",
        changed.map_or(0, |d| d.as_millis()),
        file.len()
    );
    match tokio::fs::read(&app.branding.logo).await {
        Ok(bytes) if bytes.len() as u64 <= LARGEST_LOGO => {
            let mut response = web::answer(&headers, &tag, kind, bytes);
            // A drawing may carry scripts; opened by itself it may do nothing.
            let policy =
                HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");
            response
                .headers_mut()
                .insert(CONTENT_SECURITY_POLICY, policy);
            response
        }
        _ => nothing(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_values_are_named_with_what_would_be_right() {
        assert!(Branding::default().problems().is_empty());
        let link = |url: &str| Link {
            label: "x".into(),
            url: url.into(),
        };
        let wrong = Branding {
            name: " ".into(),
            logo: "logo.gif".into(),
            accent: "red".into(),
            accent_dark: "#12345g".into(),
            links: vec![link("https://x.org"), link("javascript:alert(1)")],
        };
        let found = wrong.problems();
        for (at, part) in [
            "name",
            "accent = \"red\"",
            "accent_dark",
            "javascript",
            ".png",
        ]
        .iter()
        .enumerate()
        {
            assert!(found[at].contains(part), "{found:?}");
        }
        assert_eq!(found.len(), 5);
    }
}
