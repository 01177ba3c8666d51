//! What API tokens may do.

use domain::access::{Permission, Role};
use operations::Database;

use crate::{add, code, set_up};

#[tokio::test]
async fn tokens_do_what_they_were_made_for() {
    kit::on_each(async |database: Database| {
        let (operations, owner, _) = set_up(database).await;
        let usual = operations.create_token(&owner, "CRM", None).await.unwrap();
        assert!(usual.secret.starts_with("att_") && usual.secret.len() == 68);
        let signed_in = operations.scope_of_token(&usual.secret).await.unwrap();
        let scope = signed_in.scope;
        assert!(scope.may(Permission::Import) && scope.may(Permission::ReadAttainment));
        for permission in [
            Permission::EditPlan,
            Permission::ManagePeople,
            Permission::SetBusinessDate,
        ] {
            assert!(!scope.may(permission), "{permission:?}");
        }
        let me = operations.me(&scope).await.unwrap();
        assert_eq!(
            (me.name.as_str(), me.email, me.permissions.len()),
            ("CRM", None, 5)
        );
        assert_eq!(code(operations.users(&scope).await), "not_found");
        assert_eq!(
            code(operations.create_token(&scope, "child", None).await),
            "not_found"
        );
        assert_eq!(
            code(operations.create_token(&owner, "x", Some("read write")).await),
            "bad_scopes"
        );
        assert_eq!(
            code(operations.create_token(&owner, "x", Some(" ")).await),
            "bad_scopes"
        );

        // No more than its person may.
        add(&operations, &owner, "viewer@haiyue.example", Role::Viewer).await;
        let system = operations.system_scope("test").await.unwrap();
        let weak = operations
            .create_token_for(
                &system,
                "Viewer@haiyue.example",
                "board",
                Some("read,import,plan,admin"),
            )
            .await
            .unwrap();
        let weak_scope = operations.scope_of_token(&weak.secret).await.unwrap().scope;
        assert!(weak_scope.may(Permission::ReadAttainment) && !weak_scope.may(Permission::Import));
        assert_eq!(
            code(
                operations
                    .create_token_for(&owner, "viewer@haiyue.example", "x", None)
                    .await
            ),
            "not_found"
        );
        assert_eq!(
            code(
                operations
                    .create_token_for(&system, "who@haiyue.example", "x", None)
                    .await
            ),
            "unknown_user"
        );

        assert_eq!(
            code(operations.revoke_token(&owner, weak.id).await),
            "not_found",
            "another's"
        );
        operations.revoke_token(&owner, usual.id).await.unwrap();
        assert_eq!(
            code(operations.scope_of_token(&usual.secret).await),
            "unauthenticated"
        );
        assert_eq!(operations.tokens(&owner).await.unwrap().len(), 1);
        for nonsense in ["", "att_", &usual.secret[4..]] {
            assert_eq!(code(operations.scope_of_token(nonsense).await), "unauthenticated");
        }
    })
    .await;
}
