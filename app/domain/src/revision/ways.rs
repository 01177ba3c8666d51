//! What the periods that are left of a revision begin with, and which of these ways a rule proposes.

use serde::{Deserialize, Serialize};

use super::{Cause, RuleKind};

/// As much is done as was expected by today.
const ON_PACE_PPM: i64 = 1_000_000;

/// What the periods that are left begin with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Begin {
    /// What is booked of them and what the outlook expects: the target is looked at again.
    #[default]
    Outlook,
    /// The target of the whole stays: what is missing of it is spread again over everybody ([`super::make_up()`]).
    MakeUp,
    /// The target of each team stays: what is missing of it is spread again within the team.
    MakeUpTeams,
}

impl Begin {
    /// Every way to begin.
    pub const ALL: [Self; 3] = [Self::Outlook, Self::MakeUp, Self::MakeUpTeams];

    /// The name in forms and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Outlook => "outlook",
            Self::MakeUp => "make_up",
            Self::MakeUpTeams => "make_up_teams",
        }
    }

    /// What a name says.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|begin| begin.as_str() == name)
    }
}

impl RuleKind {
    /// The way its proposals begin where nobody chooses another. The end of a period and a pace leave something missing, which
    /// is spread again; a new market factor asks whether the target is still right.
    pub fn begin(self) -> Begin {
        match self {
            Self::MonthEnd | Self::QuarterEnd | Self::HalfEnd | Self::Pace => Begin::MakeUp,
            Self::Factor => Begin::Outlook,
        }
    }
}

impl Cause {
    /// The way a revision for it begins where nobody chooses another: that of its rule, and the usual one for a person. A pace that is
    /// ahead leaves nothing missing: it asks whether the target is still right.
    pub fn begin(&self) -> Begin {
        match self {
            Self::Pace { pace_ppm, .. } if *pace_ppm > ON_PACE_PPM => Begin::Outlook,
            _ => self.rule().map_or_else(Begin::default, RuleKind::begin),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::PeriodKind;

    #[test]
    fn what_is_missing_at_the_end_of_a_period_or_by_the_pace_is_spread_again() {
        for kind in [PeriodKind::Month, PeriodKind::Quarter, PeriodKind::Half] {
            let cause = Cause::period_end(kind, "2018".to_owned()).unwrap();
            assert_eq!(cause.begin(), Begin::MakeUp, "{kind:?}");
        }
        for (pace_ppm, begin) in [(700_000, Begin::MakeUp), (1_300_000, Begin::Outlook)] {
            let quarter = "2018-Q1".to_owned();
            assert_eq!(Cause::Pace { pace_ppm, quarter }.begin(), begin);
        }
        let factor = Cause::Factor {
            factor: crate::id::FactorId::default(),
            name: "tax".to_owned(),
            at_ms: 1,
        };
        assert_eq!(factor.begin(), Begin::Outlook, "the target is looked at again");
        assert_eq!(Cause::Person.begin(), Begin::default());
        for begin in Begin::ALL {
            assert_eq!(Begin::parse(begin.as_str()), Some(begin));
        }
    }
}
