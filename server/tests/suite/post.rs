//! A mail server for tests: it speaks SMTP on a port of this machine, keeps what it takes, and refuses as it is told.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// How long something may take on a machine that is busy with everything else.
const PATIENCE: Duration = Duration::from_secs(40);

/// What is answered to `RCPT TO`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Taken.
    Take,
    /// 451.
    Later,
    /// 550.
    Never,
    /// Nothing is answered any more.
    Silence,
}

/// A mail as it came in.
#[derive(Clone, Debug)]
pub(crate) struct Mail {
    pub(crate) to: String,
    pub(crate) data: String,
}

#[derive(Default)]
struct Kept {
    mails: Vec<Mail>,
    asked: HashMap<String, usize>,
    verdicts: HashMap<String, Verdict>,
}

/// The server; ends with its runtime.
#[derive(Clone)]
pub(crate) struct Post {
    pub(crate) address: SocketAddr,
    kept: Arc<Mutex<Kept>>,
}

/// How a test's mail server encrypts.
#[derive(Clone)]
pub(crate) enum Encrypted {
    /// Not at all.
    No,
    /// After STARTTLS, without which it takes nothing.
    StartTls(TlsAcceptor),
    /// From the first byte.
    FromTheStart(TlsAcceptor),
}

impl Post {
    pub(crate) async fn open() -> Self {
        Self::encrypted(Encrypted::No).await
    }

    pub(crate) async fn encrypted(encrypted: Encrypted) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let post = Self {
            address: listener.local_addr().unwrap(),
            kept: Arc::default(),
        };
        let open = post.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (post, encrypted) = (open.clone(), encrypted.clone());
                // A dialogue that breaks off is its client's end.
                tokio::spawn(async move { drop(post.receive(stream, encrypted).await) });
            }
        });
        post
    }

    pub(crate) fn answer(&self, to: &str, verdict: Verdict) {
        self.kept.lock().unwrap().verdicts.insert(to.to_owned(), verdict);
    }

    pub(crate) fn mails(&self) -> Vec<Mail> {
        self.kept.lock().unwrap().mails.clone()
    }

    /// How often somebody was named as receiver.
    pub(crate) fn asked(&self, to: &str) -> usize {
        self.kept
            .lock()
            .unwrap()
            .asked
            .get(to)
            .copied()
            .unwrap_or_default()
    }

    /// Waits until something holds.
    pub(crate) async fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let waited = async {
            while !holds(self) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, waited)
            .await
            .unwrap_or_else(|_| panic!("waited in vain until {what}; {:?}", self.mails()));
    }

    async fn receive(&self, stream: TcpStream, encrypted: Encrypted) -> std::io::Result<()> {
        match encrypted {
            Encrypted::No => self.talk(stream, Talk::Plain).await.map(drop),
            Encrypted::FromTheStart(tls) => {
                let stream = tls.accept(stream).await?;
                self.talk(stream, Talk::Plain).await.map(drop)
            }
            Encrypted::StartTls(tls) => {
                let Some(stream) = self.talk(stream, Talk::BeforeTls).await? else {
                    return Ok(());
                };
                let stream = tls.accept(stream).await?;
                self.talk(stream, Talk::AfterTls).await.map(drop)
            }
        }
    }

    /// Speaks with a client; gives the connection back where that wants to encrypt it.
    async fn talk<S>(&self, stream: S, talk: Talk) -> std::io::Result<Option<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let mut stream = BufReader::new(stream);
        if talk != Talk::AfterTls {
            stream.write_all(b"220 post.test ESMTP\r\n").await?;
            stream.flush().await?;
        }
        let mut to = String::new();
        while let Some(line) = next_line(&mut stream).await? {
            let word = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
            let answer = match word.as_str() {
                "EHLO" if talk == Talk::BeforeTls => "250-post.test\r\n250 STARTTLS",
                "STARTTLS" if talk == Talk::BeforeTls => {
                    stream.write_all(b"220 go on\r\n").await?;
                    stream.flush().await?;
                    return Ok(Some(stream.into_inner()));
                }
                "AUTH" | "MAIL" | "RCPT" if talk == Talk::BeforeTls => "530 encrypt first",
                "EHLO" => "250-post.test\r\n250-8BITMIME\r\n250 AUTH PLAIN",
                // user, password
                "AUTH" if line.ends_with("AHVzZXIAcGFzc3dvcmQ=") => "235 welcome",
                "AUTH" => "535 who are you?",
                "RCPT" => {
                    line.split(['<', '>'])
                        .nth(1)
                        .unwrap_or_default()
                        .clone_into(&mut to);
                    let verdict = {
                        let mut kept = self.kept.lock().unwrap();
                        *kept.asked.entry(to.clone()).or_default() += 1;
                        kept.verdicts.get(&to).copied().unwrap_or(Verdict::Take)
                    };
                    match verdict {
                        Verdict::Take => "250 yes",
                        Verdict::Later => "451 not now",
                        Verdict::Never => "550 nobody here",
                        Verdict::Silence => std::future::pending().await,
                    }
                }
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await?;
                    stream.flush().await?;
                    let mut data = String::new();
                    while let Some(line) = next_line(&mut stream).await? {
                        if line == "." {
                            break;
                        }
                        data.push_str(line.strip_prefix('.').unwrap_or(&line));
                        data.push('\n');
                    }
                    let mail = Mail {
                        to: std::mem::take(&mut to),
                        data,
                    };
                    self.kept.lock().unwrap().mails.push(mail);
                    "250 kept"
                }
                "QUIT" => {
                    stream.write_all(b"221 bye\r\n").await?;
                    stream.flush().await?;
                    return Ok(None);
                }
                _ => "250 fine",
            };
            stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
            stream.flush().await?;
        }
        Ok(None)
    }
}

/// Where a dialogue stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Talk {
    /// It is as it is: plain, or encrypted from the start.
    Plain,
    /// It must be encrypted first.
    BeforeTls,
    /// It just was.
    AfterTls,
}

async fn next_line<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> std::io::Result<Option<String>> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    Ok(Some(line.trim_end_matches(['\r', '\n']).to_owned()))
}

impl Mail {
    /// A header in one line, as it was sent.
    pub(crate) fn raw(&self, name: &str) -> String {
        let head = self
            .data
            .split("\n\n")
            .next()
            .unwrap_or_default()
            .replace("\n ", " ");
        let found = head
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{name}: ")));
        found.unwrap_or_else(|| panic!("no {name} in {head}")).to_owned()
    }

    /// A header as people read it: encoded words (RFC 2047, base64) are read.
    pub(crate) fn header(&self, name: &str) -> String {
        let mut bytes = Vec::new();
        let mut after_word = false;
        for word in self.raw(name).split(' ') {
            let encoded = word
                .strip_prefix("=?utf-8?b?")
                .and_then(|word| word.strip_suffix("?="));
            // Space between two encoded words is none.
            if !(bytes.is_empty() || after_word && encoded.is_some()) {
                bytes.push(b' ');
            }
            after_word = encoded.is_some();
            match encoded {
                Some(encoded) => bytes.extend(base64(encoded)),
                None => bytes.extend(word.bytes()),
            }
        }
        String::from_utf8(bytes).unwrap()
    }

    /// The part of a type, as people read it.
    pub(crate) fn part(&self, of: &str) -> String {
        let boundary = self.raw("Content-Type");
        let boundary = boundary
            .split("boundary=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        let part = self
            .data
            .split(&format!("--{boundary}"))
            .find(|part| part.contains(&format!("Content-Type: {of}")))
            .unwrap();
        let (head, body) = part.trim_start().split_once("\n\n").unwrap();
        let encoding = head
            .lines()
            .find_map(|line| line.strip_prefix("Content-Transfer-Encoding: "))
            .unwrap();
        match encoding {
            "base64" => String::from_utf8(base64(body)).unwrap(),
            "quoted-printable" => quoted_printable(body),
            _ => body.to_owned(),
        }
    }
}

fn base64(text: &str) -> Vec<u8> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut held, mut bits) = (0_u32, 0);
    for digit in text
        .bytes()
        .filter_map(|byte| DIGITS.iter().position(|digit| *digit == byte))
    {
        held = held << 6 | digit as u32;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
        }
    }
    bytes
}

fn quoted_printable(text: &str) -> String {
    let text = text.replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        match (first, after) {
            (b'=', [high, low, after @ ..]) => {
                let code = String::from_utf8(vec![*high, *low]).unwrap();
                bytes.push(u8::from_str_radix(&code, 16).unwrap());
                rest = after;
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}
