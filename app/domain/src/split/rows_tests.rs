use std::sync::Arc;

use super::*;
use crate::approval::Review;
use crate::calendar::{Day, Period, PeriodKind};
use crate::id::{PlanId, UserId, VersionId};
use crate::money::Currency;
use crate::plan::{Grid, PlanPeriod, Shape};
use crate::split::fixture::nodes;
use crate::split::{InForce, Quarter, Stacks};
use crate::target::VersionStatus;

/// A company of two teams: Alpha (Ann 5, Ben 9) and Beta (Cem 20); each had 10 last year, Ben is on record with 7.
fn open() -> OpenGrid {
    let nodes = nodes(&[
        (None, false, "Company"),
        (Some(0), false, "Alpha"),
        (Some(1), true, "Ann"),
        (Some(1), true, "Ben"),
        (Some(0), false, "Beta"),
        (Some(4), true, "Cem"),
    ]);
    let period = PlanPeriod {
        starts_on: Day(0),
        ends_on: Day(30),
    };
    let shape = Arc::new(Shape::new(nodes, vec![period]).unwrap());
    let grid = Grid::from_leaves(shape, |node, _| Minor([0, 0, 5, 9, 0, 20][node.0 as usize])).unwrap();
    let levels = ["company", "team", "member", "member", "team", "member"];
    OpenGrid {
        plan: PlanId::default(),
        plan_name: String::new(),
        version: VersionId::default(),
        number: 1,
        status: VersionStatus::Draft,
        metric: String::new(),
        currency: Currency::from_code("CNY").unwrap(),
        periods: Vec::new(),
        quarters: Vec::new(),
        grid,
        offset: 0,
        roots: Vec::new(),
        ranks: [0, 0, 0, 1, 1, 0].to_vec(),
        levels: levels.into_iter().collect(),
        head: 0,
        start: [34, 14, 6, 8, 20, 20].map(Minor).to_vec(),
        history: [
            None,
            None,
            Some(Minor(10)),
            Some(Minor(10)),
            None,
            Some(Minor(10)),
        ]
        .to_vec(),
        record: [None, None, None, Some(Minor(7)), None, None].to_vec(),
        bases: Vec::new(),
        in_force: InForce::default(),
        seasons: Vec::new(),
        me: UserId::default(),
        review: Review::NotNeeded,
        may_edit: true,
        own: Vec::new(),
        undoable: Stacks::default(),
        people: std::collections::BTreeMap::new(),
        news: None,
    }
}

fn rows(open: &OpenGrid, wanted: Option<&[bool]>, sort: Option<Sort>) -> Vec<u32> {
    open.rows(&[true; 6], wanted, sort, Against::Start)
        .iter()
        .map(|node| node.0)
        .collect()
}

#[test]
fn rows_are_sorted_within_their_parent() {
    let open = open();
    let by = |by, descending| Some(Sort { by, descending });
    assert_eq!(rows(&open, None, None), [0, 1, 2, 3, 4, 5]);
    assert_eq!(
        rows(&open, None, by(SortBy::Amount(None), true)),
        [0, 4, 5, 1, 3, 2]
    );
    assert_eq!(rows(&open, None, by(SortBy::Name, true)), [0, 4, 5, 1, 3, 2]);
    assert_eq!(rows(&open, None, by(SortBy::Change, false)), [0, 1, 2, 3, 4, 5]);
    // A quarter of which the plan has one month is sorted as that month is.
    let mut open = open;
    open.quarters = vec![Quarter {
        period: Period {
            kind: PeriodKind::Quarter,
            name: "1970-Q1".to_owned(),
            start: Day(0),
            end: Day(30),
        },
        first: PeriodIndex(0),
        months: 1,
        whole: false,
    }];
    let by_quarter = |place| rows(&open, None, by(SortBy::Quarter(place), true));
    assert_eq!(by_quarter(0), [0, 4, 5, 1, 3, 2]);
    assert_eq!(
        by_quarter(1),
        [0, 1, 2, 3, 4, 5],
        "what is not there sorts nothing"
    );
    let known_elsewhere = open.rows_by(&[true; 6], None, by(SortBy::Chance, true), |node, by| {
        (by == SortBy::Chance).then(|| i64::from(node.0))
    });
    assert_eq!(known_elsewhere, [0, 4, 5, 1, 3, 2].map(NodeIndex));
}

#[test]
fn names_are_in_the_order_they_are_said_to_be() {
    // As 重庆 (chong qing) comes before 朝阳 (zhao yang) though it is written with the later sign.
    let mut open = open();
    open.ranks = vec![0, 1, 1, 0, 0, 0];
    let by_name = Some(Sort {
        by: SortBy::Name,
        descending: false,
    });
    assert_eq!(rows(&open, None, by_name), [0, 4, 5, 1, 3, 2]);
}

#[test]
fn a_head_is_pressed_three_times_to_come_back() {
    let first = Sort::next(None, SortBy::Share);
    let second = Sort::next(first, SortBy::Share);
    assert!(first.is_some_and(|sort| sort.descending) && second.is_some_and(|sort| !sort.descending));
    assert_eq!(Sort::next(second, SortBy::Share), None);
    assert!(Sort::next(second, SortBy::Name).is_some_and(|sort| !sort.descending));
}

#[test]
fn a_filter_shows_what_is_above() {
    let open = open();
    let shown = |only| rows(&open, open.wanted(only, None).as_deref(), None);
    assert_eq!(shown(Only::All), [0, 1, 2, 3, 4, 5]);
    assert_eq!(shown(Only::Changed), [0, 1, 2, 3]);
    assert_eq!(shown(Only::BelowLastYear), [0, 1, 2, 3]);
    assert!(shown(Only::Locked).is_empty() && shown(Only::Uneven).is_empty());
    let found = |node: NodeIndex| node == NodeIndex(5);
    assert_eq!(
        rows(&open, open.wanted(Only::All, Some(&found)).as_deref(), None),
        [0, 4, 5]
    );
    assert!(
        open.wanted(Only::Changed, Some(&found))
            .is_some_and(|wanted| !wanted.contains(&true))
    );
}

#[test]
fn levels_unfold_down_to_themselves() {
    let open = open();
    assert_eq!(open.level_names(), ["company", "team", "member"]);
    let each = open.grid.shape().nodes().map(|node| open.levels.at(node));
    assert_eq!(
        each.collect::<Vec<_>>(),
        ["company", "team", "member", "member", "team", "member"]
    );
    assert_eq!(open.levels.at(NodeIndex(u32::MAX)), "", "there is no such row");
    assert_eq!(open.unfolded_to("company"), [false; 6]);
    assert_eq!(
        open.unfolded_to("team"),
        [true, false, false, false, false, false]
    );
    assert_eq!(
        open.unfolded_to("member"),
        [true, true, false, false, true, false]
    );
}

#[test]
fn amounts_are_held_against_what_is_known() {
    let mut open = open();
    assert_eq!(open.base(NodeIndex(3), Against::Start), Some(Minor(8)));
    assert_eq!(open.base(NodeIndex(3), Against::LastYear), Some(Minor(10)));
    assert_eq!(open.base(NodeIndex(3), Against::Record), Some(Minor(7)));
    assert_eq!(open.base(NodeIndex(2), Against::Record), None);
    // Who did nothing at all was not there yet.
    open.history[3] = Some(Minor(0));
    assert_eq!(open.base(NodeIndex(3), Against::LastYear), None);
}
