//! Why a figure of a plan that was judged is what it is: its formula with the numbers put in, over whom it goes, and the rows that
//! make most of it.

mod rows;
mod words;

use super::{Footing, Ground, Judged, Measure, PersonFigures, Settings, levels};
use crate::format::{self, Lang};
use crate::money::{Currency, Minor};
use crate::plan::{NodeIndex, Shape};

/// A figure of a plan that was judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Figure {
    /// The share of people who can be expected to reach their target.
    Reached,
    /// The chance that the whole is reached.
    Whole,
    /// All targets against all that is expected.
    Stretch,
    /// The Gini coefficient of stretch.
    Gini,
    /// The highest stretch against the lowest.
    Ratio,
    /// The standard deviation of chances.
    ChanceSd,
    /// New hires against the others.
    NewHires,
    /// What a level hands down beyond what it carries: its place in [`super::Padding::levels`].
    PaddingLevel(usize),
    /// The same of all levels together.
    Padding,
    /// What chances go with.
    Correlations,
}

impl Figure {
    /// The name in the page.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::Whole => "whole",
            Self::Stretch => "stretch",
            Self::Gini => "gini",
            Self::Ratio => "ratio",
            Self::ChanceSd => "chance-sd",
            Self::NewHires => "new-hires",
            Self::PaddingLevel(_) => "padding-level",
            Self::Padding => "padding",
            Self::Correlations => "correlations",
        }
    }

    /// What an organization may limit it by; none where it sets no limit of this figure.
    pub fn measure(self) -> Option<Measure> {
        match self {
            Self::Reached => Some(Measure::Reached),
            Self::Whole => Some(Measure::Whole),
            Self::Gini => Some(Measure::Gini),
            Self::Padding => Some(Measure::Padding),
            Self::Stretch
            | Self::Ratio
            | Self::ChanceSd
            | Self::NewHires
            | Self::PaddingLevel(_)
            | Self::Correlations => None,
        }
    }

    /// What it is, in words.
    pub fn meaning(self, lang: Lang) -> &'static str {
        words::meaning(self, lang)
    }

    /// Its formula.
    pub fn formula(self, lang: Lang) -> &'static str {
        words::formula(self, lang)
    }

    /// How the rows that are named were chosen; none where none are.
    pub fn rows_are(self, lang: Lang) -> Option<&'static str> {
        words::rows_are(self, lang)
    }

    /// The threshold that every organization has of it; none where there is none.
    pub fn usual(self, settings: &Settings, lang: Lang) -> Option<String> {
        words::usual(self, settings, lang)
    }
}

/// Who set the limits that hold, and when.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LimitsSet {
    /// The name of whoever did.
    pub by: String,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
}

/// What a figure goes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// So many people.
    People(usize),
    /// So many rows with something below them.
    Rows(usize),
}

/// A row that makes much of a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The row, in the tree that was judged.
    pub node: NodeIndex,
    /// What it brings to the figure.
    pub words: String,
}

/// Why a figure is what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Because {
    /// The formula with the numbers put in, and what it comes to.
    pub numbers: String,
    /// What it goes over.
    pub over: Over,
    /// The rows that make most of it, the heaviest first.
    pub rows: Vec<Row>,
}

/// A person who was judged.
struct One {
    node: NodeIndex,
    target: Minor,
    mean: f64,
    new_hire: bool,
    figures: PersonFigures,
}

/// What a figure is told from.
struct Told<'a> {
    judged: &'a Judged,
    people: Vec<One>,
    shape: &'a Shape,
    amount: &'a dyn Fn(NodeIndex) -> Minor,
    currency: &'a Currency,
    lang: Lang,
}

/// Why a figure is what it is. The arguments are those of [`Ground::check`], and what it came to. `O(n log n)`.
pub fn because(
    figure: Figure,
    ground: &Ground,
    judged: &Judged,
    (shape, offset): (&Shape, u32),
    amount: &dyn Fn(NodeIndex) -> Minor,
    lang: Lang,
) -> Because {
    let place = |footing: &Footing| {
        let node = footing.node.0.checked_sub(offset).map(NodeIndex);
        node.filter(|node| shape.has(*node))
    };
    let judged_people = ground
        .people
        .iter()
        .filter_map(|footing| Some((place(footing)?, footing)));
    let people = judged_people
        .zip(&judged.report.people)
        .map(|((node, footing), figures)| One {
            node,
            target: amount(node),
            mean: footing.outlook.mean,
            new_hire: footing.new_hire,
            figures: *figures,
        })
        .collect();
    let told = Told {
        judged,
        people,
        shape,
        amount,
        currency: &ground.currency,
        lang,
    };
    Because {
        numbers: told.numbers(figure),
        over: told.over(figure),
        rows: told.rows(figure),
    }
}

impl Told<'_> {
    fn money(&self, amount: f64) -> String {
        format::compact(Minor(amount.round() as i64), self.currency, self.lang)
    }

    /// How hard targets press, where that can be told.
    fn stretches(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        let people = self.people.iter().enumerate();
        people.filter_map(|(place, one)| Some((place, one.figures.stretch?)))
    }

    /// The chances of those with a target.
    fn chances(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        let people = self.people.iter().enumerate();
        people.filter_map(|(place, one)| Some((place, one.figures.chance?)))
    }

    fn over(&self, figure: Figure) -> Over {
        let parents = |depth: Option<usize>| {
            let nodes = self.shape.nodes().filter(|node| !self.shape.is_leaf(*node));
            let there =
                nodes.filter(|node| depth.is_none_or(|depth| usize::from(self.shape.depth(*node)) == depth));
            Over::Rows(there.count())
        };
        match figure {
            Figure::Reached | Figure::ChanceSd | Figure::NewHires | Figure::Correlations => {
                Over::People(self.judged.report.chances.people)
            }
            Figure::Whole | Figure::Stretch => Over::People(self.people.len()),
            Figure::Gini | Figure::Ratio => Over::People(self.stretches().count()),
            Figure::PaddingLevel(level) => parents(Some(level)),
            Figure::Padding => parents(None),
        }
    }

    fn numbers(&self, figure: Figure) -> String {
        let report = &self.judged.report;
        let percent = format::percent;
        match figure {
            Figure::Reached => {
                let sum: f64 = self.chances().map(|(_, chance)| chance).sum();
                let (people, share) = (report.chances.people, report.chances.share);
                format!("{sum:.1} ÷ {} = {}", format::count(people as u64), percent(share))
            }
            Figure::Whole => {
                let whole = &report.whole;
                let (expected, target) = (self.money(whole.expected), self.money(whole.target.0 as f64));
                let (sd, chance) = (self.money(whole.sd), format::chance(whole.chance));
                format!("Φ(({expected} − {target}) ÷ {sd}) = {chance}")
            }
            Figure::Stretch => {
                let targets: i128 = self.people.iter().map(|one| i128::from(one.target.0)).sum();
                let expected: f64 = self.people.iter().map(|one| one.mean).sum();
                let stretch = format::ratio_percent(report.stretch.whole);
                format!(
                    "{} ÷ {} = {stretch}",
                    self.money(targets as f64),
                    self.money(expected)
                )
            }
            Figure::Gini => {
                let all = rows::apart(self.stretches());
                let people = format::count(all.count as u64);
                let (apart, sum) = (all.in_all, all.sum);
                let gini = format::ratio_percent(report.stretch.gini);
                format!("{apart:.2} ÷ ({people} × {sum:.2}) = {gini}")
            }
            Figure::Ratio => {
                let highest = self.stretches().map(|(_, stretch)| stretch).fold(0.0, f64::max);
                let lowest = self
                    .stretches()
                    .map(|(_, stretch)| stretch)
                    .fold(f64::INFINITY, f64::min);
                let times = report.stretch.highest_to_lowest;
                let times = times.map_or_else(|| format::NONE.to_owned(), |times| format!("{times:.2}"));
                format!("{} ÷ {} = {times}", percent(highest), percent(lowest))
            }
            Figure::ChanceSd => {
                let share = report.chances.share;
                let squares: f64 = self
                    .chances()
                    .map(|(_, chance)| (chance - share) * (chance - share))
                    .sum();
                let others = format::count(report.chances.people.saturating_sub(1) as u64);
                format!(
                    "√({squares:.3} ÷ {others}) = {}",
                    format::ratio_percent(report.chances.sd)
                )
            }
            Figure::NewHires => self.new_hires(),
            Figure::PaddingLevel(level) => {
                let sums = levels(self.shape, self.amount);
                let ratio = report
                    .padding
                    .as_ref()
                    .and_then(|padding| padding.levels.get(level).copied().flatten());
                self.over_assigned(sums.get(level + 1), sums.get(level), ratio)
            }
            Figure::Padding => {
                let sums = levels(self.shape, self.amount);
                let ratio = report.padding.as_ref().and_then(|padding| padding.total);
                self.over_assigned(sums.last(), sums.first(), ratio)
            }
            Figure::Correlations => {
                let each = report.associations.iter().map(|one| {
                    let (r, p, pairs) = (one.correlation.r, one.correlation.p, one.correlation.pairs);
                    format!(
                        "{}: r = {r:+.2}, p = {p:.3}, n = {pairs}",
                        one.with.label(self.lang)
                    )
                });
                let each: Vec<String> = each.collect();
                if each.is_empty() {
                    format::NONE.to_owned()
                } else {
                    each.join(self.lang.pick("；", "; "))
                }
            }
        }
    }

    fn over_assigned(&self, below: Option<&Minor>, above: Option<&Minor>, ratio: Option<f64>) -> String {
        let (Some(below), Some(above)) = (below, above) else {
            return format::NONE.to_owned();
        };
        let (below, above) = (self.money(below.0 as f64), self.money(above.0 as f64));
        format!("{below} ÷ {above} − 1 = {}", format::ratio_percent(ratio))
    }

    fn new_hires(&self) -> String {
        let mut sums = [[0.0; 2]; 2];
        for one in self.people.iter().filter(|one| one.target.0 > 0) {
            for (sum, value) in sums.iter_mut().zip([one.target.0 as f64, one.mean]) {
                let [new, all] = sum;
                *all += value;
                if one.new_hire {
                    *new += value;
                }
            }
        }
        let hires = self.judged.report.new_hires;
        let shares = [
            hires.map(|hires| hires.target_share),
            hires.map(|hires| hires.expected_share),
        ];
        let parts = sums.into_iter().zip(shares).map(|([new, all], share)| {
            let share = format::ratio_percent(share);
            format!("{} ÷ {} = {share}", self.money(new), self.money(all))
        });
        let parts: Vec<String> = parts.collect();
        parts.join(self.lang.pick("；", "; "))
    }
}

#[cfg(test)]
mod tests;
