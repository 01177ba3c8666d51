//! Negotiations, whose moves are only added.

use domain::calendar::Day;
use domain::id::NegotiationId;
use domain::money::Minor;
use domain::negotiation::{Move, MoveKind, Side, Status, Subject};
use domain::plan::PeriodIndex;
use store::negotiation::{Moved, Negotiation};
use store::{Database, StoreError};
use uuid::Uuid;

use crate::{Opening, put_cells};

fn moved(kind: MoveKind, amount: Option<i64>, at_ms: i64) -> Moved {
    Moved {
        side: Side::Carrier,
        what: Move {
            kind,
            amount: amount.map(Minor),
            words: Some("太高".to_owned()),
        },
        user: None,
        user_name: "赵一".to_owned(),
        at_ms,
    }
}

#[tokio::test]
async fn negotiations_are_kept_with_their_moves_and_go_with_their_version() {
    kit::on_each(async |database: Database| {
        let Opening {
            scope,
            people,
            planned,
            ..
        } = Opening::of(&database).await;
        let first = Negotiation {
            id: NegotiationId(Uuid::now_v7()),
            version: planned.version,
            node: planned.nodes[1].id,
            subject: Subject::Total,
            number: Minor(100),
            status: Status::Open,
            due_on: Day(17_500),
            reminded_on: None,
            at_ms: 1,
            closed_at_ms: None,
        };
        let of_a_period = Negotiation {
            id: NegotiationId(Uuid::now_v7()),
            subject: Subject::Period(PeriodIndex(1)),
            at_ms: 2,
            ..first.clone()
        };
        // The quarter that begins with that period is another number.
        let of_a_quarter = Negotiation {
            id: NegotiationId(Uuid::now_v7()),
            subject: Subject::Span {
                first: PeriodIndex(1),
                periods: 3,
            },
            at_ms: 0,
            ..first.clone()
        };
        let writer = database.writer().await.unwrap();
        for new in [&first, &of_a_period, &of_a_quarter] {
            store::negotiation::insert(&writer, &scope, new).await.unwrap();
        }
        let opening = moved(MoveKind::Propose, Some(80), 1);
        let ending = moved(MoveKind::Withdraw, None, 3);
        for (seq, new) in [(1, &opening), (2, &ending)] {
            store::negotiation::add_move(&writer, &scope, first.id, seq, new)
                .await
                .unwrap();
        }
        writer.commit().await.unwrap();

        // A number is negotiated once at a time.
        let again = Negotiation {
            id: NegotiationId(Uuid::now_v7()),
            ..first.clone()
        };
        let quarter_again = Negotiation {
            id: NegotiationId(Uuid::now_v7()),
            ..of_a_quarter.clone()
        };
        for twice in [&again, &quarter_again] {
            let writer = database.writer().await.unwrap();
            assert!(store::negotiation::insert(&writer, &scope, twice).await.is_err());
            writer.rollback().await.unwrap();
        }

        let closed = Negotiation {
            status: Status::Withdrawn,
            closed_at_ms: Some(3),
            ..first.clone()
        };
        let writer = database.writer().await.unwrap();
        assert_eq!(
            store::negotiation::lock(&writer, &scope, first.id).await.unwrap(),
            first
        );
        store::negotiation::update(&writer, &scope, &closed)
            .await
            .unwrap();
        store::negotiation::insert(&writer, &scope, &again).await.unwrap();
        writer.commit().await.unwrap();

        let reader = database.reader();
        let found = store::negotiation::of_version(&reader, &scope, planned.version)
            .await
            .unwrap();
        assert_eq!(found.len(), 4);
        assert_eq!(found[0], of_a_period, "the latest first");
        assert_eq!(found[3], of_a_quarter);
        let ids: Vec<_> = found.iter().map(|row| row.id).collect();
        let moves = store::negotiation::moves(&reader, &scope, &ids).await.unwrap();
        assert_eq!(moves.len(), 1);
        assert_eq!(moves[&first.id], [opening, ending]);
        let own = store::negotiation::of_carrier(&reader, &scope, people[0], 2)
            .await
            .unwrap();
        assert_eq!(own.len(), 2, "no more than asked for");
        assert!(own.iter().all(|row| row.status == Status::Open));
        assert!(
            store::negotiation::of_carrier(&reader, &scope, people[1], 9)
                .await
                .unwrap()
                .is_empty()
        );

        assert!(!kit::lets_through(&database, "UPDATE negotiation_move SET amount = 1").await);
        put_cells(&database, &scope, &planned, 100).await;
        let writer = database.writer().await.unwrap();
        store::plan::remove(&writer, &scope, store::plan::Which::Plan(planned.plan.id))
            .await
            .unwrap();
        let gone = store::negotiation::lock(&writer, &scope, first.id).await;
        assert!(matches!(gone, Err(StoreError::NotFound(_))));
        writer.commit().await.unwrap();
    })
    .await;
}
