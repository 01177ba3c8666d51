use super::*;
use crate::calendar::Day;
use crate::id::{FactorId, ProductId};
use crate::outlook::{FactorKind, NewFactor};

fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

fn factor(unit: Option<UnitId>, from: &str, to: &str, effect: Effect, weight: u8) -> Factor {
    Factor {
        id: FactorId::default(),
        entry: NewFactor {
            kind: FactorKind::Policy,
            name: "x".into(),
            unit,
            of: None,
            span: Span {
                starts_on: day(from),
                ends_on: day(to),
            },
            effect,
            weight,
            source: "y".into(),
            link: None,
            attachment: None,
        },
        unit_name: String::new(),
        of_name: String::new(),
        attached: None,
        author: String::new(),
        at_ms: 0,
    }
}

fn fan(amounts: &[i64]) -> Vec<Fan> {
    amounts
        .iter()
        .map(|amount| Fan {
            p50: Minor(*amount),
            p90: Minor(*amount * 2),
            p75: Minor(*amount),
            ..Fan::default()
        })
        .collect()
}

/// A company of two units, of which the second has two people.
fn company() -> (Vec<Node>, [UnitId; 3]) {
    let units = [1, 2, 3].map(|id| UnitId(uuid::Uuid::from_u128(id)));
    let node = |above, unit| Node { above, unit };
    let nodes = vec![
        node(None, Some(units[0])),
        node(Some(0), Some(units[1])),
        node(Some(0), Some(units[2])),
        node(Some(2), None),
        node(Some(2), None),
    ];
    (nodes, units)
}

#[test]
fn a_percentage_holds_on_its_days_and_by_its_weight() {
    let (nodes, units) = company();
    let fans = [
        fan(&[3_000, 3_000]),
        fan(&[1_000, 1_000]),
        fan(&[2_000, 2_000]),
        fan(&[1_500, 1_500]),
        fan(&[500, 500]),
    ];
    let fans: Vec<&[Fan]> = fans.iter().map(Vec::as_slice).collect();
    let first = Month::parse("2027-01").unwrap();
    let half_of_february = factor(
        Some(units[2]),
        "2027-02-15",
        "2027-06-01",
        Effect::Percent { hundredths: 1_000 },
        50,
    );
    let whole = factor(
        None,
        "2027-01-01",
        "2027-03-01",
        Effect::Percent { hundredths: -1_000 },
        100,
    );
    let found = changes(
        &[half_of_february, whole],
        &nodes,
        &fans,
        first,
        &(1..2),
        &Shares::new(),
    );
    // 37.5 and 12.5, each rounded away from zero; what is above is their sum.
    assert_eq!(found.steps[0], [51, 0, 51, 38, 13].map(Minor));
    assert_eq!(found.steps[1], [-300, -100, -200, -150, -50].map(Minor));
    // January lies before the planned span: it is changed, and no part of its sum.
    assert_eq!(found.months[0], [-300, -249]);
}

#[test]
fn money_is_spread_over_days_and_people_to_the_last_cent() {
    let (nodes, units) = company();
    let fans = [
        fan(&[0, 30, 30]),
        fan(&[0, 10, 10]),
        fan(&[0, 20, 20]),
        fan(&[0, 15, 15]),
        fan(&[0, 5, 5]),
    ];
    let fans: Vec<&[Fan]> = fans.iter().map(Vec::as_slice).collect();
    let first = Month::parse("2027-01").unwrap();
    let money = factor(
        Some(units[2]),
        "2027-01-01",
        "2027-04-01",
        Effect::Money { amount: Minor(1_001) },
        100,
    );
    let found = changes(
        std::slice::from_ref(&money),
        &nodes,
        &fans,
        first,
        &(0..3),
        &Shares::new(),
    );
    assert_eq!(found.steps[0][0], Minor(1_001));
    assert_eq!(found.steps[0][3].0 + found.steps[0][4].0, 1_001);
    assert_eq!(found.months[0].iter().sum::<i64>(), 1_001);
    // Where nothing is expected of anybody it is spread evenly.
    assert!((found.months[3][0] - found.months[4][0]).abs() <= 1);
    // Days before the first month to come are done: what fell on them is not made up for.
    let later = changes(&[money], &nodes, &fans, first.plus(1), &(0..3), &Shares::new());
    assert_eq!(later.steps[0][0], Minor(1_001 - 345));
}

#[test]
fn nothing_is_taken_below_zero() {
    let (nodes, units) = company();
    let fans = [fan(&[30]), fan(&[10]), fan(&[20]), fan(&[15]), fan(&[5])];
    let fans: Vec<&[Fan]> = fans.iter().map(Vec::as_slice).collect();
    let first = Month::parse("2027-01").unwrap();
    let gone = |unit| {
        factor(
            unit,
            "2027-01-01",
            "2027-02-01",
            Effect::Money {
                amount: Minor(-9_000),
            },
            100,
        )
    };
    let found = changes(
        &[gone(Some(units[2])), gone(None)],
        &nodes,
        &fans,
        first,
        &(0..1),
        &Shares::new(),
    );
    assert_eq!((found.steps[0][0], found.steps[1][0]), (Minor(-20), Minor(-10)));
    // What falls on nothing is told: the second finds only ten of the thirty left.
    assert_eq!((found.cut[0][0], found.cut[1][0]), (Minor(-8_980), Minor(-8_990)));
    assert_eq!(moved(fans[0][0], found.months[0][0]).p50, Minor(0));
    // A unit that is not there changes nothing.
    let strange = gone(Some(UnitId(uuid::Uuid::from_u128(99))));
    assert_eq!(
        changes(&[strange], &nodes, &fans, first, &(0..1), &Shares::new()).steps[0],
        [Minor(0); 5]
    );
}

proptest::proptest! {
    #[test]
    fn before_and_factors_make_after(
        base in proptest::collection::vec(0_i64..1_000_000_000_000, 9),
        effects in proptest::collection::vec((proptest::bool::ANY, -10_000_i32..20_000, 0_u8..=100, 0_usize..4), 0..5),
    ) {
        let (nodes, units) = company();
        let leaf = |place: usize| base[place * 3..place * 3 + 3].to_vec();
        let add = |a: &[i64], b: &[i64]| a.iter().zip(b).map(|(a, b)| a + b).collect::<Vec<i64>>();
        let (one, two, three) = (leaf(0), leaf(1), leaf(2));
        let second = add(&two, &three);
        let fans = [add(&one, &second), one, second, two, three].map(|amounts| fan(&amounts));
        let fans: Vec<&[Fan]> = fans.iter().map(Vec::as_slice).collect();
        let (product, shares) = sold(1, [0, 900_000, 0, 0, 333_333]);
        let shares = Shares::from([(product, shares)]);
        let factors: Vec<Factor> = effects
            .into_iter()
            .map(|(money, size, weight, unit)| {
                let effect = if money {
                    Effect::Money { amount: Minor(i64::from(size) * 12_345_677) }
                } else {
                    Effect::Percent { hundredths: size }
                };
                let whole = factor(units.get(unit).copied(), "2027-01-11", "2027-03-20", effect, weight);
                // Every second is about a product.
                if size % 2 == 0 { whole } else { about(product, whole) }
            })
            .collect();
        let found = changes(&factors, &nodes, &fans, Month::parse("2027-01").unwrap(), &(0..3), &shares);
        for place in 0..nodes.len() {
            let before: i64 = fans[place].iter().map(|month| month.p50.0).sum();
            let after: i64 = fans[place]
                .iter()
                .zip(&found.months[place])
                .map(|(month, by)| moved(*month, *by).p50.0)
                .sum();
            let steps: i64 = found.steps.iter().map(|steps| steps[place].0).sum();
            proptest::prop_assert_eq!(before + steps, after);
            let below: Vec<usize> = (0..nodes.len()).filter(|child| nodes[*child].above == Some(place)).collect();
            if !below.is_empty() {
                for (factor, steps) in found.steps.iter().enumerate() {
                    let sum: i64 = below.iter().map(|child| found.steps[factor][*child].0).sum();
                    proptest::prop_assert_eq!(sum, steps[place].0);
                }
            }
        }
    }
}

/// A thing, and which part of each branch of [`company`] it is.
fn sold(id: u128, shares: [u32; 5]) -> (Thing, Vec<u32>) {
    (
        Thing::Product(ProductId(uuid::Uuid::from_u128(id))),
        shares.to_vec(),
    )
}

fn about(of: Thing, mut factor: Factor) -> Factor {
    factor.entry.of = Some(of);
    factor
}

#[test]
fn a_factor_on_a_product_is_about_its_share() {
    let (nodes, units) = company();
    let fans = [
        fan(&[3_000]),
        fan(&[1_000]),
        fan(&[2_000]),
        fan(&[1_500]),
        fan(&[500]),
    ];
    let fans: Vec<&[Fan]> = fans.iter().map(Vec::as_slice).collect();
    let first = Month::parse("2027-01").unwrap();
    let january = |unit, effect| factor(unit, "2027-01-01", "2027-02-01", effect, 100);
    let percent = Effect::Percent { hundredths: 1_000 };
    // A quarter of what the first unit sells, nothing of one person's, half of another's.
    let (product, shares) = sold(1, [0, 250_000, 0, 0, 500_000]);
    let shares = Shares::from([(product, shares)]);
    let run = |factor: Factor| changes(&[factor], &nodes, &fans, first, &(0..1), &shares);
    let whole = run(about(product, january(None, percent)));
    assert_eq!(whole.steps[0], [50, 25, 25, 0, 25].map(Minor));
    // 500 of 3,000; of each branch its own part.
    assert_eq!(whole.parts[0], [166_667, 250_000, 125_000, 0, 500_000].map(Some));
    let of_unit = run(about(product, january(Some(units[2]), percent)));
    assert_eq!(of_unit.steps[0], [25, 0, 25, 0, 25].map(Minor));
    assert_eq!(
        of_unit.parts[0],
        [Some(125_000), None, Some(125_000), Some(0), Some(500_000)]
    );
    assert_eq!(run(january(None, percent)).parts[0], [None; 5]);
    // Money goes where the product is sold, and no more of it is lost than there is.
    let money = |amount| Effect::Money {
        amount: Minor(amount),
    };
    let more = run(about(product, january(None, money(1_000))));
    assert_eq!(more.steps[0], [1_000, 500, 500, 0, 500].map(Minor));
    let gone = run(about(product, january(None, money(-9_000))));
    assert_eq!(gone.steps[0], [-500, -250, -250, 0, -250].map(Minor));
    // What was never sold: a percentage of it is nothing, money comes to those who sell.
    let (new, _) = sold(2, [0; 5]);
    assert_eq!(run(about(new, january(None, percent))).steps[0], [Minor(0); 5]);
    let launched = run(about(new, january(None, money(900))));
    assert_eq!(launched.steps[0], [900, 300, 600, 450, 150].map(Minor));
    assert_eq!(launched.parts[0], [Some(0); 5]);
    let lost = run(about(new, january(None, money(-900))));
    assert_eq!(lost.steps[0], [Minor(0); 5]);
}

#[test]
fn a_part_is_none_below_nothing_and_none_above_the_whole() {
    for ((part, whole), ppm) in [
        ((1, 3), 333_333),
        ((2, 3), 666_667),
        ((0, 5), 0),
        ((-4, 5), 0),
        ((9, 5), WHOLE_PPM),
        ((1, 0), 0),
        ((1, -5), 0),
    ] {
        assert_eq!(share_ppm(part, whole), ppm, "{part} of {whole}");
    }
}

proptest::proptest! {
    /// With the share `s` of every leaf and the effect `e` a branch changes by `s·e` of what is expected of it, but for the
    /// rounding of its leaves; things that make the whole together change what a factor on the whole changes.
    #[test]
    fn a_branch_changes_by_share_times_effect(
        base in proptest::collection::vec(0_i64..1_000_000_000_000, 9),
        shares in proptest::collection::vec(0_u32..=WHOLE_PPM, 3),
        same in 0_u32..=WHOLE_PPM,
        hundredths in -10_000_i32..20_000,
        weight in 0_u8..=100,
    ) {
        let (nodes, _) = company();
        let leaf = |place: usize| base[place * 3..place * 3 + 3].to_vec();
        let add = |a: &[i64], b: &[i64]| a.iter().zip(b).map(|(a, b)| a + b).collect::<Vec<i64>>();
        let (one, two, three) = (leaf(0), leaf(1), leaf(2));
        let second = add(&two, &three);
        let fans = [add(&one, &second), one, second, two, three].map(|amounts| fan(&amounts));
        let fans: Vec<&[Fan]> = fans.iter().map(Vec::as_slice).collect();
        let of = |shares: [u32; 3]| [0, shares[0], 0, shares[1], shares[2]];
        let own = [shares[0], shares[1], shares[2]];
        let (apart, apart_shares) = sold(1, of(own));
        let (rest, rest_shares) = sold(2, of(own.map(|share| WHOLE_PPM - share)));
        let (even, even_shares) = sold(3, of([same; 3]));
        let shares = Shares::from([(apart, apart_shares), (rest, rest_shares), (even, even_shares)]);
        let whole = factor(None, "2027-01-11", "2027-03-20", Effect::Percent { hundredths }, weight);
        let factors = [
            about(even, whole.clone()),
            about(apart, whole.clone()),
            about(rest, whole.clone()),
            whole,
        ];
        // One after the other, so that none finds less than there is.
        let found: Vec<Changes> = factors
            .iter()
            .map(|factor| {
                changes(std::slice::from_ref(factor), &nodes, &fans, Month::parse("2027-01").unwrap(), &(0..3), &shares)
            })
            .collect();
        for place in 0..nodes.len() {
            let step = |at: usize| found[at].steps[0][place].0;
            // Each leaf and month is rounded twice at most.
            let tolerance = 18.0 * (1.0 + f64::from(hundredths.abs()) / 10_000.0);
            let expected = step(3) as f64 * f64::from(same) / f64::from(WHOLE_PPM);
            proptest::prop_assert!((step(0) as f64 - expected).abs() <= tolerance, "{} {expected}", step(0));
            proptest::prop_assert!(((step(1) + step(2) - step(3)) as f64).abs() <= tolerance);
            let below: Vec<usize> = (0..nodes.len()).filter(|child| nodes[*child].above == Some(place)).collect();
            if !below.is_empty() {
                for (at, found) in found.iter().enumerate() {
                    let sum: i64 = below.iter().map(|child| found.steps[0][*child].0).sum();
                    proptest::prop_assert_eq!(sum, step(at));
                }
            }
        }
    }
}
