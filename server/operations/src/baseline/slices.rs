//! Days summed up to months, quarters and years, with their gaps and their growth.

use std::collections::BTreeMap;

use domain::baseline::{Gap, Slice, growth, holes};
use domain::calendar::{Day, Fiscal, Period, PeriodKind};
use domain::history::{Coverage, coverage};
use domain::money::{Fact, Minor};

use super::Frame;

/// Months without anything that make a gap.
const GAP: usize = 2;
/// The same where many months are empty: few facts, far between, miss none.
const GAP_OF_SPARSE: usize = 6;

/// The months some days lie in.
pub(super) fn months_between(fiscal: Fiscal, (from, to): (Day, Day)) -> Vec<Period> {
    fiscal.periods(PeriodKind::Month, from, to)
}

/// What a day brought.
#[derive(Clone, Copy, Default)]
struct OfDay {
    amount: i64,
    left_out: i64,
    count: i64,
}

/// Daily sums.
#[derive(Default)]
pub(super) struct Days(BTreeMap<Day, OfDay>);

/// The history cut in pieces.
pub(super) struct Shape {
    pub(super) months: Vec<Slice>,
    pub(super) quarters: Vec<Slice>,
    pub(super) years: Vec<Slice>,
    pub(super) gaps: Vec<Gap>,
}

impl Days {
    pub(super) fn add(&mut self, day: Day, amount: Fact, count: i64) {
        let of = self.0.entry(day).or_default();
        of.amount = of.amount.saturating_add(amount.0);
        of.count = of.count.saturating_add(count);
    }

    pub(super) fn leave_out(&mut self, day: Day, amount: Fact) {
        let of = self.0.entry(day).or_default();
        of.left_out = of.left_out.saturating_add(amount.0);
    }

    /// Leaves out what the same days have less elsewhere.
    pub(super) fn leave_out_the_difference(&mut self, clean: &Self) {
        for (day, of) in &mut self.0 {
            let rest = clean.0.get(day).map_or(0, |of| of.amount);
            of.left_out = of.amount.saturating_sub(rest);
        }
    }

    pub(super) fn total(&self) -> Fact {
        sum(self.0.values().map(|of| of.amount))
    }

    pub(super) fn left_out(&self) -> Fact {
        sum(self.0.values().map(|of| of.left_out))
    }

    pub(super) fn count(&self) -> i64 {
        self.0.values().map(|of| of.count).sum()
    }

    /// What a season is read from.
    pub(super) fn clean(&self) -> Vec<(Day, Fact)> {
        self.0
            .iter()
            .map(|(day, of)| (*day, Fact(of.amount.saturating_sub(of.left_out))))
            .collect()
    }

    /// Cuts the days in pieces; `span` is the first and the last day with a fact.
    pub(super) fn slices(&self, frame: &Frame, span: (Day, Day)) -> Shape {
        // What is narrowed to one row begins with its own first fact, and goes on as long as there are any.
        let first = self
            .0
            .iter()
            .find(|(_, of)| of.count != 0)
            .map_or(span.0, |(day, _)| (*day).max(span.0));
        let span = (first, span.1);
        let mut months = self.cut(frame, PeriodKind::Month, span);
        let counts: Vec<Minor> = months.iter().map(|month| Minor(month.count)).collect();
        let known = counts.iter().position(|count| count.0 != 0).unwrap_or(0);
        let empty = counts.iter().skip(known).filter(|count| count.0 == 0).count();
        let least = if 4 * empty > counts.len().saturating_sub(known) {
            GAP_OF_SPARSE
        } else {
            GAP
        };
        let gaps: Vec<Gap> = holes(&counts, least)
            .into_iter()
            .filter_map(|(at, length)| {
                Some(Gap {
                    from: months.get(at)?.period.clone(),
                    to: months.get(at + length - 1)?.period.clone(),
                    months: u32::try_from(length).unwrap_or(u32::MAX),
                })
            })
            .collect();
        let mut quarters = self.cut(frame, PeriodKind::Quarter, span);
        let mut years = self.cut(frame, PeriodKind::Year, span);
        for (slices, in_year) in [(&mut months, 12), (&mut quarters, 4), (&mut years, 1)] {
            for slice in slices.iter_mut() {
                slice.gap = gaps
                    .iter()
                    .any(|gap| gap.from.start < slice.period.end && slice.period.start < gap.to.end);
            }
            let comparable: Vec<_> = slices.iter().map(Slice::comparable).collect();
            for (slice, growth) in slices.iter_mut().zip(growth(&comparable, in_year)) {
                slice.growth = growth;
            }
        }
        Shape {
            months,
            quarters,
            years,
            gaps,
        }
    }

    fn cut(&self, frame: &Frame, kind: PeriodKind, (first, last): (Day, Day)) -> Vec<Slice> {
        let currency = frame.currency();
        let (from, to) = frame.days();
        frame
            .fiscal
            .periods(kind, from, to)
            .into_iter()
            .map(|period| {
                let inside = || self.0.range(period.start..period.end).map(|(_, of)| of);
                let lacks = frame
                    .incomplete
                    .is_some_and(|month| period.contains(month.first_day()));
                Slice {
                    amount: sum(inside().map(|of| of.amount)).to_minor(currency),
                    left_out: sum(inside().map(|of| of.left_out)).to_minor(currency),
                    count: inside().map(|of| of.count).sum(),
                    coverage: match coverage(&period, first, last, &frame.working) {
                        Coverage::Whole if lacks => Coverage::EndsEarly,
                        found => found,
                    },
                    gap: false,
                    growth: domain::baseline::Growth::default(),
                    period,
                }
            })
            .collect()
    }
}

fn sum(amounts: impl Iterator<Item = i64>) -> Fact {
    Fact(amounts.fold(0, i64::saturating_add))
}
