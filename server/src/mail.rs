//! Mail by SMTP: where it goes out, and what a mail server's refusal means.
//!
//! The address of the server carries a password; it is kept in [`SmtpUrl`], which shows nothing of it, and nothing here writes
//! more of it than the host.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use domain::format::Lang;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::{Error as SmtpError, PoolConfig};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use operations::Outgoing;

/// How long the mail server may take for one step of the dialogue.
const STEP: Duration = Duration::from_secs(20);
/// How long a connection is kept for the next mail.
const KEPT: Duration = Duration::from_secs(10);

/// The address of a mail server with the password it may carry; shows neither.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpUrl(String);

impl FromStr for SmtpUrl {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.trim().to_owned()))
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SmtpUrl(…)")
    }
}

impl SmtpUrl {
    /// User, password, host and port, as they stand in the address.
    fn authority(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        rest.split(['/', '?', '#']).next().unwrap_or_default()
    }

    /// The host alone.
    fn host(&self) -> &str {
        let place = self.authority();
        let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
        match place.strip_prefix('[') {
            Some(address) => address.split(']').next().unwrap_or_default(),
            None => place.split(':').next().unwrap_or_default(),
        }
    }

    /// Whether a password would travel in the clear.
    fn gives_away_its_password(&self) -> bool {
        let required = self
            .0
            .split_once('?')
            .is_some_and(|(_, query)| query.split('&').any(|pair| pair == "tls=required"));
        let encrypted = self.0.starts_with("smtps:") || required;
        let host = self.host();
        let on_this_machine = host.eq_ignore_ascii_case("localhost")
            || host
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback());
        self.authority().contains('@') && !encrypted && !on_this_machine
    }
}

/// What is wrong with the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// There is a server and nobody whom mails come from.
    #[error("no sender")]
    NoSender,
    /// There is a sender and no server.
    #[error("no server")]
    NoServer,
    /// The address of the server is not understood.
    #[error("unusable server address")]
    Server,
    /// The sender is no address.
    #[error("unusable sender")]
    Sender,
    /// The password would travel in the clear.
    #[error("unencrypted password")]
    Unencrypted,
}

impl SettingsError {
    /// What to do about it.
    pub fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::NoSender => lang.pick(
                "有邮件服务器，但没有发件人：请用 --mail-from 指定，如 \"达成 <attain@company.com>\"。",
                "There is a mail server, but nobody whom mails come from: say it with --mail-from, as \"Attain <attain@company.com>\".",
            ),
            Self::NoServer => lang.pick(
                "没有邮件服务器：请用 --smtp-url 指定，如 smtps://用户:密码@mail.company.com:465。",
                "There is no mail server: name it with --smtp-url, as smtps://user:password@mail.company.com:465.",
            ),
            Self::Server => lang.pick(
                "--smtp-url 无效。应为 smtps://用户:密码@主机:465 或 smtp://用户:密码@主机:587?tls=required；用户和密码中的特殊字符须写成 %40（@）这样的形式。",
                "--smtp-url is not understood. It is smtps://user:password@host:465 or smtp://user:password@host:587?tls=required; special characters in user and password are written as %40 (@).",
            ),
            Self::Sender => lang.pick(
                "--mail-from 不是邮箱地址，应为 attain@company.com 或 \"达成 <attain@company.com>\"。",
                "--mail-from is no address; it is attain@company.com or \"Attain <attain@company.com>\".",
            ),
            Self::Unencrypted => lang.pick(
                "--smtp-url 会不加密地发送密码。请用 smtps:// 或加上 ?tls=required。",
                "--smtp-url would send the password unencrypted. Use smtps:// or add ?tls=required.",
            ),
        }
    }
}

/// Why a mail was not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{trouble:?}: {detail}")]
pub struct SendError {
    /// Of which kind it is.
    pub trouble: Trouble,
    /// What was said, for the log.
    pub detail: String,
}

/// Kinds of reasons why a mail was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The address it should go to is none.
    Address,
    /// The server is not reached, or does not answer.
    Unreachable,
    /// The server did not answer in time.
    Late,
    /// No agreement on encryption, or a certificate nobody knows.
    Tls,
    /// The server does not accept user and password.
    SignIn,
    /// The server refuses the mail for good: 5xx.
    Refused,
    /// The server asks to try again later: 4xx.
    Later,
    /// The server says something that is not understood.
    Garbled,
}

impl SendError {
    /// Whether it is of no use to try again.
    pub fn is_final(&self) -> bool {
        matches!(
            self.trouble,
            Trouble::Address | Trouble::SignIn | Trouble::Refused
        )
    }

    /// What is wrong, and where to look.
    pub fn words(&self, lang: Lang) -> String {
        let what = match self.trouble {
            Trouble::Address => lang.pick("收件地址无效", "The address it should go to is none"),
            Trouble::Unreachable => lang.pick(
                "连不上邮件服务器；请检查主机、端口和防火墙",
                "The mail server is not reached; check host, port and firewall",
            ),
            Trouble::Late => lang.pick(
                "邮件服务器没有及时回应；端口和加密方式是否匹配（465 用 smtps://，587 用 ?tls=required）？",
                "The mail server did not answer in time; do port and encryption match (465 with smtps://, 587 with ?tls=required)?",
            ),
            Trouble::Tls => lang.pick(
                "加密连接没有建立；请检查证书、主机名，以及端口是否支持这种加密方式",
                "No encrypted connection; check certificate, host name, and whether the port speaks this kind of encryption",
            ),
            Trouble::SignIn => lang.pick(
                "邮件服务器不接受用户名和密码",
                "The mail server does not accept user and password",
            ),
            Trouble::Refused => lang.pick("邮件服务器拒收", "The mail server refuses the mail"),
            Trouble::Later => lang.pick(
                "邮件服务器暂时不收，稍后再试",
                "The mail server does not take it now; try again later",
            ),
            Trouble::Garbled => lang.pick(
                "邮件服务器的回应无法理解；这个端口可能不是 SMTP",
                "What the mail server says is not understood; the port may be something else",
            ),
        };
        let (open, close) = lang.pick(("（", "）"), (" (", ")"));
        format!("{what}{open}{}{close}", self.detail)
    }
}

impl From<SmtpError> for SendError {
    fn from(error: SmtpError) -> Self {
        // Not signed in, mechanism too weak, wrong user or password, encryption needed first (RFC 4954, section 6).
        const SIGN_IN: [u16; 4] = [530, 534, 535, 538];
        let status = error.status().map(u16::from);
        let trouble = if error.is_permanent() {
            if status.is_some_and(|status| SIGN_IN.contains(&status)) {
                Trouble::SignIn
            } else {
                Trouble::Refused
            }
        } else if error.is_transient() {
            Trouble::Later
        } else if error.is_timeout() {
            Trouble::Late
        } else if error.is_tls() {
            Trouble::Tls
        } else if error.is_response() || error.is_client() {
            Trouble::Garbled
        } else {
            Trouble::Unreachable
        };
        Self {
            trouble,
            detail: with_causes(&error),
        }
    }
}

/// What an error says, and what the errors behind it say.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut behind = error.source();
    while let Some(cause) = behind {
        let cause_said = cause.to_string();
        if !said.contains(&cause_said) {
            said.push_str(": ");
            said.push_str(&cause_said);
        }
        behind = cause.source();
    }
    said
}

/// Sends mails; cheap to clone.
#[derive(Clone, Debug)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    host: String,
}

impl Mailer {
    /// By these settings; none where there are none. Nothing is connected to yet.
    pub fn of(url: Option<&SmtpUrl>, from: Option<&str>) -> Result<Option<Self>, SettingsError> {
        let (url, from) = match (url.filter(|url| !url.0.is_empty()), from) {
            (None, None) => return Ok(None),
            (None, Some(_)) => return Err(SettingsError::NoServer),
            (Some(_), None) => return Err(SettingsError::NoSender),
            (Some(url), Some(from)) => (url, from),
        };
        if url.gives_away_its_password() {
            return Err(SettingsError::Unencrypted);
        }
        let from: Mailbox = from.parse().map_err(|_| SettingsError::Sender)?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url.0)
            .map_err(|_| SettingsError::Server)?
            .timeout(Some(STEP))
            .pool_config(PoolConfig::new().max_size(2).idle_timeout(KEPT))
            .build();
        Ok(Some(Self {
            transport,
            from,
            host: url.host().to_owned(),
        }))
    }

    /// The host mails go out by.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Sends a mail. `id` names it: one that is sent twice, because its server stopped in between, is recognised as the same.
    pub async fn send(&self, mail: &Outgoing, id: &str) -> Result<(), SendError> {
        let message = self.message(mail, id)?;
        self.transport.send(message).await?;
        Ok(())
    }

    fn message(&self, mail: &Outgoing, id: &str) -> Result<Message, SendError> {
        let wrong = |error: &dyn std::error::Error| SendError {
            trouble: Trouble::Address,
            detail: error.to_string(),
        };
        let to: Address = mail.to.parse().map_err(|error| wrong(&error))?;
        let letter = &mail.letter;
        let header = |name: &'static str, value: &str| {
            HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
        };
        let name = Some(mail.name.clone()).filter(|name| !name.is_empty());
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(name, to))
            .subject(letter.subject.as_str())
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .raw_header(header("Content-Language", mail.lang.tag()))
            // Nobody's automatic answer is wanted (RFC 3834).
            .raw_header(header("Auto-Submitted", "auto-generated"));
        if !letter.choice.is_empty() {
            message = message.raw_header(header("List-Unsubscribe", &format!("<{}>", letter.choice)));
        }
        message
            .multipart(MultiPart::alternative_plain_html(
                letter.text.clone(),
                letter.html.clone(),
            ))
            .map_err(|error| wrong(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str, from: &str) -> Result<Option<Mailer>, SettingsError> {
        let url: SmtpUrl = url.parse().unwrap();
        Mailer::of(Some(&url), Some(from))
    }

    #[test]
    fn settings_are_understood_or_refused_by_name() {
        let from = "达成 <attain@attain.example>";
        for url in [
            "smtps://user:p%40ss@mail.attain.example:465",
            "smtps://mail.attain.example",
            "smtp://user:pass@mail.attain.example:587?tls=required",
            "smtp://mail.attain.example",
            "smtp://user:pass@127.0.0.1:2525",
            "smtp://user:pass@[::1]:2525",
        ] {
            assert!(of(url, from).unwrap().is_some(), "{url}");
        }
        for (url, from, error) in [
            ("mail.attain.example", from, SettingsError::Server),
            ("http://mail.attain.example", from, SettingsError::Server),
            (
                "smtps://user:pa#ss@mail.attain.example",
                from,
                SettingsError::Server,
            ),
            (
                "smtp://user:pass@mail.attain.example",
                from,
                SettingsError::Unencrypted,
            ),
            (
                "smtp://user:tls=required@mail.attain.example",
                from,
                SettingsError::Unencrypted,
            ),
            (
                "smtp://user:pass@mail.attain.example?tls=opportunistic",
                from,
                SettingsError::Unencrypted,
            ),
            ("smtps://mail.attain.example", "nobody", SettingsError::Sender),
        ] {
            assert_eq!(of(url, from).unwrap_err(), error, "{url}");
        }
        let url: SmtpUrl = "smtps://mail.attain.example".parse().unwrap();
        assert!(Mailer::of(None, None).unwrap().is_none());
        assert_eq!(Mailer::of(None, Some(from)).unwrap_err(), SettingsError::NoServer);
        assert_eq!(Mailer::of(Some(&url), None).unwrap_err(), SettingsError::NoSender);
    }

    #[test]
    fn nothing_shows_the_password() {
        let url: SmtpUrl = "smtps://user:hunter2@mail.attain.example:465".parse().unwrap();
        assert!(!format!("{url:?}").contains("hunter2"));
        let mailer = Mailer::of(Some(&url), Some("a@attain.example")).unwrap().unwrap();
        assert_eq!(mailer.host(), "mail.attain.example");
        assert!(!format!("{mailer:?}").contains("hunter2"), "{mailer:?}");
    }

    #[test]
    fn every_trouble_has_words_in_both_languages() {
        for trouble in [
            Trouble::Address,
            Trouble::Unreachable,
            Trouble::Late,
            Trouble::Tls,
            Trouble::SignIn,
            Trouble::Refused,
            Trouble::Later,
            Trouble::Garbled,
        ] {
            let error = SendError {
                trouble,
                detail: "x".to_owned(),
            };
            assert_ne!(error.words(Lang::ZhCn), error.words(Lang::En));
        }
    }
}
