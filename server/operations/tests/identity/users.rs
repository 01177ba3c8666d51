//! Who changes users.

use domain::access::Role;
use domain::people::{Access, UserInput};
use operations::{Database, NewUser};

use crate::{PASSWORD, add, code, set_up};

#[tokio::test]
async fn only_owners_change_users_and_one_owner_stays() {
    kit::on_each(async |database: Database| {
        let (operations, owner, first) = set_up(database).await;
        for role in Role::ALL {
            add(
                &operations,
                &owner,
                &format!("{}2@haiyue.example", role.as_str()),
                role,
            )
            .await;
        }
        let new = |email: &str, password: &str| NewUser {
            email: email.to_owned(),
            name: "高洁".to_owned(),
            role: Role::Rep,
            password: password.to_owned(),
            member: None,
            language: None,
        };
        assert_eq!(
            code(
                operations
                    .create_user(&owner, new("rep2@haiyue.example", PASSWORD))
                    .await
            ),
            "email_taken"
        );
        assert_eq!(
            code(operations.create_user(&owner, new("a@b", "1234567890")).await),
            "password_common"
        );
        let unknown = NewUser {
            member: Some(uuid::Uuid::now_v7().into()),
            ..new("a@b", PASSWORD)
        };
        assert_eq!(
            code(operations.create_user(&owner, unknown).await),
            "unknown_member"
        );
        for role in [Role::Planner, Role::Manager, Role::Rep, Role::Viewer] {
            let session = operations
                .sign_in(&format!("{}2@haiyue.example", role.as_str()), PASSWORD, None)
                .await
                .unwrap();
            let scope = operations.scope_of_session(&session.token).await.unwrap().scope;
            assert_eq!(scope.role, role);
            assert_eq!(code(operations.users(&scope).await), "not_found");
            assert_eq!(
                code(operations.create_user(&scope, new("x@y", PASSWORD)).await),
                "not_found"
            );
            assert_eq!(
                code(operations.set_access(&scope, first.user, Access::Disabled).await),
                "not_found"
            );
            assert_eq!(
                code(
                    operations
                        .reset_password(&scope, first.user, PASSWORD.to_owned())
                        .await
                ),
                "not_found"
            );
            assert_eq!(code(operations.audit(&scope, None, 10).await), "not_found");
            let people = operations.people(&scope).await;
            assert_eq!(
                people.is_ok(),
                matches!(role, Role::Planner | Role::Manager),
                "{role:?}"
            );
        }
        let second = operations
            .users(&owner)
            .await
            .unwrap()
            .into_iter()
            .find(|user| user.email.starts_with("owner2"))
            .unwrap();
        operations
            .set_access(&owner, second.id, Access::Disabled)
            .await
            .unwrap();
        assert_eq!(
            code(operations.set_access(&owner, first.user, Access::Disabled).await),
            "last_owner"
        );
        let demoted = UserInput {
            name: "沈亦舟".to_owned(),
            role: Role::Rep,
            member: None,
            language: None,
        };
        assert_eq!(
            code(operations.update_user(&owner, first.user, demoted.clone()).await),
            "last_owner"
        );
        operations
            .set_access(&owner, second.id, Access::Enabled)
            .await
            .unwrap();
        operations.update_user(&owner, first.user, demoted).await.unwrap();
        let scope = operations.scope_of_session(&first.token).await.unwrap().scope;
        assert_eq!(scope.role, Role::Rep, "a role holds at once");
    })
    .await;
}
