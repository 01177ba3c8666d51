//! The SMART check of a target (Doran 1981: specific, measurable, assignable, realistic, time-related), computed from what is
//! known of it instead of ticked: a finding for each letter, with what would mend it.

mod words;

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::line::LineBy;
use crate::money::Minor;
use crate::target::Span;

/// A target below this chance is a wish. Of people, 60 to 75 per cent should reach theirs (Zoltners, Sinha and Lorimer 2016), and
/// a whole that is reached less than once in five plans moves nobody.
pub const LEAST_CHANCE: f64 = 0.20;
/// A target above this chance asks for nothing.
pub const MOST_CHANCE: f64 = 0.95;
/// The part of what was done that has to be credited to somebody for the metric to measure carriers.
pub const LEAST_CREDITED: f64 = 0.95;
/// Days without a fact after which a source counts as silent, unless its own pauses are longer.
pub const SILENT_DAYS: i32 = 35;

/// The letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Letter {
    /// It says of what it is, and who carries it.
    Specific,
    /// Its metric is bound to data that come in.
    Measurable,
    /// It can be reached, and not by doing nothing.
    Achievable,
    /// It serves what is above it.
    Relevant,
    /// It says by when, and how far one should be on the way.
    TimeBound,
}

impl Letter {
    /// All, in order.
    pub const ALL: [Self; 5] = [
        Self::Specific,
        Self::Measurable,
        Self::Achievable,
        Self::Relevant,
        Self::TimeBound,
    ];

    /// The wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Specific => "specific",
            Self::Measurable => "measurable",
            Self::Achievable => "achievable",
            Self::Relevant => "relevant",
            Self::TimeBound => "time_bound",
        }
    }
}

/// What is known of a target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// The amount.
    pub amount: Minor,
    /// Its days; none where none were said.
    pub span: Option<Span>,
    /// The sums of its periods, in order; empty where it is not split in time.
    pub periods: Vec<Minor>,
    /// What everybody who carries a part of it carries, together with what is deliberately more than the whole.
    pub carried: Carried,
    /// The metric.
    pub metric: Measured,
    /// What is to be expected; none where there is too little history.
    pub outlook: Option<Chance>,
    /// What it serves; none where nothing is linked.
    pub above: Option<Above>,
}

/// Who carries a target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// The sum of what the parts of the first level get, less what they deliberately exceed it by.
    pub split: Option<Minor>,
    /// How many people or units carry a part of it.
    pub carriers: u64,
    /// The lowest parts with an amount that nobody carries, by name.
    pub nobody: Vec<String>,
    /// What its lines sum to in dimensions where that is another amount.
    #[serde(default)]
    pub lines_off: Vec<(LineBy, Minor)>,
}

/// How a metric is measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The first and the last day with a fact; none where there is none.
    pub facts: Option<(Day, Day)>,
    /// The part of what was done in the last year that is credited to somebody, 0 to 1.
    pub credited: f64,
    /// The longest pause between facts in the history, days.
    pub longest_pause: i32,
    /// The business date.
    pub today: Day,
}

/// Where an amount lies among what may come.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chance {
    /// The chance that the amount is reached, 0 to 1.
    pub reached: f64,
    /// What is booked for the period already.
    pub booked: Minor,
    /// The amounts with the least and the most chance a target may have.
    pub range: (Minor, Minor),
}

/// What a target serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Above {
    /// What people call it.
    pub name: String,
    /// How much it asks of this target; none where it says nothing in numbers.
    pub asks: Option<Minor>,
    /// Its days.
    pub span: Option<Span>,
}

/// What is wrong with a target, or missing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fault")]
pub enum Fault {
    /// It is not split: nobody knows what is theirs.
    NotSplit,
    /// Its parts sum to another amount.
    PartsDiffer {
        /// What they sum to.
        sum: Minor,
    },
    /// Its lines by something it is cut by sum to another amount.
    LinesDiffer {
        /// What it is cut by.
        by: LineBy,
        /// What they sum to.
        sum: Minor,
    },
    /// Nobody carries some of its parts.
    NobodyCarries {
        /// The parts.
        parts: Vec<String>,
    },
    /// Its metric has no facts.
    NoFacts,
    /// No fact came for longer than ever before.
    Silent {
        /// The last day with one.
        last: Day,
        /// Days since.
        days: i32,
    },
    /// Too much of what is done belongs to nobody.
    Uncredited {
        /// The part that does, 0 to 1.
        credited: f64,
    },
    /// There is too little history to say what can be reached.
    NoOutlook,
    /// It is zero or less.
    NoAmount,
    /// It is booked already.
    Booked {
        /// So much is.
        booked: Minor,
    },
    /// It is reached too rarely.
    TooHigh {
        /// The chance.
        reached: f64,
        /// The largest amount with a chance worth trying.
        most: Minor,
    },
    /// It is reached by doing nothing more.
    TooLow {
        /// The chance.
        reached: f64,
        /// The least amount that asks for something.
        least: Minor,
    },
    /// It is linked to nothing above it.
    NoLink,
    /// It is less than what it serves asks of it.
    Short {
        /// What that is called.
        of: String,
        /// By so much.
        missing: Minor,
    },
    /// It ends after what it serves.
    Late {
        /// What that is called.
        of: String,
        /// Its last day.
        ends: Day,
    },
    /// It has no days.
    NoPeriod,
    /// Its days are over.
    Over {
        /// Its last day.
        ended: Day,
    },
    /// It has no steps on the way, so that nobody can say today whether it is on course.
    NoSteps,
    /// Its periods sum to another amount.
    PeriodsDiffer {
        /// What they sum to.
        sum: Minor,
    },
}

/// What one letter comes to: whether it holds, and what would have to be mended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The letter.
    pub letter: Letter,
    /// What is wrong; the letter holds where nothing is.
    pub faults: Vec<Fault>,
}

impl Finding {
    /// Whether the letter holds.
    pub fn holds(&self) -> bool {
        self.faults.is_empty()
    }
}

/// Checks a target, letter by letter.
pub fn check(claim: &Claim) -> [Finding; 5] {
    Letter::ALL.map(|letter| Finding {
        letter,
        faults: match letter {
            Letter::Specific => specific(claim),
            Letter::Measurable => measurable(&claim.metric),
            Letter::Achievable => achievable(claim),
            Letter::Relevant => relevant(claim),
            Letter::TimeBound => time_bound(claim),
        },
    })
}

fn specific(claim: &Claim) -> Vec<Fault> {
    let Carried {
        split,
        carriers,
        nobody,
        lines_off,
    } = &claim.carried;
    let mut faults = Vec::new();
    match split {
        Some(sum) if *sum != claim.amount => faults.push(Fault::PartsDiffer { sum: *sum }),
        None => faults.push(Fault::NotSplit),
        Some(_) => {}
    }
    if !nobody.is_empty() || (split.is_some() && *carriers == 0) {
        faults.push(Fault::NobodyCarries {
            parts: nobody.clone(),
        });
    }
    let lines = lines_off
        .iter()
        .map(|(by, sum)| Fault::LinesDiffer { by: *by, sum: *sum });
    faults.extend(lines);
    faults
}

fn measurable(metric: &Measured) -> Vec<Fault> {
    let Some((_, last)) = metric.facts else {
        return vec![Fault::NoFacts];
    };
    let mut faults = Vec::new();
    let days = metric.today.0.saturating_sub(last.0);
    if days > SILENT_DAYS.max(metric.longest_pause) {
        faults.push(Fault::Silent { last, days });
    }
    if metric.credited.is_nan() || metric.credited < LEAST_CREDITED {
        faults.push(Fault::Uncredited {
            credited: metric.credited,
        });
    }
    faults
}

fn achievable(claim: &Claim) -> Vec<Fault> {
    if claim.amount.0 <= 0 {
        return vec![Fault::NoAmount];
    }
    let Some(Chance {
        reached,
        booked,
        range: (least, most),
    }) = claim.outlook.filter(|outlook| !outlook.reached.is_nan())
    else {
        return vec![Fault::NoOutlook];
    };
    if booked >= claim.amount {
        vec![Fault::Booked { booked }]
    } else if reached < LEAST_CHANCE {
        vec![Fault::TooHigh { reached, most }]
    } else if reached > MOST_CHANCE {
        vec![Fault::TooLow { reached, least }]
    } else {
        Vec::new()
    }
}

fn relevant(claim: &Claim) -> Vec<Fault> {
    let Some(above) = &claim.above else {
        return vec![Fault::NoLink];
    };
    let mut faults = Vec::new();
    if let Some(asks) = above.asks
        && claim.amount < asks
    {
        faults.push(Fault::Short {
            of: above.name.clone(),
            missing: Minor(asks.0.saturating_sub(claim.amount.0)),
        });
    }
    if let (Some(own), Some(of)) = (claim.span, above.span)
        && own.ends_on > of.ends_on
    {
        faults.push(Fault::Late {
            of: above.name.clone(),
            ends: of.ends_on.plus(-1),
        });
    }
    faults
}

fn time_bound(claim: &Claim) -> Vec<Fault> {
    let Some(span) = claim.span.filter(|span| span.days() > 0) else {
        return vec![Fault::NoPeriod];
    };
    let mut faults = Vec::new();
    if span.ends_on <= claim.metric.today {
        faults.push(Fault::Over {
            ended: span.ends_on.plus(-1),
        });
    }
    let sum: i128 = claim.periods.iter().map(|period| i128::from(period.0)).sum();
    if claim.periods.len() < 2 {
        faults.push(Fault::NoSteps);
    } else if sum != i128::from(claim.amount.0) {
        // A sum beyond what an amount can hold is told as the most that it can.
        let sum = i64::try_from(sum).unwrap_or(if sum > 0 { i64::MAX } else { i64::MIN });
        faults.push(Fault::PeriodsDiffer { sum: Minor(sum) });
    }
    faults
}

#[cfg(test)]
mod tests;
