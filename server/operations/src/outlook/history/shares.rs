//! Which part of what each branch brought lately is of a product, a product category or a channel: what market factors on
//! one of them are about.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::calendar::{Day, Month};
use domain::outlook::change::{Shares, share_ppm};
use domain::outlook::{Factor, Thing, ThingKind};
use store::Reader;
use store::attainment::{Cut, Question, Time};
use store::exclusion::Excluded;
use store::metric::Metric;
use store::rollup::Dimension;
use uuid::Uuid;

use super::months::Months;
use crate::outlook::tree::Branches;
use crate::{Error, Scope, exclusion};

/// Months a share is read from: a whole year, so that no season weighs more than another.
const RECENT_MONTHS: i32 = 12;

/// What the shares are read from: facts of these months, without the deals that are left out.
pub(super) struct Ground<'a> {
    pub(super) metric: &'a Metric,
    pub(super) left_out: &'a [Excluded],
    pub(super) months: &'a Months,
    pub(super) as_of: Day,
}

/// The shares of everything the factors are about. Who brought nothing lately has the share of the branch above.
pub(super) async fn of(
    reader: &Reader,
    all: &Scope,
    factors: &[Factor],
    branches: &Branches,
    ground: &Ground<'_>,
) -> Result<Shares, Error> {
    let things: BTreeSet<Thing> = factors.iter().filter_map(|factor| factor.entry.of).collect();
    let Some(question) = question(&things, ground) else {
        return Ok(Shares::new());
    };
    let groups = if things.iter().any(|of| of.kind() == ThingKind::Category) {
        groups(reader, all).await?
    } else {
        HashMap::new()
    };
    let pieces = exclusion::sums_without(reader, all, ground.metric, &question, ground.left_out).await?;
    let nothing = || vec![0_i128; branches.list.len()];
    let mut whole = nothing();
    let mut parts: BTreeMap<Thing, Vec<i128>> = things.iter().map(|of| (*of, nothing())).collect();
    for piece in pieces {
        let at = branches.lowest(piece.member, piece.unit);
        let amount = i128::from(piece.amount.0);
        add(&mut whole, branches, at, amount);
        for (dimension, id) in question.by_things.iter().zip(piece.things) {
            let own = match dimension {
                Dimension::Product => [
                    Some(Thing::Product(id.into())),
                    groups.get(&id).map(|group| Thing::Category((*group).into())),
                ],
                _ => [Some(Thing::Channel(id.into())), None],
            };
            for of in own.into_iter().flatten() {
                if let Some(sums) = parts.get_mut(&of) {
                    add(sums, branches, at, amount);
                }
            }
        }
    }
    let shares = parts.into_iter().map(|(of, sums)| {
        let mut shares: Vec<u32> = Vec::with_capacity(sums.len());
        // Those above come first.
        for ((branch, part), whole) in branches.list.iter().zip(sums).zip(&whole) {
            let above = branch.above.and_then(|above| shares.get(above)).copied();
            shares.push(match above {
                Some(above) if *whole <= 0 => above,
                _ => share_ppm(part, *whole),
            });
        }
        (of, shares)
    });
    Ok(shares.collect())
}

/// What is asked of the facts; none where no factor is about a thing, or no month is whole.
fn question(things: &BTreeSet<Thing>, ground: &Ground<'_>) -> Option<Question> {
    let to_come = ground.months.to_come();
    let from: Month = to_come.plus(-RECENT_MONTHS).max(ground.months.first);
    if things.is_empty() || from >= to_come {
        return None;
    }
    let mut by_things = Vec::new();
    if things.iter().any(|of| of.kind() != ThingKind::Channel) {
        by_things.push(Dimension::Product);
    }
    if things.iter().any(|of| of.kind() == ThingKind::Channel) {
        by_things.push(Dimension::Channel);
    }
    Some(Question {
        from: from.first_day(),
        to: to_come.first_day().min(ground.as_of.plus(1)),
        time: Time::Whole,
        by_member: Cut::Apart,
        by_unit: Cut::Apart,
        by_things,
    })
}

/// The category of every product that has one.
async fn groups(reader: &Reader, all: &Scope) -> Result<HashMap<Uuid, Uuid>, Error> {
    let products = store::product::list(reader, all).await?;
    Ok(products
        .into_iter()
        .filter_map(|product| Some((product.id.0, product.category?.0)))
        .collect())
}

/// Adds to a branch and to all above it.
fn add(sums: &mut [i128], branches: &Branches, at: usize, amount: i128) {
    for place in branches.line(at) {
        if let Some(sum) = sums.get_mut(place) {
            *sum += amount;
        }
    }
}
