//! Files that accounts uploaded (XEP-0363): whose, how large, until when. The bytes lie outside the database.

use crate::{AccountId, Error, Op, Store, Value, clock::now_ms, value::Row};

/// A file, or the place that is kept for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// What nobody can guess in its address; its name on the disk.
    pub token: Box<str>,
    /// Whose it is.
    pub owner: AccountId,
    /// What its owner calls it.
    pub name: Box<str>,
    /// Of which kind its owner says it is.
    pub media_type: Box<str>,
    /// Bytes it has, or will have.
    pub size: u64,
    /// When all of it was on the disk, milliseconds since 1970; `None`: it has not come yet.
    pub stored_ms: Option<i64>,
    /// From when on it is not there any more, milliseconds since 1970.
    pub expires_ms: i64,
    /// Width and height in pixels, once somebody asked; zero if it is no picture that can be read.
    pub pixels: Option<(u32, u32)>,
}

/// What an account's files come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// How many there are, those that have not come yet included.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// When the first of them goes, milliseconds since 1970.
    pub first_expires_ms: Option<i64>,
}

/// All files of `owner` are gone from now on. They are still to be removed, see [`Store::uploads_expired`].
pub(crate) const EXPIRE_ALL: &str = "UPDATE uploads SET expires_ms = 0 WHERE owner = ?";

const COLUMNS: &str = "SELECT token, owner, name, media_type, size, stored_ms, expires_ms, width, height FROM uploads";

impl Store {
    /// Keeps a place for a file.
    pub async fn upload_reserve(&self, upload: &Upload) -> Result<(), Error> {
        let op = Op::one(
            "INSERT INTO uploads (token, owner, name, media_type, size, created_ms, expires_ms) \
             VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (&*upload.token).into(),
                upload.owner.into(),
                (&*upload.name).into(),
                (&*upload.media_type).into(),
                bytes(upload.size),
                now_ms().into(),
                upload.expires_ms.into(),
            ],
        );
        self.write_one(op).await.map(drop)
    }

    /// The file or place of this token, unless its time is over.
    pub async fn upload(&self, token: &str, now_ms: i64) -> Result<Option<Upload>, Error> {
        let sql = format!("{COLUMNS} WHERE token = ? AND expires_ms > ?");
        let row = self.row(sql, vec![token.into(), now_ms.into()]).await?;
        row.map(upload).transpose()
    }

    /// Notes that all of a file is on the disk, and how long it stays. `false`: its place is not kept any more.
    pub async fn upload_stored(
        &self,
        token: &str,
        now_ms: i64,
        expires_ms: i64,
    ) -> Result<bool, Error> {
        // Carried out twice it says the same.
        let op = Op::one(
            "UPDATE uploads SET stored_ms = ?, expires_ms = ? \
             WHERE token = ? AND expires_ms > ? AND (stored_ms IS NULL OR stored_ms = ?)",
            [
                now_ms.into(),
                expires_ms.into(),
                token.into(),
                now_ms.into(),
                now_ms.into(),
            ],
        );
        self.write_one(op).await.map(|touched| touched == 1)
    }

    /// Notes how large a picture is; zero: it is none that can be read.
    pub async fn upload_set_pixels(&self, token: &str, pixels: (u32, u32)) -> Result<(), Error> {
        let (width, height) = (i64::from(pixels.0), i64::from(pixels.1));
        let op = Op::one(
            "UPDATE uploads SET width = ?, height = ? WHERE token = ?",
            [width.into(), height.into(), token.into()],
        );
        self.write_one(op).await.map(drop)
    }

    /// What the files of `owner` come to.
    pub async fn uploads_usage(&self, owner: AccountId, now_ms: i64) -> Result<Usage, Error> {
        let sql = "SELECT COUNT(*), CAST(SUM(size) AS INTEGER), MIN(expires_ms) FROM uploads \
                   WHERE owner = ? AND expires_ms > ?";
        let row = self.row(sql, vec![owner.into(), now_ms.into()]).await?;
        let Some(mut row) = row else {
            return Ok(Usage::default());
        };
        Ok(Usage {
            files: row.int(0)?.unsigned_abs(),
            bytes: row.opt_int(1)?.unwrap_or(0).unsigned_abs(),
            first_expires_ms: row.opt_int(2)?,
        })
    }

    /// Tokens of files whose time is over, at most `limit`: remove the bytes first, then say [`Store::upload_remove`].
    pub async fn uploads_expired(&self, now_ms: i64, limit: u32) -> Result<Vec<Box<str>>, Error> {
        let sql = "SELECT token FROM uploads WHERE expires_ms <= ? ORDER BY expires_ms LIMIT ?";
        let rows = self
            .rows(sql, vec![now_ms.into(), i64::from(limit).into()])
            .await?;
        rows.into_iter().map(|mut r| r.text(0)).collect()
    }

    /// All files of `owner` are over from now on.
    pub async fn uploads_expire_owner(&self, owner: AccountId) -> Result<(), Error> {
        self.write_one(Op::one(EXPIRE_ALL, [owner.into()]))
            .await
            .map(drop)
    }

    /// Forgets a file.
    pub async fn upload_remove(&self, token: &str) -> Result<(), Error> {
        let op = Op::one("DELETE FROM uploads WHERE token = ?", [token.into()]);
        self.write_one(op).await.map(drop)
    }
}

fn bytes(size: u64) -> Value {
    i64::try_from(size).unwrap_or(i64::MAX).into()
}

fn upload(mut row: Row) -> Result<Upload, Error> {
    let pixels = (row.opt_int(7)?, row.opt_int(8)?);
    let side = |n: i64| u32::try_from(n).map_err(Error::corrupt);
    Ok(Upload {
        token: row.text(0)?,
        owner: row.int(1)?,
        name: row.text(2)?,
        media_type: row.text(3)?,
        size: u64::try_from(row.int(4)?).map_err(Error::corrupt)?,
        stored_ms: row.opt_int(5)?,
        expires_ms: row.int(6)?,
        pixels: match pixels {
            (Some(width), Some(height)) => Some((side(width)?, side(height)?)),
            _ => None,
        },
    })
}
