//! Workbooks that come in by the door of imports, and the version of the plan of record.

use calamine::Data;
use domain::calendar::PeriodKind;
use domain::format::Lang;
use domain::import::{Failure, FileProblem, Kind, Options, Status};
use domain::money::Minor;
use domain::workbook::Blanks;
use operations::import::{Custody, NewImport, Origin, Upload};
use operations::{Operations, Scope};
use store::Database;

use crate::refusal::code;
use crate::{JANUARY, desk, planning};

/// An upload as the page makes it.
fn upload_of(path: &std::path::Path) -> NewImport {
    let dry = Options {
        dry_run: true,
        ..Options::default()
    };
    let upload = Upload {
        name: "back.xlsx".to_owned(),
        path: path.to_owned(),
        custody: Custody::Ours,
    };
    NewImport {
        uploads: vec![upload],
        kind: None,
        mapping: std::collections::BTreeMap::new(),
        options: dry,
        origin: Origin::Page,
    }
}

async fn problem(operations: &Operations, scope: &Scope, wanted: NewImport) -> FileProblem {
    let view = operations.import_now(scope, wanted).await.unwrap();
    assert_eq!(
        (view.status, view.failure),
        (Status::Failed, Some(Failure::Files)),
        "{view:?}"
    );
    view.files[0].problem.clone().unwrap()
}

#[tokio::test]
async fn a_workbook_among_imports_is_recognised_and_led_to_its_draft() {
    kit::on_each(async |database: Database| {
        let desk = desk(&database).await;
        let bytes = desk.exported().await;
        let path = desk.saved(&bytes, |cells| cells[3][JANUARY] = Data::Float(42.0));
        let (operations, planner) = (&desk.operations, &desk.planner);
        let view = operations.import_now(planner, upload_of(&path)).await.unwrap();
        let problem = view.files[0].problem.clone().unwrap();
        assert_eq!(
            problem,
            FileProblem::PlanWorkbook {
                version: Some(desk.version)
            }
        );
        for lang in Lang::ALL {
            assert!(problem.words(lang).contains("Excel"), "{}", problem.words(lang));
        }
        // The file that was uploaded is compared where it lies.
        let compare = |name: &str| {
            operations.compare_imported_workbook(
                planner,
                desk.version,
                view.id,
                name.to_owned(),
                Blanks::Keep,
            )
        };
        let found = compare("back.xlsx").await.unwrap();
        assert_eq!((found.changes.len(), found.changes[0].after), (1, Minor(4_200)));
        assert_eq!(code(compare("other.xlsx").await), "import_files_gone");
        let rep = planning::user(planner, domain::access::Role::Rep, None, &[], &[]);
        let refused = operations
            .compare_imported_workbook(&rep, desk.version, view.id, "back.xlsx".to_owned(), Blanks::Keep)
            .await;
        assert_eq!(code(refused), "not_found");
        std::fs::remove_file(&path).unwrap();
        assert_eq!(code(compare("back.xlsx").await), "import_files_gone");

        // Whoever says what it holds is believed: it is read as such.
        let path = desk.saved(&bytes, |_| {});
        let mut told = upload_of(&path);
        told.kind = Some(Kind::Accounts);
        let view = operations.import_now(planner, told).await.unwrap();
        assert_eq!(view.files[0].problem, None, "{view:?}");
    })
    .await;
}

#[tokio::test]
async fn a_workbook_of_a_frozen_version_leads_to_the_draft_there_is() {
    let fresh = kit::Fresh::sqlite().await;
    let desk = desk(&fresh.database).await;
    let bytes = desk.exported().await;
    let (operations, planner) = (&desk.operations, &desk.planner);
    let path = desk.saved(&bytes, |_| {});
    operations.publish(planner, desk.version).await.unwrap();
    let of = |version| FileProblem::PlanWorkbook { version };
    let upload = || upload_of(&path);
    assert_eq!(
        problem(operations, planner, upload()).await,
        of(Some(desk.version))
    );
    let branch = operations
        .branch_version(planner, desk.version, None)
        .await
        .unwrap()
        .version;
    assert_eq!(problem(operations, planner, upload()).await, of(Some(branch)));

    // Another installation has no such plan.
    let other = kit::Fresh::sqlite().await;
    let (system, _) = kit::organization(&other.database).await;
    let elsewhere = Operations::new(other.database.clone());
    assert_eq!(problem(&elsewhere, &system, upload()).await, of(None));
    other.close().await;
    fresh.close().await;
}

#[tokio::test]
async fn the_plan_of_record_is_that_of_today_or_the_nearest() {
    let fresh = kit::Fresh::sqlite().await;
    let desk = desk(&fresh.database).await;
    let mut operations = desk.operations.clone();
    let planner = &desk.planner;
    assert_eq!(
        code(operations.version_on_record(planner).await),
        "nothing_on_record"
    );
    operations.publish(planner, desk.version).await.unwrap();
    let plan = planning::plan("2018-04-01", "2018-07-01", PeriodKind::Month);
    let later = operations.create_plan(planner, plan).await.unwrap().version;
    operations.publish(planner, later).await.unwrap();
    for (today, expected) in [
        ("2017-12-20", desk.version),
        ("2018-03-31", desk.version),
        ("2018-04-01", later),
        ("2019-02-01", later),
    ] {
        operations.today = Some(planning::day(today));
        assert_eq!(
            operations.version_on_record(planner).await.unwrap(),
            expected,
            "{today}"
        );
    }
    fresh.close().await;
}
