//! What an import changes of what is known, each with how it was before.

use domain::calendar::Day;
use domain::id::{AssignmentId, MemberId, UnitId};
use store::account::Account;
use store::assignment::{Assignment, WHOLE_PPM};
use store::member::Member;
use store::product::Product;
use store::unit::Unit;

use super::{Catalog, Noun};
use crate::{BEGINNING, clock};

impl Catalog {
    /// Changes a unit; `false` where nothing changes.
    pub(in crate::import) fn put_unit(&mut self, unit: Unit) -> bool {
        let id = unit.id.0;
        let Some(present) = self.units.get(&id) else {
            return false;
        };
        if *present == unit {
            return false;
        }
        if let Some(new) = self.changes.units.iter_mut().find(|new| new.id.0 == id) {
            *new = unit.clone();
        } else {
            let before = unit_json(present);
            self.changes.before.entry(("unit", id)).or_insert(before);
            self.changes.changed_units.insert(id, unit.clone());
        }
        self.name(Noun::Unit, id, &unit.name, &[unit.code.as_deref()]);
        self.units.insert(id, unit);
        true
    }

    /// Changes a member; `false` where nothing changes.
    pub(in crate::import) fn put_member(&mut self, member: Member) -> bool {
        let id = member.id.0;
        let Some(present) = self.members.get(&id) else {
            return false;
        };
        if *present == member {
            return false;
        }
        if let Some(new) = self.changes.members.iter_mut().find(|new| new.id.0 == id) {
            *new = member.clone();
        } else {
            let before = member_json(present);
            self.changes.before.entry(("member", id)).or_insert(before);
            self.changes.changed_members.insert(id, member.clone());
        }
        self.name(
            Noun::Member,
            id,
            &member.name,
            &[member.external_id.as_deref(), member.email.as_deref()],
        );
        self.members.insert(id, member);
        true
    }

    /// Changes a product; `false` where nothing changes.
    pub(in crate::import) fn put_product(&mut self, product: Product) -> bool {
        let id = product.id.0;
        let Some(present) = self.products.get(&id) else {
            return false;
        };
        if *present == product {
            return false;
        }
        if let Some(new) = self.changes.products.iter_mut().find(|new| new.id.0 == id) {
            *new = product.clone();
        } else {
            let before = serde_json::to_string(present).unwrap_or_default();
            self.changes.before.entry(("product", id)).or_insert(before);
            self.changes.changed_products.insert(id, product.clone());
        }
        self.name(Noun::Product, id, &product.name, &[product.sku.as_deref()]);
        self.products.insert(id, product);
        true
    }

    /// Changes an account; `false` where nothing changes.
    pub(in crate::import) fn put_account(&mut self, account: Account) -> bool {
        let id = account.id.0;
        let Some(present) = self.accounts.get(&id) else {
            return false;
        };
        if *present == account {
            return false;
        }
        if let Some(new) = self.changes.accounts.iter_mut().find(|new| new.id.0 == id) {
            *new = account.clone();
        } else {
            let before = serde_json::to_string(present).unwrap_or_default();
            self.changes.before.entry(("account", id)).or_insert(before);
            self.changes.changed_accounts.insert(id, account.clone());
        }
        self.name(
            Noun::Account,
            id,
            &account.name,
            &[account.external_id.as_deref()],
        );
        self.accounts.insert(id, account);
        true
    }

    /// Lets a member belong to a unit: since the beginning where they belonged nowhere, from `from` on where they move.
    /// `false` where they belong there already with that share.
    pub(in crate::import) fn assign(
        &mut self,
        member: MemberId,
        unit: UnitId,
        share_ppm: u32,
        from: Day,
    ) -> bool {
        let held = self.assignments.entry(member).or_default();
        if held
            .iter()
            .any(|one| one.unit == unit && one.share_ppm == share_ppm && one.ends_on.is_none())
        {
            return false;
        }
        let mut new = Assignment {
            id: AssignmentId(clock::new_id()),
            member,
            unit,
            share_ppm,
            starts_on: if held.is_empty() || share_ppm < WHOLE_PPM {
                BEGINNING
            } else {
                from
            },
            ends_on: None,
        };
        if share_ppm == WHOLE_PPM {
            for one in held.iter_mut().filter(|one| one.ends_on.is_none()) {
                let before = assignment_json(one);
                // What would begin no earlier than the move is replaced as a whole.
                let replaced = one.starts_on >= from;
                if replaced {
                    new.starts_on = new.starts_on.min(one.starts_on);
                }
                one.ends_on = Some(if replaced { one.starts_on } else { from });
                let id = one.id.0;
                if let Some(fresh) = self.changes.assignments.iter_mut().find(|fresh| fresh.id.0 == id) {
                    *fresh = one.clone();
                } else {
                    self.changes.before.entry(("assignment", id)).or_insert(before);
                    self.changes.changed_assignments.insert(id, one.clone());
                }
            }
        }
        held.push(new.clone());
        self.changes.assignments.push(new);
        true
    }

    /// Lets a membership that this import makes be in another unit.
    pub(in crate::import) fn rehome(&mut self, member: MemberId, from: UnitId, to: UnitId) {
        let made: Vec<AssignmentId> = self
            .changes
            .assignments
            .iter_mut()
            .filter(|one| one.member == member && one.unit == from)
            .map(|one| {
                one.unit = to;
                one.id
            })
            .collect();
        for one in self.assignments.entry(member).or_default() {
            if made.contains(&one.id) {
                one.unit = to;
            }
        }
    }
}

/// A unit as kept for its undo.
fn unit_json(unit: &Unit) -> String {
    serde_json::json!({
        "parent": unit.parent, "level": unit.level, "name": unit.name, "code": unit.code, "pinyin": unit.pinyin,
        "manager": unit.manager, "starts_on": unit.starts_on, "ends_on": unit.ends_on,
    })
    .to_string()
}

/// A member as kept for its undo.
fn member_json(member: &Member) -> String {
    serde_json::json!({
        "external_id": member.external_id, "name": member.name, "pinyin": member.pinyin, "email": member.email,
        "hired_on": member.hired_on, "left_on": member.left_on,
    })
    .to_string()
}

/// An assignment as kept for its undo.
fn assignment_json(assignment: &Assignment) -> String {
    serde_json::json!({ "share_ppm": assignment.share_ppm, "starts_on": assignment.starts_on, "ends_on": assignment.ends_on })
        .to_string()
}
