//! The built program, as people start it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The program with an environment of its own.
fn attain(folder: &Path, language: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_attain"));
    command
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env("LANG", language);
    for name in [
        "ATTAIN_DATA_DIR",
        "ATTAIN_DATABASE_URL",
        "ATTAIN_PORT",
        "ATTAIN_HOST",
        "ATTAIN_TODAY",
        "ATTAIN_PUBLIC_URL",
        "ATTAIN_SMTP_URL",
        "ATTAIN_SMTP_CA",
        "ATTAIN_MAIL_FROM",
    ] {
        command.env_remove(name);
    }
    command.env("ATTAIN_DATA_DIR", folder);
    command
}

pub(crate) fn run(folder: &Path, language: &str, arguments: &[&str], input: &str) -> Output {
    let mut child = attain(folder, language)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read is gone already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

pub(crate) fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

const NEW_USER: [&str; 9] = [
    "user",
    "create",
    "--email",
    "ann@attain.test",
    "--name",
    "Ann",
    "--role",
    "planner",
    "--password-stdin",
];

#[test]
fn every_command_explains_itself_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    for command in [
        &["--help"][..],
        &["serve", "--help"],
        &["migrate", "--help"],
        &["import", "--help"],
        &["export", "--help"],
        &["user", "create", "--help"],
        &["token", "create", "--help"],
        &["demo", "load", "--help"],
        &["demo", "remove", "--help"],
        &["mail-test", "--help"],
    ] {
        for (language, word) in [("en_US.UTF-8", "Usage:"), ("zh_CN.UTF-8", "用法")] {
            let output = run(folder.path(), language, command, "");
            assert!(output.status.success(), "{command:?}");
            assert!(out(&output).contains(word), "{command:?}: {}", out(&output));
            if command.len() > 1 && command[0] != "mail-test" {
                assert!(out(&output).contains("--database-url"), "{command:?}");
            }
        }
    }
}

#[test]
fn what_is_not_understood_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, en, zh) in [
        (&["serv"][..], "serv", "没有命令"),
        (&["serve", "--port", "x"], "--port", "无效"),
        (&["serve", "--today", "2018-02-30"], "--today", "无效"),
        (&["serve", "--today", "soon"], "YYYY-MM-DD", "YYYY-MM-DD"),
        (&["user", "create"], "--email", "缺少参数"),
        (
            &["user", "create", "--role", "king"],
            "owner, planner, manager, rep, viewer",
            "无效，可用：owner、planner、manager、rep、viewer",
        ),
        (
            &["import", "--kind", "spells", "deals.csv"],
            "units, members, products",
            "无效，可用：units、members、products",
        ),
        (
            &["migrate", "--database-url", "mysql://x"],
            "mysql://x",
            "数据库无法使用",
        ),
        (&[], "Usage", "用法"),
    ] {
        let output = run(folder.path(), "C", arguments, "");
        assert!(!output.status.success(), "{arguments:?}");
        assert!(err(&output).contains(en), "{arguments:?}: {}", err(&output));
        let output = run(folder.path(), "zh_CN.UTF-8", arguments, "");
        assert!(!output.status.success(), "{arguments:?}");
        assert!(err(&output).contains(zh), "{arguments:?}: {}", err(&output));
    }
}

#[test]
fn users_and_tokens_are_made() {
    let folder = tempfile::tempdir().unwrap();
    let weak = run(folder.path(), "C", &NEW_USER, "short\n");
    assert_eq!(weak.status.code(), Some(1));
    assert!(err(&weak).starts_with("error: "), "{}", err(&weak));

    let made = run(folder.path(), "C", &NEW_USER, "corridor-lantern-42\n");
    assert!(made.status.success(), "{}", err(&made));
    let again = run(folder.path(), "zh_CN.UTF-8", &NEW_USER, "corridor-lantern-42\n");
    assert_eq!(again.status.code(), Some(1));
    assert!(err(&again).contains("ann@attain.test"), "{}", err(&again));

    let token = |arguments: &[&str]| {
        let base = [
            "token",
            "create",
            "--email",
            "ann@attain.test",
            "--name",
            "nightly",
        ];
        run(folder.path(), "C", &[&base[..], arguments].concat(), "")
    };
    let made = token(&["--scopes", "read,import"]);
    assert!(made.status.success(), "{}", err(&made));
    let last = out(&made).lines().last().unwrap().to_owned();
    assert!(last.starts_with("att_") && last.len() > 60, "{last}");
    assert!(!token(&["--scopes", "everything"]).status.success());
    let unknown = run(
        folder.path(),
        "C",
        &["token", "create", "--email", "nobody@attain.test", "--name", "x"],
        "",
    );
    assert_eq!(unknown.status.code(), Some(1));
    assert!(out(&unknown).is_empty());
}

#[test]
fn files_are_imported_and_what_is_wrong_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.csv");
    std::fs::write(&file, "account,sector\nAcme,medical\nZathunicon,retail\n").unwrap();
    let path = file.to_str().unwrap();
    let import = |language: &str, arguments: &[&str]| {
        run(
            &folder.path().join("data"),
            language,
            &[&["import"][..], arguments].concat(),
            "",
        )
    };
    let first = import("C", &["--kind", "accounts", path]);
    assert!(first.status.success(), "{}", err(&first));
    assert!(out(&first).contains("2 created"), "{}", out(&first));
    let again = import("zh_CN.UTF-8", &["--kind", "accounts", path]);
    assert!(again.status.success(), "{}", err(&again));
    assert!(out(&again).contains("未变 2"), "{}", out(&again));

    for (arguments, said) in [
        (&["--kind", "accounts", "nowhere.csv"][..], "nowhere.csv"),
        (&["--kind", "gossip", path], "gossip"),
        (
            &["--kind", "accounts", "--options", "{\"colour\":1}", path],
            "colour",
        ),
        (&["--kind", "accounts", "--mapping", "[]", path], "--mapping"),
        (&["--kind", "opportunities", path], "accounts.csv"),
    ] {
        let output = import("C", arguments);
        assert!(!output.status.success(), "{arguments:?}");
        assert!(err(&output).contains(said), "{arguments:?}: {}", err(&output));
    }
}

#[cfg(unix)]
#[test]
fn what_is_secret_is_readable_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("data");
    assert!(run(&home, "C", &["migrate"], "").status.success());
    let mode = |name: &str| std::fs::metadata(home.join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("secret.key"), 0o600);
    assert_eq!(mode(""), 0o700);
    assert!(home.join("attain.db").is_file() && home.join("files").is_dir());
}

/// A server that is ended when the test is.
struct Server {
    child: Child,
    address: String,
    said: Vec<String>,
}

impl Server {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut child = attain(folder, "C")
            .args(["serve", "--port", "0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut said = Vec::new();
        // What a start prints ends with how to get in.
        while let Some(Ok(line)) = lines.next() {
            let last = line.contains("/set-up?") || line.starts_with("Sign in: ");
            said.push(line);
            if last {
                break;
            }
        }
        let first = said.first().unwrap();
        let address = first.rsplit_once("http://").unwrap().1.to_owned();
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address, said }
    }

    fn get(&self, path: &str, headers: &str) -> String {
        let mut stream = self.open(path, headers);
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn post(&self, path: &str, form: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {0}\r\norigin: http://{0}\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {1}\r\n\r\n{form}",
            self.address,
            form.len(),
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn open(&self, path: &str, headers: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{headers}\r\n",
            self.address
        );
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(unix)]
#[test]
fn a_server_hears_commands_and_ends_quickly_with_open_streams() {
    let folder = tempfile::tempdir().unwrap();
    let started = Instant::now();
    let server = Server::start(folder.path(), &["--no-demo", "--today", "2018-02-15"]);
    assert!(server.get("/healthz", "").starts_with("HTTP/1.1 200"));
    println!("start to /healthz: {} ms", started.elapsed().as_millis());
    assert!(server.get("/readyz", "").starts_with("HTTP/1.1 200"));
    assert!(
        server.said.iter().any(|line| line.contains("/set-up?link=")),
        "{:?}",
        server.said
    );

    // Another process writes: the running server knows the user and the token at once, and tells its streams.
    let made = run(folder.path(), "C", &NEW_USER, "corridor-lantern-42\n");
    assert!(made.status.success(), "{}", err(&made));
    let token = run(
        folder.path(),
        "C",
        &["token", "create", "--email", "ann@attain.test", "--name", "test"],
        "",
    );
    let token = out(&token).lines().last().unwrap().to_owned();
    let me = server.get("/api/v1/me", &format!("authorization: Bearer {token}\r\n"));
    assert!(me.starts_with("HTTP/1.1 200"), "{me}");
    assert!(me.contains("\"business_date\":\"2018-02-15\""), "{me}");

    // A stream hears what a further command writes, and does not hold the server up at its end.
    let form = "email=ann%40attain.test&password=corridor-lantern-42";
    let signed_in = server.post("/api/app/session/sign_in", form);
    let cookie = signed_in
        .lines()
        .find_map(|line| line.strip_prefix("set-cookie: "))
        .and_then(|cookie| cookie.split(';').next())
        .unwrap();
    let mut lines = BufReader::new(server.open("/events", &format!("cookie: {cookie}\r\n"))).lines();
    let mut hear = |what: &str| lines.any(|line| line.unwrap().contains(what));
    assert!(hear("\"seq\""));
    let file = folder.path().join("accounts.csv");
    std::fs::write(&file, "account,sector\nAcme,medical\n").unwrap();
    let imported = run(folder.path(), "C", &["import", file.to_str().unwrap()], "");
    assert!(imported.status.success(), "{}", err(&imported));
    assert!(hear("import_done"));

    let ended = Instant::now();
    let mut server = server;
    let id = server.child.id().to_string();
    assert!(Command::new("kill").arg(&id).status().unwrap().success());
    let status = server.child.wait().unwrap();
    assert!(status.success(), "{status}");
    assert!(ended.elapsed() < Duration::from_secs(2), "{:?}", ended.elapsed());
    // The stream was ended, not broken off.
    assert!(lines.all(|line| line.is_ok()));
}

#[test]
fn the_sample_company_comes_with_the_first_start_and_goes() {
    let folder = tempfile::tempdir().unwrap();
    {
        let server = Server::start(folder.path(), &[]);
        assert!(server.get("/healthz", "").starts_with("HTTP/1.1 200"));
    }
    let removed = run(folder.path(), "C", &["demo", "remove"], "");
    assert!(removed.status.success(), "{}", err(&removed));
    let loaded = run(folder.path(), "C", &["demo", "load"], "");
    assert!(loaded.status.success(), "{}", err(&loaded));
}

#[test]
fn a_taken_port_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = run(folder.path(), "zh_CN.UTF-8", &["serve", "--port", &port], "");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        err(&output).contains(&port) && err(&output).contains("--port"),
        "{}",
        err(&output)
    );
}
