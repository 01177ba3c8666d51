//! The formatters a chart option may name, in the words of `domain::format`.

use domain::calendar::{Day, Month};
use domain::format::{self, Lang};
use domain::money::{Currency, Minor};

/// The text of a value under a formatter's name:
/// `money` and `money-full` of minor units, `percent` of a ratio, `count` of a number, `date` and `date-short` of a day
/// (`2018-02-15` or its number), `month` and `month-short` of a month (`2018-02` or its number).
/// An unknown name, or a value that does not fit, stays as it is.
///
/// `number` is the value as a number, as JavaScript reads it: reading one here would bring its tables into the program.
#[cfg_attr(
    not(any(feature = "hydrate", test)),
    expect(dead_code, reason = "charts are drawn in the browser only")
)]
pub(super) fn formatted(
    name: &str,
    value: &str,
    number: f64,
    currency: Option<&Currency>,
    lang: Lang,
) -> String {
    let number = || number.is_finite().then_some(number);
    let whole = || number().map(|number| number.round() as i64);
    let day = || Day::parse_iso(value).or_else(|| whole().map(|day| Day(day as i32)));
    let month = || Month::parse(value).or_else(|| whole().map(|month| Month(month as i32)));
    let text = match name {
        "money" => whole()
            .zip(currency)
            .map(|(minor, currency)| format::compact(Minor(minor), currency, lang)),
        "money-full" => whole()
            .zip(currency)
            .map(|(minor, currency)| format::full(Minor(minor), currency)),
        "percent" => number().map(format::percent),
        "count" => whole().map(format::integer),
        "date" => day().map(|day| format::date(day, lang)),
        "date-short" => day().map(|day| format::date_short(day, lang)),
        "month" => month().map(|month| format::month(month, lang)),
        "month-short" => month().map(|month| format::month_short(month, lang)),
        _ => None,
    };
    text.unwrap_or_else(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_formatter_writes_what_the_tables_write() {
        let yuan = Currency::from_code("CNY").unwrap();
        let write = |name, value: &str, lang| {
            formatted(name, value, value.parse().unwrap_or(f64::NAN), Some(&yuan), lang)
        };
        assert_eq!(
            write("money", "123456700", Lang::ZhCn),
            format::compact(Minor(123_456_700), &yuan, Lang::ZhCn)
        );
        assert_eq!(write("percent", "0.839", Lang::En), format::percent(0.839));
        assert_eq!(write("month", "2018-02", Lang::En), "Feb 2018");
        assert_eq!(write("date", "2018-02-15", Lang::ZhCn), "2018-02-15");
        assert_eq!(write("date", "0", Lang::ZhCn), "1970-01-01");
    }

    #[test]
    fn what_does_not_fit_stays_as_it_is() {
        assert_eq!(formatted("money", "12", 12.0, None, Lang::En), "12");
        assert_eq!(formatted("money", "-", f64::NAN, None, Lang::En), "-");
        assert_eq!(formatted("nonsense", "x", f64::NAN, None, Lang::En), "x");
    }
}
