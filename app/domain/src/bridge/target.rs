//! Target to actual: timing, currency, and what the pipeline never held, besides price and volume.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::draft::{Draft, Parts};
use super::items::{Totals, compare};
use super::{Bridge, BridgeError, ItemMethod, Level, Method, Sold, StepKind};
use crate::money::{Currency, Fact, divide, round_to_sum};

/// What is planned of an item (a product, a person, …), at the rate of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// What it is looked up by; plans of one key are added up.
    pub key: String,
    /// Units and amount; no units where the plan is an amount only.
    pub sold: Sold,
}

/// A deal or an order that was expected in the period or won in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deal {
    /// What it is looked up by.
    pub key: String,
    /// The key of the item it counts for.
    pub item: String,
    /// Where the plan had it.
    pub expected: Expected,
    /// What became of it in the period.
    pub outcome: Outcome,
}

/// Where the plan had a deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "when")]
pub enum Expected {
    /// In this period, with these units and this amount at the rate of the plan.
    Here(Sold),
    /// In another period.
    Elsewhere,
    /// Nowhere: nobody knew of it.
    Nowhere,
}

/// What became of a deal in the period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "end")]
pub enum Outcome {
    /// Won in it.
    Won {
        /// Units, and the amount at the rate of the plan.
        sold: Sold,
        /// The amount at the rate of the day; the same where there is one currency.
        spot: Fact,
    },
    /// Lost in it.
    Lost,
    /// Still open at its end, or decided in another period.
    NotYet,
}

/// From a plan by item to what was won.
///
/// Deals expected elsewhere and won here slipped in. Deals expected here and not decided slipped out: they are taken from
/// the plan of their item, at its price, together up to what was planned of it. All amounts won at the rate of the day
/// less those at the rate of the plan are the currency. What is left of the plan goes to the rest of what was won by
/// `method`: items without a plan are new, planned ones without a sale are lost, and where plan or sales have no units
/// the difference is [`StepKind::Amount`]. Parts of timing and currency are deals, the others items.
pub fn against_plan(
    level: &str,
    method: ItemMethod,
    plan: &[Planned],
    deals: &[Deal],
    currency: &Currency,
) -> Result<Bridge, BridgeError> {
    let mut draft = begin(level, method, plan, deals);
    let mut totals = Totals::default();
    for planned in plan {
        totals.before(&planned.key, planned.sold);
    }
    totals.check()?;
    draft.add_if_any(StepKind::SlippedOut, take_slipped(&mut totals, deals));
    for deal in deals {
        if let Outcome::Won { sold, .. } = deal.outcome
            && deal.expected != Expected::Elsewhere
        {
            totals.after(&deal.item, sold);
        }
    }
    compare(&mut draft, method, &totals)?;
    finish(draft, deals, currency)
}

/// From a target by item over the pipeline that was expected for it to what was won.
///
/// What the target has beyond the expected deals is unworked, what those have beyond it a surplus, by item. Expected deals
/// were lost, slipped out, or were won, and then `method` compares by item what was expected of them with what they
/// came to. Deals that nobody knew of are new. Parts of timing, loss, new deals and currency are deals, the others items.
pub fn against_pipeline(
    level: &str,
    method: ItemMethod,
    target: &[Planned],
    deals: &[Deal],
    currency: &Currency,
) -> Result<Bridge, BridgeError> {
    let mut draft = begin(level, method, target, deals);
    let mut uncovered: BTreeMap<&str, i128> = BTreeMap::new();
    for planned in target {
        *uncovered.entry(&planned.key).or_default() += i128::from(planned.sold.amount.0);
    }
    let mut totals = Totals::default();
    let (mut lost, mut out, mut new) = (Parts::new(), Parts::new(), Parts::new());
    for deal in deals {
        match (deal.expected, deal.outcome) {
            (Expected::Here(expected), outcome) => {
                let amount = i128::from(expected.amount.0);
                *uncovered.entry(&deal.item).or_default() -= amount;
                match outcome {
                    Outcome::Won { sold, .. } => {
                        totals.before(&deal.item, expected);
                        totals.after(&deal.item, sold);
                    }
                    Outcome::Lost => lost.push((deal.key.clone(), -amount)),
                    Outcome::NotYet => out.push((deal.key.clone(), -amount)),
                }
            }
            (Expected::Nowhere, Outcome::Won { sold, .. }) => {
                new.push((deal.key.clone(), sold.amount.0.into()));
            }
            (Expected::Nowhere | Expected::Elsewhere, _) => {}
        }
    }
    let parts = |wanted: fn(i128) -> bool| -> Parts {
        let left = uncovered.iter().filter(|(_, amount)| wanted(**amount));
        left.map(|(key, amount)| ((*key).to_owned(), -amount)).collect()
    };
    draft.add_if_any(StepKind::Unworked, parts(|amount| amount > 0));
    draft.add_if_any(StepKind::Surplus, parts(|amount| amount < 0));
    draft.add_if_any(StepKind::SlippedOut, out);
    compare(&mut draft, method, &totals)?;
    draft.add(StepKind::New, new);
    draft.add(StepKind::Lost, lost);
    finish(draft, deals, currency)
}

fn begin(level: &str, method: ItemMethod, plan: &[Planned], deals: &[Deal]) -> Draft {
    let won = deals.iter().filter_map(|deal| match deal.outcome {
        Outcome::Won { spot, .. } => Some(i128::from(spot.0)),
        Outcome::Lost | Outcome::NotYet => None,
    });
    Draft {
        method: Method::Items(method),
        level: Level {
            name: level.to_owned(),
            ..Level::default()
        },
        from: plan.iter().map(|planned| i128::from(planned.sold.amount.0)).sum(),
        to: won.sum(),
        steps: Vec::new(),
    }
}

/// The steps that both ways have in common, after the others.
fn finish(mut draft: Draft, deals: &[Deal], currency: &Currency) -> Result<Bridge, BridgeError> {
    let (mut slipped_in, mut rate) = (Parts::new(), Parts::new());
    for deal in deals {
        if let Outcome::Won { sold, spot } = deal.outcome {
            rate.push((deal.key.clone(), i128::from(spot.0) - i128::from(sold.amount.0)));
            if deal.expected == Expected::Elsewhere {
                slipped_in.push((deal.key.clone(), sold.amount.0.into()));
            }
        }
    }
    draft.add_if_any(StepKind::SlippedIn, slipped_in);
    draft.add_if_any(StepKind::Currency, rate);
    draft.finish(currency)
}

/// Takes what slipped out from the plans of the items; the parts are deals.
fn take_slipped(totals: &mut Totals, deals: &[Deal]) -> Parts {
    let mut slipped: BTreeMap<&str, Vec<(&str, i128)>> = BTreeMap::new();
    for deal in deals {
        if let (Expected::Here(expected), Outcome::NotYet) = (deal.expected, deal.outcome)
            && expected.amount.0 > 0
        {
            let list = slipped.entry(&deal.item).or_default();
            list.push((&deal.key, expected.amount.0.into()));
        }
    }
    let mut parts = Parts::new();
    for (item, list) in slipped {
        let Some((planned, _)) = totals.0.get_mut(item).filter(|(planned, _)| planned.amount > 0) else {
            continue;
        };
        let sum: i128 = list.iter().map(|(_, amount)| amount).sum();
        let taken = sum.min(planned.amount);
        // Up to the plan, by the size of the deals.
        let shares: Vec<i128> = list.iter().map(|(_, amount)| amount * taken).collect();
        for ((key, _), amount) in list.iter().zip(round_to_sum(&shares, sum, taken)) {
            parts.push(((*key).to_owned(), -amount));
        }
        planned.quantity -= divide(planned.quantity * taken, planned.amount);
        planned.amount -= taken;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Minor;

    fn sold(quantity: i64, yuan: i64) -> Sold {
        Sold {
            quantity,
            amount: Fact(yuan * 10_000),
        }
    }

    fn planned(key: &str, quantity: i64, yuan: i64) -> Planned {
        Planned {
            key: key.to_owned(),
            sold: sold(quantity, yuan),
        }
    }

    fn deal(key: &str, item: &str, expected: Expected, outcome: Outcome) -> Deal {
        Deal {
            key: key.to_owned(),
            item: item.to_owned(),
            expected,
            outcome,
        }
    }

    fn won(quantity: i64, yuan: i64, spot: i64) -> Outcome {
        Outcome::Won {
            sold: sold(quantity, yuan),
            spot: Fact(spot * 10_000),
        }
    }

    fn steps(bridge: &Bridge) -> Vec<(StepKind, i64)> {
        let steps = bridge.steps().iter().filter(|step| step.amount.0 != 0);
        steps
            .map(|step| (step.kind.clone(), step.amount.0 / 100))
            .collect()
    }

    fn cny() -> Currency {
        Currency::from_code("CNY").unwrap()
    }

    #[test]
    fn timing_and_currency_come_before_price_and_volume() {
        let plan = [
            planned("a", 10, 1_000),
            planned("b", 0, 500),
            planned("c", 4, 400),
        ];
        let deals = [
            deal("1", "a", Expected::Here(sold(4, 400)), Outcome::NotYet),
            deal("2", "a", Expected::Here(sold(6, 600)), won(8, 880, 900)),
            deal("3", "a", Expected::Elsewhere, won(1, 130, 120)),
            deal("4", "b", Expected::Nowhere, won(0, 450, 450)),
            deal("5", "d", Expected::Nowhere, won(1, 70, 70)),
            deal("6", "c", Expected::Here(sold(4, 400)), Outcome::Lost),
        ];
        let bridge = against_plan("product", ItemMethod::PriceVolumeMix, &plan, &deals, &cny()).unwrap();
        assert_eq!((bridge.from(), bridge.to()), (Minor(190_000), Minor(154_000)));
        assert_eq!(
            steps(&bridge),
            [
                (StepKind::SlippedOut, -400),
                (StepKind::Volume, 200),
                (StepKind::Price, 80),
                (StepKind::New, 70),
                (StepKind::Lost, -400),
                (StepKind::Amount, -50),
                (StepKind::SlippedIn, 130),
                (StepKind::Currency, 10),
            ]
        );
    }

    #[test]
    fn no_more_slips_out_than_was_planned() {
        let plan = [planned("a", 10, 1_000)];
        let deals = [
            deal("1", "a", Expected::Here(sold(0, 1_200)), Outcome::NotYet),
            deal("2", "a", Expected::Here(sold(0, 800)), Outcome::NotYet),
            deal("3", "unplanned", Expected::Here(sold(0, 800)), Outcome::NotYet),
        ];
        let bridge = against_plan("product", ItemMethod::PriceVolumeMix, &plan, &deals, &cny()).unwrap();
        assert_eq!(steps(&bridge), [(StepKind::SlippedOut, -1_000)]);
        let parts: Vec<(&str, i64)> = bridge.steps()[0]
            .parts
            .iter()
            .map(|part| (part.key.as_str(), part.amount.0))
            .collect();
        assert_eq!(parts, [("1", -60_000), ("2", -40_000)]);
    }

    #[test]
    fn what_nobody_worked_on_is_told_from_what_was_lost() {
        let target = [planned("a", 0, 1_000), planned("b", 0, 300)];
        let deals = [
            deal("1", "a", Expected::Here(sold(0, 200)), Outcome::Lost),
            deal("2", "a", Expected::Here(sold(0, 100)), Outcome::NotYet),
            deal("3", "a", Expected::Here(sold(0, 300)), won(0, 280, 280)),
            deal("4", "a", Expected::Nowhere, won(0, 50, 50)),
            deal("5", "b", Expected::Here(sold(0, 350)), won(0, 350, 340)),
            deal("6", "b", Expected::Elsewhere, won(0, 60, 60)),
            deal("7", "b", Expected::Elsewhere, Outcome::Lost),
        ];
        let bridge =
            against_pipeline("product", ItemMethod::PriceVolumeMix, &target, &deals, &cny()).unwrap();
        assert_eq!((bridge.from(), bridge.to()), (Minor(130_000), Minor(73_000)));
        assert_eq!(
            steps(&bridge),
            [
                (StepKind::Unworked, -400),
                (StepKind::Surplus, 50),
                (StepKind::SlippedOut, -100),
                (StepKind::New, 50),
                (StepKind::Lost, -200),
                (StepKind::Amount, -20),
                (StepKind::SlippedIn, 60),
                (StepKind::Currency, -10),
            ]
        );
    }
}
