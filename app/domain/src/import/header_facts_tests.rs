//! Headings of orders, potential and capability.

use super::*;

/// The fields of headings, `-` where one is left out.
fn names(kind: Kind, headers: &[&str]) -> Vec<&'static str> {
    let mapping = map_columns(kind, headers);
    assert!(mapping.problems.is_empty(), "{:?}", mapping.problems);
    mapping
        .columns
        .iter()
        .map(|column| match column.role {
            Role::Field { field } => field.as_str(),
            Role::Ignored | Role::Period { .. } => "-",
        })
        .collect()
}

#[test]
fn orders_of_erp_systems_map_themselves() {
    let chinese = [
        "订单编号",
        "下单日期",
        "业务员",
        "部门",
        "客户名称",
        "商品名称",
        "数量",
        "单价",
        "未税金额",
        "税额",
        "运费",
        "价税合计",
        "订单状态",
        "币种",
    ];
    let expected = [
        "external_id",
        "ordered_on",
        "member",
        "unit",
        "account",
        "product",
        "quantity",
        "price",
        "net",
        "tax",
        "other",
        "gross",
        "order_status",
        "currency",
    ];
    assert_eq!(names(Kind::Orders, &chinese), expected);
    assert_eq!(guess_kind(&chinese), Some(Kind::Orders));

    let adventureworks = [
        "SalesOrderID",
        "RevisionNumber",
        "OrderDate",
        "DueDate",
        "ShipDate",
        "Status",
        "OnlineOrderFlag",
        "SalesOrderNumber",
        "SalesPersonID",
        "SubTotal",
        "TaxAmt",
        "Freight",
        "TotalDue",
        "Comment",
        "rowguid",
        "ModifiedDate",
    ];
    let expected = [
        "-",
        "-",
        "ordered_on",
        "-",
        "-",
        "order_status",
        "-",
        "external_id",
        "member",
        "net",
        "tax",
        "other",
        "gross",
        "-",
        "-",
        "-",
    ];
    assert_eq!(names(Kind::Orders, &adventureworks), expected);
    assert_eq!(guess_kind(&adventureworks), Some(Kind::Orders));

    let superstore = [
        "Row ID",
        "Order ID",
        "Order Date",
        "Ship Date",
        "Ship Mode",
        "Customer ID",
        "Customer Name",
        "Segment",
        "Country",
        "City",
        "State",
        "Postal Code",
        "Region",
        "Product ID",
        "Category",
        "Sub-Category",
        "Product Name",
        "Sales",
        "Quantity",
        "Discount",
        "Profit",
    ];
    let mapped = names(Kind::Orders, &superstore);
    for (header, field) in [
        ("Order ID", "external_id"),
        ("Order Date", "ordered_on"),
        ("Customer Name", "account"),
        ("Region", "unit"),
        ("Product Name", "product"),
        ("Sales", "amount"),
        ("Quantity", "quantity"),
    ] {
        let at = superstore.iter().position(|it| *it == header).unwrap();
        assert_eq!(mapped[at], field, "{header}");
    }
    assert_eq!(guess_kind(&superstore), Some(Kind::Orders));
}

#[test]
fn other_kinds_stay_what_they_were() {
    let long = ["成员", "周期", "金额"];
    assert_eq!(guess_kind(&long), Some(Kind::Targets));
    let of_units = ["部门", "周期", "金额"];
    assert_eq!(
        guess_kind(&of_units),
        Some(Kind::Targets),
        "an amount of a unit is its target"
    );
    let deals = ["商机编号", "负责人", "阶段", "成交日期", "金额"];
    assert_eq!(guess_kind(&deals), Some(Kind::Opportunities));
}

#[test]
fn figures_are_told_by_their_words() {
    let potential = ["部门", "周期", "市场潜力", "来源"];
    assert_eq!(
        names(Kind::Potential, &potential),
        ["unit", "period", "amount", "source"]
    );
    assert_eq!(guess_kind(&potential), Some(Kind::Potential));
    let english = [
        "Account",
        "Start date",
        "End date",
        "Market potential",
        "Data source",
    ];
    assert_eq!(guess_kind(&english), Some(Kind::Potential));
    let capability = ["姓名", "月产能", "生效日期", "评估人"];
    assert_eq!(
        names(Kind::Capability, &capability),
        ["member", "figure", "starts_on", "assessed_by"]
    );
    assert_eq!(guess_kind(&capability), Some(Kind::Capability));
    assert_eq!(
        guess_kind(&["Employee", "Rating", "Valid from"]),
        Some(Kind::Capability)
    );
}

#[test]
fn what_needs_one_of_several_columns_says_so() {
    let missing = |kind, headers: &[&str]| map_columns(kind, headers).problems;
    let lacks = |field| vec![MappingProblem::Missing { field }];
    assert_eq!(
        missing(Kind::Orders, &["订单编号", "下单日期"]),
        lacks(Field::Net)
    );
    assert!(missing(Kind::Orders, &["订单编号", "下单日期", "数量", "单价"]).is_empty());
    assert!(missing(Kind::Orders, &["订单编号", "下单日期", "价税合计"]).is_empty());
    assert_eq!(missing(Kind::Potential, &["潜力", "周期"]), lacks(Field::Unit));
    assert_eq!(missing(Kind::Potential, &["潜力", "部门"]), lacks(Field::Period));
    assert_eq!(
        missing(Kind::Capability, &["姓名", "生效日期"]),
        lacks(Field::Figure)
    );
}

#[test]
fn lists_of_leave_are_told_by_a_word_for_it() {
    let chinese = ["姓名", "工号", "请假类型", "开始时间", "结束时间", "请假事由"];
    assert_eq!(
        names(Kind::Leave, &chinese),
        [
            "member",
            "external_id",
            "leave_type",
            "starts_on",
            "ends_on",
            "note"
        ]
    );
    assert_eq!(guess_kind(&chinese), Some(Kind::Leave));
    let english = ["Employee", "Email", "Leave type", "From", "First day back"];
    assert_eq!(
        names(Kind::Leave, &english),
        ["member", "email", "leave_type", "starts_on", "back_on"]
    );
    assert_eq!(guess_kind(&english), Some(Kind::Leave));
    // Whose days these are is not said: they are as well those of a person's work.
    assert_ne!(guess_kind(&["Name", "Start date", "End date"]), Some(Kind::Leave));
    let missing = |headers: &[&str]| map_columns(Kind::Leave, headers).problems;
    let lacks = |field| vec![MappingProblem::Missing { field }];
    assert_eq!(missing(&["开始日期", "结束日期"]), lacks(Field::Member));
    assert_eq!(missing(&["姓名", "开始日期"]), lacks(Field::EndsOn));
}
