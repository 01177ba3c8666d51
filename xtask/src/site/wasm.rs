//! The browser's program: compiled, split at the lazy routes, bound to JavaScript, optimised.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::{Options, transform};

use crate::failure::{Context, Result};
use crate::process::{self, Build, Voice, capture, cargo, command};
use crate::site::{compress, fingerprint};
use crate::tools;
use crate::workspace::{OUTPUT_NAME, Workspace};

/// The name Leptos looks for when it writes preload links for lazy routes.
const SPLIT_SCRIPT: &str = "__wasm_split.______________________.js";
const SPLIT_MANIFEST: &str = "__wasm_split_manifest.json";

/// What the compiler of the crates may use; naming it lets the optimiser keep it.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

pub(super) fn build(workspace: &Workspace, voice: Voice) -> Result<PathBuf> {
    let rustc = capture(command(workspace, "rustc").arg("--version"))?;
    let inputs: Vec<PathBuf> = [
        "app/Cargo.toml",
        "app/build.rs",
        "app/src",
        "app/locales",
        "app/domain/Cargo.toml",
        "app/domain/build.rs",
        "app/domain/src",
        "app/domain/data",
        "app/hydrate",
        "app/js/package-lock.json",
        "Cargo.toml",
        "Cargo.lock",
        "xtask/src/site",
    ]
    .iter()
    .map(|path| workspace.root.join(path))
    .collect();
    let fingerprint = fingerprint::of(&inputs, &[&rustc])?;
    fingerprint::unless_made(&workspace.stage().join("wasm"), &fingerprint, |folder| {
        make(workspace, folder, voice)
    })
}

fn make(workspace: &Workspace, folder: &Path, voice: Voice) -> Result<()> {
    process::run(
        cargo(workspace, Build::Wasm, "build").args([
            "--package=hydrate",
            "--profile=wasm-release",
            "--target=wasm32-unknown-unknown",
        ]),
        voice,
    )?;
    let compiled = workspace
        .target
        .join("wasm/wasm32-unknown-unknown/wasm-release/hydrate.wasm");
    let compiled = std::fs::read(&compiled).context(compiled.display())?;
    // Kept with its names, for the check of what was linked.
    let linked = workspace.stage().join("linked.wasm");
    std::fs::write(&linked, &compiled).context(linked.display())?;
    let main = workspace.stage().join("main.wasm");
    split(&compiled, folder, &main)?;
    bind(&main, folder)?;
    std::fs::remove_file(&main).context(main.display())?;
    minify(workspace, folder)?;
    rename(workspace, folder)?;
    optimise(workspace, folder)?;
    compress::folder(folder)
}

/// Takes each lazy route out of the program, into a file of its own.
fn split(compiled: &[u8], folder: &Path, main: &Path) -> Result<()> {
    let module = format!("./{OUTPUT_NAME}.js");
    let link = format!("./{SPLIT_SCRIPT}");
    let mut options = Options::new(compiled);
    options.output_dir = folder;
    options.main_out_path = main;
    options.main_module = &module;
    options.link_name = &link;
    let split = transform(options).context("splitting the wasm module")?;
    let sorted: std::collections::BTreeMap<_, _> = split.prefetch_map.into_iter().collect();
    let manifest = folder.join(SPLIT_MANIFEST);
    std::fs::write(&manifest, serde_json::json!(sorted).to_string()).context(manifest.display())
}

fn bind(main: &Path, folder: &Path) -> Result<()> {
    let generate = || {
        Bindgen::new()
            .input_path(main)
            .out_name(OUTPUT_NAME)
            .web(true)?
            .keep_lld_exports(true)
            .demangle(false)
            .typescript(false)
            .generate_output()?
            .emit(folder)
    };
    generate()
        .map_err(|error| format!("{error:#}"))
        .context("binding the wasm module to JavaScript")?;
    let (from, to) = (
        folder.join(format!("{OUTPUT_NAME}_bg.wasm")),
        folder.join(format!("{OUTPUT_NAME}.wasm")),
    );
    std::fs::rename(&from, &to).context(from.display())
}

/// `wasm-opt -Oz` on every module, as many at once as there are cores.
fn optimise(workspace: &Workspace, folder: &Path) -> Result<()> {
    let modules = with_ending(folder, "wasm")?;
    let optimise = |module: &PathBuf| optimise_module(workspace, module, module);
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let lanes: Vec<_> = (0..cores.min(modules.len())).collect();
    std::thread::scope(|scope| {
        let threads: Vec<_> = lanes
            .iter()
            .map(|lane| {
                let mut mine = modules.iter().skip(*lane).step_by(cores);
                scope.spawn(move || mine.try_for_each(optimise))
            })
            .collect();
        threads.into_iter().try_for_each(|thread| match thread.join() {
            Ok(result) => result,
            Err(_) => Err(crate::failure::Failure::new(
                "an optimiser thread ended unexpectedly",
            )),
        })
    })
}

/// `wasm-opt -Oz` on one module.
pub(crate) fn optimise_module(workspace: &Workspace, from: &Path, to: &Path) -> Result<()> {
    let mut command = tools::packaged(workspace, &workspace.scripts(), "wasm-opt");
    // To read where a panic in the browser came from.
    let names = if std::env::var_os("ATTAIN_NAMES").is_some() {
        "--debuginfo"
    } else {
        "--strip-debug"
    };
    command
        .args(FEATURES)
        .args(["-Oz", names, "--strip-producers", "--quiet"]);
    process::run(command.arg(from).arg("-o").arg(to), Voice::Quiet)
}

/// Makes the scripts short.
///
/// Of the program's script only what is called stays (it also holds classes for streamed bodies, and no body is streamed).
/// The long names by which it and the program know each other get short ones, noted for [`rename`].
fn minify(workspace: &Workspace, folder: &Path) -> Result<()> {
    let esbuild = |from: &Path, to: &Path, arguments: &[&str]| {
        let mut command = tools::packaged(workspace, &workspace.scripts(), "esbuild");
        command
            .arg(from)
            .arg(format!("--outfile={}", to.display()))
            .args(["--minify", "--allow-overwrite", "--format=esm", "--target=es2022"])
            .arg("--log-level=warning")
            .args(arguments);
        process::run(&mut command, Voice::Quiet)
    };
    let program = folder.join(format!("{OUTPUT_NAME}.js"));
    for script in with_ending(folder, "js")? {
        if script != program {
            esbuild(&script, &script, &[])?;
        }
    }
    let called = folder.join("called.js");
    let exports = format!("export {{ default, hydrate, initSync }} from \"./{OUTPUT_NAME}.js\";");
    std::fs::write(&called, exports).context(called.display())?;
    esbuild(
        &called,
        &program,
        &[
            "--bundle",
            "--external:./__wasm_split*",
            // Both only keep classes that nobody calls.
            "--define:Symbol.dispose=undefined",
            "--pure:FinalizationRegistry",
            "--mangle-props=^__wb(g|indgen)_",
            &format!("--mangle-cache={}", names(workspace).display()),
        ],
    )?;
    std::fs::remove_file(&called).context(called.display())
}

/// Where the script's new names are noted.
fn names(workspace: &Workspace) -> PathBuf {
    workspace.stage().join("names.json")
}

/// Gives the program's imports and exports the names that its script has for them now, and takes out the exports that no
/// script names any more.
fn rename(workspace: &Workspace, folder: &Path) -> Result<()> {
    let names = names(workspace);
    let text = std::fs::read_to_string(&names).context(names.display())?;
    let short: HashMap<String, String> = serde_json::from_str(&text).context(names.display())?;
    std::fs::remove_file(&names).context(names.display())?;
    let program = folder.join(format!("{OUTPUT_NAME}.wasm"));
    let mut module = walrus::Module::from_file(&program)
        .map_err(|error| format!("{error:#}"))
        .context(program.display())?;
    let mut scripts = String::new();
    for script in with_ending(folder, "js")? {
        scripts += &std::fs::read_to_string(&script).context(script.display())?;
    }
    let unused: Vec<_> = module
        .exports
        .iter()
        .filter(|export| !short.contains_key(&export.name) && !scripts.contains(&export.name))
        .map(walrus::Export::id)
        .collect();
    for export in unused {
        module.exports.delete(export);
    }
    let imports = module.imports.iter_mut().map(|import| &mut import.name);
    for name in imports.chain(module.exports.iter_mut().map(|export| &mut export.name)) {
        if let Some(short) = short.get(name.as_str()) {
            name.clone_from(short);
        }
    }
    module
        .emit_wasm_file(&program)
        .map_err(|error| format!("{error:#}"))
        .context(program.display())
}

fn with_ending(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let mut files = fingerprint::files(folder)?;
    files.retain(|path| path.extension().is_some_and(|found| found == ending));
    Ok(files)
}
