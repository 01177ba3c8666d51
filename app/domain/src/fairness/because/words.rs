//! What the figures are called, made of and held against, in words.

use super::Figure;
use crate::fairness::Settings;
use crate::format::{self, Lang};

pub(super) fn meaning(figure: Figure, lang: Lang) -> &'static str {
    match figure {
        Figure::Reached => lang.pick(
            "在有目标的人里，预计有多大比例的人能完成自己的目标：各人达成概率的平均数。",
            "Of the people with a target, the share who can be expected to reach it: the mean of their chances.",
        ),
        Figure::Whole => lang.pick(
            "所有人加起来完成整体目标的可能性。整体是最上一级的数，减去不参与判断的人承担的部分。",
            "How likely all people together bring the whole: the number at the top, less what those carry who are not judged.",
        ),
        Figure::Stretch => lang.pick(
            "全部目标之和是全部预期之和的多少：100 % 表示要求的正好是预期能做到的。",
            "All targets against all that is expected: at 100 % just what can be expected is asked for.",
        ),
        Figure::Gini => lang.pick(
            "每个人的压力（目标 ÷ 预期）彼此相差多少：0 表示人人一样，越大越不均。",
            "How far people's stretch (target ÷ expected) differs from one to another: 0 where all are alike, more the less even.",
        ),
        Figure::Ratio => lang.pick(
            "压力最大的人是压力最小的人的几倍。",
            "The highest stretch of anybody as a multiple of the lowest.",
        ),
        Figure::ChanceSd => lang.pick(
            "各人达成概率的标准差：越大，说明有人唾手可得，有人几乎无望。",
            "The standard deviation of people's chances: the larger it is, the more some have it easy and others no hope.",
        ),
        Figure::NewHires => lang.pick(
            "入职未满一年的人承担的目标占比，与对他们的预期占比相比。",
            "The part of all targets that people in their first year carry, beside their part of all that is expected.",
        ),
        Figure::PaddingLevel(_) => lang.pick(
            "这一级分给下级的合计，比自己承担的多多少。",
            "By how much what this level hands down exceeds what it carries itself.",
        ),
        Figure::Padding => lang.pick(
            "最下一级的合计比最上一级多多少：各级加码是连乘的。",
            "By how much the lowest level together exceeds the topmost: what each level adds is multiplied.",
        ),
        Figure::Correlations => lang.pick(
            "达成概率是否随人的条件而变（斯皮尔曼等级相关）。公平的目标与这些条件无关。",
            "Whether chances go with what people cannot change (Spearman's rank correlation). Fair targets go with none of it.",
        ),
    }
}

pub(super) fn formula(figure: Figure, lang: Lang) -> &'static str {
    match figure {
        Figure::Reached => lang.pick("Σ 达成概率 ÷ 人数", "Σ chances ÷ people"),
        Figure::Whole => lang.pick(
            "Φ((Σ 预期 − 整体目标) ÷ 合计的标准差)",
            "Φ((Σ expected − whole) ÷ standard deviation of the sum)",
        ),
        Figure::Stretch => lang.pick("Σ 目标 ÷ Σ 预期", "Σ targets ÷ Σ expected"),
        Figure::Gini => lang.pick(
            "Σ 任意两人压力之差 ÷ (人数 × Σ 压力)",
            "Σ differences of any two ÷ (people × Σ stretch)",
        ),
        Figure::Ratio => lang.pick("最高压力 ÷ 最低压力", "highest stretch ÷ lowest stretch"),
        Figure::ChanceSd => lang.pick(
            "√(Σ (达成概率 − 平均)² ÷ (人数 − 1))",
            "√(Σ (chance − mean)² ÷ (people − 1))",
        ),
        Figure::NewHires => lang.pick(
            "新人目标 ÷ 全部目标；新人预期 ÷ 全部预期",
            "their targets ÷ all targets; expected of them ÷ all that is expected",
        ),
        Figure::PaddingLevel(_) => lang.pick("下级合计 ÷ 本级 − 1", "level below ÷ this level − 1"),
        Figure::Padding => lang.pick("最下级合计 ÷ 最上级 − 1", "lowest level ÷ topmost level − 1"),
        Figure::Correlations => lang.pick(
            "r = 两种名次的相关系数；p = 纯属偶然的可能性；n = 人数",
            "r = correlation of the two ranks; p = the chance of it by chance alone; n = people",
        ),
    }
}

pub(super) fn rows_are(figure: Figure, lang: Lang) -> Option<&'static str> {
    Some(match figure {
        Figure::Reached => lang.pick("拉低最多的人", "Those who lower it most"),
        Figure::Whole | Figure::Stretch => lang.pick(
            "目标超出预期最多的人",
            "Those whose target is furthest beyond what is expected",
        ),
        Figure::Gini => lang.pick("与其他人相差最大的人", "Those furthest from the others"),
        Figure::Ratio => lang.pick("压力最大和最小的人", "Who is stretched furthest, and least"),
        Figure::ChanceSd => lang.pick("离平均最远的人", "Those furthest from the mean"),
        Figure::NewHires => lang.pick("目标最高的新人", "New hires with the highest targets"),
        Figure::PaddingLevel(_) | Figure::Padding => lang.pick(
            "上下差额最大的行",
            "Rows that differ most from what is below them",
        ),
        Figure::Correlations => return None,
    })
}

pub(super) fn usual(figure: Figure, settings: &Settings, lang: Lang) -> Option<String> {
    let percent = format::percent;
    Some(match figure {
        Figure::Reached => {
            let (low, high) = (percent(settings.reached_low), percent(settings.reached_high));
            lang.pick(
                format!("高低合适的范围是 {low} 至 {high}。"),
                format!("Right is from {low} to {high}."),
            )
        }
        Figure::Whole => {
            let wanted = percent(settings.chance_wanted);
            lang.pick(
                format!("希望达到的概率是 {wanted}。"),
                format!("The chance that is wanted is {wanted}."),
            )
        }
        Figure::Gini => {
            let (excellent, fair) = (percent(settings.gini_excellent), percent(settings.gini_fair));
            lang.pick(
                format!("不超过 {excellent} 为非常一致，不超过 {fair} 为基本一致。"),
                format!("Up to {excellent} is very even, up to {fair} fairly even."),
            )
        }
        Figure::ChanceSd => {
            let most = percent(settings.chance_spread);
            lang.pick(
                format!("超过 {most} 会提示相差悬殊。"),
                format!("Beyond {most} the check says that chances differ widely."),
            )
        }
        Figure::NewHires => {
            let more = percent(settings.new_hire_excess);
            lang.pick(
                format!("新人的压力比其他人高出 {more} 以上会预警。"),
                format!("It warns where new hires are stretched by more than {more} above the others."),
            )
        }
        Figure::PaddingLevel(_) => {
            let most = percent(settings.padding_level);
            lang.pick(
                format!("一级加码超过 {most} 会预警，低于 0 也会。"),
                format!("More than {most} at one level warns, and so does less than nothing."),
            )
        }
        Figure::Correlations => {
            let (strong, false_rate) = (settings.correlation_strong, percent(settings.false_rate));
            lang.pick(
                format!("|r| 不小于 {strong:.2}，并且误报率控制在 {false_rate} 以内，才会指出。"),
                format!("Pointed out from |r| = {strong:.2} on, with a false discovery rate of at most {false_rate}."),
            )
        }
        Figure::Stretch | Figure::Ratio | Figure::Padding => return None,
    })
}
