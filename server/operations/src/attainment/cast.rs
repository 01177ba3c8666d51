//! Everybody and everything that may appear in an answer, and which rows a sum counts for.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::calendar::{Day, Fiscal, Period};
use domain::id::{CategoryId, MemberId, UnitId};
use domain::metric::{AttainmentQuery, Dimension};
use store::Session;
use store::attainment::{Piece, Time};
use store::rollup;
use store::unit::Unit;
use uuid::Uuid;

use super::key::{Keyed, Named, What, day_key, named, period_key, thing, thing_kind, unit_key};
use crate::{Error, Scope};

/// Everybody and everything that may appear, with names.
pub(super) struct Cast {
    pub(super) by: Vec<Dimension>,
    pub(super) units: HashMap<UnitId, Unit>,
    pub(super) seen_units: HashSet<UnitId>,
    pub(super) members: HashMap<MemberId, Named>,
    pub(super) present: Vec<MemberId>,
    led: HashMap<MemberId, Vec<UnitId>>,
    /// Where those present belong in the range; filled where people are crossed with units.
    pub(super) places: Vec<(MemberId, UnitId)>,
    /// What the store cuts by, in its order.
    pub(super) things: Vec<rollup::Dimension>,
    pub(super) names: BTreeMap<rollup::Dimension, HashMap<Uuid, Named>>,
    pub(super) categories: HashMap<Uuid, (CategoryId, Named)>,
    /// The periods of each dimension of time that has some.
    pub(super) periods: BTreeMap<Dimension, Vec<Period>>,
    pub(super) from: Day,
    pub(super) to: Day,
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
        let mut things: Vec<rollup::Dimension> = query.by.iter().filter_map(thing_kind).collect();
        things.dedup();
        let mut cast = Self {
            by: query.by.clone(),
            units,
            seen_units,
            members: HashMap::new(),
            present: Vec::new(),
            led: HashMap::new(),
            places: Vec::new(),
            things,
            names: BTreeMap::new(),
            categories: HashMap::new(),
            periods: BTreeMap::new(),
            from: query.from,
            to: query.to,
        };
        cast.led = cast.leads();
        for member in store::member::list(reader, scope).await? {
            if member.left_on.is_none_or(|left| left > query.from) {
                cast.present.push(member.id);
            }
            let name = Named {
                name: member.name,
                pinyin: member.pinyin,
            };
            cast.members.insert(member.id, name);
        }
        if query.by.contains(&Dimension::Member) && query.by.iter().any(is_of_units) {
            cast.places = places(reader, &all, &cast).await?;
        }
        for dimension in &query.by {
            let periods = super::periods(fiscal, dimension, query.from, query.to);
            if !periods.is_empty() {
                cast.periods.insert(dimension.clone(), periods);
            }
        }
        for of in cast.things.clone() {
            let names = names(reader, scope, of).await?;
            cast.names.insert(of, names);
        }
        if query.by.contains(&Dimension::Category) {
            cast.categories = categories(reader, scope).await?;
        }
        Ok(cast)
    }

    /// A level that is asked for and that no unit of the organization has.
    pub(super) fn strange_level(&self) -> Option<&str> {
        self.by.iter().find_map(|dimension| match dimension {
            Dimension::UnitLevel(level) if self.units.values().all(|unit| unit.level != *level) => {
                Some(level.as_str())
            }
            _ => None,
        })
    }

    /// The levels of the organization, from the top.
    pub(super) fn levels(&self) -> Vec<&str> {
        let mut levels: Vec<(usize, &str)> = self
            .units
            .values()
            .map(|unit| (self.line(unit.id).count(), unit.level.as_str()))
            .collect();
        levels.sort_unstable();
        let mut met = HashSet::new();
        levels
            .into_iter()
            .map(|(_, level)| level)
            .filter(|level| met.insert(*level))
            .collect()
    }

    /// What the store cuts time into: the finest that was asked for.
    pub(super) fn time(&self) -> Time {
        match self.finest() {
            None => Time::Whole,
            Some(Dimension::Day) => Time::Days,
            Some(dimension) => Time::Periods(
                self.periods_of(dimension)
                    .iter()
                    .map(|period| (period.start, period.end))
                    .collect(),
            ),
        }
    }

    /// The rows a sum counts for: one for each combination of its keys.
    pub(super) fn keys(&self, piece: &Piece) -> Vec<Vec<Keyed>> {
        let mut rows = vec![Vec::with_capacity(self.by.len())];
        for dimension in &self.by {
            let keys = self.keys_of(dimension, piece);
            rows = combined(&rows, &keys);
        }
        rows
    }

    /// The units from one upwards; a circle in the data ends at the number of units.
    pub(super) fn line(&self, unit: UnitId) -> impl Iterator<Item = &Unit> {
        std::iter::successors(self.units.get(&unit), |unit| self.units.get(&unit.parent?))
            .take(self.units.len())
    }

    /// Whether a unit is another or lies below it.
    pub(super) fn is_within(&self, unit: UnitId, above: UnitId) -> bool {
        self.line(unit).any(|unit| unit.id == above)
    }

    /// The topmost units that a member leads.
    pub(super) fn led_by(&self, manager: MemberId) -> &[UnitId] {
        self.led.get(&manager).map_or(&[], Vec::as_slice)
    }

    /// Everybody who leads, with the topmost units they do.
    fn leads(&self) -> HashMap<MemberId, Vec<UnitId>> {
        let mut led: HashMap<MemberId, Vec<UnitId>> = HashMap::new();
        for unit in self.units.values() {
            let below_own = |manager| {
                self.line(unit.id)
                    .skip(1)
                    .any(|above| above.manager == Some(manager))
            };
            if let Some(manager) = unit.manager.filter(|manager| !below_own(*manager)) {
                led.entry(manager).or_default().push(unit.id);
            }
        }
        led
    }

    /// The finest dimension of time that was asked for.
    pub(super) fn finest(&self) -> Option<&Dimension> {
        self.by.iter().filter(|dimension| dimension.is_time()).min()
    }

    pub(super) fn periods_of(&self, dimension: &Dimension) -> &[Period] {
        self.periods.get(dimension).map_or(&[], Vec::as_slice)
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
                let id = self.thing_of(dimension, piece);
                let names = thing_kind(dimension).and_then(|of| self.names.get(&of));
                vec![thing(dimension, id, names.and_then(|names| names.get(&id)))]
            }
            Dimension::Category => {
                let category = self.categories.get(&self.thing_of(dimension, piece));
                vec![thing(
                    dimension,
                    category.map(|(id, _)| id.0).unwrap_or_default(),
                    category.map(|(_, name)| name),
                )]
            }
            Dimension::Day | Dimension::Month | Dimension::Quarter | Dimension::Year => {
                self.time_key(dimension, piece.time).into_iter().collect()
            }
        }
    }

    fn thing_of(&self, dimension: &Dimension, piece: &Piece) -> Uuid {
        let place = thing_kind(dimension).and_then(|of| self.things.iter().position(|known| *known == of));
        place.map(|place| piece.things[place]).unwrap_or_default()
    }

    /// The key of a piece of time, which is one of the finest dimension, along a dimension that may be coarser.
    fn time_key(&self, dimension: &Dimension, time: i32) -> Option<Keyed> {
        let finest = self.finest()?;
        let day = if *finest == Dimension::Day {
            Day(time)
        } else {
            self.periods_of(finest).get(usize::try_from(time).ok()?)?.start
        };
        if *dimension == Dimension::Day {
            return Some(day_key(day));
        }
        let periods = self.periods_of(dimension);
        let at = periods
            .partition_point(|period| period.start <= day)
            .checked_sub(1)?;
        periods
            .get(at)
            .map(|period| period_key(dimension, period, (self.from, self.to)))
    }

    pub(super) fn member(&self, dimension: &Dimension, id: MemberId) -> Keyed {
        named(dimension, id.0, self.members.get(&id), What::Member(id))
    }

    pub(super) fn manager(&self, dimension: &Dimension, id: MemberId) -> Keyed {
        named(dimension, id.0, self.members.get(&id), What::Manager(id))
    }
}

/// Every row with every key.
pub(super) fn combined(rows: &[Vec<Keyed>], keys: &[Keyed]) -> Vec<Vec<Keyed>> {
    rows.iter()
        .flat_map(|row| {
            keys.iter()
                .map(|key| row.iter().cloned().chain([key.clone()]).collect())
        })
        .collect()
}

/// Whether the keys of a dimension are units, or led by way of them.
pub(super) fn is_of_units(dimension: &Dimension) -> bool {
    matches!(
        dimension,
        Dimension::Unit | Dimension::UnitLevel(_) | Dimension::Manager
    )
}

/// The units those present belong to at some time of the range; the company for who belongs nowhere, as with credits.
async fn places(reader: &impl Session, all: &Scope, cast: &Cast) -> Result<Vec<(MemberId, UnitId)>, Error> {
    let mut homes: HashMap<MemberId, Vec<UnitId>> = HashMap::new();
    for one in store::assignment::list(reader, all, None).await? {
        if one.starts_on < cast.to && one.ends_on.is_none_or(|end| end > cast.from) && one.share_ppm > 0 {
            homes.entry(one.member).or_default().push(one.unit);
        }
    }
    let company = cast.units.values().find(|unit| unit.parent.is_none());
    let mut places = Vec::with_capacity(cast.present.len());
    for member in &cast.present {
        match homes.get(member) {
            Some(units) => places.extend(units.iter().map(|unit| (*member, *unit))),
            None => places.extend(company.map(|company| (*member, company.id))),
        }
    }
    Ok(places)
}

async fn names(
    reader: &impl Session,
    scope: &Scope,
    of: rollup::Dimension,
) -> Result<HashMap<Uuid, Named>, Error> {
    let named = |id: Uuid, name: String, pinyin: String| (id, Named { name, pinyin });
    Ok(match of {
        rollup::Dimension::Product => store::product::list(reader, scope)
            .await?
            .into_iter()
            .map(|product| named(product.id.0, product.name, product.pinyin))
            .collect(),
        rollup::Dimension::Account => store::account::list(reader, scope)
            .await?
            .into_iter()
            .map(|account| named(account.id.0, account.name, account.pinyin))
            .collect(),
        rollup::Dimension::Channel => store::account::channels(reader, scope)
            .await?
            .into_iter()
            .map(|channel| named(channel.id.0, channel.name, channel.pinyin))
            .collect(),
        rollup::Dimension::Member | rollup::Dimension::Unit => HashMap::new(),
    })
}

/// The category of each product that has one.
async fn categories(
    reader: &impl Session,
    scope: &Scope,
) -> Result<HashMap<Uuid, (CategoryId, Named)>, Error> {
    let names: HashMap<CategoryId, Named> = store::product::categories(reader, scope)
        .await?
        .into_iter()
        .map(|category| {
            let name = Named {
                name: category.name,
                pinyin: category.pinyin,
            };
            (category.id, name)
        })
        .collect();
    Ok(store::product::list(reader, scope)
        .await?
        .into_iter()
        .filter_map(|product| {
            let id = product.category?;
            Some((product.id.0, (id, names.get(&id)?.clone())))
        })
        .collect())
}
