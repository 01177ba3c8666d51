//! The server from outside: one program for all its tests, because linking it takes longer than running them.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod acknowledgements;
mod api;
mod approval;
mod client;
mod history;
mod house;

mod command_export;
mod command_line;
mod concluded;
mod events;
mod fairness;
mod forecast;
mod health;
mod imports;
mod leave;
mod mail;
mod mail_encrypted;
mod mail_test;
mod matrix;
mod negotiations;
mod numbers;
mod openapi;
mod outlook;
mod packed;
mod pages;
mod plans;
mod post;
mod ramp;
mod row_amounts;
mod row_levels;
mod row_lines;
mod security;
mod staffing;
mod uploads;
mod why;
