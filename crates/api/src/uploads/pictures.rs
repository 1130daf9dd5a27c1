//! Pictures: how large they are, and their small forms. Reading one costs memory and time that its sender decides, so one is read
//! at a time, within limits, on a thread of its own.

use super::Refused;
use crate::App;
use axum::http::StatusCode;
use image::{
    DynamicImage, ImageDecoder, ImageReader, Limits,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
};
use magpie_core::uploads::{part_of, thumb_of};
use magpie_store::uploads::Upload;
use std::{
    fs::{self, File},
    io::{BufReader, BufWriter, Write},
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::sync::Semaphore;

/// How many requests may wait for a picture to be read.
const WAITING: usize = 64;
/// Pixels a picture may have to be made smaller.
const MOST_PIXELS: u64 = 40_000_000;
/// Bytes that reading a picture may take.
const MOST_BYTES: u64 = 256 << 20;
/// The longer side of a small form, pixels.
const THUMB_SIDE: u32 = 480;
/// Of 100.
const THUMB_QUALITY: u8 = 82;

/// There is no small form.
pub(super) const NONE: Refused = Refused(
    StatusCode::NOT_FOUND,
    "this is no picture that can be shown smaller",
);

/// Whose turn it is to have a picture read.
#[derive(Debug)]
pub(super) struct Pictures {
    waiting: Arc<Semaphore>,
    one: Arc<Semaphore>,
}

impl Pictures {
    pub fn new() -> Pictures {
        Pictures {
            waiting: Arc::new(Semaphore::new(WAITING)),
            one: Arc::new(Semaphore::new(1)),
        }
    }

    /// Runs `work` when its turn comes; `None` if too many wait already, or it panicked over a broken picture.
    async fn alone<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let _waits = self.waiting.clone().try_acquire_owned().ok()?;
        let turn = self.one.clone().acquire_owned().await.ok()?;
        let working = tokio::task::spawn_blocking(move || {
            let done = work();
            // Not before the end, also when nobody waits for it any more.
            drop(turn);
            done
        });
        working.await.ok()
    }

    /// Width and height of a picture as it is to be seen. Read once, then known.
    pub async fn pixels(&self, app: &App, upload: &Upload, file: &Path) -> Option<(u32, u32)> {
        if !upload.media_type.starts_with("image/") {
            return None;
        }
        let pixels = match upload.pixels {
            Some(pixels) => pixels,
            None => {
                let path = file.to_owned();
                let found = self.alone(move || pixels(&path)).await?.unwrap_or((0, 0));
                let noted = app.cx.store.upload_set_pixels(&upload.token, found).await;
                if let Err(error) = noted {
                    tracing::debug!(%error, "the size of a picture was not noted");
                }
                found
            }
        };
        (pixels != (0, 0)).then_some(pixels)
    }

    /// Where the small form of a picture lies: made at the first request. That there is none is kept as an empty file.
    pub async fn thumb(&self, upload: &Upload, file: &Path) -> Result<PathBuf, Refused> {
        if !upload.media_type.starts_with("image/") {
            return Err(NONE);
        }
        let small = thumb_of(file);
        if tokio::fs::try_exists(&small).await.unwrap_or(false) {
            return Ok(small);
        }
        let (from, to) = (file.to_owned(), small.clone());
        let making = self.alone(move || {
            // Whoever came before may have made it meanwhile.
            to.exists() || make_thumb(&from, &to).is_some() || fs::write(&to, b"").is_ok()
        });
        match making.await {
            Some(true) => Ok(small),
            Some(false) => Err(NONE),
            None => Err(Refused(
                StatusCode::SERVICE_UNAVAILABLE,
                "too many pictures are asked for; try again",
            )),
        }
    }
}

fn reader(path: &Path) -> Option<ImageReader<BufReader<File>>> {
    let mut reader = ImageReader::open(path).ok()?.with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits);
    Some(reader)
}

fn pixels(path: &Path) -> Option<(u32, u32)> {
    let mut decoder = reader(path)?.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    let turned = decoder.orientation().is_ok_and(|o| o.to_exif() > 4);
    Some(if turned {
        (height, width)
    } else {
        (width, height)
    })
}

fn make_thumb(from: &Path, to: &Path) -> Option<()> {
    let mut decoder = reader(from)?.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return None;
    }
    let orientation = decoder.orientation().ok();
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    if picture.width().max(picture.height()) > THUMB_SIDE {
        picture = picture.thumbnail(THUMB_SIDE, THUMB_SIDE);
    }
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    let part = part_of(to);
    let written = write(&picture, &part).and_then(|()| fs::rename(&part, to).ok());
    if written.is_none() {
        drop(fs::remove_file(&part));
    }
    written
}

fn write(picture: &DynamicImage, to: &Path) -> Option<()> {
    let mut out = BufWriter::new(File::create(to).ok()?);
    if picture.color().has_alpha() {
        let picture = DynamicImage::from(picture.to_rgba8());
        picture.write_with_encoder(PngEncoder::new(&mut out)).ok()?;
    } else {
        let picture = DynamicImage::from(picture.to_rgb8());
        let jpeg = JpegEncoder::new_with_quality(&mut out, THUMB_QUALITY);
        picture.write_with_encoder(jpeg).ok()?;
    }
    out.flush().ok()
}

#[cfg(test)]
mod tests;
