//! Words: `locales/<language>/<capability>.json` become compile-time checked keys in the module `i18n`.
//!
//! Every file of `locales/zh-CN` is a namespace; a capability gets its words by adding its file in both languages.

use std::error::Error;
use std::path::{Path, PathBuf};

use leptos_i18n_build::options::CodegenOptions;
use leptos_i18n_build::{Config, ParseOptions, TranslationsInfos};

/// The language the keys are taken from; the other one must have the same keys.
const FIRST: &str = "zh-CN";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    let config = Config::new(FIRST)?
        .add_locale("en")?
        .add_namespaces(namespaces(Path::new("locales").join(FIRST).as_path())?)?
        .parse_options(ParseOptions::new().interpolate_display(true));
    let words = TranslationsInfos::parse(config)?;
    words.emit_diagnostics();
    words.rerun_if_locales_changed();
    let quiet = r#"#![expect(
        unreachable_pub,
        clippy::default_trait_access,
        clippy::ignored_unit_patterns,
        clippy::new_ret_no_self,
        clippy::used_underscore_binding,
        reason = "generated"
    )]"#
    .parse()?;
    let options = CodegenOptions::new()
        .top_level_attributes(Some(quiet))
        .gen_docs(false);
    let folder = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?).join("words");
    words.generate_i18n_module_with_options(folder, options)?;
    Ok(())
}

/// The names of the JSON files of a folder, sorted.
fn namespaces(folder: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            names.extend(path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned));
        }
    }
    names.sort();
    Ok(names)
}
