//! What is no workbook of this plan, and rows and cells that cannot be taken, in words.

use calamine::Data;
use domain::access::Role;
use domain::calendar::PeriodKind;
use domain::format::Lang;
use domain::workbook::{Blanks, Note};
use operations::Returned;
use rust_xlsxwriter::Workbook;

use crate::refusal::code;
use crate::{JANUARY, desk, planning};

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
