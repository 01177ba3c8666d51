use domain::calendar::PeriodKind;
use domain::calendar::holidays::china;
use domain::forecast::effects::{self, Effect, working_days_change};
use domain::forecast::intermittent;
use domain::statistics::Random;

use super::effects::{day, periods};

#[test]
fn a_year_without_published_holidays_has_its_usual_working_days() {
    let periods = periods(PeriodKind::Month, "2015-01-01", "2028-01-01");
    let unknown = periods
        .iter()
        .position(|period| period.start >= day("2027-01-01"))
        .unwrap();
    // The last year is taken for unknown, whatever is published by now.
    let working = china();
    let exposure = working_days_change(&periods, 12, &working, |year| year < 2027);
    assert!(
        exposure[unknown..].iter().all(|change| *change == 0.0),
        "{exposure:?}"
    );
    let october = |year: usize| f64::from(working.of(&periods[12 * year + 9]));
    let usual = (0..12).map(october).sum::<f64>() / 12.0;
    for (place, change) in exposure[..unknown].iter().enumerate().skip(9).step_by(12) {
        let expected = f64::from(working.of(&periods[place])) / usual - 1.0;
        assert!((change - expected).abs() < 1e-12, "{place}: {change}");
    }

    let mut random = Random::new(7);
    let values: Vec<f64> = periods[..unknown]
        .iter()
        .map(|period| 100.0 * f64::from(working.of(period)) * (1.0 + 0.005 * random.normal()))
        .collect();
    let effect = Effect {
        name: "working days".to_owned(),
        exposure,
    };
    let with = effects::forecast(&values, 12, 12, &[], std::slice::from_ref(&effect)).unwrap();
    let without = intermittent::automatic(&values, 12, 12, &[]).unwrap();
    let error = |mean: &[f64]| (mean[9] / (100.0 * usual) - 1.0).abs();
    let (with, without) = (error(&with.forecast.mean), error(&without.mean));
    assert!(with <= without && with < 0.02, "{with}, {without} without");
    assert_eq!(
        working_days_change(&periods, 12, &working, |_| false),
        vec![0.0; periods.len()]
    );
}
