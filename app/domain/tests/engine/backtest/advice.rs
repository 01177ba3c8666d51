//! What is recommended is what made the data, and nothing where there is nothing.

use domain::backtest::{Advice, Backtest, Base, Candidate, Options, Past, Total, Verdict, replay};
use domain::money::Minor;
use domain::statistics::Random;

use super::{panel, quick, run, steady};

#[test]
fn weights_that_made_the_data_are_found_and_beat_equal_parts() {
    // Potential is right, equal is not; history is right as well and noisy.
    let rows = steady(40, 9, 0.15, 0, 8);
    let panel = panel(&rows);
    let potential = Base::new("potential", |past: &Past<'_>| {
        past.people().iter().map(|person| 1.0 + *person as f64).collect()
    });
    let misleading = Base::new("misleading", |past: &Past<'_>| {
        past.people().iter().map(|person| 41.0 - *person as f64).collect()
    });
    let bases = [Base::equal(), potential, misleading];
    let options = Options {
        rounds: 200,
        ..Options::default()
    };
    let found = replay(&panel, &bases, &Candidate::of_bases(&bases), &options).unwrap();
    assert_eq!(found.scores[0].name, "potential");
    assert_eq!(found.lead.unwrap().verdict, Verdict::Better);
    let Advice::Weights(advice) = found.advice else {
        panic!("{:?}", found.advice)
    };
    assert!(
        advice.weights[1].share_ppm >= 900_000 && advice.weights[1].interval.low >= 0.9,
        "{advice:?}"
    );
    assert!(advice.chosen_before < 0.7 * advice.equal_parts);
    assert_eq!(advice.lead.unwrap().verdict, Verdict::Better);
}

/// Two bases that say the same but for noise: no difference is seen, equal parts are kept, and the interval of the weights is
/// as wide as can be.
#[test]
fn where_bases_are_equally_good_nothing_is_made_of_it() {
    let rows = steady(30, 8, 0.2, 0, 5);
    let panel = panel(&rows);
    let noisy = |seed: u64| {
        Base::new(format!("noisy {seed}"), move |past: &Past<'_>| {
            let mut random = Random::new(seed * 1_000 + past.period() as u64);
            past.people()
                .iter()
                .map(|person| (1.0 + *person as f64) * (1.0 + 0.1 * random.unit()))
                .collect()
        })
    };
    let bases = [noisy(1), noisy(2)];
    let candidates = [
        Candidate::new("first", &[1.0, 0.0]),
        Candidate::new("second", &[0.0, 1.0]),
    ];
    let options = Options {
        rounds: 200,
        ..Options::default()
    };
    let found = replay(&panel, &bases, &candidates, &options).unwrap();
    let lead = found.lead.unwrap();
    assert_eq!(lead.verdict, Verdict::NotSeen);
    assert!(lead.interval.contains(0.0) && lead.difference >= 0.0);
    let Advice::Weights(advice) = found.advice else {
        panic!("{:?}", found.advice)
    };
    assert!(
        advice
            .weights
            .iter()
            .all(|weight| weight.share_ppm.abs_diff(500_000) <= 150_000),
        "{advice:?}"
    );
    assert!(advice.weights[0].interval.width() > 0.3);
}

/// Where one candidate is no better than the other, it is called better about as seldom as the interval allows.
#[test]
fn a_difference_is_seldom_seen_where_there_is_none() {
    let rounds = 60;
    let mut seen = 0;
    for seed in 0..rounds {
        let rows = steady(20, 6, 0.2, 0, 100 + seed);
        let noisy = |which: u64| {
            Base::new("noisy", move |past: &Past<'_>| {
                let mut random = Random::new(seed * 7_919 + which * 104_729 + past.period() as u64);
                past.people()
                    .iter()
                    .map(|person| (1.0 + *person as f64) * (1.0 + 0.3 * random.unit()))
                    .collect()
            })
        };
        let candidates = [Candidate::new("a", &[1.0, 0.0]), Candidate::new("b", &[0.0, 1.0])];
        let options = Options {
            rounds: 100,
            seed,
            ..Options::default()
        };
        let found = replay(&panel(&rows), &[noisy(1), noisy(2)], &candidates, &options).unwrap();
        seen += u32::from(found.lead.unwrap().verdict == Verdict::Better);
    }
    println!("a difference seen in {seen} of {rounds}, 10 % allowed");
    assert!(seen <= 9, "{seen}");
}

#[test]
fn many_people_and_periods_take_no_time() {
    let rows = steady(3_000, 10, 0.2, 5, 2);
    let start = std::time::Instant::now();
    let found = run(&panel(&rows), &quick());
    println!("3,000 people, 9 periods: {:?}", start.elapsed());
    assert!(matches!(found.advice, Advice::Weights(_)) && start.elapsed().as_secs() < 20);
}

/// Samples in which less than nothing was done do not turn what is better into what is worse.
#[test]
fn what_is_better_for_everybody_is_better_with_returns() {
    let rows = [100, 200, 300, 400, 500, 600, -900].map(|amount| vec![Some(amount); 6]);
    let bases = [Base::equal(), Base::history(3)];
    for total in [Total::Actual, Total::Given(vec![Minor(2_100); 6])] {
        let options = Options {
            total,
            ..Options::default()
        };
        let found = replay(&panel(&rows), &bases, &Candidate::of_bases(&bases), &options).unwrap();
        let lead = found.lead.unwrap();
        assert!(lead.interval.contains(lead.difference), "{lead:?}");
    }
    let options = Options {
        total: Total::Given(vec![Minor(2_100); 6]),
        ..Options::default()
    };
    let found = replay(&panel(&rows), &bases, &Candidate::of_bases(&bases), &options).unwrap();
    assert_eq!(found.scores[0].name, "history");
    assert_eq!(found.lead.unwrap().verdict, Verdict::Better);
    let Advice::Weights(advice) = found.advice else {
        panic!("{:?}", found.advice)
    };
    assert!(advice.weights[1].interval.low >= 0.9, "{advice:?}");
}

/// Samples of those alone who did nothing, or in which bases say the same, prefer no base for its place.
#[test]
fn ranges_of_weights_do_not_hang_on_the_order_of_the_bases() {
    let mut rows = vec![vec![Some(10), Some(0), Some(0), Some(0), Some(0), Some(0)]; 6];
    rows[3] = vec![Some(1_000); 6];
    let ranges = |found: Backtest| match found.advice {
        Advice::Weights(advice) => advice
            .weights
            .iter()
            .map(|weight| weight.interval)
            .collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let with = |bases: [Base<'_>; 2]| {
        ranges(
            replay(
                &panel(&rows),
                &bases,
                &Candidate::of_bases(&bases),
                &Options::default(),
            )
            .unwrap(),
        )
    };
    let one = with([Base::history(6), Base::equal()]);
    let mut other = with([Base::equal(), Base::history(6)]);
    other.reverse();
    assert_eq!(one, other);
    let same = with([Base::history(6), Base::history(6)]);
    assert!(same[0] == same[1] && same[0].width() > 0.99, "{same:?}");
}
