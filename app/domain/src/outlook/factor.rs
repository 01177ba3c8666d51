//! Market factors: what is known of the market that the history does not say, each with its effect, its weight, its source
//! and its author.

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::format::Lang;
use crate::id::{AttachmentId, FactorId, UnitId};
use crate::money::Minor;
use crate::target::Span;

use super::Thing;

/// The longest name, in characters.
pub const MAX_NAME: usize = 120;
/// The longest source, in characters.
pub const MAX_SOURCE: usize = 500;
/// The longest link, in characters.
pub const MAX_LINK: usize = 2_000;
/// The largest report that can be attached.
pub const MAX_FILE_BYTES: u64 = 20 * 1024 * 1024;
/// The largest effect in per cent: tenfold.
const MOST_PERCENT: i32 = 100_000;
/// The largest effect in money, as of a cell of a plan.
const MOST_MONEY: i64 = 1_000_000_000_000_000;

/// What kind of thing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorKind {
    /// The industry grows or shrinks.
    IndustryGrowth,
    /// A competitor moves.
    Competitor,
    /// Customers want more, less or something else.
    CustomerDemand,
    /// A law, a subsidy, a standard.
    Policy,
    /// Prices, one's own or of what one buys.
    Price,
    /// A product comes or goes.
    NewProduct,
    /// A way to customers opens or closes.
    Channel,
}

impl FactorKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::IndustryGrowth,
        Self::Competitor,
        Self::CustomerDemand,
        Self::Policy,
        Self::Price,
        Self::NewProduct,
        Self::Channel,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IndustryGrowth => "industry_growth",
            Self::Competitor => "competitor",
            Self::CustomerDemand => "customer_demand",
            Self::Policy => "policy",
            Self::Price => "price",
            Self::NewProduct => "new_product",
            Self::Channel => "channel",
        }
    }

    /// The kind of a stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// How much it changes, before its weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "effect")]
pub enum Effect {
    /// A part of what is expected in its days, in hundredths of a per cent: 350 is +3.5 %.
    Percent {
        /// Hundredths of a per cent, with a sign.
        hundredths: i32,
    },
    /// Money over all of its days, in minor units.
    Money {
        /// How much, with a sign.
        amount: Minor,
    },
}

/// A market factor as it is entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewFactor {
    /// What kind of thing changes.
    pub kind: FactorKind,
    /// What people call it.
    pub name: String,
    /// Where; none: the whole.
    #[serde(default)]
    pub unit: Option<UnitId>,
    /// Of what; none: of everything that is sold there.
    #[serde(default)]
    pub of: Option<Thing>,
    /// When: the first day and the day after the last.
    pub span: Span,
    /// How much.
    pub effect: Effect,
    /// How much of the effect counts, in per cent: how sure one is.
    pub weight: u8,
    /// Where it is known from.
    pub source: String,
    /// A page that says so.
    #[serde(default)]
    pub link: Option<String>,
    /// A report that says so, uploaded before.
    #[serde(default)]
    pub attachment: Option<AttachmentId>,
}

/// A market factor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Factor {
    /// Its id.
    pub id: FactorId,
    /// As it was entered.
    #[serde(flatten)]
    pub entry: NewFactor,
    /// What the unit is called; empty for the whole.
    pub unit_name: String,
    /// What the product, category or channel is called; empty for everything.
    #[serde(default)]
    pub of_name: String,
    /// The report.
    pub attached: Option<Attached>,
    /// Who entered it, or changed it last.
    pub author: String,
    /// When, milliseconds since the epoch.
    pub at_ms: i64,
}

/// A file that was uploaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// Its id.
    pub id: AttachmentId,
    /// What it is called.
    pub name: String,
    /// How large it is.
    pub bytes: u64,
}

/// Why a factor cannot be entered as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum FactorError {
    /// It has no name.
    #[error("a factor needs a name")]
    NoName,
    /// A text is too long.
    #[error("{field} is longer than {most} characters")]
    TooLong {
        /// Which.
        field: FactorField,
        /// How long it may be.
        most: u32,
    },
    /// It ends before it starts.
    #[error("a factor ends after it starts")]
    Days,
    /// The weight is above 100 per cent.
    #[error("a weight is from 0 to 100 %")]
    Weight,
    /// The effect is out of all proportion.
    #[error("an effect is from -100 % to +1,000 %, or an amount a plan can hold")]
    Effect,
    /// The link is none that can be opened.
    #[error("a link starts with https:// or http://")]
    Link,
    /// Nothing says where it is known from.
    #[error("say where it is known from: a source, a link or a report")]
    NoSource,
}

/// Which part of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorField {
    /// What it is called.
    Name,
    /// Where it is known from.
    Source,
    /// The page.
    Link,
}

impl std::fmt::Display for FactorField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Name => "the name",
            Self::Source => "the source",
            Self::Link => "the link",
        })
    }
}

impl FactorError {
    /// The part of the form it is about.
    pub fn field(self) -> &'static str {
        match self {
            Self::NoName => "name",
            Self::TooLong { field, .. } => match field {
                FactorField::Name => "name",
                FactorField::Source => "source",
                FactorField::Link => "link",
            },
            Self::Days => "to",
            Self::Weight => "weight",
            Self::Effect => "effect",
            Self::Link => "link",
            Self::NoSource => "source",
        }
    }

    /// The reason in a language.
    pub fn words(self, lang: Lang) -> String {
        match lang {
            Lang::En => {
                let text = self.to_string();
                let mut letters = text.chars();
                let first = letters.next().map(|letter| letter.to_ascii_uppercase());
                first.into_iter().chain(letters).chain(['.']).collect()
            }
            Lang::ZhCn => match self {
                Self::NoName => "请给这个因素起个名字。".to_owned(),
                Self::TooLong { field, most } => {
                    let field = match field {
                        FactorField::Name => "名称",
                        FactorField::Source => "来源",
                        FactorField::Link => "链接",
                    };
                    format!("{field}不能超过 {most} 个字。")
                }
                Self::Days => "结束日期要晚于开始日期。".to_owned(),
                Self::Weight => "权重在 0 到 100% 之间。".to_owned(),
                Self::Effect => "影响幅度在 −100% 到 +1000% 之间，或是计划能容纳的金额。".to_owned(),
                Self::Link => "链接应以 https:// 或 http:// 开头。".to_owned(),
                Self::NoSource => "请说明依据：来源、链接或一份报告。".to_owned(),
            },
        }
    }
}

impl NewFactor {
    /// The same without blanks around its texts, or what is wrong with it.
    pub fn checked(mut self) -> Result<Self, FactorError> {
        self.name = self.name.trim().to_owned();
        self.source = self.source.trim().to_owned();
        self.link = self
            .link
            .map(|link| link.trim().to_owned())
            .filter(|link| !link.is_empty());
        if self.name.is_empty() {
            return Err(FactorError::NoName);
        }
        let long = |text: &str, most: usize| text.chars().count() > most;
        let link = self.link.as_deref().unwrap_or_default();
        for (field, text, most) in [
            (FactorField::Name, self.name.as_str(), MAX_NAME),
            (FactorField::Source, self.source.as_str(), MAX_SOURCE),
            (FactorField::Link, link, MAX_LINK),
        ] {
            if long(text, most) {
                let most = most as u32;
                return Err(FactorError::TooLong { field, most });
            }
        }
        let opens = ["https://", "http://"].iter().any(|start| {
            link.strip_prefix(start)
                .is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
        });
        if self.link.is_some() && !opens {
            return Err(FactorError::Link);
        }
        if self.span.ends_on <= self.span.starts_on {
            return Err(FactorError::Days);
        }
        if self.weight > 100 {
            return Err(FactorError::Weight);
        }
        let fits = match self.effect {
            Effect::Percent { hundredths } => (-10_000..=MOST_PERCENT).contains(&hundredths),
            Effect::Money { amount } => (-MOST_MONEY..=MOST_MONEY).contains(&amount.0),
        };
        if !fits {
            return Err(FactorError::Effect);
        }
        if self.source.is_empty() && self.link.is_none() && self.attachment.is_none() {
            return Err(FactorError::NoSource);
        }
        Ok(self)
    }

    /// The days of it that lie in a span.
    pub fn days_in(&self, span: Span) -> u32 {
        Span {
            starts_on: self.span.starts_on.max(span.starts_on),
            ends_on: self.span.ends_on.min(span.ends_on),
        }
        .days()
    }

    /// Its last day.
    pub fn last_day(&self) -> Day {
        self.span.ends_on.plus(-1)
    }
}

/// The media type of a report by the end of its name; none of what is not taken.
pub fn file_type(name: &str) -> Option<&'static str> {
    let (_, end) = name.rsplit_once('.')?;
    Some(match end.to_ascii_lowercase().as_str() {
        "pdf" => "application/pdf",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "csv" => "text/csv",
        "txt" | "md" => "text/plain",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factor() -> NewFactor {
        NewFactor {
            kind: FactorKind::Policy,
            name: " Subsidy ".into(),
            unit: None,
            of: None,
            span: Span {
                starts_on: Day(0),
                ends_on: Day(31),
            },
            effect: Effect::Percent { hundredths: 350 },
            weight: 30,
            source: "policy 2026-41".into(),
            link: Some(String::new()),
            attachment: None,
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let good = factor().checked().unwrap();
        assert_eq!((good.name.as_str(), good.link), ("Subsidy", None));
        let wrong = |change: fn(&mut NewFactor)| {
            let mut new = factor();
            change(&mut new);
            new.checked().unwrap_err()
        };
        assert_eq!(wrong(|new| new.name.clear()), FactorError::NoName);
        assert_eq!(wrong(|new| new.span.ends_on = Day(0)), FactorError::Days);
        assert_eq!(wrong(|new| new.weight = 101), FactorError::Weight);
        assert_eq!(
            wrong(|new| new.link = Some("javascript:alert(1)".into())),
            FactorError::Link
        );
        assert_eq!(wrong(|new| new.source.clear()), FactorError::NoSource);
        assert_eq!(
            wrong(|new| new.effect = Effect::Percent { hundredths: -10_001 }),
            FactorError::Effect
        );
        for error in [FactorError::NoName, FactorError::Days] {
            assert!(error.words(Lang::En).ends_with('.') && !error.words(Lang::ZhCn).is_empty());
        }
    }

    #[test]
    fn only_reports_are_taken() {
        assert_eq!(file_type("CIMA Q3.PDF"), Some("application/pdf"));
        for bad in ["run.exe", "page.html", "picture.svg", "pdf", ""] {
            assert_eq!(file_type(bad), None, "{bad}");
        }
    }
}
