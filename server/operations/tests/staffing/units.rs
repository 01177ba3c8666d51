//! Who moves, and units that become one: numbers of both sides and what was sold on each.

use std::collections::BTreeMap;

use domain::import::{Options, Status, View};
use domain::metric::{AttainmentQuery, Dimension, MetricKey};
use domain::staffing::{Carry, Change};
use operations::import::Origin;
use store::Database;

use crate::files::{file, wanted};
use crate::house::{House, NOBODY, of_may, sums};
use crate::planning::day;
use crate::refusal::code;

pub(crate) async fn import(house: &House, name: &str, text: &str) -> View {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), name, text);
    let wanted = wanted(&[path], Options::default(), Origin::CommandLine);
    let view = house.operations.import_now(&house.system, wanted).await.unwrap();
    assert_eq!((view.status, view.counts.rejected), (Status::Done, 0), "{view:?}");
    view
}

/// What was done in May 2018 by unit.
pub(crate) async fn done(house: &House) -> BTreeMap<String, i64> {
    let query = AttainmentQuery {
        metric: MetricKey::parse("bookings").unwrap(),
        from: day("2018-05-01"),
        to: day("2018-06-01"),
        by: vec![Dimension::Unit],
        as_of: Some(day("2018-12-31")),
    };
    let answer = house.operations.attainment(&house.system, &query).await.unwrap();
    answer
        .rows
        .into_iter()
        .map(|row| (row.keys["unit"].name.clone(), row.actual.0))
        .collect()
}

#[tokio::test]
async fn a_number_moves_with_its_person_and_comes_back_as_it_was() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        let [_, _, c, _] = house.people;
        let before = house.rows(house.version).await;
        let transfer = |from, to| Change::Transfer {
            member: c,
            from,
            to,
            number: Carry::Goes,
        };
        let [first, second] = house.teams;
        let after = house.change("2018-05-14", transfer(second, first)).await;
        let part = of_may(before["T2/c"][4], "2018-05-14");
        assert_eq!(after["T1/c"][..5], [0, 0, 0, 0, part]);
        assert_eq!(after["T1/c"][5..], before["T2/c"][5..]);
        assert_eq!(after["T2/c"][..4], before["T2/c"][..4]);
        assert_eq!(sums(&after, &["T1", "T2"]), sums(&before, &["T1", "T2"]));
        assert_eq!(after["T1"][4], before["T1"][4] + part);
        assert_eq!(after["云杉仪器"], before["云杉仪器"]);
        let on = day("2018-05-14");
        let homes = house.homes(c).await;
        assert_eq!((homes[0].0, homes[0].2), (second, Some(on)));
        assert_eq!(homes[1], (first, on, None));

        // What was sold is credited to the unit of its day, also when it comes later.
        import(&house, "products.csv", "product,series\nWidget,W\n").await;
        import(&house, "accounts.csv", "account,sector\nAcme,medical\n").await;
        import(
            &house,
            "sales_pipeline.csv",
            "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n\
             1,c,Widget,Acme,Won,2018-01-01,2018-05-02,100\n2,c,Widget,Acme,Won,2018-01-01,2018-05-20,200\n",
        )
        .await;
        let sold = done(&house).await;
        assert_eq!((sold["T1"], sold["T2"]), (20_000, 10_000));

        let back = house.change("2018-05-14", transfer(first, second)).await;
        assert_eq!(back["T1/c"], vec![0; 12]);
        for (name, amounts) in &before {
            assert_eq!(&back[name], amounts, "{name}");
        }
        let sold = done(&house).await;
        assert_eq!(
            (sold["T1"], sold["T2"]),
            (0, 30_000),
            "who was never away sold it where they were"
        );
    })
    .await;
}

#[tokio::test]
async fn a_number_stays_where_it_is_to_stay() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        let [_, _, c, _] = house.people;
        let before = house.rows(house.version).await;
        let [first, second] = house.teams;
        let stays = Change::Transfer {
            member: c,
            from: second,
            to: first,
            number: Carry::Colleagues,
        };
        let after = house.change("2018-07-01", stays).await;
        assert_eq!((&after["T1"], &after["T2"]), (&before["T1"], &before["T2"]));
        assert_eq!(after["T1/c"], vec![0; 12]);
        assert_eq!(sums(&after, &["T2/c", "T2/d"]), sums(&before, &["T2/c", "T2/d"]));
        assert_eq!(after["T2/c"][6..], [0; 6]);
        let same = house.asked(
            "2018-07-01",
            Change::Transfer {
                member: c,
                from: first,
                to: first,
                number: Carry::Goes,
            },
        );
        assert_eq!(
            code(house.operations.preview_staffing(&house.planner, &same).await),
            "same_unit"
        );
    })
    .await;
}

#[tokio::test]
async fn a_unit_becomes_part_of_another_from_a_day_on() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        let before = house.rows(house.version).await;
        let [first, second] = house.teams;
        let company = Change::Merger {
            from: house.root,
            into: first,
        };
        let asked = house.asked("2018-07-01", company);
        assert_eq!(
            code(house.operations.preview_staffing(&house.planner, &asked).await),
            "company_merged"
        );
        let merger = Change::Merger {
            from: second,
            into: first,
        };
        let after = house.change("2018-07-01", merger).await;
        for name in ["c", "d"] {
            let (old, new) = (format!("T2/{name}"), format!("T1/{name}"));
            assert_eq!(after[&new][6..], before[&old][6..], "{name}");
            assert_eq!(after[&new][..6], [0; 6]);
            assert_eq!(after[&old][..6], before[&old][..6]);
        }
        assert_eq!(after["T2"][6..], [0; 6]);
        assert_eq!(after["T2"][..6], before["T2"][..6]);
        assert_eq!(sums(&after, &["T1", "T2"]), sums(&before, &["T1", "T2"]));
        assert!(!after.contains_key(&format!("T1/{NOBODY}")));
        let on = day("2018-07-01");
        let people = house.operations.people(&house.system).await.unwrap();
        let unit = people.units.iter().find(|unit| unit.id == second).unwrap();
        assert_eq!(unit.ends_on, Some(on));
        for member in [house.people[2], house.people[3], house.leaders[1]] {
            assert_eq!(house.homes(member).await[1], (first, on, None));
        }
    })
    .await;
}

#[tokio::test]
async fn who_comes_back_to_a_unit_with_theirs_has_an_open_row_there() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        let [_, _, c, _] = house.people;
        let [first, second] = house.teams;
        let moves = Change::Transfer {
            member: c,
            from: second,
            to: first,
            number: Carry::Goes,
        };
        let before = house.change("2018-05-14", moves).await;
        let merger = Change::Merger {
            from: first,
            into: second,
        };
        let after = house.change("2018-07-01", merger).await;
        assert_eq!(
            after["T2/c"][6..],
            before["T1/c"][6..],
            "as open as it was before"
        );
        assert_eq!(after["T2/c"][..6], before["T2/c"][..6]);
        assert_eq!(after["T1"][6..], [0; 6]);
    })
    .await;
}
