use super::*;

fn cny() -> Currency {
    Currency::from_code("CNY").unwrap()
}

#[test]
fn one_row_is_not_rows() {
    let said = |value| (rows(value, Lang::En), rows(value, Lang::ZhCn));
    assert_eq!(said(1), ("1 row".to_owned(), "1 行".to_owned()));
    assert_eq!(said(0), ("0 rows".to_owned(), "0 行".to_owned()));
    assert_eq!(said(1_234), ("1,234 rows".to_owned(), "1,234 行".to_owned()));
}

#[test]
fn amounts_are_written_in_full() {
    assert_eq!(integer(-1_234_567), "−1,234,567");
    assert_eq!(integer(i64::MIN), "−9,223,372,036,854,775,808");
    assert_eq!(full(Minor(123_456_700), &cny()), "1,234,567.00");
    assert_eq!(full(Minor(5), &Currency::from_code("JPY").unwrap()), "5");
    assert_eq!(currency(Minor(-1_250), &cny()), "−¥12.50");
    assert_eq!(
        currency(Minor(100_000), &Currency::from_code("CHF").unwrap()),
        "CHF 1,000.00"
    );
    assert_eq!(fact(Fact(12_345_678), &cny()), "1,234.5678");
    assert_eq!(fact(Fact(12_345_000), &cny()), "1,234.50");
    assert_eq!(fact(Fact(50_000), &Currency::from_code("JPY").unwrap()), "5");
}

#[test]
fn compact_amounts_use_the_words_of_the_language() {
    let zh = |units: i64| compact(Minor(units * 100), &cny(), Lang::ZhCn);
    let en = |units: i64| compact(Minor(units * 100), &cny(), Lang::En);
    for (units, in_zh, in_en) in [
        (0, "0", "0"),
        (9_876, "9,876", "9.9K"),
        (12_345_000, "1,234.5 万", "12.35M"),
        (1_234_567, "123.46 万", "1.23M"),
        (32_000_000, "3,200 万", "32M"),
        (99_999_999, "1 亿", "100M"),
        (123_456_789, "1.23 亿", "123.46M"),
        (-2_400_000_000, "−24 亿", "−2.4B"),
        (999_999, "100 万", "1M"),
        (10_005_534, "1,000.6 万", "10.01M"),
    ] {
        assert_eq!(zh(units), in_zh);
        assert_eq!(en(units), in_en);
    }
    assert_eq!(compact(Minor(98_765), &cny(), Lang::ZhCn), "987.65");
}

#[test]
fn columns_keep_one_precision() {
    assert_eq!(money_cell(Minor(2_350_000_000), &cny(), Lang::ZhCn), "2,350.0");
    assert_eq!(money_cell(Minor(2_350_000_000), &cny(), Lang::En), "23,500.0");
    assert_eq!(change(Minor(-130_000_000), &cny(), Scale::Wan), "−130.0");
    assert_eq!(change(Minor(38_000_000), &cny(), Scale::Wan), "+38.0");
    assert_eq!(change(Minor(1), &cny(), Scale::Wan), "0.0");
    assert_eq!(
        Scale::column(Minor(7_800_000_000), &cny(), Lang::ZhCn),
        Scale::Wan
    );
    assert_eq!(Scale::column(Minor(9_999), &cny(), Lang::En), Scale::One);
}

#[test]
fn small_rows_of_large_plans_differ() {
    let plan = Minor(6_800_000_000);
    assert_eq!(Scale::sheet(plan, &cny(), Lang::ZhCn), Scale::Wan);
    assert_eq!(Scale::sheet(plan, &cny(), Lang::En), Scale::Thousand);
    assert_eq!(Scale::sheet(Minor(9_999), &cny(), Lang::En), Scale::One);
    assert_eq!(
        Scale::sheet(Minor(100_000_000_000), &cny(), Lang::En),
        Scale::Million
    );
    assert_eq!(
        Scale::sheet(Minor(100_000_000_000_000), &cny(), Lang::En),
        Scale::Billion
    );
    let million = |minor| money_column(Minor(minor), &cny(), Scale::Million);
    assert_eq!(million(381_000_000), "3.81");
    assert_eq!(million(384_000_000), "3.84");
    assert_eq!(change(Minor(12_000_000), &cny(), Scale::Million), "+0.12");
}

#[test]
fn what_is_typed_is_spelled_out() {
    let said = |scale, lang| spelled(Minor(40_000), &cny(), scale, lang);
    assert_eq!(said(Scale::Wan, Lang::ZhCn), "400.00 元 · 0.04 万");
    assert_eq!(said(Scale::Million, Lang::En), "¥400.00 · 0.00 M");
    assert_eq!(said(Scale::Thousand, Lang::En), "¥400.00 · 0.40 K");
    assert_eq!(said(Scale::One, Lang::En), "¥400.00");
    let dollars = Currency::from_code("USD").unwrap();
    assert_eq!(currency_words(Minor(40_000), &dollars, Lang::ZhCn), "$400.00");
}

#[test]
fn no_chance_is_certain() {
    for (ratio, said) in [
        (0.0, "<0.1 %"),
        (0.000_4, "<0.1 %"),
        (0.000_6, "0.1 %"),
        (0.5, "50.0 %"),
        (0.999, "99.9 %"),
        (0.999_6, ">99.9 %"),
        (1.0, ">99.9 %"),
        (f64::NAN, "—"),
    ] {
        assert_eq!(chance(ratio), said, "{ratio}");
    }
}

#[test]
fn notes_stand_in_the_brackets_of_the_language() {
    assert_eq!(noted("华北大区", "陈嘉明", Lang::ZhCn), "华北大区（陈嘉明）");
    assert_eq!(noted("North", "Chen", Lang::En), "North (Chen)");
}

#[test]
fn percentages_have_one_digit() {
    assert_eq!(percent(0.839), "83.9 %");
    assert_eq!(percent(0.8395), "84.0 %");
    assert_eq!(percent(1.5226), "152.3 %");
    assert_eq!(percent(-0.0001), "0.0 %");
    assert_eq!(percent(f64::NAN), "—");
    assert_eq!(ratio_percent(None), "—");
    assert_eq!(percent_change(0.023), "+2.3 %");
    assert_eq!(percent_change(-0.023), "−2.3 %");
    assert_eq!(percent_change(0.0), "0.0 %");
}
