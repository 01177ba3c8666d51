//! Figures of potential and capability: read, replaced, taken back, refused.

use domain::calendar::Day;
use domain::import::{Field, Kind, Reason, View};
use domain::money::Fact;
use domain::potential::{Figure, Subject, Who};
use store::Database;
use store::capability::Capability;
use store::potential::Potential;

use crate::Company;
use crate::refusal::code;

const POTENTIAL: &str = "部门,产品,客户,周期,市场潜力(万元),来源,统计日期\n\
    华东,,,2018-Q1,100,行业报告,2017-12-01\n\
    ,甲,,2018,2.5,行业报告,\n\
    ,,丙公司,2018-H1,7,,\n";

fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

async fn potential(company: &Company) -> Vec<Potential> {
    store::potential::list(
        &company.database.reader(),
        &company.scope,
        day("2018-01-01"),
        day("2019-01-01"),
    )
    .await
    .unwrap()
}

async fn capability(company: &Company) -> Vec<Capability> {
    store::capability::list(&company.database.reader(), &company.scope, day("2019-01-01"))
        .await
        .unwrap()
}

fn reasons(view: &View) -> Vec<(u64, Option<Field>, Reason)> {
    let problems = &view.files[0].report.as_ref().unwrap().problems;
    problems
        .iter()
        .map(|it| (it.row, it.field, it.reason.clone()))
        .collect()
}

#[tokio::test]
async fn potential_is_of_one_thing_in_a_period_and_replaced_by_a_later_file() {
    kit::on_each(async |database: Database| {
        let company = Company::new(&database).await;
        company.text(Kind::Units, "部门名称,层级\n华东,region\n").await;
        let wan = |text: &str| {
            let folder = tempfile::tempdir().unwrap();
            let path = crate::files::file(folder.path(), "potential.csv", text);
            (folder, path)
        };
        let options = domain::import::Options {
            unit: Some(10_000),
            ..crate::create()
        };
        let (_folder, path) = wan(POTENTIAL);
        let view = company.import(&path, Kind::Potential, &[], options.clone()).await;
        assert_eq!(
            (view.counts.created, view.counts.rejected),
            (3, 0),
            "{:?}",
            reasons(&view)
        );
        let found = potential(&company).await;
        let unit = found
            .iter()
            .find(|it| matches!(it.subject, Subject::Unit(_)))
            .unwrap();
        assert_eq!(
            (unit.starts_on, unit.ends_on, unit.amount, unit.source.as_str()),
            (
                day("2018-01-01"),
                day("2018-04-01"),
                Fact(10_000_000_000),
                "行业报告"
            )
        );
        assert_eq!(unit.noted_on, day("2017-12-01"));
        let half = found
            .iter()
            .find(|it| matches!(it.subject, Subject::Account(_)))
            .unwrap();
        assert_eq!(
            (half.ends_on, half.noted_on),
            (day("2018-07-01"), day("2018-12-31"))
        );

        let again = company.import(&path, Kind::Potential, &[], options.clone()).await;
        assert_eq!(again.counts.unchanged, 3);
        let (_folder, path) = wan(&POTENTIAL.replace(",100,", ",120,"));
        let later = company.import(&path, Kind::Potential, &[], options).await;
        assert_eq!((later.counts.updated, later.counts.unchanged), (1, 2));
        assert_eq!(potential(&company).await.len(), 3);
        assert_eq!(
            code(company.operations.undo_import(&company.scope, view.id).await),
            "import_changed_since"
        );
        company
            .operations
            .undo_import(&company.scope, later.id)
            .await
            .unwrap();
        assert_eq!(potential(&company).await, found);
        company
            .operations
            .undo_import(&company.scope, view.id)
            .await
            .unwrap();
        assert!(potential(&company).await.is_empty());
        assert!(
            !kit::rows(&database).await.contains_key("product"),
            "what it made goes with it"
        );
    })
    .await;
}

#[tokio::test]
async fn capability_is_money_or_a_rating_from_a_day_on() {
    kit::on_each(async |database: Database| {
        let company = Company::new(&database).await;
        company
            .text(Kind::Members, "姓名,部门\n王海涛,华东\n李敏,华东\n")
            .await;
        let text = "姓名,部门,月能力,能力评分,生效日期,评估人\n\
            王海涛,华东,50000,,2018-01-01,何经理\n\
            李敏,,110%,,2018-01-01,何经理\n\
            ,华东,,0.95,2018-02-01,\n";
        let view = company.text(Kind::Capability, text).await;
        assert_eq!(
            (view.counts.created, view.counts.rejected),
            (3, 0),
            "{:?}",
            reasons(&view)
        );
        let found = capability(&company).await;
        let figures: Vec<Figure> = found.iter().map(|it| it.figure).collect();
        for expected in [
            Figure::Money(Fact(500_000_000)),
            Figure::Rating(1_100_000),
            Figure::Rating(950_000),
        ] {
            assert!(figures.contains(&expected), "{figures:?}");
        }
        let again = company.text(Kind::Capability, text).await;
        assert_eq!(again.counts.unchanged, 3);

        // A rep sees the own figure, not the others'.
        let own = found
            .iter()
            .find(|it| it.figure == Figure::Rating(1_100_000))
            .unwrap();
        let Who::Member(member) = own.who else {
            panic!("{own:?}")
        };
        let mut scope = company.scope.clone();
        scope.role = domain::access::Role::Rep;
        scope.reach = domain::access::Reach::Own;
        scope.member = Some(member);
        let reader = database.reader();
        let seen = store::capability::list(&reader, &scope, day("2019-01-01"))
            .await
            .unwrap();
        assert_eq!(seen, std::slice::from_ref(own));
        scope.member = None;
        let seen = store::capability::list(&reader, &scope, day("2019-01-01"))
            .await
            .unwrap();
        assert!(seen.is_empty());

        let later = company
            .text(Kind::Capability, &text.replace("50000", "60000"))
            .await;
        assert_eq!(later.counts.updated, 1);
        company
            .operations
            .undo_import(&company.scope, later.id)
            .await
            .unwrap();
        assert_eq!(capability(&company).await, found);
        company
            .operations
            .undo_import(&company.scope, view.id)
            .await
            .unwrap();
        assert!(capability(&company).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn bad_figures_say_why() {
    let fresh = kit::Fresh::sqlite().await;
    let company = Company::new(&fresh.database).await;
    let view = company
        .text(
            Kind::Potential,
            "部门,产品,周期,开始日期,结束日期,潜力,来源,币种\n\
             华东,甲,2018-Q1,,,100,,\n\
             ,,2018-Q1,,,100,,\n\
             华东,,第五季,,,100,,\n\
             华东,,,2018-02-01,2018-01-01,100,,\n\
             华东,,,2018-02-01,,100,,\n\
             华东,,2018-Q1,,,-5,,\n\
             华东,,2018-Q1,,,,,\n\
             华东,,2018-Q1,,,5,,USD\n\
             华东,,2018-Q1,,,5,,\n\
             华东,,,2018-01-01,2018-03-31,6,,\n",
        )
        .await;
    let found = reasons(&view);
    let of = |row: u64| {
        found
            .iter()
            .find(|(at, ..)| *at == row)
            .map(|(.., reason)| reason.clone())
    };
    assert_eq!(
        (of(2), of(3)),
        (Some(Reason::OneSubject), Some(Reason::OneSubject))
    );
    assert_eq!(of(4), Some(Reason::Period));
    assert!(matches!(of(5), Some(Reason::EndsBeforeStart { .. })));
    assert_eq!(of(6), Some(Reason::Missing));
    assert_eq!(of(7), Some(Reason::NegativeAmount));
    assert_eq!(of(8), Some(Reason::Missing));
    assert!(matches!(of(9), Some(Reason::Currency { .. })));
    assert_eq!(of(10), None);
    assert_eq!(
        of(11),
        Some(Reason::Duplicate { first_row: 10 }),
        "the same period by its days"
    );

    let view = company
        .text(
            Kind::Capability,
            "姓名,部门,月能力,评分,生效日期\n\
             王海涛,,5,110%,2018-01-01\n\
             王海涛,,,,2018-01-01\n\
             王海涛,,,250,2018-01-01\n\
             ,,5,,2018-01-01\n\
             王海涛,,-5,,2018-01-01\n\
             王海涛,,5,,2018-02-30\n",
        )
        .await;
    let found = reasons(&view);
    let of = |row: u64| {
        found
            .iter()
            .find(|(at, ..)| *at == row)
            .map(|(.., reason)| reason.clone())
    };
    assert_eq!((of(2), of(3)), (Some(Reason::OneFigure), Some(Reason::OneFigure)));
    assert_eq!(of(4), Some(Reason::Rating));
    assert_eq!(of(5), Some(Reason::NoCarrier));
    assert_eq!(of(6), Some(Reason::NegativeAmount));
    assert!(matches!(of(7), Some(Reason::Date { .. })));
    assert_eq!(view.counts.rejected, 6);
    fresh.close().await;
}
