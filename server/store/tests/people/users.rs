//! Users, sessions, tokens and the way in.

use domain::access::Role;
use domain::id::TokenId;
use store::Database;
use store::session::SignedIn;
use store::sign_in_attempt::Attempt;
use store::token::Token;
use store::user::User;
use uuid::Uuid;

use crate::user;

#[tokio::test]
async fn users_sessions_and_tokens() {
    kit::on_each(async |database: Database| {
        let (scope, _) = kit::organization(&database).await;
        let org = scope.organization;
        let reader = database.reader();
        let writer = database.writer().await.unwrap();
        let mut owner = user("a@b.cn", Role::Owner);
        store::user::insert(&writer, &scope, &owner, Some("$argon2id$x"))
            .await
            .unwrap();
        let demo = User {
            demo: true,
            ..user("demo@b.cn", Role::Owner)
        };
        store::user::insert(&writer, &scope, &demo, None).await.unwrap();
        writer.commit().await.unwrap();
        assert_eq!(
            store::user::owners(&reader, org).await.unwrap(),
            [owner.clone(), demo.clone()]
        );
        assert_eq!(
            store::user::of_sample(&reader, org).await.unwrap(),
            std::slice::from_ref(&demo)
        );
        owner.role = Role::Planner;
        let writer = database.writer().await.unwrap();
        store::user::update(&writer, &scope, &owner).await.unwrap();
        let signed_in = SignedIn {
            user: owner.id,
            created_at_ms: 10,
            seen_at_ms: 10,
            expires_at_ms: 1_000,
        };
        for hash in [[1; 32], [2; 32], [3; 32]] {
            store::session::insert(&writer, org, &hash, &signed_in)
                .await
                .unwrap();
        }
        let token = Token {
            id: TokenId(Uuid::now_v7()),
            user: owner.id,
            name: "CRM".to_owned(),
            scopes: "read".to_owned(),
            created_at_ms: 1,
            revoked_at_ms: None,
        };
        store::token::insert(&writer, &scope, &token, &[9; 32])
            .await
            .unwrap();
        writer.commit().await.unwrap();
        assert_eq!(
            store::user::by_email(&reader, org, "a@b.cn").await.unwrap(),
            Some(owner.clone())
        );
        assert_eq!(
            store::user::password_hash(&reader, org, owner.id)
                .await
                .unwrap()
                .as_deref(),
            Some("$argon2id$x"),
            "an update leaves the password"
        );
        assert_eq!(
            store::token::by_hash(&reader, org, &[9; 32]).await.unwrap(),
            Some(token.clone())
        );
        assert_eq!(store::token::by_hash(&reader, org, &[8; 32]).await.unwrap(), None);

        let writer = database.writer().await.unwrap();
        store::session::touch(&writer, org, &[2; 32], 50).await.unwrap();
        assert_eq!(
            store::session::remove_expired(&writer, org, 999, 50)
                .await
                .unwrap(),
            2
        );
        assert_eq!(
            store::session::remove_of_user(&writer, &scope, owner.id, Some(&[2; 32]))
                .await
                .unwrap(),
            0
        );
        store::token::revoke(&writer, &scope, token.id, 77).await.unwrap();
        store::token::revoke(&writer, &scope, token.id, 99).await.unwrap();
        writer.commit().await.unwrap();
        assert_eq!(
            store::session::by_hash(&reader, org, &[2; 32])
                .await
                .unwrap()
                .map(|row| row.seen_at_ms),
            Some(50)
        );
        assert_eq!(
            store::token::list(&reader, &scope, None).await.unwrap()[0].revoked_at_ms,
            Some(77)
        );
    })
    .await;
}

#[tokio::test]
async fn tries_are_counted_and_held_back() {
    kit::on_each(async |database: Database| {
        let (scope, _) = kit::organization(&database).await;
        let org = scope.organization;
        let writer = database.writer().await.unwrap();
        let begin =
            async |now_ms| store::sign_in_attempt::begin(&writer, org, &[1; 32], now_ms, now_ms - 100).await;
        assert_eq!(begin(1_000).await.unwrap(), Attempt::Counted(1));
        assert_eq!(begin(1_001).await.unwrap(), Attempt::Counted(2));
        store::sign_in_attempt::delay(&writer, org, &[1; 32], 1_050)
            .await
            .unwrap();
        assert_eq!(begin(1_049).await.unwrap(), Attempt::TooEarly(1_050));
        assert_eq!(begin(1_050).await.unwrap(), Attempt::Counted(3));
        assert_eq!(begin(2_000).await.unwrap(), Attempt::Counted(1), "forgotten");
        store::sign_in_attempt::clear(&writer, org, &[1; 32])
            .await
            .unwrap();
        assert_eq!(begin(2_001).await.unwrap(), Attempt::Counted(1));
    })
    .await;
}

#[tokio::test]
async fn a_set_up_link_works_once_and_in_time() {
    kit::on_each(async |database: Database| {
        let writer = database.writer().await.unwrap();
        store::set_up_link::replace(&writer, &[1; 32], 100).await.unwrap();
        store::set_up_link::replace(&writer, &[2; 32], 100).await.unwrap();
        writer.commit().await.unwrap();
        let reader = database.reader();
        assert!(store::set_up_link::is_good(&reader, &[2; 32], 99).await.unwrap());
        assert!(!store::set_up_link::is_good(&reader, &[2; 32], 100).await.unwrap());
        let writer = database.writer().await.unwrap();
        for (hash, now_ms) in [([1; 32], 50), ([2; 32], 100)] {
            assert!(store::set_up_link::take(&writer, &hash, now_ms).await.is_err());
        }
        store::set_up_link::take(&writer, &[2; 32], 50).await.unwrap();
        assert!(store::set_up_link::take(&writer, &[2; 32], 50).await.is_err());
    })
    .await;
}
