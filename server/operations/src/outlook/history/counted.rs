//! What every branch brought in every month.

use domain::assumption::Planning;
use domain::calendar::Month;
use domain::money::{Fact, Minor};
use domain::outlook::reckon::Series;
use store::attainment::Piece;
use store::exclusion::Excluded;
use store::organization::Organization;

use super::months::Months;
use super::place_of;
use crate::outlook::tree::Branches;

/// Credits by branch and month of the window.
pub(super) struct Counted {
    pub(super) actual: Vec<Vec<Fact>>,
    out: Vec<Vec<Fact>>,
}

impl Counted {
    pub(super) fn of(branches: &Branches, months: &Months, pieces: &[Piece], left_out: &[Excluded]) -> Self {
        let nothing = || vec![vec![Fact(0); months.window.len()]; branches.list.len()];
        let mut counted = Self {
            actual: nothing(),
            out: nothing(),
        };
        for piece in pieces {
            let at = branches.lowest(piece.member, piece.unit);
            add(
                &mut counted.actual,
                branches,
                at,
                place_of(piece.time),
                piece.amount,
            );
        }
        for credit in left_out {
            let month = Month::of(credit.day);
            if months.window.contains(&month) {
                let at = branches.lowest(credit.member, credit.unit);
                add(&mut counted.out, branches, at, months.place(month), credit.amount);
            }
        }
        counted
    }

    /// What the whole months brought, and the series that are forecast.
    pub(super) fn series(
        &self,
        branches: &Branches,
        months: &Months,
        planning: &Planning,
        organization: &Organization,
    ) -> (Vec<Vec<Minor>>, Vec<Series>) {
        let from = months.place(months.first);
        let to_come = months.to_come();
        let money = |amount: Fact| amount.to_minor(&organization.currency);
        let mut amounts = Vec::with_capacity(branches.list.len());
        let mut series = Vec::with_capacity(branches.list.len());
        for ((branch, actual), out) in branches.list.iter().zip(&self.actual).zip(&self.out) {
            let known: Vec<Minor> = actual
                .iter()
                .zip(out)
                .skip(from)
                .take(months.known)
                .map(|(actual, out)| money(Fact(actual.0.saturating_sub(out.0))))
                .collect();
            // Before somebody's first fact nothing is known of them, rather than that they sold nothing.
            let begins = known.iter().position(|amount| amount.0 != 0);
            let begins = begins.filter(|_| branch.above.is_some()).unwrap_or(0);
            let values =
                known.iter().enumerate().map(
                    |(place, amount)| {
                        if place < begins { f64::NAN } else { amount.0 as f64 }
                    },
                );
            let done = months
                .window
                .iter()
                .zip(actual)
                .filter(|(month, _)| {
                    **month < to_come
                        && planning.span.starts_on <= month.first_day()
                        && month.first_day() < planning.span.ends_on
                })
                .map(|(_, amount)| amount.0)
                .fold(0_i64, i64::saturating_add);
            let running = actual.get(months.place(to_come)).copied().unwrap_or_default();
            series.push(Series {
                above: branch.above,
                values: values.collect(),
                so_far: money(running),
                booked: money(Fact(done)),
            });
            amounts.push(known);
        }
        (amounts, series)
    }

    /// What was left out of which months, for each branch.
    pub(super) fn left_out(
        &self,
        branches: &Branches,
        months: &Months,
        organization: &Organization,
    ) -> Vec<Vec<(Month, Minor)>> {
        let of = |place: usize| {
            let out = self.out.get(place).map(Vec::as_slice).unwrap_or_default();
            months
                .window
                .iter()
                .zip(out)
                .filter(|(_, amount)| amount.0 != 0)
                .map(|(month, amount)| (*month, amount.to_minor(&organization.currency)))
                .collect()
        };
        (0..branches.list.len()).map(of).collect()
    }
}

/// Adds to a branch and to all above it.
fn add(sums: &mut [Vec<Fact>], branches: &Branches, at: usize, month: usize, amount: Fact) {
    for place in branches.line(at) {
        if let Some(sum) = sums.get_mut(place).and_then(|months| months.get_mut(month)) {
            sum.0 = sum.0.saturating_add(amount.0);
        }
    }
}
