//! GET and HEAD: the file, a range of it, the small form of a picture (`?thumb`), or what is known of it (`?info`).

use super::{
    NOTHING, Refused, find,
    range::{Wanted, wanted},
};
use crate::{App, web};
use axum::{
    body::Body,
    extract::{Path, RawQuery, State, rejection::PathRejection},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{
            ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
            CONTENT_TYPE, IF_RANGE, RANGE,
        },
    },
    response::{IntoResponse, Response},
};
use bytes::BytesMut;
use futures_util::stream;
use magpie_core::clock::now_ms;
use magpie_store::uploads::Upload;
use serde_json::json;
use std::{io::SeekFrom, path::Path as FilePath};
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt},
};

/// Bytes that are read at a time.
const CHUNK: u64 = 64 << 10;
/// Seconds a client may keep a file without asking again: a day, for what never changes but may go.
const FRESH_SECS: i64 = 24 * 60 * 60;

/// Kinds that a browser may show by itself: those that carry no scripts.
const SHOWN: [&str; 20] = [
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "image/avif",
    "image/bmp",
    "video/mp4",
    "video/webm",
    "video/ogg",
    "video/quicktime",
    "audio/mpeg",
    "audio/mp4",
    "audio/aac",
    "audio/ogg",
    "audio/opus",
    "audio/wav",
    "audio/x-wav",
    "audio/flac",
    "audio/webm",
    "audio/x-m4a",
];

pub(super) async fn serve(
    State(app): State<App>,
    named: Result<Path<(String, String)>, PathRejection>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let (upload, path) = find(&app, named).await?;
    let stored_ms = upload.stored_ms.ok_or(NOTHING)?;
    let tag = format!("{stored_ms:x}-{:x}", upload.size);
    let query = query.unwrap_or_default();
    let asks = |what: &str| query.split('&').any(|q| q.split('=').next() == Some(what));
    let mut response = if asks("info") {
        info(&app, &upload, &path).await
    } else if asks("thumb") {
        thumb(&app, &upload, &path, &headers, &tag).await?
    } else {
        whole(&upload, &path, &headers, &tag).await?
    };
    let left = (upload.expires_ms.saturating_sub(now_ms()) / 1000).clamp(0, FRESH_SECS);
    if let Ok(kept) = HeaderValue::from_str(&format!("private, max-age={left}")) {
        response.headers_mut().insert(CACHE_CONTROL, kept);
    }
    Ok(response)
}

async fn whole(
    upload: &Upload,
    path: &FilePath,
    headers: &HeaderMap,
    tag: &str,
) -> Result<Response, Refused> {
    let mut file = open(path).await?;
    let said = |name| {
        headers
            .get(name)
            .and_then(|v: &HeaderValue| v.to_str().ok())
    };
    // A range of another form of the file would not fit (RFC 9110 §13.1.5).
    let fits = said(IF_RANGE).is_none_or(|t| t == format!("\"{tag}\""));
    let size = upload.size;
    let (first, last) = match wanted(said(RANGE).filter(|_| fits), size) {
        Wanted::Whole => (0, size - 1),
        Wanted::Part(first, last) => (first, last),
        Wanted::Beyond => {
            let range = (CONTENT_RANGE, format!("bytes */{size}"));
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, [range]).into_response());
        }
    };
    if first > 0 {
        let seek = file.seek(SeekFrom::Start(first)).await;
        seek.map_err(|_| NOTHING)?;
    }
    let length = last - first + 1;
    let (kind, disposition) = presentation(upload);
    let mut response = web::answer(headers, tag, kind, stream(file, length));
    let out = response.headers_mut();
    for (name, value) in [
        (ACCEPT_RANGES, "bytes".to_owned()),
        (CONTENT_DISPOSITION, disposition),
    ] {
        out.insert(name, HeaderValue::from_str(&value).map_err(|_| NOTHING)?);
    }
    if response.status() == StatusCode::OK {
        let out = response.headers_mut();
        out.insert(CONTENT_LENGTH, length.into());
        if length < size {
            let range = format!("bytes {first}-{last}/{size}");
            out.insert(
                CONTENT_RANGE,
                HeaderValue::from_str(&range).map_err(|_| NOTHING)?,
            );
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        }
    }
    Ok(response)
}

async fn open(path: &FilePath) -> Result<File, Refused> {
    File::open(path).await.map_err(|error| {
        tracing::warn!(%error, path = %path.display(), "a file that is listed cannot be opened");
        NOTHING
    })
}

/// The bytes, read as the client takes them.
fn stream(file: File, length: u64) -> Body {
    Body::from_stream(stream::try_unfold(
        (file, length),
        async |(mut file, left)| {
            if left == 0 {
                return Ok(None);
            }
            let mut chunk = BytesMut::with_capacity(left.min(CHUNK) as usize);
            let n = (&mut file).take(left).read_buf(&mut chunk).await?;
            if n == 0 {
                return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof));
            }
            Ok(Some((chunk.freeze(), (file, left - n as u64))))
        },
    ))
}

/// The kind a browser is told, and whether it shows or saves the file. Whatever could carry scripts is bytes to be saved.
fn presentation(upload: &Upload) -> (&'static str, String) {
    let shown = SHOWN.iter().find(|kind| **kind == &*upload.media_type);
    let (kind, way) = match shown {
        Some(kind) => (*kind, "inline"),
        None => ("application/octet-stream", "attachment"),
    };
    let plain: String = upload
        .name
        .chars()
        .map(|c| {
            if matches!(c, ' '..='~') && !matches!(c, '"' | '\\' | '%') {
                c
            } else {
                '_'
            }
        })
        .collect();
    let encoded: String = upload
        .name
        .bytes()
        .map(|b| match b {
            b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => char::from(b).to_string(),
            b => format!("%{b:02X}"),
        })
        .collect();
    (
        kind,
        format!("{way}; filename=\"{plain}\"; filename*=UTF-8''{encoded}"),
    )
}

async fn info(app: &App, upload: &Upload, path: &FilePath) -> Response {
    let mut info = json!({ "type": &*upload.media_type, "size": upload.size });
    if let Some((width, height)) = app.uploads.pictures.pixels(app, upload, path).await {
        info["width"] = width.into();
        info["height"] = height.into();
    }
    axum::Json(info).into_response()
}

async fn thumb(
    app: &App,
    upload: &Upload,
    path: &FilePath,
    headers: &HeaderMap,
    tag: &str,
) -> Result<Response, Refused> {
    let small = app.uploads.pictures.thumb(upload, path).await?;
    let bytes = tokio::fs::read(small).await.map_err(|_| NOTHING)?;
    let kind = match bytes.first() {
        Some(0xff) => "image/jpeg",
        Some(_) => "image/png",
        None => return Err(super::pictures::NONE),
    };
    let mut response = web::answer(headers, &format!("{tag}-t"), kind, bytes);
    let out = response.headers_mut();
    out.insert(CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
    out.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn presented(name: &str, media_type: &str) -> (&'static str, String) {
        presentation(&Upload {
            token: "".into(),
            owner: 1,
            name: name.into(),
            media_type: media_type.into(),
            size: 1,
            stored_ms: Some(0),
            expires_ms: 0,
            pixels: None,
        })
    }

    #[test]
    fn what_can_carry_scripts_is_never_shown() {
        for kind in [
            "text/html",
            "image/svg+xml",
            "text/xml",
            "application/xml",
            "application/xhtml+xml",
            "application/pdf",
            "text/javascript",
            "application/javascript",
            "text/css",
            "text/plain",
            "application/wasm",
            "image/x-icon",
        ] {
            let (told, way) = presented("a", kind);
            assert_eq!(told, "application/octet-stream", "{kind}");
            assert!(way.starts_with("attachment;"), "{kind}: {way}");
        }
        assert_eq!(presented("a", "image/png").0, "image/png");
    }

    #[test]
    fn a_name_cannot_add_to_a_header() {
        let (_, way) = presented("a\"; x=\"%41\\ 照片.png", "image/png");
        assert_eq!(
            way,
            "inline; filename=\"a_; x=__41_ __.png\"; filename*=UTF-8''a%22%3B%20x%3D%22%2541%5C%20%E7%85%A7%E7%89%87.png"
        );
    }
}
