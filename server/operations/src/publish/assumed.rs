//! Marks of what a version is reckoned with beside its numbers.

use domain::id::VersionId;
use domain::level::Given;
use domain::line::LineBy;
use domain::publish::{Assumed, Part};
use serde::Serialize;
use sha2::{Digest, Sha256};
use store::assumption::Subject;
use store::plan::Plan;
use store::{Scope, Session};

use crate::Error;
use crate::plan::state::damaged;

/// The marks of a version as it stands. `all`: a scope that sees everything, as it is decided on as a whole. What the history
/// proposes where nobody decided follows the facts and has none.
pub(crate) async fn assumed(
    session: &impl Session,
    all: &Scope,
    plan: &Plan,
    version: VersionId,
) -> Result<Assumed, Error> {
    let mut marks = Assumed::default();
    let (mut rows, mut parts) = (Vec::new(), Vec::new());
    for by in LineBy::ALL {
        for set in store::row_line::list(session, all, version, by).await? {
            match set.period {
                None => rows.push((set.node, set.by, set.key, set.amount)),
                Some(period) => parts.push((set.node, set.by, set.key, period, set.amount)),
            }
        }
    }
    // What was marked where nothing was set in periods stays as it was.
    if !parts.is_empty() {
        marks = marks.with(Part::RowLines, mark(&(rows, parts))?);
    } else if !rows.is_empty() {
        marks = marks.with(Part::RowLines, mark(&rows)?);
    }
    let subject = Subject {
        metric_key: plan.metric_key.clone(),
        span: plan.span,
        version: Some(version),
    };
    let Some(set) = store::assumption::find(session, all, &subject).await? else {
        return Ok(marks);
    };
    let levels = store::level::get(session, all, set).await?;
    if levels != Given::default() {
        // Rows of their own are a part of it; what was marked where there were none stays as it was.
        let rows = store::row_level::list(session, all, version).await?;
        let levels = match crate::target::with_rows(levels, &rows).rows {
            rows if rows.is_empty() => mark(&levels)?,
            rows => mark(&(levels, rows))?,
        };
        marks = marks.with(Part::Levels, levels);
    }
    // Of a line counts what was decided; what it brought before is told beside it.
    let lines: Vec<_> = store::line::list(session, all, set)
        .await?
        .into_iter()
        .flat_map(|(by, lines)| lines.into_iter().map(move |line| (by, line.key, line.amount)))
        .collect();
    if !lines.is_empty() {
        marks = marks.with(Part::Lines, mark(&lines)?);
    }
    if let Some(purpose) = store::purpose::get(session, all, set).await? {
        marks = marks.with(Part::Purpose, mark(&purpose)?);
    }
    let factors: Vec<_> = store::factor::list(session, all, set)
        .await?
        .into_iter()
        .map(|factor| (factor.id, factor.entry))
        .collect();
    if !factors.is_empty() {
        marks = marks.with(Part::Factors, mark(&factors)?);
    }
    let left_out: Vec<_> = store::exclusion::list(session, all, set)
        .await?
        .into_iter()
        .map(|known| (known.source, known.external_id))
        .collect();
    if !left_out.is_empty() {
        marks = marks.with(Part::LeftOut, mark(&left_out)?);
    }
    Ok(marks)
}

/// The first four bytes of the SHA-256 of something.
pub(crate) fn mark(of: &impl Serialize) -> Result<u32, Error> {
    let json = serde_json::to_vec(of).map_err(damaged)?;
    let [a, b, c, d, ..]: [u8; 32] = Sha256::digest(&json).into();
    Ok(u32::from_be_bytes([a, b, c, d]))
}
