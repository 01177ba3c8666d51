//! The rules and the arithmetic of Attain: pure, the same in the browser and on the server.
//!
//! Nothing here knows a framework, a database, a clock, randomness or I/O: today's date, holiday tables and seeds
//! come in as arguments. The path that decides a cell uses integers only (README, invariant 2).

pub mod access;
pub mod allocation;
pub mod anomaly;
pub mod approval;
pub mod assumption;
pub mod backtest;
pub mod baseline;
pub mod basis;
pub mod bridge;
pub mod calendar;
pub mod capability;
pub mod event;
pub mod explain;
pub mod fairness;
#[cfg(feature = "forecast")]
pub mod forecast;
pub mod format;
pub mod funnel;
pub mod gap;
pub mod history;
pub mod id;
pub mod import;
pub mod incentive;
pub mod job;
pub mod landing;
pub mod level;
pub mod line;
pub mod metric;
pub mod money;
pub mod negotiation;
pub mod notice;
pub mod number_on;
pub mod order;
pub mod org;
pub mod outlook;
pub mod pace;
pub mod people;
pub mod plan;
pub mod potential;
pub mod pulse;
pub mod questionnaire;
pub mod rebalance;
pub mod remark;
pub mod revision;
pub mod scenario;
pub mod smart;
pub mod split;
pub mod staffing;
pub mod statistics;
pub mod target;
pub mod track;
pub mod why;
pub mod workbook;
