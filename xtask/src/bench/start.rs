//! From starting the process to its first healthy answer, and what it holds in memory when idle.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::bench::{Figure, Limit, median};
use crate::failure::{Context, Failure, Result};
use crate::process::command;
use crate::workspace::Workspace;

/// Measured starts; one more, which makes the database, comes before them.
const STARTS: usize = 9;
/// How long a server rests before its memory is read.
const REST: Duration = Duration::from_secs(2);

pub(super) fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    let folder = std::env::temp_dir().join(format!("attain-bench-start-{}", std::process::id()));
    drop(Running::start(workspace, &folder)?);
    let mut times = Vec::new();
    let mut memory = Vec::new();
    for _ in 0..STARTS {
        let running = Running::start(workspace, &folder)?;
        times.push(running.took.as_secs_f64() * 1000.0);
        std::thread::sleep(REST);
        memory.push(running.resident_megabytes()?);
    }
    std::fs::remove_dir_all(&folder).context(folder.display())?;
    let (time, time_spread) = median(times);
    let (idle, idle_spread) = median(memory);
    Ok(vec![
        Figure {
            name: "start",
            value: time,
            unit: "ms",
            numerator: format!("process start to /healthz, median of {STARTS}"),
            denominator: None,
            spread: Some(time_spread),
            bar: Limit::AtMost(500.0),
            goal: Limit::AtMost(150.0),
        },
        Figure {
            name: "start.memory",
            value: idle,
            unit: "MB",
            numerator: format!(
                "resident memory {} s after the start, median of {STARTS}",
                REST.as_secs()
            ),
            denominator: None,
            spread: Some(idle_spread),
            bar: Limit::AtMost(80.0),
            goal: Limit::AtMost(40.0),
        },
    ])
}

/// A server; killed when dropped.
pub(super) struct Running {
    process: Child,
    address: SocketAddr,
    /// From the start of the process to the first healthy answer.
    took: Duration,
}

impl Running {
    /// Starts the release server on a free port and waits for its first healthy answer.
    pub(super) fn start(workspace: &Workspace, folder: &Path) -> Result<Self> {
        Self::with(workspace, folder, &[])
    }

    /// The same with more arguments.
    pub(super) fn with(workspace: &Workspace, folder: &Path, arguments: &[&str]) -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .context("a free port")?;
        let mut serve = command(workspace, workspace.binary());
        serve
            .args([
                "serve",
                "--no-demo",
                "--port",
                &address.port().to_string(),
                "--data-dir",
            ])
            .arg(folder)
            .args(arguments);
        serve.stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        let process = serve.spawn().context("attain serve")?;
        let mut running = Self {
            process,
            address,
            took: Duration::ZERO,
        };
        let ask = || -> std::io::Result<bool> {
            let mut stream = TcpStream::connect(address)?;
            stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")?;
            let mut head = [0; 12];
            stream.read_exact(&mut head)?;
            Ok(&head == b"HTTP/1.1 200")
        };
        while !ask().unwrap_or(false) {
            if start.elapsed() > Duration::from_secs(20)
                || running.process.try_wait().context("attain serve")?.is_some()
            {
                return Err(Failure::new("attain serve did not start"));
            }
            std::thread::sleep(Duration::from_micros(500));
        }
        running.took = start.elapsed();
        Ok(running)
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Resident memory in megabytes (10⁶ bytes), as the kernel counts it.
    pub(super) fn resident_megabytes(&self) -> Result<f64> {
        self.megabytes("VmRSS:")
    }

    /// The most it ever had resident, in megabytes.
    pub(super) fn highest_megabytes(&self) -> Result<f64> {
        self.megabytes("VmHWM:")
    }

    fn megabytes(&self, name: &str) -> Result<f64> {
        let path = format!("/proc/{}/status", self.process.id());
        let status = std::fs::read_to_string(&path).context(&path)?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .context(name)?;
        let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse().context(name)?;
        Ok(kilobytes * 1024.0 / 1e6)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
