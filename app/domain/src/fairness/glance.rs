//! The figures that stay in sight while somebody drags, of a plan of any size: gathered in steps that fit between two frames, and
//! then worked out from the few rows that differ. What comes out is, to the last digit, what [`super::check`] comes to; what else a
//! drag moves is that up to how finely chances are counted.

use std::collections::VecDeque;

use super::even::{Even, counted};
use super::moved::{Judged, Sums};
use super::whole::reached;
use super::{Footing, Ground, Level, Moved, Report, Settings, Spread};
use crate::money::Minor;
use crate::plan::{NodeIndex, Shape};

/// Values that are put in order at once.
const RUN: usize = 2_048;
/// Values that are put together in the time of one step.
const MERGED: usize = 3;
/// Steps that a person takes: a chance is a logarithm and more.
const A_PERSON: usize = 4;

/// The figures that are in sight while somebody drags.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glance {
    /// All targets against all expected outcomes; `None` where nothing is expected.
    pub stretch: Option<f64>,
    /// The chance that the whole is reached.
    pub whole: f64,
    /// Gini coefficient of the people's stretch.
    pub gini: Option<f64>,
}

impl Glance {
    /// The same of a plan that was checked.
    pub fn of(report: &Report) -> Self {
        Self {
            stretch: report.stretch.whole,
            whole: report.whole.chance,
            gini: report.stretch.gini,
        }
    }
}

/// What is known of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Row {
    /// Who carries it, where they are judged.
    judged: Option<Judged>,
    /// How often it is taken out of what the others are to bring.
    aside: u32,
}

/// Targets of those who are judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Targets {
    sum: i128,
    positive: i64,
    negative: i64,
}

impl Targets {
    /// One more of an amount, or one less.
    fn put(&mut self, amount: Minor, times: i8) {
        self.sum += i128::from(amount.0) * i128::from(times);
        self.positive += i64::from(amount.0 > 0) * i64::from(times);
        self.negative += i64::from(amount.0 < 0) * i64::from(times);
    }
}

/// A plan as it stands, summed up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    rows: Vec<Row>,
    /// By depth: all that stands there, and what ends there.
    levels: Vec<(i128, i128)>,
    /// What is asked of those who are not judged.
    aside: i128,
    targets: Targets,
    sums: Sums,
    expected: f64,
    sd: f64,
    even: Even,
    /// Whether somebody is judged at all, and everybody's outlook is sound.
    sound: bool,
}

impl Standing {
    /// The figures in sight where some rows have another amount than they had when it was gathered, as [`Self::moved`].
    pub fn glance(
        &self,
        shape: &Shape,
        changes: impl IntoIterator<Item = (NodeIndex, Minor, Minor)>,
        settings: &Settings,
    ) -> Option<Glance> {
        self.moved(shape, changes, settings).map(|moved| moved.glance)
    }

    /// The figures where some rows have another amount than they had when it was gathered: `changes` are row, amount then, amount
    /// now, each row once. `None` where the plan cannot be judged. `O(k log n)` of `k` changes.
    pub fn moved(
        &self,
        shape: &Shape,
        changes: impl IntoIterator<Item = (NodeIndex, Minor, Minor)>,
        settings: &Settings,
    ) -> Option<Moved> {
        let (mut levels, mut aside, mut targets) = (self.levels.clone(), self.aside, self.targets);
        let mut sums = self.sums;
        let (mut gone, mut come) = (Vec::new(), Vec::new());
        for (node, was, is) in changes {
            let Some(row) = self.rows.get(node.0 as usize) else {
                continue;
            };
            let by = i128::from(is.0) - i128::from(was.0);
            put(&mut levels, shape, node, by);
            aside += by * i128::from(row.aside);
            if let Some(person) = row.judged {
                targets.put(was, -1);
                targets.put(is, 1);
                sums.put(person, was, -1);
                sums.put(person, is, 1);
                let mean = person.outlook.mean;
                gone.extend(pressure(was, mean));
                come.extend(pressure(is, mean));
            }
        }
        if !self.sound || targets.negative > 0 || targets.positive == 0 {
            return None;
        }
        let (mut above, mut first) = (0, None);
        for (here, ends) in levels {
            let level = clamped(here + above);
            if level.0 < 0 {
                return None;
            }
            first.get_or_insert(level);
            above += ends;
        }
        let goal = Minor(first?.0.saturating_sub(clamped(aside).0).max(0));
        let gini = self.even.gini(&gone, &come);
        let share = sums.reached()?;
        Some(Moved {
            glance: Glance {
                stretch: (self.expected > 0.0).then(|| targets.sum as f64 / self.expected),
                whole: reached(self.expected, self.sd, goal.0 as f64),
                gini,
            },
            reached: share,
            chance_sd: sums.sd(),
            highest_to_lowest: self.even.highest_to_lowest(&gone, &come),
            new_hires: sums.new_hires(),
            level: Level::of(share, settings),
            spread: Spread::of(gini, self.even.count(&gone, &come), settings),
        })
    }
}

/// A sum as an amount.
pub(super) fn clamped(sum: i128) -> Minor {
    Minor(i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX }))
}

/// Puts the amount of a row to its depth: all that stands there, and what ends there.
pub(super) fn put(levels: &mut Vec<(i128, i128)>, shape: &Shape, node: NodeIndex, amount: i128) {
    let depth = usize::from(shape.depth(node));
    if levels.len() <= depth {
        levels.resize(depth + 1, (0, 0));
    }
    if let Some((here, ends)) = levels.get_mut(depth) {
        *here += amount;
        if shape.is_leaf(node) {
            *ends += amount;
        }
    }
}

/// How hard a target presses, as it is counted; none without a target or where nothing is expected.
fn pressure(target: Minor, mean: f64) -> Option<i64> {
    let stretch = (target.0 > 0 && mean > 0.0).then(|| target.0 as f64 / mean);
    stretch.filter(|stretch| stretch.is_finite()).map(counted)
}

/// What of the gathering is next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    #[default]
    Rows,
    People,
    Aside,
    Order,
    Sums,
}

/// Two lists in order on their way to one.
#[derive(Debug, Default)]
struct Merge {
    left: Vec<i64>,
    right: Vec<i64>,
    /// How much of either is taken.
    taken: (usize, usize),
    merged: Vec<i64>,
}

impl Merge {
    fn of(left: Vec<i64>, right: Vec<i64>) -> Self {
        Self {
            merged: Vec::with_capacity(left.len() + right.len()),
            left,
            right,
            taken: (0, 0),
        }
    }

    /// Takes the next values, at most so many; answers how many.
    fn go_on(&mut self, most: usize) -> usize {
        let before = self.merged.len();
        while self.merged.len() - before < most {
            let next = (self.left.get(self.taken.0), self.right.get(self.taken.1));
            match next {
                (Some(left), Some(right)) if left <= right => {
                    self.merged.push(*left);
                    self.taken.0 += 1;
                }
                (_, Some(right)) => {
                    self.merged.push(*right);
                    self.taken.1 += 1;
                }
                (Some(left), None) => {
                    self.merged.push(*left);
                    self.taken.0 += 1;
                }
                (None, None) => break,
            }
        }
        self.merged.len() - before
    }

    fn is_done(&self) -> bool {
        self.merged.len() == self.left.len() + self.right.len()
    }
}

/// A plan that is being summed up, in steps.
#[derive(Debug, Default)]
pub struct Gathering {
    phase: Phase,
    /// How far the phase is.
    at: usize,
    standing: Standing,
    sds: f64,
    squares: f64,
    values: Vec<i64>,
    runs: VecDeque<Vec<i64>>,
    merge: Option<Merge>,
    unsound: bool,
}

impl Gathering {
    /// Goes on by so many steps, of which each is a few operations; answers what was gathered once it is done. The arguments are
    /// those of [`Ground::check`] and stay the same from the first step to the last.
    pub fn go_on(
        &mut self,
        ground: &Ground,
        shape: &Shape,
        offset: u32,
        amount: impl Fn(NodeIndex) -> Minor,
        settings: &Settings,
        steps: usize,
    ) -> Option<Standing> {
        let mut left = steps.max(1);
        let place = |node: NodeIndex| {
            let node = node.0.checked_sub(offset).map(NodeIndex);
            node.filter(|node| shape.has(*node))
        };
        while left > 0 {
            let from = self.at;
            match self.phase {
                Phase::Rows => {
                    let until = shape.len().min(from + left);
                    for node in (from as u32..until as u32).map(NodeIndex) {
                        self.standing.rows.push(Row::default());
                        put(&mut self.standing.levels, shape, node, i128::from(amount(node).0));
                    }
                    left -= self.advance(until, shape.len(), Phase::People);
                }
                Phase::People => {
                    let until = ground.people.len().min(from + left.div_ceil(A_PERSON));
                    for footing in ground.people.get(from..until).unwrap_or_default() {
                        if let Some(node) = place(footing.node) {
                            self.judge(node, footing, amount(node));
                        }
                    }
                    let people = self.advance(until, ground.people.len(), Phase::Aside);
                    left = left.saturating_sub(people * A_PERSON);
                }
                Phase::Aside => {
                    let all = ground.unknown.len() + ground.unassigned.len();
                    let until = all.min(from + left);
                    let nodes = ground.unknown.iter().chain(&ground.unassigned);
                    for node in nodes.skip(from).take(until - from) {
                        let Some(node) = place(*node) else { continue };
                        if let Some(row) = self.standing.rows.get_mut(node.0 as usize) {
                            row.aside += 1;
                            self.standing.aside += i128::from(amount(node).0);
                        }
                    }
                    left -= self.advance(until, all, Phase::Order);
                }
                Phase::Order => left = left.saturating_sub(self.order(left)),
                Phase::Sums => {
                    let summed = self.standing.even.sum_up(left);
                    if summed == 0 {
                        return Some(self.done(settings));
                    }
                    left -= summed;
                }
            }
        }
        None
    }

    /// Where a phase is, and the next one once it is over; answers the steps that took, one at least.
    fn advance(&mut self, until: usize, all: usize, next: Phase) -> usize {
        let steps = (until - self.at).max(1);
        if until == all {
            self.phase = next;
            self.at = 0;
        } else {
            self.at = until;
        }
        steps
    }

    fn judge(&mut self, node: NodeIndex, footing: &Footing, target: Minor) {
        let Some(row) = self.standing.rows.get_mut(node.0 as usize) else {
            return;
        };
        let outlook = footing.outlook;
        let person = Judged {
            outlook,
            new_hire: footing.new_hire,
        };
        row.judged = Some(person);
        self.standing.sums.put(person, target, 1);
        self.standing.sound = true;
        self.unsound |= !outlook.is_sound();
        self.standing.targets.put(target, 1);
        self.standing.expected += outlook.mean;
        self.sds += outlook.sd;
        self.squares += outlook.sd * outlook.sd;
        self.values.extend(pressure(target, outlook.mean));
        if self.values.len() >= RUN {
            self.end_run();
        }
    }

    /// Puts the last values in order.
    fn end_run(&mut self) {
        let mut run = std::mem::take(&mut self.values);
        run.sort_unstable();
        self.runs.push_back(run);
    }

    /// Puts lists together until one is left; answers the steps that took, one at least.
    fn order(&mut self, most: usize) -> usize {
        if !self.values.is_empty() {
            self.end_run();
            return RUN;
        }
        if let Some(merge) = &mut self.merge {
            let steps = merge.go_on(most.saturating_mul(MERGED)).div_ceil(MERGED);
            if merge.is_done()
                && let Some(done) = self.merge.take()
            {
                self.runs.push_back(done.merged);
            }
            return steps.max(1);
        }
        match (self.runs.pop_front(), self.runs.pop_front()) {
            (Some(left), Some(right)) => self.merge = Some(Merge::of(left, right)),
            (last, _) => {
                self.standing.even = Even::begin(last.unwrap_or_default());
                self.phase = Phase::Sums;
            }
        }
        1
    }

    fn done(&mut self, settings: &Settings) -> Standing {
        let rho = settings.correlation.clamp(0.0, 1.0);
        let mut standing = std::mem::take(&mut self.standing);
        // As in `whole`.
        standing.sd = ((1.0 - rho) * self.squares + rho * self.sds * self.sds).sqrt();
        standing.sound &= !self.unsound;
        *self = Self::default();
        standing
    }
}
