//! Answers taken together, and the sum of the own numbers beside what is planned from above.

use serde::{Deserialize, Serialize};

use super::reply::number;
use super::{Ask, Question, Reply, SCALE, Written};
use crate::assumption::Planning;
use crate::format::{self, Lang};
use crate::id::MemberId;
use crate::money::{Currency, Fact, Minor};
use crate::target::Span;

/// What numbers come to. All in the unit of the answers: minor units of amounts, ten-thousandths of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbers {
    /// How many there are.
    pub count: u32,
    /// The one in the middle; between two, half way, rounded up.
    pub median: i64,
    /// The smallest.
    pub low: i64,
    /// The largest.
    pub high: i64,
}

impl Numbers {
    /// Of numbers in any order; none where there are none.
    pub fn of(mut numbers: Vec<i64>) -> Option<Self> {
        numbers.sort_unstable();
        let (low, high) = (*numbers.first()?, *numbers.last()?);
        let (left, right) = (numbers[(numbers.len() - 1) / 2], numbers[numbers.len() / 2]);
        let sum = i128::from(left) + i128::from(right);
        Some(Self {
            count: u32::try_from(numbers.len()).unwrap_or(u32::MAX),
            median: i64::try_from((sum + 1).div_euclid(2)).unwrap_or(right),
            low,
            high,
        })
    }
}

/// What one person said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Who.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// What.
    pub reply: Reply,
}

/// The answers to one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "summary")]
pub enum Summary {
    /// Nobody answered it.
    Nothing,
    /// In words: each is quoted.
    Texts {
        /// Who said what.
        quotes: Vec<Quote>,
    },
    /// Numbers.
    Numbers {
        /// What they come to.
        of: Numbers,
        /// Who said what.
        quotes: Vec<Quote>,
    },
    /// How many picked each option or step, in their order.
    Counts {
        /// By option.
        counts: Vec<u32>,
        /// Who picked what.
        quotes: Vec<Quote>,
    },
}

impl Summary {
    /// Who answered what.
    pub fn quotes(&self) -> &[Quote] {
        match self {
            Self::Nothing => &[],
            Self::Texts { quotes } | Self::Numbers { quotes, .. } | Self::Counts { quotes, .. } => quotes,
        }
    }
}

/// Takes the answers to a question together.
pub fn summary(question: &Question, quotes: Vec<Quote>) -> Summary {
    let ask = question.ask(Lang::default());
    let quotes: Vec<Quote> = quotes
        .into_iter()
        .filter(|quote| quote.reply.fits(&ask))
        .collect();
    if quotes.is_empty() {
        return Summary::Nothing;
    }
    let numbers = || {
        Numbers::of(
            quotes
                .iter()
                .filter_map(|quote| match &quote.reply {
                    Reply::Number { value } => Some(value.0),
                    Reply::Money { amount } | Reply::Proposal { amount, .. } => Some(amount.0),
                    _ => None,
                })
                .collect(),
        )
    };
    let count = |options: usize| {
        let mut counts = vec![0; options];
        for quote in &quotes {
            let place = match &quote.reply {
                Reply::Choice { option } => usize::from(*option),
                Reply::Scale { step } => usize::from(*step).saturating_sub(1),
                _ => continue,
            };
            if let Some(count) = counts.get_mut(place) {
                *count += 1;
            }
        }
        counts
    };
    match ask {
        Ask::Text => Summary::Texts { quotes },
        Ask::Number | Ask::Money | Ask::Proposal => match numbers() {
            Some(of) => Summary::Numbers { of, quotes },
            None => Summary::Nothing,
        },
        Ask::Choice { options } => Summary::Counts {
            counts: count(options.len()),
            quotes,
        },
        Ask::Scale => Summary::Counts {
            counts: count(usize::from(SCALE)),
            quotes,
        },
    }
}

/// How an answer is shown.
pub struct Shown<'a> {
    /// The language.
    pub lang: Lang,
    /// The currency of amounts.
    pub currency: &'a Currency,
}

impl Shown<'_> {
    /// A number of a question that wants this, as people read it.
    pub fn number(&self, ask: &Ask, value: i64) -> String {
        match ask {
            Ask::Money | Ask::Proposal => format::compact(Minor(value), self.currency, self.lang),
            _ => number(Fact(value)),
        }
    }

    /// An answer, as people read it.
    pub fn reply(&self, ask: &Ask, reply: &Reply) -> String {
        match (reply, ask) {
            (Reply::Choice { option }, Ask::Choice { options }) => {
                options.get(usize::from(*option)).cloned().unwrap_or_default()
            }
            (Reply::Money { amount } | Reply::Proposal { amount, .. }, _) => {
                format::compact(*amount, self.currency, self.lang)
            }
            (other, _) => other.typed(self.currency),
        }
    }
}

/// Somebody without a proposal, and what stands for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filled {
    /// Who.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// What they did in the comparable days a year before; none where nothing is known of them, and nothing stands for it.
    pub amount: Option<Minor>,
}

/// What is planned from above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopDown {
    /// The number of the whole version; for those who do not see everything, of the people within reach.
    pub whole: Minor,
    /// Whether that is only a part of the version.
    pub in_part: bool,
    /// What of it is carried by those who were asked.
    pub of_asked: Minor,
    /// How many people carry a number in it who were not asked.
    pub not_asked: u32,
}

/// The sum of the own numbers, beside what is planned from above.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BottomUp {
    /// How many proposed a number.
    pub proposals: u32,
    /// Their sum.
    pub proposed: Minor,
    /// Who did not, and what stands for it.
    pub filled: Vec<Filled>,
    /// The sum of what stands for it.
    pub filled_total: Minor,
    /// Both together.
    pub total: Minor,
    /// The comparable days before that stand for what is missing.
    pub before: Span,
    /// What those who proposed did in them, where that is known of any of them.
    pub proposed_before: Option<Minor>,
    /// The plan; none while there is no version, and for those who may not see it.
    pub top_down: Option<TopDown>,
    /// What is to be expected; none where there is no outlook, and for those who do not see the whole.
    pub outlook: Option<Median>,
}

/// The middle of the outlook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Median {
    /// Of the whole.
    pub whole: Minor,
    /// What of it is expected of those who were asked; the rest of others, and of nobody.
    pub of_asked: Minor,
}

/// Somebody who was asked for a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedFor {
    /// Who.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// The number they would carry.
    pub proposal: Option<Minor>,
    /// What they did in the comparable days a year before.
    pub before: Option<Minor>,
}

/// Sums the own numbers. Where one is missing, what was done a year before stands for it, and is named; where that is not
/// known either, nothing does.
pub fn bottom_up(
    before: Span,
    asked: Vec<AskedFor>,
    top_down: Option<TopDown>,
    outlook: Option<Median>,
) -> BottomUp {
    let add = |sum: &mut Minor, amount: Minor| sum.0 = sum.0.saturating_add(amount.0);
    let mut result = BottomUp {
        proposals: 0,
        proposed: Minor(0),
        filled: Vec::new(),
        filled_total: Minor(0),
        total: Minor(0),
        before,
        proposed_before: None,
        top_down,
        outlook,
    };
    for one in asked {
        if let Some(amount) = one.proposal {
            result.proposals += 1;
            add(&mut result.proposed, amount);
            if let Some(before) = one.before {
                add(result.proposed_before.get_or_insert(Minor(0)), before);
            }
        } else {
            if let Some(before) = one.before {
                add(&mut result.filled_total, before);
            }
            result.filled.push(Filled {
                member: one.member,
                name: one.name,
                amount: one.before,
            });
        }
    }
    result.total = result.proposed;
    add(&mut result.total, result.filled_total);
    result
}

/// The answers to a questionnaire, of those within reach.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// The questionnaire, with whom of those within reach it reaches and how far they came.
    pub written: Written,
    /// What it is about.
    pub planning: Planning,
    /// Whether its due date is over.
    pub overdue: bool,
    /// Whether whoever looks may send, remind, close and delete.
    pub may_write: bool,
    /// The answers to each question, in their order.
    pub summaries: Vec<Summary>,
    /// The sum of the own numbers; none where they were not asked for.
    pub bottom_up: Option<BottomUp>,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::questionnaire::Ready;

    fn quote(who: u128, reply: Reply) -> Quote {
        Quote {
            member: MemberId(Uuid::from_u128(who)),
            name: who.to_string(),
            reply,
        }
    }

    #[test]
    fn numbers_have_a_middle_and_ends() {
        assert_eq!(Numbers::of(Vec::new()), None);
        let of = |numbers: &[i64]| {
            let found = Numbers::of(numbers.to_vec()).unwrap();
            (found.count, found.median, found.low, found.high)
        };
        assert_eq!(of(&[7]), (1, 7, 7, 7));
        assert_eq!(of(&[9, 1, 5]), (3, 5, 1, 9));
        assert_eq!(of(&[4, 1]), (2, 3, 1, 4), "half way, rounded up");
        assert_eq!(of(&[-4, -1]), (2, -2, -4, -1));
        assert_eq!(of(&[i64::MAX, i64::MAX]), (2, i64::MAX, i64::MAX, i64::MAX));
    }

    #[test]
    fn answers_are_counted_by_option_and_strange_ones_left_out() {
        let trend = Question::ready(Ready::MarketTrend, false);
        let quotes = vec![
            quote(1, Reply::Choice { option: 0 }),
            quote(2, Reply::Choice { option: 4 }),
            quote(3, Reply::Choice { option: 0 }),
            // Of another question.
            quote(4, Reply::Scale { step: 1 }),
        ];
        let Summary::Counts { counts, quotes } = summary(&trend, quotes) else {
            panic!("counts")
        };
        assert_eq!((counts, quotes.len()), (vec![2, 0, 0, 0, 1], 3));
        assert_eq!(summary(&trend, Vec::new()), Summary::Nothing);
        let sure = Question::ready(Ready::Confidence, false);
        let found = summary(&sure, vec![quote(1, Reply::Scale { step: 5 })]);
        assert!(matches!(found, Summary::Counts { counts, .. } if counts == [0, 0, 0, 0, 1]));
    }

    #[test]
    fn a_missing_number_is_filled_by_the_year_before_and_named() {
        let asked = |who: u128, proposal: Option<i64>, before: Option<i64>| AskedFor {
            member: MemberId(Uuid::from_u128(who)),
            name: who.to_string(),
            proposal: proposal.map(Minor),
            before: before.map(Minor),
        };
        let before = Span {
            starts_on: crate::calendar::Day(0),
            ends_on: crate::calendar::Day(365),
        };
        let found = bottom_up(
            before,
            vec![
                asked(1, Some(100), Some(90)),
                asked(2, None, Some(40)),
                asked(3, None, None),
                asked(4, Some(0), None),
            ],
            None,
            None,
        );
        assert_eq!(
            (found.proposals, found.proposed, found.proposed_before),
            (2, Minor(100), Some(Minor(90)))
        );
        assert_eq!((found.filled_total, found.total), (Minor(40), Minor(140)));
        let filled: Vec<_> = found
            .filled
            .iter()
            .map(|one| (one.name.as_str(), one.amount))
            .collect();
        assert_eq!(filled, [("2", Some(Minor(40))), ("3", None)]);
        let nobody = bottom_up(before, Vec::new(), None, None);
        assert_eq!((nobody.total, nobody.proposed_before), (Minor(0), None));
    }
}
