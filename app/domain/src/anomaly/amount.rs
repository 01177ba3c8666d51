//! Orders whose amount is unlike the others, and single orders that make a period.

#![expect(
    clippy::disallowed_methods,
    reason = "statistics; nothing here decides a cell"
)]

use std::collections::BTreeMap;

use super::{Evidence, Finding, Order, Settings, Severity, total};
use crate::calendar::Period;
use crate::money::Fact;
use crate::statistics::{mad, median, normal_below};

/// Median absolute deviation to standard deviation, of a normal distribution.
const MAD_TO_SD: f64 = 1.482_602_218_505_602;

/// Variance of a median of n in variances of one, times n.
const MEDIAN_VARIANCE: f64 = std::f64::consts::FRAC_PI_2;

/// Fewer orders than this are not judged.
const LEAST_ORDERS: usize = 8;

/// Amounts that differ by less than this part are not told apart: prices are rounded.
const LEAST_SPREAD: f64 = 0.05;

/// What the others in a group say about one of them.
#[derive(Clone, Copy, Default)]
struct Effect {
    /// How far the group is from all, drawn towards 0 by what groups really differ.
    shift: f64,
    /// The variance that is left in it.
    variance: f64,
}

/// Orders whose amount is unlike those of the same product and customer: robust z of the logarithm beyond
/// `settings.z`. At 3.5, five of ten thousand lognormal amounts are as far off by chance.
///
/// The expected logarithm is that of all orders plus a shift of the product and one of the customer, each the median of
/// the *other* orders of the group, drawn towards zero where the group is thin (Bühlmann credibility on medians). The
/// spread is that of the product's residuals, mixed with that of all as if `settings.prior_orders` more had those. Amounts
/// that are not positive have no logarithm and are not judged; nor are fewer than eight orders.
pub fn amounts(orders: &[Order], settings: &Settings) -> Vec<Finding> {
    let orders: Vec<&Order> = orders.iter().filter(|order| order.amount.0 > 0).collect();
    let logs: Vec<f64> = orders.iter().map(|order| (order.amount.0 as f64).ln()).collect();
    let Some(middle) = median(&logs).filter(|_| logs.len() >= LEAST_ORDERS) else {
        return Vec::new();
    };
    let mut rests: Vec<f64> = logs.iter().map(|log| log - middle).collect();
    let mut left = vec![0.0; rests.len()];
    let products = groups(orders.iter().map(|order| order.product.as_deref()));
    let customers = groups(orders.iter().map(|order| order.customer.as_deref()));
    for grouped in [&products, &customers] {
        for (place, effect) in effects(grouped, &rests).into_iter().enumerate() {
            rests[place] -= effect.shift;
            left[place] += effect.variance;
        }
    }
    let scores: Vec<f64> = spreads(&products, &rests, settings)
        .iter()
        .enumerate()
        .map(|(place, spread)| rests[place] / (spread + left[place]).sqrt())
        .collect();
    let month = usual_month(&orders);
    let mut findings: Vec<Finding> = (0..orders.len())
        .filter(|place| scores[*place].abs() > settings.z)
        .map(|place| {
            let order = orders[place];
            let expected = Fact((logs[place] - rests[place]).exp().round() as i64);
            let stake = Fact(
                order
                    .amount
                    .0
                    .abs_diff(expected.0)
                    .min(i64::MAX as u64)
                    .cast_signed(),
            );
            let same = order.product.as_deref().and_then(|product| products.get(product));
            Finding {
                severity: Severity::of(stake, month, settings),
                stake,
                since: Some(order.day),
                records: vec![order.key.clone()],
                evidence: Evidence::Amount {
                    value: order.amount,
                    expected,
                    z: scores[place],
                    threshold: settings.z,
                    p: 2.0 * normal_below(-scores[place].abs()),
                    compared: same.map_or(0, |places| places.len() as u64 - 1),
                },
            }
        })
        .collect();
    super::rank(&mut findings);
    findings
}

/// The places of each group; those without a key are in none.
fn groups<'a>(keys: impl Iterator<Item = Option<&'a str>>) -> BTreeMap<&'a str, Vec<usize>> {
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, key) in keys.enumerate() {
        if let Some(key) = key {
            groups.entry(key).or_default().push(place);
        }
    }
    groups
}

/// For every value, what the others of its group say about it.
fn effects(groups: &BTreeMap<&str, Vec<usize>>, values: &[f64]) -> Vec<Effect> {
    let sorted: Vec<Vec<usize>> = groups
        .values()
        .map(|places| {
            let mut places = places.clone();
            places.sort_unstable_by(|a, b| values[*a].total_cmp(&values[*b]));
            places
        })
        .collect();
    let (mut within, mut middles, mut noise) = (Vec::new(), Vec::new(), 0.0);
    for places in sorted.iter().filter(|places| places.len() > 1) {
        let count = places.len() as f64;
        let middle = middle_without(places, values, None);
        // Two are nearer to their own middle than to the true one.
        let scale = (count / (count - 1.0)).sqrt();
        within.extend(places.iter().map(|place| (values[*place] - middle) * scale));
        middles.push(middle);
        noise += MEDIAN_VARIANCE / count;
    }
    let inside = spread(&within);
    let between = (spread(&middles) - inside * noise / middles.len().max(1) as f64).max(0.0);
    let strangers = Effect {
        shift: 0.0,
        variance: between,
    };
    let mut effects = vec![strangers; values.len()];
    for places in sorted.iter().filter(|places| places.len() > 1) {
        let others = (places.len() - 1) as f64;
        let own = between * others;
        let weight = if own > 0.0 {
            own / (own + MEDIAN_VARIANCE * inside)
        } else {
            0.0
        };
        for (index, place) in places.iter().enumerate() {
            effects[*place] = Effect {
                shift: weight * middle_without(places, values, Some(index)),
                variance: between * (1.0 - weight),
            };
        }
    }
    effects
}

/// The median of values at sorted places, one of them left out.
fn middle_without(places: &[usize], values: &[f64], without: Option<usize>) -> f64 {
    let count = places.len() - usize::from(without.is_some());
    let at = |rank: usize| {
        let skip = usize::from(without.is_some_and(|without| rank >= without));
        places.get(rank + skip).map_or(0.0, |place| values[*place])
    };
    f64::midpoint(at((count.saturating_sub(1)) / 2), at(count / 2))
}

/// A robust variance; 0 of nothing.
fn spread(values: &[f64]) -> f64 {
    let sd = MAD_TO_SD * mad(values).unwrap_or(0.0);
    sd * sd
}

/// For every value, the variance that is usual in its group.
fn spreads(groups: &BTreeMap<&str, Vec<usize>>, values: &[f64], settings: &Settings) -> Vec<f64> {
    let least = LEAST_SPREAD * LEAST_SPREAD;
    let all = spread(values).max(least);
    let prior = settings.prior_orders.max(0.0);
    let mut spreads = vec![all; values.len()];
    for places in groups.values().filter(|places| places.len() > 1) {
        let own: Vec<f64> = places.iter().map(|place| values[*place]).collect();
        let others = (own.len() - 1) as f64;
        let mixed = (others * spread(&own) + prior * all) / (others + prior);
        for place in places {
            spreads[*place] = mixed.max(least);
        }
    }
    spreads
}

/// What thirty days usually bring.
fn usual_month(orders: &[&Order]) -> Fact {
    let days = orders.iter().map(|order| i64::from(order.day.0));
    let span = days.clone().max().unwrap_or(0) - days.min().unwrap_or(0) + 1;
    let sum = total(orders.iter().map(|order| order.amount));
    Fact((sum.0 as f64 * 30.0 / span.max(30) as f64) as i64)
}

/// A period with what the largest of its orders are judged by.
#[derive(Clone, Debug, PartialEq)]
pub struct Filled {
    /// Its name.
    pub period: String,
    /// How many orders it has.
    pub orders: u64,
    /// What they sum to.
    pub sum: Fact,
    /// The largest of them, the largest first.
    pub largest: Vec<Order>,
}

/// Orders that make so large a part of their period that its sum says little about it: candidates to be left out of the
/// history before a season or a trend is read from it.
///
/// Such an order has at least `settings.one_off_share` of its period and twice the share that the largest order of a
/// period usually has, and `settings.one_off_typical` of a typical period, so that weak periods do not offer everything.
/// Periods of fewer than `settings.one_off_orders` orders are not judged. `periods` are sorted and do not overlap.
pub fn one_offs(orders: &[Order], periods: &[Period], settings: &Settings) -> Vec<Finding> {
    let mut inside: Vec<Vec<&Order>> = vec![Vec::new(); periods.len()];
    for order in orders {
        let place = periods.partition_point(|period| period.end <= order.day);
        if periods
            .get(place)
            .is_some_and(|period| period.contains(order.day))
        {
            inside[place].push(order);
        }
    }
    let filled: Vec<Filled> = inside
        .into_iter()
        .zip(periods)
        .map(|(mut orders, period)| {
            orders.sort_by_key(|order| std::cmp::Reverse(order.amount));
            Filled {
                period: period.name.clone(),
                orders: orders.len() as u64,
                sum: total(orders.iter().map(|order| order.amount)),
                largest: orders.into_iter().cloned().collect(),
            }
        })
        .collect();
    one_offs_among(&filled, settings)
}

/// The same where only the largest orders of each period are at hand.
pub fn one_offs_among(periods: &[Filled], settings: &Settings) -> Vec<Finding> {
    let share = |amount: Fact, sum: Fact| amount.0 as f64 / sum.0 as f64;
    let least = settings.one_off_orders.max(2) as u64;
    let judged = || {
        periods
            .iter()
            .filter(|period| period.orders >= least && period.sum.0 > 0)
    };
    let largest: Vec<f64> = judged()
        .filter_map(|period| Some(share(period.largest.first()?.amount, period.sum)))
        .collect();
    let typical: Vec<f64> = judged().map(|period| period.sum.0 as f64).collect();
    let (Some(usual), Some(typical)) = (median(&largest), median(&typical)) else {
        return Vec::new();
    };
    let threshold = settings.one_off_share.max((2.0 * usual).min(0.9));
    let mut findings = Vec::new();
    for period in judged() {
        for order in &period.largest {
            let part = share(order.amount, period.sum);
            if part < threshold || (order.amount.0 as f64) < settings.one_off_typical * typical {
                continue;
            }
            findings.push(Finding {
                severity: Severity::of(order.amount, Fact(typical as i64), settings),
                stake: order.amount,
                since: Some(order.day),
                records: vec![order.key.clone()],
                evidence: Evidence::OneOff {
                    value: order.amount,
                    period_sum: period.sum,
                    period: period.period.clone(),
                    share: part,
                    threshold,
                    usual_share: usual,
                    orders: period.orders,
                },
            });
        }
    }
    super::rank(&mut findings);
    findings
}
