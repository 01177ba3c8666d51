//! To whom, where and how much of a fact counts.

use std::collections::HashMap;
use std::sync::Arc;

use domain::calendar::Day;
use domain::id::{MemberId, MetricId, ProductId, UnitId};
use domain::metric::{Bookings, Source, Status};
use domain::money::Fact;
use domain::order::{parts, table};
use store::assignment::Assignment;
use store::fact::{Credit, Credited, OfProduct};
use store::opportunity::Opportunity;
use store::order::{Line, Order};

/// To whom and where a fact counts.
#[derive(Clone, Debug)]
pub(crate) struct Crediting {
    pub(crate) metric: MetricId,
    pub(crate) root: UnitId,
    pub(crate) assignments: Arc<HashMap<MemberId, Vec<Assignment>>>,
    pub(crate) bookings: Bookings,
    pub(crate) today: Day,
}

/// A fact whose credits follow from itself.
pub(crate) trait Creditable: Credited {
    /// Its credits.
    fn credits_by(&self, crediting: &Crediting) -> Vec<Credit>;
}

impl Creditable for store::opportunity::Entry {
    fn credits_by(&self, crediting: &Crediting) -> Vec<Credit> {
        crediting.deal(&self.opportunity)
    }
}

impl Creditable for store::order::Entry {
    fn credits_by(&self, crediting: &Crediting) -> Vec<Credit> {
        crediting.order(&self.order, &self.lines)
    }
}

impl Crediting {
    /// Won deals count for their owner on the close date, split over the units they belong to that day by their shares; to
    /// the company as a whole where they belong nowhere. The parts total the amount exactly.
    pub(super) fn deal(&self, opportunity: &Opportunity) -> Vec<Credit> {
        let (Some(day), Some(amount), Status::Won, Source::Deals) = (
            opportunity.closed_on,
            opportunity.amount,
            opportunity.stage.status(),
            self.bookings.from,
        ) else {
            return Vec::new();
        };
        let (units, shares) = self.places(Some(opportunity.member), day, self.root);
        let amounts = parts(amount, &shares);
        units
            .into_iter()
            .zip(amounts)
            .enumerate()
            .map(|(part, (unit, amount))| Credit {
                metric: self.metric,
                part: part as i32,
                member: opportunity.member,
                unit,
                day,
                amount,
                count: i32::from(part == 0),
                of: None,
            })
            .collect()
    }

    /// Orders count for who sold them on the day they were placed, as deals do; without anybody, or where whoever it was
    /// belongs nowhere, for the unit they name, and else for the company. By product they fall as their lines do.
    pub(super) fn order(&self, order: &Order, lines: &[Line]) -> Vec<Credit> {
        let counting = order.amounts.counting(self.bookings.order_amount);
        let (Some(amount), false, Source::Orders) = (counting, order.cancelled, self.bookings.from) else {
            return Vec::new();
        };
        let day = order.ordered_on;
        let (units, shares) = self.places(order.member, day, order.unit.unwrap_or(self.root));
        let by_unit = parts(amount, &shares);
        let products = by_product(amount, lines);
        let amounts: Vec<Fact> = products.iter().map(|(_, amount)| *amount).collect();
        let cells = table(&by_unit, &amounts);
        // One product that is none needs no naming.
        let named = products.iter().any(|(product, _)| product.is_some());
        let mut credits = Vec::with_capacity(units.len() * products.len());
        for (place, (unit, cells)) in units.into_iter().zip(cells).enumerate() {
            for ((product, _), amount) in products.iter().zip(cells) {
                let part = credits.len() as i32;
                credits.push(Credit {
                    metric: self.metric,
                    part,
                    member: order.member.unwrap_or_default(),
                    unit,
                    day,
                    amount,
                    count: i32::from(part == 0),
                    of: named.then_some(OfProduct {
                        product: *product,
                        count: i32::from(place == 0),
                    }),
                });
            }
        }
        credits
    }

    /// The units a member belongs to on a day, with their shares; `otherwise` where there are none.
    fn places(&self, member: Option<MemberId>, day: Day, otherwise: UnitId) -> (Vec<UnitId>, Vec<i64>) {
        let held = member.and_then(|member| self.assignments.get(&member));
        let holds = held.into_iter().flatten();
        let (units, shares): (Vec<UnitId>, Vec<i64>) = holds
            .filter(|one| one.holds_on(day) && one.share_ppm > 0)
            .map(|one| (one.unit, i64::from(one.share_ppm)))
            .unzip();
        if units.is_empty() {
            (vec![otherwise], vec![1])
        } else {
            (units, shares)
        }
    }
}

/// What counts of an order by product, in the order of its lines: in proportion to what the lines of each come to, or all to
/// none where the lines do not say.
fn by_product(amount: Fact, lines: &[Line]) -> Vec<(Option<ProductId>, Fact)> {
    let mut products: Vec<(Option<ProductId>, i64)> = Vec::new();
    let mut places: HashMap<Option<ProductId>, usize> = HashMap::new();
    for line in lines {
        let place = *places.entry(line.product).or_insert_with(|| {
            products.push((line.product, 0));
            products.len() - 1
        });
        let weight = &mut products[place].1;
        *weight = weight.saturating_add(line.amount.unwrap_or_default().0);
    }
    let silent = products
        .iter()
        .map(|(_, weight)| i128::from(*weight))
        .sum::<i128>()
        == 0;
    match products.as_slice() {
        [] => return vec![(None, amount)],
        [(only, _)] => return vec![(*only, amount)],
        // They tell which products, not how much of each.
        _ if silent && amount.0 != 0 => match places.get(&None) {
            Some(place) => products[*place].1 = 1,
            None => products.push((None, 1)),
        },
        _ => {}
    }
    let weights: Vec<i64> = products.iter().map(|(_, weight)| *weight).collect();
    let amounts = if amount.0 == 0 && silent {
        // Lines that cancel each other out keep what they say.
        weights.iter().copied().map(Fact).collect()
    } else {
        parts(amount, &weights)
    };
    products
        .into_iter()
        .zip(amounts)
        .map(|((product, _), amount)| (product, amount))
        .collect()
}
