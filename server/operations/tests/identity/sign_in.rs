//! Who is let in, and how fast.

use std::time::{Duration, Instant};

use domain::access::Role;
use domain::people::Access;
use operations::Database;

use crate::{PASSWORD, add, code, set_up};

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
