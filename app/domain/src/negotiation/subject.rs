//! Which number of a row is negotiated: its total, what it has in one period, or what neighbouring periods have together, as the
//! months of a quarter.

use serde::{Deserialize, Serialize};

use crate::calendar::{Day, Fiscal, Period};
use crate::id::NodeId;
use crate::money::Minor;
use crate::plan::{Give, Keep, NodeIndex, PeriodIndex, PlanCommand};
use crate::split::{Quarter, quarters};

/// Which number of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// What it has over all periods.
    #[default]
    Total,
    /// What it has in one of them.
    Period(PeriodIndex),
    /// What it has in neighbouring ones together, as in the months of a quarter.
    Span {
        /// The first of them.
        first: PeriodIndex,
        /// How many there are: two or more, and not all.
        periods: u16,
    },
}

/// What a proposal is about, as whoever makes it knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// A number of a version within sight.
    Row {
        /// The row, by its place in the whole version.
        row: NodeIndex,
        /// Which number of it.
        subject: Subject,
    },
    /// One's own number of a published version: what one carries in the periods of some days.
    Own {
        /// The node that carries it.
        node: NodeId,
        /// The first day of the first period.
        from: Day,
        /// The day after the last one of the last period.
        until: Day,
    },
}

impl From<Option<PeriodIndex>> for Subject {
    fn from(period: Option<PeriodIndex>) -> Self {
        period.map_or(Self::Total, Self::Period)
    }
}

impl Subject {
    /// What neighbouring periods have together in a plan of `all` periods: one of them is itself, and all are the total.
    pub fn spanning(first: PeriodIndex, periods: u16, all: usize) -> Self {
        match periods {
            1 => Self::Period(first),
            _ if usize::from(periods) == all => Self::Total,
            _ => Self::Span { first, periods },
        }
    }

    /// What a quarter has in a plan of `all` periods.
    pub fn of_quarter(quarter: &Quarter, all: usize) -> Self {
        Self::spanning(quarter.first, quarter.months, all)
    }

    /// Every number of a row that can be negotiated beside its total, with what it is called: each period, and then the quarters
    /// that are neither a period nor the total.
    pub fn named(fiscal: Fiscal, periods: &[Period]) -> Vec<(Self, Period)> {
        let each = (0..)
            .map(PeriodIndex)
            .map(Self::Period)
            .zip(periods.iter().cloned());
        let quarters = quarters(fiscal, periods).into_iter();
        let quarters = quarters.map(|quarter| (Self::of_quarter(&quarter, periods.len()), quarter.period));
        each.chain(quarters.filter(|(subject, _)| matches!(subject, Self::Span { .. })))
            .collect()
    }

    /// What it is called in a plan of these periods; none where it is the total, or where the plan has no such periods. Periods
    /// that make no quarter (any more) are called by the first and the last of them.
    pub fn name(self, fiscal: Fiscal, periods: &[Period]) -> Option<Period> {
        if !self.is_within(periods.len()) {
            return None;
        }
        let known = Self::named(fiscal, periods);
        if let Some((_, name)) = known.into_iter().find(|(subject, _)| *subject == self) {
            return Some(name);
        }
        let Self::Span { first, periods: many } = self else {
            return None;
        };
        let from = usize::from(first.0);
        let all = periods.get(from..from + usize::from(many))?;
        let (first, last) = (all.first()?, all.last()?);
        Some(Period {
            kind: first.kind,
            name: format!("{} – {}", first.name, last.name),
            start: first.start,
            end: last.end,
        })
    }

    /// Whether a plan of so many periods has it.
    pub fn is_within(self, all: usize) -> bool {
        match self {
            Self::Total => true,
            Self::Period(period) => usize::from(period.0) < all,
            Self::Span { first, periods } => {
                periods > 0 && usize::from(first.0) + usize::from(periods) <= all
            }
        }
    }

    /// Its periods, one by one; none for the total.
    pub fn periods(self) -> impl Iterator<Item = PeriodIndex> + use<> {
        let (first, periods) = match self {
            Self::Total => (0, 0),
            Self::Period(period) => (period.0, 1),
            Self::Span { first, periods } => (first.0, periods),
        };
        (first..first.saturating_add(periods)).map(PeriodIndex)
    }

    /// What it has, where `of` says what the total (`None`) or a period has.
    pub fn sum(self, mut of: impl FnMut(Option<PeriodIndex>) -> Minor) -> Minor {
        match self {
            Self::Total => of(None),
            Self::Period(_) | Self::Span { .. } => self.periods().fold(Minor(0), |sum, period| {
                Minor(sum.0.saturating_add(of(Some(period)).0))
            }),
        }
    }

    /// The command that gives it an amount: a total keeps its column, a part of it the row.
    pub fn command(self, node: NodeIndex, amount: Minor, give: Give, reason: Option<String>) -> PlanCommand {
        let set = |period: Option<PeriodIndex>, reason| PlanCommand::Set {
            node,
            period,
            amount,
            keep: Keep::default_for(period),
            give,
            reason,
        };
        match self {
            Self::Total => set(None, reason),
            Self::Period(period) => set(Some(period), reason),
            Self::Span { first, periods } => PlanCommand::SetSpan {
                node,
                first,
                periods,
                amount,
                keep: Keep::default_for(Some(first)),
                give,
                reason,
            },
        }
    }

    /// A short text that names it among the numbers of a row, as a form keeps it: empty, `3`, `3+3`.
    pub fn key(self) -> String {
        match self {
            Self::Total => String::new(),
            Self::Period(period) => period.0.to_string(),
            Self::Span { first, periods } => format!("{}+{periods}", first.0),
        }
    }

    /// What such a text names.
    pub fn of_key(key: &str) -> Option<Self> {
        if key.is_empty() {
            return Some(Self::Total);
        }
        let Some((first, periods)) = key.split_once('+') else {
            return Some(Self::Period(PeriodIndex(key.parse().ok()?)));
        };
        Some(Self::Span {
            first: PeriodIndex(first.parse().ok()?),
            periods: periods.parse().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::PeriodKind;
    use crate::format::{self, Lang};

    fn months(fiscal: Fiscal, from: &str, to: &str) -> Vec<Period> {
        let day = |text: &str| Day::parse_iso(text).unwrap();
        fiscal.periods(PeriodKind::Month, day(from), day(to))
    }

    fn span(first: u16, periods: u16) -> Subject {
        Subject::Span {
            first: PeriodIndex(first),
            periods,
        }
    }

    #[test]
    fn quarters_are_negotiated_in_any_fiscal_year_and_are_named_as_in_the_grid() {
        let calendar = Fiscal::default();
        let year = months(calendar, "2026-01-01", "2027-01-01");
        let named = Subject::named(calendar, &year);
        assert_eq!(named.len(), 12 + 4, "the total has no period");
        assert_eq!(named[12].0, span(0, 3));
        let words = |subject: Subject, fiscal, periods: &[Period], lang| {
            format::period(&subject.name(fiscal, periods).unwrap(), lang)
        };
        assert_eq!(words(span(0, 3), calendar, &year, Lang::En), "Q1 2026");
        assert_eq!(words(span(0, 3), calendar, &year, Lang::ZhCn), "2026年1季度");
        assert_eq!(
            words(Subject::Period(PeriodIndex(1)), calendar, &year, Lang::En),
            "Feb 2026"
        );
        let april = Fiscal::new(4).unwrap();
        let year = months(april, "2026-04-01", "2027-04-01");
        assert_eq!(words(span(3, 3), april, &year, Lang::En), "Q2 FY 2027");
        // Under another fiscal year these months are no quarter; they are told by themselves.
        let other = words(span(3, 3), Fiscal::new(5).unwrap(), &year, Lang::En);
        assert_eq!(other, "2026-07 – 2026-09");
        assert_eq!(Subject::Total.name(april, &year), None);
        assert_eq!(span(10, 3).name(april, &year), None, "not all of them are there");
    }

    #[test]
    fn a_quarter_of_one_month_is_that_month_and_one_that_is_all_there_is_is_the_total() {
        let calendar = Fiscal::default();
        let all = months(calendar, "2026-01-01", "2026-04-01");
        assert_eq!(
            Subject::named(calendar, &all).len(),
            3,
            "the quarter is the total"
        );
        let some = months(calendar, "2026-01-01", "2026-05-01");
        let named = Subject::named(calendar, &some);
        assert_eq!(named.len(), 4 + 1);
        assert_eq!(named[4].0, span(0, 3));
        assert_eq!(
            Subject::spanning(PeriodIndex(3), 1, 4),
            Subject::Period(PeriodIndex(3))
        );
        assert_eq!(Subject::spanning(PeriodIndex(0), 4, 4), Subject::Total);
    }

    #[test]
    fn a_quarter_is_the_sum_of_its_months_and_set_as_a_whole() {
        let of = |period: Option<PeriodIndex>| Minor(period.map_or(1_000, |period| 1 << period.0));
        assert_eq!(Subject::Total.sum(of), Minor(1_000));
        assert_eq!(Subject::Period(PeriodIndex(2)).sum(of), Minor(4));
        assert_eq!(span(1, 3).sum(of), Minor(2 + 4 + 8));
        let command = span(1, 3).command(NodeIndex(7), Minor(90), Give::Hedge, None);
        assert_eq!(
            command,
            PlanCommand::SetSpan {
                node: NodeIndex(7),
                first: PeriodIndex(1),
                periods: 3,
                amount: Minor(90),
                keep: Keep::Row,
                give: Give::Hedge,
                reason: None,
            }
        );
        assert_eq!(
            command.named(),
            [1, 2, 3].map(|month| (NodeIndex(7), Some(PeriodIndex(month))))
        );
        assert!(matches!(
            Subject::Total.command(NodeIndex(7), Minor(90), Give::Siblings, None),
            PlanCommand::Set {
                period: None,
                keep: Keep::Column,
                ..
            }
        ));
    }

    #[test]
    fn what_a_form_keeps_reads_back_and_nothing_else_does() {
        for subject in [Subject::Total, Subject::Period(PeriodIndex(11)), span(9, 3)] {
            assert_eq!(Subject::of_key(&subject.key()), Some(subject));
            let text = serde_json::to_string(&subject).unwrap();
            assert_eq!(serde_json::from_str::<Subject>(&text).unwrap(), subject);
        }
        for wrong in ["x", "1+", "+3", "-1", "1+x", "99999"] {
            assert_eq!(Subject::of_key(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_plan_has_only_what_lies_within_its_periods() {
        assert!(Subject::Total.is_within(0));
        assert!(
            Subject::Period(PeriodIndex(2)).is_within(3) && !Subject::Period(PeriodIndex(3)).is_within(3)
        );
        assert!(span(1, 2).is_within(3) && !span(2, 2).is_within(3) && !span(0, 0).is_within(3));
        assert!(!span(u16::MAX, u16::MAX).is_within(12));
        assert_eq!(span(u16::MAX, u16::MAX).periods().count(), 0);
    }
}
