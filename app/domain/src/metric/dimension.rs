//! By what an amount can be broken down.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::format::Lang;

/// One dimension of the attainment API, as text `member|manager|unit|unit:LEVEL|product|category|account|channel|
/// day|month|quarter|year`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Dimension {
    /// The person credited.
    Member,
    /// The member who leads the unit of the person credited.
    Manager,
    /// Every unit; a row includes its descendants.
    Unit,
    /// The units of one level (`region`, `branch`, `team`, …), each with its descendants.
    UnitLevel(String),
    /// The product.
    Product,
    /// The product's category.
    Category,
    /// The customer.
    Account,
    /// The channel the deal came by.
    Channel,
    /// The day of the fact.
    Day,
    /// The fiscal month, named `2017-03`.
    Month,
    /// The fiscal quarter, named `2017-Q1`.
    Quarter,
    /// The fiscal year, named `2017`.
    Year,
}

/// Why a `by` parameter was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DimensionError {
    /// Nothing was named.
    #[error("`by` is empty: name one or two of {ALL}")]
    Empty,
    /// A name that is none of ours.
    #[error("unknown dimension \"{0}\": use one or two of {ALL}")]
    Unknown(String),
    /// `unit:` without a level, or with one that is too long.
    #[error("\"{0}\" lacks a level: write for example unit:region")]
    Level(String),
    /// More than two.
    #[error("{0} dimensions were named, at most two can be joined")]
    TooMany(usize),
    /// The same one twice.
    #[error("dimension \"{0}\" was named twice")]
    Twice(String),
    /// Every unit, and the units of a level, which are among them.
    #[error(
        "`unit` already has the rows of {0}: name one of the two, or two levels such as unit:region,unit:team"
    )]
    Among(String),
}

impl DimensionError {
    /// What is wrong, for people.
    pub fn words(&self, lang: Lang) -> String {
        if lang == Lang::En {
            return self.to_string();
        }
        match self {
            Self::Empty => format!("缺少 by：请给出一个或两个维度，可选 {ALL}。"),
            Self::Unknown(name) => format!("没有维度“{name}”：请给出一个或两个，可选 {ALL}。"),
            Self::Level(name) => format!("“{name}”缺少层级：应写成 unit:region 这样。"),
            Self::TooMany(count) => format!("给出了 {count} 个维度，最多只能组合两个。"),
            Self::Twice(name) => format!("维度“{name}”重复了。"),
            Self::Among(name) => {
                format!(
                    "unit 已经包含 {name} 的各行：请只写其中一个，或写两个层级，例如 unit:region,unit:team。"
                )
            }
        }
    }
}

/// The vocabulary, for messages.
const ALL: &str =
    "member, manager, unit, unit:LEVEL, product, category, account, channel, day, month, quarter, year";

/// The dimensions without a parameter.
const PLAIN: [Dimension; 11] = [
    Dimension::Member,
    Dimension::Manager,
    Dimension::Unit,
    Dimension::Product,
    Dimension::Category,
    Dimension::Account,
    Dimension::Channel,
    Dimension::Day,
    Dimension::Month,
    Dimension::Quarter,
    Dimension::Year,
];

/// Reads the `by` parameter: one dimension, or two joined by a comma.
pub fn parse_by(text: &str) -> Result<Vec<Dimension>, DimensionError> {
    if text.trim().is_empty() {
        return Err(DimensionError::Empty);
    }
    let mut found: Vec<Dimension> = Vec::with_capacity(2);
    for part in text.split(',') {
        let dimension = part.trim().parse::<Dimension>()?;
        if found.contains(&dimension) {
            return Err(DimensionError::Twice(dimension.to_string()));
        }
        found.push(dimension);
    }
    if found.len() > 2 {
        return Err(DimensionError::TooMany(found.len()));
    }
    if found.contains(&Dimension::Unit)
        && let Some(level) = found
            .iter()
            .find(|dimension| matches!(dimension, Dimension::UnitLevel(_)))
    {
        return Err(DimensionError::Among(level.to_string()));
    }
    Ok(found)
}

impl Dimension {
    /// The name without a level: `unit` for `unit:region`.
    pub fn noun(&self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Manager => "manager",
            Self::Unit | Self::UnitLevel(_) => "unit",
            Self::Product => "product",
            Self::Category => "category",
            Self::Account => "account",
            Self::Channel => "channel",
            Self::Day => "day",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// Whether its keys are days or periods.
    pub fn is_time(&self) -> bool {
        matches!(self, Self::Day | Self::Month | Self::Quarter | Self::Year)
    }

    /// Whether a target can exist along it: targets belong to units and members, in periods.
    pub fn carries_targets(&self) -> bool {
        matches!(
            self,
            Self::Member
                | Self::Manager
                | Self::Unit
                | Self::UnitLevel(_)
                | Self::Month
                | Self::Quarter
                | Self::Year
        )
    }
}

impl std::fmt::Display for Dimension {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.noun())?;
        if let Self::UnitLevel(level) = self {
            write!(f, ":{level}")?;
        }
        Ok(())
    }
}

impl FromStr for Dimension {
    type Err = DimensionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(level) = text.strip_prefix("unit:") {
            let level = level.trim();
            return if level.is_empty() || level.chars().count() > 40 {
                Err(DimensionError::Level(text.to_owned()))
            } else {
                Ok(Self::UnitLevel(level.to_owned()))
            };
        }
        PLAIN
            .into_iter()
            .find(|dimension| dimension.noun() == text)
            .ok_or_else(|| DimensionError::Unknown(text.to_owned()))
    }
}

impl TryFrom<String> for Dimension {
    type Error = DimensionError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Dimension> for String {
    fn from(dimension: Dimension) -> Self {
        dimension.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_or_two_dimensions_are_read() {
        assert_eq!(parse_by("member"), Ok(vec![Dimension::Member]));
        assert_eq!(
            parse_by("unit:region, month"),
            Ok(vec![Dimension::UnitLevel("region".into()), Dimension::Month])
        );
        assert_eq!(parse_by(" "), Err(DimensionError::Empty));
        assert_eq!(parse_by("colour"), Err(DimensionError::Unknown("colour".into())));
        assert_eq!(parse_by("member,"), Err(DimensionError::Unknown(String::new())));
        assert_eq!(parse_by("unit:"), Err(DimensionError::Level("unit:".into())));
        assert_eq!(parse_by("day,day"), Err(DimensionError::Twice("day".into())));
        assert_eq!(parse_by("day,month,year"), Err(DimensionError::TooMany(3)));
        for both in ["unit,unit:region", "unit:region,unit"] {
            assert_eq!(parse_by(both), Err(DimensionError::Among("unit:region".into())));
        }
        assert!(parse_by("unit:region,unit:team").is_ok());
    }

    #[test]
    fn a_refusal_says_the_same_in_both_languages() {
        for text in [
            "",
            "colour",
            "unit:",
            "day,day",
            "day,month,year",
            "unit,unit:region",
        ] {
            let error = parse_by(text).unwrap_err();
            let (zh, en) = (error.words(Lang::ZhCn), error.words(Lang::En));
            assert!(zh.contains(|c: char| c > '\u{4e00}') && !en.contains(|c: char| c > '\u{4e00}'));
            let named = text
                .split(',')
                .next()
                .filter(|name| !name.is_empty() && *name != "day");
            assert!(
                named.is_none_or(|name| zh.contains(name) && en.contains(name)),
                "{zh} / {en}"
            );
        }
    }

    #[test]
    fn text_and_dimension_agree() {
        for dimension in PLAIN.into_iter().chain([Dimension::UnitLevel("team".into())]) {
            assert_eq!(dimension.to_string().parse(), Ok(dimension));
        }
    }
}
