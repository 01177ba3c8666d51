//! The ready questions: market, customers, competitors, and the own number.

use serde::{Deserialize, Serialize};

use super::Ask;
use crate::format::Lang;

/// A ready question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ready {
    /// Where the market goes.
    MarketTrend,
    /// Why.
    MarketWhy,
    /// Which customers will buy more.
    CustomersMore,
    /// Which customers may be lost.
    CustomersLess,
    /// How many new customers can be won.
    CustomersNew,
    /// How hard competitors press.
    CompetitorPressure,
    /// What they do.
    CompetitorMoves,
    /// The own number and why.
    Proposal,
    /// How sure one is of it.
    Confidence,
    /// What one needs for it.
    Support,
}

impl Ready {
    /// Every ready question, in the order they are best asked in.
    pub const ALL: [Self; 10] = [
        Self::MarketTrend,
        Self::MarketWhy,
        Self::CustomersMore,
        Self::CustomersLess,
        Self::CustomersNew,
        Self::CompetitorPressure,
        Self::CompetitorMoves,
        Self::Proposal,
        Self::Confidence,
        Self::Support,
    ];

    /// The short set a new questionnaire starts with: one minute on a phone.
    pub const SHORT: [Self; 5] = [
        Self::MarketTrend,
        Self::CustomersMore,
        Self::CompetitorMoves,
        Self::Proposal,
        Self::Confidence,
    ];

    /// The stored and wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MarketTrend => "market_trend",
            Self::MarketWhy => "market_why",
            Self::CustomersMore => "customers_more",
            Self::CustomersLess => "customers_less",
            Self::CustomersNew => "customers_new",
            Self::CompetitorPressure => "competitor_pressure",
            Self::CompetitorMoves => "competitor_moves",
            Self::Proposal => "proposal",
            Self::Confidence => "confidence",
            Self::Support => "support",
        }
    }

    /// The ready question of a wire name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ready| ready.as_str() == name)
    }

    /// The question.
    pub fn text(self, lang: Lang) -> &'static str {
        match self {
            Self::MarketTrend => lang.pick(
                "计划期内，你所在的市场会怎样变化？",
                "How will your market develop in the planned time?",
            ),
            Self::MarketWhy => lang.pick(
                "市场变化的主要原因是什么？",
                "What is the main reason for that?",
            ),
            Self::CustomersMore => lang.pick(
                "哪些客户会增加采购，大约增加多少？",
                "Which customers will buy more, and about how much?",
            ),
            Self::CustomersLess => lang.pick(
                "哪些客户可能减少采购或流失，为什么？",
                "Which customers may buy less or leave, and why?",
            ),
            Self::CustomersNew => lang.pick(
                "预计能新增多少家客户？",
                "How many new customers do you expect to win?",
            ),
            Self::CompetitorPressure => lang.pick(
                "竞争压力有多大？（1 很小，5 很大）",
                "How hard do competitors press? (1 hardly, 5 very hard)",
            ),
            Self::CompetitorMoves => lang.pick(
                "竞争对手近来有什么动作？",
                "What have competitors been doing lately?",
            ),
            Self::Proposal => lang.pick(
                "你认为自己在计划期内能完成多少？为什么是这个数？（只算你本人的业绩，不含团队）",
                "What number would you carry yourself in the planned time, and why that one? (Your own sales, not the team's)",
            ),
            Self::Confidence => lang.pick(
                "对这个数字有多大把握？（1 没把握，5 很有把握）",
                "How sure are you of that number? (1 not at all, 5 very)",
            ),
            Self::Support => lang.pick(
                "要完成它，需要公司给什么支持？",
                "What do you need from the company to reach it?",
            ),
        }
    }

    /// What it wants.
    pub fn ask(self, lang: Lang) -> Ask {
        match self {
            Self::MarketTrend => Ask::Choice {
                options: lang
                    .pick(
                        ["明显增长", "小幅增长", "持平", "小幅下降", "明显下降"],
                        [
                            "Grows strongly",
                            "Grows a little",
                            "Stays",
                            "Shrinks a little",
                            "Shrinks strongly",
                        ],
                    )
                    .map(str::to_owned)
                    .to_vec(),
            },
            Self::CustomersNew => Ask::Number,
            Self::CompetitorPressure | Self::Confidence => Ask::Scale,
            Self::Proposal => Ask::Proposal,
            Self::MarketWhy
            | Self::CustomersMore
            | Self::CustomersLess
            | Self::CompetitorMoves
            | Self::Support => Ask::Text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ready_question_wants_the_same_in_both_languages() {
        for ready in Ready::ALL {
            assert_ne!(ready.text(Lang::ZhCn), ready.text(Lang::En));
            assert_eq!(Ready::parse(ready.as_str()), Some(ready));
            assert_eq!(serde_json::json!(ready), ready.as_str());
            match (ready.ask(Lang::ZhCn), ready.ask(Lang::En)) {
                (Ask::Choice { options: zh }, Ask::Choice { options: en }) => assert_eq!(zh.len(), en.len()),
                (zh, en) => assert_eq!(zh, en),
            }
        }
        assert!(Ready::SHORT.iter().all(|ready| Ready::ALL.contains(ready)));
    }
}
