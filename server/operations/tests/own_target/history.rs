//! How a number tells of its way.

use domain::access::Role;
use domain::calendar::PeriodKind;
use domain::explain::{Step, StepKind};
use domain::plan::{Basis, Intent, NodeRef};
use domain::split::Insist;
use domain::target::{Answer, Confirmation, MyTarget};
use domain::why::Why;
use store::Database;

use crate::{code, company};

#[tokio::test]
async fn the_number_stays_until_the_next_is_published_and_then_tells_of_it() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let [a, _] = company.people;
        let rep = company.rep(a);
        let made = company.plan("2018-01-01", "2018-04-01", PeriodKind::Month).await;
        company
            .set(made.version, NodeRef::Member(a), 300_000, "大客户")
            .await;
        operations.publish(&company.system, made.version).await.unwrap();
        let first = company.mine(a).await.remove(0);
        let confirm = async |target: &MyTarget| {
            operations
                .acknowledge(
                    &rep,
                    target.version,
                    target.node,
                    &target.hash,
                    Answer::Confirmed,
                    None,
                )
                .await
        };
        confirm(&first).await.unwrap();

        let next = operations
            .branch_version(&company.system, made.version, None)
            .await
            .unwrap();
        // A change that is taken back is not told; one that is done again is told once.
        let planner = company.user(Role::Planner, None);
        let change = async |amount, reason| {
            company
                .set_as(&planner, next.version, NodeRef::Member(a), amount, reason)
                .await;
        };
        let step = async |intent| {
            let (scope, version) = (&planner, next.version);
            let head = operations.open_grid(scope, version, None).await.unwrap().head;
            let done = match intent {
                Intent::Undo => operations.undo(scope, version, head, Insist::Ask).await,
                Intent::Redo => operations.redo(scope, version, head, Insist::Ask).await,
            };
            assert_eq!(done.unwrap().head, head + 1);
        };
        change(340_000, "手误").await;
        step(Intent::Undo).await;
        change(350_000, "新产品").await;
        step(Intent::Undo).await;
        step(Intent::Redo).await;
        let between = company.mine(a).await;
        assert_eq!(between.len(), 1, "a draft takes nothing off");
        assert_eq!((between[0].version, between[0].total.0), (made.version, 300_000));
        assert!(matches!(between[0].confirmation, Confirmation::Confirmed { .. }));

        operations.publish(&company.system, next.version).await.unwrap();
        let after = company.mine(a).await;
        assert_eq!(after.len(), 1);
        assert_eq!((after[0].version, after[0].total.0), (next.version, 350_000));
        assert_eq!(
            after[0].confirmation,
            Confirmation::Open,
            "another number asks again"
        );
        let told: Vec<_> = after[0]
            .changes
            .iter()
            .map(|change| (change.before.0, change.after.0, change.reason.as_deref()))
            .collect();
        let split = told[0].1;
        assert_eq!(
            told,
            [
                (0, split, None),
                (split, 300_000, Some("大客户")),
                (300_000, 350_000, Some("新产品"))
            ]
        );
        assert_eq!(code(confirm(&first).await), "target_changed");
        confirm(&after[0]).await.unwrap();

        // The steps go back to the first split, base first and rounding last, and add up to the number.
        let why = operations
            .why_own(&rep, next.version, after[0].node, None)
            .await
            .unwrap()
            .explanation;
        assert_eq!(why.amount, after[0].total);
        assert_eq!(
            why.steps.iter().map(|step| step.amount.0).sum::<i64>(),
            why.amount.0
        );
        assert!(
            matches!(
                why.steps[0].kind,
                StepKind::Basis {
                    basis: Basis::Equal,
                    ..
                }
            ),
            "{:?}",
            why.steps
        );
        let changes = why
            .steps
            .iter()
            .filter(|step| matches!(step.kind, StepKind::Change { .. }))
            .count();
        assert_eq!(changes, 2);
        let rounding = why
            .steps
            .iter()
            .position(|step| matches!(step.kind, StepKind::Rounding { .. }));
        assert!(rounding.is_none_or(|at| at + 1 == why.steps.len()));

        // Another plan takes one of the months over: the number is what is left, and so are its steps.
        let february = company.plan("2018-02-01", "2018-03-01", PeriodKind::Month).await;
        operations
            .publish(&company.system, february.version)
            .await
            .unwrap();
        let mine = company.mine(a).await;
        assert_eq!(
            mine.iter().map(|target| target.periods.len()).collect::<Vec<_>>(),
            [2, 1]
        );
        for target in &mine {
            let why = operations
                .why_own(&rep, target.version, target.node, None)
                .await
                .unwrap()
                .explanation;
            assert_eq!(why.amount, target.total);
            assert_eq!(
                why.steps.iter().map(|step| step.amount.0).sum::<i64>(),
                target.total.0
            );
        }
        let left = mine.iter().find(|target| target.version == next.version).unwrap();
        assert_eq!(left.changes.last().unwrap().after, left.total);

        // A plan of its own for the same months takes the place: its number tells of the one before.
        let anew = company.plan("2018-01-01", "2018-04-01", PeriodKind::Month).await;
        operations.publish(&company.system, anew.version).await.unwrap();
        let again = company.plan("2018-01-01", "2018-04-01", PeriodKind::Month).await;
        company
            .set(again.version, NodeRef::Member(a), 310_000, "再议")
            .await;
        operations.publish(&company.system, again.version).await.unwrap();
        let mine = company.mine(a).await;
        assert_eq!(mine.len(), 1);
        let told: Vec<_> = mine[0]
            .changes
            .iter()
            .map(|change| (change.before.0, change.after.0))
            .collect();
        assert_eq!(told, [(0, split), (split, split), (split, 310_000)]);
    })
    .await;
}

#[tokio::test]
async fn what_was_said_of_a_colleagues_number_is_told_to_who_sees_it() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let [a, b] = company.people;
        let planner = company.user(Role::Planner, None);
        let made = company.plan("2018-01-01", "2018-04-01", PeriodKind::Month).await;
        let team = NodeRef::Unit(company.teams[0]);
        company
            .set(made.version, NodeRef::Member(b), 300_000, "b 要离职")
            .await;
        let open = operations.open_grid(&planner, made.version, None).await.unwrap();
        let shape = open.grid.shape();
        let more = open.grid.amount(shape.find(team).unwrap(), None).0 + 3_000;
        company.set(made.version, team, more, "一组加码").await;
        operations.publish(&company.system, made.version).await.unwrap();

        let mine = company.mine(a).await.remove(0);
        let said: Vec<_> = mine
            .changes
            .iter()
            .map(|change| change.reason.as_deref())
            .collect();
        assert_eq!(said, [None, None, Some("一组加码")]);
        let said = |why: &Why| -> Vec<(Option<String>, Option<String>)> {
            let of = |step: &Step| match &step.kind {
                StepKind::Change { reason, at, .. } => Some((reason.clone(), why.nodes.get(at).cloned())),
                _ => None,
            };
            why.explanation.steps.iter().filter_map(of).collect()
        };
        let words = |reason: &str, of: &str| (Some(reason.to_owned()), Some(of.to_owned()));
        let own = operations
            .why_own(&company.rep(a), made.version, mine.node, None)
            .await
            .unwrap();
        assert_eq!(said(&own), [(None, None), words("一组加码", "T1")]);
        let row = shape.find(NodeRef::Member(a)).unwrap();
        let whole = operations.why(&planner, made.version, row, None).await.unwrap();
        assert_eq!(said(&whole), [words("b 要离职", "b"), words("一组加码", "T1")]);
        assert_eq!(own.explanation.amount, whole.explanation.amount);
    })
    .await;
}
