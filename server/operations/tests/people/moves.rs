//! People who move, and units that change.

use domain::access::Role;
use domain::calendar::Day;
use domain::id::UnitId;
use domain::people::{MemberInput, Share};
use operations::{BEGINNING, Database};
use store::assignment::WHOLE_PPM;
use uuid::Uuid;

use crate::{TODAY, code, member, operations, scope_of, unit};

#[tokio::test]
async fn people_are_moved_and_units_are_kept_in_order() {
    kit::on_each(async |database: Database| {
        let (operations, system) = operations(database.clone()).await;
        let root = operations.people(&system).await.unwrap().units[0].id;
        let north = operations.create_unit(&system, unit(root, "华北")).await.unwrap();
        let beijing = operations
            .create_unit(&system, unit(north, "北京组"))
            .await
            .unwrap();
        let wang = operations.create_member(&system, member("王琳")).await.unwrap();
        let zeng = operations
            .create_member(
                &system,
                MemberInput {
                    external_id: Some("S1".to_owned()),
                    ..member("曾艳")
                },
            )
            .await
            .unwrap();
        let taken = MemberInput {
            external_id: Some("S1".to_owned()),
            ..member("甲")
        };
        assert_eq!(
            code(operations.create_member(&system, taken).await),
            "external_id_taken"
        );
        assert_eq!(
            code(operations.create_unit(&system, unit(root, "华北")).await),
            "unit_name_taken"
        );
        assert_eq!(
            code(
                operations
                    .create_unit(&system, unit(UnitId(Uuid::now_v7()), "x"))
                    .await
            ),
            "not_found"
        );
        assert_eq!(
            code(
                operations
                    .update_unit(&system, north, unit(beijing, "华北"))
                    .await
            ),
            "unit_below_itself"
        );
        assert_eq!(
            code(operations.update_unit(&system, north, unit(north, "华北")).await),
            "unit_below_itself"
        );

        let whole = |unit| {
            [Share {
                unit,
                share_ppm: WHOLE_PPM,
            }]
        };
        operations
            .assign(&system, wang, BEGINNING, &whole(beijing))
            .await
            .unwrap();
        let part = |unit, share_ppm| Share { unit, share_ppm };
        for bad in [
            vec![part(north, 600_000), part(beijing, 300_000)],
            vec![part(north, 500_000), part(north, 500_000)],
            vec![part(north, 0), part(beijing, 1_000_000)],
        ] {
            assert_eq!(
                code(operations.assign(&system, wang, TODAY, &bad).await),
                "bad_shares"
            );
        }
        operations
            .assign(
                &system,
                wang,
                TODAY,
                &[part(north, 600_000), part(beijing, 400_000)],
            )
            .await
            .unwrap();
        let people = operations.people(&system).await.unwrap();
        let row = people.members.iter().find(|row| row.id == wang).unwrap();
        let spans: Vec<(UnitId, u32, Option<Day>)> = row
            .assignments
            .iter()
            .map(|a| (a.unit, a.share_ppm, a.ends_on))
            .collect();
        assert_eq!(spans[0], (beijing, 1_000_000, Some(TODAY)));
        assert_eq!(spans.len(), 3);
        assert_eq!(
            people.members[1].pinyin, "zeng yan",
            "by pinyin, a surname's own sound"
        );
        // Said anew: the earlier word on later days goes.
        operations
            .assign(&system, wang, TODAY, &whole(beijing))
            .await
            .unwrap();
        assert_eq!(
            code(operations.end_unit(&system, beijing, TODAY).await),
            "unit_in_use"
        );
        assert_eq!(
            code(operations.end_unit(&system, root, TODAY).await),
            "unit_in_use"
        );
        operations
            .update_member(
                &system,
                wang,
                MemberInput {
                    left_on: Some(TODAY),
                    ..member("王琳")
                },
            )
            .await
            .unwrap();
        operations.end_unit(&system, beijing, TODAY).await.unwrap();
        assert_eq!(
            code(operations.assign(&system, zeng, TODAY, &whole(beijing)).await),
            "unit_ended"
        );
        let left_first = MemberInput {
            hired_on: Some(TODAY),
            left_on: Some(TODAY.plus(-1)),
            ..member("王琳")
        };
        assert_eq!(
            code(operations.update_member(&system, wang, left_first).await),
            "left_before_hired"
        );

        let rep = scope_of(&operations, &system, Role::Planner, zeng).await;
        assert_eq!(
            code(operations.create_unit(&rep, unit(root, "x")).await),
            "not_found"
        );
        assert_eq!(
            code(operations.assign(&rep, zeng, TODAY, &whole(north)).await),
            "not_found"
        );
    })
    .await;
}
