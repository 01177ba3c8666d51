//! The rows that are there although nothing was done: people, units, products and periods do not vanish for being at zero.

use std::collections::BTreeSet;

use domain::id::{MemberId, UnitId};
use domain::metric::Dimension;
use domain::money::Fact;
use store::attainment::Piece;
use store::rollup;
use store::unit::Unit;
use uuid::Uuid;

use super::cast::{Cast, combined, is_of_units};
use super::key::{Keyed, period_key, thing, thing_kind, unit_key};

/// What a dimension is about. What is about the same is not combined freely: a product is in its own category, a person in
/// the units they belong to, a month in its year.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    People,
    Thing(rollup::Dimension),
    Time,
}

fn about(dimension: &Dimension) -> About {
    match thing_kind(dimension) {
        Some(of) => About::Thing(of),
        None if dimension.is_time() => About::Time,
        None => About::People,
    }
}

impl Cast {
    /// The rows that appear even with nothing: alone, what the dimension lists; crossed, every combination there can be.
    /// None where they would be more than `most`, or where a dimension has no end (accounts, channels, days).
    pub(super) fn zero_rows(&self, most: usize) -> BTreeSet<Vec<Keyed>> {
        if let [first, second] = self.by.as_slice()
            && about(first) == about(second)
        {
            let rows: BTreeSet<Vec<Keyed>> = self
                .nothings()
                .iter()
                .flat_map(|piece| self.keys(piece))
                .collect();
            return if rows.len() > most { BTreeSet::new() } else { rows };
        }
        let mut rows = vec![Vec::with_capacity(self.by.len())];
        for dimension in &self.by {
            let keys = self.zero_keys(dimension);
            if keys.len().saturating_mul(rows.len()) > most {
                return BTreeSet::new();
            }
            rows = combined(&rows, &keys);
        }
        rows.into_iter().collect()
    }

    /// A sum of nothing for each smallest part of what both dimensions are about.
    fn nothings(&self) -> Vec<Piece> {
        let nothing = Piece {
            time: 0,
            member: MemberId::default(),
            unit: UnitId::default(),
            things: [Uuid::nil(); 2],
            amount: Fact(0),
            count: 0,
        };
        match self.by.first().map(about) {
            Some(About::Time) => {
                let periods = self.finest().map_or(0, |finest| self.periods_of(finest).len());
                (0..)
                    .take(periods)
                    .map(|time| Piece { time, ..nothing })
                    .collect()
            }
            Some(About::Thing(rollup::Dimension::Product)) => self
                .names
                .get(&rollup::Dimension::Product)
                .into_iter()
                .flat_map(|names| names.keys())
                .map(|id| Piece {
                    things: [*id; 2],
                    ..nothing
                })
                .collect(),
            Some(About::People) if self.by.iter().all(is_of_units) => self
                .seen()
                .map(|unit| Piece {
                    unit: unit.id,
                    ..nothing
                })
                .collect(),
            Some(About::People) => self
                .places
                .iter()
                .map(|(member, unit)| Piece {
                    member: *member,
                    unit: *unit,
                    ..nothing
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    fn zero_keys(&self, dimension: &Dimension) -> Vec<Keyed> {
        match dimension {
            Dimension::Member => self
                .present
                .iter()
                .map(|id| self.member(dimension, *id))
                .collect(),
            Dimension::Unit => self.seen().map(|unit| unit_key(dimension, unit)).collect(),
            Dimension::UnitLevel(level) => self
                .seen()
                .filter(|unit| unit.level == *level)
                .map(|unit| unit_key(dimension, unit))
                .collect(),
            Dimension::Manager => {
                let managers: BTreeSet<MemberId> = self.seen().filter_map(|unit| unit.manager).collect();
                managers
                    .into_iter()
                    .filter(|id| self.members.contains_key(id))
                    .map(|id| self.manager(dimension, id))
                    .collect()
            }
            Dimension::Product => self
                .names
                .get(&rollup::Dimension::Product)
                .into_iter()
                .flatten()
                .map(|(id, name)| thing(dimension, *id, Some(name)))
                .collect(),
            Dimension::Category => {
                let keys: BTreeSet<Keyed> = self
                    .categories
                    .values()
                    .map(|(id, name)| thing(dimension, id.0, Some(name)))
                    .collect();
                keys.into_iter().collect()
            }
            Dimension::Month | Dimension::Quarter | Dimension::Year => self
                .periods_of(dimension)
                .iter()
                .map(|period| period_key(dimension, period, (self.from, self.to)))
                .collect(),
            Dimension::Account | Dimension::Channel | Dimension::Day => Vec::new(),
        }
    }

    /// Units within reach that exist at some time of the range.
    fn seen(&self) -> impl Iterator<Item = &Unit> {
        self.seen_units
            .iter()
            .filter_map(|id| self.units.get(id))
            .filter(|unit| unit.starts_on < self.to && unit.ends_on.is_none_or(|end| end > self.from))
    }
}
