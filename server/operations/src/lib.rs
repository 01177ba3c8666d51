//! Every use case of Attain, once: server functions, REST handlers and commands are one call into here.
//!
//! A use case takes the [`Operations`] and a [`Scope`], asks for its permission, and writes in one transaction.

mod acknowledge;
mod approval;
mod assumption;
mod attachment;
mod attainment;
mod audit;
mod backtest;
mod baseline;
mod bookings;
mod business_date;
mod capability;
pub mod clock;
mod demo;
mod error;
mod event;
mod exclusion;
mod factor;
mod fairness;
pub mod import;
mod input;
pub mod job;
mod leave;
mod line;
mod negotiation;
mod notice;
mod organization;
mod outlook;
mod password;
mod people;
mod pinyin;
mod plan;
mod publish;
mod pulse;
mod questionnaire;
mod ramp;
mod recent;
mod remark;
mod revision;
pub mod rule;
mod scenario;
mod scope;
mod secret;
mod seek;
mod set_up;
mod sign_in;
mod split;
mod staffing;
mod target;
mod tidy;
mod token;
mod track;
mod user;
mod why;
mod workbook;

pub use attachment::{Opened, Received};
pub use error::{Error, Refusal, Words};
pub use event::Numbered;
pub use line::rows::several::WantedLine;
pub use negotiation::{Ask, Step};
pub use notice::{MailService, Outgoing};
pub use pinyin::pinyin_key;
pub use plan::calendar::VersionPeriods;
pub use plan::rows::{Row, VersionRows};
pub use scope::{BEGINNING, SignedIn};
pub use set_up::SetUp;
pub use sign_in::{Loopback, NewSession};
pub use split::back::decided::{ChangedRow, ChangedSince, Stepped};
pub use split::news::{CommandPage, MOST_COMMANDS, MadeAmount, MadeCommand, MadeHold, Told};
pub use store::job::Claimed;
pub use store::{Actor, Database, Scope};
pub use tidy::Tidied;
pub use token::NewToken;
pub use user::NewUser;
pub use workbook::{Export, Returned};

/// What every use case works with; cheap to clone.
#[derive(Clone, Debug)]
pub struct Operations {
    /// The open database.
    pub database: Database,
    /// The business date given on the command line (`--today`), which overrides the organization's.
    pub today: Option<domain::calendar::Day>,
    /// The folder for files: uploads until they are imported.
    pub files: std::path::PathBuf,
    /// Whether notices also go out by mail.
    pub mail: MailService,
    /// What was reckoned of outlooks, until something changes.
    outlooks: outlook::Cache,
    /// What ways of splitting would have come to, until something changes.
    ways: backtest::Cache,
    /// Drafts that were changed lately, at their heads.
    kept: split::Kept,
    /// The levels of versions that were looked at lately.
    levels: split::LevelCache,
    /// What was read of the history for lines, until something changes.
    line_memory: line::Cache,
    /// Who has confirmed the numbers of versions, as it was looked at lately.
    answers: recent::Recent<Vec<domain::acknowledgement::CarrierRow>>,
    /// What differs between versions and what is on record, as it was looked at lately.
    differences: recent::Recent<domain::approval::Difference>,
    /// What revisions make of everybody's number, as it was looked at lately.
    proposals: recent::Recent<revision::Proposals>,
}

impl Operations {
    /// Use cases over an open, migrated database.
    pub fn new(database: Database) -> Self {
        Self {
            database,
            today: None,
            files: std::env::temp_dir().join("attain"),
            mail: MailService::default(),
            outlooks: outlook::Cache::default(),
            ways: backtest::Cache::default(),
            kept: split::Kept::default(),
            levels: split::LevelCache::default(),
            line_memory: line::Cache::default(),
            answers: recent::Recent::default(),
            differences: recent::Recent::default(),
            proposals: recent::Recent::default(),
        }
    }
}
