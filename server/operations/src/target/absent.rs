//! In which places of a plan a cap of zero says that nobody is there, and in which somebody set it by hand.
//!
//! A change of staff shuts the periods in which somebody is not there; what holds them looks like any other cap. Who is where, and
//! who is away, tells the two apart. It is asked only where a plan refuses something.

use std::collections::{BTreeSet, HashMap};

use domain::id::{MemberId, UnitId};
use domain::money::Minor;
use domain::plan::{Grid, NodeIndex, PeriodIndex};
use domain::staffing::without;
use domain::target::{NodeRef, Span};
use store::{Scope, Session};

use crate::Error;
use crate::plan::state::State;

/// The places with a cap of zero in which nobody is there.
pub(crate) struct Absent(BTreeSet<(NodeIndex, PeriodIndex)>);

impl Absent {
    /// Of a version, by what is known of people and units now; `all` is a scope that sees everybody.
    pub(crate) async fn of(session: &impl Session, all: &Scope, state: &State) -> Result<Self, Error> {
        let mut places = shut(&state.grid);
        if places.is_empty() {
            return Ok(Self(places));
        }
        let mut there: HashMap<(MemberId, UnitId), Vec<Span>> = HashMap::new();
        for known in store::assignment::list(session, all, None).await? {
            // One that goes on does so beyond every plan.
            let days = Span {
                starts_on: known.starts_on,
                ends_on: known.ends_on.unwrap_or(state.plan.span.ends_on),
            };
            there.entry((known.member, known.unit)).or_default().push(days);
        }
        let mut away: HashMap<MemberId, Vec<Span>> = HashMap::new();
        for row in store::leave::list(session, all, state.plan.span.starts_on).await? {
            away.entry(row.leave.member).or_default().push(Span {
                starts_on: row.leave.from,
                ends_on: row.leave.until,
            });
        }
        let mut stands: HashMap<UnitId, Span> = HashMap::new();
        for unit in store::unit::list(session, all, None).await? {
            let days = Span {
                starts_on: unit.starts_on,
                ends_on: unit.ends_on.unwrap_or(state.plan.span.ends_on),
            };
            stands.insert(unit.id, days);
        }
        let shape = state.grid.shape();
        let is_there = |node: NodeIndex, days: Span| match shape.reference(node) {
            NodeRef::Unit(unit) => stands.get(&unit).is_some_and(|known| known.overlaps(days)),
            NodeRef::Member(member) => {
                let Some(NodeRef::Unit(unit)) = shape.parent(node).map(|above| shape.reference(above)) else {
                    return false;
                };
                let home = there.get(&(member, unit));
                let home = home.is_some_and(|home| home.iter().any(|known| known.overlaps(days)));
                let away = away.get(&member).map(Vec::as_slice).unwrap_or_default();
                home && !without(days, away).is_empty()
            }
        };
        places.retain(|(node, place)| {
            let period = state.plan.periods.get(usize::from(place.0));
            period.is_some_and(|period| !is_there(*node, Span::of(period)))
        });
        Ok(Self(places))
    }

    /// Every place of a grid that a change of staff may have shut, where it cannot be asked who is there.
    pub(crate) fn wherever_shut(grid: &Grid) -> Self {
        Self(shut(grid))
    }

    /// Whether a cap of zero says there that nobody is. One of a total was always set by hand.
    pub(super) fn holds(&self, node: NodeIndex, period: Option<PeriodIndex>) -> bool {
        period.is_some_and(|period| self.0.contains(&(node, period)))
    }
}

/// The periods of rows with a cap of zero.
fn shut(grid: &Grid) -> BTreeSet<(NodeIndex, PeriodIndex)> {
    let held = grid.constraints();
    let held = held.filter(|(_, _, held)| held.cap == Some(Minor(0)));
    held.filter_map(|(node, period, _)| Some((node, period?)))
        .collect()
}
