//! Many and odd deals: nothing panics, counts hold, nothing is known before it happens.

use std::time::{Duration, Instant};

use domain::calendar::Day;
use domain::funnel::{ClosingChance, Deal, Entry, ExpectedClose, Funnel, Outcome};
use domain::metric::Status;
use domain::money::Fact;
use domain::statistics::Random;
use proptest::prelude::*;

use super::{days, deal, lost, won};

#[test]
fn many_deals_take_bounded_time() {
    let mut random = Random::new(3);
    let deals: Vec<Deal> = (0..150_000)
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
    assert!(chance.won_within(1, 10, 30) > 0.0 && rows[0].entered > 100_000);
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
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

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
        prop_assert!(won >= 0.0 && lost >= 0.0 && won + lost <= 1.0 + 1e-12, "{won} {lost}");
        prop_assert!(chance.won_within(stage, age, within + 30) >= won - 1e-12);
        prop_assert!(chance.won_within(stage, age, 0).abs() < 1e-12);
        prop_assert!(chance.won_of_new(within) <= chance.won_of_new(within + 1) + 1e-12);
        prop_assert!((0.0..=1.0).contains(&chance.won_within(stage, u32::MAX, u32::MAX)));
    }
}
