//! What people read of a step.

use super::StepKind;
use crate::format::Lang;

impl StepKind {
    /// The name of the step; of a factor or a node its own.
    pub fn label(&self, lang: Lang) -> &str {
        match self {
            Self::Volume => lang.pick("销量", "volume"),
            Self::Mix => lang.pick("产品结构", "mix"),
            Self::Quantity => lang.pick("数量", "quantity"),
            Self::Price => lang.pick("价格", "price"),
            Self::New => lang.pick("新增", "new"),
            Self::Lost => lang.pick("流失", "lost"),
            Self::Amount => lang.pick("金额（无法区分量价）", "amount (price and volume unknown)"),
            Self::SlippedIn => lang.pick("移入本期", "slipped in"),
            Self::SlippedOut => lang.pick("推迟到他期", "slipped out"),
            Self::Currency => lang.pick("汇率", "exchange rate"),
            Self::Unworked => lang.pick("无商机支撑的目标", "target without pipeline"),
            Self::Surplus => lang.pick("超出目标的商机", "pipeline beyond the target"),
            Self::Pipeline => lang.pick("商机数量", "pipeline"),
            Self::Cycle => lang.pick("成交周期", "cycle"),
            Self::WinRate => lang.pick("赢单率", "win rate"),
            Self::DealSize => lang.pick("单均金额", "deal size"),
            Self::Factor { name } => name,
            Self::Contributor { key } => key,
            Self::Other => lang.pick("其他", "other"),
        }
    }
}
