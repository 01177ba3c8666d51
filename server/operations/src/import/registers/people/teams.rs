//! The teams that a list of members makes: one for each manager, below the office or the team of the manager's own manager.

use std::collections::HashSet;

use domain::id::{MemberId, UnitId};
use domain::import::Field;
use store::assignment::WHOLE_PPM;
use uuid::Uuid;

use super::known;
use crate::import::catalog::{Catalog, Meaning, Noun};
use crate::import::cells::Cells;
use crate::import::refer::Refer;

/// What the rows of a list of members say about teams, settled when every team is known.
#[derive(Debug, Default)]
pub(in crate::import::registers) struct Teams {
    reports: Vec<Report>,
    /// Who was made because a row names them as manager; their own row may follow.
    foretold: HashSet<MemberId>,
}

/// Whom a row puts into the team of a manager.
#[derive(Clone, Copy, Debug)]
struct Report {
    member: MemberId,
    team: UnitId,
}

impl Teams {
    /// Notes that a row puts a member into the team of a manager.
    pub(super) fn report(&mut self, member: MemberId, team: UnitId) {
        self.reports.push(Report { member, team });
    }

    /// Whether a member was made only because a row names them as manager; asked once, by their own row.
    pub(super) fn was_foretold(&mut self, member: MemberId) -> bool {
        self.foretold.remove(&member)
    }
}

/// Hangs the team that a manager leads below the team of that manager's own manager, which a row may have told before the
/// team was there; and names teams after their leaders, whom other rows may have called by their numbers.
pub(in crate::import::registers) fn nest(teams: Teams, catalog: &mut Catalog) {
    for Report { member, team } in teams.reports {
        let Some(office) = catalog.units.get(&team.0).map(|team| team.parent) else {
            continue;
        };
        let beside = led_at(catalog, member, team).filter(|led| {
            let led = catalog.units.get(&led.0);
            led.is_some_and(|led| led.parent == office)
        });
        if let Some(led) = beside {
            let ring = std::iter::successors(Some(team), |id| {
                catalog.units.get(&id.0).and_then(|unit| unit.parent)
            })
            .take(catalog.units.len() + 1)
            .any(|above| above == led);
            if let (false, Some(mut unit)) = (ring, catalog.units.get(&led.0).cloned()) {
                unit.parent = Some(team);
                catalog.put_unit(unit);
                // Who leads belongs to the own team, which hangs where the row said.
                catalog.rehome(member, team, led);
            }
        }
    }
    let made: Vec<UnitId> = catalog.changes.units.iter().map(|unit| unit.id).collect();
    for id in made {
        let Some(mut unit) = catalog.units.get(&id.0).cloned() else {
            continue;
        };
        let leader = unit.manager.and_then(|leader| catalog.members.get(&leader.0));
        if let Some(leader) = leader
            && leader.name != unit.name
            && leader.external_id.as_deref() == Some(unit.name.as_str())
        {
            unit.name.clone_from(&leader.name);
            unit.pinyin.clone_from(&leader.pinyin);
            catalog.put_unit(unit);
        }
    }
}

/// The team that a member leads below another team or beside it.
pub(super) fn led_at(catalog: &Catalog, member: MemberId, team: UnitId) -> Option<UnitId> {
    let office = catalog.units.get(&team.0)?.parent;
    catalog
        .units
        .values()
        .filter(|unit| unit.manager == Some(member) && unit.id != team)
        .filter(|unit| unit.parent.is_some() && (unit.parent == Some(team) || unit.parent == office))
        .map(|unit| unit.id)
        .min()
}

/// The unit a member belongs to.
pub(super) fn place(
    cells: &mut Cells<'_>,
    catalog: &mut Catalog,
    refer: &mut Refer,
    teams: &mut Teams,
    office: &str,
    manager: &str,
) -> Option<UnitId> {
    let office = match (office, catalog.meaning(Noun::Unit, office)) {
        ("", _) => catalog.root,
        (_, Meaning::Known(id)) => UnitId(id),
        (_, Meaning::Unknown(None)) => catalog.make_unit(office, "region", catalog.root),
        // A near name, or several: the person decides, as with any reference; a list of members may make offices.
        (_, Meaning::Unknown(Some(_)) | Meaning::Alias { .. }) => {
            UnitId(refer_or_make(cells, catalog, refer, office)?)
        }
        (_, Meaning::Ambiguous(_)) => UnitId(refer.to(catalog, Noun::Unit, Field::Unit, office, cells)?),
    };
    if manager.is_empty() {
        return Some(office);
    }
    let leader = match known(cells, catalog, "", manager) {
        Ok(Some(id)) => MemberId(id),
        Ok(None) => {
            let leader = catalog.make_member(manager, None);
            teams.foretold.insert(leader);
            leader
        }
        Err(()) => return None,
    };
    // The team may hang below that of the leader's own manager by now.
    let within = |unit: UnitId| {
        let path = std::iter::successors(Some(unit), |id| {
            catalog.units.get(&id.0).and_then(|unit| unit.parent)
        });
        path.take(catalog.units.len() + 1)
            .position(|above| above == office)
    };
    let led = catalog
        .units
        .values()
        .filter(|unit| unit.manager == Some(leader))
        .filter_map(|unit| Some((within(unit.id)?, unit.id)))
        .min()
        .map(|(_, id)| id);
    let team = if let Some(team) = led {
        team
    } else {
        // The leader may be called by a number here.
        let name = catalog
            .members
            .get(&leader.0)
            .map_or_else(|| manager.to_owned(), |leader| leader.name.clone());
        let team = catalog.make_unit(&name, "team", office);
        let mut unit = catalog.units.get(&team.0)?.clone();
        unit.manager = Some(leader);
        catalog.put_unit(unit);
        team
    };
    if !catalog.assignments.contains_key(&leader) {
        catalog.assign(leader, team, WHOLE_PPM, crate::BEGINNING);
    }
    Some(team)
}

fn refer_or_make(
    cells: &mut Cells<'_>,
    catalog: &mut Catalog,
    refer: &mut Refer,
    office: &str,
) -> Option<Uuid> {
    match catalog.meaning(Noun::Unit, office) {
        Meaning::Alias { .. } => refer.to(catalog, Noun::Unit, Field::Unit, office, cells),
        _ => Some(catalog.make_unit(office, "region", catalog.root).0),
    }
}
