//! What a number was on a day: which version was on record then for which periods, what had been answered, and why it was
//! that number. What counts is the end of the day, by the organization's clocks.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::Permission;
use domain::calendar::Day;
use domain::id::{MemberId, VersionId};
use domain::money::Currency;
use domain::number_on::{NumberOn, NumbersOn};
use domain::plan::{NodeIndex, PeriodIndex};
use domain::target::Span;
use store::Session;
use store::cell::Cell;
use store::plan::Plan;
use store::version::Node;

use super::{confirmation, number_hash, period_amount, total};
use crate::plan::state;
use crate::scope::{require, require_sight};
use crate::why::Number;
use crate::{Error, Operations, Scope, clock};

/// Every day there is, for what is on record of a metric.
const ALWAYS: Span = Span {
    starts_on: Day(i32::MIN),
    ends_on: Day(i32::MAX),
};
/// Most versions that are told of.
const MOST_VERSIONS: usize = 24;

impl Operations {
    /// The numbers that the person who asks carried on a day, of plans that were not over then: the own and those of units
    /// they led.
    pub async fn own_numbers_on(&self, scope: &Scope, day: Day) -> Result<NumbersOn, Error> {
        require(scope, Permission::ReadAttainment)?;
        match scope.member {
            Some(member) => self.numbers_on(scope, member, day).await,
            None => Ok(NumbersOn {
                day,
                numbers: Vec::new(),
            }),
        }
    }

    /// The same of somebody within reach.
    pub async fn numbers_of_member_on(
        &self,
        scope: &Scope,
        member: MemberId,
        day: Day,
    ) -> Result<NumbersOn, Error> {
        require_sight(scope)?;
        store::member::get(&self.database.reader(), scope, member).await?;
        self.numbers_on(scope, member, day).await
    }

    async fn numbers_on(&self, scope: &Scope, member: MemberId, day: Day) -> Result<NumbersOn, Error> {
        let reader = self.database.reader();
        let all = state::all(scope);
        let organization = store::organization::get(&reader, &all).await?;
        let end_ms = clock::at_hour_ms(&organization.zone, day.plus(1), 0);
        let mut numbers = Vec::new();
        for (version, held) in on_record_at(&reader, &all, end_ms).await? {
            let row = store::version::get(&reader, &all, version).await?;
            let plan = store::plan::get(&reader, &all, row.plan).await?;
            if plan.span.ends_on <= day {
                continue;
            }
            for (node, mut cells) in store::cell::of_version(&reader, scope, version).await? {
                cells.retain(|cell| held.contains(&cell.period));
                if node.carrier != Some(member) || cells.is_empty() {
                    continue;
                }
                let found = Found {
                    plan: &plan,
                    version: &row,
                    node: &node,
                    cells: &cells,
                };
                numbers.push(
                    self.number_on(scope, found, &organization.currency, end_ms)
                        .await?,
                );
            }
        }
        numbers.sort_by_key(|number| !number.of.is_member());
        Ok(NumbersOn { day, numbers })
    }

    async fn number_on(
        &self,
        scope: &Scope,
        found: Found<'_>,
        currency: &Currency,
        end_ms: i64,
    ) -> Result<NumberOn, Error> {
        let Found {
            plan,
            version,
            node,
            cells,
        } = found;
        let reader = self.database.reader();
        // The number is within reach; how it came about is told from the whole version.
        let all = state::all(scope);
        let mut answers = store::acknowledgement::of_node(&reader, &all, version.id, node.id).await?;
        answers.retain(|answer| answer.at_ms < end_ms);
        let hash = number_hash(plan, version.id, node.of, cells);
        let nodes = store::version::nodes(&reader, &all, version.id).await?;
        let held: Vec<PeriodIndex> = (0..)
            .map(PeriodIndex)
            .zip(&plan.periods)
            .filter(|(_, period)| cells.iter().any(|cell| cell.period == Span::of(period)))
            .map(|(place, _)| place)
            .collect();
        let at = NodeIndex(node.ordinal);
        let number = Number {
            version: version.clone(),
            plan: plan.clone(),
            nodes,
            node: at,
            periods: held,
            named: None,
        };
        let why = self.steps(&all, number).await?;
        Ok(NumberOn {
            plan: plan.id,
            plan_name: plan.name.clone(),
            version: version.id,
            number: version.number,
            metric: plan.metric_key.clone(),
            currency: currency.clone(),
            node: node.id,
            of: node.of,
            name: node.name.clone(),
            periods: cells
                .iter()
                .filter_map(|cell| period_amount(plan, cell))
                .collect(),
            total: total(cells),
            confirmation: confirmation(&answers, node.id, hash),
            published_at_ms: version.published_at_ms.unwrap_or_default(),
            published_by: version.published_by.clone().unwrap_or_default(),
            why,
        })
    }
}

/// A row of a version that was on record for some periods.
struct Found<'a> {
    plan: &'a Plan,
    version: &'a store::version::Version,
    node: &'a Node,
    cells: &'a [Cell],
}

/// What was on record at a moment, by version, the latest periods first.
async fn on_record_at(
    session: &impl Session,
    all: &Scope,
    at_ms: i64,
) -> Result<Vec<(VersionId, BTreeSet<Span>)>, Error> {
    let plans = store::plan::list(session, all).await?;
    let metrics: BTreeSet<String> = plans.into_iter().map(|plan| plan.metric_key).collect();
    let mut held: BTreeMap<VersionId, BTreeSet<Span>> = BTreeMap::new();
    for metric in metrics {
        for record in store::cell::records(session, all, &metric, ALWAYS).await? {
            if record.from_ms < at_ms && record.until_ms.is_none_or(|until| at_ms <= until) {
                held.entry(record.version).or_default().insert(record.period);
            }
        }
    }
    let mut held: Vec<_> = held.into_iter().collect();
    held.sort_by_key(|(_, periods)| std::cmp::Reverse(periods.last().copied()));
    held.truncate(MOST_VERSIONS);
    Ok(held)
}
