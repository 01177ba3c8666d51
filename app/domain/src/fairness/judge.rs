//! What of a plan's figures is worth saying.

use super::finding::{Finding, Kind, Severity};
use super::plan::{Chances, Report, Stretch};
use super::{Level, Padding, Person, Settings, Spread};

/// All findings, the gravest first.
pub(super) fn findings(report: &Report, people: &[Person], settings: &Settings) -> Vec<Finding> {
    let mut found = vec![level(&report.chances), spread(&report.stretch)];
    found.extend(of_people(report, people, settings));
    found.extend(
        report
            .padding
            .iter()
            .flat_map(|padding| over_assigned(padding, settings)),
    );
    if report.whole.chance < 0.5 {
        let kind = Kind::WholeUnlikely {
            chance: report.whole.chance,
            needed: report.whole.needed,
        };
        found.push(Finding::new(Severity::Warn, kind));
    }
    found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    found
}

fn level(chances: &Chances) -> Finding {
    let severity = match chances.verdict {
        Level::OutOfReach => Severity::Block,
        Level::TooHigh => Severity::Warn,
        Level::TooLow | Level::Unclear => Severity::Notice,
        Level::Right => Severity::Good,
    };
    let kind = Kind::Level {
        level: chances.verdict,
        share: chances.share,
        interval: chances.interval,
    };
    Finding::new(severity, kind)
}

fn spread(stretch: &Stretch) -> Finding {
    let severity = match stretch.verdict {
        Spread::Excellent | Spread::Fair => Severity::Good,
        Spread::Uneven => Severity::Warn,
        Spread::Unclear => Severity::Notice,
    };
    let kind = Kind::Spread {
        spread: stretch.verdict,
        gini: stretch.gini,
    };
    Finding::new(severity, kind)
}

/// What concerns some people and not others.
fn of_people(report: &Report, people: &[Person], settings: &Settings) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut say = |severity, kind, holds: &dyn Fn(usize, f64) -> bool| {
        let chances = report.people.iter().enumerate();
        let who: Vec<usize> = chances
            .filter_map(|(place, figures)| holds(place, figures.chance?).then_some(place))
            .collect();
        if !who.is_empty() {
            found.push(Finding::about(severity, kind, who));
        }
    };
    let expected = |place: usize| people.get(place).is_some_and(|person| person.outlook.mean > 0.0);
    say(Severity::Block, Kind::NothingExpected, &|place, _| {
        !expected(place)
    });
    say(
        Severity::Warn,
        Kind::NextToNoChance {
            below: settings.chance_low,
        },
        &|place, chance| chance < settings.chance_low && expected(place),
    );
    say(
        Severity::Notice,
        Kind::AsksNothing {
            above: settings.chance_high,
        },
        &|_, chance| chance > settings.chance_high,
    );
    if let Some(sd) = report.chances.sd.filter(|sd| *sd > settings.chance_spread) {
        found.push(Finding::new(Severity::Warn, Kind::UnevenChances { sd }));
    }
    for one in report.associations.iter().filter(|one| one.notable) {
        let kind = Kind::Correlated {
            with: one.with,
            r: one.correlation.r,
            p: one.correlation.p,
        };
        found.push(Finding::new(Severity::Warn, kind));
    }
    if report.chances.people < settings.few {
        let people = report.chances.people;
        found.push(Finding::new(Severity::Notice, Kind::Few { people }));
    }
    let hires = report
        .new_hires
        .and_then(|hires| Some((hires.stretch?, hires.others?)));
    if let Some((stretch, others)) = hires
        && stretch > others * (1.0 + settings.new_hire_excess)
    {
        let new = people
            .iter()
            .enumerate()
            .filter(|(_, person)| person.new_hire && person.target.0 > 0);
        let who = new.map(|(place, _)| place).collect();
        let kind = Kind::NewHiresStretched { stretch, others };
        found.push(Finding::about(Severity::Warn, kind, who));
    }
    found
}

fn over_assigned(padding: &Padding, settings: &Settings) -> Vec<Finding> {
    // A threshold that is met to the last digit of a float is not passed.
    let over = |ratio: f64, limit: f64| ratio > limit + 1e-9;
    let mut found = Vec::new();
    for (place, ratio) in padding.levels.iter().enumerate() {
        let level = place + 1;
        match ratio {
            Some(ratio) if over(*ratio, settings.padding_level) => {
                let kind = Kind::OverAssigned { level, ratio: *ratio };
                found.push(Finding::new(Severity::Warn, kind));
            }
            Some(ratio) if *ratio < 0.0 => {
                let kind = Kind::UnderAssigned { level, ratio: *ratio };
                found.push(Finding::new(Severity::Warn, kind));
            }
            _ => {}
        }
    }
    if let Some(ratio) = padding.total.filter(|ratio| over(*ratio, settings.padding_total)) {
        let alarm = ratio >= settings.padding_alarm;
        let severity = if alarm { Severity::Block } else { Severity::Warn };
        found.push(Finding::new(severity, Kind::OverAssignedInTotal { ratio }));
    }
    found
}
