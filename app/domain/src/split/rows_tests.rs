use std::sync::Arc;

use uuid::Uuid;

use super::*;
use crate::approval::Review;
use crate::calendar::Day;
use crate::id::{MemberId, PlanId, UnitId, UserId, VersionId};
use crate::money::Currency;
use crate::plan::{Grid, NodeRef, NodeSpec, PlanPeriod, Shape};
use crate::split::Stacks;
use crate::target::VersionStatus;

/// A company of two teams: Alpha (Ann 5, Ben 9) and Beta (Cem 20); each had 10 last year, Ben is on record with 7.
fn open() -> OpenGrid {
    let unit = |id: u128| NodeRef::Unit(UnitId(Uuid::from_u128(id)));
    let member = |id: u128| NodeRef::Member(MemberId(Uuid::from_u128(id)));
    let node = |parent: Option<u32>, reference, name: &str| NodeSpec {
        parent: parent.map(NodeIndex),
        reference,
        name: name.to_owned(),
    };
    let nodes = vec![
        node(None, unit(1), "Company"),
        node(Some(0), unit(2), "Alpha"),
        node(Some(1), member(3), "Ann"),
        node(Some(1), member(4), "Ben"),
        node(Some(0), unit(5), "Beta"),
        node(Some(4), member(6), "Cem"),
    ];
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
        grid,
        offset: 0,
        roots: Vec::new(),
        levels: levels.map(str::to_owned).to_vec(),
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
    let shape = open.grid.shape();
    let names = |one: NodeIndex, other: NodeIndex| shape.name(one).cmp(shape.name(other));
    open.rows(&[true; 6], wanted, sort, Against::Start, &names)
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
    let open = open();
    assert_eq!(open.base(NodeIndex(3), Against::Start), Some(Minor(8)));
    assert_eq!(open.base(NodeIndex(3), Against::LastYear), Some(Minor(10)));
    assert_eq!(open.base(NodeIndex(3), Against::Record), Some(Minor(7)));
    assert_eq!(open.base(NodeIndex(2), Against::Record), None);
}
