//! As much of HTTP as a planner's browser needs: one kept connection with a session, questions as JSON.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use crate::Failure;

/// Longer than the largest plan takes to be made.
const PATIENCE: Duration = Duration::from_mins(10);

/// What an answer's body is to be.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    /// JSON.
    Json,
    /// Packed, as the browser reads an open grid.
    Packed,
    /// The same as it travels: compressed.
    Compressed,
}

impl Form {
    fn headers(self) -> &'static str {
        match self {
            Self::Json => "accept: application/json\r\n",
            Self::Packed => "accept: application/octet-stream\r\n",
            Self::Compressed => "accept: application/octet-stream\r\naccept-encoding: br\r\n",
        }
    }
}

/// Somebody who is signed in.
pub(crate) struct Caller {
    stream: TcpStream,
    address: String,
    cookie: String,
    read: Vec<u8>,
}

impl Caller {
    /// Signs in.
    pub(crate) fn signed_in(address: &str, email: &str, password: &str) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut caller = Self {
            stream,
            address: address.to_owned(),
            cookie: String::new(),
            read: Vec::new(),
        };
        let form = format!("email={}&password={password}&next=/", email.replace('@', "%40"));
        let kind = "application/x-www-form-urlencoded";
        let (head, _) = caller.exchange(
            "/api/app/session/sign_in",
            kind,
            Form::Json.headers(),
            form.as_bytes(),
        )?;
        let cookie = head
            .lines()
            .filter_map(|line| line.strip_prefix("set-cookie:"))
            .filter_map(|cookie| cookie.split(';').next())
            .map(str::trim)
            .find(|cookie| cookie.starts_with("attain="));
        let cookie = cookie.ok_or_else(|| format!("{email} was not let in: {head}"))?;
        caller.cookie = format!("cookie: {cookie}\r\n");
        Ok(caller)
    }

    /// Asks a server function and gives the body of its answer.
    pub(crate) fn ask(&mut self, function: &str, question: &Value, form: Form) -> Result<Vec<u8>, Failure> {
        let question = serde_json::to_vec(question)?;
        let path = format!("/api/app/{function}");
        let (head, body) = self.exchange(&path, "application/json", form.headers(), &question)?;
        if head.starts_with("http/1.1 200") {
            return Ok(body);
        }
        let status = head.lines().next().unwrap_or_default();
        Err(format!(
            "{function} was answered {status}: {}",
            String::from_utf8_lossy(&body)
        )
        .into())
    }

    fn exchange(
        &mut self,
        path: &str,
        kind: &str,
        accept: &str,
        question: &[u8],
    ) -> Result<(String, Vec<u8>), Failure> {
        let Self { address, cookie, .. } = self;
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\n{accept}{cookie}\
             content-type: {kind}\r\ncontent-length: {}\r\n\r\n",
            question.len()
        );
        self.stream.write_all(&[head.as_bytes(), question].concat())?;
        let head = self.head()?;
        let body = if let Some(length) = field(&head, "content-length:") {
            self.exactly(length.parse()?)?
        } else if field(&head, "transfer-encoding:").is_some_and(|coding| coding == "chunked") {
            self.chunks()?
        } else {
            Vec::new()
        };
        Ok((head, body))
    }

    /// The head of an answer; its names in small letters, as the server writes them.
    fn head(&mut self) -> Result<String, Failure> {
        let end = self.until(b"\r\n\r\n")?;
        let head = String::from_utf8(self.exactly(end)?)?;
        // Only the first line has capital letters that do not matter.
        Ok(head.replacen("HTTP", "http", 1))
    }

    fn chunks(&mut self) -> Result<Vec<u8>, Failure> {
        let mut body = Vec::new();
        loop {
            let end = self.until(b"\r\n")?;
            let line = String::from_utf8(self.exactly(end)?)?;
            let size = usize::from_str_radix(line.trim().split(';').next().unwrap_or_default(), 16)?;
            let chunk = self.exactly(size + 2)?;
            if size == 0 {
                return Ok(body);
            }
            body.extend_from_slice(chunk.get(..size).unwrap_or_default());
        }
    }

    /// How many bytes there are up to and with a mark.
    fn until(&mut self, mark: &[u8]) -> Result<usize, Failure> {
        loop {
            let found = self.read.windows(mark.len()).position(|bytes| bytes == mark);
            if let Some(place) = found {
                return Ok(place + mark.len());
            }
            self.more()?;
        }
    }

    fn exactly(&mut self, count: usize) -> Result<Vec<u8>, Failure> {
        while self.read.len() < count {
            self.more()?;
        }
        let rest = self.read.split_off(count);
        Ok(std::mem::replace(&mut self.read, rest))
    }

    fn more(&mut self) -> Result<(), Failure> {
        let mut buffer = vec![0; 1 << 16];
        match self.stream.read(&mut buffer)? {
            0 => Err("the answer ended early".into()),
            count => {
                self.read
                    .extend_from_slice(buffer.get(..count).unwrap_or_default());
                Ok(())
            }
        }
    }
}

fn field<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .find_map(|line| line.strip_prefix(name))
        .map(str::trim)
}
