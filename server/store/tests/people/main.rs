//! Organization, its limits, units, members, assignments, users, sessions, tokens and the logs, on both databases.

mod limits;
mod logs;
mod notices;
mod organization;
mod questionnaires;
mod users;

use domain::access::Role;
use domain::calendar::Day;
use domain::id::{MemberId, UnitId, UserId};
use store::member::Member;
use store::unit::Unit;
use store::user::User;
use uuid::Uuid;

fn unit(parent: UnitId, name: &str) -> Unit {
    Unit {
        id: UnitId(Uuid::now_v7()),
        parent: Some(parent),
        level: "region".to_owned(),
        name: name.to_owned(),
        code: Some("N1".to_owned()),
        pinyin: name.to_owned(),
        manager: None,
        starts_on: Day(100),
        ends_on: Some(Day(200)),
        import: None,
        demo: true,
    }
}

fn member(name: &str) -> Member {
    Member {
        id: MemberId(Uuid::now_v7()),
        external_id: Some(name.to_owned()),
        name: name.to_owned(),
        pinyin: name.to_owned(),
        email: None,
        hired_on: Some(Day(1)),
        left_on: None,
        import: None,
        demo: false,
    }
}

fn user(email: &str, role: Role) -> User {
    User {
        id: UserId(Uuid::now_v7()),
        email: email.to_owned(),
        name: "王琳".to_owned(),
        role,
        member: None,
        disabled_at_ms: None,
        language: None,
        demo: false,
        created_at_ms: 5,
    }
}
