//! From one number to another in steps that sum exactly: target to actual, volume, price and mix, and the sales process.
//! `domain::bridge`.

#![expect(clippy::unwrap_used, reason = "a test ends where its set-up fails")]

#[path = "bridge/refused.rs"]
mod refused;

use domain::bridge::{
    Bridge, BridgeError, Deal, Expected, FactorMethod, Factors, Funnel, Item, ItemMethod, Node, Outcome,
    Planned, Segment, Sold, StepKind, Stream, against_pipeline, against_plan, contributions, factors, items,
    process,
};
use domain::money::{Currency, Fact, Minor};
use proptest::prelude::*;

fn currency(code: &str) -> Currency {
    Currency::from_code(code).unwrap()
}

/// Steps sum to the difference, parts to their steps, and the ends are the rounded sums.
fn balances(bridge: &Bridge, from: i128, to: i128, currency: &Currency) -> Result<(), TestCaseError> {
    let end = |sum: i128| Fact(i64::try_from(sum).unwrap()).to_minor(currency);
    prop_assert_eq!((bridge.from(), bridge.to()), (end(from), end(to)));
    let steps: i128 = bridge.steps().iter().map(|step| i128::from(step.amount.0)).sum();
    prop_assert_eq!(i128::from(bridge.from().0) + steps, i128::from(bridge.to().0));
    for step in bridge.steps() {
        let parts: i128 = step.parts.iter().map(|part| i128::from(part.amount.0)).sum();
        prop_assert_eq!(
            parts + i128::from(step.others.amount.0),
            i128::from(step.amount.0)
        );
        prop_assert!(step.parts.iter().all(|part| part.amount != Minor(0)));
    }
    Ok(())
}

fn sold() -> impl Strategy<Value = Sold> {
    let amount = prop_oneof![Just(0), -50_000_i64..5_000_000, 0_i64..2_000_000_000_000];
    (prop_oneof![Just(0_i64), -3_i64..2_000], amount).prop_map(|(quantity, amount)| Sold {
        quantity,
        amount: Fact(amount),
    })
}

fn list() -> impl Strategy<Value = Vec<Item>> {
    let item = (0_u8..12, sold(), sold()).prop_map(|(key, before, after)| Item {
        key: key.to_string(),
        before,
        after,
    });
    proptest::collection::vec(item, 0..20)
}

fn sums(items: &[Item]) -> (i128, i128) {
    let sum = |side: fn(&Item) -> Sold| items.iter().map(|item| i128::from(side(item).amount.0)).sum();
    (sum(|item| item.before), sum(|item| item.after))
}

fn deal() -> impl Strategy<Value = Deal> {
    let expected = prop_oneof![
        sold().prop_map(Expected::Here),
        Just(Expected::Elsewhere),
        Just(Expected::Nowhere)
    ];
    let won = (sold(), -900_i64..900_000).prop_map(|(sold, spot)| Outcome::Won {
        sold,
        spot: Fact(spot),
    });
    let outcome = prop_oneof![won, Just(Outcome::Lost), Just(Outcome::NotYet)];
    (0_u8..6, expected, outcome).prop_map(|(item, expected, outcome)| Deal {
        key: format!("deal of {item}"),
        item: item.to_string(),
        expected,
        outcome,
    })
}

/// Factors that fit their amount, zeros and missing values among them.
fn side() -> impl Strategy<Value = Factors> {
    let factor = prop_oneof![
        Just(Some(0.0)),
        Just(None),
        (1_u32..4_000).prop_map(|n| Some(f64::from(n) / 40.0))
    ];
    proptest::collection::vec(factor, 3).prop_map(|values| {
        let product: f64 = values.iter().map(|value| value.unwrap_or(0.0)).product();
        Factors {
            amount: Fact((product * 10_000.0).round() as i64),
            values,
        }
    })
}

fn segments() -> impl Strategy<Value = Vec<Segment>> {
    proptest::collection::vec((side(), side()), 0..12).prop_map(|sides| {
        let named = sides.into_iter().enumerate();
        named
            .map(|(place, (before, after))| Segment {
                key: place.to_string(),
                before,
                after,
            })
            .collect()
    })
}

fn names() -> Vec<StepKind> {
    ["potential", "share", "price"]
        .map(|name| StepKind::Factor {
            name: name.to_owned(),
        })
        .to_vec()
}

proptest! {
    #[test]
    fn items_sum_exactly_whatever_is_sold(list in list(), shapley: bool, code in "(CNY|JPY|KWD)") {
        let method = if shapley { ItemMethod::Shapley } else { ItemMethod::PriceVolumeMix };
        let currency = currency(&code);
        let bridge = items("product", method, &list, &currency).unwrap();
        let (from, to) = sums(&list);
        balances(&bridge, from, to, &currency)?;
        // The order of records does not matter.
        let mut turned = list.clone();
        turned.reverse();
        prop_assert_eq!(&items("product", method, &turned, &currency).unwrap(), &bridge);
        balances(&bridge.top(2), from, to, &currency)?;
    }

    #[test]
    fn the_way_back_takes_what_the_way_there_gave(list in list()) {
        let back: Vec<Item> = list
            .iter()
            .map(|item| Item { key: item.key.clone(), before: item.after, after: item.before })
            .collect();
        let there = items("product", ItemMethod::Shapley, &list, &currency("CNY")).unwrap();
        let back = items("product", ItemMethod::Shapley, &back, &currency("CNY")).unwrap();
        // Symmetric, up to the rounding of either way.
        for kind in [StepKind::Price, StepKind::Quantity] {
            prop_assert!((there.amount(&kind).0 + back.amount(&kind).0).abs() <= 2);
        }
        prop_assert!((there.amount(&StepKind::New).0 + back.amount(&StepKind::Lost).0).abs() <= 2);
    }

    #[test]
    fn one_price_for_all_leaves_no_mix_and_equal_prices_no_price(
        units in proptest::collection::vec((1_i64..1_000, 1_i64..1_000), 1..10),
        price in 1_i64..1_000_000,
    ) {
        let priced = |quantity: i64| Sold { quantity, amount: Fact(quantity * price) };
        let list: Vec<Item> = units
            .iter()
            .enumerate()
            .map(|(place, (before, after))| Item {
                key: place.to_string(),
                before: priced(*before),
                after: priced(*after),
            })
            .collect();
        let bridge = items("product", ItemMethod::PriceVolumeMix, &list, &currency("CNY")).unwrap();
        prop_assert_eq!(bridge.amount(&StepKind::Price), Minor(0));
        prop_assert!(bridge.amount(&StepKind::Mix).0.abs() <= 1);
    }

    #[test]
    fn target_to_actual_sums_exactly(
        plan in proptest::collection::vec((0_u8..6, sold()), 0..8),
        deals in proptest::collection::vec(deal(), 0..20),
        shapley: bool,
    ) {
        let method = if shapley { ItemMethod::Shapley } else { ItemMethod::PriceVolumeMix };
        let plan: Vec<Planned> = plan
            .into_iter()
            .map(|(key, sold)| Planned { key: key.to_string(), sold })
            .collect();
        let from: i128 = plan.iter().map(|planned| i128::from(planned.sold.amount.0)).sum();
        let to: i128 = deals
            .iter()
            .map(|deal| match deal.outcome {
                Outcome::Won { spot, .. } => i128::from(spot.0),
                _ => 0,
            })
            .sum();
        let usd = currency("USD");
        balances(&against_plan("product", method, &plan, &deals, &usd).unwrap(), from, to, &usd)?;
        balances(&against_pipeline("product", method, &plan, &deals, &usd).unwrap(), from, to, &usd)?;
    }

    #[test]
    fn products_split_without_residual(segments in segments(), shapley: bool) {
        let method = if shapley { FactorMethod::Shapley } else { FactorMethod::Lmdi };
        let cny = currency("CNY");
        let bridge = factors("region", method, &names(), &segments, &cny).unwrap();
        let sum = |side: fn(&Segment) -> &Factors| {
            segments.iter().map(|segment| i128::from(side(segment).amount.0)).sum()
        };
        balances(&bridge, sum(|segment| &segment.before), sum(|segment| &segment.after), &cny)?;
        prop_assert_eq!(bridge.steps().len(), 3);
    }

    #[test]
    fn a_factor_that_stays_has_no_effect(
        share in 1_u32..100, before in 1_u32..5_000, after in 1_u32..5_000, shapley: bool,
    ) {
        let method = if shapley { FactorMethod::Shapley } else { FactorMethod::Lmdi };
        let side = |count: u32| Factors {
            amount: Fact(i64::from(count * share) * 100),
            values: vec![Some(f64::from(count)), Some(f64::from(share) / 100.0), Some(1.0)],
        };
        let segment = Segment { key: "all".to_owned(), before: side(before), after: side(after) };
        let bridge = factors("region", method, &names(), &[segment], &currency("CNY")).unwrap();
        prop_assert_eq!(bridge.steps()[0].amount.0, bridge.to().0 - bridge.from().0);
        prop_assert!(bridge.steps()[1].parts.is_empty() && bridge.steps()[2].parts.is_empty());
    }

    #[test]
    fn a_tree_sums_exactly_at_every_depth(
        nodes in proptest::collection::vec((any::<proptest::sample::Index>(), -9_000_i64..900_000, 0_i64..900_000), 1..40),
        at: proptest::sample::Index, depth in 0_usize..5, top in 0_usize..6,
    ) {
        let tree: Vec<Node> = nodes
            .iter()
            .enumerate()
            .map(|(place, (parent, from, to))| Node {
                key: place.to_string(),
                parent: (place > 0).then(|| parent.index(place)),
                from: Fact(*from),
                to: Fact(*to),
            })
            .collect();
        let at = at.index(tree.len());
        let below = |mut node: usize| loop {
            match tree[node].parent {
                _ if node == at => break true,
                Some(parent) => node = parent,
                None => break false,
            }
        };
        let sum = |side: fn(&Node) -> Fact| -> i128 {
            (0..tree.len()).filter(|node| below(*node)).map(|node| i128::from(side(&tree[node]).0)).sum()
        };
        let jpy = currency("JPY");
        let bridge = contributions("unit", &tree, at, depth, top, &jpy).unwrap();
        balances(&bridge, sum(|node| node.from), sum(|node| node.to), &jpy)?;
        prop_assert!(bridge.steps().len() <= top + 1);
    }
}
