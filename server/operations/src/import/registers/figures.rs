//! Rows of potential and capability.

use std::collections::HashMap;

use domain::calendar::{Day, Fiscal};
use domain::id::{CapabilityId, MemberId, PotentialId, UnitId};
use domain::import::{Field, Reason, period_header};
use domain::potential::{Figure, Subject, Who, parse_rating};
use store::capability::Capability;
use store::potential::Potential;

use super::{Outcome, once};
use crate::clock;
use crate::import::catalog::{Catalog, Noun};
use crate::import::cells::{Cell, Cells};
use crate::import::refer::Refer;

/// What rows of figures are read with.
#[derive(Clone, Debug)]
pub(in crate::import) struct Reading {
    /// The fiscal calendar, for the names of periods.
    pub(in crate::import) fiscal: Fiscal,
    /// Today: from when a figure holds that does not say so.
    pub(in crate::import) today: Day,
    /// The code of the organization's currency.
    pub(in crate::import) currency: String,
}

/// A figure of potential: of exactly one unit, product or customer.
pub(super) fn potential(
    cells: &mut Cells<'_>,
    catalog: &mut Catalog,
    refer: &mut Refer,
    met: &mut HashMap<String, u64>,
    reading: &Reading,
) -> Option<Outcome> {
    let mut subjects = Vec::new();
    let mut named = 0;
    for (noun, field, kind) in [
        (Noun::Unit, Field::Unit, "unit"),
        (Noun::Product, Field::Product, "product"),
        (Noun::Account, Field::Account, "account"),
    ] {
        let name = cells.words(field);
        if name.is_empty() {
            continue;
        }
        named += 1;
        let id = refer.to(catalog, noun, field, name, cells);
        subjects.extend(id.and_then(|id| Subject::of(kind, id)));
    }
    if named != 1 {
        cells.wrong(Field::Unit, Reason::OneSubject, None);
    }
    let days = days(cells, reading.fiscal);
    let amount = required(Field::Amount, cells);
    cells.currency(&reading.currency);
    let source = cells.words(Field::Source).to_owned();
    let noted_on = cells.day(Field::NotedOn).over(None);
    let (Some(subject), Some((starts_on, ends_on)), Some(amount)) = (subjects.first(), days, amount) else {
        return None;
    };
    if !cells.problems.is_empty() {
        return None;
    }
    let key = format!("{}\u{1f}{starts_on}\u{1f}{ends_on}\u{1f}{source}", subject.id());
    once(cells, met, Field::Amount, key)?;
    let figure = Potential {
        id: PotentialId(clock::new_id()),
        subject: *subject,
        starts_on,
        ends_on,
        amount,
        source,
        noted_on: noted_on.unwrap_or(reading.today),
        import: None,
    };
    Some(catalog.put_potential(figure, noted_on.is_some()))
}

/// A figure of capability: of a member or of a unit, in money a month or as a rating.
pub(super) fn capability(
    cells: &mut Cells<'_>,
    catalog: &mut Catalog,
    refer: &mut Refer,
    met: &mut HashMap<String, u64>,
    reading: &Reading,
) -> Option<Outcome> {
    let (member, unit) = (cells.words(Field::Member), cells.words(Field::Unit));
    // A member's row may tell the unit besides, as lists of people do.
    let who = if !member.is_empty() {
        refer
            .to(catalog, Noun::Member, Field::Member, member, cells)
            .map(|id| Who::Member(MemberId(id)))
    } else if !unit.is_empty() {
        refer
            .to(catalog, Noun::Unit, Field::Unit, unit, cells)
            .map(|id| Who::Unit(UnitId(id)))
    } else {
        cells.wrong(Field::Member, Reason::NoCarrier, None);
        None
    };
    let figure = figure(cells);
    cells.currency(&reading.currency);
    let starts_on = cells.day(Field::StartsOn).over(None).unwrap_or(reading.today);
    let assessed_by = cells.words(Field::AssessedBy).to_owned();
    let (Some(who), Some(figure)) = (who, figure) else {
        return None;
    };
    if !cells.problems.is_empty() {
        return None;
    }
    let kind = figure.kind();
    let key = format!("{}\u{1f}{starts_on}\u{1f}{kind}\u{1f}{assessed_by}", who.id());
    once(cells, met, Field::Figure, key)?;
    Some(catalog.put_capability(Capability {
        id: CapabilityId(clock::new_id()),
        who,
        starts_on,
        figure,
        assessed_by,
        import: None,
    }))
}

/// Money, or a rating; a percentage among the money is a rating, too. One of the two.
fn figure(cells: &mut Cells<'_>) -> Option<Figure> {
    let (money, rating) = (cells.words(Field::Figure), cells.words(Field::Rating));
    match (money.is_empty(), rating.is_empty()) {
        (false, true) if money.ends_with(['%', '％']) => rated(Field::Figure, money, cells),
        (false, true) => required(Field::Figure, cells).map(Figure::Money),
        (true, false) => rated(Field::Rating, rating, cells),
        _ => {
            cells.wrong(Field::Figure, Reason::OneFigure, None);
            None
        }
    }
}

fn rated(field: Field, text: &str, cells: &mut Cells<'_>) -> Option<Figure> {
    let rating = parse_rating(text).map(Figure::Rating);
    if rating.is_none() {
        cells.wrong(field, Reason::Rating, None);
    }
    rating
}

/// An amount that must be there and not below zero.
fn required(field: Field, cells: &mut Cells<'_>) -> Option<domain::money::Fact> {
    let before = cells.problems.len();
    match cells.amount(field) {
        Cell::Set(amount) => Some(amount),
        Cell::Keep | Cell::Clear => {
            if cells.problems.len() == before {
                cells.wrong(field, Reason::Missing, None);
            }
            None
        }
    }
}

/// The days of a row: a period by name, or its first and last day.
fn days(cells: &mut Cells<'_>, fiscal: Fiscal) -> Option<(Day, Day)> {
    let name = cells.words(Field::Period);
    if !name.is_empty() {
        let period = fiscal
            .named(name)
            .or_else(|| period_header(name)?.resolve(fiscal, None));
        if period.is_none() {
            cells.wrong(Field::Period, Reason::Period, None);
        }
        return period.map(|period| (period.start, period.end));
    }
    let before = cells.problems.len();
    let ends = [Field::StartsOn, Field::EndsOn].map(|field| cells.day(field).over(None));
    match ends {
        [Some(starts_on), Some(last)] if last >= starts_on => Some((starts_on, last.plus(1))),
        [Some(starts_on), Some(last)] => {
            let reason = Reason::EndsBeforeStart {
                starts_on: starts_on.to_string(),
                ends_on: last.to_string(),
            };
            cells.wrong(Field::EndsOn, reason, None);
            None
        }
        [starts_on, _] => {
            if cells.problems.len() == before {
                let field = if starts_on.is_some() {
                    Field::EndsOn
                } else {
                    Field::Period
                };
                cells.wrong(field, Reason::Missing, None);
            }
            None
        }
    }
}
