//! Sums of a metric by one dimension and any pieces of time, without targets: what the baseline reads.

use std::collections::BTreeSet;

use domain::calendar::{Day, Fiscal};
use domain::id::{MemberId, UnitId};
use domain::metric::{AttainmentQuery, Dimension, Key};
use domain::money::Fact;
use store::Session;
use store::attainment::{Cut, Question, Time};
use store::exclusion::Excluded;
use store::metric::Metric;

use super::cast::{Cast, is_of_units};
use super::key::Keyed;
use crate::{Error, Scope};

/// What is asked of a history.
pub(crate) struct Ask<'a> {
    /// The dimension.
    pub(crate) by: &'a Dimension,
    /// First day, and the day after the last.
    pub(crate) days: (Day, Day),
    /// Into which pieces of time it is cut.
    pub(crate) time: Time,
    /// What is left out.
    pub(crate) left_out: &'a [Excluded],
}

/// A history along one dimension.
pub(crate) struct Along {
    /// What has nothing in it and is there nevertheless.
    pub(crate) zero: Vec<Key>,
    /// The sums; a key and a piece of time may come in several parts that add up.
    pub(crate) sums: Vec<Part>,
}

/// A part of a sum.
pub(crate) struct Part {
    /// Whom or what it counts for.
    pub(crate) key: Key,
    /// The piece of time, see [`store::attainment::Piece::time`].
    pub(crate) time: i32,
    /// How much.
    pub(crate) amount: Fact,
    /// How many facts.
    pub(crate) count: i64,
}

/// Reads the sums of a dimension, without what is left out.
pub(crate) async fn along(
    reader: &impl Session,
    scope: &Scope,
    metric: &Metric,
    fiscal: Fiscal,
    ask: Ask<'_>,
) -> Result<Along, Error> {
    let Ask {
        by,
        days: (from, to),
        time,
        left_out,
    } = ask;
    let query = AttainmentQuery {
        metric: metric.key.clone(),
        from,
        to,
        by: vec![by.clone()],
        as_of: None,
    };
    let cast = Cast::load(reader, scope, &query, fiscal).await?;
    if let Some(level) = cast.strange_level() {
        return Err(super::unknown_level(level, &cast.levels()));
    }
    let cut = |wanted: bool| if wanted { Cut::Apart } else { Cut::Together };
    let question = Question {
        from,
        to,
        time,
        by_member: cut(*by == Dimension::Member),
        by_unit: cut(is_of_units(by)),
        by_things: cast.things.clone(),
    };
    let pieces = crate::exclusion::sums_without(reader, scope, metric, &question, left_out).await?;
    let mut sums = Vec::with_capacity(pieces.len());
    for piece in pieces {
        for key in cast.keys(&piece).into_iter().flatten() {
            sums.push(Part {
                key: plain(key),
                time: piece.time,
                amount: piece.amount,
                count: piece.count,
            });
        }
    }
    let zero: BTreeSet<Vec<Keyed>> = cast.zero_rows(domain::baseline::MOST_ROWS);
    Ok(Along {
        zero: zero.into_iter().flatten().map(plain).collect(),
        sums,
    })
}

/// A part of a sum by the person and the unit that it counts for, and by one thing.
pub(crate) struct Carried {
    /// Who; nil where it counts for nobody.
    pub(crate) member: MemberId,
    /// Where; nil where it counts nowhere.
    pub(crate) unit: UnitId,
    /// The id of the thing; empty where a fact has none.
    pub(crate) key: String,
    /// How much.
    pub(crate) amount: Fact,
}

/// Reads the sums of a dimension of things by whom they count for, without what is left out; the parts of a key add up.
pub(crate) async fn carried(
    reader: &impl Session,
    scope: &Scope,
    metric: &Metric,
    fiscal: Fiscal,
    ask: Ask<'_>,
) -> Result<Vec<Carried>, Error> {
    let Ask {
        by,
        days: (from, to),
        time,
        left_out,
    } = ask;
    let query = AttainmentQuery {
        metric: metric.key.clone(),
        from,
        to,
        by: vec![by.clone()],
        as_of: None,
    };
    let cast = Cast::load(reader, scope, &query, fiscal).await?;
    let question = Question {
        from,
        to,
        time,
        by_member: Cut::Apart,
        by_unit: Cut::Apart,
        by_things: cast.things.clone(),
    };
    let mut sums = Vec::new();
    for piece in crate::exclusion::sums_without(reader, scope, metric, &question, left_out).await? {
        for key in cast.keys(&piece).into_iter().flatten() {
            sums.push(Carried {
                member: piece.member,
                unit: piece.unit,
                key: key.id,
                amount: piece.amount,
            });
        }
    }
    Ok(sums)
}

fn plain(key: Keyed) -> Key {
    Key {
        id: key.id,
        name: key.name,
    }
}
