//! What a change would do, before anything is written; and what the page of changes needs to begin.

use serde::{Deserialize, Serialize};

use super::LeaveEntry;
use crate::calendar::{Day, Period};
use crate::format::{self, Lang};
use crate::id::{MemberId, UnitId, VersionId};
use crate::money::{Currency, Minor};
use crate::people::Named;
use crate::plan::NodeIndex;
use crate::target::Span;

/// What the page of changes needs to begin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desk {
    /// Published versions that can be adjusted, the latest first, each with its name; none for who may not plan.
    pub published: Vec<(VersionId, String)>,
    /// The days of each of them, in the same order.
    pub plans: Vec<(VersionId, Span)>,
    /// Leave whose effect on the numbers is asked for; none where it is not there, or not within reach.
    pub leave: Option<LeaveEntry>,
    /// Units within reach that have not ended.
    pub units: Vec<Named<UnitId>>,
    /// Today, as the organization counts.
    pub today: Day,
}

/// Somebody who was looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Who.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// The units in which they have a number of their own in the version; none: they have no number in it.
    pub units: Vec<Named<UnitId>>,
}

/// Every number a change would touch, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// What the plan is called.
    pub plan_name: String,
    /// The number of the published version.
    pub number: u32,
    /// The currency of the amounts.
    pub currency: Currency,
    /// The periods, in the order of the amounts.
    pub periods: Vec<Period>,
    /// The units concerned, each followed by the rows in it that change.
    pub rows: Vec<PreviewRow>,
    /// The whole plan before.
    pub before: Minor,
    /// The whole plan after.
    pub after: Minor,
    /// Locks and bounds of changed numbers that the draft begins without.
    pub released: u32,
}

/// A row before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewRow {
    /// What it is called.
    pub name: String,
    /// Whether it is a unit; the rows after it, up to the next unit, are in it.
    pub is_unit: bool,
    /// The amount of each period before.
    pub before: Vec<Minor>,
    /// The amount of each period after.
    pub after: Vec<Minor>,
    /// Why it changes.
    pub effect: Effect,
    /// The row of the published version whose number it has before; none of a row that is new.
    pub was: Option<NodeIndex>,
    /// What leads from before to after.
    pub steps: Vec<PreviewStep>,
}

/// What of a change a row gets from another one, or gives to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewStep {
    /// What the other row is called; none: several that are told together.
    pub other: Option<String>,
    /// How many rows that are.
    pub count: u32,
    /// What it adds in each period; negative where it takes.
    pub amounts: Vec<Minor>,
}

impl PreviewStep {
    /// Several as one.
    pub fn together(steps: &[Self]) -> Self {
        let mut amounts = Vec::new();
        for step in steps {
            amounts.resize(step.amounts.len().max(amounts.len()), Minor(0));
            for (sum, amount) in amounts.iter_mut().zip(&step.amounts) {
                sum.0 = sum.0.saturating_add(amount.0);
            }
        }
        Self {
            other: None,
            count: steps
                .iter()
                .fold(0, |count, step| count.saturating_add(step.count)),
            amounts,
        }
    }

    /// What it adds over all periods.
    pub fn total(&self) -> Minor {
        self.amount(None)
    }

    /// What it adds in a period, or over all.
    pub fn amount(&self, period: Option<usize>) -> Minor {
        of_periods(&self.amounts, period)
    }
}

/// The amount of a period, or of all.
fn of_periods(amounts: &[Minor], period: Option<usize>) -> Minor {
    match period {
        Some(at) => amounts.get(at).copied().unwrap_or_default(),
        None => Minor(amounts.iter().fold(0, |sum, amount| sum.saturating_add(amount.0))),
    }
}

impl PreviewRow {
    /// What it has over all periods, before and after.
    pub fn totals(&self) -> (Minor, Minor) {
        self.amounts(None)
    }

    /// What it has in a period, or over all, before and after.
    pub fn amounts(&self, period: Option<usize>) -> (Minor, Minor) {
        (of_periods(&self.before, period), of_periods(&self.after, period))
    }

    /// The steps that are something in a period, or over all; with what it has before they sum to what it has after. What they
    /// leave unsaid would be told as a step of no rows.
    pub fn steps_in(&self, period: Option<usize>) -> Vec<(Option<&str>, u32, Minor)> {
        let (before, after) = self.amounts(period);
        let told = self.steps.iter();
        let mut steps: Vec<(Option<&str>, u32, Minor)> = told
            .map(|step| (step.other.as_deref(), step.count, step.amount(period)))
            .filter(|(_, _, amount)| amount.0 != 0)
            .collect();
        let said = steps
            .iter()
            .fold(before.0, |sum, (_, _, amount)| sum.saturating_add(amount.0));
        let unsaid = after.0.saturating_sub(said);
        if unsaid != 0 {
            steps.push((None, 0, Minor(unsaid)));
        }
        steps
    }
}

/// Why a row changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "effect")]
pub enum Effect {
    /// It is the sum of what is in it.
    Sum,
    /// It is handed over from a day on.
    HandsOver {
        /// The day.
        on: Day,
    },
    /// The number of some days is handed over.
    Away {
        /// The first day.
        from: Day,
        /// The day after the last.
        until: Day,
    },
    /// It takes over a part of what somebody no longer carries.
    TakesOver,
    /// It gives a part to somebody who comes.
    Gives,
    /// Nobody carries it yet.
    Vacant,
    /// Somebody begins on a day.
    Begins {
        /// The day.
        on: Day,
        /// Whether they carry the more the longer they are there.
        ramp: bool,
    },
}

impl Effect {
    /// What people read.
    pub fn words(self, lang: Lang) -> String {
        match self {
            Self::Sum => lang.pick("下列各行之和".to_owned(), "The sum of its rows".to_owned()),
            Self::HandsOver { on } => {
                let day = format::date(on, lang);
                lang.pick(
                    format!("自 {day} 起的部分交出，按工作日折算"),
                    format!("What falls from {day} on is handed over, by working days"),
                )
            }
            Self::Away { from, until } => {
                let days = format::range(from, until, lang);
                lang.pick(
                    format!("{days} 不在岗，这些工作日的部分交出"),
                    format!("Away {days}: what falls on these working days is handed over"),
                )
            }
            Self::TakesOver => lang.pick("接手一部分".to_owned(), "Takes over a part".to_owned()),
            Self::Gives => lang.pick(
                "让出一部分给新人".to_owned(),
                "Gives a part to the newcomer".to_owned(),
            ),
            Self::Vacant => lang.pick(
                "留在部门，暂无人承担".to_owned(),
                "Stays in the unit, carried by nobody yet".to_owned(),
            ),
            Self::Begins { on, ramp } => {
                let day = format::date(on, lang);
                if ramp {
                    lang.pick(
                        format!("自 {day} 起承担，按新人爬坡逐月增加"),
                        format!("Carries it from {day} on, more each month as a beginner"),
                    )
                } else {
                    lang.pick(
                        format!("自 {day} 起承担，按工作日折算"),
                        format!("Carries it from {day} on, by working days"),
                    )
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(other: &str, amounts: [i64; 2]) -> PreviewStep {
        PreviewStep {
            other: Some(other.to_owned()),
            count: 1,
            amounts: amounts.map(Minor).to_vec(),
        }
    }

    #[test]
    fn steps_lead_from_before_to_after_and_leave_nothing_unsaid() {
        let mut row = PreviewRow {
            name: "Ann".to_owned(),
            is_unit: false,
            before: [10, 20].map(Minor).to_vec(),
            after: [13, 15].map(Minor).to_vec(),
            effect: Effect::TakesOver,
            was: Some(NodeIndex(3)),
            steps: vec![step("Ben", [3, 0]), step("Cem", [0, -5])],
        };
        assert_eq!(
            row.steps_in(None),
            [(Some("Ben"), 1, Minor(3)), (Some("Cem"), 1, Minor(-5))]
        );
        assert_eq!(row.steps_in(Some(0)), [(Some("Ben"), 1, Minor(3))]);
        assert_eq!(row.steps_in(Some(1)), [(Some("Cem"), 1, Minor(-5))]);
        row.steps = vec![PreviewStep::together(&row.steps)];
        assert_eq!(row.steps_in(None), [(None, 2, Minor(-2))]);
        row.steps.clear();
        assert_eq!(row.steps_in(Some(0)), [(None, 0, Minor(3))], "told all the same");
    }
}
