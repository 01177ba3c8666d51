//! Confirmations of numbers on record: exactly what was accepted, who has not confirmed, and when they are reminded.

mod page;

use serde::{Deserialize, Serialize};

use crate::calendar::{Day, WorkingDays};
use crate::id::{MemberId, NodeId, VersionId};
use crate::money::Minor;
use crate::target::{Confirmation, NodeRef};

pub use page::{AnswerFilter, AnswerPage, AnswerQuery, Stance, StanceCounts};

/// Days after a number was published on which whoever has not confirmed it is reminded.
const REMINDED_AFTER_DAYS: [i32; 2] = [3, 7];
/// Digits of a fingerprint's short form.
const SHORT_DIGITS: usize = 12;
/// Digits of a fingerprint that stand together.
const GROUP_DIGITS: usize = 4;
/// Most carriers of one standing that are listed, unless more are asked for.
pub const LISTED: usize = 100;
/// Most carriers of one standing that can be asked for.
pub const MOST_LISTED: usize = 10_000;

/// What a carrier accepted: the fingerprint kept with the confirmation, beside that of the number as it is on record now. The
/// fingerprint is the SHA-256 of version, metric, carrier, and every period with its amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// Of what was confirmed, 64 hexadecimal digits.
    pub hash: String,
    /// Of the number as it is on record now, reckoned anew; 64 hexadecimal digits.
    pub recomputed: String,
    /// When it was confirmed, milliseconds since the epoch.
    pub at_ms: i64,
    /// The user who did.
    pub by: String,
}

impl Accepted {
    /// Whether what was confirmed is what is on record.
    pub fn holds(&self) -> bool {
        self.hash == self.recomputed
    }

    /// The first digits of what was confirmed, in groups: enough to compare by eye.
    pub fn short(&self) -> String {
        grouped(self.hash.chars().take(SHORT_DIGITS))
    }

    /// All digits of what was confirmed, in groups.
    pub fn whole(&self) -> String {
        grouped(self.hash.chars())
    }
}

/// Digits with a space after every few.
fn grouped(digits: impl Iterator<Item = char>) -> String {
    let mut text = String::new();
    for (place, digit) in digits.enumerate() {
        if place > 0 && place % GROUP_DIGITS == 0 {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// A number of a version on record, with who carries it and what they say of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarrierRow {
    /// The node.
    pub node: NodeId,
    /// The unit or person.
    pub of: NodeRef,
    /// What the unit or person is called.
    pub name: String,
    /// Who is asked.
    pub carrier: MemberId,
    /// Their name.
    pub carrier_name: String,
    /// The number over all periods.
    pub total: Minor,
    /// What was answered to exactly this number.
    pub confirmation: Confirmation,
    /// Whether they were asked, whether for the first time, and what came of it.
    pub stance: Stance,
    /// What was confirmed, where the last answer was a confirmation; it may have been of another number.
    pub accepted: Option<Accepted>,
    /// The last day on which the carrier was reminded of the plan.
    pub reminded_on: Option<Day>,
    /// Whether whoever looks may remind the carrier now: nothing is answered, it is not the own number, and the carrier was not
    /// reminded today.
    pub may_remind: bool,
}

/// Who has confirmed the numbers of a version on record, and who has not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgements {
    /// The version.
    pub version: VersionId,
    /// How many numbers are confirmed.
    pub confirmed: u64,
    /// How many are disagreed with.
    pub countered: u64,
    /// How many are not answered.
    pub open: u64,
    /// Whether whoever looks may remind anybody now.
    pub may_remind: bool,
    /// The first of each, in the order of the plan.
    pub rows: Vec<CarrierRow>,
}

impl Acknowledgements {
    /// Counts the numbers of a version, and keeps at most so many of each standing.
    pub fn of(version: VersionId, rows: Vec<CarrierRow>, most: usize) -> Self {
        let mut told = Self {
            version,
            confirmed: 0,
            countered: 0,
            open: 0,
            may_remind: rows.iter().any(|row| row.may_remind),
            rows: Vec::new(),
        };
        for row in rows {
            let count = match row.confirmation {
                Confirmation::Confirmed { .. } => &mut told.confirmed,
                Confirmation::Countered { .. } => &mut told.countered,
                Confirmation::Open => &mut told.open,
            };
            *count += 1;
            if *count <= most as u64 {
                told.rows.push(row);
            }
        }
        told
    }
}

/// How reminding went; each person counts once, however many numbers they carry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminded {
    /// People who were reminded.
    pub told: u32,
    /// People who were reminded today already, and are left in peace.
    pub already: u32,
    /// People who have not answered and cannot sign in.
    pub unreachable: u32,
}

/// The days on which whoever has not confirmed a number that was published today is reminded, each moved to the next working
/// day where it is none.
pub fn reminders(today: Day, working: &WorkingDays) -> Vec<Day> {
    let mut days: Vec<Day> = REMINDED_AFTER_DAYS
        .into_iter()
        .map(|after| {
            let wanted = today.plus(after);
            // Holidays last less than a month.
            (0..31)
                .map(|later| wanted.plus(later))
                .find(|day| working.is_working(*day))
                .unwrap_or(wanted)
        })
        .collect();
    days.dedup();
    days
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(confirmation: Confirmation) -> CarrierRow {
        CarrierRow {
            node: NodeId::default(),
            of: NodeRef::Member(MemberId::default()),
            name: "周舟".to_owned(),
            carrier: MemberId::default(),
            carrier_name: "周舟".to_owned(),
            total: Minor(1),
            may_remind: confirmation == Confirmation::Open,
            stance: Stance::of(&confirmation, true, false),
            confirmation,
            accepted: None,
            reminded_on: None,
        }
    }

    fn said(which: u8) -> Confirmation {
        let by = "周舟".to_owned();
        match which {
            0 => Confirmation::Open,
            1 => Confirmation::Confirmed { at_ms: 1, by },
            _ => Confirmation::Countered {
                at_ms: 1,
                by,
                comment: "太高".to_owned(),
            },
        }
    }

    #[test]
    fn a_fingerprint_is_read_in_groups() {
        let accepted = Accepted {
            hash: "0123456789abcdef".repeat(4),
            recomputed: "0123456789abcdef".repeat(4),
            at_ms: 1,
            by: "周舟".to_owned(),
        };
        assert_eq!(accepted.short(), "0123 4567 89ab");
        assert_eq!(accepted.whole().split(' ').count(), 16);
        assert!(accepted.holds());
        let other = Accepted {
            recomputed: "f".repeat(64),
            ..accepted
        };
        assert!(!other.holds());
    }

    #[test]
    fn reminders_wait_for_the_end_of_holidays() {
        let day = |text| Day::parse_iso(text).unwrap();
        let weekdays = WorkingDays::weekdays();
        // A Tuesday: Friday, and the Tuesday after.
        assert_eq!(
            reminders(day("2026-12-01"), &weekdays),
            [day("2026-12-04"), day("2026-12-08")]
        );
        // 2026-10-01 to 10-07 are holidays: both come on the day after, once.
        let china = WorkingDays::named("cn").unwrap();
        assert_eq!(reminders(day("2026-09-29"), &china), [day("2026-10-08")]);
    }

    proptest! {
        #[test]
        fn whoever_is_silent_is_reminded_once_or_twice_on_working_days(start in 15_000_i32..25_000) {
            let today = Day(start);
            for working in [WorkingDays::weekdays(), WorkingDays::named("cn").unwrap()] {
                let days = reminders(today, &working);
                prop_assert!((1..=2).contains(&days.len()));
                prop_assert!(days.windows(2).all(|pair| pair[0] < pair[1]));
                prop_assert!(days.iter().all(|day| working.is_working(*day) && *day >= today.plus(3)));
            }
        }

        #[test]
        fn everybody_is_counted_and_a_list_is_bounded(which in prop::collection::vec(0_u8..3, 0..60), most in 0_usize..20) {
            let rows: Vec<CarrierRow> = which.iter().map(|which| row(said(*which))).collect();
            let told = Acknowledgements::of(VersionId::default(), rows.clone(), most);
            prop_assert_eq!(told.confirmed + told.countered + told.open, rows.len() as u64);
            let kept: usize = [told.confirmed, told.countered, told.open]
                .into_iter()
                .map(|count| usize::try_from(count).unwrap().min(most))
                .sum();
            prop_assert_eq!(told.rows.len(), kept);
            prop_assert_eq!(told.may_remind, told.open > 0, "also where none of them is listed");
        }
    }
}
