//! Rows as they were understood: typed, checked within themselves, references still names.

use crate::calendar::{Day, Period};
use crate::metric::{MetricKey, Stage};
use crate::money::Fact;

/// What a cell asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cell<T> {
    /// Leave what is stored: there is no such column, or the cell is empty and blanks keep.
    #[default]
    Keep,
    /// Empty what is stored: the cell is empty and blanks clear.
    Clear,
    /// This value.
    Set(T),
}

impl<T> Cell<T> {
    /// The value, where there is one.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }

    /// What is stored afterwards, given what is stored now.
    pub fn over(self, stored: Option<T>) -> Option<T> {
        match self {
            Self::Keep => stored,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }

    /// The same request for a converted value.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Cell<U> {
        match self {
            Self::Keep => Cell::Keep,
            Self::Clear => Cell::Clear,
            Self::Set(value) => Cell::Set(convert(value)),
        }
    }
}

/// A row of any kind. Texts borrow from the file's record or from the aliases.
#[derive(Clone, Debug, PartialEq)]
pub enum Record<'a> {
    /// A unit.
    Unit(UnitRow<'a>),
    /// A member.
    Member(MemberRow<'a>),
    /// A product.
    Product(ProductRow<'a>),
    /// A customer.
    Account(AccountRow<'a>),
    /// A deal.
    Opportunity(OpportunityRow<'a>),
    /// The targets of one carrier.
    Target(TargetRow<'a>),
}

impl Record<'_> {
    /// What must not come twice in a file: the source's key, else the name; for targets each carrier and period is
    /// checked by `TargetRow`'s own keys.
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::Unit(row) => Some(row.external_id.value().unwrap_or(row.name)),
            Self::Member(row) => Some(row.external_id.value().unwrap_or(row.name)),
            Self::Product(row) => Some(row.external_id.value().unwrap_or(row.name)),
            Self::Account(row) => Some(row.external_id.value().unwrap_or(row.name)),
            Self::Opportunity(row) => Some(row.external_id),
            Self::Target(_) => None,
        }
    }
}

/// A row of kind `units`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitRow<'a> {
    /// Code of the source.
    pub external_id: Cell<&'a str>,
    /// Name.
    pub name: &'a str,
    /// Name or code of the unit above.
    pub parent: Cell<&'a str>,
    /// Level word.
    pub level: Cell<&'a str>,
    /// Name of the member who leads.
    pub manager: Cell<&'a str>,
    /// First day.
    pub starts_on: Cell<Day>,
    /// Day after the last day.
    pub ends_on: Cell<Day>,
}

/// A row of kind `members`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberRow<'a> {
    /// Number of the source.
    pub external_id: Cell<&'a str>,
    /// Name.
    pub name: &'a str,
    /// Name of the member's manager; makes a team led by that manager.
    pub manager: Cell<&'a str>,
    /// Name or code of the unit (with a manager: the unit above the team).
    pub unit: Cell<&'a str>,
    /// Email address, small letters as written.
    pub email: Cell<&'a str>,
    /// First working day.
    pub hired_on: Cell<Day>,
    /// Day after the last working day.
    pub left_on: Cell<Day>,
    /// Share of the membership in millionths.
    pub share_ppm: Cell<u32>,
}

/// A row of kind `products`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProductRow<'a> {
    /// SKU or number of the source.
    pub external_id: Cell<&'a str>,
    /// Name.
    pub name: &'a str,
    /// Category name.
    pub category: Cell<&'a str>,
    /// List price.
    pub price: Cell<Fact>,
}

/// A row of kind `accounts`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountRow<'a> {
    /// Number of the source.
    pub external_id: Cell<&'a str>,
    /// Name.
    pub name: &'a str,
    /// Industry.
    pub industry: Cell<&'a str>,
    /// The customer's own revenue as written; the file's unit is its own.
    pub revenue: Cell<Fact>,
    /// Number of employees.
    pub employees: Cell<u32>,
    /// Year founded.
    pub founded_year: Cell<u16>,
    /// Country, city or region.
    pub location: Cell<&'a str>,
    /// Name of the company it belongs to.
    pub parent: Cell<&'a str>,
    /// Name of the member who looks after it.
    pub member: Cell<&'a str>,
    /// Channel it came by.
    pub channel: Cell<&'a str>,
}

/// A row of kind `opportunities`; closed not before created, a won one with date and amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpportunityRow<'a> {
    /// Key of the source.
    pub external_id: &'a str,
    /// Name.
    pub name: Cell<&'a str>,
    /// Name or number of the member credited.
    pub member: &'a str,
    /// Name or number of the product.
    pub product: Cell<&'a str>,
    /// Name or number of the customer.
    pub account: Cell<&'a str>,
    /// Stage; its status says open, won or lost.
    pub stage: Stage,
    /// Day it began.
    pub created_on: Cell<Day>,
    /// Day it was won or lost; of an open deal the day expected.
    pub closed_on: Cell<Day>,
    /// Amount, never negative.
    pub amount: Cell<Fact>,
    /// Probability in millionths.
    pub probability_ppm: Cell<u32>,
    /// Channel.
    pub channel: Cell<&'a str>,
}

/// A row of kind `targets`: one carrier, one (long) or several (wide) periods. A row whose cells are all without a target
/// has no amounts and is not an error.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetRow<'a> {
    /// Name or number of the member; may also be the member who leads a unit.
    pub member: Option<&'a str>,
    /// Name or code of the unit.
    pub unit: Option<&'a str>,
    /// Metric, where a column says so.
    pub metric: Option<MetricKey>,
    /// Period, amount and the position of its column.
    pub amounts: Vec<TargetAmount>,
}

/// The target of one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetAmount {
    /// The period of the organization's fiscal calendar.
    pub period: Period,
    /// The amount, never negative, the file's unit already multiplied in.
    pub amount: Fact,
    /// Position of its column in the file.
    pub column: usize,
}
