//! The whole way with the Maven files.

use domain::access::Role;
use domain::calendar::PeriodKind;
use domain::id::{UserId, VersionId};
use domain::money::Minor;
use domain::plan::{NodeIndex, NodeRef, PeriodIndex};
use domain::target::{Answer, Confirmation, NewPlan, Verdict};
use operations::import::Origin;
use operations::{Actor, Operations, Scope};
use store::Database;
use uuid::Uuid;

use crate::day;
use crate::files::wanted;
use domain::import::Options;

#[tokio::test]
async fn maven_becomes_a_published_target_that_an_agent_confirms() {
    let kit::RealData { folder, extent } = kit::real_data("maven_crm");
    let figures = kit::Figures::of(extent);
    let won = kit::won();
    let value = |dimension: &str, key: &str| {
        let place = (dimension.to_owned(), key.to_owned(), "all".to_owned());
        won[&place].0
    };
    kit::on_each(async |database: Database| {
        let (system, _) = kit::organization(&database).await;
        let mut operations = Operations::new(database.clone());
        operations.today = Some(day("2018-01-02"));
        let uploads = [
            "sales_teams.csv",
            "products.csv",
            "accounts.csv",
            "sales_pipeline.csv",
        ];
        let paths = uploads.map(|name| folder.join(name));
        let import = wanted(&paths, Options::default(), Origin::CommandLine);
        operations.import_now(&system, import).await.unwrap();
        let new = NewPlan {
            metric: "bookings".to_owned(),
            from: day("2018-01-01"),
            to: day("2018-04-01"),
            period_kind: PeriodKind::Month,
            total: Minor(320_000_001),
            name: None,
        };
        let made = operations.create_plan(&system, new).await.unwrap();
        let open = operations.open_grid(&system, made.version, None).await.unwrap();
        let shape = open.grid.shape();
        let leaves: Vec<NodeIndex> = shape.nodes().filter(|node| shape.is_leaf(*node)).collect();
        assert_eq!((shape.len(), leaves.len()), (1 + 3 + 6 + 35, 35));
        assert!(leaves.iter().all(|leaf| shape.reference(*leaf).is_member()));
        let level = |level: &str| open.levels.by_node().filter(|known| *known == level).count();
        assert_eq!(
            (level("company"), level("region"), level("team"), level("member")),
            (1, 3, 6, 35)
        );
        assert_eq!(open.plan_name, "2018-01 – 2018-03");
        open.grid.check().unwrap();
        assert_eq!(open.grid.amount(NodeIndex(0), None), Minor(320_000_001));
        // Months as in the quarters before: the last is the largest.
        let month = |period| open.grid.amount(NodeIndex(0), Some(PeriodIndex(period))).0;
        let third = |first: u32| -> i64 {
            let months = [first, first + 3, first + 6].into_iter();
            months
                .map(|month| value("month", &format!("2017-{month:02}")))
                .sum()
        };
        let whole = third(4) + third(5) + third(6);
        let january = i128::from(320_000_001_i64) * i128::from(third(4)) / i128::from(whole);
        // Rounded to the cent by largest remainder.
        assert!([january, january + 1].contains(&i128::from(month(0))));
        assert!(month(2) > month(1) && month(1) > month(0));
        // Four parts history, one part equal: Darcel Schlecht leads, and nobody goes without. He is of six in Melvin Marxen's
        // team, of eleven in Central, of 35 in all.
        let amount = |leaf: &NodeIndex| open.grid.amount(*leaf, None).0;
        let best = leaves.iter().max_by_key(|leaf| amount(leaf)).unwrap();
        assert_eq!(shape.name(*best), "Darcel Schlecht");
        // Level by level: Central of the company, Melvin Marxen's team of Central, he of the team.
        let (all, central) = (
            figures.number("won_value") as f64,
            value("office", "Central") as f64,
        );
        let (team, own) = (
            value("manager", "Melvin Marxen") as f64,
            figures.number("best_agent_value") as f64,
        );
        let expected = (0.8 * central / all + 0.2 * 11.0 / 35.0)
            * (0.8 * team / central + 0.2 * 6.0 / 11.0)
            * (0.8 * own / team + 0.2 / 6.0);
        assert!(
            (amount(best) as f64 / 320_000_001.0 - expected).abs() < 1e-6,
            "{}",
            amount(best)
        );
        let history = open
            .bases
            .iter()
            .find(|basis| basis.basis == domain::plan::Basis::History)
            .unwrap();
        let without: Vec<_> = leaves
            .iter()
            .filter(|leaf| history.weights[leaf.0 as usize - 1] == 0)
            .collect();
        assert_eq!(
            without.len() as i64,
            figures.number("agents_without_won"),
            "agents without a deal are in the plan"
        );
        assert!(leaves.iter().all(|leaf| amount(leaf) > 0));
        // January and February 2017 are unknown; March is.
        let march = value("month", "2017-03") * 100;
        assert_eq!(open.history[0], Some(Minor(march)));

        let published = operations.publish(&system, made.version).await.unwrap();
        assert_eq!(published.cells, 45 * 3);
        assert_eq!(
            operations.verify(&system, made.version).await.unwrap(),
            Verdict::Sound {
                commands: 2,
                head: hex_head(&database, &system, made.version).await
            }
        );
        let NodeRef::Member(member) = shape.reference(*best) else {
            unreachable!()
        };
        let rep = Scope {
            actor: Actor::User {
                id: UserId(Uuid::now_v7()),
                name: "Darcel".to_owned(),
            },
            role: Role::Rep,
            reach: Role::Rep.reach(),
            member: Some(member),
            members: vec![member],
            ..system.clone()
        };
        let mine = operations.my_targets(&rep).await.unwrap();
        assert_eq!(mine.len(), 1);
        assert_eq!((mine[0].total.0, mine[0].periods.len()), (amount(best), 3));
        assert_eq!(mine[0].confirmation, Confirmation::Open);
        assert_eq!((mine[0].changes.len(), mine[0].changes[0].by.clone()), (1, None));
        let done = operations
            .acknowledge(
                &rep,
                made.version,
                mine[0].node,
                &mine[0].hash,
                Answer::Confirmed,
                None,
            )
            .await
            .unwrap();
        assert!(matches!(done.confirmation, Confirmation::Confirmed { .. }));
        let waiting = operations.unconfirmed(&system, made.version).await.unwrap();
        assert_eq!(waiting.len(), 34 + 6, "everybody else, and who leads a team");
    })
    .await;
}

async fn hex_head(database: &Database, scope: &Scope, version: VersionId) -> String {
    let row = store::version::get(&database.reader(), scope, version)
        .await
        .unwrap();
    row.head_hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
