//! Who is told what, in the transaction of the change itself; the mails of it, and the jobs that send them. On both databases.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

#[path = "../shared/files.rs"]
mod files;
mod flood;
mod job;
mod listed;
mod mail;
#[path = "../shared/planning.rs"]
mod planning;
#[path = "../shared/refusal.rs"]
mod refusal;
mod remind;
mod told;

use domain::access::Role;
use domain::calendar::PeriodKind;
use domain::id::{MemberId, UserId, VersionId};
use domain::notice::{Notice, Told};
use operations::{Actor, MailService, Operations, Scope};
use planning::day;
use refusal::code;
use store::Database;
use store::user::User;
use uuid::Uuid;

/// A team with a leader and two people, and those who plan.
struct Company {
    operations: Operations,
    system: Scope,
    /// Leads, a, b.
    members: [MemberId; 3],
    planner: UserId,
    owner: UserId,
    /// The users who are the members, in their order; the last is known by the name only.
    users: [UserId; 3],
}

fn person(email: &str, name: &str, role: Role, member: Option<MemberId>) -> User {
    User {
        id: UserId(Uuid::now_v7()),
        email: email.to_owned(),
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
    operations.today = Some(day("2017-12-20"));
    operations.mail = MailService::On;
    let members = ["lead", "a", "b"].map(kit::member);
    let team = kit::unit(root, "team", "T1", Some(members[0].id));
    let homes = [0, 1, 2].map(|place: usize| kit::assignment(members[place].id, team.id));
    let lead = person("lead@x.example", "lead", Role::Manager, Some(members[0].id));
    let a = person("a@x.example", "a", Role::Rep, Some(members[1].id));
    let b = person("b@x.example", "b", Role::Rep, None);
    let planner = person("planner@x.example", "planner", Role::Planner, None);
    let owner = person("owner@x.example", "owner", Role::Owner, None);
    let users = [lead.id, a.id, b.id];
    let writer = database.writer().await.unwrap();
    store::member::insert(&writer, &system, &members).await.unwrap();
    store::unit::insert(&writer, &system, &[team]).await.unwrap();
    store::assignment::insert(&writer, &system, &homes).await.unwrap();
    for user in [&lead, &a, &b, &planner, &owner] {
        store::user::insert(&writer, &system, user, None).await.unwrap();
    }
    writer.commit().await.unwrap();
    Company {
        operations,
        system,
        members: members.map(|member| member.id),
        planner: planner.id,
        owner: owner.id,
        users,
    }
}

impl Company {
    /// The view of a user as far as notices go.
    fn scope(&self, id: UserId, role: Role) -> Scope {
        let place = self.users.iter().position(|user| *user == id);
        let member = place.map(|place| self.members[place]);
        Scope {
            actor: Actor::User {
                id,
                name: format!("{role:?}"),
            },
            ..planning::user(&self.system, role, member, &[], member.as_slice())
        }
    }

    fn planner(&self) -> Scope {
        self.scope(self.planner, Role::Planner)
    }

    async fn told(&self, id: UserId) -> Vec<Told> {
        let scope = self.scope(id, Role::Rep);
        self.operations.notices(&scope).await.unwrap().list
    }

    /// The newest notice of somebody.
    async fn newest(&self, id: UserId) -> Notice {
        self.told(id).await.remove(0).notice
    }

    async fn draft(&self) -> VersionId {
        let new = planning::plan("2018-01-01", "2018-04-01", PeriodKind::Month);
        let made = self.operations.create_plan(&self.planner(), new).await.unwrap();
        made.version
    }

    async fn published(&self) -> VersionId {
        let version = self.draft().await;
        self.operations.publish(&self.planner(), version).await.unwrap();
        version
    }

    async fn change_user(&self, id: UserId, change: impl FnOnce(&mut User)) {
        let writer = self.operations.database.writer().await.unwrap();
        let mut user = store::user::get(&writer, &self.system, id).await.unwrap();
        change(&mut user);
        store::user::update(&writer, &self.system, &user).await.unwrap();
        writer.commit().await.unwrap();
    }

    /// Mails that wait.
    async fn mails(&self) -> usize {
        let jobs = self.operations.jobs(&self.system).await.unwrap();
        jobs.list.iter().filter(|job| job.kind == "deliver_mail").count()
    }

    /// Rows of a table.
    async fn rows(&self, table: &str) -> i64 {
        let rows = kit::rows(&self.operations.database).await;
        rows.get(table).copied().unwrap_or_default()
    }
}
