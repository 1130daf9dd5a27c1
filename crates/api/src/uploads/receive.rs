//! PUT: a file goes into the place that was kept for it, and is on the disk before that is said.

use super::{Refused, find};
use crate::App;
use axum::{
    body::Body,
    extract::{Path, Request, State, rejection::PathRejection},
    http::{
        HeaderMap, StatusCode,
        header::{CONTENT_LENGTH, CONTENT_TYPE},
    },
};
use futures_util::StreamExt;
use magpie_core::{clock::now_ms, uploads::part_of};
use magpie_store::{Error as StoreError, uploads::Upload};
use std::{
    io,
    path::{Path as FilePath, PathBuf},
    time::Duration,
};
use tokio::{fs, io::AsyncWriteExt, time::timeout};

/// How long nothing may come before the client counts as gone.
const SILENCE: Duration = Duration::from_secs(60);

pub(super) async fn receive(
    State(app): State<App>,
    named: Result<Path<(String, String)>, PathRejection>,
    request: Request,
) -> Result<StatusCode, Refused> {
    let (upload, file) = find(&app, named).await?;
    if upload.stored_ms.is_some() {
        return Err(Refused(StatusCode::CONFLICT, "this file is here already"));
    }
    check(&upload, request.headers())?;
    let _coming = Coming::begin(&app, &upload.token)?;
    let mut part = Part::make(&file).await?;
    part.fill(request.into_body(), upload.size).await?;
    part.put_in_place(&file).await?;
    let (now, uploads) = (now_ms(), &app.uploads.config);
    let noted = app
        .cx
        .store
        .upload_stored(&upload.token, now, uploads.file_end_ms(now))
        .await;
    match noted {
        Ok(true) => {
            part.keep();
            Ok(StatusCode::CREATED)
        }
        // Its owner is gone, or it took too long.
        Ok(false) => Err(super::NOTHING),
        Err(StoreError::Full(_)) => Err(FULL),
        Err(error) => {
            tracing::warn!(%error, "whether a file came is not known");
            // It may have been noted after all. If it was not, it goes with its place.
            part.keep();
            let text = "the server's database does not answer; ask for a new place and send the file again";
            Err(Refused(StatusCode::SERVICE_UNAVAILABLE, text))
        }
    }
}

const FULL: Refused = Refused(
    StatusCode::INSUFFICIENT_STORAGE,
    "the server's disk is full; try again later",
);

/// XEP-0363 §7: the size is the one that was asked for, the kind too if one was named.
fn check(upload: &Upload, headers: &HeaderMap) -> Result<(), Refused> {
    let said = |name| headers.get(name).and_then(|v| v.to_str().ok());
    let length = said(CONTENT_LENGTH).and_then(|l| l.parse::<u64>().ok());
    let length = length.ok_or(Refused(
        StatusCode::LENGTH_REQUIRED,
        "say how long the file is: Content-Length",
    ))?;
    if length > upload.size {
        let text = "the file is larger than the place that was asked for";
        return Err(Refused(StatusCode::PAYLOAD_TOO_LARGE, text));
    }
    if length < upload.size {
        let text = "the file is smaller than the place that was asked for";
        return Err(Refused(StatusCode::BAD_REQUEST, text));
    }
    let kind = said(CONTENT_TYPE).map(|k| k.split(';').next().unwrap_or("").trim());
    let anything = &*upload.media_type == "application/octet-stream";
    if !anything && kind.is_some_and(|k| !k.eq_ignore_ascii_case(&upload.media_type)) {
        let text = "the file is of another kind than was said when its place was asked for";
        return Err(Refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, text));
    }
    Ok(())
}

/// That a file comes at this moment: nobody else may fill the same place.
struct Coming<'a> {
    app: &'a App,
    token: Box<str>,
}

impl Coming<'_> {
    fn begin<'a>(app: &'a App, token: &str) -> Result<Coming<'a>, Refused> {
        if !app.uploads.coming.lock().insert(token.into()) {
            let text = "this file is being sent already";
            return Err(Refused(StatusCode::CONFLICT, text));
        }
        let token = token.into();
        Ok(Coming { app, token })
    }
}

impl Drop for Coming<'_> {
    fn drop(&mut self) {
        self.app.uploads.coming.lock().remove(&self.token);
    }
}

/// A file on its way; whatever ends it early leaves nothing on the disk.
struct Part {
    path: PathBuf,
    file: fs::File,
    kept: bool,
}

impl Part {
    async fn make(file: &FilePath) -> Result<Part, Refused> {
        let path = part_of(file);
        let folder = folder_of(file);
        if !fs::try_exists(folder).await.unwrap_or(false) {
            fs::create_dir_all(folder).await.map_err(failed)?;
            sync(folder_of(folder)).await.map_err(failed)?;
        }
        let file = fs::File::create(&path).await.map_err(failed)?;
        let kept = false;
        Ok(Part { path, file, kept })
    }

    /// Takes exactly `size` bytes and brings them to the disk.
    async fn fill(&mut self, body: Body, size: u64) -> Result<(), Refused> {
        let mut body = body.into_data_stream();
        let mut left = size;
        loop {
            let chunk = match timeout(SILENCE, body.next()).await {
                Ok(Some(Ok(chunk))) => chunk,
                Ok(None) => break,
                Ok(Some(Err(_))) => {
                    let text = "the file was not sent to its end";
                    return Err(Refused(StatusCode::BAD_REQUEST, text));
                }
                Err(_) => {
                    let text = "nothing came for too long";
                    return Err(Refused(StatusCode::REQUEST_TIMEOUT, text));
                }
            };
            left = left.checked_sub(chunk.len() as u64).ok_or(Refused(
                StatusCode::PAYLOAD_TOO_LARGE,
                "more came than was said",
            ))?;
            self.file.write_all(&chunk).await.map_err(failed)?;
        }
        if left > 0 {
            let text = "the file was not sent to its end";
            return Err(Refused(StatusCode::BAD_REQUEST, text));
        }
        self.file.flush().await.map_err(failed)?;
        self.file.sync_all().await.map_err(failed)
    }

    async fn put_in_place(&mut self, file: &FilePath) -> Result<(), Refused> {
        fs::rename(&self.path, file).await.map_err(failed)?;
        self.path = file.to_owned();
        sync(folder_of(file)).await.map_err(failed)
    }

    fn keep(&mut self) {
        self.kept = true;
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.kept {
            drop(std::fs::remove_file(&self.path));
        }
    }
}

fn folder_of(path: &FilePath) -> &FilePath {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
    folder.unwrap_or(FilePath::new("."))
}

/// Brings a folder's list of files to the disk.
async fn sync(folder: &FilePath) -> io::Result<()> {
    fs::File::open(folder).await?.sync_all().await
}

fn failed(error: io::Error) -> Refused {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    tracing::warn!(%error, "a file could not be written");
    match error.kind() {
        StorageFull | QuotaExceeded | FileTooLarge => FULL,
        _ => Refused(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the server could not write the file; try again later",
        ),
    }
}
