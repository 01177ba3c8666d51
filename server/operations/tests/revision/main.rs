//! Dynamic adjustment: rules that propose once, a revision that starts from what is booked, and confirmations that stay where
//! nothing changes, and plans that are held against limits of fairness; on both databases.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod adventureworks;
mod asked;
mod fair;
mod house;
mod missing;
mod proposed;
mod rules;
mod start;
mod totals;

#[path = "../shared/files.rs"]
mod files;
#[path = "../shared/planning.rs"]
mod planning;
#[path = "../shared/refusal.rs"]
mod refusal;
