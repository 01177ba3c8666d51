//! Market factors, and that an outlook is never stale.

use domain::baseline::NewExclusion;
use domain::money::Minor;
use domain::outlook::{Effect, Outlook};
use store::Database;

use crate::refusal::code;
use crate::{Company, adds_up, branch, factor, of_version, prepared};

fn p50(outlook: &Outlook) -> i64 {
    outlook.branches[0].p50().unwrap().0
}

#[tokio::test]
async fn factors_explain_the_outlook_to_the_cent() {
    kit::on_each(async |database: Database| {
        let company = Company::selling(&database, "2017-12-31", "2014-01-01", 48).await;
        let (operations, scope) = (&company.operations, &company.scope);
        let planning = prepared("2018");
        let before = company.outlook("2018").await;
        let south = branch(&before, "South").place.unit;
        let growth = factor("Industry", Effect::Percent { hundredths: 350 }, 60);
        let made = operations.add_factor(scope, &planning, growth).await.unwrap();
        assert_eq!(
            (made.author.as_str(), made.unit_name.as_str()),
            (scope.actor.name(), "")
        );
        let mut cut = factor(
            "Price cut",
            Effect::Money {
                amount: Minor(-123_457),
            },
            70,
        );
        cut.unit = Some(south);
        let cut = operations.add_factor(scope, &planning, cut).await.unwrap();
        assert_eq!(cut.unit_name, "South");
        let after = company.outlook("2018").await;
        adds_up(&after);
        let whole = &after.branches[0];
        assert_eq!(whole.before_factors.unwrap().0, p50(&before));
        let steps: Vec<i64> = after.detail.steps.iter().map(|step| step.amount.0).collect();
        assert_eq!(steps[1], -86_420);
        let expected = p50(&before) as f64 * 0.035 * 0.6;
        assert!((steps[0] as f64 - expected).abs() < 40.0, "{steps:?} {expected}");
        // What lies beside the unit does not move.
        assert!(branch(&after, "North").p50() > branch(&before, "North").p50());
        // Changed and taken out.
        let halved = factor("Industry", Effect::Percent { hundredths: 350 }, 30);
        operations
            .edit_factor(scope, &planning, made.id, halved)
            .await
            .unwrap();
        let changed = company.outlook("2018").await;
        assert!((changed.detail.steps[0].amount.0 * 2 - steps[0]).abs() < 80);
        operations.remove_factor(scope, &planning, made.id).await.unwrap();
        operations.remove_factor(scope, &planning, cut.id).await.unwrap();
        assert_eq!(p50(&company.outlook("2018").await), p50(&before));
        assert_eq!(
            code(operations.remove_factor(scope, &planning, cut.id).await),
            "not_found"
        );
        let nameless = factor(" ", Effect::Percent { hundredths: 1 }, 10);
        assert_eq!(
            code(operations.add_factor(scope, &planning, nameless).await),
            "bad_factor"
        );
        let mut strange = factor("x", Effect::Percent { hundredths: 1 }, 10);
        strange.unit = Some(domain::id::UnitId(uuid::Uuid::from_u128(5)));
        assert_eq!(
            code(operations.add_factor(scope, &planning, strange).await),
            "not_found"
        );
    })
    .await;
}

#[tokio::test]
async fn factors_travel_with_the_plan_and_freeze_with_it() {
    kit::on_each(async |database: Database| {
        let company = Company::selling(&database, "2017-12-31", "2014-01-01", 48).await;
        let (operations, scope) = (&company.operations, &company.scope);
        let growth = factor("Industry", Effect::Percent { hundredths: 500 }, 100);
        operations
            .add_factor(scope, &prepared("2018"), growth.clone())
            .await
            .unwrap();
        let draft = company.draft("2018-01-01", "2019-01-01").await;
        let of_draft = company.of(&draft).await;
        adds_up(&of_draft);
        assert_eq!(
            of_draft.factors.len(),
            1,
            "the first draft takes over what was prepared"
        );
        assert_eq!(p50(&of_draft), p50(&company.outlook("2018").await));
        let version = draft.version.unwrap();
        let second = operations
            .branch_version(scope, version, None)
            .await
            .unwrap()
            .version;
        let second = of_version(second);
        let inherited = company.of(&second).await.factors[0].id;
        operations.remove_factor(scope, &second, inherited).await.unwrap();
        assert_eq!(
            company.of(&draft).await.factors.len(),
            1,
            "each version has its own"
        );
        assert!(p50(&company.of(&second).await) < p50(&of_draft));
        operations.publish(scope, version).await.unwrap();
        assert_eq!(
            code(operations.add_factor(scope, &draft, growth).await),
            "version_frozen"
        );
        assert_eq!(
            code(operations.remove_factor(scope, &draft, inherited).await),
            "version_frozen"
        );
    })
    .await;
}

#[tokio::test]
async fn an_outlook_is_never_stale() {
    kit::on_each(async |database: Database| {
        let mut company = Company::selling(&database, "2017-12-31", "2015-01-01", 36).await;
        let first = company.outlook("2018").await;
        assert_eq!(company.outlook("2018").await, first);
        // A fact more.
        let text = "order id,member,order date,amount\nlate,Ann,2017-12-30,90000\n";
        let view = company.text(domain::import::Kind::Orders, text).await;
        let more = company.outlook("2018").await;
        assert_eq!(
            more.branches[0].history[35].0,
            first.branches[0].history[35].0 + 9_000_000
        );
        // Left out of the history, it changes nothing any more, and that is said.
        let exclusion = NewExclusion {
            external_id: "late".to_owned(),
            words: Some("once".to_owned()),
        };
        let planning = prepared("2018");
        company
            .operations
            .exclude(&company.scope, &planning, exclusion)
            .await
            .unwrap();
        let without = company.outlook("2018").await;
        assert_eq!(without.branches[0].history, first.branches[0].history);
        assert_eq!(p50(&without), p50(&first));
        let december = domain::calendar::Month::parse("2017-12").unwrap();
        assert_eq!(without.detail.left_out, [(december, Minor(9_000_000))]);
        company
            .operations
            .include(&company.scope, &planning, "late")
            .await
            .unwrap();
        assert_eq!(company.outlook("2018").await, more);
        // The tree.
        company
            .text(domain::import::Kind::Units, "name,level\nWest,region\n")
            .await;
        company
            .text(domain::import::Kind::Members, "name,unit\nDee,West\n")
            .await;
        let with_dee = company.outlook("2018").await;
        adds_up(&with_dee);
        assert_eq!(branch(&with_dee, "Dee").p50(), Some(Minor(0)));
        // The day.
        company.operations.today = Some(crate::day("2017-11-30"));
        assert_eq!(company.outlook("2018").await.known, 35);
        company.operations.today = Some(crate::day("2017-12-31"));
        company
            .operations
            .undo_import(&company.scope, view.id)
            .await
            .unwrap();
        assert_eq!(
            company.outlook("2018").await.branches[0].history,
            first.branches[0].history
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_gathered_for_a_year_holds_for_its_quarters_before_and_in_a_draft() {
    kit::on_each(async |database: Database| {
        let company = Company::selling(&database, "2017-12-31", "2014-01-01", 48).await;
        let (operations, scope) = (&company.operations, &company.scope);
        let untouched = p50(&company.outlook("2018-Q2").await);
        let fall = factor("Tariffs", Effect::Percent { hundredths: -2_000 }, 100);
        let made = operations
            .add_factor(scope, &prepared("2018"), fall)
            .await
            .unwrap();

        // The form of a target and the board of the draft made from it say the same.
        let before = company.outlook("2018-Q2").await;
        assert!(p50(&before) < untouched);
        let law = operations.likelihood(scope, "2018-Q2".to_owned()).await.unwrap();
        assert_eq!(law.unwrap().p50().0, p50(&before));
        let draft = company.draft("2018-04-01", "2018-07-01").await;
        assert_eq!(p50(&company.of(&draft).await), p50(&before));

        // It is one list: what is taken out for the quarter is taken out for the year. The draft keeps its own.
        operations
            .remove_factor(scope, &prepared("2018-Q2"), made.id)
            .await
            .unwrap();
        assert!(company.outlook("2018").await.factors.is_empty());
        assert_eq!(company.of(&draft).await.factors.len(), 1);
    })
    .await;
}
