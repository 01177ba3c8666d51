//! Where mails go out, and what is wrong with how that is said.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use domain::format::Lang;

/// The address of a mail server with the password it may carry; shows neither.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpUrl(pub(super) String);

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
    pub(super) fn host(&self) -> &str {
        let place = self.authority();
        let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
        match place.strip_prefix('[') {
            Some(address) => address.split(']').next().unwrap_or_default(),
            None => place.split(':').next().unwrap_or_default(),
        }
    }

    /// How the connection is encrypted.
    pub(super) fn encryption(&self) -> Encryption {
        let asked = |how: &str| {
            self.0.split_once('?').is_some_and(|(_, query)| {
                query
                    .split('&')
                    .any(|pair| pair.strip_prefix("tls=") == Some(how))
            })
        };
        if self.0.starts_with("smtps:") {
            Encryption::FromTheStart
        } else if asked("required") {
            Encryption::StartTls
        } else if asked("opportunistic") {
            Encryption::WhereOffered
        } else {
            Encryption::None
        }
    }

    /// Whether a password would travel in the clear.
    pub(super) fn gives_away_its_password(&self) -> bool {
        let encrypted = matches!(self.encryption(), Encryption::FromTheStart | Encryption::StartTls);
        let host = self.host();
        let on_this_machine = host.eq_ignore_ascii_case("localhost")
            || host
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback());
        self.authority().contains('@') && !encrypted && !on_this_machine
    }
}

/// How a connection to a mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encryption {
    /// Not at all.
    None,
    /// By STARTTLS where the server offers it.
    WhereOffered,
    /// By STARTTLS, or not at all spoken to.
    StartTls,
    /// From the first byte.
    FromTheStart,
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
    /// The file of certificates has none that can be used.
    #[error("unusable certificates")]
    Authority,
    /// There are certificates, and the connection is not encrypted.
    #[error("certificates without encryption")]
    AuthorityUnused,
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
            Self::Authority => lang.pick(
                "--smtp-ca 的文件里没有可用的证书。应为 PEM 格式（以 -----BEGIN CERTIFICATE----- 开头）。",
                "The file of --smtp-ca has no certificate that can be used. It is PEM, beginning with -----BEGIN CERTIFICATE-----.",
            ),
            Self::AuthorityUnused => lang.pick(
                "有 --smtp-ca，但 --smtp-url 没有加密。请用 smtps:// 或加上 ?tls=required。",
                "There is --smtp-ca, but --smtp-url is not encrypted. Use smtps:// or add ?tls=required.",
            ),
        }
    }
}
