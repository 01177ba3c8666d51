//! Three levels and twenty people.

use domain::access::Role;
use domain::calendar::Day;
use domain::id::{AssignmentId, MemberId, UnitId, UserId};
use store::Writer;
use store::assignment::{Assignment, WHOLE_PPM};
use store::member::Member;
use store::unit::Unit;
use store::user::User;

use super::deals::Seller;
use crate::people::new_unit;
use crate::pinyin::person_key;
use crate::{Error, Scope, clock};

/// Region, who leads it, its teams; a team is its name and its people, the first of whom leads it.
type Region = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static [&'static str])],
);

const REGIONS: [Region; 3] = [
    (
        "华东大区",
        "韩磊",
        &[
            ("上海组", &["赵一鸣", "李静", "许文博", "郑佳宁"]),
            ("杭州组", &["周敏", "吴昊", "孙丽"]),
        ],
    ),
    (
        "华北大区",
        "陈嘉明",
        &[("北京组", &["王海涛", "何雨桐", "戴志远", "顾晓岚"])],
    ),
    (
        "华南大区",
        "林若云",
        &[
            ("广州组", &["马俊", "高洁", "罗凯"]),
            ("深圳组", &["曾艳", "彭飞", "任思远"]),
        ],
    ),
];

/// Who joined within the last two years: months before today.
const RECENT: [(&str, i32); 2] = [("郑佳宁", 9), ("任思远", 5)];

/// How much people sell against a usual seller, percent; no two teams alike.
const STRENGTHS: [i64; 7] = [118, 96, 74, 131, 88, 104, 62];

/// What the sample company begins with.
pub(super) struct Company {
    pub(super) members: Vec<Member>,
    pub(super) units: Vec<Unit>,
    pub(super) assignments: Vec<Assignment>,
    pub(super) users: Vec<User>,
}

/// Units below the root, members, and one user a role.
pub(super) fn company(root: UnitId, today: Day) -> Company {
    let mut company = Company {
        members: Vec::new(),
        units: Vec::new(),
        assignments: Vec::new(),
        users: Vec::new(),
    };
    for (region, leader, teams) in REGIONS {
        let region = company.add_unit(root, "region", region);
        let leader = company.add_member(region, leader, today);
        company.lead(region, leader);
        for (team, people) in teams {
            let team = company.add_unit(region, "team", team);
            for (index, person) in people.iter().enumerate() {
                let member = company.add_member(team, person, today);
                if index == 0 {
                    company.lead(team, member);
                }
            }
        }
    }
    company.add_user("owner", "沈亦舟", Role::Owner);
    company.add_user("planner", "唐宁", Role::Planner);
    company.add_user("manager", "陈嘉明", Role::Manager);
    company.add_user("rep", "何雨桐", Role::Rep);
    company.add_user("viewer", "大屏", Role::Viewer);
    company
}

impl Company {
    /// Writes it.
    pub(super) async fn insert(&self, writer: &Writer, scope: &Scope) -> Result<(), Error> {
        store::member::insert(writer, scope, &self.members).await?;
        store::unit::insert(writer, scope, &self.units).await?;
        store::assignment::insert(writer, scope, &self.assignments).await?;
        for user in &self.users {
            store::user::insert(writer, scope, user, None).await?;
        }
        Ok(())
    }

    /// Everybody sells: who leads a region a little, the others more or less than usual.
    pub(super) fn sellers(&self) -> Vec<Seller> {
        let leads_region = |member: MemberId| {
            let mut regions = self.units.iter().filter(|unit| unit.level == "region");
            regions.any(|region| region.manager == Some(member))
        };
        self.assignments
            .iter()
            .enumerate()
            .map(|(index, assignment)| Seller {
                member: assignment.member,
                unit: assignment.unit,
                hired_on: assignment.starts_on,
                strength: if leads_region(assignment.member) {
                    35
                } else {
                    STRENGTHS[index % STRENGTHS.len()]
                },
            })
            .collect()
    }

    fn add_unit(&mut self, parent: UnitId, level: &str, name: &str) -> UnitId {
        let unit = Unit {
            demo: true,
            ..new_unit(Some(parent), level, name)
        };
        let id = unit.id;
        self.units.push(unit);
        id
    }

    fn lead(&mut self, unit: UnitId, member: MemberId) {
        if let Some(unit) = self.units.iter_mut().find(|candidate| candidate.id == unit) {
            unit.manager = Some(member);
        }
    }

    fn add_member(&mut self, unit: UnitId, name: &str, today: Day) -> MemberId {
        let id = MemberId(clock::new_id());
        let recent = RECENT.iter().find(|(who, _)| *who == name);
        // The others were there before the history begins, a few months apart.
        let months_ago = recent.map_or(40 + 3 * self.members.len() as i32, |(_, months)| *months);
        let hired_on = today.plus(-months_ago * 30);
        let pinyin = person_key(name);
        self.members.push(Member {
            id,
            external_id: Some(format!("S{:03}", self.members.len() + 1)),
            name: name.to_owned(),
            email: Some(format!("{}@spruce.example", pinyin.replace(' ', "."))),
            pinyin,
            hired_on: Some(hired_on),
            left_on: None,
            import: None,
            demo: true,
        });
        self.assignments.push(Assignment {
            id: AssignmentId(clock::new_id()),
            member: id,
            unit,
            share_ppm: WHOLE_PPM,
            starts_on: hired_on,
            ends_on: None,
        });
        id
    }

    fn add_user(&mut self, address: &str, name: &str, role: Role) {
        let member = self.members.iter().find(|member| member.name == name);
        self.users.push(User {
            id: UserId(clock::new_id()),
            email: format!("{address}@spruce.example"),
            name: name.to_owned(),
            role,
            member: member.map(|member| member.id),
            disabled_at_ms: None,
            language: None,
            demo: true,
            created_at_ms: clock::now_ms(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_people_on_three_levels() {
        let company = company(UnitId::default(), Day(20_000));
        assert_eq!(company.members.len(), 20);
        assert_eq!(company.units.len(), 8);
        assert!(company.units.iter().all(|unit| unit.manager.is_some()));
        assert_eq!(company.users.len(), Role::ALL.len());
        let with_member = company.users.iter().filter(|user| user.member.is_some());
        assert_eq!(with_member.count(), 2);
    }
}
