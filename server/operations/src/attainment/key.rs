//! Keys of rows: whom or what a sum counts for.

use std::cmp::Ordering;

use domain::calendar::{Day, Period};
use domain::id::{MemberId, UnitId};
use domain::metric::Dimension;
use store::rollup;
use store::unit::Unit;
use uuid::Uuid;

/// One key of a row. Ordered by `order`, then name, then id, so that rows come in a stable, readable order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Keyed {
    pub(super) dimension: Dimension,
    pub(super) id: String,
    pub(super) name: String,
    /// Pinyin of a name, or the position of a piece of time.
    order: String,
    pub(super) what: What,
}

/// What a key stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    Member(MemberId),
    Unit(UnitId),
    Manager(MemberId),
    Time(Day, Day),
    Thing,
}

impl PartialOrd for Keyed {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Keyed {
    fn cmp(&self, other: &Self) -> Ordering {
        (&self.order, &self.name, &self.id).cmp(&(&other.order, &other.name, &other.id))
    }
}

/// Which thing of a fact a dimension is about.
pub(super) fn thing_kind(dimension: &Dimension) -> Option<rollup::Dimension> {
    match dimension {
        Dimension::Product | Dimension::Category => Some(rollup::Dimension::Product),
        Dimension::Account => Some(rollup::Dimension::Account),
        Dimension::Channel => Some(rollup::Dimension::Channel),
        _ => None,
    }
}

/// A name with its order.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) pinyin: String,
}

pub(super) fn period_key(dimension: &Dimension, period: &Period, within: (Day, Day)) -> Keyed {
    Keyed {
        dimension: dimension.clone(),
        id: period.name.clone(),
        name: period.name.clone(),
        order: position(period.start),
        what: What::Time(period.start.max(within.0), period.end.min(within.1)),
    }
}

/// A text that sorts as days do.
fn position(day: Day) -> String {
    format!("{:010}", i64::from(day.0) - i64::from(i32::MIN))
}

pub(super) fn day_key(day: Day) -> Keyed {
    Keyed {
        dimension: Dimension::Day,
        id: day.to_string(),
        name: day.to_string(),
        order: position(day),
        what: What::Time(day, day.plus(1)),
    }
}

pub(super) fn unit_key(dimension: &Dimension, unit: &Unit) -> Keyed {
    Keyed {
        dimension: dimension.clone(),
        id: unit.id.to_string(),
        name: unit.name.clone(),
        order: unit.pinyin.clone(),
        what: What::Unit(unit.id),
    }
}

pub(super) fn thing(dimension: &Dimension, id: Uuid, name: Option<&Named>) -> Keyed {
    named(dimension, id, name, What::Thing)
}

/// A key with its name; what has no name (a fact without a product) has an empty id and name.
pub(super) fn named(dimension: &Dimension, id: Uuid, name: Option<&Named>, what: What) -> Keyed {
    let (name, order) = name.map_or_else(Default::default, |named| {
        (named.name.clone(), named.pinyin.clone())
    });
    let id = if id.is_nil() {
        String::new()
    } else {
        id.to_string()
    };
    Keyed {
        dimension: dimension.clone(),
        id,
        name,
        order,
        what,
    }
}
