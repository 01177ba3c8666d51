//! The log: undo and redo, what the hash chain covers, and explanations.

use domain::explain::{Explanation, Step, StepKind, What, explain, explain_over};
use domain::money::Minor;
use domain::plan::{
    Basis, Deltas, Entry, Grid, Intent, Log, NodeIndex, PeriodIndex, PlanCommand, Refusal, UndoRefusal, apply,
};
use proptest::prelude::*;

use crate::plan::{set, split};
use crate::tree::{command, family, held_plan, raw, who};

const Q1: Option<PeriodIndex> = Some(PeriodIndex(0));

/// A plan with its log.
pub(crate) struct Desk {
    pub(crate) grid: Grid,
    pub(crate) log: Log,
}

impl Desk {
    pub(crate) fn new(grid: Grid) -> Self {
        Self {
            grid,
            log: Log::default(),
        }
    }

    pub(crate) fn do_as(&mut self, author: u128, command: PlanCommand) -> Result<Deltas, Refusal> {
        let deltas = apply(&self.grid, &command)?;
        self.grid.fold(&deltas).unwrap();
        let seq = self.log.head() + 1;
        self.log
            .push(Entry::new(
                seq,
                seq as i64 * 1_000,
                who(author),
                command,
                deltas.clone(),
            ))
            .unwrap();
        Ok(deltas)
    }

    pub(crate) fn undo(&mut self, author: u128) -> bool {
        let undo = self.log.undo(who(author), &self.grid).unwrap();
        let quiet = undo.differences.is_empty();
        self.do_as(author, undo.command).unwrap();
        quiet
    }

    pub(crate) fn redo(&mut self, author: u128) {
        let redo = self.log.redo(who(author), &self.grid).unwrap();
        self.do_as(author, redo.command).unwrap();
    }

    pub(crate) fn row(&self) -> Vec<i64> {
        self.grid.column(PeriodIndex(0)).to_vec()
    }
}

#[test]
fn undo_and_redo_walk_ones_own_commands() {
    let mut desk = Desk::new(family(&[10, 20, 30]));
    desk.do_as(1, set(1, 20)).unwrap();
    desk.do_as(1, set(2, 6)).unwrap();
    let after = desk.row();
    assert!(desk.undo(1) && desk.undo(1));
    assert_eq!(desk.row(), [60, 10, 20, 30]);
    assert_eq!(desk.log.undo(who(1), &desk.grid), Err(UndoRefusal::Nothing));
    desk.redo(1);
    desk.redo(1);
    assert_eq!(desk.row(), after);
    assert_eq!(desk.log.redo(who(1), &desk.grid), Err(UndoRefusal::Nothing));
    assert!(desk.undo(1));
    // A new command ends what could be done again.
    desk.do_as(1, set(3, 1)).unwrap();
    assert_eq!(desk.log.redo(who(1), &desk.grid), Err(UndoRefusal::Nothing));
    desk.grid.check().unwrap();
}

#[test]
fn undo_shows_what_others_changed_since_and_keeps_it() {
    let mut desk = Desk::new(family(&[100, 200, 300]));
    desk.do_as(1, set(1, 150)).unwrap();
    let mine = desk.row();
    desk.do_as(2, set(2, 100)).unwrap();
    let undo = desk.log.undo(who(1), &desk.grid).unwrap();
    let first = undo.differences.first().unwrap();
    assert_eq!((first.by, first.seq), (who(2), 2));
    assert_eq!(first.left, Minor(mine[first.cell.0 as usize]));
    assert!(matches!(
        undo.command,
        PlanCommand::Restore {
            of: 1,
            intent: Intent::Undo,
            ..
        }
    ));
    desk.do_as(1, undo.command).unwrap();
    desk.grid.check().unwrap();
    // Only the own change is gone: 100 → 150 and what it took from the others.
    assert_eq!(desk.grid.amount(NodeIndex(2), Q1), Minor(100 + 200 - mine[2]));
    assert_eq!(desk.log.undo(who(3), &desk.grid), Err(UndoRefusal::Nothing));
}

#[test]
fn undo_respects_todays_locks() {
    let mut desk = Desk::new(family(&[10, 20, 30]));
    desk.do_as(1, set(1, 20)).unwrap();
    desk.do_as(
        2,
        PlanCommand::Lock {
            node: NodeIndex(3),
            period: Q1,
            by: who(2),
        },
    )
    .unwrap();
    let undo = desk.log.undo(who(1), &desk.grid).unwrap();
    assert!(undo.differences.is_empty());
    let refused = apply(&desk.grid, &undo.command);
    assert!(
        matches!(
            refused,
            Err(Refusal::Locked {
                node: NodeIndex(3),
                ..
            })
        ),
        "{refused:?}"
    );
    assert!(desk.undo(2));
    assert!(desk.undo(1));
    assert_eq!(desk.row(), [60, 10, 20, 30]);
}

#[test]
fn what_others_hold_since_stays_or_is_released_with_the_step() {
    let mut desk = Desk::new(family(&[10, 20, 30]));
    let (node, period) = (NodeIndex(3), Q1);
    let lock = |by| PlanCommand::Lock {
        node,
        period,
        by: who(by),
    };
    desk.do_as(1, set(1, 20)).unwrap();
    desk.do_as(1, lock(1)).unwrap();
    desk.do_as(2, PlanCommand::Unlock { node, period }).unwrap();
    assert_eq!(
        desk.log.undo(who(1), &desk.grid),
        Err(UndoRefusal::ConstraintChanged)
    );
    // Nothing is left of it to take back, and the step before is reached all the same.
    let rest = desk.log.rest(who(1), Intent::Undo, &desk.grid).unwrap();
    assert!(desk.do_as(1, rest.command).unwrap().is_empty());
    desk.do_as(2, lock(2)).unwrap();
    let undo = desk.log.undo(who(1), &desk.grid).unwrap();
    assert!(apply(&desk.grid, &undo.command).is_err());
    let undo = undo.unlocking(&desk.grid, &[(node, period)]);
    desk.do_as(1, undo.command).unwrap();
    assert_eq!(desk.row(), [60, 10, 20, 30]);
    assert_eq!(desk.grid.constraint(node, period).lock, None);
    // Done again, the lock is back with it.
    desk.redo(1);
    assert_eq!(desk.grid.constraint(node, period).lock, Some(who(2)));
    desk.grid.check().unwrap();
}

#[test]
fn what_is_put_back_is_checked_like_a_strangers() {
    let grid = family(&[10, 20, 30]);
    let restore = |deltas: Deltas| {
        apply(
            &grid,
            &PlanCommand::Restore {
                of: 1,
                intent: Intent::Undo,
                deltas,
            },
        )
    };
    let made = apply(&grid, &set(1, 20)).unwrap();
    let mut torn = made.clone();
    torn.cells.pop();
    assert_eq!(
        restore(torn),
        Err(Refusal::Unbalanced {
            node: NodeIndex(0),
            period: PeriodIndex(0)
        })
    );
    let mut late = made.clone();
    late.cells[0].old = Minor(11);
    assert!(matches!(
        restore(late),
        Err(Refusal::Changed { found: Minor(10), .. })
    ));
    let mut far = made.clone();
    far.cells[0].cell.0 = 900;
    assert!(restore(far).is_err());
    let mut twice = made.clone();
    twice.cells.insert(0, twice.cells[0]);
    assert!(restore(twice).is_err());
    assert_eq!(restore(made.clone()), Ok(made));
}

#[test]
fn the_chain_covers_every_part_of_an_entry() {
    let grid = family(&[10, 20, 30]);
    let deltas = apply(&grid, &set(1, 20)).unwrap();
    let entry = Entry::new(1, 5, who(1), set(1, 20), deltas);
    let bytes = entry.chain_bytes(b"before", b"{}");
    let mut others = vec![
        entry.chain_bytes(b"befor", b"e{}"),
        entry.chain_bytes(b"before", b"{ }"),
    ];
    for change in [
        |entry: &mut Entry| entry.seq = 2,
        |entry: &mut Entry| entry.at_ms = 6,
        |entry: &mut Entry| entry.author = who(2),
        |entry: &mut Entry| entry.engine += 1,
        |entry: &mut Entry| entry.deltas = entry.deltas.invert(),
    ] {
        let mut other = entry.clone();
        change(&mut other);
        others.push(other.chain_bytes(b"before", b"{}"));
    }
    assert!(others.iter().all(|other| *other != bytes));
}

#[test]
fn every_number_says_why() {
    let mut desk = Desk::new(family(&[300, 300, 400]));
    desk.do_as(1, split([(500_000, &[1, 1, 1]), (500_000, &[1, 2, 1])], 1))
        .unwrap();
    desk.do_as(2, set(2, 400)).unwrap();
    let start = family(&[300, 300, 400]);
    let why = explain(&start, desk.log.entries(), NodeIndex(2), Q1).unwrap();
    assert_eq!(why.amount, Minor(400));
    let amounts: Vec<i64> = why.steps.iter().map(|step| step.amount.0).collect();
    assert_eq!(amounts, [167, 250, -16, -1], "rounding comes last");
    assert!(matches!(
        why.steps[1].kind,
        StepKind::Basis {
            basis: Basis::History,
            share_ppm: 500_000,
            weight: 2,
            of_weight: 4,
            ..
        }
    ));
    assert!(matches!(why.steps[3].kind, StepKind::Rounding { .. }));
    assert!(matches!(
        &why.steps[2].kind,
        StepKind::Change {
            what: What::Set,
            seq: 2,
            reason: Some(_),
            ..
        }
    ));
    let parent = explain(&start, desk.log.entries(), NodeIndex(0), None).unwrap();
    assert_eq!((parent.steps.len(), &parent.steps[0].kind), (1, &StepKind::Start));
    let json = serde_json::to_string(&why).unwrap();
    assert_eq!(
        serde_json::from_str::<domain::explain::Explanation>(&json).unwrap(),
        why
    );
}

#[test]
fn what_was_taken_back_is_no_step() {
    let start = family(&[300, 300, 400]);
    let mut desk = Desk::new(start.clone());
    desk.do_as(1, split([(1_000_000, &[1, 1, 1]), (0, &[0, 0, 0])], 1))
        .unwrap();
    let of_split = explain(&start, desk.log.entries(), NodeIndex(2), Q1).unwrap();
    let steps = |desk: &Desk| explain(&start, desk.log.entries(), NodeIndex(2), Q1).unwrap();
    // A change and its undo.
    desk.do_as(1, set(2, 400)).unwrap();
    let changed = steps(&desk);
    desk.undo(1);
    assert_eq!(steps(&desk), of_split);
    // Done again it is the change that it was.
    desk.redo(1);
    assert_eq!(steps(&desk), changed);
    desk.undo(1);
    // Another split and its undo: the one before is the reason again.
    desk.do_as(1, split([(0, &[0, 0, 0]), (1_000_000, &[1, 8, 1])], 1))
        .unwrap();
    assert_ne!(steps(&desk), of_split);
    desk.undo(1);
    assert_eq!(steps(&desk), of_split);
    // Taken back after somebody else's change: that one stays.
    desk.do_as(1, set(2, 500)).unwrap();
    desk.do_as(2, set(2, 600)).unwrap();
    assert!(!desk.undo(1));
    let why = steps(&desk);
    let changes: Vec<(u64, i64)> = why
        .steps
        .iter()
        .filter_map(|step| match step.kind {
            StepKind::Change { seq, .. } => Some((seq, step.amount.0)),
            _ => None,
        })
        .collect();
    assert_eq!(changes, [(desk.log.head() - 1, 100)]);
    // Numbers that start anew are another version's: its undo is not of the log before.
    let mut two = desk.log.entries().to_vec();
    let mut branch = Desk::new(desk.grid.clone());
    branch.do_as(1, set(2, 450)).unwrap();
    branch.undo(1);
    two.extend(branch.log.entries().iter().cloned());
    assert_eq!(explain(&start, &two, NodeIndex(2), Q1).unwrap(), why);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6 * ProptestConfig::default().cases, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_log_leads_to_the_state_and_explains_it(grid in held_plan(), raws in prop::collection::vec((raw(), 1_u128..3), 1..6)) {
        let mut desk = Desk::new(grid.clone());
        for (raw, author) in &raws {
            let command = command(&desk.grid, raw);
            let _ = desk.do_as(*author, command);
        }
        let mut folded = grid.clone();
        prop_assert_eq!(desk.log.fold(&mut folded, 0), Ok(desk.log.head()));
        prop_assert_eq!(&folded, &desk.grid);
        // Replaying the commands decides the same.
        let mut replayed = grid.clone();
        for entry in desk.log.entries() {
            prop_assert_eq!(apply(&replayed, &entry.command), Ok(entry.deltas.clone()));
            replayed.fold(&entry.deltas).unwrap();
        }
        for node in grid.shape().nodes() {
            for period in grid.periods().map(Some).chain([None]) {
                let why = explain(&grid, desk.log.entries(), node, period).unwrap();
                prop_assert_eq!(why.amount, folded.amount(node, period));
                prop_assert_eq!(why.steps.iter().map(|step| step.amount.0).sum::<i64>(), why.amount.0);
                let place = |step: &Step| match step.kind {
                    StepKind::Start | StepKind::Basis { .. } | StepKind::Unweighted { .. } => 0,
                    StepKind::Factor { .. } => 1,
                    StepKind::Hedge { .. } => 2,
                    StepKind::Bounds { .. } | StepKind::Absence { .. } | StepKind::Proposal { .. } => 3,
                    StepKind::Change { .. } => 4,
                    StepKind::Rounding { .. } => 5,
                    // Those of numbers beside the plan.
                    _ => 6,
                };
                prop_assert!(why.steps.is_sorted_by_key(place), "{:?}", why.steps);
            }
            // Some of the periods together.
            let some: Vec<_> = grid.periods().skip(1).collect();
            let why = explain_over(&grid, desk.log.entries(), node, &some).unwrap();
            let amount: i64 = some.iter().map(|period| folded.amount(node, Some(*period)).0).sum();
            prop_assert_eq!(why.amount.0, amount);
            prop_assert_eq!(why.steps.iter().map(|step| step.amount.0).sum::<i64>(), amount);
        }
        // One author alone goes back to where it began.
        let mut alone = Desk::new(grid.clone());
        for (raw, _) in &raws {
            let command = command(&alone.grid, raw);
            let _ = alone.do_as(1, command);
        }
        let done = alone.grid.clone();
        let mut back = 0;
        while let Ok(undo) = alone.log.undo(who(1), &alone.grid) {
            prop_assert!(undo.differences.is_empty());
            alone.do_as(1, undo.command).unwrap();
            back += 1;
        }
        prop_assert_eq!(&alone.grid, &grid);
        let made = alone.log.entries().len() - back;
        let explained = |entries: &[Entry]| {
            grid.shape().nodes().map(|node| explain(&grid, entries, node, None).unwrap()).collect::<Vec<_>>()
        };
        let changed = |why: &Explanation| why.steps.iter().any(|step| matches!(step.kind, StepKind::Change { .. }));
        // A split that changed nothing is not taken back and stays the reason of what was there.
        let idle = alone.log.entries().iter().any(|entry| {
            matches!(entry.command, PlanCommand::Split { .. }) && entry.deltas.is_empty()
        });
        prop_assert!(idle || !explained(alone.log.entries()).iter().any(changed));
        for _ in 0..back {
            alone.redo(1);
        }
        prop_assert_eq!(&alone.grid, &done);
        prop_assert_eq!(explained(alone.log.entries()), explained(&alone.log.entries()[..made]));
    }
}
