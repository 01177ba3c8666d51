//! Random trees and commands that check what the drag promises, the same natively and in a browser.
//!
//! Every tree is made from its number alone, so a failure can be looked at again. Everything that is decided, refusals
//! too, goes into one running hash: two machines that come to the same hash decided the same, bit for bit.

use std::fmt::Write;
use std::sync::Arc;

use domain::money::Minor;
use domain::plan::{CellIndex, Deltas, Entry, Give, Grid, Keep, Log, NodeIndex, PlanCommand, Refusal, apply};
use domain::rebalance::{Aim, Drag};
use domain::statistics::Random;
use make::{command, held_plan, who};
use twin::Twin;

#[path = "trees/make.rs"]
mod make;
#[path = "trees/twin.rs"]
mod twin;

/// Most commands a tree gets.
const MOST_COMMANDS: usize = 6;

/// What was found so far.
#[derive(Clone, Debug)]
pub(crate) struct Findings {
    /// Trees checked.
    pub(crate) trees: u64,
    /// Commands done, and refused.
    pub(crate) done: u64,
    pub(crate) refused: u64,
    /// Trees that broke a promise, and the first of them with what was broken.
    pub(crate) failures: u64,
    pub(crate) first: Option<(u64, &'static str)>,
    /// FNV-1a over everything that was decided.
    pub(crate) hash: u64,
}

impl Findings {
    /// Of no tree.
    pub(crate) const NONE: Self = Self {
        trees: 0,
        done: 0,
        refused: 0,
        failures: 0,
        first: None,
        hash: 0xcbf2_9ce4_8422_2325,
    };

    /// Checks one more tree.
    pub(crate) fn check(&mut self, number: u64) {
        self.trees += 1;
        if let Err(broken) = self.tree(&mut Random::new(number)) {
            self.failures += 1;
            self.first.get_or_insert((number, broken));
        }
    }

    fn tree(&mut self, random: &mut Random) -> Result<(), &'static str> {
        let start = held_plan(random);
        let mut twin = Twin::of(&start).ok_or("the mirrored plan is none")?;
        let (mut grid, mut log) = (start.clone(), Log::default());
        let alone = random.below(2) == 0;
        for _ in 0..=random.below(MOST_COMMANDS) {
            let command = command(random, &grid);
            let author = if alone { 0 } else { random.below(2) };
            let deltas = self.decide(&grid, &command)?;
            twin.agrees(&grid, &command, deltas.as_ref())?;
            previews(random, &grid, &command, deltas.as_ref())?;
            let Some(deltas) = deltas else { continue };
            let mut after = grid.clone();
            keeps(&grid, &mut after, &command, &deltas)?;
            grid = after;
            push(&mut log, author, command, deltas)?;
        }
        replays(&start, &grid, &log)?;
        if alone {
            comes_back(&start, grid, log)
        } else {
            Ok(())
        }
    }

    /// Decides a command, and hashes what came of it.
    fn decide(&mut self, grid: &Grid, command: &PlanCommand) -> Result<Option<Deltas>, &'static str> {
        match apply(grid, command) {
            Ok(deltas) => {
                self.done += 1;
                let bytes = deltas.to_bytes();
                self.eat(&bytes);
                if Deltas::from_bytes(&bytes).as_ref() != Ok(&deltas) {
                    return Err("the bytes of deltas lose something");
                }
                Ok(Some(deltas))
            }
            Err(refusal) => {
                self.refused += 1;
                let mut words = String::new();
                write!(words, "{refusal:?}").map_err(|_| "a refusal has no words")?;
                self.eat(words.as_bytes());
                explained(&refusal)
                    .then_some(None)
                    .ok_or("a refusal explains nothing")
            }
        }
    }

    /// Takes something into the hash.
    pub(crate) fn eat(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.hash = (self.hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

/// Whether a refusal for others' sake says who stands in the way and how much is missing.
fn explained(refusal: &Refusal) -> bool {
    match refusal {
        Refusal::Blocked {
            wanted,
            reachable,
            missing,
            blockers,
            ..
        } => !blockers.is_empty() && missing.0 > 0 && (wanted.0 - reachable.0).abs() == missing.0,
        _ => true,
    }
}

fn push(log: &mut Log, author: usize, command: PlanCommand, deltas: Deltas) -> Result<(), &'static str> {
    let seq = log.head() + 1;
    let entry = Entry::new(seq, seq as i64, who(author), command, deltas);
    log.push(entry).map_err(|_| "the log does not continue")
}

/// Sums, locks, bounds, what the command keeps, and that taking the deltas back leads back.
fn keeps(
    before: &Grid,
    after: &mut Grid,
    command: &PlanCommand,
    deltas: &Deltas,
) -> Result<(), &'static str> {
    after
        .fold(deltas)
        .map_err(|_| "deltas do not fit the grid they were made for")?;
    let mut back = after.clone();
    back.fold(&deltas.invert())
        .map_err(|_| "inverted deltas do not fit")?;
    if back != *before {
        return Err("inverted deltas do not lead back");
    }
    after.check().map_err(|_| "sums or bounds are broken")?;
    let holds = before.constraints().all(|(node, period, held)| {
        let (old, new) = (before.amount(node, period), after.amount(node, period));
        held.lock.is_none_or(|_| old == new)
            && held.floor.is_none_or(|floor| new >= floor)
            && held.cap.is_none_or(|cap| new <= cap)
    });
    if !holds {
        return Err("a lock or a bound is broken");
    }
    let PlanCommand::Set {
        node,
        period,
        amount,
        keep,
        give,
        ..
    } = command
    else {
        return Ok(());
    };
    if after.amount(*node, *period) != *amount {
        return Err("the amount is not what was set");
    }
    let shape = before.shape();
    let stays = |node: NodeIndex, period| before.amount(node, period) == after.amount(node, period);
    let Some(parent) = shape.parent(*node) else {
        return Ok(());
    };
    let row = period.is_some() && matches!(keep, Keep::Row | Keep::Both);
    let column = matches!(keep, Keep::Column | Keep::Both) && *give != Give::ParentGrows;
    if row && !stays(*node, None) {
        return Err("the kept row moved");
    }
    if column && !before.periods().all(|period| stays(parent, Some(period))) {
        return Err("the kept column moved");
    }
    if row && column && !shape.children(parent).all(|child| stays(child, None)) {
        return Err("a sibling's total moved though both margins are kept");
    }
    Ok(())
}

/// A drag shows what will be decided; where that is a refusal, it stops at an amount that can be had.
fn previews(
    random: &mut Random,
    grid: &Grid,
    command: &PlanCommand,
    decided: Option<&Deltas>,
) -> Result<(), &'static str> {
    let PlanCommand::Set {
        node,
        period,
        amount,
        keep,
        give,
        ..
    } = *command
    else {
        return Ok(());
    };
    let mut drag = Drag::begin(
        grid,
        Aim {
            node,
            period,
            keep,
            give,
        },
    )
    .map_err(|_| "a drag does not begin")?;
    let visible: Vec<NodeIndex> = grid.shape().nodes().filter(|_| random.below(2) == 0).collect();
    // The frames before leave no trace.
    drag.preview(grid, Minor(amount.0 / 2), &visible);
    let preview = drag.preview(grid, amount, &visible);
    if preview.refusal.is_some() != decided.is_none() {
        return Err("the preview refuses what is decided, or the reverse");
    }
    let placed = PlanCommand::Set {
        node,
        period,
        amount: preview.placed,
        keep,
        give,
        reason: None,
    };
    let deltas = apply(grid, &placed).map_err(|_| "the preview stops where nothing can be placed")?;
    let mut after = grid.clone();
    after
        .fold(&deltas)
        .map_err(|_| "deltas do not fit the grid they were made for")?;
    let same = |(cell, shown): &(CellIndex, Minor)| {
        let (node, period) = grid.shape().place(*cell);
        after.amount(node, Some(period)) == *shown
    };
    if preview.cells.iter().all(same) {
        Ok(())
    } else {
        Err("the preview shows other amounts than are decided")
    }
}

/// The log's deltas lead to the state, its commands decide the same again, and packed bytes keep it.
fn replays(start: &Grid, grid: &Grid, log: &Log) -> Result<(), &'static str> {
    let mut folded = start.clone();
    log.fold(&mut folded, 0).map_err(|_| "the log does not fold")?;
    let mut replayed = start.clone();
    for entry in log.entries() {
        if apply(&replayed, &entry.command).as_ref() != Ok(&entry.deltas) {
            return Err("a command decides otherwise when replayed");
        }
        replayed
            .fold(&entry.deltas)
            .map_err(|_| "replayed deltas do not fit")?;
    }
    let unpacked = Grid::unpack(&grid.pack(), Arc::clone(grid.shape()));
    if folded == *grid && replayed == *grid && unpacked.as_ref() == Ok(grid) {
        Ok(())
    } else {
        Err("fold, replay and packed bytes come to different states")
    }
}

/// One author alone undoes everything and does it again.
fn comes_back(start: &Grid, mut grid: Grid, mut log: Log) -> Result<(), &'static str> {
    let (end, me) = (grid.clone(), who(0));
    let mut steps = 0;
    while let Ok(undo) = log.undo(me, &grid) {
        let deltas = apply(&grid, &undo.command).map_err(|_| "an undo is refused")?;
        grid.fold(&deltas).map_err(|_| "an undo does not fit")?;
        push(&mut log, 0, undo.command, deltas)?;
        steps += 1;
    }
    if grid != *start {
        return Err("undoing everything does not lead back to the start");
    }
    for _ in 0..steps {
        let redo = log.redo(me, &grid).map_err(|_| "there is no redo")?;
        let deltas = apply(&grid, &redo.command).map_err(|_| "a redo is refused")?;
        grid.fold(&deltas).map_err(|_| "a redo does not fit")?;
        push(&mut log, 0, redo.command, deltas)?;
    }
    if grid == end {
        Ok(())
    } else {
        Err("doing everything again does not lead to the end")
    }
}
