//! Fairness: what a plan is judged by and for whom, limits, and what is not published because of them.

use domain::access::Role;
use domain::approval::Decision;
use domain::fairness::{Limit, Limits, Measure, Settings, Severity};
use domain::id::VersionId;
use domain::plan::{NodeIndex, NodeRef, PlanCommand, Refusal};
use domain::split::Insist;
use operations::Scope;
use store::Database;

use crate::house::{House, node};
use crate::planning::{self, day};
use crate::refusal::code;

/// Nobody's plan is that easy: nine of ten have to be expected to reach theirs.
const STRICT: Limit = Limit {
    measure: Measure::Reached,
    warn_ppm: Some(950_000),
    block_ppm: Some(900_000),
};

async fn draft(house: &House) -> VersionId {
    house
        .operations
        .branch_version(&house.planner, house.version, None)
        .await
        .unwrap()
        .version
}

#[tokio::test]
async fn what_is_beyond_a_limit_is_published_with_a_reason_only() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        let operations = house.operations.clone();
        operations
            .set_fairness_limits(&house.planner, vec![STRICT])
            .await
            .unwrap();
        // Without history nothing can be expected, and nothing blocks.
        let first = draft(&house).await;
        operations.publish(&house.planner, first).await.unwrap();

        house.operations.today = Some(day("2018-04-10"));
        house.sell_for_years().await;
        let operations = &house.operations;
        let second = draft(&house).await;
        let refused = operations.publish(&house.planner, second).await;
        let operations::Error::Conflict(refusal) = refused.unwrap_err() else {
            panic!("it is a clash with the limits")
        };
        assert_eq!(refusal.code, "fairness_blocks");
        assert!(refusal.words.en.contains("90.0 %"), "{}", refusal.words.en);
        assert!(refusal.words.zh.contains("90.0 %"), "{}", refusal.words.zh);
        let owner = planning::user(&house.system, Role::Owner, None, &[], &[]);
        let shown = operations.approval_of(&owner, second).await.unwrap();
        assert!(shown.may.publish && shown.may.publish_anyway);
        assert_eq!(shown.blocking.len(), 1);
        let shown = operations.approval_of(&house.planner, second).await.unwrap();
        assert!(!shown.may.publish_anyway && shown.blocking.is_empty());
        operations
            .publish_anyway(&owner, second, None, "董事会已经同意")
            .await
            .unwrap();
        // Nothing had to be approved: the reason is where those of an approval are.
        let shown = operations.approval_of(&house.planner, second).await.unwrap();
        let kept = shown
            .decided
            .iter()
            .map(|one| (one.decision, one.note.as_deref()));
        assert_eq!(
            kept.collect::<Vec<_>>(),
            [(Decision::BeyondLimits, Some("董事会已经同意"))]
        );

        // The usual limits are back, by who may loosen them, and the same numbers pass.
        let loosened = operations.set_fairness_limits(&house.planner, Vec::new()).await;
        assert_eq!(code(loosened), "limits_loosened");
        operations.set_fairness_limits(&owner, Vec::new()).await.unwrap();
        let third = draft(&house).await;
        operations.publish(&house.planner, third).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_one_decides_by_is_told_before_and_within_reach() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        let boss = operations::NewUser {
            email: "boss@attain.test".to_owned(),
            name: "欧阳主".to_owned(),
            role: Role::Owner,
            password: "corridor-lantern-44".to_owned(),
            member: None,
            language: None,
        };
        house.operations.create_user(&house.system, boss).await.unwrap();
        house
            .operations
            .set_fairness_limits(&house.planner, vec![STRICT])
            .await
            .unwrap();
        let version = draft(&house).await;
        // Without history only over-assignment can be told, and it is within.
        let before = house
            .operations
            .before_publishing(&house.planner, version, true)
            .await
            .unwrap();
        let [all] = &before.fairness[..] else {
            panic!("{before:?}")
        };
        assert!(all.whole && all.verdicts.is_none() && !before.blocks());
        let told = all.measured.iter().filter(|one| one.value_ppm.is_some());
        let told: Vec<Measure> = told.map(|one| one.measure).collect();
        assert_eq!(told, [Measure::Padding]);

        house.operations.today = Some(day("2018-04-10"));
        house.sell_for_years().await;
        let operations = &house.operations;
        let before = operations
            .before_publishing(&house.planner, version, true)
            .await
            .unwrap();
        assert_eq!(before.head, 0);
        assert!(before.blocks());
        assert_eq!(before.may_pass, ["欧阳主"]);
        let all = &before.fairness[0];
        assert!(all.verdicts.is_some());
        let reached = all
            .measured
            .iter()
            .find(|one| one.measure == Measure::Reached)
            .unwrap();
        assert_eq!(
            (reached.block_ppm, reached.beyond),
            (Some(900_000), Some(Severity::Block))
        );
        assert!(reached.value_ppm.is_some_and(|value| value < 900_000));
        assert_eq!(
            operations.fairness_of(&house.planner, version).await.unwrap(),
            before.fairness
        );
        // The version before: nobody has confirmed it yet, and nobody has said how fair it is.
        let [voice] = &before.voices[..] else {
            panic!("{before:?}")
        };
        assert_eq!((voice.version, voice.before), (house.version, true));
        assert!(voice.pulse.is_empty());
        let silent = voice.unconfirmed.as_ref().unwrap();
        let waiting = operations
            .unconfirmed(&house.planner, house.version)
            .await
            .unwrap();
        assert_eq!((silent.open, silent.countered), (waiting.len() as u64, 0));
        assert!(silent.names.iter().any(|asked| asked.name.contains("anna")));
        // It was split before anything was sold: by equal parts, which the past can be asked about now.
        let used = before.used.clone().unwrap();
        assert_eq!(used.shares.iter().map(|(_, share)| share).sum::<u32>(), 1_000_000);
        assert!(used.figures.is_some() && used.periods > 0, "{used:?}");

        // Who leads a team is told of that part and of no limits, which are of the whole; who carries a number, of nothing.
        let open = house.open(version).await;
        let shape = open.grid.shape();
        let team = shape.parent(node(&open, "anna")).unwrap();
        let NodeRef::Unit(unit) = shape.reference(team) else {
            panic!("a person stands below a unit")
        };
        let members: Vec<_> = shape
            .children(team)
            .filter_map(|child| match shape.reference(child) {
                NodeRef::Member(member) => Some(member),
                NodeRef::Unit(_) => None,
            })
            .collect();
        let manager = planning::user(&house.system, Role::Manager, None, &[unit], &members);
        let part = operations
            .before_publishing(&manager, version, true)
            .await
            .unwrap();
        assert_eq!(part.fairness.len(), 1);
        assert!(!part.fairness[0].whole && part.fairness[0].measured.is_empty());
        assert_eq!(part.fairness[0].row, team);
        assert!(part.used.is_none() && part.may_pass.is_empty());
        let text = serde_json::to_string(&part).unwrap();
        assert!(!text.contains("carl"), "nobody else is named: {text}");
        let rep = planning::user(
            &house.system,
            Role::Rep,
            members.first().copied(),
            &[],
            &members[..1],
        );
        assert_eq!(
            code(operations.before_publishing(&rep, version, true).await),
            "not_found"
        );

        // Once it is published it speaks for itself, beside the one before.
        let owner = planning::user(&house.system, Role::Owner, None, &[], &[]);
        operations
            .publish_anyway(&owner, version, Some(before.looked()), "董事会已经同意")
            .await
            .unwrap();
        let after = operations
            .before_publishing(&house.planner, version, false)
            .await
            .unwrap();
        assert!(after.fairness.is_empty());
        let voices: Vec<_> = after
            .voices
            .iter()
            .map(|voice| (voice.version, voice.before, voice.unconfirmed.is_some()))
            .collect();
        assert_eq!(voices, [(version, false, true), (house.version, true, false)]);
    })
    .await;
}

#[tokio::test]
async fn over_assignment_blocks_also_where_nothing_can_be_expected() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let operations = &house.operations;
        // Two levels of 30 % make 69 %.
        let padded = house.handed_down(&[300_000, 300_000, 0]).await;
        assert_eq!(
            code(operations.publish(&house.planner, padded).await),
            "fairness_blocks"
        );
        let less = house.handed_down(&[200_000, 200_000, 0]).await;
        operations.publish(&house.planner, less).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_bound_of_over_assignment_is_the_organizations() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let operations = &house.operations;
        let owner = planning::user(&house.system, Role::Owner, None, &[], &[]);
        let bound = async || operations.hedge_limit(&house.planner).await.unwrap();
        let choose = async |who: &Scope, ppm: u32| operations.set_limits(who, Vec::new(), Some(ppm)).await;
        assert_eq!(bound().await, 500_000, "half, where nobody chose");

        let version = draft(&house).await;
        let over = async |ppm: u32| {
            let command = PlanCommand::OverAssign {
                node: NodeIndex(0),
                uplift_ppm: vec![ppm, 0, 0],
                reason: None,
            };
            let head = house.open(version).await.head;
            let applied = operations
                .apply(&house.planner, version, head, command, Insist::Ask)
                .await;
            applied.unwrap()
        };
        assert!(over(300_000).await.is_done());
        // Also of a version that is kept as it was changed last.
        choose(&house.planner, 200_000).await.unwrap();
        assert_eq!(house.open(version).await.grid.hedge_limit_ppm(), 200_000);
        let refused = over(350_000).await.refused;
        assert!(matches!(refused, Some(Refusal::Hedge { .. })), "{refused:?}");
        assert!(over(250_000).await.is_done(), "less than there is");
        assert!(over(100_000).await.is_done());

        assert_eq!(code(choose(&house.planner, 300_000).await), "hedge_limit_raised");
        assert_eq!(code(choose(&owner, 1_000_001).await), "bad_hedge_limit");
        assert_eq!(bound().await, 200_000, "what is refused changes nothing");
        choose(&owner, 1_000_000).await.unwrap();
        assert!(over(800_000).await.is_done());
        // Whoever chooses limits alone leaves it as it is.
        operations.set_fairness_limits(&owner, Vec::new()).await.unwrap();
        assert_eq!(bound().await, 1_000_000);
    })
    .await;
}

#[tokio::test]
async fn limits_are_checked_and_for_those_who_publish() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let operations = &house.operations;
        let wrong = Limit {
            block_ppm: Some(960_000),
            ..STRICT
        };
        assert_eq!(
            code(operations.set_fairness_limits(&house.planner, vec![wrong]).await),
            "bad_limit"
        );
        let manager = planning::user(&house.system, Role::Manager, None, &[], &[]);
        assert_eq!(
            code(operations.set_fairness_limits(&manager, vec![STRICT]).await),
            "not_found"
        );
        let known = async || {
            operations
                .fairness_ground(&house.planner, house.version)
                .await
                .unwrap()
                .limits
        };
        assert_eq!(known().await, Limits::default());
        let set = async || operations.fairness_limits_set(&house.planner).await.unwrap();
        assert_eq!(set().await, None, "what was refused set nothing");
        operations
            .set_fairness_limits(&house.planner, vec![STRICT])
            .await
            .unwrap();
        let by = set().await.unwrap();
        assert_eq!(by.by, house.planner.actor.name());
        assert!(by.at_ms > 0);
        assert_eq!(known().await, Limits::with(&[STRICT]));
    })
    .await;
}

#[tokio::test]
async fn everybody_is_judged_by_what_they_can_be_expected_to_do_within_reach() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        let empty = house
            .operations
            .fairness_ground(&house.planner, house.version)
            .await
            .unwrap();
        assert!(!empty.known && empty.people.is_empty());

        house.operations.today = Some(day("2018-04-10"));
        house.sell_for_years().await;
        let open = house.open(house.version).await;
        let operations = &house.operations;
        let ground = operations
            .fairness_ground(&house.planner, house.version)
            .await
            .unwrap();
        assert!(ground.known && ground.may_limit);
        let of = |name: &str| {
            let node = node(&open, name);
            ground.people.iter().find(|footing| footing.node == node).unwrap()
        };
        let [anna, bert, dora] = ["anna", "bert", "dora"].map(of);
        assert!(anna.outlook.mean > bert.outlook.mean && bert.outlook.mean > 0.0);
        assert!(
            dora.outlook.mean < bert.outlook.mean / 10.0,
            "who never sold: {dora:?}"
        );
        assert!(bert.growth.is_some_and(|growth| growth.abs() < 0.1), "{bert:?}");
        assert!(anna.size > bert.size && !anna.new_hire);
        let amount = |node: NodeIndex| open.grid.amount(node, None);
        let judged = ground
            .check(open.grid.shape(), 0, amount, &Settings::default())
            .unwrap();
        assert_eq!(judged.nodes.len(), 4);
        assert!(judged.report.chances.share < 0.9);

        // Who leads a team is told of its people, and of nobody else.
        let shape = open.grid.shape();
        let team = shape.parent(node(&open, "anna")).unwrap();
        let NodeRef::Unit(unit) = shape.reference(team) else {
            panic!("a person stands below a unit")
        };
        let members: Vec<_> = shape
            .children(team)
            .filter_map(|child| match shape.reference(child) {
                NodeRef::Member(member) => Some(member),
                NodeRef::Unit(_) => None,
            })
            .collect();
        assert_eq!(members.len(), 2);
        let manager = planning::user(&house.system, Role::Manager, None, &[unit], &members);
        let part = operations.fairness_ground(&manager, house.version).await.unwrap();
        assert_eq!(part.people.len(), 2);
        assert!(!part.may_limit);
        let rep = planning::user(
            &house.system,
            Role::Rep,
            members.first().copied(),
            &[],
            &members[..1],
        );
        assert_eq!(
            code(operations.fairness_ground(&rep, house.version).await),
            "not_found"
        );
    })
    .await;
}
