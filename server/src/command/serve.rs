//! `attain serve`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use axum::serve::ListenerExt;
use clap::Args;
use domain::calendar::Day;
use operations::{Error, Loopback, MailService, Operations, Tidied, clock};
use tokio::net::TcpListener;

use super::mail::MailArgs;
use super::{Failure, PlaceArgs, Shell};
use crate::config::Place;
use crate::jobs::Jobs;
use crate::mail::Mailer;
use crate::state::AppState;
use crate::{config, router};

/// How long open requests may go on after the end was asked for; streams end at once.
const LAST_REQUESTS: Duration = Duration::from_millis(1_500);
/// How often imports are looked for whose process is gone, or that left something to put together.
const LOOK_EVERY: Duration = Duration::from_secs(15);
/// How long closing the database may take; what is committed is safe either way.
const LAST_WRITES: Duration = Duration::from_millis(400);

#[derive(Args, Debug)]
pub(super) struct Serve {
    /// The port to listen on
    #[arg(
        long,
        value_name = "N",
        env = "ATTAIN_PORT",
        hide_env = true,
        default_value_t = 3000
    )]
    port: u16,
    /// The address to listen on; 0.0.0.0 lets the network in
    #[arg(
        long,
        value_name = "ADDR",
        env = "ATTAIN_HOST",
        hide_env = true,
        default_value = "127.0.0.1"
    )]
    host: IpAddr,
    /// The address people open
    #[arg(long, help = "The address people open, for links in mails, as https://attain.company.com [default: the one it listens on]", value_name = "URL", env = "ATTAIN_PUBLIC_URL", hide_env = true, value_parser = web_address)]
    public_url: Option<String>,
    #[command(flatten)]
    mail: MailArgs,
    #[command(flatten)]
    place: PlaceArgs,
    /// The business date in place of today, as 2018-02-15
    #[arg(long, value_name = "DATE", env = "ATTAIN_TODAY", hide_env = true, value_parser = day)]
    today: Option<Day>,
    /// Do not load the sample company at the first start
    #[arg(long)]
    no_demo: bool,
}

impl Serve {
    pub(super) async fn run(self, shell: Shell) -> Result<(), Failure> {
        log();
        let begun_ms = clock::now_ms();
        let mailer = self.mail.mailer(shell)?;
        let address = SocketAddr::new(self.host, self.port);
        let listener = TcpListener::bind(address).await.map_err(|error| {
            shell.failure(
                format!("无法监听 {address}：{error}。端口可用 --port 更换，地址可用 --host 更换。"),
                format!("Cannot listen on {address}: {error}. Choose another with --port or --host."),
            )
        })?;
        let (place, mut operations) = self.place.open(shell).await?;
        operations.today = self.today;
        if mailer.is_some() {
            operations.mail = MailService::On;
        }
        let refused = |error| shell.refusal(&error);
        if !self.no_demo && !operations.has_organization().await.map_err(refused)? {
            operations.load_demo().await.map_err(refused)?;
        }
        let database = operations.database.clone();
        let state = AppState::new(operations);
        let shutdown = state.shutdown.clone();
        let bound = listener.local_addr().unwrap_or(address);
        self.greet(&place, &state, bound, mailer.as_ref(), shell).await?;

        tokio::spawn({
            let (events, operations, shutdown) =
                (state.events.clone(), state.operations.clone(), shutdown.clone());
            async move { events.run(operations, shutdown).await }
        });
        tokio::spawn(look_after_imports(state.operations.clone(), begun_ms));
        let jobs = Jobs {
            operations: state.operations.clone(),
            mailer,
            base: self.public_address(bound),
            shutdown: shutdown.clone(),
        };
        let jobs = tokio::spawn(jobs.run());
        tokio::spawn({
            let shutdown = shutdown.clone();
            async move {
                asked_to_end().await;
                shutdown.begin();
            }
        });
        let service = router(state).into_make_service_with_connect_info::<SocketAddr>();
        // Small answers and events leave at once.
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        let ended = {
            let shutdown = shutdown.clone();
            async move { shutdown.begun().await }
        };
        let last_call = async {
            shutdown.begun().await;
            tokio::time::sleep(LAST_REQUESTS).await;
        };
        let served = tokio::select! {
            served = axum::serve(listener, service).with_graceful_shutdown(ended) => served,
            () = last_call => Ok(()),
        };
        // What is being done is given back by now, or soon.
        let _ = tokio::time::timeout(LAST_REQUESTS, jobs).await;
        let _ = tokio::time::timeout(LAST_WRITES, database.close()).await;
        served
            .map_err(|error| shell.failure(format!("服务中断：{error}"), format!("Serving stopped: {error}")))
    }
}

impl Serve {
    /// The address people open: the one that was named, or the one they reach this machine by.
    fn public_address(&self, bound: SocketAddr) -> String {
        if let Some(named) = &self.public_url {
            return named.clone();
        }
        match bound.ip().is_unspecified().then(own_address).flatten() {
            Some(network) => format!("http://{}", SocketAddr::new(network, bound.port())),
            None => address_here(bound),
        }
    }

    /// Prints the address and how to get in.
    async fn greet(
        &self,
        place: &Place,
        state: &AppState,
        bound: SocketAddr,
        mailer: Option<&Mailer>,
        shell: Shell,
    ) -> Result<(), Failure> {
        let refused = |error| shell.refusal(&error);
        let address = address_here(bound);
        shell.say(
            format!("达成 Attain 已启动：{address}"),
            format!("Attain is up: {address}"),
        );
        if let Some(network) = bound.ip().is_unspecified().then(own_address).flatten() {
            let network = SocketAddr::new(network, bound.port());
            shell.say(
                format!("同一网络的其他设备：http://{network}（未加密，仅限可信网络）"),
                format!(
                    "For others on this network: http://{network} (not encrypted; trusted networks only)"
                ),
            );
        }
        shell.say(
            format!("数据：{}", place.folder.display()),
            format!("Data: {}", place.folder.display()),
        );
        match mailer {
            Some(mailer) => shell.say(
                format!(
                    "通知邮件：经 {} 发送，链接以 {} 开头",
                    mailer.host(),
                    self.public_address(bound)
                ),
                format!(
                    "Notices go out by mail through {}, with links to {}",
                    mailer.host(),
                    self.public_address(bound)
                ),
            ),
            None => shell.say(
                "通知邮件：未启用（--smtp-url、--mail-from）",
                "Notices are not mailed (--smtp-url, --mail-from)",
            ),
        }
        let operations = &state.operations;
        match operations.set_up_link().await.map_err(refused)? {
            Some(link) => shell.say(
                format!("初始设置（链接一天内有效，用一次即失效）：{address}/set-up?link={link}"),
                format!("Set it up here (once, within a day): {address}/set-up?link={link}"),
            ),
            None => shell.say(
                format!("登录：{address}/sign-in"),
                format!("Sign in: {address}/sign-in"),
            ),
        }
        if !operations
            .demo_roles(Loopback::Yes)
            .await
            .map_err(refused)?
            .is_empty()
        {
            shell.say(
                format!("样例公司：在本机打开 {address}/sign-in，选一个角色即可进入，无需密码。"),
                format!("The sample company: open {address}/sign-in on this machine and choose a role; no password."),
            );
        }
        Ok(())
    }
}

/// The address of the server on this machine.
fn address_here(bound: SocketAddr) -> String {
    if bound.ip().is_unspecified() {
        format!("http://127.0.0.1:{}", bound.port())
    } else {
        format!("http://{bound}")
    }
}

/// The address by which this machine reaches the network; choosing a route sends nothing.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // An address for documentation: any route outwards will do.
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_unspecified() && !address.is_loopback()).then_some(address)
}

/// Ends imports whose process is gone, deletes files nobody needs and puts together what ended imports left, now and from time to
/// time.
async fn look_after_imports(operations: Operations, begun_ms: i64) {
    let mut tidied = Tidied::default();
    loop {
        match operations.system_scope("recovery").await {
            Ok(scope) => {
                if let Err(error) = operations.recover_imports(&scope).await {
                    tracing::warn!(%error, "interrupted imports cannot be ended");
                }
                if let Err(error) = operations.tidy_import_files(&scope, begun_ms).await {
                    tracing::warn!(%error, "files of imports cannot be tidied");
                }
                match operations.tidy(&scope, tidied).await {
                    Ok(done) => tidied = done,
                    Err(error) => tracing::warn!(%error, "what imports left cannot be put together"),
                }
            }
            // Not set up yet: there is nothing to look after.
            Err(Error::Conflict(_)) => {}
            Err(error) => tracing::warn!(%error, "imports cannot be looked after"),
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Log lines go to the standard error; `ATTAIN_LOG` chooses them.
fn log() {
    let filter = config::log_filter().unwrap_or_else(|| "warn,server=info,operations=info".to_owned());
    let filter = tracing_subscriber::EnvFilter::try_new(filter)
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    // A second subscriber in one process keeps the first.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .with_writer(std::io::stderr)
        .try_init();
}

/// Waits for the terminal's interrupt or for the system's request to end.
async fn asked_to_end() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

/// An address pages are opened at, without what follows the last slash.
fn web_address(text: &str) -> Result<String, String> {
    let address = text.trim().trim_end_matches('/');
    let host = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(char::is_whitespace) => Ok(address.to_owned()),
        _ => Err("https://attain.company.com".to_owned()),
    }
}

fn day(text: &str) -> Result<Day, String> {
    Day::parse_iso(text).ok_or_else(|| "YYYY-MM-DD".to_owned())
}
