//! Setting lines of rows in a draft, and letting them go.

use std::collections::HashSet;

use domain::access::Permission;
use domain::event::Event;
use domain::format::Lang;
use domain::id::VersionId;
use domain::line::matrix::MatrixError;
use domain::line::rows::{LONGEST_REASON, LineAnswer, LineChanged, NewRowLine, SeenLine, UnmetLine};
use domain::line::{LineBy, LineError};
use domain::money::{Currency, Minor};
use domain::plan::{MAX_AMOUNT, NodeIndex, PeriodIndex};
use domain::target::VersionStatus;
use serde_json::json;
use store::row_line::RowLine;
use store::version::Node;

use super::ground::Ground;
use super::parts::FixedParts;
use super::walk::{Misfit, refused as misfit};
use super::{ROOT, at, by_hand, is_own, unmet_line};
use crate::line::{decided, refused};
use crate::plan::state;
use crate::publish::closed;
use crate::scope::require;
use crate::{Error, Operations, Scope, audit, clock, input, target};

/// Numbers that change while a line is decided on them: it is decided again, so often.
const TRIES: u32 = 3;

impl Operations {
    /// Sets how much of a row of a draft is to come from a line; the other lines and rows give and take. Of a line in a period the
    /// line over the whole plan and the row's number of the period stay: its other periods and lines give and take. Refused where
    /// what is set could not be met any more: it says where, and by how much. Where somebody set it to something else since whoever
    /// sets it looked, it is not done but asked about; sent again because its answer was lost, it is done once.
    pub async fn set_row_line(
        &self,
        scope: &Scope,
        version: VersionId,
        new: NewRowLine,
    ) -> Result<LineAnswer, Error> {
        require(scope, Permission::EditPlan)?;
        for _ in 0..TRIES {
            if let Some(answer) = self.try_row_line(scope, version, new.clone()).await? {
                return Ok(answer);
            }
        }
        Err(changed_meanwhile())
    }

    /// The same on the numbers as they are now; none where they change while it is worked out.
    async fn try_row_line(
        &self,
        scope: &Scope,
        version: VersionId,
        new: NewRowLine,
    ) -> Result<Option<LineAnswer>, Error> {
        let NewRowLine {
            node,
            by,
            key,
            period,
            amount,
            reason,
            seen,
        } = new;
        let reason = input::optional_words(reason.as_deref(), "reason", LONGEST_REASON)?;
        let ground = self.row_ground(scope, version, node, Some(by)).await?;
        // Worked out before the lock, so that others need not wait for it: it is checked under it that nothing has changed.
        let ground = ground
            .filter(|ground| ground.lines.by == by)
            .ok_or_else(no_lines)?;
        if ground.state.version.status != VersionStatus::Draft {
            return Err(closed(ground.state.version.status));
        }
        let row = settable(scope, &ground, (node, period))?;
        let (id, name) = (row.id, row.name.clone());
        let currency = &ground.planning.currency;
        if amount.0 < 0 {
            return Err(refused(&LineError::Negative { amount }, currency));
        }
        if amount.0 > MAX_AMOUNT {
            return Err(misfit(&MatrixError::OutOfRange, currency));
        }
        let line = ground.lines.lines.iter().position(|line| line.key == key);
        let Some(line) = line else {
            return Err(refused(&LineError::Unknown { key }, currency));
        };
        let is_it = |known: &RowLine| known.node == id && known.key == key && known.period == period;
        let known = ground.set.iter().find(|known| is_it(known));
        if !seen.is(known.map(|known| known.amount)) {
            let is_done = known
                .is_some_and(|known| known.amount == amount && (reason.is_none() || reason == known.reason));
            return Ok(Some(if is_done {
                LineAnswer::Done
            } else {
                changed(known, Some(amount), currency)
            }));
        }
        let mut set = ground.set.clone();
        set.retain(|known| !is_it(known));
        let new = RowLine {
            node: id,
            by,
            key,
            period,
            amount,
            reason,
            user: scope.actor.user(),
            user_name: scope.actor.name().to_owned(),
            at_ms: clock::now_ms(),
        };
        set.push(new.clone());
        let was = ground.refuse_unmet(&set, (node, period, line))?;
        let writer = self.database.writer().await?;
        let locked = target::lock(&writer, scope, version).await?;
        let all = state::all(scope);
        let now = store::row_line::list(&writer, &all, version, by).await?;
        let of_whole = decided(&writer, &all, &ground.planning).await?;
        if locked.head != ground.state.head || now != ground.set || of_whole != ground.decided {
            writer.rollback().await?;
            return Ok(None);
        }
        store::row_line::put(&writer, scope, version, &new).await?;
        let detail = json!({
            "node": node, "of": name, "by": by, "line": new.key, "period": period, "from": was, "amount": amount,
            "reason": new.reason,
        });
        let subject = format!("version:{version}");
        audit::commit(
            writer,
            scope,
            "version.row_line",
            &subject,
            &detail,
            &Event::AssumptionsChanged,
        )
        .await?;
        Ok(Some(LineAnswer::Done))
    }

    /// Lets a line of a row of a draft go, over the whole plan or in a period: it is proposed again. As with one that is set, what
    /// was set since is asked about.
    pub async fn free_row_line(
        &self,
        scope: &Scope,
        version: VersionId,
        (node, period): (NodeIndex, Option<PeriodIndex>),
        (by, key): (LineBy, &str),
        seen: SeenLine,
    ) -> Result<LineAnswer, Error> {
        require(scope, Permission::EditPlan)?;
        let writer = self.database.writer().await?;
        target::lock(&writer, scope, version).await?;
        let nodes = store::version::nodes(&writer, scope, version).await?;
        let row = nodes.iter().find(|known| known.ordinal == node.0);
        let row = row.ok_or(Error::NotFound("target"))?;
        refuse_own(scope, row)?;
        let all = state::all(scope);
        let set = store::row_line::list(&writer, &all, version, by).await?;
        let is_it = |known: &&RowLine| known.node == row.id && known.key == key && known.period == period;
        let known = set.iter().find(is_it);
        if let Some(known) = known.filter(|known| !seen.is(Some(known.amount))) {
            let currency = store::organization::get(&writer, &all).await?.currency;
            let answer = changed(Some(known), None, &currency);
            writer.rollback().await?;
            return Ok(answer);
        }
        if !store::row_line::remove(&writer, scope, version, (row.id, period), (by, key)).await? {
            // Somebody was quicker: it is as it was wanted.
            writer.rollback().await?;
            return Ok(LineAnswer::Done);
        }
        let detail = json!({ "node": node, "of": row.name, "by": by, "line": key, "period": period });
        let subject = format!("version:{version}");
        audit::commit(
            writer,
            scope,
            "version.row_line_free",
            &subject,
            &detail,
            &Event::AssumptionsChanged,
        )
        .await?;
        Ok(LineAnswer::Done)
    }
}

impl Ground {
    /// Refuses what cannot be met beside the row or below it with what is to be set, and could be before, and the line itself where
    /// it cannot be; answers how much the line had.
    fn refuse_unmet(
        &self,
        set: &[RowLine],
        new: (NodeIndex, Option<PeriodIndex>, usize),
    ) -> Result<Minor, Error> {
        let tables = self.tables();
        let before = tables.walk(&self.way, &self.set)?;
        let known: HashSet<(NodeIndex, Option<PeriodIndex>, usize)> = tables
            .misfits(&before, &self.set)?
            .iter()
            .map(Misfit::place)
            .filter(|place| *place != new)
            .collect();
        // What is set in a period leaves every line over the whole plan as it is: only the rows are cut anew.
        let (node, period, line) = new;
        let anew = if period.is_some() {
            None
        } else {
            Some(tables.walk(&self.way, set)?)
        };
        let after = anew.as_ref().unwrap_or(&before);
        let unmet = tables.misfits(after, set)?.into_iter();
        let unmet = unmet.filter(|misfit| !known.contains(&misfit.place()));
        // The line itself before what it leaves no room for.
        match unmet.min_by_key(|misfit| misfit.place() != new) {
            Some(misfit) => Err(refused_line(
                &unmet_line(&self.state, &self.lines, set, &misfit),
                &self.planning.currency,
            )),
            None => {
                let parts = FixedParts::of(&self.set, &self.lines);
                let own = tables.cut((node, period), &before.own, &parts)?;
                Ok(at(&own, line))
            }
        }
    }
}

/// How a line is that is not as it was seen.
fn changed(now: Option<&RowLine>, wanted: Option<Minor>, currency: &Currency) -> LineAnswer {
    LineAnswer::Changed(LineChanged {
        now: now.map(by_hand),
        wanted,
        currency: currency.clone(),
    })
}

/// The refusal of a line that cannot be met.
fn refused_line(unmet: &UnmetLine, currency: &Currency) -> Error {
    Error::conflict(
        "row_lines_misfit",
        unmet.words(Lang::ZhCn, currency),
        unmet.words(Lang::En, currency),
    )
}

/// The node of a row whose lines whoever asks may set, over the whole plan or in a period.
fn settable<'a>(
    scope: &Scope,
    ground: &'a Ground,
    (node, period): (NodeIndex, Option<PeriodIndex>),
) -> Result<&'a Node, Error> {
    let row = ground.state.node(node).ok_or(Error::NotFound("target"))?;
    let periods = ground.state.plan.periods.len();
    if period.is_some_and(|period| usize::from(period.0) >= periods) {
        return Err(Error::NotFound("period"));
    }
    // It would be the whole line under another name, and hold it from then on.
    if period.is_some() && periods == 1 {
        return Err(Error::conflict(
            "row_line_one_period",
            "这个计划只有一个周期，该周期的数就是全期数。请不带周期，直接设定全期数。",
            "This plan has one period only, and a line in it is the whole line. Set it over the whole plan, without a period.",
        ));
    }
    if node == ROOT {
        return Err(Error::conflict(
            "row_line_of_whole",
            "整体目标按产品、渠道的拆分在“目标”页修改。",
            "The lines of the whole are set on the Target page.",
        ));
    }
    refuse_own(scope, row)?;
    Ok(row)
}

/// Nobody sets the lines, or levels, of their own number.
pub(crate) fn refuse_own(scope: &Scope, row: &Node) -> Result<(), Error> {
    if is_own(scope, row) {
        return Err(Error::conflict(
            "own_quota",
            "不能改自己的目标，请让另一位计划员来改。",
            "Nobody changes their own target: let another planner do it.",
        ));
    }
    Ok(())
}

fn no_lines() -> Error {
    Error::conflict(
        "no_lines",
        "历史里没有这个维度的数据，无法按它拆分。请先导入带有这一列的订单或商机。",
        "The history has nothing of this dimension to cut by. Import orders or deals that say it first.",
    )
}

pub(super) fn changed_meanwhile() -> Error {
    Error::conflict(
        "changed_meanwhile",
        "这些数字刚刚变了。请看过最新的数再改。",
        "These numbers have just changed. Look at them again before changing one.",
    )
}
