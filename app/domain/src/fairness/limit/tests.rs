use super::*;
use crate::fairness::{Outlook, Person, check};
use crate::money::Minor;

fn report(levels: &[i64], targets: &[i64]) -> Report {
    let person = |target: &i64| Person {
        target: Minor(*target),
        outlook: Outlook {
            mean: 100.0,
            sd: 10.0,
        },
        team: 0,
        new_hire: false,
        size: None,
        growth: None,
        tenure: None,
        potential: None,
    };
    let people: Vec<Person> = targets.iter().map(person).collect();
    let levels: Vec<Minor> = levels.iter().copied().map(Minor).collect();
    check(&people, &levels, Minor(0), &Settings::default()).unwrap()
}

fn judged(report: &Report, limits: &Limits) -> Vec<(Measure, Severity)> {
    breaches(report, limits, &Settings::default())
        .iter()
        .map(|breach| (breach.measure, breach.severity))
        .collect()
}

#[test]
fn the_usual_limits_are_in_order_and_block_compounded_over_assignment_only() {
    let usual = Limits::default();
    assert_eq!(usual.check(), Ok(()));
    assert!(usual.block());
    let fair = report(&[190, 190], &[95, 95]);
    assert!(judged(&fair, &usual).is_empty());
    let padded = report(&[100, 160], &[80, 80]);
    assert_eq!(judged(&padded, &usual), [(Measure::Padding, Severity::Block)]);
    // Two of three are out of anybody's reach.
    let hard = report(&[490, 490], &[90, 200, 200]);
    let found = judged(&hard, &usual);
    for measure in [Measure::Reached, Measure::Gini, Measure::Hopeless, Measure::Whole] {
        assert!(
            found.contains(&(measure, Severity::Warn)),
            "{measure:?} {found:?}"
        );
    }
}

#[test]
fn a_limit_is_met_to_its_last_millionth() {
    let padded = report(&[100, 120], &[60, 60]);
    let at = |warn_ppm| Limit {
        measure: Measure::Padding,
        warn_ppm: Some(warn_ppm),
        block_ppm: None,
    };
    assert!(judged(&padded, &Limits::with(&[at(200_000)])).is_empty());
    let found = breaches(&padded, &Limits::with(&[at(199_999)]), &Settings::default());
    assert_eq!(found[0].value_ppm, 200_000);
    assert_eq!(
        found[0].words(Lang::En),
        "over-assignment in total: 20.0 %, above the limit of 20.0 %"
    );
    assert!(found[0].words(Lang::ZhCn).contains("高于界限 20.0 %"));
}

#[test]
fn what_blocks_is_beyond_what_warns() {
    let limits = |measure, warn_ppm, block_ppm| {
        Limits::with(&[Limit {
            measure,
            warn_ppm,
            block_ppm,
        }])
        .check()
    };
    let (low, high) = (Some(300_000), Some(600_000));
    assert_eq!(limits(Measure::Reached, high, low), Ok(()));
    assert_eq!(
        limits(Measure::Reached, low, high),
        Err(LimitError::Order {
            measure: Measure::Reached
        })
    );
    assert_eq!(limits(Measure::Gini, low, high), Ok(()));
    for (warn, block) in [(high, low), (low, low)] {
        assert_eq!(
            limits(Measure::Gini, warn, block),
            Err(LimitError::Order {
                measure: Measure::Gini
            })
        );
    }
    assert_eq!(limits(Measure::Gini, None, None), Ok(()));
    assert_eq!(limits(Measure::Padding, None, Some(MOST_PPM)), Ok(()));
    let error = limits(Measure::Whole, Some(1_000_001), None).unwrap_err();
    assert_eq!(error.measure(), Measure::Whole);
    assert!(
        error.words(Lang::En).contains("100.0 %"),
        "{}",
        error.words(Lang::En)
    );
}

proptest::proptest! {
    #[test]
    fn raising_a_target_never_lifts_a_warning_of_reach(targets in proptest::collection::vec(1_i64..300, 1..20), more in 0_i64..200) {
        let raised: Vec<i64> = targets.iter().map(|target| target + more).collect();
        let (low, high): (i64, i64) = (targets.iter().sum(), raised.iter().sum());
        let least = |found: &[(Measure, Severity)]| found.iter().filter(|(measure, _)| measure.is_least()).count();
        let usual = Limits::default();
        let before = least(&judged(&report(&[low], &targets), &usual));
        let after = least(&judged(&report(&[high], &raised), &usual));
        proptest::prop_assert!(before <= after);
    }
}

#[test]
fn measures_come_back_by_their_names() {
    for measure in Measure::ALL {
        assert_eq!(Measure::parse(measure.as_str()), Some(measure));
    }
    assert_eq!(Measure::parse("reach"), None);
}

#[test]
fn what_lets_more_through_is_looser() {
    let limit = |measure, block_ppm| Limit {
        measure,
        warn_ppm: None,
        block_ppm,
    };
    let with = |measure, block_ppm| Limits::with(&[limit(measure, block_ppm)]);
    let usual = Limits::default();
    assert!(!usual.loosen(&usual));
    // Over-assignment blocks from 50 % on by itself.
    assert!(with(Measure::Padding, None).loosen(&usual));
    assert!(with(Measure::Padding, Some(500_001)).loosen(&usual));
    assert!(!with(Measure::Padding, Some(499_999)).loosen(&usual));
    // Of what is to be at least so much, less is looser.
    let strict = with(Measure::Reached, Some(600_000));
    assert!(!strict.loosen(&usual) && usual.loosen(&strict));
    assert!(with(Measure::Reached, Some(599_999)).loosen(&strict));
    assert!(!with(Measure::Reached, Some(600_001)).loosen(&strict));
}

#[test]
fn over_assignment_is_told_without_anybody_being_judged() {
    let total = |total| crate::fairness::Padding {
        levels: Vec::new(),
        total,
    };
    let usual = Limits::default();
    let severity = |padding| usual.over_assigned(&padding).map(|breach| breach.severity);
    assert_eq!(
        severity(total(Some(0.5))),
        Some(Severity::Warn),
        "at the limit, not beyond"
    );
    assert_eq!(severity(total(Some(0.500_001))), Some(Severity::Block));
    assert_eq!(severity(total(Some(0.2))), None);
    assert_eq!(severity(total(None)), None, "a whole of nothing");
}
