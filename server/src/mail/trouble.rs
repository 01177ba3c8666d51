//! What went wrong with a mail, and whether it is of use to try again.

use std::error::Error as _;

use domain::format::Lang;
use lettre::transport::smtp::Error as SmtpError;
use rustls::CertificateError;

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
    /// No agreement on encryption.
    Tls,
    /// The server shows a certificate that nobody trusted vouches for.
    Stranger,
    /// The server shows a certificate that is not for its name, or not for today.
    Certificate,
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
                "加密连接没有建立；端口是否支持这种加密方式（465 用 smtps://，587 用 ?tls=required）？",
                "No encrypted connection; does the port speak this kind of encryption (465 with smtps://, 587 with ?tls=required)?",
            ),
            Trouble::Stranger => lang.pick(
                "邮件服务器的证书不可信；如果它用的是公司自己的证书，请用 --smtp-ca 指定签发者的 PEM 文件",
                "Nobody trusted vouches for the mail server's certificate; where it is a company's own, name its issuer's PEM file with --smtp-ca",
            ),
            Trouble::Certificate => lang.pick(
                "邮件服务器的证书无效；请检查 --smtp-url 里的主机名与证书是否一致，以及证书是否过期",
                "The mail server's certificate does not hold; does it fit the host of --smtp-url, and is it out of date?",
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
        } else if let Some(trouble) = of_encryption(&error) {
            trouble
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

/// What is wrong with the encryption, where that is what a connection failed of: it comes inside an error of input and output.
fn of_encryption(error: &SmtpError) -> Option<Trouble> {
    let mut behind = error.source();
    while let Some(cause) = behind {
        let inner = cause
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref)
            .and_then(|inner| inner.downcast_ref::<rustls::Error>());
        if let Some(found) = inner.or_else(|| cause.downcast_ref::<rustls::Error>()) {
            return Some(match found {
                rustls::Error::InvalidCertificate(
                    CertificateError::UnknownIssuer | CertificateError::BadSignature,
                ) => Trouble::Stranger,
                rustls::Error::InvalidCertificate(_) => Trouble::Certificate,
                _ => Trouble::Tls,
            });
        }
        behind = cause.source();
    }
    None
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trouble_has_words_in_both_languages() {
        for trouble in [
            Trouble::Address,
            Trouble::Unreachable,
            Trouble::Late,
            Trouble::Tls,
            Trouble::Stranger,
            Trouble::Certificate,
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
