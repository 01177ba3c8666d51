//! Versions of one plan beside each other.

use domain::access::Permission;
use domain::assumption::{Planning, PlanningQuery};
use domain::capability::what_if::WhatIf;
use domain::id::VersionId;
use domain::level::Level;
use domain::line;
use domain::money::Minor;
use domain::outlook::{Effect, Factor};
use domain::plan::NodeRef;
use domain::scenario::{Assumed, AssumptionKind, COMPARED, Column, Comparison, Said, UnitRow, differences};

use super::total;
use crate::attainment::fiscal;
use crate::plan::state::{self, State};
use crate::scope::require;
use crate::{Error, Operations, Scope, assumption, target};

/// The units of a version with their parts.
type Units = Vec<(NodeRef, String, Minor)>;

impl Operations {
    /// Two to four versions of one plan, held against the first.
    pub async fn compare_versions(&self, scope: &Scope, versions: &[VersionId]) -> Result<Comparison, Error> {
        require(scope, Permission::EditPlan)?;
        check_number(versions)?;
        let reader = self.database.reader();
        let organization = store::organization::get(&reader, scope).await?;
        let fiscal = fiscal(&organization)?;
        let all = state::all(scope);
        let mut plan = None;
        let mut quarters = Vec::new();
        let (mut columns, mut units, mut assumed) = (Vec::new(), Vec::<Units>::new(), Vec::new());
        for version in versions {
            let row = store::version::get(&reader, scope, *version).await?;
            if row.shelved_at_ms.is_some() {
                return Err(shelved(&row.name));
            }
            let first = plan.get_or_insert(row.plan);
            if *first != row.plan {
                return Err(other_plan(&row.name));
            }
            let state = State::load(&reader, &all, row).await?;
            let planning = self.planning(scope, &PlanningQuery::of(*version)).await?;
            let parts = target::quarters(fiscal, &state);
            if quarters.is_empty() {
                quarters = parts.iter().map(|quarter| quarter.period.clone()).collect();
            }
            let asked = PlanningQuery::of(*version);
            let team = self.capability(&all, &asked, WhatIf::default()).await?;
            let outlook = self.expected(&all, asked).await?;
            columns.push(Column {
                version: *version,
                number: state.version.number,
                name: state.version.name.clone(),
                status: state.version.status,
                total: total(&state),
                levels: self.compared_levels(scope, &planning, &state).await?,
                quarters: parts.iter().map(|quarter| quarter.amount).collect(),
                outlook: target::law(outlook.as_ref()),
                // Without a month of history there is nothing to say.
                capacity: team.history.map(|_| team.total.value),
            });
            units.push(below(&state));
            assumed.push(self.reckoned_with(scope, &planning, total(&state)).await?);
        }
        let (assumptions, same) = differences(&assumed);
        let plan = plan.ok_or(Error::NotFound("version"))?;
        Ok(Comparison {
            plan,
            plan_name: store::plan::get(&reader, scope, plan).await?.name,
            currency: organization.currency,
            quarters,
            columns,
            units: side_by_side(&units),
            assumptions,
            same,
        })
    }

    /// The levels somebody decided, with their amounts where they can be had.
    async fn compared_levels(
        &self,
        scope: &Scope,
        planning: &Planning,
        state: &State,
    ) -> Result<Vec<(Level, Option<Minor>)>, Error> {
        let reader = self.database.reader();
        let Some(set) = assumption::find(&reader, scope, planning).await? else {
            return Ok(Vec::new());
        };
        let given = store::level::get(&reader, scope, set).await?;
        let rows = store::row_level::list(&reader, scope, state.version.id).await?;
        let levels = target::with_rows(given, &rows).levels(&state.grid).ok().flatten();
        Ok(Level::ALL
            .into_iter()
            .filter(|level| given.get(*level).is_some())
            .map(|level| {
                let amount = levels
                    .as_ref()
                    .map(|levels| levels.amount(level, domain::plan::NodeIndex(0), None));
                (level, amount)
            })
            .collect())
    }

    /// What a version was reckoned with.
    async fn reckoned_with(
        &self,
        scope: &Scope,
        planning: &Planning,
        total: Minor,
    ) -> Result<Assumed, Error> {
        let reader = self.database.reader();
        let mut assumed = Assumed::new();
        let Some(set) = assumption::find(&reader, scope, planning).await? else {
            return Ok(assumed);
        };
        for factor in store::factor::list(&reader, scope, set).await? {
            assumed.push(of_factor(factor));
        }
        for exclusion in store::exclusion::list(&reader, scope, set).await? {
            let id = exclusion.external_id;
            assumed.push((AssumptionKind::LeftOut, id.clone(), id, Said::Yes));
        }
        for (by, mut lines) in store::line::list(&reader, scope, set).await? {
            // Lines that cannot be met any more are shown as they were decided.
            let _met = line::fit(total, &mut lines).is_ok();
            for line in lines {
                let key = format!("{}:{}", by.as_str(), line.key);
                let said = Said::Amount { amount: line.amount };
                assumed.push((AssumptionKind::Line(by), key, line.name, said));
            }
        }
        if let Some((name, asks)) = store::purpose::get(&reader, scope, set).await? {
            let said = asks.map_or(Said::Yes, |amount| Said::Amount { amount });
            assumed.push((AssumptionKind::Purpose, name.clone(), name, said));
        }
        Ok(assumed)
    }
}

/// A factor by what it is of: its copy in another version has another id.
fn of_factor(factor: Factor) -> (AssumptionKind, String, String, Said) {
    let Factor {
        entry,
        unit_name,
        of_name,
        ..
    } = factor;
    let key = format!(
        "{}:{}:{:?}:{:?}:{}",
        entry.kind.as_str(),
        entry.name,
        entry.unit,
        entry.of,
        entry.span.starts_on
    );
    let weight_ppm = i64::from(entry.weight) * 10_000;
    let said = match entry.effect {
        Effect::Percent { hundredths } => Said::Weighted {
            ppm: i64::from(hundredths) * 100,
            weight_ppm,
        },
        Effect::Money { amount } => Said::WeightedAmount { amount, weight_ppm },
    };
    let name = [entry.name, unit_name, of_name]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    (AssumptionKind::Factor, key, name, said)
}

fn check_number(versions: &[VersionId]) -> Result<(), Error> {
    let mut distinct = versions.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    if COMPARED.contains(&versions.len()) && distinct.len() == versions.len() {
        return Ok(());
    }
    Err(Error::invalid_field(
        "compare_two_to_four",
        "versions",
        "请选 2 到 4 个不同的方案来比较。",
        "Choose two to four different scenarios to compare.",
    ))
}

fn shelved(name: &str) -> Error {
    Error::conflict(
        "version_shelved",
        format!("“{name}”已经归档，恢复之后才能比较。"),
        format!("\"{name}\" is archived: restore it to compare it."),
    )
}

fn other_plan(name: &str) -> Error {
    Error::invalid_field(
        "other_plan",
        "versions",
        format!("“{name}”属于另一个计划。只能比较同一个计划的方案。"),
        format!("\"{name}\" is of another plan. Only scenarios of one plan can be compared."),
    )
}

/// Units and people directly below the whole, with their parts.
fn below(state: &State) -> Units {
    let shape = state.grid.shape();
    shape
        .children(domain::plan::NodeIndex(0))
        .map(|node| {
            (
                shape.reference(node),
                shape.name(node).to_owned(),
                state.grid.amount(node, None),
            )
        })
        .collect()
}

/// Every unit of any version, in the order they first come.
fn side_by_side(versions: &[Units]) -> Vec<UnitRow> {
    let mut known: Vec<(NodeRef, String)> = Vec::new();
    for (of, name, _) in versions.iter().flatten() {
        if !known.iter().any(|(known, _)| known == of) {
            known.push((*of, name.clone()));
        }
    }
    known
        .into_iter()
        .map(|(of, name)| UnitRow {
            name,
            amounts: versions
                .iter()
                .map(|units| {
                    units
                        .iter()
                        .find(|(known, ..)| *known == of)
                        .map(|(.., amount)| *amount)
                })
                .collect(),
        })
        .collect()
}
