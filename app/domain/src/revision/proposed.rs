//! What a revision makes of everybody's number: before and after, what is booked of it, and why; a page at a time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Begin, WHOLE_PPM};
use crate::calendar::Day;
use crate::id::VersionId;
use crate::money::{Currency, Minor};
use crate::plan::NodeIndex;

/// Which rows are looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposedQuery {
    /// The draft; where `begin` is given, the published version that is not opened yet.
    pub version: VersionId,
    /// How it would begin, before it is opened.
    #[serde(default)]
    pub begin: Option<Begin>,
    /// A part of the name of the person or of their unit; empty: everybody.
    #[serde(default)]
    pub search: String,
    /// How many rows come before the page.
    #[serde(default)]
    pub offset: u32,
}

/// What held a number where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// As much is booked already: it does not fall below that.
    Booked,
    /// A floor.
    Floor,
    /// A cap.
    Cap,
    /// A lock, its own or of a unit above it.
    Locked,
    /// They are not there.
    Absent,
}

impl Bound {
    /// The name on a page.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Floor => "floor",
            Self::Cap => "cap",
            Self::Locked => "locked",
            Self::Absent => "absent",
        }
    }
}

/// Amounts of a row, or of several together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amounts {
    /// In the version on record, over all periods.
    pub before: Minor,
    /// In the revision.
    pub after: Minor,
    /// Of `before`, in the periods that are over.
    pub over_before: Minor,
    /// Of `after`, in the periods that are over: what was done.
    pub over_after: Minor,
    /// Booked so far, over all periods: what is left cannot bring it below that.
    pub booked: Minor,
    /// Of `after`, what people changed in the draft since it was opened.
    pub by_hand: Minor,
}

impl Amounts {
    /// How much more or less it is.
    pub fn change(&self) -> Minor {
        Minor(self.after.0.saturating_sub(self.before.0))
    }

    /// How much more or less is asked in the periods that are left, by the rule and by hand.
    pub fn left_change(&self) -> Minor {
        let over = self.over_after.0.saturating_sub(self.over_before.0);
        Minor(self.change().0.saturating_sub(over))
    }

    /// The same by the rule alone.
    pub fn by_rule(&self) -> Minor {
        Minor(self.left_change().0.saturating_sub(self.by_hand.0))
    }

    /// Adds those of another row.
    pub fn add(&mut self, other: &Self) {
        let add = |sum: &mut Minor, part: Minor| sum.0 = sum.0.saturating_add(part.0);
        add(&mut self.before, other.before);
        add(&mut self.after, other.after);
        add(&mut self.over_before, other.over_before);
        add(&mut self.over_after, other.over_after);
        add(&mut self.booked, other.booked);
        add(&mut self.by_hand, other.by_hand);
    }
}

/// What becomes of one number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposedRow {
    /// The row.
    pub node: NodeIndex,
    /// Who, or which unit.
    pub name: String,
    /// The unit above.
    pub above: String,
    /// The row of the unit whose missing amount it takes part in; set by how the revision begins.
    pub group: NodeIndex,
    /// Before and after.
    pub amounts: Amounts,
    /// Its part of what is spread again in its group, in millionths; none where nothing is, or it is not by a rule that spreads.
    pub share_ppm: Option<i64>,
    /// What held it in periods that are left, each with in how many of them.
    pub bounds: Vec<(Bound, u16)>,
}

/// A page of the rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposedPage {
    /// How it begins; none where it adjusts for another reason than time.
    pub begin: Option<Begin>,
    /// The first day whose numbers it may change.
    pub begins_on: Day,
    /// The currency of the amounts.
    pub currency: Currency,
    /// The total of the whole plan before and after, as its top row has it; none for whoever does not see that row.
    pub whole: Option<(Minor, Minor)>,
    /// Rows that match what is sought, on all pages.
    pub matching: u64,
    /// Exactly the sum of these, on all pages.
    pub sum: Amounts,
    /// How many come before this page.
    pub offset: u32,
    /// The page.
    pub rows: Vec<ProposedRow>,
}

impl ProposedPage {
    /// Most rows of a page.
    pub const SIZE: usize = 100;

    /// Says what part of what is spread again each row takes, by group.
    pub fn share_out(rows: &mut [ProposedRow]) {
        let mut spread: BTreeMap<NodeIndex, i128> = BTreeMap::new();
        for row in rows.iter() {
            *spread.entry(row.group).or_default() += i128::from(row.amounts.by_rule().0);
        }
        for row in rows {
            let all = spread.get(&row.group).copied().unwrap_or_default();
            let part = i128::from(row.amounts.by_rule().0) * i128::from(WHOLE_PPM);
            row.share_ppm = part.checked_div(all).and_then(|share| i64::try_from(share).ok());
        }
    }

    /// The rows of a page out of all that match, or the last page where there are fewer.
    pub fn turn(mut self, listed: &[&ProposedRow], offset: u32) -> Self {
        self.sum = Amounts::default();
        for row in listed {
            self.sum.add(&row.amounts);
        }
        let asked = usize::try_from(offset).unwrap_or(usize::MAX);
        let last = listed.len().saturating_sub(1) / Self::SIZE * Self::SIZE;
        let first = asked.min(last);
        self.matching = listed.len() as u64;
        self.offset = u32::try_from(first).unwrap_or(u32::MAX);
        let page = listed.iter().skip(first).take(Self::SIZE);
        self.rows = page.map(|row| (*row).clone()).collect();
        self
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(place: usize, before: i64, after: i64, group: u32) -> ProposedRow {
        ProposedRow {
            node: NodeIndex(place as u32),
            name: place.to_string(),
            above: String::new(),
            group: NodeIndex(group),
            amounts: Amounts {
                before: Minor(before),
                after: Minor(after),
                ..Amounts::default()
            },
            share_ppm: None,
            bounds: Vec::new(),
        }
    }

    fn empty() -> ProposedPage {
        ProposedPage {
            begin: Some(Begin::MakeUp),
            begins_on: Day(0),
            currency: Currency::from_code("CNY").unwrap(),
            whole: None,
            matching: 0,
            sum: Amounts::default(),
            offset: 0,
            rows: Vec::new(),
        }
    }

    #[test]
    fn a_part_is_of_what_its_group_spreads() {
        let mut rows = vec![row(1, 100, 130, 0), row(2, 100, 110, 0), row(3, 50, 50, 9)];
        ProposedPage::share_out(&mut rows);
        let shares: Vec<Option<i64>> = rows.iter().map(|row| row.share_ppm).collect();
        assert_eq!(
            shares,
            [Some(750_000), Some(250_000), None],
            "nothing is spread in the other"
        );
        let amounts = Amounts {
            before: Minor(100),
            after: Minor(115),
            over_before: Minor(30),
            over_after: Minor(20),
            booked: Minor(24),
            by_hand: Minor(5),
        };
        assert_eq!(
            (amounts.change(), amounts.left_change(), amounts.by_rule()),
            (Minor(15), Minor(25), Minor(20))
        );
    }

    proptest! {
        #[test]
        fn the_sum_is_exactly_that_of_the_rows_on_all_pages(
            amounts in prop::collection::vec((0_i64..1_000_000, 0_i64..1_000_000), 0..330),
        ) {
            let rows: Vec<ProposedRow> = amounts
                .iter()
                .enumerate()
                .map(|(place, (before, after))| row(place, *before, *after, 0))
                .collect();
            let listed: Vec<&ProposedRow> = rows.iter().collect();
            let mut sum = Amounts::default();
            let mut seen = 0_u64;
            let mut offset = 0_u32;
            loop {
                let page = empty().turn(&listed, offset);
                prop_assert_eq!(page.offset, offset);
                for row in &page.rows {
                    sum.add(&row.amounts);
                }
                seen += page.rows.len() as u64;
                offset += ProposedPage::SIZE as u32;
                if u64::from(offset) >= page.matching {
                    prop_assert_eq!(seen, page.matching);
                    prop_assert_eq!(page.sum, sum);
                    break;
                }
            }
            prop_assert_eq!(sum.after.0, amounts.iter().map(|(_, after)| after).sum::<i64>());
        }
    }
}
