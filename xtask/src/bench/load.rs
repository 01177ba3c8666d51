//! Bytes from an empty cache to the first dashboard, as the browser receives them.

use crate::bench::{Figure, Limit};
use crate::budget;
use crate::failure::{Context, Result};
use crate::process::{Voice, run};
use crate::workspace::Workspace;
use crate::{browser, tools};

/// Aims beyond the budget, in bytes.
const GOALS: [f64; 2] = [205_000.0, 375_000.0];

pub(super) fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    tools::packages(workspace, &workspace.end2end(), Voice::Quiet)?;
    run(
        &mut browser::playwright(
            workspace,
            &workspace.binary(),
            &["bytes.hydrate.spec.ts", "--project=zh-CN-desktop-light"],
        )?,
        Voice::Quiet,
    )?;
    let measured = budget::measured(workspace)?;
    budget::LIMITS
        .into_iter()
        .zip(GOALS)
        .map(|((name, limit), goal)| {
            let bytes = measured[name]
                .as_f64()
                .context(format!("{name} was not measured"))?;
            Ok(Figure {
                name,
                value: bytes,
                unit: "bytes",
                numerator: format!(
                    "bodies as sent (brotli), cold, sign-in to dashboard; their headers: {} bytes",
                    measured["heads"]
                ),
                denominator: None,
                spread: None,
                bar: Limit::AtMost(limit as f64),
                goal: Limit::AtMost(goal),
            })
        })
        .collect()
}
