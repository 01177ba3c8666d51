//! Working days of somebody, and the part of an amount that falls on some of them.

use crate::calendar::{Day, WorkingDays};
use crate::money::Minor;
use crate::plan::PlanPeriod;
use crate::target::Span;

/// All of somebody's time, in millionths.
const WHOLE_PPM: u32 = 1_000_000;

/// Days of a period, as somebody is there: millionths of a working day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Days {
    /// On which everything stays as it was.
    pub stays: u64,
    /// On which the change holds.
    pub moves: u64,
}

impl Days {
    /// The part of an amount that falls on the days on which the change holds: the nearer minor unit, a tie stays.
    pub fn part(self, amount: Minor) -> Minor {
        let all = i128::from(self.stays) + i128::from(self.moves);
        if all == 0 || amount.0 <= 0 {
            return Minor(0);
        }
        let part = (2 * i128::from(amount.0) * i128::from(self.moves) + all - 1) / (2 * all);
        Minor(part as i64)
    }
}

/// The part of each amount that falls on the days on which a change holds; the rest stays.
pub fn parts(amounts: &[Minor], days: &[Days]) -> Vec<Minor> {
    amounts
        .iter()
        .zip(days)
        .map(|(amount, days)| days.part(*amount))
        .collect()
}

/// The days of each period inside and outside of a span, as somebody is there: working days of the times they belong to the
/// unit (each with its share in millionths), without those on which they are away. In a period in which they are not there at
/// all its working days count, and where it has none all its days: its amount has to fall somewhere.
pub fn days_within(
    periods: &[PlanPeriod],
    there: &[(Span, u32)],
    away: &[Span],
    span: Span,
    working: &WorkingDays,
) -> Vec<Days> {
    let present: Vec<(Span, u32)> = there
        .iter()
        .flat_map(|(time, share)| without(*time, away).into_iter().map(move |piece| (piece, *share)))
        .collect();
    let of = |period: &PlanPeriod| {
        let whole = [(
            Span {
                starts_on: period.starts_on,
                ends_on: period.ends_on,
            },
            WHOLE_PPM,
        )];
        let worked = |from: Day, until: Day| i64::from(working.count(from, until));
        let all = |from: Day, until: Day| i64::from(until.0) - i64::from(from.0);
        let found = split(*period, &present, span, worked);
        if found != Days::default() {
            return found;
        }
        let found = split(*period, &whole, span, worked);
        if found != Days::default() {
            return found;
        }
        split(*period, &whole, span, all)
    };
    periods.iter().map(of).collect()
}

/// What lies outside and inside of a span, of the times within a period.
fn split(period: PlanPeriod, times: &[(Span, u32)], span: Span, count: impl Fn(Day, Day) -> i64) -> Days {
    let mut days = Days::default();
    for (time, share) in times {
        let (from, until) = (
            time.starts_on.max(period.starts_on),
            time.ends_on.min(period.ends_on),
        );
        if until <= from {
            continue;
        }
        let (first, end) = (span.starts_on.clamp(from, until), span.ends_on.clamp(from, until));
        let inside = if first < end { count(first, end) } else { 0 };
        let all = count(from, until);
        let in_ppm = |days: i64| u64::try_from(days).unwrap_or(0) * u64::from(*share);
        days.moves += in_ppm(inside);
        days.stays += in_ppm(all - inside);
    }
    days
}

/// The pieces of a span that none of the others covers, in order of time.
pub fn without(span: Span, others: &[Span]) -> Vec<Span> {
    let mut others: Vec<Span> = others
        .iter()
        .copied()
        .filter(|other| other.overlaps(span))
        .collect();
    others.sort_unstable();
    let mut pieces = Vec::with_capacity(others.len() + 1);
    let mut from = span.starts_on;
    for other in others {
        if from < other.starts_on {
            pieces.push(Span {
                starts_on: from,
                ends_on: other.starts_on.min(span.ends_on),
            });
        }
        from = from.max(other.ends_on);
    }
    if from < span.ends_on {
        pieces.push(Span {
            starts_on: from,
            ends_on: span.ends_on,
        });
    }
    pieces
}
