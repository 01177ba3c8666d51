//! `domain::funnel`.
#![expect(clippy::unwrap_used, reason = "a test ends where its set-up fails")]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use domain::calendar::{Day, Period, PeriodKind};
use domain::funnel::{
    ChanceError, ClosingChance, Contradiction, Deal, Entry, ExpectedClose, Funnel, FunnelError, Outcome, Rate,
};
use domain::metric::Status;
use domain::money::Fact;
use domain::statistics::Random;
use proptest::prelude::*;

fn deal(key: &str, created: i32, entries: &[(usize, i32)], outcome: Outcome, value: i64) -> Deal {
    Deal {
        key: key.to_owned(),
        created: Some(Day(created)),
        entries: entries
            .iter()
            .map(|(stage, day)| Entry {
                stage: *stage,
                day: Day(*day),
            })
            .collect(),
        outcome,
        value: Fact(value * 10_000),
        dimensions: BTreeMap::new(),
        expected_close: Vec::new(),
        next_step: None,
        last_follow_up: None,
    }
}

fn won(day: i32) -> Outcome {
    Outcome::Won(Day(day))
}

fn lost(day: i32) -> Outcome {
    Outcome::Lost(Day(day))
}

fn days(name: &str, start: i32, end: i32) -> Period {
    Period {
        kind: PeriodKind::Month,
        name: name.into(),
        start: Day(start),
        end: Day(end),
    }
}

/// Twelve deals in three stages (0 contact, 1 quotation, 2 negotiation), seen as of day 100:
///
/// | deal | created | contact | quotation | negotiation | closed         | value | path |
/// |------|---------|---------|-----------|-------------|----------------|-------|------|
/// | A    |   0     |  0      | 10        | 20          | won 30         |   100 | all |
/// | B    |   0     |  0      | 10        | 30          | won 50         |   200 | all |
/// | C    |   0     |         |           |             | won 20         |   300 | nothing recorded |
/// | D    |  10     |         | 20        |             | lost 40        |   999 | |
/// | E    |  10     |         |           |             | lost 15        |   999 | |
/// | F    |  20     |         |           | 30          | lost 60        |   999 | quotation skipped |
/// | G    |  20     |         | 50        |             | won 60         |   400 | negotiation skipped |
/// | H    |  60     |         | 70        |             |                |   500 | open in quotation |
/// | I    |  90     |         |           |             |                |    50 | open in contact |
/// | J    |  40     |         | 60        | 70          |                |   600 | open in negotiation |
/// | K    |  80     |         | 85        |             | won 110: later |   700 | open in quotation |
/// | L    | 105     |         | 106       |             |                |   800 | does not exist yet |
fn twelve() -> Vec<Deal> {
    vec![
        deal("A", 0, &[(0, 0), (1, 10), (2, 20)], won(30), 100),
        deal("B", 0, &[(0, 0), (1, 10), (2, 30)], won(50), 200),
        deal("C", 0, &[], won(20), 300),
        deal("D", 10, &[(1, 20)], lost(40), 999),
        deal("E", 10, &[], lost(15), 999),
        deal("F", 20, &[(2, 30)], lost(60), 999),
        deal("G", 20, &[(1, 50)], won(60), 400),
        deal("H", 60, &[(1, 70)], Outcome::Open, 500),
        deal("I", 90, &[], Outcome::Open, 50),
        deal("J", 40, &[(2, 70), (1, 60)], Outcome::Open, 600),
        deal("K", 80, &[(1, 85)], won(110), 700),
        deal("L", 105, &[(1, 106)], Outcome::Open, 800),
    ]
}

fn near(value: f64, expected: f64) {
    assert!((value - expected).abs() < 1e-9, "{value} is not {expected}");
}

fn parts(rate: Option<Rate>) -> (u64, u64) {
    rate.map_or((0, 0), |rate| (rate.part, rate.of))
}

#[test]
fn twelve_deals_by_hand_stage_by_stage() {
    let deals = twelve();
    let funnel = Funnel::new(3, &deals, Day(100)).unwrap();
    let rows = funnel.stage_rows(30);
    // Contact: all but L. Quotation: A, B, D, G, H, J, K recorded; C (won) and F (in negotiation) passed it.
    // Negotiation: A, B, F, J recorded; C and G (won) passed it.
    let counts: Vec<(u64, u64)> = rows.iter().map(|row| (row.entered, row.recorded)).collect();
    assert_eq!(counts, [(11, 2), (9, 7), (6, 4)]);
    let moved: Vec<_> = rows.iter().map(|row| parts(row.moved_on)).collect();
    assert_eq!(moved, [(9, 11), (6, 9), (4, 6)]);
    let won: Vec<_> = rows.iter().map(|row| parts(row.won)).collect();
    assert_eq!(won, [(4, 11), (4, 9), (4, 6)]);
    // Lost: D, E, F; D and F had come to the quotation, F to the negotiation.
    let closed: Vec<_> = rows.iter().map(|row| parts(row.won_of_closed)).collect();
    assert_eq!(closed, [(4, 7), (4, 6), (4, 5)]);
    let open: Vec<_> = rows
        .iter()
        .map(|row| (row.open_here, row.open_value.0 / 10_000))
        .collect();
    assert_eq!(open, [(1, 50), (2, 1_200), (1, 600)]);
    // Within 30 days, of those that entered by day 70. Contact: A, B, C, D, E, F, G, H, J, all but E went on in time (G on
    // the 30th day), A and C were won. Quotation: A, B, C, D, F, G, H, J; A, B, C, F, G, J went on; A (20 days), C (0) and
    // G (10) were won, B took 40. Negotiation: A, B, C, F, G, J; A, B, C, G.
    let within: Vec<_> = rows
        .iter()
        .map(|row| (parts(row.within.moved_on), parts(row.within.won)))
        .collect();
    assert_eq!(within, [((8, 9), (2, 9)), ((6, 8), (3, 8)), ((4, 6), (4, 6))]);
    // Contact to quotation: day 5: K goes on, E is lost (of 11); day 10: A, B, D, F, H (of 9), I leaves unseen; day 20: C, J
    // (of 3); day 30: G (of 1): 1/11 + 5/11 + 8/33 + 4/33.
    near(rows[0].next_by.unwrap(), 10.0 / 11.0);
    // Quotation to won: day 0: C (of 9); day 10: G (of 8); day 15: K leaves unseen; day 20: A won and D lost (of 6):
    // 1/9 + 1/9 + 7/54.
    near(rows[1].won_by.unwrap(), 19.0 / 54.0);
    // Days in contact: 5 E, K; 10 A, B, D, F, H, and I running; 20 C, J; 30 G. Left: 2/11, then 1 − 4/11, then 1 − 4/33.
    // In quotation: 10 A, G, J; 15 K running; 20 B, D; 30 H running: 3/7, then 1 − 4/21. In negotiation: 10 A, 20 B, 30 F
    // and J running: 1/4, 1/2, 3/4.
    let times: Vec<_> = rows
        .iter()
        .filter_map(|row| row.time)
        .map(|time| {
            (
                time.stays,
                time.running,
                time.lower_quartile,
                time.median,
                time.upper_quartile,
            )
        })
        .collect();
    let some = Some;
    assert_eq!(
        times,
        [
            (11, 1, some(10), some(10), some(20)),
            (7, 2, some(10), some(20), some(20)),
            (4, 1, some(10), some(20), some(30))
        ]
    );
}

#[test]
fn twelve_deals_by_hand_as_a_whole() {
    let deals = twelve();
    let funnel = Funnel::new(3, &deals, Day(100)).unwrap();
    assert_eq!(
        [Status::Open, Status::Won, Status::Lost].map(|status| funnel.count(status)),
        [4, 4, 3]
    );
    // H, I, J, K: never D, E, F.
    assert_eq!(funnel.open_value(), Fact(18_500_000));
    assert_eq!(parts(funnel.win_rate(None)), (4, 7));
    // Closed on days 30 to 59: A, B won, D lost.
    assert_eq!(parts(funnel.win_rate(Some(&days("30", 30, 60)))), (2, 3));
    // A 30, B 50, C 20, G 40; D 30, E 5, F 40.
    let cycle = funnel.cycle(Status::Won, None).unwrap();
    assert_eq!((cycle.deals, cycle.mean, cycle.median), (4, 35.0, 35.0));
    assert_eq!((cycle.lower_quartile, cycle.upper_quartile), (27.5, 42.5));
    let cycle = funnel.cycle(Status::Lost, None).unwrap();
    assert_eq!((cycle.mean, cycle.median), (25.0, 30.0));
    // 4 × 4/7 × 250 / 35 = 16.326 5…
    let velocity = funnel.velocity(None).unwrap();
    assert_eq!((velocity.open, velocity.average_value), (4, Fact(2_500_000)));
    assert_eq!(
        (velocity.per_day, velocity.per_day_by_median),
        (Fact(163_265), Some(Fact(163_265)))
    );
    // Day 5 E lost (of 11), 10 I unseen, 20 C won (of 9), K unseen, 30 A won, D lost (of 7), 40 G won, F lost (of 5), H
    // unseen, 50 B won (of 2), J still open: 10/99 + 80/693 + 80/693 + 120/693.
    let incidence = funnel.incidence().unwrap();
    near(incidence.success_by(60), 350.0 / 693.0);
    near(incidence.failure_by(60), 1.0 / 11.0 + 160.0 / 693.0);
    assert_eq!(incidence.settled_by(0.9), Some(50));
    let cohorts = funnel.cohorts(
        &[days("old", 0, 20), days("young", 60, 91), days("none", 200, 230)],
        30,
    );
    let old = &cohorts[0];
    assert_eq!(
        (old.created, old.won, old.lost, old.open, old.immature),
        (5, 3, 2, 0, false)
    );
    // A on the 30th day, C; D and E lost; B later: of five followed through all of it.
    near(old.won_by, 0.4);
    near(old.lost_by, 0.4);
    let young = &cohorts[1];
    assert_eq!(
        (young.created, young.open, young.won_of_closed, young.immature),
        (3, 3, None, true)
    );
    assert_eq!(
        (cohorts[2].created, cohorts[2].won_by, cohorts[2].immature),
        (0, 0.0, false)
    );
    assert_eq!(
        funnel.stuck().not_judged,
        4,
        "nine deals went on from contact, ten are needed"
    );
    assert!(funnel.left_out().is_empty());
}

#[test]
fn deals_that_contradict_themselves_are_left_out_and_named() {
    let deals = [
        deal("a", 5, &[], won(10), 1),
        deal("a", 6, &[], Outcome::Open, 1),
        deal("stage", 5, &[(3, 6)], Outcome::Open, 1),
        deal("early", 5, &[], lost(4), 1),
        deal("late", 5, &[(1, 9)], lost(8), 1),
        deal("less", 5, &[], Outcome::Open, -1),
        // Written down after the first stage was entered: that is when it began.
        deal("written", 9, &[(0, 5)], won(8), 1),
    ];
    let funnel = Funnel::new(3, &deals, Day(100)).unwrap();
    let why: Vec<_> = funnel
        .left_out()
        .iter()
        .map(|out| (out.key.as_str(), out.why))
        .collect();
    assert_eq!(
        why,
        [
            ("a", Contradiction::Duplicate),
            ("stage", Contradiction::UnknownStage),
            ("early", Contradiction::ClosedBeforeCreated),
            ("late", Contradiction::EnteredAfterClosed),
            ("less", Contradiction::NegativeValue),
        ]
    );
    assert_eq!(funnel.cycle(Status::Won, None).unwrap().mean, 4.0);
    for stages in [0, 41] {
        assert_eq!(
            Funnel::new(stages, &deals, Day(9)).unwrap_err(),
            FunnelError::Stages { stages }
        );
    }
}

#[test]
fn nothing_gives_nothing() {
    let funnel = Funnel::new(2, &[], Day(0)).unwrap();
    assert_eq!(
        (funnel.win_rate(None), funnel.velocity(None), funnel.incidence()),
        (None, None, None)
    );
    assert_eq!(funnel.win_rates_by("owner", None), None);
    assert_eq!(ClosingChance::fit(&funnel, None), Err(ChanceError::NothingClosed));
    let row = &funnel.stage_rows(30)[1];
    assert_eq!(
        (row.entered, row.moved_on, row.next_by, row.time),
        (0, None, None, None)
    );
    let coverage = funnel.coverage(&days("p", 0, 10), Fact(0), None);
    assert_eq!((coverage.due, coverage.ratio), (Fact(0), None));
    // Won on the day it began: no cycle to divide by.
    let quick = [deal("q", 3, &[], won(3), 5)];
    assert_eq!(Funnel::new(1, &quick, Day(9)).unwrap().velocity(None), None);
    // A deal of which no day is known is open and nothing else.
    let mut dark = deal("d", 0, &[], Outcome::Open, 5);
    dark.created = None;
    let dark = [dark];
    let funnel = Funnel::new(2, &dark, Day(9)).unwrap();
    assert_eq!((funnel.count(Status::Open), funnel.incidence()), (1, None));
    assert_eq!(
        (funnel.stage_rows(9)[0].entered, funnel.stuck().not_judged),
        (1, 1)
    );
}

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
    assert_eq!(chance.won_within(2, 0, 60), chance.won_within(usize::MAX, 0, 60));
    let weighted = funnel
        .coverage(&days("p", 300, 400), Fact(10), Some(&chance))
        .weighted;
    assert_eq!(weighted, Some(Fact(0)), "nothing is open");
}

#[test]
fn a_million_deals_take_bounded_time() {
    let mut random = Random::new(3);
    let deals: Vec<Deal> = (0..300_000)
        .map(|place| {
            let created = random.below(2_000) as i32;
            let stage = created + random.below(50) as i32;
            let end = stage + random.below(90) as i32;
            let outcome = if place % 3 == 0 { lost(end) } else { won(end) };
            deal(&place.to_string(), created, &[(1, stage)], outcome, 10)
        })
        .collect();
    let start = Instant::now();
    let funnel = Funnel::new(3, &deals, Day(1_900)).unwrap();
    let chance = ClosingChance::fit(&funnel, None).unwrap();
    let rows = funnel.stage_rows(90);
    funnel.stuck();
    funnel.cohorts(&[days("p", 0, 900)], 90);
    assert!(chance.won_within(1, 10, 30) > 0.0 && rows[0].entered > 200_000);
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
}

fn any_outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        Just(Outcome::Open),
        (-50_i32..150).prop_map(won),
        (-50_i32..150).prop_map(lost),
        any::<i32>().prop_map(won),
    ]
}

fn any_deal() -> impl Strategy<Value = Deal> {
    let day = || prop_oneof![9 => -50_i32..150, 1 => any::<i32>()];
    (
        proptest::option::of(day()),
        proptest::collection::vec((0_usize..5, day()), 0..5),
        any_outcome(),
        prop_oneof![0_i64..1_000, Just(i64::MAX), Just(-1)],
        proptest::collection::vec((day(), day()), 0..4),
        0_u8..4,
    )
        .prop_map(|(created, entries, outcome, value, promises, owner)| {
            let mut deal = deal("", 0, &entries, outcome, 0);
            deal.created = created.map(Day);
            deal.value = Fact(value);
            deal.expected_close = promises
                .iter()
                .map(|(said, close)| ExpectedClose {
                    said: Day(*said),
                    close: Day(*close),
                })
                .collect();
            deal.dimensions.insert("owner".into(), owner.to_string());
            deal
        })
}

fn any_deals() -> impl Strategy<Value = Vec<Deal>> {
    proptest::collection::vec(any_deal(), 0..60).prop_map(|mut deals| {
        for (place, deal) in deals.iter_mut().enumerate() {
            deal.key = (place % 58).to_string();
        }
        deals
    })
}

/// Everything a funnel says, as text.
fn all_of(funnel: &Funnel) -> String {
    let chance = ClosingChance::fit(funnel, None);
    let period = days("p", 20, 120);
    let coverage = funnel.coverage(&period, Fact(5), chance.as_ref().ok());
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {coverage:?} {chance:?}",
        funnel.stage_rows(30),
        funnel.velocity(None),
        funnel.win_rate(Some(&period)),
        funnel.win_rates_by("owner", None),
        funnel.cohorts(std::slice::from_ref(&period), 30),
        funnel.stuck(),
        funnel.slipping(1),
        funnel.cycle(Status::Lost, Some(&period)),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_the_deals_nothing_panics_and_counts_hold(deals in any_deals(), as_of in prop_oneof![-60_i32..200, any::<i32>()]) {
        let funnel = Funnel::new(4, &deals, Day(as_of)).unwrap();
        all_of(&funnel);
        let counted: u64 = [Status::Open, Status::Won, Status::Lost].map(|status| funnel.count(status)).iter().sum();
        prop_assert!(counted as usize + funnel.left_out().len() <= deals.len());
        let rows = funnel.stage_rows(30);
        prop_assert_eq!(rows[0].entered, counted);
        for pair in rows.windows(2) {
            prop_assert!(pair[0].entered >= pair[1].entered);
            prop_assert_eq!(pair[0].moved_on.map_or(0, |rate| rate.part), pair[1].entered);
        }
        prop_assert_eq!(rows.iter().map(|row| row.open_here).sum::<u64>(), funnel.count(Status::Open));
        let split: u64 = funnel.values("owner").keys().map(|owner| funnel.only("owner", owner).count(Status::Won)).sum();
        prop_assert_eq!(split, funnel.count(Status::Won));
    }

    #[test]
    fn what_happens_later_changes_nothing(deals in any_deals(), later in any_deals()) {
        let as_of = 60;
        let before = Funnel::new(4, &deals, Day(as_of)).unwrap();
        let mut changed = deals.clone();
        for (place, deal) in changed.iter_mut().enumerate() {
            deal.entries.push(Entry { stage: 9, day: Day(as_of + 1 + place as i32) });
            deal.expected_close.push(ExpectedClose { said: Day(as_of + 1), close: Day(0) });
            if deal.outcome.closed().is_none_or(|day| day.0 > as_of) {
                deal.outcome = if place % 2 == 0 { won(as_of + 1) } else { lost(as_of + 9) };
            }
        }
        // Undated deals exist on every day; a later entry tells when they began.
        for (was, now) in deals.iter().zip(&mut changed) {
            if was.created.is_none() && was.entries.is_empty() {
                now.entries.clear();
            }
        }
        changed.extend(later.into_iter().filter(|deal| deal.value.0 >= 0).enumerate().map(|(place, mut deal)| {
            deal.key = format!("later {place}");
            deal.created = Some(Day(as_of + 1 + place as i32));
            deal.entries.retain(|entry| entry.day.0 > as_of);
            deal.outcome = Outcome::Open;
            deal
        }));
        let after = Funnel::new(4, &changed, Day(as_of)).unwrap();
        prop_assert_eq!(all_of(&before), all_of(&after));
    }

    #[test]
    fn chances_are_chances(deals in any_deals(), stage in 0_usize..6, age in 0_u32..300, within in 0_u32..300) {
        let funnel = Funnel::new(4, &deals, Day(100)).unwrap();
        let Ok(chance) = ClosingChance::fit(&funnel, None) else { return Ok(()) };
        let (won, lost) = (chance.won_within(stage, age, within), chance.lost_within(stage, age, within));
        prop_assert!(won >= 0.0 && lost >= 0.0 && won + lost <= 1.0 + 1e-9, "{won} {lost}");
        prop_assert!(chance.won_within(stage, age, within + 30) >= won - 1e-12);
        prop_assert_eq!(chance.won_within(stage, age, 0), 0.0);
        prop_assert!(chance.won_of_new(within) <= chance.won_of_new(within + 1) + 1e-12);
        prop_assert!((0.0..=1.0).contains(&chance.won_within(stage, u32::MAX, u32::MAX)));
    }
}
