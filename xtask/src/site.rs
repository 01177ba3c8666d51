//! The browser's files: `target/site/pkg/<hash>/…`, each beside its brotli and gzip form, and `manifest.json`.
//!
//! Four parts (wasm, scripts, style, public files) are built into folders of their own under a fingerprint of their inputs,
//! so that what did not change is not built again, and then put together under the hash of all their contents.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::failure::{Context, Result};
use crate::process::Voice;
use crate::workspace::Workspace;

mod compress;
pub(crate) mod fingerprint;
mod parts;
pub(crate) mod wasm;

/// A built site.
pub(crate) struct Site {
    /// The hash of everything in it; also the folder's name.
    pub(crate) build: String,
    /// Path below the folder → size plain, and compressed where that is smaller.
    pub(crate) files: BTreeMap<String, Sizes>,
}

/// Bytes of one file as sent.
#[derive(Clone, Copy)]
pub(crate) struct Sizes {
    pub(crate) plain: u64,
    pub(crate) brotli: Option<u64>,
    pub(crate) gzip: Option<u64>,
}

/// Builds what changed and puts the site together.
pub(crate) fn build(workspace: &Workspace, voice: Voice) -> Result<Site> {
    crate::tools::packages(workspace, &workspace.scripts(), voice)?;
    let parts = [
        wasm::build(workspace, voice)?,
        parts::scripts(workspace, voice)?,
        parts::style(workspace, voice)?,
        parts::public(workspace)?,
    ];
    let mut files = BTreeMap::new();
    for part in &parts {
        for path in fingerprint::files(part)? {
            let name = relative(part, &path);
            files.insert(name, path);
        }
    }
    let build = fingerprint::of_contents(&files)?;
    let folder = workspace.site().join("pkg").join(&build);
    let manifest = workspace.site().join("manifest.json");
    let site = Site {
        files: sizes(&files)?,
        build,
    };
    let text = format!("{:#}\n", manifest_of(&site));
    if std::fs::read_to_string(&manifest).is_ok_and(|written| written == text) && folder.is_dir() {
        return Ok(site);
    }
    // The manifest is written last: a site that lacks it was not finished.
    let _ = std::fs::remove_file(&manifest);
    let _ = std::fs::remove_dir_all(workspace.site().join("pkg"));
    for (name, path) in &files {
        let to = folder.join(name);
        std::fs::create_dir_all(to.parent().unwrap_or(&folder)).context(to.display())?;
        std::fs::copy(path, &to).context(to.display())?;
    }
    std::fs::write(&manifest, text).context(manifest.display())?;
    Ok(site)
}

fn manifest_of(site: &Site) -> serde_json::Value {
    let files: serde_json::Map<_, _> = site
        .files
        .iter()
        .map(|(name, sizes)| {
            let told = serde_json::json!({ "size": sizes.plain, "br": sizes.brotli, "gz": sizes.gzip });
            (name.clone(), told)
        })
        .collect();
    serde_json::json!({ "build": site.build, "files": files })
}

fn sizes(files: &BTreeMap<String, PathBuf>) -> Result<BTreeMap<String, Sizes>> {
    let size = |name: &str| -> Result<Option<u64>> {
        files
            .get(name)
            .map(|path| {
                std::fs::metadata(path)
                    .map(|data| data.len())
                    .context(path.display())
            })
            .transpose()
    };
    let mut told = BTreeMap::new();
    for name in files.keys().filter(|name| !compress::is_compressed(name)) {
        let sizes = Sizes {
            plain: size(name)?.unwrap_or_default(),
            brotli: size(&format!("{name}.br"))?,
            gzip: size(&format!("{name}.gz"))?,
        };
        told.insert(name.clone(), sizes);
    }
    Ok(told)
}

/// A path below a folder, with `/` on every system.
fn relative(folder: &Path, path: &Path) -> String {
    let path = path.strip_prefix(folder).unwrap_or(path);
    path.components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}
