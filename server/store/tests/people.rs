//! Organization, units, members, assignments, users, sessions, tokens and the logs, on both databases.

use std::time::Duration;

use domain::access::{Reach, Role};
use domain::calendar::Day;
use domain::event::Event;
use domain::id::{AssignmentId, MemberId, TokenId, UnitId, UserId};
use store::assignment::{Assignment, WHOLE_PPM};
use store::member::Member;
use store::session::SignedIn;
use store::sign_in_attempt::Attempt;
use store::token::Token;
use store::unit::Unit;
use store::user::User;
use store::{Actor, Database, Scope, StoreError};
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

#[tokio::test]
async fn organization_is_one() {
    kit::on_each(async |database: Database| {
        assert_eq!(
            store::organization::current(&database.reader()).await.unwrap(),
            None
        );
        let (scope, _) = kit::organization(&database).await;
        let mut found = store::organization::get(&database.reader(), &scope)
            .await
            .unwrap();
        let writer = database.writer().await.unwrap();
        let second = store::organization::Organization {
            id: Uuid::now_v7().into(),
            ..found.clone()
        };
        assert!(matches!(
            store::organization::create(&writer, &second).await,
            Err(StoreError::Conflict(_))
        ));
        drop(writer);
        let writer = database.writer().await.unwrap();
        found.business_date = Day::from_ymd(2018, 2, 15);
        found.currency.decimals = 0;
        store::organization::update(&writer, &scope, &found)
            .await
            .unwrap();
        writer.commit().await.unwrap();
        assert_eq!(
            store::organization::current(&database.reader()).await.unwrap(),
            Some(found)
        );
    })
    .await;
}

#[tokio::test]
async fn people_come_back_as_they_went_and_narrow_scopes_see_their_part() {
    kit::on_each(async |database: Database| {
        let (scope, root) = kit::organization(&database).await;
        let writer = database.writer().await.unwrap();
        let mut north = unit(root, "bei");
        let south = unit(root, "nan");
        store::unit::insert(&writer, &scope, &[north.clone(), south.clone()])
            .await
            .unwrap();
        let (wang, zhao) = (member("wang"), member("zhao"));
        store::member::insert(&writer, &scope, &[zhao.clone(), wang.clone()])
            .await
            .unwrap();
        let assign = |who: &Member, unit: &Unit, ends_on| Assignment {
            id: AssignmentId(Uuid::now_v7()),
            member: who.id,
            unit: unit.id,
            share_ppm: WHOLE_PPM,
            starts_on: Day(100),
            ends_on,
        };
        let first = assign(&wang, &north, Some(Day(150)));
        let second = Assignment {
            starts_on: Day(150),
            ..assign(&wang, &south, None)
        };
        let other = assign(&zhao, &south, None);
        store::assignment::insert(&writer, &scope, &[first.clone(), second.clone(), other.clone()])
            .await
            .unwrap();
        north.manager = Some(wang.id);
        store::unit::update(&writer, &scope, &north).await.unwrap();
        writer.commit().await.unwrap();

        let reader = database.reader();
        let units = store::unit::list(&reader, &scope, Some(Day(199))).await.unwrap();
        assert_eq!(units, [north.clone(), south.clone()], "the company is younger");
        assert_eq!(
            store::unit::list(&reader, &scope, Some(Day(200)))
                .await
                .unwrap()
                .len(),
            0
        );
        assert_eq!(
            store::member::list(&reader, &scope).await.unwrap(),
            [wang.clone(), zhao.clone()]
        );
        assert_eq!(
            store::assignment::of_member(&reader, &scope, wang.id)
                .await
                .unwrap(),
            [first.clone(), second.clone()]
        );
        let on_149 = store::assignment::list(&reader, &scope, Some(Day(149)))
            .await
            .unwrap();
        assert!(on_149.contains(&first) && !on_149.contains(&second));
        let on_150 = store::assignment::list(&reader, &scope, Some(Day(150)))
            .await
            .unwrap();
        assert!(!on_150.contains(&first) && on_150.contains(&second));

        let narrow = Scope {
            role: Role::Manager,
            reach: Reach::UnitAndBelow,
            roots: vec![south.id],
            units: vec![south.id],
            members: vec![zhao.id],
            ..scope.clone()
        };
        assert_eq!(
            store::member::list(&reader, &narrow).await.unwrap(),
            std::slice::from_ref(&zhao)
        );
        assert_eq!(
            store::unit::list(&reader, &narrow, None).await.unwrap(),
            std::slice::from_ref(&south)
        );
        assert!(store::member::get(&reader, &narrow, wang.id).await.is_err());
        assert!(store::unit::get(&reader, &narrow, north.id).await.is_err());
        assert!(
            !store::assignment::list(&reader, &narrow, None)
                .await
                .unwrap()
                .contains(&first)
        );
        assert!(
            store::user::list(&reader, &narrow).await.unwrap().is_empty()
                && store::token::list(&reader, &narrow, None)
                    .await
                    .unwrap()
                    .is_empty()
        );

        let writer = database.writer().await.unwrap();
        assert!(
            store::member::remove(&writer, &scope, &[wang.id]).await.is_err(),
            "an assignment refers to it"
        );
        drop(writer);
        let writer = database.writer().await.unwrap();
        store::assignment::remove(&writer, &scope, &[first.id, second.id, other.id])
            .await
            .unwrap();
        store::unit::remove(&writer, &scope, &[north.id, south.id])
            .await
            .unwrap();
        store::member::remove(&writer, &scope, &[wang.id, zhao.id])
            .await
            .unwrap();
        writer.commit().await.unwrap();
        assert!(store::member::list(&reader, &scope).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn two_members_cannot_share_an_external_id() {
    kit::on_each(async |database: Database| {
        let (scope, _) = kit::organization(&database).await;
        let writer = database.writer().await.unwrap();
        store::member::insert(&writer, &scope, &[member("a")])
            .await
            .unwrap();
        assert!(matches!(
            store::member::insert(&writer, &scope, &[member("a")]).await,
            Err(StoreError::Conflict(_))
        ));
    })
    .await;
}

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

#[tokio::test]
async fn logs_count_without_gaps_in_the_order_of_commits() {
    kit::on_each(async |database: Database| {
        let (scope, _) = kit::organization(&database).await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let (database, scope) = (database.clone(), scope.clone());
            tasks.spawn(async move {
                let writer = database.writer().await.unwrap();
                store::audit::record(
                    &writer,
                    &scope,
                    "user.create",
                    "user:1",
                    &serde_json::json!({"名": 1}),
                )
                .await
                .unwrap();
                let seq = store::outbox::append(&writer, &scope, &Event::PeopleChanged)
                    .await
                    .unwrap();
                if seq % 3 == 0 {
                    writer.rollback().await.unwrap();
                } else {
                    writer.commit().await.unwrap();
                }
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap();
        }
        let reader = database.reader();
        let head = store::outbox::head(&reader, &scope).await.unwrap();
        let entries = store::outbox::since(&reader, &scope, 0, 100).await.unwrap();
        let numbers: Vec<i64> = entries.iter().map(|entry| entry.seq).collect();
        assert_eq!(numbers, (1..=head).collect::<Vec<_>>());
        assert!(
            entries
                .iter()
                .all(|entry| entry.event == Event::PeopleChanged && entry.at_ms > 1_600_000_000_000)
        );
        assert_eq!(
            store::outbox::since(&reader, &scope, head - 1, 100)
                .await
                .unwrap()
                .len(),
            1
        );

        let lines = store::audit::list(&reader, &scope, None, 2).await.unwrap();
        assert_eq!(lines.len(), 2);
        assert_eq!(
            (
                lines[0].seq,
                lines[0].actor_kind.as_str(),
                lines[0].actor_name.as_str()
            ),
            (head, "system", "test")
        );
        assert_eq!(lines[0].detail, serde_json::json!({"名": 1}));
        let token = Scope {
            actor: Actor::Token {
                id: TokenId(Uuid::now_v7()),
                user: UserId::default(),
                name: "CRM".to_owned(),
            },
            ..scope.clone()
        };
        let writer = database.writer().await.unwrap();
        store::audit::record(&writer, &token, "x.y", "", &serde_json::Value::Null)
            .await
            .unwrap();
        writer.commit().await.unwrap();
        let line = &store::audit::list(&reader, &scope, None, 1).await.unwrap()[0];
        assert_eq!((line.actor_kind.as_str(), line.seq), ("token", head + 1));
    })
    .await;
}

#[tokio::test]
async fn whoever_watches_hears_of_every_event() {
    kit::on_each(async |database: Database| {
        let mut before = store::outbox::watch(database.clone()).await.unwrap();
        assert_eq!(*before.borrow_and_update(), 0, "there is no organization yet");
        let (scope, _) = kit::organization(&database).await;
        // Another process: connections of its own.
        let other = Database::open(database.url()).await.unwrap();
        for expected in 1..=3 {
            let writer = other.writer().await.unwrap();
            store::outbox::append(&writer, &scope, &Event::BusinessDateChanged)
                .await
                .unwrap();
            writer.commit().await.unwrap();
            tokio::time::timeout(Duration::from_secs(10), before.wait_for(|head| *head == expected))
                .await
                .unwrap()
                .unwrap();
        }
        other.close().await.unwrap();
    })
    .await;
}
