//! The season: how the months of a year compare, as they were, and as they would be in the planned year's calendar.
//!
//! Working days: a month counts as if it had the working days that this month of the year has on the average of the history.
//! Spring Festival, where the working calendar is China's: the working days before it (from 1 January) and from it on (to
//! 31 March) keep what they brought, and are laid out around the festival of the planned year: the two weeks on either side
//! day by day, the rest evenly. So a festival in January and one in February are compared as if they were on the same day.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calendar::festival::spring_festival;
use crate::calendar::{Day, Month, WorkingDays, holidays};
use crate::history;
use crate::history::Monthly;
use crate::money::Fact;

/// The days off around a festival whose arrangement is not published yet: its eve and six days from it on.
const DAYS_OFF: std::ops::RangeInclusive<i32> = -1..=6;
/// Working days before and after a festival that keep their distance to it: two weeks.
const NEAR: f64 = 10.0;
/// Ten-thousandths: adjusted amounts become facts again.
const LARGEST: f64 = 9e17;

/// The months of a year against its average month, the fiscal year's first month first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeasonYear {
    /// The fiscal year's name.
    pub year: String,
    /// Its first month.
    pub first: Month,
    /// 1.0 is an average month; none where the month has no facts or is not whole.
    pub raw: Vec<Option<f64>>,
    /// The same in the calendar of the planned year.
    pub adjusted: Vec<Option<f64>>,
}

/// How the months of a year compare.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Season {
    /// A month in which a fiscal year starts: the first column.
    pub start: Month,
    /// The years, oldest first.
    pub years: Vec<SeasonYear>,
    /// The season of the history as it was: twelve ratios that sum to 12. None where the history is too short.
    pub raw: Option<Vec<f64>>,
    /// The same in the calendar of the planned year: what a split by months takes.
    pub used: Option<Vec<f64>>,
    /// Whole months without a gap it rests on.
    pub months: u32,
    /// Spring Festivals of the history, where it is aligned to that of the planned year.
    pub festivals: Vec<Day>,
    /// The festival of the planned year; none where it is not aligned.
    pub festival: Option<Day>,
}

/// By which calendar a season is adjusted.
#[derive(Clone, Debug)]
pub struct Calendar<'a> {
    /// The working days.
    pub working: &'a WorkingDays,
    /// The year whose Spring Festival the others are aligned to; none where the festival does not matter.
    pub festival_of: Option<i32>,
}

/// The season of daily sums. `whole` are the months that count, in order: those that are all there and in no gap; `start` is
/// the first month of a fiscal year; `name` names the fiscal year of a month.
pub fn season(
    days: &[(Day, Fact)],
    whole: &[Month],
    start: Month,
    calendar: &Calendar<'_>,
    name: impl Fn(Month) -> String,
) -> Season {
    let sums = by_month(days, whole);
    let adjusted = adjusted(days, whole, &sums, calendar);
    let (Some(first), Some(last)) = (whole.first(), whole.last()) else {
        return Season {
            start,
            years: Vec::new(),
            raw: None,
            used: None,
            months: 0,
            festivals: Vec::new(),
            festival: None,
        };
    };
    let lead = (first.0 - start.0).rem_euclid(12);
    let mut years = Vec::new();
    let mut head = first.plus(-lead);
    while head <= *last {
        let year = |amounts: &BTreeMap<Month, f64>| ratios(head, amounts);
        years.push(SeasonYear {
            year: name(head),
            first: head,
            raw: year(&sums),
            adjusted: year(&adjusted),
        });
        head = head.plus(12);
    }
    let run = longest_run(whole);
    let festival = calendar.festival_of.and_then(spring_festival);
    let festivals = match festival {
        Some(_) => (first.year()..=last.year())
            .filter_map(spring_festival)
            .filter(|day| whole.contains(&Month::of(*day)))
            .collect(),
        None => Vec::new(),
    };
    Season {
        start,
        raw: index(&sums, run, start),
        used: index(&adjusted, run, start),
        months: u32::try_from(run.len()).unwrap_or(u32::MAX),
        years,
        festivals,
        festival,
    }
}

/// Sums of the months that count.
fn by_month(days: &[(Day, Fact)], whole: &[Month]) -> BTreeMap<Month, f64> {
    let mut sums: BTreeMap<Month, f64> = whole.iter().map(|month| (*month, 0.0)).collect();
    for (day, amount) in days {
        if let Some(sum) = sums.get_mut(&Month::of(*day)) {
            *sum += amount.0 as f64;
        }
    }
    sums
}

/// Twelve months against the mean of those that are known.
fn ratios(head: Month, amounts: &BTreeMap<Month, f64>) -> Vec<Option<f64>> {
    let of = |step: i32| amounts.get(&head.plus(step)).copied();
    let known: Vec<f64> = (0..12).filter_map(of).collect();
    let mean = known.iter().sum::<f64>() / known.len().max(1) as f64;
    (0..12)
        .map(|step| of(step).filter(|_| mean > 0.0).map(|amount| amount / mean))
        .collect()
}

/// The longest stretch of months that follow each other, the latest of several.
fn longest_run(months: &[Month]) -> &[Month] {
    let runs = months.chunk_by(|before, after| after.0 == before.0 + 1);
    runs.max_by_key(|run| run.len()).unwrap_or_default()
}

/// The index of a run of months, the fiscal year's first month first.
fn index(amounts: &BTreeMap<Month, f64>, run: &[Month], start: Month) -> Option<Vec<f64>> {
    let sums: Option<Vec<Fact>> = run
        .iter()
        .map(|month| {
            let amount = *amounts.get(month)?;
            (amount.abs() < LARGEST).then(|| Fact(amount.round() as i64))
        })
        .collect();
    let season = history::Season::of(&Monthly {
        first: *run.first()?,
        sums: sums?,
    })?;
    let first = usize::from(start.month() - 1);
    Some((0..12).map(|step| season.index[(first + step) % 12]).collect())
}

/// What months would have brought in the calendar of the planned year; those for which that cannot be said are not in it.
fn adjusted(
    days: &[(Day, Fact)],
    whole: &[Month],
    sums: &BTreeMap<Month, f64>,
    calendar: &Calendar<'_>,
) -> BTreeMap<Month, f64> {
    let working = calendar.working;
    let count = |month: Month| f64::from(working.count(month.first_day(), month.end()));
    let usual = |month: Month| {
        let peers: Vec<f64> = whole
            .iter()
            .filter(|peer| peer.month() == month.month())
            .map(|peer| count(*peer))
            .collect();
        peers.iter().sum::<f64>() / peers.len().max(1) as f64
    };
    let festival = calendar.festival_of.and_then(spring_festival);
    let amounts: BTreeMap<Day, f64> = days.iter().map(|(day, amount)| (*day, amount.0 as f64)).collect();
    whole
        .iter()
        .filter_map(|month| {
            let moved = festival.filter(|_| month.month() <= 3);
            let amount = match moved {
                Some(festival) => around_festival(&amounts, whole, *month, working, festival)?,
                None => {
                    let worked = count(*month);
                    if worked <= 0.0 {
                        return None;
                    }
                    sums.get(month)? * usual(*month) / worked
                }
            };
            Some((*month, amount))
        })
        .collect()
}

/// What January, February or March would have brought had the festival been on the same day of the year as in the planned
/// year.
fn around_festival(
    amounts: &BTreeMap<Day, f64>,
    whole: &[Month],
    month: Month,
    working: &WorkingDays,
    festival: Day,
) -> Option<f64> {
    let own = spring_festival(month.year())?;
    let planned = festival.ymd().0;
    let (own_ends, planned_ends) = (ends(month.year())?, ends(planned)?);
    let of_planned = Month::new(planned, month.month())?;
    let closed = |day: Day| {
        !holidays::is_published(planned) && DAYS_OFF.contains(&(day.0 - festival.0))
            || !working.is_working(day)
    };
    let open = |from: Day, to: Day| (from.0..to.0).filter(|day| !closed(Day(*day))).count() as f64;
    let mut sum = 0.0;
    for before in [true, false] {
        let (planned_from, planned_to, worked) = if before {
            (planned_ends.0, festival, working.count(own_ends.0, own))
        } else {
            (festival, planned_ends.1, working.count(own, own_ends.1))
        };
        let stretch = Stretch::of(f64::from(worked), open(planned_from, planned_to))?;
        // The part of the month on this side of the festival, in working days away from it.
        let within = |day: Day| day.max(planned_from).min(planned_to);
        let (starts, stops) = (within(of_planned.first_day()), within(of_planned.end()));
        if starts >= stops {
            continue;
        }
        let away = |day: Day| {
            if before {
                open(day, festival)
            } else {
                open(festival, day)
            }
        };
        let (near, far) = if before { (stops, starts) } else { (starts, stops) };
        let outermost = far == if before { planned_from } else { planned_to };
        let first = if near == festival {
            f64::NEG_INFINITY
        } else {
            stretch.own(away(near))
        };
        let end = if outermost {
            f64::INFINITY
        } else {
            stretch.own(away(far))
        };
        let days: Vec<i32> = if before {
            (own_ends.0.0..own.0).rev().collect()
        } else {
            (own.0..own_ends.1.0).collect()
        };
        let mut place = 0.0;
        for day in days.into_iter().map(Day) {
            let width = if working.is_working(day) { 1.0 } else { 0.0 };
            let share = overlap(place, width, first, end);
            if share > 0.0 {
                if whole.binary_search(&Month::of(day)).is_err() {
                    return None;
                }
                sum += amounts.get(&day).copied().unwrap_or_default() * share * stretch.weight(place);
            }
            place += width;
        }
    }
    Some(sum)
}

/// How the working days on one side of the festival are laid out on those of the planned year: the nearest ones one by one, for
/// what happens around a festival happens so many days before or after it, and the rest evenly.
struct Stretch {
    /// Days that are laid out one by one.
    near: f64,
    /// Own days for each planned one beyond them.
    scale: f64,
}

impl Stretch {
    fn of(worked: f64, planned: f64) -> Option<Self> {
        if worked <= 0.0 || planned <= 0.0 {
            return None;
        }
        let near = (worked.min(planned) / 2.0).floor().min(NEAR);
        Some(Self {
            near,
            scale: (worked - near) / (planned - near),
        })
    }

    /// The own place of a planned one.
    fn own(&self, planned: f64) -> f64 {
        if planned <= self.near {
            planned
        } else {
            self.near + (planned - self.near) * self.scale
        }
    }

    /// How many planned days a day at an own place stands for.
    fn weight(&self, own: f64) -> f64 {
        if own < self.near { 1.0 } else { 1.0 / self.scale }
    }
}

/// The first day of a year and the day after its first quarter.
fn ends(year: i32) -> Option<(Day, Day)> {
    Some((Month::new(year, 1)?.first_day(), Month::new(year, 4)?.first_day()))
}

/// Which part of a day at a place lies within a range; a day that is not worked has no width and lies where it begins.
fn overlap(place: f64, width: f64, first: f64, end: f64) -> f64 {
    if width <= 0.0 {
        return if first <= place && place < end { 1.0 } else { 0.0 };
    }
    ((place + width).min(end) - place.max(first)).max(0.0) / width
}

#[cfg(test)]
mod tests;
