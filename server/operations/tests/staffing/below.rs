//! A unit with units below it becomes part of another.

use std::collections::BTreeMap;

use domain::calendar::PeriodKind;
use domain::id::{UnitId, VersionId};
use domain::money::Minor;
use domain::people::{Share, UnitInput};
use domain::staffing::Change;
use domain::target::{NewPlan, Verdict};
use store::Database;

use crate::house::House;
use crate::planning::{self, day};
use crate::refusal::code;

/// Below the second team there is one that `c` is in, and the year 2019 is on record.
async fn nested(house: &mut House) -> UnitId {
    let below = UnitInput {
        parent: house.teams[1],
        level: "team".to_owned(),
        name: "S".to_owned(),
        code: Some("S-1".to_owned()),
        manager: None,
    };
    let below = house.operations.create_unit(&house.system, below).await.unwrap();
    let share = Share {
        unit: below,
        share_ppm: 1_000_000,
    };
    let since = day("2017-12-01");
    house
        .operations
        .assign(&house.system, house.people[2], since, &[share])
        .await
        .unwrap();
    let plan = NewPlan {
        total: Minor(48_000_007),
        ..planning::plan("2019-01-01", "2020-01-01", PeriodKind::Month)
    };
    let made = house.operations.create_plan(&house.planner, plan).await.unwrap();
    house
        .operations
        .publish(&house.planner, made.version)
        .await
        .unwrap();
    house.version = made.version;
    below
}

/// The amounts of each row by period, called by the names from the company down.
async fn by_path(house: &House, version: VersionId) -> BTreeMap<String, Vec<i64>> {
    let found = house
        .operations
        .version_rows(&house.planner, version)
        .await
        .unwrap();
    let mut path: Vec<String> = Vec::new();
    let mut rows = BTreeMap::new();
    for row in found.rows {
        path.truncate(usize::from(row.depth));
        path.push(row.name);
        let amounts = row.amounts.iter().map(|amount| amount.0).collect();
        rows.insert(path[1..].join("/"), amounts);
    }
    rows
}

#[tokio::test]
async fn units_below_one_that_is_merged_go_on_below_the_other() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        let below = nested(&mut house).await;
        let [first, second] = house.teams;
        let before = by_path(&house, house.version).await;
        assert!(
            before.contains_key("T2/S/c") && before.contains_key("T2/d"),
            "{before:?}"
        );
        let merger = Change::Merger {
            from: second,
            into: first,
        };
        let inwards = Change::Merger {
            from: second,
            into: below,
        };
        let inwards = house.asked("2019-07-01", inwards);
        assert_eq!(
            code(house.operations.preview_staffing(&house.planner, &inwards).await),
            "into_below"
        );
        let asked = house.asked("2019-07-01", merger);
        let preview = house
            .operations
            .preview_staffing(&house.planner, &asked)
            .await
            .unwrap();
        assert_eq!(preview.before, preview.after, "the whole plan stays");
        let units: Vec<&str> = preview
            .rows
            .iter()
            .filter(|row| row.is_unit)
            .map(|row| row.name.as_str())
            .collect();
        assert!(
            units.contains(&"S · T1") && units.contains(&"S · T2"),
            "both are told apart: {units:?}"
        );
        // Made and dropped: what is entered of people stays, and is not entered twice.
        let open = async || {
            house
                .operations
                .open_staffing(&house.planner, &asked, None, Some("合并"))
                .await
                .unwrap()
                .version
        };
        let (dropped, draft) = (open().await, open().await);
        assert_eq!(by_path(&house, dropped).await, by_path(&house, draft).await);
        let verdict = house.operations.verify(&house.planner, draft).await.unwrap();
        assert!(matches!(verdict, Verdict::Sound { .. }), "{verdict:?}");
        let after = by_path(&house, draft).await;
        for (old, new) in [("T2/S/c", "T1/S/c"), ("T2/d", "T1/d"), ("T2/S", "T1/S")] {
            assert_eq!(after[old][..6], before[old][..6], "{old}: what was before stays");
            assert_eq!(after[old][6..], [0; 6], "{old}");
            assert_eq!(after[new][..6], [0; 6], "{new}");
            assert_eq!(after[new][6..], before[old][6..], "{new}: it comes along whole");
        }
        for period in 6..12 {
            assert_eq!(
                after["T1"][period],
                before["T1"][period] + before["T2"][period],
                "{period}"
            );
        }
        let on = day("2019-07-01");
        let people = house.operations.people(&house.system).await.unwrap();
        let named: Vec<_> = people.units.iter().filter(|unit| unit.name == "S").collect();
        assert_eq!(named.len(), 2, "entered once");
        let old = named.iter().find(|unit| unit.id == below).unwrap();
        let new = named.iter().find(|unit| unit.id != below).unwrap();
        assert_eq!((old.parent, old.ends_on), (Some(second), Some(on)));
        assert_eq!((new.parent, new.ends_on), (Some(first), None));
        assert_eq!(
            (old.code.as_deref(), new.code.as_deref()),
            (None, Some("S-1")),
            "other systems know the one that goes on"
        );
        let homes = house.homes(house.people[2]).await;
        assert_eq!(homes.last(), Some(&(new.id, on, None)));
        assert!(homes.contains(&(below, day("2017-12-01"), Some(on))), "{homes:?}");
        house.operations.publish(&house.planner, draft).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_unit_that_was_emptied_before_does_not_stand_in_the_way_of_the_one_above() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        let below = nested(&mut house).await;
        let [first, second] = house.teams;
        let mut numbers = Vec::new();
        for (from, on) in [(below, "2019-05-01"), (second, "2019-07-01")] {
            let asked = house.asked(on, Change::Merger { from, into: first });
            let made = house
                .operations
                .open_staffing(&house.planner, &asked, None, Some("合并"))
                .await
                .unwrap();
            house
                .operations
                .publish(&house.planner, made.version)
                .await
                .unwrap();
            house.version = made.version;
            numbers.push(by_path(&house, made.version).await);
        }
        let [before, after] = &numbers[..] else {
            unreachable!()
        };
        assert_eq!(after["T1/d"][6..], before["T2/d"][6..]);
        assert_eq!(
            after["T1/c"], before["T1/c"],
            "who went before stays where they went"
        );
        assert!(!after.contains_key("T1/S"), "nothing of it goes on");
    })
    .await;
}
