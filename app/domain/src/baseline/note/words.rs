//! What can and cannot be concluded, in both languages.

use super::Note;
use crate::calendar::Period;
use crate::format::{self, Lang};

impl Note {
    pub(super) fn chinese(&self) -> String {
        let period = |period: &Period| format::period(period, Lang::ZhCn);
        match self {
            Self::UnderAYear { months } => format!(
                "只有 {months} 个完整月份：看得出总额和构成，还看不出同比和季节。可以照常定目标，按月分解时先按工作日均分。"
            ),
            Self::UnderTwoYears { months } => format!(
                "有 {months} 个完整月份：季节只出现过一次，已向平均月收缩一半；只有部分月份能算同比，还算不出年均增长。"
            ),
            Self::UnderThreeYears { months } => format!(
                "有 {months} 个完整月份：季节出现过两次，已向平均月收缩；同比可用，趋势还只是两年之比。"
            ),
            Self::Missing { gap } => {
                let (from, to) = (period(&gap.from), period(&gap.to));
                let span = if gap.months == 1 {
                    from
                } else {
                    format!("{from}至{to}")
                };
                format!(
                    "{span}（{} 个月）没有任何数据，更像缺失而不是零：不参与同比、年均增长和季节。补导这段数据后会自动重算。",
                    gap.months
                )
            }
            Self::StartsLate { period: month } => {
                format!("{}不完整（数据从月中开始）：不参与比较。", period(month))
            }
            Self::EndsEarly { period: month } => {
                format!("{}尚未结束或数据不全：不参与比较，也不当作下滑。", period(month))
            }
            Self::Incomplete { period: month } => format!(
                "平时每月都有业绩的人，{}大多还没有数据：该月按数据不全处理，不参与同比、环比和季节，也不当作下滑。补导这段数据后会自动重算。",
                period(month)
            ),
            Self::OneProduct => {
                "历史里只有一种产品：总额、增长和季节照常可用；看不出产品之间的构成、集中度和变化，也无法按产品分解目标。".to_owned()
            }
            Self::OnlyOne { .. } => {
                "按这个维度只有一项：看不出构成和集中度，也无法按它分解目标，换一个维度再看。".to_owned()
            }
            Self::NotGiven { share, .. } => format!(
                "有 {} 的金额没有填写这个维度：下面的占比包含“未填写”这一项，集中度只算填写了的部分。",
                format::percent(*share)
            ),
            Self::BelowZero { months } => {
                format!("有 {months} 个月合计为负（退单多于签单）：这些月份看不出季节，请核对冲销的日期。")
            }
            Self::LeftOutElsewhere { count } => {
                format!("有 {count} 笔剔除的单据已不在所示数据中：剔除仍保留，再次导入时照样生效。")
            }
            Self::OtherCurrency { rows, currency } => format!(
                "有 {rows} 行因币种不是 {currency} 没有导入，历史里没有它们：换算成 {currency} 再导入之前，总额和增长偏低。"
            ),
        }
    }

    pub(super) fn english(&self) -> String {
        let period = |period: &Period| format::period(period, Lang::En);
        match self {
            Self::UnderAYear { months } => format!(
                "{months} whole months only: totals and contribution can be read, growth on last year and a season cannot. A \
                 target can be set; by months it starts from working days."
            ),
            Self::UnderTwoYears { months } => format!(
                "{months} whole months: the season was seen once and is drawn half-way to even months; growth on last year \
                 exists for some months, compound growth does not."
            ),
            Self::UnderThreeYears { months } => format!(
                "{months} whole months: the season was seen twice and is drawn towards even months; growth on last year \
                 holds, a trend is the ratio of two years."
            ),
            Self::Missing { gap } => {
                let (from, to) = (period(&gap.from), period(&gap.to));
                let span = if gap.months == 1 {
                    from
                } else {
                    format!("{from} to {to}")
                };
                let months = if gap.months == 1 { "month" } else { "months" };
                format!(
                    "{span} ({} {months}) has no data at all, which looks missing rather than zero: it is left out of \
                     growth and season. Import it and everything is reckoned again.",
                    gap.months
                )
            }
            Self::StartsLate { period: month } => {
                format!(
                    "{} is not whole (data begins within it): it is compared with nothing.",
                    period(month)
                )
            }
            Self::EndsEarly { period: month } => format!(
                "{} has not ended or lacks data: it is compared with nothing, and is no decline.",
                period(month)
            ),
            Self::Incomplete { period: month } => format!(
                "Most of those who sell every month have nothing in {}: its data is taken for incomplete. It is compared with \
                 nothing, no season rests on it, and it is no decline. Import the rest and everything is reckoned again.",
                period(month)
            ),
            Self::OneProduct => "There is only one product in the history: totals, growth and season can be read; \
                                 contribution, concentration and shifts between products cannot, and nothing can be split \
                                 by product."
                .to_owned(),
            Self::OnlyOne { .. } => {
                "One value only by this dimension: no contribution, no concentration, and nothing to \
                                     split by. Look by another one."
                    .to_owned()
            }
            Self::NotGiven { share, .. } => format!(
                "{} of the amount has no value of this dimension: shares include what is not given, concentration is of the \
                 rest.",
                format::percent(*share)
            ),
            Self::BelowZero { months } => format!(
                "{months} months are below zero (more was taken back than sold): no season can be read from them. Check the \
                 dates of what was taken back."
            ),
            Self::LeftOutElsewhere { count } => format!(
                "{count} of what is left out is not among the data shown: it stays left out, also when it is imported again."
            ),
            Self::OtherCurrency { rows, currency } => format!(
                "{rows} rows were not imported because they are not in {currency}, and the history lacks them: until they are \
                 converted and imported, totals and growth are too low."
            ),
        }
    }
}
