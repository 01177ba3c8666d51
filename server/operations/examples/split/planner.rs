//! A planner with a grid that is open: changes the numbers of a team, folds what the answers tell.

use std::time::{Duration, Instant};

use domain::id::{CommandId, VersionId};
use domain::money::Minor;
use domain::plan::{Basis, BasisWeights, Give, Grid, Keep, NodeIndex, PlanCommand, Spread};
use domain::split::{Applied, Large, OpenGrid};
use serde_json::json;
use uuid::Uuid;

use crate::Failure;
use crate::caller::{Caller, Form};

/// One planner.
pub(crate) struct Planner {
    pub(crate) caller: Caller,
    version: VersionId,
    /// The people this planner sets the numbers of, of many teams of one region.
    people: Vec<NodeIndex>,
    pub(crate) grid: Grid,
    pub(crate) head: u64,
    pub(crate) asked: u64,
    pub(crate) done: u64,
    /// How long each change was on its way, milliseconds.
    pub(crate) times: Vec<f64>,
}

impl Planner {
    /// Opens the grid; each number has a region of its own.
    pub(crate) fn begin(mut caller: Caller, version: VersionId, number: usize) -> Result<Self, Failure> {
        let (open, _, _) = crate::opened(&mut caller, version)?;
        let shape = open.grid.shape();
        let region = shape
            .children(NodeIndex(0))
            .nth(number)
            .ok_or("a planner without a region")?;
        let people = (region.0..shape.end(region).0)
            .map(NodeIndex)
            .filter(|node| shape.is_leaf(*node))
            .collect();
        Ok(Self {
            caller,
            version,
            people,
            grid: open.grid,
            head: open.head,
            asked: 0,
            done: 0,
            times: Vec::new(),
        })
    }

    /// Sets the next number; its team gives. Answers how long it was on its way, milliseconds.
    pub(crate) fn change(&mut self) -> Result<f64, Failure> {
        let place = usize::try_from(self.asked)? * 7 % self.people.len().max(1);
        let node = self
            .people
            .get(place)
            .copied()
            .ok_or("nobody to set a number of")?;
        let now = self.grid.amount(node, None).0;
        // Up and down by turns, and never what is there.
        let side = if self.asked.is_multiple_of(2) { 95 } else { 101 };
        let percent = side + i64::try_from(self.asked % 5)?;
        let command = PlanCommand::Set {
            node,
            period: None,
            amount: Minor(now / 100 * percent),
            keep: Keep::Column,
            give: Give::Siblings,
            reason: None,
        };
        self.asked += 1;
        let start = Instant::now();
        let applied = send(&mut self.caller, self.version, self.head, &command)?;
        let took = start.elapsed().as_secs_f64() * 1_000.0;
        self.done += u64::from(applied.is_done());
        self.follow(&applied)?;
        Ok(took)
    }

    /// Makes changes at a pace for a while.
    pub(crate) fn work(&mut self, during: Duration, a_second: u32) -> Result<(), Failure> {
        let began = Instant::now();
        let beat = Duration::from_secs(1) / a_second;
        let beats = u32::try_from(during.as_millis() / beat.as_millis())?;
        for number in 0..beats {
            std::thread::sleep((beat * number).saturating_sub(began.elapsed()));
            let took = self.change()?;
            self.times.push(took);
        }
        Ok(())
    }

    /// Asks for what others did.
    pub(crate) fn catch_up(&mut self) -> Result<(), Failure> {
        loop {
            let question = json!({ "version": self.version, "after": self.head, "lean": true });
            let news = self.caller.ask("split/news", &question, Form::Json)?;
            let news: Applied = serde_json::from_slice(&news)?;
            if news.behind {
                // As the page does: it opens the grid anew.
                let (open, _, _) = crate::opened(&mut self.caller, self.version)?;
                (self.grid, self.head) = (open.grid, open.head);
            } else {
                self.follow(&news)?;
            }
            if self.head >= news.head {
                return Ok(());
            }
        }
    }

    fn follow(&mut self, applied: &Applied) -> Result<(), Failure> {
        self.head = fold(&mut self.grid, self.head, applied)?;
        Ok(())
    }
}

/// Folds what is after a head into the grid that stands there, as the page does; where it stands then.
fn fold(grid: &mut Grid, mut head: u64, applied: &Applied) -> Result<u64, Failure> {
    let known = head;
    for entry in applied.entries.iter().filter(|entry| entry.seq > known) {
        if entry.seq != head + 1 {
            return Err(format!("{} follows {head}", entry.seq).into());
        }
        match Large::of(&applied.large, entry.seq) {
            Some(large) => grid.fold_packed(&large.deltas)?,
            None => grid.fold(&entry.deltas)?,
        }
        head = entry.seq;
    }
    Ok(head)
}

/// Splits the whole evenly and takes that back: bytes of the answer to the step, as it travels. It leads back to the grid that is open.
pub(crate) fn step_back(caller: &mut Caller, version: VersionId, open: &OpenGrid) -> Result<usize, Failure> {
    let split = PlanCommand::Split {
        node: NodeIndex(0),
        spread: Spread::Subtree,
        bases: vec![BasisWeights {
            basis: Basis::Equal,
            share_ppm: 1_000_000,
            weights: Vec::new(),
        }],
        factors: Vec::new(),
        own: Vec::new(),
        proposals: Vec::new(),
        uplift_ppm: Vec::new(),
        step: Minor(1),
        reason: None,
    };
    let done = send(caller, version, open.head, &split)?;
    if !done.is_done() {
        return Err(format!("the whole was not split: {:?}", done.refused).into());
    }
    let mut grid = open.grid.clone();
    let head = fold(&mut grid, open.head, &done)?;
    let key = CommandId(Uuid::now_v7());
    let question = json!({ "version": version, "base": head, "key": key, "intent": "undo", "lean": true });
    let sent = caller.ask("split/step", &question, Form::Compressed)?;
    // Asked again under its key, it is told again and not done twice.
    let told: Applied = serde_json::from_slice(&caller.ask("split/step", &question, Form::Json)?)?;
    fold(&mut grid, head, &told)?;
    if told.behind || grid != open.grid {
        return Err("a step back does not lead back".into());
    }
    Ok(sent.len())
}

/// Sends a change.
pub(crate) fn send(
    caller: &mut Caller,
    version: VersionId,
    base: u64,
    command: &PlanCommand,
) -> Result<Applied, Failure> {
    let key = CommandId(Uuid::now_v7());
    let question = json!({ "version": version, "base": base, "key": key, "command": command });
    let answer = caller.ask("split/change", &question, Form::Json)?;
    Ok(serde_json::from_slice(&answer)?)
}
