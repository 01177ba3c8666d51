//! `attain mail-test`, and the options that say how mails go out.

use std::path::PathBuf;

use clap::Args;
use domain::notice::Letter;
use operations::{Outgoing, clock};

use super::{Failure, Shell};
use crate::mail::{Mailer, SettingsError, SmtpUrl};

/// How mails go out; the same for every command.
#[derive(Args, Clone, Debug)]
pub(super) struct MailArgs {
    /// The mail server
    #[arg(
        long,
        help = "The mail server, as smtps://USER:PASSWORD@HOST:465 or smtp://USER:PASSWORD@HOST:587?tls=required [default: no mails]",
        value_name = "URL",
        env = "ATTAIN_SMTP_URL",
        hide_env = true,
        hide_env_values = true
    )]
    smtp_url: Option<SmtpUrl>,
    /// Whom mails come from, as "Attain <attain@company.com>"
    #[arg(long, value_name = "ADDRESS", env = "ATTAIN_MAIL_FROM", hide_env = true)]
    mail_from: Option<String>,
    /// Certificates (PEM) to trust beside the public authorities', for a mail server with a certificate of one's own
    #[arg(long, value_name = "FILE", env = "ATTAIN_SMTP_CA", hide_env = true)]
    smtp_ca: Option<PathBuf>,
}

impl MailArgs {
    /// What sends mails; none where no server is named.
    pub(super) fn mailer(&self, shell: Shell) -> Result<Option<Mailer>, Failure> {
        let authority = match &self.smtp_ca {
            None => None,
            Some(file) => Some(std::fs::read(file).map_err(|error| {
                let file = file.display();
                shell.failure(
                    format!("文件 {file} 无法读取（--smtp-ca）：{error}"),
                    format!("The file {file} cannot be read (--smtp-ca): {error}"),
                )
            })?),
        };
        Mailer::of(
            self.smtp_url.as_ref(),
            self.mail_from.as_deref(),
            authority.as_deref(),
        )
        .map_err(|error| Failure(error.words(shell.lang()).to_owned()))
    }
}

#[derive(Args, Debug)]
pub(super) struct MailTest {
    /// Where the mail goes
    #[arg(value_name = "ADDRESS")]
    address: String,
    #[command(flatten)]
    mail: MailArgs,
}

impl MailTest {
    pub(super) async fn run(self, shell: Shell) -> Result<(), Failure> {
        let lang = shell.lang();
        let Some(mailer) = self.mail.mailer(shell)? else {
            return Err(Failure(SettingsError::NoServer.words(lang).to_owned()));
        };
        let text = lang.pick(
            "这是达成（Attain）的测试邮件。收到它，说明通知邮件可以送达。",
            "This is a test by Attain. If you read it, notices reach you by mail.",
        );
        let mail = Outgoing {
            to: self.address.trim().to_owned(),
            name: String::new(),
            lang,
            letter: Letter {
                subject: lang.pick("达成（Attain）测试邮件", "A test by Attain").to_owned(),
                text: format!("{text}\n"),
                html: format!(
                    "<!DOCTYPE html>\n<html lang=\"{}\"><body><p>{text}</p></body></html>\n",
                    lang.tag()
                ),
                choice: String::new(),
            },
            with: Vec::new(),
        };
        mailer
            .send(&mail, &clock::new_id().to_string())
            .await
            .map_err(|error| Failure(format!("{}: {}", mailer.host(), error.words(lang))))?;
        shell.say(
            format!(
                "已交给 {}，收件人 {}。若收不到，请看垃圾邮件文件夹。",
                mailer.host(),
                mail.to
            ),
            format!(
                "Handed over to {} for {}. If it does not arrive, look among the spam.",
                mailer.host(),
                mail.to
            ),
        );
        Ok(())
    }
}
