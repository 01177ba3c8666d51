//! Why a line cannot be what was asked for, as people read it.

use super::{LineBy, LineError};
use crate::format::{self, Lang};
use crate::money::{Currency, Minor};

impl LineBy {
    /// What people call it.
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Product => lang.pick("产品", "product"),
            Self::Category => lang.pick("品类", "category"),
            Self::Channel => lang.pick("渠道", "channel"),
            Self::Account => lang.pick("重点客户", "key account"),
        }
    }
}

impl LineError {
    /// The sentence, with what would mend it.
    pub fn words(&self, lang: Lang, currency: &Currency) -> String {
        let money = |amount: &Minor| format::currency(*amount, currency);
        let names = |names: &[String]| named(names, lang);
        match (self, lang) {
            (Self::Unknown { .. }, Lang::ZhCn) => "没有这一行，页面可能已经过时，请刷新。".to_owned(),
            (Self::Unknown { .. }, Lang::En) => {
                "There is no such line; the page may be out of date: load it again.".to_owned()
            }
            (Self::Negative { .. }, Lang::ZhCn) => "每一行不能小于 0。".to_owned(),
            (Self::Negative { .. }, Lang::En) => "A line is not below 0.".to_owned(),
            (Self::Locked { name, amount }, Lang::ZhCn) => {
                format!("{}已锁定在 {}，请先解锁。", quoted(name, lang), money(amount))
            }
            (Self::Locked { name, amount }, Lang::En) => format!(
                "{} is locked at {}: unlock it first.",
                quoted(name, lang),
                money(amount)
            ),
            (
                Self::Over {
                    total,
                    missing,
                    locked,
                },
                Lang::ZhCn,
            ) if locked.is_empty() => {
                format!(
                    "目标一共 {}，超出了 {}。请调小这一行或提高目标。",
                    money(total),
                    money(missing)
                )
            }
            (
                Self::Over {
                    total,
                    missing,
                    locked,
                },
                Lang::En,
            ) if locked.is_empty() => format!(
                "The whole target is {}, this is {} more. Make the line smaller or raise the target.",
                money(total),
                money(missing)
            ),
            (
                Self::Over {
                    total,
                    missing,
                    locked,
                },
                Lang::ZhCn,
            ) => format!(
                "超出目标 {} 达 {}：已锁定{}。请调小这一行、解锁或提高目标。",
                money(total),
                money(missing),
                names(locked)
            ),
            (
                Self::Over {
                    total,
                    missing,
                    locked,
                },
                Lang::En,
            ) => format!(
                "This exceeds the target of {} by {}; locked: {}. Make the line smaller, unlock one or raise the target.",
                money(total),
                money(missing),
                names(locked)
            ),
            (
                Self::Under {
                    total,
                    missing,
                    locked,
                },
                Lang::ZhCn,
            ) => format!(
                "目标 {} 中还有 {} 没有去处：其余各行都已锁定（{}）。请至少解锁一行。",
                money(total),
                money(missing),
                names(locked)
            ),
            (
                Self::Under {
                    total,
                    missing,
                    locked,
                },
                Lang::En,
            ) => format!(
                "{} of the target of {} has nowhere to go: all other lines are locked ({}). Unlock at least one.",
                money(missing),
                money(total),
                names(locked)
            ),
            (Self::Twice { name }, Lang::ZhCn) => format!("{}已经单独成行。", quoted(name, lang)),
            (Self::Twice { name }, Lang::En) => {
                format!("{} has a line of its own already.", quoted(name, lang))
            }
        }
    }
}

/// Lines without a name of their own are the rest, or what nobody gave.
pub(super) fn quoted(name: &str, lang: Lang) -> String {
    match (name.is_empty(), lang) {
        (true, _) => lang.pick("其余", "The rest").to_owned(),
        (false, Lang::ZhCn) => format!("“{name}”"),
        (false, Lang::En) => format!("\"{name}\""),
    }
}

fn named(names: &[String], lang: Lang) -> String {
    if names.is_empty() {
        return lang.pick("无", "none").to_owned();
    }
    let names: Vec<String> = names.iter().map(|name| quoted(name, lang)).collect();
    names.join(lang.pick("、", ", "))
}
