//! Running other programs.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::failure::{Context, Failure, Result};
use crate::workspace::{OUTPUT_NAME, Workspace, variable};

/// Whether a program's output goes to the terminal at once, or only when it fails.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voice {
    Loud,
    Quiet,
}

/// How long tests may print nothing. Compiling one crate on a busy machine is silent for up to
/// a quarter of an hour, a hanging test forever.
const PATIENCE: Duration = Duration::from_mins(20);

/// What kind of code cargo is asked for. Each has a target folder of its own, so that none throws away the other's work.
#[derive(Clone, Copy)]
pub(crate) enum Build {
    /// Checks and tests: erased component types compile three times as fast.
    Dev,
    /// The server that is shipped.
    Release,
    /// The browser's part, with the relocations that splitting needs.
    Wasm,
}

/// What a program said and how it ended.
pub(crate) struct Heard {
    pub(crate) success: bool,
    pub(crate) text: String,
}

/// A command in the checkout, without what `cargo run` put into our own environment: those variables would make
/// build scripts run again.
pub(crate) fn command(workspace: &Workspace, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(&workspace.root).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        let of_cargo_run = [
            "CARGO_PKG_",
            "CARGO_MANIFEST_",
            "CARGO_BIN_",
            "CARGO_CRATE_",
            "CARGO_PRIMARY_",
        ];
        if of_cargo_run.iter().any(|prefix| name.starts_with(prefix)) || name == "LD_LIBRARY_PATH" {
            command.env_remove(&*name);
        }
    }
    command
}

/// Cargo with our flags and target folder.
pub(crate) fn cargo(workspace: &Workspace, build: Build, verb: &str) -> Command {
    let mut command = command(workspace, variable("CARGO").unwrap_or_else(|| "cargo".to_owned()));
    let (flags, folder) = match build {
        Build::Dev => ("--cfg erase_components", workspace.target.join("dev")),
        Build::Release => ("--cfg erase_components", workspace.target.clone()),
        Build::Wasm => (
            "--cfg erase_components -Clink-args=--emit-relocs",
            workspace.target.join("wasm"),
        ),
    };
    command
        .arg(verb)
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env("RUSTFLAGS", flags)
        .env("CARGO_TARGET_DIR", folder)
        .env("LEPTOS_OUTPUT_NAME", OUTPUT_NAME);
    command
}

/// Runs to the end; not succeeding is a failure that names the command.
pub(crate) fn run(command: &mut Command, voice: Voice) -> Result<()> {
    let line = shown(command);
    let heard = match voice {
        Voice::Loud => {
            println!("$ {line}");
            let status = command.status().context(&line)?;
            Heard {
                success: status.success(),
                text: String::new(),
            }
        }
        Voice::Quiet => hear(command, voice)?,
    };
    if heard.success {
        Ok(())
    } else {
        Err(Failure::new(
            format!("{}\nfailed: {line}", heard.text).trim_start().to_owned(),
        ))
    }
}

/// Runs to the end and gives what was printed on the standard output.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let line = shown(command);
    let output = command.output().context(&line)?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(Failure::new(format!(
            "{}\nfailed: {line}",
            String::from_utf8_lossy(&output.stderr).trim()
        )))
    }
}

/// Runs to the end, showing (if loud) and keeping everything printed, whatever the exit code.
pub(crate) fn hear(command: &mut Command, voice: Voice) -> Result<Heard> {
    listen(command, voice, Duration::MAX)
}

/// Runs tests to the end, showing and keeping everything printed, whatever the exit code.
///
/// Tests that print nothing for `PATIENCE` hang: they are ended with all they started, and that counts as not succeeding,
/// so that a stuck test costs its own stage and not the whole run.
pub(crate) fn hear_tests(command: &mut Command) -> Result<Heard> {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    listen(command, Voice::Loud, PATIENCE)
}

fn listen(command: &mut Command, voice: Voice, patience: Duration) -> Result<Heard> {
    let line = shown(command);
    if voice == Voice::Loud {
        println!("$ {line}");
    }
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context(&line)?;
    let said = Arc::new(Mutex::new(Said {
        text: String::new(),
        last: Instant::now(),
    }));
    let pipes: [Option<Box<dyn Read + Send>>; 2] = [
        child.stdout.take().map(|pipe| Box::new(pipe) as _),
        child.stderr.take().map(|pipe| Box::new(pipe) as _),
    ];
    let pumps: Vec<_> = pipes
        .into_iter()
        .flatten()
        .map(|pipe| {
            let said = Arc::clone(&said);
            std::thread::spawn(move || pump(pipe, voice, &said))
        })
        .collect();
    let mut hung = false;
    let status = loop {
        if let Some(status) = child.try_wait().context(&line)? {
            break status;
        }
        let silent = said.lock().map(|said| said.last.elapsed()).unwrap_or_default();
        if silent > patience && !hung {
            hung = true;
            println!("nothing was printed for {} s: ended", silent.as_secs());
            end_group(&mut child);
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    for pump in pumps {
        let _ = pump.join();
    }
    let text = said.lock().map(|said| said.text.clone()).unwrap_or_default();
    Ok(Heard {
        success: status.success() && !hung,
        text,
    })
}

/// Ends a program that leads a process group, and everything in the group.
fn end_group(child: &mut std::process::Child) {
    if cfg!(unix) {
        let group = format!("-{}", child.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
    }
    let _ = child.kill();
}

/// Whether a program can be found.
pub(crate) fn exists(program: &str) -> bool {
    find(program).is_some()
}

/// The full path of a program on the search path.
pub(crate) fn find(program: &str) -> Option<std::path::PathBuf> {
    if program.contains('/') {
        return Path::new(program).is_file().then(|| program.into());
    }
    std::env::split_paths(&std::env::var_os("PATH")?)
        .flat_map(|folder| {
            [
                folder.join(program),
                folder.join(format!("{program}{}", std::env::consts::EXE_SUFFIX)),
            ]
        })
        .find(|path| path.is_file())
}

/// What a program printed so far, and when it last did.
struct Said {
    text: String,
    last: Instant,
}

fn pump(pipe: impl Read, voice: Voice, said: &Mutex<Said>) {
    for line in BufReader::new(pipe)
        .split(b'\n')
        .map_while(std::result::Result::ok)
    {
        let line = String::from_utf8_lossy(&line).into_owned();
        if voice == Voice::Loud {
            let mut out = std::io::stdout().lock();
            let _ = writeln!(out, "{line}");
        }
        if let Ok(mut said) = said.lock() {
            said.text.push_str(&line);
            said.text.push('\n');
            said.last = Instant::now();
        }
    }
}

/// A command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    command
        .get_args()
        .fold(program, |line, argument| line + " " + &argument.to_string_lossy())
}
