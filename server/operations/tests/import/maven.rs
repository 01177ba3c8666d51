//! The Maven files to the cent, again and back.

use std::path::PathBuf;

use domain::import::{Finding, Kind, Options, Status};
use operations::Operations;
use store::Database;

use crate::{MAVEN, differences, import};

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
