//! Stuck deals and the chance to close.

#![expect(clippy::disallowed_methods, reason = "made data are statistics too")]

use domain::calendar::Day;
use domain::funnel::{ClosingChance, Deal, ExpectedClose, Funnel, Outcome};
use domain::money::Fact;
use domain::statistics::Random;

use super::{days, deal, lost, near, won};

#[test]
fn stuck_and_slipping_deals_are_found_and_priced() {
    // Twenty deals went on after 1 to 20 days: P80 is 16.2, P90 18.1.
    let mut deals: Vec<Deal> = (1..=20)
        .map(|stay| deal(&format!("past {stay}"), 0, &[(1, stay)], lost(60), 1))
        .collect();
    for (key, created, value) in [("fresh", 84, 9), ("stuck", 83, 5), ("severe", 81, 7)] {
        deals.push(deal(key, created, &[], Outcome::Open, value));
    }
    let said = |said, close| ExpectedClose {
        said: Day(said),
        close: Day(close),
    };
    let with = |deals: &mut Vec<Deal>, key: &str, promises: &[ExpectedClose]| {
        let found = deals.iter_mut().find(|deal| deal.key == key).unwrap();
        found.expected_close = promises.to_vec();
    };
    with(
        &mut deals,
        "fresh",
        &[said(98, 150), said(84, 120), said(95, 130), said(101, 90)],
    );
    with(&mut deals, "stuck", &[said(84, 95)]);
    with(&mut deals, "severe", &[said(84, 120), said(90, 125)]);
    let funnel = Funnel::new(2, &deals, Day(100)).unwrap();
    let stuck = funnel.stuck();
    let found: Vec<_> = stuck
        .deals
        .iter()
        .map(|deal| (deal.key.as_str(), deal.days, deal.severe))
        .collect();
    assert_eq!(found, [("severe", 19, true), ("stuck", 17, false)]);
    near(stuck.deals[0].most, 16.2);
    near(stuck.deals[0].nearly_all, 18.1);
    // What was said on day 101 is not known on day 100.
    let slipping = funnel.slipping(2);
    let found: Vec<_> = slipping
        .iter()
        .map(|deal| {
            (
                deal.key.as_str(),
                deal.expected.0,
                deal.passed,
                deal.moved_later,
                deal.moved_days,
            )
        })
        .collect();
    assert_eq!(found, [("fresh", 150, 0, 2, 30), ("stuck", 95, 5, 0, 0)]);
    let coverage = funnel.coverage(&days("p", 100, 130), Fact(140_000), None);
    assert_eq!(
        [coverage.due, coverage.overdue, coverage.later, coverage.undated].map(|amount| amount.0),
        [70_000, 50_000, 90_000, 0]
    );
    assert_eq!((coverage.ratio, coverage.weighted), (Some(0.5), None));
}

/// Deals with a constant chance a day of 2 % to be won and 1 % to be lost; new ones every day.
fn steady(seed: u64, count: usize, until: i32) -> Vec<Deal> {
    let mut random = Random::new(seed);
    (0..count)
        .map(|place| {
            let created = random.below(usize::try_from(until).unwrap()) as i32;
            let mut day = created;
            let outcome = loop {
                day += 1;
                let draw = random.unit();
                if draw < 0.02 {
                    break won(day);
                } else if draw < 0.03 {
                    break lost(day);
                }
            };
            deal(&place.to_string(), created, &[], outcome, 100)
        })
        .collect()
}

#[test]
fn chances_know_what_is_not_closed_yet() {
    let deals = steady(5, 12_000, 200);
    let funnel = Funnel::new(1, &deals, Day(200)).unwrap();
    let chance = ClosingChance::fit(&funnel, None).unwrap();
    let expected = |days: i32| 2.0 / 3.0 * (1.0 - 0.97_f64.powi(days));
    for (age, within) in [(0, 10), (0, 60), (30, 30), (90, 30)] {
        let found = chance.won_within(0, age, within);
        let truth = expected(within.cast_signed());
        assert!(
            (found - truth).abs() < 0.04,
            "{age} {within}: {found} is not {truth}"
        );
    }
    // Far beyond what was seen the late hazard goes on: two of three are won in the end.
    let far = chance.won_within(0, 4_000, u32::MAX);
    assert!((far - 2.0 / 3.0).abs() < 0.15, "{far}");
    assert!((chance.won_of_new(60) - expected(60)).abs() < 0.03);
    // Those known only from day 100 on are no different, and must not look so.
    let seen: Vec<Deal> = deals
        .iter()
        .filter(|deal| deal.outcome.closed().is_some_and(|day| day >= Day(100)))
        .cloned()
        .collect();
    let funnel = Funnel::new(1, &seen, Day(200)).unwrap();
    let truncated = ClosingChance::fit(&funnel, Some(Day(100)))
        .unwrap()
        .won_within(0, 5, 30);
    let naive = ClosingChance::fit(&funnel, None).unwrap().won_within(0, 5, 30);
    assert!((truncated - expected(30)).abs() < 0.05, "{truncated}");
    assert!(naive < expected(30) - 0.05, "{naive} would have to be too low");
}

#[test]
fn a_later_stage_is_nearer_and_a_thin_one_leans_on_the_rest() {
    let mut deals = Vec::new();
    for place in 0..400 {
        let created = place % 100;
        // Half are lost from the first stage on day 20, the others go on and are won on day 30 of their age.
        let (entries, outcome) = if place % 2 == 0 {
            (vec![], lost(created + 20))
        } else {
            (vec![(1, created + 20)], won(created + 30))
        };
        deals.push(deal(&place.to_string(), created, &entries, outcome, 1));
    }
    let funnel = Funnel::new(3, &deals, Day(300)).unwrap();
    let chance = ClosingChance::fit(&funnel, None).unwrap();
    let (first, second) = (chance.won_within(0, 5, 60), chance.won_within(1, 5, 60));
    assert!((first - 0.5).abs() < 0.05 && second > 0.9, "{first} {second}");
    assert!(chance.won_within(1, 5, 3) < 0.05);
    // Nobody was ever seen in the third: the law of all stages.
    let third = chance.won_within(2, 0, 60);
    assert!(third > 0.4 && third < 0.9 && chance.support(2) == 0, "{third}");
    near(third, chance.won_within(usize::MAX, 0, 60));
    let weighted = funnel
        .coverage(&days("p", 300, 400), Fact(10), Some(&chance))
        .weighted;
    assert_eq!(weighted, Some(Fact(0)), "nothing is open");
}
