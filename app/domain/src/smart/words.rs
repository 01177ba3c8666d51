//! The check as people read it: what holds, what is wrong, and what would mend it.

use super::{Claim, Fault, Letter};
use crate::format::{self, Lang};
use crate::money::{Currency, Minor};

/// Names of parts in a sentence, at most.
const NAMED: usize = 3;

impl Letter {
    /// What the letter stands for.
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Specific => lang.pick("具体", "Specific"),
            Self::Measurable => lang.pick("可衡量", "Measurable"),
            Self::Achievable => lang.pick("可达成", "Achievable"),
            Self::Relevant => lang.pick("相关", "Relevant"),
            Self::TimeBound => lang.pick("有时限", "Time-bound"),
        }
    }

    /// What is known of a target that holds in this letter.
    pub fn says(self, claim: &Claim, lang: Lang) -> String {
        match self {
            Self::Specific => {
                let carriers = format::count(claim.carried.carriers);
                match (lang, claim.carried.carriers) {
                    (Lang::ZhCn, _) => format!("{carriers} 个承担者，合计与目标分文不差"),
                    (Lang::En, 1) => "1 carrier, who carries all of it".to_owned(),
                    (Lang::En, _) => format!("{carriers} carriers, whose parts sum to it exactly"),
                }
            }
            Self::Measurable => {
                let credited = format::percent(claim.metric.credited);
                let last = claim
                    .metric
                    .facts
                    .map_or_else(String::new, |(_, last)| format::date(last, lang));
                match lang {
                    Lang::ZhCn => format!("业绩 {credited} 有归属，数据到 {last}"),
                    Lang::En => format!("{credited} of what is done is credited, data up to {last}"),
                }
            }
            Self::Achievable => {
                let reached = claim.outlook.map_or(f64::NAN, |outlook| outlook.reached);
                let chance = format::percent(reached);
                match lang {
                    Lang::ZhCn => format!("达成的可能 {chance}，够得着也要使劲"),
                    Lang::En => format!("{chance} chance: within reach, and not without effort"),
                }
            }
            Self::Relevant => {
                let name = claim.above.as_ref().map_or("", |above| above.name.as_str());
                match lang {
                    Lang::ZhCn => format!("支撑“{name}”"),
                    Lang::En => format!("serves \"{name}\""),
                }
            }
            Self::TimeBound => {
                let count = claim.periods.len();
                let range = claim.span.map_or_else(String::new, |span| {
                    format::range(span.starts_on, span.ends_on, lang)
                });
                match lang {
                    Lang::ZhCn => format!("{range}，分 {count} 个周期"),
                    Lang::En => format!("{range}, in {count} periods"),
                }
            }
        }
    }
}

impl Fault {
    /// What is wrong.
    pub fn words(&self, lang: Lang, currency: &Currency) -> String {
        let money = |amount: Minor| format::currency(amount, currency);
        match lang {
            Lang::ZhCn => match self {
                Self::NotSplit => "还没有分解，没有人知道自己该承担多少".to_owned(),
                Self::PartsDiffer { sum } => format!("各部分合计 {}，与目标不等", money(*sum)),
                Self::LinesDiffer { by, sum } => {
                    format!("按{}拆分的各行合计 {}，与目标不等", by.word(lang), money(*sum))
                }
                Self::NobodyCarries { parts } if parts.is_empty() => "没有人承担".to_owned(),
                Self::NobodyCarries { parts } => format!("没有人承担：{}", listed(parts, lang)),
                Self::NoFacts => "这个指标还没有任何数据".to_owned(),
                Self::Silent { last, days } => {
                    format!(
                        "{} 之后已有 {days} 天没有新数据，比以往任何一次间断都长",
                        format::date(*last, lang)
                    )
                }
                Self::Uncredited { credited } => {
                    format!("最近一年的业绩只有 {} 归属到人", format::percent(*credited))
                }
                Self::NoOutlook => "历史太短，说不出能不能达成".to_owned(),
                Self::NoAmount => "目标不大于 0".to_owned(),
                Self::Booked { booked } => format!("已经签下 {}，目标不做也达成了", money(*booked)),
                Self::TooHigh { reached, .. } => format!("达成的可能只有 {}", format::percent(*reached)),
                Self::TooLow { reached, .. } => {
                    format!(
                        "照现在的走势就有 {} 的可能达成，没有要求任何努力",
                        format::percent(*reached)
                    )
                }
                Self::NoLink => "没有说明它支撑什么".to_owned(),
                Self::Short { of, missing } => format!("比“{of}”要求的少 {}", money(*missing)),
                Self::Late { of, ends } => {
                    format!("“{of}”到 {} 为止，这个目标结束得更晚", format::date(*ends, lang))
                }
                Self::NoPeriod => "没有起止日期".to_owned(),
                Self::Over { ended } => format!("周期已在 {} 结束", format::date(*ended, lang)),
                Self::NoSteps => "中途没有分期，无法知道进度是否正常".to_owned(),
                Self::PeriodsDiffer { sum } => format!("各周期合计 {}，与目标不等", money(*sum)),
            },
            Lang::En => match self {
                Self::NotSplit => "It is not split: nobody knows what is theirs".to_owned(),
                Self::PartsDiffer { sum } => {
                    format!("Its parts sum to {}, which is not the target", money(*sum))
                }
                Self::LinesDiffer { by, sum } => format!(
                    "Its lines by {} sum to {}, which is not the target",
                    by.word(lang),
                    money(*sum)
                ),
                Self::NobodyCarries { parts } if parts.is_empty() => "Nobody carries it".to_owned(),
                Self::NobodyCarries { parts } => format!("Nobody carries: {}", listed(parts, lang)),
                Self::NoFacts => "Nothing has been counted for this metric yet".to_owned(),
                Self::Silent { last, days } => format!(
                    "Nothing came in for {days} days since {}, longer than ever before",
                    format::date(*last, lang)
                ),
                Self::Uncredited { credited } => format!(
                    "Only {} of what was done in the last year is credited to somebody",
                    format::percent(*credited)
                ),
                Self::NoOutlook => "There is too little history to say what can be reached".to_owned(),
                Self::NoAmount => "The target is not more than 0".to_owned(),
                Self::Booked { booked } => {
                    format!(
                        "{} is booked already: it is reached without doing anything",
                        money(*booked)
                    )
                }
                Self::TooHigh { reached, .. } => {
                    format!("The chance to reach it is only {}", format::percent(*reached))
                }
                Self::TooLow { reached, .. } => format!(
                    "It is reached with {} as things go: it asks for no effort",
                    format::percent(*reached)
                ),
                Self::NoLink => "Nothing says what it serves".to_owned(),
                Self::Short { of, missing } => {
                    format!("It is {} less than \"{of}\" asks for", money(*missing))
                }
                Self::Late { of, ends } => {
                    format!(
                        "\"{of}\" ends on {}, this target later",
                        format::date(*ends, lang)
                    )
                }
                Self::NoPeriod => "It has no days".to_owned(),
                Self::Over { ended } => format!("Its days ended on {}", format::date(*ended, lang)),
                Self::NoSteps => {
                    "It has no steps: nobody can say on the way whether it is on course".to_owned()
                }
                Self::PeriodsDiffer { sum } => {
                    format!("Its periods sum to {}, which is not the target", money(*sum))
                }
            },
        }
    }

    /// What would mend it.
    pub fn mend(&self, lang: Lang, currency: &Currency) -> String {
        let money = |amount: Minor| format::currency(amount, currency);
        match lang {
            Lang::ZhCn => match self {
                Self::NotSplit | Self::PartsDiffer { .. } => "到“分解”里把它分到部门和个人".to_owned(),
                Self::LinesDiffer { .. } => "解锁一行，或改成与目标相符的数".to_owned(),
                Self::NobodyCarries { .. } => "给这些部分指定成员或负责人".to_owned(),
                Self::NoFacts => "导入历史订单或商机".to_owned(),
                Self::Silent { .. } => "补上最近的数据，或检查数据来源".to_owned(),
                Self::Uncredited { .. } => "在导入里补齐业务员，让业绩有归属".to_owned(),
                Self::NoOutlook => "至少导入一年的历史；在此之前按调研和经验定".to_owned(),
                Self::NoAmount => "填一个大于 0 的数".to_owned(),
                Self::Booked { booked } => format!("定在 {} 以上", money(*booked)),
                Self::TooHigh { most, .. } => {
                    format!("降到 {} 以下，或把它作为“挑战”，另定目标", money(*most))
                }
                Self::TooLow { least, .. } => format!("提高到 {} 以上，或把它作为“保底”", money(*least)),
                Self::NoLink => "写明它支撑哪一项计划或要求".to_owned(),
                Self::Short { missing, .. } => {
                    format!("提高 {}，或与提出要求的一方重新商定", money(*missing))
                }
                Self::Late { ends, .. } => format!("让它在 {} 前结束", format::date(*ends, lang)),
                Self::NoPeriod => "选定周期".to_owned(),
                Self::Over { .. } => "为以后的周期另定目标".to_owned(),
                Self::NoSteps | Self::PeriodsDiffer { .. } => "按季或按月分开".to_owned(),
            },
            Lang::En => match self {
                Self::NotSplit | Self::PartsDiffer { .. } => {
                    "Split it over units and people on the Split page".to_owned()
                }
                Self::LinesDiffer { .. } => "Unlock a line, or change it so that they sum".to_owned(),
                Self::NobodyCarries { .. } => {
                    "Give these parts a member or somebody who leads them".to_owned()
                }
                Self::NoFacts => "Import past orders or deals".to_owned(),
                Self::Silent { .. } => "Bring in the newest data, or look at where they come from".to_owned(),
                Self::Uncredited { .. } => "Import who sold it, so that it is credited".to_owned(),
                Self::NoOutlook => {
                    "Import at least a year of history; until then go by questionnaires and judgement"
                        .to_owned()
                }
                Self::NoAmount => "Write a number above 0".to_owned(),
                Self::Booked { booked } => format!("Set it above {}", money(*booked)),
                Self::TooHigh { most, .. } => {
                    format!(
                        "Lower it to {} or less, or keep it as the challenge beside another target",
                        money(*most)
                    )
                }
                Self::TooLow { least, .. } => {
                    format!("Raise it to {} or more, or keep it as the floor", money(*least))
                }
                Self::NoLink => "Say which plan or demand it serves".to_owned(),
                Self::Short { missing, .. } => {
                    format!(
                        "Raise it by {}, or agree on another number with who asks for it",
                        money(*missing)
                    )
                }
                Self::Late { ends, .. } => format!("Let it end by {}", format::date(*ends, lang)),
                Self::NoPeriod => "Choose its period".to_owned(),
                Self::Over { .. } => "Set a target for a period to come".to_owned(),
                Self::NoSteps | Self::PeriodsDiffer { .. } => "Split it into quarters or months".to_owned(),
            },
        }
    }
}

fn listed(parts: &[String], lang: Lang) -> String {
    let mut named: Vec<&str> = parts.iter().take(NAMED).map(String::as_str).collect();
    if parts.len() > NAMED {
        named.push("…");
    }
    named.join(lang.pick("、", ", "))
}
