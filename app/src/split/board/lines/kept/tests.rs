use domain::line::rows::SetByHand;
use domain::money::Minor;

use super::*;

fn change(node: u32, amount: i64) -> LineChange {
    let set = |amount| SetByHand {
        amount: Minor(amount),
        by: "王五".to_owned(),
        at_ms: i64::MAX,
        reason: None,
    };
    LineChange {
        node: NodeIndex(node),
        key: "pump".to_owned(),
        period: Some(PeriodIndex(2)),
        before: None,
        after: Some(set(amount)),
    }
}

fn kept() -> KeptLines {
    let by = LineBy::Product;
    let step = |node, amount| LineStep {
        by,
        changes: vec![change(node, amount)],
    };
    KeptLines {
        waiting: vec![LineTask {
            step: step(2, 5),
            done: vec![change(3, 6)],
            intent: Some(Intent::Undo),
            at: -1,
        }],
        undo: vec![(-1, step(4, 7))],
        redo: vec![(0, step(5, 8))],
        refused: vec![RefusedLine {
            by,
            change: change(6, 9),
            why: NoLine::Error(AppError::NotFound),
        }],
        wrong: vec![WrongLine {
            by,
            node: NodeIndex(7),
            key: "pump".to_owned(),
            period: None,
            text: "12o".to_owned(),
        }],
    }
}

#[test]
fn what_is_kept_is_read_as_it_was_written() {
    let text = serde_json::to_string(&kept()).unwrap();
    assert_eq!(serde_json::from_str::<KeptLines>(&text).unwrap(), kept());
    assert!(KeptLines::default().is_empty() && !kept().is_empty());
}

#[test]
fn what_was_kept_before_lines_had_periods_is_of_the_whole_plan() {
    let text = serde_json::to_string(&kept()).unwrap();
    let old = text.replace("\"period\":2,", "").replace("\"period\":null,", "");
    assert!(!old.contains("period"), "{old}");
    let read = serde_json::from_str::<KeptLines>(&old).unwrap();
    assert_eq!(read.refused[0].change.place(), (NodeIndex(6), None));
    assert_eq!(read.wrong, kept().wrong);
}

#[test]
fn every_row_goes_with_the_part_that_is_shown() {
    let there = kept().moved(|node| NodeIndex(node.0 + 10));
    assert_eq!(there.waiting[0].step.changes[0].node, NodeIndex(12));
    assert_eq!(there.waiting[0].done[0].node, NodeIndex(13));
    assert_eq!(there.undo[0].1.changes[0].node, NodeIndex(14));
    assert_eq!(there.redo[0].1.changes[0].node, NodeIndex(15));
    assert_eq!(there.refused[0].change.node, NodeIndex(16));
    assert_eq!(there.wrong[0].node, NodeIndex(17));
    assert_eq!(there.moved(|node| NodeIndex(node.0 - 10)), kept());
}

#[test]
fn what_was_not_taken_goes_with_the_draft_that_continues_a_version() {
    let left = kept().left_over();
    assert_eq!((&left.refused, &left.wrong), (&kept().refused, &kept().wrong));
    assert!(left.waiting.is_empty() && left.undo.is_empty() && left.redo.is_empty());
    let nothing = KeptLines {
        undo: kept().undo,
        ..KeptLines::default()
    };
    assert!(nothing.left_over().is_empty());
}

#[test]
fn what_is_not_in_sight_is_said_by_its_period() {
    let KeptLines { refused, wrong, .. } = kept();
    let found = |by, shown| {
        let found = elsewhere((by, shown), &refused, &wrong);
        found.into_iter().collect::<Vec<_>>()
    };
    let third = Some(PeriodIndex(2));
    assert_eq!(found(LineBy::Product, Some(PeriodIndex(0))), [None, third]);
    assert_eq!(found(LineBy::Product, None), [third]);
    assert_eq!(found(LineBy::Product, third), [None]);
    assert!(found(LineBy::Channel, third).is_empty());
}
