//! What a crash and what is over leave behind.

use domain::id::ImportId;
use domain::import::{Options, Status};
use operations::import::{Custody, Origin};
use operations::{Operations, Scope, clock};
use store::Database;
use store::fact::{Credit, Credited};
use store::import::{Change, Import};
use store::opportunity::{Entry, Opportunity};
use store::slot::Slot;

use crate::{differences, file, import, wanted};

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
        actor: None,
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
        of: None,
    };
    let mut deltas = store::rollup::Deltas::default();
    let entry = Entry {
        opportunity,
        events: Vec::new(),
        credits: vec![credit],
    };
    deltas.add(&entry, store::rollup::Sign::Plus);
    store::fact::insert(&writer, Entry::prepare(scope, slot, &[entry]))
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
        Origin::CommandLine,
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
