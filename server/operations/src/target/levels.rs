//! Levels of a draft: of the whole plan, and at single rows another ratio or an amount instead.

use domain::access::Permission;
use domain::assumption::PlanningQuery;
use domain::format::Lang;
use domain::id::VersionId;
use domain::level::{Decided, Given, Level, LevelError, Levels, Override};
use domain::money::Currency;
use domain::plan::Shape;
use domain::split::{
    LevelsAnswer, LevelsChanged, NewRowLevels, OwnLevel, OwnValue, PlanLevelsAnswer, PlanLevelsChanged,
};
use domain::target::LevelRow;
use serde_json::json;
use store::row_level::RowLevel;
use store::version::Node;

use super::{ROOT, changed, lock};
use crate::line::refuse_own;
use crate::plan::state::{self, State};
use crate::scope::require;
use crate::{Error, Operations, Scope, assumption, clock};

/// The line of the log that tells of levels being decided.
const DECIDED: &str = "target.levels";

impl Operations {
    /// Decides the levels of a draft, whatever was decided before.
    pub async fn set_levels(&self, scope: &Scope, version: VersionId, given: Given) -> Result<(), Error> {
        let _done = self.set_levels_seen(scope, version, given, None).await?;
        Ok(())
    }

    /// Decides the levels of a draft as somebody who saw what was decided of it: what somebody else decided since is not overwritten,
    /// it is told. `seen`: what they saw; whoever does not say replaces what is there.
    pub async fn set_levels_seen(
        &self,
        scope: &Scope,
        version: VersionId,
        given: Given,
        seen: Option<Given>,
    ) -> Result<PlanLevelsAnswer, Error> {
        require(scope, Permission::EditPlan)?;
        let planning = self.planning(scope, &PlanningQuery::of(version)).await?;
        let writer = self.database.writer().await?;
        let row = lock(&writer, scope, version).await?;
        let all = state::all(scope);
        if let Some(seen) = seen {
            let now = match assumption::find(&writer, scope, &planning).await? {
                Some(set) => store::level::get(&writer, scope, set).await?,
                None => Given::default(),
            };
            let since = |by| PlanLevelsChanged::since(&seen, &now, &given, &planning.currency, by);
            if since(None).is_some() {
                let last = store::audit::last(&writer, &all, DECIDED, &format!("version:{version}")).await?;
                writer.rollback().await?;
                let changed = since(last.map(|(by, _)| by));
                return Ok(changed.map_or(PlanLevelsAnswer::Done, PlanLevelsAnswer::Changed));
            }
        }
        let state = State::load(&writer, &all, row).await?;
        let rows = store::row_level::list(&writer, &all, version).await?;
        with_rows(given, &rows)
            .levels(&state.grid)
            .map_err(|refusal| level_refused_at(state.grid.shape(), &refusal, &planning.currency))?;
        let set = assumption::open(&writer, scope, &planning).await?;
        store::level::put(&writer, scope, set, &given).await?;
        let detail = json!({ "levels": given, "total": state.grid.amount(ROOT, None) });
        changed(writer, scope, DECIDED, version, &detail).await?;
        Ok(PlanLevelsAnswer::Done)
    }

    /// Sets the levels of a row of a draft: a level with a value has that instead of the plan's ratio, one without has the plan's
    /// ratio again. Of a unit they hold for everybody below who has nothing of their own. What is as it was keeps who set it. What
    /// somebody else set since whoever sets them looked is not overwritten: it is told.
    pub async fn set_row_levels(
        &self,
        scope: &Scope,
        version: VersionId,
        wanted: &NewRowLevels,
    ) -> Result<LevelsAnswer, Error> {
        require(scope, Permission::EditPlan)?;
        let planning = self.planning(scope, &PlanningQuery::of(version)).await?;
        let writer = self.database.writer().await?;
        let locked = lock(&writer, scope, version).await?;
        let all = state::all(scope);
        let state = State::load(&writer, &all, locked).await?;
        let visible = store::version::nodes_at(&writer, scope, version, &[wanted.node.0]).await?;
        let node = visible.first().ok_or(Error::NotFound("target"))?;
        if wanted.node == ROOT {
            return Err(of_whole());
        }
        refuse_own(scope, node)?;
        let whole = match assumption::find(&writer, scope, &planning).await? {
            Some(set) => store::level::get(&writer, scope, set).await?,
            None => Given::default(),
        };
        let before = store::row_level::list(&writer, &all, version).await?;
        let Changes { after, news, gone } = changes(scope, node, &before, &whole, wanted)?;
        // Sent twice, or by two who want the same: it is as it was wanted.
        if news.is_empty() && gone.is_empty() {
            writer.rollback().await?;
            return Ok(LevelsAnswer::Done);
        }
        if let Some(answer) = changed_since(&before, &whole, wanted, &planning.currency) {
            writer.rollback().await?;
            return Ok(answer);
        }
        if let Err(refusal) = with_rows(whole, &after).levels(&state.grid) {
            // The way back to the plan's ratio stays open where the levels cannot be had as it is.
            let was_bad = with_rows(whole, &before).levels(&state.grid).is_err();
            if !news.is_empty() || !was_bad {
                return Err(level_refused_at(state.grid.shape(), &refusal, &planning.currency));
            }
        }
        for level in gone {
            store::row_level::remove(&writer, scope, version, node.id, level).await?;
        }
        for new in &news {
            store::row_level::put(&writer, scope, version, new).await?;
        }
        let here = before.iter().filter(|set| set.row == wanted.node);
        let was: Vec<OwnValue> = here.map(own_value).collect();
        let detail = json!({ "node": wanted.node, "of": node.name, "from": was, "levels": wanted.own });
        changed(writer, scope, "version.row_levels", version, &detail).await?;
        Ok(LevelsAnswer::Done)
    }
}

/// What is set at rows after a change, and what of it is new and gone.
struct Changes {
    after: Vec<RowLevel>,
    news: Vec<RowLevel>,
    gone: Vec<Level>,
}

/// What giving a row levels changes of what is set.
fn changes(
    scope: &Scope,
    node: &Node,
    before: &[RowLevel],
    whole: &Given,
    wanted: &NewRowLevels,
) -> Result<Changes, Error> {
    let mut after = before.to_vec();
    let (mut news, mut gone) = (Vec::new(), Vec::new());
    for level in Level::ALL.into_iter().filter(|level| *level != Level::Target) {
        let is_it = |set: &RowLevel| set.row == wanted.node && set.level == level;
        let was = before.iter().find(|set| is_it(set));
        match wanted.get(level) {
            None if was.is_none() => {}
            // What waits for the plan to decide the level is not shown, so it stays while others are set; it goes with all else of
            // the row: where it no longer fits, the plan could not decide the level any more.
            None if whole.get(level).is_none() && !wanted.own.is_empty() => {}
            None => {
                after.retain(|set| !is_it(set));
                gone.push(level);
            }
            Some(own) if was.map(own_value) == Some(own) => {}
            Some(_) if whole.get(level).is_none() => return Err(undecided(level)),
            Some(own) => {
                let new = RowLevel {
                    node: node.id,
                    row: wanted.node,
                    level,
                    value: own.value,
                    above: own.above,
                    user: scope.actor.user(),
                    user_name: scope.actor.name().to_owned(),
                    at_ms: clock::now_ms(),
                };
                after.retain(|set| !is_it(set));
                after.push(new.clone());
                news.push(new);
            }
        }
    }
    Ok(Changes { after, news, gone })
}

/// What somebody else set of a row since whoever gives it levels looked; none where it is as they saw it. What waits for the plan to
/// decide its level is not shown, so nobody has seen it. A level that is as it is wanted is no matter to ask about.
fn changed_since(
    before: &[RowLevel],
    whole: &Given,
    wanted: &NewRowLevels,
    currency: &Currency,
) -> Option<LevelsAnswer> {
    let set: Vec<&RowLevel> = before
        .iter()
        .filter(|set| set.row == wanted.node && whole.get(set.level).is_some())
        .collect();
    let is_changed = |level: &Level| {
        let now = set
            .iter()
            .find(|set| set.level == *level)
            .map(|set| own_value(set));
        !wanted.seen.is(*level, now) && now != wanted.get(*level)
    };
    let changed: Vec<Level> = Level::ALL
        .into_iter()
        .filter(|level| whole.get(*level).is_some())
        .filter(is_changed)
        .collect();
    if changed.is_empty() {
        return None;
    }
    let own = |set: &&RowLevel| OwnLevel {
        level: set.level,
        from: None,
        value: Some(set.value),
        above: set.above,
        by: set.user_name.clone(),
        at_ms: set.at_ms,
    };
    Some(LevelsAnswer::Changed(LevelsChanged {
        changed,
        now: set.iter().map(own).collect(),
        currency: currency.clone(),
    }))
}

fn own_value(set: &RowLevel) -> OwnValue {
    OwnValue {
        level: set.level,
        value: set.value,
        above: set.above,
    }
}

/// What was decided of the whole, with what was set at rows.
pub(crate) fn with_rows(whole: Given, set: &[RowLevel]) -> Decided {
    let row = |set: &RowLevel| Override {
        node: set.row,
        level: set.level,
        value: set.value,
        above: set.above,
    };
    Decided {
        whole,
        rows: set.iter().map(row).collect(),
    }
}

/// The levels of the whole as they are told.
pub(super) fn rows(given: &Given, levels: Option<&Levels>, state: &State) -> Vec<LevelRow> {
    let row = |level: Level| {
        let decided = level == Level::Target || given.get(level).is_some();
        let amount = |period| match (level, levels) {
            (Level::Target, _) => Some(state.grid.amount(ROOT, period)),
            (_, Some(levels)) if decided => Some(levels.amount(level, ROOT, period)),
            _ => None,
        };
        LevelRow {
            level,
            value: given.get(level),
            amount: amount(None),
            periods: state
                .grid
                .periods()
                .filter_map(|period| amount(Some(period)))
                .collect(),
        }
    };
    Level::ALL.map(row).into()
}

/// Levels that cannot be had, in words; `name`: of the row that it is about, where it is one below the topmost.
pub(crate) fn level_refused(refusal: &LevelError, name: Option<&str>, currency: &Currency) -> Error {
    let error = Error::conflict(
        "levels_out_of_order",
        refusal.words_at(name, Lang::ZhCn, currency),
        refusal.words_at(name, Lang::En, currency),
    );
    match refusal {
        LevelError::Ratio { level, .. }
        | LevelError::Order { level, .. }
        | LevelError::Gap { level, .. }
        | LevelError::TooLarge { level, .. } => error.at(level.as_str()),
        _ => error,
    }
}

/// The same with the name that the row has in a plan.
pub(crate) fn level_refused_at(shape: &Shape, refusal: &LevelError, currency: &Currency) -> Error {
    level_refused(refusal, refusal.row_name(shape), currency)
}

fn of_whole() -> Error {
    Error::conflict(
        "levels_of_whole",
        "最上面一行就是整个计划，请直接定整个计划的档位。",
        "The topmost row is the whole plan: decide the levels of the plan themselves.",
    )
}

/// A ratio of a single row stands in the place of the plan's, so there has to be one.
fn undecided(level: Level) -> Error {
    Error::conflict(
        "level_undecided",
        format!(
            "整个计划还没有定“{}”。请先定整个计划的这一档，再为单独一行另定。",
            level.word(Lang::ZhCn)
        ),
        format!(
            "{} is not decided for the plan yet: decide it there first, then give a single row another.",
            level.word(Lang::En)
        ),
    )
    .at(level.as_str())
}
