//! What an import adds to the catalog.

use domain::id::{AccountId, CategoryId, ChannelId, MemberId, ProductId, UnitId};
use store::account::{Account, Channel};
use store::member::Member;
use store::product::{Category, Product};
use store::unit::Unit;
use uuid::Uuid;

use super::{Catalog, Noun};
use crate::people::new_unit;
use crate::pinyin::person_key;
use crate::{clock, pinyin_key};

impl Catalog {
    /// Makes something of which only the name is known; a person belongs to the company as a whole, a unit lies below it.
    pub(in crate::import) fn make(&mut self, noun: Noun, name: &str) -> Uuid {
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
    pub(in crate::import) fn make_product(&mut self, name: &str) -> Uuid {
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
    pub(in crate::import) fn make_account(&mut self, name: &str) -> Uuid {
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
    pub(in crate::import) fn make_member(&mut self, name: &str, external_id: Option<&str>) -> MemberId {
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
    pub(in crate::import) fn make_unit(&mut self, name: &str, level: &str, parent: UnitId) -> UnitId {
        let unit = Unit {
            import: Some(self.import),
            demo: self.demo,
            ..new_unit(Some(parent), level, name)
        };
        let id = unit.id;
        self.name(Noun::Unit, id.0, name, &[]);
        self.units.insert(id.0, unit.clone());
        self.changes.units.push(unit);
        id
    }
}
