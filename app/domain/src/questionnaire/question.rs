//! Questions: what they say, and what kind of answer they want.

use serde::{Deserialize, Serialize};

use super::Ready;
use crate::format::Lang;

/// What kind of answer a question wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Ask {
    /// Words.
    Text,
    /// A number with at most four decimals.
    Number,
    /// An amount in the organization's currency.
    Money,
    /// One of these.
    Choice {
        /// What there is to choose from.
        options: Vec<String>,
    },
    /// From 1 to 5.
    Scale,
    /// The number somebody would carry, and why.
    Proposal,
}

impl Ask {
    /// The wire name of its kind.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Money => "money",
            Self::Choice { .. } => "choice",
            Self::Scale => "scale",
            Self::Proposal => "proposal",
        }
    }
}

/// What a question says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "wording")]
pub enum Wording {
    /// One of the ready questions, in the language of whoever reads it.
    Ready {
        /// Which.
        of: Ready,
    },
    /// In the words of whoever asks.
    Own {
        /// The question.
        text: String,
        /// What kind of answer it wants; not a proposal, which is a ready question.
        ask: Ask,
    },
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// What it says.
    #[serde(flatten)]
    pub wording: Wording,
    /// Whether somebody has answered only when this is answered too.
    pub required: bool,
}

impl Question {
    /// A ready question.
    pub fn ready(of: Ready, required: bool) -> Self {
        Self {
            wording: Wording::Ready { of },
            required,
        }
    }

    /// What it says in a language.
    pub fn text(&self, lang: Lang) -> &str {
        match &self.wording {
            Wording::Ready { of } => of.text(lang),
            Wording::Own { text, .. } => text,
        }
    }

    /// What it wants, in a language.
    pub fn ask(&self, lang: Lang) -> Ask {
        match &self.wording {
            Wording::Ready { of } => of.ask(lang),
            Wording::Own { ask, .. } => ask.clone(),
        }
    }

    /// Whether it asks for the own number.
    pub fn is_proposal(&self) -> bool {
        matches!(self.wording, Wording::Ready { of: Ready::Proposal })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_travels_as_it_is() {
        for question in [
            Question::ready(Ready::MarketTrend, true),
            Question {
                wording: Wording::Own {
                    text: "q".to_owned(),
                    ask: Ask::Choice {
                        options: vec!["a".to_owned(), "b".to_owned()],
                    },
                },
                required: false,
            },
        ] {
            let text = serde_json::to_string(&question).unwrap();
            assert_eq!(
                serde_json::from_str::<Question>(&text).unwrap(),
                question,
                "{text}"
            );
        }
    }
}
