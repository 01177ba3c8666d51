//! What hiring or leaving would change, as it stands in the address of a page: nothing of it is stored.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::basis::Ramp;
use crate::calendar::Day;
use crate::id::{MemberId, UnitId};

/// Lines of hiring, and of leaving, at most.
pub const MOST_LINES: usize = 20;
/// People of one line of hiring at most.
pub const MOST_HIRES: u16 = 999;

/// How quickly newcomers come to full strength.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// At full strength from the first day.
    None,
    /// In two months: 50 % in the first.
    Quick,
    /// In four: 0, 25, 50, 75 %.
    #[default]
    Standard,
    /// In nine: two months of nothing, then slowly up.
    Long,
}

impl Pace {
    /// Every pace, the quickest first.
    pub const ALL: [Self; 4] = [Self::None, Self::Quick, Self::Standard, Self::Long];

    /// The name in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Quick => "quick",
            Self::Standard => "standard",
            Self::Long => "long",
        }
    }

    /// The pace of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pace| pace.as_str() == name)
    }

    /// The steps by month.
    pub fn ramp(self) -> Ramp {
        let steps: &[u32] = match self {
            Self::None => &[100],
            Self::Quick => &[50, 100],
            Self::Standard => &[0, 25, 50, 75, 100],
            Self::Long => &[0, 0, 15, 30, 45, 60, 75, 90, 100],
        };
        Ramp {
            steps_ppm: steps.iter().map(|percent| percent * 10_000).collect(),
        }
    }
}

/// People to be hired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hire {
    /// Into which unit.
    pub unit: UnitId,
    /// From which day on.
    pub on: Day,
    /// How many.
    pub count: u16,
    /// How quickly they come to full strength.
    pub pace: Pace,
}

/// Somebody who leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leave {
    /// Who.
    pub member: MemberId,
    /// The first day without them.
    pub on: Day,
}

/// What is tried out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhatIf {
    /// Who is hired.
    #[serde(default)]
    pub hires: Vec<Hire>,
    /// Who leaves.
    #[serde(default)]
    pub leaves: Vec<Leave>,
}

/// Why an address cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not UNIT~DAY~COUNT~PACE or MEMBER~DAY, or too many of them")]
pub struct WhatIfError;

impl WhatIf {
    /// Whether nothing is tried out.
    pub fn is_empty(&self) -> bool {
        self.hires.is_empty() && self.leaves.is_empty()
    }

    /// Reads what the address says: `hire=UNIT~2027-01-15~3~standard,…` and `leave=MEMBER~2027-03-01,…`.
    pub fn parse(hire: &str, leave: &str) -> Result<Self, WhatIfError> {
        Ok(Self {
            hires: list(hire)?,
            leaves: list(leave)?,
        })
    }

    /// What stands in the address for hiring.
    pub fn hire(&self) -> String {
        joined(&self.hires)
    }

    /// What stands in the address for leaving.
    pub fn leave(&self) -> String {
        joined(&self.leaves)
    }
}

fn list<T: FromStr<Err = WhatIfError>>(text: &str) -> Result<Vec<T>, WhatIfError> {
    let parts = text.split(',').filter(|part| !part.is_empty());
    let found: Vec<T> = parts.map(str::parse).collect::<Result<_, _>>()?;
    if found.len() > MOST_LINES {
        return Err(WhatIfError);
    }
    Ok(found)
}

fn joined<T: fmt::Display>(list: &[T]) -> String {
    list.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

impl fmt::Display for Hire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}~{}~{}~{}",
            self.unit,
            self.on,
            self.count,
            self.pace.as_str()
        )
    }
}

impl FromStr for Hire {
    type Err = WhatIfError;

    fn from_str(text: &str) -> Result<Self, WhatIfError> {
        let parts: Vec<&str> = text.split('~').collect();
        let [unit, on, count, pace] = parts[..] else {
            return Err(WhatIfError);
        };
        let count: u16 = count.parse().map_err(|_| WhatIfError)?;
        if !(1..=MOST_HIRES).contains(&count) {
            return Err(WhatIfError);
        }
        Ok(Self {
            unit: unit.parse().map_err(|_| WhatIfError)?,
            on: Day::parse_iso(on).ok_or(WhatIfError)?,
            count,
            pace: Pace::parse(pace).ok_or(WhatIfError)?,
        })
    }
}

impl fmt::Display for Leave {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}~{}", self.member, self.on)
    }
}

impl FromStr for Leave {
    type Err = WhatIfError;

    fn from_str(text: &str) -> Result<Self, WhatIfError> {
        let (member, on) = text.split_once('~').ok_or(WhatIfError)?;
        Ok(Self {
            member: member.parse().map_err(|_| WhatIfError)?,
            on: Day::parse_iso(on).ok_or(WhatIfError)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tried_out_stands_in_the_address() {
        let day = Day::parse_iso("2027-01-15").unwrap();
        let what_if = WhatIf {
            hires: vec![
                Hire {
                    unit: UnitId::default(),
                    on: day,
                    count: 3,
                    pace: Pace::Standard,
                },
                Hire {
                    unit: UnitId::default(),
                    on: day,
                    count: 1,
                    pace: Pace::Long,
                },
            ],
            leaves: vec![Leave {
                member: MemberId::default(),
                on: day,
            }],
        };
        let (hire, leave) = (what_if.hire(), what_if.leave());
        assert!(leave.ends_with("~2027-01-15"), "{leave}");
        assert_eq!(WhatIf::parse(&hire, &leave), Ok(what_if));
        assert_eq!(WhatIf::parse("", ""), Ok(WhatIf::default()));
        let id = UnitId::default();
        for wrong in [
            "x".to_owned(),
            format!("{id}~2027-01-15~0~standard"),
            format!("{id}~2027-01-15~1000~standard"),
            format!("{id}~2027-02-30~1~standard"),
            format!("{id}~2027-01-15~1~soon"),
            vec![format!("{id}~2027-01-15~1~quick"); MOST_LINES + 1].join(","),
        ] {
            assert_eq!(WhatIf::parse(&wrong, ""), Err(WhatIfError), "{wrong}");
        }
        assert_eq!(WhatIf::parse("", "nobody"), Err(WhatIfError));
    }

    #[test]
    fn every_pace_ends_at_full_strength() {
        for pace in Pace::ALL {
            assert_eq!(pace.ramp().steps_ppm.last(), Some(&1_000_000));
            assert_eq!(Pace::parse(pace.as_str()), Some(pace));
        }
        assert_eq!(Pace::default().ramp(), Ramp::default());
    }
}
