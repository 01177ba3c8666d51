//! What a market factor can be about, beside where: a product, a product category, a channel; and what it then changes.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::{CategoryId, ChannelId, FactorId, ProductId};
use crate::money::Minor;

/// A part of what a branch sells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "thing", content = "id")]
pub enum Thing {
    /// All products of a category.
    Category(CategoryId),
    /// A product.
    Product(ProductId),
    /// What comes by a channel.
    Channel(ChannelId),
}

impl Thing {
    /// The stored and wire name of its kind.
    pub fn kind(self) -> ThingKind {
        match self {
            Self::Category(_) => ThingKind::Category,
            Self::Product(_) => ThingKind::Product,
            Self::Channel(_) => ThingKind::Channel,
        }
    }

    /// Its id among those of its kind.
    pub fn id(self) -> Uuid {
        match self {
            Self::Category(id) => id.0,
            Self::Product(id) => id.0,
            Self::Channel(id) => id.0,
        }
    }
}

/// What kind of part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThingKind {
    /// A product category.
    Category,
    /// A product.
    Product,
    /// A channel.
    Channel,
}

impl ThingKind {
    /// All, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Category, Self::Product, Self::Channel];

    /// The wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Product => "product",
            Self::Channel => "channel",
        }
    }

    /// The thing of this kind with an id.
    pub fn thing(self, id: Uuid) -> Thing {
        match self {
            Self::Category => Thing::Category(id.into()),
            Self::Product => Thing::Product(id.into()),
            Self::Channel => Thing::Channel(id.into()),
        }
    }
}

/// A thing as it is offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedThing {
    /// Which.
    pub of: Thing,
    /// What it is called.
    pub name: String,
}

/// What a factor changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The factor.
    pub factor: FactorId,
    /// What it adds to P50 of the planned span, after its weight; below zero where it takes away.
    pub amount: Minor,
    /// What of it falls on nothing: below zero where more would be taken away than is expected. The amount is without it.
    #[serde(default)]
    pub cut: Minor,
    /// For a factor on a product, category or channel: which part of what is expected of the branch it is about, in
    /// millionths; none for a factor on all of it.
    #[serde(default)]
    pub share_ppm: Option<u32>,
}
