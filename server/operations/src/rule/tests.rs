//! Rules by example, their errors to the character, and hostile input.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use domain::format::Lang;
use proptest::prelude::*;

use super::*;
use FieldKind::{Date, Flag, Number, Text};

fn schema() -> Schema {
    Schema::of(&[
        ("deal.amount", FieldKind::Number),
        ("deal.stage", FieldKind::Text),
        ("deal.closed_on", FieldKind::Date),
        ("deal.created_on", FieldKind::Date),
        ("deal.repeat", FieldKind::Flag),
        ("product.category", FieldKind::Text),
    ])
}

struct Deal(BTreeMap<&'static str, Cell>);

impl Record for Deal {
    fn field(&self, name: &str) -> Option<Cell> {
        self.0.get(name).cloned()
    }
}

fn deal() -> Deal {
    let day = |text| Cell::Date(Day::parse_iso(text).unwrap());
    Deal(BTreeMap::from([
        ("deal.amount", Cell::Number(Fact(123_456_789))),
        ("deal.stage", Cell::Text("won".into())),
        ("deal.closed_on", day("2017-11-30")),
        ("deal.created_on", day("2017-10-01")),
        ("deal.repeat", Cell::Flag(false)),
    ]))
}

fn holds(source: &str) -> Verdict<bool> {
    Filter::parse(source, &schema()).unwrap().holds(&deal())
}

fn value(source: &str) -> Verdict<Fact> {
    Formula::parse(source, &schema()).unwrap().value(&deal())
}

fn refused(source: &str) -> (u32, u32, RuleProblem) {
    let error = Filter::parse(source, &schema()).err().unwrap();
    (error.at, error.length, error.problem)
}

#[test]
fn filters_say_which_records_count() {
    for yes in [
        "deal.amount == 12345.6789",
        "deal.amount > 12345 && deal.stage == \"won\"",
        "deal.stage in ['won', 'lost']",
        "deal.closed_on >= \"2017-11-01\" && deal.closed_on < '2017-12-01'",
        "year(deal.closed_on) == 2017 && quarter(deal.closed_on) == 4 && month('2017-02-01') == 2",
        "days(deal.created_on, deal.closed_on) == 60",
        "!deal.repeat",
        "deal.stage.startsWith('w') && deal.stage.contains('o') && deal.stage.endsWith('n')",
        "deal.amount / 2 > 6172.8 && -deal.amount < 0",
        "!has(product.category)",
        "has(product.category) && product.category == 'x' || deal.stage != 'lost'",
        "(deal.repeat ? 1 : 2) == 2",
    ] {
        assert_eq!(holds(yes), Verdict::Is(true), "{yes}");
    }
    assert_eq!(holds("deal.repeat || deal.amount < 1"), Verdict::Is(false));
}

#[test]
fn what_is_empty_decides_nothing_unless_the_rest_does() {
    let missing = Verdict::Missing {
        field: "product.category".into(),
    };
    assert_eq!(holds("product.category == 'Software'"), missing);
    assert_eq!(
        holds("product.category == 'Software' && deal.repeat"),
        Verdict::Is(false)
    );
    assert_eq!(
        holds("product.category == 'Software' || deal.amount > 1"),
        Verdict::Is(true)
    );
}

#[test]
fn formulas_are_rounded_once_and_refuse_what_they_cannot_say() {
    assert_eq!(value("deal.amount"), Verdict::Is(Fact(123_456_789)));
    assert_eq!(value("deal.amount * 0.1 + 0.2"), Verdict::Is(Fact(12_347_679)));
    assert_eq!(value("1 / 3"), Verdict::Is(Fact(3_333)));
    assert_eq!(value("-(1 / 2) / 10000"), Verdict::Is(Fact(-1)));
    assert_eq!(
        value("deal.amount / (deal.amount - deal.amount)"),
        Verdict::Undefined
    );
    assert_eq!(value("900000000000 * 10"), Verdict::Undefined);
    assert_eq!(holds("1 / (deal.amount - deal.amount) > 5"), Verdict::Undefined);
    let huge = Deal(BTreeMap::from([("deal.amount", Cell::Number(Fact(i64::MIN)))]));
    let formula = Formula::parse("deal.amount", &schema()).unwrap();
    assert_eq!(formula.value(&huge), Verdict::Undefined);
    assert_eq!(formula.fields().collect::<Vec<_>>(), ["deal.amount"]);
}

#[test]
fn a_filter_sees_the_number_that_a_formula_gives() {
    let tenth = Deal(BTreeMap::from([("deal.amount", Cell::Number(Fact(1_000)))]));
    let sees = |source: &str| Filter::parse(source, &schema()).unwrap().holds(&tenth);
    for yes in [
        "deal.amount * 3 == 0.3",
        "deal.amount * 3 <= 0.3 && deal.amount * 3 >= 0.3",
        "(deal.amount + 0.2) in [0.3]",
        "0.3 in [1, deal.amount + 0.2]",
        "1 / 3 == 0.3333 && 1 / 3 < 0.33335",
        "(deal.amount + 0.2 == 0.3 ? 1 : 2) == 1",
    ] {
        assert_eq!(sees(yes), Verdict::Is(true), "{yes}");
    }
    assert_eq!(sees("deal.amount + 0.2 > 0.3"), Verdict::Is(false));
    assert_eq!(sees("deal.amount + 0.2 != 0.3"), Verdict::Is(false));
    // What counts as nothing divides nothing.
    assert_eq!(
        sees("1 / (deal.amount + 0.2 - 0.3) > 1"),
        Verdict::<bool>::Undefined
    );
}

proptest! {
    #[test]
    fn numbers_up_to_the_largest_keep_their_decimals(
        ten_thousandths in -MAX_NUMBER * 10_000 + 1..MAX_NUMBER * 10_000,
    ) {
        let record = Deal(BTreeMap::from([("deal.amount", Cell::Number(Fact(ten_thousandths)))]));
        let gives = |source: &str| Formula::parse(source, &schema()).unwrap().value(&record);
        prop_assert_eq!(gives("deal.amount"), Verdict::Is(Fact(ten_thousandths)));
        prop_assert_eq!(gives("deal.amount + 0.0001"), Verdict::Is(Fact(ten_thousandths + 1)));
        prop_assert_eq!(gives("-deal.amount - 0.0001"), Verdict::Is(Fact(-ten_thousandths - 1)));
    }
}

#[test]
fn a_number_that_is_too_large_on_the_way_has_no_answer() {
    assert_eq!(
        value("deal.amount * 900000000000 + 1 - deal.amount * 900000000000"),
        Verdict::Undefined
    );
    let infinite = format!("{}1", "900000000000 * ".repeat(27));
    for none in [
        format!("{infinite} > 0"),
        format!("{infinite} - {infinite} != 0"),
        format!("-{infinite} < 0"),
    ] {
        assert_eq!(holds(&none), Verdict::Undefined, "{none:.20}");
    }
}

#[test]
fn what_has_no_answer_decides_nothing_in_any_order() {
    let large = Deal(BTreeMap::from([
        ("deal.amount", Cell::Number(Fact(i64::MAX))),
        ("deal.stage", Cell::Text("won".into())),
    ]));
    let missing = |field: &str| Verdict::Missing { field: field.into() };
    let both = [
        ("deal.amount > 1", "deal.stage == 'won'", "||", Verdict::Is(true)),
        ("deal.amount > 1", "deal.stage != 'won'", "&&", Verdict::Is(false)),
        ("deal.amount > 1", "deal.stage == 'won'", "&&", Verdict::Undefined),
        ("1 / 0 > 1", "deal.repeat", "||", missing("deal.repeat")),
        ("1 / 0 > 1", "deal.repeat", "&&", missing("deal.repeat")),
        ("(1 / 0 > 1)", "deal.repeat", "==", missing("deal.repeat")),
        (
            "product.category == 'x'",
            "deal.repeat",
            "&&",
            missing("deal.repeat"),
        ),
    ];
    for (left, right, sign, verdict) in both {
        for source in [format!("{left} {sign} {right}"), format!("{right} {sign} {left}")] {
            let filter = Filter::parse(&source, &schema()).unwrap();
            assert_eq!(filter.holds(&large), verdict, "{source}");
        }
    }
    let present = Filter::parse("has(deal.amount)", &schema()).unwrap();
    assert_eq!(present.holds(&large), Verdict::Is(true));
}

/// Servers' threads have 2 MiB; whatever is accepted takes an eighth of them.
#[test]
fn whatever_is_accepted_is_evaluated_on_a_small_stack() {
    for source in [
        format!("{}1 > 0", "1+".repeat(98)),
        format!("{}1 > 0", "deal.amount/".repeat(98)),
        format!("{}true", "true==".repeat(99)),
        format!("{}true", "deal.repeat && true || ".repeat(49)),
        format!("{}true{}", "(deal.repeat ? true : ".repeat(15), ")".repeat(15)),
        format!("0 < {}1", "1+-".repeat(97)),
    ] {
        let filter = Filter::parse(&source, &schema()).unwrap_or_else(|error| panic!("{source:.20} {error}"));
        let small = std::thread::Builder::new().stack_size(256 << 10);
        let verdict = small.spawn(move || filter.holds(&deal())).unwrap().join();
        assert!(matches!(verdict, Ok(Verdict::Is(_))), "{source:.20}");
    }
}

#[test]
fn errors_point_at_the_character() {
    let unknown = |field: &str, nearest: Option<&str>| RuleProblem::UnknownField {
        field: field.into(),
        nearest: nearest.map(str::to_owned),
    };
    let kind = |needed, found| RuleProblem::Kind { needed, found };
    let bad_date = |text: &str| RuleProblem::BadDate { text: text.into() };
    let arguments = |function: &str| RuleProblem::Arguments {
        function: function.into(),
        needed: 1,
    };
    let syntax = |found: &str| RuleProblem::Syntax { found: found.into() };
    let not_allowed = |what: &str| RuleProblem::NotAllowed { what: what.into() };
    for (source, at, length, problem) in [
        ("", 0, 1, RuleProblem::Empty),
        ("  \n", 0, 3, RuleProblem::Empty),
        ("deal.amount >", 13, 1, RuleProblem::Unfinished),
        ("deal.amount > > 5", 14, 1, syntax(">")),
        ("deal.repeat\n&& deal.amount 5", 27, 1, syntax("5")),
        ("deal.stage == “won”", 14, 1, syntax("“")),
        (
            "'华东' == deal.stage && deal.amont > 1",
            22,
            10,
            unknown("deal.amont", Some("deal.amount")),
        ),
        ("amount > 5", 0, 6, unknown("amount", Some("deal.amount"))),
        ("deal.amount", 0, 11, kind(Flag, Number)),
        ("deal.repeat && deal.stage", 15, 10, kind(Flag, Text)),
        (
            "'华东' == deal.stage && deal .  amount",
            22,
            14,
            kind(Flag, Number),
        ),
        ("deal.repeat < deal.repeat", 0, 11, kind(Number, Flag)),
        (
            "deal.amount == 'x'",
            12,
            2,
            RuleProblem::Mixed {
                left: Number,
                right: Text,
            },
        ),
        ("deal.closed_on > '2017-02-30'", 17, 12, bad_date("2017-02-30")),
        ("year(deal.amount) == 1", 5, 11, kind(Date, Number)),
        ("deal.closed_on < '2017-+1-05'", 17, 12, bad_date("2017-+1-05")),
        ("year('+017-01-05') == 17", 5, 12, bad_date("+017-01-05")),
        ("has()", 3, 1, arguments("has")),
        ("has(deal.stage, 1)", 3, 1, arguments("has")),
        ("9223372036854775808 > 1", 0, 19, RuleProblem::TooBig),
        ("1 < -0xFFFFFFFFFFFFFFFFFF", 5, 20, RuleProblem::TooBig),
        ("99999999999999999999u > 1", 0, 21, RuleProblem::TooBig),
        ("deal.amount > 1.5e+999 + 1", 14, 8, RuleProblem::TooBig),
        ("deal.stage == 'a\\q'", 16, 2, syntax("\\q")),
        ("deal.stage == '\\n\\x4g'", 17, 3, syntax("\\x4")),
        ("deal.stage == '\\ud800'", 15, 6, syntax("\\ud800")),
        ("deal.stage == '\\400'", 15, 2, syntax("\\4")),
        ("year() == 1", 4, 1, arguments("year")),
        (
            "shout(deal.stage)",
            5,
            1,
            RuleProblem::UnknownFunction {
                function: "shout".into(),
            },
        ),
        (
            "[1, 2].exists(x, x > 1)",
            13,
            1,
            not_allowed("all / exists / map / filter"),
        ),
        ("deal.amount % 2 == 1", 12, 1, not_allowed("%")),
        ("deal.stage == null", 14, 4, not_allowed("null")),
        ("deal.amount > 99999999999999999.0", 14, 19, RuleProblem::TooBig),
    ] {
        assert_eq!(refused(source), (at, length, problem), "{source}");
    }
}

#[test]
fn errors_are_read_in_both_languages() {
    let error = Filter::parse("deal.amont > 1", &schema()).err().unwrap();
    assert_eq!(
        error.words(Lang::ZhCn),
        "第 1 个字符：没有字段“deal.amont”；是否为“deal.amount”？"
    );
    assert_eq!(
        error.words(Lang::En),
        "Character 1: there is no field \"deal.amont\"; did you mean \"deal.amount\"?"
    );
}

#[test]
fn a_rule_credits_a_record() {
    let rule = |measure, filter: Option<&str>| MetricRule {
        measure,
        dated_by: "deal.closed_on".into(),
        filter: filter.map(str::to_owned),
    };
    let credit = |rule: &MetricRule| Rule::parse(rule, &schema()).unwrap().credit(&deal());
    let on = Day::parse_iso("2017-11-30").unwrap();
    let sum = rule(Measure::Sum("deal.amount".into()), Some("deal.stage == 'won'"));
    let counts = |amount, distinct| Credit::Counts { on, amount, distinct };
    assert_eq!(credit(&sum), counts(Fact(123_456_789), None));
    assert_eq!(credit(&rule(Measure::Count, None)), counts(Fact(10_000), None));
    assert_eq!(
        credit(&rule(Measure::Count, Some("deal.repeat"))),
        Credit::LeftOut
    );
    let stage = Some(Cell::Text("won".into()));
    assert_eq!(
        credit(&rule(Measure::Distinct("deal.stage".into()), None)),
        counts(Fact(10_000), stage)
    );
    let category = rule(Measure::Distinct("product.category".into()), None);
    let field = "product.category".to_owned();
    assert_eq!(credit(&category), Credit::Missing { field });
    let undated = MetricRule {
        dated_by: "deal.amount".into(),
        ..rule(Measure::Count, None)
    };
    let error = Rule::parse(&undated, &schema()).err().unwrap();
    assert_eq!((error.part, error.at, error.length), (Part::Date, 0, 11));
}

#[test]
fn limits_hold_and_are_quick() {
    let limit = |source: &str| {
        let began = Instant::now();
        let (_, _, problem) = refused(source);
        assert!(began.elapsed() < Duration::from_secs(2), "{source:.20}");
        problem
    };
    assert_eq!(limit(&"x".repeat(2_001)), RuleProblem::TooLong { limit: 2_000 });
    assert_eq!(limit(&"(".repeat(2_000)), RuleProblem::TooDeep { limit: 32 });
    assert_eq!(limit(&"[".repeat(2_000)), RuleProblem::TooDeep { limit: 32 });
    let many = format!("{}true", "true&&".repeat(320));
    assert_eq!(limit(&many), RuleProblem::TooLarge { limit: 500 });
    let chain = format!("{}1 > 0", "1+".repeat(150));
    assert_eq!(limit(&chain), RuleProblem::TooDeep { limit: 100 });
    for bad in [
        "1+".repeat(1_000),
        "a?".repeat(1_000),
        "'".repeat(1_999),
        "a.b(".repeat(500),
        "{1:".repeat(600),
    ] {
        limit(&bad);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn letters_never_break_it(source in "\\PC{0,60}") {
        if let Ok(filter) = Filter::parse(&source, &schema()) {
            filter.holds(&deal());
        }
    }

    #[test]
    fn pieces_of_the_language_never_break_it(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "deal.amount", "deal.stage", "deal.closed_on", "deal.repeat", "product.category", "has(", ")", "(", "&&", "||", "!",
            "==", "<", ">=", "in", "[", "]", ",", "'won'", "'2017-01-01'", "1", "0", "1e300", "-", "+", "*", "/", "%", "?", ":", "year(", "days(",
            ".contains(", ".map(x,", "{", "}", "null", "true", "中文", "9223372036854775808", "\"",
        ]), 0..14),
    ) {
        let source = pieces.join(" ");
        let length = source.chars().count() as u32;
        match Filter::parse(&source, &schema()) {
            Ok(filter) => { filter.holds(&deal()); }
            Err(error) => prop_assert!(error.at <= length && error.length >= 1, "{error:?}"),
        }
        if let Ok(formula) = Formula::parse(&source, &schema()) {
            formula.value(&deal());
        }
    }
}
