//! Sums of credited facts by whatever was asked. Reads the roll-ups where they suffice, the facts where a wider cross or a
//! narrow scope needs them.

use domain::calendar::Day;
use domain::id::{MemberId, UnitId};
use domain::metric;
use domain::money::Fact;
use sea_orm::Value;
use uuid::Uuid;

use crate::bulk::{marks, one_mark, query};
use crate::fact::Tables;
use crate::metric::Metric;
use crate::rollup::{Dimension, month_of};
use crate::slot::{counts, there};
use crate::{Scope, Session, StoreError};

/// Into which pieces of time the sums are cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Time {
    /// One sum over the whole range.
    Whole,
    /// A sum a day.
    Days,
    /// A sum for each of these half-open ranges, in their order and without overlap; what lies between is left out.
    Periods(Vec<(Day, Day)>),
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// First day.
    pub from: Day,
    /// Day after the last.
    pub to: Day,
    /// Pieces of time.
    pub time: Time,
    /// Cut by the person credited.
    pub by_member: Cut,
    /// Cut by the unit of the credit.
    pub by_unit: Cut,
    /// Cut by what was sold, to whom, or by which way: at most two of product, account, channel.
    pub by_things: Vec<Dimension>,
}

/// Whether sums are cut along something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// One sum for all.
    Together,
    /// A sum for each.
    Apart,
}

/// One sum; ids are nil where the sums are not cut by them or where a fact has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The day with [`Time::Days`], the index of the period with [`Time::Periods`], 0 otherwise.
    pub time: i32,
    /// Who.
    pub member: MemberId,
    /// Where.
    pub unit: UnitId,
    /// Product, account or channel, in the order of [`Question::by_things`].
    pub things: [Uuid; 2],
    /// How much.
    pub amount: Fact,
    /// How many facts.
    pub count: i64,
}

/// The sums within the scope; a piece may come in several parts that add up.
pub async fn sums(
    session: &impl Session,
    scope: &Scope,
    metric: &Metric,
    question: &Question,
) -> Result<Vec<Piece>, StoreError> {
    if question.from >= question.to {
        return Ok(Vec::new());
    }
    if question.by_things.is_empty() {
        return Source::Days.sums(session, scope, metric, question).await;
    }
    let people = question.by_member == Cut::Apart || question.by_unit == Cut::Apart;
    let crossed = question.by_things.len() > 1;
    if people || crossed || question.time == Time::Days || !scope.sees_everything() {
        return Source::Facts.sums(session, scope, metric, question).await;
    }
    // Whole civil months from the second tier, the days before and after them from the facts.
    let whole = [(question.from, question.to)];
    let periods: &[(Day, Day)] = match &question.time {
        Time::Periods(periods) => periods,
        Time::Whole | Time::Days => &whole,
    };
    let (mut months, mut edges) = (Vec::new(), Vec::new());
    for (index, &(starts, ends)) in (0_i32..).zip(periods) {
        let (starts, ends) = (starts.max(question.from), ends.min(question.to));
        if starts >= ends {
            continue;
        }
        let first = if month_of(starts) == starts {
            starts
        } else {
            month_of(month_of(starts).plus(31))
        };
        let last = month_of(ends);
        if first < last {
            months.push((index, first, last));
            edges.extend([(index, starts, first), (index, last, ends)]);
        } else {
            edges.push((index, starts, ends));
        }
    }
    edges.retain(|(_, starts, ends)| starts < ends);
    let mut pieces = Vec::new();
    for (source, ranges) in [(Source::Months, months), (Source::Facts, edges)] {
        if !ranges.is_empty() {
            pieces.extend(source.read(session, scope, metric, &ranges, question).await?);
        }
    }
    Ok(pieces)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    /// The first tier.
    Days,
    /// The second tier.
    Months,
    /// Credits with their opportunities.
    Facts,
}

impl Source {
    async fn sums(
        self,
        session: &impl Session,
        scope: &Scope,
        metric: &Metric,
        question: &Question,
    ) -> Result<Vec<Piece>, StoreError> {
        let ranges: Vec<(i32, Day, Day)> = match &question.time {
            Time::Whole | Time::Days => vec![(0, question.from, question.to)],
            Time::Periods(periods) => (0..)
                .zip(periods)
                .map(|(index, &(starts, ends))| (index, starts.max(question.from), ends.min(question.to)))
                .filter(|(_, starts, ends)| starts < ends)
                .collect(),
        };
        if ranges.is_empty() {
            return Ok(Vec::new());
        }
        self.read(session, scope, metric, &ranges, question).await
    }

    async fn read(
        self,
        session: &impl Session,
        scope: &Scope,
        metric: &Metric,
        ranges: &[(i32, Day, Day)],
        question: &Question,
    ) -> Result<Vec<Piece>, StoreError> {
        let dialect = session.dialect();
        let mut number = 0;
        let mut values: Vec<Value> = Vec::new();
        let mut put = |value: Value| {
            number += 1;
            values.push(value);
            one_mark(dialect, number)
        };
        let day = if self == Self::Months { "r.period" } else { "r.day" };
        // Numbers of our own making, so they may stand in the text.
        let (with, join, time) = if let [(index, starts, ends)] = ranges {
            let time = if question.time == Time::Days {
                day.to_owned()
            } else {
                index.to_string()
            };
            (
                String::new(),
                format!("{day} >= {} AND {day} < {}", starts.0, ends.0),
                time,
            )
        } else {
            let rows: Vec<String> = ranges
                .iter()
                .map(|(index, starts, ends)| format!("({index},{},{})", starts.0, ends.0))
                .collect();
            (
                format!("WITH piece (n, a, b) AS (VALUES {}) ", rows.join(",")),
                format!("{day} >= p.a AND {day} < p.b"),
                "p.n".to_owned(),
            )
        };
        let piece = if with.is_empty() {
            ""
        } else {
            "piece p CROSS JOIN "
        };
        let member = if question.by_member == Cut::Apart {
            "r.member_id"
        } else {
            "NULL"
        };
        let unit = if question.by_unit == Cut::Apart {
            "r.unit_id"
        } else {
            "NULL"
        };
        let thing = |place: usize| match (self, question.by_things.get(place)) {
            (Self::Days, _) | (_, None) => "NULL",
            (Self::Months, Some(_)) => "r.key",
            (Self::Facts, Some(dimension)) => match (dimension, metric.source) {
                (Dimension::Product, metric::Source::Deals) => "f.product_id",
                (Dimension::Product, metric::Source::Orders) => "r.product_id",
                (Dimension::Account, _) => "f.account_id",
                (Dimension::Channel, _) => "f.channel_id",
                (Dimension::Member, _) => "r.member_id",
                (Dimension::Unit, _) => "r.unit_id",
            },
        };
        let things: [&str; 2] = std::array::from_fn(thing);
        let table = match self {
            Self::Days => "rollup_day r".to_owned(),
            Self::Months => "rollup_period r".to_owned(),
            Self::Facts => format!(
                "credit r JOIN {} f ON f.organization_id = r.organization_id AND f.id = r.fact_id AND f.slot = r.slot",
                Tables::of(metric.source).main
            ),
        };
        // A fact of several products counts once for each of them.
        let count = if self == Self::Facts && question.by_things.contains(&Dimension::Product) {
            "COALESCE(r.product_count, r.count)"
        } else {
            "r.count"
        };
        let mut filter = format!("r.organization_id = {}", put(scope.organization.0.into()));
        filter += &format!(" AND r.metric_id = {}", put(metric.id.0.into()));
        if self == Self::Facts {
            filter += " AND r.kind = 'revenue' AND ";
            filter += &there("r", "r.organization_id");
        } else {
            filter += &format!(" AND r.generation = {} AND ", put(metric.generation.into()));
            filter += &counts("r", "r.organization_id");
        }
        if self == Self::Months {
            filter += &format!(
                " AND r.dimension = {}",
                put(question
                    .by_things
                    .first()
                    .map_or("", |thing| thing.as_str())
                    .into())
            );
        }
        if !scope.sees_everything() {
            // Nobody's facts bear the nil id and are not those of who is no member.
            match scope.member {
                Some(member) => filter += &format!(" AND (r.member_id = {}", put(member.0.into())),
                None => filter += " AND (1 = 0",
            }
            if !scope.units.is_empty() {
                filter += &format!(
                    " OR r.unit_id IN ({})",
                    marks(dialect, number + 1, scope.units.len())
                );
                values.extend(scope.units.iter().map(|unit| Value::from(unit.0)));
            }
            filter.push(')');
        }
        let groups: Vec<&str> = [time.as_str(), member, unit, things[0], things[1]]
            .into_iter()
            .filter(|column| column.starts_with(['r', 'p', 'f']))
            .collect();
        let group = if groups.is_empty() {
            String::new()
        } else {
            format!(" GROUP BY {}", groups.join(", "))
        };
        let uuid = |column: &str| {
            if column == "NULL" && dialect == crate::Dialect::Postgres {
                "CAST(NULL AS uuid)".to_owned()
            } else {
                column.to_owned()
            }
        };
        let sql = format!(
            "{with}SELECT {time}, {}, {}, {}, {}, CAST(SUM(r.amount) AS bigint), CAST(SUM({count}) AS bigint) \
             FROM {piece}{table} WHERE {filter} AND {join}{group}",
            uuid(member),
            uuid(unit),
            uuid(things[0]),
            uuid(things[1]),
        );
        let mut pieces = Vec::new();
        for row in query(session, &sql, values).await? {
            // Without a group there is one row, empty where nothing was summed.
            let Some(amount) = row.try_get_by_index::<Option<i64>>(5)? else {
                continue;
            };
            let id = |index: usize| {
                row.try_get_by_index::<Option<Uuid>>(index)
                    .map(Option::unwrap_or_default)
            };
            pieces.push(Piece {
                time: row.try_get_by_index(0)?,
                member: id(1)?.into(),
                unit: id(2)?.into(),
                things: [id(3)?, id(4)?],
                amount: Fact(amount),
                count: row.try_get_by_index(6)?,
            });
        }
        Ok(pieces)
    }
}
