//! A plan as a workbook: written with typed cells, and taken back into a draft after its differences were looked at.

mod compare;
mod levels;
mod lines;
pub(crate) mod marks;
mod read;
mod record;
mod said;
mod write;

use std::path::PathBuf;

use domain::access::Permission;
use domain::assumption::PlanningQuery;
use domain::format::Lang;
use domain::id::VersionId;
use domain::plan::{Entered, GiveWay, Grid, NodeIndex, PlanCommand};
use domain::split::Insist;
use domain::target::VersionStatus;
use domain::workbook::{Blanks, Comparison, LevelEntered, MOST_CHANGES, TakenOver};
use store::StoreError;

use crate::plan::state::{self, State};
use crate::publish::closed;
use crate::scope::require;
use crate::{Error, Operations, Scope};
use compare::Ground;

/// A file to be handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// What it is to be called.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A workbook that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// Its name, for messages.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
    /// What its blank amounts mean.
    pub blanks: Blanks,
}

impl Operations {
    /// Whether this actor may change plans; asked before a workbook is read.
    pub fn may_edit_plans(&self, scope: &Scope) -> Result<(), Error> {
        require(scope, Permission::EditPlan)
    }

    /// A version as a workbook: numbers as numbers, sums as formulas, and what it takes to find its way back. Of who sees a
    /// part of the plan, that part.
    pub async fn export_version(
        &self,
        scope: &Scope,
        version: VersionId,
        lang: Lang,
    ) -> Result<Export, Error> {
        // A program that plans takes out what it may bring back.
        if !scope.may(Permission::EditPlan) {
            require(scope, Permission::ReadPeople)?;
        }
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        let visible = store::version::nodes(&reader, scope, version).await?;
        if visible.is_empty() {
            return Err(Error::NotFound("target"));
        }
        let state = State::load(&reader, &state::all(scope), row).await?;
        let organization = store::organization::get(&reader, scope).await?;
        let (levels, lines) = if scope.may(Permission::EditPlan) {
            let planning = self.planning(scope, &PlanningQuery::of(version)).await?;
            let total = state.grid.amount(NodeIndex(0), None);
            let lines = self.lines(scope, &planning, total).await?;
            (Some(self.levels_of(scope, version).await?), lines)
        } else {
            (None, Vec::new())
        };
        let book = write::Book {
            levels,
            lines,
            rows: visible.iter().map(|node| NodeIndex(node.ordinal)).collect(),
            as_of: self.today_of(&organization).day,
            by: scope.actor.name().to_owned(),
            organization,
            state,
            lang,
        };
        let name = book.file_name();
        let bytes = tokio::task::spawn_blocking(move || book.write())
            .await
            .map_err(|error| Error::Internal(format!("a workbook: {error}")))?
            .map_err(|error| Error::Internal(format!("a workbook: {error}")))?;
        Ok(Export { name, bytes })
    }

    /// What taking a workbook into a draft would change; nothing is written.
    pub async fn compare_workbook(
        &self,
        scope: &Scope,
        version: VersionId,
        returned: Returned,
    ) -> Result<Comparison, Error> {
        require(scope, Permission::EditPlan)?;
        let reader = self.database.reader();
        let all = state::all(scope);
        let row = store::version::get(&reader, scope, version).await?;
        if row.status != VersionStatus::Draft {
            return Err(closed(row.status));
        }
        let blanks = returned.blanks;
        let sheet = tokio::task::spawn_blocking(move || read::read(&returned.path, &returned.name))
            .await
            .map_err(|error| Error::Internal(format!("a workbook: {error}")))??;
        let state = State::load(&reader, &all, row).await?;
        if sheet.plan != state.plan.id {
            let other = match store::plan::get(&reader, &all, sheet.plan).await {
                Ok(plan) => Some(plan.name),
                Err(StoreError::NotFound(_)) => None,
                Err(error) => return Err(error.into()),
            };
            return Err(other_plan(&state.plan.name, other.as_deref()));
        }
        let written_from = match store::version::get(&reader, &all, sheet.version).await {
            Ok(version) => Some(version),
            Err(StoreError::NotFound(_)) => None,
            Err(error) => return Err(error.into()),
        };
        let base: Option<Grid> = match &written_from {
            Some(from) if sheet.head <= from.head => {
                let nodes = store::version::nodes(&reader, &all, from.id).await?;
                let shape = state::shape(&state.plan, &nodes)?;
                let (grid, _) = state::fold(&reader, &all, from.id, shape, sheet.head).await?;
                Some(compare::onto(&state, &nodes, &grid)?)
            }
            _ => None,
        };
        let currency = store::organization::get(&reader, scope).await?.currency;
        let users = store::user::list(&reader, &all).await?;
        let ground = Ground {
            state: &state,
            base: base.as_ref(),
            written_from: written_from.as_ref(),
            currency: &currency,
            people: users.into_iter().map(|user| (user.id, user.name)).collect(),
            member: scope.member,
            blanks,
            levels: self.levels_of(scope, version).await?,
        };
        let found = ground.compare(&sheet)?;
        if found.changes.len() + found.refused.len() > MOST_CHANGES {
            return Err(Error::invalid_field(
                "too_many_changes",
                "file",
                format!("改动超过 {MOST_CHANGES} 个数字，请分几次导入。"),
                format!("More than {MOST_CHANGES} amounts differ: bring them in several workbooks."),
            ));
        }
        Ok(found)
    }

    /// Takes amounts of a workbook over as one step that can be undone, and then levels; `head`: where they were compared. Where
    /// somebody changed one of them since, nothing is written.
    pub async fn enter_workbook(
        &self,
        scope: &Scope,
        version: VersionId,
        head: u64,
        amounts: Vec<Entered>,
        levels: &[LevelEntered],
        name: &str,
    ) -> Result<TakenOver, Error> {
        require(scope, Permission::EditPlan)?;
        if amounts.is_empty() && levels.is_empty() || amounts.len() > MOST_CHANGES {
            return Err(Error::invalid(
                "nothing_to_take_over",
                "没有可以写入的改动。",
                "There is nothing to take over.",
            ));
        }
        let name: String = name.chars().filter(|sign| !sign.is_control()).take(100).collect();
        let name = Some(name).filter(|name| !name.trim().is_empty());
        let mut taken = TakenOver {
            head,
            entered: amounts.len() as u64,
            levels: levels.len() as u64,
        };
        if amounts.is_empty() {
            self.enter_levels(scope, version, levels, name.as_deref()).await?;
            return Ok(taken);
        }
        self.check_levels(scope, version, levels).await?;
        taken.head = self
            .enter_amounts(scope, version, head, amounts, name.clone())
            .await?;
        if !levels.is_empty() {
            // They are judged by the amounts as they are now: only somebody who was quicker can be in the way.
            self.enter_levels(scope, version, levels, name.as_deref())
                .await
                .map_err(levels::not_taken)?;
        }
        Ok(taken)
    }

    /// Enters amounts as one command; answers its number.
    async fn enter_amounts(
        &self,
        scope: &Scope,
        version: VersionId,
        head: u64,
        amounts: Vec<Entered>,
        reason: Option<String>,
    ) -> Result<u64, Error> {
        let command = PlanCommand::Enter {
            amounts,
            gives: GiveWay::Above,
            reason,
        };
        let applied = self.apply(scope, version, head, command, Insist::Ask).await?;
        if !applied.differences.is_empty() {
            return Err(moved());
        }
        if let Some(refusal) = applied.refused {
            let reader = self.database.reader();
            let all = state::all(scope);
            let nodes = store::version::nodes(&reader, &all, version).await?;
            let currency = store::organization::get(&reader, scope).await?.currency;
            let users = store::user::list(&reader, &all).await?;
            let people = users.into_iter().map(|user| (user.id, user.name)).collect();
            let obstacle = compare::obstacle(&nodes, &people, &refusal);
            let money = |amount| domain::format::full(amount, &currency);
            let words = |lang| obstacle.words(lang, &money);
            return Err(Error::conflict(
                "workbook_refused",
                format!("没有写入：{}。", words(Lang::ZhCn)),
                format!("Nothing was written: {}.", words(Lang::En)),
            ));
        }
        Ok(applied.head)
    }
}

/// Somebody was quicker.
fn moved() -> Error {
    Error::conflict(
        "workbook_moved",
        "刚刚有人改了其中的数字，什么都没有写入。请重新比对。",
        "Somebody changed some of these amounts just now, so nothing was written. Compare them again.",
    )
}

fn other_plan(own: &str, other: Option<&str>) -> Error {
    let (zh, en) = match other {
        Some(other) => (
            format!("这个表格导出自计划“{other}”，不是“{own}”。请打开那个计划，或从这里重新导出。"),
            format!(
                "This workbook was written from the plan \"{other}\", not from \"{own}\". Open that plan, or export this one anew."
            ),
        ),
        None => (
            format!("这个表格导出自另一个已不存在的计划，不是“{own}”。请从这里重新导出。"),
            format!(
                "This workbook was written from another plan that is gone, not from \"{own}\". Export this one anew."
            ),
        ),
    };
    Error::invalid_field("other_plan", "file", zh, en)
}
