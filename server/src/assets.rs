//! The files of the browser's side: inside the binary in release builds, on disk below `target/site` in debug builds.
//!
//! Everything below `/pkg/<build>/` never changes and may be kept for ever. The same files answer directly below `/` under
//! names that last from build to build (`/favicon.ico`, a service worker), and are asked for again.

use std::borrow::Cow;
use std::collections::HashMap;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use rust_embed::{Embed, EmbeddedFile};
use serde::Deserialize;

/// How long a file with a lasting name may be used without asking, seconds.
const LASTING_NAME_S: u32 = 3600;

/// What a service worker may do: load and ask here, nothing elsewhere.
const WORKER_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
);

#[derive(Embed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/site"]
#[allow_missing = true]
struct Files;

/// The site as it was found at the start.
#[derive(Clone, Debug)]
pub struct Site {
    /// What the pages need to know of it.
    pub assets: app::assets::Assets,
}

/// `manifest.json`, written by `cargo xtask`.
#[derive(Deserialize)]
struct Manifest {
    build: String,
}

impl Site {
    /// Reads which build of the site is here; a binary without one serves pages that nothing enlivens.
    pub fn find() -> Self {
        let manifest =
            Files::get("manifest.json").and_then(|file| serde_json::from_slice::<Manifest>(&file.data).ok());
        // Naming ATTAIN_BUILD makes the compiler embed the site anew when `cargo xtask` has built it anew.
        let named = option_env!("ATTAIN_BUILD").map(str::to_owned);
        let build = manifest
            .map(|manifest| manifest.build)
            .or(named)
            .unwrap_or_else(|| format!("{}-bare", env!("CARGO_PKG_VERSION")));
        let splits = Files::get(&format!("pkg/{build}/__wasm_split_manifest.json"))
            .and_then(|file| serde_json::from_slice::<HashMap<String, Vec<String>>>(&file.data).ok())
            .unwrap_or_default();
        Self {
            assets: app::assets::Assets::new(&build, splits),
        }
    }

    /// The id of the build; every answer carries it.
    pub fn build(&self) -> &str {
        &self.assets.build
    }

    /// The answer with the file at a path of the site, or nothing when there is none.
    pub fn answer(&self, path: &str, headers: &HeaderMap) -> Option<Response<Body>> {
        let path = path.strip_prefix('/')?;
        let inside = format!("pkg/{}/", self.build());
        let forever = path.starts_with(&inside);
        let lasting = format!("{inside}{path}");
        let name = if forever { path } else { &lasting };
        let hidden = path.is_empty()
            || [".br", ".gz"].iter().any(|ending| name.ends_with(ending))
            || name.split('/').any(|part| part == "..");
        if hidden {
            return None;
        }
        let (file, encoding) = encoded(name, headers)?;
        let tag = tag(&file, encoding);
        let keep = if forever {
            "public, max-age=31536000, immutable".to_owned()
        } else {
            format!("public, max-age={LASTING_NAME_S}")
        };
        let known = headers
            .get(header::IF_NONE_MATCH)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|known| known.split(',').any(|known| known.trim() == tag));
        let mut answer = if known {
            let mut answer = Response::new(Body::empty());
            *answer.status_mut() = StatusCode::NOT_MODIFIED;
            answer
        } else {
            Response::new(match file.data {
                Cow::Borrowed(bytes) => Body::from(bytes),
                Cow::Owned(bytes) => Body::from(bytes),
            })
        };
        let heads = answer.headers_mut();
        let kind = media_type(name);
        heads.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        if kind.starts_with("text/javascript") {
            // A script that runs as a worker is bound by the policy it came with.
            heads.insert(header::CONTENT_SECURITY_POLICY, WORKER_POLICY);
        }
        heads.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(encoding) = encoding {
            heads.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        for (name, value) in [(header::CACHE_CONTROL, keep), (header::ETAG, tag)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                heads.insert(name, value);
            }
        }
        Some(answer)
    }
}

/// The smallest form of a file that the browser takes, with the name of its encoding.
fn encoded(name: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    [("br", ".br"), ("gzip", ".gz")]
        .into_iter()
        .filter(|(encoding, _)| accepts(headers, encoding))
        .find_map(|(encoding, ending)| Some((Files::get(&format!("{name}{ending}"))?, Some(encoding))))
        .or_else(|| Some((Files::get(name)?, None)))
}

/// Whether `Accept-Encoding` names the encoding with a weight above zero.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|item| {
            let mut parts = item.split(';').map(str::trim);
            let named = parts
                .next()
                .is_some_and(|name| name.eq_ignore_ascii_case(encoding));
            let refused = parts.any(|part| {
                part.strip_prefix("q=")
                    .is_some_and(|weight| weight.parse::<f32>().is_ok_and(|weight| weight <= 0.0))
            });
            named && !refused
        })
}

/// The entity tag: the file's own hash, so that it is the same on every instance.
fn tag(file: &EmbeddedFile, encoding: Option<&'static str>) -> String {
    use std::fmt::Write;
    let mut tag = String::from("\"");
    for byte in &file.metadata.sha256_hash()[..8] {
        // Writing to a string does not fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push_str(encoding.unwrap_or_default());
    tag.push('"');
    tag
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepting(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))])
    }

    #[test]
    fn an_encoding_is_taken_by_name_and_weight() {
        assert!(accepts(&accepting("gzip, deflate, br"), "br"));
        assert!(accepts(&accepting("br;q=0.5"), "br"));
        assert!(!accepts(&accepting("br;q=0, gzip"), "br"));
        assert!(!accepts(&accepting("brotli"), "br"));
        assert!(!accepts(&HeaderMap::new(), "gzip"));
    }

    #[test]
    fn nothing_outside_the_site_is_answered() {
        let site = Site::find();
        for path in [
            "/../Cargo.toml",
            "/pkg/../../../Cargo.toml",
            "/",
            "/manifest.json",
            "Cargo.toml",
        ] {
            assert!(site.answer(path, &HeaderMap::new()).is_none(), "{path}");
        }
    }
}
