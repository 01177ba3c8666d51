//! How sessions begin and end.

use domain::access::Role;
use domain::people::Access;
use operations::{Database, clock};
use store::session;

use crate::{PASSWORD, add, code, set_up};

#[tokio::test]
async fn sessions_rotate_end_and_die_with_their_user() {
    kit::on_each(async |database: Database| {
        let (operations, owner, first) = set_up(database.clone()).await;
        let second = operations
            .sign_in("owner@haiyue.example", PASSWORD, Some(&first.token))
            .await
            .unwrap();
        assert_ne!(first.token, second.token);
        assert_eq!(
            code(operations.scope_of_session(&first.token).await),
            "unauthenticated"
        );
        operations.sign_out(&second.token).await.unwrap();
        assert_eq!(
            code(operations.scope_of_session(&second.token).await),
            "unauthenticated"
        );
        for nonsense in ["", "att_x", "' OR 1=1 --"] {
            assert_eq!(
                code(operations.scope_of_session(nonsense).await),
                "unauthenticated"
            );
        }

        // The stored hash is no key: who reads the database cannot sign in with it.
        let user = add(&operations, &owner, "rep@haiyue.example", Role::Rep).await;
        let now_ms = clock::now_ms();
        let day_ms = 24 * 3_600_000;
        for (secret, seen_days, expires_days, lives) in [
            ("idle", 8, 10, false),
            ("old", 1, 0, false),
            ("fine", 6, 10, true),
        ] {
            use sha2::Digest;
            let hash: session::TokenHash = sha2::Sha256::digest(secret.as_bytes()).into();
            let row = session::SignedIn {
                user,
                created_at_ms: 0,
                seen_at_ms: now_ms - seen_days * day_ms,
                expires_at_ms: now_ms + expires_days * day_ms,
            };
            let writer = database.writer().await.unwrap();
            session::insert(&writer, owner.organization, &hash, &row)
                .await
                .unwrap();
            writer.commit().await.unwrap();
            assert_eq!(
                operations.scope_of_session(secret).await.is_ok(),
                lives,
                "{secret}"
            );
            let kept = session::by_hash(&database.reader(), owner.organization, &hash)
                .await
                .unwrap();
            assert_eq!(
                kept.unwrap().seen_at_ms >= now_ms,
                lives,
                "use is written down: {secret}"
            );
        }

        let live = operations
            .sign_in("rep@haiyue.example", PASSWORD, None)
            .await
            .unwrap();
        let rep = operations.scope_of_session(&live.token).await.unwrap().scope;
        let token = operations.create_token(&rep, "CRM", None).await.unwrap();
        operations
            .set_access(&owner, user, Access::Disabled)
            .await
            .unwrap();
        assert_eq!(
            code(operations.scope_of_session(&live.token).await),
            "unauthenticated"
        );
        assert_eq!(
            code(operations.scope_of_token(&token.secret).await),
            "unauthenticated"
        );
        operations
            .set_access(&owner, user, Access::Enabled)
            .await
            .unwrap();
        assert_eq!(
            code(operations.scope_of_session(&live.token).await),
            "unauthenticated",
            "ended is ended"
        );
        assert!(operations.scope_of_token(&token.secret).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    kit::on_each(async |database: Database| {
        let (operations, owner, first) = set_up(database).await;
        let second = operations
            .sign_in("owner@haiyue.example", PASSWORD, None)
            .await
            .unwrap();
        let new = "four unrelated words here";
        let change = async |present: &str, wanted: &str| {
            operations
                .change_password(&owner, &first.token, present.to_owned(), wanted.to_owned())
                .await
        };
        assert_eq!(code(change("not the one", new).await), "wrong_password");
        assert_eq!(code(change(PASSWORD, "password123").await), "password_common");
        change(PASSWORD, new).await.unwrap();
        assert!(operations.scope_of_session(&first.token).await.is_ok());
        assert_eq!(
            code(operations.scope_of_session(&second.token).await),
            "unauthenticated"
        );
        assert_eq!(
            code(operations.sign_in("owner@haiyue.example", PASSWORD, None).await),
            "sign_in_failed"
        );
        assert!(
            operations
                .sign_in("owner@haiyue.example", new, None)
                .await
                .is_ok()
        );
    })
    .await;
}
