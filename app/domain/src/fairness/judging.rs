//! A check of a plan with many people, in steps none of which takes long: whoever shows it can do something else between them.

use super::even::gini_of;
use super::finding::Trait;
use super::glance::{clamped, put};
use super::ground::sums_of;
use super::plan::{
    Chances, Parts, PersonFigures, Stretch, Uneven, association, chances, figures_of, pressed, report, sound,
    stretch,
};
use super::{FairnessError, Ground, Judged, Person, Settings};
use crate::money::Minor;
use crate::plan::{NodeIndex, Shape};
use crate::statistics::{Correlation, robust_spread, theil_parts};

/// What is next.
#[derive(Clone, Copy, Debug, Default)]
enum Phase {
    #[default]
    People,
    Levels,
    Aside,
    Figures,
    Teams,
    Gini,
    Robust,
    Chances,
    Traits,
    Report,
}

/// A plan that is being judged. What comes out is, to the last digit, what [`Ground::check`] comes to.
#[derive(Debug, Default)]
pub struct Judging {
    phase: Phase,
    /// How far the phase is.
    at: usize,
    nodes: Vec<NodeIndex>,
    people: Vec<Person>,
    /// By depth: all that stands there, and what ends there.
    levels: Vec<(i128, i128)>,
    aside: i128,
    margins: Vec<Option<f64>>,
    figures: Vec<PersonFigures>,
    stretched: Vec<f64>,
    uneven: Uneven,
    stretch: Option<Stretch>,
    chances: Option<Chances>,
    found: Vec<(Trait, Correlation)>,
}

impl Judging {
    /// The next step, over so many rows where it goes row by row; answers once it was the last. The other arguments are those of
    /// [`Ground::check`] and stay the same from the first step to the last.
    pub fn go_on(
        &mut self,
        ground: &Ground,
        shape: &Shape,
        offset: u32,
        amount: impl Fn(NodeIndex) -> Minor,
        settings: &Settings,
        rows: usize,
    ) -> Option<Result<Judged, FairnessError>> {
        let place = |node: NodeIndex| {
            let node = node.0.checked_sub(offset).map(NodeIndex);
            node.filter(|node| shape.has(*node))
        };
        let from = self.at;
        let until = |all: usize| all.min(from.saturating_add(rows.max(1)));
        match self.phase {
            Phase::People => {
                let all = ground.people.len();
                for footing in ground.people.get(from..until(all)).unwrap_or_default() {
                    if let Some(node) = place(footing.node) {
                        self.nodes.push(node);
                        self.people.push(footing.person(shape, node, amount(node)));
                    }
                }
                self.advance(until(all), all, Phase::Levels);
            }
            Phase::Levels => {
                let all = shape.len();
                for node in (from as u32..until(all) as u32).map(NodeIndex) {
                    put(&mut self.levels, shape, node, i128::from(amount(node).0));
                }
                self.advance(until(all), all, Phase::Aside);
            }
            Phase::Aside => {
                let all = ground.unknown.len() + ground.unassigned.len();
                let nodes = ground.unknown.iter().chain(&ground.unassigned);
                for node in nodes.skip(from).take(until(all) - from) {
                    self.aside += place(*node).map_or(0, |node| i128::from(amount(node).0));
                }
                self.advance(until(all), all, Phase::Figures);
            }
            Phase::Figures => {
                if from == 0
                    && let Err(error) = sound(&self.people)
                {
                    return Some(Err(error));
                }
                let all = self.people.len();
                for person in self.people.get(from..until(all)).unwrap_or_default() {
                    let (margin, figures) = figures_of(person, settings);
                    self.margins.push(margin);
                    self.figures.push(figures);
                }
                self.advance(until(all), all, Phase::Teams);
            }
            Phase::Traits => {
                let enough = self.chances.is_some_and(|chances| chances.people >= settings.few);
                match Trait::ALL.get(from).filter(|_| enough) {
                    Some(with) => {
                        self.found.extend(association(&self.people, &self.figures, *with));
                        self.at += 1;
                    }
                    None => self.phase = Phase::Report,
                }
            }
            Phase::Teams | Phase::Gini | Phase::Robust | Phase::Chances => {
                if let Err(error) = self.press(settings) {
                    return Some(Err(error));
                }
            }
            Phase::Report => return Some(std::mem::take(self).finish(settings)),
        }
        None
    }

    /// Where a phase is, and the next one once it is over.
    fn advance(&mut self, until: usize, all: usize, next: Phase) {
        self.at = until;
        if until >= all {
            self.phase = next;
            self.at = 0;
        }
    }

    /// The figures of all together, one after the other: each is a pass or a few over everybody.
    fn press(&mut self, settings: &Settings) -> Result<(), FairnessError> {
        self.phase = match self.phase {
            Phase::Teams => {
                let (stretched, teams) = pressed(&self.people, &self.figures);
                self.uneven.teams = theil_parts(&stretched, &teams);
                self.stretched = stretched;
                Phase::Gini
            }
            Phase::Gini => {
                self.uneven.gini = gini_of(&self.stretched);
                Phase::Robust
            }
            Phase::Robust => {
                self.uneven.robust = robust_spread(&self.stretched);
                Phase::Chances
            }
            _ => {
                self.stretch = Some(stretch(&self.people, &self.stretched, self.uneven, settings));
                let chances = chances(&self.figures, &self.margins, settings);
                self.chances = Some(chances.ok_or(FairnessError::NoTarget)?);
                Phase::Traits
            }
        };
        Ok(())
    }

    fn finish(self, settings: &Settings) -> Result<Judged, FairnessError> {
        let (Some(stretch), Some(chances)) = (self.stretch, self.chances) else {
            return Err(FairnessError::Nobody);
        };
        let parts = Parts {
            figures: self.figures,
            stretch,
            chances,
            found: self.found,
        };
        let (levels, aside) = (sums_of(self.levels), clamped(self.aside));
        Ok(Judged {
            report: report(&self.people, &levels, aside, parts, settings)?,
            nodes: self.nodes,
        })
    }
}
