//! What is still to be done, in paces that can be compared.

use serde::{Deserialize, Serialize};

use super::Share;
use crate::money::Minor;

/// What is missing of a target, and how fast it would have to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Required {
    /// The target less what is there; not positive where it is reached.
    pub missing: Minor,
    /// What a whole period at the required pace would bring: `missing / (1 − S)`. Compared with the target or with
    /// [`Self::so_far`] it says by how much one would have to be faster, the season taken out. `None` after the period.
    pub season_adjusted: Option<Minor>,
    /// What a whole period at the pace so far would bring: `actual / S`. `None` before the period.
    pub so_far: Option<Minor>,
    /// `missing` for each working day that is left; `None` where none is.
    pub per_working_day: Option<Minor>,
}

/// The required run rate of a target, in season-adjusted units and for each working day. `share` is what is expected of the
/// period by now, `days_left` the working days after today.
pub fn required(target: Minor, actual: Minor, share: Share, days_left: u32) -> Required {
    let missing = target.0.saturating_sub(actual.0);
    let passed = share.0.min(Share::WHOLE.0);
    Required {
        missing: Minor(missing),
        season_adjusted: whole(missing, Share::WHOLE.0 - passed),
        so_far: whole(actual.0, passed),
        per_working_day: (days_left > 0).then(|| Minor(rounded(i128::from(missing), i128::from(days_left)))),
    }
}

/// The whole of which an amount is a part; `None` of no part.
fn whole(amount: i64, part: u32) -> Option<Minor> {
    let scaled = i128::from(amount) * i128::from(Share::WHOLE.0);
    (part > 0).then(|| Minor(rounded(scaled, i128::from(part))))
}

/// A quotient by a positive number, rounded half away from zero, at the border where it does not fit.
fn rounded(amount: i128, by: i128) -> i64 {
    let half = if amount < 0 { -by / 2 } else { by / 2 };
    let quotient = (amount + half) / by;
    i64::try_from(quotient).unwrap_or(if quotient < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_must_come_faster_where_more_was_expected_by_now() {
        let required_at = |share| required(Minor(1_000), Minor(400), Share(share), 10);
        let half = required_at(500_000_000);
        assert_eq!(half.missing, Minor(600));
        assert_eq!(half.season_adjusted, Some(Minor(1_200)));
        assert_eq!(half.so_far, Some(Minor(800)));
        assert_eq!(half.per_working_day, Some(Minor(60)));
        assert_eq!(required_at(400_000_000).season_adjusted, Some(Minor(1_000)));
    }

    #[test]
    fn ends_are_defined() {
        let before = required(Minor(1_000), Minor(0), Share::NONE, 65);
        assert_eq!(
            (before.season_adjusted, before.so_far),
            (Some(Minor(1_000)), None)
        );
        let after = required(Minor(1_000), Minor(1_001), Share::WHOLE, 0);
        assert_eq!(after.missing, Minor(-1));
        assert_eq!((after.season_adjusted, after.per_working_day), (None, None));
        let huge = required(Minor(i64::MAX), Minor(i64::MIN), Share(1), 1);
        assert_eq!(huge.missing, Minor(i64::MAX));
        assert_eq!(huge.so_far, Some(Minor(i64::MIN)));
        assert_eq!(
            required(Minor(5), Minor(0), Share(u32::MAX), 0).season_adjusted,
            None
        );
    }
}
