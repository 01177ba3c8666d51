//! Every use case of Attain, once: server functions, REST handlers and commands are one call into here.
//!
//! A use case takes the [`Operations`] and a [`Scope`], asks for its permission, and writes in one transaction.

pub mod clock;
mod error;
mod event;

pub use error::{Error, Refusal, Words};
pub use event::Numbered;
pub use store::{Actor, Database, Scope};

/// What every use case works with; cheap to clone.
#[derive(Clone, Debug)]
pub struct Operations {
    /// The open database.
    pub database: Database,
    /// The business date given on the command line (`--today`), which overrides the organization's.
    pub today: Option<domain::calendar::Day>,
}

impl Operations {
    /// Use cases over an open, migrated database.
    pub fn new(database: Database) -> Self {
        Self {
            database,
            today: None,
        }
    }
}
