//! Numbers, money and percentages.

use crate::format::{Lang, NONE};
use crate::money::{Currency, FACT_SCALE, Fact, Minor};

/// The unit a column of money is written in; named once in its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scale {
    /// Currency units.
    One,
    /// Thousands, `K`.
    Thousand,
    /// Ten-thousands, 万.
    Wan,
    /// Millions, `M`.
    Million,
    /// Hundred millions, 亿.
    Yi,
    /// Thousand millions, `B`.
    Billion,
}

impl Scale {
    /// Currency units in one of this scale.
    pub fn units(self) -> i64 {
        match self {
            Self::One => 1,
            Self::Thousand => 1_000,
            Self::Wan => 10_000,
            Self::Million => 1_000_000,
            Self::Yi => 100_000_000,
            Self::Billion => 1_000_000_000,
        }
    }

    /// `万`, `亿`, `K`, `M`, `B`; empty for units.
    pub fn label(self) -> &'static str {
        match self {
            Self::One => "",
            Self::Thousand => "K",
            Self::Wan => "万",
            Self::Million => "M",
            Self::Yi => "亿",
            Self::Billion => "B",
        }
    }

    /// What the numbers of a column are of, as its header says it: `万 CNY`, or the currency alone.
    pub fn unit(self, currency: &Currency) -> String {
        match self.label() {
            "" => currency.code.clone(),
            label => format!("{label} {}", currency.code),
        }
    }

    /// The scale of the plan grid: 万 in Chinese, thousands in English.
    pub fn grid(lang: Lang) -> Self {
        lang.pick(Self::Wan, Self::Thousand)
    }

    /// Decimals of an amount in this scale; units have those of their currency. The larger a scale, the more: else small rows
    /// beside a large one read alike.
    fn decimals(self) -> usize {
        match self {
            Self::One => 0,
            Self::Thousand | Self::Wan => 1,
            Self::Million | Self::Yi | Self::Billion => 2,
        }
    }

    /// The scale of a plan from its total down to a month of one person: one step finer in English than that of a column, as a
    /// million is a hundred times 万.
    pub fn sheet(largest: Minor, currency: &Currency, lang: Lang) -> Self {
        let units = largest.0.unsigned_abs() / currency.minor_per_unit().unsigned_abs();
        match lang {
            Lang::En if (100_000..1_000_000_000).contains(&units) => Self::Thousand,
            Lang::En if (1_000_000_000..1_000_000_000_000).contains(&units) => Self::Million,
            Lang::ZhCn | Lang::En => Self::column(largest, currency, lang),
        }
    }

    /// One scale for a whole column, so that its largest amount keeps at most four digits before the point where the
    /// language has a word for that.
    pub fn column(largest: Minor, currency: &Currency, lang: Lang) -> Self {
        let units = largest.0.unsigned_abs() / currency.minor_per_unit().unsigned_abs();
        match lang {
            Lang::ZhCn if units >= 1_000_000_000_000 => Self::Yi,
            Lang::ZhCn if units >= 100_000 => Self::Wan,
            Lang::En if units >= 10_000_000_000 => Self::Billion,
            Lang::En if units >= 10_000_000 => Self::Million,
            Lang::En if units >= 100_000 => Self::Thousand,
            Lang::ZhCn | Lang::En => Self::One,
        }
    }
}

/// `1,234,567`.
pub fn integer(value: i64) -> String {
    fixed(i128::from(value), 1, 0)
}

/// A number of things: `1,234 笔` is written by the caller, this is the number.
pub fn count(value: u64) -> String {
    fixed(i128::from(value), 1, 0)
}

/// `1 row`, `1,234 rows`, `1,234 行`.
pub fn rows(value: u64, lang: Lang) -> String {
    let number = count(value);
    match (lang, value) {
        (Lang::ZhCn, _) => format!("{number} 行"),
        (Lang::En, 1) => format!("{number} row"),
        (Lang::En, _) => format!("{number} rows"),
    }
}

/// The whole amount with all its decimals and without a currency: `1,234,567.00`.
pub fn full(amount: Minor, currency: &Currency) -> String {
    fixed(
        i128::from(amount.0),
        i128::from(currency.minor_per_unit()),
        usize::from(currency.decimals.min(4)),
    )
}

/// The whole amount with its currency sign: `¥1,234.50`, `−$12.00`, `CHF 1,000.00`.
pub fn currency(amount: Minor, currency: &Currency) -> String {
    let text = full(amount, currency);
    let symbol = symbol(currency);
    match text.strip_prefix('−') {
        Some(rest) => format!("−{symbol}{rest}"),
        None => format!("{symbol}{text}"),
    }
}

/// The whole amount in the words of the language: `1,234.50 元`, `¥1,234.50`; other currencies by their sign in both.
pub fn currency_words(amount: Minor, money: &Currency, lang: Lang) -> String {
    match (lang, money.code.as_str()) {
        (Lang::ZhCn, "CNY") => format!("{} 元", full(amount, money)),
        _ => currency(amount, money),
    }
}

/// An amount unmistakably: whole, and in the scale of the column it stands in: `400.00 元 · 0.04 万`, `¥400.00 · 0.40 K`.
pub fn spelled(amount: Minor, currency: &Currency, scale: Scale, lang: Lang) -> String {
    let whole = currency_words(amount, currency, lang);
    if scale == Scale::One {
        return whole;
    }
    let divisor = i128::from(scale.units()) * i128::from(currency.minor_per_unit());
    let scaled = fixed(i128::from(amount.0), divisor, 2);
    format!("{whole} · {scaled} {}", scale.label())
}

/// The sign written before an amount; a code is followed by a space.
pub fn symbol(currency: &Currency) -> String {
    match currency.code.as_str() {
        "CNY" | "JPY" => "¥".to_owned(),
        "USD" => "$".to_owned(),
        "EUR" => "€".to_owned(),
        "GBP" => "£".to_owned(),
        "HKD" => "HK$".to_owned(),
        "KRW" => "₩".to_owned(),
        "INR" => "₹".to_owned(),
        code => format!("{code} "),
    }
}

/// A fact with up to four decimals, trailing zeros dropped but at least the currency's decimals kept.
pub fn fact(amount: Fact, currency: &Currency) -> String {
    let text = fixed(i128::from(amount.0), i128::from(FACT_SCALE), 4);
    let least = usize::from(currency.decimals.min(4));
    let mut end = text.len();
    for _ in least..4 {
        if text.as_bytes().get(end - 1) == Some(&b'0') {
            end -= 1;
        } else {
            break;
        }
    }
    text[..end].trim_end_matches('.').to_owned()
}

/// A single amount, short, in the words of the language: `9,876.5`, `123.46 万`, `1,234.5 万`, `1.2 亿`; `98.5K`, `1.23M`,
/// `2.4B`. Rounded half away from zero, zeros at the end dropped; the full value belongs into the title attribute.
pub fn compact(amount: Minor, currency: &Currency, lang: Lang) -> String {
    let scales: &[(Scale, usize)] = match lang {
        Lang::ZhCn => &[(Scale::One, 2), (Scale::Wan, 2), (Scale::Yi, 2)],
        Lang::En => &[
            (Scale::One, 2),
            (Scale::Thousand, 1),
            (Scale::Million, 2),
            (Scale::Billion, 2),
        ],
    };
    let size = i128::from(amount.0.unsigned_abs());
    let per_unit = i128::from(currency.minor_per_unit());
    let mut chosen = scales[0];
    for (index, &(scale, decimals)) in scales.iter().enumerate() {
        // A scale is left as soon as rounding at its precision reaches the next one: 99,999,999 is 1 亿.
        let divisor = i128::from(scale.units()) * per_unit;
        let rounded = round_div(size * 10_i128.pow(decimals as u32), divisor);
        chosen = (scale, decimals);
        let next = scales
            .get(index + 1)
            .map(|(next, _)| i128::from(next.units() / scale.units()));
        if next.is_none_or(|next| rounded < next * 10_i128.pow(decimals as u32)) {
            break;
        }
    }
    let (scale, mut decimals) = chosen;
    let divisor = i128::from(scale.units()) * per_unit;
    if scale == Scale::One {
        decimals = usize::from(currency.decimals.min(2));
    } else if size / divisor >= 1_000 {
        decimals = 1;
    }
    let text = trim_zeros(fixed(i128::from(amount.0), divisor, decimals));
    match (scale, lang) {
        (Scale::One, _) => text,
        (scale, Lang::ZhCn) => format!("{text} {}", scale.label()),
        (scale, Lang::En) => format!("{text}{}", scale.label()),
    }
}

/// A cell of the plan grid: 万 (thousands in English) with one decimal, without the unit: `2,350.0`.
pub fn money_cell(amount: Minor, currency: &Currency, lang: Lang) -> String {
    money_column(amount, currency, Scale::grid(lang))
}

/// A cell of a column written in one scale: one decimal, from millions and 亿 on two, units with the currency's decimals.
pub fn money_column(amount: Minor, currency: &Currency, scale: Scale) -> String {
    if scale == Scale::One {
        return full(amount, currency);
    }
    let divisor = i128::from(scale.units()) * i128::from(currency.minor_per_unit());
    fixed(i128::from(amount.0), divisor, scale.decimals())
}

/// A change with its sign, in the scale of its column: `+38.0`, `−130.0`, `0.0`.
pub fn change(amount: Minor, currency: &Currency, scale: Scale) -> String {
    with_sign(money_column(amount, currency, scale))
}

/// A ratio as a percentage with one digit: 0.839 → `83.9 %`. What is no number is `—`.
pub fn percent(ratio: f64) -> String {
    if !ratio.is_finite() || ratio.abs() >= 1e12 {
        return NONE.to_owned();
    }
    // Rounded half away from zero on thousandths; the nudge makes 0.8395 (stored as 0.83949999…) what people expect.
    let thousandths = (ratio * 1_000.0 + 1e-9_f64.copysign(ratio)).round();
    format!("{} %", fixed(thousandths as i128, 10, 1))
}

/// The chance of what is to come: nothing of it is certain, so the ends are `<0.1 %` and `>99.9 %`. What is no number is `—`.
pub fn chance(ratio: f64) -> String {
    if ratio < 0.000_5 {
        "<0.1 %".to_owned()
    } else if ratio >= 0.999_5 {
        ">99.9 %".to_owned()
    } else {
        percent(ratio)
    }
}

/// A ratio that may be missing.
pub fn ratio_percent(ratio: Option<f64>) -> String {
    ratio.map_or_else(|| NONE.to_owned(), percent)
}

/// A change as a percentage with its sign: `+2.3 %`, `−0.5 %`, `0.0 %`.
pub fn percent_change(ratio: f64) -> String {
    with_sign(percent(ratio))
}

/// Words with a note behind them, in the brackets of the language: `华北大区（陈嘉明）`, `North (Chen)`.
pub fn noted(words: &str, note: &str, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("{words}（{note}）"),
        Lang::En => format!("{words} ({note})"),
    }
}

/// Puts a plus before what is neither zero nor already signed.
fn with_sign(text: String) -> String {
    let positive = text.starts_with(|first: char| first.is_ascii_digit())
        && text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
    if positive { format!("+{text}") } else { text }
}

/// `1.50` → `1.5`, `3.00` → `3`.
fn trim_zeros(text: String) -> String {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// Division rounded half away from zero; the divisor is positive.
fn round_div(value: i128, divisor: i128) -> i128 {
    let half = divisor / 2;
    if value >= 0 {
        (value + half) / divisor
    } else {
        (value - half) / divisor
    }
}

/// `value / divisor` with that many decimals and thousands separators.
fn fixed(value: i128, divisor: i128, decimals: usize) -> String {
    let power = 10_i128.pow(decimals as u32);
    let rounded = round_div(value * power, divisor);
    let size = rounded.unsigned_abs();
    let power = power.unsigned_abs();
    let whole = (size / power).to_string();
    let mut text = String::with_capacity(whole.len() * 4 / 3 + decimals + 4);
    if rounded < 0 {
        text.push('−');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if decimals > 0 {
        text.push('.');
        let part = (size % power).to_string();
        text.extend(std::iter::repeat_n('0', decimals.saturating_sub(part.len())));
        text.push_str(&part);
    }
    text
}

#[cfg(test)]
#[path = "amount_tests.rs"]
mod tests;
