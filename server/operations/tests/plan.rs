//! Plans from the tree and the history, the log under random commands and two authors, publishing and confirmation, on both
//! databases.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

use std::collections::BTreeMap;

use domain::access::Role;
use domain::calendar::{Day, PeriodKind};
use domain::id::{AssignmentId, MemberId, UnitId, UserId, VersionId};
use domain::money::Minor;
use domain::plan::{Basis, Give, Grid, Keep, NodeIndex, NodeRef, PeriodIndex, PlanCommand, Refusal};
use domain::split::{Applied, Insist};
use domain::target::{Answer, Confirmation, Made, NewPlan, Verdict, VersionStatus};
use operations::import::{Custody, NewImport, Origin, Upload};
use operations::{Actor, Error, Operations, Scope};
use store::assignment::{Assignment, WHOLE_PPM};
use store::member::Member;
use store::unit::Unit;
use store::{Database, Dialect};
use uuid::Uuid;

fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result.unwrap_err() {
        Error::Invalid(refusal) | Error::Conflict(refusal) => refusal.code,
        Error::NotFound(_) => "not_found".to_owned(),
        other => other.to_string(),
    }
}

/// Two regions; the first has two teams, each led by somebody who is no leaf; five people in all.
struct Company {
    operations: Operations,
    system: Scope,
    root: UnitId,
    /// North, its teams N1 and N2, South.
    units: [UnitId; 4],
    /// Leads N1, leads N2.
    leaders: [MemberId; 2],
    /// Two in N1, one in N2, two in South.
    people: [MemberId; 5],
}

fn unit(parent: UnitId, level: &str, name: &str, manager: Option<MemberId>) -> Unit {
    Unit {
        id: UnitId(Uuid::now_v7()),
        parent: Some(parent),
        level: level.to_owned(),
        name: name.to_owned(),
        code: None,
        pinyin: name.to_owned(),
        manager,
        starts_on: Day(0),
        ends_on: None,
        import: None,
        demo: false,
    }
}

async fn company(database: &Database) -> Company {
    let (system, root) = kit::organization(database).await;
    let mut operations = Operations::new(database.clone());
    operations.today = Some(day("2017-12-20"));
    let member = |name: &str| Member {
        id: MemberId(Uuid::now_v7()),
        external_id: None,
        name: name.to_owned(),
        pinyin: name.to_owned(),
        email: None,
        hired_on: None,
        left_on: None,
        import: None,
        demo: false,
    };
    let names = ["a", "b", "c", "d", "e", "lead 1", "lead 2"];
    let members: Vec<Member> = names.into_iter().map(member).collect();
    let leaders = [members[5].id, members[6].id];
    let people = [
        members[0].id,
        members[1].id,
        members[2].id,
        members[3].id,
        members[4].id,
    ];
    let north = unit(root, "region", "North", None);
    let first = unit(north.id, "team", "N1", Some(leaders[0]));
    let second = unit(north.id, "team", "N2", Some(leaders[1]));
    let south = unit(root, "region", "South", None);
    let units = [north.id, first.id, second.id, south.id];
    let homes = [
        units[1], units[1], units[2], units[3], units[3], units[1], units[2],
    ];
    let assignments: Vec<Assignment> = members
        .iter()
        .zip(homes)
        .map(|(member, unit)| Assignment {
            id: AssignmentId(Uuid::now_v7()),
            member: member.id,
            unit,
            share_ppm: WHOLE_PPM,
            starts_on: Day(0),
            ends_on: None,
        })
        .collect();
    let writer = database.writer().await.unwrap();
    store::member::insert(&writer, &system, &members).await.unwrap();
    store::unit::insert(&writer, &system, &[north, first, second, south])
        .await
        .unwrap();
    store::assignment::insert(&writer, &system, &assignments)
        .await
        .unwrap();
    writer.commit().await.unwrap();
    Company {
        operations,
        system,
        root,
        units,
        leaders,
        people,
    }
}

impl Company {
    /// The view of a user with a role who is this member.
    fn user(&self, role: Role, member: Option<MemberId>, units: &[UnitId], members: &[MemberId]) -> Scope {
        let (mut units, mut members) = (units.to_vec(), members.to_vec());
        units.sort_unstable();
        members.sort_unstable();
        Scope {
            actor: Actor::User {
                id: UserId(Uuid::now_v7()),
                name: format!("{role:?}"),
            },
            role,
            reach: role.reach(),
            member,
            roots: units.clone(),
            units,
            members,
            ..self.system.clone()
        }
    }

    fn planner(&self) -> Scope {
        self.user(Role::Planner, None, &[], &[])
    }

    fn rep(&self, member: MemberId) -> Scope {
        self.user(Role::Rep, Some(member), &[], &[member])
    }

    async fn plan(&self, scope: &Scope) -> Made {
        let new = NewPlan {
            metric: "bookings".to_owned(),
            from: day("2018-01-01"),
            to: day("2018-04-01"),
            period_kind: PeriodKind::Month,
            total: Minor(1_000_000),
            name: None,
        };
        self.operations.create_plan(scope, new).await.unwrap()
    }

    async fn targets(&self, scope: &Scope) -> BTreeMap<NodeRef, i64> {
        let reader = self.operations.database.reader();
        let found =
            store::cell::published_targets(&reader, scope, "bookings", day("2018-01-01"), day("2018-04-01"));
        let mut sums = BTreeMap::new();
        for target in found.await.unwrap() {
            *sums.entry(target.node).or_default() += target.amount.0;
        }
        sums
    }
}

fn set(node: u32, amount: i64) -> PlanCommand {
    PlanCommand::Set {
        node: NodeIndex(node),
        period: None,
        amount: Minor(amount),
        keep: Keep::Column,
        give: Give::Siblings,
        reason: Some("以客户为准".to_owned()),
    }
}

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
        let import = NewImport {
            uploads: uploads
                .iter()
                .map(|name| Upload {
                    name: (*name).to_owned(),
                    path: folder.join(name),
                    custody: Custody::Theirs,
                })
                .collect(),
            kind: None,
            mapping: BTreeMap::default(),
            options: domain::import::Options::default(),
            origin: Origin::CommandLine,
        };
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
        let level = |level: &str| open.levels.iter().filter(|known| *known == level).count();
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

#[tokio::test]
async fn a_plan_wants_whole_periods_people_and_a_number() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let new = |from, to, total| NewPlan {
            metric: "bookings".to_owned(),
            from: day(from),
            to: day(to),
            period_kind: PeriodKind::Quarter,
            total: Minor(total),
            name: None,
        };
        let planner = company.planner();
        for (plan, expected) in [
            (new("2018-01-01", "2018-03-01", 5), "span_cuts_a_period"),
            (new("2018-01-02", "2018-04-01", 5), "span_cuts_a_period"),
            (new("2018-04-01", "2018-04-01", 5), "bad_span"),
            (new("1800-01-01", "2018-04-01", 5), "bad_span"),
            (new("1990-01-01", "2100-01-01", 5), "too_many_periods"),
            (new("2018-01-01", "2018-04-01", 0), "bad_total"),
            (new("2018-01-01", "2018-04-01", i64::MAX), "bad_total"),
            (
                NewPlan {
                    metric: "x y".to_owned(),
                    ..new("2018-01-01", "2018-04-01", 5)
                },
                "unknown_metric",
            ),
            (
                NewPlan {
                    name: Some(" ".to_owned()),
                    ..new("2018-01-01", "2018-04-01", 5)
                },
                "bad_name",
            ),
            (
                NewPlan {
                    period_kind: PeriodKind::Week,
                    ..new("2018-01-01", "2018-04-01", 5)
                },
                "bad_period_kind",
            ),
        ] {
            assert_eq!(
                code(company.operations.create_plan(&planner, plan).await),
                expected
            );
        }
        assert!(
            company.operations.plans(&planner).await.unwrap().is_empty(),
            "nothing half-written"
        );
        let made = company.plan(&planner).await;
        let open = company
            .operations
            .open_grid(&planner, made.version, None)
            .await
            .unwrap();
        let shape = open.grid.shape();
        let names: Vec<&str> = shape.nodes().map(|node| shape.name(node)).collect();
        assert_eq!(
            names[1..],
            ["North", "N1", "a", "b", "N2", "c", "South", "d", "e"]
        );
        // Without a history everybody carries the same, and days make the season.
        let sums: Vec<i64> = shape.nodes().map(|node| open.grid.amount(node, None).0).collect();
        assert_eq!(sums[0], 1_000_000);
        for leaf in [3, 4, 6, 8, 9] {
            assert!((sums[leaf] - 200_000).abs() <= 3, "{sums:?}");
        }
        assert_eq!(open.seasons, [31, 28, 31]);
        assert_eq!(open.bases.len(), 1);
        assert!(open.may_edit && open.own.is_empty());
    })
    .await;

    kit::on_each(async |database: Database| {
        let (system, _) = kit::organization(&database).await;
        let new = NewPlan {
            metric: "bookings".to_owned(),
            from: day("2018-01-01"),
            to: day("2018-04-01"),
            period_kind: PeriodKind::Quarter,
            total: Minor(5),
            name: None,
        };
        let operations = Operations::new(database);
        assert_eq!(
            code(operations.create_plan(&system, new).await),
            "nobody_to_plan_for"
        );
    })
    .await;
}

/// A small reproducible source of choices.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// Folds what is new into what a client has, and answers how many commands that were.
fn follow(mirror: &mut Grid, head: &mut u64, applied: Applied) -> u64 {
    let before = *head;
    for entry in applied.entries {
        if entry.seq > *head {
            assert_eq!(entry.seq, *head + 1);
            mirror.fold(&entry.deltas).unwrap();
            *head = entry.seq;
        }
    }
    assert_eq!(applied.head, *head);
    *head - before
}

#[tokio::test]
async fn the_log_is_the_state_whatever_is_done() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let planners = [company.planner(), company.planner()];
        let made = company.plan(&planners[0]).await;
        let mut mirror = operations
            .open_grid(&planners[0], made.version, None)
            .await
            .unwrap()
            .grid;
        let mut head = 2;
        let mut dice = Dice(7);
        let (mut done, mut refused) = (0, 0);
        for _ in 0..230 {
            let node = NodeIndex(dice.roll(10) as u32);
            let period = (dice.roll(2) == 0).then(|| PeriodIndex(dice.roll(3) as u16));
            let amount = Minor(dice.roll(400_000) as i64);
            let author = &planners[dice.roll(2) as usize];
            let ask = match dice.roll(12) {
                0 => PlanCommand::Lock {
                    node,
                    period,
                    by: UserId::default(),
                },
                1 => PlanCommand::Unlock { node, period },
                2 => PlanCommand::Floor {
                    node,
                    period,
                    amount: (amount.0 > 200_000).then_some(Minor(10)),
                },
                3 => PlanCommand::EvenOut { node, reason: None },
                4 => PlanCommand::SetTotal {
                    amount: Minor(800_000 + amount.0),
                    seasons: Vec::new(),
                    reason: None,
                },
                5 => PlanCommand::Move {
                    from: node,
                    to: NodeIndex(dice.roll(10) as u32),
                    period,
                    amount: Minor(amount.0 / 20),
                    reason: None,
                },
                _ => PlanCommand::Set {
                    node,
                    period,
                    amount,
                    keep: Keep::default_for(period),
                    give: Give::Siblings,
                    reason: None,
                },
            };
            // A third of the clients has not heard of the last commands.
            let base = if dice.roll(3) == 0 {
                head - dice.roll(3).min(head)
            } else {
                head
            };
            let applied: Applied = match dice.roll(8) {
                0 => operations
                    .undo(author, made.version, base, Insist::At(head))
                    .await
                    .unwrap(),
                1 => operations
                    .redo(author, made.version, base, Insist::At(head))
                    .await
                    .unwrap(),
                _ => operations
                    .apply(author, made.version, base, ask, Insist::At(head))
                    .await
                    .unwrap(),
            };
            if applied.refused.is_some() {
                refused += 1;
            }
            done += follow(&mut mirror, &mut head, applied);
        }
        assert!(done > 100 && refused > 5, "{done} done, {refused} refused");
        // On to the next snapshot, with nothing held any more.
        for node in (0..10).map(NodeIndex) {
            for period in [
                None,
                Some(PeriodIndex(0)),
                Some(PeriodIndex(1)),
                Some(PeriodIndex(2)),
            ] {
                for free in [
                    PlanCommand::Unlock { node, period },
                    PlanCommand::Floor {
                        node,
                        period,
                        amount: None,
                    },
                ] {
                    let applied = operations
                        .apply(&planners[0], made.version, head, free, Insist::Ask)
                        .await
                        .unwrap();
                    follow(&mut mirror, &mut head, applied);
                }
            }
        }
        while head < 205 {
            let amount = mirror.amount(NodeIndex(0), None).0 / 3 + head as i64;
            let applied = operations
                .apply(&planners[0], made.version, head, set(1, amount), Insist::Ask)
                .await
                .unwrap();
            assert!(applied.is_done() && applied.head == head + 1, "{applied:?}");
            follow(&mut mirror, &mut head, applied);
        }
        let open = operations
            .open_grid(&planners[1], made.version, None)
            .await
            .unwrap();
        assert_eq!((open.head, &open.grid), (head, &mirror));
        mirror.check().unwrap();
        assert!(matches!(
            operations.verify(&planners[0], made.version).await.unwrap(),
            Verdict::Sound { commands, .. } if commands == head
        ));
        // What the projection wrote is what the log says.
        assert_eq!(
            operations.project(&planners[0], made.version).await.unwrap(),
            head
        );
        let reader = database.reader();
        for (node, cells) in store::cell::of_version(&reader, &company.system, made.version)
            .await
            .unwrap()
        {
            for (place, cell) in (0..).zip(cells) {
                assert_eq!(
                    cell.amount,
                    mirror.amount(NodeIndex(node.ordinal), Some(PeriodIndex(place)))
                );
            }
        }
        // A delta that does not fit and a snapshot that does not follow are found.
        let blob = match database.dialect() {
            Dialect::Sqlite => "x'02'",
            Dialect::Postgres => "'\\x02'::bytea",
        };
        kit::damage(
            &database,
            &format!("UPDATE plan_snapshot SET blob = {blob} WHERE seq = 200"),
        )
        .await;
        assert_eq!(
            operations.verify(&planners[0], made.version).await.unwrap(),
            Verdict::State { seq: 200 }
        );
        kit::damage(
            &database,
            &format!("UPDATE plan_command SET deltas = {blob} WHERE seq = 77"),
        )
        .await;
        assert_eq!(
            operations.verify(&planners[0], made.version).await.unwrap(),
            Verdict::Chain { seq: 77 }
        );
    })
    .await;
}

#[tokio::test]
async fn two_people_split_at_once() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let (wang, li) = (company.planner(), company.planner());
        let made = company.plan(&wang).await;
        let before = operations
            .open_grid(&wang, made.version, None)
            .await
            .unwrap()
            .grid;

        let first = operations
            .apply(&wang, made.version, 2, set(3, 250_000), Insist::Ask)
            .await
            .unwrap();
        assert!(first.is_done());
        assert_eq!((first.head, first.undoable.undo), (3, 1));
        // Another row from the same base is solved at the head, with what was missed before it.
        let second = operations
            .apply(&li, made.version, 2, set(9, 300_000), Insist::Ask)
            .await
            .unwrap();
        assert!(second.is_done());
        assert_eq!(
            second.entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(),
            [3, 4]
        );
        // The same row is shown and asked about, then done where one insists.
        let asked = operations
            .apply(&li, made.version, 2, set(3, 260_000), Insist::Ask)
            .await
            .unwrap();
        assert_eq!((asked.is_done(), asked.head), (false, 4));
        let sum = |of: fn(&domain::plan::Difference) -> i64| asked.differences.iter().map(of).sum::<i64>();
        assert_eq!(sum(|difference| difference.now.0), 250_000);
        assert_eq!(sum(|difference| difference.becomes.0), 260_000);
        assert!(asked.differences.iter().all(|difference| difference.seq == 3));
        let stale = operations
            .apply(&li, made.version, 2, set(3, 260_000), Insist::At(3))
            .await
            .unwrap();
        assert!(!stale.is_done(), "the head has moved on since");
        let done = operations
            .apply(&li, made.version, 4, set(3, 260_000), Insist::At(4))
            .await
            .unwrap();
        assert!(done.is_done());

        // Each takes back only the own: Li both, then Wang; the plan is as it began.
        for (author, left) in [(&li, 1), (&li, 0), (&wang, 0)] {
            let head = operations
                .open_grid(author, made.version, None)
                .await
                .unwrap()
                .head;
            let undone = operations
                .undo(author, made.version, head, Insist::At(head))
                .await
                .unwrap();
            assert!(undone.is_done() && undone.head == head + 1);
            assert_eq!(undone.undoable.undo, left);
        }
        let open = operations.open_grid(&wang, made.version, None).await.unwrap();
        assert_eq!(open.grid, before);
        assert_eq!((open.undoable.undo, open.undoable.redo), (0, 1));
        let nothing = operations
            .undo(&wang, made.version, open.head, Insist::Ask)
            .await
            .unwrap();
        assert_eq!(nothing.head, open.head, "the first split is nobody's");
        let redone = operations
            .redo(&wang, made.version, open.head, Insist::Ask)
            .await
            .unwrap();
        assert!(redone.is_done());
        let open = operations.open_grid(&wang, made.version, None).await.unwrap();
        assert_eq!(open.grid.amount(NodeIndex(3), None), Minor(250_000));

        // A lock is signed by who set it and named where it stands in the way.
        let lock = PlanCommand::Lock {
            node: NodeIndex(4),
            period: None,
            by: UserId(Uuid::now_v7()),
        };
        let locked = operations
            .apply(&li, made.version, open.head, lock, Insist::Ask)
            .await
            .unwrap();
        let Actor::User { id, .. } = li.actor else {
            unreachable!()
        };
        let shown = operations.open_grid(&wang, made.version, None).await.unwrap();
        assert_eq!(shown.grid.constraint(NodeIndex(4), None).lock, Some(id));
        let blocked = operations
            .apply(&wang, made.version, locked.head, set(3, 260_000), Insist::Ask)
            .await
            .unwrap();
        assert!(
            matches!(blocked.refused, Some(Refusal::Blocked { .. })),
            "{:?}",
            blocked.refused
        );
        assert_eq!(blocked.head, locked.head);
        let negative = operations
            .apply(&wang, made.version, locked.head, set(3, -1), Insist::Ask)
            .await
            .unwrap();
        assert!(
            matches!(negative.refused, Some(Refusal::Negative { .. })),
            "{:?}",
            negative.refused
        );
    })
    .await;
}

#[tokio::test]
async fn concurrent_commands_get_numbers_of_their_own() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let planner = company.planner();
        let made = company.plan(&planner).await;
        let task = |amount: i64| {
            let (operations, scope) = (company.operations.clone(), company.planner());
            tokio::spawn(async move {
                operations
                    .apply(&scope, made.version, 2, set(8, amount), Insist::At(u64::MAX))
                    .await
                    .unwrap()
            })
        };
        let tasks: Vec<_> = (0..12).map(|step| task(150_000 + step)).collect();
        for task in tasks {
            task.await.unwrap();
        }
        let verdict = company.operations.verify(&planner, made.version).await.unwrap();
        assert!(matches!(verdict, Verdict::Sound { .. }), "{verdict:?}");
    })
    .await;
}

#[tokio::test]
async fn publishing_freezes_and_a_new_version_asks_again() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let planner = company.planner();
        let rep = company.rep(company.people[0]);
        let made = company.plan(&planner).await;
        assert!(company.targets(&company.system).await.is_empty());
        assert!(operations.my_targets(&rep).await.unwrap().is_empty());
        assert!(operations.plans(&rep).await.unwrap().is_empty());

        operations.publish(&planner, made.version).await.unwrap();
        assert_eq!(
            code(operations.publish(&planner, made.version).await),
            "version_frozen"
        );
        let late = operations
            .apply(&planner, made.version, 2, set(3, 1), Insist::Ask)
            .await;
        assert_eq!(code(late), "version_frozen");
        let targets = company.targets(&company.system).await;
        assert_eq!(targets[&NodeRef::Unit(company.root)], 1_000_000);
        assert_eq!(targets.len(), 10);
        assert_eq!(company.targets(&rep).await.len(), 1);

        let mine = operations.my_targets(&rep).await.unwrap().remove(0);
        let wrong = mine.hash.replace(|_| true, "0");
        let answer = |hash: String, answer, comment: Option<&'static str>| {
            let (operations, rep, node) = (operations.clone(), rep.clone(), mine.node);
            async move {
                operations
                    .acknowledge(&rep, made.version, node, &hash, answer, comment)
                    .await
            }
        };
        assert_eq!(
            code(answer(wrong, Answer::Confirmed, None).await),
            "target_changed"
        );
        assert_eq!(
            code(answer(mine.hash.clone(), Answer::Countered, Some("  ")).await),
            "comment_missing"
        );
        let countered = answer(mine.hash.clone(), Answer::Countered, Some("太高"))
            .await
            .unwrap();
        assert!(
            matches!(countered.confirmation, Confirmation::Countered { ref comment, .. } if comment == "太高")
        );
        let confirmed = answer(mine.hash.clone(), Answer::Confirmed, None).await.unwrap();
        assert!(matches!(confirmed.confirmation, Confirmation::Confirmed { .. }));
        // Somebody else's number is not there for them.
        let sibling = company.rep(company.people[1]);
        let foreign = operations
            .acknowledge(
                &sibling,
                made.version,
                mine.node,
                &mine.hash,
                Answer::Confirmed,
                None,
            )
            .await;
        assert_eq!(code(foreign), "not_found");

        let next = operations
            .branch_version(&planner, made.version, None)
            .await
            .unwrap();
        operations
            .apply(&planner, next.version, 0, set(3, 150_000), Insist::Ask)
            .await
            .unwrap();
        assert_eq!(
            operations.my_targets(&rep).await.unwrap()[0].total,
            mine.total,
            "a draft is no target"
        );
        let published = operations.publish(&planner, next.version).await.unwrap();
        assert_eq!(published.archived, [made.version]);
        let again = operations.my_targets(&rep).await.unwrap();
        assert_eq!(again.len(), 1);
        assert_eq!(
            (again[0].total, &again[0].confirmation),
            (Minor(150_000), &Confirmation::Open)
        );
        // The first split of the earlier version, then the change.
        assert_eq!(
            (again[0].changes.len(), again[0].changes[0].by.clone()),
            (2, None)
        );
        assert_eq!(again[0].changes[1].reason.as_deref(), Some("以客户为准"));
        let old = answer(mine.hash.clone(), Answer::Confirmed, None).await;
        assert!(["target_changed", "not_found"].contains(&code(old).as_str()));
        assert_eq!(
            company.targets(&company.system).await[&NodeRef::Member(company.people[0])],
            150_000
        );

        let rows = operations.plans(&rep).await.unwrap();
        let statuses: Vec<_> = rows[0].versions.iter().map(|version| version.status).collect();
        assert_eq!(statuses, [VersionStatus::Published, VersionStatus::Archived]);

        // A quarter on record cannot be replaced in part.
        let month = NewPlan {
            metric: "bookings".to_owned(),
            from: day("2018-01-01"),
            to: day("2018-07-01"),
            period_kind: PeriodKind::Quarter,
            total: Minor(7),
            name: None,
        };
        let quarters = operations.create_plan(&planner, month).await.unwrap();
        let published = operations.publish(&planner, quarters.version).await.unwrap();
        assert_eq!(published.archived, [next.version]);
        let months = company.plan(&planner).await;
        let february = NewPlan {
            metric: "bookings".to_owned(),
            from: day("2018-02-01"),
            to: day("2018-03-01"),
            period_kind: PeriodKind::Month,
            total: Minor(7),
            name: None,
        };
        let february = operations.create_plan(&planner, february).await.unwrap();
        assert_eq!(
            code(operations.publish(&planner, february.version).await),
            "cuts_a_published_period"
        );
        operations.publish(&planner, months.version).await.unwrap();
        let reader = database.reader();
        let second_quarter = store::cell::published_targets(
            &reader,
            &company.system,
            "bookings",
            day("2018-04-01"),
            day("2018-07-01"),
        );
        assert_eq!(
            second_quarter.await.unwrap().len(),
            10,
            "the other quarter stays on record"
        );
    })
    .await;
}

#[tokio::test]
async fn the_panel_shows_the_weights_in_force() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let planner = company.planner();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deals.csv");
        let deals = "opportunity_id,sales_agent,deal_stage,close_date,close_value\n\
                     1,a,Won,2017-10-02,300\n2,b,Won,2017-11-02,200\n3,c,Won,2017-11-02,100\n";
        std::fs::write(&path, deals).unwrap();
        let wanted = NewImport {
            uploads: vec![Upload {
                name: "deals.csv".to_owned(),
                path,
                custody: Custody::Theirs,
            }],
            kind: None,
            mapping: BTreeMap::new(),
            options: domain::import::Options::default(),
            origin: Origin::CommandLine,
        };
        let view = operations.import_now(&company.system, wanted).await.unwrap();
        assert_eq!(view.counts.created, 3, "{view:?}");
        let made = company.plan(&planner).await;
        let shares = async |version| {
            let open = operations.open_grid(&planner, version, None).await.unwrap();
            let mut shares: Vec<(Basis, u32)> = open
                .bases
                .iter()
                .map(|basis| (basis.basis, basis.share_ppm))
                .collect();
            shares.sort_by_key(|(_, share)| *share);
            (open.head, shares)
        };
        let by = |history_ppm| {
            [
                (Basis::History, history_ppm),
                (Basis::Equal, 1_000_000 - history_ppm),
            ]
        };
        let split = async |version, history_ppm| {
            let (head, _) = shares(version).await;
            let shares = by(history_ppm);
            let done = operations.split(&planner, version, head, NodeIndex(0), &shares);
            assert_eq!(done.await.unwrap().head, head + 1);
        };
        let first = shares(made.version).await.1;
        assert_eq!(first, [(Basis::Equal, 200_000), (Basis::History, 800_000)]);
        split(made.version, 300_000).await;
        let used = by(300_000);
        assert_eq!(shares(made.version).await.1, used);
        // What was taken back is not in force.
        let (head, _) = shares(made.version).await;
        split(made.version, 400_000).await;
        operations
            .undo(&planner, made.version, head + 1, Insist::Ask)
            .await
            .unwrap();
        assert_eq!(shares(made.version).await.1, used);
        // Nor does publishing forget, nor a new version, nor a long log.
        operations.publish(&planner, made.version).await.unwrap();
        assert_eq!(shares(made.version).await.1, used);
        let next = operations
            .branch_version(&planner, made.version, None)
            .await
            .unwrap();
        assert_eq!(shares(next.version).await.1, used);
        split(next.version, 200_000).await;
        for amount in 0..510 {
            let (version, command) = (next.version, set(3, 150_000 + amount));
            operations
                .apply(&planner, version, amount as u64 + 1, command, Insist::Ask)
                .await
                .unwrap();
        }
        assert_eq!(shares(next.version).await, (511, by(200_000).to_vec()));
        assert_eq!(shares(made.version).await.1, used);
    })
    .await;
}

#[tokio::test]
async fn each_role_sees_and_does_its_part() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let operations = &company.operations;
        let planner = company.planner();
        let made = company.plan(&planner).await;
        let [north, first, second, _] = company.units;
        let people = &company.people;
        let leader = company.user(
            Role::Manager,
            Some(company.leaders[0]),
            &[first],
            &[people[0], people[1], company.leaders[0]],
        );
        let regional = company.user(Role::Manager, None, &[north, first, second], &people[..3]);
        let rep = company.rep(people[0]);
        let viewer = company.user(Role::Viewer, None, &[], &[]);

        // A leader opens the own part, reads it and changes nothing.
        let open = operations.open_grid(&leader, made.version, None).await.unwrap();
        let whole = operations.open_grid(&planner, made.version, None).await.unwrap();
        assert_eq!(
            (open.grid.shape().len(), open.offset, open.roots.len()),
            (3, 2, 1)
        );
        assert_eq!(
            open.grid.amount(NodeIndex(0), None),
            whole.grid.amount(NodeIndex(2), None)
        );
        assert_eq!(open.start.len(), 3);
        assert!(!open.may_edit && open.bases.is_empty());
        let regional = operations.open_grid(&regional, made.version, None).await.unwrap();
        assert_eq!((regional.grid.shape().len(), regional.offset), (6, 1));
        let root = store::version::nodes(&database.reader(), &company.system, made.version)
            .await
            .unwrap()[0]
            .id;
        assert_eq!(
            code(operations.open_grid(&leader, made.version, Some(root)).await),
            "not_found"
        );
        for scope in [&leader, &rep, &viewer] {
            assert_eq!(
                code(
                    operations
                        .apply(scope, made.version, 2, set(3, 1), Insist::Ask)
                        .await
                ),
                "not_found"
            );
            assert_eq!(
                code(operations.undo(scope, made.version, 2, Insist::Ask).await),
                "not_found"
            );
            assert_eq!(
                code(operations.changes_since(scope, made.version, 0).await),
                "not_found"
            );
            assert_eq!(code(operations.publish(scope, made.version).await), "not_found");
            assert_eq!(code(operations.verify(scope, made.version).await), "not_found");
            assert_eq!(
                code(operations.branch_version(scope, made.version, None).await),
                "not_found"
            );
        }
        for scope in [&rep, &viewer] {
            assert_eq!(
                code(operations.open_grid(scope, made.version, None).await),
                "not_found"
            );
            assert_eq!(
                code(operations.unconfirmed(scope, made.version).await),
                "not_found"
            );
            assert!(operations.plans(scope).await.unwrap().is_empty());
        }

        // A planner who sells changes everybody's number but the own.
        let seller = company.user(Role::Planner, Some(people[0]), &[], &[]);
        let open = operations.open_grid(&seller, made.version, None).await.unwrap();
        assert_eq!(open.own, [NodeIndex(3)]);
        let own = operations
            .apply(&seller, made.version, 2, set(3, 1), Insist::Ask)
            .await;
        assert_eq!(code(own), "own_quota");
        let from = PlanCommand::Move {
            from: NodeIndex(3),
            to: NodeIndex(9),
            period: None,
            amount: Minor(5),
            reason: None,
        };
        assert_eq!(
            code(
                operations
                    .apply(&seller, made.version, 2, from, Insist::Ask)
                    .await
            ),
            "own_quota"
        );
        assert!(
            operations
                .apply(&seller, made.version, 2, set(9, 5), Insist::Ask)
                .await
                .unwrap()
                .is_done()
        );

        operations.publish(&planner, made.version).await.unwrap();
        let waiting = operations.unconfirmed(&leader, made.version).await.unwrap();
        let names: Vec<&str> = waiting.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["N1", "a", "b"]);
        assert_eq!(waiting[0].carrier_name, "lead 1");
        assert_eq!(
            operations
                .unconfirmed(&planner, made.version)
                .await
                .unwrap()
                .len(),
            7
        );
        let mine = operations.my_targets(&leader).await.unwrap();
        assert_eq!((mine.len(), mine[0].of), (1, NodeRef::Unit(first)));
        assert!(operations.my_targets(&viewer).await.unwrap().is_empty());
    })
    .await;
}
