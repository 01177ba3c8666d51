use super::*;
use crate::calendar::{Day, PeriodKind};

#[test]
fn what_was_seen_is_held_against_what_is_set() {
    let set = SetByHand {
        amount: Minor(5),
        by: String::new(),
        at_ms: 0,
        reason: None,
    };
    assert_eq!(SeenLine::of(Some(&set)), SeenLine::Set(Minor(5)));
    assert_eq!(SeenLine::of(None), SeenLine::Free);
    for (seen, now, expected) in [
        (SeenLine::Any, None, true),
        (SeenLine::Any, Some(Minor(6)), true),
        (SeenLine::Free, None, true),
        (SeenLine::Free, Some(Minor(5)), false),
        (SeenLine::Set(Minor(5)), Some(Minor(5)), true),
        (SeenLine::Set(Minor(5)), Some(Minor(6)), false),
        (SeenLine::Set(Minor(5)), None, false),
    ] {
        assert_eq!(seen.is(now), expected, "{seen:?} {now:?}");
    }
}

#[test]
fn a_line_that_was_changed_meanwhile_says_by_whom_and_what_was_wanted() {
    let mut changed = LineChanged {
        now: Some(SetByHand {
            amount: Minor(30_000),
            by: "王五".to_owned(),
            at_ms: 1,
            reason: None,
        }),
        wanted: Some(Minor(28_800)),
        currency: Currency {
            code: "CNY".into(),
            decimals: 2,
        },
    };
    for lang in [Lang::ZhCn, Lang::En] {
        let words = changed.words(lang);
        for part in ["王五", "300.00", "288.00"] {
            assert!(words.contains(part), "{words}");
        }
    }
    changed.now = None;
    assert!(changed.words(Lang::En).contains("given up"));
    changed.wanted = None;
    assert!(!changed.words(Lang::ZhCn).contains("288.00"));
}

#[test]
fn what_cannot_be_met_says_by_how_much_and_what_fits() {
    let currency = Currency {
        code: "CNY".into(),
        decimals: 2,
    };
    let mut unmet = UnmetLine {
        node: NodeIndex(3),
        row: "华东".to_owned(),
        by: LineBy::Product,
        key: "x".to_owned(),
        line: "水泵".to_owned(),
        period: None,
        set: Minor(30_000),
        fits: Minor(28_800),
        reason: None,
        may_set: true,
    };
    assert_eq!(unmet.excess(), Minor(1_200));
    let words = unmet.words(Lang::ZhCn, &currency);
    for part in ["华东", "水泵", "300.00", "多了", "12.00", "288.00"] {
        assert!(words.contains(part), "{words}");
    }
    unmet.set = Minor(28_000);
    let words = unmet.words(Lang::En, &currency);
    for part in ["\"华东\"", "280.00", "8.00 too little", "288.00"] {
        assert!(words.contains(part), "{words}");
    }
}

#[test]
fn what_cannot_be_met_in_a_period_says_of_which_and_what_goes_at_most_or_at_least() {
    let currency = Currency {
        code: "CNY".into(),
        decimals: 2,
    };
    let day = |year, month| Day::from_ymd(year, month, 1).unwrap();
    let mut unmet = UnmetLine {
        node: NodeIndex(3),
        row: "华东".to_owned(),
        by: LineBy::Product,
        key: "x".to_owned(),
        line: "水泵".to_owned(),
        period: Some(OfPeriod {
            at: PeriodIndex(1),
            period: Period {
                kind: PeriodKind::Month,
                name: "2018-02".to_owned(),
                start: day(2018, 2),
                end: day(2018, 3),
            },
        }),
        set: Minor(30_000),
        fits: Minor(28_800),
        reason: None,
        may_set: true,
    };
    let period = &unmet.period.as_ref().unwrap().period;
    let [zh, en] = [Lang::ZhCn, Lang::En].map(|lang| format::period(period, lang));
    let words = unmet.words(Lang::ZhCn, &currency);
    for part in ["华东", "水泵", zh.as_str(), "300.00", "多了", "最多", "288.00"] {
        assert!(words.contains(part), "{words}");
    }
    unmet.set = Minor(28_000);
    let words = unmet.words(Lang::En, &currency);
    for part in ["\"华东\"", en.as_str(), "8.00 too little", "at least", "288.00"] {
        assert!(words.contains(part), "{words}");
    }
}
