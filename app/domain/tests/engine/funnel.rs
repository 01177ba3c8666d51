//! `domain::funnel`.
#![expect(clippy::unwrap_used, reason = "a test ends where its set-up fails")]

#[path = "funnel/chance.rs"]
mod chance;
#[path = "funnel/laws.rs"]
mod laws;

use std::collections::BTreeMap;

use domain::calendar::{Day, Period, PeriodKind};
use domain::funnel::{
    ChanceError, ClosingChance, Contradiction, Deal, Entry, Funnel, FunnelError, Outcome, Rate,
};
use domain::metric::Status;
use domain::money::Fact;

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
    near(funnel.cycle(Status::Won, None).unwrap().mean, 4.0);
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
