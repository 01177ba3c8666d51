//! The board of a period.

mod horizons;
mod newest;
mod records;

use std::collections::BTreeMap;

use domain::access::Permission;
use domain::calendar::{Day, Fiscal, Period, PeriodKind, WorkingDays};
use domain::id::UnitId;
use domain::metric::{AttainmentQuery, AttainmentRow, Dimension, MetricKey};
use domain::money::Minor;
use domain::people::BusinessDateSource;
use domain::track::{Board, BoardQuery};
use store::organization::Organization;

use crate::attainment::fiscal;
use crate::scope::require;
use crate::{Error, Operations, Scope};

/// Quarters on offer in the list of periods.
const MOST_QUARTERS: usize = 16;

impl Operations {
    /// Progress of a period against target and pace, by one dimension.
    pub async fn board(&self, scope: &Scope, query: BoardQuery) -> Result<Board, Error> {
        require(scope, Permission::ReadAttainment)?;
        let frame = self.frame(scope, &query).await?;
        let Frame {
            organization,
            business_date,
            as_of,
            period,
            periods,
            ..
        } = frame;
        let fiscal = fiscal(&organization)?;
        let levels = self.levels(scope).await?;
        let by = match &query.by {
            Some(by) => dimension(by)?,
            None => levels
                .first()
                .map_or(Dimension::Member, |level| Dimension::UnitLevel(level.clone())),
        };
        let ask = |by: Dimension, from: Day, to: Day| AttainmentQuery {
            metric: MetricKey::BOOKINGS,
            from,
            to,
            by: vec![by],
            as_of: Some(as_of),
        };
        let year = fiscal.period_of(PeriodKind::Year, period.start);
        let rows = self
            .attainment(scope, &ask(by.clone(), period.start, period.end))
            .await?
            .rows;
        let months = self
            .attainment(scope, &ask(Dimension::Month, year.start, year.end))
            .await?
            .rows;
        let total = self.total(scope, period.start, period.end, as_of).await?;
        let working =
            WorkingDays::named(&organization.working_calendar).unwrap_or_else(WorkingDays::weekdays);
        let left = working.count(as_of.plus(1).max(period.start), period.end);
        let mut board = Board {
            as_of,
            business_date: business_date.day,
            business_date_set: business_date.source != BusinessDateSource::Clock,
            currency: organization.currency,
            period,
            periods,
            by,
            levels,
            total,
            months,
            rows,
            working_days_left: u32::try_from(left).unwrap_or(0),
            newest: None,
        };
        if board.is_empty() {
            board.newest = self.newest(scope, as_of).await?;
        }
        Ok(board)
    }

    /// One row for the whole within reach.
    async fn total(&self, scope: &Scope, from: Day, to: Day, as_of: Day) -> Result<AttainmentRow, Error> {
        // Years are cut at the ends of the range, so their sum is the whole.
        let query = AttainmentQuery {
            metric: MetricKey::BOOKINGS,
            from,
            to,
            by: vec![Dimension::Year],
            as_of: Some(as_of),
        };
        let rows = self.attainment(scope, &query).await?.rows;
        let add = |a: Option<Minor>, b: Option<Minor>| match (a, b) {
            (Some(a), Some(b)) => Some(Minor(a.0.saturating_add(b.0))),
            (a, b) => a.or(b),
        };
        Ok(rows.into_iter().fold(
            AttainmentRow::new(BTreeMap::new(), None, Minor(0), None, 0),
            |sum, row| {
                AttainmentRow::new(
                    BTreeMap::new(),
                    add(sum.target, row.target),
                    Minor(sum.actual.0.saturating_add(row.actual.0)),
                    add(sum.expected_by_today, row.expected_by_today),
                    sum.count + row.count,
                )
            },
        ))
    }

    /// First and last day with a fact.
    pub(crate) async fn span(&self, scope: &Scope) -> Result<Option<(Day, Day)>, Error> {
        let reader = self.database.reader();
        match store::metric::find(&reader, scope, &MetricKey::BOOKINGS).await? {
            Some(metric) => Ok(store::rollup::span(&reader, scope, &metric).await?),
            None => Ok(None),
        }
    }

    /// The unit levels below the company, from the top.
    pub(crate) async fn levels(&self, scope: &Scope) -> Result<Vec<String>, Error> {
        let units = store::unit::list(&self.database.reader(), scope, None).await?;
        let parent = |id: UnitId| {
            units
                .iter()
                .find(|unit| unit.id == id)
                .and_then(|unit| unit.parent)
        };
        let depth = |id: UnitId| {
            std::iter::successors(Some(id), |id| parent(*id))
                .take(units.len())
                .count()
        };
        let mut levels: Vec<(usize, String)> = Vec::new();
        for unit in units.iter().filter(|unit| unit.parent.is_some()) {
            let depth = depth(unit.id);
            match levels.iter_mut().find(|(_, level)| *level == unit.level) {
                Some((least, _)) => *least = depth.min(*least),
                None => levels.push((depth, unit.level.clone())),
            }
        }
        levels.sort();
        Ok(levels.into_iter().map(|(_, level)| level).collect())
    }

    /// The days a board is about.
    async fn frame(&self, scope: &Scope, query: &BoardQuery) -> Result<Frame, Error> {
        let organization = store::organization::get(&self.database.reader(), scope).await?;
        let business_date = self.today_of(&organization);
        let as_of = query.as_of.unwrap_or(business_date.day);
        let fiscal = fiscal(&organization)?;
        let span = self.span(scope).await?;
        let plans = self.planned(scope, business_date.day).await?;
        let period = match &query.period {
            Some(name) => fiscal.named(name).ok_or_else(|| unknown_period(name))?,
            None => default_period(fiscal, business_date.day, span, plans),
        };
        let first = span
            .map_or(business_date.day, |(first, _)| first)
            .min(period.start);
        let last = span
            .map_or(business_date.day, |(_, last)| last.max(business_date.day))
            .max(period.last_day());
        let mut periods: Vec<Period> = fiscal.periods(PeriodKind::Quarter, first, last.plus(1));
        periods.reverse();
        periods.truncate(MOST_QUARTERS);
        let mut years = fiscal.periods(PeriodKind::Year, first, last.plus(1));
        years.reverse();
        periods.extend(years);
        periods.extend(fiscal.periods(PeriodKind::Month, period.start, period.end));
        if !periods.contains(&period) {
            periods.insert(0, period.clone());
        }
        Ok(Frame {
            organization,
            business_date,
            as_of,
            period,
            periods,
        })
    }

    /// First and last day of what is planned around a day.
    async fn planned(&self, scope: &Scope, day: Day) -> Result<Option<(Day, Day)>, Error> {
        let reader = self.database.reader();
        let (from, to) = (day.plus(-366), day.plus(367));
        let targets =
            store::cell::published_targets(&reader, scope, MetricKey::BOOKINGS.as_str(), from, to).await?;
        let covers = targets
            .iter()
            .any(|target| target.period.starts_on <= day && day < target.period.ends_on);
        let starts = targets.iter().map(|target| target.period.starts_on).min();
        let ends = targets.iter().map(|target| target.period.ends_on).max();
        Ok(starts.zip(ends).filter(|_| covers))
    }
}

/// What every question of the board starts from.
struct Frame {
    organization: Organization,
    business_date: domain::people::BusinessDate,
    as_of: Day,
    period: Period,
    periods: Vec<Period>,
}

/// The period one most likely wants: what is planned around today, or else the quarter of the latest facts.
fn default_period(
    fiscal: Fiscal,
    today: Day,
    span: Option<(Day, Day)>,
    planned: Option<(Day, Day)>,
) -> Period {
    if let Some((starts, ends)) = planned {
        for kind in [PeriodKind::Quarter, PeriodKind::Half, PeriodKind::Year] {
            let period = fiscal.period_of(kind, today);
            if period.start <= starts && ends <= period.end {
                return period;
            }
        }
        return fiscal.period_of(PeriodKind::Year, today);
    }
    let day = span.map_or(today, |(_, last)| last.min(today));
    fiscal.period_of(PeriodKind::Quarter, day)
}

/// The dimension of a text.
pub(crate) fn dimension(text: &str) -> Result<Dimension, Error> {
    text.parse().map_err(|_| no_dimension(text))
}

/// There is nothing by this name that numbers can be broken down by here.
pub(crate) fn no_dimension(text: &str) -> Error {
    Error::invalid_field(
        "dimensions",
        "by",
        format!("没有维度“{text}”。"),
        format!("There is no dimension \"{text}\"."),
    )
}

pub(crate) fn unknown_period(name: &str) -> Error {
    Error::invalid_field(
        "unknown_period",
        "period",
        format!("看不懂周期“{name}”。可以写 2018、2018-Q1 或 2018-02。"),
        format!("The period \"{name}\" is not understood. Write 2018, 2018-Q1 or 2018-02."),
    )
}
