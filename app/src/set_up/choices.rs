//! What is offered at the first run.

use crate::ui::Choice;
use crate::words::{Locale, is_chinese, td_string};

/// Time zones offered at the first run.
pub(super) const ZONES: [&str; 12] = [
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "UTC",
];

/// The months a fiscal year may start in.
pub(super) fn months(locale: Locale) -> Vec<Choice> {
    const EN: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    (1..=12_usize)
        .zip(EN)
        .map(|(month, en)| {
            let label = if is_chinese(locale) {
                format!("{month} 月")
            } else {
                en.to_owned()
            };
            Choice::new(month.to_string(), label)
        })
        .collect()
}

/// Currencies offered at the first run.
pub(super) fn currencies(locale: Locale) -> Vec<Choice> {
    [
        ("CNY", td_string!(locale, door.currency_cny)),
        ("USD", td_string!(locale, door.currency_usd)),
        ("EUR", td_string!(locale, door.currency_eur)),
        ("HKD", td_string!(locale, door.currency_hkd)),
        ("SGD", td_string!(locale, door.currency_sgd)),
        ("JPY", td_string!(locale, door.currency_jpy)),
        ("GBP", td_string!(locale, door.currency_gbp)),
    ]
    .into_iter()
    .map(|(code, name)| Choice::new(code, format!("{code} {name}")))
    .collect()
}
