//! An outlook as it is answered: what the asker sees of it, with market factors, and one branch in detail.

use domain::assumption::Planning;
use domain::calendar::{Fiscal, Month};
use domain::money::Minor;
use domain::outlook::change::{Changes, Node, changes, moved};
use domain::outlook::reckon::Expected;
use domain::outlook::{
    Before, BeforeState, Branch, Detail, Factor, Fan, Hole, Note, Outlook, Place, Step, Who,
};
use domain::target::Span;

use super::cache::{LookedAt, Reckoned};
use super::history::History;
use crate::{Error, Scope};

/// Comparable spans shown.
const MOST_BEFORE: i32 = 4;
/// Months without a newer fact after which that is said.
const OLD_MONTHS: i32 = 2;
const YEAR: i32 = 12;

/// The outlook of a planning as the asker sees it; `node`: the branch that is looked at.
pub(super) fn answer(
    scope: &Scope,
    planning: Planning,
    calendar: Fiscal,
    kept: &Reckoned,
    node: Option<Place>,
) -> Result<Outlook, Error> {
    let history = &kept.history;
    let visible: Vec<usize> = (0..history.branches.list.len())
        .filter(|at| sees(scope, history.branches.list[*at].place))
        .collect();
    let shown = |at: usize| visible.binary_search(&at).ok();
    let at = match node {
        Some(place) => history
            .branches
            .find(place)
            .and_then(shown)
            .ok_or(Error::NotFound("branch"))?,
        None => 0,
    };
    let seen = *visible.get(at).ok_or(Error::NotFound("branch"))?;
    let changed = changed(kept, &kept.history.factors);
    let mut branches: Vec<Branch> = visible
        .iter()
        .map(|at| branch(&planning, kept, &changed, *at))
        .collect();
    let top = branches.first().map_or(0, |branch| branch.depth);
    for branch in &mut branches {
        branch.above = branch.above.and_then(shown);
        branch.depth = branch.depth.saturating_sub(top);
    }
    let span_to = months_from(history.first, Month::of(planning.span.ends_on.plus(-1)).plus(1));
    let detail = detail(&planning, calendar, kept, &changed, seen, &branches[at]);
    Ok(Outlook {
        as_of: history.as_of,
        history: history.facts,
        first: history.first,
        known: history.known,
        months: history.known + history.steps,
        span_from: months_from(history.first, Month::of(planning.span.starts_on)),
        holes: history
            .holes
            .iter()
            .map(|(from, months)| Hole {
                from: months_from(history.first, *from),
                months: *months,
            })
            .collect(),
        span_to,
        branches,
        at,
        detail,
        factors: history
            .factors
            .iter()
            .filter(|factor| factor.entry.unit.is_none_or(|unit| scope.sees_unit(unit)))
            .cloned()
            .collect(),
        planning,
    })
}

fn months_from(first: Month, month: Month) -> usize {
    usize::try_from(month.0 - first.0).unwrap_or(0)
}

fn sees(scope: &Scope, place: Place) -> bool {
    match place.who {
        Who::Unit | Who::Nobody => scope.sees_unit(place.unit),
        Who::Member(member) => scope.sees_member(member),
    }
}

/// What market factors change of everything.
pub(super) fn changed(kept: &Reckoned, factors: &[Factor]) -> Changes {
    let Some(expected) = &kept.expected else {
        return Changes::default();
    };
    let history = &kept.history;
    let nodes: Vec<Node> = history
        .branches
        .list
        .iter()
        .map(|branch| Node {
            above: branch.above,
            unit: branch.place.is_unit().then_some(branch.place.unit),
        })
        .collect();
    // A forecast has a step at least, also where the planned span is over.
    let fans: Vec<&[Fan]> = expected
        .iter()
        .map(|expected| expected.fan.get(..history.steps).unwrap_or_default())
        .collect();
    changes(
        factors,
        &nodes,
        &fans,
        history.to_come(),
        &kept.span,
        &history.shares,
    )
}

fn branch(planning: &Planning, kept: &Reckoned, changed: &Changes, at: usize) -> Branch {
    let history = &kept.history;
    let known = &history.branches.list[at];
    let expected: Option<&Expected> = kept.expected.as_ref().and_then(|expected| expected.get(at));
    let by = changed.months.get(at).map(Vec::as_slice).unwrap_or_default();
    let fan: Vec<Fan> = expected
        .map(|expected| expected.fan.get(..history.steps).unwrap_or_default())
        .unwrap_or_default()
        .iter()
        .zip(by)
        .map(|(month, by)| moved(*month, *by))
        .collect();
    let added = changed
        .steps
        .iter()
        .filter_map(|steps| steps.get(at))
        .fold(0_i64, |sum, step| sum.saturating_add(step.0));
    let mut branch = Branch {
        place: known.place,
        name: known.name.clone(),
        above: known.above,
        depth: known.depth,
        history: history.amounts[at].clone(),
        total: expected.map(|expected| match added {
            0 => expected.total.clone(),
            added => expected.total.shifted(Minor(added)),
        }),
        before_factors: expected.map(|expected| expected.total.p50()),
        booked: history.series[at].booked,
        last_year: None,
        fan,
    };
    let year_before = months(planning.span, -YEAR).map(|month| amount(history, &branch, month));
    branch.last_year = year_before
        .collect::<Option<Vec<i64>>>()
        .map(|amounts| sum(&amounts));
    branch
}

/// The months of a span, moved by so many months.
fn months(span: Span, by: i32) -> impl Iterator<Item = Month> {
    let (from, to) = (Month::of(span.starts_on), Month::of(span.ends_on.plus(-1)));
    (from.0..=to.0).map(move |month| Month(month).plus(by))
}

/// What a month brought or is expected to bring; none before the first that is known, and in a hole.
fn amount(history: &History, branch: &Branch, month: Month) -> Option<i64> {
    let place = usize::try_from(month.0 - history.first.0).ok()?;
    match place.checked_sub(history.known) {
        None if history.is_hole(month) => None,
        None => branch.history.get(place).map(|amount| amount.0),
        Some(step) => branch.fan.get(step).map(|month| month.p50.0),
    }
}

fn sum(amounts: &[i64]) -> Minor {
    Minor(
        amounts
            .iter()
            .fold(0_i64, |sum, amount| sum.saturating_add(*amount)),
    )
}

fn detail(
    planning: &Planning,
    calendar: Fiscal,
    kept: &Reckoned,
    changed: &Changes,
    at: usize,
    branch: &Branch,
) -> Detail {
    let history = &kept.history;
    let expected = kept.expected.as_ref().and_then(|expected| expected.get(at));
    let is_over = history.steps == 0;
    let looked_at = if is_over {
        LookedAt::default()
    } else {
        kept.looked_at(at)
    };
    Detail {
        before: before(planning, calendar, history, branch),
        methods: expected
            .map(|expected| expected.methods.clone())
            .unwrap_or_default(),
        accuracy: looked_at.accuracy,
        festival: looked_at.festival,
        notes: notes(kept, at, expected),
        steps: history
            .factors
            .iter()
            .zip(changed.steps.iter().zip(&changed.cut).zip(&changed.parts))
            .map(|(factor, ((steps, cut), parts))| Step {
                factor: factor.id,
                amount: steps.get(at).copied().unwrap_or_default(),
                cut: cut.get(at).copied().unwrap_or_default(),
                share_ppm: parts.get(at).copied().flatten(),
            })
            .collect(),
        pipeline: history
            .deals
            .as_ref()
            .map(|deals| deals.of(&history.branches, at, planning.span)),
        left_out: history.left_out.get(at).cloned().unwrap_or_default(),
    }
}

/// The comparable spans before the planned one, oldest first, as far back as anything is known.
fn before(planning: &Planning, calendar: Fiscal, history: &History, branch: &Branch) -> Vec<Before> {
    let mut period = planning.period.clone();
    let mut found: Vec<Before> = Vec::new();
    for years in 1..=MOST_BEFORE {
        let by = -YEAR * years;
        period = period.map(|period| calendar.year_before(&period));
        let amounts: Vec<Option<i64>> = months(planning.span, by)
            .map(|month| amount(history, branch, month))
            .collect();
        let known: Vec<i64> = amounts.iter().flatten().copied().collect();
        let has_hole = months(planning.span, by).any(|month| history.is_hole(month));
        if known.is_empty() && !has_hole {
            break;
        }
        let begins = months(planning.span, by).next().unwrap_or(history.first);
        let ends = months(planning.span, by).last().unwrap_or(history.first);
        let state = if has_hole && begins >= history.first {
            BeforeState::Hole
        } else if known.len() < amounts.len() {
            BeforeState::Partial
        } else if ends >= history.to_come() {
            BeforeState::Landing
        } else {
            BeforeState::Whole
        };
        let moved = |day: domain::calendar::Day| Month::of(day).plus(by).first_day();
        found.push(Before {
            span: Span {
                starts_on: moved(planning.span.starts_on),
                ends_on: moved(planning.span.ends_on),
            },
            period: period.clone(),
            amount: sum(&known),
            state,
            growth: None,
        });
        if state == BeforeState::Partial {
            break;
        }
    }
    found.reverse();
    for place in 1..found.len() {
        let (earlier, later) = (&found[place - 1], &found[place]);
        let is_whole = |one: &Before| !matches!(one.state, BeforeState::Partial | BeforeState::Hole);
        if is_whole(earlier) && is_whole(later) && earlier.amount.0 > 0 {
            let growth = later.amount.0 as f64 / earlier.amount.0 as f64 - 1.0;
            found[place].growth = Some(growth);
        }
    }
    found
}

/// What can and cannot be concluded.
fn notes(kept: &Reckoned, at: usize, expected: Option<&Expected>) -> Vec<Note> {
    let history = &kept.history;
    let Some((_, last)) = history.facts else {
        return vec![Note::NoFacts];
    };
    let count = |months: usize| u32::try_from(months).unwrap_or(u32::MAX);
    let mut notes = Vec::new();
    let since = Month::of(history.as_of).0 - Month::of(last).0;
    if since >= OLD_MONTHS {
        notes.push(Note::Old {
            last,
            months: u32::try_from(since).unwrap_or(0),
        });
    }
    if history.other_currency > 0 {
        notes.push(Note::OtherCurrency {
            rows: history.other_currency,
        });
    }
    notes.extend(history.incomplete.map(|month| Note::Incomplete { month }));
    if history.steps == 0 {
        notes.push(Note::Over);
        return notes;
    }
    let amounts = &history.amounts[at];
    let begins = amounts.iter().position(|amount| amount.0 != 0);
    let months = begins.map_or(0, |begins| amounts.len() - begins);
    match begins {
        None if history.known > 0 => notes.push(Note::Nothing),
        _ if months < YEAR as usize => notes.push(Note::Short {
            months: count(months),
        }),
        _ if months < 2 * YEAR as usize => notes.push(Note::OneSeason {
            months: count(months),
        }),
        _ => {}
    }
    notes.extend(history.holes.iter().map(|(from, months)| Note::Hole {
        from: *from,
        months: count(*months),
    }));
    if begins.is_some() && expected.is_some_and(|expected| expected.seldom) {
        notes.push(Note::Seldom);
    }
    if months > 0 && history.steps > months {
        notes.push(Note::Far {
            months: count(history.steps),
        });
    }
    notes
}
