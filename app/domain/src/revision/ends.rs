//! Which ends of periods a plan has inside of it: there it can be looked at again, as one of its own periods is over then.

use crate::calendar::{Fiscal, Period, PeriodKind};

/// Months of a year.
const YEAR_MONTHS: i32 = 12;

/// The periods of a kind that lie within a plan and end before it does, in their order, by the plan's own periods.
///
/// Where the plan's periods are of that kind, these are it, whatever days they begin on. Where they are shorter, they are the
/// periods of the fiscal year that end together with one of them. A year of a calendar with other boundaries, such as one of
/// four, four and five weeks, has as many of its months in a quarter as every year; a quarter then bears the name of the fiscal
/// one that its middle lies in. A plan with longer periods has no such ends: nothing of it is over where its own periods go on.
pub fn ends_within(kind: PeriodKind, fiscal: Fiscal, own: &[Period]) -> Vec<Period> {
    let (Some(first), Some(last)) = (own.first(), own.last()) else {
        return Vec::new();
    };
    let (starts, ends) = (first.start, last.end);
    let inside = |period: &Period| starts <= period.start && period.end < ends;
    if own.iter().all(|period| period.kind == kind) {
        return own.iter().filter(|period| inside(period)).cloned().collect();
    }
    if own.iter().any(|period| period.kind > kind) {
        return Vec::new();
    }
    let regular = |period: &Period| {
        let usual = fiscal.period_of(period.kind, period.start);
        (usual.start, usual.end) == (period.start, period.end)
    };
    if own.iter().all(regular) {
        return own
            .iter()
            .filter_map(|period| {
                let over = fiscal.period_of(kind, period.last_day());
                (over.end == period.end).then_some(over)
            })
            .filter(inside)
            .collect();
    }
    let Some(each) = in_one(kind, own) else {
        return Vec::new();
    };
    let group = |periods: &[Period]| {
        let (first, last) = (periods.first()?, periods.last()?);
        let days = last.end.0.saturating_sub(first.start.0);
        Some(Period {
            kind,
            name: fiscal.period_of(kind, first.start.plus(days / 2)).name,
            start: first.start,
            end: last.end,
        })
    };
    own.chunks_exact(each).filter_map(group).filter(inside).collect()
}

/// How many of the periods of a whole year of a calendar of its own make one of a longer kind; none where they do not.
fn in_one(kind: PeriodKind, own: &[Period]) -> Option<usize> {
    let months = own.first()?.kind.months()?;
    let same = own.iter().all(|period| period.kind.months() == Some(months));
    let count = i32::try_from(own.len()).ok()?;
    let wanted = kind.months()?;
    let whole = same && count.checked_mul(months)? == YEAR_MONTHS && wanted > months && wanted % months == 0;
    usize::try_from(wanted / months).ok().filter(|_| whole)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::calendar::{Calendar, Day};

    fn day(text: &str) -> Day {
        Day::parse_iso(text).unwrap()
    }

    fn names(kind: PeriodKind, own: &[Period]) -> Vec<String> {
        let ends = ends_within(kind, Fiscal::default(), own);
        ends.into_iter().map(|period| period.name).collect()
    }

    #[test]
    fn a_plan_has_the_ends_of_its_own_periods_and_of_longer_ones() {
        let own = |kind| Fiscal::default().periods(kind, day("2018-01-01"), day("2019-01-01"));
        let (months, quarters) = (own(PeriodKind::Month), own(PeriodKind::Quarter));
        assert_eq!(
            names(PeriodKind::Month, &months).len(),
            11,
            "the last ends the plan"
        );
        assert_eq!(
            names(PeriodKind::Quarter, &months),
            ["2018-Q1", "2018-Q2", "2018-Q3"]
        );
        assert_eq!(names(PeriodKind::Half, &months), ["2018-H1"]);
        assert_eq!(names(PeriodKind::Quarter, &quarters).len(), 3);
        assert_eq!(names(PeriodKind::Half, &quarters), ["2018-H1"]);
        assert!(names(PeriodKind::Month, &quarters).is_empty());
        assert!(names(PeriodKind::Month, &own(PeriodKind::Year)).is_empty());
        // A half that began before the plan is not the plan's.
        let autumn = Fiscal::default().periods(PeriodKind::Month, day("2018-05-01"), day("2018-11-01"));
        assert_eq!(names(PeriodKind::Quarter, &autumn), ["2018-Q3"]);
        assert!(names(PeriodKind::Half, &autumn).is_empty());
        // The fiscal year decides what a half is.
        let april = Fiscal::new(4).unwrap();
        let months = april.periods(PeriodKind::Month, day("2017-04-01"), day("2018-04-01"));
        let halves = ends_within(PeriodKind::Half, april, &months);
        assert_eq!(halves.len(), 1);
        assert_eq!(halves[0].end, day("2017-10-01"));
        assert!(ends_within(PeriodKind::Month, april, &[]).is_empty());
    }

    #[test]
    fn a_year_of_four_four_and_five_weeks_has_quarters_of_thirteen() {
        let mut starts = vec![day("2018-01-29")];
        for weeks in [4, 4, 5, 4, 4, 5, 4, 4, 5, 4, 4] {
            let last = *starts.last().unwrap();
            starts.push(last.plus(7 * weeks));
        }
        let calendar = Calendar::from_starts(PeriodKind::Month, &starts, day("2019-01-28")).unwrap();
        let own = calendar.periods();
        let ends: Vec<Day> = ends_within(PeriodKind::Quarter, Fiscal::new(2).unwrap(), own)
            .into_iter()
            .map(|period| period.end)
            .collect();
        assert_eq!(ends, [day("2018-04-30"), day("2018-07-30"), day("2018-10-29")]);
        let halves = ends_within(PeriodKind::Half, Fiscal::new(2).unwrap(), own);
        assert_eq!((halves.len(), halves[0].end), (1, day("2018-07-30")));
        assert_eq!(ends_within(PeriodKind::Month, Fiscal::default(), own).len(), 11);
        // Less than a year of it says nothing about where its quarters begin.
        assert!(ends_within(PeriodKind::Quarter, Fiscal::default(), &own[1..]).is_empty());
    }

    proptest! {
        #[test]
        fn every_end_is_one_of_the_plans_own(
            start_month in 1_u8..=12,
            from in 0_i32..900,
            length in 1_i32..500,
            own in prop::sample::select(PeriodKind::ALL.to_vec()),
            kind in prop::sample::select(PeriodKind::ALL.to_vec()),
        ) {
            let fiscal = Fiscal::new(start_month).unwrap();
            let from = day("2017-01-01").plus(from);
            let own = fiscal.periods(own, from, from.plus(length));
            let ends = ends_within(kind, fiscal, &own);
            for period in &ends {
                prop_assert_eq!(period.kind, kind);
                prop_assert!(own.iter().any(|one| one.end == period.end));
                prop_assert!(period.end < own[own.len() - 1].end && own[0].start <= period.start);
            }
            prop_assert!(ends.windows(2).all(|pair| pair[0].end <= pair[1].start));
        }
    }
}
