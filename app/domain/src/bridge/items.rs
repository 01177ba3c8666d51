//! Price, volume and mix of items on both sides, and the items on one side only.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::draft::{Draft, Parts};
use super::{Bridge, BridgeError, Level, Method, StepKind};
use crate::money::{Currency, Fact, divide, round_to_sum};

/// Units and what they came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sold {
    /// In any unit that is the same for all items, for volume and mix add units up; 0 where only the amount is known.
    pub quantity: i64,
    /// The amount.
    pub amount: Fact,
}

/// An item on both sides; nothing sold is [`Sold::default`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// What it is looked up by; items of one key are added up.
    pub key: String,
    /// Where the bridge begins: the period before, or the plan.
    pub before: Sold,
    /// Where it ends.
    pub after: Sold,
}

/// How price is told from quantity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemMethod {
    /// Volume and mix at the prices before (Laspeyres), price at the units after (Paasche). With q and p of an item and Q,
    /// P̄ of all on both sides: volume Σ(q₁−q₀)·P̄₀ = (Q₁−Q₀)·P̄₀, mix Σ(q₁−q₀)(p₀−P̄₀) = Σq₁p₀ − Q₁·P̄₀,
    /// price Σ(p₁−p₀)·q₁.
    #[default]
    PriceVolumeMix,
    /// Neither side is the base: price Σ(p₁−p₀)(q₀+q₁)/2, quantity Σ(q₁−q₀)(p₀+p₁)/2 (Shapley 1953; the midpoint weights
    /// of Marshall 1887 and Edgeworth 1925).
    Shapley,
}

/// What items brought before and after, split by price and quantity at the level named.
///
/// Items on one side only are new or lost; with no item on both sides everything is. An item on both sides has a price
/// where its quantity is positive on both; without, it goes to [`StepKind::Amount`]. Steps of the method are always
/// there, this one only where it has something in it.
pub fn items(
    level: &str,
    method: ItemMethod,
    items: &[Item],
    currency: &Currency,
) -> Result<Bridge, BridgeError> {
    let mut totals = Totals::default();
    for item in items {
        totals.before(&item.key, item.before);
        totals.after(&item.key, item.after);
    }
    let mut draft = Draft {
        method: Method::Items(method),
        level: Level {
            name: level.to_owned(),
            ..Level::default()
        },
        from: items.iter().map(|item| i128::from(item.before.amount.0)).sum(),
        to: items.iter().map(|item| i128::from(item.after.amount.0)).sum(),
        steps: Vec::new(),
    };
    compare(&mut draft, method, &totals)?;
    draft.finish(currency)
}

/// Quantity and amount summed up.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) quantity: i128,
    pub(super) amount: i128,
}

impl Sum {
    const NOTHING: Self = Self {
        quantity: 0,
        amount: 0,
    };

    fn add(&mut self, sold: Sold) {
        self.quantity += i128::from(sold.quantity);
        self.amount += i128::from(sold.amount.0);
    }
}

/// Both sides by key.
#[derive(Default)]
pub(super) struct Totals<'a>(pub(super) BTreeMap<&'a str, (Sum, Sum)>);

impl<'a> Totals<'a> {
    pub(super) fn before(&mut self, key: &'a str, sold: Sold) {
        self.0.entry(key).or_default().0.add(sold);
    }

    pub(super) fn after(&mut self, key: &'a str, sold: Sold) {
        self.0.entry(key).or_default().1.add(sold);
    }

    /// Products of a sum of amounts and one of quantities stay below 2^125.
    pub(super) fn check(&self) -> Result<(), BridgeError> {
        let sizes = |side: fn(&(Sum, Sum)) -> Sum| {
            self.0.values().map(side).fold((0_u128, 0_u128), |sizes, sum| {
                let (quantity, amount) = (sum.quantity.unsigned_abs(), sum.amount.unsigned_abs());
                (sizes.0.saturating_add(quantity), sizes.1.saturating_add(amount))
            })
        };
        for (quantity, amount) in [sizes(|sides| sides.0), sizes(|sides| sides.1)] {
            if quantity > 1 << 61 || amount > i64::MAX as u128 {
                return Err(BridgeError::TooLarge);
            }
        }
        Ok(())
    }
}

/// Adds the steps from one side to the other, and the keys on each to the level.
pub(super) fn compare(draft: &mut Draft, method: ItemMethod, totals: &Totals) -> Result<(), BridgeError> {
    totals.check()?;
    let (mut new, mut lost, mut unpriced) = (Parts::new(), Parts::new(), Parts::new());
    let mut priced = Vec::new();
    for (key, (before, after)) in &totals.0 {
        match (*before == Sum::NOTHING, *after == Sum::NOTHING) {
            (true, true) => {}
            (true, false) => {
                draft.level.after += 1;
                new.push(((*key).to_owned(), after.amount));
            }
            (false, true) => {
                draft.level.before += 1;
                lost.push(((*key).to_owned(), -before.amount));
            }
            (false, false) => {
                draft.level.both += 1;
                if before.quantity > 0 && after.quantity > 0 {
                    priced.push((*key, *before, *after));
                } else {
                    unpriced.push(((*key).to_owned(), after.amount - before.amount));
                }
            }
        }
    }
    match method {
        ItemMethod::PriceVolumeMix => price_volume_mix(draft, &priced),
        ItemMethod::Shapley => price_and_quantity(draft, &priced),
    }
    draft.add(StepKind::New, new);
    draft.add(StepKind::Lost, lost);
    draft.add_if_any(StepKind::Amount, unpriced);
    Ok(())
}

/// An item with a price on both sides.
type Priced<'a> = (&'a str, Sum, Sum);

fn price_volume_mix(draft: &mut Draft, items: &[Priced]) {
    let (mut all_before, mut all_after) = (Sum::NOTHING, 0);
    for (_, before, after) in items {
        all_before.quantity += before.quantity;
        all_before.amount += before.amount;
        all_after += after.quantity;
    }
    let average = |quantity: i128| quantity * all_before.amount;
    // One where there is nothing: all numerators are nothing then.
    let unit = all_before.quantity.max(1);
    let numerators: Vec<i128> = items
        .iter()
        .map(|(_, before, after)| average(after.quantity - before.quantity))
        .collect();
    let sum = divide(average(all_after - all_before.quantity), unit);
    let volumes = round_to_sum(&numerators, unit, sum);
    let (mut volume, mut mix, mut price) = (Parts::new(), Parts::new(), Parts::new());
    for ((key, before, after), part) in items.iter().zip(volumes) {
        let at_old_price = divide(before.amount * after.quantity, before.quantity);
        volume.push(((*key).to_owned(), part));
        mix.push(((*key).to_owned(), at_old_price - before.amount - part));
        price.push(((*key).to_owned(), after.amount - at_old_price));
    }
    draft.add(StepKind::Volume, volume);
    draft.add(StepKind::Mix, mix);
    draft.add(StepKind::Price, price);
}

fn price_and_quantity(draft: &mut Draft, items: &[Priced]) {
    let doubled: Vec<i128> = items
        .iter()
        .map(|(_, before, after)| {
            let new_units_at_old_price = divide(before.amount * after.quantity, before.quantity);
            let old_units_at_new_price = divide(after.amount * before.quantity, after.quantity);
            after.amount - new_units_at_old_price + old_units_at_new_price - before.amount
        })
        .collect();
    // Halves are dealt out together, so that they do not all go to one side.
    let prices = round_to_sum(&doubled, 2, divide(doubled.iter().sum(), 2));
    let (mut quantity, mut price) = (Parts::new(), Parts::new());
    for ((key, before, after), part) in items.iter().zip(prices) {
        quantity.push(((*key).to_owned(), after.amount - before.amount - part));
        price.push(((*key).to_owned(), part));
    }
    draft.add(StepKind::Quantity, quantity);
    draft.add(StepKind::Price, price);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Minor;

    fn item(key: &str, before: (i64, i64), after: (i64, i64)) -> Item {
        let sold = |(quantity, yuan): (i64, i64)| Sold {
            quantity,
            amount: Fact(yuan * 10_000),
        };
        Item {
            key: key.to_owned(),
            before: sold(before),
            after: sold(after),
        }
    }

    fn yuan(bridge: &Bridge, kind: &StepKind) -> i64 {
        assert_eq!(bridge.amount(kind).0 % 100, 0);
        bridge.amount(kind).0 / 100
    }

    #[test]
    fn a_case_done_by_hand() {
        // Average price before 1,400 / 20 = 70; 10 more units in all.
        let list = [
            item("dear", (10, 1_000), (20, 2_200)),
            item("cheap", (10, 400), (10, 300)),
            item("gone", (1, 50), (0, 0)),
            item("fresh", (0, 0), (2, 80)),
            item("fee", (0, 30), (0, 45)),
            item("nothing", (0, 0), (0, 0)),
        ];
        let cny = Currency::from_code("CNY").unwrap();
        let bridge = items("product", ItemMethod::PriceVolumeMix, &list, &cny).unwrap();
        let steps = bridge
            .steps()
            .iter()
            .map(|step| (step.kind.clone(), step.amount.0 / 100));
        assert_eq!(
            steps.collect::<Vec<_>>(),
            [
                (StepKind::Volume, 700),
                (StepKind::Mix, 300),
                (StepKind::Price, 100),
                (StepKind::New, 80),
                (StepKind::Lost, -50),
                (StepKind::Amount, 15),
            ]
        );
        assert_eq!((bridge.from(), bridge.to()), (Minor(148_000), Minor(262_500)));
        let level = bridge.level();
        assert_eq!((level.both, level.before, level.after), (3, 1, 1));
        let shapley = items("product", ItemMethod::Shapley, &list, &cny).unwrap();
        // Price 10·15 − 10·10, quantity 10·105.
        assert_eq!(yuan(&shapley, &StepKind::Price), 50);
        assert_eq!(yuan(&shapley, &StepKind::Quantity), 1_050);
    }

    #[test]
    fn items_of_one_key_are_one_item() {
        let list = [item("a", (1, 10), (0, 0)), item("a", (0, 0), (2, 30))];
        let cny = Currency::from_code("CNY").unwrap();
        let bridge = items("product", ItemMethod::PriceVolumeMix, &list, &cny).unwrap();
        assert_eq!(yuan(&bridge, &StepKind::Volume), 10);
        assert_eq!(yuan(&bridge, &StepKind::Price), 10);
        assert_eq!(bridge.level().both, 1);
    }
}
