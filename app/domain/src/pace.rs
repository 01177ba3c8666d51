//! Pace: what should have been reached by today, on the season and working-day curve, not on a straight line.
//!
//! The expected share S(d) of a period is read off past periods of the same kind at the same fraction of their working
//! days (engine.md C7). History is shrunk: the plain working-day line counts as one more past period, so a single
//! quarter moves it half of the way and eight move it nearly all. Everything that becomes an amount is integer.

use serde::{Deserialize, Serialize};

use crate::calendar::{Day, Period, WorkingDays};
use crate::format::Lang;
use crate::money::Minor;

mod curve;
mod required;

pub use curve::Curve;
pub use required::{Required, required};

/// A share of a whole in thousand-millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Share(pub u32);

impl Share {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// All of it.
    pub const WHOLE: Self = Self(1_000_000_000);

    /// As a number from 0 to 1, for showing.
    pub fn ratio(self) -> f64 {
        f64::from(self.0) / f64::from(Self::WHOLE.0)
    }

    /// That part of an amount, rounded half away from zero.
    pub fn of(self, amount: Minor) -> Minor {
        let whole = i128::from(Self::WHOLE.0);
        let product = i128::from(amount.0) * i128::from(self.0);
        let half = if product < 0 { -whole / 2 } else { whole / 2 };
        Minor(i64::try_from((product + half) / whole).unwrap_or(amount.0))
    }
}

/// What targets of several periods should have brought by the end of `today`: past periods in full, the running one by
/// the curve, coming ones nothing.
pub fn expected_by_today<'a>(
    targets: impl IntoIterator<Item = (&'a Period, Minor)>,
    today: Day,
    curve: &Curve,
    working: &WorkingDays,
) -> Minor {
    let sum: i128 = targets
        .into_iter()
        .map(|(period, target)| i128::from(curve.share(period, today, working).of(target).0))
        .sum();
    Minor(i64::try_from(sum).unwrap_or(i64::MAX))
}

/// `part / whole` for attainment (against the target) and pace (against what is expected by today); never capped.
/// `None` where the whole is zero or negative: nothing can be said then.
pub fn ratio(part: Minor, whole: Minor) -> Option<f64> {
    (whole.0 > 0).then(|| part.0 as f64 / whole.0 as f64)
}

/// How a number stands against its pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Below 93 %.
    FarBehind,
    /// 93 % to below 97 %.
    Behind,
    /// 97 % to below 102 %.
    OnPace,
    /// 102 % and more.
    Ahead,
}

impl Standing {
    /// The standing of an amount against what is expected by today, decided in integers; `None` where nothing is expected.
    pub fn of(actual: Minor, expected: Minor) -> Option<Self> {
        if expected.0 <= 0 {
            return None;
        }
        let actual = i128::from(actual.0) * 100;
        let percent = |percent: i128| actual >= i128::from(expected.0) * percent;
        Some(if percent(102) {
            Self::Ahead
        } else if percent(97) {
            Self::OnPace
        } else if percent(93) {
            Self::Behind
        } else {
            Self::FarBehind
        })
    }

    /// The name in style sheets and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FarBehind => "far_behind",
            Self::Behind => "behind",
            Self::OnPace => "on_pace",
            Self::Ahead => "ahead",
        }
    }

    /// The sign that stands beside the number, so that it does not hang on colour.
    pub fn glyph(self) -> &'static str {
        match self {
            Self::FarBehind => "▼",
            Self::Behind => "▽",
            Self::OnPace => "●",
            Self::Ahead => "▲",
        }
    }

    /// What people read.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::FarBehind => lang.pick("严重落后", "far behind"),
            Self::Behind => lang.pick("落后", "behind"),
            Self::OnPace => lang.pick("正常", "on pace"),
            Self::Ahead => lang.pick("领先", "ahead"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Fiscal, PeriodKind};

    fn day(text: &str) -> Day {
        Day::parse_iso(text).unwrap()
    }

    #[test]
    fn targets_of_months_add_up() {
        let weekdays = WorkingDays::weekdays();
        let months = Fiscal::default().periods(PeriodKind::Month, day("2018-01-01"), day("2018-04-01"));
        let targets = months.iter().map(|month| (month, Minor(1_000)));
        // January in full, 11 of 20 weekdays of February, nothing of March.
        assert_eq!(
            expected_by_today(targets, day("2018-02-15"), &Curve::even(), &weekdays),
            Minor(1_550)
        );
    }

    #[test]
    fn standings_have_exact_borders() {
        let standing = |actual| Standing::of(Minor(actual), Minor(100));
        assert_eq!(standing(102), Some(Standing::Ahead));
        assert_eq!(standing(101), Some(Standing::OnPace));
        assert_eq!(standing(97), Some(Standing::OnPace));
        assert_eq!(standing(96), Some(Standing::Behind));
        assert_eq!(standing(93), Some(Standing::Behind));
        assert_eq!(standing(92), Some(Standing::FarBehind));
        assert_eq!(Standing::of(Minor(5), Minor(0)), None);
        assert_eq!(ratio(Minor(250), Minor(100)), Some(2.5));
    }
}
