//! The target of a version with its levels, lines, purpose and check, and scenarios beside each other; on both databases.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod approved;
mod check;
#[path = "../shared/files.rs"]
mod files;
mod levelled;
mod line_sheet;
mod own_levels;
#[path = "../shared/planning.rs"]
mod planning;
#[path = "../shared/refusal.rs"]
mod refusal;
mod refused;
mod row_lines;
mod scenarios;
mod sheet;
mod why_line;

use domain::access::Role;
use domain::calendar::PeriodKind;
use domain::import::Options;
use domain::level::{Given, Level, Value};
use domain::line::{LineBy, REST};
use domain::money::Minor;
use domain::plan::PlanCommand;
use domain::smart::{Fault, Letter};
use domain::split::Insist;
use domain::target::{LineChange, Lines, Made, NewPlan, NewPurpose, TargetBoard};
use files::{file, wanted};
use operations::import::Origin;
use operations::{Operations, Scope};
use planning::day;
use refusal::code;
use store::Database;

/// Two regions with a person each, who sold two products over three years: the second year half as much again as the
/// first, the third as the second.
struct Company {
    operations: Operations,
    system: Scope,
    planner: Scope,
}

/// Monthly deals of a person: 300 of Pump and 100 of Valve in each, times the year's factor in halves.
fn deals() -> String {
    let mut text =
        "opportunity_id,sales_agent,product,account,deal_stage,close_date,close_value\n".to_owned();
    let mut id = 0;
    for (year, halves) in [(2015, 2), (2016, 3), (2017, 4)] {
        for month in 1..=12 {
            for person in ["a", "b"] {
                for (product, amount) in [("Pump", 300), ("Valve", 100)] {
                    id += 1;
                    // A little different in every month, as sales are.
                    let amount = amount * halves / 2 + (id * 7) % 13;
                    text += &format!("{id},{person},{product},Acme,Won,{year}-{month:02}-15,{amount}\n");
                }
            }
        }
    }
    text
}

async fn company(database: &Database) -> Company {
    let (system, root) = kit::organization(database).await;
    let mut operations = Operations::new(database.clone());
    operations.today = Some(day("2017-12-31"));
    let members = ["a", "b"].map(kit::member);
    let units = [
        kit::unit(root, "region", "North", Some(members[0].id)),
        kit::unit(root, "region", "South", None),
    ];
    let homes = [
        kit::assignment(members[0].id, units[0].id),
        kit::assignment(members[1].id, units[1].id),
    ];
    let writer = database.writer().await.unwrap();
    store::member::insert(&writer, &system, &members).await.unwrap();
    store::unit::insert(&writer, &system, &units).await.unwrap();
    store::assignment::insert(&writer, &system, &homes).await.unwrap();
    writer.commit().await.unwrap();
    let planner = planning::user(&system, Role::Planner, None, &[], &[]);
    let company = Company {
        operations,
        system,
        planner,
    };
    let folder = tempfile::tempdir().unwrap();
    let products = file(
        folder.path(),
        "products.csv",
        "product,series,sales_price\nPump,Flow,300\nValve,Flow,100\n",
    );
    let pipeline = file(folder.path(), "sales_pipeline.csv", deals());
    let accounts = file(folder.path(), "accounts.csv", "account,sector\nAcme,medical\n");
    let import = wanted(
        &[products, accounts, pipeline],
        Options::default(),
        Origin::CommandLine,
    );
    let view = company
        .operations
        .import_now(&company.system, import)
        .await
        .unwrap();
    assert_eq!((view.counts.created, view.counts.rejected), (147, 0));
    company
}

impl Company {
    /// A plan of a year by months.
    async fn plan(&self, total: i64) -> Made {
        let new = NewPlan {
            total: Minor(total),
            ..planning::plan("2018-01-01", "2019-01-01", PeriodKind::Month)
        };
        self.operations.create_plan(&self.planner, new).await.unwrap()
    }

    async fn board(&self, made: Made) -> TargetBoard {
        self.operations.target(&self.planner, made.version).await.unwrap()
    }

    async fn line(&self, made: Made, change: LineChange) -> Result<(), operations::Error> {
        self.operations
            .change_line(&self.planner, made.version, LineBy::Product, change)
            .await
    }
}

fn lines(board: &TargetBoard, by: LineBy) -> &Lines {
    board.lines.iter().find(|lines| lines.by == by).unwrap()
}

fn sum(lines: &Lines) -> i64 {
    lines.lines.iter().map(|line| line.amount.0).sum()
}

fn of(lines: &Lines, name: &str) -> (String, i64) {
    let line = lines.lines.iter().find(|line| line.name == name).unwrap();
    (line.key.clone(), line.amount.0)
}

fn set_total(amount: i64) -> PlanCommand {
    PlanCommand::SetTotal {
        amount: Minor(amount),
        seasons: Vec::new(),
        reason: None,
    }
}

#[tokio::test]
async fn every_dimension_sums_to_the_target_and_to_the_last_unit() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, &company.planner);
        let made = company.plan(1_200_003).await;
        let board = company.board(made).await;
        assert_eq!(board.total, Minor(1_200_003));
        assert_eq!(board.quarters.len(), 4);
        let quarters: i64 = board.quarters.iter().map(|quarter| quarter.amount.0).sum();
        assert_eq!(quarters, 1_200_003);
        for quarter in &board.quarters {
            let months: i64 = quarter.parts.iter().map(|(.., amount)| amount.0).sum();
            assert_eq!((months, quarter.parts.len()), (quarter.amount.0, 3));
        }
        let units: i64 = board.units.iter().map(|unit| unit.amount.0).sum();
        assert_eq!((units - board.hedge.0, board.units.len()), (1_200_003, 2));
        // Products three to one as in the history; channels were never said.
        let known: Vec<LineBy> = board.lines.iter().map(|lines| lines.by).collect();
        assert_eq!(known, [LineBy::Product, LineBy::Category, LineBy::Account]);
        for lines in &board.lines {
            assert_eq!((sum(lines), lines.proposed), (1_200_003, true), "{lines:?}");
        }
        let products = lines(&board, LineBy::Product);
        let ((pump, pumps), (valve, _)) = (of(products, "Pump"), of(products, "Valve"));
        assert!((890_000..=905_000).contains(&pumps), "{products:?}");

        // One line moves, the others make it good.
        let set = |key: &str, amount| LineChange::Set {
            key: key.to_owned(),
            amount: Minor(amount),
        };
        company.line(made, set(&pump, 700_000)).await.unwrap();
        let board = company.board(made).await;
        let products = lines(&board, LineBy::Product);
        assert_eq!((of(products, "Valve").1, products.proposed), (500_003, false));
        // Locked ones stay, and then nothing gives.
        let lock = |key: &str, locked| LineChange::Lock {
            key: key.to_owned(),
            locked,
        };
        company.line(made, lock(&valve, true)).await.unwrap();
        assert_eq!(code(company.line(made, set(&pump, 700_001)).await), "lines_over");
        assert_eq!(code(company.line(made, set(&pump, 1)).await), "lines_under");
        assert_eq!(code(company.line(made, set(&valve, 1)).await), "locked_line");
        assert_eq!(code(company.line(made, set(&pump, -1)).await), "negative_line");
        assert_eq!(code(company.line(made, set(&pump, i64::MAX)).await), "lines_over");
        assert_eq!(code(company.line(made, set("nothing", 1)).await), "unknown_line");
        assert_eq!(
            code(
                company
                    .line(made, LineChange::SingleOut { key: REST.to_owned() })
                    .await
            ),
            "unknown_line"
        );

        // Another total: the lines follow it, and come back with it; the log is the grid's.
        let head = operations
            .decide(planner, made.version, board.head, set_total(2_000_000))
            .await
            .unwrap();
        let board = company.board(made).await;
        let products = lines(&board, LineBy::Product);
        assert_eq!((sum(products), of(products, "Valve").1), (2_000_000, 500_003));
        assert!(board.undoable.undo > 0);
        operations
            .undo(planner, made.version, head, Insist::Ask)
            .await
            .unwrap();
        let board = company.board(made).await;
        let products = lines(&board, LineBy::Product);
        assert_eq!((board.total.0, of(products, "Pump").1), (1_200_003, 700_000));
        // Below what is locked, the lines cannot be met: it is said, and one still plans.
        operations
            .decide(planner, made.version, board.head, set_total(400_000))
            .await
            .unwrap();
        let board = company.board(made).await;
        assert!(lines(&board, LineBy::Product).fault.is_some());
        let specific = board
            .smart
            .iter()
            .find(|finding| finding.letter == Letter::Specific)
            .unwrap();
        let off = Fault::LinesDiffer {
            by: LineBy::Product,
            sum: Minor(sum(lines(&board, LineBy::Product))),
        };
        assert_eq!(specific.faults, [off]);
        assert_eq!(
            code(operations.publish(planner, made.version).await),
            "lines_do_not_sum"
        );
        company.line(made, lock(&valve, false)).await.unwrap();
        assert_eq!(sum(lines(&company.board(made).await, LineBy::Product)), 400_000);
        company.line(made, LineChange::Propose).await.unwrap();
        assert!(lines(&company.board(made).await, LineBy::Product).proposed);
    })
    .await;
}

#[tokio::test]
async fn levels_are_decided_carried_and_frozen() {
    kit::on_each(async |database: Database| {
        let company = company(&database).await;
        let (operations, planner) = (&company.operations, &company.planner);
        let made = company.plan(1_000_000).await;
        let given = Given {
            floor: Some(Value::Ratio { ppm: 900_000 }),
            stretch: Some(Value::Amount {
                amount: Minor(1_100_000),
            }),
            challenge: None,
        };
        operations.set_levels(planner, made.version, given).await.unwrap();
        let amounts = |board: &TargetBoard| -> Vec<Option<i64>> {
            board
                .levels
                .iter()
                .map(|row| row.amount.map(|amount| amount.0))
                .collect()
        };
        let board = company.board(made).await;
        let [floor, target, stretch, challenge] = amounts(&board)[..] else {
            panic!("{board:?}")
        };
        assert!((floor.unwrap() - 900_000).abs() <= 6, "{floor:?}");
        assert_eq!(
            (target, stretch, challenge),
            (Some(1_000_000), Some(1_100_000), None)
        );
        for row in board.levels.iter().filter(|row| row.amount.is_some()) {
            let periods: i64 = row.periods.iter().map(|amount| amount.0).sum();
            assert_eq!(Some(periods), row.amount.map(|amount| amount.0), "{row:?}");
        }
        let wrong = given.with(
            Level::Floor,
            Some(Value::Amount {
                amount: Minor(1_000_001),
            }),
        );
        assert_eq!(
            code(operations.set_levels(planner, made.version, wrong).await),
            "levels_out_of_order"
        );
        // A target above the stretch: what was decided is kept, and it is said that it cannot be had.
        let board = company.board(made).await;
        operations
            .decide(planner, made.version, board.head, set_total(1_200_000))
            .await
            .unwrap();
        let board = company.board(made).await;
        assert!(board.level_fault.is_some());
        assert_eq!(
            code(operations.publish(planner, made.version).await),
            "levels_out_of_order"
        );
        let head = operations
            .decide(planner, made.version, board.head, set_total(1_000_000))
            .await
            .unwrap();
        assert!(head > 0);

        let purpose = NewPurpose {
            name: "董事会计划".to_owned(),
            asks: Some(Minor(1_050_000)),
        };
        operations
            .set_purpose(planner, made.version, purpose)
            .await
            .unwrap();
        operations.publish(planner, made.version).await.unwrap();
        // Frozen: neither the program nor the database changes it any more, and the proposed lines are kept as they were.
        let board = company.board(made).await;
        assert!(
            !board.may_edit && board.lines.iter().all(|lines| !lines.proposed),
            "{:?}",
            board.lines
        );
        assert_eq!(
            code(operations.set_levels(planner, made.version, given).await),
            "version_frozen"
        );
        assert_eq!(
            code(company.line(made, LineChange::Propose).await),
            "version_frozen"
        );
        for sql in [
            "UPDATE target_level SET figure = 1",
            "DELETE FROM target_line",
            "UPDATE target_purpose SET name = 'x'",
        ] {
            assert!(!kit::lets_through(&database, sql).await, "{sql}");
        }
        // A branch carries all of it.
        let next = operations
            .branch_version(planner, made.version, Some("更稳"))
            .await
            .unwrap();
        let branch = company.board(next).await;
        assert_eq!(amounts(&branch), amounts(&board));
        assert_eq!(branch.purpose, board.purpose);
        assert!(branch.may_edit);
    })
    .await;
}
