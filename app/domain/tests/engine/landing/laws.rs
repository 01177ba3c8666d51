//! Properties over random periods, pipelines and forecasts.

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_interval_is_in_order_and_the_point_between_the_estimates(
        booked in prop::collection::vec(0_i64..100_000, 0..20),
        whole in 1_i64..10_000_000,
        spread in 0.0_f64..1.0,
        deals in 0.0_f64..300.0,
        offset in -3_i32..93,
        target in -10_i64..10_000_000,
        seed in any::<u64>(),
    ) {
        let booked = Booked::of(&booked.into_iter().map(Minor).collect::<Vec<_>>());
        let weekdays = WorkingDays::weekdays();
        let clock = Clock::of(&Curve::even(), &quarter(), quarter().start.plus(offset), &weekdays);
        let outlook = Outlook::Forecast(Forecast { whole: Minor(whole), spread, deals, variation: 1.0 });
        let tell = |target: i64| landing(&clock, booked, Some(Minor(target)), outlook, |_, _| 0.0, seed).unwrap();
        let told = tell(target);
        prop_assert_eq!(told, tell(target));
        prop_assert!(booked.amount <= told.p10 && told.p10 <= told.p50 && told.p50 <= told.p90);
        let by_outlook = told.by_outlook.unwrap();
        let by_season = told.by_season.unwrap_or(by_outlook);
        prop_assert!(by_season.min(by_outlook).0 - 1 <= told.point.0 && told.point.0 <= by_season.max(by_outlook).0 + 1);
        prop_assert!((0.0..=1.0).contains(&told.season_weight));
        let (near, far) = (told.target.unwrap().chance, tell(target + 50_000).target.unwrap().chance);
        prop_assert!((0.0..=1.0).contains(&near) && far <= near);
        if target <= booked.amount.0 {
            prop_assert!(near >= 1.0);
        }
    }

    #[test]
    fn the_interval_contains_the_point(
        booked in prop::collection::vec(0_i64..100_000, 0..10),
        values in prop::collection::vec(0_i64..400_000, 0..5),
        chance in 0.0_f64..=1.0,
        offset in -3_i32..93,
        size in 0.0_f64..100_000.0,
        past in prop::collection::vec(0_u32..20, 0..4),
        seed in any::<u64>(),
    ) {
        let booked = Booked::of(&booked.into_iter().map(Minor).collect::<Vec<_>>());
        let weekdays = WorkingDays::weekdays();
        let clock = Clock::of(&Curve::even(), &quarter(), quarter().start.plus(offset), &weekdays);
        let deals: Vec<OpenDeal> = values.into_iter().map(|value| open(value, 5)).collect();
        let pipeline = Pipeline {
            arrivals: Arrivals { past, current: 0 },
            size: DealSize { mean: size, variation: 1.0 },
            common_error: 0.25,
            ..only(&deals)
        };
        let told = landing(&clock, booked, None, Outlook::Pipeline(&pipeline), |_, _| chance, seed).unwrap();
        prop_assert!(told.p10 <= told.point && told.point <= told.p90, "{told:?}");
        prop_assert!(told.p10 <= told.p50 && told.p50 <= told.p90, "{told:?}");
    }

    #[test]
    fn whatever_comes_in_is_told_or_refused(
        share in any::<u32>(),
        concentration in any::<f64>(),
        days in any::<u32>(),
        days_left in any::<u32>(),
        amount in any::<i64>(),
        count in any::<u32>(),
        variation in 0.0_f64..200.0,
        numbers in any::<[f64; 6]>(),
        value in any::<i64>(),
        counts in any::<[u32; 3]>(),
    ) {
        let clock = Clock { share: Share(share), concentration, days, days_left, working_days_left: days_left };
        let booked = Booked { amount: Minor(amount), deals: count, variation };
        let [a, b, c, d, e, f] = numbers;
        let forecast = Forecast { whole: Minor(value), spread: a, deals: b, variation: c };
        let deals = [open(value, count), open(i64::MAX, 0), open(0, u32::MAX)];
        let pipeline = Pipeline {
            arrivals: Arrivals { past: counts.to_vec(), current: count },
            size: DealSize { mean: d.abs(), variation: e },
            common_error: f.abs(),
            ..only(&deals)
        };
        for outlook in [Outlook::Unknown, Outlook::Forecast(forecast), Outlook::Pipeline(&pipeline)] {
            for chance in [0.3, a] {
                if let Ok(told) = landing(&clock, booked, Some(Minor(value)), outlook, |_, _| chance, 1) {
                    prop_assert!(told.p10 <= told.p50 && told.p50 <= told.p90, "{told:?}");
                    prop_assert!(told.p10 <= told.point && told.point <= told.p90, "{told:?}");
                    let chance = told.target.unwrap().chance;
                    prop_assert!((0.0..=1.0).contains(&chance) && (0.0..=1.0).contains(&told.season_weight), "{told:?}");
                }
            }
        }
    }
}
