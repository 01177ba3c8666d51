//! History by month and dimension: what a target is set against.

mod channels;
mod customers;
mod days;
mod one_offs;
mod rows;
mod slices;

use std::collections::HashSet;

use domain::access::Permission;
use domain::assumption::Planning;
use domain::baseline::{
    Baseline, BaselineQuery, Calendar, Concentration, Note, Season, Slice, compound, notes, season,
};
use domain::calendar::{Day, Fiscal, Month, PeriodKind, WorkingDays};
use domain::metric::{Dimension, MetricKey};
use domain::money::{Currency, Fact, Minor};
use store::Reader;
use store::attainment::Time;
use store::exclusion::Excluded;
use store::metric::Metric;
use store::organization::Organization;

use crate::attainment::fiscal;
use crate::attainment::history::{self, Ask};
use crate::scope::require;
use crate::{Error, Operations, Scope, assumption, exclusion};
use days::{days_of, is_of_one_product, whole_days};
use rows::Rows;
use slices::months_between;

/// Years of history shown.
const YEARS: i32 = 5;
/// The longest history that can be asked for, in years.
const MOST_YEARS: i32 = 20;

/// The months shown of a history that reaches from one day to another (both inclusive): the last [`YEARS`] years, from the
/// first of a month to the end of one.
fn window(first: Day, last: Day) -> (Day, Day) {
    let end = Month::of(last).end();
    let start = Month::of(last).plus(1 - YEARS * 12).first_day();
    (start.max(Month::of(first).first_day()), end)
}

/// What every part of the page starts from.
struct Frame {
    reader: Reader,
    organization: Organization,
    fiscal: Fiscal,
    working: WorkingDays,
    planning: Planning,
    key: MetricKey,
    /// None before the first fact.
    metric: Option<Metric>,
    as_of: Day,
    /// First and last day with a fact, up to `as_of`.
    span: Option<(Day, Day)>,
    /// The last whole month, where most of those who sell every month have nothing in it yet.
    incomplete: Option<Month>,
    /// The days shown.
    window: (Day, Day),
    left_out: Vec<Excluded>,
}

impl Frame {
    fn currency(&self) -> &Currency {
        &self.organization.currency
    }

    /// The metric with the first and last day of its facts that are shown; none where nothing is.
    fn shown(&self) -> Option<(&Metric, (Day, Day))> {
        let (first, last) = self.span?;
        let (first, last) = (first.max(self.window.0), last.min(self.window.1.plus(-1)));
        (first <= last).then_some((self.metric.as_ref()?, (first, last)))
    }

    /// The last month of the twelve that are compared with the twelve before; `last`: the last day shown. A month that lacks
    /// data, and what came after it, is compared with nothing.
    fn compared_until(&self, last: Day) -> Month {
        let month = Month::of(last);
        self.incomplete
            .map_or(month, |incomplete| month.min(incomplete.plus(-1)))
    }

    /// The days that are asked for: none of the future.
    fn days(&self) -> (Day, Day) {
        (self.window.0, self.window.1.min(self.as_of.plus(1)))
    }
}

impl Operations {
    /// The history of a metric by month and one dimension, without the one-offs that the planning leaves out.
    pub async fn baseline(&self, scope: &Scope, query: BaselineQuery) -> Result<Baseline, Error> {
        let frame = self.history_frame(scope, &query).await?;
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
        let mut baseline = Baseline {
            planning: frame.planning.clone(),
            metric: frame.key.clone(),
            metrics: store::metric::list(&frame.reader, scope).await?,
            source: frame.organization.bookings.from,
            currency: frame.currency().clone(),
            as_of: frame.as_of,
            span: frame.shown().map(|(_, span)| span),
            window: frame.window,
            total: Minor(0),
            left_out: Minor(0),
            count: 0,
            months: Vec::new(),
            quarters: Vec::new(),
            years: Vec::new(),
            compound: None,
            gaps: Vec::new(),
            notes: Vec::new(),
            by,
            levels,
            whole: Minor(0),
            of: None,
            rows: Vec::new(),
            others: None,
            concentration: None,
            drift: None,
            season: Season {
                start: Month::of(frame.fiscal.period_of(PeriodKind::Year, frame.as_of).start),
                years: Vec::new(),
                raw: None,
                used: None,
                months: 0,
                festivals: Vec::new(),
                festival: None,
            },
            one_offs: Vec::new(),
        };
        if let Some((metric, span)) = frame.shown() {
            self.fill_history(scope, &frame, metric, span, query.of.as_deref(), &mut baseline)
                .await?;
        }
        Ok(baseline)
    }

    async fn fill_history(
        &self,
        scope: &Scope,
        frame: &Frame,
        metric: &Metric,
        span: (Day, Day),
        of: Option<&str>,
        baseline: &mut Baseline,
    ) -> Result<(), Error> {
        let currency = frame.currency();
        let months = months_between(frame.fiscal, frame.days());
        let whole = whole_days(frame, scope, metric).await?;
        baseline.whole = Fact(whole.total().0.saturating_sub(whole.left_out().0)).to_minor(currency);
        let days = match of {
            None => whole,
            Some(id) => {
                let (key, days) = days_of(frame, scope, metric, &baseline.by, id).await?;
                baseline.of = Some(key);
                days
            }
        };
        let shape = days.slices(frame, span);
        baseline.total = days.total().to_minor(currency);
        baseline.left_out = days.left_out().to_minor(currency);
        baseline.count = days.count();
        let years: Vec<_> = shape.years.iter().map(Slice::comparable).collect();
        baseline.compound = compound(&years);

        let time = Time::Periods(months.iter().map(|month| (month.start, month.end)).collect());
        let along = history::along(
            &frame.reader,
            scope,
            metric,
            frame.fiscal,
            Ask {
                by: &baseline.by,
                days: frame.days(),
                time,
                left_out: &frame.left_out,
            },
        )
        .await?;
        let rows = Rows::of(along, &months, &shape.years, currency);
        baseline.concentration = Concentration::of(&rows.named_totals());
        baseline.drift = rows.drift(&shape.years);
        baseline.notes = notes(
            &shape.months,
            frame.incomplete,
            &shape.gaps,
            &baseline.by,
            rows.all(),
            baseline.whole,
        );
        (baseline.rows, baseline.others) = rows.shown();

        let whole: Vec<Month> = shape
            .months
            .iter()
            .filter(|month| month.is_whole())
            .map(|month| Month::of(month.period.start))
            .collect();
        let calendar = Calendar {
            working: &frame.working,
            festival_of: festival_year(frame),
        };
        let name = |month: Month| frame.fiscal.period_of(PeriodKind::Year, month.first_day()).name;
        let start = Month::of(frame.fiscal.period_of(PeriodKind::Year, span.1).start);
        baseline.season = season(&days.clean(), &whole, start, &calendar, name);

        baseline.one_offs = one_offs::all(frame, scope, metric, &months).await?;
        baseline
            .notes
            .extend(self.further_notes(scope, frame, baseline).await?);
        (baseline.months, baseline.quarters, baseline.years, baseline.gaps) =
            (shape.months, shape.quarters, shape.years, shape.gaps);
        Ok(())
    }

    /// What else there is to know: whether there is one product only, one-offs that are gone, and rows that imports refused
    /// for their currency.
    async fn further_notes(
        &self,
        scope: &Scope,
        frame: &Frame,
        baseline: &Baseline,
    ) -> Result<Vec<Note>, Error> {
        let mut found = Vec::new();
        if baseline.by != Dimension::Product && is_of_one_product(scope, frame).await? {
            found.push(Note::OneProduct);
        }
        let listed: HashSet<&str> = baseline
            .one_offs
            .iter()
            .map(|one| one.external_id.as_str())
            .collect();
        let set = assumption::find(&frame.reader, scope, &frame.planning).await?;
        if let Some(set) = set {
            let left_out = store::exclusion::list(&frame.reader, scope, set).await?;
            let elsewhere = left_out
                .iter()
                .filter(|one| !listed.contains(one.external_id.as_str()))
                .count();
            if elsewhere > 0 {
                found.push(Note::LeftOutElsewhere {
                    count: u32::try_from(elsewhere).unwrap_or(u32::MAX),
                });
            }
        }
        let rows = store::history::in_other_currency(&frame.reader, scope).await?;
        if rows > 0 {
            found.push(Note::OtherCurrency {
                rows,
                currency: frame.currency().code.clone(),
            });
        }
        Ok(found)
    }

    async fn history_frame(&self, scope: &Scope, query: &BaselineQuery) -> Result<Frame, Error> {
        require(scope, Permission::ReadBaseline)?;
        let planning = self.planning(scope, &query.planning).await?;
        let reader = self.database.reader();
        let organization = store::organization::get(&reader, scope).await?;
        let as_of = self.today_of(&organization).day;
        let key = query.metric.clone().unwrap_or_else(|| planning.metric.clone());
        let metric = store::metric::find(&reader, scope, &key).await?;
        if metric.is_none() && key != MetricKey::BOOKINGS {
            return Err(crate::attainment::unknown_metric(&key));
        }
        let span = match &metric {
            Some(metric) => store::rollup::span(&reader, scope, metric).await?,
            None => None,
        };
        let span = span
            .map(|(first, last)| (first, last.min(as_of)))
            .filter(|(first, last)| first <= last);
        let incomplete = match (&metric, span) {
            (Some(metric), Some(span)) => self.incomplete_month(&organization, metric, span, as_of).await?,
            _ => None,
        };
        let (first, last) = span.unwrap_or((as_of, as_of));
        let (from, to) = window(first, last);
        let window = (query.from.unwrap_or(from), query.to.unwrap_or(to));
        check(window)?;
        let left_out = match &metric {
            Some(metric) => exclusion::of_planning(&reader, scope, metric, &planning).await?,
            None => Vec::new(),
        };
        Ok(Frame {
            fiscal: fiscal(&organization)?,
            working: WorkingDays::named(&organization.working_calendar).unwrap_or_else(WorkingDays::weekdays),
            reader,
            organization,
            planning,
            key,
            metric,
            as_of,
            span,
            incomplete,
            window,
            left_out,
        })
    }
}

/// The calendar year whose Spring Festival lies in the planned fiscal year; none where the festival does not matter.
fn festival_year(frame: &Frame) -> Option<i32> {
    if frame.organization.working_calendar != "cn" {
        return None;
    }
    let planned = frame
        .fiscal
        .period_of(PeriodKind::Year, frame.planning.span.starts_on);
    let first = Month::of(planned.start);
    (0..12)
        .map(|step| first.plus(step))
        .find(|month| month.month() == 2)
        .map(Month::year)
}

fn check((from, to): (Day, Day)) -> Result<(), Error> {
    if from >= to {
        return Err(Error::invalid_field(
            "empty_range",
            "to",
            format!("结束日 {to} 不晚于开始日 {from}（结束日不含在内）。"),
            format!("`to` {to} is not after `from` {from} (`to` is exclusive)."),
        ));
    }
    if i64::from(to.0) - i64::from(from.0) > i64::from(MOST_YEARS) * 366 {
        return Err(Error::invalid_field(
            "range_too_long",
            "to",
            format!("一次最多查看 {MOST_YEARS} 年的历史。"),
            format!("At most {MOST_YEARS} years of history at once."),
        ));
    }
    Ok(())
}
