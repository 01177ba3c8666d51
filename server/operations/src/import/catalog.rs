//! The references files name: who and what is known, what a spelling means, what is new.

mod names;

use std::collections::HashMap;

use domain::calendar::Day;
use domain::id::{AccountId, AssignmentId, CategoryId, ChannelId, ImportId, MemberId, ProductId, UnitId};
use store::account::{Account, Channel};
use store::alias::Alias;
use store::assignment::{Assignment, WHOLE_PPM};
use store::member::Member;
use store::product::{Category, Product};
use store::unit::Unit;
use store::{Scope, Session, StoreError};
use uuid::Uuid;

use crate::pinyin::person_key;
use crate::plan::tree::Parts;
use crate::{BEGINNING, clock, pinyin_key};
use names::Names;
pub(super) use names::{Meaning, exact};

/// What a name may refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Noun {
    Member,
    Unit,
    Product,
    Category,
    Account,
    Channel,
}

impl Noun {
    const ALL: [Self; 6] = [
        Self::Member,
        Self::Unit,
        Self::Product,
        Self::Category,
        Self::Account,
        Self::Channel,
    ];

    /// The stored name.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Unit => "unit",
            Self::Product => "product",
            Self::Category => "category",
            Self::Account => "account",
            Self::Channel => "channel",
        }
    }
}

/// What an import makes or changes besides facts; written in its last transaction.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) units: Vec<Unit>,
    pub(super) members: Vec<Member>,
    pub(super) assignments: Vec<Assignment>,
    pub(super) categories: Vec<Category>,
    pub(super) products: Vec<Product>,
    pub(super) accounts: Vec<Account>,
    pub(super) channels: Vec<Channel>,
    /// Present rows that change: what they were before by id.
    pub(super) before: HashMap<(&'static str, Uuid), String>,
    pub(super) changed_units: HashMap<Uuid, Unit>,
    pub(super) changed_members: HashMap<Uuid, Member>,
    pub(super) changed_assignments: HashMap<Uuid, Assignment>,
    pub(super) changed_products: HashMap<Uuid, Product>,
    pub(super) changed_accounts: HashMap<Uuid, Account>,
    pub(super) aliases: Vec<Alias>,
}

/// Everything files can refer to, with what this import adds.
#[derive(Debug)]
pub(super) struct Catalog {
    import: ImportId,
    /// Marks what the import makes as part of the sample company.
    demo: bool,
    names: HashMap<Noun, Names>,
    pub(super) root: UnitId,
    pub(super) units: HashMap<Uuid, Unit>,
    pub(super) members: HashMap<Uuid, Member>,
    pub(super) assignments: HashMap<MemberId, Vec<Assignment>>,
    pub(super) products: HashMap<Uuid, Product>,
    pub(super) accounts: HashMap<Uuid, Account>,
    pub(super) changes: Changes,
}

impl Catalog {
    /// Reads all references of the organization.
    pub(super) async fn load(
        session: &impl Session,
        scope: &Scope,
        import: ImportId,
        demo: bool,
    ) -> Result<Self, StoreError> {
        let units = store::unit::list(session, scope, None).await?;
        let root = units
            .iter()
            .find(|unit| unit.parent.is_none())
            .ok_or(StoreError::NotFound("unit"))?
            .id;
        let mut catalog = Self {
            import,
            demo,
            names: Noun::ALL
                .into_iter()
                .map(|noun| (noun, Names::default()))
                .collect(),
            root,
            units: HashMap::new(),
            members: HashMap::new(),
            assignments: HashMap::new(),
            products: HashMap::new(),
            accounts: HashMap::new(),
            changes: Changes::default(),
        };
        for unit in units {
            catalog.name(Noun::Unit, unit.id.0, &unit.name, &[unit.code.as_deref()]);
            catalog.units.insert(unit.id.0, unit);
        }
        for member in store::member::list(session, scope).await? {
            let others = [member.external_id.as_deref(), member.email.as_deref()];
            catalog.name(Noun::Member, member.id.0, &member.name, &others);
            catalog.members.insert(member.id.0, member);
        }
        for assignment in store::assignment::list(session, scope, None).await? {
            catalog
                .assignments
                .entry(assignment.member)
                .or_default()
                .push(assignment);
        }
        for category in store::product::categories(session, scope).await? {
            catalog.name(Noun::Category, category.id.0, &category.name, &[]);
        }
        for product in store::product::list(session, scope).await? {
            catalog.name(
                Noun::Product,
                product.id.0,
                &product.name,
                &[product.sku.as_deref()],
            );
            catalog.products.insert(product.id.0, product);
        }
        for account in store::account::list(session, scope).await? {
            catalog.name(
                Noun::Account,
                account.id.0,
                &account.name,
                &[account.external_id.as_deref()],
            );
            catalog.accounts.insert(account.id.0, account);
        }
        for channel in store::account::channels(session, scope).await? {
            catalog.name(Noun::Channel, channel.id.0, &channel.name, &[]);
        }
        for alias in store::alias::list(session, scope).await? {
            if let Some(noun) = Noun::ALL.into_iter().find(|noun| noun.as_str() == alias.noun) {
                let names = catalog.names.entry(noun).or_default();
                if names.knows(alias.target) {
                    names.learn(alias.folded, alias.target);
                }
            }
        }
        Ok(catalog)
    }

    fn name(&mut self, noun: Noun, id: Uuid, name: &str, others: &[Option<&str>]) {
        self.names.entry(noun).or_default().add(id, name, others);
    }

    /// What a spelling means; for an unknown one, what was perhaps meant.
    pub(super) fn meaning(&self, noun: Noun, spelling: &str) -> Meaning {
        let names = self.names.get(&noun);
        names.map_or(Meaning::Unknown(None), |names| names.meaning(spelling))
    }

    /// The same without looking for what was perhaps meant, for lists in which most names are new.
    pub(super) fn plain_meaning(&self, noun: Noun, spelling: &str) -> Meaning {
        let names = self.names.get(&noun);
        names.map_or(Meaning::Unknown(None), |names| names.plain_meaning(spelling))
    }

    /// The one that bears exactly this name or number.
    pub(super) fn exactly(&self, noun: Noun, spelling: &str) -> Option<Uuid> {
        self.names.get(&noun)?.exactly(spelling)
    }

    /// Everything a plan's tree is built from, in the order of the store's lists.
    pub(super) fn parts(&self) -> Parts {
        let mut parts = Parts {
            units: self.units.values().cloned().collect(),
            members: self.members.values().cloned().collect(),
            assignments: self.assignments.values().flatten().cloned().collect(),
        };
        parts
            .units
            .sort_by(|a, b| (&a.pinyin, a.id).cmp(&(&b.pinyin, b.id)));
        parts
            .members
            .sort_by(|a, b| (&a.pinyin, a.id).cmp(&(&b.pinyin, b.id)));
        parts
            .assignments
            .sort_by_key(|one| (one.member, one.starts_on, one.id));
        parts
    }

    /// The shown name of something known.
    pub(super) fn shown(&self, noun: Noun, id: Uuid) -> &str {
        let names = self.names.get(&noun);
        names.and_then(|names| names.shown(id)).unwrap_or("")
    }

    /// Remembers for good what a spelling means.
    pub(super) fn learn(&mut self, noun: Noun, spelling: &str, id: Uuid) {
        let folded = exact(spelling);
        self.names.entry(noun).or_default().learn(folded.clone(), id);
        self.changes.aliases.push(Alias {
            noun: noun.as_str().to_owned(),
            folded,
            target: id,
            import: Some(self.import),
        });
    }

    /// Makes something of which only the name is known; a person belongs to the company as a whole, a unit lies below it.
    pub(super) fn make(&mut self, noun: Noun, name: &str) -> Uuid {
        let name = name.trim();
        match noun {
            Noun::Member => self.make_member(name, None).0,
            Noun::Unit => self.make_unit(name, "region", self.root).0,
            Noun::Product => self.make_product(name),
            Noun::Category => {
                let id = clock::new_id();
                self.changes.categories.push(Category {
                    id: CategoryId(id),
                    name: name.to_owned(),
                    pinyin: pinyin_key(name),
                    import: Some(self.import),
                });
                self.name(noun, id, name, &[]);
                id
            }
            Noun::Account => self.make_account(name),
            Noun::Channel => {
                let id = clock::new_id();
                self.changes.channels.push(Channel {
                    id: ChannelId(id),
                    name: name.to_owned(),
                    pinyin: pinyin_key(name),
                    import: Some(self.import),
                });
                self.name(noun, id, name, &[]);
                id
            }
        }
    }

    /// A new product.
    pub(super) fn make_product(&mut self, name: &str) -> Uuid {
        let id = clock::new_id();
        let product = Product {
            id: ProductId(id),
            name: name.to_owned(),
            pinyin: pinyin_key(name),
            sku: None,
            category: None,
            list_price: None,
            import: Some(self.import),
        };
        self.name(Noun::Product, id, name, &[]);
        self.products.insert(id, product.clone());
        self.changes.products.push(product);
        id
    }

    /// A new account.
    pub(super) fn make_account(&mut self, name: &str) -> Uuid {
        let id = clock::new_id();
        let account = Account {
            id: AccountId(id),
            external_id: None,
            name: name.to_owned(),
            pinyin: pinyin_key(name),
            industry: None,
            region: None,
            parent_name: None,
            import: Some(self.import),
        };
        self.name(Noun::Account, id, name, &[]);
        self.accounts.insert(id, account.clone());
        self.changes.accounts.push(account);
        id
    }

    /// A new person.
    pub(super) fn make_member(&mut self, name: &str, external_id: Option<&str>) -> MemberId {
        let id = MemberId(clock::new_id());
        let member = Member {
            id,
            external_id: external_id.map(str::to_owned),
            name: name.to_owned(),
            pinyin: person_key(name),
            email: None,
            hired_on: None,
            left_on: None,
            import: Some(self.import),
            demo: self.demo,
        };
        self.name(Noun::Member, id.0, name, &[external_id]);
        self.members.insert(id.0, member.clone());
        self.changes.members.push(member);
        id
    }

    /// A new unit, there since the beginning.
    pub(super) fn make_unit(&mut self, name: &str, level: &str, parent: UnitId) -> UnitId {
        let id = UnitId(clock::new_id());
        let unit = Unit {
            id,
            parent: Some(parent),
            level: level.to_owned(),
            name: name.to_owned(),
            code: None,
            pinyin: pinyin_key(name),
            manager: None,
            starts_on: BEGINNING,
            ends_on: None,
            import: Some(self.import),
            demo: self.demo,
        };
        self.name(Noun::Unit, id.0, name, &[]);
        self.units.insert(id.0, unit.clone());
        self.changes.units.push(unit);
        id
    }

    /// Changes a unit; `false` where nothing changes.
    pub(super) fn put_unit(&mut self, unit: Unit) -> bool {
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
    pub(super) fn put_member(&mut self, member: Member) -> bool {
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
    pub(super) fn put_product(&mut self, product: Product) -> bool {
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
    pub(super) fn put_account(&mut self, account: Account) -> bool {
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
    pub(super) fn assign(&mut self, member: MemberId, unit: UnitId, share_ppm: u32, from: Day) -> bool {
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
}

impl Catalog {
    /// Lets a membership that this import makes be in another unit.
    pub(super) fn rehome(&mut self, member: MemberId, from: UnitId, to: UnitId) {
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
pub(super) fn unit_json(unit: &Unit) -> String {
    serde_json::json!({
        "parent": unit.parent, "level": unit.level, "name": unit.name, "code": unit.code, "pinyin": unit.pinyin,
        "manager": unit.manager, "starts_on": unit.starts_on, "ends_on": unit.ends_on,
    })
    .to_string()
}

/// A member as kept for its undo.
pub(super) fn member_json(member: &Member) -> String {
    serde_json::json!({
        "external_id": member.external_id, "name": member.name, "pinyin": member.pinyin, "email": member.email,
        "hired_on": member.hired_on, "left_on": member.left_on,
    })
    .to_string()
}

/// An assignment as kept for its undo.
pub(super) fn assignment_json(assignment: &Assignment) -> String {
    serde_json::json!({ "share_ppm": assignment.share_ppm, "starts_on": assignment.starts_on, "ends_on": assignment.ends_on })
        .to_string()
}
