//! The fields of each kind of file, with the headers that other systems give them.

mod synonyms;

use serde::{Deserialize, Serialize};

use crate::format::Lang;
use crate::import::{Kind, normalize};

pub use synonyms::{fields, spec};

/// Declares the fields once: variant, wire name, Chinese label, English label.
macro_rules! field_names {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $zh:literal, $en:literal;)+) => {
        /// Something a column can be mapped to.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Field {
            $($(#[$doc])* $variant,)+
        }

        impl Field {
            /// Every field of every kind.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The wire name, used in `mapping` and `aliases`.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// What people read.
            pub fn label(self, lang: Lang) -> &'static str {
                match self {
                    $(Self::$variant => lang.pick($zh, $en),)+
                }
            }
        }
    };
}

field_names! {
    /// The source system's key of the row.
    ExternalId = "external_id", "编号", "ID";
    /// The name of what the row is about.
    Name = "name", "名称", "Name";
    /// The unit above, or the company an account belongs to.
    Parent = "parent", "上级", "Parent";
    /// `company`, `region`, `branch`, `team` or a word of one's own.
    Level = "level", "层级", "Level";
    /// The member who leads.
    Manager = "manager", "主管", "Manager";
    /// A node of the tree, by name or code.
    Unit = "unit", "部门", "Unit";
    /// Email address.
    Email = "email", "邮箱", "Email";
    /// First day of a unit or a membership.
    StartsOn = "starts_on", "开始日期", "Starts on";
    /// Last day, inclusive.
    EndsOn = "ends_on", "结束日期", "Ends on";
    /// First working day of a person.
    HiredOn = "hired_on", "入职日期", "Hired on";
    /// Last working day of a person, inclusive.
    LeftOn = "left_on", "离职日期", "Left on";
    /// Share of a membership, a percentage.
    Share = "share", "占比", "Share";
    /// Product category, line or series.
    Category = "category", "产品类别", "Category";
    /// List price.
    Price = "price", "价格", "Price";
    /// What the customer's business is.
    Industry = "industry", "行业", "Industry";
    /// The customer's own yearly revenue, in the file's unit.
    Revenue = "revenue", "年收入", "Revenue";
    /// The customer's number of employees.
    Employees = "employees", "员工人数", "Employees";
    /// The year the customer was founded.
    FoundedYear = "founded_year", "成立年份", "Founded";
    /// Where the customer is.
    Location = "location", "地区", "Location";
    /// The person credited or who carries the target.
    Member = "member", "成员", "Member";
    /// A product by name or number.
    Product = "product", "产品", "Product";
    /// A customer by name or number.
    Account = "account", "客户", "Account";
    /// Stage of the pipeline.
    Stage = "stage", "销售阶段", "Stage";
    /// The day a deal began.
    CreatedOn = "created_on", "开始日期", "Created on";
    /// The day a deal was won or lost.
    ClosedOn = "closed_on", "关闭日期", "Closed on";
    /// Money.
    Amount = "amount", "金额", "Amount";
    /// Probability of winning, a percentage.
    Probability = "probability", "赢率", "Probability";
    /// The channel a deal came by.
    Channel = "channel", "渠道", "Channel";
    /// The day an order was placed.
    OrderedOn = "ordered_on", "下单日期", "Ordered on";
    /// An order's amount without tax.
    Net = "net", "未税金额", "Net amount";
    /// An order's tax.
    Tax = "tax", "税额", "Tax";
    /// What an order's gross amount holds besides net amount and tax: freight and the like.
    Other = "other", "其他费用", "Other charges";
    /// An order's amount with tax and everything else that is paid.
    Gross = "gross", "价税合计", "Gross amount";
    /// A word for an order that was cancelled; every other word means that it holds.
    OrderStatus = "order_status", "订单状态", "Order status";
    /// The number of a line within its order.
    Line = "line", "行号", "Line number";
    /// How much of a product.
    Quantity = "quantity", "数量", "Quantity";
    /// Where a figure comes from.
    Source = "source", "数据来源", "Source";
    /// The day a figure was noted.
    NotedOn = "noted_on", "记录日期", "Noted on";
    /// Money a month that somebody is capable of.
    Figure = "figure", "月能力", "Monthly figure";
    /// What somebody is capable of in percent of what is usual.
    Rating = "rating", "能力评分", "Rating";
    /// Who says so.
    AssessedBy = "assessed_by", "评估人", "Assessed by";
    /// The first day somebody is back.
    BackOn = "back_on", "返岗日期", "Back on";
    /// Why somebody is away.
    LeaveType = "leave_type", "休假类型", "Leave type";
    /// What else is to be known of a row.
    Note = "note", "备注", "Note";
    /// ISO 4217 code of the row's amounts.
    Currency = "currency", "币种", "Currency";
    /// A period: `2017-03`, `2017-Q1`, `2017`, `Mar 2017`, `2017年3月`.
    Period = "period", "周期", "Period";
    /// A year that completes month columns or a month.
    Year = "year", "年份", "Year";
    /// A month that a `year` column completes.
    Month = "month", "月份", "Month";
    /// Metric key or name.
    Metric = "metric", "指标", "Metric";
}

impl std::fmt::Display for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Field {
    /// The fields whose cells name something that may be called differently elsewhere: those of the option `aliases`.
    pub const ALIASED: [Self; 9] = [
        Self::Member,
        Self::Manager,
        Self::Unit,
        Self::Product,
        Self::Category,
        Self::Account,
        Self::Channel,
        Self::Stage,
        Self::OrderStatus,
    ];

    /// The field of a kind that a name means: the wire name, a label, or a synonym.
    pub fn parse(kind: Kind, name: &str) -> Option<Self> {
        let wanted = normalize(name);
        let list = fields(kind);
        list.iter()
            .find(|spec| spec.field.as_str() == name)
            .or_else(|| list.iter().find(|spec| spec.knows(&wanted)))
            .map(|spec| spec.field)
    }
}

/// One field of a kind.
#[derive(Clone, Copy, Debug)]
pub struct FieldSpec {
    /// The field.
    pub field: Field,
    /// Whether a file without such a column cannot be imported.
    pub need: Need,
    /// Headers that mean it, separated by `|`; compared after `normalize`.
    synonyms: &'static str,
}

/// Whether a column must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Must.
    Required,
    /// May.
    Optional,
}

impl FieldSpec {
    /// The headers that mean it, beside its name and labels.
    pub fn synonyms(&self) -> impl Iterator<Item = &'static str> {
        self.synonyms.split('|').map(str::trim)
    }

    /// Whether a normalised header means this field.
    pub(super) fn knows(&self, normalized: &str) -> bool {
        let names = [
            self.field.as_str(),
            self.field.label(Lang::ZhCn),
            self.field.label(Lang::En),
        ];
        !normalized.is_empty()
            && names
                .into_iter()
                .chain(self.synonyms())
                .any(|word| normalize(word) == normalized)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn within_a_kind_no_header_means_two_fields() {
        for kind in Kind::ALL {
            let mut seen: std::collections::BTreeMap<String, Field> = std::collections::BTreeMap::new();
            for spec in fields(kind) {
                for word in spec.synonyms() {
                    if let Some(other) = seen.insert(normalize(word), spec.field) {
                        assert_eq!(other, spec.field, "{kind:?}: {word}");
                    }
                    assert_eq!(Field::parse(kind, word), Some(spec.field), "{kind:?}: {word}");
                }
                assert_eq!(Field::parse(kind, spec.field.as_str()), Some(spec.field));
            }
        }
    }

    #[test]
    fn names_and_fields_agree() {
        for &field in Field::ALL {
            let json = serde_json::to_value(field).unwrap();
            assert_eq!(json, field.as_str());
        }
    }
}
