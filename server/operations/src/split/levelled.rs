//! The levels of rows: what the plan's floor, stretch and challenge come to in each of them. They follow the target exactly, cell by
//! cell and in sum, so they are reckoned of the whole version and told of the rows that somebody looks at.

mod carried;
mod own;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::access::Permission;
use domain::calendar::Period;
use domain::id::{OrganizationId, VersionId};
use domain::level::{Decided, Given, Level, LevelError, Levels};
use domain::money::Minor;
use domain::plan::{NodeIndex, PeriodIndex};
use domain::split::{LevelCells, MOST_LEVEL_ROWS, RowLevels};
use domain::target::{LevelRow, NodeRef, VersionStatus};
use store::Session;
use store::assumption::Subject;
use store::plan::Plan;
use store::row_level::RowLevel;
use store::version::Version;

use crate::line::refuse_own;
use crate::plan::state::{self, State};
use crate::scope::{require, require_sight};
use crate::target::{level_refused, refusal::levels_unseen, with_rows};
use crate::{Error, Operations, Scope};

/// Versions whose levels are kept at once: each takes four numbers a cell.
const KEPT: usize = 2;

/// What levels are kept by: whose version, at which command, and what was decided.
type Key = (OrganizationId, VersionId, u64, Decided);

/// The levels of a version, or why they cannot be had.
type Reckoned = Result<Levels, LevelError>;

/// Levels of versions that were looked at lately.
#[derive(Clone, Debug, Default)]
pub(crate) struct LevelCache(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    kept: Mutex<Vec<(Key, Arc<Reckoned>)>>,
    turn: tokio::sync::Mutex<()>,
}

impl LevelCache {
    fn kept(&self) -> MutexGuard<'_, Vec<(Key, Arc<Reckoned>)>> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, key: &Key) -> Option<Arc<Reckoned>> {
        let kept = self.kept();
        let found = kept.iter().find(|(known, _)| known == key);
        found.map(|(_, levels)| Arc::clone(levels))
    }

    fn keep(&self, key: Key, levels: &Arc<Reckoned>) {
        let mut kept = self.kept();
        // A version has one head: what was reckoned at an earlier one is of no more use.
        kept.retain(|(known, _)| (known.0, known.1) != (key.0, key.1));
        kept.push((key, Arc::clone(levels)));
        let over = kept.len().saturating_sub(KEPT);
        kept.drain(..over);
    }
}

/// What was decided of a version, and what it comes to; nothing where nothing was decided.
struct Known {
    plan: Plan,
    decided: Decided,
    /// What was set at rows, with who did.
    set: Vec<RowLevel>,
    found: Option<Arc<Reckoned>>,
    /// Whether whoever asks sees the whole plan.
    sees_whole: bool,
}

impl Known {
    fn levels(&self) -> Option<&Levels> {
        self.found.as_deref().and_then(|found| found.as_ref().ok())
    }

    /// Why they cannot be had: it names amounts of the whole.
    fn fault(&self) -> Option<LevelError> {
        let found = self.found.as_deref().filter(|_| self.sees_whole)?;
        found.as_ref().err().cloned()
    }

    /// Whether a row has something of a level that is not decided of the whole.
    fn waits(&self, node: NodeIndex) -> bool {
        let waits = |set: &RowLevel| set.row == node && self.decided.whole.get(set.level).is_none();
        self.set.iter().any(waits)
    }

    /// What was decided, as whoever asks is told it: an amount of the whole says how much that is.
    fn told(&self) -> Given {
        if self.sees_whole {
            return self.decided.whole;
        }
        let whole = |levels: &Levels| levels.amount(Level::Target, NodeIndex(0), None);
        let total = self.levels().map(whole).unwrap_or_default();
        self.decided.whole.as_ratios(total)
    }

    /// The levels of a row over some periods; `target`: what it has as target, where that is known otherwise.
    fn rows(&self, node: NodeIndex, periods: &[PeriodIndex], target: Option<Minor>) -> Vec<LevelRow> {
        let told = self.told();
        let row = |level: Level| {
            let is_decided = level == Level::Target || self.decided.whole.get(level).is_some();
            let amounts: Option<Vec<Minor>> = self.levels().filter(|_| is_decided).map(|levels| {
                let amount = |period: &PeriodIndex| levels.amount(level, node, Some(*period));
                periods.iter().map(amount).collect()
            });
            let sum = amounts.as_ref().map(|amounts| {
                let sum = amounts
                    .iter()
                    .fold(0_i64, |sum, amount| sum.saturating_add(amount.0));
                Minor(sum)
            });
            LevelRow {
                level,
                value: told.get(level),
                amount: sum.or(target.filter(|_| level == Level::Target)),
                periods: amounts.unwrap_or_default(),
            }
        };
        Level::ALL.map(row).into()
    }
}

impl Operations {
    /// What was decided of the levels of a version: a ratio of its target or an amount each, or nothing. Who does not see the whole
    /// is told ratios.
    pub async fn decided_levels(&self, scope: &Scope, version: VersionId) -> Result<Given, Error> {
        require(scope, Permission::ReadPeople)?;
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        let plan = store::plan::get(&reader, &state::all(scope), row.plan).await?;
        let given = self.given(scope, &plan, row.id).await?.0.whole;
        if given == given.as_ratios(Minor(0)) || sees_whole(&reader, scope, row.id).await? {
            return Ok(given);
        }
        Ok(self.reckoned_levels(scope, row).await?.told())
    }

    /// What some rows of a version, by their places in the whole of it, have on a level. Rows out of reach are left out, and all are
    /// where nobody decided the level; where it cannot be had at the present target, that is said.
    pub async fn level_cells(
        &self,
        scope: &Scope,
        version: VersionId,
        level: Level,
        rows: &[NodeIndex],
    ) -> Result<LevelCells, Error> {
        require(scope, Permission::ReadPeople)?;
        if rows.len() > MOST_LEVEL_ROWS {
            return Err(too_many());
        }
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        let ordinals: Vec<u32> = rows.iter().map(|row| row.0).collect();
        let nodes = store::version::nodes_at(&reader, scope, row.id, &ordinals).await?;
        let known = self.reckoned_levels(scope, row).await?;
        if known.found.as_deref().is_some_and(Result::is_err) {
            let fault = known.fault().ok_or_else(levels_unseen)?;
            let currency = store::organization::get(&reader, scope).await?.currency;
            let name = self.fault_at(scope, version, Some(&fault)).await?;
            return Err(level_refused(&fault, name.as_deref(), &currency));
        }
        let is_decided = level == Level::Target || known.decided.whole.get(level).is_some();
        let Some(levels) = known.levels().filter(|_| is_decided) else {
            return Ok(LevelCells::default());
        };
        let periods = places(&known.plan, |_| true);
        let found = nodes.iter().filter(|node| sees(scope, node.of)).map(|node| {
            let node = NodeIndex(node.ordinal);
            let amount = |period: &PeriodIndex| levels.amount(level, node, Some(*period));
            let amounts: Vec<Minor> = periods.iter().map(amount).collect();
            (node, amounts)
        });
        Ok(LevelCells::of(periods.len(), found))
    }

    /// The four levels of a row of a version, by its place in the whole of it.
    pub async fn row_levels(
        &self,
        scope: &Scope,
        version: VersionId,
        node: NodeIndex,
    ) -> Result<RowLevels, Error> {
        require_sight(scope)?;
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        let nodes = store::version::nodes_at(&reader, scope, row.id, &[node.0]).await?;
        let here = nodes.iter().find(|found| sees(scope, found.of));
        let here = here.ok_or(Error::NotFound("node"))?;
        let is_open = row.status == VersionStatus::Draft && row.shelved_at_ms.is_none();
        let may_edit = is_open && scope.may(Permission::EditPlan);
        let known = self.reckoned_levels(scope, row).await?;
        let periods = places(&known.plan, |_| true);
        Ok(RowLevels {
            rows: known.rows(node, &periods, None),
            fault_at: self.fault_at(scope, version, known.fault().as_ref()).await?,
            fault: known.fault(),
            may_set: node == NodeIndex(0) && may_edit,
            done: None,
            own: self.own_of(scope, version, &known, node).await?,
            waits: known.waits(node),
            may_own: node != NodeIndex(0) && may_edit && refuse_own(scope, here).is_ok(),
        })
    }

    /// The levels of a version at its head.
    async fn reckoned_levels(&self, scope: &Scope, row: Version) -> Result<Known, Error> {
        let reader = self.database.reader();
        let all = state::all(scope);
        let plan = store::plan::get(&reader, &all, row.plan).await?;
        let (decided, set) = self.given(scope, &plan, row.id).await?;
        let sees_whole = sees_whole(&reader, scope, row.id).await?;
        let key = (scope.organization, row.id, row.head, decided.clone());
        let known = move |found: Option<Arc<Reckoned>>| Known {
            plan,
            decided,
            set,
            found,
            sees_whole,
        };
        if key.3.is_empty() {
            return Ok(known(None));
        }
        if let Some(kept) = self.levels.find(&key) {
            return Ok(known(Some(kept)));
        }
        // One at a time: whoever waits finds what the first one made.
        let _turn = self.levels.0.turn.lock().await;
        if let Some(kept) = self.levels.find(&key) {
            return Ok(known(Some(kept)));
        }
        let (grid, head) = match self.kept.grid(scope.organization, &row) {
            Some(grid) => (grid, row.head),
            None => {
                let state = State::load(&reader, &all, row).await?;
                (state.grid, state.head)
            }
        };
        let (organization, version, _, decided) = key;
        let (reckoned, decided) = tokio::task::spawn_blocking(move || (decided.levels(&grid), decided))
            .await
            .map_err(|error| Error::Internal(error.to_string()))?;
        let found = match reckoned {
            Ok(Some(levels)) => Arc::new(Ok(levels)),
            Ok(None) => return Ok(known(None)),
            Err(fault) => Arc::new(Err(fault)),
        };
        self.levels.keep((organization, version, head, decided), &found);
        Ok(known(Some(found)))
    }

    /// What was decided, of the whole and at rows, and what was set at rows with who did.
    async fn given(
        &self,
        scope: &Scope,
        plan: &Plan,
        version: VersionId,
    ) -> Result<(Decided, Vec<RowLevel>), Error> {
        let reader = self.database.reader();
        let all = state::all(scope);
        let subject = Subject {
            metric_key: plan.metric_key.clone(),
            span: plan.span,
            version: Some(version),
        };
        let whole = match store::assumption::find(&reader, &all, &subject).await? {
            Some(set) => store::level::get(&reader, &all, set).await?,
            None => Given::default(),
        };
        let set = store::row_level::list(&reader, &all, version).await?;
        Ok((with_rows(whole, &set), set))
    }
}

/// Who carries a number sees that, and no more of a unit than what they lead.
fn sees(scope: &Scope, of: NodeRef) -> bool {
    match of {
        NodeRef::Unit(unit) => scope.sees_unit(unit),
        NodeRef::Member(member) => scope.sees_member(member),
    }
}

/// Whether the topmost row of a version is within reach.
async fn sees_whole(session: &impl Session, scope: &Scope, version: VersionId) -> Result<bool, Error> {
    let top = store::version::nodes_at(session, scope, version, &[0]).await?;
    Ok(top.iter().any(|top| sees(scope, top.of)))
}

/// The places of some of a plan's periods.
fn places(plan: &Plan, which: impl Fn(&Period) -> bool) -> Vec<PeriodIndex> {
    (0..)
        .map(PeriodIndex)
        .zip(&plan.periods)
        .filter(|(_, period)| which(period))
        .map(|(place, _)| place)
        .collect()
}

fn too_many() -> Error {
    Error::invalid_field(
        "too_many_rows",
        "nodes",
        format!("一次最多查看 {MOST_LEVEL_ROWS} 行的档位。"),
        format!("The levels of at most {MOST_LEVEL_ROWS} rows are told at once."),
    )
}
