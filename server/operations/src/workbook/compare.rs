//! What differs between a sheet and a draft, and what of it can be had.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::format::{self, Lang};
use domain::id::{MemberId, NodeId, UserId};
use domain::money::{AmountStyle, Currency, Minor, parse_minor};
use domain::plan::{
    Blocker, Entered, Grid, NodeIndex, NodeRef, PeriodIndex, Refusal, enter_most, furthest_down,
};
use domain::workbook::{Blanks, CellChange, Comparison, Note, Obstacle, Refused};
use store::version::{Node, Version};

use super::read::{Row, Sheet};
use super::write::total_heading;
use crate::Error;
use crate::plan::state::{State, damaged};

/// Notes that are told of a kind that may come for every row.
const MOST_NOTES: usize = 40;

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

/// Whose amounts a column has.
#[derive(Clone, Copy)]
enum Column {
    Total,
    Period(PeriodIndex),
}

impl Column {
    fn period(self) -> Option<PeriodIndex> {
        match self {
            Self::Total => None,
            Self::Period(period) => Some(period),
        }
    }
}

/// What the cells of a sheet say.
#[derive(Default)]
struct Said {
    entered: Vec<Entered>,
    notes: Vec<Note>,
    blank: u64,
    seen: HashSet<NodeIndex>,
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
        let entering = enter_most(grid, &counting);
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

    /// The columns with amounts, by their headings in either language.
    fn columns(&self, header: &[String]) -> Vec<(usize, Column)> {
        let mut columns = Vec::new();
        for (place, head) in header.iter().enumerate() {
            let total = Lang::ALL.iter().any(|lang| head == total_heading(*lang));
            let named = self.state.plan.periods.iter().position(|period| {
                *head == period.name
                    || Lang::ALL
                        .iter()
                        .any(|lang| *head == format::period(period, *lang))
            });
            let column = match named {
                Some(period) => Column::Period(PeriodIndex(period as u16)),
                None if total => Column::Total,
                None => continue,
            };
            let known = columns
                .iter()
                .any(|(_, other): &(usize, Column)| other.period() == column.period());
            if !known {
                columns.push((place, column));
            }
        }
        columns
    }

    fn said(&self, sheet: &Sheet, columns: &[(usize, Column)]) -> Said {
        let places: HashMap<NodeId, NodeIndex> = self
            .state
            .nodes
            .iter()
            .map(|node| (node.id, NodeIndex(node.ordinal)))
            .collect();
        let mut said = Said::default();
        let mut first: HashMap<NodeIndex, &Row> = HashMap::new();
        let mut doubled: HashSet<NodeIndex> = HashSet::new();
        for row in &sheet.rows {
            let Some(node) = row.node.and_then(|id| places.get(&id)).copied() else {
                let amounts = columns
                    .iter()
                    .any(|(place, _)| row.cells.get(*place).is_some_and(|cell| !cell.is_empty()));
                if amounts && said.notes.len() < MOST_NOTES {
                    said.notes.push(Note::UnknownRow {
                        row: row.number,
                        name: row_name(sheet, row),
                    });
                }
                continue;
            };
            said.seen.insert(node);
            match first.get(&node) {
                None => {
                    first.insert(node, row);
                }
                Some(before) => {
                    let differs = columns
                        .iter()
                        .any(|(place, _)| before.cells.get(*place) != row.cells.get(*place));
                    if differs {
                        doubled.insert(node);
                        said.notes.push(Note::Doubled {
                            row: row.number,
                            first_row: before.number,
                            name: self.state.grid.shape().name(node).to_owned(),
                        });
                    }
                }
            }
        }
        let mut rows: Vec<(NodeIndex, &Row)> = first
            .into_iter()
            .filter(|(node, _)| !doubled.contains(node))
            .collect();
        rows.sort_unstable_by_key(|(node, _)| *node);
        for (node, row) in rows {
            for (place, column) in columns {
                let text = row.cells.get(*place).map(String::as_str).unwrap_or_default();
                let head = sheet.header.get(*place).map(String::as_str).unwrap_or_default();
                self.cell(node, row.number, head, column.period(), text, &mut said);
            }
        }
        said
    }

    /// Takes one cell in: an amount counts where it is neither what was written nor what there is.
    fn cell(
        &self,
        node: NodeIndex,
        row: u64,
        head: &str,
        period: Option<PeriodIndex>,
        text: &str,
        said: &mut Said,
    ) {
        let now = self.state.grid.amount(node, period);
        let amount = if text.is_empty() {
            match (self.blanks, period) {
                (Blanks::Zero, Some(_)) => Minor(0),
                (Blanks::Zero, None) => return,
                (Blanks::Keep, _) => {
                    said.blank += u64::from(now.0 != 0);
                    return;
                }
            }
        } else {
            let style = AmountStyle::default().in_currency(&self.currency.code);
            match parse_minor(text, self.currency, style) {
                Ok(amount) => amount,
                Err(error) => {
                    if said.notes.len() < MOST_NOTES {
                        said.notes.push(Note::NotAnAmount {
                            row,
                            column: head.to_owned(),
                            text: text.chars().take(40).collect(),
                            error,
                        });
                    }
                    return;
                }
            }
        };
        let as_written = self.base.is_some_and(|base| base.amount(node, period) == amount);
        if as_written || amount == now {
            return;
        }
        if amount.0 < 0 {
            if said.notes.len() < MOST_NOTES {
                said.notes.push(Note::Negative {
                    row,
                    column: head.to_owned(),
                    text: text.to_owned(),
                });
            }
            return;
        }
        said.entered.push(Entered { node, period, amount });
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

/// What a row calls itself: the texts before its amounts.
fn row_name(sheet: &Sheet, row: &Row) -> String {
    let words = sheet
        .header
        .iter()
        .zip(&row.cells)
        .skip(1)
        .take(3)
        .map(|(_, cell)| cell.as_str());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words
        .last()
        .copied()
        .unwrap_or_default()
        .chars()
        .take(60)
        .collect()
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
