//! A program that talks to the server: uploads with a token, and small changes with a session.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::failure::{Context, Failure, Result};

/// Longer than the server waits for the database.
const PATIENCE: Duration = Duration::from_mins(1);
const BOUNDARY: &str = "attain-bench-7f3c1d";

/// An answer: its status, its head (names in small letters, as the server writes them), and its body.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

/// Who asks.
#[derive(Clone)]
enum Credential {
    /// A program, by a token's secret.
    Token(String),
    /// A person, by the cookie of the session.
    Session(String),
}

/// Requests of one caller, each over a connection of its own.
#[derive(Clone)]
pub(super) struct Client {
    address: SocketAddr,
    credential: Option<Credential>,
}

impl Client {
    /// A program with a token.
    pub(super) fn with_token(address: SocketAddr, secret: &str) -> Self {
        let credential = Some(Credential::Token(secret.to_owned()));
        Self { address, credential }
    }

    /// A person who has signed in.
    pub(super) fn signed_in(address: SocketAddr, email: &str, password: &str) -> Result<Self> {
        let mut client = Self {
            address,
            credential: None,
        };
        let form = format!("email={}&password={password}&next=/", email.replace('@', "%40"));
        let answer = client.form("/api/app/session/sign_in", &form)?;
        let cookie = answer
            .head
            .lines()
            .find_map(|line| line.strip_prefix("set-cookie:")?.split(';').next())
            .map(str::trim)
            .filter(|cookie| cookie.starts_with("attain="))
            .context(format!(
                "signing in was answered {} without a session",
                answer.status
            ))?;
        client.credential = Some(Credential::Session(cookie.to_owned()));
        Ok(client)
    }

    /// Sends a file to be imported as opportunities and gives the import's id.
    pub(super) fn import(&self, path: &Path) -> Result<String> {
        let part =
            |disposition: &str| format!("--{BOUNDARY}\r\ncontent-disposition: form-data; {disposition}\r\n");
        let before = format!(
            "{}\r\nopportunities\r\n{}content-type: text/csv\r\n\r\n",
            part("name=\"kind\""),
            part("name=\"file\"; filename=\"opportunities.csv\""),
        );
        let after = format!("\r\n--{BOUNDARY}--\r\n");
        let mut file = std::fs::File::open(path).context(path.display())?;
        let size = file.metadata().context(path.display())?.len();
        let length = before.len() as u64 + size + after.len() as u64;
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let answer = self.exchange("POST", "/api/v1/imports", &kind, length, |stream| {
            stream.write_all(before.as_bytes())?;
            std::io::copy(&mut file, stream)?;
            stream.write_all(after.as_bytes())
        })?;
        let body: Value = serde_json::from_str(&answer.body).context(&answer.body)?;
        body["id"].as_str().map(str::to_owned).context(format!(
            "the import was answered {}: {}",
            answer.status, answer.body
        ))
    }

    /// How an import stands.
    pub(super) fn standing(&self, id: &str) -> Result<Value> {
        let answer = self.exchange("GET", &format!("/api/v1/imports/{id}"), "", 0, |_| Ok(()))?;
        serde_json::from_str(&answer.body).context(&answer.body)
    }

    /// Opens a page with everything that is on it; the milliseconds until its last byte.
    pub(super) fn open(&self, path: &str, shows: &str) -> Result<f64> {
        let start = Instant::now();
        let answer = self.exchange("GET", path, "", 0, |_| Ok(()))?;
        let took = start.elapsed().as_secs_f64() * 1000.0;
        if answer.status == 200 && answer.body.contains(shows) {
            Ok(took)
        } else {
            Err(Failure::new(format!(
                "{path} was answered {} without {shows}",
                answer.status
            )))
        }
    }

    /// A small change: the business date.
    pub(super) fn set_business_date(&self, day: &str) -> Result<()> {
        let answer = self.form("/api/app/organization/set_business_date", &format!("day={day}"))?;
        if answer.status < 400 {
            Ok(())
        } else {
            let Answer { status, body, .. } = answer;
            Err(Failure::new(format!(
                "setting the business date was answered {status}: {body}"
            )))
        }
    }

    fn form(&self, path: &str, form: &str) -> Result<Answer> {
        let kind = "application/x-www-form-urlencoded";
        self.exchange("POST", path, kind, form.len() as u64, |stream| {
            stream.write_all(form.as_bytes())
        })
    }

    fn exchange(
        &self,
        method: &str,
        path: &str,
        kind: &str,
        length: u64,
        body: impl FnOnce(&mut TcpStream) -> std::io::Result<()>,
    ) -> Result<Answer> {
        let Self { address, credential } = self;
        let credential = match credential {
            Some(Credential::Token(secret)) => format!("authorization: Bearer {secret}\r\n"),
            Some(Credential::Session(cookie)) => format!("cookie: {cookie}\r\n"),
            None => String::new(),
        };
        let content = if method == "POST" {
            format!("content-type: {kind}\r\ncontent-length: {length}\r\n")
        } else {
            String::new()
        };
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\naccept: application/json\r\n\
             connection: close\r\n{credential}{content}\r\n"
        );
        let mut answer = Vec::new();
        let talk = || -> std::io::Result<()> {
            let mut stream = TcpStream::connect(address)?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            stream.write_all(head.as_bytes())?;
            body(&mut stream)?;
            stream.read_to_end(&mut answer).map(drop)
        };
        talk().context(path)?;
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = answer.split_once("\r\n\r\n").context(path)?;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        Ok(Answer {
            status: status.context(path)?,
            head: head.to_owned(),
            body: body.to_owned(),
        })
    }
}
