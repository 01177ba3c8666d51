//! The only crate that knows sea-orm and SQL. It speaks `domain` types, and every query takes a [`Scope`].

mod database;
mod error;
mod scope;

pub use database::{Database, Dialect, Reader, Session, Writer};
pub use error::StoreError;
pub use scope::{Actor, Scope};
