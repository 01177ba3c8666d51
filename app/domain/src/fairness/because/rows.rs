//! The rows that make most of a figure.

use super::{Figure, One, Row, Told};
use crate::format;
use crate::plan::NodeIndex;

/// Rows that are named.
const NAMED: usize = 5;

/// How far apart stretches are.
pub(super) struct Apart {
    /// How many there are.
    pub(super) count: usize,
    /// All together.
    pub(super) sum: f64,
    /// The distances of any two together.
    pub(super) in_all: f64,
    /// The distances of each to all others, with its place.
    each: Vec<(f64, usize)>,
}

/// How far apart stretches are, each with its place.
pub(super) fn apart(stretches: impl Iterator<Item = (usize, f64)>) -> Apart {
    let mut sorted: Vec<(usize, f64)> = stretches.collect();
    sorted.sort_by(|one, other| one.1.total_cmp(&other.1));
    let count = sorted.len();
    let sum: f64 = sorted.iter().map(|(_, stretch)| stretch).sum();
    let (mut before, mut apart) = (0.0, 0.0);
    let mut each = Vec::with_capacity(count);
    for (place, (person, stretch)) in sorted.into_iter().enumerate() {
        let (below, above) = (place as f64, (count - place) as f64);
        let to_all = stretch * below - before + (sum - before) - stretch * above;
        each.push((to_all, person));
        apart += to_all / 2.0;
        before += stretch;
    }
    Apart {
        count,
        sum,
        in_all: apart,
        each,
    }
}

/// The places of most weight, the heaviest first; what weighs nothing is left out.
fn heaviest(weights: impl Iterator<Item = (f64, usize)>) -> Vec<(f64, usize)> {
    let mut all: Vec<(f64, usize)> = weights.filter(|(weight, _)| *weight > 0.0).collect();
    all.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    all.truncate(NAMED);
    all
}

impl Told<'_> {
    /// The rows that make most of a figure, the heaviest first.
    pub(super) fn rows(&self, figure: Figure) -> Vec<Row> {
        let share = self.judged.report.chances.share;
        match figure {
            Figure::Reached => {
                let weights = self.chances().map(|(place, chance)| (share - chance, place));
                self.people_of(&heaviest(weights), |one, _| self.chance_of(one))
            }
            Figure::ChanceSd => {
                let weights = self
                    .chances()
                    .map(|(place, chance)| ((chance - share) * (chance - share), place));
                self.people_of(&heaviest(weights), |one, _| self.chance_of(one))
            }
            Figure::Whole | Figure::Stretch => {
                let people = self.people.iter().enumerate();
                let weights = people.map(|(place, one)| (one.target.0 as f64 - one.mean, place));
                self.people_of(&heaviest(weights), |one, _| self.asked_of(one))
            }
            Figure::Gini => {
                let all = apart(self.stretches());
                // Each distance is one of two people.
                let whole = 2.0 * all.in_all;
                self.people_of(&heaviest(all.each.into_iter()), |one, weight| {
                    let stretch = format::ratio_percent(one.figures.stretch);
                    let part = format::percent(weight / whole);
                    self.lang.pick(
                        format!("压力 {stretch}，占差距的 {part}"),
                        format!("stretch {stretch}, {part} of the distances"),
                    )
                })
            }
            Figure::Ratio => self.ends(),
            Figure::NewHires => {
                let people = self.people.iter().enumerate();
                let new = people.filter(|(_, one)| one.new_hire);
                let weights = new.map(|(place, one)| (one.target.0 as f64, place));
                self.people_of(&heaviest(weights), |one, _| self.asked_of(one))
            }
            Figure::PaddingLevel(level) => self.handing_down(Some(level)),
            Figure::Padding => self.handing_down(None),
            Figure::Correlations => Vec::new(),
        }
    }

    fn people_of(&self, places: &[(f64, usize)], words: impl Fn(&One, f64) -> String) -> Vec<Row> {
        let known = places
            .iter()
            .filter_map(|(weight, place)| Some((*weight, self.people.get(*place)?)));
        known
            .map(|(weight, one)| Row {
                node: one.node,
                words: words(one, weight),
            })
            .collect()
    }

    fn chance_of(&self, one: &One) -> String {
        let chance = one
            .figures
            .chance
            .map_or_else(|| format::NONE.to_owned(), format::chance);
        self.lang
            .pick(format!("达成概率 {chance}"), format!("chance {chance}"))
    }

    fn asked_of(&self, one: &One) -> String {
        let (target, expected) = (self.money(one.target.0 as f64), self.money(one.mean));
        self.lang.pick(
            format!("目标 {target}，预期 {expected}"),
            format!("target {target}, expected {expected}"),
        )
    }

    /// Who is stretched furthest, and least.
    fn ends(&self) -> Vec<Row> {
        let highest = self.stretches().max_by(|one, other| one.1.total_cmp(&other.1));
        let lowest = self.stretches().min_by(|one, other| one.1.total_cmp(&other.1));
        let ends: Vec<(f64, usize)> = [highest, lowest]
            .into_iter()
            .flatten()
            .map(|(place, stretch)| (stretch, place))
            .collect();
        self.people_of(&ends, |one, _| {
            let stretch = format::ratio_percent(one.figures.stretch);
            self.lang
                .pick(format!("压力 {stretch}"), format!("stretch {stretch}"))
        })
    }

    /// The rows that hand down most beyond what they carry, or short of it; of one depth, or of all.
    fn handing_down(&self, depth: Option<usize>) -> Vec<Row> {
        let parents = self.shape.nodes().filter(|node| !self.shape.is_leaf(*node));
        let there =
            parents.filter(|node| depth.is_none_or(|depth| usize::from(self.shape.depth(*node)) == depth));
        let weights = there.map(|node| (self.beyond(node).abs() as f64, node.0 as usize));
        heaviest(weights)
            .into_iter()
            .map(|(_, place)| {
                let node = NodeIndex(place as u32);
                let beyond = self.beyond(node);
                let (own, more) = ((self.amount)(node), self.money(beyond as f64));
                let sign = if beyond > 0 { "+" } else { "" };
                let ratio = (own.0 > 0).then(|| format::percent_change(beyond as f64 / own.0 as f64));
                let ratio = ratio.unwrap_or_else(|| format::NONE.to_owned());
                Row {
                    node,
                    words: format!("{sign}{more} · {ratio}"),
                }
            })
            .collect()
    }

    /// What the rows below a row have beyond what it has itself.
    fn beyond(&self, node: NodeIndex) -> i128 {
        let below: i128 = self
            .shape
            .children(node)
            .map(|child| i128::from((self.amount)(child).0))
            .sum();
        below - i128::from((self.amount)(node).0)
    }
}
