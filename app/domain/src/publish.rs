//! What one looks at before a version is published or approved, and beside its fairness afterwards.

mod assumed;
mod gaps;

use serde::{Deserialize, Serialize};

use crate::acknowledgement::CarrierRow;
use crate::backtest::models::Used;
use crate::fairness::Checked;
use crate::format::{Lang, noted};
use crate::id::VersionId;
use crate::pulse::UnitPulse;

pub use assumed::{Assumed, Looked, Part};
pub use gaps::{Gaps, Named, Nobodys};

/// What is known of a version before it is decided on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Before {
    /// The version.
    pub version: VersionId,
    /// Its last command: what is told here is of this state, and this is what is published.
    pub head: u64,
    /// What it is reckoned with beside its numbers.
    pub assumed: Assumed,
    /// Whether it adjusts a version that is on record no more: then it is neither handed in nor approved any more.
    pub outdated: bool,
    /// What of it reaches nobody.
    pub gaps: Gaps,
    /// How fair it is, by the parts that whoever asks sees; empty where that was not asked for.
    pub fairness: Vec<Checked>,
    /// Who may publish it beyond limits that block, by name; empty where none does.
    pub may_pass: Vec<String>,
    /// The way it was split by; for those who plan, and where there is one.
    pub used: Option<Used>,
    /// What people say of it and of the version before it, as far as there is anything to tell.
    pub voices: Vec<Voice>,
}

impl Before {
    /// What whoever is told this has seen.
    pub fn looked(&self) -> Looked {
        Looked {
            head: self.head,
            assumed: Some(self.assumed),
        }
    }

    /// Whether a limit keeps it from being published.
    pub fn blocks(&self) -> bool {
        self.fairness.iter().any(Checked::blocks)
    }
}

/// What people say of a published version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voice {
    /// The version.
    pub version: VersionId,
    /// What its plan is called.
    pub plan: String,
    /// Its number.
    pub number: u32,
    /// Whether it is the one before the version that is looked at, and not that one itself.
    pub before: bool,
    /// How fair its numbers are called, by unit, for groups of five and more.
    pub pulse: Vec<UnitPulse>,
    /// Those within reach who have not confirmed; none where it is not on record any more.
    pub unconfirmed: Option<Silent>,
}

/// Those who have not confirmed their number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silent {
    /// How many have not answered.
    pub open: u64,
    /// How many disagree.
    pub countered: u64,
    /// The first of both by name.
    pub names: Vec<Asked>,
}

/// Whose number it is, and who carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The unit or person.
    pub name: String,
    /// Who is asked for it, by name; none where that is the person itself or nobody.
    pub carrier: Option<String>,
}

impl Asked {
    /// Who has not confirmed.
    pub fn of(one: &CarrierRow) -> Self {
        let carrier = Some(one.carrier_name.clone());
        Self {
            name: one.name.clone(),
            carrier: carrier.filter(|carrier| !carrier.is_empty() && *carrier != one.name),
        }
    }

    /// What people read: the name, with the carrier behind it.
    pub fn words(&self, lang: Lang) -> String {
        match &self.carrier {
            Some(carrier) => noted(&self.name, carrier, lang),
            None => self.name.clone(),
        }
    }
}
