//! What was done in a version after a command, page by page, for programs: who did what when, and the amounts and bounds it changed.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::Permission;
use domain::id::{UserId, VersionId};
use domain::money::{Currency, Minor};
use domain::plan::{CellDelta, Constraint, Entry, Intent, NodeIndex, PeriodIndex, PlanCommand, Shape};

use super::log::entries;
use super::{me, people};
use crate::plan::state;
use crate::scope::require;
use crate::{Error, Operations, Scope};

/// Commands that are told on one page, at most.
pub const MOST_COMMANDS: u32 = 100;
/// Places that a command names, amounts it changed and places it holds that are told of it, at most.
const MOST_OF_EACH: usize = 50;
/// Commands that are read at once: what changed all of a large plan is large.
const READ_AT_ONCE: u64 = 4;

/// Commands after one that a program has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandPage {
    /// The number of the last command there is.
    pub head: u64,
    /// The commands, the oldest first.
    pub commands: Vec<MadeCommand>,
    /// The number to ask after for the next page; none where this is the last.
    pub next: Option<u64>,
    /// The currency of every amount.
    pub currency: Currency,
    /// What the rows that are named are called.
    pub names: BTreeMap<NodeIndex, String>,
    /// What the periods of the plan are called, in order.
    pub periods: Vec<String>,
}

/// A command as it was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeCommand {
    /// Its number.
    pub seq: u64,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
    /// Who, by name; empty where the program did.
    pub by: String,
    /// Whether it was whoever asks.
    pub own: bool,
    /// What was done, `snake_case`.
    pub what: &'static str,
    /// The command that was taken back or done again.
    pub of: Option<u64>,
    /// Why, as it is stored.
    pub reason: Option<String>,
    /// The places it names.
    pub places: Told<(NodeIndex, Option<PeriodIndex>)>,
    /// The amounts it changed: those of the rows it names before those that gave way.
    pub amounts: Told<MadeAmount>,
    /// The places it locked, bounded or released, and how they are held since.
    pub holds: Told<MadeHold>,
}

/// The first of many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told<T> {
    /// As many as are told.
    pub list: Vec<T>,
    /// How many more there are.
    pub more: u64,
}

/// An amount that was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MadeAmount {
    /// The row.
    pub node: NodeIndex,
    /// The period.
    pub period: PeriodIndex,
    /// Before.
    pub before: Minor,
    /// After.
    pub after: Minor,
}

/// How a place is held since a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeHold {
    /// The row.
    pub node: NodeIndex,
    /// The period, or the total.
    pub period: Option<PeriodIndex>,
    /// Who signed the lock, by name; none where there is none.
    pub locked_by: Option<String>,
    /// Not less than this.
    pub floor: Option<Minor>,
    /// Not more than this.
    pub cap: Option<Minor>,
}

impl<T> Told<T> {
    fn of(all: usize, list: impl Iterator<Item = T>) -> Self {
        let list: Vec<T> = list.take(MOST_OF_EACH).collect();
        let more = all.saturating_sub(list.len()) as u64;
        Self { list, more }
    }
}

impl Operations {
    /// The first `most` commands after one, own ones among them. Only for who sees the whole version, as [`Self::changes_since`].
    pub async fn commands_since(
        &self,
        scope: &Scope,
        version: VersionId,
        after: u64,
        most: u32,
    ) -> Result<CommandPage, Error> {
        require(scope, Permission::EditPlan)?;
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        if after > row.head {
            let head = row.head;
            return Err(Error::invalid_field(
                "beyond_head",
                "since",
                format!(
                    "这个版本的最后一条改动是第 {head} 条，没有第 {after} 条。请从 {head} 或更早的号问起。"
                ),
                format!(
                    "The last command of this version is {head}; there is no {after}. Ask since {head} or before."
                ),
            ));
        }
        let all = state::all(scope);
        let currency = store::organization::get(&reader, scope).await?.currency;
        let plan = store::plan::get(&reader, &all, row.plan).await?;
        let shape = self.tree(&reader, &all, &row).await?;
        let until = after
            .saturating_add(u64::from(most.clamp(1, MOST_COMMANDS)))
            .min(row.head);
        let (mut commands, mut named) = (Vec::new(), BTreeSet::new());
        let mut from = after;
        while from < until {
            let to = from.saturating_add(READ_AT_ONCE).min(until);
            for entry in entries(&reader, scope, version, from, to).await? {
                let signed = entry.deltas.constraints.iter().take(MOST_OF_EACH);
                let signed = signed.filter_map(|delta| delta.new.lock);
                let asked: Vec<UserId> = signed.chain([entry.author]).collect();
                let people = people(&reader, &all, asked).await?;
                let made = made(&entry, &shape, &people, me(scope));
                named.extend(made.nodes());
                commands.push(made);
            }
            from = to;
        }
        let name = |node: NodeIndex| (node, shape.name(node).to_owned());
        Ok(CommandPage {
            head: row.head,
            commands,
            next: (until < row.head).then_some(until),
            currency,
            names: named
                .into_iter()
                .filter(|node| shape.has(*node))
                .map(name)
                .collect(),
            periods: plan.periods.into_iter().map(|period| period.name).collect(),
        })
    }
}

impl MadeCommand {
    /// The rows that are told of.
    fn nodes(&self) -> impl Iterator<Item = NodeIndex> + '_ {
        let places = self.places.list.iter().map(|(node, _)| *node);
        let amounts = self.amounts.list.iter().map(|amount| amount.node);
        places
            .chain(amounts)
            .chain(self.holds.list.iter().map(|hold| hold.node))
    }
}

/// An entry as it is told.
fn made(entry: &Entry, shape: &Shape, people: &BTreeMap<UserId, String>, me: UserId) -> MadeCommand {
    let by = |user: UserId| people.get(&user).cloned().unwrap_or_default();
    let places = entry.command.named();
    let named: BTreeSet<NodeIndex> = places.iter().map(|(node, _)| *node).collect();
    let cells = &entry.deltas.cells;
    let amount = |delta: &CellDelta| {
        let (node, period) = shape.place(delta.cell);
        MadeAmount {
            node,
            period,
            before: delta.old,
            after: delta.new,
        }
    };
    let is_named = |amount: &MadeAmount| named.contains(&amount.node);
    let first = cells.iter().map(amount).filter(is_named);
    let others = cells.iter().map(amount).filter(|amount| !is_named(amount));
    let holds = &entry.deltas.constraints;
    let hold = |(node, period, held): (NodeIndex, Option<PeriodIndex>, Constraint)| MadeHold {
        node,
        period,
        locked_by: held.lock.map(by),
        floor: held.floor,
        cap: held.cap,
    };
    MadeCommand {
        seq: entry.seq,
        at_ms: entry.at_ms,
        by: by(entry.author),
        own: entry.author == me,
        what: what(&entry.command),
        of: match &entry.command {
            PlanCommand::Restore { of, .. } => Some(*of),
            _ => None,
        },
        reason: entry.command.reason().map(str::to_owned),
        amounts: Told::of(cells.len(), first.chain(others)),
        holds: Told::of(
            holds.len(),
            holds
                .iter()
                .map(|delta| hold((delta.node, delta.period, delta.new))),
        ),
        places: Told::of(places.len(), places.into_iter()),
    }
}

/// What a command is called by programs.
fn what(command: &PlanCommand) -> &'static str {
    match command {
        PlanCommand::Set { .. } => "set",
        PlanCommand::SetSpan { .. } => "set_span",
        PlanCommand::Split { .. } => "split",
        PlanCommand::SetTotal { .. } => "set_total",
        PlanCommand::Lock { .. } => "lock",
        PlanCommand::Unlock { .. } => "unlock",
        PlanCommand::Floor { .. } => "floor",
        PlanCommand::Cap { .. } => "cap",
        PlanCommand::EvenOut { .. } => "even_out",
        PlanCommand::Move { .. } => "move",
        PlanCommand::SendShare { .. } => "send_share",
        PlanCommand::Enter { .. } => "enter",
        PlanCommand::Staff { .. } => "staff",
        PlanCommand::OverAssign { .. } => "over_assign",
        PlanCommand::Steps { .. } => "steps",
        PlanCommand::Restore {
            intent: Intent::Undo, ..
        } => "undo",
        PlanCommand::Restore {
            intent: Intent::Redo, ..
        } => "redo",
    }
}
