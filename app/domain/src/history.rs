//! What history says: months, growth, contribution, season, and which periods are not whole. Statistics: floats are for
//! showing and for weights that are quantised before they decide anything.

use serde::{Deserialize, Serialize};

use crate::calendar::{Day, Month, Period, WorkingDays};
use crate::money::Fact;

/// Months without a gap, from the first with a fact to the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Monthly {
    /// The first month.
    pub first: Month,
    /// One sum per month.
    pub sums: Vec<Fact>,
}

impl Monthly {
    /// More months than this are not looked at: a hundred years.
    pub const MAX_MONTHS: i32 = 1_200;

    /// Sums facts by calendar month; months without a fact in between are zero. `None` without facts or over more than
    /// `MAX_MONTHS`.
    pub fn of(facts: &[(Day, Fact)]) -> Option<Self> {
        let first = Month::of(facts.iter().map(|(day, _)| *day).min()?);
        let last = Month::of(facts.iter().map(|(day, _)| *day).max()?);
        if last.0 - first.0 >= Self::MAX_MONTHS {
            return None;
        }
        let mut sums = vec![Fact(0); usize::try_from(last.0 - first.0 + 1).ok()?];
        for (day, amount) in facts {
            let index = usize::try_from(Month::of(*day).0 - first.0).ok()?;
            let sum = sums.get_mut(index)?;
            *sum = Fact(sum.0.saturating_add(amount.0));
        }
        Some(Self { first, sums })
    }

    /// The sums of whole calendar years, by year.
    pub fn years(&self) -> Vec<(i32, Fact)> {
        let lead = (12 - usize::from(self.first.month() - 1)) % 12;
        let rest = self.sums.get(lead..).unwrap_or_default();
        let start = self.first.plus(lead as i32);
        (start.year()..)
            .zip(rest.chunks_exact(12))
            .map(|(year, months)| (year, Fact(months.iter().map(|month| month.0).sum())))
            .collect()
    }
}

/// `now / before − 1`; `None` where there was nothing or less to grow from.
pub fn growth(now: Fact, before: Fact) -> Option<f64> {
    (before.0 > 0).then(|| now.0 as f64 / before.0 as f64 - 1.0)
}

/// Compound yearly growth over `years` years: `(last / first)^(1 / years) − 1`.
pub fn compound_growth(first: Fact, last: Fact, years: u16) -> Option<f64> {
    if first.0 <= 0 || last.0 < 0 || years == 0 {
        return None;
    }
    let ratio = last.0 as f64 / first.0 as f64;
    #[expect(
        clippy::disallowed_methods,
        reason = "a figure that is shown, it decides nothing"
    )]
    let yearly = ratio.powf(1.0 / f64::from(years));
    Some(yearly - 1.0)
}

/// What each part gave to the growth of the whole, in shares of the whole before: the parts sum to the total growth.
/// `None` where the whole before is not positive.
pub fn contributions(parts: &[(Fact, Fact)]) -> Option<Vec<f64>> {
    let before: i128 = parts.iter().map(|(before, _)| i128::from(before.0)).sum();
    (before > 0).then(|| {
        let whole = before as f64;
        let gain = |(before, now): &(Fact, Fact)| (i128::from(now.0) - i128::from(before.0)) as f64 / whole;
        parts.iter().map(gain).collect()
    })
}

/// How the months of a year compare: January to December, mean 1, sum 12.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Season {
    /// January first.
    pub index: [f64; 12],
    /// Whole years it rests on.
    pub years: usize,
}

impl Season {
    /// The season of a history of whole months.
    ///
    /// From three years on: classical decomposition, the mean ratio of each month to its centred 2 × 12 moving average,
    /// normalised to 12. With one or two whole years: each month's share of its year, pulled towards 1 by the weight
    /// `years / (years + 1)` (Miller and Williams 2003: short histories exaggerate seasons). Without a whole year, or where
    /// sales were not positive: `None`.
    pub fn of(history: &Monthly) -> Option<Self> {
        let years = history.sums.len() / 12;
        let raw = if years >= 3 {
            ratios_to_average(history)?
        } else {
            shares_of_year(history)?
        };
        let sum: f64 = raw.iter().sum();
        if sum <= 0.0 {
            return None;
        }
        let mut index = raw.map(|ratio| ratio * 12.0 / sum);
        if years < 3 {
            let weight = years as f64 / (years as f64 + 1.0);
            index = index.map(|ratio| weight * ratio + 1.0 - weight);
        }
        Some(Self { index, years })
    }
}

/// Mean ratio of each calendar month to the centred moving average over a year.
fn ratios_to_average(history: &Monthly) -> Option<[f64; 12]> {
    let sums: Vec<f64> = history.sums.iter().map(|sum| sum.0 as f64).collect();
    let mut ratios = [0.0; 12];
    let mut counts = [0_u32; 12];
    for (offset, window) in sums.windows(13).enumerate() {
        let ends = f64::midpoint(window[0], window[12]);
        let average = (ends + window[1..12].iter().sum::<f64>()) / 12.0;
        if average <= 0.0 {
            return None;
        }
        let month = usize::from(history.first.plus(offset as i32 + 6).month() - 1);
        ratios[month] += window[6] / average;
        counts[month] += 1;
    }
    let mut means = [0.0; 12];
    for (month, mean) in means.iter_mut().enumerate() {
        if counts[month] == 0 {
            return None;
        }
        *mean = ratios[month] / f64::from(counts[month]);
    }
    Some(means)
}

/// Mean share of each calendar month in runs of twelve months, times twelve.
fn shares_of_year(history: &Monthly) -> Option<[f64; 12]> {
    let mut shares = [0.0; 12];
    let mut runs = 0.0;
    for (run, months) in history.sums.chunks_exact(12).enumerate() {
        let total: i128 = months.iter().map(|month| i128::from(month.0)).sum();
        if total <= 0 {
            return None;
        }
        runs += 1.0;
        for (offset, sum) in months.iter().enumerate() {
            let month = usize::from(history.first.plus((run * 12 + offset) as i32).month() - 1);
            shares[month] += sum.0 as f64 / total as f64;
        }
    }
    (runs > 0.0).then(|| shares.map(|share| share * 12.0 / runs))
}

/// Whether the facts cover a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// All of it.
    Whole,
    /// The first fact came well after it began: what was before is not known.
    StartsLate,
    /// The last fact lies well before its end: the period runs, or data is missing.
    EndsEarly,
    /// No fact can lie in it.
    Outside,
}

/// Whether facts that reach from `first` to `last` (both inclusive) cover a period. A gap counts when it is longer than a
/// tenth of the period's working days, at least three: sales pause over a holiday without data missing. Incomplete
/// periods are flagged, kept out of curves and seasons, and never shown as a collapse.
pub fn coverage(period: &Period, first: Day, last: Day, working: &WorkingDays) -> Coverage {
    if last < period.start || first >= period.end {
        return Coverage::Outside;
    }
    let slack = (working.of(period) / 10).max(3);
    if working.count(period.start, first) > slack {
        Coverage::StartsLate
    } else if working.count(last.plus(1), period.end) > slack {
        Coverage::EndsEarly
    } else {
        Coverage::Whole
    }
}

/// Who sold in so many of the twelve months before sells regularly.
const REGULAR: usize = 9;
/// Months by which the last of them is judged: a year, and that one.
pub const STREAM_MONTHS: usize = 13;

/// Whether the last month lacks most of its facts: those who sell in nearly every month, and made most of what was sold in
/// the year before, have nothing in it. That is data that did not come yet rather than a collapse. For each of those who
/// sell their last [`STREAM_MONTHS`] months, oldest first; fewer say nothing.
pub fn lacks_streams<'a>(streams: impl IntoIterator<Item = &'a [Fact]>) -> bool {
    let (mut all, mut silent) = (0_i128, 0_i128);
    for months in streams {
        let Some((last, before)) = months.split_last().filter(|_| months.len() == STREAM_MONTHS) else {
            continue;
        };
        let sum: i128 = before.iter().map(|amount| i128::from(amount.0).max(0)).sum();
        let is_regular = before.iter().filter(|amount| amount.0 != 0).count() >= REGULAR;
        all += sum;
        if is_regular && last.0 == 0 {
            silent += sum;
        }
    }
    2 * silent > all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Fiscal;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).unwrap()
    }

    #[test]
    fn months_have_no_gaps_and_years_are_whole() {
        let facts = [
            (day("2016-11-05"), Fact(5)),
            (day("2018-01-31"), Fact(7)),
            (day("2017-01-01"), Fact(1)),
        ];
        let monthly = Monthly::of(&facts).unwrap();
        assert_eq!(
            (monthly.first.to_string().as_str(), monthly.sums.len()),
            ("2016-11", 15)
        );
        assert_eq!(monthly.years(), [(2017, Fact(1))]);
        assert_eq!(Monthly::of(&[]), None);
    }

    #[test]
    fn growth_needs_something_to_grow_from() {
        assert_eq!(growth(Fact(150), Fact(100)), Some(0.5));
        assert_eq!(growth(Fact(150), Fact(0)), None);
        assert!((compound_growth(Fact(100), Fact(121), 2).unwrap() - 0.1).abs() < 1e-12);
        assert_eq!(compound_growth(Fact(0), Fact(121), 2), None);
        assert_eq!(contributions(&[(Fact(0), Fact(5))]), None);
    }

    #[test]
    fn the_first_quarter_of_a_stream_that_begins_in_march_is_partial() {
        let weekdays = WorkingDays::weekdays();
        let (first, last) = (day("2017-03-01"), day("2017-12-31"));
        let of = |name: &str| coverage(&Fiscal::default().named(name).unwrap(), first, last, &weekdays);
        assert_eq!(of("2017-Q1"), Coverage::StartsLate);
        assert_eq!(of("2017-03"), Coverage::Whole);
        assert_eq!(of("2017-Q4"), Coverage::Whole);
        assert_eq!(of("2017"), Coverage::StartsLate);
        assert_eq!(of("2018-Q1"), Coverage::Outside);
        let november = coverage(
            &Fiscal::default().named("2017-Q4").unwrap(),
            first,
            day("2017-11-30"),
            &weekdays,
        );
        assert_eq!(november, Coverage::EndsEarly);
    }

    #[test]
    fn a_month_without_most_of_those_who_sell_regularly_lacks_data() {
        let stream = |amount: i64, last: i64| {
            let mut months = vec![Fact(amount); STREAM_MONTHS];
            months[STREAM_MONTHS - 1] = Fact(last);
            months
        };
        let lacks = |streams: &[Vec<Fact>]| lacks_streams(streams.iter().map(Vec::as_slice));
        // The sellers, who make the most, are silent; the web shop is there.
        assert!(lacks(&[stream(40, 0), stream(30, 0), stream(60, 70)]));
        // Half is not most, and a bad month of everybody is a bad month.
        assert!(!lacks(&[stream(40, 0), stream(20, 0), stream(60, 70)]));
        assert!(!lacks(&[stream(40, 1), stream(30, 1), stream(60, 1)]));
        // Who sells now and then may sell nothing.
        let mut seldom = stream(90, 0);
        for month in &mut seldom[..4] {
            *month = Fact(0);
        }
        assert!(!lacks(&[seldom, stream(10, 10)]));
        // Less than a year before it says nothing.
        assert!(!lacks(&[vec![Fact(5), Fact(5), Fact(0)]]));
        assert!(!lacks(&[]));
    }

    #[test]
    fn short_histories_are_pulled_to_the_mean() {
        let sums: Vec<Fact> = (0..12)
            .map(|month| Fact(if month == 11 { 1_200 } else { 0 }))
            .collect();
        let season = Season::of(&Monthly {
            first: Month::parse("2017-01").unwrap(),
            sums,
        })
        .unwrap();
        assert_eq!(season.years, 1);
        assert!((season.index[11] - 6.5).abs() < 1e-12 && (season.index[0] - 0.5).abs() < 1e-12);
        let eleven = Monthly {
            first: Month::parse("2017-01").unwrap(),
            sums: vec![Fact(1); 11],
        };
        assert_eq!(Season::of(&eleven), None);
    }

    proptest::proptest! {
        #[test]
        fn a_season_sums_to_twelve_and_contributions_to_the_growth(
            sums in proptest::collection::vec(1_i64..1_000_000, 12..80),
            first in 20_000_i32..25_000,
        ) {
            let facts: Vec<Fact> = sums.iter().map(|sum| Fact(*sum)).collect();
            let season = Season::of(&Monthly { first: Month(first), sums: facts.clone() }).unwrap();
            proptest::prop_assert!((season.index.iter().sum::<f64>() - 12.0).abs() < 1e-9);
            let parts: Vec<_> = facts.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
            let total = |side: fn(&(Fact, Fact)) -> i64| Fact(parts.iter().map(side).sum());
            let whole = growth(total(|part| part.1.0), total(|part| part.0.0)).unwrap();
            let sum: f64 = contributions(&parts).unwrap().iter().sum();
            proptest::prop_assert!((sum - whole).abs() < 1e-9);
        }
    }
}
