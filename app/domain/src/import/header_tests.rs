use std::collections::BTreeMap;

use super::*;

fn roles(kind: Kind, headers: &[&str]) -> Vec<(String, String, u8)> {
    let mapping = map_columns(kind, headers);
    let role = |role: &Role| match role {
        Role::Ignored => "-".to_owned(),
        Role::Field { field } => field.as_str().to_owned(),
        Role::Period { .. } => "period".to_owned(),
    };
    mapping
        .columns
        .iter()
        .map(|column| (column.header.clone(), role(&column.role), column.confidence))
        .collect()
}

fn names(kind: Kind, headers: &[&str]) -> Vec<String> {
    roles(kind, headers)
        .into_iter()
        .map(|(_, role, _)| role)
        .collect()
}

const MAVEN: [(Kind, &[&str], &[&str]); 4] = [
    (
        Kind::Opportunities,
        &[
            "opportunity_id",
            "sales_agent",
            "product",
            "account",
            "deal_stage",
            "engage_date",
            "close_date",
            "close_value",
        ],
        &[
            "external_id",
            "member",
            "product",
            "account",
            "stage",
            "created_on",
            "closed_on",
            "amount",
        ],
    ),
    (
        Kind::Accounts,
        &[
            "account",
            "sector",
            "year_established",
            "revenue",
            "employees",
            "office_location",
            "subsidiary_of",
        ],
        &[
            "name",
            "industry",
            "founded_year",
            "revenue",
            "employees",
            "location",
            "parent",
        ],
    ),
    (
        Kind::Products,
        &["product", "series", "sales_price"],
        &["name", "category", "price"],
    ),
    (
        Kind::Members,
        &["sales_agent", "manager", "regional_office"],
        &["name", "manager", "unit"],
    ),
];

#[test]
fn the_maven_files_map_themselves() {
    for (kind, headers, fields) in MAVEN {
        assert_eq!(guess_kind(headers), Some(kind));
        let mapping = map_columns(kind, headers);
        assert_eq!(mapping.problems, []);
        assert_eq!(names(kind, headers), fields);
        assert!(mapping.columns.iter().all(|column| column.confidence == 100));
    }
}

#[test]
fn exports_of_other_systems_map_themselves() {
    for (kind, headers) in [
        (
            Kind::Opportunities,
            &[
                "Opportunity ID",
                "Opportunity Name",
                "Account Name",
                "Opportunity Owner",
                "Stage",
                "Amount",
                "Close Date",
                "Created Date",
                "Probability (%)",
                "Lead Source",
            ][..],
        ),
        (
            Kind::Opportunities,
            &[
                "商机编号",
                "商机名称",
                "客户名称",
                "负责人",
                "商机阶段",
                "预计成交金额",
                "预计成交日期",
                "创建时间",
                "赢率",
            ],
        ),
        (
            Kind::Opportunities,
            &[
                "数据ID",
                "商机名称",
                "关联客户",
                "销售负责人",
                "当前阶段",
                "商机金额（元）",
                "签约日期",
                "提交时间",
            ],
        ),
        (
            Kind::Members,
            &["姓名", "工号", "主属部门", "直属上级", "邮箱", "入职日期"],
        ),
        (Kind::Units, &["部门名称", "部门编号", "上级部门", "负责人"]),
        (Kind::Products, &["产品名称", "产品编码", "产品分类", "标准价格"]),
        (
            Kind::Accounts,
            &["客户名称", "所属行业", "客户编号", "负责人", "地址"],
        ),
        (Kind::Targets, &["成员", "1月", "2月", "3月"]),
        (Kind::Targets, &["Year", "EmployeeID", "M01", "M02"]),
        (Kind::Targets, &["Sales Rep", "Quarter", "Quota"]),
        (Kind::Targets, &["区域", "2018-01", "2018-02", "合计"]),
    ] {
        assert_eq!(guess_kind(headers), Some(kind), "{headers:?}");
        let mapping = map_columns(kind, headers);
        assert_eq!(mapping.problems, [], "{headers:?}");
        let used = mapping
            .columns
            .iter()
            .filter(|column| column.role != Role::Ignored)
            .count();
        assert!(used >= headers.len() - 1, "{:?}", roles(kind, headers));
    }
    assert_eq!(guess_kind(&["a", "b", "c"]), None);
    assert_eq!(guess_kind::<&str>(&[]), None);
}

#[test]
fn nearly_right_headers_are_less_certain() {
    let found = roles(
        Kind::Opportunities,
        &[
            "opportunty_id",
            "Sales Agnet",
            "stage",
            "close date",
            "amount",
            "foo",
        ],
    );
    assert_eq!(found[0].1, "external_id");
    assert!((80..100).contains(&found[0].2), "{found:?}");
    assert_eq!(found[1].1, "member");
    assert_eq!((found[5].1.as_str(), found[5].2), ("-", 0));
}

#[test]
fn two_columns_for_one_field_are_a_problem() {
    let mapping = map_columns(Kind::Products, &["product", "产品名称", "series"]);
    assert_eq!(
        mapping.problems,
        [MappingProblem::TwoColumns {
            field: Field::Name,
            first: "product".into(),
            second: "产品名称".into()
        }]
    );
    assert!(
        mapping.problems[0]
            .words(crate::format::Lang::ZhCn)
            .contains("“product”和“产品名称”")
    );
    let chosen = BTreeMap::from([("name".to_owned(), "产品名称".to_owned())]);
    let mapping = remap(Kind::Products, &["product", "产品名称", "series"], &chosen);
    assert_eq!(mapping.problems, []);
    assert_eq!(mapping.header_of(Field::Name), Some("产品名称"));
}

#[test]
fn a_chosen_mapping_is_checked() {
    let choose = |pairs: &[(&str, &str)]| {
        let chosen = pairs
            .iter()
            .map(|(field, header)| ((*field).to_owned(), (*header).to_owned()))
            .collect();
        remap(Kind::Products, &["product", "series"], &chosen).problems
    };
    assert_eq!(choose(&[("name", "Product")]), []);
    assert_eq!(
        choose(&[("name", "nope")])[0],
        MappingProblem::NoColumn {
            header: "nope".into()
        }
    );
    assert_eq!(
        choose(&[("colour", "series")])[0],
        MappingProblem::NoField {
            kind: Kind::Products,
            name: "colour".into()
        }
    );
    assert_eq!(
        choose(&[("name", "")]),
        [MappingProblem::Elsewhere {
            field: Field::Name,
            header: "product".into(),
            other: Field::ExternalId
        }],
        "what is left out maps itself to the next best"
    );
    assert!(matches!(
        choose(&[("category", "product"), ("name", "product")])[..],
        [MappingProblem::OneColumn { .. }, MappingProblem::Elsewhere { .. }]
    ));
    let twice = remap(
        Kind::Products,
        &["name", "name"],
        &BTreeMap::from([("name".to_owned(), "name".to_owned())]),
    );
    assert_eq!(
        twice.problems[0],
        MappingProblem::SameHeader {
            header: "name".into()
        }
    );
}

#[test]
fn headers_are_compared_without_dress() {
    for (a, b) in [
        ("Close_Date", "close date"),
        ("金额（元）", "金额"),
        ("Ａｍｏｕｎｔ", "amount"),
        (" Deal-Stage ", "dealstage"),
        ("(金额)", "金额"),
    ] {
        assert_eq!(normalize(a), normalize(b), "{a}");
    }
}

#[test]
fn a_mapping_survives_its_json() {
    let headers = ["Year", "EmployeeID", "M01", "2018-Q2", "2018", "note"];
    let mapping = map_columns(Kind::Targets, &headers);
    assert_eq!(mapping.periods().count(), 3);
    let json = serde_json::to_string(&mapping).unwrap();
    assert_eq!(serde_json::from_str::<Mapping>(&json).unwrap(), mapping);
}

#[test]
fn one_period_makes_a_sheet_of_targets() {
    for headers in [
        vec!["成员", "2018-01"],
        vec!["姓名", "部门", "7月目标"],
        vec!["Sales Agent", "Regional Office", "2018-Q1", "2018-Q2"],
        vec!["Employee ID", "FY2018"],
        vec!["成员", "周期", "目标"],
    ] {
        assert_eq!(guess_kind(&headers), Some(Kind::Targets), "{headers:?}");
    }
    assert_eq!(
        guess_kind(&["sales_agent", "manager", "regional_office"]),
        Some(Kind::Members)
    );
}

#[test]
fn a_column_that_is_put_to_no_use_stays_so() {
    let headers = [
        "opportunity_id",
        "sales_agent",
        "deal_stage",
        "close_date",
        "close_value",
    ];
    let mapping = map_columns(Kind::Opportunities, &headers);
    assert!(mapping.is_usable(), "{:?}", mapping.problems);
    let (chosen, lost) = mapping.choose(None, "close_value", "");
    assert_eq!(lost, None);
    let again = remap(Kind::Opportunities, &headers, &chosen);
    assert_eq!(
        again.column_of(Field::Amount),
        None,
        "it does not map itself again"
    );
    assert_eq!(again.column_of(Field::ClosedOn), Some(3));
    let (chosen, lost) = again.choose(Some(&chosen), "close_value", "amount");
    assert_eq!(lost, None);
    assert_eq!(remap(Kind::Opportunities, &headers, &chosen), mapping);
}

#[test]
fn of_two_columns_for_one_field_either_can_be_kept() {
    let headers = ["product", "product name", "series"];
    let mapping = map_columns(Kind::Products, &headers);
    assert!(
        matches!(mapping.problems[..], [MappingProblem::TwoColumns { .. }]),
        "{:?}",
        mapping.problems
    );
    for (out, kept) in [("product", 1), ("product name", 0)] {
        let (chosen, _) = mapping.choose(None, out, "");
        let again = remap(Kind::Products, &headers, &chosen);
        assert_eq!(again.problems, []);
        assert_eq!(again.column_of(Field::Name), Some(kept));
    }
}

#[test]
fn a_missing_column_that_serves_another_field_is_named() {
    let headers = [
        "opportunity_id",
        "sales_agent",
        "deal_stage",
        "close_date",
        "close_value",
    ];
    let mapping = map_columns(Kind::Opportunities, &headers);
    let (chosen, lost) = mapping.choose(None, "deal_stage", "external_id");
    assert_eq!(lost.as_deref(), Some("opportunity_id"));
    let again = remap(Kind::Opportunities, &headers, &chosen);
    assert_eq!(
        again.problems,
        [MappingProblem::Elsewhere {
            field: Field::Stage,
            header: "deal_stage".into(),
            other: Field::ExternalId
        }]
    );
    let words = again.problems[0].words(crate::format::Lang::ZhCn);
    assert!(words.contains("“deal_stage”现在对应到"), "{words}");
}
