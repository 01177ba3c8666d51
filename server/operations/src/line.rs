//! Lines of a target: proposed by history, changed one at a time, kept with the version.

mod cache;
pub(crate) mod rows;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::access::Permission;
use domain::assumption::{Planning, PlanningQuery};
use domain::calendar::{Day, Fiscal, Month};
use domain::event::Event;
use domain::format::Lang;
use domain::id::VersionId;
use domain::line::{self, Line, LineBy, LineError, REST};
use domain::metric::Dimension;
use domain::money::{Currency, Fact, Minor};
use domain::plan::{MAX_AMOUNT, NodeIndex};
use domain::target::{LineChange, Lines, Span};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::attainment::Time;
use store::exclusion::Excluded;
use store::metric::Metric;
use store::organization::Organization;
use store::{Session, Writer};

use crate::attainment::fiscal;
use crate::attainment::history::{Ask, along};
use crate::plan::state::{self, State};
use crate::scope::require;
use crate::{Error, Operations, Scope, assumption, audit, exclusion, target};

pub(crate) use cache::Cache;
pub(crate) use rows::{keep_profiles, refuse_own, refuse_unmet};

/// Months of history that lines are proposed by.
const TRAILING_MONTHS: i32 = 12;
/// Things of the rest that are offered for a line of their own.
const OFFERED: usize = 200;

/// The lines of the whole as somebody decided them, by dimension.
type Decided = Vec<(LineBy, Vec<Line>)>;

/// What each line of a dimension brought: key, name, amount.
type History = Vec<(String, String, Minor)>;

impl Operations {
    /// The lines of every dimension that a target can be cut by: as somebody decided them, else as history proposes.
    pub(crate) async fn lines(
        &self,
        scope: &Scope,
        planning: &Planning,
        total: Minor,
    ) -> Result<Vec<Lines>, Error> {
        let mut decided = decided(&self.database.reader(), scope, planning).await?;
        let mut all = Vec::new();
        for by in LineBy::ALL {
            let history = self.line_history(scope, planning, by).await?;
            let known = decided
                .iter()
                .position(|(known, _)| *known == by)
                .map(|place| decided.swap_remove(place).1);
            let proposed = known.is_none();
            let (lines, fault) = match known {
                Some(mut lines) => {
                    let fault = line::fit(total, &mut lines).err();
                    (lines, fault)
                }
                None if is_cut(&history) => match line::propose(total, history.to_vec()) {
                    Ok(lines) => (lines, None),
                    Err(fault) => (Vec::new(), Some(fault)),
                },
                None => continue,
            };
            let in_rest = if lines.iter().any(|line| line.key == REST) {
                in_rest(&lines, history.to_vec())
            } else {
                Vec::new()
            };
            all.push(Lines {
                by,
                proposed,
                lines,
                fault,
                in_rest,
            });
        }
        Ok(all)
    }

    /// Changes a line of a draft; the others of its dimension give and take.
    pub async fn change_line(
        &self,
        scope: &Scope,
        version: VersionId,
        by: LineBy,
        change: LineChange,
    ) -> Result<(), Error> {
        require(scope, Permission::EditPlan)?;
        let planning = self.planning(scope, &PlanningQuery::of(version)).await?;
        let history = self.line_history(scope, &planning, by).await?;
        let writer = self.database.writer().await?;
        let row = target::lock(&writer, scope, version).await?;
        let state = State::load(&writer, &state::all(scope), row).await?;
        let total = state.grid.amount(NodeIndex(0), None);
        let set = assumption::open(&writer, scope, &planning).await?;
        let decided = store::line::list(&writer, scope, set).await?;
        let mut lines = match decided.into_iter().find(|(known, _)| *known == by) {
            Some((_, lines)) => lines,
            None if is_cut(&history) => line::propose(total, history.to_vec())
                .map_err(|refusal| refused(&refusal, &planning.currency))?,
            None => {
                return Err(Error::conflict(
                    "no_lines",
                    "历史里没有这个维度的数据，无法按它拆分。请先导入带有这一列的订单或商机。",
                    "The history has nothing of this dimension to cut by. Import orders or deals that say it first.",
                ));
            }
        };
        let detail = json!({ "by": by, "change": change });
        let done = match change {
            LineChange::Propose => {
                lines.clear();
                Ok(())
            }
            LineChange::Set { amount, .. } if amount.0 > MAX_AMOUNT => Err(LineError::Over {
                total,
                missing: Minor(amount.0.saturating_sub(total.0)),
                locked: Vec::new(),
            }),
            LineChange::Set { key, amount } => {
                line::fit(total, &mut lines).and_then(|()| line::set(total, &mut lines, &key, amount))
            }
            LineChange::Lock { key, locked } => {
                // A lock holds what is shown now; one that is let go may be just what the total waits for.
                let met = line::fit(total, &mut lines);
                if locked { met } else { Ok(()) }.and_then(|()| line::lock(&mut lines, &key, locked))
            }
            LineChange::SingleOut { key } => line::fit(total, &mut lines).and_then(|()| {
                let (_, name, amount) = history
                    .iter()
                    .find(|(known, ..)| *known == key)
                    .ok_or_else(|| LineError::Unknown { key: key.clone() })?;
                line::single_out(&mut lines, &key, name, *amount)
            }),
        };
        done.map_err(|refusal| refused(&refusal, &planning.currency))?;
        store::line::put(&writer, scope, set, by, &lines).await?;
        let subject = format!("version:{version}");
        audit::commit(
            writer,
            scope,
            "target.line",
            &subject,
            &detail,
            &Event::AssumptionsChanged,
        )
        .await
    }

    /// What history proposes where nobody decided, with the planning it is for: to be kept by [`keep`].
    pub(crate) async fn proposed_lines(
        &self,
        scope: &Scope,
        version: VersionId,
    ) -> Result<(Planning, Vec<Lines>), Error> {
        let planning = self.planning(scope, &PlanningQuery::of(version)).await?;
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        let state = State::load(&reader, &state::all(scope), row).await?;
        let total = state.grid.amount(NodeIndex(0), None);
        let mut lines = self.lines(scope, &planning, total).await?;
        lines.retain(|lines| lines.proposed);
        Ok((planning, lines))
    }

    /// What every line brought in the last twelve months before the plan that facts can be known of.
    async fn line_history(
        &self,
        scope: &Scope,
        planning: &Planning,
        by: LineBy,
    ) -> Result<Arc<History>, Error> {
        let reader = self.database.reader();
        // Who plans cuts by all there is, also by a token that reads no boards.
        let all = state::all(scope);
        // Read before anything else: what changes meanwhile has a higher number.
        let change = store::outbox::head(&reader, &all).await?;
        let organization = store::organization::get(&reader, &all).await?;
        let today = self.today_of(&organization).day;
        let Some(trail) = trail(&reader, &all, planning, &organization, today).await? else {
            return Ok(Arc::default());
        };
        let key = trail.key(&all, by, &organization.currency, &[]);
        let memory = self.line_memory.histories();
        if let Some(known) = memory.find(&reader, &all, &key, change).await? {
            return Ok(known);
        }
        let dimension = dimension(by);
        let along = along(&reader, &all, &trail.metric, trail.fiscal, trail.ask(&dimension)).await?;
        let mut sums: BTreeMap<(String, String), i64> = BTreeMap::new();
        for key in along.zero {
            sums.entry((key.id, key.name)).or_default();
        }
        for part in along.sums {
            let sum = sums.entry((part.key.id, part.key.name)).or_default();
            *sum = sum.saturating_add(part.amount.0);
        }
        let currency = &organization.currency;
        let history: History = sums
            .into_iter()
            .map(|((key, name), amount)| (key, name, Fact(amount).to_minor(currency)))
            .collect();
        let history = Arc::new(history);
        memory.keep(key, change, Arc::clone(&history));
        Ok(history)
    }
}

/// What the lines of a target sum to in the dimensions where that is not its total: all of them are locked, say.
pub(crate) fn off(lines: &[Lines], total: Minor) -> Vec<(LineBy, Minor)> {
    let sums = lines.iter().filter(|lines| lines.fault.is_some()).map(|lines| {
        let sum: i128 = lines.lines.iter().map(|line| i128::from(line.amount.0)).sum();
        (lines.by, Minor(i64::try_from(sum).unwrap_or(i64::MAX)))
    });
    sums.filter(|(_, sum)| *sum != total).collect()
}

/// Whether a history tells anything apart: something was sold that bears the dimension.
fn is_cut(history: &History) -> bool {
    history
        .iter()
        .any(|(key, _, amount)| !key.is_empty() && amount.0 > 0)
}

/// What is in the rest, the largest first.
fn in_rest(lines: &[Line], mut history: History) -> Vec<(String, String)> {
    history.retain(|(key, ..)| !key.is_empty() && lines.iter().all(|line| line.key != *key));
    history.sort_by(|(a, _, left), (b, _, right)| right.cmp(left).then_with(|| a.cmp(b)));
    history.truncate(OFFERED);
    history.into_iter().map(|(key, name, _)| (key, name)).collect()
}

/// Keeps what history proposes of the dimensions that nobody decided: what is frozen does not follow the history any more.
pub(crate) async fn keep(
    writer: &Writer,
    scope: &Scope,
    planning: &Planning,
    lines: Vec<Lines>,
) -> Result<(), Error> {
    if lines.iter().all(|lines| !lines.proposed) {
        return Ok(());
    }
    let set = assumption::kept(writer, scope, planning).await?;
    for lines in lines.into_iter().filter(|lines| lines.proposed) {
        store::line::put(writer, scope, set, lines.by, &lines.lines).await?;
    }
    Ok(())
}

/// The history that lines are proposed by.
struct Trail {
    metric: Metric,
    fiscal: Fiscal,
    days: (Day, Day),
    left_out: Vec<Excluded>,
}

impl Trail {
    fn ask<'a>(&'a self, by: &'a Dimension) -> Ask<'a> {
        Ask {
            by,
            days: self.days,
            time: Time::Whole,
            left_out: &self.left_out,
        }
    }

    /// What an answer of a dimension is kept by; `more`: what else it is made of.
    fn key(&self, all: &Scope, by: LineBy, currency: &Currency, more: &[u8]) -> cache::Key {
        let mut hash = Sha256::new();
        let (metric, days, left_out) = (&self.metric, self.days, &self.left_out);
        hash.update(format!("{by:?} {currency:?} {metric:?} {days:?} {left_out:?} "));
        hash.update(more);
        cache::Key {
            organization: all.organization,
            made_of: hash.finalize().into(),
        }
    }
}

/// Reads what somebody decided of the lines of the whole.
async fn decided(session: &impl Session, scope: &Scope, planning: &Planning) -> Result<Decided, Error> {
    match assumption::find(session, scope, planning).await? {
        Some(set) => Ok(store::line::list(session, scope, set).await?),
        None => Ok(Vec::new()),
    }
}

/// The history of a planning as of a day; none where there is none.
async fn trail(
    session: &impl Session,
    all: &Scope,
    planning: &Planning,
    organization: &Organization,
    today: Day,
) -> Result<Option<Trail>, Error> {
    let Some(metric) = store::metric::find(session, all, &planning.metric).await? else {
        return Ok(None);
    };
    let span = trailing(planning.span, Month::of(today));
    let days = (span.starts_on, span.ends_on.min(today.plus(1)));
    if days.0 >= days.1 {
        return Ok(None);
    }
    let left_out = exclusion::of_planning(session, all, &metric, planning).await?;
    Ok(Some(Trail {
        metric,
        fiscal: fiscal(organization)?,
        days,
        left_out,
    }))
}

/// The dimension of the history that lines are of.
fn dimension(by: LineBy) -> Dimension {
    match by {
        LineBy::Product => Dimension::Product,
        LineBy::Category => Dimension::Category,
        LineBy::Channel => Dimension::Channel,
        LineBy::Account => Dimension::Account,
    }
}

/// The last twelve months before a plan that facts can be known of.
fn trailing(span: Span, this_month: Month) -> Span {
    let ends_on = span.starts_on.min(this_month.end());
    Span {
        starts_on: Month::of(ends_on).plus(-TRAILING_MONTHS).first_day(),
        ends_on,
    }
}

pub(crate) fn refused(refusal: &LineError, currency: &Currency) -> Error {
    Error::conflict(
        match refusal {
            LineError::Unknown { .. } => "unknown_line",
            LineError::Negative { .. } => "negative_line",
            LineError::Locked { .. } => "locked_line",
            LineError::Over { .. } => "lines_over",
            LineError::Under { .. } => "lines_under",
            LineError::Twice { .. } => "line_twice",
        },
        refusal.words(Lang::ZhCn, currency),
        refusal.words(Lang::En, currency),
    )
}
