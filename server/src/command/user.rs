//! `attain user create`.

use std::io::BufRead;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use domain::access::Role;
use domain::id::MemberId;
use domain::people::COMMAND_LINE;
use operations::{NewUser, Operations, Scope};

use super::{Failure, PlaceArgs, Shell};

/// The longest password line that is read, bytes.
const LONGEST_PASSWORD: u64 = 4_096;

#[derive(Args, Debug)]
pub(super) struct User {
    #[command(subcommand)]
    command: UserCommand,
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Make a user who may sign in
    Create(Create),
}

#[derive(Args, Debug)]
struct Create {
    /// What they sign in with
    #[arg(long, value_name = "E")]
    email: String,
    /// The name shown beside their changes
    #[arg(long, value_name = "N")]
    name: String,
    /// What they are: owner, planner, manager, rep or viewer
    #[arg(long, value_name = "ROLE", value_parser = roles(), hide_possible_values = true)]
    role: Role,
    /// The member they are, by name, number or e-mail [default: the one with this e-mail or name]
    #[arg(long, value_name = "MEMBER")]
    member: Option<String>,
    /// Read the password from the first line of the standard input
    #[arg(long, required = true)]
    password_stdin: bool,
    #[command(flatten)]
    place: PlaceArgs,
}

impl User {
    pub(super) async fn run(self, shell: Shell) -> Result<(), Failure> {
        let UserCommand::Create(create) = self.command;
        create.run(shell).await
    }
}

impl Create {
    async fn run(self, shell: Shell) -> Result<(), Failure> {
        let password = password(shell)?;
        let (_, operations) = self.place.open(shell).await?;
        let done = self.create(&operations, password, shell).await;
        shell.close(operations).await?;
        done
    }

    async fn create(&self, operations: &Operations, password: String, shell: Shell) -> Result<(), Failure> {
        let refused = |error| shell.refusal(&error);
        let scope = operations
            .ensure_organization(COMMAND_LINE)
            .await
            .map_err(refused)?;
        let new = NewUser {
            email: self.email.clone(),
            name: self.name.clone(),
            role: self.role,
            password,
            member: self.member(operations, &scope, shell).await?,
            language: None,
        };
        operations.create_user(&scope, new).await.map_err(refused)?;
        let role = self.role.as_str();
        shell.say(
            format!("已创建用户 {}（{role}）。", self.email),
            format!("Made the user {} ({role}).", self.email),
        );
        Ok(())
    }

    /// The member named on the command line.
    async fn member(
        &self,
        operations: &Operations,
        scope: &Scope,
        shell: Shell,
    ) -> Result<Option<MemberId>, Failure> {
        let Some(wanted) = self.member.as_deref().map(str::trim) else {
            return Ok(None);
        };
        let people = operations
            .people(scope)
            .await
            .map_err(|error| shell.refusal(&error))?;
        let is = |text: &Option<String>| {
            text.as_deref()
                .is_some_and(|text| text.eq_ignore_ascii_case(wanted))
        };
        let found: Vec<MemberId> = people
            .members
            .iter()
            .filter(|member| member.name == wanted || is(&member.external_id) || is(&member.email))
            .map(|member| member.id)
            .collect();
        match found.as_slice() {
            [only] => Ok(Some(*only)),
            [] => Err(shell.failure(
                format!("没有成员“{wanted}”。"),
                format!("There is no member \"{wanted}\"."),
            )),
            _ => Err(shell.failure(
                format!("有多个成员叫“{wanted}”，请用编号或邮箱。"),
                format!("Several members are called \"{wanted}\"; use the number or the e-mail."),
            )),
        }
    }
}

/// The first line of the standard input, without its end.
fn password(shell: Shell) -> Result<String, Failure> {
    use std::io::Read;
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .take(LONGEST_PASSWORD)
        .read_line(&mut line)
        .map_err(|error| {
            shell.failure(
                format!("无法从标准输入读取密码：{error}"),
                format!("The password cannot be read from the standard input: {error}"),
            )
        })?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// The roles by their names; a refusal lists them.
fn roles() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.map(Role::as_str))
        .try_map(|name| Role::parse(&name).ok_or_else(|| Role::ALL.map(Role::as_str).join(", ")))
}
