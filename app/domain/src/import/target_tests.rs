use super::*;
use crate::import::{Kind, map_columns};
use crate::money::AmountError;

fn sheet(headers: &str, options: &str) -> Result<TargetSheet, Vec<MappingProblem>> {
    of_year(headers, options, None)
}

fn of_year(headers: &str, options: &str, year: Option<u16>) -> Result<TargetSheet, Vec<MappingProblem>> {
    let headers: Vec<&str> = headers.split(',').collect();
    let options: Options = serde_json::from_str(options).unwrap();
    TargetSheet::new(
        &map_columns(Kind::Targets, &headers),
        &options,
        Fiscal::default(),
        year,
    )
}

fn read<'a>(sheet: &TargetSheet, line: &'a str) -> Result<TargetRow<'a>, RefusedTargetRow> {
    let cells: Vec<&str> = line.split(',').collect();
    sheet.read(2, |column| cells.get(column).copied().unwrap_or_default())
}

fn amounts(sheet: &TargetSheet, line: &str) -> Vec<(String, i64)> {
    let row = read(sheet, line).unwrap();
    row.amounts
        .into_iter()
        .map(|target| (target.period.name, target.amount.0 / 10_000))
        .collect()
}

fn reasons(sheet: &TargetSheet, line: &str) -> Vec<Reason> {
    read(sheet, line)
        .unwrap_err()
        .problems
        .into_iter()
        .map(|problem| problem.reason)
        .collect()
}

#[test]
fn targets_in_another_currency_are_refused() {
    let yuan = sheet("成员,2017-07,2017-08", "{}").unwrap().in_currency("CNY");
    assert_eq!(
        amounts(&yuan, "李静,￥1,2元"),
        [("2017-07".to_owned(), 1), ("2017-08".to_owned(), 2)]
    );
    let expected = |written: &str| Reason::Amount {
        error: AmountError::Currency {
            written: written.to_owned(),
            expected: "CNY".to_owned(),
        },
    };
    assert_eq!(reasons(&yuan, "李静,$1,2 EUR"), [expected("$"), expected("EUR")]);
}

#[test]
fn wide_targets_are_read() {
    let thousands = sheet("Year,EmployeeID,M01,M02,M03", r#"{"unit":"thousand"}"#).unwrap();
    assert_eq!(thousands.layout(), Layout::Wide);
    assert_eq!(
        amounts(&thousands, "2017,61161660,,NULL,200"),
        [("2017-03".to_owned(), 200_000)]
    );
    assert_eq!(
        amounts(&thousands, "2017,61161660,-,3.5万,1.5"),
        [("2017-02".to_owned(), 35_000), ("2017-03".to_owned(), 1_500)]
    );
    assert_eq!(
        read(&thousands, "2017,61161660,1,,").unwrap().carrier,
        Carrier::Member("61161660")
    );
    let problems = read(&thousands, "2017,61161660,x,-1,200").unwrap_err().problems;
    assert_eq!(
        problems[0].reason,
        Reason::Amount {
            error: AmountError::NotANumber
        }
    );
    assert_eq!(problems[1].reason, Reason::NegativeAmount);
    assert_eq!(problems[0].column.as_deref(), Some("M01"));
    assert_eq!(reasons(&thousands, "2017,,1,1,1"), [Reason::NoCarrier]);
    assert_eq!(
        reasons(&thousands, ",5,1,,"),
        [Reason::Date {
            error: DateError::NoYear
        }]
    );
    assert_eq!(reasons(&thousands, "soon,5,1,,")[0], Reason::Period);
    let without: Vec<(String, bool)> = read(&thousands, "2017,61161660,,NULL,200")
        .unwrap()
        .without
        .into_iter()
        .map(|cell| (cell.period.name, cell.said))
        .collect();
    assert_eq!(
        without,
        [("2017-01".to_owned(), false), ("2017-02".to_owned(), true)]
    );
    let full = sheet("成员,2017年7月,Q4 2017,2018", "{}").unwrap();
    assert_eq!(
        amounts(&full, "李静,1,2,3"),
        [
            ("2017-07".to_owned(), 1),
            ("2017-Q4".to_owned(), 2),
            ("2018".to_owned(), 3)
        ]
    );
}

#[test]
fn long_targets_are_read() {
    let long = sheet("部门,周期,目标,指标", "{}").unwrap();
    assert_eq!(
        amounts(&long, "华东,2018-Q1,1亿,签约额"),
        [("2018-Q1".to_owned(), 100_000_000)]
    );
    let row = read(&long, "华东,2018-Q1,1,签约额").unwrap();
    assert_eq!(
        (row.carrier, row.metric),
        (Carrier::Unit("华东"), Some(MetricKey::BOOKINGS))
    );
    assert_eq!(amounts(&long, "华东,2018年1月,,"), []);
    assert_eq!(reasons(&long, "华东,何时,1,"), [Reason::Period]);
    assert_eq!(reasons(&long, "华东,,1,"), [Reason::Missing]);
    assert_eq!(
        reasons(&long, "华东,7月,1,"),
        [Reason::Date {
            error: DateError::NoYear
        }]
    );
    assert_eq!(reasons(&long, "华东,2018-01,1,?!"), [Reason::UnknownMetric]);
    let by_month = sheet("成员,年份,月份,目标", "{}").unwrap();
    assert_eq!(amounts(&by_month, "李静,2018,3,5"), [("2018-03".to_owned(), 5)]);
    let by_year = sheet("成员,年份,目标", "{}").unwrap();
    assert_eq!(amounts(&by_year, "李静,2018,5"), [("2018".to_owned(), 5)]);
    assert_eq!(reasons(&by_year, "李静,新,5"), [Reason::Period]);
}

#[test]
fn the_layout_must_fit() {
    assert_eq!(
        sheet("成员,周期,目标", r#"{"layout":"wide"}"#).unwrap_err(),
        [MappingProblem::NotWide]
    );
    let long = sheet("成员,2017-07", r#"{"layout":"long"}"#).unwrap_err();
    assert!(long.contains(&MappingProblem::NoPeriod), "{long:?}");
    let twice = sheet("成员,2017-07,2017年7月", "{}").unwrap_err();
    let same = MappingProblem::TwoPeriods {
        first: "2017-07".to_owned(),
        second: "2017年7月".to_owned(),
    };
    assert_eq!(twice, [same]);
}

#[test]
fn columns_that_sum_up_others_are_left_out() {
    let months = sheet("成员,年份,1月,2月,3月,一季度,Q2,全年,合计", "{}").unwrap();
    assert_eq!(months.subtotals(), ["一季度"]);
    assert_eq!(
        amounts(&months, "李静,2018,1,2,3,6,9,15,15"),
        [
            ("2018-01".to_owned(), 1),
            ("2018-02".to_owned(), 2),
            ("2018-03".to_owned(), 3),
            ("2018-Q2".to_owned(), 9)
        ]
    );
    let dated = sheet("成员,2018-01,2018-02,2018,2019", "{}").unwrap();
    assert_eq!(dated.subtotals(), ["2018"]);
    assert_eq!(dated.mapping().columns[3].role, Role::Ignored);
}

#[test]
fn a_heading_may_say_the_unit() {
    let headers = "成员,2018年1月（万元）,2018年2月(千元),2018年3月";
    let said = sheet(headers, "{}").unwrap();
    assert_eq!(
        amounts(&said, "李静,1.5,2,3"),
        [
            ("2018-01".to_owned(), 15_000),
            ("2018-02".to_owned(), 2_000),
            ("2018-03".to_owned(), 3)
        ]
    );
    let options = Options::default();
    assert_eq!(said.unit_of_header(&options), Some(("2018年1月（万元）", 10_000)));
    let chosen = sheet(headers, r#"{"unit":1}"#).unwrap();
    assert_eq!(amounts(&chosen, "李静,1.5,2,3")[1], ("2018-02".to_owned(), 2));
    let long = sheet("成员,周期,目标【单位：万元】", "{}").unwrap();
    assert_eq!(amounts(&long, "李静,2018-01,3"), [("2018-01".to_owned(), 30_000)]);
    assert_eq!(
        sheet("成员,周期,目标", "{}").unwrap().unit_of_header(&options),
        None
    );
}

#[test]
fn the_year_may_come_from_outside() {
    let wide = of_year("成员,1月,2月", "{}", Some(2018)).unwrap();
    assert_eq!(wide.year_used(), None);
    assert_eq!(amounts(&wide, "李静,,5"), [("2018-02".to_owned(), 5)]);
    assert_eq!(wide.year_used(), Some(2018));
    let own = of_year("成员,年份,1月", "{}", Some(2018)).unwrap();
    assert_eq!(amounts(&own, "李静,2017,5"), [("2017-01".to_owned(), 5)]);
    assert_eq!(own.year_used(), None);
    let long = of_year("成员,月份,目标", "{}", Some(2018)).unwrap();
    assert_eq!(amounts(&long, "李静,7月,5"), [("2018-07".to_owned(), 5)]);
}
