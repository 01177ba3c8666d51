//! A `PostgreSQL` server of our own for the tests: in a temporary folder, on a free port, gone afterwards.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::{Context, Failure, Result};
use crate::process::{self, Voice, capture, command};
use crate::tools;
use crate::workspace::Workspace;

/// How long a server may take to accept connections.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running server; stops and deletes its folder when dropped.
pub(crate) struct Server {
    process: Child,
    folder: PathBuf,
    port: u16,
}

impl Server {
    /// Where tests connect, with the right to create databases.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The server's own process: its parent may be the program that gave up root's rights for it.
        let number = std::fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap_or_default();
        let number = number
            .lines()
            .next()
            .map_or_else(|| self.process.id().to_string(), str::to_owned);
        let _ = Command::new("kill").args(["-INT", &number]).status();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Starts a server, installing Debian's binaries where there are none and we may.
pub(crate) fn start(workspace: &Workspace) -> Result<Server> {
    let binaries = if let Some(binaries) = binaries() {
        binaries
    } else {
        tools::debian(workspace, &["postgresql"], "PostgreSQL's server")?;
        binaries().context("PostgreSQL was installed, but its initdb is not where Debian puts it")?
    };
    let folder = std::env::temp_dir().join(format!("attain-postgres-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).context(folder.display())?;
    // The server refuses to run as root: then it runs as the user that Debian's package made for it.
    let root = tools::is_root(workspace);
    if root {
        process::run(
            command(workspace, "chown").arg("postgres").arg(&folder),
            Voice::Quiet,
        )?;
    }
    let data = folder.join("data");
    let mut initialise = lowered(workspace, root, &binaries.join("initdb"));
    initialise.current_dir(&folder).args([
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "-N",
        "-D",
    ]);
    process::run(initialise.arg(&data), Voice::Quiet)?;

    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .context("a free port")?
        .port();
    let log = folder.join("log");
    let log_file = std::fs::File::create(&log).context(log.display())?;
    let mut serve = lowered(workspace, root, &binaries.join("postgres"));
    serve
        .current_dir(&folder)
        .arg("-D")
        .arg(&data)
        .arg("-k")
        .arg(&folder);
    serve.args(["-h", "127.0.0.1", "-p", &port.to_string()]);
    // Nothing here outlives the tests, so nothing needs to reach the disk.
    for setting in [
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
        "max_connections=400",
    ] {
        serve.args(["-c", setting]);
    }
    let process = serve
        .stdout(Stdio::null())
        .stderr(log_file)
        .spawn()
        .context("postgres")?;
    let mut server = Server {
        process,
        folder,
        port,
    };
    let deadline = Instant::now() + PATIENCE;
    let ready = || {
        let mut ask = command(workspace, binaries.join("pg_isready"));
        capture(ask.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()])).is_ok()
    };
    while !ready() {
        let ended = server.process.try_wait().context("postgres")?.is_some();
        if ended || Instant::now() > deadline {
            let said = std::fs::read_to_string(&log).unwrap_or_default();
            return Err(Failure::new(format!("PostgreSQL did not start:\n{said}")));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(server)
}

/// The newest of Debian's servers, else the one on the search path.
fn binaries() -> Option<PathBuf> {
    let version = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    found.sort_by_key(|path| version(path));
    let debian = found
        .into_iter()
        .rev()
        .map(|path| path.join("bin"))
        .find(|path| path.join("initdb").is_file());
    debian.or_else(|| process::find("initdb")?.parent().map(Path::to_owned))
}

/// A command under the server's own user, ending with us even when we are killed.
fn lowered(workspace: &Workspace, root: bool, program: &Path) -> Command {
    if !root {
        return command(workspace, program);
    }
    let mut lowered = command(workspace, "setpriv");
    lowered
        .args([
            "--reuid=postgres",
            "--regid=postgres",
            "--clear-groups",
            "--pdeathsig=INT",
        ])
        .arg(program);
    lowered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_answers_and_goes_away() {
        let workspace = Workspace::find();
        let server = start(&workspace).unwrap();
        let (url, folder) = (server.url(), server.folder.clone());
        let mut ask = command(&workspace, binaries().unwrap().join("psql"));
        assert_eq!(
            capture(ask.args([&url, "-Atc", "select 40 + 2"])).unwrap().trim(),
            "42"
        );
        drop(server);
        assert!(!folder.exists());
        let mut ask = command(&workspace, binaries().unwrap().join("psql"));
        assert!(capture(ask.args([&url, "-Atc", "select 1"])).is_err());
    }
}
