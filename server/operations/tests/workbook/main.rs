//! Plans as workbooks: what is in them, and what comes back.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod doors;
mod large;
mod levels;
#[path = "../shared/planning.rs"]
mod planning;
#[path = "../shared/refusal.rs"]
mod refusal;
mod refused;
mod taking;

use std::io::Cursor;
use std::path::{Path, PathBuf};

use calamine::{Data, Reader, Xlsx};
use domain::access::Role;
use domain::calendar::PeriodKind;
use domain::format::Lang;
use domain::id::VersionId;
use domain::plan::{Entered, NodeIndex, PeriodIndex, PlanCommand};
use domain::split::Insist;
use domain::workbook::{Blanks, CellChange, Comparison, LevelChange};
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

    /// Saves an export again as a spreadsheet program does, with what somebody changed in its sheet of targets.
    fn saved(&self, bytes: &[u8], change: impl FnOnce(&mut Cells)) -> PathBuf {
        self.saved_with(bytes, "目标", change)
    }

    /// The same with a change of another sheet.
    fn saved_with(&self, bytes: &[u8], changed: &str, change: impl FnOnce(&mut Cells)) -> PathBuf {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        let names = book.sheet_names();
        let mut out = Workbook::new();
        let mut change = Some(change);
        for name in names {
            let range = book.worksheet_range(&name).unwrap();
            let mut cells: Cells = range.rows().map(<[Data]>::to_vec).collect();
            if name == changed
                && let Some(change) = change.take()
            {
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
        assert!(change.is_none(), "there is no sheet {changed}");
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
        let levels: Vec<_> = found.levels.iter().map(LevelChange::entered).collect();
        self.operations
            .enter_workbook(
                &self.planner,
                self.version,
                found.head,
                amounts,
                &levels,
                "back.xlsx",
            )
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
        assert_eq!(book.sheet_names(), ["目标", "档位", "说明", "attain"]);
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
            found.changes.is_empty()
                && found.refused.is_empty()
                && found.levels.is_empty()
                && found.notes.is_empty(),
            "{found:?}"
        );
        assert_eq!(code(desk.take(&found).await), "nothing_to_take_over");
    })
    .await;
}
