//! Writes what a sheet comes to: plans that are missing, a version for each year, and the record where it goes there.

use domain::event::Event;
use domain::id::VersionId;
use domain::import::Landing;
use domain::target::{Span, VersionStatus};
use serde_json::json;
use store::Writer;
use store::import::Change;
use store::version::Version;

use super::year::{Draft, Year};
use super::{Settled, Sheet};
use crate::plan::{draft, state};
use crate::{Error, Scope, clock, publish};

/// Longest name of a version.
const NAME_CHARS: usize = 100;

/// What was written.
#[derive(Debug, Default)]
pub(crate) struct Written {
    /// Where each year is now.
    pub(crate) landings: Vec<Landing>,
    /// What was made, for the undo.
    pub(crate) changes: Vec<Change>,
}

/// Writes what a sheet came to in the same transaction.
pub(crate) async fn write(
    writer: &Writer,
    scope: &Scope,
    sheet: &Sheet,
    settled: Settled,
) -> Result<Written, Error> {
    let mut written = Written::default();
    for Year { mut landing, draft } in settled.years {
        if let Some(draft) = draft {
            let version = one(writer, scope, sheet, &draft, landing.status, &mut written.changes).await?;
            landing.version = Some(version);
        }
        written.landings.push(landing);
    }
    Ok(written)
}

async fn one(
    writer: &Writer,
    scope: &Scope,
    sheet: &Sheet,
    made: &Draft,
    status: VersionStatus,
    changes: &mut Vec<Change>,
) -> Result<VersionId, Error> {
    let all = state::all(scope);
    let plan = &made.plan;
    let mut record = |noun: &str, id| {
        changes.push(Change {
            noun: noun.to_owned(),
            id,
            before: None,
        });
    };
    if !made.known {
        store::plan::insert(writer, scope, plan).await?;
        record("plan", plan.id.0);
    }
    let siblings = store::version::list(writer, &all, Some(plan.id)).await?;
    let number = siblings.iter().map(|version| version.number).max().unwrap_or(0) + 1;
    let version = VersionId(clock::new_id());
    let row: Version = draft(scope, plan.id, version, number, name(&sheet.name, number));
    store::version::insert(writer, scope, &row).await?;
    store::version::insert_nodes(writer, scope, version, &made.nodes).await?;
    store::version::put_bases(writer, scope, version, &made.bases).await?;
    store::version::begin(writer, &all, version, &state::snapshot(0, &made.grid)).await?;
    record("version", version.0);
    let event = if status == VersionStatus::Published {
        let mut spans: Vec<Span> = made.cells.iter().map(|cell| cell.period).collect();
        spans.sort_unstable();
        spans.dedup();
        let hash = publish::content_hash(sheet.metric.as_str(), &made.nodes, &made.cells);
        publish::freeze(writer, scope, plan, version, &spans, &made.cells, hash).await?;
        record("record", version.0);
        Event::Published { version }
    } else {
        Event::PlanChanged {
            plan: plan.id,
            version,
            head: 0,
        }
    };
    let detail = json!({
        "metric": plan.metric_key, "file": sheet.name, "plan": plan.id, "status": status, "cells": made.cells.len(),
        "import": sheet.import, "created": made.created, "updated": made.updated,
    });
    let subject = format!("version:{version}");
    store::audit::record(writer, scope, "targets.import", &subject, &detail).await?;
    store::outbox::append(writer, scope, &event).await?;
    Ok(version)
}

/// The file's name as a version's: one line, not too long; its number where nothing is left.
fn name(file: &str, number: u32) -> String {
    let name: String = file
        .trim()
        .chars()
        .filter(|letter| !letter.is_control())
        .take(NAME_CHARS)
        .collect();
    if name.trim().is_empty() {
        format!("v{number}")
    } else {
        name
    }
}
