//! The pure half of the importer: which kind a file is, which column is which field, what a cell means, what is wrong with
//! a row and how to say so. Reading files, looking up references and writing rows happen elsewhere.

mod field;
mod header;
mod mapping;
mod options;
mod problem;
mod report;
pub mod similar;
mod target;
mod view;
mod wide;

use serde::{Deserialize, Serialize};

use crate::format::Lang;

pub use field::{Field, FieldSpec, Need, fields, spec};
pub(crate) use header::half_width;
pub use header::{guess_kind, map_columns, normalize, remap};
pub use mapping::{ColumnMatch, Mapping, MappingProblem, Role};
pub use options::{Blank, DateFormat, Encoding, Layout, OnMissing, Options, OptionsError};
pub use problem::{FileProblem, Noun, Problem, Reason, Suggestion};
pub use report::{Counts, MonthTotal, Report, Status, Totals};
pub use target::{Carrier, NoAmount, RefusedTargetRow, TargetAmount, TargetRow, TargetSheet};
pub use view::{Choices, Failure, FileView, Finding, Fix, Landing, LeftOut, View, Withheld};
pub(crate) use wide::month_name;
pub use wide::{PeriodHeader, period_header, value_period};

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Units of the organisation tree.
    Units,
    /// People, with the unit and the manager they belong to.
    Members,
    /// Products with their category.
    Products,
    /// Customers.
    Accounts,
    /// Deals.
    Opportunities,
    /// Orders, with or without their lines.
    Orders,
    /// What a market is worth: of a unit, a product or a customer in a period.
    Potential,
    /// What somebody is capable of from a day on.
    Capability,
    /// Days on which somebody is away.
    Leave,
    /// Targets, long or wide.
    Targets,
}

impl Kind {
    /// Every kind in the order in which files that refer to each other must be imported.
    pub const ALL: [Self; 10] = [
        Self::Units,
        Self::Members,
        Self::Products,
        Self::Accounts,
        Self::Opportunities,
        Self::Orders,
        Self::Potential,
        Self::Capability,
        Self::Leave,
        Self::Targets,
    ];

    /// The wire and command-line name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Units => "units",
            Self::Members => "members",
            Self::Products => "products",
            Self::Accounts => "accounts",
            Self::Opportunities => "opportunities",
            Self::Orders => "orders",
            Self::Potential => "potential",
            Self::Capability => "capability",
            Self::Leave => "leave",
            Self::Targets => "targets",
        }
    }

    /// The kind of a wire name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// What people read.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Units => lang.pick("部门", "Units"),
            Self::Members => lang.pick("成员", "Members"),
            Self::Products => lang.pick("产品", "Products"),
            Self::Accounts => lang.pick("客户", "Accounts"),
            Self::Opportunities => lang.pick("商机", "Opportunities"),
            Self::Orders => lang.pick("订单", "Orders"),
            Self::Potential => lang.pick("市场潜力", "Market potential"),
            Self::Capability => lang.pick("销售能力", "Capability"),
            Self::Leave => lang.pick("休假", "Leave"),
            Self::Targets => lang.pick("目标", "Targets"),
        }
    }
}
