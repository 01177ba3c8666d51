//! The list of those who carry a number, by page: where each stands, and what is sought among them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{CarrierRow, LISTED};
use crate::id::VersionId;
use crate::target::Confirmation;

/// Where somebody stands who carries a number on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    /// They do not agree.
    Countered,
    /// They have answered to another number of the plan before; this one is asked for again.
    AskedAgain,
    /// They were asked and have never answered.
    Asked,
    /// Nobody can answer: who carries it has no account to sign in with, or one that may not.
    NotAsked,
    /// They have confirmed.
    Confirmed,
}

impl Stance {
    /// Every one, in the order of the list: what calls for something first.
    pub const ALL: [Self; 5] = [
        Self::Countered,
        Self::AskedAgain,
        Self::Asked,
        Self::NotAsked,
        Self::Confirmed,
    ];

    /// Where somebody stands by what they answered to this number. `reached`: whether they can sign in and answer; `before`:
    /// whether they have answered to another number of the plan.
    pub fn of(confirmation: &Confirmation, reached: bool, before: bool) -> Self {
        match confirmation {
            Confirmation::Confirmed { .. } => Self::Confirmed,
            Confirmation::Countered { .. } => Self::Countered,
            Confirmation::Open if !reached => Self::NotAsked,
            Confirmation::Open if before => Self::AskedAgain,
            Confirmation::Open => Self::Asked,
        }
    }

    /// The name in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Countered => "countered",
            Self::AskedAgain => "asked_again",
            Self::Asked => "asked",
            Self::NotAsked => "not_asked",
            Self::Confirmed => "confirmed",
        }
    }

    /// What a name says.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stance| stance.as_str() == name)
    }
}

/// Which of the numbers are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerFilter {
    /// A part of the name of the unit or person, or of the carrier; empty: every name.
    #[serde(default)]
    pub search: String,
    /// Where their carriers stand; none: wherever.
    #[serde(default)]
    pub stance: Option<Stance>,
}

impl AnswerFilter {
    /// Whether it leaves nothing out.
    pub fn is_all(&self) -> bool {
        self.search.trim().is_empty() && self.stance.is_none()
    }
}

/// A page of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerQuery {
    /// What is listed.
    #[serde(default)]
    pub filter: AnswerFilter,
    /// How many of it come before the page.
    #[serde(default)]
    pub offset: u32,
}

/// How many numbers there are of each stance, whatever is sought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StanceCounts {
    /// Disagreed with.
    pub countered: u64,
    /// Asked for again.
    pub asked_again: u64,
    /// Asked for.
    pub asked: u64,
    /// Of nobody who could answer.
    pub not_asked: u64,
    /// Confirmed.
    pub confirmed: u64,
}

impl StanceCounts {
    /// How many are not answered.
    pub fn open(&self) -> u64 {
        self.asked_again + self.asked + self.not_asked
    }

    fn count(&mut self, stance: Stance) {
        let count = match stance {
            Stance::Countered => &mut self.countered,
            Stance::AskedAgain => &mut self.asked_again,
            Stance::Asked => &mut self.asked,
            Stance::NotAsked => &mut self.not_asked,
            Stance::Confirmed => &mut self.confirmed,
        };
        *count += 1;
    }
}

/// A page of those who carry the numbers of a version on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerPage {
    /// The version.
    pub version: VersionId,
    /// Of everything within reach, whatever is sought.
    pub counts: StanceCounts,
    /// How many numbers match what is sought, on all pages.
    pub matching: u64,
    /// How many people among these may be reminded now, on all pages.
    pub may_remind: u64,
    /// Whether whoever looks may remind anybody at all.
    pub voice: bool,
    /// How many come before this page.
    pub offset: u32,
    /// The page.
    pub rows: Vec<CarrierRow>,
}

impl AnswerPage {
    /// Most numbers of a page.
    pub const SIZE: usize = LISTED;

    /// The page that is asked for, or the last one where there are fewer: what is listed by stance, and of each in the order of
    /// the plan. `finds`: whether a number is one that is sought by name.
    pub fn of(
        version: VersionId,
        rows: &[CarrierRow],
        query: &AnswerQuery,
        voice: bool,
        finds: impl Fn(&CarrierRow) -> bool,
    ) -> Self {
        let mut counts = StanceCounts::default();
        for row in rows {
            counts.count(row.stance);
        }
        let wanted = query.filter.stance;
        let is_listed = |row: &CarrierRow| wanted.is_none_or(|wanted| wanted == row.stance) && finds(row);
        let mut listed: Vec<&CarrierRow> = rows.iter().filter(|row| is_listed(row)).collect();
        listed.sort_by_key(|row| Stance::ALL.into_iter().position(|stance| stance == row.stance));
        let may_remind: BTreeSet<_> = listed
            .iter()
            .filter(|row| row.may_remind)
            .map(|row| row.carrier)
            .collect();
        let may_remind = may_remind.len() as u64;
        let matching = listed.len();
        let asked = usize::try_from(query.offset).unwrap_or(usize::MAX);
        let last = matching.saturating_sub(1) / Self::SIZE * Self::SIZE;
        let offset = asked.min(last);
        Self {
            version,
            counts,
            matching: matching as u64,
            may_remind,
            voice,
            offset: u32::try_from(offset).unwrap_or(u32::MAX),
            rows: listed
                .into_iter()
                .skip(offset)
                .take(Self::SIZE)
                .cloned()
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::id::{MemberId, NodeId};
    use crate::money::Minor;
    use crate::target::NodeRef;

    fn row(place: usize, stance: Stance) -> CarrierRow {
        CarrierRow {
            node: NodeId::default(),
            of: NodeRef::Member(MemberId::default()),
            name: place.to_string(),
            carrier: MemberId::default(),
            carrier_name: place.to_string(),
            total: Minor(1),
            confirmation: Confirmation::Open,
            stance,
            accepted: None,
            reminded_on: None,
            may_remind: stance == Stance::Asked,
        }
    }

    #[test]
    fn a_stance_has_one_name() {
        for stance in Stance::ALL {
            assert_eq!(Stance::parse(stance.as_str()), Some(stance));
        }
        assert_eq!(Stance::parse("open"), None);
        let open = Confirmation::Open;
        let of = |reached, before| Stance::of(&open, reached, before);
        assert_eq!(
            (of(true, false), of(true, true)),
            (Stance::Asked, Stance::AskedAgain)
        );
        assert_eq!(of(false, true), Stance::NotAsked, "nobody can answer");
    }

    proptest! {
        #[test]
        fn the_pages_are_the_list_each_number_once(
            which in prop::collection::vec(0_usize..5, 0..350),
            wanted in prop::option::of(0_usize..5),
            even in any::<bool>(),
        ) {
            let rows: Vec<CarrierRow> =
                which.iter().enumerate().map(|(place, which)| row(place, Stance::ALL[*which])).collect();
            let filter = AnswerFilter { search: String::new(), stance: wanted.map(|wanted| Stance::ALL[wanted]) };
            let finds = |row: &CarrierRow| !even || row.name.parse::<usize>().unwrap() % 2 == 0;
            let mut seen = Vec::new();
            let mut offset = 0_u32;
            loop {
                let query = AnswerQuery { filter: filter.clone(), offset };
                let page = AnswerPage::of(VersionId::default(), &rows, &query, true, finds);
                prop_assert!(page.rows.len() <= AnswerPage::SIZE);
                prop_assert_eq!(page.offset, offset);
                prop_assert_eq!(page.counts.open() + page.counts.countered + page.counts.confirmed, rows.len() as u64);
                seen.extend(page.rows.into_iter().map(|row| row.name));
                offset += AnswerPage::SIZE as u32;
                if u64::from(offset) >= page.matching {
                    prop_assert_eq!(seen.len() as u64, page.matching);
                    break;
                }
            }
            let mut listed: Vec<String> = rows
                .iter()
                .filter(|row| filter.stance.is_none_or(|wanted| wanted == row.stance) && finds(row))
                .map(|row| row.name.clone())
                .collect();
            listed.sort();
            seen.sort();
            prop_assert_eq!(seen, listed);
            let beyond = AnswerQuery { filter, offset: u32::MAX };
            let page = AnswerPage::of(VersionId::default(), &rows, &beyond, true, finds);
            prop_assert_eq!(page.rows.is_empty(), page.matching == 0, "beyond the end is the last page");
        }
    }
}
