//! History by month and dimension: what a target is set against.

mod one_offs;

use std::collections::HashMap;

use domain::access::Permission;
use domain::baseline::{Baseline, BaselineQuery, BaselineRow, SeasonYear, rank};
use domain::calendar::{Day, Month, Period, PeriodKind};
use domain::metric::{AttainmentQuery, AttainmentRow, Dimension, MetricKey};
use domain::money::Minor;

use crate::attainment::fiscal;
use crate::scope::require;
use crate::{Error, Operations, Scope};

/// Years of history shown.
const YEARS: i32 = 5;
/// The first or last month is whole when its facts come within so many days of its ends.
const EDGE_DAYS: i32 = 5;

/// The months shown of a history that reaches from one day to another (both inclusive): the last [`YEARS`] years, from the
/// first of a month to the end of one.
fn window(first: Day, last: Day) -> (Day, Day) {
    let end = Month::of(last).end();
    let start = Month::of(last).plus(1 - YEARS * 12).first_day();
    (start.max(Month::of(first).first_day()), end)
}

impl Operations {
    /// The history of bookings by month and one dimension.
    pub async fn baseline(&self, scope: &Scope, query: BaselineQuery) -> Result<Baseline, Error> {
        require(scope, Permission::ReadBaseline)?;
        let organization = store::organization::get(&self.database.reader(), scope).await?;
        let as_of = self.today_of(&organization).day;
        let fiscal = fiscal(&organization)?;
        let levels = self.levels(scope).await?;
        let by = match &query.by {
            Some(by) => crate::track::dimension(by)?,
            None => levels
                .first()
                .map_or(Dimension::Member, |level| Dimension::UnitLevel(level.clone())),
        };
        if by.is_time() {
            return Err(crate::track::no_dimension(&by.to_string()));
        }
        let span = self
            .span(scope)
            .await?
            .map(|(first, last)| (first, last.min(as_of)))
            .filter(|(first, last)| first <= last);
        let empty = Baseline {
            currency: organization.currency,
            as_of,
            span,
            months: Vec::new(),
            totals: Vec::new(),
            by: by.clone(),
            levels,
            rows: Vec::new(),
            year_start: Month::of(fiscal.period_of(PeriodKind::Year, as_of).start),
            season: Vec::new(),
        };
        let Some((first, last)) = span else {
            return Ok(empty);
        };
        let from = fiscal
            .period_of(PeriodKind::Month, first.max(last.plus(-YEARS * 366)))
            .start;
        let to = fiscal.period_of(PeriodKind::Month, last).end;
        let months = fiscal.periods(PeriodKind::Month, from, to);
        let ask = |by: Vec<Dimension>| AttainmentQuery {
            metric: MetricKey::BOOKINGS,
            from,
            to,
            by,
            as_of: Some(as_of),
        };
        let places: HashMap<&str, usize> = months
            .iter()
            .enumerate()
            .map(|(at, month)| (month.name.as_str(), at))
            .collect();
        let at = |row: &AttainmentRow| {
            row.keys
                .get("month")
                .and_then(|key| places.get(key.name.as_str()))
                .copied()
        };
        let mut totals = vec![Minor(0); months.len()];
        for row in self.attainment(scope, &ask(vec![Dimension::Month])).await?.rows {
            if let Some(at) = at(&row) {
                totals[at] = row.actual;
            }
        }
        let mut rows: HashMap<String, BaselineRow> = HashMap::new();
        let name = by.to_string();
        for row in self
            .attainment(scope, &ask(vec![by, Dimension::Month]))
            .await?
            .rows
        {
            let (Some(key), Some(at)) = (row.keys.get(&name), at(&row)) else {
                continue;
            };
            let of = rows.entry(key.id.clone()).or_insert_with(|| BaselineRow {
                id: key.id.clone(),
                name: key.name.clone(),
                amounts: vec![Minor(0); months.len()],
                total: Minor(0),
                cumulative: 0.0,
            });
            of.amounts[at] = row.actual;
            of.total.0 += row.actual.0;
        }
        let mut rows: Vec<BaselineRow> = rows.into_values().collect();
        rank(&mut rows);
        let season = fiscal
            .periods(PeriodKind::Year, from, to)
            .into_iter()
            .map(|year| season(&year, &months, &totals, (first, last)))
            .collect();
        Ok(Baseline {
            months,
            totals,
            rows,
            season,
            ..empty
        })
    }
}

/// The months of a year that are whole, against their mean.
fn season(year: &Period, months: &[Period], totals: &[Minor], (first, last): (Day, Day)) -> SeasonYear {
    let amounts: Vec<Option<Minor>> = (0..12)
        .map(|step| Month::of(year.start).plus(step))
        .map(|month| {
            let at = months.iter().position(|known| known.start == month.first_day())?;
            let whole =
                first <= month.first_day().plus(EDGE_DAYS) && month.end().plus(-EDGE_DAYS) <= last.plus(1);
            whole.then(|| totals[at])
        })
        .collect();
    SeasonYear::of(year.name.clone(), &amounts)
}
