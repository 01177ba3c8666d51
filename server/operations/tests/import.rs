//! Imports on both databases: the Maven files to the cent, again and back, and every kind of bad file.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

use std::path::{Path, PathBuf};

use domain::id::ImportId;
use domain::import::{Finding, Kind, Options, Reason, Status, View};
use operations::import::{Custody, NewImport, Origin, Upload};
use operations::{Operations, Scope, clock};
use store::Database;
use store::import::{Change, Import};
use store::opportunity::{Credit, Entry, Opportunity, Prepared};
use store::slot::Slot;

/// The files of the Maven company, in a wrong order on purpose.
const MAVEN: [&str; 4] = [
    "sales_pipeline.csv",
    "sales_teams.csv",
    "products.csv",
    "accounts.csv",
];

fn upload(path: &Path) -> Upload {
    Upload {
        name: path.file_name().unwrap().to_string_lossy().into_owned(),
        path: path.to_owned(),
        custody: Custody::Theirs,
    }
}

fn wanted(paths: &[PathBuf], options: Options) -> NewImport {
    NewImport {
        uploads: paths.iter().map(|path| upload(path)).collect(),
        kind: None,
        mapping: std::collections::BTreeMap::default(),
        options,
        origin: Origin::CommandLine,
    }
}

async fn import(operations: &Operations, scope: &Scope, paths: &[PathBuf], options: Options) -> View {
    operations
        .import_now(scope, wanted(paths, options))
        .await
        .unwrap()
}

/// A file with this content.
fn file(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path
}

async fn differences(database: &Database, scope: &Scope) -> usize {
    let reader = database.reader();
    let key = domain::metric::MetricKey::BOOKINGS;
    match store::metric::find(&reader, scope, &key).await.unwrap() {
        None => 0,
        Some(metric) => store::rollup::differences(&reader, scope, &metric)
            .await
            .unwrap()
            .len(),
    }
}

#[tokio::test]
async fn the_maven_files_import_without_editing_and_again_and_back() {
    let kit::RealData { folder, extent } = kit::real_data("maven_crm");
    let figures = kit::Figures::of(extent);
    let expected_months: Vec<i64> = kit::won()
        .into_iter()
        .filter(|((dimension, ..), _)| dimension == "month")
        .map(|(_, (value, _))| value)
        .collect();
    let opportunities = figures.number("opportunities").unsigned_abs();
    kit::on_each(async |database: Database| {
        let (scope, _) = kit::organization(&database).await;
        let operations = Operations::new(database.clone());
        let paths: Vec<PathBuf> = MAVEN.iter().map(|name| folder.join(name)).collect();
        let checked = import(
            &operations,
            &scope,
            &paths,
            Options {
                dry_run: true,
                ..Options::default()
            },
        )
        .await;
        assert_eq!(checked.status, Status::Done, "{:?}", checked.failure);
        assert_eq!(
            store::member::list(&database.reader(), &scope)
                .await
                .unwrap()
                .len(),
            0,
            "a dry run writes nothing"
        );
        let view = import(&operations, &scope, &paths, Options::default()).await;
        assert_eq!(view.status, Status::Done, "{:?}", view.failure);
        assert_eq!(checked.counts, view.counts);
        let kinds: Vec<Kind> = view.files.iter().map(|file| file.kind.unwrap()).collect();
        assert_eq!(
            kinds,
            [Kind::Members, Kind::Products, Kind::Accounts, Kind::Opportunities]
        );
        let pipeline = view.files.last().unwrap();
        let report = pipeline.report.as_ref().unwrap();
        assert_eq!(
            (report.counts.read, report.counts.created, report.counts.rejected),
            (opportunities, opportunities, 0)
        );
        assert_eq!(
            (report.written.count, report.written.sum.0 / 10_000),
            (figures.number("won").unsigned_abs(), figures.number("won_value"))
        );
        assert_eq!(report.source, report.written);
        let months: Vec<i64> = report
            .written
            .by_month
            .iter()
            .map(|month| month.sum.0 / 10_000)
            .collect();
        assert_eq!(months, expected_months);
        hygiene(&pipeline.findings, &figures);
        assert_eq!(differences(&database, &scope).await, 0);

        let again = import(&operations, &scope, &paths, Options::default()).await;
        assert_eq!(
            (again.counts.unchanged, again.counts.read),
            (again.counts.read, view.counts.read)
        );
        let undo = operations.undo_import(&scope, again.id).await.unwrap();
        assert_eq!(undo.status, Status::Done);
        let undo = operations.undo_import(&scope, view.id).await.unwrap();
        assert_eq!((undo.status, undo.undoes), (Status::Done, Some(view.id)));
        assert_eq!(undo.names, view.names, "it bears the names of what it takes back");
        let reader = database.reader();
        assert_eq!(store::member::list(&reader, &scope).await.unwrap().len(), 0);
        assert_eq!(store::unit::list(&reader, &scope, None).await.unwrap().len(), 1);
        assert_eq!(store::product::list(&reader, &scope).await.unwrap().len(), 0);
        assert_eq!(differences(&database, &scope).await, 0);
        let metric = store::metric::find(&reader, &scope, &domain::metric::MetricKey::BOOKINGS)
            .await
            .unwrap();
        let span = store::rollup::span(&reader, &scope, &metric.unwrap())
            .await
            .unwrap();
        assert_eq!(span, None, "nothing counts any more");
    })
    .await;
}

/// What P7 of the design wants reported.
fn hygiene(findings: &[Finding], figures: &kit::Figures) {
    let alias = Finding::Alias {
        field: domain::import::Field::Product,
        from: "GTXPro".to_owned(),
        to: "GTX Pro".to_owned(),
        rows: figures.number("gtxpro").unsigned_abs(),
        percent: 99,
    };
    assert!(findings.contains(&alias), "{findings:?}");
    assert!(findings.contains(&Finding::Blank {
        field: domain::import::Field::Account,
        rows: figures.number("without_account").unsigned_abs()
    }));
    let without = findings.iter().find_map(|finding| match finding {
        Finding::MembersWithoutFacts { names } => Some(names.clone()),
        _ => None,
    });
    assert_eq!(without.unwrap(), figures.words("agents_without_deals"));
    assert!(
        findings
            .iter()
            .any(|finding| matches!(finding, Finding::PartialPeriod { period, .. } if period == "2017-Q1"))
    );
}

#[tokio::test]
async fn bad_rows_are_named_and_the_others_taken() {
    kit::on_each(async |database: Database| {
        let (scope, _) = kit::organization(&database).await;
        let operations = Operations::new(database.clone());
        let folder = tempfile::tempdir().unwrap();
        let path = file(
            folder.path(),
            "deals.csv",
            "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n\
             A1,王海涛,GTX,华东医院,Won,2017-01-05,2017-03-01,1000\n\
             A1,王海涛,GTX,华东医院,Won,2017-01-05,2017-03-02,2000\n\
             A2,王海涛,GTX,华东医院,Wonn,2017-01-05,2017-03-01,1000\n\
             A3,王海涛,GTX,华东医院,Won,2017-05-05,2017-03-01,1000\n\
             A4,王海涛,GTX,华东医院,Won,2017-01-05,2017-03-01,-5\n\
             A5,王海涛,GTX,华东医院,Won,2017-01-05,2017-03-01,99999999999999999999\n\
             A6,王海涛,GTX,华东医院,Won,2017-01-05,2017-02-30,10\n\
             A7,,GTX,华东医院,Won,2017-01-05,2017-02-03,10\n\
             A8,王海涛,GTX,华东医院,Won,2017-01-05,2017-02-03,10,x,y\n\
             A9,王\u{0}海涛,GTX,华东医院,Won,2017-01-05,2017-02-03,10\n\
             B1,王海涛,,,Engaging,2017-01-05,,\n\
             B2,王海涛,,,Won,2017-01-05,,\n",
        );
        let create = Options {
            on_missing: domain::import::OnMissing::Create,
            ..Options::default()
        };
        let view = import(&operations, &scope, std::slice::from_ref(&path), create.clone()).await;
        assert_eq!(view.status, Status::Done, "{view:?}");
        let report = view.files[0].report.as_ref().unwrap();
        let of = |row: u64| {
            report
                .problems
                .iter()
                .find(|problem| problem.row == row)
                .map(|it| it.reason.clone())
        };
        assert_eq!(
            (view.counts.read, view.counts.created, view.counts.rejected),
            (12, 2, 10),
            "{report:?}"
        );
        assert_eq!(of(3), Some(Reason::Duplicate { first_row: 2 }));
        assert_eq!(of(4), Some(Reason::UnknownStage));
        assert!(matches!(of(5), Some(Reason::ClosedBeforeCreated { .. })));
        assert_eq!(of(6), Some(Reason::NegativeAmount));
        assert!(matches!(of(7), Some(Reason::Amount { .. })));
        assert!(matches!(of(8), Some(Reason::Date { .. })));
        assert_eq!(of(9), Some(Reason::Missing));
        assert_eq!(
            of(10),
            Some(Reason::TooManyCells {
                expected: 8,
                found: 10
            })
        );
        assert_eq!(of(11), Some(Reason::ControlCharacter));
        assert_eq!(of(13), Some(Reason::WonWithoutCloseDate));
        let errors = operations
            .import_errors(&scope, view.id, domain::format::Lang::ZhCn)
            .await
            .unwrap();
        assert!(
            errors.starts_with('\u{feff}') && errors.lines().count() == 11,
            "{errors}"
        );
        assert_eq!(differences(&database, &scope).await, 0);

        // Without leave to make what is missing, strangers are refused with what was probably meant.
        let other = file(
            folder.path(),
            "more.csv",
            "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n\
             C1,王海滔,GTX,华东医院,Won,2017-01-05,2017-03-01,1000\n",
        );
        let view = import(&operations, &scope, &[other], Options::default()).await;
        let report = view.files[0].report.as_ref().unwrap();
        assert!(matches!(
            report.problems[0].reason,
            Reason::UnknownReference { .. }
        ));
        assert_eq!(report.problems[0].suggestion.as_ref().unwrap().value, "王海涛");
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_finds_what_stands_twice_however_far_apart() {
    let fresh = kit::Fresh::sqlite().await;
    let (scope, _) = kit::organization(&fresh.database).await;
    let operations = Operations::new(fresh.database.clone());
    let folder = tempfile::tempdir().unwrap();
    let mut text = "opportunity_id,sales_agent,deal_stage,engage_date,close_date,close_value\n".to_owned();
    for row in 0..20_000 {
        text += &format!("D{},王海涛,Engaging,2017-01-05,,\n", row % 19_998);
    }
    let path = file(folder.path(), "deals.csv", text);
    let options = Options {
        dry_run: true,
        on_missing: domain::import::OnMissing::Create,
        ..Options::default()
    };
    let view = import(&operations, &scope, &[path], options).await;
    assert_eq!((view.counts.created, view.counts.rejected), (19_998, 2));
    let problems: Vec<(u64, Reason)> = view.files[0]
        .report
        .as_ref()
        .unwrap()
        .problems
        .iter()
        .map(|problem| (problem.row, problem.reason.clone()))
        .collect();
    let twice = |row, first_row| (row, Reason::Duplicate { first_row });
    assert_eq!(problems, [twice(20_000, 2), twice(20_001, 3)]);
    fresh.close().await;
}

/// An import as a process leaves it that is killed while it writes: a fact, a credit, a roll-up, a reference written ahead of
/// the last transaction, and its slot.
async fn cut_off(database: &Database, scope: &Scope, operations: &Operations) -> ImportId {
    let import = Import {
        id: ImportId(clock::new_id()),
        slot: Slot::default(),
        origin: "api".to_owned(),
        status: Status::Running,
        stopping: false,
        request: r#"{"files":[],"options":{}}"#.to_owned(),
        report: r#"{"files":[],"failure":null}"#.to_owned(),
        rows_read: 1,
        rows_total: 2,
        undoes: None,
        undone: false,
        actor_name: "planner".to_owned(),
        created_at_ms: 0,
        beat_at_ms: clock::now_ms() - 60_000,
        ended_at_ms: None,
    };
    let writer = database.writer().await.unwrap();
    let slot = store::import::insert(&writer, scope, &import).await.unwrap();
    store::slot::open(&writer, scope, slot, import.id).await.unwrap();
    let key = domain::metric::MetricKey::BOOKINGS;
    let metric = store::metric::ensure(&writer, scope, &key, clock::new_id().into(), 0)
        .await
        .unwrap();
    let member = store::member::Member {
        id: domain::id::MemberId(clock::new_id()),
        external_id: None,
        name: "王海涛".to_owned(),
        pinyin: "wang hai tao".to_owned(),
        email: None,
        hired_on: None,
        left_on: None,
        import: Some(import.id),
        demo: false,
    };
    let change = Change {
        noun: "member".to_owned(),
        id: member.id.0,
        before: None,
    };
    store::member::insert(&writer, scope, std::slice::from_ref(&member))
        .await
        .unwrap();
    store::import::record(&writer, scope, import.id, 0, &[change])
        .await
        .unwrap();
    let day = domain::calendar::Day::from_ymd(2017, 3, 1).unwrap();
    let root = operations.people(scope).await.unwrap().units[0].id;
    let opportunity = Opportunity {
        id: domain::id::OpportunityId(clock::new_id()),
        external_id: "A1".to_owned(),
        name: None,
        member: member.id,
        account: None,
        product: None,
        channel: None,
        stage: domain::metric::Stage::Won,
        created_on: None,
        closed_on: Some(day),
        amount: Some(domain::money::Fact(10_000)),
        probability: None,
        row_hash: 1,
    };
    let credit = Credit {
        metric: metric.id,
        part: 0,
        member: member.id,
        unit: root,
        day,
        amount: domain::money::Fact(10_000),
        count: 1,
    };
    let mut deltas = store::rollup::Deltas::default();
    deltas.add(&credit, &opportunity, store::rollup::Sign::Plus);
    let entry = Entry {
        opportunity,
        events: Vec::new(),
        credits: vec![credit],
    };
    store::opportunity::insert(&writer, Prepared::of(scope, slot, &[entry]))
        .await
        .unwrap();
    store::rollup::add(&writer, scope, &metric, slot, deltas.take())
        .await
        .unwrap();
    writer.commit().await.unwrap();
    import.id
}

#[tokio::test]
async fn an_import_cut_by_a_crash_leaves_nothing() {
    kit::on_each(async |database: Database| {
        let (scope, _) = kit::organization(&database).await;
        let folder = tempfile::tempdir().unwrap();
        let mut operations = Operations::new(database.clone());
        operations.files = folder.path().to_owned();
        let id = cut_off(&database, &scope, &operations).await;
        assert_eq!(
            differences(&database, &scope).await,
            0,
            "nothing of it is visible"
        );

        assert_eq!(operations.recover_imports(&scope).await.unwrap(), 1);
        let view = operations.import(&scope, id).await.unwrap();
        let ended = (view.status, view.failure);
        assert_eq!(
            ended,
            (Status::Failed, Some(domain::import::Failure::Interrupted))
        );
        assert!(view.ended_at_ms.is_some());
        let left = kit::rows(&database).await;
        for table in [
            "opportunity",
            "credit",
            "rollup_day",
            "rollup_period",
            "member",
            "import_undo",
            "open_slot",
        ] {
            assert_eq!(left.get(table), None, "{table}");
        }
        assert_eq!(operations.recover_imports(&scope).await.unwrap(), 0);

        // The next import is not kept waiting.
        let path = file(
            folder.path(),
            "deals.csv",
            "opportunity_id,sales_agent,deal_stage,engage_date,close_date,close_value\nA1,王海涛,Engaging,2017-01-05,,\n",
        );
        let create = Options {
            on_missing: domain::import::OnMissing::Create,
            ..Options::default()
        };
        let view = import(&operations, &scope, &[path], create).await;
        assert_eq!((view.status, view.counts.created), (Status::Done, 1), "{view:?}");
    })
    .await;
}

#[tokio::test]
async fn files_that_no_import_needs_are_tidied_away() {
    let fresh = kit::Fresh::sqlite().await;
    let (scope, _) = kit::organization(&fresh.database).await;
    let folder = tempfile::tempdir().unwrap();
    let mut operations = Operations::new(fresh.database.clone());
    operations.files = folder.path().to_owned();
    let imports = operations.import_folder();
    assert_eq!(
        operations
            .tidy_import_files(&scope, clock::now_ms())
            .await
            .unwrap(),
        0
    );
    std::fs::create_dir_all(&imports).unwrap();
    let checked = file(
        &imports,
        "upload-checked",
        "opportunity_id,sales_agent,deal_stage,engage_date,close_date,close_value\nA1,王海涛,Engaging,2017-01-05,,\n",
    );
    for name in ["upload-cut", "sort-cut", "another"] {
        file(&imports, name, "x");
    }
    let mut dry_run = wanted(
        std::slice::from_ref(&checked),
        Options {
            dry_run: true,
            ..Options::default()
        },
    );
    dry_run.uploads[0].custody = Custody::Ours;
    operations.import_now(&scope, dry_run).await.unwrap();
    // What is younger than the process may still be on its way.
    assert_eq!(operations.tidy_import_files(&scope, 0).await.unwrap(), 0);
    let later_ms = clock::now_ms() + 60_000;
    assert_eq!(operations.tidy_import_files(&scope, later_ms).await.unwrap(), 2);
    assert!(checked.exists() && imports.join("another").exists());
    assert!(!imports.join("upload-cut").exists());
    fresh.close().await;
}
