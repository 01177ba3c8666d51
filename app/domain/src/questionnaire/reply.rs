//! What somebody answers to a question, and how it is read from what was typed.

use serde::{Deserialize, Serialize};

use super::{Ask, Question, SCALE, TEXT_CHARS};
use crate::format::{self, Lang};
use crate::money::{
    AmountError, AmountStyle, Currency, FACT_SCALE, Fact, MAX_UNITS, Minor, parse_fact, parse_minor,
};

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reply")]
pub enum Reply {
    /// Words.
    Text {
        /// What was said.
        text: String,
    },
    /// A number, in ten-thousandths.
    Number {
        /// How much.
        value: Fact,
    },
    /// An amount.
    Money {
        /// How much.
        amount: Minor,
    },
    /// One of the options, by its place.
    Choice {
        /// Which, from 0.
        option: u8,
    },
    /// A step of the scale.
    Scale {
        /// From 1 to 5.
        step: u8,
    },
    /// The own number.
    Proposal {
        /// How much.
        amount: Minor,
        /// Why; may be empty.
        reason: String,
    },
}

/// An answer as it is typed; blank takes the answer back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The place of the question, from 0.
    pub question: u16,
    /// What was typed or picked.
    #[serde(default)]
    pub value: String,
    /// Why, of a proposal.
    #[serde(default)]
    pub reason: String,
}

/// Why what was typed is no answer to the question.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum ReplyError {
    /// There is no such question.
    #[error("there is no such question")]
    Unknown,
    /// Too many words.
    #[error("an answer has at most {TEXT_CHARS} characters")]
    Long,
    /// No amount or number can be read.
    #[error("{of}")]
    Amount {
        /// What is wrong with it.
        of: AmountError,
    },
    /// The own number is below zero.
    #[error("the own number is not below 0")]
    Negative,
    /// A reason without a number.
    #[error("a reason without a number")]
    NumberMissing,
    /// None of the options.
    #[error("none of the options")]
    Option,
}

impl ReplyError {
    /// What people read.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::Unknown => lang
                .pick(
                    "问卷里没有这个问题，请刷新页面。",
                    "There is no such question; load the page again.",
                )
                .to_owned(),
            Self::Long => lang.pick(
                format!("回答最多 {TEXT_CHARS} 个字。"),
                format!("An answer has at most {TEXT_CHARS} characters."),
            ),
            Self::Amount { of } => of.words(lang),
            Self::Negative => lang
                .pick("自己的数字不能小于 0。", "The own number cannot be below 0.")
                .to_owned(),
            Self::NumberMissing => lang
                .pick(
                    "写了理由，还没有写数字。",
                    "There is a reason, and no number yet.",
                )
                .to_owned(),
            Self::Option => lang
                .pick("请从给出的选项里选一个。", "Pick one of what is offered.")
                .to_owned(),
        }
    }
}

impl Question {
    /// Reads what was typed; nothing where that is blank.
    pub fn read(&self, given: &Given, currency: &Currency) -> Result<Option<Reply>, ReplyError> {
        let value = given.value.trim();
        let reason = given.reason.trim();
        let too_long = |text: &str| text.chars().count() > TEXT_CHARS;
        if too_long(value) || too_long(reason) {
            return Err(ReplyError::Long);
        }
        // The language decides how options are called, not how many there are.
        let ask = self.ask(Lang::default());
        if value.is_empty() {
            return if ask == Ask::Proposal && !reason.is_empty() {
                Err(ReplyError::NumberMissing)
            } else {
                Ok(None)
            };
        }
        let amount = |of| ReplyError::Amount { of };
        let money = || {
            parse_minor(
                value,
                currency,
                AmountStyle::default().in_currency(&currency.code),
            )
            .map_err(amount)
        };
        let place = || value.parse::<u8>().map_err(|_| ReplyError::Option);
        Ok(Some(match ask {
            Ask::Text => Reply::Text {
                text: value.to_owned(),
            },
            Ask::Number => {
                let number = parse_fact(value, AmountStyle::default()).map_err(amount)?;
                if number
                    .0
                    .checked_abs()
                    .is_none_or(|size| size > MAX_UNITS.saturating_mul(FACT_SCALE))
                {
                    return Err(amount(AmountError::TooLarge));
                }
                Reply::Number { value: number }
            }
            Ask::Money => Reply::Money { amount: money()? },
            Ask::Choice { options } => {
                let option = place()?;
                if usize::from(option) >= options.len() {
                    return Err(ReplyError::Option);
                }
                Reply::Choice { option }
            }
            Ask::Scale => {
                let step = place()?;
                if !(1..=SCALE).contains(&step) {
                    return Err(ReplyError::Option);
                }
                Reply::Scale { step }
            }
            Ask::Proposal => {
                let amount = money()?;
                if amount.0 < 0 {
                    return Err(ReplyError::Negative);
                }
                Reply::Proposal {
                    amount,
                    reason: reason.to_owned(),
                }
            }
        }))
    }
}

impl Reply {
    /// Whether it answers a question that wants this.
    pub fn fits(&self, ask: &Ask) -> bool {
        match (self, ask) {
            (Self::Text { .. }, Ask::Text)
            | (Self::Number { .. }, Ask::Number)
            | (Self::Money { .. }, Ask::Money)
            | (Self::Scale { .. }, Ask::Scale)
            | (Self::Proposal { .. }, Ask::Proposal) => true,
            (Self::Choice { option }, Ask::Choice { options }) => usize::from(*option) < options.len(),
            _ => false,
        }
    }

    /// As it stands in the field of its form: what [`Question::read`] reads back.
    pub fn typed(&self, currency: &Currency) -> String {
        match self {
            Self::Text { text } => text.clone(),
            Self::Number { value } => number(*value),
            Self::Money { amount } | Self::Proposal { amount, .. } => format::full(*amount, currency),
            Self::Choice { option } => option.to_string(),
            Self::Scale { step } => step.to_string(),
        }
    }

    /// The reason of a proposal.
    pub fn reason(&self) -> &str {
        match self {
            Self::Proposal { reason, .. } => reason,
            _ => "",
        }
    }
}

/// A number with as many decimals as it has.
pub(super) fn number(value: Fact) -> String {
    let (whole, rest) = (value.0 / FACT_SCALE, (value.0 % FACT_SCALE).abs());
    let sign = if value.0 < 0 && whole == 0 { "-" } else { "" };
    let whole = format!("{sign}{}", format::integer(whole));
    if rest == 0 {
        return whole;
    }
    format!("{whole}.{}", format!("{rest:04}").trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questionnaire::{Ready, Wording};

    fn own(ask: Ask) -> Question {
        Question {
            wording: Wording::Own {
                text: "?".to_owned(),
                ask,
            },
            required: false,
        }
    }

    fn given(value: &str, reason: &str) -> Given {
        Given {
            question: 0,
            value: value.to_owned(),
            reason: reason.to_owned(),
        }
    }

    #[test]
    fn what_people_type_is_read_and_comes_back() {
        let currency = Currency::from_code("CNY").unwrap();
        let proposal = Question::ready(Ready::Proposal, true);
        let read =
            |question: &Question, value: &str, reason: &str| question.read(&given(value, reason), &currency);
        assert_eq!(
            read(&proposal, "120万", " 老客户稳定 "),
            Ok(Some(Reply::Proposal {
                amount: Minor(120_000_000),
                reason: "老客户稳定".to_owned()
            }))
        );
        assert_eq!(read(&proposal, "", ""), Ok(None));
        assert_eq!(read(&proposal, " ", "因为"), Err(ReplyError::NumberMissing));
        assert_eq!(read(&proposal, "-5", ""), Err(ReplyError::Negative));
        assert!(matches!(
            read(&proposal, "很多", ""),
            Err(ReplyError::Amount { .. })
        ));
        assert!(read(&proposal, "9".repeat(40).as_str(), "").is_err());
        assert_eq!(
            read(&own(Ask::Scale), "5", ""),
            Ok(Some(Reply::Scale { step: 5 }))
        );
        for wrong in ["0", "6", "x", "300"] {
            assert_eq!(read(&own(Ask::Scale), wrong, ""), Err(ReplyError::Option));
        }
        let trend = Question::ready(Ready::MarketTrend, false);
        assert_eq!(read(&trend, "4", ""), Ok(Some(Reply::Choice { option: 4 })));
        assert_eq!(read(&trend, "5", ""), Err(ReplyError::Option));
        assert_eq!(
            read(&own(Ask::Text), &"長".repeat(TEXT_CHARS + 1), ""),
            Err(ReplyError::Long)
        );
        for (ask, typed) in [
            (Ask::Number, "1,234.5"),
            (Ask::Number, "-0.25"),
            (Ask::Money, "1,200,000.00"),
            (Ask::Text, "好"),
        ] {
            let reply = read(&own(ask.clone()), typed, "").unwrap().unwrap();
            assert!(reply.fits(&ask));
            assert_eq!(reply.typed(&currency), typed);
            let text = serde_json::to_string(&reply).unwrap();
            assert_eq!(serde_json::from_str::<Reply>(&text).unwrap(), reply);
        }
    }
}
