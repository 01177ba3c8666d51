//! How fair a version is, as far as somebody sees it, in the figures and words one decides by.

use domain::fairness::{
    Checked, Found, Ground, Judged, Limits, Settings, Severity, levels, measured, padding,
};
use domain::id::VersionId;
use domain::plan::{Grid, NodeIndex};

use crate::plan::state::{self, State, damaged};
use crate::scope::require_sight;
use crate::split::roots;
use crate::{Error, Operations, Scope};

/// Parts that are judged, for who sees several.
const PARTS: usize = 8;
/// People of a finding who are named; the others are counted.
const NAMED: usize = 5;

impl Operations {
    /// How fair a version is, part by part as whoever asks sees it; all of it is one part. For those who see plans before they
    /// are published.
    pub async fn fairness_of(&self, scope: &Scope, version: VersionId) -> Result<Vec<Checked>, Error> {
        require_sight(scope)?;
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        let state = State::load(&reader, &state::all(scope), row).await?;
        let checked = self.checked(scope, &state).await?;
        if checked.is_empty() {
            return Err(Error::NotFound("version"));
        }
        Ok(checked)
    }

    /// The limits that hold. For those who see plans before they are published.
    pub async fn fairness_limits(&self, scope: &Scope) -> Result<Limits, Error> {
        require_sight(scope)?;
        Ok(store::fairness::limits(&self.database.reader(), &state::all(scope)).await?)
    }

    /// By how much the rows below a row may exceed it, in millionths.
    pub async fn hedge_limit(&self, scope: &Scope) -> Result<u32, Error> {
        require_sight(scope)?;
        Ok(store::fairness::hedge_limit(&self.database.reader(), &state::all(scope)).await?)
    }

    /// The same of a version at its head.
    pub(crate) async fn checked(&self, scope: &Scope, state: &State) -> Result<Vec<Checked>, Error> {
        let version = state.version.id;
        let visible = store::version::nodes(&self.database.reader(), scope, version).await?;
        let tops: Vec<u32> = roots(scope, &visible)
            .into_iter()
            .take(PARTS)
            .map(|node| node.ordinal)
            .collect();
        if tops.is_empty() {
            return Ok(Vec::new());
        }
        let ground = self.ground(scope, version).await?;
        let mut parts = Vec::with_capacity(tops.len());
        for top in tops {
            if top == 0 {
                parts.push(check(&ground, &state.grid, 0));
            } else {
                let part = state.grid.part(NodeIndex(top)).map_err(damaged)?;
                parts.push(check(&ground, &part, top));
            }
        }
        Ok(parts)
    }
}

/// Judges a grid whose topmost row stands at `top` of the whole version.
fn check(ground: &Ground, grid: &Grid, top: u32) -> Checked {
    let shape = grid.shape();
    let settings = Settings::default();
    let amount = |node| grid.amount(node, None);
    let judged = if ground.known {
        ground.check(shape, top, amount, &settings).ok()
    } else {
        None
    };
    let report = judged.as_ref().map(|judged| &judged.report);
    // Limits are of the whole plan: a part may be beyond what all together keep.
    let whole = top == 0;
    let measured = if whole {
        let padding = padding(&levels(shape, amount)).ok();
        measured(report, padding.as_ref(), &ground.limits, &settings)
    } else {
        Vec::new()
    };
    let within = top..top + shape.len() as u32;
    let unknown = ground.unknown.iter().filter(|node| within.contains(&node.0));
    Checked {
        row: NodeIndex(top),
        name: shape.name(NodeIndex(0)).to_owned(),
        whole,
        verdicts: report.map(|report| (report.chances.verdict, report.stretch.verdict)),
        measured,
        unknown: unknown.count() as u64,
        findings: judged
            .as_ref()
            .map(|judged| found(judged, grid))
            .unwrap_or_default(),
    }
}

/// What was found and is not as it should be.
fn found(judged: &Judged, grid: &Grid) -> Vec<Found> {
    let worth = judged
        .report
        .findings
        .iter()
        .filter(|finding| finding.severity != Severity::Good);
    worth
        .map(|finding| Found {
            severity: finding.severity,
            kind: finding.kind.clone(),
            count: finding.who.len() as u64,
            names: finding
                .who
                .iter()
                .filter_map(|place| judged.nodes.get(*place))
                .take(NAMED)
                .map(|node| grid.shape().name(*node).to_owned())
                .collect(),
        })
        .collect()
}
