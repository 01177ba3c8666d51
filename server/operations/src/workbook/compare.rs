//! What differs between a sheet and a draft, and what of it can be had.

use std::collections::{BTreeMap, HashMap};

use domain::id::{MemberId, NodeId, UserId};
use domain::level::Decided;
use domain::money::{Currency, Minor};
use domain::plan::{Blocker, Entered, GiveWay, Grid, NodeIndex, NodeRef, Refusal, enter_most, furthest_down};
use domain::workbook::{Blanks, CellChange, Comparison, Note, Obstacle, Refused};
use store::version::{Node, Version};

use super::levels;
use super::read::Sheet;
use crate::Error;
use crate::plan::state::{State, damaged};

/// Notes that are told of a kind that may come for every row.
pub(super) const MOST_NOTES: usize = 40;

/// What a sheet is held against.
pub(super) struct Ground<'a> {
    pub(super) state: &'a State,
    /// The amounts when it was written, in the draft's own rows; none where nobody knows.
    pub(super) base: Option<&'a Grid>,
    pub(super) written_from: Option<&'a Version>,
    pub(super) currency: &'a Currency,
    pub(super) people: BTreeMap<UserId, String>,
    /// Who asks, where they carry a number.
    pub(super) member: Option<MemberId>,
    pub(super) blanks: Blanks,
    /// What is decided of the levels now.
    pub(super) levels: Decided,
}

/// The amounts of another version of the plan in the rows of this one; what that one does not have is as here.
pub(super) fn onto(state: &State, nodes: &[Node], other: &Grid) -> Result<Grid, Error> {
    let theirs: HashMap<NodeId, NodeIndex> = nodes
        .iter()
        .map(|node| (node.id, NodeIndex(node.ordinal)))
        .collect();
    let same = nodes.len() == state.nodes.len() && nodes.iter().zip(&state.nodes).all(|(a, b)| a.id == b.id);
    if same {
        return Ok(other.clone());
    }
    let mut base = state.grid.clone();
    let mut deltas = domain::plan::Deltas::default();
    for period in state.grid.periods() {
        for node in &state.nodes {
            let own = NodeIndex(node.ordinal);
            let Some(their) = theirs.get(&node.id) else {
                continue;
            };
            let delta = domain::plan::CellDelta {
                cell: state.grid.shape().cell(own, period),
                old: state.grid.amount(own, Some(period)),
                new: other.amount(*their, Some(period)),
            };
            deltas.cells.push(delta);
        }
    }
    base.fold(&deltas).map_err(damaged)?;
    Ok(base)
}

impl Ground<'_> {
    /// What taking the sheet over would change.
    pub(super) fn compare(&self, sheet: &Sheet) -> Result<Comparison, Error> {
        let grid = &self.state.grid;
        let columns = self.columns(&sheet.header);
        let mut said = self.said(sheet, &columns);
        let mut notes = self.origin(sheet, &said.entered);
        notes.append(&mut said.notes);
        for period in grid.periods() {
            let there = columns.iter().any(|(_, column)| column.period() == Some(period));
            if !there {
                notes.push(Note::MissingPeriod { period });
            }
        }
        let missing = self.state.nodes.len() - said.seen.len();
        if missing > 0 {
            notes.push(Note::MissingRows {
                count: missing as u64,
            });
        }
        if said.blank > 0 {
            notes.push(Note::Blank { count: said.blank });
        }
        let (own, others): (Vec<Entered>, Vec<Entered>) = said
            .entered
            .into_iter()
            .partition(|entered| self.is_own(entered.node));
        let (counting, sums) = furthest_down(grid, &others);
        let entering = enter_most(grid, &counting, GiveWay::Above);
        let mut after = grid.clone();
        after.fold(&entering.deltas).map_err(damaged)?;
        let overruled = sums.iter().filter_map(|entered| {
            let becomes = after.amount(entered.node, entered.period);
            (becomes != entered.amount).then(|| Note::Overruled {
                name: grid.shape().name(entered.node).to_owned(),
                period: entered.period,
                said: entered.amount,
                becomes,
            })
        });
        notes.extend(overruled.take(MOST_NOTES));
        let mut refused: Vec<Refused> = own
            .iter()
            .map(|entered| Refused {
                change: self.change(entered),
                obstacle: Obstacle::Own,
            })
            .collect();
        refused.extend(entering.refused.iter().map(|(entered, refusal)| Refused {
            change: self.change(entered),
            obstacle: obstacle(&self.state.nodes, &self.people, refusal),
        }));
        let mut taken = entering.taken;
        taken.sort_unstable();
        let levels::Found {
            changes: levels,
            fault: level_fault,
            notes: of_levels,
        } = match &sheet.levels {
            Some(levels) => levels.compare(&self.levels, self.currency, &after),
            None => levels::Found::default(),
        };
        notes.extend(of_levels);
        let level_fault_at = level_fault
            .as_ref()
            .and_then(|fault| fault.row_name(after.shape()))
            .map(str::to_owned);
        Ok(Comparison {
            version: self.state.version.id,
            number: self.state.version.number,
            plan_name: self.state.plan.name.clone(),
            head: self.state.head,
            currency: self.currency.clone(),
            periods: self.state.plan.periods.clone(),
            before: grid.amount(NodeIndex(0), None),
            after: after.amount(NodeIndex(0), None),
            changes: taken.iter().map(|entered| self.change(entered)).collect(),
            refused,
            levels,
            level_fault,
            level_fault_at,
            notes,
        })
    }

    /// What is to be said of where the sheet comes from.
    fn origin(&self, sheet: &Sheet, entered: &[Entered]) -> Vec<Note> {
        let Some(from) = self.written_from.filter(|_| self.base.is_some()) else {
            return vec![Note::NoBase];
        };
        if from.id != self.state.version.id {
            return vec![Note::OtherVersion { number: from.number }];
        }
        let commands = self.state.head.saturating_sub(sheet.head);
        let both = entered
            .iter()
            .filter(|entered| self.written(entered).is_some())
            .count() as u64;
        (commands > 0)
            .then_some(Note::Moved { commands, both })
            .into_iter()
            .collect()
    }

    /// What the amount was when the sheet was written, where it is another now.
    fn written(&self, entered: &Entered) -> Option<Minor> {
        let written = self.base?.amount(entered.node, entered.period);
        (written != self.state.grid.amount(entered.node, entered.period)).then_some(written)
    }

    fn change(&self, entered: &Entered) -> CellChange {
        let shape = self.state.grid.shape();
        let above: Vec<&str> = shape
            .ancestors(entered.node)
            .map(|node| shape.name(node))
            .collect();
        CellChange {
            node: entered.node,
            name: shape.name(entered.node).to_owned(),
            above: above.into_iter().rev().collect::<Vec<_>>().join(" / "),
            period: entered.period,
            before: self.state.grid.amount(entered.node, entered.period),
            after: entered.amount,
            written: self.written(entered),
        }
    }

    fn is_own(&self, node: NodeIndex) -> bool {
        let of = self.state.node(node).map(|node| node.of);
        self.member
            .is_some_and(|member| of == Some(NodeRef::Member(member)))
    }
}

/// What stands in the way, by names.
pub(super) fn obstacle(nodes: &[Node], people: &BTreeMap<UserId, String>, refusal: &Refusal) -> Obstacle {
    let name = |node: &NodeIndex| {
        let node = nodes.get(node.0 as usize);
        node.map(|node| node.name.clone()).unwrap_or_default()
    };
    match refusal {
        Refusal::Locked { node, amount, by, .. } => Obstacle::Lock {
            name: name(node),
            amount: *amount,
            by: people.get(by).cloned(),
        },
        Refusal::BelowFloor { node, floor, .. } => Obstacle::Floor {
            name: name(node),
            amount: *floor,
        },
        Refusal::AboveCap { node, cap, .. } => Obstacle::Cap {
            name: name(node),
            amount: *cap,
        },
        Refusal::Blocked {
            missing, blockers, ..
        } => Obstacle::Below {
            names: blockers
                .iter()
                .take(3)
                .map(|Blocker { node, .. }| name(node))
                .collect(),
            missing: *missing,
        },
        Refusal::Negative { .. } | Refusal::TooLarge { .. } => Obstacle::Amount,
        _ => Obstacle::Other,
    }
}
