//! The command line. Each command is one call into the use cases; it speaks the language of the environment and ends
//! with code 0 only when it did what was asked.

mod demo;
mod export;
mod forecast;
mod import;
mod mail;
mod migrate;
mod serve;
mod token;
mod user;
mod words;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use domain::format::Lang;
use operations::{Database, Error, Operations};

use crate::config::{Language, Place};

/// Set, split and track sales targets
#[derive(Debug, Parser)]
#[command(name = "attain", version)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the pages and the interface
    Serve(serve::Serve),
    /// Bring the database to this version of the program
    Migrate(migrate::Migrate),
    /// Import CSV or XLSX files
    Import(import::Import),
    /// Export a plan as an XLSX file
    Export(export::Export),
    /// Forecast series from a CSV file
    Forecast(forecast::Forecast),
    /// Users
    User(user::User),
    /// Tokens of the interface
    Token(token::Token),
    /// The sample company
    Demo(demo::Demo),
    /// Send a test by mail
    MailTest(mail::MailTest),
}

/// Where the data lie; the same for every command.
#[derive(Args, Clone, Debug)]
struct PlaceArgs {
    /// The folder with the data [default: attain-data beside the program]
    #[arg(long, value_name = "DIR", env = "ATTAIN_DATA_DIR", hide_env = true)]
    data_dir: Option<PathBuf>,
    /// The database: sqlite:PATH or postgres://… [default: attain.db in the folder with the data]
    #[arg(
        long,
        value_name = "URL",
        env = "ATTAIN_DATABASE_URL",
        hide_env = true,
        hide_env_values = true
    )]
    database_url: Option<String>,
}

/// Why a command did not do what was asked, in the language of whoever asked.
#[derive(Debug)]
struct Failure(String);

/// What every command gets.
#[derive(Clone, Copy, Debug)]
struct Shell {
    language: Language,
}

/// Runs one command line; the code is 0 only on success.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let shell = Shell {
        language: Language::of_environment(),
    };
    let parsed = words::in_language(CommandLine::command(), shell.language)
        .try_get_matches_from(arguments)
        .and_then(|matches| CommandLine::from_arg_matches(&matches));
    let command = match parsed {
        Ok(line) => line.command,
        Err(error) => return words::refuse(&error, shell.language),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return shell.failed(&Failure(error.to_string())),
    };
    let done = runtime.block_on(async {
        match command {
            Command::Serve(serve) => serve.run(shell).await,
            Command::Migrate(migrate) => migrate.run(shell).await,
            Command::Import(import) => import.run(shell).await,
            Command::Export(export) => export.run(shell).await,
            Command::Forecast(forecast) => forecast.run(shell).await,
            Command::User(user) => user.run(shell).await,
            Command::Token(token) => token.run(shell).await,
            Command::Demo(demo) => demo.run(shell).await,
            Command::MailTest(test) => test.run(shell).await,
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => shell.failed(&failure),
    }
}

impl Shell {
    /// Says a line to people, in their language.
    fn say(self, zh: impl AsRef<str>, en: impl AsRef<str>) {
        print(self.language.pick(zh.as_ref(), en.as_ref()));
    }

    /// The same language, for the words of the domain.
    fn lang(self) -> Lang {
        match self.language {
            Language::Zh => Lang::ZhCn,
            Language::En => Lang::En,
        }
    }

    /// A failure with a sentence in both languages.
    fn failure(self, zh: impl AsRef<str>, en: impl AsRef<str>) -> Failure {
        Failure(self.language.pick(zh.as_ref(), en.as_ref()).to_owned())
    }

    /// Folds the database's log into its file.
    async fn close(self, operations: Operations) -> Result<(), Failure> {
        operations.database.close().await.map_err(|error| {
            self.failure(
                format!("数据库关闭失败：{error}"),
                format!("The database did not close: {error}"),
            )
        })
    }

    /// What a use case refused, in words.
    fn refusal(self, error: &Error) -> Failure {
        match error {
            Error::Invalid(refusal) | Error::Conflict(refusal) => {
                self.failure(&refusal.words.zh, &refusal.words.en)
            }
            Error::Unauthenticated => self.failure("没有权限。", "Not permitted."),
            Error::NotFound(what) => self.failure(format!("找不到：{what}。"), format!("Not found: {what}.")),
            Error::Busy { retry_after_s } => self.failure(
                format!("尝试次数过多，请 {retry_after_s} 秒后再试。"),
                format!("Too many tries; wait {retry_after_s} s."),
            ),
            Error::Internal(detail) => self.failure(format!("出错：{detail}"), format!("Failed: {detail}")),
        }
    }

    fn failed(self, failure: &Failure) -> ExitCode {
        let mark = self.language.pick("错误：", "error: ");
        // Nobody to tell when the terminal is gone.
        let _ = writeln!(io::stderr(), "{mark}{}", failure.0);
        ExitCode::FAILURE
    }
}

impl PlaceArgs {
    /// The place, made where it is missing, with the database open and at this version.
    async fn open(&self, shell: Shell) -> Result<(Place, Operations), Failure> {
        let place = Place::find(self.data_dir.clone(), self.database_url.clone())
            .and_then(|place| place.prepare().map(|()| place))
            .map_err(|error| {
                shell.failure(
                    format!("数据文件夹无法使用（--data-dir）：{error}"),
                    format!("The folder with the data cannot be used (--data-dir): {error}"),
                )
            })?;
        let unusable = |error: &dyn std::fmt::Display| {
            shell.failure(
                format!(
                    "数据库无法使用（--database-url {}）：{error}",
                    place.shown_database()
                ),
                format!(
                    "The database cannot be used (--database-url {}): {error}",
                    place.shown_database()
                ),
            )
        };
        let database = Database::open(&place.database_url)
            .await
            .map_err(|error| unusable(&error))?;
        database.migrate().await.map_err(|error| unusable(&error))?;
        let mut operations = Operations::new(database);
        operations.files = place.folder.join("files");
        Ok((place, operations))
    }
}

/// One line to the standard output; a closed pipe is nobody to tell.
fn print(line: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}
