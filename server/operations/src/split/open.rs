//! Opening a grid: a version as whoever asks may see it.

use std::collections::BTreeSet;

use domain::access::Permission;
use domain::id::{NodeId, UserId, VersionId};
use domain::plan::NodeIndex;
use domain::split::{InForce, OpenGrid, Part, quarters};
use domain::target::{NodeRef, VersionStatus};

use super::kept::Head;
use super::{people, record, stacks, view};
use crate::attainment::fiscal;
use crate::plan::lineage;
use crate::plan::state::{self, State, Weights};
use crate::scope::require;
use crate::{Error, Operations, Scope};

/// What is read beside the numbers of a version.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beside {
    /// What is on record for its periods.
    Record,
    /// Nothing: only the first rows are shown, until the grid itself is there.
    Nothing,
}

impl Operations {
    /// Opens a version, or the part of it below one of the roots within reach; `None`: the first of them.
    pub async fn open_grid(
        &self,
        scope: &Scope,
        version: VersionId,
        root: Option<NodeId>,
    ) -> Result<OpenGrid, Error> {
        self.open_part(scope, version, root, Beside::Record).await
    }

    /// The same with or without what else the grid shows beside its numbers.
    pub(crate) async fn open_part(
        &self,
        scope: &Scope,
        version: VersionId,
        root: Option<NodeId>,
        beside: Beside,
    ) -> Result<OpenGrid, Error> {
        require(scope, Permission::ReadPeople)?;
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        let visible = store::version::nodes(&reader, scope, version).await?;
        let roots = view::roots(scope, &visible);
        let top = match root {
            None => roots.first().copied(),
            Some(root) => visible.iter().find(|node| {
                node.id == root && matches!(node.of, NodeRef::Unit(unit) if scope.sees_unit(unit))
            }),
        };
        let top = top.ok_or(Error::NotFound("target"))?.ordinal;
        let all = state::all(scope);
        let review = self.review(scope, &row).await?;
        let (state, log) = match self.kept.copy(scope.organization, &row) {
            Some(Head { nodes, grid, log }) => {
                let plan = store::plan::get(&reader, &all, row.plan).await?;
                let head = row.head;
                let state = State {
                    version: row,
                    plan,
                    nodes,
                    grid,
                    head,
                };
                (state.bounded(&reader, &all).await?, log)
            }
            None => {
                let state = State::load(&reader, &all, row).await?;
                let (log, _) = state::recent(&reader, &all, version, state.head).await?;
                // Who opens a page asks for its first rows and then for the grid, and colleagues open the same one: it is read
                // once, unless it changed while it was.
                if state.head == state.version.head {
                    self.kept.keep(scope.organization, &state.version, || Head {
                        nodes: state.nodes.clone(),
                        grid: state.grid.clone(),
                        log: log.clone(),
                    });
                }
                (state, log)
            }
        };
        let start = state::start(&reader, &all, &state).await?;
        let bases = store::version::bases(&reader, &all, version).await?;
        let weights = Weights::of(&bases, &state.nodes, state.plan.periods.len());
        let may_edit = scope.may(Permission::EditPlan)
            && state.version.status == VersionStatus::Draft
            && state.version.shelved_at_ms.is_none();
        let me = super::me(scope);
        let organization = store::organization::get(&reader, scope).await?;
        let fiscal = fiscal(&organization)?;
        let currency = organization.currency;
        let people = {
            let mut asked: BTreeSet<UserId> = log.entries().iter().map(|entry| entry.author).collect();
            asked.extend(state.grid.constraints().filter_map(|(_, _, held)| held.lock));
            people(&reader, &all, asked).await?
        };
        // Also of a version that is frozen: they say how its numbers came to be.
        let (bases, in_force) = if scope.may(Permission::EditPlan) {
            let shape = state.grid.shape();
            let split = lineage::whole_split(&reader, &all, &state.version, shape, &log).await?;
            let bases = view::shown_bases(&split.bases, &weights, state.nodes.len());
            (bases, split.in_force)
        } else {
            (Vec::new(), InForce::default())
        };
        let end = state.grid.shape().end(NodeIndex(top)).0;
        let range = top as usize..end as usize;
        let news = match scope.actor.user() {
            Some(me) => view::news(&reader, scope, &state, me, range.clone()).await?,
            None => None,
        };
        Ok(OpenGrid {
            news,
            plan: state.plan.id,
            plan_name: state.plan.name.clone(),
            version,
            number: state.version.number,
            status: state.version.status,
            metric: state.plan.metric_key.clone(),
            currency,
            periods: state.plan.periods.clone(),
            quarters: quarters(fiscal, &state.plan.periods),
            offset: top,
            roots: roots
                .iter()
                .map(|node| Part {
                    node: node.id,
                    name: node.name.clone(),
                })
                .collect(),
            ranks: view::ranks(&state.nodes, state.grid.shape(), range.clone()),
            levels: state.nodes[range.clone()]
                .iter()
                .map(|node| &node.level)
                .collect(),
            head: state.head,
            start: range
                .clone()
                .map(|node| start.amount(NodeIndex(node as u32), None))
                .collect(),
            history: view::history(&weights, state.grid.shape(), range.clone()),
            record: match beside {
                Beside::Record => record::totals(&reader, scope, &state, range.clone()).await?,
                Beside::Nothing => vec![None; range.len()],
            },
            bases,
            in_force,
            seasons: weights.seasons(),
            me,
            review,
            may_edit,
            own: view::own(scope, &state.nodes[range]),
            undoable: stacks(&log, me),
            people,
            grid: view::part(&state.grid, top)?,
        })
    }
}
