//! What was sold before somebody says that people were elsewhere by then.

use domain::id::{MemberId, UnitId};
use domain::import::View;
use domain::metric::{AttainmentQuery, Dimension, MetricKey};
use domain::people::Share;
use domain::staffing::{Carry, Change, Rest};
use store::Database;

use crate::house::House;
use crate::planning::day;
use crate::units::{done, import};

const SOLD: &str = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n\
    1,c,Widget,Acme,Won,2018-01-01,2018-05-02,100\n\
    2,c,Widget,Acme,Won,2018-01-01,2018-05-20,200\n\
    3,a,Widget,Acme,Won,2018-01-01,2018-05-20,400\n\
    4,c,Widget,Acme,Lost,2018-01-01,2018-05-21,800\n";

/// Lets the people sell, all of it known before anybody moves.
async fn sell(house: &House) -> View {
    import(house, "products.csv", "product,series\nWidget,W\n").await;
    import(house, "accounts.csv", "account,sector\nAcme,medical\n").await;
    import(house, "sales_pipeline.csv", SOLD).await
}

/// What was done in May 2018 by the teams, and by all.
async fn teams(house: &House) -> (i64, i64, i64) {
    let sold = done(house).await;
    let of = |name: &str| sold.get(name).copied().unwrap_or_default();
    (of("T1"), of("T2"), of("云杉仪器"))
}

/// What somebody did until a day of May 2018.
async fn own(house: &House, member: MemberId, until: &str) -> i64 {
    let query = AttainmentQuery {
        metric: MetricKey::BOOKINGS,
        from: day("2018-05-01"),
        to: day("2018-06-01"),
        by: vec![Dimension::Member],
        as_of: Some(day(until)),
    };
    let answer = house.operations.attainment(&house.system, &query).await.unwrap();
    let own = answer
        .rows
        .iter()
        .find(|row| row.keys["member"].id == member.0.to_string());
    own.map_or(0, |row| row.actual.0)
}

/// Whether roll-ups say what the facts say.
async fn sound(house: &House, database: &Database) -> bool {
    let reader = database.reader();
    let metric = store::metric::find(&reader, &house.system, &MetricKey::BOOKINGS)
        .await
        .unwrap()
        .unwrap();
    let found = store::rollup::differences(&reader, &house.system, &metric)
        .await
        .unwrap();
    found.is_empty()
}

fn transfer(member: MemberId, from: UnitId, to: UnitId) -> Change {
    Change::Transfer {
        member,
        from,
        to,
        number: Carry::Goes,
    }
}

#[tokio::test]
async fn what_was_sold_since_the_day_of_a_move_counts_where_it_was_sold() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        let [a, _, c, _] = house.people;
        let [first, second] = house.teams;
        let view = sell(&house).await;
        assert_eq!(teams(&house).await, (40_000, 30_000, 70_000));

        house.change("2018-05-14", transfer(c, second, first)).await;
        let moved = (60_000, 10_000, 70_000);
        assert_eq!(teams(&house).await, moved);
        assert!(sound(&house, &database).await);
        // What they did themselves is theirs wherever they were, on every day.
        for (until, sum) in [("2018-05-01", 0), ("2018-05-14", 10_000), ("2018-05-31", 30_000)] {
            assert_eq!(own(&house, c, until).await, sum, "{until}");
        }
        assert_eq!(own(&house, a, "2018-05-31").await, 40_000);

        // The same comes out where the facts come after the move, and nothing is left of those that were taken back.
        house
            .operations
            .undo_import(&house.system, view.id)
            .await
            .unwrap();
        assert_eq!(teams(&house).await, (0, 0, 0));
        assert!(sound(&house, &database).await);
        import(&house, "sales_pipeline.csv", SOLD).await;
        assert_eq!(teams(&house).await, moved);

        // A correction that replaced a fact before the move, and is taken back after it.
        let correction = SOLD.replace("2018-05-20,200", "2018-05-20,250");
        let corrected = import(&house, "sales_pipeline.csv", &correction).await;
        assert_eq!(teams(&house).await, (65_000, 10_000, 75_000));
        house.change("2018-05-14", transfer(c, first, second)).await;
        assert_eq!(teams(&house).await, (40_000, 35_000, 75_000));
        house
            .operations
            .undo_import(&house.system, corrected.id)
            .await
            .unwrap();
        assert_eq!(teams(&house).await, (40_000, 30_000, 70_000));
        assert!(sound(&house, &database).await);
    })
    .await;
}

#[tokio::test]
async fn what_comes_in_after_somebody_left_counts_for_the_company_alone() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        let [a, _, c, _] = house.people;
        sell(&house).await;
        let leaver = Change::Leaver {
            member: a,
            rest: Rest::Colleagues,
        };
        house.change("2018-05-14", leaver).await;
        assert_eq!(teams(&house).await, (0, 30_000, 70_000));
        assert_eq!(own(&house, a, "2018-05-31").await, 40_000);
        assert!(sound(&house, &database).await);

        // The same where it is said of the people, not of the plan.
        let share = |unit, share_ppm| Share { unit, share_ppm };
        let half = [share(house.teams[0], 500_000), share(house.teams[1], 500_000)];
        let from = day("2018-05-10");
        house
            .operations
            .assign(&house.system, c, from, &half)
            .await
            .unwrap();
        assert_eq!(teams(&house).await, (10_000, 20_000, 70_000));
        assert!(sound(&house, &database).await);
    })
    .await;
}

#[tokio::test]
async fn a_unit_takes_with_it_what_its_people_sold_since_the_day() {
    kit::on_each(async |database: Database| {
        let mut house = House::of(&database).await;
        let [first, second] = house.teams;
        sell(&house).await;
        let merger = Change::Merger {
            from: second,
            into: first,
        };
        house.change("2018-05-14", merger).await;
        assert_eq!(teams(&house).await, (60_000, 10_000, 70_000));
        assert!(sound(&house, &database).await);
    })
    .await;
}

#[tokio::test]
async fn several_people_are_moved_at_once() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        let [a, b, c, _] = house.people;
        let [first, second] = house.teams;
        sell(&house).await;
        let to_second = [Share {
            unit: second,
            share_ppm: 1_000_000,
        }];
        let from = day("2018-05-10");
        let asked = house.asked("2018-05-14", transfer(c, second, first));
        let (one, other, made) = tokio::join!(
            house.operations.assign(&house.system, a, from, &to_second),
            house.operations.assign(&house.system, b, from, &to_second),
            house
                .operations
                .open_staffing(&house.planner, &asked, None, Some("人员变动"))
        );
        one.unwrap();
        other.unwrap();
        made.unwrap();
        assert_eq!(teams(&house).await, (20_000, 50_000, 70_000));
        assert!(sound(&house, &database).await);
    })
    .await;
}

#[tokio::test]
async fn a_list_of_people_takes_with_it_what_they_sold_and_its_undo_gives_it_back() {
    kit::on_each(async |database: Database| {
        let house = House::of(&database).await;
        sell(&house).await;
        let before = (40_000, 30_000, 70_000);
        assert_eq!(teams(&house).await, before);
        // One goes to a team that is there, one to a team that the list makes.
        let list = "sales_agent,manager,regional_office\nc,lead 1,云杉仪器\na,new boss,East\n";
        let view = import(&house, "sales_teams.csv", list).await;
        assert_eq!(teams(&house).await, (30_000, 0, 70_000));
        assert_eq!(done(&house).await.get("East"), Some(&40_000));
        assert!(sound(&house, &database).await);
        let [a, _, c, _] = house.people;
        for (member, sum) in [(a, 40_000), (c, 30_000)] {
            assert_eq!(own(&house, member, "2018-05-31").await, sum, "who sold it stays");
        }

        house
            .operations
            .undo_import(&house.system, view.id)
            .await
            .unwrap();
        assert_eq!(teams(&house).await, before);
        assert!(sound(&house, &database).await);
    })
    .await;
}
