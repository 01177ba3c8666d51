//! People and units as tests need them: always there, called as they are named.

use domain::calendar::Day;
use domain::id::{AssignmentId, MemberId, UnitId};
use store::assignment::{Assignment, WHOLE_PPM};
use store::member::Member;
use store::unit::Unit;
use uuid::Uuid;

/// A person.
pub fn member(name: &str) -> Member {
    Member {
        id: MemberId(Uuid::now_v7()),
        external_id: None,
        name: name.to_owned(),
        pinyin: name.to_owned(),
        email: None,
        hired_on: None,
        left_on: None,
        import: None,
        demo: false,
    }
}

/// A unit below another.
pub fn unit(parent: UnitId, level: &str, name: &str, manager: Option<MemberId>) -> Unit {
    Unit {
        id: UnitId(Uuid::now_v7()),
        parent: Some(parent),
        level: level.to_owned(),
        name: name.to_owned(),
        code: None,
        pinyin: name.to_owned(),
        manager,
        starts_on: Day(0),
        ends_on: None,
        import: None,
        demo: false,
    }
}

/// All of a person in a unit, from the beginning on.
pub fn assignment(member: MemberId, unit: UnitId) -> Assignment {
    Assignment {
        id: AssignmentId(Uuid::now_v7()),
        member,
        unit,
        share_ppm: WHOLE_PPM,
        starts_on: Day(0),
        ends_on: None,
    }
}
