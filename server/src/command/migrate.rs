//! `attain migrate`.

use clap::Args;

use super::{Failure, PlaceArgs, Shell};

#[derive(Args, Debug)]
pub(super) struct Migrate {
    #[command(flatten)]
    place: PlaceArgs,
}

impl Migrate {
    pub(super) async fn run(self, shell: Shell) -> Result<(), Failure> {
        let (place, operations) = self.place.open(shell).await?;
        shell.close(operations).await?;
        shell.say(
            format!("数据库已是此版本：{}", place.shown_database()),
            format!("The database is at this version: {}", place.shown_database()),
        );
        Ok(())
    }
}
