//! One fiscal year of a sheet: its plan, what becomes of its cells, where it lands.

use std::collections::BTreeMap;

use domain::access::Permission;
use domain::calendar::{Fiscal, Period, PeriodKind};
use domain::id::PlanId;
use domain::import::{Finding, Landing, Withheld};
use domain::plan::Grid;
use domain::target::{Span, VersionStatus};
use store::plan::Plan;
use store::version::{Basis, Node};
use store::{Scope, Session};

use super::filled::Filled;
use super::standing::{self, OnRecord};
use super::{Effect, Ground, Numbers, Publish, Sheet, SheetRow, Unsettled};
use crate::plan::history::{self, History};
use crate::plan::{absences, state};
use crate::{Error, clock, publish};

/// What becomes of a year.
#[derive(Debug)]
pub(super) struct Year {
    pub(super) landing: Landing,
    /// The version to be made; none where all stands already.
    pub(super) draft: Option<Draft>,
}

/// A version that is ready to be written.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) plan: Plan,
    /// Whether the plan is there already.
    pub(super) known: bool,
    pub(super) nodes: Vec<Node>,
    pub(super) bases: Vec<Basis>,
    pub(super) grid: Grid,
    pub(super) cells: Vec<store::cell::Cell>,
    pub(super) created: u64,
    pub(super) updated: u64,
}

/// The fiscal year a period lies in.
pub(super) fn of(fiscal: Fiscal, period: &Period) -> Period {
    fiscal.period_of(PeriodKind::Year, period.start)
}

/// Settles the rows of one fiscal year: where it lands (nowhere, if they say nothing), what each row does, and findings.
pub(super) async fn settle(
    session: &impl Session,
    scope: &Scope,
    sheet: &Sheet,
    rows: &[usize],
    ground: Ground<'_>,
) -> Result<(Option<Year>, Vec<Effect>, Vec<Finding>), Unsettled> {
    let all = state::all(scope);
    let rows: Vec<&SheetRow> = rows.iter().map(|row| &sheet.rows[*row]).collect();
    let Some(year) = rows.first().map(|row| of(ground.fiscal, &row.period)) else {
        return Ok((None, Vec::new(), Vec::new()));
    };
    let (plan, known) = plan(session, scope, sheet, &rows, &year, ground).await?;
    let spans: Vec<Span> = plan.periods.iter().map(Span::of).collect();
    let record = standing::on_record(session, &all, sheet.metric.as_str(), &spans).await?;
    let mut touched: Vec<Span> = rows.iter().map(|row| Span::of(&row.period)).collect();
    touched.sort_unstable();
    touched.dedup();
    let withheld = withheld(session, scope, sheet, &touched, &record).await?;
    let on_record = withheld.is_none() && sheet.publish != Publish::No;
    let draft = if known && !on_record {
        let since_ms = record.holders.last().map_or(i64::MIN, |holder| holder.since_ms);
        standing::in_draft(session, &all, &plan, &spans, since_ms).await?
    } else {
        None
    };
    let (standing_version, standing_status, mut numbers) = match draft {
        Some((version, numbers)) => (Some(version), VersionStatus::Draft, numbers),
        None => {
            let version = record.holders.last().map(|holder| holder.version);
            (version, VersionStatus::Published, record.numbers)
        }
    };
    let effects = lay(&rows, &spans, &mut numbers);
    let count = |wanted: Effect| effects.iter().filter(|effect| **effect == wanted).count() as u64;
    let (created, updated) = (count(Effect::Created), count(Effect::Updated));
    let mut landing = Landing {
        metric: sheet.metric.to_string(),
        year: year.name.clone(),
        plan: plan.name.clone(),
        version: standing_version,
        status: standing_status,
        made: false,
        withheld: withheld
            .clone()
            .filter(|_| standing_status == VersionStatus::Draft),
    };
    if created + updated == 0 {
        let says = rows.iter().any(|row| row.amount.is_some());
        return Ok((says.then_some(Year { landing, draft: None }), effects, Vec::new()));
    }
    landing.version = None;
    landing.made = true;
    landing.status = if on_record {
        VersionStatus::Published
    } else {
        VersionStatus::Draft
    };
    landing.withheld = withheld;
    let (draft, findings) = self::draft(session, &all, sheet, plan, &numbers, &year, ground).await?;
    let draft = Draft {
        known,
        created,
        updated,
        ..draft
    };
    Ok((
        Some(Year {
            landing,
            draft: Some(draft),
        }),
        effects,
        findings,
    ))
}

/// Lays rows over numbers; what each does.
fn lay(rows: &[&SheetRow], spans: &[Span], numbers: &mut Numbers) -> Vec<Effect> {
    let places: BTreeMap<Span, usize> = spans
        .iter()
        .enumerate()
        .map(|(place, span)| (*span, place))
        .collect();
    let one = |row: &&SheetRow| {
        let Some(place) = places.get(&Span::of(&row.period)) else {
            return Effect::Unchanged;
        };
        let key = (row.of, *place);
        match (row.amount, numbers.get(&key).copied()) {
            (Some(amount), None) => {
                numbers.insert(key, amount.0);
                Effect::Created
            }
            (Some(amount), Some(known)) if amount.0 != known => {
                numbers.insert(key, amount.0);
                Effect::Updated
            }
            (None, Some(_)) => {
                numbers.remove(&key);
                Effect::Updated
            }
            (Some(_), Some(_)) | (None, None) => Effect::Unchanged,
        }
    };
    rows.iter().map(one).collect()
}

/// The plan these rows belong to: one within their year that has all their periods, with as few others as may be; else the
/// year's own, and that it is new.
async fn plan(
    session: &impl Session,
    scope: &Scope,
    sheet: &Sheet,
    rows: &[&SheetRow],
    year: &Period,
    ground: Ground<'_>,
) -> Result<(Plan, bool), Error> {
    let whole = Span::of(year);
    let fits = |plan: &Plan| {
        plan.metric_key == sheet.metric.as_str()
            && whole.contains(plan.span)
            && rows.iter().all(|row| {
                let own = Span::of(&row.period);
                plan.periods.iter().any(|period| Span::of(period) == own)
            })
    };
    let plans = store::plan::list(session, &state::all(scope)).await?;
    let best = plans
        .into_iter()
        .filter(fits)
        .min_by_key(|plan| (plan.periods.len(), std::cmp::Reverse(plan.created_at_ms)));
    if let Some(plan) = best {
        return Ok((plan, true));
    }
    let periods = periods(ground.fiscal, year, rows);
    let plan = Plan {
        id: PlanId(clock::new_id()),
        metric_key: sheet.metric.as_str().to_owned(),
        name: year.name.clone(),
        span: whole,
        period_kind: periods
            .iter()
            .map(|period| period.kind)
            .min_by_key(|kind| kind.months())
            .unwrap_or(PeriodKind::Month),
        periods,
        import: Some(sheet.import),
        demo: ground.organization.demo,
        created_at_ms: clock::now_ms(),
        created_by: scope.actor.name().to_owned(),
    };
    Ok((plan, false))
}

/// The columns of a year: the rows' own periods, and between them quarters where the rows know no months, else months.
fn periods(fiscal: Fiscal, year: &Period, rows: &[&SheetRow]) -> Vec<Period> {
    let mut columns: BTreeMap<Span, Period> = rows
        .iter()
        .map(|row| (Span::of(&row.period), row.period.clone()))
        .collect();
    let months = columns.values().any(|period| period.kind == PeriodKind::Month);
    let kinds: &[PeriodKind] = if months {
        &[PeriodKind::Month]
    } else {
        &[PeriodKind::Quarter, PeriodKind::Month]
    };
    for kind in kinds {
        for period in fiscal.periods(*kind, year.start, year.end) {
            let span = Span::of(&period);
            if !columns.keys().any(|known| known.overlaps(span)) {
                columns.insert(span, period);
            }
        }
    }
    columns.into_values().collect()
}

/// Why these numbers may not go on record, where they were to.
async fn withheld(
    session: &impl Session,
    scope: &Scope,
    sheet: &Sheet,
    touched: &[Span],
    record: &OnRecord,
) -> Result<Option<Withheld>, Error> {
    if sheet.publish == Publish::No {
        return Ok(None);
    }
    if !scope.may(Permission::Publish) {
        return Ok(Some(Withheld::NotAllowed));
    }
    if let Some(cut) = publish::cut(session, scope, sheet.metric.as_str(), touched).await? {
        return Ok(Some(Withheld::Cuts { plan: cut.plan }));
    }
    let of_people = record
        .holders
        .iter()
        .find(|holder| !holder.from_sheet && holder.overlaps(touched));
    Ok(match of_people {
        Some(holder) if sheet.publish == Publish::UnlessPeopleDid => Some(Withheld::Replaces {
            plan: holder.plan.clone(),
        }),
        _ => None,
    })
}

/// Lays numbers over the tree.
async fn draft(
    session: &impl Session,
    all: &Scope,
    sheet: &Sheet,
    plan: Plan,
    numbers: &Numbers,
    year: &Period,
    ground: Ground<'_>,
) -> Result<(Draft, Vec<Finding>), Unsettled> {
    let Ground {
        parts, fiscal, today, ..
    } = ground;
    let days = History::days(plan.span, today, fiscal, &plan.periods);
    let history = history::read(session, all, &sheet.metric, days).await?;
    let base = parts.tree(today, plan.span, &history.sellers(plan.span, today));
    let language = ground.organization.language.as_str();
    let filled = Filled::new(parts, base, numbers, &plan, today, language);
    let shape = state::shape(&plan, filled.nodes())?;
    let mut grid =
        Grid::from_amounts(shape.clone(), filled.amounts(&shape)).map_err(|_| Unsettled::TooLarge)?;
    let mut away = absences(&grid, filled.tree());
    away.constraints
        .retain(|held| grid.amount(held.node, held.period).0 == 0);
    grid.fold(&away).map_err(state::damaged)?;
    let mut bases = history.bases(filled.tree(), plan.span, today, fiscal, &plan.periods);
    bases.extend(filled.bases());
    let mut findings = filled.differences(year);
    findings.extend(filled.same(year));
    let draft = Draft {
        known: false,
        cells: filled.cells(&plan),
        nodes: filled.into_nodes(),
        bases,
        grid,
        plan,
        created: 0,
        updated: 0,
    };
    Ok((draft, findings))
}
