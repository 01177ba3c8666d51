//! Plans as workbooks: what is in them, and what comes back.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

#[path = "../shared/planning.rs"]
mod planning;
#[path = "../shared/refusal.rs"]
mod refusal;

use std::io::Cursor;
use std::path::{Path, PathBuf};

use calamine::{Data, Reader, Xlsx};
use domain::access::Role;
use domain::calendar::PeriodKind;
use domain::format::Lang;
use domain::id::VersionId;
use domain::money::Minor;
use domain::plan::{Entered, Give, Keep, NodeIndex, PeriodIndex, PlanCommand};
use domain::split::Insist;
use domain::workbook::{Blanks, CellChange, Comparison, Note, Obstacle};
use operations::{Operations, Returned, Scope};
use planning::day;
use refusal::code;
use rust_xlsxwriter::Workbook;
use store::Database;

/// A company of two teams with two people each; row 0 the company, 1 and 4 the teams.
struct Desk {
    operations: Operations,
    planner: Scope,
    version: VersionId,
    folder: tempfile::TempDir,
}

async fn desk(database: &Database) -> Desk {
    let (system, root) = kit::organization(database).await;
    let mut operations = Operations::new(database.clone());
    operations.today = Some(day("2017-12-20"));
    let members = ["=cmd|'/c calc'!A1", "乙", "丙", "丁"].map(kit::member);
    let first = kit::unit(root, "team", "一组", None);
    let second = kit::unit(root, "team", "二组", None);
    let homes = [first.id, first.id, second.id, second.id];
    let assignments: Vec<_> = members
        .iter()
        .zip(homes)
        .map(|(member, unit)| kit::assignment(member.id, unit))
        .collect();
    let writer = database.writer().await.unwrap();
    store::member::insert(&writer, &system, &members).await.unwrap();
    store::unit::insert(&writer, &system, &[first, second])
        .await
        .unwrap();
    store::assignment::insert(&writer, &system, &assignments)
        .await
        .unwrap();
    writer.commit().await.unwrap();
    let planner = planning::user(&system, Role::Planner, None, &[], &[]);
    let plan = planning::plan("2018-01-01", "2018-04-01", PeriodKind::Month);
    let version = operations.create_plan(&planner, plan).await.unwrap().version;
    Desk {
        operations,
        planner,
        version,
        folder: tempfile::tempdir().unwrap(),
    }
}

/// A sheet as a person has it open.
type Cells = Vec<Vec<Data>>;

impl Desk {
    async fn amount(&self, node: u32, period: Option<u16>) -> i64 {
        let open = self
            .operations
            .open_grid(&self.planner, self.version, None)
            .await
            .unwrap();
        open.grid.amount(NodeIndex(node), period.map(PeriodIndex)).0
    }

    async fn exported(&self) -> Vec<u8> {
        let export = self
            .operations
            .export_version(&self.planner, self.version, Lang::ZhCn)
            .await
            .unwrap();
        assert_eq!(export.name, "2018-01 – 2018-03 v1.xlsx");
        export.bytes
    }

    /// Saves an export again as a spreadsheet program does, with what somebody changed in its first sheet.
    fn saved(&self, bytes: &[u8], change: impl FnOnce(&mut Cells)) -> PathBuf {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        let names = book.sheet_names();
        let mut out = Workbook::new();
        let mut change = Some(change);
        for name in names {
            let range = book.worksheet_range(&name).unwrap();
            let mut cells: Cells = range.rows().map(<[Data]>::to_vec).collect();
            if let Some(change) = change.take() {
                change(&mut cells);
            }
            let sheet = out.add_worksheet().set_name(&name).unwrap();
            for (row, line) in (0..).zip(cells) {
                for (column, cell) in (0..).zip(line) {
                    match cell {
                        Data::Float(number) => drop(sheet.write_number(row, column, number).unwrap()),
                        Data::Int(number) => drop(sheet.write_number(row, column, number as f64).unwrap()),
                        Data::String(text) => drop(sheet.write_string(row, column, text).unwrap()),
                        _ => {}
                    }
                }
            }
        }
        let path = self.folder.path().join("back.xlsx");
        out.save(&path).unwrap();
        path
    }

    async fn compare(&self, path: &Path, blanks: Blanks) -> Result<Comparison, operations::Error> {
        let returned = Returned {
            name: "back.xlsx".to_owned(),
            path: path.to_owned(),
            blanks,
        };
        self.operations
            .compare_workbook(&self.planner, self.version, returned)
            .await
    }

    async fn do_it(&self, command: PlanCommand) {
        let head = self
            .operations
            .open_grid(&self.planner, self.version, None)
            .await
            .unwrap()
            .head;
        let applied = self
            .operations
            .apply(&self.planner, self.version, head, command, Insist::Ask)
            .await
            .unwrap();
        assert_eq!(applied.refused, None);
    }

    async fn take(&self, found: &Comparison) -> Result<domain::workbook::TakenOver, operations::Error> {
        let amounts: Vec<Entered> = found.changes.iter().map(CellChange::entered).collect();
        self.operations
            .enter_workbook(&self.planner, self.version, found.head, amounts, "back.xlsx")
            .await
    }
}

/// Columns of the sheet: id, path, level, name, total, January, February, March.
const TOTAL: usize = 4;
const JANUARY: usize = 5;

#[tokio::test]
async fn a_workbook_has_typed_cells_and_no_formula_in_a_text() {
    kit::on_each(async |database: Database| {
        let desk = desk(&database).await;
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(desk.exported().await)).unwrap();
        assert_eq!(book.sheet_names(), ["目标", "说明", "attain"]);
        let targets = book.worksheet_range("目标").unwrap();
        let formulas = book.worksheet_formula("目标").unwrap();
        let rows: Vec<&[Data]> = targets.rows().collect();
        assert_eq!(rows.len(), 8, "a heading and seven rows");
        assert_eq!(rows[0][TOTAL], Data::String("合计".to_owned()));
        // The name that a spreadsheet would run is a text, and marked as one.
        let names: Vec<String> = rows[1..].iter().map(|row| row[3].to_string()).collect();
        assert!(names.contains(&"'=cmd|'/c calc'!A1".to_owned()), "{names:?}");
        for (at, row) in rows[1..].iter().enumerate() {
            for column in TOTAL..8 {
                assert!(
                    matches!(row[column], Data::Float(_)),
                    "row {at}, column {column}: {:?}",
                    row[column]
                );
            }
            let amount = desk.amount(at as u32, Some(0)).await;
            let written: f64 = row[JANUARY].to_string().parse().unwrap();
            assert_eq!((written * 100.0).round() as i64, amount);
        }
        // A unit is the sum of what lies below.
        assert_eq!(formulas.get_value((1, JANUARY as u32)).unwrap(), "SUM(F3,F6)");
        assert_eq!(formulas.get_value((2, JANUARY as u32)).unwrap(), "SUM(F4:F5)");
        assert_eq!(formulas.get_value((3, TOTAL as u32)).unwrap(), "SUM(F4:H4)");
        let about = book.worksheet_range("说明").unwrap();
        assert!(about.rows().any(|row| row[1] == Data::String("CNY".to_owned())));
        assert!(
            about.rows().any(|row| matches!(row[1], Data::DateTime(_))),
            "as of is a date"
        );
        // Nothing changed: nothing to take over.
        let path = desk.saved(&desk.exported().await, |_| {});
        let found = desk.compare(&path, Blanks::Keep).await.unwrap();
        assert!(
            found.changes.is_empty() && found.refused.is_empty() && found.notes.is_empty(),
            "{found:?}"
        );
        assert_eq!(code(desk.take(&found).await), "nothing_to_take_over");
    })
    .await;
}

#[tokio::test]
async fn what_was_changed_is_shown_and_then_written_as_one_step() {
    kit::on_each(async |database: Database| {
        let desk = desk(&database).await;
        let before = desk.amount(0, None).await;
        let own = desk.amount(2, Some(0)).await;
        let path = desk.saved(&desk.exported().await, |cells| {
            // One person up; the units above stay as they were in the file, as where formulas were lost.
            cells[3][JANUARY] = Data::String("￥5,000.00".to_owned());
            // A whole team down in February: those below follow.
            cells[5][JANUARY + 1] = Data::Float(100.0);
            // Blank says nothing.
            cells[4][JANUARY] = Data::Empty;
            cells[4][JANUARY + 2] = Data::String("about 5".to_owned());
        });
        let found = desk.compare(&path, Blanks::Keep).await.unwrap();
        assert_eq!(found.changes.len(), 2, "{found:?}");
        assert_eq!(
            (found.changes[0].before, found.changes[0].after),
            (Minor(own), Minor(500_000))
        );
        assert_eq!(found.before, Minor(before));
        assert!(
            found.notes.contains(&Note::Blank { count: 1 }),
            "{:?}",
            found.notes
        );
        assert!(
            found
                .notes
                .iter()
                .any(|note| matches!(note, Note::NotAnAmount { row: 5, .. }))
        );
        assert_eq!(desk.amount(0, None).await, before, "nothing is written yet");

        let taken = desk.take(&found).await.unwrap();
        assert_eq!(taken.entered, 2);
        assert_eq!(desk.amount(2, Some(0)).await, 500_000);
        assert_eq!(desk.amount(4, Some(1)).await, 10_000);
        let below = desk.amount(5, Some(1)).await + desk.amount(6, Some(1)).await;
        assert_eq!(below, 10_000, "those below follow to the cent");
        assert_eq!(Minor(desk.amount(0, None).await), found.after);
        assert!(matches!(
            desk.operations.verify(&desk.planner, desk.version).await.unwrap(),
            domain::target::Verdict::Sound { .. }
        ));
        // One step back.
        desk.operations
            .undo(&desk.planner, desk.version, taken.head, Insist::Ask)
            .await
            .unwrap();
        assert_eq!(desk.amount(0, None).await, before);
        assert_eq!(desk.amount(2, Some(0)).await, own);
    })
    .await;
}

#[tokio::test]
async fn blank_means_zero_only_where_one_says_so() {
    let fresh = kit::Fresh::sqlite().await;
    let desk = desk(&fresh.database).await;
    let path = desk.saved(&desk.exported().await, |cells| cells[4][JANUARY] = Data::Empty);
    let found = desk.compare(&path, Blanks::Zero).await.unwrap();
    assert_eq!(found.changes.len(), 1);
    assert_eq!(found.changes[0].after, Minor(0));
    fresh.close().await;
}

#[tokio::test]
async fn locks_hold_and_are_named() {
    kit::on_each(async |database: Database| {
        let desk = desk(&database).await;
        let bytes = desk.exported().await;
        let team = desk.amount(1, Some(0)).await;
        desk.do_it(PlanCommand::Lock {
            node: NodeIndex(1),
            period: Some(PeriodIndex(0)),
            by: domain::id::UserId::default(),
        })
        .await;
        // One of the locked team alone is refused …
        let path = desk.saved(&bytes, |cells| cells[3][JANUARY] = Data::Float(1.0));
        let found = desk.compare(&path, Blanks::Keep).await.unwrap();
        assert!(found.changes.is_empty());
        let Obstacle::Lock { name, amount, .. } = &found.refused[0].obstacle else {
            panic!("{:?}", found.refused)
        };
        assert_eq!((name.as_str(), amount.0), ("一组", team));
        // … a shift within it goes through.
        let (a, b) = (desk.amount(2, Some(0)).await, desk.amount(3, Some(0)).await);
        let path = desk.saved(&bytes, |cells| {
            cells[3][JANUARY] = Data::Float((a - 100) as f64 / 100.0);
            cells[4][JANUARY] = Data::Float((b + 100) as f64 / 100.0);
        });
        let found = desk.compare(&path, Blanks::Keep).await.unwrap();
        assert_eq!((found.changes.len(), found.refused.len()), (2, 0), "{found:?}");
        desk.take(&found).await.unwrap();
        assert_eq!(desk.amount(1, Some(0)).await, team);
    })
    .await;
}

#[tokio::test]
async fn what_moved_since_is_shown_and_nothing_of_it_is_lost() {
    kit::on_each(async |database: Database| {
        let desk = desk(&database).await;
        let bytes = desk.exported().await;
        let written = desk.amount(2, Some(0)).await;
        let set = |node, period: u16, amount| PlanCommand::Set {
            node: NodeIndex(node),
            period: Some(PeriodIndex(period)),
            amount: Minor(amount),
            keep: Keep::None,
            give: Give::Siblings,
            reason: None,
        };
        desk.do_it(set(2, 0, 1_234)).await;
        desk.do_it(set(3, 1, 4_321)).await;
        let path = desk.saved(&bytes, |cells| {
            cells[3][JANUARY] = Data::Float(99.0);
            cells[6][JANUARY] = Data::Float(77.0);
        });
        let found = desk.compare(&path, Blanks::Keep).await.unwrap();
        assert!(
            found.notes.contains(&Note::Moved { commands: 2, both: 1 }),
            "{:?}",
            found.notes
        );
        let clash = found
            .changes
            .iter()
            .find(|change| change.node == NodeIndex(2))
            .unwrap();
        assert_eq!(
            (clash.written, clash.before, clash.after),
            (Some(Minor(written)), Minor(1_234), Minor(9_900))
        );
        // Taken over without the clash: what others did stays, also where the sheet has the old number.
        let own: Vec<Entered> = found
            .changes
            .iter()
            .filter(|change| change.written.is_none())
            .map(CellChange::entered)
            .collect();
        desk.operations
            .enter_workbook(&desk.planner, desk.version, found.head, own, "x")
            .await
            .unwrap();
        assert_eq!(desk.amount(2, Some(0)).await, 1_234);
        assert_eq!(desk.amount(3, Some(1)).await, 4_321);
        assert_eq!(desk.amount(5, Some(0)).await, 7_700);
        // Compared before somebody else set the same amount: not written.
        let path = desk.saved(&bytes, |cells| cells[7][JANUARY] = Data::Float(66.0));
        let found = desk.compare(&path, Blanks::Keep).await.unwrap();
        let other = Scope {
            actor: operations::Actor::User {
                id: domain::id::UserId(uuid::Uuid::now_v7()),
                name: "另一位".to_owned(),
            },
            ..desk.planner.clone()
        };
        desk.operations
            .apply(&other, desk.version, found.head, set(6, 0, 5), Insist::Ask)
            .await
            .unwrap();
        assert_eq!(code(desk.take(&found).await), "workbook_moved");
        assert_eq!(desk.amount(6, Some(0)).await, 5);
    })
    .await;
}

#[tokio::test]
async fn sums_that_do_not_agree_are_told_and_what_is_further_down_counts() {
    let fresh = kit::Fresh::sqlite().await;
    let desk = desk(&fresh.database).await;
    let others = desk.amount(3, Some(0)).await;
    let path = desk.saved(&desk.exported().await, |cells| {
        cells[3][JANUARY] = Data::Float(10.0);
        cells[2][JANUARY] = Data::Float(9_999.0);
    });
    let found = desk.compare(&path, Blanks::Keep).await.unwrap();
    assert_eq!(found.changes.len(), 1, "{found:?}");
    let told = Note::Overruled {
        name: "一组".to_owned(),
        period: Some(PeriodIndex(0)),
        said: Minor(999_900),
        becomes: Minor(1_000 + others),
    };
    assert!(found.notes.contains(&told), "{:?}", found.notes);
    // A total of a row is spread over its periods.
    let path = desk.saved(&desk.exported().await, |cells| {
        cells[3][TOTAL] = Data::Float(30.0);
    });
    let found = desk.compare(&path, Blanks::Keep).await.unwrap();
    assert_eq!(found.changes[0].period, None);
    desk.take(&found).await.unwrap();
    assert_eq!(desk.amount(2, None).await, 3_000);
    fresh.close().await;
}

#[tokio::test]
async fn what_is_wrong_with_a_file_is_told_in_words() {
    let fresh = kit::Fresh::sqlite().await;
    let desk = desk(&fresh.database).await;
    let bytes = desk.exported().await;
    let write = |name: &str, content: &[u8]| {
        let path = desk.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    };
    let cut = write("cut.xlsx", &bytes[..bytes.len() / 2]);
    assert_eq!(code(desk.compare(&cut, Blanks::Keep).await), "unreadable");
    let text = desk.folder.path().join("x.csv");
    std::fs::write(&text, "a,b\n1,2\n").unwrap();
    let returned = Returned {
        name: "x.csv".to_owned(),
        path: text,
        blanks: Blanks::Keep,
    };
    let refused = desk
        .operations
        .compare_workbook(&desk.planner, desk.version, returned)
        .await;
    assert_eq!(code(refused), "no_export");
    let mut other = Workbook::new();
    other.add_worksheet().write_string(0, 0, "id").unwrap();
    let path = desk.folder.path().join("other.xlsx");
    other.save(&path).unwrap();
    assert_eq!(code(desk.compare(&path, Blanks::Keep).await), "no_export");

    // Rows: unknown, doubled, missing, below zero.
    let path = desk.saved(&bytes, |cells| {
        let mut unknown = cells[3].clone();
        unknown[0] = Data::String(uuid::Uuid::now_v7().to_string());
        let mut doubled = cells[4].clone();
        doubled[JANUARY] = Data::Float(1.0);
        cells[6][JANUARY] = Data::Float(-5.0);
        cells.remove(7);
        cells.push(unknown);
        cells.push(doubled);
    });
    let found = desk.compare(&path, Blanks::Keep).await.unwrap();
    assert!(found.changes.is_empty(), "{found:?}");
    let has = |wanted: fn(&Note) -> bool| found.notes.iter().any(wanted);
    assert!(
        has(|note| matches!(note, Note::UnknownRow { row: 8, .. })),
        "{:?}",
        found.notes
    );
    assert!(has(|note| matches!(
        note,
        Note::Doubled {
            row: 9,
            first_row: 5,
            ..
        }
    )));
    assert!(has(|note| matches!(note, Note::MissingRows { count: 1 })));
    assert!(has(|note| matches!(note, Note::Negative { .. })));

    // Another plan's export, a frozen version, somebody without the right.
    let plan = planning::plan("2018-04-01", "2018-07-01", PeriodKind::Month);
    let another = desk
        .operations
        .create_plan(&desk.planner, plan)
        .await
        .unwrap()
        .version;
    let export = desk
        .operations
        .export_version(&desk.planner, another, Lang::En)
        .await
        .unwrap();
    let path = write("another.xlsx", &export.bytes);
    assert_eq!(code(desk.compare(&path, Blanks::Keep).await), "other_plan");
    let rep = planning::user(&desk.planner, Role::Rep, None, &[], &[]);
    assert_eq!(
        code(desk.operations.export_version(&rep, desk.version, Lang::En).await),
        "not_found"
    );
    desk.operations
        .publish(&desk.planner, desk.version)
        .await
        .unwrap();
    let path = write("own.xlsx", &bytes);
    assert_eq!(code(desk.compare(&path, Blanks::Keep).await), "version_frozen");
    // A branch takes it, and says where it comes from.
    let branch = desk
        .operations
        .branch_version(&desk.planner, desk.version, None)
        .await
        .unwrap()
        .version;
    let path = desk.saved(&bytes, |cells| cells[3][JANUARY] = Data::Float(42.0));
    let returned = Returned {
        name: "back.xlsx".to_owned(),
        path,
        blanks: Blanks::Keep,
    };
    let found = desk
        .operations
        .compare_workbook(&desk.planner, branch, returned)
        .await
        .unwrap();
    assert_eq!(found.notes, [Note::OtherVersion { number: 1 }]);
    assert_eq!(found.changes.len(), 1);
    fresh.close().await;
}
