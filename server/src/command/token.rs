//! `attain token create`.

use clap::{Args, Subcommand};
use domain::people::COMMAND_LINE;
use operations::Operations;

use super::{Failure, PlaceArgs, Shell, print};

#[derive(Args, Debug)]
pub(super) struct Token {
    #[command(subcommand)]
    command: TokenCommand,
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Make a token for a program that acts for a user; printed once, as the last line
    Create(Create),
}

#[derive(Args, Debug)]
struct Create {
    /// The e-mail of the user it acts for
    #[arg(long, value_name = "E")]
    email: String,
    /// What it is for
    #[arg(long, value_name = "N")]
    name: String,
    /// What it may do: read, import, plan, admin [default: read import]
    #[arg(long, value_name = "SCOPE", num_args = 1.., value_delimiter = ',')]
    scopes: Vec<String>,
    #[command(flatten)]
    place: PlaceArgs,
}

impl Token {
    pub(super) async fn run(self, shell: Shell) -> Result<(), Failure> {
        let TokenCommand::Create(create) = self.command;
        let (_, operations) = create.place.open(shell).await?;
        let done = create.create(&operations, shell).await;
        shell.close(operations).await?;
        // The secret comes last, after everything that could still go wrong.
        print(&done?);
        Ok(())
    }
}

impl Create {
    async fn create(&self, operations: &Operations, shell: Shell) -> Result<String, Failure> {
        let refused = |error| shell.refusal(&error);
        let scope = operations.system_scope(COMMAND_LINE).await.map_err(refused)?;
        let scopes = (!self.scopes.is_empty()).then(|| self.scopes.join(" "));
        let token = operations
            .create_token_for(&scope, &self.email, &self.name, scopes.as_deref())
            .await
            .map_err(refused)?;
        shell.say(
            format!("令牌只显示这一次（权限：{}）：", token.scopes),
            format!("The token is shown this once (scopes: {}):", token.scopes),
        );
        Ok(token.secret)
    }
}
