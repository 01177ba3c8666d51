use super::*;

fn iso(text: &str, order: Option<DateOrder>) -> Result<String, DateError> {
    parse_date(text, order).map(|day| day.to_string())
}

#[test]
fn the_forms_of_files_are_read() {
    for text in [
        "2017-03-01",
        " 2017-3-1 ",
        "2017/3/1",
        "2017/03/01",
        "2017.3.1",
        "2017年3月1日",
        "2017年03月01号",
        "20170301",
        "２０１７－０３－０１",
        "2017-03-01T00:00:00Z",
        "2017-03-01 00:00:00",
        "2017/3/1 0:00",
        "2017年3月1日 10:20",
        "2017-03-01 上午10:00",
        "2017-03-01T10:00:00.000+08:00",
        "42795",
        "42795.75",
        "Mar 1, 2017",
        "March 1 2017",
        "1 Mar 2017",
        "1-Mar-17",
        "Wed, 1 Mar 2017",
        "Mar 1, 2017 10:00 AM",
        "1st March 2017",
        "2017 Mar 1",
    ] {
        assert_eq!(iso(text, None), Ok("2017-03-01".to_owned()), "{text}");
    }
}

#[test]
fn the_order_decides_or_both_readings_are_named() {
    assert_eq!(iso("01/03/2017", Some(DateOrder::Dmy)), Ok("2017-03-01".into()));
    assert_eq!(iso("01/03/2017", Some(DateOrder::Mdy)), Ok("2017-01-03".into()));
    assert_eq!(
        iso("01/03/2017", None),
        Err(DateError::Ambiguous {
            readings: vec!["2017-03-01".into(), "2017-01-03".into()]
        })
    );
    assert_eq!(iso("13/03/2017", None), Ok("2017-03-13".into()));
    assert_eq!(iso("03/13/2017 12:00:00 AM", None), Ok("2017-03-13".into()));
    assert_eq!(iso("03/03/2017", None), Ok("2017-03-03".into()));
    assert_eq!(iso("06/11/26", Some(DateOrder::Dmy)), Ok("2026-11-06".into()));
    assert!(matches!(iso("06/11/26", None), Err(DateError::Ambiguous { readings }) if readings.len() == 3));
    assert_eq!(iso("2017/01/03", Some(DateOrder::Dmy)), Ok("2017-01-03".into()));
}

#[test]
fn what_does_not_exist_is_said() {
    assert_eq!(
        iso("2026-11-31", None),
        Err(DateError::NoSuchDay {
            month: 11,
            day: 31,
            last_day: Some("2026-11-30".into())
        })
    );
    assert_eq!(
        iso("2017-02-29", None).unwrap_err().suggestion(),
        Some("2017-02-28")
    );
    assert_eq!(
        iso("11月31日", None).unwrap_err().words(Lang::ZhCn),
        "11 月没有 31 日"
    );
    assert_eq!(iso("11月30日", None), Err(DateError::NoYear));
    assert_eq!(iso("", None), Err(DateError::Empty));
    assert_eq!(iso("20171301", None).unwrap_err().words(Lang::ZhCn), "没有 13 月");
    assert_eq!(iso("0017-03-01", None), Err(DateError::OutOfRange { year: 17 }));
    for text in [
        "hello",
        "3",
        "2017",
        "2017-03",
        "1/2/3/4",
        "NULL",
        "123456",
        "2017-003-01",
        "99999999999999",
        "-",
        "明天",
    ] {
        assert!(iso(text, None).is_err(), "{text}");
    }
    assert_eq!(iso("hello", None), Err(DateError::NotADate));
}

#[test]
fn orders_have_names_and_patterns() {
    for (text, order) in [
        ("ymd", Some(DateOrder::Ymd)),
        ("DD/MM/YYYY", Some(DateOrder::Dmy)),
        ("%m/%d/%Y", Some(DateOrder::Mdy)),
        ("yyyy-MM-dd HH:mm:ss", Some(DateOrder::Ymd)),
        ("dd.MM.yy", Some(DateOrder::Dmy)),
        ("ym", None),
        ("day first", None),
    ] {
        assert_eq!(DateOrder::parse(text), order, "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn every_form_of_a_day_reads_back(number in -25_567_i32..84_000) {
        let day = Day(number);
        let (year, month, of_month) = day.ymd();
        for text in [
            day.to_string(), format!("{year}/{month}/{of_month}"), format!("{year}年{month}月{of_month}日"),
            format!("{year:04}{month:02}{of_month:02}"), crate::format::date(day, Lang::En),
        ] {
            proptest::prop_assert_eq!(parse_date(&text, None), Ok(day));
        }
        let dmy = format!("{of_month:02}/{month:02}/{year}");
        proptest::prop_assert_eq!(parse_date(&dmy, Some(DateOrder::Dmy)), Ok(day));
        let mdy = format!("{month}-{of_month}-{year}");
        proptest::prop_assert_eq!(parse_date(&mdy, Some(DateOrder::Mdy)), Ok(day));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,24}") {
        let _ = parse_date(&text, None);
    }
}
