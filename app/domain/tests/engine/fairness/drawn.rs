//! Outcomes are drawn: what is computed agrees with what happens; and past targets are judged by what they bear out.

use domain::fairness::{Level, Person, Record, Settings, check, gini_interval, look_back, needed, whole};
use domain::money::{Fact, Minor};
use domain::statistics::{Random, mean, sd};

use super::person;

/// Outcomes are drawn: the share reached and the chance of the whole come out as computed.
#[test]
fn what_is_drawn_agrees_with_what_is_computed() {
    let mut random = Random::new(9);
    let plan: Vec<Person> = (0..40)
        .map(|place| person(100_000 + 500 * place, 105_000.0, 15_000.0 + 400.0 * place as f64))
        .collect();
    for rho in [0.0, 0.3] {
        let settings = Settings {
            correlation: rho,
            interval: 0.8,
            ..Settings::default()
        };
        let report = check(&plan, &[Minor(4_100_000)], Minor(0), &settings).unwrap();
        let (mut shares, mut whole_reached, rounds) = (Vec::new(), 0, 4_000);
        for _ in 0..rounds {
            let common = random.normal();
            let (mut reached, mut sum) = (0, 0.0);
            for one in &plan {
                let z = rho.sqrt() * common + (1.0 - rho).sqrt() * random.normal();
                let spread = (one.outlook.sd / one.outlook.mean).powi(2).ln_1p();
                let outcome = (one.outlook.mean.ln() - spread / 2.0 + spread.sqrt() * z).exp();
                reached += i32::from(outcome >= one.target.0 as f64);
                sum += outcome;
            }
            shares.push(f64::from(reached) / 40.0);
            whole_reached += i32::from(sum >= 4_100_000.0);
        }
        let drawn = mean(&shares).unwrap();
        assert!(
            (drawn - report.chances.share).abs() < 0.01,
            "{drawn} {:?}",
            report.chances
        );
        let inside = shares
            .iter()
            .filter(|share| report.chances.interval.contains(**share))
            .count() as f64
            / f64::from(rounds);
        let whole = f64::from(whole_reached) / f64::from(rounds);
        println!(
            "correlation {rho}: share {drawn:.3} (sd {:.3}), {inside:.3} in the 80 % interval; whole {whole:.3} for {:.3}",
            sd(&shares).unwrap(),
            report.whole.chance
        );
        assert!((inside - 0.8).abs() < 0.07, "{inside}");
        assert!(
            (whole - report.whole.chance).abs() < 0.03,
            "{whole} {:?}",
            report.whole
        );
        if rho == 0.0 {
            let count = report.chances.count;
            let inside = shares
                .iter()
                .filter(|share| count.contains((**share * 40.0).round()))
                .count() as f64
                / f64::from(rounds);
            assert!((0.79..0.93).contains(&inside), "{inside}");
        }
    }
}

/// What has to be handed out beyond the whole is enough: with targets and outcomes raised together, the whole is reached with
/// the wanted chance.
#[test]
fn the_needed_over_assignment_gives_the_wanted_chance() {
    let settings = Settings {
        chance_wanted: 0.9,
        correlation: 0.2,
        ..Settings::default()
    };
    // People bring 84 % of what is asked, give or take 10 %.
    let plan: Vec<Person> = (1..=20)
        .map(|size| person(size * 1_000_000, size as f64 * 840_000.0, size as f64 * 84_000.0))
        .collect();
    let target = Minor(plan.iter().map(|one| one.target.0).sum());
    let more = needed(&plan, &settings).unwrap();
    assert!(more > 1.0 / 0.84 - 1.0 && more < 0.35, "{more}");
    let raised: Vec<Person> = plan
        .iter()
        .map(|one| {
            person(
                (one.target.0 as f64 * (1.0 + more)) as i64,
                one.outlook.mean * (1.0 + more),
                one.outlook.sd * (1.0 + more),
            )
        })
        .collect();
    let after = whole(target, &raised, &settings);
    assert!(
        (after.chance - 0.9).abs() < 1e-6 && (after.over_assigned.unwrap() - more).abs() < 1e-6,
        "{after:?}"
    );
    assert!(whole(target, &plan, &settings).chance < 0.01);
    assert_eq!(needed(&[person(100, 10.0, 100.0)], &settings), None);
    // Σ q against the whole: the targets of the wanted chance do not reach it.
    assert!(
        after.at_wanted_chance.unwrap() < more
            && whole(target, &plan, &settings).at_wanted_chance.unwrap() < 0.0
    );
}

#[test]
fn the_past_is_judged_by_what_it_bears_out() {
    let records = |reached: u32, of: u32| -> Vec<Record> {
        (0..of)
            .map(|place| Record {
                person: place,
                period: 1,
                target: Fact(100),
                actual: Fact(if place < reached { 105 } else { 95 }),
            })
            .collect()
    };
    let level = |reached, of| {
        look_back(&records(reached, of), 1, &Settings::default())
            .unwrap()
            .level
    };
    assert_eq!(level(5, 100), Level::OutOfReach);
    assert_eq!(level(40, 100), Level::TooHigh);
    assert_eq!(level(68, 100), Level::Right);
    assert_eq!(level(90, 100), Level::TooLow);
    // Two of four say nothing, and neither do eight of ten.
    assert_eq!((level(2, 4), level(8, 10)), (Level::Unclear, Level::Unclear));
}

#[test]
fn what_people_share_in_a_period_is_found_in_the_past() {
    let mut random = Random::new(21);
    let mut records = |common: f64| -> Vec<Record> {
        (0..30)
            .flat_map(|period| {
                let shock = common.sqrt() * random.normal();
                (0..40)
                    .map(|person| {
                        let own = (1.0 - common).sqrt() * random.normal();
                        Record {
                            person,
                            period,
                            target: Fact(10_000),
                            actual: Fact((10_000.0 * (1.0 + 0.1 * (shock + own))) as i64),
                        }
                    })
                    .collect::<Vec<_>>()
            })
            .collect()
    };
    for truth in [0.0, 0.3] {
        let found = look_back(&records(truth), 4, &Settings::default()).unwrap();
        assert!(
            (found.common.unwrap() - truth).abs() < 0.12,
            "{truth}: {:?}",
            found.common
        );
    }
}

#[test]
fn intervals_of_few_people_are_wide() {
    let few: Vec<f64> = [0.7, 1.3, 0.9, 1.1].into();
    let many: Vec<f64> = few.iter().cycle().take(200).copied().collect();
    let (few, many) = (
        gini_interval(&few, 0.9, 500, 1).unwrap(),
        gini_interval(&many, 0.9, 500, 1).unwrap(),
    );
    assert!(few.width() > 4.0 * many.width());
    assert_eq!(gini_interval(&[], 0.9, 500, 1), None);
}
