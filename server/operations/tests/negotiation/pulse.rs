//! How fair those call their numbers who confirm them.

use domain::id::VersionId;
use domain::plan::NodeRef;
use operations::Scope;
use store::Database;

use crate::{Company, code, company};

async fn confirm(
    company: &Company,
    rep: &Scope,
    version: VersionId,
    fair: Option<u8>,
    reason: Option<&str>,
) -> Result<(), operations::Error> {
    let target = company.operations.my_targets(rep).await.unwrap();
    let target = target.iter().find(|target| target.version == version).unwrap();
    company
        .operations
        .confirm_target(rep, version, target.node, &target.hash, fair, reason)
        .await
        .map(drop)
}

#[tokio::test]
async fn the_pulse_is_told_of_groups_of_five_and_without_names() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let version = company.published().await;
        let told = async |scope| operations.pulse(scope, version).await.unwrap();
        assert_eq!(
            code(confirm(&company, &company.reps[0], version, Some(6), None).await),
            "bad_pulse"
        );
        assert_eq!(
            code(confirm(&company, &company.reps[0], version, None, Some("y")).await),
            "bad_pulse"
        );
        for (place, rep) in company.reps.iter().enumerate().take(4) {
            let reason = format!("reason {place}");
            confirm(&company, rep, version, Some(4), Some(&reason))
                .await
                .unwrap();
        }
        assert!(told(&company.planner).await.is_empty(), "four are too few");
        confirm(&company, &company.reps[4], version, Some(2), Some("  "))
            .await
            .unwrap();
        // One more who says nothing is not counted.
        confirm(&company, &company.reps[5], version, None, None)
            .await
            .unwrap();
        let units = told(&company.planner).await;
        assert_eq!(units.len(), 3, "the company, the region and the team");
        for unit in &units {
            assert_eq!((unit.people, unit.counts), (5, [0, 1, 0, 4, 0]));
            assert_eq!((unit.mean().as_str(), unit.reasons.len()), ("3.6", 4));
        }
        let text = serde_json::to_string(&units).unwrap();
        for rep in &company.reps {
            let member = rep.member.unwrap();
            assert!(!text.contains(&member.to_string()), "nobody is named");
        }
        // Who leads the team sees the team; who leads another sees nothing, and reps have no sight of it.
        assert_eq!(told(&company.leader).await.len(), 1);
        assert!(told(&company.other).await.is_empty());
        assert_eq!(
            code(operations.pulse(&company.reps[0], version).await),
            "not_found"
        );

        // The leader speaks, of the team's number.
        let lead = operations.my_targets(&company.leader).await.unwrap();
        let team = lead
            .iter()
            .find(|target| matches!(target.of, NodeRef::Unit(_)))
            .unwrap();
        operations
            .confirm_target(&company.leader, version, team.node, &team.hash, Some(1), None)
            .await
            .unwrap();
        // That they confirmed is seen by name: what they said is not told before others have said something, too.
        assert_eq!(told(&company.planner).await, units);
        // Published again with the same numbers, confirmations and what was said with them stay.
        let next = operations
            .branch_version(&company.planner, version, None)
            .await
            .unwrap()
            .version;
        operations.publish(&company.planner, next).await.unwrap();
        let carried = operations.pulse(&company.planner, next).await.unwrap();
        assert_eq!(carried.len(), units.len());
        for (carried, before) in carried.iter().zip(&units) {
            assert_eq!((carried.row, carried.counts), (before.row, before.counts));
            assert_eq!(carried.reasons.len(), before.reasons.len());
        }
        // Both stand beside the fairness of the new one, and of a draft of it the one on record does.
        let beside = async |version| {
            let before = operations
                .before_publishing(&company.planner, version, false)
                .await
                .unwrap();
            let voices = before.voices.into_iter();
            voices
                .map(|voice| (voice.version, voice.before, voice.pulse.len()))
                .collect::<Vec<_>>()
        };
        let count = units.len();
        assert_eq!(beside(next).await, [(next, false, count), (version, true, count)]);
        let draft = operations
            .branch_version(&company.planner, next, None)
            .await
            .unwrap()
            .version;
        assert_eq!(beside(draft).await, [(next, true, count)]);
    })
    .await;
}
