use super::*;

fn tier(from_ppm: u32, to_ppm: Option<u32>, rate_ppm: i64) -> Tier {
    Tier {
        from_ppm,
        to_ppm,
        rate_ppm,
    }
}

/// 1 % to 80 % of the target, 2 % to 100 %, 3 % above.
fn sales() -> Measure {
    Measure {
        key: "sales".to_owned(),
        weight_ppm: WHOLE_PPM,
        share_ppm: WHOLE_PPM,
        threshold_ppm: 0,
        tiers_pay: Tiers::Marginal,
        tiers: vec![
            tier(0, Some(800_000), 10_000),
            tier(800_000, Some(1_000_000), 20_000),
            tier(1_000_000, None, 30_000),
        ],
        cap: None,
    }
}

fn terms(measures: Vec<Measure>) -> Terms {
    Terms {
        base: Base::Sold,
        measures,
        cap: None,
        claw_back_ppm: WHOLE_PPM,
    }
}

fn scheme(measures: Vec<Measure>) -> Scheme {
    Scheme::new(terms(measures)).unwrap()
}

fn yuan(amount: i64) -> Minor {
    Minor(amount * 100)
}

fn of(target: i64, done: i64) -> Achieved {
    Achieved {
        target: yuan(target),
        done: yuan(done),
    }
}

fn amounts(statement: &Statement) -> Vec<i64> {
    statement.steps.iter().map(|step| step.amount.0 / 100).collect()
}

#[test]
fn each_tier_pays_for_what_lies_in_it() {
    let plain = scheme(vec![sales()]);
    let done = [of(1_000_000, 1_150_000)];
    let statement = payout(&plain, &done).unwrap();
    assert_eq!(statement.payout, yuan(16_500));
    assert_eq!(amounts(&statement), [8_000, 4_000, 4_500]);
    let text = serde_json::to_string(&statement).unwrap();
    assert_eq!(serde_json::from_str::<Statement>(&text).unwrap(), statement);
    let third = StepKind::Tier {
        measure: 0,
        tier: 2,
        rate_ppm: 30_000,
        on: yuan(150_000),
    };
    assert_eq!(statement.steps[2].kind, third);

    let capped = Scheme::new(Terms {
        cap: Some(yuan(15_000)),
        ..terms(vec![sales()])
    });
    let statement = payout(&capped.unwrap(), &done).unwrap();
    assert_eq!(statement.payout, yuan(15_000));
    assert_eq!(amounts(&statement), [8_000, 4_000, 4_500, -1_500]);
    let capped = scheme(vec![Measure {
        cap: Some(yuan(15_000)),
        ..sales()
    }]);
    assert_eq!(payout(&capped, &done).unwrap().payout, yuan(15_000));
}

#[test]
fn a_whole_tier_pays_for_everything() {
    let whole = scheme(vec![Measure {
        tiers_pay: Tiers::Whole,
        ..sales()
    }]);
    let pays = |done| payout(&whole, &[of(1_000_000, done)]).unwrap().payout;
    assert_eq!(pays(1_150_000), yuan(34_500));
    assert_eq!(pays(1_000_000), yuan(30_000));
    assert_eq!(pays(999_999).0, 1_999_998);
    assert_eq!(pays(0), yuan(0));
}

#[test]
fn below_the_threshold_there_is_nothing() {
    let measure = Measure {
        threshold_ppm: 600_000,
        ..sales()
    };
    let scheme = scheme(vec![measure]);
    let statement = payout(&scheme, &[of(1_000_000, 599_999)]).unwrap();
    assert_eq!(statement.payout, yuan(0));
    assert_eq!(statement.steps[1].amount.0, -599_999);
    let needed = StepKind::BelowThreshold {
        measure: 0,
        needed: yuan(600_000),
    };
    assert_eq!(statement.steps[1].kind, needed);
    assert_eq!(
        payout(&scheme, &[of(1_000_000, 600_000)]).unwrap().payout,
        yuan(6_000)
    );
    let next = next_tier(&scheme, &[of(1_000_000, 500_000)], 0).unwrap().unwrap();
    assert_eq!(
        next,
        NextTier {
            tier: 0,
            rate_ppm: 10_000,
            missing: yuan(100_000),
            worth: yuan(6_000)
        }
    );
}

#[test]
fn weights_and_a_share_of_the_team() {
    let own = Measure {
        weight_ppm: 700_000,
        ..sales()
    };
    let team = Measure {
        key: "team".to_owned(),
        weight_ppm: 300_000,
        share_ppm: 250_000,
        ..sales()
    };
    let scheme = scheme(vec![own, team]);
    let done = [of(1_000_000, 1_150_000), of(4_000_000, 4_000_000)];
    let statement = payout(&scheme, &done).unwrap();
    // 0.7 × 16,500 + 0.3 × 0.25 × (32,000 + 16,000).
    assert_eq!(statement.payout, yuan(11_550 + 3_600));
    assert_eq!(amounts(&statement), [5_600, 2_800, 3_150, 2_400, 1_200]);
    let deal = next_deal(&scheme, &done, &[yuan(10_000), yuan(10_000)]).unwrap();
    // 0.7 × 300 + 0.075 × 300.
    assert_eq!(deal.worth, Minor(23_250));
}

#[test]
fn a_bonus_pays_parts_of_the_target_pay() {
    let measure = |key: &str, weight_ppm| Measure {
        key: key.to_owned(),
        weight_ppm,
        tiers: vec![
            tier(0, Some(1_000_000), 1_000_000),
            tier(1_000_000, None, 2_000_000),
        ],
        ..sales()
    };
    let scheme = Scheme::new(Terms {
        base: Base::TargetPay {
            pay: Minor(1_000_001),
        },
        ..terms(vec![measure("sales", 500_000), measure("visits", 500_000)])
    })
    .unwrap();
    let pays = |sales, visits| {
        let done = [
            of(700, sales),
            Achieved {
                target: Minor(30),
                done: Minor(visits),
            },
        ];
        payout(&scheme, &done).unwrap().payout.0
    };
    assert_eq!(
        pays(700, 30),
        1_000_001,
        "the odd minor unit goes to one of the measures"
    );
    assert_eq!(pays(1_050, 30), 1_500_002);
    assert_eq!(pays(350, 0), 250_001);
}

#[test]
fn what_was_paid_too_much_is_taken_back_once() {
    let full = scheme(vec![sales()]);
    let paid = payout(&full, &[of(1_000_000, 1_150_000)]).unwrap().payout;
    let all = Paid {
        net: paid,
        kept: Minor(0),
    };
    let settled = settle(&full, &[of(1_000_000, 0)], all).unwrap();
    assert_eq!(settled.payout.0 + paid.0, 0);
    let half = Scheme::new(Terms {
        claw_back_ppm: 500_000,
        ..terms(vec![sales()])
    })
    .unwrap();
    let settled = settle(&half, &[of(1_000_000, 1_000_000)], all).unwrap();
    // 4,500 too much.
    assert_eq!(settled.payout, yuan(-2_250));
    assert_eq!(amounts(&settled), [8_000, 4_000, -16_500, 2_250]);
    let later = Paid {
        net: yuan(14_250),
        kept: yuan(2_250),
    };
    assert_eq!(
        settle(&half, &[of(1_000_000, 1_000_000)], later).unwrap().payout,
        yuan(0)
    );
    assert_eq!(
        settle(&half, &[of(1_000_000, 1_050_000)], later).unwrap().payout,
        yuan(0)
    );
    assert_eq!(
        settle(&half, &[of(1_000_000, 1_150_000)], later).unwrap().payout,
        yuan(2_250)
    );
}

#[test]
fn the_way_to_the_next_tier() {
    let scheme = scheme(vec![sales()]);
    let next = |done| next_tier(&scheme, &[of(1_000_000, done)], 0).unwrap();
    let to_second = next(790_000).unwrap();
    assert_eq!(
        (to_second.tier, to_second.missing, to_second.worth),
        (1, yuan(10_000), yuan(100))
    );
    assert_eq!(next(800_000).unwrap().tier, 2);
    assert_eq!(next(1_000_000), None);
    assert_eq!(next(-5_000).unwrap().missing, yuan(805_000));
    assert_eq!(
        next_tier(&scheme, &[of(1, 1)], 1),
        Err(PayoutError::Unknown { measure: 1 })
    );
}
