//! The rows of a dimension by month and year, ranked, and how their shares moved.

use std::collections::HashMap;

use domain::baseline::{BaselineRow, Drifted, MOST_ROWS, Slice, compound, drift, growth, rank};
use domain::calendar::Period;
use domain::money::{Currency, Fact, Minor};

use crate::attainment::history::Along;

/// Every row, ranked.
pub(super) struct Rows(Vec<BaselineRow>);

/// A row before its sums are rounded.
struct Sums {
    name: String,
    months: Vec<i64>,
}

impl Rows {
    /// Of sums by month. `years` say which years may be compared.
    pub(super) fn of(along: Along, months: &[Period], years: &[Slice], currency: &Currency) -> Self {
        let mut sums: HashMap<String, Sums> = HashMap::new();
        let empty = |name: String| Sums {
            name,
            months: vec![0; months.len()],
        };
        for key in along.zero {
            sums.entry(key.id).or_insert_with(|| empty(key.name));
        }
        for part in along.sums {
            let row = sums.entry(part.key.id).or_insert_with(|| empty(part.key.name));
            let at = usize::try_from(part.time).ok();
            if let Some(month) = at.and_then(|at| row.months.get_mut(at)) {
                *month = month.saturating_add(part.amount.0);
            }
        }
        let places: Vec<Option<usize>> = months
            .iter()
            .map(|month| years.iter().position(|year| year.period.contains(month.start)))
            .collect();
        let mut rows: Vec<BaselineRow> = sums
            .into_iter()
            .map(|(id, sums)| row(id, sums, &places, years, currency))
            .collect();
        rank(&mut rows);
        Self(rows)
    }

    pub(super) fn all(&self) -> &[BaselineRow] {
        &self.0
    }

    /// What those with a name brought.
    pub(super) fn named_totals(&self) -> Vec<Minor> {
        self.0
            .iter()
            .filter(|row| !row.id.is_empty())
            .map(|row| row.total)
            .collect()
    }

    /// The rows that travel, and the rest in one.
    pub(super) fn shown(self) -> (Vec<BaselineRow>, Option<(usize, BaselineRow)>) {
        let mut rows = self.0;
        let rest = rows.split_off(rows.len().min(MOST_ROWS));
        let count = rest.len();
        let others = rest.into_iter().reduce(|mut sum, row| {
            let add = |sums: &mut Vec<Minor>, more: Vec<Minor>| {
                for (sum, more) in sums.iter_mut().zip(more) {
                    sum.0 = sum.0.saturating_add(more.0);
                }
            };
            add(&mut sum.amounts, row.amounts);
            add(&mut sum.years, row.years);
            sum.total.0 = sum.total.0.saturating_add(row.total.0);
            sum.cumulative = row.cumulative;
            sum
        });
        let others = others.map(|others| BaselineRow {
            id: String::new(),
            name: String::new(),
            on_year: None,
            compound: None,
            ..others
        });
        (rows, others.map(|others| (count, others)))
    }

    /// How shares moved from the first whole year to the last.
    pub(super) fn drift(&self, years: &[Slice]) -> Option<Drifted> {
        let first = years.iter().position(Slice::is_whole)?;
        let last = years
            .iter()
            .rposition(Slice::is_whole)
            .filter(|last| *last > first)?;
        let of = |row: &BaselineRow| (row.years[first], row.years[last]);
        let mut pairs: Vec<(Minor, Minor)> = self.0.iter().take(MOST_ROWS).map(of).collect();
        if self.0.len() > MOST_ROWS {
            let rest = self.0.iter().skip(MOST_ROWS).map(of);
            pairs.push(rest.fold((Minor(0), Minor(0)), |sum, pair| {
                (
                    Minor(sum.0.0.saturating_add(pair.0.0)),
                    Minor(sum.1.0.saturating_add(pair.1.0)),
                )
            }));
        }
        Some(Drifted {
            before: years[first].period.name.clone(),
            now: years[last].period.name.clone(),
            parts: drift(&pairs),
        })
    }
}

fn row(
    id: String,
    sums: Sums,
    places: &[Option<usize>],
    years: &[Slice],
    currency: &Currency,
) -> BaselineRow {
    let mut of_years = vec![0_i64; years.len()];
    let mut total = 0_i64;
    for (amount, place) in sums.months.iter().zip(places) {
        total = total.saturating_add(*amount);
        if let Some(year) = place.and_then(|place| of_years.get_mut(place)) {
            *year = year.saturating_add(*amount);
        }
    }
    let minor = |amount: &i64| Fact(*amount).to_minor(currency);
    let of_years: Vec<Minor> = of_years.iter().map(minor).collect();
    let compared: Vec<_> = years
        .iter()
        .zip(&of_years)
        .map(|(year, amount)| domain::baseline::Amount {
            amount: *amount,
            coverage: year.comparable().coverage,
        })
        .collect();
    let on_year = years
        .iter()
        .rposition(Slice::is_whole)
        .and_then(|last| growth(&compared, 1).get(last)?.on_year);
    BaselineRow {
        id,
        name: sums.name,
        amounts: sums.months.iter().map(minor).collect(),
        total: minor(&total),
        on_year,
        compound: compound(&compared).map(|(yearly, _)| yearly),
        years: of_years,
        cumulative: 0.0,
    }
}
