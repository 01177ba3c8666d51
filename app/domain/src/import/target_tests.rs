use super::*;
use crate::import::{Kind, map_columns};
use crate::money::AmountError;

fn sheet(headers: &str, options: &str) -> Result<TargetSheet, TargetError> {
    let headers: Vec<&str> = headers.split(',').collect();
    let options: Options = serde_json::from_str(options).unwrap();
    TargetSheet::new(
        &map_columns(Kind::Targets, &headers),
        &options,
        Fiscal::default(),
        None,
    )
}

fn read<'a>(sheet: &TargetSheet, line: &'a str) -> Result<TargetRow<'a>, Vec<Problem>> {
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
        .into_iter()
        .map(|problem| problem.reason)
        .collect()
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
    let problems = read(&thousands, "2017,61161660,x,-1,200").unwrap_err();
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
        TargetError::NotWide
    );
    assert!(matches!(
        sheet("成员,2017-07", r#"{"layout":"long"}"#),
        Err(TargetError::Mapping(problems)) if problems.contains(&MappingProblem::NoPeriod)
    ));
    assert!(TargetError::NotWide.words(Lang::ZhCn).contains("2017-07"));
}
