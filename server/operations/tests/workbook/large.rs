//! Workbooks of a large plan, and workbooks that are too large.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::Instant;

use calamine::Data;
use domain::access::Role;
use domain::calendar::PeriodKind;
use domain::money::Minor;
use domain::plan::{NodeIndex, PeriodIndex};
use domain::workbook::Blanks;
use operations::Operations;
use rust_xlsxwriter::Workbook;
use zip::write::SimpleFileOptions;

use crate::planning::{self, day};
use crate::refusal::code;
use crate::{Desk, JANUARY, desk};

const TEAMS: usize = 50;
const PEOPLE: usize = 5_000;
const PERIODS: usize = 16;

/// A company of 50 teams of a hundred, planned for sixteen months.
async fn large(database: &store::Database) -> Desk {
    let (system, root) = kit::organization(database).await;
    let mut operations = Operations::new(database.clone());
    operations.today = Some(day("2017-12-20"));
    let teams: Vec<_> = (0..TEAMS)
        .map(|team| kit::unit(root, "team", &format!("{team} 组"), None))
        .collect();
    let members: Vec<_> = (0..PEOPLE)
        .map(|member| kit::member(&format!("{member} 号")))
        .collect();
    let assignments: Vec<_> = members
        .iter()
        .enumerate()
        .map(|(at, member)| kit::assignment(member.id, teams[at % TEAMS].id))
        .collect();
    let writer = database.writer().await.unwrap();
    store::member::insert(&writer, &system, &members).await.unwrap();
    store::unit::insert(&writer, &system, &teams).await.unwrap();
    store::assignment::insert(&writer, &system, &assignments)
        .await
        .unwrap();
    writer.commit().await.unwrap();
    let planner = planning::user(&system, Role::Planner, None, &[], &[]);
    let mut plan = planning::plan("2018-01-01", "2019-05-01", PeriodKind::Month);
    plan.total = Minor(900_000_000_000);
    let version = operations.create_plan(&planner, plan).await.unwrap().version;
    Desk {
        operations,
        planner,
        version,
        folder: tempfile::tempdir().unwrap(),
    }
}

#[tokio::test]
async fn five_thousand_people_and_sixteen_months_go_out_and_back() {
    let fresh = kit::Fresh::sqlite().await;
    let desk = large(&fresh.database).await;
    let rows = 1 + TEAMS + PEOPLE;
    let started = Instant::now();
    let bytes = desk
        .operations
        .export_version(&desk.planner, desk.version, domain::format::Lang::ZhCn)
        .await
        .unwrap()
        .bytes;
    println!(
        "{rows} rows × {PERIODS} periods out: {} ms, {} kB",
        started.elapsed().as_millis(),
        bytes.len() / 1_000
    );
    // Every tenth person half of January more, and one row's last month.
    let mut changed = 0;
    let path = desk.saved(&bytes, |cells| {
        assert_eq!(cells.len(), rows + 1);
        assert_eq!(cells[0].len(), JANUARY + PERIODS);
        let leaves = cells
            .iter_mut()
            .filter(|row| row[3].to_string().trim_start().ends_with('号'));
        for row in leaves.step_by(10) {
            let before: f64 = row[JANUARY].to_string().parse().unwrap();
            row[JANUARY] = Data::Float((before * 150.0).round() / 100.0);
            changed += 1;
        }
    });
    assert_eq!(changed, PEOPLE / 10);
    let started = Instant::now();
    let found = desk.compare(&path, Blanks::Keep).await.unwrap();
    println!(
        "{} differences found: {} ms",
        found.changes.len(),
        started.elapsed().as_millis()
    );
    assert_eq!((found.changes.len(), found.refused.len()), (changed, 0));
    assert!(found.after > found.before);
    let started = Instant::now();
    let taken = desk.take(&found).await.unwrap();
    println!(
        "{} amounts written: {} ms",
        taken.entered,
        started.elapsed().as_millis()
    );
    let open = desk
        .operations
        .open_grid(&desk.planner, desk.version, None)
        .await
        .unwrap();
    assert_eq!(open.grid.amount(NodeIndex(0), None), found.after);
    for change in &found.changes {
        assert_eq!(open.grid.amount(change.node, Some(PeriodIndex(0))), change.after);
    }
    fresh.close().await;
}

#[tokio::test]
async fn workbooks_beyond_the_limits_are_refused_in_words() {
    let fresh = kit::Fresh::sqlite().await;
    let desk = desk(&fresh.database).await;
    let bytes = desk.exported().await;

    // More sheets than anybody makes.
    let path = desk.folder.path().join("sheets.xlsx");
    let mut many = Workbook::new();
    for number in 0..101 {
        many.add_worksheet()
            .set_name(format!("s{number}"))
            .unwrap()
            .write_string(0, 0, "x")
            .unwrap();
    }
    many.save(&path).unwrap();
    assert_eq!(code(desk.compare(&path, Blanks::Keep).await), "too_many_sheets");

    // More rows than a plan has: a sheet as large as 200,001 rows of one cell.
    let path = desk.repacked(&bytes, "xl/worksheets/sheet1.xml", &rows(200_002, "<v>1</v>", ""));
    assert_eq!(code(desk.compare(&path, Blanks::Keep).await), "too_many_rows");
    // A text of half a megabyte in each of a thousand rows: the file is small, what it says is not.
    let long = "x".repeat(500_000);
    let sheet = rows(1_000, "<is><t>y</t></is>", " t=\"inlineStr\"");
    let sheet = sheet.replace("<is><t>y</t></is>", &format!("<is><t>{long}</t></is>"));
    let path = desk.repacked(&bytes, "xl/worksheets/sheet1.xml", &sheet);
    let refused = code(desk.compare(&path, Blanks::Keep).await);
    assert!(
        ["too_much_text", "unreadable"].contains(&refused.as_str()),
        "{refused}"
    );

    // A file that unpacks to far more than it weighs.
    let bomb = " ".repeat(32 << 20);
    let path = desk.repacked(&bytes, "xl/worksheets/sheet1.xml", &bomb);
    assert!(std::fs::metadata(&path).unwrap().len() < 1 << 20);
    let error = desk.compare(&path, Blanks::Keep).await.unwrap_err();
    let operations::Error::Invalid(refusal) = error else {
        panic!("{error:?}")
    };
    assert_eq!(refusal.code, "unreadable");
    assert!(
        refusal.words.zh.contains("压缩") && refusal.words.en.contains("unpack"),
        "{refusal:?}"
    );
    fresh.close().await;
}

/// A sheet of targets whose first row has the headings and every other one cell under the total.
fn rows(count: usize, value: &str, kind: &str) -> String {
    let mut sheet = String::from(
        "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>\
         <row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>id</t></is></c><c r=\"B1\" t=\"inlineStr\"><is><t>合计</t></is></c></row>",
    );
    for row in 2..count + 2 {
        write!(sheet, "<row r=\"{row}\"><c r=\"B{row}\"{kind}>{value}</c></row>").unwrap();
    }
    sheet.push_str("</sheetData></worksheet>");
    sheet
}

impl Desk {
    /// The file with another part in the place of one.
    fn repacked(&self, bytes: &[u8], part: &str, content: &str) -> std::path::PathBuf {
        let path = self.folder.path().join("repacked.xlsx");
        let mut from = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut to = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
        let mut replaced = false;
        for index in 0..from.len() {
            let entry = from.by_index_raw(index).unwrap();
            if entry.name().unwrap() == part {
                replaced = true;
                continue;
            }
            to.raw_copy_file(entry).unwrap();
        }
        assert!(replaced);
        to.start_file(part, SimpleFileOptions::default()).unwrap();
        to.write_all(content.as_bytes()).unwrap();
        to.finish().unwrap();
        path
    }
}
