//! From the name in a row to whose number it is.

use std::collections::HashMap;

use domain::id::{MemberId, UnitId};
use domain::import::{Carrier, Field};
use domain::target::NodeRef;

use crate::import::catalog::{Catalog, Noun};
use crate::import::cells::Cells;
use crate::import::refer::Refer;

/// Who leads what: a leader's number is the unit's.
#[derive(Debug)]
pub(super) struct Carriers {
    led: HashMap<MemberId, UnitId>,
}

impl Carriers {
    /// As the catalogue says; of several units the highest counts.
    pub(super) fn of(catalog: &Catalog) -> Self {
        let depth = |unit: UnitId| {
            let mut depth = 0;
            let mut next = Some(unit);
            // A ring is refused where units are imported; the bound is for safety.
            while let Some(id) = next.filter(|_| depth <= catalog.units.len()) {
                depth += 1;
                next = catalog.units.get(&id.0).and_then(|unit| unit.parent);
            }
            (depth, unit)
        };
        let mut led: HashMap<MemberId, UnitId> = HashMap::new();
        for unit in catalog.units.values() {
            if let Some(manager) = unit.manager {
                let highest = led.entry(manager).or_insert(unit.id);
                if depth(unit.id) < depth(*highest) {
                    *highest = unit.id;
                }
            }
        }
        Self { led }
    }

    /// Whose number a row is; `None` with a problem noted where it names nobody.
    pub(super) fn of_row(
        &self,
        carrier: &Carrier<'_>,
        catalog: &mut Catalog,
        refer: &mut Refer,
        cells: &mut Cells<'_>,
    ) -> Option<NodeRef> {
        let (field, name) = match carrier {
            Carrier::Member(name) => (Field::Member, *name),
            Carrier::Unit(name) => (Field::Unit, *name),
        };
        let before = cells.problems.len();
        cells.words(field);
        if cells.problems.len() > before {
            return None;
        }
        let meant = refer.chosen(field, name).unwrap_or(name).to_owned();
        let member = catalog.exactly(Noun::Member, &meant);
        let unit = catalog.exactly(Noun::Unit, &meant);
        match (carrier, member, unit) {
            // A column of people may name units as well, and the other way round.
            (Carrier::Member(_), None, Some(unit)) => Some(NodeRef::Unit(UnitId(unit))),
            (Carrier::Unit(_), Some(member), None) => Some(self.stands_for(MemberId(member))),
            (Carrier::Member(_), ..) => {
                let id = refer.to(catalog, Noun::Member, field, name, cells)?;
                Some(self.stands_for(MemberId(id)))
            }
            (Carrier::Unit(_), ..) => {
                let id = refer.to(catalog, Noun::Unit, field, name, cells)?;
                Some(NodeRef::Unit(UnitId(id)))
            }
        }
    }

    fn stands_for(&self, member: MemberId) -> NodeRef {
        self.led
            .get(&member)
            .map_or(NodeRef::Member(member), |unit| NodeRef::Unit(*unit))
    }
}
