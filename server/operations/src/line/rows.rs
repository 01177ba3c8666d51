//! Lines of the rows of a split: what each row is to bring of each line, worked out from the whole down along the way to the
//! row that is asked for, with what planners set. What is not asked for is not worked out.

mod change;
mod history;
mod walk;

use std::collections::{HashMap, HashSet};

use domain::access::Permission;
use domain::assumption::{Planning, PlanningQuery};
use domain::calendar::Day;
use domain::id::{NodeId, VersionId};
use domain::line::rows::{LineCell, LineHead, LineRow, MOST_ROWS, RowFault, RowLines, SetByHand};
use domain::line::{LineBy, REST};
use domain::money::Minor;
use domain::plan::NodeIndex;
use domain::target::{Lines, NodeRef, VersionStatus};
use store::organization::Organization;
use store::row_line::RowLine;
use store::version::{Node, Version};

use super::trail;
use crate::plan::state::{self, State};
use crate::scope::require;
use crate::{Error, Operations, Scope, clock};
use walk::Walked;

const ROOT: NodeIndex = NodeIndex(0);
const DAY_MS: i64 = 24 * 3_600 * 1_000;

/// What lines of rows are worked out from.
struct Ground {
    state: State,
    planning: Planning,
    /// The dimensions there is data of.
    known: Vec<LineBy>,
    /// The lines of the whole.
    lines: Lines,
    /// What was set in the dimension.
    set: Vec<RowLine>,
    /// What the rows along the way brought, by line.
    histories: HashMap<u32, Vec<Minor>>,
    /// The way from the whole down to the row, both among it.
    way: Vec<NodeIndex>,
}

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
        require(scope, Permission::ReadPeople)?;
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
        let walked = ground.walk(&ground.set)?;
        Ok(Some(ground.told(scope, &visible, &walked, most)))
    }

    /// Everything that the lines of a row are worked out from.
    async fn row_ground(
        &self,
        scope: &Scope,
        version: VersionId,
        node: NodeIndex,
        by: Option<LineBy>,
    ) -> Result<Option<Ground>, Error> {
        let reader = self.database.reader();
        let all = state::all(scope);
        let row = store::version::get(&reader, scope, version).await?;
        let planning = self.planning(scope, &PlanningQuery::of(version)).await?;
        let organization = store::organization::get(&reader, &all).await?;
        let state = State::load(&reader, &all, row).await?;
        let shape = state.grid.shape();
        if !shape.has(node) {
            return Err(Error::NotFound("target"));
        }
        let mut way: Vec<NodeIndex> = std::iter::once(node).chain(shape.ancestors(node)).collect();
        way.reverse();
        let mut lines = self.lines(&all, &planning, state.grid.amount(ROOT, None)).await?;
        lines.retain(|lines| !lines.lines.is_empty());
        let known: Vec<LineBy> = lines.iter().map(|lines| lines.by).collect();
        let wanted = by.and_then(|by| known.iter().position(|known| *known == by));
        if known.is_empty() {
            return Ok(None);
        }
        let lines = lines.swap_remove(wanted.unwrap_or(0));
        let set = store::row_line::list(&reader, &all, version, lines.by).await?;
        let today = as_of(&state.version, &organization, self.today_of(&organization).day);
        let histories = match trail(&reader, &all, &planning, &organization, today).await? {
            Some(trail) => {
                history::of_rows(
                    &reader,
                    &all,
                    &trail,
                    &state,
                    &lines,
                    (way.as_slice(), &organization.currency),
                )
                .await?
            }
            None => HashMap::new(),
        };
        Ok(Some(Ground {
            state,
            planning,
            known,
            lines,
            set,
            histories,
            way,
        }))
    }
}

/// The day up to which history counts: of what is frozen, the day on which it was.
fn as_of(version: &Version, organization: &Organization, today: Day) -> Day {
    let Some(at_ms) = version.published_at_ms else {
        return today;
    };
    let local_ms = clock::clocks(&organization.zone, at_ms, at_ms).local_ms(at_ms);
    Day(i32::try_from(local_ms.div_euclid(DAY_MS)).unwrap_or(today.0)).min(today)
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
    fn told(&self, scope: &Scope, visible: &HashSet<u32>, walked: &Walked, most: u32) -> RowLines {
        let may_edit = may_edit(scope, &self.state.version);
        let node = self.way.last().copied().unwrap_or(ROOT);
        let below = walked.levels.iter().find(|level| level.above == node);
        let sum: Option<Vec<Minor>> = below.map(walk::Level::sums);
        let columns = self.columns(&walked.own, sum.as_deref(), may_edit);
        let set: HashMap<(NodeId, &str), &RowLine> = self
            .set
            .iter()
            .map(|set| ((set.node, set.key.as_str()), set))
            .collect();
        let row = |node: NodeIndex, amounts: &[Minor]| {
            let known = self.state.node(node);
            let cell = |column: &usize| {
                let key = self.lines.lines.get(*column).map_or("", |line| line.key.as_str());
                let set = known.and_then(|known| set.get(&(known.id, key)));
                LineCell {
                    amount: at(amounts, *column),
                    set: set.map(|set| SetByHand {
                        amount: set.amount,
                        by: set.user_name.clone(),
                        at_ms: set.at_ms,
                        reason: set.reason.clone(),
                    }),
                }
            };
            LineRow {
                node,
                name: known.map(|known| known.name.clone()).unwrap_or_default(),
                total: self.state.grid.amount(node, None),
                may_set: may_edit && node != ROOT && known.is_some_and(|known| !is_own(scope, known)),
                cells: columns.iter().map(cell).collect(),
            }
        };
        let shown = most.min(MOST_ROWS) as usize;
        let rows: Vec<LineRow> = below
            .into_iter()
            .flat_map(|level| level.rows.iter().zip(&level.cells))
            // Of a unit that somebody led there may be more than they lead today.
            .filter(|(node, _)| visible.contains(&node.0))
            .take(shown)
            .map(|(node, amounts)| row(*node, amounts))
            .collect();
        let all = below.map_or(0, |level| {
            level.rows.iter().filter(|row| visible.contains(&row.0)).count()
        });
        let more = all.saturating_sub(rows.len()) as u64;
        // What is said of rows above whoever asks would name others.
        let whole = self.lines.fault.clone().map(RowFault::Whole);
        let whole = whole.filter(|_| visible.contains(&ROOT.0));
        let misfits = walked
            .levels
            .iter()
            .filter(|level| visible.contains(&level.above.0))
            .filter_map(|level| level.misfit.clone().map(RowFault::Below));
        RowLines {
            by: self.lines.by,
            known: self.known.clone(),
            head: self.state.head,
            may_edit,
            row: row(node, &walked.own),
            below: rows,
            more,
            sum: sum.map(|sum| columns.iter().map(|column| at(&sum, *column)).collect()),
            faults: whole.into_iter().chain(misfits).collect(),
            columns: columns
                .iter()
                .filter_map(|column| self.lines.lines.get(*column))
                .map(|line| LineHead {
                    key: line.key.clone(),
                    name: line.name.clone(),
                })
                .collect(),
        }
    }

    /// The places of the lines that are shown, the largest first, the rest and what bears none last. Who only reads is not told
    /// of lines in which nothing is shown: they name what others sell, and to whom.
    fn columns(&self, own: &[Minor], sum: Option<&[Minor]>, may_edit: bool) -> Vec<usize> {
        let is_shown = |column: &usize| {
            let below = sum.map_or(Minor(0), |sum| at(sum, *column));
            may_edit || at(own, *column) != Minor(0) || below != Minor(0)
        };
        let mut columns: Vec<usize> = (0..self.lines.lines.len()).filter(is_shown).collect();
        columns.sort_by_key(|column| {
            let key = self.lines.lines.get(*column).map_or("", |line| line.key.as_str());
            let is_last = key.is_empty() || key == REST;
            (is_last, std::cmp::Reverse(at(own, *column)), *column)
        });
        columns
    }
}

/// An amount by the place of its line.
fn at(amounts: &[Minor], column: usize) -> Minor {
    amounts.get(column).copied().unwrap_or_default()
}
