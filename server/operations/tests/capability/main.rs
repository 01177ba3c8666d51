//! What people can do, and what they say themselves: capability and questionnaires, on both databases.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod adventureworks;
#[path = "../shared/files.rs"]
mod files;
#[path = "../shared/planning.rs"]
mod planning;
mod questionnaire;
#[path = "../shared/refusal.rs"]
mod refusal;
mod team;

use std::path::Path;

use domain::access::Role;
use domain::assumption::PlanningQuery;
use domain::id::{MemberId, UnitId, UserId};
use domain::import::{Kind, OnMissing, Options, Status};
use operations::import::Origin;
use operations::{Actor, Operations, Scope};
use planning::day;
use store::Database;
use store::user::User;
use uuid::Uuid;

/// East with a leader and two people, West with one, and an empty South.
struct Company {
    operations: Operations,
    system: Scope,
    root: UnitId,
    east: UnitId,
    south: UnitId,
    lead: MemberId,
    ann: MemberId,
    bob: MemberId,
    /// Signs in nowhere.
    cat: MemberId,
    planner: UserId,
    users: [UserId; 3],
}

fn person(name: &str, role: Role, member: Option<MemberId>) -> User {
    User {
        id: UserId(Uuid::now_v7()),
        email: format!("{name}@x.example"),
        name: name.to_owned(),
        role,
        member,
        disabled_at_ms: None,
        language: None,
        demo: false,
        created_at_ms: 1,
    }
}

async fn company(database: &Database) -> Company {
    let (system, root) = kit::organization(database).await;
    let mut operations = Operations::new(database.clone());
    operations.today = Some(day("2026-11-27"));
    let members = ["Lead", "Ann", "Bob", "Cat"].map(kit::member);
    let [lead, ann, bob, cat] = [0, 1, 2, 3].map(|place: usize| members[place].id);
    let east = kit::unit(root, "region", "East", Some(lead));
    let west = kit::unit(root, "region", "West", None);
    let south = kit::unit(root, "region", "South", None);
    let homes = [
        kit::assignment(lead, east.id),
        kit::assignment(ann, east.id),
        kit::assignment(bob, east.id),
        kit::assignment(cat, west.id),
    ];
    let planner = person("planner", Role::Planner, None);
    let users = [
        person("lead", Role::Manager, Some(lead)),
        person("ann", Role::Rep, Some(ann)),
        person("bob", Role::Rep, Some(bob)),
    ];
    let ids = [0, 1, 2].map(|place: usize| users[place].id);
    let (east_id, south_id) = (east.id, south.id);
    let writer = database.writer().await.unwrap();
    store::member::insert(&writer, &system, &members).await.unwrap();
    store::unit::insert(&writer, &system, &[east, west, south])
        .await
        .unwrap();
    store::assignment::insert(&writer, &system, &homes).await.unwrap();
    for user in users.iter().chain([&planner]) {
        store::user::insert(&writer, &system, user, None).await.unwrap();
    }
    writer.commit().await.unwrap();
    Company {
        operations,
        system,
        root,
        east: east_id,
        south: south_id,
        lead,
        ann,
        bob,
        cat,
        planner: planner.id,
        users: ids,
    }
}

impl Company {
    fn planner(&self) -> Scope {
        Scope {
            actor: Actor::User {
                id: self.planner,
                name: "Planner".to_owned(),
            },
            ..planning::user(&self.system, Role::Planner, None, &[], &[])
        }
    }

    /// The leader of East.
    fn manager(&self) -> Scope {
        let members = [self.lead, self.ann, self.bob];
        Scope {
            actor: Actor::User {
                id: self.users[0],
                name: "Lead".to_owned(),
            },
            ..planning::user(
                &self.system,
                Role::Manager,
                Some(self.lead),
                &[self.east],
                &members,
            )
        }
    }

    /// Ann (1) or Bob (2).
    fn rep(&self, place: usize) -> Scope {
        let member = [self.lead, self.ann, self.bob][place];
        Scope {
            actor: Actor::User {
                id: self.users[place],
                name: format!("rep {place}"),
            },
            ..planning::user(&self.system, Role::Rep, Some(member), &[], &[member])
        }
    }

    /// Imports a file of a kind.
    async fn import(&self, path: &Path, kind: Kind, mapping: &[(&str, &str)]) {
        let options = Options {
            on_missing: OnMissing::Create,
            ..Options::default()
        };
        let mut wanted = files::wanted(&[path.to_owned()], options, Origin::CommandLine);
        wanted.kind = Some(kind);
        wanted.mapping = mapping
            .iter()
            .map(|(field, header)| ((*field).to_owned(), (*header).to_owned()))
            .collect();
        let view = self.operations.import_now(&self.system, wanted).await.unwrap();
        assert_eq!((view.status, view.counts.rejected), (Status::Done, 0), "{view:?}");
    }

    /// Imports a text of a kind.
    async fn text(&self, kind: Kind, text: &str) {
        let folder = tempfile::tempdir().unwrap();
        let path = files::file(folder.path(), "rows.csv", text);
        self.import(&path, kind, &[]).await;
    }

    /// Imports two won deals of each of these people in each month of these years, so much together.
    async fn deals(&self, years: std::ops::RangeInclusive<i32>, amounts: &[(&str, i64)]) {
        let mut text = "opportunity_id,sales_agent,account,deal_stage,close_date,close_value\n".to_owned();
        for year in years {
            for month in 1..=12 {
                // From the first days to the last, so that every month is whole.
                for ((name, amount), (part, on)) in
                    amounts.iter().flat_map(|of| [(of, ("a", 1)), (of, ("b", 28))])
                {
                    text += &format!(
                        "{name}-{year}-{month}-{part},{name},{name} Ltd {},Won,{year}-{month:02}-{on:02},{}\n",
                        month % 3,
                        amount / 2
                    );
                }
            }
        }
        self.text(Kind::Opportunities, &text).await;
    }
}

fn fiscal_2027() -> PlanningQuery {
    PlanningQuery {
        version: None,
        period: Some("2027".to_owned()),
    }
}
