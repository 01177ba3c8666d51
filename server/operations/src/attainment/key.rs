//! Keys of rows: whom or what a sum counts for, and who appears with zero.

use std::cmp::Ordering;
use std::collections::HashMap;

use domain::calendar::{Day, Fiscal, Period};
use domain::id::{CategoryId, MemberId, UnitId};
use domain::metric::{AttainmentQuery, Dimension};
use store::Session;
use store::attainment::{Piece, Time};
use store::rollup;
use store::unit::Unit;
use uuid::Uuid;

use crate::{Error, Scope};

/// One key of a row. Ordered by `order`, then name, then id, so that rows come in a stable, readable order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Keyed {
    pub(super) dimension: Dimension,
    pub(super) id: String,
    pub(super) name: String,
    /// Pinyin of a name, or the position of a piece of time.
    order: String,
    pub(super) what: What,
}

/// What a key stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    Member(MemberId),
    Unit(UnitId),
    Manager(MemberId),
    Time(Day, Day),
    Thing,
}

impl PartialOrd for Keyed {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Keyed {
    fn cmp(&self, other: &Self) -> Ordering {
        (&self.order, &self.name, &self.id).cmp(&(&other.order, &other.name, &other.id))
    }
}

/// Which thing of a fact a dimension is about.
pub(super) fn other_of(dimension: &Dimension) -> Option<rollup::Dimension> {
    match dimension {
        Dimension::Product | Dimension::Category => Some(rollup::Dimension::Product),
        Dimension::Account => Some(rollup::Dimension::Account),
        Dimension::Channel => Some(rollup::Dimension::Channel),
        _ => None,
    }
}

/// A name with its order.
#[derive(Clone, Debug)]
struct Named {
    name: String,
    pinyin: String,
}

/// Everybody and everything that may appear, with names.
pub(super) struct Cast {
    by: Vec<Dimension>,
    pub(super) units: HashMap<UnitId, Unit>,
    seen_units: Vec<UnitId>,
    members: HashMap<MemberId, Named>,
    present: Vec<MemberId>,
    things: HashMap<Uuid, Named>,
    categories: HashMap<Uuid, (CategoryId, Named)>,
    periods: Vec<Period>,
    from: Day,
    to: Day,
}

impl Cast {
    pub(super) async fn load(
        reader: &impl Session,
        scope: &Scope,
        query: &AttainmentQuery,
        fiscal: Fiscal,
    ) -> Result<Self, Error> {
        // The whole tree, because a sum climbs it; what is shown is decided by the reach.
        let all = Scope::system(scope.organization, "tree");
        let units: HashMap<UnitId, Unit> = store::unit::list(reader, &all, None)
            .await?
            .into_iter()
            .map(|unit| (unit.id, unit))
            .collect();
        let seen_units = units
            .keys()
            .copied()
            .filter(|unit| scope.sees_unit(*unit))
            .collect();
        let mut members = HashMap::new();
        let mut present = Vec::new();
        for member in store::member::list(reader, scope).await? {
            if member.left_on.is_none_or(|left| left > query.from) {
                present.push(member.id);
            }
            members.insert(
                member.id,
                Named {
                    name: member.name,
                    pinyin: member.pinyin,
                },
            );
        }
        let (mut things, mut categories) = (HashMap::new(), HashMap::new());
        for dimension in &query.by {
            match dimension {
                Dimension::Product => {
                    for product in store::product::list(reader, scope).await? {
                        things.insert(
                            product.id.0,
                            Named {
                                name: product.name,
                                pinyin: product.pinyin,
                            },
                        );
                    }
                }
                Dimension::Category => {
                    let names: HashMap<CategoryId, Named> = store::product::categories(reader, scope)
                        .await?
                        .into_iter()
                        .map(|category| {
                            (
                                category.id,
                                Named {
                                    name: category.name,
                                    pinyin: category.pinyin,
                                },
                            )
                        })
                        .collect();
                    for product in store::product::list(reader, scope).await? {
                        if let Some((id, name)) = product
                            .category
                            .and_then(|id| Some((id, names.get(&id)?.clone())))
                        {
                            categories.insert(product.id.0, (id, name));
                        }
                    }
                }
                Dimension::Account => {
                    for account in store::account::list(reader, scope).await? {
                        things.insert(
                            account.id.0,
                            Named {
                                name: account.name,
                                pinyin: account.pinyin,
                            },
                        );
                    }
                }
                Dimension::Channel => {
                    for channel in store::account::channels(reader, scope).await? {
                        things.insert(
                            channel.id.0,
                            Named {
                                name: channel.name,
                                pinyin: channel.pinyin,
                            },
                        );
                    }
                }
                _ => {}
            }
        }
        let periods = query
            .by
            .iter()
            .flat_map(|dimension| super::periods(fiscal, dimension, query.from, query.to))
            .collect();
        Ok(Self {
            by: query.by.clone(),
            units,
            seen_units,
            members,
            present,
            things,
            categories,
            periods,
            from: query.from,
            to: query.to,
        })
    }

    /// What the store cuts time into.
    pub(super) fn time(&self) -> Time {
        super::cuts(
            self.by.iter().find(|dimension| dimension.is_time()),
            &self.periods,
        )
    }

    /// The rows a sum counts for: one for each combination of its keys.
    pub(super) fn keys(&self, piece: &Piece) -> Vec<Vec<Keyed>> {
        let mut rows = vec![Vec::with_capacity(self.by.len())];
        for dimension in &self.by {
            let keys = self.keys_of(dimension, piece);
            rows = rows
                .into_iter()
                .flat_map(|row| {
                    keys.iter()
                        .map(move |key| row.iter().cloned().chain([key.clone()]).collect::<Vec<_>>())
                })
                .collect();
        }
        rows
    }

    /// The rows that appear even with nothing; none where they would be too many, or never end (accounts, days).
    pub(super) fn zero_rows(&self, most: usize) -> Vec<Vec<Keyed>> {
        let mut rows = vec![Vec::with_capacity(self.by.len())];
        for dimension in &self.by {
            let keys = self.zero_keys(dimension);
            if keys.len().saturating_mul(rows.len()) > most {
                return Vec::new();
            }
            rows = rows
                .into_iter()
                .flat_map(|row: Vec<Keyed>| {
                    keys.iter()
                        .map(move |key| row.iter().cloned().chain([key.clone()]).collect())
                })
                .collect();
        }
        rows
    }

    /// The units from one upwards; a circle in the data ends at the number of units.
    pub(super) fn line(&self, unit: UnitId) -> impl Iterator<Item = &Unit> {
        std::iter::successors(self.units.get(&unit), |unit| self.units.get(&unit.parent?))
            .take(self.units.len())
    }

    /// The topmost units that a member leads.
    pub(super) fn led_by(&self, manager: MemberId) -> Vec<UnitId> {
        self.units
            .values()
            .filter(|unit| unit.manager == Some(manager))
            .filter(|unit| {
                !self
                    .line(unit.id)
                    .skip(1)
                    .any(|above| above.manager == Some(manager))
            })
            .map(|unit| unit.id)
            .collect()
    }

    fn keys_of(&self, dimension: &Dimension, piece: &Piece) -> Vec<Keyed> {
        match dimension {
            Dimension::Member => vec![self.member(dimension, piece.member)],
            Dimension::Unit => self
                .line(piece.unit)
                .filter(|unit| self.seen_units.contains(&unit.id))
                .map(|unit| unit_key(dimension, unit))
                .collect(),
            Dimension::UnitLevel(level) => self
                .line(piece.unit)
                .find(|unit| unit.level == *level && self.seen_units.contains(&unit.id))
                .map(|unit| unit_key(dimension, unit))
                .into_iter()
                .collect(),
            Dimension::Manager => {
                let mut managers: Vec<MemberId> =
                    self.line(piece.unit).filter_map(|unit| unit.manager).collect();
                managers.sort_unstable();
                managers.dedup();
                managers
                    .into_iter()
                    .filter(|id| self.members.contains_key(id))
                    .map(|id| self.manager(dimension, id))
                    .collect()
            }
            Dimension::Product | Dimension::Account | Dimension::Channel => {
                vec![thing(dimension, piece.other, self.things.get(&piece.other))]
            }
            Dimension::Category => {
                let category = self.categories.get(&piece.other);
                vec![thing(
                    dimension,
                    category.map(|(id, _)| id.0).unwrap_or_default(),
                    category.map(|(_, name)| name),
                )]
            }
            Dimension::Day => vec![day_key(Day(piece.time))],
            Dimension::Month | Dimension::Quarter | Dimension::Year => usize::try_from(piece.time)
                .ok()
                .and_then(|index| self.periods.get(index))
                .map(|period| self.period_key(dimension, period))
                .into_iter()
                .collect(),
        }
    }

    fn zero_keys(&self, dimension: &Dimension) -> Vec<Keyed> {
        match dimension {
            Dimension::Member => self
                .present
                .iter()
                .map(|id| self.member(dimension, *id))
                .collect(),
            Dimension::Unit => self.seen().map(|unit| unit_key(dimension, unit)).collect(),
            Dimension::UnitLevel(level) => self
                .seen()
                .filter(|unit| unit.level == *level)
                .map(|unit| unit_key(dimension, unit))
                .collect(),
            Dimension::Manager => {
                let mut managers: Vec<MemberId> = self.seen().filter_map(|unit| unit.manager).collect();
                managers.sort_unstable();
                managers.dedup();
                managers
                    .into_iter()
                    .filter(|id| self.members.contains_key(id))
                    .map(|id| self.manager(dimension, id))
                    .collect()
            }
            Dimension::Product => self
                .things
                .iter()
                .map(|(id, name)| thing(dimension, *id, Some(name)))
                .collect(),
            Dimension::Category => {
                let mut keys: Vec<Keyed> = self
                    .categories
                    .values()
                    .map(|(id, name)| thing(dimension, id.0, Some(name)))
                    .collect();
                keys.sort();
                keys.dedup();
                keys
            }
            Dimension::Month | Dimension::Quarter | Dimension::Year => self
                .periods
                .iter()
                .map(|period| self.period_key(dimension, period))
                .collect(),
            Dimension::Account | Dimension::Channel | Dimension::Day => Vec::new(),
        }
    }

    /// Units within reach that exist at some time of the range.
    fn seen(&self) -> impl Iterator<Item = &Unit> {
        self.seen_units
            .iter()
            .filter_map(|id| self.units.get(id))
            .filter(|unit| unit.starts_on < self.to && unit.ends_on.is_none_or(|end| end > self.from))
    }

    fn member(&self, dimension: &Dimension, id: MemberId) -> Keyed {
        named(dimension, id.0, self.members.get(&id), What::Member(id))
    }

    fn manager(&self, dimension: &Dimension, id: MemberId) -> Keyed {
        named(dimension, id.0, self.members.get(&id), What::Manager(id))
    }

    fn period_key(&self, dimension: &Dimension, period: &Period) -> Keyed {
        Keyed {
            dimension: dimension.clone(),
            id: period.name.clone(),
            name: period.name.clone(),
            order: format!("{:010}", i64::from(period.start.0) - i64::from(i32::MIN)),
            what: What::Time(period.start.max(self.from), period.end.min(self.to)),
        }
    }
}

fn day_key(day: Day) -> Keyed {
    Keyed {
        dimension: Dimension::Day,
        id: day.to_string(),
        name: day.to_string(),
        order: format!("{:010}", i64::from(day.0) - i64::from(i32::MIN)),
        what: What::Time(day, day.plus(1)),
    }
}

fn unit_key(dimension: &Dimension, unit: &Unit) -> Keyed {
    Keyed {
        dimension: dimension.clone(),
        id: unit.id.to_string(),
        name: unit.name.clone(),
        order: unit.pinyin.clone(),
        what: What::Unit(unit.id),
    }
}

fn thing(dimension: &Dimension, id: Uuid, name: Option<&Named>) -> Keyed {
    named(dimension, id, name, What::Thing)
}

/// A key with its name; what has no name (a fact without a product) has an empty id and name.
fn named(dimension: &Dimension, id: Uuid, name: Option<&Named>, what: What) -> Keyed {
    let (name, order) = name.map_or_else(Default::default, |named| {
        (named.name.clone(), named.pinyin.clone())
    });
    let id = if id.is_nil() {
        String::new()
    } else {
        id.to_string()
    };
    Keyed {
        dimension: dimension.clone(),
        id,
        name,
        order,
        what,
    }
}
