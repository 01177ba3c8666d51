//! Lines of the rows of a split: what each row is to bring of each line, worked out from the whole down along the way to the
//! row that is asked for, with what planners set. What is not asked for is not worked out.

mod change;
mod frozen;
mod ground;
mod history;
mod own;
mod parts;
pub(crate) mod several;
mod sheet;
mod shown;
mod walk;
mod why;

use std::collections::HashSet;

use domain::access::Permission;
use domain::id::VersionId;
use domain::line::rows::{
    LineHead, LineRow, MOST_FAULTS, MOST_ROWS, OfPeriod, RowFault, RowLines, SetByHand, UnmetLine,
};
use domain::line::{LineBy, REST};
use domain::money::Minor;
use domain::plan::{NodeIndex, PeriodIndex};
use domain::target::{Lines, NodeRef, VersionStatus};
use store::row_line::RowLine;
use store::version::{Node, Version};

use crate::plan::state::State;
use crate::scope::require_sight;
use crate::{Error, Operations, Scope};
use ground::Ground;
use shown::Shown;
use walk::{Misfit, Walked};

pub(crate) use change::refuse_own;
pub(crate) use frozen::{keep_profiles, refuse_unmet};

const ROOT: NodeIndex = NodeIndex(0);

impl Operations {
    /// A row and the first `most` rows below it by the lines of a dimension; without one, of the first there is data of. None
    /// where there is no data of any.
    pub async fn row_lines(
        &self,
        scope: &Scope,
        version: VersionId,
        node: NodeIndex,
        by: Option<LineBy>,
        most: u32,
    ) -> Result<Option<RowLines>, Error> {
        self.row_lines_in(scope, version, (node, None), by, most).await
    }

    /// The same in a period of the plan, without what all rows below sum to by line.
    pub async fn row_lines_in(
        &self,
        scope: &Scope,
        version: VersionId,
        (node, period): (NodeIndex, Option<PeriodIndex>),
        by: Option<LineBy>,
        most: u32,
    ) -> Result<Option<RowLines>, Error> {
        require_sight(scope)?;
        let reader = self.database.reader();
        let visible: HashSet<u32> = store::version::nodes(&reader, scope, version)
            .await?
            .into_iter()
            .map(|node| node.ordinal)
            .collect();
        if !visible.contains(&node.0) {
            return Err(Error::NotFound("target"));
        }
        let Some(ground) = self.row_ground(scope, version, node, by).await? else {
            return Ok(None);
        };
        let periods = ground.state.plan.periods.len();
        if period.is_some_and(|period| usize::from(period.0) >= periods) {
            return Err(Error::NotFound("period"));
        }
        let walked = ground.tables().walk(&ground.way, &ground.set)?;
        Ok(Some(ground.told(scope, &visible, &walked, most, period)?))
    }
}

/// Whether whoever asks may change numbers of a version.
fn may_edit(scope: &Scope, version: &Version) -> bool {
    scope.may(Permission::EditPlan)
        && version.status == VersionStatus::Draft
        && version.shelved_at_ms.is_none()
}

/// Whether a node is the own quota of whoever asks.
fn is_own(scope: &Scope, node: &Node) -> bool {
    scope
        .member
        .is_some_and(|member| node.of == NodeRef::Member(member))
}

impl Ground {
    /// The row and those below it, as they travel; what stands above is not among it.
    fn told(
        &self,
        scope: &Scope,
        visible: &HashSet<u32>,
        walked: &Walked,
        most: u32,
        period: Option<PeriodIndex>,
    ) -> Result<RowLines, Error> {
        let may_edit = may_edit(scope, &self.state.version);
        let node = self.way.last().copied().unwrap_or(ROOT);
        let below = walked.levels.iter().find(|level| level.above == node);
        let sum: Option<Vec<Minor>> = below.map(walk::Level::sums);
        let columns = self.columns(&walked.own, sum.as_deref(), may_edit);
        let told = Shown::new(self, period);
        let shown = most.min(MOST_ROWS) as usize;
        let rows: Vec<LineRow> = below
            .into_iter()
            .flat_map(|level| level.below.rows.iter().zip(&level.below.cells))
            // Of a unit that somebody led there may be more than they lead today.
            .filter(|(node, _)| visible.contains(&node.0))
            .take(shown)
            .map(|(node, amounts)| told.row(scope, *node, amounts, &columns))
            .collect::<Result<_, Error>>()?;
        let all = below.map_or(0, |level| {
            level
                .below
                .rows
                .iter()
                .filter(|row| visible.contains(&row.0))
                .count()
        });
        let more = all.saturating_sub(rows.len()) as u64;
        // What is said of rows above whoever asks would name others.
        let whole = self.lines.fault.clone().map(RowFault::Whole);
        let whole = whole.filter(|_| visible.contains(&ROOT.0));
        let shape = self.state.grid.shape();
        // In a period it is of the row's own numbers alone, and not of those above and beside it.
        let is_seen = |misfit: &&Misfit| {
            let above = shape
                .parent(misfit.row)
                .filter(|above| visible.contains(&above.0));
            visible.contains(&misfit.row.0) && (misfit.period.is_some() || above.is_some())
        };
        let misfits = self.tables().misfits(walked, &self.set)?;
        let unmet = misfits
            .iter()
            .filter(is_seen)
            .map(|misfit| RowFault::Line(self.unmet(scope, misfit)));
        let mut faults: Vec<RowFault> = whole.into_iter().chain(unmet).collect();
        let more_faults = faults.len().saturating_sub(MOST_FAULTS) as u64;
        faults.truncate(MOST_FAULTS);
        Ok(RowLines {
            by: self.lines.by,
            known: self.known.clone(),
            currency: self.planning.currency.clone(),
            head: self.state.head,
            may_edit,
            row: told.row(scope, node, &walked.own, &columns)?,
            below: rows,
            more,
            // Of all rows in a period each would have to be cut.
            sum: sum
                .filter(|_| period.is_none())
                .map(|sum| columns.iter().map(|column| at(&sum, *column)).collect()),
            faults,
            more_faults,
            columns: columns
                .iter()
                .filter_map(|column| self.lines.lines.get(*column))
                .map(|line| LineHead {
                    key: line.key.clone(),
                    name: line.name.clone(),
                })
                .collect(),
        })
    }

    /// Something set that cannot be met, as it travels.
    fn unmet(&self, scope: &Scope, misfit: &Misfit) -> UnmetLine {
        let may_set = may_edit(scope, &self.state.version)
            && self
                .state
                .node(misfit.row)
                .is_some_and(|known| !is_own(scope, known));
        UnmetLine {
            may_set,
            ..unmet_line(&self.state, &self.lines, &self.set, misfit)
        }
    }

    /// The places of the lines that are shown, the largest first, the rest and what bears none last. Who only reads is not told
    /// of lines in which nothing is shown: they name what others sell, and to whom.
    fn columns(&self, own: &[Minor], sum: Option<&[Minor]>, may_edit: bool) -> Vec<usize> {
        let is_shown = |column: &usize| {
            let below = sum.map_or(Minor(0), |sum| at(sum, *column));
            may_edit || at(own, *column) != Minor(0) || below != Minor(0)
        };
        sorted(&self.lines, own, (0..self.lines.lines.len()).filter(is_shown))
    }
}

/// Places of lines, the largest first, the rest and what bears none last.
fn sorted(lines: &Lines, own: &[Minor], places: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut places: Vec<usize> = places.collect();
    places.sort_by_key(|place| {
        let key = lines.lines.get(*place).map_or("", |line| line.key.as_str());
        let is_last = key.is_empty() || key == REST;
        (is_last, std::cmp::Reverse(at(own, *place)), *place)
    });
    places
}

/// Something set that cannot be met, with the names of what it is about; as nobody may change it.
fn unmet_line(state: &State, lines: &Lines, set: &[RowLine], misfit: &Misfit) -> UnmetLine {
    let (node, line) = (state.node(misfit.row), lines.lines.get(misfit.line));
    let key = line.map(|line| line.key.clone()).unwrap_or_default();
    let set_by = node.and_then(|node| {
        let is_it = |set: &&RowLine| set.node == node.id && set.key == key && set.period == misfit.period;
        set.iter().find(is_it)
    });
    let period = misfit.period.and_then(|at| {
        let period = state.plan.periods.get(usize::from(at.0))?.clone();
        Some(OfPeriod { at, period })
    });
    UnmetLine {
        node: misfit.row,
        row: node.map(|node| node.name.clone()).unwrap_or_default(),
        by: lines.by,
        line: line.map(|line| line.name.clone()).unwrap_or_default(),
        period,
        set: misfit.set,
        fits: misfit.fits,
        reason: set_by.and_then(|set| set.reason.clone()),
        may_set: false,
        key,
    }
}

/// What somebody set, as it travels.
fn by_hand(set: &RowLine) -> SetByHand {
    SetByHand {
        amount: set.amount,
        by: set.user_name.clone(),
        at_ms: set.at_ms,
        reason: set.reason.clone(),
    }
}

/// An amount by the place of its line.
fn at(amounts: &[Minor], column: usize) -> Minor {
    amounts.get(column).copied().unwrap_or_default()
}
