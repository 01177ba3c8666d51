//! To whom, where and how much of a deal counts.

use std::collections::HashMap;
use std::sync::Arc;

use domain::calendar::Day;
use domain::id::{MemberId, MetricId, UnitId};
use domain::metric::Status;
use domain::money::Fact;
use store::assignment::Assignment;
use store::fact::Credit;
use store::opportunity::Opportunity;

use super::catalog::Catalog;
use super::job::Job;

/// To whom and where a deal counts.
#[derive(Clone, Debug)]
pub(super) struct Crediting {
    metric: MetricId,
    root: UnitId,
    assignments: Arc<HashMap<MemberId, Vec<Assignment>>>,
    pub(super) today: Day,
}

impl Crediting {
    /// For the facts of a job.
    pub(super) fn of(job: &Job, catalog: &Catalog) -> Self {
        Self {
            metric: job
                .metric
                .as_ref()
                .map_or_else(MetricId::default, |metric| metric.id),
            root: catalog.root,
            assignments: Arc::new(catalog.assignments.clone()),
            today: job.today,
        }
    }

    /// Won deals count for their owner on the close date, split over the units they belong to that day by their shares; to
    /// the company as a whole where they belong nowhere. The parts total the amount exactly.
    pub(super) fn deal(&self, opportunity: &Opportunity) -> Vec<Credit> {
        let (Some(day), Some(amount), Status::Won) = (
            opportunity.closed_on,
            opportunity.amount,
            opportunity.stage.status(),
        ) else {
            return Vec::new();
        };
        let whole = |unit| Credit {
            metric: self.metric,
            part: 0,
            member: opportunity.member,
            unit,
            day,
            amount,
            count: 1,
        };
        let holds: Vec<&Assignment> = self
            .assignments
            .get(&opportunity.member)
            .map(|all| {
                all.iter()
                    .filter(|one| one.holds_on(day) && one.share_ppm > 0)
                    .collect()
            })
            .unwrap_or_default();
        match holds.as_slice() {
            [] => vec![whole(self.root)],
            [one] => vec![whole(one.unit)],
            several => split(amount, several)
                .into_iter()
                .zip(several)
                .enumerate()
                .map(|(part, (amount, one))| Credit {
                    part: part as i32,
                    unit: one.unit,
                    amount,
                    count: i32::from(part == 0),
                    ..whole(one.unit)
                })
                .collect(),
        }
    }
}

/// Largest remainder: exact parts in proportion to the shares; remainders go to the largest fraction, ties to the first.
fn split(amount: Fact, shares: &[&Assignment]) -> Vec<Fact> {
    let total: i128 = shares.iter().map(|one| i128::from(one.share_ppm)).sum();
    let exact: Vec<i128> = shares
        .iter()
        .map(|one| i128::from(amount.0) * i128::from(one.share_ppm))
        .collect();
    let mut parts: Vec<i64> = exact.iter().map(|part| part.div_euclid(total) as i64).collect();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|index| (std::cmp::Reverse(exact[*index].rem_euclid(total)), *index));
    let missing = amount.0 - parts.iter().sum::<i64>();
    for index in order.into_iter().take(missing.max(0) as usize) {
        parts[index] += 1;
    }
    parts.into_iter().map(Fact).collect()
}
