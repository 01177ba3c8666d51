//! Everybody's number before and after, what is booked of it and why, before a revision is opened and in its draft.

use domain::access::Role;
use domain::id::VersionId;
use domain::money::Minor;
use domain::plan::{Give, Keep, NodeIndex, PeriodIndex, PlanCommand};
use domain::revision::{Amounts, Begin, ProposedPage, ProposedQuery, ProposedRow};
use domain::split::Insist;
use store::Database;

use crate::house::{House, node};
use crate::missing::{amount, in_april};
use crate::planning;
use crate::refusal::code;

async fn page(house: &House, version: VersionId, begin: Option<Begin>, search: &str) -> ProposedPage {
    let query = ProposedQuery {
        version,
        begin,
        search: search.to_owned(),
        offset: 0,
    };
    house
        .operations
        .proposed_page(&house.planner, &query)
        .await
        .unwrap()
}

fn row<'a>(page: &'a ProposedPage, name: &str) -> &'a ProposedRow {
    page.rows.iter().find(|row| row.name == name).unwrap()
}

#[tokio::test]
async fn what_is_shown_before_it_is_opened_is_what_is_opened() {
    kit::on_each(async |database: Database| {
        let house = in_april(&database).await;
        for begin in Begin::ALL {
            let shown = page(&house, house.version, Some(begin), "").await;
            assert_eq!(
                (shown.begin, shown.matching),
                (Some(begin), shown.rows.len() as u64)
            );
            let mut sum = Amounts::default();
            for row in &shown.rows {
                sum.add(&row.amounts);
            }
            assert_eq!(shown.sum, sum, "exactly the rows");
            let made = house
                .operations
                .open_revision(&house.planner, house.version, None, Some("x"), begin)
                .await
                .unwrap();
            let is = house.open(made.version).await;
            for row in &shown.rows {
                assert_eq!(row.amounts.after, is.grid.amount(row.node, None), "{}", row.name);
            }
            let whole = is.grid.amount(NodeIndex(0), None);
            assert_eq!(shown.whole.map(|(_, after)| after), Some(whole));
            let opened = page(&house, made.version, None, "").await;
            assert_eq!(opened.rows, shown.rows);
            assert_eq!((opened.begin, opened.begins_on), (shown.begin, shown.begins_on));
        }
    })
    .await;
}

#[tokio::test]
async fn each_number_says_its_share_of_what_is_missing_and_what_people_changed() {
    kit::on_each(async |database: Database| {
        let house = in_april(&database).await;
        let shown = page(&house, house.version, Some(Begin::MakeUp), "").await;
        let anna = row(&shown, "anna");
        assert_eq!(
            anna.amounts.over_after,
            Minor(900_000 + 900_100 + 900_200),
            "booked"
        );
        assert!(anna.amounts.booked >= anna.amounts.over_after);
        let shares: i64 = shown.rows.iter().filter_map(|row| row.share_ppm).sum();
        assert!((999_990..=1_000_000).contains(&shares), "{shares}");
        assert!(anna.share_ppm > row(&shown, "bert").share_ppm);
        // What was missing in the quarter that is over is what is spread.
        let sum = shown.sum;
        assert_eq!(sum.by_rule().0, sum.over_before.0 - sum.over_after.0);

        // By the person, and by the unit.
        let found = page(&house, house.version, Some(Begin::MakeUp), "ann").await;
        assert_eq!((found.matching, found.rows.len()), (1, 1));
        assert_eq!(found.sum, anna.amounts);
        assert_eq!(found.rows[0].share_ppm, anna.share_ppm, "of all that is missing");
        let team = page(&house, house.version, Some(Begin::MakeUp), &anna.above).await;
        assert!(team.rows.iter().any(|row| row.name == "bert"));

        let made = house
            .operations
            .open_revision(&house.planner, house.version, None, Some("x"), Begin::MakeUp)
            .await
            .unwrap();
        let open = house.open(made.version).await;
        let set = PlanCommand::Set {
            node: node(&open, "anna"),
            period: Some(PeriodIndex(1)),
            amount: Minor(amount(&open, "anna", Some(1)) + 1_000),
            keep: Keep::Column,
            give: Give::Siblings,
            reason: None,
        };
        let applied = house
            .operations
            .apply(&house.planner, made.version, open.head, set, Insist::Ask)
            .await
            .unwrap();
        assert!(applied.is_done(), "{:?}", applied.refused);
        let changed = page(&house, made.version, None, "").await;
        assert_eq!(row(&changed, "anna").amounts.by_hand, Minor(1_000));
        assert_eq!(row(&changed, "anna").amounts.by_rule(), anna.amounts.by_rule());
        assert_eq!(changed.sum.by_hand, Minor(0), "others gave it");

        let query = ProposedQuery {
            version: house.version,
            begin: Some(Begin::MakeUp),
            search: String::new(),
            offset: 0,
        };
        let viewer = planning::user(&house.system, Role::Viewer, None, &[], &[]);
        assert_eq!(
            code(house.operations.proposed_page(&viewer, &query).await),
            "not_found"
        );
        let no_revision = ProposedQuery { begin: None, ..query };
        let none = house.operations.proposed_page(&house.planner, &no_revision).await;
        assert_eq!(code(none), "not_found");
    })
    .await;
}
