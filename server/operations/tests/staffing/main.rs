//! People who come, go, move and are away while a plan runs: numbers, history and people on both sides of the day, on both
//! databases.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod backdated;
mod below;
mod changes;
mod days;
mod house;
mod imported;
mod leave;
mod twice;
mod units;

#[path = "../shared/files.rs"]
mod files;
#[path = "../shared/planning.rs"]
mod planning;
#[path = "../shared/refusal.rs"]
mod refusal;
