use super::*;

fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

fn span(from: &str, to: &str) -> Span {
    Span {
        starts_on: day(from),
        ends_on: day(to),
    }
}

/// One that holds in every letter.
fn good() -> Claim {
    Claim {
        amount: Minor(100_000_000),
        span: Some(span("2027-01-01", "2028-01-01")),
        periods: vec![Minor(25_000_000); 4],
        carried: Carried {
            split: Some(Minor(100_000_000)),
            carriers: 9,
            nobody: Vec::new(),
            lines_off: Vec::new(),
        },
        metric: Measured {
            facts: Some((day("2023-01-04"), day("2026-11-20"))),
            credited: 0.996,
            longest_pause: 12,
            today: day("2026-11-27"),
        },
        outlook: Some(Chance {
            reached: 0.59,
            booked: Minor(3_000_000),
            range: (Minor(81_000_000), Minor(112_000_000)),
        }),
        above: Some(Above {
            name: "Board plan 2027".into(),
            asks: Some(Minor(95_000_000)),
            span: Some(span("2027-01-01", "2028-01-01")),
        }),
    }
}

/// The letters that do not hold, and their faults.
fn failing(change: impl FnOnce(&mut Claim)) -> Vec<(Letter, Fault)> {
    let mut claim = good();
    change(&mut claim);
    let findings = check(&claim).into_iter();
    findings
        .flat_map(|finding| {
            finding
                .faults
                .into_iter()
                .map(move |fault| (finding.letter, fault))
        })
        .collect()
}

#[test]
fn a_good_target_holds_in_every_letter() {
    assert!(check(&good()).iter().all(Finding::holds));
    assert_eq!(check(&good()).map(|finding| finding.letter), Letter::ALL);
}

#[test]
fn a_target_that_nobody_carries_is_not_specific() {
    use Letter::Specific;
    let parts = vec!["East".to_owned()];
    assert_eq!(
        failing(|claim| claim.carried.nobody.clone_from(&parts)),
        [(Specific, Fault::NobodyCarries { parts })]
    );
    assert_eq!(
        failing(|claim| claim.carried = Carried::default()),
        [(Specific, Fault::NotSplit)]
    );
    let sum = Minor(99_999_999);
    assert_eq!(
        failing(|claim| claim.carried.split = Some(sum)),
        [(Specific, Fault::PartsDiffer { sum })]
    );
    let by = LineBy::Channel;
    assert_eq!(
        failing(|claim| claim.carried.lines_off = vec![(by, sum)]),
        [(Specific, Fault::LinesDiffer { by, sum })]
    );
    assert_eq!(
        failing(|claim| claim.carried.carriers = 0),
        [(Specific, Fault::NobodyCarries { parts: Vec::new() })]
    );
}

#[test]
fn a_metric_without_data_is_not_measurable() {
    use Letter::Measurable;
    assert_eq!(
        failing(|claim| claim.metric.facts = None),
        [(Measurable, Fault::NoFacts)]
    );
    let last = day("2026-08-01");
    assert_eq!(
        failing(|claim| claim.metric.facts = Some((day("2023-01-04"), last))),
        [(Measurable, Fault::Silent { last, days: 118 })]
    );
    // Where sales come twice a year, four months are no silence.
    assert_eq!(
        failing(|claim| {
            claim.metric.facts = Some((day("2023-01-04"), last));
            claim.metric.longest_pause = 180;
        }),
        []
    );
    assert_eq!(
        failing(|claim| claim.metric.credited = 0.7),
        [(Measurable, Fault::Uncredited { credited: 0.7 })]
    );
}

#[test]
fn a_target_at_the_edge_of_the_outlook_is_not_achievable() {
    use Letter::Achievable;
    let chance = |reached: f64| {
        move |claim: &mut Claim| {
            claim.outlook = claim.outlook.map(|outlook| Chance { reached, ..outlook });
        }
    };
    assert_eq!(
        failing(chance(0.07)),
        [(
            Achievable,
            Fault::TooHigh {
                reached: 0.07,
                most: Minor(112_000_000)
            }
        )]
    );
    assert_eq!(
        failing(chance(0.99)),
        [(
            Achievable,
            Fault::TooLow {
                reached: 0.99,
                least: Minor(81_000_000)
            }
        )]
    );
    assert_eq!(failing(chance(LEAST_CHANCE)), []);
    assert_eq!(failing(chance(MOST_CHANCE)), []);
    assert_eq!(failing(chance(f64::NAN)), [(Achievable, Fault::NoOutlook)]);
    assert_eq!(
        failing(|claim| claim.outlook = None),
        [(Achievable, Fault::NoOutlook)]
    );
    let booked = Minor(100_000_000);
    assert_eq!(
        failing(|claim| claim.outlook = claim.outlook.map(|outlook| Chance { booked, ..outlook })),
        [(Achievable, Fault::Booked { booked })]
    );
    let nothing = failing(|claim| {
        claim.amount = Minor(0);
        claim.periods = vec![Minor(0); 4];
        claim.carried.split = Some(Minor(0));
        claim.above = claim.above.take().map(|above| Above { asks: None, ..above });
    });
    assert_eq!(nothing, [(Achievable, Fault::NoAmount)]);
}

#[test]
fn a_target_that_serves_nothing_is_not_relevant() {
    use Letter::Relevant;
    assert_eq!(failing(|claim| claim.above = None), [(Relevant, Fault::NoLink)]);
    let of = "Board plan 2027".to_owned();
    assert_eq!(
        failing(|claim| {
            claim.above = claim.above.take().map(|above| Above {
                asks: Some(Minor(110_000_000)),
                ..above
            });
        }),
        [(
            Relevant,
            Fault::Short {
                of: of.clone(),
                missing: Minor(10_000_000)
            }
        )]
    );
    assert_eq!(
        failing(|claim| {
            claim.above = claim.above.take().map(|above| Above {
                span: Some(span("2027-01-01", "2027-07-01")),
                ..above
            });
        }),
        [(
            Relevant,
            Fault::Late {
                of,
                ends: day("2027-06-30")
            }
        )]
    );
}

#[test]
fn a_target_without_days_or_steps_is_not_time_bound() {
    use Letter::TimeBound;
    assert_eq!(failing(|claim| claim.span = None), [(TimeBound, Fault::NoPeriod)]);
    assert_eq!(
        failing(|claim| claim.periods = vec![claim.amount]),
        [(TimeBound, Fault::NoSteps)]
    );
    let sum = Minor(75_000_000);
    assert_eq!(
        failing(|claim| claim.periods.truncate(3)),
        [(TimeBound, Fault::PeriodsDiffer { sum })]
    );
    assert_eq!(
        failing(|claim| claim.metric.today = day("2028-01-01")),
        [
            (
                Letter::Measurable,
                Fault::Silent {
                    last: day("2026-11-20"),
                    days: 407
                }
            ),
            (
                TimeBound,
                Fault::Over {
                    ended: day("2027-12-31")
                }
            )
        ]
    );
    let huge = failing(|claim| claim.periods = vec![Minor(i64::MAX); 3]);
    assert_eq!(huge, [(TimeBound, Fault::PeriodsDiffer { sum: Minor(i64::MAX) })]);
}

#[test]
fn what_travels_reads_back() {
    let findings = check(&Claim {
        outlook: None,
        above: None,
        ..good()
    });
    let text = serde_json::to_string(&findings).unwrap();
    assert_eq!(serde_json::from_str::<[Finding; 5]>(&text).unwrap(), findings);
    assert!(text.contains("\"fault\":\"no_link\""), "{text}");
}
