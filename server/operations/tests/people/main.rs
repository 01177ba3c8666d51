//! Units, members, assignments, and what a scope sees of them.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod moves;
#[path = "../shared/people.rs"]
mod people;
#[path = "../shared/refusal.rs"]
mod refusal;
mod scopes;
mod users;

use domain::access::Role;
use domain::calendar::Day;
use domain::id::{MemberId, UnitId};
use domain::people::UnitInput;
use operations::{Database, NewUser, Operations, Scope};
use people::member;
use refusal::code;
use uuid::Uuid;

const PASSWORD: &str = "correct horse battery";

const TODAY: Day = Day(20_000);

async fn operations(database: Database) -> (Operations, Scope) {
    let mut operations = Operations::new(database);
    operations.today = Some(TODAY);
    let scope = operations.ensure_organization("test").await.unwrap();
    (operations, scope)
}

/// Signs a new user in who is the member, and answers their scope.
async fn scope_of(operations: &Operations, system: &Scope, role: Role, member: MemberId) -> Scope {
    let email = format!("{}@test.example", Uuid::now_v7().simple());
    let new = NewUser {
        email: email.clone(),
        name: "测试".to_owned(),
        role,
        password: PASSWORD.to_owned(),
        member: Some(member),
        language: None,
    };
    operations.create_user(system, new).await.unwrap();
    let session = operations.sign_in(&email, PASSWORD, None).await.unwrap();
    operations.scope_of_session(&session.token).await.unwrap().scope
}

fn unit(parent: UnitId, name: &str) -> UnitInput {
    UnitInput {
        parent,
        level: "team".to_owned(),
        name: name.to_owned(),
        code: None,
        manager: None,
    }
}
