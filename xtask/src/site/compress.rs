//! Compressed forms beside each file, made once at build time so that the server only picks one.

use std::io::Write;
use std::path::Path;

use crate::failure::{Context, Result};
use crate::site::fingerprint;

/// What compressing cannot make smaller.
const DENSE: [&str; 7] = ["png", "jpg", "webp", "woff2", "avif", "br", "gz"];

/// Adds `.br` and `.gz` beside every file of a folder for which they are smaller.
pub(super) fn folder(folder: &Path) -> Result<()> {
    for path in fingerprint::files(folder)? {
        if DENSE.iter().any(|ending| has_ending(&path, ending)) {
            continue;
        }
        let plain = std::fs::read(&path).context(path.display())?;
        for (ending, packed) in [("br", brotli(&plain)?), ("gz", gzip(&plain)?)] {
            if packed.len() < plain.len() {
                let mut beside = path.clone().into_os_string();
                beside.push(".");
                beside.push(ending);
                std::fs::write(&beside, packed).context(path.display())?;
            }
        }
    }
    Ok(())
}

/// Whether a file is a compressed form of another.
pub(super) fn is_compressed(name: &str) -> bool {
    ["br", "gz"]
        .iter()
        .any(|ending| has_ending(Path::new(name), ending))
}

/// Brotli at its strongest, as every static file is sent.
pub(super) fn brotli(plain: &[u8]) -> Result<Vec<u8>> {
    let parameters = ::brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    let mut packed = Vec::new();
    ::brotli::BrotliCompress(&mut &*plain, &mut packed, &parameters).context("brotli")?;
    Ok(packed)
}

fn gzip(plain: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(plain).context("gzip")?;
    encoder.finish().context("gzip")
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case(ending))
}
