//! What a new plan asks for: its metric, total, periods and name, and why some of it cannot be had.

use domain::calendar::{Day, Fiscal, Period, PeriodKind};
use domain::metric::MetricKey;
use domain::money::Minor;
use domain::plan::MAX_AMOUNT;
use domain::target::NewPlan;

use super::state::damaged;
use crate::Error;

/// Most periods of a plan: ten years of months.
const MOST_PERIODS: usize = 120;

/// A metric that can be planned.
pub(super) fn metric(key: &str) -> Result<MetricKey, Error> {
    MetricKey::parse(key).map_err(|error| {
        Error::invalid_field(
            "unknown_metric",
            "metric",
            format!("没有指标“{key}”。"),
            error.to_string(),
        )
    })
}

/// A total that a plan can hold.
pub(crate) fn total(total: Minor) -> Result<(), Error> {
    if (1..=MAX_AMOUNT).contains(&total.0) {
        return Ok(());
    }
    Err(Error::invalid_field(
        "bad_total",
        "total",
        "目标须大于 0，且不超过 10 万亿。",
        "A target is more than 0 and at most 10 trillion.",
    ))
}

/// The columns: whole fiscal periods that cover the days exactly.
pub(super) fn periods(fiscal: Fiscal, new: &NewPlan) -> Result<Vec<Period>, Error> {
    if !matches!(new.period_kind, PeriodKind::Month | PeriodKind::Quarter) {
        return Err(Error::invalid_field(
            "bad_period_kind",
            "period_kind",
            "计划的周期为月或季。",
            "A plan's periods are months or quarters.",
        ));
    }
    let within = |day: Day| (Day(0)..Day(84_006)).contains(&day);
    if !within(new.from) || !within(new.to) || new.from >= new.to {
        return Err(Error::invalid_field(
            "bad_span",
            "from",
            "计划的结束日须晚于开始日，且在 1970 年到 2199 年之间。",
            "A plan ends after it starts, between 1970 and 2199.",
        ));
    }
    let periods = fiscal.periods(new.period_kind, new.from, new.to);
    let (Some(first), Some(last)) = (periods.first(), periods.last()) else {
        return Err(damaged("a span without periods"));
    };
    if first.start != new.from || last.end != new.to {
        return Err(Error::invalid_field(
            "span_cuts_a_period",
            if first.start == new.from { "to" } else { "from" },
            format!(
                "计划须由完整的周期组成：可用 {} 至 {}（不含）。",
                first.start, last.end
            ),
            format!(
                "A plan consists of whole periods: use {} to {} (exclusive).",
                first.start, last.end
            ),
        ));
    }
    if periods.len() > MOST_PERIODS {
        return Err(Error::invalid_field(
            "too_many_periods",
            "to",
            format!("一个计划最多 {MOST_PERIODS} 个周期。"),
            format!("A plan has at most {MOST_PERIODS} periods."),
        ));
    }
    Ok(periods)
}

/// What a plan is called where nobody says: `2018-Q1`, or `2018-01 – 2018-03`.
pub(super) fn named(periods: &[Period]) -> String {
    match periods {
        [only] => only.name.clone(),
        [first, .., last] => format!("{} – {}", first.name, last.name),
        [] => String::new(),
    }
}

/// A name that somebody chose: two plans of one name cannot be told apart.
pub(super) fn own_name(name: String, taken: impl Fn(&str) -> bool) -> Result<String, Error> {
    if !taken(&name) {
        return Ok(name);
    }
    Err(Error::invalid_field(
        "name_taken",
        "name",
        format!("已有名为“{name}”的计划。请另起一个名称；若想比较几种方案，可在那个计划里新建情景。"),
        format!(
            "There is a plan named “{name}” already. Choose another name, or make a scenario of that plan to compare alternatives."
        ),
    ))
}

/// The name as it is, or with a number where it is taken.
pub(super) fn free_name(name: &str, taken: impl Fn(&str) -> bool) -> String {
    if !taken(name) {
        return name.to_owned();
    }
    (2_u32..10_000)
        .map(|number| format!("{name} ({number})"))
        .find(|name| !taken(name))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_plans_of_one_period_can_be_told_apart() {
        let taken = |name: &str| ["2018-Q1", "2018-Q1 (2)"].contains(&name);
        assert_eq!(free_name("2018-Q2", taken), "2018-Q2");
        assert_eq!(free_name("2018-Q1", taken), "2018-Q1 (3)");
        assert_eq!(own_name("Growth".to_owned(), taken).unwrap(), "Growth");
        let refused = own_name("2018-Q1".to_owned(), taken).unwrap_err();
        assert!(format!("{refused:?}").contains("name_taken"), "{refused:?}");
    }
}
