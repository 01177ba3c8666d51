//! Why lines of rows cannot be what was set, as people read it.

use super::MatrixError;
use crate::format::{self, Lang};
use crate::line::words::quoted;
use crate::money::Currency;

impl MatrixError {
    /// The sentence, with what would mend it; `row` and `line` are what those it is about are called.
    pub fn words(&self, lang: Lang, currency: &Currency, row: &str, line: &str) -> String {
        let money = |amount: &crate::money::Minor| format::currency(*amount, currency);
        let (row, line) = (quoted(row, lang), quoted(line, lang));
        match (self, lang) {
            (Self::OutOfRange | Self::Apart { .. }, Lang::ZhCn) => {
                "金额为负，或超过 10 万亿，无法按产品、渠道拆分。".to_owned()
            }
            (Self::OutOfRange | Self::Apart { .. }, Lang::En) => {
                "An amount is below 0 or above 10 trillion: it cannot be split by lines.".to_owned()
            }
            (Self::RowOver { by, .. }, Lang::ZhCn) => format!(
                "{row}手工设定的各项合计超出它的目标 {}。请调小其中一项，或恢复为建议值。",
                money(by)
            ),
            (Self::RowOver { by, .. }, Lang::En) => format!(
                "What is set by hand for {row} exceeds its target by {}. Make one smaller, or take the proposal again.",
                money(by)
            ),
            (Self::RowUnder { by, .. }, Lang::ZhCn) => format!(
                "{row}的各项都已手工设定，合计比它的目标少 {}。请至少把一项恢复为建议值。",
                money(by)
            ),
            (Self::RowUnder { by, .. }, Lang::En) => format!(
                "Everything is set by hand for {row}, {} below its target. Take the proposal again for at least one.",
                money(by)
            ),
            (Self::LineOver { by, .. }, Lang::ZhCn) => format!(
                "{line}手工设定的合计超出上级在这一项的数 {}。请调小其中一个，或恢复为建议值。",
                money(by)
            ),
            (Self::LineOver { by, .. }, Lang::En) => format!(
                "What is set by hand of {line} exceeds what the row above has of it by {}. Make one smaller, or take the \
                 proposal again.",
                money(by)
            ),
            (Self::LineUnder { by, .. }, Lang::ZhCn) => format!(
                "{line}全部由手工设定，合计比上级在这一项的数少 {}。请至少把一个恢复为建议值。",
                money(by)
            ),
            (Self::LineUnder { by, .. }, Lang::En) => format!(
                "All of {line} is set by hand, {} below what the row above has of it. Take the proposal again for at least \
                 one.",
                money(by)
            ),
            (Self::Stuck { by, .. }, Lang::ZhCn) => format!(
                "{row}还有 {} 没有去处：其余各项已被手工设定占满。请把其中一些恢复为建议值。",
                money(by)
            ),
            (Self::Stuck { by, .. }, Lang::En) => format!(
                "{} of {row} has nowhere to go: what is set by hand leaves no room. Take the proposal again for some of it.",
                money(by)
            ),
        }
    }
}
