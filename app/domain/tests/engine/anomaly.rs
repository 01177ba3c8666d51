//! `domain::anomaly`.
#![expect(clippy::unwrap_used, reason = "a test ends where its set-up fails")]
#![expect(clippy::disallowed_methods, reason = "made data are statistics too")]

#[path = "anomaly/laws.rs"]
mod laws;
#[path = "anomaly/orders.rs"]
mod orders;
#[path = "anomaly/process.rs"]
mod process;
#[path = "anomaly/series.rs"]
mod series;

use domain::anomaly::{Finding, Measure, Order, Scan, Series, Settings};
use domain::calendar::{Day, Month, Period, PeriodKind, WorkingDays};
use domain::money::Fact;

fn months(count: usize) -> Vec<Period> {
    (0..count)
        .map(|place| {
            let month = Month::new(2015, 1).unwrap().plus(place as i32);
            Period {
                kind: PeriodKind::Month,
                name: month.to_string(),
                start: month.first_day(),
                end: month.end(),
            }
        })
        .collect()
}

fn whole(key: &str, measure: Measure, values: Vec<i64>) -> Series {
    let periods = months(values.len().max(1));
    Series {
        key: key.to_owned(),
        measure,
        values,
        first: periods[0].start,
        last: periods.last().unwrap().last_day(),
    }
}

fn scan(periods: &[Period], all: &[Series]) -> Vec<Finding> {
    let working = WorkingDays::weekdays();
    let scan = Scan {
        periods,
        season: 12,
        judged: 12,
        working: &working,
    };
    domain::anomaly::series(&scan, all, &Settings::default()).unwrap()
}

fn kinds(findings: &[Finding]) -> Vec<(&'static str, &str)> {
    findings
        .iter()
        .map(|finding| (finding.evidence.as_str(), finding.records[0].as_str()))
        .collect()
}

fn order(key: &str, day: i32, amount: i64, product: &str, customer: &str) -> Order {
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Order {
        key: key.to_owned(),
        day: Day(day),
        amount: Fact(amount),
        product: text(product),
        customer: text(customer),
        reference: None,
    }
}
