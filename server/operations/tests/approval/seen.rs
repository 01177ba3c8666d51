//! What is decided is what was seen: its numbers, and what it is reckoned with.

use domain::approval::Decision;
use domain::assumption::PlanningQuery;
use domain::outlook::{Effect, FactorKind, NewFactor};
use domain::publish::Looked;
use domain::revision::Begin;
use domain::target::{Span, VersionStatus};
use operations::Error;
use store::Database;

use crate::House;
use crate::planning::day;
use crate::refusal::code;

/// A market factor within the plan of the house.
fn factor() -> NewFactor {
    NewFactor {
        kind: FactorKind::Policy,
        name: "限购".to_owned(),
        unit: None,
        of: None,
        span: Span {
            starts_on: day("2018-02-01"),
            ends_on: day("2018-04-01"),
        },
        effect: Effect::Percent { hundredths: -2_000 },
        weight: 50,
        source: "部委通知".to_owned(),
        link: None,
        attachment: None,
    }
}

/// The words of a refusal because of what changed, in both languages.
fn changed<T: std::fmt::Debug>(result: Result<T, Error>) -> [String; 2] {
    let refusal = match result {
        Err(Error::Conflict(refusal)) => refusal,
        other => panic!("it is a clash: {other:?}"),
    };
    assert_eq!(refusal.code, "changed_since_seen");
    [refusal.words.zh, refusal.words.en]
}

#[tokio::test]
async fn what_is_approved_is_what_the_approver_saw() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let (operations, version) = (&house.operations, house.version);
        let submit = async || {
            operations
                .submit_version(&house.planner, version, None)
                .await
                .unwrap();
        };
        let approve = async |looked: Looked| {
            operations
                .approve_version(&house.owner, version, Some(looked), None)
                .await
        };
        submit().await;
        let first = house.shown(&house.owner).await.looked();
        // While the approver looks at it, it goes back, gets another number and a market factor, and is handed in once more.
        operations
            .return_version(&house.owner, version, Some("再看看"))
            .await
            .unwrap();
        house.set(&house.planner, 2, 77_000).await.unwrap();
        let planning = PlanningQuery::of(version);
        operations
            .add_factor(&house.planner, &planning, factor())
            .await
            .unwrap();
        submit().await;
        let [zh, en] = changed(approve(first).await);
        assert!(
            zh.contains("计划员") && zh.contains("市场因素") && zh.contains("没有通过"),
            "{zh}"
        );
        assert!(en.contains("计划员") && en.contains("market factors"), "{en}");
        let second = house.shown(&house.owner).await.looked();
        let numbers_only = Looked::at(first.head);
        let [zh, _] = changed(approve(numbers_only).await);
        assert!(!zh.contains("市场因素"), "that was not looked at: {zh}");
        let late = Looked::at(second.head + 1);
        assert_eq!(code(approve(late).await), "bad_head");
        assert_eq!(house.status().await, VersionStatus::InReview);
        approve(second).await.unwrap();
        operations
            .publish_seen(&house.planner, version, Some(second))
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_is_published_is_reckoned_as_the_publisher_saw() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let (operations, version) = (&house.operations, house.version);
        operations
            .set_approval_chain(&house.owner, Vec::new())
            .await
            .unwrap();
        let look = async || {
            let before = operations.before_publishing(&house.planner, version, false).await;
            before.unwrap().looked()
        };
        let first = look().await;
        let planning = PlanningQuery::of(version);
        let added = operations
            .add_factor(&house.owner, &planning, factor())
            .await
            .unwrap();
        let refused = operations
            .publish_seen(&house.planner, version, Some(first))
            .await;
        let [zh, en] = changed(refused);
        assert!(zh.contains("市场因素") && zh.contains("没有发布"), "{zh}");
        assert!(en.contains("market factors"), "{en}");
        assert_ne!(look().await, first);
        // A reason to publish it anyway is none to publish what was not seen.
        let refused = operations
            .publish_anyway(&house.owner, version, Some(first), "董事会已经同意")
            .await;
        let [zh, _] = changed(refused);
        assert!(zh.contains("市场因素"), "{zh}");
        // What was taken back again has changed nothing.
        operations
            .remove_factor(&house.owner, &planning, added.id)
            .await
            .unwrap();
        assert_eq!(look().await, first);
        operations
            .publish_seen(&house.planner, version, Some(first))
            .await
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_adjustment_of_what_was_replaced_is_neither_handed_in_nor_approved() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        house.operations.today = Some(day("2018-02-10"));
        let operations = &house.operations;
        operations
            .publish_anyway(&house.owner, house.version, None, "第一版")
            .await
            .unwrap();
        let adjust = async || {
            let made = operations
                .open_revision(&house.planner, house.version, None, Some("调整"), Begin::Outlook)
                .await;
            made.unwrap().version
        };
        let outdated = async |version| {
            let before = operations.before_publishing(&house.owner, version, false).await;
            before.unwrap().outdated
        };
        let (first, second) = (adjust().await, adjust().await);
        operations
            .submit_version(&house.planner, second, None)
            .await
            .unwrap();
        assert!(!outdated(second).await);
        operations
            .publish_anyway(&house.owner, first, None, "先发布")
            .await
            .unwrap();
        assert!(outdated(second).await && !outdated(first).await);
        let refused = operations.approve_version(&house.owner, second, None, None).await;
        assert_eq!(code(refused), "base_replaced");
        operations
            .return_version(&house.owner, second, Some("重新调整"))
            .await
            .unwrap();
        let refused = operations.submit_version(&house.planner, second, None).await;
        assert_eq!(code(refused), "base_replaced");

        // An owner publishes it all the same, and why stays with it.
        let shown = operations.approval_of(&house.owner, second).await.unwrap();
        assert!(shown.outdated && shown.may.publish_anyway);
        assert!(!shown.may.submit && !shown.may.publish);
        operations
            .publish_anyway(&house.owner, second, None, "按这一版执行")
            .await
            .unwrap();
        let shown = operations.approval_of(&house.owner, second).await.unwrap();
        assert!(!shown.outdated);
        let last = shown.decided.first().unwrap();
        assert_eq!(
            (last.decision, last.note.as_deref()),
            (Decision::ReplacedBase, Some("按这一版执行"))
        );
    })
    .await;
}
