//! Days on which somebody is away.

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::format::Lang;
use crate::id::{LeaveId, MemberId, VersionId};
use crate::import::normalize;
use crate::target::Span;

/// Longest leave that is entered at once, in days: three years.
pub const MOST_LEAVE_DAYS: i32 = 1_096;
/// Longest note of leave, in characters.
pub const LEAVE_NOTE_CHARS: usize = 200;

/// Why somebody is away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaveKind {
    /// Holidays.
    #[default]
    Annual,
    /// Illness.
    Sick,
    /// A child.
    Parental,
    /// Anything else.
    Other,
}

impl LeaveKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Annual, Self::Sick, Self::Parental, Self::Other];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Annual => "annual",
            Self::Sick => "sick",
            Self::Parental => "parental",
            Self::Other => "other",
        }
    }

    /// The kind of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The kind that a word means, as personnel systems write it in either language; none where it is known for no kind.
    pub fn meant(words: &str) -> Option<Self> {
        let wanted = normalize(words);
        Self::ALL.into_iter().find(|kind| {
            let names = [kind.as_str(), kind.words(Lang::ZhCn), kind.words(Lang::En)];
            let mut known = names.into_iter().chain(kind.synonyms().split('|'));
            !wanted.is_empty() && known.any(|name| normalize(name) == wanted)
        })
    }

    /// What else it is called, separated by `|`.
    fn synonyms(self) -> &'static str {
        match self {
            Self::Annual => {
                "vacation|holiday|holidays|pto|paid time off|paid leave|年休假|带薪年假|带薪年休假|法定年假|公司年假"
            }
            Self::Sick => "sickness|illness|medical|medical leave|sick day|病休|带薪病假|病假单|工伤假|住院",
            Self::Parental => {
                "maternity|maternity leave|paternity|paternity leave|childcare leave|产假|陪产假|育儿假|产检假|哺乳假|男方护理假"
            }
            Self::Other => {
                "other leave|personal|personal leave|unpaid|unpaid leave|time off in lieu|compensatory leave|marriage leave| \
                 bereavement|bereavement leave|其它|其他假|事假|调休|调休假|婚假|丧假|无薪假"
            }
        }
    }

    /// What people read.
    pub fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::Annual => lang.pick("年假", "Annual leave"),
            Self::Sick => lang.pick("病假", "Sick leave"),
            Self::Parental => lang.pick("产假、育儿假", "Parental leave"),
            Self::Other => lang.pick("其他", "Other"),
        }
    }
}

/// Days to be entered into the calendar of somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveInput {
    /// Whose.
    pub member: MemberId,
    /// The first day away.
    pub from: Day,
    /// The first day back.
    pub until: Day,
    /// Why.
    pub kind: LeaveKind,
    /// What is to be known of it; empty where nothing is.
    pub note: String,
}

impl LeaveInput {
    /// Whether some of the days are in both.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.from < other.until && other.from < self.until
    }

    /// The first day that is left of both it and a plan on record, and which plan that is: what a plan asks of days that are over
    /// is no longer changed.
    pub fn touches(&self, plans: &[(VersionId, Span)], today: Day) -> Option<(VersionId, Day)> {
        let common = plans.iter().filter_map(|(version, span)| {
            let first = self.from.max(span.starts_on).max(today);
            (first < self.until.min(span.ends_on)).then_some((*version, first))
        });
        common.min_by_key(|(_, first)| *first)
    }
}

/// Days in somebody's calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveRow {
    /// Which.
    pub id: LeaveId,
    /// What they are.
    pub leave: LeaveInput,
}

/// Days of leave among those of others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveEntry {
    /// Whose, by name.
    pub name: String,
    /// The days.
    pub row: LeaveRow,
    /// Whether whoever asks may take them out.
    pub may_remove: bool,
}

/// The leave of everybody within reach that is not over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveCalendar {
    /// The first so many, by first day and name.
    pub entries: Vec<LeaveEntry>,
    /// How many there are in all.
    pub count: u32,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn away(from: i32, until: i32) -> LeaveInput {
        LeaveInput {
            member: MemberId::default(),
            from: Day(from),
            until: Day(until),
            kind: LeaveKind::Annual,
            note: String::new(),
        }
    }

    fn plan(starts_on: i32, ends_on: i32) -> Span {
        Span {
            starts_on: Day(starts_on),
            ends_on: Day(ends_on),
        }
    }

    #[test]
    fn leave_touches_the_plan_of_its_first_day_that_is_left() {
        let version = |number: u128| VersionId(uuid::Uuid::from_u128(number));
        let plans = [(version(2), plan(100, 200)), (version(1), plan(0, 100))];
        let touched = |from, until, today| away(from, until).touches(&plans, Day(today));
        assert_eq!(touched(40, 50, 10), Some((version(1), Day(40))));
        assert_eq!(touched(40, 50, 45), Some((version(1), Day(45))), "it has begun");
        assert_eq!(touched(40, 50, 50), None, "it is over");
        assert_eq!(touched(90, 110, 10), Some((version(1), Day(90))), "of both");
        assert_eq!(touched(90, 110, 103), Some((version(2), Day(103))));
        assert_eq!(touched(200, 210, 10), None, "after the plans");
        assert_eq!(away(40, 50).touches(&[], Day(10)), None);
    }

    proptest! {
        #[test]
        fn what_is_touched_is_a_day_of_both_that_is_left(
            (from, days, starts, length, today) in (0_i32..50, 1_i32..20, 0_i32..50, 1_i32..20, 0_i32..70),
        ) {
            let (leave, span) = (away(from, from + days), plan(starts, starts + length));
            let common: Vec<i32> = (from..from + days)
                .filter(|day| (starts..starts + length).contains(day) && *day >= today)
                .collect();
            let touched = leave.touches(&[(VersionId::default(), span)], Day(today));
            prop_assert_eq!(touched.map(|(_, day)| day.0), common.first().copied());
        }
    }
}
