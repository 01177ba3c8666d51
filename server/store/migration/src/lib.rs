//! The schema, as migrations that run on SQLite and PostgreSQL alike.
//!
//! House rules: the organization id is the first column of every primary key, unique key, foreign key and index; foreign
//! keys are declared inside `CREATE TABLE`, because SQLite cannot add them later; ids are 16-byte UUIDs, days are integers
//! counted from 1970-01-01, instants are milliseconds since the epoch (UTC), money is an integer.

mod m0001_people;
mod m0002_facts;
mod m0003_plan;
mod m0004_frozen;
mod m0005_notice;
mod m0006_orders;
mod m0007_assumption;
mod m0008_exclusion;
mod m0009_outlook;
mod m0010_questionnaire;
mod m0011_scenario;
mod m0012_approval;
mod m0013_revision;
mod m0014_factor_thing;
mod m0015_fairness;
mod m0016_negotiation;
mod m0017_leave;
mod m0018_command_key;
mod m0019_row_line;
mod m0020_row_profile;
mod m0021_target_reminder;
mod m0022_ramp;
mod m0023_row_level;
mod m0024_row_line_period;
mod m0025_negotiation_span;

use sea_orm_migration::prelude::{MigrationTrait, MigratorTrait};

/// Every migration in the order of its making.
#[derive(Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_people::Migration),
            Box::new(m0002_facts::Migration),
            Box::new(m0003_plan::Migration),
            Box::new(m0004_frozen::Migration),
            Box::new(m0005_notice::Migration),
            Box::new(m0006_orders::Migration),
            Box::new(m0007_assumption::Migration),
            Box::new(m0008_exclusion::Migration),
            Box::new(m0009_outlook::Migration),
            Box::new(m0010_questionnaire::Migration),
            Box::new(m0011_scenario::Migration),
            Box::new(m0012_approval::Migration),
            Box::new(m0013_revision::Migration),
            Box::new(m0014_factor_thing::Migration),
            Box::new(m0015_fairness::Migration),
            Box::new(m0016_negotiation::Migration),
            Box::new(m0017_leave::Migration),
            Box::new(m0018_command_key::Migration),
            Box::new(m0019_row_line::Migration),
            Box::new(m0020_row_profile::Migration),
            Box::new(m0021_target_reminder::Migration),
            Box::new(m0022_ramp::Migration),
            Box::new(m0023_row_level::Migration),
            Box::new(m0024_row_line_period::Migration),
            Box::new(m0025_negotiation_span::Migration),
        ]
    }
}
