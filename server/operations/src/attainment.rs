//! What was done, against target and pace, by whatever is asked: the question behind the board, the baseline and the API.

mod curve;
mod key;
mod targets;

use std::collections::BTreeMap;

use domain::access::Permission;
use domain::calendar::{Day, Fiscal, Period};
use domain::metric::{Attainment, AttainmentQuery, AttainmentRow, Dimension, Key, MetricKey};
use domain::money::{Currency, Fact, Minor};
use store::Session;
use store::attainment::{Cut, Question, Time};
use store::organization::Organization;

use crate::scope::require;
use crate::{Error, Operations, Scope};
use key::{Cast, Keyed};
use targets::Targets;

/// The longest range that can be asked for, in days: 60 years.
const LONGEST_DAYS: i32 = 60 * 366;
/// A cross of two dimensions is filled up with zero rows to at most so many.
const MOST_ZERO_ROWS: usize = 50_000;

impl Operations {
    /// Sums of a metric within reach, by one or two dimensions, with target and what is expected by the day of the
    /// question. People, products, units and periods with nothing appear with zero; unit rows include what is below.
    pub async fn attainment(&self, scope: &Scope, query: &AttainmentQuery) -> Result<Attainment, Error> {
        require(scope, Permission::ReadAttainment)?;
        check(query)?;
        let reader = self.database.reader();
        let organization = store::organization::get(&reader, scope).await?;
        let as_of = query.as_of.unwrap_or_else(|| self.today_of(&organization).day);
        let fiscal = fiscal(&organization)?;
        let answer = |rows| Attainment {
            as_of,
            currency: organization.currency.code.clone(),
            rows,
        };
        let cast = Cast::load(&reader, scope, query, fiscal).await?;
        let sums = sums(&reader, scope, query, as_of, &cast).await?;
        let targets = Targets::load(&reader, scope, query, as_of, &organization, &cast).await?;
        let mut rows: BTreeMap<Vec<Keyed>, (Fact, i64)> = cast
            .zero_rows(MOST_ZERO_ROWS)
            .into_iter()
            .map(|keys| (keys, (Fact(0), 0)))
            .collect();
        for (keys, amount, count) in sums {
            let row = rows.entry(keys).or_default();
            row.0.0 = row.0.0.saturating_add(amount.0);
            row.1 += count;
        }
        Ok(answer(
            rows.into_iter()
                .map(|(keys, (amount, count))| row(&organization.currency, &targets, keys, amount, count))
                .collect(),
        ))
    }
}

/// The fiscal calendar of the organization.
pub(crate) fn fiscal(organization: &Organization) -> Result<Fiscal, Error> {
    Fiscal::new(organization.fiscal_start_month).map_err(|error| Error::Internal(error.to_string()))
}

fn check(query: &AttainmentQuery) -> Result<(), Error> {
    if query.from >= query.to {
        return Err(Error::invalid_field(
            "empty_range",
            "to",
            format!(
                "结束日 {} 不晚于开始日 {}（结束日不含在内）。",
                query.to, query.from
            ),
            format!(
                "`to` {} is not after `from` {} (`to` is exclusive).",
                query.to, query.from
            ),
        ));
    }
    if query.to.0 - query.from.0 > LONGEST_DAYS {
        return Err(Error::invalid_field(
            "range_too_long",
            "to",
            "一次最多查询 60 年。",
            "At most 60 years at once.",
        ));
    }
    if query.by.is_empty() || query.by.len() > 2 {
        return Err(Error::invalid_field(
            "dimensions",
            "by",
            "请给出一个或两个维度。",
            "Name one or two dimensions.",
        ));
    }
    let things = query
        .by
        .iter()
        .filter(|dimension| key::other_of(dimension).is_some())
        .count();
    let same_thing = query
        .by
        .iter()
        .all(|dimension| key::other_of(dimension) == key::other_of(&query.by[0]));
    if things > 1 && !same_thing {
        return Err(Error::invalid_field(
            "dimensions",
            "by",
            "产品、客户、渠道不能两两交叉，请换成其中一个与人员、部门或时间。",
            "Product, account and channel cannot be crossed with each other; cross one with people, units or time.",
        ));
    }
    if query.by.iter().filter(|dimension| dimension.is_time()).count() > 1 {
        return Err(Error::invalid_field(
            "dimensions",
            "by",
            "只能有一个时间维度。",
            "Only one dimension can be of time.",
        ));
    }
    Ok(())
}

/// Every sum with the keys it counts for; one that counts for several keys comes several times.
async fn sums(
    reader: &impl Session,
    scope: &Scope,
    query: &AttainmentQuery,
    as_of: Day,
    cast: &Cast,
) -> Result<Vec<(Vec<Keyed>, Fact, i64)>, Error> {
    let Some(metric) = store::metric::find(reader, scope, &query.metric).await? else {
        return if query.metric == MetricKey::BOOKINGS {
            Ok(Vec::new())
        } else {
            Err(unknown_metric(&query.metric))
        };
    };
    let cut = |wanted: bool| if wanted { Cut::Apart } else { Cut::Together };
    let to = query.to.min(as_of.plus(1));
    let question = Question {
        from: query.from,
        to,
        time: cast.time(),
        by_member: cut(query.by.contains(&Dimension::Member)),
        by_unit: cut(query
            .by
            .iter()
            .any(|by| matches!(by, Dimension::Unit | Dimension::UnitLevel(_) | Dimension::Manager))),
        by_other: query.by.iter().find_map(key::other_of),
    };
    let pieces = store::attainment::sums(reader, scope, &metric, &question).await?;
    let mut sums = Vec::with_capacity(pieces.len());
    for piece in pieces {
        for keys in cast.keys(&piece) {
            sums.push((keys, piece.amount, piece.count));
        }
    }
    Ok(sums)
}

fn unknown_metric(key: &MetricKey) -> Error {
    Error::invalid_field(
        "unknown_metric",
        "metric",
        format!("没有指标“{key}”，或者还没有它的数据。"),
        format!("There is no metric \"{key}\", or nothing has been counted for it yet."),
    )
}

fn row(currency: &Currency, targets: &Targets, keys: Vec<Keyed>, amount: Fact, count: i64) -> AttainmentRow {
    let target = targets.of(&keys);
    let actual: Minor = amount.to_minor(currency);
    let keys = keys
        .into_iter()
        .map(|key| {
            (
                key.dimension.to_string(),
                Key {
                    id: key.id,
                    name: key.name,
                },
            )
        })
        .collect();
    AttainmentRow::new(
        keys,
        target.map(|target| target.whole),
        actual,
        target.map(|target| target.expected),
        count,
    )
}

/// The pieces of time of a dimension within a range.
pub(crate) fn periods(fiscal: Fiscal, dimension: &Dimension, from: Day, to: Day) -> Vec<Period> {
    use domain::calendar::PeriodKind;
    let kind = match dimension {
        Dimension::Month => PeriodKind::Month,
        Dimension::Quarter => PeriodKind::Quarter,
        Dimension::Year => PeriodKind::Year,
        _ => return Vec::new(),
    };
    fiscal.periods(kind, from, to)
}

/// What the store cuts time into.
pub(crate) fn cuts(dimension: Option<&Dimension>, periods: &[Period]) -> Time {
    match dimension {
        None => Time::Whole,
        Some(Dimension::Day) => Time::Days,
        Some(_) => Time::Periods(periods.iter().map(|period| (period.start, period.end)).collect()),
    }
}
