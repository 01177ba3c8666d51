//! What rows of a version brought in the quarters before its plan: asked for the rows in sight, some at a time, so that it costs
//! the same in a plan of a hundred thousand.
//!
//! Of a person what was credited to them, of a unit what was credited in it and in all below it by today's tree, units that are
//! gone among them.

use std::collections::HashMap;

use domain::access::Permission;
use domain::calendar::{Day, Fiscal, Month, Period, PeriodKind, WorkingDays};
use domain::history::{Coverage, coverage};
use domain::id::{UnitId, VersionId};
use domain::metric::MetricKey;
use domain::money::{Currency, Fact, Minor};
use domain::plan::NodeIndex;
use domain::split::{MOST_TREND_QUARTERS, MOST_TREND_ROWS, Trend, Trends};
use domain::target::NodeRef;
use store::rollup::{Dimension, of_months};
use store::unit::Unit;
use uuid::Uuid;

use crate::attainment::fiscal;
use crate::plan::UNASSIGNED;
use crate::plan::state::{self, damaged};
use crate::scope::require;
use crate::{Error, Operations, Scope};

/// What each key brought, by quarter.
type Sums = HashMap<Uuid, Vec<Fact>>;

impl Operations {
    /// What some rows of a version, by their places in the whole of it, brought before the plan. Rows out of reach, and those of
    /// what belongs to nobody, are left out of the answer.
    pub async fn trends(
        &self,
        scope: &Scope,
        version: VersionId,
        rows: &[NodeIndex],
    ) -> Result<Trends, Error> {
        require(scope, Permission::ReadPeople)?;
        if rows.len() > MOST_TREND_ROWS {
            return Err(too_many());
        }
        let reader = self.database.reader();
        let version = store::version::get(&reader, scope, version).await?;
        let ordinals: Vec<u32> = rows.iter().map(|row| row.0).collect();
        let nodes = store::version::nodes_at(&reader, scope, version.id, &ordinals).await?;
        // Who carries a number sees that, and no more of a unit than what they lead.
        let seen = |of: NodeRef| match of {
            NodeRef::Unit(unit) => scope.sees_unit(unit),
            NodeRef::Member(member) => scope.sees_member(member),
        };
        let asked: Vec<(NodeIndex, NodeRef)> = nodes
            .iter()
            .filter(|node| node.level != UNASSIGNED && seen(node.of))
            .map(|node| (NodeIndex(node.ordinal), node.of))
            .collect();
        if asked.is_empty() {
            return Ok(Trends::default());
        }
        let all = state::all(scope);
        let plan = store::plan::get(&reader, &all, version.plan).await?;
        let organization = store::organization::get(&reader, &all).await?;
        let key = MetricKey::parse(&plan.metric_key).map_err(damaged)?;
        let Some(metric) = store::metric::find(&reader, &all, &key).await? else {
            return Ok(Trends::default());
        };
        let today = self.today_of(&organization).day;
        let facts = store::rollup::span(&reader, &all, &metric).await?;
        let working =
            WorkingDays::named(&organization.working_calendar).unwrap_or_else(WorkingDays::weekdays);
        let fiscal = fiscal(&organization)?;
        let quarters = facts.map_or_else(Vec::new, |(first, last)| {
            let known = (first, last.min(today));
            quarters(fiscal, plan.span.starts_on, known, &working)
        });
        if quarters.is_empty() {
            return Ok(Trends::default());
        }
        let months = months(&quarters);
        let units = store::unit::list(&reader, &all, None).await?;
        let below = below(&units);
        let mut members: Vec<Uuid> = Vec::new();
        let mut of_units: Vec<Uuid> = Vec::new();
        for (_, of) in &asked {
            match of {
                NodeRef::Member(member) => members.push(member.0),
                NodeRef::Unit(unit) => of_units.extend(with_below(*unit, &below)),
            }
        }
        // A unit lies below others that are asked about too.
        of_units.sort_unstable();
        of_units.dedup();
        let mut sums: [Sums; 2] = [Sums::new(), Sums::new()];
        let keys = [(Dimension::Member, members), (Dimension::Unit, of_units)];
        for (sums, (dimension, keys)) in sums.iter_mut().zip(keys) {
            for part in of_months(&reader, &all, &metric, &months, dimension, &keys).await? {
                let place = usize::try_from(part.piece).unwrap_or(usize::MAX);
                let own = sums
                    .entry(part.key)
                    .or_insert_with(|| vec![Fact(0); quarters.len()]);
                if let Some(sum) = own.get_mut(place) {
                    sum.0 = sum.0.saturating_add(part.amount.0);
                }
            }
        }
        let [of_member, of_unit] = sums;
        let trend = |(node, of): (NodeIndex, NodeRef)| {
            let mut total = vec![Fact(0); quarters.len()];
            match of {
                NodeRef::Member(member) => add(&mut total, of_member.get(&member.0)),
                NodeRef::Unit(unit) => {
                    for unit in with_below(unit, &below) {
                        add(&mut total, of_unit.get(&unit));
                    }
                }
            }
            Trend::of(node, minor(&total, &organization.currency))
        };
        Ok(Trends {
            rows: asked.into_iter().map(trend).collect(),
            quarters,
        })
    }
}

/// The whole quarters that end before a plan begins, oldest first. Facts reach from one day to another, both inclusive: what they
/// do not cover would be shown as a collapse.
fn quarters(
    fiscal: Fiscal,
    plan_starts: Day,
    (first, last): (Day, Day),
    working: &WorkingDays,
) -> Vec<Period> {
    let newest = fiscal.period_of(PeriodKind::Quarter, plan_starts.min(last.plus(1)));
    let most = i32::try_from(MOST_TREND_QUARTERS).unwrap_or(i32::MAX);
    let mut quarters: Vec<Period> = (0..=most)
        .map(|back| fiscal.step(&newest, -back))
        .filter(|quarter| {
            quarter.end <= plan_starts && coverage(quarter, first, last, working) == Coverage::Whole
        })
        .take(MOST_TREND_QUARTERS)
        .collect();
    quarters.reverse();
    quarters
}

/// The civil months of quarters, each with the place of its quarter.
fn months(quarters: &[Period]) -> Vec<(i32, Month)> {
    (0..)
        .zip(quarters)
        .flat_map(|(place, quarter)| {
            let (first, end) = (Month::of(quarter.start).0, Month::of(quarter.end).0);
            (first..end).map(move |month| (place, Month(month)))
        })
        .collect()
}

/// The units right below each unit.
fn below(units: &[Unit]) -> HashMap<UnitId, Vec<UnitId>> {
    let mut below: HashMap<UnitId, Vec<UnitId>> = HashMap::new();
    for unit in units {
        if let Some(parent) = unit.parent {
            below.entry(parent).or_default().push(unit.id);
        }
    }
    below
}

/// A unit and all below it.
fn with_below(unit: UnitId, below: &HashMap<UnitId, Vec<UnitId>>) -> Vec<Uuid> {
    let mut found = vec![unit.0];
    let mut open = vec![unit];
    while let Some(unit) = open.pop() {
        for child in below.get(&unit).into_iter().flatten() {
            found.push(child.0);
            open.push(*child);
        }
    }
    found
}

fn add(total: &mut [Fact], own: Option<&Vec<Fact>>) {
    for (sum, amount) in total.iter_mut().zip(own.into_iter().flatten()) {
        sum.0 = sum.0.saturating_add(amount.0);
    }
}

fn minor(amounts: &[Fact], currency: &Currency) -> Vec<Minor> {
    amounts.iter().map(|amount| amount.to_minor(currency)).collect()
}

fn too_many() -> Error {
    Error::invalid_field(
        "too_many_rows",
        "nodes",
        format!("一次最多查询 {MOST_TREND_ROWS} 行的历史。"),
        format!("The history of at most {MOST_TREND_ROWS} rows is told at once."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).unwrap()
    }

    fn names(plan_starts: &str, first: &str, last: &str) -> Vec<String> {
        let facts = (day(first), day(last));
        quarters(
            Fiscal::default(),
            day(plan_starts),
            facts,
            &WorkingDays::weekdays(),
        )
        .into_iter()
        .map(|quarter| quarter.name)
        .collect()
    }

    #[test]
    fn only_whole_quarters_before_the_plan_are_told() {
        // March alone is not the first quarter.
        assert_eq!(
            names("2018-01-01", "2017-03-01", "2017-12-29"),
            ["2017-Q2", "2017-Q3", "2017-Q4"]
        );
        // A plan that runs already: what it is measured by comes from before it.
        assert_eq!(
            names("2017-10-01", "2017-01-02", "2018-02-10"),
            ["2017-Q1", "2017-Q2", "2017-Q3"]
        );
        // The running quarter would look like a collapse.
        assert_eq!(names("2018-04-01", "2017-10-01", "2018-01-20"), ["2017-Q4"]);
        assert_eq!(
            names("2030-01-01", "2010-01-01", "2029-12-31").len(),
            MOST_TREND_QUARTERS
        );
        assert!(names("2018-01-01", "2018-01-02", "2018-02-01").is_empty());
    }

    #[test]
    fn every_month_of_a_quarter_is_read_once() {
        let fiscal = Fiscal::new(4).unwrap();
        let quarter = fiscal.period_of(PeriodKind::Quarter, day("2018-01-15"));
        let months = months(&[quarter.clone(), fiscal.step(&quarter, 1)]);
        let first = Month::of(day("2018-01-01")).0;
        let wanted: Vec<(i32, Month)> = (0..6).map(|at| (at / 3, Month(first + at))).collect();
        assert_eq!(months, wanted);
    }

    #[test]
    fn a_unit_counts_with_all_below_it() {
        let id = |at: u128| UnitId(Uuid::from_u128(at));
        let tree = HashMap::from([(id(1), vec![id(2), id(3)]), (id(3), vec![id(4)])]);
        let mut found = with_below(id(1), &tree);
        found.sort_unstable();
        assert_eq!(found, [1, 2, 3, 4].map(Uuid::from_u128));
        assert_eq!(with_below(id(2), &tree), [Uuid::from_u128(2)]);
    }
}
