//! Levels of a row are given by who has seen what it has: what somebody else gave it meanwhile is told and not overwritten. Each level
//! stands by itself.

use domain::access::Role;
use domain::format::Lang;
use domain::id::VersionId;
use domain::level::{Above, Given, Level, Value};
use domain::plan::NodeIndex;
use domain::split::{
    LevelsAnswer, LevelsChanged, NewRowLevels, OwnValue, PlanLevelsAnswer, RowLevels, SeenLevels,
};
use operations::{Error, Scope};
use store::Database;

use super::{PLAN, alone, ratio, stretch};
use crate::{Company, company, planning};

fn own(level: Level, ppm: u32, above: Above) -> OwnValue {
    OwnValue {
        level,
        value: ratio(ppm),
        above,
    }
}

impl Company {
    /// Gives a row levels whatever it has.
    pub(super) async fn give(
        &self,
        scope: &Scope,
        version: VersionId,
        node: NodeIndex,
        own: Given,
        above: Above,
    ) -> Result<(), Error> {
        let wanted = NewRowLevels::of(node, own, above);
        let answer = self.operations.set_row_levels(scope, version, &wanted).await?;
        assert_eq!(answer, LevelsAnswer::Done);
        Ok(())
    }

    /// Gives a row levels as somebody who has seen it.
    async fn give_seen(
        &self,
        scope: &Scope,
        version: VersionId,
        node: NodeIndex,
        own: &[OwnValue],
        seen: &SeenLevels,
    ) -> LevelsAnswer {
        let wanted = NewRowLevels {
            node,
            own: own.to_vec(),
            seen: seen.clone(),
        };
        let given = self.operations.set_row_levels(scope, version, &wanted);
        given.await.unwrap()
    }
}

fn changed(answer: LevelsAnswer) -> LevelsChanged {
    match answer {
        LevelsAnswer::Changed(changed) => changed,
        LevelsAnswer::Done => panic!("it was overwritten unseen"),
    }
}

fn values(told: &RowLevels) -> Vec<(Level, Option<Value>, Above)> {
    let own = told.own.iter();
    own.map(|own| (own.level, own.value, own.above)).collect()
}

#[tokio::test]
async fn what_somebody_else_gave_a_row_meanwhile_is_told_and_what_is_sent_twice_is_done_once() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, &company.planner);
        let version = company.plan(1_000_003).await.version;
        operations.set_levels(planner, version, PLAN).await.unwrap();
        let open = operations.open_grid(planner, version, None).await.unwrap();
        let (_, region) = alone(open.grid.shape());
        let other = planning::user(&company.system, Role::Planner, None, &[], &[]);
        let told = async || operations.row_levels(planner, version, region).await.unwrap();

        // Both opened the row while it had nothing; the second is told of the first.
        let nothing = SeenLevels::of(&told().await.own);
        assert_eq!(nothing, SeenLevels::These(Vec::new()));
        let first = [own(Level::Stretch, 1_300_000, Above::Follows)];
        let answer = company.give_seen(&other, version, region, &first, &nothing).await;
        assert_eq!(answer, LevelsAnswer::Done);
        let theirs = told().await;
        let second = [own(Level::Floor, 850_000, Above::Follows)];
        let answer = company
            .give_seen(planner, version, region, &second, &nothing)
            .await;
        let first_seen = changed(answer);
        assert_eq!(first_seen.changed, [Level::Stretch]);
        assert_eq!(first_seen.now, theirs.own);
        assert_eq!(told().await, theirs, "nothing of it was saved");
        for lang in [Lang::ZhCn, Lang::En] {
            let words = first_seen.words(lang);
            assert!(
                words.contains("130 %") && words.contains(other.actor.name()),
                "{words}"
            );
        }

        // Given anyway by who was told; the answer is lost and it is sent again: done, and not asked about.
        let seen = SeenLevels::of(&first_seen.now);
        for _ in 0..2 {
            let answer = company.give_seen(planner, version, region, &second, &seen).await;
            assert_eq!(answer, LevelsAnswer::Done);
        }
        let floor = (Level::Floor, Some(ratio(850_000)), Above::Follows);
        assert_eq!(values(&told().await), [floor]);

        // What was taken back meanwhile is told as well, and so is who takes back what they have not seen.
        let answer = company.give_seen(&other, version, region, &[], &seen).await;
        assert_eq!(
            changed(answer).changed,
            [Level::Floor],
            "the stretch is as it is wanted: there is none"
        );
        let higher = [own(Level::Stretch, 1_350_000, Above::Follows)];
        let answer = company.give_seen(&other, version, region, &higher, &seen).await;
        let taken = changed(answer);
        assert_eq!(taken.changed, [Level::Floor, Level::Stretch]);
        assert!(taken.now.iter().all(|own| own.level == Level::Floor));
        assert_eq!(values(&told().await), [floor]);

        // Only what follows above was changed: that is something else too.
        let seen = SeenLevels::of(&told().await.own);
        let stays = [own(Level::Floor, 850_000, Above::Stays)];
        let answer = company.give_seen(&other, version, region, &stays, &seen).await;
        assert_eq!(answer, LevelsAnswer::Done);
        let lower = [own(Level::Floor, 700_000, Above::Follows)];
        let answer = company.give_seen(planner, version, region, &lower, &seen).await;
        assert_eq!(changed(answer).changed, [Level::Floor]);

        // Two who want the same are not asked.
        let answer = company.give_seen(planner, version, region, &stays, &seen).await;
        assert_eq!(answer, LevelsAnswer::Done);

        // Who does not say what they saw changes it whatever is there.
        let answer = company
            .give_seen(planner, version, region, &[], &SeenLevels::Any)
            .await;
        assert_eq!(answer, LevelsAnswer::Done);
        assert!(told().await.own.is_empty());
    })
    .await;
}

#[tokio::test]
async fn each_level_of_a_row_comes_from_the_nearest_above_that_has_it_and_says_by_itself_what_follows() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, &company.planner);
        let version = company.plan(1_000_003).await.version;
        operations.set_levels(planner, version, PLAN).await.unwrap();
        let open = operations.open_grid(planner, version, None).await.unwrap();
        let shape = open.grid.shape();
        let (person, region) = alone(shape);
        let told = async |node: NodeIndex| operations.row_levels(planner, version, node).await.unwrap();

        // The region has a stretch only: the person has that from it, a floor of their own, and the challenge of the plan.
        company
            .give(
                planner,
                version,
                region,
                stretch(Some(ratio(1_200_000))),
                Above::Follows,
            )
            .await
            .unwrap();
        let floor = Given {
            floor: Some(ratio(800_000)),
            ..Given::default()
        };
        company
            .give(planner, version, person, floor, Above::Follows)
            .await
            .unwrap();
        let found = told(person).await;
        let from = |level: Level| found.own(level).map(|own| (own.from.as_deref(), own.value));
        assert_eq!(from(Level::Floor), Some((None, Some(ratio(800_000)))));
        let above = Some(shape.name(region));
        assert_eq!(from(Level::Stretch), Some((above, Some(ratio(1_200_000)))));
        assert_eq!(from(Level::Challenge), None);
        // What comes from above is not the row's: saved as it was seen, nothing of it becomes its own.
        let seen = SeenLevels::of(&found.own);
        assert_eq!(
            seen,
            SeenLevels::These(vec![own(Level::Floor, 800_000, Above::Follows)])
        );

        // Of one level the rows above follow, of the other the rows beside take the rest: saved and read back for each by itself.
        let before = company.levelled(version, Level::Challenge, &[NodeIndex(0)]).await;
        let each = [
            own(Level::Floor, 800_000, Above::Follows),
            own(Level::Challenge, 1_390_000, Above::Stays),
        ];
        let answer = company
            .give_seen(planner, version, region, &each, &SeenLevels::Any)
            .await;
        assert_eq!(answer, LevelsAnswer::Done);
        assert_eq!(
            values(&told(region).await),
            each.map(|own| (own.level, Some(own.value), own.above))
        );
        let after = company.levelled(version, Level::Challenge, &[NodeIndex(0)]).await;
        assert_eq!(after, before, "the rows beside took the rest");
        let log = operations.audit(&company.system, None, 1).await.unwrap();
        assert_eq!(log[0].verb, "version.row_levels");
    })
    .await;
}

#[tokio::test]
async fn what_somebody_else_decided_of_the_whole_plan_meanwhile_is_told() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, &company.planner);
        let version = company.plan(1_000_003).await.version;
        let other = planning::user(&company.system, Role::Planner, None, &[], &[]);
        let decided = async || operations.decided_levels(planner, version).await.unwrap();
        let nothing = Given::default();
        assert_eq!(decided().await, nothing);

        // Both opened the plan while nothing was decided; the second is told of the first.
        let done = operations
            .set_levels_seen(&other, version, PLAN, Some(nothing))
            .await
            .unwrap();
        assert_eq!(done, PlanLevelsAnswer::Done);
        let wanted = PLAN.with(Level::Stretch, Some(ratio(1_200_000)));
        let send = async |seen: Option<Given>| {
            let sent = operations.set_levels_seen(planner, version, wanted, seen);
            sent.await.unwrap()
        };
        let PlanLevelsAnswer::Changed(told) = send(Some(nothing)).await else {
            panic!("it was overwritten unseen")
        };
        assert_eq!(
            told.changed,
            [Level::Stretch],
            "the others are as they are wanted"
        );
        assert_eq!(
            (told.now, decided().await),
            (PLAN, PLAN),
            "nothing of it was saved"
        );
        for lang in [Lang::ZhCn, Lang::En] {
            let words = told.words(lang);
            assert!(
                words.contains("110 %") && words.contains(other.actor.name()),
                "{words}"
            );
        }

        // Saved anyway by who was told; sent twice it is done once more, and not asked about.
        for _ in 0..2 {
            assert_eq!(send(Some(told.now)).await, PlanLevelsAnswer::Done);
        }
        assert_eq!(decided().await, wanted);

        // What is taken back meanwhile is told as well; who does not say what they saw replaces what is there.
        let without = wanted.with(Level::Challenge, None);
        operations.set_levels(&other, version, without).await.unwrap();
        let PlanLevelsAnswer::Changed(told) = send(Some(wanted)).await else {
            panic!("it was overwritten unseen")
        };
        assert_eq!(told.changed, [Level::Challenge]);
        assert_eq!(send(None).await, PlanLevelsAnswer::Done);
        assert_eq!(decided().await, wanted);
    })
    .await;
}
