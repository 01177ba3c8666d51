//! What somebody looked at before they decide on a version: its numbers up to a command, and marks of what it is reckoned with
//! beside them, by which it can be told what of it was changed since.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::format::Lang;

/// A part of what a version is reckoned with beside its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Floor, stretch and challenge.
    Levels,
    /// The lines of the whole.
    Lines,
    /// The lines of single rows.
    RowLines,
    /// What the target serves.
    Purpose,
    /// Market factors.
    Factors,
    /// Deals and orders that the history leaves out.
    LeftOut,
}

impl Part {
    /// Every part, in the order of the marks.
    pub const ALL: [Self; 6] = [
        Self::Levels,
        Self::Lines,
        Self::RowLines,
        Self::Purpose,
        Self::Factors,
        Self::LeftOut,
    ];

    /// What people call it.
    pub fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::Levels => lang.pick("四档目标", "levels"),
            Self::Lines => lang.pick("整体按来源的拆分", "lines of the whole"),
            Self::RowLines => lang.pick("各行按来源的拆分", "lines of rows"),
            Self::Purpose => lang.pick("支撑什么", "purpose"),
            Self::Factors => lang.pick("市场因素", "market factors"),
            Self::LeftOut => lang.pick("历史里剔除的单子", "deals left out of the history"),
        }
    }
}

/// A mark of each of [`Part::ALL`]: another one where the part is another. A part that says nothing has the mark 0.
///
/// As text: eight hexadecimal digits each, with hyphens between.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Assumed([u32; Part::ALL.len()]);

impl Assumed {
    /// The same with the mark of a part.
    #[must_use]
    pub fn with(mut self, part: Part, mark: u32) -> Self {
        for (known, own) in Part::ALL.into_iter().zip(&mut self.0) {
            if known == part {
                *own = mark;
            }
        }
        self
    }

    /// Reads its text; none where it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let mut given = text.split('-');
        let mut marks = [0; Part::ALL.len()];
        for mark in &mut marks {
            *mark = u32::from_str_radix(given.next()?, 16).ok()?;
        }
        given.next().is_none().then_some(Self(marks))
    }

    /// The parts that are another now.
    pub fn changed(&self, now: &Self) -> Vec<Part> {
        let both = self.0.iter().zip(&now.0);
        Part::ALL
            .into_iter()
            .zip(both)
            .filter(|(_, (then, now))| then != now)
            .map(|(part, _)| part)
            .collect()
    }
}

impl fmt::Display for Assumed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, mark) in self.0.iter().enumerate() {
            let between = if place == 0 { "" } else { "-" };
            write!(f, "{between}{mark:08x}")?;
        }
        Ok(())
    }
}

/// What somebody looked at before they decide on a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    /// The number of the last command of it they have seen.
    pub head: u64,
    /// What it was reckoned with then; none where they were not shown that.
    #[serde(default)]
    pub assumed: Option<Assumed>,
}

impl Looked {
    /// The numbers after a command, and nothing else.
    pub fn at(head: u64) -> Self {
        Self { head, assumed: None }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn marks_are_read_as_they_are_written(marks in prop::array::uniform6(any::<u32>())) {
            let assumed = Assumed(marks);
            prop_assert_eq!(Assumed::parse(&assumed.to_string()), Some(assumed));
        }

        #[test]
        fn what_has_another_mark_has_changed(
            place in 0..Part::ALL.len(),
            was in any::<u32>(),
            is in any::<u32>(),
        ) {
            let part = Part::ALL[place];
            let (then, now) = (Assumed::default().with(part, was), Assumed::default().with(part, is));
            let expected = if was == is { Vec::new() } else { vec![part] };
            prop_assert_eq!(then.changed(&now), expected);
        }
    }

    #[test]
    fn what_has_too_few_marks_or_too_many_is_none() {
        let text = Assumed::default().to_string();
        assert_eq!(text, ["00000000"; 6].join("-"));
        for text in ["", "1-2-3-4-5", "1-2-3-4-5-6-7", "1-2-3-4-5-x"] {
            assert_eq!(Assumed::parse(text), None, "{text}");
        }
    }

    #[test]
    fn every_part_has_words_of_its_own() {
        for lang in [Lang::ZhCn, Lang::En] {
            let words: std::collections::BTreeSet<_> = Part::ALL.map(|part| part.words(lang)).into();
            assert_eq!(words.len(), Part::ALL.len());
        }
    }
}
