//! The only crate that knows sea-orm and SQL. It speaks `domain` types, and every query takes a [`Scope`].

mod bulk;
mod database;
mod error;
mod log_head;
mod reference;
mod scope;

pub mod account;
pub mod acknowledgement;
pub mod alias;
pub mod approval;
pub mod assignment;
pub mod assumption;
pub mod attachment;
pub mod attainment;
pub mod audit;
pub mod capability;
pub mod cell;
pub mod exclusion;
pub mod fact;
pub mod factor;
pub mod fairness;
pub mod history;
pub mod import;
pub mod job;
pub mod leave;
pub mod level;
pub mod line;
pub mod member;
pub mod metric;
pub mod negotiation;
pub mod notice;
pub mod opportunity;
pub mod order;
pub mod organization;
pub mod outbox;
pub mod plan;
pub mod potential;
pub mod product;
pub mod purpose;
pub mod questionnaire;
pub mod ramp;
pub mod remark;
pub mod revision;
pub mod rollup;
pub mod row_level;
pub mod row_line;
pub mod session;
pub mod set_up_link;
pub mod sign_in_attempt;
pub mod slot;
pub mod target_reminder;
pub mod token;
pub mod unit;
pub mod user;
pub mod version;

pub use database::{Database, Dialect, Reader, Session, Writer};
pub use error::StoreError;
pub use scope::{Actor, Scope};

/// Rows written by one statement: below SQLite's bound of 32,766 values for the widest table.
const ROWS_PER_STATEMENT: usize = 1_000;
