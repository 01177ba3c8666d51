//! One-off deals and orders that are left out of the history, so that neither a season nor a trend is read from them. They
//! stay in every actual; a plan remembers them among its assumptions.

use serde::{Deserialize, Serialize};

use crate::calendar::{Day, Month};
use crate::format::{self, Lang};
use crate::metric::Source;
use crate::money::Minor;

/// Why something is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Reason {
    /// It makes so large a part of its month that the month says little about others.
    Share {
        /// The month's name.
        period: String,
        /// Its part of the month, in millionths.
        share_ppm: u32,
    },
    /// What somebody wrote.
    Said {
        /// Their words.
        words: String,
    },
}

impl Reason {
    /// The reason, for people; what somebody wrote is in their language.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::Said { words } => words.clone(),
            Self::Share { period, share_ppm } => {
                let share = format::percent(f64::from(*share_ppm) / 1e6);
                let month =
                    Month::parse(period).map_or_else(|| period.clone(), |month| format::month(month, lang));
                match lang {
                    Lang::ZhCn => format!("一笔占 {month} 的 {share}"),
                    Lang::En => format!("one makes {share} of {month}"),
                }
            }
        }
    }
}

/// A deal or an order that is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exclusion {
    /// What it is.
    pub source: Source,
    /// Its id in the system it comes from: it stays left out when it is imported again.
    pub external_id: String,
    /// Why.
    pub reason: Reason,
    /// Who left it out.
    pub by: String,
    /// When.
    pub at_ms: i64,
}

/// What to leave out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewExclusion {
    /// The id of the deal or the order in the system it comes from.
    pub external_id: String,
    /// Why; may be left out for what is proposed, whose reason is known.
    #[serde(default)]
    pub words: Option<String>,
}

/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 300;

/// A single deal or order that stands out, or is left out already.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OneOff {
    /// Its id in the system it comes from.
    pub external_id: String,
    /// The customer, where one is named.
    pub account: Option<String>,
    /// Who is credited; empty where nobody sold it.
    pub member: String,
    /// The day it counts.
    pub day: Day,
    /// The month it counts in, by name.
    pub period: String,
    /// What it is worth.
    pub amount: Minor,
    /// Its part of the month, 0 to 1; none where the month brought nothing in sum.
    pub share: Option<f64>,
    /// Whether it is proposed; what somebody else found need not be.
    pub proposed: bool,
    /// How it is left out; none while it counts.
    pub excluded: Option<Exclusion>,
}
