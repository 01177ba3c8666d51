//! Units and members. A list of members with managers and offices makes the tree in one go.

mod teams;

use std::collections::HashMap;

use domain::calendar::Day;
use domain::id::{MemberId, UnitId};
use domain::import::{Field, Problem, Reason};
use store::assignment::WHOLE_PPM;
use uuid::Uuid;

use super::{Outcome, find, once, outcome};
use crate::import::catalog::{Catalog, Meaning, Noun, exact};
use crate::import::cells::{Cell, Cells};
use crate::import::refer::Refer;
pub(super) use teams::{Teams, nest};
use teams::{led_at, place};

/// Which unit a unit is to lie below, as its row says.
#[derive(Debug)]
pub(super) struct Parent {
    row: u64,
    header: String,
    unit: UnitId,
    name: String,
}

/// One unit; its parent may stand further down and is settled at the end.
pub(super) fn unit(
    cells: &mut Cells<'_>,
    catalog: &mut Catalog,
    refer: &mut Refer,
    met: &mut HashMap<String, u64>,
    parents: &mut Vec<Parent>,
) -> Option<Outcome> {
    let name = cells.required(Field::Name)?.to_owned();
    let code = cells.cell(Field::ExternalId).map(str::to_owned);
    let level = cells.cell(Field::Level).map(level);
    let starts_on = cells.day(Field::StartsOn);
    let ends_on = cells.day(Field::EndsOn);
    if let (Cell::Set(starts), Cell::Set(ends)) = (&starts_on, &ends_on)
        && ends < starts
    {
        let reason = Reason::EndsBeforeStart {
            starts_on: starts.to_string(),
            ends_on: ends.to_string(),
        };
        cells.wrong(Field::EndsOn, reason, None);
    }
    let manager = match cells.cell(Field::Manager) {
        Cell::Keep => Cell::Keep,
        Cell::Clear => Cell::Clear,
        Cell::Set(name) => match refer.to(catalog, Noun::Member, Field::Manager, name, cells) {
            Some(id) => Cell::Set(MemberId(id)),
            None => Cell::Keep,
        },
    };
    let number = if let Cell::Set(code) = &code {
        code.clone()
    } else {
        String::new()
    };
    once(
        cells,
        met,
        Field::Name,
        exact(if number.is_empty() { &name } else { &number }),
    )?;
    if !cells.problems.is_empty() {
        return None;
    }
    let (id, made) = match find(catalog, Noun::Unit, &number, &name) {
        Some(id) => (UnitId(id), false),
        None => (catalog.make_unit(&name, "region", catalog.root), true),
    };
    let mut unit = catalog.units.get(&id.0)?.clone();
    if unit.name != name {
        unit.pinyin = crate::pinyin_key(&name);
        unit.name = name;
    }
    unit.code = code.over(unit.code);
    if unit.parent.is_some()
        && let Cell::Set(level) = level
    {
        unit.level = level;
    }
    unit.manager = manager.over(unit.manager);
    if let Cell::Set(starts_on) = starts_on {
        unit.starts_on = starts_on;
    }
    // The file names the last day, the store the first day it is no more.
    unit.ends_on = ends_on.map(|day| day.plus(1)).over(unit.ends_on);
    let changed = catalog.put_unit(unit);
    let parent = cells.text(Field::Parent);
    if !parent.is_empty() {
        parents.push(Parent {
            row: cells.number(),
            header: Field::Parent.as_str().to_owned(),
            unit: id,
            name: parent.to_owned(),
        });
    }
    Some(outcome(made, changed))
}

/// The usual words for the levels; others stay as they are.
fn level(text: &str) -> String {
    match exact(text).as_str() {
        "公司" | "集团" | "总部" | "company" => "company".to_owned(),
        "区域" | "大区" | "地区" | "region" => "region".to_owned(),
        "分公司" | "办事处" | "branch" | "office" => "branch".to_owned(),
        "团队" | "小组" | "组" | "team" => "team".to_owned(),
        other => other.to_owned(),
    }
}

/// Hangs units below their parents; what names nobody or makes a ring is a problem.
pub(super) fn settle(parents: Vec<Parent>, catalog: &mut Catalog) -> Vec<Problem> {
    let mut problems = Vec::new();
    for Parent {
        row,
        header,
        unit,
        name,
    } in parents
    {
        let mut wrong = |reason, suggestion| {
            problems.push(Problem::cell(row, &header, Field::Parent, &name, reason).suggesting(suggestion));
        };
        let parent = match catalog.meaning(Noun::Unit, &name) {
            Meaning::Known(id) | Meaning::Alias { id, .. } => UnitId(id),
            Meaning::Ambiguous(matches) => {
                wrong(
                    Reason::AmbiguousReference {
                        noun: domain::import::Noun::Unit,
                        matches,
                    },
                    None,
                );
                continue;
            }
            Meaning::Unknown(suggestion) => {
                wrong(
                    Reason::UnknownReference {
                        noun: domain::import::Noun::Unit,
                    },
                    suggestion,
                );
                continue;
            }
        };
        let mut path = vec![unit];
        let mut above = Some(parent);
        while let Some(id) = above {
            if path.contains(&id) {
                break;
            }
            path.push(id);
            above = catalog.units.get(&id.0).and_then(|unit| unit.parent);
        }
        if let Some(ring) = above {
            path.push(ring);
            let names: Vec<&str> = path.iter().map(|id| catalog.shown(Noun::Unit, id.0)).collect();
            wrong(
                Reason::Cycle {
                    path: names.join(" → "),
                },
                None,
            );
            continue;
        }
        if let Some(mut below) = catalog.units.get(&unit.0).cloned()
            && below.parent.is_some()
        {
            below.parent = Some(parent);
            catalog.put_unit(below);
        }
    }
    problems
}

/// One member: below the team of the manager, which lies below the office; both are made where they are missing.
pub(super) fn member(
    cells: &mut Cells<'_>,
    catalog: &mut Catalog,
    refer: &mut Refer,
    met: &mut HashMap<String, u64>,
    teams: &mut Teams,
    today: Day,
) -> Option<Outcome> {
    let name = cells.required(Field::Name)?.to_owned();
    let external_id = cells.cell(Field::ExternalId).map(str::to_owned);
    let email = cells.cell(Field::Email).map(str::to_lowercase);
    if let Cell::Set(address) = &email
        && !address
            .split_once('@')
            .is_some_and(|(user, host)| !user.is_empty() && host.contains('.'))
    {
        cells.wrong(Field::Email, Reason::Email, None);
    }
    let hired_on = cells.day(Field::HiredOn);
    let left_on = cells.day(Field::LeftOn);
    if let (Cell::Set(hired), Cell::Set(left)) = (&hired_on, &left_on)
        && left < hired
    {
        let reason = Reason::EndsBeforeStart {
            starts_on: hired.to_string(),
            ends_on: left.to_string(),
        };
        cells.wrong(Field::LeftOn, reason, None);
    }
    let share_ppm = match cells.text(Field::Share) {
        "" => WHOLE_PPM,
        text => match domain::money::parse_share(text) {
            Ok(share) if share > 0 => share,
            _ => {
                cells.wrong(Field::Share, Reason::Percentage, None);
                return None;
            }
        },
    };
    let number = if let Cell::Set(number) = &external_id {
        number.clone()
    } else {
        String::new()
    };
    let mut meant = |field| {
        let name = cells.words(field);
        refer.chosen(field, name).unwrap_or(name).to_owned()
    };
    let (office, manager) = (meant(Field::Unit), meant(Field::Manager));
    let key = exact(if number.is_empty() { &name } else { &number });
    // The shares of one person stand in one row for each unit.
    let key = if share_ppm < WHOLE_PPM {
        format!("{key}\u{1f}{office}\u{1f}{manager}")
    } else {
        key
    };
    once(cells, met, Field::Name, key)?;
    if !cells.problems.is_empty() {
        return None;
    }
    let (id, made) = match known(cells, catalog, &number, &name) {
        Ok(Some(id)) => (MemberId(id), false),
        Ok(None) => (
            catalog.make_member(&name, (!number.is_empty()).then_some(number.as_str())),
            true,
        ),
        Err(()) => return None,
    };
    let mut member = catalog.members.get(&id.0)?.clone();
    if member.name != name {
        member.pinyin = crate::pinyin::person_key(&name);
        member.name = name;
    }
    member.external_id = external_id.over(member.external_id);
    member.email = email.over(member.email);
    member.hired_on = hired_on.over(member.hired_on);
    member.left_on = left_on.map(|day| day.plus(1)).over(member.left_on);
    let mut changed = catalog.put_member(member);
    if !office.is_empty() || !manager.is_empty() {
        let unit = place(cells, catalog, refer, teams, &office, &manager)?;
        if !manager.is_empty() {
            teams.report(id, unit);
        }
        let home = led_at(catalog, id, unit).unwrap_or(unit);
        changed |= catalog.assign(id, home, share_ppm, today);
    } else if made {
        let root = catalog.root;
        catalog.assign(id, root, WHOLE_PPM, today);
    }
    // Who was only named so far is made by this row.
    Some(outcome(made || teams.was_foretold(id), changed))
}

/// The member a row means: by number, else by name unless two bear it.
fn known(cells: &mut Cells<'_>, catalog: &Catalog, number: &str, name: &str) -> Result<Option<Uuid>, ()> {
    if !number.is_empty() {
        if let Meaning::Known(id) = catalog.plain_meaning(Noun::Member, number) {
            return Ok(Some(id));
        }
        // A known name with another number is another person.
        return Ok(match catalog.plain_meaning(Noun::Member, name) {
            Meaning::Known(id)
                if catalog
                    .members
                    .get(&id)
                    .is_some_and(|it| it.external_id.is_none()) =>
            {
                Some(id)
            }
            _ => None,
        });
    }
    match catalog.plain_meaning(Noun::Member, name) {
        Meaning::Known(id) => Ok(Some(id)),
        Meaning::Ambiguous(matches) => {
            let reason = Reason::AmbiguousReference {
                noun: domain::import::Noun::Member,
                matches,
            };
            cells.wrong(Field::Name, reason, None);
            Err(())
        }
        Meaning::Alias { .. } | Meaning::Unknown(_) => Ok(None),
    }
}
