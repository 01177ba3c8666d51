//! What counts as bookings: won deals until the organization chooses orders, never both.

use serde::{Deserialize, Serialize};

use crate::format::Lang;

/// What a fact is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A deal of the pipeline, by the day it was won.
    #[default]
    Deals,
    /// An order, by the day it was placed.
    Orders,
}

impl Source {
    /// Every source.
    pub const ALL: [Self; 2] = [Self::Deals, Self::Orders];

    /// The stored and wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deals => "deals",
            Self::Orders => "orders",
        }
    }

    /// The source of a wire name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == name)
    }

    /// What people read.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Deals => lang.pick("赢单商机", "Won deals"),
            Self::Orders => lang.pick("订单", "Orders"),
        }
    }
}

/// Which amount of an order counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderAmount {
    /// Without tax.
    #[default]
    Net,
    /// With tax and everything else that is paid.
    Gross,
}

impl OrderAmount {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Net, Self::Gross];

    /// The stored and wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Net => "net",
            Self::Gross => "gross",
        }
    }

    /// The amount of a wire name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|amount| amount.as_str() == name)
    }

    /// What people read.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Net => lang.pick("未税金额", "Net amount"),
            Self::Gross => lang.pick("价税合计", "Gross amount"),
        }
    }
}

/// What counts as bookings in an organization.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bookings {
    /// Deals or orders.
    pub from: Source,
    /// Which amount of orders.
    pub order_amount: OrderAmount,
}
