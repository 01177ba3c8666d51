//! What may be depended on: nothing of the server in the browser, one copy of what must be one, known licences.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::failure::{Context, Failure, Result};
use crate::process::{Build, capture, cargo};
use crate::tally::Counts;
use crate::workspace::Workspace;

mod licence;

/// Crates that must not be among the browser's dependencies, by the beginning of their names.
const NOT_IN_BROWSER: [&str; 20] = [
    "axum",
    "argon2",
    "calamine",
    "charming",
    "chrono",
    "hyper",
    "jiff",
    "libsqlite3-sys",
    "migration",
    "mio",
    "operations",
    "openssl",
    "ring",
    "rustls",
    "sea-",
    "server",
    "sqlx",
    "store",
    "tokio",
    "tower",
];

/// Exceptions to the above: names that begin alike.
const HARMLESS: [&str; 2] = ["server_fn", "server_fn_macro"];

/// Crates that must not be linked into the browser's program. Leptos names `regex` among its dependencies but no code of
/// it may be reachable: it weighs half a megabyte.
const NOT_LINKED: [&str; 7] = [
    "regex_automata",
    "regex_syntax",
    "icu_datetime",
    "icu_decimal",
    "toml_parser",
    "tokio",
    "chrono",
];

/// Crates of which two copies would mean two incompatible halves, or a second framework in the browser's program.
const SINGLE: [&str; 12] = [
    "axum",
    "leptos",
    "leptos_axum",
    "leptos_router",
    "reactive_graph",
    "sea-orm",
    "server_fn",
    "sqlx-core",
    "tachys",
    "tower-http",
    "wasm-bindgen",
    "wasm_split_helpers",
];

/// Checks the declared dependencies: three checks.
pub(crate) fn check(workspace: &Workspace) -> Result<Counts> {
    let mut counts = Counts::default();
    let mut tree = cargo(workspace, Build::Dev, "tree");
    tree.args([
        "--package=hydrate",
        "--target=wasm32-unknown-unknown",
        "--edges=normal,no-proc-macro",
    ]);
    let browser = capture(tree.args(["--prefix=none", "--format={p}"]))?;
    counts.check(browser_only(&browser));
    let mut tree = cargo(workspace, Build::Dev, "tree");
    tree.args(["--workspace", "--exclude=xtask", "--edges=normal"]);
    counts.check(single(&capture(tree.args(["--prefix=none", "--format={p}"]))?));
    let metadata = capture(cargo(workspace, Build::Dev, "metadata").args(["--format-version=1"]))?;
    let metadata: Value = serde_json::from_str(&metadata).context("cargo metadata")?;
    counts.check(licences(&metadata));
    Ok(counts)
}

/// Checks what the compiler really put into the browser's program, by the names of its functions.
pub(crate) fn linked(program: &[u8]) -> Result<()> {
    // A crate's name appears in mangled names after its length, in the old and in the new scheme.
    let reachable: Vec<&str> = NOT_LINKED
        .into_iter()
        .filter(|name| {
            let mangled = format!("{}{name}", name.len()).into_bytes();
            program.windows(mangled.len()).any(|window| window == mangled)
        })
        .collect();
    none_of(&reachable, "linked into the browser's program")
}

fn browser_only(tree: &str) -> Result<()> {
    let found: BTreeSet<&str> = names(tree)
        .map(|(name, _)| name)
        .filter(|name| {
            !HARMLESS.contains(name) && NOT_IN_BROWSER.iter().any(|forbidden| name.starts_with(forbidden))
        })
        .collect();
    none_of(
        &found.into_iter().collect::<Vec<_>>(),
        "among the browser's dependencies (cargo tree -p hydrate -i NAME)",
    )
}

fn single(tree: &str) -> Result<()> {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, version) in names(tree).filter(|(name, _)| SINGLE.contains(name)) {
        versions.entry(name).or_default().insert(version);
    }
    let twice: Vec<String> = versions
        .into_iter()
        .filter(|(_, versions)| versions.len() > 1)
        .map(|(name, versions)| format!("{name} ({})", versions.into_iter().collect::<Vec<_>>().join(", ")))
        .collect();
    none_of(
        &twice.iter().map(String::as_str).collect::<Vec<_>>(),
        "there in more than one version",
    )
}

fn licences(metadata: &Value) -> Result<()> {
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata names no packages")?;
    let unknown: Vec<String> = packages
        .iter()
        .filter(|package| !licence::accepted(package["license"].as_str().unwrap_or_default()))
        .map(|package| format!("{} ({})", package["name"], package["license"]))
        .collect();
    none_of(
        &unknown.iter().map(String::as_str).collect::<Vec<_>>(),
        "under a licence that nobody has looked at",
    )
}

fn none_of(found: &[&str], what: &str) -> Result<()> {
    if found.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(format!("{} {what}", found.join(", "))))
    }
}

/// Name and version from lines such as `serde v1.0.229 (*)`.
fn names(tree: &str) -> impl Iterator<Item = (&str, &str)> {
    tree.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        Some((words.next()?, words.next()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_crate_in_the_browser_is_found() {
        assert!(browser_only("leptos v0.8.23\nserver_fn v0.8.13\n").is_ok());
        let found = browser_only("leptos v0.8.23\ntokio v1.40.0\nsea-query v1.0.0 (*)\n")
            .unwrap_err()
            .to_string();
        assert!(found.starts_with("sea-query, tokio "), "{found}");
    }

    #[test]
    fn two_copies_are_found() {
        assert!(single("axum v0.8.1\naxum v0.8.1 (*)\nsyn v1.0.0\nsyn v2.0.0\n").is_ok());
        assert!(single("axum v0.8.1\naxum v0.7.9\n").is_err());
    }

    #[test]
    fn linked_code_is_found_by_its_mangled_name() {
        assert!(linked(b"_ZN13leptos_router4mainE").is_ok());
        assert!(linked(b"\0_ZN14regex_automata4meta5RegexE").is_err());
        assert!(linked(b"_RNvCs1234_14regex_automata4main").is_err());
    }
}
