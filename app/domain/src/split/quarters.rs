//! Months of a plan as the quarters of the fiscal year: what a quarter has is the sum of its months, which are what the plan keeps.

use serde::{Deserialize, Serialize};

use crate::calendar::{Fiscal, Period, PeriodKind};
use crate::money::Minor;
use crate::plan::PeriodIndex;

/// Neighbouring months of a plan that lie in one quarter of the fiscal year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarter {
    /// The quarter by its name; where the plan has only some of its months, from the first of them to the end of the last.
    pub period: Period,
    /// Its first month among the periods of the plan.
    pub first: PeriodIndex,
    /// How many of its months the plan has.
    pub months: u16,
    /// Whether the plan has all of it.
    pub whole: bool,
}

impl Quarter {
    /// The months of it that the plan has.
    pub fn periods(&self) -> impl Iterator<Item = PeriodIndex> + use<> {
        let first = self.first.0;
        (first..first.saturating_add(self.months)).map(PeriodIndex)
    }

    /// Whether a period of the plan is one of its months.
    pub fn holds(&self, period: PeriodIndex) -> bool {
        self.first <= period && period.0 - self.first.0 < self.months
    }

    /// What it has: the sum of its months to the last minor unit; none where one of them is not known.
    pub fn sum(&self, mut amount: impl FnMut(PeriodIndex) -> Option<Minor>) -> Option<Minor> {
        self.periods().try_fold(Minor(0), |sum, period| {
            Some(Minor(sum.0.saturating_add(amount(period)?.0)))
        })
    }
}

/// The quarters that the periods of a plan make up, in order; none where they are no months, where one of them lies in two quarters,
/// as those of a calendar of one's own may, or where no two of them share a quarter.
pub fn quarters(fiscal: Fiscal, periods: &[Period]) -> Vec<Quarter> {
    let mut found: Vec<Quarter> = Vec::new();
    for (at, month) in (0..).map(PeriodIndex).zip(periods) {
        let quarter = fiscal.period_of(PeriodKind::Quarter, month.start);
        if month.kind != PeriodKind::Month || month.end > quarter.end {
            return Vec::new();
        }
        match found.last_mut().filter(|last| last.period.name == quarter.name) {
            Some(last) => {
                last.months += 1;
                last.period.end = month.end;
            }
            None => found.push(Quarter {
                period: Period {
                    start: month.start,
                    end: month.end,
                    ..quarter
                },
                first: at,
                months: 1,
                whole: false,
            }),
        }
    }
    if found.iter().all(|quarter| quarter.months < 2) {
        return Vec::new();
    }
    for quarter in &mut found {
        let all = fiscal.period_of(PeriodKind::Quarter, quarter.period.start);
        quarter.whole = quarter.period.start == all.start && quarter.period.end == all.end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Day;

    fn months(fiscal: Fiscal, from: &str, to: &str) -> Vec<Period> {
        let day = |text: &str| Day::parse_iso(text).unwrap();
        fiscal.periods(PeriodKind::Month, day(from), day(to))
    }

    fn told(found: &[Quarter]) -> Vec<(&str, u16, u16, bool)> {
        let told = |one: &Quarter| (one.first.0, one.months, one.whole);
        let each = found.iter().map(|one| (one.period.name.as_str(), told(one)));
        each.map(|(name, (first, months, whole))| (name, first, months, whole))
            .collect()
    }

    #[test]
    fn months_make_the_quarters_of_any_fiscal_year() {
        for start in 1..=12 {
            let fiscal = Fiscal::new(start).unwrap();
            let year = fiscal.named("2027").unwrap();
            let months = fiscal.periods(PeriodKind::Month, year.start, year.end);
            let found = quarters(fiscal, &months);
            assert_eq!(
                told(&found),
                [
                    ("2027-Q1", 0, 3, true),
                    ("2027-Q2", 3, 3, true),
                    ("2027-Q3", 6, 3, true),
                    ("2027-Q4", 9, 3, true),
                ],
                "a year from month {start}"
            );
            let named: Vec<Period> = found.iter().map(|quarter| quarter.period.clone()).collect();
            assert_eq!(named, fiscal.periods(PeriodKind::Quarter, year.start, year.end));
            // Each month is in exactly one of them, and nothing is lost or counted twice.
            let amount = |period: PeriodIndex| Minor(1 << period.0);
            let sums = found
                .iter()
                .map(|quarter| quarter.sum(|period| Some(amount(period))));
            assert_eq!(sums.map(|sum| sum.unwrap().0).sum::<i64>(), (1 << 12) - 1);
            for at in (0..12).map(PeriodIndex) {
                assert_eq!(found.iter().filter(|quarter| quarter.holds(at)).count(), 1);
            }
        }
    }

    #[test]
    fn a_plan_that_begins_within_a_quarter_has_a_part_of_it() {
        let april = Fiscal::new(4).unwrap();
        let found = quarters(april, &months(april, "2026-05-01", "2026-11-01"));
        assert_eq!(
            told(&found),
            [
                ("2027-Q1", 0, 2, false),
                ("2027-Q2", 2, 3, true),
                ("2027-Q3", 5, 1, false)
            ]
        );
        assert_eq!(found[0].period.start, Day::parse_iso("2026-05-01").unwrap());
        assert_eq!(found[2].period.end, Day::parse_iso("2026-11-01").unwrap());
        let unknown = found[1].sum(|period| (period.0 != 3).then_some(Minor(1)));
        assert_eq!(unknown, None, "a sum of what is not known is not known");
    }

    #[test]
    fn what_makes_no_quarters_has_none() {
        let fiscal = Fiscal::default();
        let year = fiscal.named("2027").unwrap();
        for kind in [
            PeriodKind::Week,
            PeriodKind::Quarter,
            PeriodKind::Half,
            PeriodKind::Year,
        ] {
            let periods = fiscal.periods(kind, year.start, year.end);
            assert!(quarters(fiscal, &periods).is_empty(), "{kind:?}");
        }
        assert!(quarters(fiscal, &months(fiscal, "2027-03-01", "2027-05-01")).is_empty());
        let mut own = months(fiscal, "2027-01-01", "2028-01-01");
        // Months of a calendar of one's own, from the 26th on.
        for month in &mut own {
            month.start = month.start.plus(25);
            month.end = month.end.plus(25);
        }
        assert!(quarters(fiscal, &own).is_empty());
        assert!(quarters(fiscal, &[]).is_empty());
    }
}
