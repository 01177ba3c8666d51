//! The check of a plan before it is published.

use serde::{Deserialize, Serialize};

use super::count::{common_interval, count_interval};
use super::even::gini_of;
use super::finding::{Finding, Severity, Trait};
use super::judge::findings;
use super::{FairnessError, Level, Padding, Person, Settings, Spread, Whole, padding, whole};
use crate::money::Minor;
use crate::statistics::{
    Correlation, Interval, benjamini_hochberg, mean, normal_below, rank_correlation, robust_spread, sd,
    theil_parts,
};

/// A plan judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// One a person, in the order given.
    pub people: Vec<PersonFigures>,
    /// How hard targets press, and how evenly.
    pub stretch: Stretch,
    /// How many will reach theirs.
    pub chances: Chances,
    /// What the chances go with; empty where too few have a target.
    pub associations: Vec<Association>,
    /// New hires against the others; `None` where there are none, or none others.
    pub new_hires: Option<NewHires>,
    /// Over-assignment; `None` where fewer than two levels are given.
    pub padding: Option<Padding>,
    /// The whole.
    pub whole: Whole,
    /// What was found, the gravest first.
    pub findings: Vec<Finding>,
}

impl Report {
    /// How much the gravest finding matters.
    pub fn worst(&self) -> Severity {
        self.findings
            .iter()
            .map(|found| found.severity)
            .max()
            .unwrap_or(Severity::Good)
    }
}

/// The figures of one person.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonFigures {
    /// Target against expected outcome; `None` without a target or where nothing is expected.
    pub stretch: Option<f64>,
    /// The chance to reach the target; `None` without one.
    pub chance: Option<f64>,
    /// The target that would be reached with the wanted chance, in minor units.
    pub at_wanted_chance: f64,
}

/// How hard targets press.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stretch {
    /// All targets against all expected outcomes; `None` where nothing is expected.
    pub whole: Option<f64>,
    /// Gini coefficient of the people's stretch: 0 where all are alike.
    pub gini: Option<f64>,
    /// The highest against the lowest.
    pub highest_to_lowest: Option<f64>,
    /// `(P90 − P10) / P50`.
    pub robust_spread: Option<f64>,
    /// Theil's index within teams.
    pub within_teams: Option<f64>,
    /// Theil's index between teams: what of the unevenness is the teams' and not the people's.
    pub between_teams: Option<f64>,
    /// The verdict on the spread.
    pub verdict: Spread,
}

/// How many reach their targets.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chances {
    /// People with a target.
    pub people: usize,
    /// Expected share who reach it: the mean of their chances.
    pub share: f64,
    /// The interval of that share where outcomes go together as the settings say.
    pub interval: Interval,
    /// The interval of their number if outcomes had nothing to do with each other (Poisson-binomial).
    pub count: Interval,
    /// Standard deviation of the chances; `None` of fewer than two.
    pub sd: Option<f64>,
    /// The verdict on the level.
    pub verdict: Level,
}

/// What the chance to reach the target goes with.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Association {
    /// With what.
    pub with: Trait,
    /// How (Spearman).
    pub correlation: Correlation,
    /// Whether it is strong, and more than chance among all that were looked at.
    pub notable: bool,
}

/// New hires against the others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewHires {
    /// How many with a target.
    pub people: usize,
    /// Their part of all targets.
    pub target_share: f64,
    /// Their part of all expected outcomes.
    pub expected_share: f64,
    /// Their targets against what is expected of them; `None` where that is nothing.
    pub stretch: Option<f64>,
    /// The same of the others.
    pub others: Option<f64>,
}

/// Judges a plan. `levels` are the sums of targets from the top down (the company's, its regions', …, the people's); the
/// whole to be reached is the first of them, or the sum of all targets where none is given. `aside`: what of it is asked of
/// nobody who is judged, because nothing can be expected of them; the others are to bring the rest.
///
/// People without a target are left out of every figure but the whole's expected outcome. `O(n log n)`.
pub fn check(
    people: &[Person],
    levels: &[Minor],
    aside: Minor,
    settings: &Settings,
) -> Result<Report, FairnessError> {
    sound(people)?;
    let (margins, figures): (Vec<Option<f64>>, Vec<PersonFigures>) =
        people.iter().map(|person| figures_of(person, settings)).unzip();
    let (stretched, teams) = pressed(people, &figures);
    let uneven = Uneven {
        teams: theil_parts(&stretched, &teams),
        gini: gini_of(&stretched),
        robust: robust_spread(&stretched),
    };
    let stretch = stretch(people, &stretched, uneven, settings);
    let chances = chances(&figures, &margins, settings).ok_or(FairnessError::NoTarget)?;
    let found = if chances.people < settings.few {
        Vec::new()
    } else {
        let found = Trait::ALL
            .into_iter()
            .filter_map(|with| association(people, &figures, with));
        found.collect()
    };
    let parts = Parts {
        figures,
        stretch,
        chances,
        found,
    };
    report(people, levels, aside, parts, settings)
}

/// Whether everybody can be judged.
pub(super) fn sound(people: &[Person]) -> Result<(), FairnessError> {
    if people.is_empty() {
        return Err(FairnessError::Nobody);
    }
    if let Some(person) = people.iter().position(|person| person.target.0 < 0) {
        return Err(FairnessError::Target { person });
    }
    if let Some(person) = people.iter().position(|person| !person.outlook.is_sound()) {
        return Err(FairnessError::Outlook { person });
    }
    Ok(())
}

/// The figures of one person, with the margin of their target.
pub(super) fn figures_of(person: &Person, settings: &Settings) -> (Option<f64>, PersonFigures) {
    let margin = (person.target.0 > 0).then(|| person.outlook.margin(person.target.0 as f64));
    let figures = PersonFigures {
        stretch: (person.target.0 > 0 && person.outlook.mean > 0.0)
            .then(|| person.target.0 as f64 / person.outlook.mean)
            .filter(|stretch| stretch.is_finite()),
        chance: margin.map(normal_below),
        at_wanted_chance: person.outlook.target(settings.chance_wanted),
    };
    (margin, figures)
}

/// What a report is made of, beside the levels.
pub(super) struct Parts {
    pub(super) figures: Vec<PersonFigures>,
    pub(super) stretch: Stretch,
    pub(super) chances: Chances,
    pub(super) found: Vec<(Trait, Correlation)>,
}

/// The report of people whose figures are there.
pub(super) fn report(
    people: &[Person],
    levels: &[Minor],
    aside: Minor,
    parts: Parts,
    settings: &Settings,
) -> Result<Report, FairnessError> {
    let padding = match levels {
        [] => None,
        [whole] if whole.0 < 0 => return Err(FairnessError::Levels { level: 0 }),
        [_] => None,
        levels => Some(padding(levels)?),
    };
    let assigned: i128 = people.iter().map(|person| i128::from(person.target.0)).sum();
    let goal = match levels.first() {
        Some(whole) => Minor(whole.0.saturating_sub(aside.0).max(0)),
        None => Minor(i64::try_from(assigned).unwrap_or(i64::MAX)),
    };
    let mut report = Report {
        new_hires: new_hires(people),
        whole: whole(goal, people, settings),
        people: parts.figures,
        stretch: parts.stretch,
        chances: parts.chances,
        associations: notable(parts.found, settings),
        padding,
        findings: Vec::new(),
    };
    report.findings = findings(&report, people, settings);
    Ok(report)
}

/// How hard targets press where that can be told, with the team of each.
pub(super) fn pressed(people: &[Person], figures: &[PersonFigures]) -> (Vec<f64>, Vec<u32>) {
    figures
        .iter()
        .zip(people)
        .filter_map(|(figures, person)| Some((figures.stretch?, person.team)))
        .unzip()
}

/// How unevenly they press.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Uneven {
    /// Theil's index within teams and between them.
    pub(super) teams: Option<(f64, f64)>,
    pub(super) gini: Option<f64>,
    pub(super) robust: Option<f64>,
}

pub(super) fn stretch(people: &[Person], stretched: &[f64], uneven: Uneven, settings: &Settings) -> Stretch {
    let targets: i128 = people.iter().map(|person| i128::from(person.target.0)).sum();
    let expected: f64 = people.iter().map(|person| person.outlook.mean).sum();
    let highest = stretched.iter().copied().fold(0.0, f64::max);
    let lowest = stretched.iter().copied().fold(f64::INFINITY, f64::min);
    Stretch {
        whole: (expected > 0.0).then(|| targets as f64 / expected),
        gini: uneven.gini,
        highest_to_lowest: (!stretched.is_empty())
            .then(|| highest / lowest)
            .filter(|ratio| ratio.is_finite()),
        robust_spread: uneven.robust,
        within_teams: uneven.teams.map(|(within, _)| within),
        between_teams: uneven.teams.map(|(_, between)| between),
        verdict: Spread::of(uneven.gini, stretched.len(), settings),
    }
}

pub(super) fn chances(
    figures: &[PersonFigures],
    margins: &[Option<f64>],
    settings: &Settings,
) -> Option<Chances> {
    let margins: Vec<f64> = margins.iter().copied().flatten().collect();
    let chances: Vec<f64> = figures.iter().filter_map(|person| person.chance).collect();
    let share = mean(&chances)?;
    Some(Chances {
        people: chances.len(),
        share,
        interval: common_interval(&margins, &chances, settings.correlation, settings.interval)?,
        count: count_interval(&chances, settings.interval)?,
        sd: sd(&chances),
        verdict: Level::of(share, settings),
    })
}

/// What the chances have to do with a trait; none where too few are known.
pub(super) fn association(
    people: &[Person],
    figures: &[PersonFigures],
    with: Trait,
) -> Option<(Trait, Correlation)> {
    let pairs: Vec<(f64, f64)> = people
        .iter()
        .zip(figures)
        .filter_map(|(person, figures)| Some((figures.chance?, person.value_of(with)?)))
        .collect();
    Some((with, rank_correlation(&pairs)?))
}

/// Which of them are worth saying.
fn notable(found: Vec<(Trait, Correlation)>, settings: &Settings) -> Vec<Association> {
    let tests: Vec<f64> = found.iter().map(|(_, correlation)| correlation.p).collect();
    let real = benjamini_hochberg(&tests, settings.false_rate);
    found
        .into_iter()
        .zip(real)
        .map(|((with, correlation), real)| Association {
            with,
            correlation,
            notable: real && correlation.r.abs() >= settings.correlation_strong,
        })
        .collect()
}

impl Person {
    fn value_of(&self, of: Trait) -> Option<f64> {
        match of {
            Trait::Size => self.size,
            Trait::Growth => self.growth,
            Trait::Tenure => self.tenure,
            Trait::Potential => self.potential,
        }
    }
}

fn new_hires(people: &[Person]) -> Option<NewHires> {
    let with_target = || people.iter().filter(|person| person.target.0 > 0);
    let sums = |new: bool| {
        with_target().filter(|person| person.new_hire == new).fold(
            (0, 0.0, 0.0),
            |(count, target, expected), person| {
                (
                    count + 1,
                    target + person.target.0 as f64,
                    expected + person.outlook.mean,
                )
            },
        )
    };
    let (new, old) = (sums(true), sums(false));
    let ratio = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
    let stretch = |(_, target, expected): (usize, f64, f64)| (expected > 0.0).then(|| target / expected);
    (new.0 > 0 && old.0 > 0).then(|| NewHires {
        people: new.0,
        target_share: ratio(new.1, new.1 + old.1),
        expected_share: ratio(new.2, new.2 + old.2),
        stretch: stretch(new),
        others: stretch(old),
    })
}
