//! The site's smaller parts: scripts and style by esbuild, public files as they are.

use std::path::PathBuf;

use crate::failure::{Context, Result};
use crate::process::{self, Voice};
use crate::site::{compress, fingerprint, relative};
use crate::tools;
use crate::workspace::Workspace;

/// Every script directly in `app/js` is an entry of its own (charts, service worker, …); folders hold what they import.
pub(super) fn scripts(workspace: &Workspace, voice: Voice) -> Result<PathBuf> {
    let sources = workspace.scripts();
    let fingerprint = fingerprint::of(&[sources.clone(), own_source(workspace)], &[])?;
    fingerprint::unless_made(&workspace.stage().join("js"), &fingerprint, |folder| {
        let mut entries = fingerprint::files(&sources)?;
        entries.retain(|path| {
            path.parent() == Some(&*sources) && path.extension().is_some_and(|ending| ending == "js")
        });
        if entries.is_empty() {
            return Ok(());
        }
        let mut command = tools::packaged(workspace, &sources, "esbuild");
        command
            .args(entries)
            .args(["--bundle", "--minify", "--format=esm", "--target=es2022"]);
        command.args(["--legal-comments=none", "--log-level=warning"]);
        command.arg(format!("--outdir={}", folder.display()));
        process::run(&mut command, voice)?;
        compress::folder(folder)
    })
}

/// The entries below `style`, each with everything it imports, and what they become: one for every page, one for the pages
/// that are not on the way to the first board, one that comes with an open split grid.
const STYLES: [(&str, &str); 3] = [
    ("main.css", "attain.css"),
    ("pages.css", "pages.css"),
    ("workplace.css", "workplace.css"),
];

/// The styles.
pub(super) fn style(workspace: &Workspace, voice: Voice) -> Result<PathBuf> {
    let sources = workspace.root.join("style");
    let lock = workspace.scripts().join("package-lock.json");
    let fingerprint = fingerprint::of(&[sources.clone(), lock, own_source(workspace)], &[])?;
    fingerprint::unless_made(&workspace.stage().join("css"), &fingerprint, |folder| {
        for (entry, style) in STYLES {
            let mut command = tools::packaged(workspace, &workspace.scripts(), "esbuild");
            command
                .arg(sources.join(entry))
                .args(["--bundle", "--minify", "--log-level=warning"]);
            command.args([
                "--target=chrome111,firefox114,safari16.4",
                "--external:*.woff2",
                "--external:*.svg",
            ]);
            command.arg(format!("--outfile={}", folder.join(style).display()));
            process::run(&mut command, voice)?;
        }
        compress::folder(folder)
    })
}

/// Icons, manifest, fonts.
pub(super) fn public(workspace: &Workspace) -> Result<PathBuf> {
    let sources = workspace.root.join("public");
    let fingerprint = fingerprint::of(&[sources.clone(), own_source(workspace)], &[])?;
    fingerprint::unless_made(&workspace.stage().join("public"), &fingerprint, |folder| {
        for path in fingerprint::files(&sources)? {
            let to = folder.join(relative(&sources, &path));
            std::fs::create_dir_all(to.parent().unwrap_or(folder)).context(to.display())?;
            std::fs::copy(&path, &to).context(to.display())?;
        }
        compress::folder(folder)
    })
}

fn own_source(workspace: &Workspace) -> PathBuf {
    workspace.root.join("xtask/src/site")
}
