//! The stages of a deal that a new organization starts with.

use serde::{Deserialize, Serialize};

use crate::format::Lang;
use crate::import::normalize;

/// How a deal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Still in the pipeline.
    Open,
    /// Signed.
    Won,
    /// Gone.
    Lost,
}

impl Status {
    /// The stored and wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Won => "won",
            Self::Lost => "lost",
        }
    }

    /// The status of a wire name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Open, Self::Won, Self::Lost]
            .into_iter()
            .find(|status| status.as_str() == name)
    }
}

/// A default stage, in the order of the funnel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 初步接触.
    InitialContact,
    /// 需求确认.
    NeedsConfirmed,
    /// 报价.
    Quotation,
    /// 谈判.
    Negotiation,
    /// 赢单.
    Won,
    /// 丢单.
    Lost,
}

impl Stage {
    /// Every stage, in the order of the funnel.
    pub const ALL: [Self; 6] = [
        Self::InitialContact,
        Self::NeedsConfirmed,
        Self::Quotation,
        Self::Negotiation,
        Self::Won,
        Self::Lost,
    ];

    /// The stored and wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InitialContact => "initial_contact",
            Self::NeedsConfirmed => "needs_confirmed",
            Self::Quotation => "quotation",
            Self::Negotiation => "negotiation",
            Self::Won => "won",
            Self::Lost => "lost",
        }
    }

    /// The stage of a stored name, nothing else; `recognize` reads what files write.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == name)
    }

    /// What people read.
    pub fn label(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::InitialContact, Lang::ZhCn) => "初步接触",
            (Self::NeedsConfirmed, Lang::ZhCn) => "需求确认",
            (Self::Quotation, Lang::ZhCn) => "报价",
            (Self::Negotiation, Lang::ZhCn) => "谈判",
            (Self::Won, Lang::ZhCn) => "赢单",
            (Self::Lost, Lang::ZhCn) => "丢单",
            (Self::InitialContact, Lang::En) => "Initial contact",
            (Self::NeedsConfirmed, Lang::En) => "Needs confirmed",
            (Self::Quotation, Lang::En) => "Quotation",
            (Self::Negotiation, Lang::En) => "Negotiation",
            (Self::Won, Lang::En) => "Won",
            (Self::Lost, Lang::En) => "Lost",
        }
    }

    /// Open, won or lost.
    pub fn status(self) -> Status {
        match self {
            Self::Won => Status::Won,
            Self::Lost => Status::Lost,
            _ => Status::Open,
        }
    }

    /// The stage a file means: our names in both languages and the usual words of other systems.
    pub fn recognize(text: &str) -> Option<Self> {
        let wanted = normalize(text);
        if wanted.is_empty() {
            return None;
        }
        Self::ALL.into_iter().find(|stage| {
            [stage.as_str(), stage.label(Lang::ZhCn), stage.label(Lang::En)]
                .iter()
                .chain(stage.synonyms())
                .any(|word| normalize(word) == wanted)
        })
    }

    /// Words of Salesforce, Maven's sample, 纷享销客, 销售易, 简道云.
    fn synonyms(self) -> &'static [&'static str] {
        match self {
            Self::InitialContact => &[
                "Prospecting",
                "Prospect",
                "New",
                "Lead",
                "Qualification",
                "Discovery",
                "初步沟通",
                "初步洽谈",
                "验证客户",
                "线索",
                "潜在",
                "新建",
                "接洽",
                "立项",
            ],
            Self::NeedsConfirmed => &[
                "Engaging",
                "Engaged",
                "Qualified",
                "Qualified to buy",
                "Needs analysis",
                "Value proposition",
                "Id. decision makers",
                "Perception analysis",
                "Appointment scheduled",
                "需求分析",
                "需求沟通",
                "需求确定",
                "方案",
                "跟进中",
                "进行中",
            ],
            Self::Quotation => &[
                "Quote",
                "Proposal",
                "Proposal/Price quote",
                "Presentation scheduled",
                "Decision maker bought-in",
                "方案报价",
                "方案/报价",
                "商务报价",
                "报价中",
                "投标",
                "招投标",
            ],
            Self::Negotiation => &[
                "Negotiation/Review",
                "Negotiating",
                "Contract sent",
                "Contract",
                "商务谈判",
                "谈判审核",
                "合同谈判",
                "合同",
                "签约中",
            ],
            Self::Won => &[
                "Closed won",
                "Closed-Won",
                "Win",
                "成交",
                "已成交",
                "赢",
                "已赢单",
                "签约",
                "已签约",
                "成功",
                "已关闭赢单",
                "胜单",
            ],
            Self::Lost => &[
                "Closed lost",
                "Closed-Lost",
                "Lose",
                "输单",
                "输",
                "已输单",
                "已丢单",
                "失败",
                "流失",
                "无效",
                "已关闭输单",
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_other_systems_are_understood() {
        for (text, stage) in [
            ("Prospecting", Stage::InitialContact),
            ("engaging", Stage::NeedsConfirmed),
            (" Won ", Stage::Won),
            ("Closed Lost", Stage::Lost),
            ("赢单", Stage::Won),
            ("needs_confirmed", Stage::NeedsConfirmed),
            ("Ｗｏｎ", Stage::Won),
            ("方案/报价", Stage::Quotation),
        ] {
            assert_eq!(Stage::recognize(text), Some(stage), "{text}");
        }
        assert_eq!(Stage::recognize("Wonn"), None);
        assert_eq!(Stage::recognize(""), None);
    }

    #[test]
    fn no_word_means_two_stages() {
        let mut seen = std::collections::BTreeMap::new();
        for stage in Stage::ALL {
            for word in stage.synonyms() {
                assert_eq!(Stage::recognize(word), Some(stage), "{word}");
                if let Some(other) = seen.insert(normalize(word), stage) {
                    assert_eq!(other, stage, "{word}");
                }
            }
        }
    }
}
