//! The history as the interface answers it: days in ISO, amounts in minor units, words in both languages.

mod parts;

use domain::baseline::{self, BaselineRow};
use domain::format::Lang;
use domain::money::Minor;
use serde::Serialize;
use utoipa::ToSchema;

pub(in crate::api) use parts::{Channels, Customers};

/// The history of a metric.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct Baseline {
    /// The metric.
    #[schema(example = "bookings")]
    metric: String,
    /// ISO 4217 code of the currency the amounts are in.
    #[schema(example = "CNY")]
    currency: String,
    /// Facts up to and including this day count.
    as_of: String,
    /// First day shown.
    from: String,
    /// Day after the last shown.
    to: String,
    /// First day with a fact; null where there is none.
    first: Option<String>,
    /// Last day with a fact.
    last: Option<String>,
    /// The sum of all that is shown, with what is left out.
    total: i64,
    /// How much of it is left out.
    left_out: i64,
    /// How many facts.
    count: i64,
    /// Compound growth a year; null without two whole years.
    compound: Option<f64>,
    /// Over how many years.
    compound_years: Option<u16>,
    /// The months.
    months: Vec<Slice>,
    /// The quarters.
    quarters: Vec<Slice>,
    /// The years.
    years: Vec<Slice>,
    /// The dimension of the rows.
    #[schema(example = "unit:region")]
    by: String,
    /// The id of the row everything but the rows is narrowed to.
    of: Option<String>,
    /// One row for each value of the dimension, largest first; at most 200.
    rows: Vec<BaselineLine>,
    /// How many rows more there are.
    more_rows: u64,
    /// What those brought together.
    more: i64,
    /// How much hangs on a few; null where nobody brought anything.
    concentration: Option<Concentration>,
    /// How shares moved between the first and the last whole year; null without two.
    drift: Option<Drift>,
    /// How the months of a year compare.
    season: Season,
    /// Single facts that stand out or are left out.
    one_offs: Vec<OneOff>,
    /// What can and cannot be concluded.
    notes: Vec<Note>,
}

/// A period.
#[derive(Serialize, ToSchema)]
struct Slice {
    /// Its name.
    #[schema(example = "2014-03")]
    period: String,
    /// What it brought, with what is left out.
    amount: i64,
    /// How much of it is left out.
    left_out: i64,
    /// How many facts.
    count: i64,
    /// Whether all of it has data: only such are compared.
    whole: bool,
    /// Growth on the same period of the year before.
    on_year: Option<f64>,
    /// Growth on the period before.
    on_period: Option<f64>,
}

/// A row of the dimension, without what is left out.
#[derive(Serialize, ToSchema)]
struct BaselineLine {
    /// Its id; empty for what is not given.
    id: String,
    /// What people read.
    name: String,
    /// What it brought.
    total: i64,
    /// The same by month.
    months: Vec<i64>,
    /// The same by year.
    years: Vec<i64>,
    /// The last whole year against the one before.
    on_year: Option<f64>,
    /// Compound growth a year over the whole years.
    compound: Option<f64>,
    /// Share of the whole together with the larger ones.
    cumulative: f64,
}

/// How much hangs on a few.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct Concentration {
    /// How many brought something.
    parts: u64,
    /// How many of the largest bring four fifths.
    four_fifths: u64,
    /// The share of the largest.
    largest: f64,
    /// As if so many of the same size brought the whole.
    equal_parts: f64,
    /// Herfindahl-Hirschman index, 0 to 1.
    herfindahl: f64,
    /// Gini coefficient.
    gini: f64,
}

/// How shares moved.
#[derive(Serialize, ToSchema)]
struct Drift {
    /// The first whole year.
    before: String,
    /// The last whole year.
    now: String,
    /// The largest movers first.
    parts: Vec<Moved>,
}

/// How one share moved.
#[derive(Serialize, ToSchema)]
struct Moved {
    /// The id of its row; null for the rows beyond those listed.
    id: Option<String>,
    /// Its share of the first year.
    share_before: Option<f64>,
    /// Its share of the last.
    share: Option<f64>,
    /// What it gave to the growth of the whole, as a share of the whole before.
    points: Option<f64>,
}

/// How the months of a year compare; 1 is an average month.
#[derive(Serialize, ToSchema)]
struct Season {
    /// The month the fiscal year starts with, 1 to 12: the first of each list.
    start_month: u8,
    /// The years.
    years: Vec<SeasonYear>,
    /// The season of the history as it was, summing to 12; null where it is too short.
    raw: Option<Vec<f64>>,
    /// The same in the planned year's working days and with its Spring Festival.
    used: Option<Vec<f64>>,
    /// The Spring Festival the years are aligned to; null where they are not.
    festival: Option<String>,
}

/// The months of one year.
#[derive(Serialize, ToSchema)]
struct SeasonYear {
    /// The fiscal year.
    year: String,
    /// As they were.
    raw: Vec<Option<f64>>,
    /// In the planned year's calendar.
    adjusted: Vec<Option<f64>>,
}

/// A single deal or order that stands out or is left out.
#[derive(Serialize, ToSchema)]
struct OneOff {
    /// Its id in the system it comes from.
    external_id: String,
    /// The customer.
    account: Option<String>,
    /// Who is credited.
    member: String,
    /// The day it counts.
    day: String,
    /// The month it counts in.
    period: String,
    /// What it is worth.
    amount: i64,
    /// Its part of the month.
    share: Option<f64>,
    /// Whether it is proposed to be left out.
    proposed: bool,
    /// Whether it is left out.
    left_out: bool,
}

/// Something to know before one concludes anything.
#[derive(Serialize, ToSchema)]
struct Note {
    /// Stable code.
    #[schema(example = "under_two_years")]
    code: String,
    /// In Chinese.
    zh: String,
    /// In English.
    en: String,
}

impl From<baseline::Baseline> for Baseline {
    fn from(all: baseline::Baseline) -> Self {
        let drift = all.drift.map(|drift| Drift {
            before: drift.before,
            now: drift.now,
            parts: drift
                .parts
                .into_iter()
                .map(|part| Moved {
                    id: all.rows.get(part.part).map(|row| row.id.clone()),
                    share_before: part.share_before,
                    share: part.share,
                    points: part.points,
                })
                .collect(),
        });
        let (more_rows, more) = all
            .others
            .map_or((0, 0), |(count, row)| (count as u64, row.total.0));
        Self {
            metric: all.metric.to_string(),
            currency: all.currency.code,
            as_of: all.as_of.to_string(),
            from: all.window.0.to_string(),
            to: all.window.1.to_string(),
            first: all.span.map(|(first, _)| first.to_string()),
            last: all.span.map(|(_, last)| last.to_string()),
            total: all.total.0,
            left_out: all.left_out.0,
            count: all.count,
            compound: all.compound.map(|(yearly, _)| yearly),
            compound_years: all.compound.map(|(_, years)| years),
            months: all.months.into_iter().map(Slice::from).collect(),
            quarters: all.quarters.into_iter().map(Slice::from).collect(),
            years: all.years.into_iter().map(Slice::from).collect(),
            by: all.by.to_string(),
            of: all.of.map(|key| key.id),
            rows: all.rows.into_iter().map(BaselineLine::from).collect(),
            more_rows,
            more,
            concentration: all.concentration.map(Into::into),
            drift,
            season: Season {
                start_month: all.season.start.month(),
                years: all
                    .season
                    .years
                    .into_iter()
                    .map(|year| SeasonYear {
                        year: year.year,
                        raw: year.raw,
                        adjusted: year.adjusted,
                    })
                    .collect(),
                raw: all.season.raw,
                used: all.season.used,
                festival: all.season.festival.map(|day| day.to_string()),
            },
            one_offs: all.one_offs.into_iter().map(OneOff::from).collect(),
            notes: all
                .notes
                .iter()
                .map(|note| Note {
                    code: note.as_str().to_owned(),
                    zh: note.words(Lang::ZhCn),
                    en: note.words(Lang::En),
                })
                .collect(),
        }
    }
}

impl From<baseline::Slice> for Slice {
    fn from(slice: baseline::Slice) -> Self {
        Self {
            whole: slice.is_whole(),
            period: slice.period.name,
            amount: slice.amount.0,
            left_out: slice.left_out.0,
            count: slice.count,
            on_year: slice.growth.on_year,
            on_period: slice.growth.on_period,
        }
    }
}

impl From<BaselineRow> for BaselineLine {
    fn from(row: BaselineRow) -> Self {
        let minor = |amounts: Vec<Minor>| amounts.into_iter().map(|amount| amount.0).collect();
        Self {
            id: row.id,
            name: row.name,
            total: row.total.0,
            months: minor(row.amounts),
            years: minor(row.years),
            on_year: row.on_year,
            compound: row.compound,
            cumulative: row.cumulative,
        }
    }
}

impl From<baseline::Concentration> for Concentration {
    fn from(of: baseline::Concentration) -> Self {
        Self {
            parts: of.parts as u64,
            four_fifths: of.four_fifths as u64,
            largest: of.largest,
            equal_parts: of.equal_parts,
            herfindahl: 1.0 / of.equal_parts,
            gini: of.gini,
        }
    }
}

impl From<baseline::OneOff> for OneOff {
    fn from(one: baseline::OneOff) -> Self {
        Self {
            external_id: one.external_id,
            account: one.account,
            member: one.member,
            day: one.day.to_string(),
            period: one.period,
            amount: one.amount.0,
            share: one.share,
            proposed: one.proposed,
            left_out: one.excluded.is_some(),
        }
    }
}
