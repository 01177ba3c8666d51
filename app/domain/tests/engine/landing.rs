//! Laws and bad input of `domain::landing`.

#![expect(clippy::unwrap_used, reason = "a test ends where its set-up fails")]

#[path = "landing/laws.rs"]
mod laws;

use domain::calendar::{Day, Fiscal, Period, WorkingDays};
use domain::landing::{
    Arrivals, Booked, Clock, DealSize, Forecast, Landing, LandingError, OpenDeal, Outlook, Pipeline, landing,
};
use domain::money::Minor;
use domain::pace::{Curve, Share};
use proptest::prelude::*;

fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

fn quarter() -> Period {
    Fiscal::default().named("2018-Q1").unwrap()
}

fn clock_at(date: &str) -> Clock {
    Clock::of(&Curve::even(), &quarter(), day(date), &WorkingDays::weekdays())
}

fn open(value: i64, age_days: u32) -> OpenDeal {
    OpenDeal {
        value: Minor(value),
        stage: 0,
        age_days,
        expected_close: None,
    }
}

/// Open deals and no new ones.
fn only(deals: &[OpenDeal]) -> Pipeline<'_> {
    Pipeline {
        open: deals,
        arrivals: Arrivals::default(),
        size: DealSize::default(),
        entry_stage: 0,
        last_day: quarter().last_day(),
        common_error: 0.0,
    }
}

fn forecast(whole: i64) -> Outlook<'static> {
    Outlook::Forecast(Forecast {
        whole: Minor(whole),
        spread: 0.2,
        deals: 0.0,
        variation: 0.0,
    })
}

/// Before the first day, so that only the outlook speaks.
fn before(pipeline: &Pipeline<'_>, target: i64, chance: f64) -> Landing {
    let clock = clock_at("2017-12-31");
    let outlook = Outlook::Pipeline(pipeline);
    landing(
        &clock,
        Booked::default(),
        Some(Minor(target)),
        outlook,
        |_, _| chance,
        5,
    )
    .unwrap()
}

#[test]
fn one_large_deal_comes_or_does_not() {
    let deals = [open(1_000, 10)];
    let told = before(&only(&deals), 1_000, 0.5);
    assert_eq!(
        (told.point, told.p10, told.p90),
        (Minor(500), Minor(0), Minor(1_000))
    );
    assert!((told.target.unwrap().chance - 0.5).abs() < 0.03);
    let certain = before(
        &Pipeline {
            common_error: 0.5,
            ..only(&deals)
        },
        1_000,
        1.0,
    );
    assert_eq!(
        (certain.p10, certain.p90, certain.target.unwrap().chance),
        (Minor(1_000), Minor(1_000), 1.0)
    );
    let never = before(&only(&deals), 1, 0.0);
    assert_eq!((never.p90, never.target.unwrap().chance), (Minor(0), 0.0));
}

/// Late with one deal left that hardly comes: nearly all draws stay at what is booked, the mean lies above them.
#[test]
fn the_point_never_lies_outside_its_interval() {
    let deals = [open(3_000_000, 10)];
    let clock = clock_at("2018-03-27");
    let booked = Booked::of(&[Minor(492_096)]);
    let pipeline = only(&deals);
    let outlook = Outlook::Pipeline(&pipeline);
    let told = landing(&clock, booked, None, outlook, |_, _| 0.05, 5).unwrap();
    assert_eq!((told.p10, told.p50), (booked.amount, booked.amount));
    assert!(told.point.0 > 600_000 && told.p90 == told.point, "{told:?}");
}

/// n deals of value v and chance p: mean npv, and 80 % within 1.2816 √(np(1−p)) v of it; also where most are summed as one.
#[test]
fn many_small_deals_are_nearly_normal() {
    for count in [300, 3_000] {
        let deals = vec![open(100, 1); count];
        let told = before(&only(&deals), 0, 0.3);
        let mean = count as f64 * 30.0;
        let reach = 1.2816 * (count as f64 * 0.21).sqrt() * 100.0;
        assert_eq!(told.point, Minor(mean as i64));
        for (value, expected) in [
            (told.p10, mean - reach),
            (told.p50, mean),
            (told.p90, mean + reach),
        ] {
            assert!(
                (value.0 as f64 - expected).abs() < 0.15 * reach,
                "{value:?} is not {expected}"
            );
        }
    }
}

/// A gamma-distributed rate and a Poisson count are a negative binomial: mean m, variance m + m² / shape.
#[test]
fn deals_not_yet_created_come_from_past_periods() {
    let mut pipeline = only(&[]);
    pipeline.size = DealSize {
        mean: 100.0,
        variation: 0.0,
    };
    pipeline.arrivals.past = vec![80, 120, 100, 140, 60];
    // Each deal that has a day left is won: 89 of 90 days.
    let told = before(&pipeline, 0, 1.0);
    let mean = 100.0 * 89.0 / 90.0;
    assert!((told.new.0 as f64 - mean * 100.0).abs() < 1.0, "{:?}", told.new);
    // Variance of the counts 1000: β = 100 / 900, α = 11.1.
    let sd = (mean + mean * mean / (100.0 * 100.0 / 900.0)).sqrt() * 100.0;
    let width = (told.p90.0 - told.p10.0) as f64;
    assert!(
        (width / (2.0 * 1.2816 * sd) - 1.0).abs() < 0.1,
        "{width} against {sd}"
    );
    // What was created in this period moves the rate.
    let clock = clock_at("2018-02-14");
    let mut with = |current| {
        pipeline.arrivals.current = current;
        let outlook = Outlook::Pipeline(&pipeline);
        landing(&clock, Booked::default(), None, outlook, |_, _| 1.0, 5).unwrap()
    };
    let (busy, idle) = (with(100), with(0));
    assert!(busy.new.0 > 4 * idle.new.0, "{busy:?} {idle:?}");
}

#[test]
fn coverage_counts_deals_due_and_weighs_all() {
    let mut deals = [open(600, 3), open(900, 3)];
    deals[1].expected_close = Some(day("2018-05-01"));
    let clock = clock_at("2018-02-14");
    let booked = Booked::of(&[Minor(700)]);
    let pipeline = only(&deals);
    let told = |target| {
        let outlook = Outlook::Pipeline(&pipeline);
        landing(&clock, booked, Some(Minor(target)), outlook, |_, _| 0.4, 5)
            .unwrap()
            .target
            .unwrap()
    };
    assert_eq!(
        (told(1_000).coverage, told(1_000).weighted_coverage),
        (Some(2.0), Some(2.0))
    );
    assert_eq!(told(1_000).required.missing, Minor(300));
    assert_eq!((told(700).coverage, told(700).chance), (None, 1.0));
}

#[test]
fn an_end_is_an_end() {
    let booked = Booked::of(&[Minor(300), Minor(400)]);
    let after = clock_at("2018-03-31");
    let deals = [open(1_000, 1)];
    let pipeline = only(&deals);
    for outlook in [Outlook::Unknown, forecast(5_000), Outlook::Pipeline(&pipeline)] {
        let told = landing(&after, booked, Some(Minor(701)), outlook, |_, _| 1.0, 5).unwrap();
        assert_eq!(
            (told.point, told.p10, told.p90),
            (Minor(700), Minor(700), Minor(700))
        );
        assert!(told.target.unwrap().chance <= 0.0);
    }
}

/// With a sure outlook the season does not count, with a useless one it alone does.
#[test]
fn the_weight_goes_to_what_is_known_better() {
    let clock = clock_at("2018-02-14");
    let booked = Booked {
        amount: Minor(5_000),
        deals: 0,
        variation: 0.0,
    };
    let weight = |spread| {
        let forecast = Forecast {
            whole: Minor(20_000),
            spread,
            deals: 0.0,
            variation: 0.0,
        };
        let outlook = Outlook::Forecast(forecast);
        landing(&clock, booked, None, outlook, |_, _| 0.0, 5)
            .unwrap()
            .season_weight
    };
    assert!(weight(0.0) <= 0.0);
    assert!(
        weight(0.1) < 0.2 && weight(1.0) > 0.9,
        "{} {}",
        weight(0.1),
        weight(1.0)
    );
}

#[test]
fn an_empty_pipeline_leaves_it_to_the_season() {
    let booked = Booked::of(&[Minor(100); 50]);
    let told = |outlook: Outlook<'_>| {
        landing(&clock_at("2018-02-14"), booked, None, outlook, |_, _| 0.5, 5).unwrap()
    };
    let (alone, empty) = (told(Outlook::Unknown), told(Outlook::Pipeline(&only(&[]))));
    assert!(empty.season_weight > 0.999, "{empty:?}");
    assert!((empty.point.0 - alone.point.0).abs() <= 5, "{empty:?} {alone:?}");
}

#[test]
fn few_deals_make_a_wide_interval() {
    let told = |deals: &[Minor]| {
        landing(
            &clock_at("2018-02-14"),
            Booked::of(deals),
            None,
            Outlook::Unknown,
            |_, _| 0.0,
            5,
        )
        .unwrap()
    };
    let (few, many) = (told(&[Minor(10_000); 2]), told(&[Minor(100); 200]));
    assert_eq!(few.point, many.point);
    assert!(
        2 * (few.p90.0 - few.p10.0) > 3 * (many.p90.0 - many.p10.0),
        "{few:?} {many:?}"
    );
}

#[test]
fn bad_input_is_refused_by_name() {
    let clock = clock_at("2018-02-14");
    let told = |outlook: Outlook<'_>, chance: f64| {
        landing(&clock, Booked::default(), None, outlook, |_, _| chance, 5).unwrap_err()
    };
    assert_eq!(told(Outlook::Unknown, 0.5), LandingError::NothingToGoBy);
    assert_eq!(told(forecast(0), 0.5), LandingError::Forecast);
    let bad = Forecast {
        whole: Minor(5),
        spread: f64::NAN,
        deals: 0.0,
        variation: 0.0,
    };
    assert_eq!(told(Outlook::Forecast(bad), 0.5), LandingError::Forecast);
    let deals = [open(5, 1), open(-5, 1)];
    let pipeline = only(&deals);
    assert_eq!(
        told(Outlook::Pipeline(&pipeline), 0.5),
        LandingError::NegativeDeal { deal: 1 }
    );
    for chance in [f64::NAN, -0.1, 1.1] {
        let refused = told(Outlook::Pipeline(&pipeline), chance);
        assert_eq!(refused, LandingError::Chance { deal: Some(0) });
        assert_eq!(
            refused.to_string(),
            "the chance of open deal 0 is not between 0 and 1"
        );
        assert_eq!(
            told(Outlook::Pipeline(&only(&[])), chance),
            LandingError::Chance { deal: None }
        );
    }
    let pipeline = Pipeline {
        common_error: -1.0,
        ..only(&[])
    };
    assert_eq!(told(Outlook::Pipeline(&pipeline), 0.5), LandingError::CommonError);
    for mean in [f64::INFINITY, f64::NAN, -1.0, 1e300, 1e19] {
        let size = DealSize { mean, variation: 0.0 };
        let pipeline = Pipeline { size, ..only(&[]) };
        assert_eq!(told(Outlook::Pipeline(&pipeline), 0.5), LandingError::DealSize);
    }
    let clock = Clock {
        concentration: f64::NAN,
        ..clock
    };
    let refused = landing(&clock, Booked::default(), None, forecast(5), |_, _| 0.5, 5);
    assert_eq!(refused, Err(LandingError::Concentration));
    let booked = Booked {
        variation: -1.0,
        ..Booked::default()
    };
    let refused = landing(&clock_at("2018-02-14"), booked, None, forecast(5), |_, _| 0.5, 5);
    assert_eq!(refused, Err(LandingError::Variation));
    let json = serde_json::to_string(&LandingError::Chance { deal: Some(3) }).unwrap();
    assert_eq!(json, r#"{"error":"chance","deal":3}"#);
}

#[test]
fn a_million_deals_are_no_trouble() {
    let deals: Vec<OpenDeal> = (0..1_000_000)
        .map(|place| open(i64::from(place) % 977, place % 300))
        .collect();
    let pipeline = only(&deals);
    let begun = std::time::Instant::now();
    let told = before(&pipeline, 0, 0.2);
    assert!(begun.elapsed().as_secs() < 5);
    assert!(
        (told.p50.0 as f64 / told.point.0 as f64 - 1.0).abs() < 0.01,
        "{told:?}"
    );
}
