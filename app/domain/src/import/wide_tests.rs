use super::*;

#[test]
fn months_are_read_as_people_write_them() {
    let july = PeriodHeader::Month {
        month: Month::parse("2017-07").unwrap(),
    };
    for text in [
        "2017-07",
        "2017-7",
        "2017/07",
        "2017.7",
        "201707",
        "Jul 2017",
        "July 2017",
        "Jul-17",
        "2017年7月",
        "２０１７年７月",
        "7/2017",
        "2017年07月目标",
        "2017 Jul",
        "17年7月",
        " 2017年7月（万元） ",
        "2017M07",
        "2017年7月(千元)",
        "2017-07 [k]",
        "目标【单位：元】2017-07",
    ] {
        assert_eq!(period_header(text), Some(july), "{text}");
    }
    for text in ["7月", "Jul", "july", "M07", "七月", "7月份", "7月目标"] {
        assert_eq!(
            period_header(text),
            Some(PeriodHeader::MonthOfYear { month: 7 }),
            "{text}"
        );
    }
    assert_eq!(
        period_header("十二月"),
        Some(PeriodHeader::MonthOfYear { month: 12 })
    );
    for text in [
        "",
        "7",
        "2017-13",
        "13月",
        "M13",
        "account",
        "May be",
        "2017-07-01",
        "999999",
        "Q5",
        "月",
        "总计",
        "合计",
    ] {
        assert_eq!(period_header(text), None, "{text}");
    }
}

#[test]
fn quarters_and_years() {
    for text in [
        "2017-Q3",
        "2017Q3",
        "Q3 2017",
        "2017年Q3",
        "2017年三季度",
        "2017年第3季度",
        "FY2017 Q3",
        // As a fiscal year of its own is shown.
        "2017财年3季度",
        "Q3 FY 2017",
    ] {
        assert_eq!(
            period_header(text),
            Some(PeriodHeader::Quarter {
                year: 2017,
                quarter: 3
            }),
            "{text}"
        );
    }
    assert_eq!(
        period_header("第三季度"),
        Some(PeriodHeader::QuarterOfYear { quarter: 3 })
    );
    for text in ["2017", "FY2017", "FY17", "2017年", "2017财年", "2017年度"] {
        assert_eq!(
            period_header(text),
            Some(PeriodHeader::Year { year: 2017 }),
            "{text}"
        );
    }
}

#[test]
fn cells_may_be_shorter() {
    assert_eq!(value_period("7"), Some(PeriodHeader::MonthOfYear { month: 7 }));
    assert_eq!(value_period("2017-03-01"), period_header("2017-03"));
    assert_eq!(value_period("2017-03-02"), None);
    assert_eq!(value_period("13"), None);
}

#[test]
fn a_month_without_a_year_lies_in_the_fiscal_year() {
    let april = Fiscal::new(4).unwrap();
    let name = |month, fiscal: Fiscal| {
        PeriodHeader::MonthOfYear { month }
            .resolve(fiscal, Some(2018))
            .unwrap()
            .name
    };
    assert_eq!(name(1, april), "2018-01");
    assert_eq!(name(4, april), "2017-04");
    assert_eq!(name(4, Fiscal::default()), "2018-04");
    assert_eq!(PeriodHeader::MonthOfYear { month: 1 }.resolve(april, None), None);
    let quarter = PeriodHeader::Quarter {
        year: 2018,
        quarter: 1,
    }
    .resolve(april, None)
    .unwrap();
    assert_eq!(quarter.start.to_string(), "2017-04-01");
}
