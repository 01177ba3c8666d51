//! `attain demo load` and `attain demo remove`.

use clap::{Args, Subcommand};

use super::{Failure, PlaceArgs, Shell};

#[derive(Args, Debug)]
pub(super) struct Demo {
    #[command(subcommand)]
    command: DemoCommand,
}

#[derive(Debug, Subcommand)]
enum DemoCommand {
    /// Load the sample company into an empty installation
    Load(PlaceOnly),
    /// Remove the sample company
    Remove(PlaceOnly),
}

#[derive(Args, Debug)]
struct PlaceOnly {
    #[command(flatten)]
    place: PlaceArgs,
}

impl Demo {
    pub(super) async fn run(self, shell: Shell) -> Result<(), Failure> {
        let refused = |error| shell.refusal(&error);
        match self.command {
            DemoCommand::Load(PlaceOnly { place }) => {
                let (_, operations) = place.open(shell).await?;
                let done = operations.load_demo().await.map_err(refused);
                shell.close(operations).await?;
                done?;
                shell.say("样例公司已载入。", "The sample company is loaded.");
            }
            DemoCommand::Remove(PlaceOnly { place }) => {
                let (_, operations) = place.open(shell).await?;
                let done = operations.remove_demo().await.map_err(refused);
                shell.close(operations).await?;
                done?;
                shell.say("样例公司已移除。", "The sample company is removed.");
            }
        }
        Ok(())
    }
}
