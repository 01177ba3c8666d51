//! Levels, and why they cannot be had, as people read it.

use super::{Level, LevelError, Value};
use crate::format::{self, Lang};
use crate::money::Currency;
use crate::plan::{NodeIndex, Shape};

impl Level {
    /// What people call it.
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Floor => lang.pick("保底", "Floor"),
            Self::Target => lang.pick("目标", "Target"),
            Self::Stretch => lang.pick("冲刺", "Stretch"),
            Self::Challenge => lang.pick("挑战", "Challenge"),
        }
    }
}

impl Value {
    /// What was decided, as one would type it.
    pub fn written(self, currency: &Currency) -> String {
        match self {
            Self::Ratio { ppm } => {
                let percent = format!("{}.{:04}", ppm / 10_000, ppm % 10_000);
                format!("{} %", percent.trim_end_matches('0').trim_end_matches('.'))
            }
            Self::Amount { amount } => format::full(amount, currency),
        }
    }
}

impl LevelError {
    /// The row below the topmost that it is about, where there is one.
    pub fn row(&self) -> Option<NodeIndex> {
        match self {
            Self::Order { node, .. } | Self::Gap { node, .. } | Self::TooLarge { node, .. } => {
                Some(*node).filter(|node| *node != NodeIndex(0))
            }
            _ => None,
        }
    }

    /// The name that row has in a plan.
    pub fn row_name<'a>(&self, shape: &'a Shape) -> Option<&'a str> {
        let row = self.row().filter(|row| shape.has(*row));
        row.map(|row| shape.name(row))
    }

    /// The sentence, after the name of the row it is about where that is known.
    pub fn words_at(&self, name: Option<&str>, lang: Lang, currency: &Currency) -> String {
        let words = self.words(lang, currency);
        match (name, lang) {
            (None, _) => words,
            (Some(name), Lang::ZhCn) => format!("“{name}”：{words}"),
            (Some(name), Lang::En) => format!("\"{name}\": {words}"),
        }
    }

    /// The sentence, with what would mend it.
    pub fn words(&self, lang: Lang, currency: &Currency) -> String {
        let money = |amount| format::currency(amount, currency);
        let rule = lang.pick(
            "须满足：保底 ≤ 目标 ≤ 冲刺 ≤ 挑战，且不超过目标的 100 倍",
            "floor ≤ target ≤ stretch ≤ challenge must hold, up to a hundred times the target",
        );
        let percent = |ppm: u32| format::percent(f64::from(ppm) / 1_000_000.0);
        match (self, lang) {
            (Self::Ratio { level, ppm }, Lang::ZhCn) => {
                format!("“{}”不能是目标的 {}。{rule}。", level.word(lang), percent(*ppm))
            }
            (Self::Ratio { level, ppm }, Lang::En) => {
                format!(
                    "{} cannot be {} of the target: {rule}.",
                    level.word(lang),
                    percent(*ppm)
                )
            }
            (
                Self::Order {
                    level, amount, bound, ..
                },
                Lang::ZhCn,
            ) => format!(
                "“{}”为 {}，与相邻一档 {} 的高低不对。{rule}。",
                level.word(lang),
                money(*amount),
                money(*bound)
            ),
            (
                Self::Order {
                    level, amount, bound, ..
                },
                Lang::En,
            ) => format!(
                "{} would be {}, on the wrong side of {} beside it: {rule}.",
                level.word(lang),
                money(*amount),
                money(*bound)
            ),
            (Self::Gap { level, missing, .. }, Lang::ZhCn) => format!(
                "“{}”无法分到各周期和下级：差 {}。请换一个接近目标比例的数字。",
                level.word(lang),
                money(*missing)
            ),
            (Self::Gap { level, missing, .. }, Lang::En) => format!(
                "{} cannot be spread over periods and people: {} is left. Take a number closer to the target.",
                level.word(lang),
                money(*missing)
            ),
            (Self::TooLarge { level, .. }, Lang::ZhCn) => {
                format!("“{}”太大，超出了一个计划能容纳的金额。", level.word(lang))
            }
            (Self::TooLarge { level, .. }, Lang::En) => {
                format!("{} is more than a plan can hold.", level.word(lang))
            }
            (Self::UnknownNode { .. } | Self::Target { .. } | Self::Twice { .. }, Lang::ZhCn) => {
                "这一档不能在这里改。".to_owned()
            }
            (Self::UnknownNode { .. } | Self::Target { .. } | Self::Twice { .. }, Lang::En) => {
                "This level is not changed here.".to_owned()
            }
        }
    }
}
