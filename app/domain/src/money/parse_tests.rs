use super::*;

fn fact(text: &str) -> Result<i64, AmountError> {
    parse_fact(text, AmountStyle::default()).map(|fact| fact.0)
}

#[test]
fn amounts_as_people_write_them() {
    for (text, expected) in [
        ("0", 0),
        ("1054", 10_540_000),
        ("-12.5", -125_000),
        ("1,234.5", 12_345_000),
        ("1 234.5", 12_345_000),
        ("1\u{a0}234.5", 12_345_000),
        ("1'234.5", 12_345_000),
        ("１，２３４．５", 12_345_000),
        ("￥1,234.5", 12_345_000),
        ("¥ 1,234.5", 12_345_000),
        ("$-5", -50_000),
        ("-$5", -50_000),
        ("CNY 5", 50_000),
        ("5 usd", 50_000),
        ("(5.25)", -52_500),
        ("（5.25）", -52_500),
        ("(¥5.25)", -52_500),
        ("5-", -50_000),
        ("−5", -50_000),
        ("+5", 50_000),
        ("3.5万元", 350_000_000),
        ("3.5 万", 350_000_000),
        ("1.2亿", 1_200_000_000_000),
        ("12元", 120_000),
        ("1.5K", 15_000_000),
        ("2M", 20_000_000_000),
        (".5", 5_000),
        ("5.", 50_000),
        ("1.5E+05", 1_500_000_000),
        ("2e-3", 20),
        ("0.00005", 1),
        ("-0.00005", -1),
        ("0.00004999999999999999999999999", 0),
        ("2024.9940000000001", 20_249_940),
        ("1000000000000", 10_000_000_000_000_000),
        ("人民币 100 元", 1_000_000),
    ] {
        assert_eq!(fact(text), Ok(expected), "{text}");
    }
}

#[test]
fn currencies_are_never_added_unconverted() {
    let read = |text, code| parse_fact(text, AmountStyle::default().in_currency(code)).map(|fact| fact.0);
    for (text, code) in [
        ("5", "CNY"),
        ("¥5", "CNY"),
        ("￥5", "JPY"),
        ("CN¥5", "CNY"),
        ("RMB 5", "CNY"),
        ("5 cny", "CNY"),
        ("人民币5元", "CNY"),
        ("5元", "HKD"),
        ("HK$5", "HKD"),
        ("$5", "HKD"),
        ("US$5", "USD"),
        ("€5", "EUR"),
        ("5 EUR", "EUR"),
    ] {
        assert_eq!(read(text, code), Ok(50_000), "{text} where {code} is counted");
    }
    for (text, code, written) in [
        ("$5", "CNY", "$"),
        ("€5", "CNY", "€"),
        ("(£5)", "CNY", "£"),
        ("USD 5", "CNY", "USD"),
        ("5 usd", "CNY", "USD"),
        ("US$5", "HKD", "US$"),
        ("CN¥5", "JPY", "CN¥"),
        ("¥5", "USD", "¥"),
        ("RMB5", "USD", "RMB"),
    ] {
        let expected = AmountError::Currency {
            written: written.to_owned(),
            expected: code.to_owned(),
        };
        assert_eq!(read(text, code), Err(expected), "{text} where {code} is counted");
    }
    let refused = read("$5", "CNY").unwrap_err();
    assert!(refused.words(Lang::ZhCn).contains("CNY") && refused.words(Lang::En).contains("CNY"));
}

#[test]
fn the_comma_is_the_mark_when_the_column_says_so() {
    let style = AmountStyle {
        mark: DecimalMark::Comma,
        ..AmountStyle::default()
    };
    let read = |text| parse_fact(text, style).map(|fact| fact.0);
    assert_eq!(read("1.234,56"), Ok(12_345_600));
    assert_eq!(read("1.234"), Ok(12_340_000));
    assert_eq!(read("0,5"), Ok(5_000));
    assert_eq!(
        read("1,234.56"),
        Err(AmountError::Marks {
            reading: "1234.56".into()
        })
    );
    assert_eq!(
        fact("1.234,56"),
        Err(AmountError::Marks {
            reading: "1234.56".into()
        })
    );
}

#[test]
fn the_unit_of_the_column_yields_to_a_word() {
    let style = AmountStyle {
        unit: 1_000,
        ..AmountStyle::default()
    };
    let read = |text| parse_fact(text, style).map(|fact| fact.0);
    assert_eq!(read("200"), Ok(2_000_000_000));
    assert_eq!(read("2.5"), Ok(25_000_000));
    assert_eq!(read("2万"), Ok(200_000_000));
    assert_eq!(read("2元"), Ok(20_000));
}

#[test]
fn what_is_no_amount_is_refused_by_kind() {
    for (text, error) in [
        ("", AmountError::Empty),
        ("  ", AmountError::Empty),
        ("abc", AmountError::NotANumber),
        ("1,23", AmountError::Grouping),
        ("1234,567", AmountError::Grouping),
        ("1,,234", AmountError::Grouping),
        ("1.2.3", AmountError::Grouping),
        ("12%", AmountError::Percentage),
        ("１２％", AmountError::Percentage),
        ("--5", AmountError::NotANumber),
        ("(-5)", AmountError::NotANumber),
        ("¥", AmountError::NotANumber),
        ("万", AmountError::NotANumber),
        ("NaN", AmountError::NotANumber),
        ("inf", AmountError::NotANumber),
        ("NULL", AmountError::NotANumber),
        ("0x10", AmountError::NotANumber),
        ("1000000000001", AmountError::TooLarge),
        (
            "99999999999999999999999999999999999999999999999999",
            AmountError::TooLarge,
        ),
        ("1e30", AmountError::TooLarge),
        ("1e999999999", AmountError::TooLarge),
        ("9,999,999 亿", AmountError::TooLarge),
    ] {
        assert_eq!(fact(text), Err(error), "{text}");
    }
}

#[test]
fn ratios_are_millionths_and_may_exceed_the_whole() {
    for (text, expected) in [
        ("90 %", 900_000),
        ("９５％", 950_000),
        ("0.9", 900_000),
        ("1.123456", 1_123_456),
        ("112.3456%", 1_123_456),
        ("3", 3_000_000),
        ("0", 0),
    ] {
        assert_eq!(parse_ratio(text), Ok(expected), "{text}");
    }
    for text in ["-1", "-5 %", "5000", "%", "", "much"] {
        assert!(parse_ratio(text).is_err(), "{text}");
    }
}

#[test]
fn shares_are_millionths() {
    for (text, expected) in [
        ("60%", 600_000),
        ("60", 600_000),
        ("0.6", 600_000),
        ("1", 1_000_000),
        ("100 %", 1_000_000),
        ("33.3333%", 333_333),
        ("0", 0),
        ("0.5%", 5_000),
    ] {
        assert_eq!(parse_share(text), Ok(expected), "{text}");
    }
    for text in ["101", "-1", "120%", "x", ""] {
        assert!(parse_share(text).is_err(), "{text}");
    }
}

#[test]
fn minor_units_follow_the_currency() {
    let cny = Currency::from_code("CNY").unwrap();
    let jpy = Currency::from_code("JPY").unwrap();
    assert_eq!(
        parse_minor("12.345", &cny, AmountStyle::default()),
        Ok(Minor(1_235))
    );
    assert_eq!(parse_minor("12.5", &jpy, AmountStyle::default()), Ok(Minor(13)));
}

proptest::proptest! {
    #[test]
    fn what_is_formatted_reads_back(amount in -1_000_000_000_000_000_i64..1_000_000_000_000_000) {
        let cny = Currency::from_code("CNY").unwrap();
        let minor = Minor(amount / 100);
        for text in [crate::format::full(minor, &cny), crate::format::currency(minor, &cny)] {
            proptest::prop_assert_eq!(parse_minor(&text, &cny, AmountStyle::default()), Ok(minor));
        }
        let text = crate::format::fact(Fact(amount), &cny);
        proptest::prop_assert_eq!(fact(&text), Ok(amount));
    }

    #[test]
    fn the_quick_way_and_the_long_way_agree(text in "-?[0-9]{1,10}(\\.[0-9]{1,5})?") {
        // A space makes the quick way decline.
        proptest::prop_assert_eq!(fact(&text), fact(&format!(" {text} ")));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,24}", digits in "[-+0-9.,'eE%()万亿 ]{0,30}") {
        let _ = (fact(&text), fact(&digits), parse_share(&digits));
    }
}
