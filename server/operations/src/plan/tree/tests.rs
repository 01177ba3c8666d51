use domain::id::{AssignmentId, LeaveId};
use domain::staffing::{LeaveInput, LeaveKind};
use uuid::Uuid;

use super::*;

const Q1: Span = Span {
    starts_on: Day(100),
    ends_on: Day(190),
};

fn unit(id: u128, parent: Option<u128>, manager: Option<u128>) -> Unit {
    Unit {
        id: UnitId(Uuid::from_u128(id)),
        parent: parent.map(|id| UnitId(Uuid::from_u128(id))),
        level: "team".to_owned(),
        name: format!("unit {id}"),
        code: None,
        pinyin: String::new(),
        manager: manager.map(|id| MemberId(Uuid::from_u128(id))),
        starts_on: Day(0),
        ends_on: None,
        import: None,
        demo: false,
    }
}

fn member(id: u128) -> Member {
    Member {
        id: MemberId(Uuid::from_u128(id)),
        external_id: None,
        name: format!("member {id}"),
        pinyin: String::new(),
        email: None,
        hired_on: None,
        left_on: None,
        import: None,
        demo: false,
    }
}

fn assignment(member: u128, unit: u128, from: i32, to: Option<i32>, share_ppm: u32) -> Assignment {
    Assignment {
        id: AssignmentId(Uuid::from_u128(member * 100 + unit)),
        member: MemberId(Uuid::from_u128(member)),
        unit: UnitId(Uuid::from_u128(unit)),
        share_ppm,
        starts_on: Day(from),
        ends_on: to.map(Day),
    }
}

fn names(tree: &Tree) -> Vec<&str> {
    tree.nodes.iter().map(|node| node.name.as_str()).collect()
}

/// Company 1 with teams 2 (led by 21) and 3 (nobody in it); people 22 and 23 in team 2.
fn parts() -> Parts {
    Parts {
        units: vec![
            unit(1, None, None),
            unit(2, Some(1), Some(21)),
            unit(3, Some(1), None),
        ],
        members: vec![member(21), member(22), member(23)],
        assignments: vec![
            assignment(21, 2, 0, None, WHOLE_PPM),
            assignment(22, 2, 0, None, WHOLE_PPM),
            assignment(23, 2, 0, None, WHOLE_PPM),
        ],
        leave: Vec::new(),
    }
}

#[test]
fn who_leads_is_no_leaf_and_empty_units_are_left_out() {
    let tree = parts().tree(Day(50), Q1, &BTreeSet::new());
    assert_eq!(names(&tree), ["unit 1", "unit 2", "member 22", "member 23"]);
    assert_eq!(tree.nodes[1].carrier, Some(MemberId(Uuid::from_u128(21))));
    assert_eq!(tree.nodes[2].parent, Some(tree.nodes[1].id));
    assert_eq!(tree.leaves.keys().copied().collect::<Vec<_>>(), [2, 3]);
}

#[test]
fn units_without_a_row_are_told_by_the_highest_of_them() {
    let mut parts = parts();
    parts.units.push(unit(4, Some(3), None));
    // It is over before the plan begins, and no matter of it.
    parts.units.push(Unit {
        ends_on: Some(Day(60)),
        ..unit(5, Some(1), None)
    });
    let tree = parts.tree(Day(50), Q1, &BTreeSet::new());
    let told = |parts: &Parts| -> Vec<String> {
        let missing = left_out(&parts.units, &tree.nodes, Day(50), Q1);
        missing.into_iter().map(|unit| unit.name.clone()).collect()
    };
    assert_eq!(told(&parts), ["unit 3"]);
    // Whoever is there later has no row in it either.
    parts.members.push(member(31));
    parts.assignments.push(assignment(31, 4, 0, None, WHOLE_PPM));
    assert_eq!(told(&parts), ["unit 3"]);
    let now = parts.tree(Day(50), Q1, &BTreeSet::new());
    assert!(left_out(&parts.units, &now.nodes, Day(50), Q1).is_empty());
}

#[test]
fn who_leads_and_sells_is_a_leaf_too() {
    let sells = BTreeSet::from([MemberId(Uuid::from_u128(21))]);
    let tree = parts().tree(Day(50), Q1, &sells);
    assert_eq!(
        names(&tree),
        ["unit 1", "unit 2", "member 21", "member 22", "member 23"]
    );
    let mut parts = parts();
    parts.assignments.remove(0);
    assert_eq!(
        names(&parts.tree(Day(50), Q1, &sells))[2],
        "member 21",
        "below the unit they lead"
    );
}

#[test]
fn who_is_alone_in_the_unit_they_lead_carries_its_number() {
    // 31 leads team 3, where there is nobody else: without them the team's part of the company would be the others'.
    let mut alone = parts();
    alone.members.push(member(31));
    alone.units[2].manager = Some(MemberId(Uuid::from_u128(31)));
    alone.assignments.push(assignment(31, 3, 0, None, WHOLE_PPM));
    let expected = [
        "unit 1",
        "unit 2",
        "member 22",
        "member 23",
        "unit 3",
        "member 31",
    ];
    let tree = alone.tree(Day(50), Q1, &BTreeSet::new());
    assert_eq!(names(&tree), expected);
    assert_eq!(tree.nodes[4].carrier, tree.nodes[5].carrier);
    assert_eq!(tree.leaves[&5].presence(Q1), 90_000_000);
    // So do they where they are assigned nowhere.
    alone.assignments.pop();
    assert_eq!(names(&alone.tree(Day(50), Q1, &BTreeSet::new())), expected);
    // A unit above that has nobody of its own either is kept with it.
    alone.units.push(unit(4, Some(1), None));
    alone.units[2].parent = Some(UnitId(Uuid::from_u128(4)));
    assert_eq!(
        names(&alone.tree(Day(50), Q1, &BTreeSet::new())),
        [
            "unit 1",
            "unit 2",
            "member 22",
            "member 23",
            "unit 4",
            "unit 3",
            "member 31"
        ]
    );
    // Who belongs elsewhere, or has left, is not in the unit.
    alone.assignments.push(assignment(31, 1, 0, None, WHOLE_PPM));
    assert_eq!(names(&alone.tree(Day(50), Q1, &BTreeSet::new())).len(), 4);
    alone.assignments.pop();
    alone.members[3].left_on = Some(Day(40));
    assert_eq!(names(&alone.tree(Day(50), Q1, &BTreeSet::new())).len(), 4);
}

#[test]
fn dates_and_shares_count() {
    let mut parts = parts();
    // 22 moves from team 2 to team 3 in the middle of the plan; 23 splits; 24 joins for the last ten days.
    parts.members.push(member(24));
    parts.members[3].hired_on = Some(Day(180));
    parts.assignments = vec![
        assignment(22, 2, 0, Some(130), WHOLE_PPM),
        assignment(22, 3, 130, None, WHOLE_PPM),
        assignment(23, 2, 0, None, 600_000),
        assignment(23, 3, 0, None, 400_000),
        assignment(24, 3, 0, None, WHOLE_PPM),
    ];
    let tree = parts.tree(Day(50), Q1, &BTreeSet::new());
    assert_eq!(
        names(&tree),
        [
            "unit 1",
            "unit 2",
            "member 22",
            "member 23",
            "unit 3",
            "member 22",
            "member 23",
            "member 24"
        ]
    );
    let presence: Vec<u64> = tree.leaves.values().map(|leaf| leaf.presence(Q1)).collect();
    assert_eq!(
        presence,
        [30_000_000, 54_000_000, 60_000_000, 36_000_000, 10_000_000]
    );
}

#[test]
fn a_plan_of_the_past_is_made_with_the_people_of_today() {
    let mut parts = parts();
    parts.assignments = vec![
        assignment(22, 2, 5_000, None, WHOLE_PPM),
        assignment(23, 2, 0, Some(4_000), WHOLE_PPM),
    ];
    let tree = parts.tree(Day(6_000), Q1, &BTreeSet::new());
    assert_eq!(names(&tree), ["unit 1", "unit 2", "member 22"]);
    assert_eq!(tree.leaves[&2].presence(Q1), 90_000_000);
    parts.members[1].left_on = Some(Day(5_500));
    parts.members[0].left_on = Some(Day(5_500));
    assert_eq!(names(&parts.tree(Day(6_000), Q1, &BTreeSet::new())), ["unit 1"]);
}

#[test]
fn on_leave_nobody_is_there() {
    let mut parts = parts();
    let leave = |member: u128, from: i32, until: i32| LeaveRow {
        id: LeaveId(Uuid::from_u128(member)),
        leave: LeaveInput {
            member: MemberId(Uuid::from_u128(member)),
            from: Day(from),
            until: Day(until),
            kind: LeaveKind::Parental,
            note: String::new(),
        },
    };
    parts.leave = vec![leave(22, 120, 130), leave(23, 50, 400)];
    let tree = parts.tree(Day(50), Q1, &BTreeSet::new());
    // Who is away the whole time carries nothing.
    assert_eq!(names(&tree), ["unit 1", "unit 2", "member 22"]);
    assert_eq!(tree.leaves[&2].presence(Q1), 80_000_000);
    let away = Span {
        starts_on: Day(121),
        ends_on: Day(129),
    };
    assert_eq!(tree.leaves[&2].presence(away), 0);
}
