//! Lays the built web messenger, if there is one, into the binary: a table of its files, each as it is and compressed.

use sha1::{Digest, Sha1};
use std::{
    env, fs,
    io::{Error, Result},
    path::{Path, PathBuf},
};

fn main() -> Result<()> {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/apps/chat/dist");
    // Cargo watches only what is there: without a folder every build would begin here anew.
    fs::create_dir_all(&dist)?;
    println!("cargo::rerun-if-changed={}", dist.display());
    println!("cargo::rerun-if-changed=build.rs");
    let mut files = Vec::new();
    collect(&dist.canonicalize()?, &mut files)?;
    files.sort();
    let mut table = String::from("&[\n");
    for file in files.iter().filter(|f| !is_companion(f)) {
        table.push_str(&entry(&dist.canonicalize()?, file)?);
    }
    table.push_str("]\n");
    let out = env::var_os("OUT_DIR").ok_or_else(|| Error::other("cargo names no OUT_DIR"))?;
    fs::write(Path::new(&out).join("embedded.rs"), table)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// Whether it is another file's compressed form, or a map for debuggers.
fn is_companion(file: &Path) -> bool {
    let extension = file.extension().and_then(|e| e.to_str());
    matches!(extension, Some("gz" | "br" | "map"))
}

/// One line of the table, see `File` in `src/web.rs`.
fn entry(dist: &Path, file: &Path) -> Result<String> {
    let path = file.strip_prefix(dist).map_err(Error::other)?;
    let hash = Sha1::digest(fs::read(file)?);
    let etag: String = hash[..8].iter().map(|b| format!("{b:02x}")).collect();
    let form = |suffix: &str| {
        let mut name = file.as_os_str().to_owned();
        name.push(suffix);
        match Path::new(&name).exists() {
            true => format!("Some(include_bytes!({:?}))", name.to_string_lossy()),
            false => "None".into(),
        }
    };
    Ok(format!(
        "    File {{ path: {:?}, etag: {etag:?}, plain: include_bytes!({:?}), gzip: {}, brotli: {} }},\n",
        path.to_string_lossy(),
        file.to_string_lossy(),
        form(".gz"),
        form(".br"),
    ))
}
