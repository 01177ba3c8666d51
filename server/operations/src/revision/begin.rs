//! Where a revision starts: what was booked in the periods that are over, held, and what is to be expected of the others.

use std::collections::HashMap;

use domain::calendar::Day;
use domain::metric::{AttainmentQuery, Dimension, MetricKey};
use domain::money::Minor;
use domain::plan::{Constraint, ConstraintDelta, Deltas, Grid, MAX_AMOUNT, NodeIndex, PeriodIndex};
use domain::revision::at_pace;
use domain::target::{NodeRef, Span};

use crate::plan::UNASSIGNED;
use crate::plan::state::{State, all, damaged};
use crate::split::me;
use crate::{Error, Operations, Scope};

/// The state a revision starts from.
pub(super) struct Start {
    pub(super) grid: Grid,
    /// The first day of the first period that is not over.
    pub(super) begins_on: Day,
}

/// Done, and expected by today.
#[derive(Clone, Copy, Default)]
struct Done {
    actual: i64,
    expected: i64,
}

impl Operations {
    /// Reckons the start of a revision of a version on a day within its plan.
    pub(super) async fn begin_revision(
        &self,
        scope: &Scope,
        state: &State,
        today: Day,
    ) -> Result<Start, Error> {
        let shape = state.grid.shape();
        let periods: Vec<Span> = state.plan.periods.iter().map(Span::of).collect();
        let begins_on = periods
            .iter()
            .find(|period| today < period.ends_on)
            .map(|period| period.starts_on);
        let begins_on = begins_on.ok_or_else(|| damaged("a plan without days"))?;
        let mut amounts = vec![Minor(0); shape.cells()];
        for (place, period) in (0..).map(PeriodIndex).zip(&periods) {
            let leaves = self.leaves_at_start(scope, state, place, *period, today).await?;
            for node in shape.nodes().rev() {
                let cell = shape.cell(node, place).0 as usize;
                amounts[cell] = if shape.is_leaf(node) {
                    leaves.get(&node).copied().unwrap_or_default()
                } else {
                    let mut sums = (0_i64, 0_i64);
                    for child in shape.children(node) {
                        sums.0 += state.grid.amount(child, Some(place)).0;
                        sums.1 += amounts[shape.cell(child, place).0 as usize].0;
                    }
                    let hedge = if period.ends_on <= today {
                        0
                    } else {
                        let had = i128::from(state.grid.hedge(node, Some(place)).0);
                        (had * i128::from(sums.1) / i128::from(sums.0.max(1))) as i64
                    };
                    Minor(sums.1 - hedge)
                };
            }
        }
        if amounts.iter().any(|amount| amount.0 > MAX_AMOUNT) {
            return Err(Error::conflict(
                "total_cannot_be_split",
                "已完成的数字超出计划能容纳的范围。",
                "What was done is more than a plan can hold.",
            ));
        }
        let mut grid = Grid::from_amounts(std::sync::Arc::clone(shape), amounts).map_err(damaged)?;
        grid.fold(&held(state, &grid, &periods, today, scope))
            .map_err(damaged)?;
        Ok(Start { grid, begins_on })
    }

    /// What each leaf starts with in a period: booked where it is over, booked and expected where it runs, else expected.
    async fn leaves_at_start(
        &self,
        scope: &Scope,
        state: &State,
        place: PeriodIndex,
        period: Span,
        today: Day,
    ) -> Result<HashMap<NodeIndex, Minor>, Error> {
        let is_over = period.ends_on <= today;
        let done = if period.starts_on <= today {
            self.done_by_node(scope, state, period, today).await?
        } else {
            HashMap::new()
        };
        let pace = if is_over {
            Done::default()
        } else {
            self.pace_so_far(scope, state, today).await?
        };
        let shape = state.grid.shape();
        let leaves: Vec<NodeIndex> = shape.nodes().filter(|node| shape.is_leaf(*node)).collect();
        // A person below two units: what they did goes to each by what they were to do there.
        let mut targets: HashMap<NodeRef, i64> = HashMap::new();
        for leaf in &leaves {
            *targets.entry(shape.reference(*leaf)).or_default() += state.grid.amount(*leaf, Some(place)).0;
        }
        let mut left: HashMap<NodeRef, (i64, i64)> = done
            .iter()
            .map(|(of, done)| {
                (
                    *of,
                    (done.actual.max(0), targets.get(of).copied().unwrap_or_default()),
                )
            })
            .collect();
        let mut found = HashMap::new();
        for leaf in leaves {
            let of = shape.reference(leaf);
            let target = state.grid.amount(leaf, Some(place)).0;
            let carries = state.node(leaf).is_some_and(|node| node.level != UNASSIGNED);
            let booked = match left.get_mut(&of).filter(|_| carries) {
                None => 0,
                Some((actual, of_all)) => {
                    // The last of them takes the rest, so that nothing is lost.
                    let part = if *of_all <= target {
                        *actual
                    } else {
                        (i128::from(*actual) * i128::from(target) / i128::from(*of_all)) as i64
                    };
                    *actual -= part;
                    *of_all -= target;
                    part
                }
            };
            let amount = if is_over {
                booked
            } else {
                let all = targets.get(&of).copied().unwrap_or_default();
                let expected = done.get(&of).filter(|_| carries).map_or(0, |done| done.expected);
                let by_today = (i128::from(expected) * i128::from(target) / i128::from(all.max(1))) as i64;
                booked.saturating_add(at_pace(target - by_today.min(target), pace.actual, pace.expected))
            };
            found.insert(leaf, Minor(amount));
        }
        Ok(found)
    }

    /// What people and units did within days, and what was expected of them by today.
    async fn done_by_node(
        &self,
        scope: &Scope,
        state: &State,
        days: Span,
        today: Day,
    ) -> Result<HashMap<NodeRef, Done>, Error> {
        let mut done = HashMap::new();
        for by in [Dimension::Member, Dimension::Unit] {
            let member = by == Dimension::Member;
            let answer = self
                .attainment(&all(scope), &query(state, days, by, today)?)
                .await?;
            for row in answer.rows {
                let Some(id) = row
                    .keys
                    .values()
                    .next()
                    .and_then(|key| key.id.parse::<uuid::Uuid>().ok())
                else {
                    continue;
                };
                let of = if member {
                    NodeRef::Member(id.into())
                } else {
                    NodeRef::Unit(id.into())
                };
                let expected = row.expected_by_today.unwrap_or_default().0;
                done.insert(
                    of,
                    Done {
                        actual: row.actual.0,
                        expected,
                    },
                );
            }
        }
        Ok(done)
    }

    /// What the whole has done of its plan so far, and what was expected of it by today.
    async fn pace_so_far(&self, scope: &Scope, state: &State, today: Day) -> Result<Done, Error> {
        let (actual, expected) = self
            .pace_of(scope, &state.plan.metric_key, state.plan.span, today)
            .await?;
        Ok(Done { actual, expected })
    }

    /// Done within days up to today, and expected of it, over the whole organization.
    pub(super) async fn pace_of(
        &self,
        scope: &Scope,
        metric: &str,
        days: Span,
        today: Day,
    ) -> Result<(i64, i64), Error> {
        let query = AttainmentQuery {
            metric: MetricKey::parse(metric).map_err(damaged)?,
            from: days.starts_on,
            to: days.ends_on,
            by: vec![Dimension::Year],
            as_of: Some(today),
        };
        let answer = self.attainment(&all(scope), &query).await?;
        Ok(answer.rows.iter().fold((0, 0), |(actual, expected), row| {
            (
                actual + row.actual.0,
                expected + row.expected_by_today.unwrap_or_default().0,
            )
        }))
    }
}

fn query(state: &State, days: Span, by: Dimension, today: Day) -> Result<AttainmentQuery, Error> {
    Ok(AttainmentQuery {
        metric: MetricKey::parse(&state.plan.metric_key).map_err(damaged)?,
        from: days.starts_on,
        to: days.ends_on,
        by: vec![by],
        as_of: Some(today),
    })
}

/// What is held from the start: every number of a period that is over, and that nobody carries a number where they are not
/// there. Other locks and bounds were of the old numbers.
fn held(state: &State, grid: &Grid, periods: &[Span], today: Day, scope: &Scope) -> Deltas {
    let mut deltas = Deltas::default();
    let mut hold = |node, period, new| {
        deltas.constraints.push(ConstraintDelta {
            node,
            period: Some(period),
            old: Constraint::default(),
            new,
        });
    };
    for (place, period) in (0..).map(PeriodIndex).zip(periods) {
        for node in grid.shape().nodes() {
            let is_absent = state.grid.constraint(node, Some(place)).cap == Some(Minor(0));
            if period.ends_on <= today {
                let lock = Some(me(scope));
                hold(
                    node,
                    place,
                    Constraint {
                        lock,
                        ..Constraint::default()
                    },
                );
            } else if is_absent && grid.amount(node, Some(place)).0 == 0 {
                let cap = Some(Minor(0));
                hold(
                    node,
                    place,
                    Constraint {
                        cap,
                        ..Constraint::default()
                    },
                );
            }
        }
    }
    deltas
}
