//! What was done, against target and pace, by whatever is asked: the question behind the board, the baseline and the API.

mod cast;
mod curve;
pub(crate) mod history;
mod key;
mod targets;
mod zero;

use std::collections::BTreeMap;

use domain::access::Permission;
use domain::calendar::{Day, Fiscal, Period};
use domain::metric::{Attainment, AttainmentQuery, AttainmentRow, Dimension, Key, MetricKey};
use domain::money::{Currency, Fact, Minor};
use store::Session;
use store::attainment::{Cut, Question};
use store::organization::Organization;

use crate::scope::require;
use crate::{Error, Operations, Scope};
use cast::{Cast, is_of_units};
use key::Keyed;
use targets::Targets;

/// The longest range that can be asked for, in days: 60 years.
const LONGEST_DAYS: i32 = 60 * 366;
/// A cross of two dimensions is filled up with zero rows to at most so many.
const MOST_ZERO_ROWS: usize = 50_000;
/// Rows of one answer at most: a cross with days or accounts grows with the facts.
const MOST_ROWS: usize = 200_000;

impl Operations {
    /// Sums of a metric within reach, by one or two dimensions, with target and what is expected by the day of the
    /// question; unit rows include what is below. People, products, units and periods with nothing appear with zero; of two
    /// dimensions crossed every combination there can be, where both are such lists and there are at most 50,000, and
    /// otherwise those in which something was done.
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
        if let Some(level) = cast.strange_level() {
            return Err(unknown_level(level, &cast.levels()));
        }
        let sums = sums(&reader, scope, query, as_of, &cast).await?;
        let targets = Targets::load(&reader, scope, query, as_of, &organization, &cast).await?;
        let mut rows: BTreeMap<Vec<Keyed>, (Fact, i64)> = cast
            .zero_rows(MOST_ZERO_ROWS)
            .into_iter()
            .map(|keys| (keys, (Fact(0), 0)))
            .collect();
        for (keys, amount, count) in sums {
            // What was done and taken back leaves a sum of nothing, perhaps of a product that is gone with it: no row of its own.
            if amount.0 == 0 && count == 0 && !rows.contains_key(&keys) {
                continue;
            }
            let row = rows.entry(keys).or_default();
            row.0.0 = row.0.0.saturating_add(amount.0);
            row.1 += count;
            if rows.len() > MOST_ROWS {
                return Err(too_many_rows());
            }
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
        by_unit: cut(query.by.iter().any(is_of_units)),
        by_things: cast.things.clone(),
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

fn too_many_rows() -> Error {
    Error::invalid_field(
        "too_many_rows",
        "by",
        format!("结果超过 {MOST_ROWS} 行。请缩短时间范围，或换一个更粗的维度。"),
        format!(
            "The answer has more than {MOST_ROWS} rows. Ask for a shorter time, or by a coarser dimension."
        ),
    )
}

fn unknown_level(level: &str, levels: &[&str]) -> Error {
    let levels: Vec<String> = levels.iter().map(|level| format!("unit:{level}")).collect();
    Error::invalid_field(
        "unknown_level",
        "by",
        format!("没有部门属于层级“{level}”。现有层级：{}。", levels.join("、")),
        format!(
            "No unit is of the level \"{level}\"; the levels there are: {}.",
            levels.join(", ")
        ),
    )
}

pub(crate) fn unknown_metric(key: &MetricKey) -> Error {
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
