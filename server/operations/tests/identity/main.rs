//! Set-up, sign-in, sessions, users, tokens, business date: who gets in, and who no longer does.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod business_date;
#[path = "../shared/refusal.rs"]
mod refusal;
mod sessions;
mod set_up;
mod sign_in;
mod tokens;
mod users;

use domain::access::Role;
use domain::id::UserId;
use operations::{Database, NewSession, NewUser, Operations, Scope, SetUp};
use refusal::code;

const PASSWORD: &str = "correct horse battery";

fn set_up_form() -> SetUp {
    SetUp {
        organization_name: "海岳精工".to_owned(),
        owner_name: "沈亦舟".to_owned(),
        email: "Owner@Haiyue.Example".to_owned(),
        password: PASSWORD.to_owned(),
        currency: "CNY".to_owned(),
        fiscal_start_month: 4,
        zone: "Asia/Shanghai".to_owned(),
        language: "zh-CN".to_owned(),
    }
}

/// A set-up installation, its owner's scope and session.
async fn set_up(database: Database) -> (Operations, Scope, NewSession) {
    let operations = Operations::new(database);
    let link = operations.set_up_link().await.unwrap().unwrap();
    let session = operations.set_up(&link, set_up_form()).await.unwrap();
    let scope = operations.scope_of_session(&session.token).await.unwrap().scope;
    (operations, scope, session)
}

async fn add(operations: &Operations, owner: &Scope, email: &str, role: Role) -> UserId {
    let new = NewUser {
        email: email.to_owned(),
        name: "许文博".to_owned(),
        role,
        password: PASSWORD.to_owned(),
        member: None,
        language: None,
    };
    operations.create_user(owner, new).await.unwrap()
}
