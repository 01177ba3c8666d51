//! What is booked of each number of a revision, to the day.

use std::collections::BTreeMap;

use domain::calendar::Day;
use domain::money::Minor;
use domain::revision::Begin;
use domain::target::Span;
use store::version::Node;

use super::Beginning;
use crate::plan::state::{State, all};
use crate::{Error, Operations, Scope};

/// By row and period.
pub(in crate::revision) type Booked = Vec<Vec<Minor>>;

impl Beginning<'_> {
    /// What is booked of each number, in the order of the nodes.
    pub(super) fn booked(&self, nodes: &[Node]) -> Booked {
        let were = self.were(nodes);
        let of = |(node, was): (&Node, Option<_>)| {
            let periods = 0..self.periods.len();
            periods.map(|place| self.due(node, was, place).booked).collect()
        };
        nodes.iter().zip(were).map(of).collect()
    }
}

impl Operations {
    /// What is booked of each number of a draft that adjusts a version, as of today.
    pub(in crate::revision) async fn booked_of(
        &self,
        scope: &Scope,
        published: &State,
        nodes: &[Node],
        today: Day,
    ) -> Result<Booked, Error> {
        let periods: Vec<Span> = published.plan.periods.iter().map(Span::of).collect();
        let course = self
            .course(&all(scope), published.version.id, &periods, Vec::new())
            .await?;
        let mut beginning = Beginning {
            state: published,
            periods,
            today,
            course,
            begin: Begin::default(),
            nobodys: BTreeMap::new(),
        };
        beginning.take_from_absent();
        Ok(beginning.booked(nodes))
    }
}
