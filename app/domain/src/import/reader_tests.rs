use std::collections::BTreeMap;

use super::*;
use crate::import::{Cell, OpportunityRow, TargetRow, map_columns};
use crate::metric::Stage;
use crate::money::Fact;

fn setting() -> Setting {
    Setting {
        currency: Currency::from_code("CNY").unwrap(),
        fiscal: Fiscal::default(),
        year: None,
        mark: DecimalMark::Point,
    }
}

fn reader(kind: Kind, headers: &str, options: &str) -> Result<Reader, ReaderError> {
    let headers: Vec<&str> = headers.split(',').collect();
    let options: Options = serde_json::from_str(options).unwrap();
    Reader::new(map_columns(kind, &headers), &options, setting())
}

fn read<'a>(reader: &'a Reader, line: &'a str) -> Result<Option<Record<'a>>, Vec<Problem>> {
    let cells: Vec<&str> = line.split(',').collect();
    reader.read(2, cells.len(), |index| cells.get(index).copied())
}

const DEALS: &str =
    "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value";

fn deal<'a>(reader: &'a Reader, line: &'a str) -> OpportunityRow<'a> {
    match read(reader, line) {
        Ok(Some(Record::Opportunity(row))) => row,
        other => panic!("{other:?}"),
    }
}

fn reasons(reader: &Reader, line: &str) -> Vec<Reason> {
    let problems = read(reader, line).unwrap_err();
    problems.into_iter().map(|problem| problem.reason).collect()
}

#[test]
fn a_deal_is_read() {
    let reader = reader(
        Kind::Opportunities,
        DEALS,
        r#"{"aliases":{"sales product":{},"product":{"GTXPro":"GTX Pro"}}}"#,
    );
    assert!(matches!(reader, Err(ReaderError::AliasField { name, .. }) if name == "sales product"));
    let reader = self::reader(
        Kind::Opportunities,
        DEALS,
        r#"{"aliases":{"product":{"GTXPro":"GTX Pro"}}}"#,
    )
    .unwrap();
    let row = deal(
        &reader,
        "Z063OYW0,Darcel Schlecht,GTXPro,Isdom,Won,2016-10-25,2017-03-11,4514",
    );
    assert_eq!(row.external_id, "Z063OYW0");
    assert_eq!(row.product, Cell::Set("GTX Pro"));
    assert_eq!(row.stage, Stage::Won);
    assert_eq!(row.amount, Cell::Set(Fact(45_140_000)));
    assert_eq!(row.channel, Cell::Keep);
    let open = deal(&reader, "X,A B,MG Special,,Prospecting,,,");
    assert_eq!(
        (open.account, open.closed_on, open.amount),
        (Cell::Keep, Cell::Keep, Cell::Keep)
    );
    assert_eq!(read(&reader, ",,, ,NULL,,,"), Ok(None));
}

#[test]
fn blanks_clear_when_asked() {
    let reader = reader(Kind::Opportunities, DEALS, r#"{"blank":"clear"}"#).unwrap();
    let row = deal(&reader, "X,A B,,,Engaging,2017-01-01,,");
    assert_eq!(
        (row.account, row.amount, row.channel),
        (Cell::Clear, Cell::Clear, Cell::Keep)
    );
    assert_eq!(row.account.over(Some("Isdom")), None);
    assert_eq!(row.channel.over(Some("web")), Some("web"));
}

#[test]
fn rows_that_cannot_be_are_refused_with_all_their_reasons() {
    let reader = reader(Kind::Opportunities, DEALS, "{}").unwrap();
    assert_eq!(
        reasons(&reader, "X,,P,A,Wonn,2017-13-01,2017-02-01,-5"),
        [
            Reason::UnknownStage,
            Reason::Missing,
            Reason::Date {
                error: crate::calendar::DateError::NoSuchDay {
                    month: 13,
                    day: 1,
                    last_day: None
                }
            },
            Reason::NegativeAmount,
        ]
    );
    assert_eq!(
        reasons(&reader, "X,M,P,A,Won,2017-03-02,2017-03-01,5"),
        [Reason::ClosedBeforeCreated {
            created_on: "2017-03-02".into(),
            closed_on: "2017-03-01".into()
        }]
    );
    assert_eq!(
        reasons(&reader, "X,M,P,A,Won,,,"),
        [Reason::WonWithoutCloseDate, Reason::WonWithoutAmount]
    );
    assert_eq!(
        reasons(&reader, "X,M,P,A,Lost,,2017-03-01,9e15"),
        [Reason::Amount {
            error: crate::money::AmountError::TooLarge
        }]
    );
    assert_eq!(
        reasons(&reader, "X,M,P,A,Lost,,2017-03-01,0,extra"),
        [Reason::TooManyCells {
            expected: 8,
            found: 9
        }]
    );
    assert_eq!(
        reasons(&reader, "X\u{0}Y,M,P,A,Lost,,2017-03-01,0"),
        [Reason::ControlCharacter]
    );
    let long = format!("X,{},P,A,Lost,,2017-03-01,0", "长".repeat(201));
    assert_eq!(reasons(&reader, &long), [Reason::TooLong { limit: 200 }]);
    let problems = read(&reader, "X,M,P,A,Wonn,,2017-03-01,0").unwrap_err();
    let problem = &problems[0];
    assert_eq!(problem.column.as_deref(), Some("deal_stage"));
    assert_eq!(problem.suggestion.as_ref().unwrap().value, "Won");
    assert!(
        problem
            .words(Lang::ZhCn)
            .contains("第 2 行“deal_stage”：“Wonn”，未知的销售阶段；是否为“Won”")
    );
    assert!(
        problem
            .words(Lang::En)
            .starts_with("Row 2, \"deal_stage\": \"Wonn\": unknown stage; did you mean \"Won\"")
    );
}

#[test]
fn the_options_must_fit() {
    assert!(matches!(
        reader(Kind::Opportunities, DEALS, r#"{"currency":"cny"}"#),
        Ok(_)
    ));
    assert_eq!(
        reader(Kind::Opportunities, DEALS, r#"{"currency":"usd"}"#).unwrap_err(),
        ReaderError::Currency {
            expected: "CNY".into(),
            found: "USD".into()
        }
    );
    assert!(
        matches!(reader(Kind::Opportunities, "a,b", "{}"), Err(ReaderError::Mapping(problems)) if problems.len() == 5)
    );
    assert_eq!(
        reader(Kind::Targets, "成员,周期,目标", r#"{"layout":"wide"}"#).unwrap_err(),
        ReaderError::NotWide
    );
    assert!(matches!(
        reader(Kind::Targets, "成员,2017-07", r#"{"layout":"long"}"#),
        Err(ReaderError::Mapping(problems)) if problems.contains(&MappingProblem::NoPeriod)
    ));
}

fn targets<'a>(reader: &'a Reader, line: &'a str) -> Vec<(String, i64)> {
    let Ok(Some(Record::Target(TargetRow { amounts, .. }))) = read(reader, line) else {
        panic!("{:?}", read(reader, line))
    };
    amounts
        .into_iter()
        .map(|target| (target.period.name, target.amount.0 / 10_000))
        .collect()
}

#[test]
fn wide_targets_are_read() {
    let reader = reader(
        Kind::Targets,
        "\u{feff}Year,EmployeeID,M01,M02,M03",
        r#"{"unit":"thousand"}"#,
    )
    .unwrap();
    assert_eq!(reader.layout(), Layout::Wide);
    assert_eq!(
        targets(&reader, "2017,61161660,,NULL,200"),
        [("2017-03".to_owned(), 200_000)]
    );
    assert_eq!(
        targets(&reader, "2017,61161660,-,3.5万,1.5"),
        [("2017-02".to_owned(), 35_000), ("2017-03".to_owned(), 1_500)]
    );
    let problems = read(&reader, "2017,61161660,x,-1,200").unwrap_err();
    assert_eq!(problems.len(), 2);
    assert_eq!(problems[0].column.as_deref(), Some("M01"));
    assert_eq!(reasons(&reader, "2017,,1,1,1"), [Reason::NoCarrier]);
    assert_eq!(
        reasons(&reader, ",5,1,,"),
        [Reason::Date {
            error: crate::calendar::DateError::NoYear
        }]
    );
    let full = self::reader(Kind::Targets, "成员,2017年7月,Q4 2017,2018", "{}").unwrap();
    assert_eq!(
        targets(&full, "李静,1,2,3"),
        [
            ("2017-07".to_owned(), 1),
            ("2017-Q4".to_owned(), 2),
            ("2018".to_owned(), 3)
        ]
    );
}

#[test]
fn long_targets_are_read() {
    let reader = reader(Kind::Targets, "部门,周期,目标,指标", "{}").unwrap();
    assert_eq!(
        targets(&reader, "华东,2018-Q1,1亿,签约额"),
        [("2018-Q1".to_owned(), 100_000_000)]
    );
    assert_eq!(targets(&reader, "华东,2018年1月,,"), []);
    assert_eq!(reasons(&reader, "华东,何时,1,"), [Reason::Period]);
    assert_eq!(
        reasons(&reader, "华东,7月,1,"),
        [Reason::Date {
            error: crate::calendar::DateError::NoYear
        }]
    );
    assert_eq!(reasons(&reader, "华东,2018-01,1,?!"), [Reason::UnknownMetric]);
    let by_month = self::reader(Kind::Targets, "成员,年份,月份,目标", "{}").unwrap();
    assert_eq!(targets(&by_month, "李静,2018,3,5"), [("2018-03".to_owned(), 5)]);
    let by_year = self::reader(Kind::Targets, "成员,年份,目标", "{}").unwrap();
    assert_eq!(targets(&by_year, "李静,2018,5"), [("2018".to_owned(), 5)]);
    assert_eq!(reasons(&by_year, "李静,新,5"), [Reason::Period]);
}

#[test]
fn people_products_and_accounts_are_read() {
    let members = reader(Kind::Members, "姓名,工号,部门,入职日期,离职日期,占比,邮箱", "{}").unwrap();
    let Ok(Some(Record::Member(row))) = read(&members, "李静,007,华东,2018-01-01,2018-12-31,60%,a@b.cn")
    else {
        panic!()
    };
    assert_eq!(
        (row.external_id, row.share_ppm),
        (Cell::Set("007"), Cell::Set(600_000))
    );
    assert_eq!(row.left_on.value().unwrap().to_string(), "2019-01-01");
    assert_eq!(
        reasons(&members, "李静,007,华东,2018-01-02,2018-01-01,130%,a@b"),
        [
            Reason::Email,
            Reason::Percentage,
            Reason::EndsBeforeStart {
                starts_on: "2018-01-02".into(),
                ends_on: "2018-01-01".into()
            }
        ]
    );
    let accounts = reader(
        Kind::Accounts,
        "account,sector,year_established,revenue,employees,office_location,subsidiary_of",
        "{}",
    )
    .unwrap();
    let Ok(Some(Record::Account(row))) = read(
        &accounts,
        "Acme Corporation,technolgy,1996,1100.04,2822,United States,",
    ) else {
        panic!()
    };
    assert_eq!(
        (row.name, row.founded_year, row.employees),
        ("Acme Corporation", Cell::Set(1996), Cell::Set(2822))
    );
    assert_eq!((row.industry, row.parent), (Cell::Set("technolgy"), Cell::Keep));
    assert_eq!(
        reasons(&accounts, "A,s,96.5,x,-1,,"),
        [
            Reason::Amount {
                error: crate::money::AmountError::NotANumber
            },
            Reason::WholeNumber,
            Reason::WholeNumber
        ]
    );
    let products = reader(Kind::Products, "product,series,sales_price", "{}").unwrap();
    let Ok(Some(Record::Product(row))) = read(&products, "GTK 500,GTK,26768") else {
        panic!()
    };
    assert_eq!(
        (row.category, row.price),
        (Cell::Set("GTK"), Cell::Set(Fact(267_680_000)))
    );
}

#[test]
fn a_second_key_names_the_first_row() {
    let mut seen = Duplicates::default();
    assert_eq!(seen.note(2, "A"), None);
    assert_eq!(seen.note(3, "B"), None);
    assert_eq!(
        seen.note(9, "A").unwrap().reason,
        Reason::Duplicate { first_row: 2 }
    );
}

#[test]
fn a_mapping_may_be_chosen() {
    let headers = ["id", "who", "what", "state", "end", "money"];
    let chosen: BTreeMap<String, String> = [
        ("external_id", "id"),
        ("sales_agent", "who"),
        ("stage", "state"),
        ("closed_on", "end"),
        ("amount", "money"),
    ]
    .into_iter()
    .map(|(field, header)| (field.to_owned(), header.to_owned()))
    .collect();
    let mapping = crate::import::remap(Kind::Opportunities, &headers, &chosen);
    assert_eq!(mapping.problems, []);
    let reader = Reader::new(mapping, &Options::default(), setting()).unwrap();
    assert_eq!(
        deal(&reader, "1,李静,x,赢单,2018-01-31,3.5万元").amount,
        Cell::Set(Fact(350_000_000))
    );
}
