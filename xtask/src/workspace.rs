//! Where things are.

use std::path::{Path, PathBuf};

/// The name under which the browser's part is published; both sides compile with it.
pub(crate) const OUTPUT_NAME: &str = "attain";

/// The folders this tool reads and writes.
pub(crate) struct Workspace {
    /// The checkout.
    pub(crate) root: PathBuf,
    /// Where cargo writes: `CARGO_TARGET_DIR` when set, else `target` in the checkout.
    pub(crate) target: PathBuf,
}

impl Workspace {
    /// A set of the shared data: in the folder that `ATTAIN_DATA` names, or else in `shared/data` beside or above the
    /// checkout; none where it is not there.
    pub(crate) fn data(&self, set: &str) -> Option<PathBuf> {
        let roots: Vec<PathBuf> = match variable("ATTAIN_DATA") {
            Some(root) => vec![root.into()],
            None => self
                .root
                .ancestors()
                .map(|folder| folder.join("shared/data"))
                .collect(),
        };
        roots
            .into_iter()
            .map(|root| root.join(set))
            .find(|folder| folder.is_dir())
    }

    /// The checkout this tool was built from.
    pub(crate) fn find() -> Self {
        let manifest =
            variable("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").to_owned());
        let root = Path::new(&manifest).parent().unwrap_or(Path::new(".")).to_owned();
        let target = variable("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        let target = std::path::absolute(&target).unwrap_or(target);
        Self { root, target }
    }

    /// The built site: `pkg/<hash>/…` and `manifest.json`. Always in the checkout, because the server embeds it from there.
    pub(crate) fn site(&self) -> PathBuf {
        self.root.join("target/site")
    }

    /// Parts of the site before they are put together, kept to skip what did not change.
    pub(crate) fn stage(&self) -> PathBuf {
        self.root.join("target/site-parts")
    }

    pub(crate) fn scripts(&self) -> PathBuf {
        self.root.join("app/js")
    }

    pub(crate) fn end2end(&self) -> PathBuf {
        self.root.join("end2end")
    }

    /// The server as tests compile it; it reads the site from the checkout.
    pub(crate) fn tested(&self) -> PathBuf {
        self.target
            .join("dev/debug")
            .join(format!("attain{}", std::env::consts::EXE_SUFFIX))
    }

    /// The self-contained server.
    pub(crate) fn binary(&self) -> PathBuf {
        self.target
            .join("release")
            .join(format!("attain{}", std::env::consts::EXE_SUFFIX))
    }
}

/// An environment variable that is set and not empty.
#[expect(
    clippy::disallowed_methods,
    reason = "this tool is steered by the environment of whoever calls it"
)]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
