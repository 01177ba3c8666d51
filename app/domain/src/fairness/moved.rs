//! What follows the very frame of a drag beside the figures that are always in sight: sums to which those who move are put, and from
//! which they are taken.

use super::{Glance, Level, Outlook, Spread};
use crate::money::Minor;

/// Parts of one in which chances are counted: sums of whole numbers do not depend on the order they are made in.
const PARTS: f64 = 1_099_511_627_776.0;

/// The figures of a plan that a frame of a drag moves. What each level hands down is not among them: a frame works out the rows in
/// sight only.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moved {
    /// Those that are always in sight.
    pub glance: Glance,
    /// Expected share who reach their target.
    pub reached: f64,
    /// Standard deviation of the chances; `None` of fewer than two.
    pub chance_sd: Option<f64>,
    /// The highest stretch against the lowest.
    pub highest_to_lowest: Option<f64>,
    /// The new hires' part of all targets, and of all that is expected; `None` where there are none, or none others.
    pub new_hires: Option<(f64, f64)>,
    /// The verdict on the level.
    pub level: Level,
    /// The verdict on the spread.
    pub spread: Spread,
}

/// Who is judged at a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Judged {
    pub(super) outlook: Outlook,
    pub(super) new_hire: bool,
}

/// Of people with a target: how many, what is asked of them and what is expected.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Part {
    people: i64,
    target: i128,
    expected: f64,
}

impl Part {
    fn put(&mut self, target: Minor, expected: f64, times: i8) {
        self.people += i64::from(times);
        self.target += i128::from(target.0) * i128::from(times);
        self.expected += expected * f64::from(times);
    }
}

/// Sums over those with a target.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sums {
    chances: i128,
    squares: i128,
    all: Part,
    new: Part,
}

impl Sums {
    /// One more who has a target, or one less; who has none counts in nothing here.
    pub(super) fn put(&mut self, person: Judged, target: Minor, times: i8) {
        if target.0 <= 0 {
            return;
        }
        let chance = (person.outlook.chance(target.0 as f64) * PARTS).round() as i128;
        self.chances += chance * i128::from(times);
        self.squares += chance * chance * i128::from(times);
        self.all.put(target, person.outlook.mean, times);
        if person.new_hire {
            self.new.put(target, person.outlook.mean, times);
        }
    }

    /// Expected share who reach their target; `None` where nobody has one.
    pub(super) fn reached(&self) -> Option<f64> {
        let people = self.all.people;
        (people > 0).then(|| self.chances as f64 / (people as f64 * PARTS))
    }

    /// As the sample standard deviation of chances: `√((n Σx² − (Σx)²) / (n (n − 1)))`.
    pub(super) fn sd(&self) -> Option<f64> {
        let people = self.all.people;
        if people < 2 {
            return None;
        }
        // Of a hundred thousand people `n Σx²` is below 2¹¹⁷.
        let apart = i128::from(people).checked_mul(self.squares)? - self.chances.checked_mul(self.chances)?;
        let pairs = people as f64 * (people - 1) as f64;
        Some((apart.max(0) as f64 / pairs).sqrt() / PARTS)
    }

    /// The part of the new ones of all targets, and of all that is expected.
    pub(super) fn new_hires(&self) -> Option<(f64, f64)> {
        let ratio = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        (self.new.people > 0 && self.new.people < self.all.people).then(|| {
            (
                ratio(self.new.target as f64, self.all.target as f64),
                ratio(self.new.expected, self.all.expected),
            )
        })
    }
}
