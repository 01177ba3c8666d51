//! True figures are drawn: what is estimated finds them, and intervals hold what they say.

use domain::capability::{PersonRecord, Trials, rates, records, values};
use domain::statistics::Random;

use super::observation;

/// True rates, counts and values are drawn; the 90 % intervals contain about 90 % of them, also of people without data and
/// also where people do not differ at all, and shrunken figures miss by less than raw ones.
#[test]
fn intervals_contain_the_truth_as_often_as_they_say() {
    let mut random = Random::new(11);
    for spread in [0.0, 0.02, 0.1] {
        let (mut inside, mut new_inside, mut people, mut rounds) = (0, 0, 0, 0);
        let (mut raw_miss, mut miss) = (0.0, 0.0);
        for _ in 0..150 {
            let truths: Vec<f64> = (0..25)
                .map(|_| (0.4 + spread * random.normal()).clamp(0.01, 0.99))
                .collect();
            let mut trials: Vec<Trials> = truths
                .iter()
                .map(|truth| {
                    let trials = 10 + random.below(90) as u64;
                    let successes = (0..trials).filter(|_| random.unit() < *truth).count() as u64;
                    Trials { successes, trials }
                })
                .collect();
            trials.push(Trials::default());
            let new = (0.4 + spread * random.normal()).clamp(0.01, 0.99);
            let found = rates(&trials, 0.9).unwrap();
            for (own, truth) in found.estimates.iter().zip(&truths) {
                inside += i32::from(own.interval.contains(*truth));
                miss += (own.value - truth).powi(2);
                raw_miss += (own.raw.unwrap() - truth).powi(2);
                people += 1;
            }
            new_inside += i32::from(found.estimates[25].interval.contains(new));
            rounds += 1;
        }
        let (share, new_share) = (
            f64::from(inside) / f64::from(people),
            f64::from(new_inside) / f64::from(rounds),
        );
        println!(
            "sd {spread}: {share:.3} inside, of new people {new_share:.3}; miss {miss:.2} instead of {raw_miss:.2}"
        );
        assert!(share > 0.87, "{share}");
        assert!(new_share > 0.85, "{new_share}");
        assert!(miss < raw_miss);
    }
}

#[test]
fn values_and_nested_records_find_the_truth_too() {
    let mut random = Random::new(5);
    let (mut inside, mut people, mut flat_miss, mut nested_miss) = (0, 0, 0.0, 0.0);
    for _ in 0..80 {
        let (mut records_of, mut truths) = (Vec::new(), Vec::new());
        for team in 0..6 {
            let middle = 0.9 + 0.15 * random.normal();
            for _ in 0..8 {
                let truth = middle + 0.05 * random.normal();
                let periods = (0..=random.below(5)).map(|_| observation(truth + 0.2 * random.normal(), 1.0));
                records_of.push(PersonRecord {
                    team,
                    periods: periods.collect(),
                });
                truths.push(truth);
            }
        }
        let nested = records(&records_of, 0.9).unwrap();
        let flat = values(
            &records_of
                .iter()
                .map(|own| own.periods.clone())
                .collect::<Vec<_>>(),
            0.9,
        )
        .unwrap();
        for ((own, one), truth) in nested.people.iter().zip(&flat.estimates).zip(&truths) {
            inside += i32::from(own.interval.contains(*truth));
            people += 1;
            nested_miss += (own.value - truth).powi(2);
            flat_miss += (one.value - truth).powi(2);
        }
    }
    let share = f64::from(inside) / f64::from(people);
    println!("{share:.3} inside; nested {nested_miss:.2}, flat {flat_miss:.2}");
    assert!(share > 0.87 && share < 0.98, "{share}");
    // Knowing the team helps.
    assert!(nested_miss < 0.9 * flat_miss);
}
