//! Rules and numbers that a scheme refuses.

use domain::incentive::{
    Achieved, Base, Landing, PayoutError, Scheme, SchemeError, Terms, Tier, Tiers, expected, next_deal,
    payout,
};
use domain::money::Minor;
use domain::plan::MAX_AMOUNT;

use super::{measure, terms, tiers};

#[test]
fn rules_that_do_not_hold_together_are_refused() {
    let good = || measure("own", tiers(&[800_000], &[10_000, 20_000]));
    let refusal = |change: &dyn Fn(&mut Terms)| {
        let mut terms = terms(vec![good()]);
        change(&mut terms);
        let text = serde_json::to_string(&terms).unwrap();
        let error = Scheme::new(terms).unwrap_err();
        // What was written down is checked when it is read, too.
        assert!(serde_json::from_str::<Scheme>(&text).is_err(), "{text}");
        error
    };
    let tier = |place: usize, change: fn(&mut Tier)| {
        refusal(&move |terms: &mut Terms| change(&mut terms.measures[0].tiers[place]))
    };
    let (measure, second) = (0, 1);
    assert_eq!(refusal(&|terms| terms.measures.clear()), SchemeError::NoMeasure);
    assert_eq!(
        refusal(&|terms| terms.measures.push(terms.measures[0].clone())),
        SchemeError::SameKey { measure: 1 }
    );
    assert_eq!(
        refusal(&|terms| terms.measures[0].weight_ppm = 999_999),
        SchemeError::Weights { sum_ppm: 999_999 }
    );
    assert_eq!(
        refusal(&|terms| terms.measures[0].share_ppm += 1),
        SchemeError::Share { measure }
    );
    assert_eq!(refusal(&|terms| terms.claw_back_ppm += 1), SchemeError::ClawBack);
    assert_eq!(
        refusal(&|terms| terms.cap = Some(Minor(-1))),
        SchemeError::Amount { amount: -1 }
    );
    let pay = Minor(MAX_AMOUNT + 1);
    assert_eq!(
        refusal(&|terms| terms.base = Base::TargetPay { pay }),
        SchemeError::Amount { amount: pay.0 }
    );
    assert_eq!(
        refusal(&|terms| terms.measures[0].tiers.clear()),
        SchemeError::NoTiers { measure }
    );
    assert_eq!(
        tier(0, |tier| tier.from_ppm = 5),
        SchemeError::Start { measure, from_ppm: 5 }
    );
    assert_eq!(
        tier(0, |tier| tier.to_ppm = Some(0)),
        SchemeError::Backwards { measure, tier: 0 }
    );
    assert_eq!(
        tier(1, |tier| tier.from_ppm = 700_000),
        SchemeError::Overlap {
            measure,
            tier: second
        }
    );
    assert_eq!(
        tier(0, |tier| tier.to_ppm = None),
        SchemeError::Overlap {
            measure,
            tier: second
        }
    );
    assert_eq!(
        tier(1, |tier| tier.from_ppm = 900_000),
        SchemeError::Gap {
            measure,
            tier: second
        }
    );
    assert_eq!(
        refusal(&|terms| terms.measures[0].tiers.swap(0, 1)),
        SchemeError::Order {
            measure,
            tier: second
        }
    );
    assert_eq!(
        tier(1, |tier| tier.to_ppm = Some(2_000_000)),
        SchemeError::Ends { measure }
    );
    for rate_ppm in [-1, i64::MIN, i64::MAX] {
        let error = refusal(&|terms: &mut Terms| terms.measures[0].tiers[1].rate_ppm = rate_ppm);
        let tier = second;
        assert_eq!(
            error,
            SchemeError::Rate {
                measure,
                tier,
                rate_ppm
            }
        );
    }
    let falling = refusal(&|terms| {
        terms.measures[0].tiers_pay = Tiers::Whole;
        terms.measures[0].tiers[1].rate_ppm = 9_999;
    });
    assert_eq!(
        falling,
        SchemeError::Falls {
            measure,
            tier: second
        }
    );
}

#[test]
fn numbers_without_sense_are_refused() {
    let scheme = Scheme::new(terms(vec![measure("own", tiers(&[], &[100_000_000]))])).unwrap();
    let pays = |target, done| {
        let achieved = Achieved {
            target: Minor(target),
            done: Minor(done),
        };
        payout(&scheme, &[achieved]).map(|statement| statement.payout.0)
    };
    assert_eq!(pays(0, 5), Err(PayoutError::Target { measure: 0 }));
    assert_eq!(pays(-5, 5), Err(PayoutError::Target { measure: 0 }));
    assert_eq!(pays(5, -7), Ok(0));
    assert_eq!(pays(1, 7), Ok(700));
    for (target, done) in [(i64::MAX, 1), (1, i64::MAX), (1, i64::MIN), (1, MAX_AMOUNT)] {
        assert_eq!(pays(target, done), Err(PayoutError::TooLarge), "{target} {done}");
    }
    let missing = PayoutError::Measures { expected: 1, got: 0 };
    assert_eq!(payout(&scheme, &[]), Err(missing.clone()));
    let achieved = [Achieved {
        target: Minor(10),
        done: Minor(5),
    }];
    assert_eq!(next_deal(&scheme, &achieved, &[]), Err(missing));
    assert_eq!(
        next_deal(&scheme, &achieved, &[Minor(i64::MAX)]),
        Err(PayoutError::TooLarge)
    );
    let bad = [
        Landing::Paths { ends: vec![] },
        Landing::Quantiles { points: vec![] },
        Landing::Quantiles {
            points: vec![(f64::NAN, Minor(1))],
        },
        Landing::Quantiles {
            points: vec![(0.5, Minor(1)), (0.5, Minor(2))],
        },
        Landing::Quantiles {
            points: vec![(0.1, Minor(2)), (0.5, Minor(1))],
        },
        Landing::Normal {
            mean: Minor(1),
            sd: Minor(-1),
        },
    ];
    for landing in &bad {
        assert_eq!(
            expected(&scheme, &achieved, 0, landing),
            Err(PayoutError::Landing),
            "{landing:?}"
        );
    }
    let far = Landing::Normal {
        mean: Minor(i64::MIN),
        sd: Minor(i64::MAX),
    };
    assert_eq!(expected(&scheme, &achieved, 0, &far), Err(PayoutError::TooLarge));
    let one = Landing::Quantiles {
        points: vec![(0.5, Minor(7))],
    };
    assert_eq!(expected(&scheme, &achieved, 0, &one).unwrap().mean, Minor(700));
    assert_eq!(
        expected(&scheme, &achieved, 3, &one),
        Err(PayoutError::Unknown { measure: 3 })
    );
}
