//! Pictures made here and read back: small forms, sizes, and what is refused.

use super::*;
use image::{ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use std::io::Cursor;

/// A folder with one file in it: its path.
fn kept(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("picture");
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, format).unwrap();
    out.into_inner()
}

/// Red on the left, blue on the right.
fn two_colours(width: u32, height: u32) -> DynamicImage {
    let colour = |x, _| {
        if x < width / 2 {
            Rgb([255, 0, 0])
        } else {
            Rgb([0, 0, 255])
        }
    };
    RgbImage::from_fn(width, height, colour).into()
}

/// A JPEG that a camera held sideways made: EXIF says that it is to be turned to the right (orientation 6).
fn sideways(picture: &DynamicImage) -> Vec<u8> {
    let jpeg = encoded(picture, ImageFormat::Jpeg);
    let tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let length = (2 + 6 + tiff.len()) as u16;
    let exif = [&b"\xff\xe1"[..], &length.to_be_bytes(), b"Exif\0\0", tiff].concat();
    [&jpeg[..2], &exif, &jpeg[2..]].concat()
}

#[test]
fn a_photo_becomes_a_small_jpeg_the_right_way_up() {
    let (_folder, path) = kept(&sideways(&two_colours(1200, 800)));
    assert_eq!(pixels(&path), Some((800, 1200)));
    let small = thumb_of(&path);
    make_thumb(&path, &small).unwrap();
    let bytes = fs::read(&small).unwrap();
    assert_eq!(image::guess_format(&bytes).unwrap(), ImageFormat::Jpeg);
    assert!(
        !bytes.windows(4).any(|w| w == b"Exif"),
        "what the camera noted is gone"
    );
    let small = image::load_from_memory(&bytes).unwrap().to_rgb8();
    assert_eq!(small.dimensions(), (320, 480));
    // What was left is up.
    let (up, down) = (small.get_pixel(160, 40).0, small.get_pixel(160, 440).0);
    assert!(
        up[0] > 200 && up[2] < 60 && down[2] > 200 && down[0] < 60,
        "{up:?} {down:?}"
    );
}

#[test]
fn what_can_be_seen_through_stays_so() {
    let half = RgbaImage::from_pixel(500, 20, Rgba([9, 9, 9, 128]));
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let (_folder, path) = kept(&encoded(&half.clone().into(), format));
        let small = thumb_of(&path);
        make_thumb(&path, &small).unwrap();
        let bytes = fs::read(&small).unwrap();
        assert_eq!(image::guess_format(&bytes).unwrap(), ImageFormat::Png);
        let small = image::load_from_memory(&bytes).unwrap().to_rgba8();
        assert_eq!((small.width(), small.get_pixel(3, 3).0[3]), (480, 128));
    }
}

#[test]
fn a_small_picture_is_not_made_larger() {
    let (_folder, path) = kept(&encoded(&two_colours(40, 30), ImageFormat::Gif));
    let small = thumb_of(&path);
    make_thumb(&path, &small).unwrap();
    assert_eq!(pixels(&small), Some((40, 30)));
}

#[test]
fn what_is_too_much_or_broken_has_no_small_form() {
    let whole = encoded(&two_colours(600, 400), ImageFormat::Png);
    let mut many = encoded(&two_colours(9, 9), ImageFormat::Gif);
    // The size that a GIF says it has.
    many[6..10].copy_from_slice(&[0, 25, 0, 25]);
    for (bytes, what) in [
        (&many[..], "more pixels than may be"),
        (&whole[..whole.len() / 2], "cut off"),
        (b"GIF89a", "only a head"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a drawing"),
        (b"", "nothing"),
    ] {
        let (folder, path) = kept(bytes);
        assert!(make_thumb(&path, &thumb_of(&path)).is_none(), "{what}");
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "{what}: something was left"
        );
    }
    let (_folder, path) = kept(&many);
    assert_eq!(
        pixels(&path),
        Some((6400, 6400)),
        "its size is known all the same"
    );
}

#[tokio::test]
async fn that_there_is_none_is_found_out_once() {
    let (_folder, path) = kept(b"no picture");
    let upload = Upload {
        token: "".into(),
        owner: 1,
        name: "a.png".into(),
        media_type: "image/png".into(),
        size: 10,
        stored_ms: Some(0),
        expires_ms: i64::MAX,
        pixels: None,
    };
    let pictures = Pictures::new();
    let small = pictures.thumb(&upload, &path).await.unwrap();
    assert_eq!(fs::read(&small).unwrap(), b"");
    fs::write(&path, encoded(&two_colours(9, 9), ImageFormat::Png)).unwrap();
    assert_eq!(
        fs::read(pictures.thumb(&upload, &path).await.unwrap()).unwrap(),
        b""
    );
}

#[tokio::test]
async fn one_is_read_at_a_time_and_not_endlessly_many_wait() {
    let pictures = Arc::new(Pictures::new());
    let (busy, most) = (Arc::new(Semaphore::new(1)), Arc::new(Semaphore::new(0)));
    let gate = Arc::new(tokio::sync::Mutex::new(()));
    // Nobody is done before all have asked.
    let shut = gate.lock().await;
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..WAITING + 10 {
        let (pictures, busy, most) = (pictures.clone(), busy.clone(), most.clone());
        let gate = gate.clone();
        asking.spawn(async move {
            pictures
                .alone(move || {
                    let alone = busy.try_acquire();
                    drop(gate.blocking_lock());
                    most.add_permits(1);
                    alone.is_ok()
                })
                .await
        });
    }
    for _ in 0..10 {
        assert_eq!(asking.join_next().await.unwrap().unwrap(), None);
    }
    drop(shut);
    let answers = asking.join_all().await;
    assert_eq!(most.available_permits(), WAITING);
    assert_eq!(answers.iter().flatten().count(), WAITING);
    assert!(answers.iter().flatten().all(|alone| *alone));
}
