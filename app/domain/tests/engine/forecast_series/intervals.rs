//! What intervals promise, on series of which everything is known.

use domain::forecast::forecast;
use domain::statistics::Random;

/// Values that are each this many times the one before.
fn grown(count: usize, times: f64) -> Vec<f64> {
    std::iter::successors(Some(100.0), |value| Some(value * times))
        .take(count)
        .collect()
}

/// Errors of noise do not grow with the steps, and are no reason to doubt a year's total as much as its months.
#[test]
fn noise_is_as_certain_far_ahead_as_near_and_surer_in_total() {
    let mut random = Random::new(5);
    let (mut near, mut far, mut total) = (0, 0, 0);
    let (mut first, mut last, mut year) = (0.0, 0.0, 0.0);
    for _ in 0..300 {
        let values: Vec<f64> = (0..78).map(|_| 1000.0 + 50.0 * random.normal()).collect();
        let (known, actual) = values.split_at(60);
        let made = forecast(known, 12, 18, &[80.0]).unwrap();
        let steps = &made.bands[0].steps;
        near += u32::from(steps[0].contains(actual[0]));
        far += u32::from(steps[17].contains(actual[17]));
        let sum: f64 = actual[..12].iter().sum();
        let interval = made.total(12, 80.0).unwrap();
        total += u32::from(interval.contains(sum));
        first += steps[0].width();
        last += steps[17].width();
        year += interval.width();
    }
    assert!((201..=279).contains(&near), "{near} of 300");
    assert!((201..=279).contains(&far), "{far} of 300");
    assert!((225..=285).contains(&total), "{total} of 300");
    assert!(last < 1.7 * first, "{last} {first}");
    assert!(year < 9.0 * first, "{year} {first}");
}

/// The errors of a random walk do grow, and those of its total with them.
#[test]
fn a_walk_is_less_certain_far_ahead() {
    let mut random = Random::new(6);
    let (mut inside, mut first, mut last) = (0, 0.0, 0.0);
    for _ in 0..200 {
        let mut level = 1000.0;
        let values: Vec<f64> = (0..78)
            .map(|_| {
                level += 20.0 * random.normal();
                level
            })
            .collect();
        let made = forecast(&values[..60], 12, 18, &[80.0]).unwrap();
        inside += u32::from(made.bands[0].steps[17].contains(values[77]));
        first += made.bands[0].steps[0].width();
        last += made.bands[0].steps[17].width();
    }
    assert!((140..=186).contains(&inside), "{inside} of 200");
    assert!(last > 2.5 * first, "{last} {first}");
}

/// Growth without a single error is not certain to go on.
#[test]
fn exact_growth_is_doubted_the_more_the_further_it_is_carried_on() {
    let growth = grown(8, 1.5);
    let made = forecast(&growth, 1, 18, &[80.0]).unwrap();
    let (mean, interval) = (made.mean[17], made.bands[0].steps[17]);
    assert!(mean > 2.0 * growth[7], "{mean}");
    // As much again as was seen, at most.
    assert!(mean < grown(15, 1.5)[14], "{mean}");
    assert!(interval.width() > 0.5 * mean, "{interval:?} {mean}");
    let near = made.bands[0].steps[0].width() / made.mean[0];
    assert!(near < interval.width() / mean, "{near}");
    let straight: Vec<f64> = (0..24).map(|place| 100.0 + 10.0 * f64::from(place)).collect();
    let made = forecast(&straight, 12, 12, &[80.0]).unwrap();
    assert!((made.mean[11] - 450.0).abs() < 25.0, "{:?}", made.mean);
    assert!(made.bands[0].steps[11].contains(450.0));
}

/// One value far from the others is no growth.
#[test]
fn a_jump_does_not_run_away() {
    for (head, last) in [
        (vec![1.0, 2.0, 4.0], 997.0),
        (vec![1.0, 2.0, 4.0, 8.0], 1e6),
        (vec![100.0, 101.0, 99.0, 100.0, 101.0, 98.0], 1e6),
        (vec![1.0, 2.0, 4.0, 8.0, 16.0], 0.001),
    ] {
        for gap in [0, 1, 2, 5, 12, 50, 100, 176, 999] {
            for season in [1, 12] {
                let mut values = head.clone();
                values.extend(std::iter::repeat_n(f64::NAN, gap));
                values.push(last);
                let made = forecast(&values, season, 18, &[80.0]).unwrap();
                let most = 20.0 * head.iter().copied().fold(last, f64::max);
                assert!(
                    made.mean.iter().all(|mean| (0.0..most).contains(mean)),
                    "{gap} {season} {values:?} {:?}",
                    made.mean
                );
            }
        }
    }
}
