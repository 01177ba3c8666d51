//! Set-up, sign-in, sessions, users, tokens, business date: who gets in, and who no longer does.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

use std::time::{Duration, Instant};

use domain::access::{Permission, Role};
use domain::calendar::Day;
use domain::id::UserId;
use domain::people::{Access, BusinessDateSource, UserInput};
use operations::{Database, Error, NewSession, NewUser, Operations, Scope, SetUp, clock};
use store::session;

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

/// The stable code of a refusal, or the kind of any other error.
fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result.unwrap_err() {
        Error::Invalid(refusal) | Error::Conflict(refusal) => refusal.code,
        Error::Unauthenticated => "unauthenticated".to_owned(),
        Error::NotFound(_) => "not_found".to_owned(),
        Error::Busy { .. } => "busy".to_owned(),
        Error::Internal(text) => text,
    }
}

#[tokio::test]
async fn a_link_makes_one_owner_and_then_none() {
    kit::on_each(async |database: Database| {
        let operations = Operations::new(database);
        assert!(!operations.has_organization().await.unwrap());
        let old = operations.set_up_link().await.unwrap().unwrap();
        let link = operations.set_up_link().await.unwrap().unwrap();
        assert!(
            !operations.is_set_up_link(&old).await.unwrap(),
            "a new link ends the old"
        );
        assert_eq!(
            code(operations.set_up(&old, set_up_form()).await),
            "set_up_link_used"
        );
        for (change, expected) in [
            (
                SetUp {
                    currency: "RMBX".to_owned(),
                    ..set_up_form()
                },
                "bad_currency",
            ),
            (
                SetUp {
                    fiscal_start_month: 13,
                    ..set_up_form()
                },
                "bad_month",
            ),
            (
                SetUp {
                    zone: "Mars/Base".to_owned(),
                    ..set_up_form()
                },
                "bad_zone",
            ),
            (
                SetUp {
                    email: "nobody".to_owned(),
                    ..set_up_form()
                },
                "bad_email",
            ),
            (
                SetUp {
                    password: "short".to_owned(),
                    ..set_up_form()
                },
                "password_too_short",
            ),
            (
                SetUp {
                    organization_name: " ".to_owned(),
                    ..set_up_form()
                },
                "bad_name",
            ),
            (
                SetUp {
                    language: "fr".to_owned(),
                    ..set_up_form()
                },
                "bad_language",
            ),
        ] {
            assert_eq!(code(operations.set_up(&link, change).await), expected);
        }
        assert!(
            operations.is_set_up_link(&link).await.unwrap(),
            "a refusal does not use it up"
        );
        // Both at once: one wins.
        let (a, b) = tokio::join!(
            Box::pin(operations.set_up(&link, set_up_form())),
            Box::pin(operations.set_up(&link, set_up_form()))
        );
        assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
        assert_eq!(operations.set_up_link().await.unwrap(), None);
        assert_eq!(
            code(operations.set_up(&link, set_up_form()).await),
            "set_up_link_used"
        );
        let session = a.or(b).unwrap();
        let scope = operations.scope_of_session(&session.token).await.unwrap().scope;
        let me = operations.me(&scope).await.unwrap();
        assert_eq!((me.name.as_str(), me.role), ("沈亦舟", Role::Owner));
        assert_eq!(me.email.as_deref(), Some("owner@haiyue.example"));
        assert_eq!(me.permissions.len(), Permission::ALL.len());
        assert_eq!(
            (
                me.organization.fiscal_start_month,
                me.organization.currency.decimals
            ),
            (4, 2)
        );
        let people = operations.people(&scope).await.unwrap();
        assert_eq!(
            (people.units.len(), people.units[0].level.as_str()),
            (1, "company")
        );
    })
    .await;
}

#[tokio::test]
async fn wrong_unknown_and_disabled_look_alike_and_are_slowed_down() {
    kit::on_each(async |database: Database| {
        let (operations, owner, _) = set_up(database).await;
        let gone = add(&operations, &owner, "gone@haiyue.example", Role::Rep).await;
        operations
            .set_access(&owner, gone, Access::Disabled)
            .await
            .unwrap();
        let sign_in =
            async |email: &str, password: &str| code(operations.sign_in(email, password, None).await);
        for (email, password) in [
            ("owner@haiyue.example", "wrong horse battery"),
            ("nobody@haiyue.example", PASSWORD),
            ("gone@haiyue.example", PASSWORD),
        ] {
            for _ in 0..5 {
                assert_eq!(sign_in(email, password).await, "sign_in_failed", "{email}");
            }
            assert_eq!(sign_in(email, password).await, "busy", "{email}");
        }
        assert_eq!(
            sign_in("OWNER@haiyue.example ", PASSWORD).await,
            "busy",
            "the name counts, not its spelling"
        );
        tokio::time::sleep(Duration::from_millis(2_100)).await;
        let session = operations.sign_in(" OWNER@haiyue.example ", PASSWORD, None).await;
        assert!(session.is_ok(), "slowed down, not locked: {session:?}");
        assert_eq!(
            sign_in("owner@haiyue.example", "wrong horse battery").await,
            "sign_in_failed",
            "counting begins anew"
        );
    })
    .await;
}

#[tokio::test]
async fn parallel_tries_do_not_slip_through() {
    kit::on_each(async |database: Database| {
        let (operations, _, _) = set_up(database).await;
        let mut tries = tokio::task::JoinSet::new();
        for index in 0..20 {
            let operations = operations.clone();
            tries.spawn(async move {
                let guess = format!("guess number {index}");
                code(operations.sign_in("owner@haiyue.example", &guess, None).await)
            });
        }
        let answers = tries.join_all().await;
        let looked_at = answers
            .iter()
            .filter(|answer| *answer == "sign_in_failed")
            .count();
        assert_eq!(looked_at, 5, "{answers:?}");
    })
    .await;
}

#[tokio::test]
async fn unknown_names_take_as_long_as_known_ones() {
    let fresh = kit::Fresh::sqlite().await;
    let (operations, owner, _) = set_up(fresh.database.clone()).await;
    let time = async |email: &str| {
        let start = Instant::now();
        let answer = operations.sign_in(email, "wrong horse battery", None).await;
        assert_eq!(code(answer), "sign_in_failed");
        start.elapsed()
    };
    // What the machine does beside only adds: the quickest of each count, and more rounds where they disagree.
    let (mut known, mut unknown) = (Duration::MAX, Duration::MAX);
    for round in 0..20 {
        let email = format!("known{round}@haiyue.example");
        add(&operations, &owner, &email, Role::Rep).await;
        known = known.min(time(&email).await);
        unknown = unknown.min(time(&format!("nobody{round}@haiyue.example")).await);
        if round >= 2 && unknown * 2 > known && known * 2 > unknown {
            fresh.close().await;
            return;
        }
    }
    panic!("known {known:?}, unknown {unknown:?}");
}

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

#[tokio::test]
async fn business_date_is_the_first_that_says_so() {
    kit::on_each(async |database: Database| {
        let (mut operations, owner, _) = set_up(database).await;
        let chosen = Day::from_ymd(2018, 2, 15).unwrap();
        let clock = operations.me(&owner).await.unwrap().business_date;
        assert_eq!(clock.source, BusinessDateSource::Clock);
        assert_eq!(clock.day, operations::clock::today_in("Asia/Shanghai"));
        let head = operations.last_event(&owner).await.unwrap();
        let set = operations.set_business_date(&owner, Some(chosen)).await.unwrap();
        assert_eq!((set.day, set.source), (chosen, BusinessDateSource::Chosen));
        let events = operations.events_since(&owner, head).await.unwrap();
        assert_eq!(events[0].event, domain::event::Event::BusinessDateChanged);
        assert_eq!(operations.business_date(&owner).await.unwrap(), chosen);
        assert_eq!(
            code(operations.set_business_date(&owner, Some(Day(-1))).await),
            "bad_day"
        );

        operations.today = Some(chosen.plus(1));
        assert_eq!(operations.business_date(&owner).await.unwrap(), chosen.plus(1));
        assert_eq!(
            code(operations.set_business_date(&owner, None).await),
            "business_date_fixed"
        );
        operations.today = None;
        add(&operations, &owner, "rep@haiyue.example", Role::Rep).await;
        let session = operations
            .sign_in("rep@haiyue.example", PASSWORD, None)
            .await
            .unwrap();
        let rep = operations.scope_of_session(&session.token).await.unwrap().scope;
        assert_eq!(code(operations.set_business_date(&rep, None).await), "not_found");
        operations.set_business_date(&owner, None).await.unwrap();
        assert_eq!(operations.business_date(&owner).await.unwrap(), clock.day);

        let lines = operations.audit(&owner, None, 500).await.unwrap();
        assert!(
            lines
                .iter()
                .any(|line| line.verb == "organization.set_business_date" && line.actor_name == "沈亦舟")
        );
        assert!(
            lines
                .iter()
                .all(|line| !line.detail.contains(PASSWORD) && !line.detail.contains("argon2"))
        );
    })
    .await;
}
