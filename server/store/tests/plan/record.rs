//! What is on record, and the answers to it.

use domain::access::{Reach, Role};
use domain::money::Minor;
use domain::target::{Answer, NodeRef, VersionStatus};
use store::acknowledgement::NewAcknowledgement;
use store::plan::Which;
use store::{Database, Scope, StoreError};

use crate::{Opening, Q1, Q2, draft, of, put_cells};

#[tokio::test]
async fn record_holds_the_latest_version_and_each_sees_the_own_part() {
    kit::on_each(async |database: Database| {
        let Opening {
            scope,
            root,
            people,
            planned: first,
        } = Opening::of(&database).await;
        let reader = database.reader();
        let rep = of(&scope, Role::Rep, people[0]);
        let everything = (Q1.starts_on, Q2.ends_on);

        // A draft is nobody's target, and a rep does not know of it.
        assert!(
            store::cell::published_targets(&reader, &scope, "bookings", everything.0, everything.1)
                .await
                .unwrap()
                .is_empty()
        );
        assert!(store::plan::list(&reader, &rep).await.unwrap().is_empty());
        for refused in [
            store::version::get(&reader, &rep, first.version).await.err(),
            store::version::nodes(&reader, &rep, first.version).await.err(),
            store::cell::of_version(&reader, &rep, first.version).await.err(),
            store::version::commands(&reader, &rep, first.version, 0, 9)
                .await
                .err(),
        ] {
            assert!(matches!(refused, Some(StoreError::NotFound(_))));
        }

        put_cells(&database, &scope, &first, 100).await;
        let targets = store::cell::published_targets(&reader, &scope, "bookings", everything.0, everything.1)
            .await
            .unwrap();
        assert_eq!(targets.len(), 6);
        assert_eq!(
            (targets[0].node, targets[0].period, targets[0].amount),
            (NodeRef::Unit(root), Q1, Minor(100))
        );
        let one_day =
            store::cell::published_targets(&reader, &scope, "bookings", Q2.starts_on, Q2.starts_on.plus(1));
        assert!(one_day.await.unwrap().iter().all(|target| target.period == Q2));
        let own = store::cell::published_targets(&reader, &rep, "bookings", everything.0, everything.1)
            .await
            .unwrap();
        assert_eq!(own.len(), 2);
        assert!(own.iter().all(|target| target.node == NodeRef::Member(people[0])));
        assert_eq!(
            store::version::nodes(&reader, &rep, first.version)
                .await
                .unwrap()
                .len(),
            1
        );
        assert!(store::version::bases(&reader, &rep, first.version).await.is_err());
        assert_eq!(store::plan::list(&reader, &rep).await.unwrap().len(), 1);

        let second = draft(&database, &scope, root, people).await;
        put_cells(&database, &scope, &second, 1_000).await;
        let targets = store::cell::published_targets(&reader, &scope, "bookings", everything.0, everything.1)
            .await
            .unwrap();
        assert_eq!(targets.len(), 6);
        assert_eq!(targets[0].amount, Minor(1_000));
        let old = store::version::get(&reader, &scope, first.version).await.unwrap();
        assert_eq!(
            (old.status, old.archived_at_ms),
            (VersionStatus::Archived, Some(9))
        );
        let records = store::cell::records(&reader, &scope, "bookings", Q1)
            .await
            .unwrap();
        assert_eq!(records.len(), 2);
        assert!(records.iter().any(|record| record.version == first.version
            && record.until_ms == Some(9)
            && record.superseded_by == Some(second.version)));

        // A plan in the middle of a succession hands over: the first stays replaced, now by the third.
        let third = draft(&database, &scope, root, people).await;
        put_cells(&database, &scope, &third, 5_000).await;
        let writer = database.writer().await.unwrap();
        store::plan::remove(&writer, &scope, Which::Plan(second.plan.id))
            .await
            .unwrap();
        writer.commit().await.unwrap();
        let records = store::cell::records(&reader, &scope, "bookings", Q1)
            .await
            .unwrap();
        assert_eq!(
            records.iter().filter(|record| record.until_ms.is_none()).count(),
            1
        );
        assert!(
            records
                .iter()
                .any(|record| record.version == first.version && record.superseded_by == Some(third.version))
        );

        // What had been replaced comes back when the plan that replaced it goes.
        let writer = database.writer().await.unwrap();
        assert_eq!(
            store::plan::remove(&writer, &scope, Which::Plan(third.plan.id))
                .await
                .unwrap(),
            1
        );
        writer.commit().await.unwrap();
        let old = store::version::get(&reader, &scope, first.version).await.unwrap();
        assert_eq!((old.status, old.archived_at_ms), (VersionStatus::Published, None));
        let targets = store::cell::published_targets(&reader, &scope, "bookings", everything.0, everything.1)
            .await
            .unwrap();
        assert_eq!((targets.len(), targets[0].amount), (6, Minor(100)));
    })
    .await;
}

#[tokio::test]
async fn answers_are_kept_and_seen_within_reach() {
    kit::on_each(async |database: Database| {
        let Opening {
            scope,
            root,
            people,
            planned,
        } = Opening::of(&database).await;
        put_cells(&database, &scope, &planned, 100).await;
        let rep = of(&scope, Role::Rep, people[0]);
        let sibling = of(&scope, Role::Rep, people[1]);
        let leader = Scope {
            reach: Reach::UnitAndBelow,
            units: vec![root],
            ..of(&scope, Role::Manager, people[1])
        };
        let node = planned.nodes[1].id;
        let answer = |state, comment: Option<&str>| NewAcknowledgement {
            node,
            member: people[0],
            hash: [5; 32],
            state,
            comment: comment.map(str::to_owned),
            pulse: None,
            at_ms: 3,
        };
        let writer = database.writer().await.unwrap();
        let countered = answer(Answer::Countered, Some("太高"));
        store::acknowledgement::append(&writer, &rep, planned.version, countered)
            .await
            .unwrap();
        let confirmed = answer(Answer::Confirmed, None);
        store::acknowledgement::append(&writer, &rep, planned.version, confirmed)
            .await
            .unwrap();
        let foreign = store::acknowledgement::append(
            &writer,
            &sibling,
            planned.version,
            answer(Answer::Confirmed, None),
        );
        assert!(matches!(foreign.await, Err(StoreError::NotFound(_))));
        writer.commit().await.unwrap();

        let reader = database.reader();
        let answers = store::acknowledgement::of_version(&reader, &rep, planned.version)
            .await
            .unwrap();
        assert_eq!(answers.len(), 2);
        assert_eq!(
            (answers[0].seq, answers[0].state, answers[0].comment.as_deref()),
            (1, Answer::Countered, Some("太高"))
        );
        assert_eq!(
            (answers[1].seq, answers[1].state, answers[1].hash),
            (2, Answer::Confirmed, [5; 32])
        );
        assert!(
            store::acknowledgement::of_version(&reader, &sibling, planned.version)
                .await
                .unwrap()
                .is_empty()
        );
        let seen = store::acknowledgement::of_version(&reader, &leader, planned.version)
            .await
            .unwrap();
        assert_eq!(seen.len(), 0, "people outside the leader's members are not seen");
        let leader = Scope {
            members: people.to_vec(),
            ..leader
        };
        assert_eq!(
            store::acknowledgement::of_version(&reader, &leader, planned.version)
                .await
                .unwrap()
                .len(),
            2
        );
    })
    .await;
}
