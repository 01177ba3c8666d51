//! Gaps in the process: skipped stages, no next step, no life, no owner.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Evidence, Finding, OwnerProblem, Settings, Severity, Step};
use crate::calendar::Day;
use crate::funnel::{Funnel, Known, days};
use crate::metric::Status;

/// Who there is, by key; for those who left, the first day without them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owners(pub BTreeMap<String, Option<Day>>);

/// The dimension of a deal that names its owner.
const OWNER: &str = "owner";

/// Gaps in the open deals of a funnel, as of its day: no next step or one that has passed, no sign of life, no owner, and,
/// also in deals won lately, stages passed by that deals usually do not pass by.
pub fn process(funnel: &Funnel, owners: &Owners, settings: &Settings) -> Vec<Finding> {
    let whole = funnel.open_value();
    let limits = funnel.limits();
    let usual = recorded(funnel);
    let mut findings = Vec::new();
    for known in &funnel.deals {
        let mut add = |evidence, since| {
            findings.push(Finding {
                evidence,
                severity: Severity::of(known.deal.value, whole, settings),
                stake: known.deal.value,
                since,
                records: vec![known.deal.key.clone()],
            });
        };
        if let Some(skipped) = skipped(funnel, known, &usual, settings) {
            add(skipped, known.path.last().map(|entry| entry.day));
        }
        if known.outcome.status() != Status::Open {
            continue;
        }
        let in_stage = known.path.last().map(|entry| days(entry.day, funnel.as_of));
        let step = match known.deal.next_step {
            None => Some(Step::Missing),
            Some(day) if day < funnel.as_of => Some(Step::Passed {
                days: days(day, funnel.as_of),
            }),
            Some(_) => None,
        };
        if let Some(step) = step {
            add(
                Evidence::NextStep {
                    step,
                    days_in_stage: in_stage,
                },
                known.deal.next_step,
            );
        }
        if let Some(seen) = last_sign(known, funnel.as_of) {
            let silent_days = days(seen, funnel.as_of);
            if silent_days > settings.stale_days {
                let limit = limits.get(known.stage()).copied().flatten();
                let stale = Evidence::Stale {
                    silent_days,
                    threshold: settings.stale_days,
                    days_in_stage: in_stage.unwrap_or(silent_days),
                    usual_days: limit.map(|limit| limit.nearly_all),
                };
                add(stale, Some(seen));
            }
        }
        let owner = known.deal.dimensions.get(OWNER).filter(|owner| !owner.is_empty());
        let problem = match owner.map(|owner| owners.0.get(owner)) {
            None => Some(OwnerProblem::None),
            Some(None) => Some(OwnerProblem::Unknown),
            Some(Some(Some(left))) if *left <= funnel.as_of => Some(OwnerProblem::Left { since: *left }),
            Some(Some(_)) => None,
        };
        if let Some(problem) = problem {
            let since = match problem {
                OwnerProblem::Left { since } => Some(since),
                _ => known.began(),
            };
            add(
                Evidence::Orphan {
                    owner: owner.cloned(),
                    problem,
                },
                since,
            );
        }
    }
    super::rank(&mut findings);
    findings
}

/// For every stage, the share of the deals beyond it that recorded it.
fn recorded(funnel: &Funnel) -> Vec<f64> {
    (0..funnel.stages)
        .map(|stage| {
            let (mut all, mut seen) = (0_u64, 0_u64);
            for known in funnel.deals.iter().filter(|known| beyond(known, stage)) {
                all += 1;
                seen += u64::from(passed(known, stage));
            }
            if all == 0 { 0.0 } else { seen as f64 / all as f64 }
        })
        .collect()
}

/// Whether a deal was seen in a later stage or won.
fn beyond(known: &Known, stage: usize) -> bool {
    known.outcome.status() == Status::Won || known.path.iter().any(|entry| entry.stage > stage)
}

/// Whether a deal was seen in a stage; in the first one it begins.
fn passed(known: &Known, stage: usize) -> bool {
    known.path.iter().any(|entry| entry.stage == stage)
}

fn skipped(funnel: &Funnel, known: &Known, usual: &[f64], settings: &Settings) -> Option<Evidence> {
    let looked_at = match known.outcome.status() {
        Status::Open => true,
        Status::Won => days(known.until(), funnel.as_of) <= settings.recent_days,
        Status::Lost => false,
    };
    let missing = |stage: &usize| {
        usual
            .get(*stage)
            .is_some_and(|usual| *usual >= settings.stage_usual)
            && beyond(known, *stage)
            && !passed(known, *stage)
    };
    // A deal without any day has no path to judge.
    let stages: Vec<usize> = (0..funnel.stages)
        .filter(|_| looked_at && !known.path.is_empty())
        .filter(missing)
        .collect();
    let usual = usual.get(*stages.first()?).copied()?;
    Some(Evidence::SkippedStages { stages, usual })
}

/// The last day on which something was done about a deal.
fn last_sign(known: &Known, as_of: Day) -> Option<Day> {
    let follow_up = known.deal.last_follow_up.filter(|day| *day <= as_of);
    let moved = known.path.last().map(|entry| entry.day);
    let said = known.promises().last().map(|promise| promise.said);
    // The day of creation is in the path.
    [follow_up, moved, said].into_iter().flatten().max()
}
