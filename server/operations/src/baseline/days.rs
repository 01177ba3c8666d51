//! What every day brought, of everything and of one row; and whether all of it is of one product.

use std::collections::HashSet;

use domain::calendar::Day;
use domain::metric::{Dimension, Key};
use domain::money::Fact;
use store::attainment::{Cut, Question, Time};
use store::exclusion::Excluded;
use store::metric::Metric;
use store::rollup;

use super::Frame;
use super::slices::Days;
use crate::attainment::history::{self, Along, Ask};
use crate::{Error, Scope, exclusion};

/// The sums of every day.
pub(super) async fn whole_days(frame: &Frame, scope: &Scope, metric: &Metric) -> Result<Days, Error> {
    let (from, to) = frame.days();
    let question = Question {
        from,
        to,
        time: Time::Days,
        by_member: Cut::Together,
        by_unit: Cut::Together,
        by_things: Vec::new(),
    };
    let mut days = Days::default();
    for piece in store::attainment::sums(&frame.reader, scope, metric, &question).await? {
        days.add(Day(piece.time), piece.amount, piece.count);
    }
    for piece in exclusion::pieces(&question, &frame.left_out) {
        days.leave_out(Day(piece.time), Fact(-piece.amount.0));
    }
    Ok(days)
}

/// Whether all that is shown is of one product.
pub(super) async fn is_of_one_product(scope: &Scope, frame: &Frame) -> Result<bool, Error> {
    let Some((metric, _)) = frame.shown() else {
        return Ok(false);
    };
    let (from, to) = frame.days();
    let question = Question {
        from,
        to,
        time: Time::Whole,
        by_member: Cut::Together,
        by_unit: Cut::Together,
        by_things: vec![rollup::Dimension::Product],
    };
    let pieces = store::attainment::sums(&frame.reader, scope, metric, &question).await?;
    let products: HashSet<_> = pieces
        .iter()
        .filter(|piece| piece.count != 0)
        .map(|piece| piece.things[0])
        .collect();
    // Where a fact has no product, there may be others.
    Ok(products.len() == 1 && products.iter().all(|product| !product.is_nil()))
}

/// The sums of every day of one row of a dimension, and what it is called.
pub(super) async fn days_of(
    frame: &Frame,
    scope: &Scope,
    metric: &Metric,
    by: &Dimension,
    id: &str,
) -> Result<(Key, Days), Error> {
    let read = async |left_out: &[Excluded]| {
        let ask = Ask {
            by,
            days: frame.days(),
            time: Time::Days,
            left_out,
        };
        history::along(&frame.reader, scope, metric, frame.fiscal, ask).await
    };
    let mut key = None;
    let mut days = Days::default();
    let Along { zero, sums } = read(&[]).await?;
    for part in sums.into_iter().filter(|part| part.key.id == id) {
        days.add(Day(part.time), part.amount, part.count);
        key.get_or_insert(part.key);
    }
    if !frame.left_out.is_empty() {
        // What is left out of it is what is missing beside.
        let mut clean = Days::default();
        for part in read(&frame.left_out).await?.sums {
            if part.key.id == id {
                clean.add(Day(part.time), part.amount, part.count);
            }
        }
        days.leave_out_the_difference(&clean);
    }
    let key = key.or_else(|| zero.into_iter().find(|key| key.id == id));
    Ok((key.ok_or(Error::NotFound("row"))?, days))
}
