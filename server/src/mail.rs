//! Mail by SMTP: where it goes out, and what a mail server's refusal means.
//!
//! The address of the server carries a password; it is kept in [`SmtpUrl`], which shows nothing of it, and nothing here writes
//! more of it than the host.

mod settings;
mod trouble;

use std::time::Duration;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use operations::Outgoing;
use settings::Encryption;

pub use settings::{SettingsError, SmtpUrl};
pub use trouble::{SendError, Trouble};

/// How long the mail server may take for one step of the dialogue.
const STEP: Duration = Duration::from_secs(20);
/// How long a connection is kept for the next mail.
const KEPT: Duration = Duration::from_secs(10);
/// How a certificate begins in PEM.
const BEGIN_CERTIFICATE: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// Sends mails; cheap to clone.
#[derive(Clone, Debug)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    host: String,
}

impl Mailer {
    /// By these settings; none where there are none. `authority` has certificates (PEM) that are trusted beside those of the
    /// public authorities: of a company's own, or the mail server's itself. Nothing is connected to yet. To be called inside
    /// the runtime, which looks after the connections.
    pub fn of(
        url: Option<&SmtpUrl>,
        from: Option<&str>,
        authority: Option<&[u8]>,
    ) -> Result<Option<Self>, SettingsError> {
        let (url, from) = match (url.filter(|url| !url.0.is_empty()), from) {
            (None, None) if authority.is_none() => return Ok(None),
            (None, _) => return Err(SettingsError::NoServer),
            (Some(_), None) => return Err(SettingsError::NoSender),
            (Some(url), Some(from)) => (url, from),
        };
        if url.gives_away_its_password() {
            return Err(SettingsError::Unencrypted);
        }
        let from: Mailbox = from.parse().map_err(|_| SettingsError::Sender)?;
        let mut transport =
            AsyncSmtpTransport::<Tokio1Executor>::from_url(&url.0).map_err(|_| SettingsError::Server)?;
        if let Some(authority) = authority {
            transport = transport.tls(trusting(authority, url)?);
        }
        let transport = transport
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
        let to = mail.to.parse::<Address>().map_err(|error| wrong(&error))?;
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

/// Encryption that trusts some certificates more.
fn trusting(authority: &[u8], url: &SmtpUrl) -> Result<Tls, SettingsError> {
    if url.encryption() == Encryption::None {
        return Err(SettingsError::AuthorityUnused);
    }
    // A file without a certificate reads as a list of none.
    let marked = authority
        .windows(BEGIN_CERTIFICATE.len())
        .any(|place| place == BEGIN_CERTIFICATE);
    if !marked {
        return Err(SettingsError::Authority);
    }
    let certificates = Certificate::from_pem(authority).map_err(|_| SettingsError::Authority)?;
    let parameters = TlsParameters::builder(url.host().to_owned())
        .add_root_certificate(certificates)
        .build()
        .map_err(|_| SettingsError::Authority)?;
    Ok(match url.encryption() {
        Encryption::None => Tls::None,
        Encryption::WhereOffered => Tls::Opportunistic(parameters),
        Encryption::StartTls => Tls::Required(parameters),
        Encryption::FromTheStart => Tls::Wrapper(parameters),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str, from: &str) -> Result<Option<Mailer>, SettingsError> {
        let url: SmtpUrl = url.parse().unwrap();
        Mailer::of(Some(&url), Some(from), None)
    }

    #[tokio::test]
    async fn settings_are_understood_or_refused_by_name() {
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
        assert!(Mailer::of(None, None, None).unwrap().is_none());
        for (from, authority) in [(Some(from), None), (None, Some(&b""[..]))] {
            assert_eq!(
                Mailer::of(None, from, authority).unwrap_err(),
                SettingsError::NoServer
            );
        }
        assert_eq!(
            Mailer::of(Some(&url), None, None).unwrap_err(),
            SettingsError::NoSender
        );
        let broken: &[u8] = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for authority in [&b""[..], b"a word", broken] {
            let error = Mailer::of(Some(&url), Some(from), Some(authority)).unwrap_err();
            assert_eq!(error, SettingsError::Authority);
        }
        let plain: SmtpUrl = "smtp://mail.attain.example".parse().unwrap();
        assert_eq!(
            Mailer::of(Some(&plain), Some(from), Some(broken)).unwrap_err(),
            SettingsError::AuthorityUnused
        );
    }

    #[tokio::test]
    async fn nothing_shows_the_password() {
        let url: SmtpUrl = "smtps://user:hunter2@mail.attain.example:465".parse().unwrap();
        assert!(!format!("{url:?}").contains("hunter2"));
        let mailer = Mailer::of(Some(&url), Some("a@attain.example"), None)
            .unwrap()
            .unwrap();
        assert_eq!(mailer.host(), "mail.attain.example");
        assert!(!format!("{mailer:?}").contains("hunter2"), "{mailer:?}");
    }
}
