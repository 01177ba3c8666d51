//! The references files name: who and what is known, what a spelling means, what is new.

mod changing;
mod figures;
mod leave;
mod making;
mod names;

use std::collections::{HashMap, HashSet};

use domain::id::{ImportId, MemberId, UnitId};
use domain::import::Suggestion;
use domain::staffing::{LeaveInput, LeaveRow};
use store::account::{Account, Channel};
use store::alias::Alias;
use store::assignment::Assignment;
use store::capability::Capability;
use store::member::Member;
use store::potential::Potential;
use store::product::{Category, Product};
use store::unit::Unit;
use store::{Scope, Session, StoreError};
use uuid::Uuid;

use crate::plan::tree::Parts;
use figures::Figures;
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
    pub(super) potential: Vec<Potential>,
    pub(super) capability: Vec<Capability>,
    pub(super) leave: Vec<LeaveRow>,
    /// Present rows that change: what they were before by id.
    pub(super) before: HashMap<(&'static str, Uuid), String>,
    pub(super) changed_units: HashMap<Uuid, Unit>,
    pub(super) changed_members: HashMap<Uuid, Member>,
    pub(super) changed_assignments: HashMap<Uuid, Assignment>,
    pub(super) changed_products: HashMap<Uuid, Product>,
    pub(super) changed_accounts: HashMap<Uuid, Account>,
    pub(super) changed_potential: HashMap<Uuid, Potential>,
    pub(super) changed_capability: HashMap<Uuid, Capability>,
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
    figures: Figures,
    leave: HashMap<MemberId, Vec<LeaveInput>>,
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
            figures: Figures::load(session, scope).await?,
            leave: leave::load(session, scope).await?,
            changes: Changes::default(),
        };
        // A unit that ended in a merger may go on as another of its name: that one is meant.
        let living: HashSet<String> = units
            .iter()
            .filter(|unit| unit.ends_on.is_none())
            .map(|unit| exact(&unit.name))
            .collect();
        for unit in units {
            if unit.ends_on.is_none() || !living.contains(&exact(&unit.name)) {
                catalog.name(Noun::Unit, unit.id.0, &unit.name, &[unit.code.as_deref()]);
            }
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

    /// How many names of a noun there are.
    pub(super) fn count(&self, noun: Noun) -> usize {
        self.names.get(&noun).map_or(0, Names::len)
    }

    /// What was perhaps meant by a spelling that means nothing; costs a comparison with each name.
    pub(super) fn hint(&self, noun: Noun, spelling: &str) -> Option<Suggestion> {
        self.names.get(&noun)?.hint(spelling)
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
            // Who is away has a number nevertheless, where a sheet says so.
            leave: Vec::new(),
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
}
