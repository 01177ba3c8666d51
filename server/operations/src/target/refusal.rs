//! Why a plan refuses a number, in words of both languages.

use domain::format::{self, Lang};
use domain::money::{Currency, Minor};
use domain::plan::{Blocker, Cause, NodeIndex, Refusal, Shape};

use super::absent::Absent;
use crate::Error;

/// At most so many of what stands in the way are named.
const NAMED: usize = 3;

/// That a level cannot be had, to who does not see the whole plan: the amounts that say why are of the whole.
pub(crate) fn levels_unseen() -> Error {
    Error::conflict(
        "levels_out_of_order",
        "这一档与现在的目标不符，暂时没有数字；要由能看到整个计划的人调整。",
        "This level does not fit the present target and has no amounts now; whoever sees the whole plan can mend it.",
    )
}

/// The refusal for people: what stands in the way, by how much, and what would mend it.
pub(crate) fn words(shape: &Shape, refusal: &Refusal, absent: &Absent, currency: &Currency) -> Error {
    Error::conflict(
        "plan_refuses",
        sentence(shape, refusal, absent, currency, Lang::ZhCn),
        sentence(shape, refusal, absent, currency, Lang::En),
    )
}

/// The same as a sentence in one language.
pub(crate) fn sentence(
    shape: &Shape,
    refusal: &Refusal,
    absent: &Absent,
    currency: &Currency,
    lang: Lang,
) -> String {
    let money = |amount: &Minor| format::currency(*amount, currency);
    let name = |node: &NodeIndex| if shape.has(*node) { shape.name(*node) } else { "" };
    match (refusal, lang) {
        (
            Refusal::Blocked {
                missing, blockers, ..
            },
            Lang::ZhCn,
        ) => format!(
            "有 {} 放不下：{}。请先在“分解”里解锁或放宽。",
            money(missing),
            blocking(shape, blockers, absent, currency, lang)
        ),
        (
            Refusal::Blocked {
                missing, blockers, ..
            },
            Lang::En,
        ) => format!(
            "{} cannot be placed: {}. Unlock or widen them on the Split page first.",
            money(missing),
            blocking(shape, blockers, absent, currency, lang)
        ),
        (Refusal::TooLarge { limit, .. }, Lang::ZhCn) => format!("金额太大，最多 {}。", money(limit)),
        (Refusal::TooLarge { limit, .. }, Lang::En) => {
            format!("The amount is too large: at most {}.", money(limit))
        }
        (Refusal::Negative { .. }, Lang::ZhCn) => "目标不能小于 0。".to_owned(),
        (Refusal::Negative { .. }, Lang::En) => "A target is not below 0.".to_owned(),
        (Refusal::Locked { node, amount, .. }, Lang::ZhCn) => {
            format!("“{}”锁定在 {}，请先解锁。", name(node), money(amount))
        }
        (Refusal::Locked { node, amount, .. }, Lang::En) => {
            format!(
                "\"{}\" is locked at {}: unlock it first.",
                name(node),
                money(amount)
            )
        }
        (Refusal::BelowFloor { node, floor, .. }, Lang::ZhCn) => {
            format!("“{}”不能低于下限 {}。", name(node), money(floor))
        }
        (Refusal::BelowFloor { node, floor, .. }, Lang::En) => {
            format!(
                "\"{}\" does not go below its floor of {}.",
                name(node),
                money(floor)
            )
        }
        (Refusal::AboveCap { node, period, .. }, Lang::ZhCn) if absent.holds(*node, *period) => {
            format!("“{}”在这段时间不在岗，不能承担数字。", name(node))
        }
        (Refusal::AboveCap { node, period, .. }, Lang::En) if absent.holds(*node, *period) => {
            format!(
                "\"{}\" is not there in that time and carries no number.",
                name(node)
            )
        }
        (Refusal::AboveCap { node, cap, .. }, Lang::ZhCn) => {
            format!("“{}”不能高于上限 {}。", name(node), money(cap))
        }
        (Refusal::AboveCap { node, cap, .. }, Lang::En) => {
            format!("\"{}\" does not go above its cap of {}.", name(node), money(cap))
        }
        (
            Refusal::OutsideBound {
                node, amount, bound, ..
            },
            Lang::ZhCn,
        ) => format!(
            "“{}”现在是 {}，在 {} 之外。请先改目标，再设上下限。",
            name(node),
            money(amount),
            money(bound)
        ),
        (
            Refusal::OutsideBound {
                node, amount, bound, ..
            },
            Lang::En,
        ) => format!(
            "\"{}\" has {} now, outside of {}: change the target first, then the bound.",
            name(node),
            money(amount),
            money(bound)
        ),
        (Refusal::Crossed { node, floor, cap, .. }, Lang::ZhCn) => format!(
            "“{}”的下限 {} 会高于上限 {}。请先改动或取消另一个。",
            name(node),
            money(floor),
            money(cap)
        ),
        (Refusal::Crossed { node, floor, cap, .. }, Lang::En) => format!(
            "\"{}\" would have a floor of {} over a cap of {}: change or remove the other one first.",
            name(node),
            money(floor),
            money(cap)
        ),
        (Refusal::NoChildren { node }, Lang::ZhCn) => format!(
            "“{}”下面没有人，无法再往下分解。要有人来分担，请在“人员变动”里加人，或新建计划。",
            name(node)
        ),
        (Refusal::NoChildren { node }, Lang::En) => format!(
            "Nobody stands below \"{}\", so nothing can be split there: who is to carry a part joins under Staff changes, or in a new plan.",
            name(node)
        ),
        (
            Refusal::Hedge {
                node, hedge, limit, ..
            },
            Lang::ZhCn,
        ) => format!(
            "“{}”的上浮会变成 {}，按组织设定的上限只允许 0 到 {}。",
            name(node),
            money(hedge),
            money(limit)
        ),
        (
            Refusal::Hedge {
                node, hedge, limit, ..
            },
            Lang::En,
        ) => format!(
            "The hedge of \"{}\" would become {}; by the bound of the organization 0 to {} is allowed.",
            name(node),
            money(hedge),
            money(limit)
        ),
        (Refusal::SameLine { from, to }, Lang::ZhCn) => {
            format!("“{}”和“{}”是上下级，不能互相转移。", name(from), name(to))
        }
        (Refusal::SameLine { from, to }, Lang::En) => format!(
            "\"{}\" and \"{}\" lie on one line; nothing can be moved between them.",
            name(from),
            name(to)
        ),
        (_, Lang::ZhCn) => "这个数在现有的分解里放不下。请到“分解”里查看原因。".to_owned(),
        (_, Lang::En) => "This number does not fit the present split. See why on the Split page.".to_owned(),
    }
}

fn blocking(shape: &Shape, blockers: &[Blocker], absent: &Absent, currency: &Currency, lang: Lang) -> String {
    let mut parts: Vec<String> = blockers
        .iter()
        .take(NAMED)
        .map(|blocker| {
            let called = |node: NodeIndex| if shape.has(node) { shape.name(node) } else { "" };
            let name = called(blocker.node);
            let unit = Some(blocker.node).filter(|node| shape.has(*node));
            let unit = unit.and_then(|node| shape.parent(node)).map_or("", called);
            let amount = format::currency(blocker.amount, currency);
            let is_absent = absent.holds(blocker.node, blocker.period);
            match (&blocker.cause, lang) {
                (Cause::Lock { .. }, Lang::ZhCn) => format!("“{name}”锁定在 {amount}"),
                (Cause::Lock { .. }, Lang::En) => format!("\"{name}\" is locked at {amount}"),
                (Cause::Floor, Lang::ZhCn) => format!("“{name}”有下限 {amount}"),
                (Cause::Floor, Lang::En) => format!("\"{name}\" has a floor of {amount}"),
                // That nobody is there is no bound to be widened.
                (Cause::Cap, Lang::ZhCn) if is_absent => {
                    format!("“{unit}”的“{name}”在这段时间不在岗（尚未入职、已离开或部门已合并）")
                }
                (Cause::Cap, Lang::En) if is_absent => format!(
                    "\"{name}\" in \"{unit}\" is not there in that time (not joined yet, left, or the unit was merged)"
                ),
                (Cause::Cap, Lang::ZhCn) => format!("“{name}”有上限 {amount}"),
                (Cause::Cap, Lang::En) => format!("\"{name}\" has a cap of {amount}"),
                (_, Lang::ZhCn) => format!("“{name}”不能再变"),
                (_, Lang::En) => format!("\"{name}\" cannot give way"),
            }
        })
        .collect();
    if blockers.len() > NAMED {
        parts.push("…".to_owned());
    }
    parts.join(lang.pick("，", ", "))
}
