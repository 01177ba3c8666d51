//! Units, members and where they belong.

use std::collections::BTreeMap;

use domain::access::Permission;
use domain::calendar::Day;
use domain::event::Event;
use domain::id::{AssignmentId, MemberId, UnitId};
use domain::people::{AssignmentRow, MemberInput, MemberRow, People, Share, UnitInput, UnitRow};
use serde_json::{Value, json};
use store::assignment::{Assignment, WHOLE_PPM};
use store::member::Member;
use store::unit::Unit;
use store::{StoreError, Writer};

use crate::pinyin::person_key;
use crate::scope::{BEGINNING, require};
use crate::{Error, Operations, Scope, audit, clock, input, pinyin_key};

impl Operations {
    /// Units and members within reach, and the users for those who may change them. For owners, planners and managers.
    pub async fn people(&self, scope: &Scope) -> Result<People, Error> {
        require(scope, Permission::ReadPeople)?;
        let reader = self.database.reader();
        let units = store::unit::list(&reader, scope, None).await?;
        let mut of_member: BTreeMap<MemberId, Vec<AssignmentRow>> = BTreeMap::new();
        for assignment in store::assignment::list(&reader, scope, None).await? {
            of_member
                .entry(assignment.member)
                .or_default()
                .push(AssignmentRow {
                    id: assignment.id,
                    unit: assignment.unit,
                    share_ppm: assignment.share_ppm,
                    starts_on: assignment.starts_on,
                    ends_on: assignment.ends_on,
                });
        }
        let members = store::member::list(&reader, scope).await?;
        let users = if scope.may(Permission::ManagePeople) {
            store::user::list(&reader, scope).await?
        } else {
            Vec::new()
        };
        Ok(People {
            units: units.into_iter().map(unit_row).collect(),
            members: members
                .into_iter()
                .map(|member| MemberRow {
                    assignments: of_member.remove(&member.id).unwrap_or_default(),
                    id: member.id,
                    external_id: member.external_id,
                    name: member.name,
                    pinyin: member.pinyin,
                    email: member.email,
                    hired_on: member.hired_on,
                    left_on: member.left_on,
                })
                .collect(),
            users: users.into_iter().map(crate::user::row).collect(),
        })
    }

    /// Makes a unit, there since the beginning, so that facts of every date find it. For owners.
    pub async fn create_unit(&self, scope: &Scope, wanted: UnitInput) -> Result<UnitId, Error> {
        require(scope, Permission::ManagePeople)?;
        let writer = self.database.writer().await?;
        let mut unit = new_unit(Some(wanted.parent), &wanted.level, &wanted.name);
        let id = unit.id;
        let units = store::unit::list(&writer, scope, None).await?;
        shape(&mut unit, &units, &wanted, Some(wanted.parent))?;
        check_manager(&writer, scope, unit.manager).await?;
        store::unit::insert(&writer, scope, &[unit]).await?;
        finish(
            writer,
            scope,
            "unit.create",
            &format!("unit:{id}"),
            &json!({"after": wanted}),
        )
        .await?;
        Ok(id)
    }

    /// Changes name, level, code, leader and place of a unit; the company itself keeps its place. For owners.
    pub async fn update_unit(&self, scope: &Scope, id: UnitId, wanted: UnitInput) -> Result<(), Error> {
        require(scope, Permission::ManagePeople)?;
        let writer = self.database.writer().await?;
        let before = store::unit::get(&writer, scope, id).await?;
        let units = store::unit::list(&writer, scope, None).await?;
        let mut after = before.clone();
        let parent = before.parent.map(|_| wanted.parent);
        shape(&mut after, &units, &wanted, parent)?;
        check_manager(&writer, scope, after.manager).await?;
        store::unit::update(&writer, scope, &after).await?;
        let detail = json!({"before": unit_row(before), "after": unit_row(after)});
        finish(writer, scope, "unit.update", &format!("unit:{id}"), &detail).await
    }

    /// Ends a unit on a day; refused while units or members belong to it then. For owners.
    pub async fn end_unit(&self, scope: &Scope, id: UnitId, on: Day) -> Result<(), Error> {
        require(scope, Permission::ManagePeople)?;
        let writer = self.database.writer().await?;
        let mut unit = store::unit::get(&writer, scope, id).await?;
        let units = store::unit::list(&writer, scope, None).await?;
        let still = |ends_on: Option<Day>| ends_on.is_none_or(|end| end > on);
        let children = units
            .iter()
            .filter(|other| other.parent == Some(id) && still(other.ends_on))
            .count();
        let members = store::assignment::list(&writer, scope, None)
            .await?
            .iter()
            .filter(|assignment| assignment.unit == id && still(assignment.ends_on))
            .count();
        if unit.parent.is_none() || children + members > 0 {
            return Err(Error::conflict(
                "unit_in_use",
                format!(
                    "{on} 之后还有 {children} 个下级部门、{members} 名成员在此部门，请先调走；公司本身不能结束。"
                ),
                format!(
                    "After {on} there are {children} units and {members} members in it: move them first. The company itself cannot end."
                ),
            ));
        }
        if on <= unit.starts_on {
            return Err(Error::invalid_field(
                "bad_day",
                "on",
                "结束日期须晚于开始日期。",
                "A unit ends after it began.",
            ));
        }
        unit.ends_on = Some(on);
        store::unit::update(&writer, scope, &unit).await?;
        let detail = json!({"ends_on": on.to_string()});
        finish(writer, scope, "unit.end", &format!("unit:{id}"), &detail).await
    }

    /// Makes a member; belongs nowhere until assigned. For owners.
    pub async fn create_member(&self, scope: &Scope, wanted: MemberInput) -> Result<MemberId, Error> {
        require(scope, Permission::ManagePeople)?;
        let id = MemberId(clock::new_id());
        let mut member = Member {
            id,
            external_id: None,
            name: String::new(),
            pinyin: String::new(),
            email: None,
            hired_on: None,
            left_on: None,
            import: None,
            demo: false,
        };
        become_input(&mut member, &wanted)?;
        let writer = self.database.writer().await?;
        store::member::insert(&writer, scope, &[member])
            .await
            .map_err(taken)?;
        finish(
            writer,
            scope,
            "member.create",
            &format!("member:{id}"),
            &json!({"after": wanted}),
        )
        .await?;
        Ok(id)
    }

    /// Changes a member; the day of leaving ends the assignments, and what was credited from it on is credited anew. For owners.
    pub async fn update_member(&self, scope: &Scope, id: MemberId, wanted: MemberInput) -> Result<(), Error> {
        require(scope, Permission::ManagePeople)?;
        let writer = self.database.writer().await?;
        if wanted.left_on.is_some() {
            // Before the member, as a change of staff does.
            store::organization::lock(&writer, scope).await?;
        }
        let mut member = store::member::get(&writer, scope, id).await?;
        let before =
            json!({"name": member.name, "external_id": member.external_id, "left_on": member.left_on});
        let was_gone_on = member.left_on;
        become_input(&mut member, &wanted)?;
        store::member::update(&writer, scope, &member)
            .await
            .map_err(taken)?;
        let mut credited_anew = 0;
        if let Some(left_on) = member.left_on {
            cut(&writer, scope, id, left_on).await?;
            if was_gone_on != Some(left_on) {
                credited_anew = self.credit_anew(&writer, scope, &[id], left_on).await?;
            }
        }
        let detail = json!({"before": before, "after": wanted, "credited_anew": credited_anew});
        finish(writer, scope, "member.update", &format!("member:{id}"), &detail).await
    }

    /// Says where a member belongs from a day on; what was said of later days is replaced, and what the member did from that day
    /// on is credited there. No share: nowhere. For owners.
    pub async fn assign(
        &self,
        scope: &Scope,
        id: MemberId,
        from: Day,
        shares: &[Share],
    ) -> Result<(), Error> {
        require(scope, Permission::ManagePeople)?;
        let total: u64 = shares.iter().map(|share| u64::from(share.share_ppm)).sum();
        let mut units: Vec<UnitId> = shares.iter().map(|share| share.unit).collect();
        units.sort_unstable();
        units.dedup();
        if !shares.is_empty()
            && (total != u64::from(WHOLE_PPM)
                || units.len() != shares.len()
                || shares.iter().any(|share| share.share_ppm == 0))
        {
            return Err(Error::invalid_field(
                "bad_shares",
                "shares",
                "各部门的占比须大于 0、互不重复，合计 100%。",
                "Shares are above zero, one a unit, and total 100 %.",
            ));
        }
        let writer = self.database.writer().await?;
        // Before the assignments, as a change of staff does.
        store::organization::lock(&writer, scope).await?;
        store::member::get(&writer, scope, id).await?;
        for share in shares {
            let unit = store::unit::get(&writer, scope, share.unit).await?;
            if !unit.exists_on(from) {
                return Err(Error::invalid_field(
                    "unit_ended",
                    "unit",
                    format!("{from} 时部门“{}”不存在。", unit.name),
                    format!("The unit \"{}\" does not exist on {from}.", unit.name),
                ));
            }
        }
        cut(&writer, scope, id, from).await?;
        let assignments: Vec<Assignment> = shares
            .iter()
            .map(|share| Assignment {
                id: AssignmentId(clock::new_id()),
                member: id,
                unit: share.unit,
                share_ppm: share.share_ppm,
                starts_on: from,
                ends_on: None,
            })
            .collect();
        store::assignment::insert(&writer, scope, &assignments).await?;
        let credited_anew = self.credit_anew(&writer, scope, &[id], from).await?;
        let detail = json!({"from": from.to_string(), "shares": shares, "credited_anew": credited_anew});
        finish(writer, scope, "member.assign", &format!("member:{id}"), &detail).await
    }
}

/// Ends a member's assignments on a day and deletes those that would begin later.
pub(crate) async fn cut(writer: &Writer, scope: &Scope, member: MemberId, on: Day) -> Result<(), Error> {
    for mut assignment in store::assignment::of_member(writer, scope, member).await? {
        if assignment.starts_on >= on {
            store::assignment::remove(writer, scope, &[assignment.id]).await?;
        } else if assignment.ends_on.is_none_or(|end| end > on) {
            assignment.ends_on = Some(on);
            store::assignment::update(writer, scope, &assignment).await?;
        }
    }
    Ok(())
}

/// A unit, there since the beginning, that nobody leads yet.
pub(crate) fn new_unit(parent: Option<UnitId>, level: &str, name: &str) -> Unit {
    Unit {
        id: UnitId(clock::new_id()),
        parent,
        level: level.to_owned(),
        name: name.to_owned(),
        code: None,
        pinyin: pinyin_key(name),
        manager: None,
        starts_on: BEGINNING,
        ends_on: None,
        import: None,
        demo: false,
    }
}

/// Gives a unit what was typed; refuses a place below itself and a name its siblings have.
fn shape(unit: &mut Unit, units: &[Unit], wanted: &UnitInput, parent: Option<UnitId>) -> Result<(), Error> {
    let by_id: BTreeMap<UnitId, &Unit> = units.iter().map(|unit| (unit.id, unit)).collect();
    let mut above = parent;
    while let Some(id) = above {
        if id == unit.id {
            return Err(Error::invalid_field(
                "unit_below_itself",
                "parent",
                "部门不能放在自己的下级里。",
                "A unit cannot be below itself.",
            ));
        }
        let Some(found) = by_id.get(&id) else {
            return Err(Error::NotFound("unit"));
        };
        above = found.parent;
    }
    unit.name = input::name(&wanted.name, "name")?;
    let namesake = units.iter().any(|other| {
        other.id != unit.id && other.parent == parent && other.ends_on.is_none() && other.name == unit.name
    });
    if namesake {
        return Err(Error::conflict(
            "unit_name_taken",
            format!("同一上级下已有“{}”。", unit.name),
            format!("There is a \"{}\" beside it already.", unit.name),
        ));
    }
    if parent.is_some() {
        unit.level = input::name(&wanted.level, "level")?;
    }
    unit.parent = parent;
    unit.code = input::optional_name(wanted.code.as_deref(), "code")?;
    unit.pinyin = pinyin_key(&unit.name);
    unit.manager = wanted.manager;
    Ok(())
}

async fn check_manager(writer: &Writer, scope: &Scope, manager: Option<MemberId>) -> Result<(), Error> {
    if let Some(manager) = manager {
        store::member::get(writer, scope, manager).await?;
    }
    Ok(())
}

fn become_input(member: &mut Member, wanted: &MemberInput) -> Result<(), Error> {
    member.name = input::name(&wanted.name, "name")?;
    member.pinyin = person_key(&member.name);
    member.external_id = input::optional_name(wanted.external_id.as_deref(), "external_id")?;
    member.email = wanted
        .email
        .as_deref()
        .filter(|email| !email.trim().is_empty())
        .map(input::email)
        .transpose()?;
    if let (Some(hired), Some(left)) = (wanted.hired_on, wanted.left_on)
        && left < hired
    {
        return Err(Error::invalid_field(
            "left_before_hired",
            "left_on",
            "离职日期早于入职日期。",
            "The day of leaving lies before the first day.",
        ));
    }
    member.hired_on = wanted.hired_on;
    member.left_on = wanted.left_on;
    Ok(())
}

fn taken(error: StoreError) -> Error {
    match error {
        StoreError::Conflict(_) => Error::conflict(
            "external_id_taken",
            "这个编号已属于另一名成员。",
            "Another member has this id already.",
        ),
        other => other.into(),
    }
}

fn unit_row(unit: Unit) -> UnitRow {
    UnitRow {
        id: unit.id,
        parent: unit.parent,
        level: unit.level,
        name: unit.name,
        code: unit.code,
        pinyin: unit.pinyin,
        manager: unit.manager,
        starts_on: unit.starts_on,
        ends_on: unit.ends_on,
    }
}

async fn finish(
    writer: Writer,
    scope: &Scope,
    verb: &str,
    subject: &str,
    detail: &Value,
) -> Result<(), Error> {
    audit::commit(writer, scope, verb, subject, detail, &Event::PeopleChanged).await
}
