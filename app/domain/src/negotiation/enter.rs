//! The agreed numbers of a row as amounts to enter in a draft, so that all of them hold at once: an agreed quarter is shared by the
//! months of it that nobody agreed on apart, and an agreed total by what is left then.

use super::Subject;
use crate::money::Minor;
use crate::plan::{Entered, Grid, NodeIndex, PeriodIndex, Refusal, by_period};

/// Amounts that are entered together or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToEnter {
    /// How many agreed numbers the draft has with them and does not have yet.
    pub numbers: u32,
    /// The amounts.
    pub amounts: Vec<Entered>,
}

/// What is to be entered of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowToEnter {
    /// What can be had in the row itself; no two cover the same, but quarters of different fiscal years.
    pub groups: Vec<ToEnter>,
    /// Agreed numbers that the row cannot have, and why.
    pub refused: Vec<(Subject, Refusal)>,
}

/// What of a row's agreed numbers is to be entered in a draft; nothing where it has all of them.
pub fn to_enter(grid: &Grid, node: NodeIndex, agreed: &[(Subject, Minor)]) -> RowToEnter {
    let missing = |subject: Subject, amount: Minor| {
        let now = subject.sum(|period| grid.amount(node, period));
        u32::from(now != amount)
    };
    let mut refused = Vec::new();
    let mut groups: Vec<ToEnter> = Vec::new();
    if agreed
        .iter()
        .all(|(subject, amount)| missing(*subject, *amount) == 0)
    {
        return RowToEnter::default();
    }
    let mut sorted = agreed.to_vec();
    // What lies within another comes before it.
    sorted.sort_by_key(|(subject, _)| match subject {
        Subject::Period(_) => 0,
        Subject::Span { .. } => 1,
        Subject::Total => 2,
    });
    for (subject, amount) in sorted {
        let entered = |period| Entered { node, period, amount };
        let (first, periods) = match subject {
            Subject::Total if groups.is_empty() => {
                groups.push(ToEnter {
                    numbers: missing(subject, amount),
                    amounts: vec![entered(None)],
                });
                continue;
            }
            Subject::Total => (PeriodIndex(0), grid.periods().count() as u16),
            Subject::Period(period) => {
                groups.push(ToEnter {
                    numbers: missing(subject, amount),
                    amounts: vec![entered(Some(period))],
                });
                continue;
            }
            Subject::Span { first, periods } => (first, periods),
        };
        let holds = |entered: &Entered| {
            let within = |period: PeriodIndex| period >= first && period.0 - first.0 < periods;
            entered.period.is_some_and(within)
        };
        let is_inner = |group: &ToEnter| group.amounts.iter().all(holds);
        let inner: Vec<ToEnter> = groups.iter().filter(|group| is_inner(group)).cloned().collect();
        let apart: Vec<Entered> = inner
            .iter()
            .flat_map(|group| group.amounts.iter().copied())
            .collect();
        match by_period(grid, node, (first, periods), amount, &apart) {
            Ok(amounts) => {
                groups.retain(|group| !is_inner(group));
                let numbers = inner.iter().map(|group| group.numbers).sum::<u32>();
                groups.push(ToEnter {
                    numbers: numbers + missing(subject, amount),
                    amounts,
                });
            }
            Err(refusal) => refused.push((subject, refusal)),
        }
    }
    groups.retain(|group| group.numbers > 0);
    RowToEnter { groups, refused }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::calendar::Day;
    use crate::id::{MemberId, UnitId, UserId};
    use crate::plan::{NodeRef, NodeSpec, PlanCommand, PlanPeriod, Shape, apply};

    const ROW: NodeIndex = NodeIndex(1);
    const QUARTER: Subject = Subject::Span {
        first: PeriodIndex(0),
        periods: 3,
    };

    /// A unit with one person, in six months of a hundred each.
    fn grid() -> Grid {
        let node = |parent, reference| NodeSpec {
            parent,
            reference,
            name: String::new(),
        };
        let nodes = vec![
            node(None, NodeRef::Unit(UnitId(uuid::Uuid::from_u128(1)))),
            node(
                Some(NodeIndex(0)),
                NodeRef::Member(MemberId(uuid::Uuid::from_u128(2))),
            ),
        ];
        let period = |at: i32| PlanPeriod {
            starts_on: Day(at * 30),
            ends_on: Day((at + 1) * 30),
        };
        let shape = Shape::new(nodes, (0..6).map(period).collect()).unwrap();
        Grid::from_leaves(Arc::new(shape), |_, _| Minor(100)).unwrap()
    }

    fn month(at: u16) -> Subject {
        Subject::Period(PeriodIndex(at))
    }

    /// How many numbers a group is of, and its amounts by period.
    type Told = (u32, Vec<(Option<u16>, i64)>);

    fn told(found: &RowToEnter) -> Vec<Told> {
        let of = |entered: &Entered| (entered.period.map(|period| period.0), entered.amount.0);
        let each = found.groups.iter();
        each.map(|group| (group.numbers, group.amounts.iter().map(of).collect()))
            .collect()
    }

    #[test]
    fn each_number_is_entered_by_itself_where_none_lies_within_another() {
        let grid = grid();
        let one = to_enter(&grid, ROW, &[(Subject::Total, Minor(660))]);
        assert_eq!(told(&one), [(1, vec![(None, 660)])]);
        let two = to_enter(&grid, ROW, &[(month(4), Minor(90)), (QUARTER, Minor(330))]);
        assert_eq!(
            told(&two),
            [
                (1, vec![(Some(4), 90)]),
                (1, vec![(Some(0), 110), (Some(1), 110), (Some(2), 110)])
            ]
        );
        let had = to_enter(&grid, ROW, &[(month(4), Minor(100)), (QUARTER, Minor(300))]);
        assert_eq!(had, RowToEnter::default(), "the draft has them");
    }

    #[test]
    fn what_was_agreed_on_apart_holds_within_a_quarter_and_within_the_total() {
        let grid = grid();
        let agreed = [
            (Subject::Total, Minor(630)),
            (month(1), Minor(140)),
            (QUARTER, Minor(330)),
        ];
        let all = to_enter(&grid, ROW, &agreed);
        assert!(all.refused.is_empty());
        assert_eq!(all.groups.len(), 1);
        assert_eq!(all.groups[0].numbers, 3);
        let amounts: Vec<i64> = all.groups[0]
            .amounts
            .iter()
            .map(|entered| entered.amount.0)
            .collect();
        assert_eq!(amounts, [95, 140, 95, 100, 100, 100]);
        // The month is as agreed already: it stays so while the quarter is shared.
        let still = to_enter(&grid, ROW, &[(month(1), Minor(100)), (QUARTER, Minor(340))]);
        assert_eq!(
            told(&still),
            [(1, vec![(Some(0), 120), (Some(1), 100), (Some(2), 120)])]
        );
    }

    #[test]
    fn what_cannot_hold_together_is_refused_and_the_parts_are_entered() {
        let mut grid = grid();
        let agreed = [(month(0), Minor(200)), (QUARTER, Minor(150))];
        let found = to_enter(&grid, ROW, &agreed);
        assert_eq!(told(&found), [(1, vec![(Some(0), 200)])]);
        assert!(matches!(
            found.refused[..],
            [(QUARTER, Refusal::Blocked { node: ROW, .. })]
        ));
        let lock = PlanCommand::Lock {
            node: ROW,
            period: Some(PeriodIndex(0)),
            by: UserId::default(),
        };
        let deltas = apply(&grid, &lock).unwrap();
        grid.fold(&deltas).unwrap();
        let held = to_enter(&grid, ROW, &[(QUARTER, Minor(340))]);
        assert_eq!(
            told(&held),
            [(1, vec![(Some(0), 100), (Some(1), 120), (Some(2), 120)])]
        );
    }
}
