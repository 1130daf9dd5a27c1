//! Files of accounts over HTTP: PUT into a place that XEP-0363 gave, GET by whoever knows the address.

mod pictures;
mod range;
mod receive;
mod serve;

use crate::App;
use axum::{
    Router,
    extract::{Path, rejection::PathRejection},
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{
            ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
            ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
            CONTENT_SECURITY_POLICY,
        },
    },
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::put,
};
use magpie_core::{
    clock::now_ms,
    uploads::{Config, Depot},
};
use magpie_store::uploads::Upload;
use parking_lot::Mutex;
use std::{collections::HashSet, path::PathBuf, time::Duration};
use tokio::sync::watch;

/// How often what is over is removed.
const SWEEP_EVERY: Duration = Duration::from_secs(600);

/// What every handler of files shares.
#[derive(Debug)]
pub struct Uploads {
    config: Config,
    depot: Depot,
    /// The tokens of files that come at this moment.
    coming: Mutex<HashSet<Box<str>>>,
    pictures: pictures::Pictures,
}

impl Uploads {
    /// With these settings.
    pub fn new(config: Config) -> Uploads {
        Uploads {
            depot: config.depot(),
            config,
            coming: Mutex::default(),
            pictures: pictures::Pictures::new(),
        }
    }
}

/// Why a request is not answered with what it asks for: the status and a sentence for whoever reads it.
#[derive(Debug)]
struct Refused(StatusCode, &'static str);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.0, format!("{}\n", self.1)).into_response()
    }
}

/// The same for a file that never was, is over, has not come yet, or is not called so.
const NOTHING: Refused = Refused(StatusCode::NOT_FOUND, "there is no such file");

/// What a browser may do with a file: nothing but show it.
const HEADERS: [(HeaderName, &str); 7] = [
    (CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "cross-origin",
    ),
    (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, PUT, OPTIONS"),
    (
        ACCESS_CONTROL_ALLOW_HEADERS,
        "authorization, content-type, range, if-range",
    ),
    (
        ACCESS_CONTROL_EXPOSE_HEADERS,
        "accept-ranges, content-disposition, content-length, content-range, etag",
    ),
    (ACCESS_CONTROL_MAX_AGE, "86400"),
];

async fn guard(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The routes of files.
pub(crate) fn routes() -> Router<App> {
    let file = put(receive::receive)
        .get(serve::serve)
        .options(async || StatusCode::NO_CONTENT);
    Router::new()
        .route("/upload/{token}/{name}", file)
        .layer(map_response(guard))
}

/// What the address names, if it is there: the row and where its bytes lie.
async fn find(
    app: &App,
    named: Result<Path<(String, String)>, PathRejection>,
) -> Result<(Upload, PathBuf), Refused> {
    let Path((token, name)) = named.map_err(|_| NOTHING)?;
    let file = app.uploads.depot.file(&token).ok_or(NOTHING)?;
    match app.cx.store.upload(&token, now_ms()).await {
        Ok(Some(upload)) if *upload.name == *name => Ok((upload, file)),
        Ok(_) => Err(NOTHING),
        Err(error) => {
            tracing::warn!(%error, "a file could not be looked up");
            let text = "the server's database does not answer; try again later";
            Err(Refused(StatusCode::SERVICE_UNAVAILABLE, text))
        }
    }
}

/// Removes what is over, at once and then now and again, until `stop` turns true.
pub(crate) async fn sweep(app: App, mut stop: watch::Receiver<bool>) {
    loop {
        if let Err(error) = app.uploads.depot.sweep(&app.cx.store, now_ms()).await {
            tracing::warn!(%error, "files whose time is over could not be removed; it is tried again");
        }
        tokio::select! {
            () = tokio::time::sleep(SWEEP_EVERY) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
    }
}
