//! Rows of units, members, products, accounts, potential, capability and leave: registers small enough to be held until the import's last transaction.

mod figures;
mod leave;
mod people;

use std::collections::HashMap;

use domain::id::CategoryId;
use domain::import::{Field, Kind, Problem, Reason};
use uuid::Uuid;

use super::catalog::{Catalog, Noun, exact};
use super::cells::{Cell, Cells, Columns};
use super::file::Row;
use super::refer::Refer;
pub(super) use figures::Reading;

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Created,
    Updated,
    Unchanged,
}

/// Reads the rows of a register.
#[derive(Debug)]
pub(super) struct Register {
    kind: Kind,
    columns: Columns,
    pub(super) refer: Refer,
    /// Keys met so far and their rows.
    met: HashMap<String, u64>,
    /// Parents of units by row, settled when every unit is known.
    parents: Vec<people::Parent>,
    /// Who belongs to whose team, settled when every team is known.
    teams: people::Teams,
    reading: Reading,
}

impl Register {
    /// For the rows of a file of this kind.
    pub(super) fn new(kind: Kind, columns: Columns, refer: Refer, reading: Reading) -> Self {
        Self {
            kind,
            columns,
            refer,
            met: HashMap::new(),
            parents: Vec::new(),
            teams: people::Teams::default(),
            reading,
        }
    }

    /// Whether a person left the row out.
    pub(super) fn dropped(&self, row: u64) -> bool {
        self.columns.dropped(row)
    }

    /// Takes a row over into the catalogue, or says what is wrong with it.
    pub(super) fn read(&mut self, row: Row<'_>, catalog: &mut Catalog) -> Result<Outcome, Vec<Problem>> {
        let Self {
            kind,
            columns,
            refer,
            met,
            parents,
            teams,
            reading,
        } = self;
        let mut cells = columns.cells(row);
        let outcome = match kind {
            Kind::Units => people::unit(&mut cells, catalog, refer, met, parents),
            Kind::Members => people::member(&mut cells, catalog, refer, met, teams, reading.today),
            Kind::Potential => figures::potential(&mut cells, catalog, refer, met, reading),
            Kind::Capability => figures::capability(&mut cells, catalog, refer, met, reading),
            Kind::Leave => leave::leave(&mut cells, catalog, refer, met),
            Kind::Products => product(&mut cells, catalog, refer, met),
            _ => account(&mut cells, catalog, met),
        };
        match outcome {
            Some(outcome) if cells.problems.is_empty() => Ok(outcome),
            _ => Err(cells.problems),
        }
    }

    /// Settles what could not be settled row by row; the problems by row.
    pub(super) fn finish(&mut self, catalog: &mut Catalog) -> Vec<Problem> {
        people::nest(std::mem::take(&mut self.teams), catalog);
        people::settle(std::mem::take(&mut self.parents), catalog)
    }

    /// The columns and what was found out about names.
    pub(super) fn into_refer(self) -> Refer {
        self.refer
    }
}

/// Notes a key; a problem where it stood in an earlier row.
fn once(cells: &mut Cells<'_>, met: &mut HashMap<String, u64>, field: Field, key: String) -> Option<()> {
    let row = cells.number();
    if let Some(first_row) = met.get(&key) {
        let first_row = *first_row;
        cells.wrong(field, Reason::Duplicate { first_row }, None);
        None
    } else {
        met.insert(key, row);
        Some(())
    }
}

/// The one of these spellings that is known, the number in other systems first.
fn find(catalog: &Catalog, noun: Noun, external_id: &str, name: &str) -> Option<Uuid> {
    use super::catalog::Meaning;
    [external_id, name]
        .into_iter()
        .filter(|text| !text.is_empty())
        .find_map(|text| match catalog.plain_meaning(noun, text) {
            Meaning::Known(id) => Some(id),
            _ => None,
        })
}

fn product(
    cells: &mut Cells<'_>,
    catalog: &mut Catalog,
    refer: &mut Refer,
    met: &mut HashMap<String, u64>,
) -> Option<Outcome> {
    let name = cells.required(Field::Name)?.to_owned();
    let sku = cells.cell(Field::ExternalId).map(str::to_owned);
    let price = cells.amount(Field::Price);
    let category = category(cells, catalog, refer);
    once(cells, met, Field::Name, exact(&name))?;
    if !cells.problems.is_empty() {
        return None;
    }
    let number = if let Cell::Set(sku) = &sku {
        sku.as_str()
    } else {
        ""
    };
    let (id, made) = match find(catalog, Noun::Product, number, &name) {
        Some(id) => (id, false),
        None => (catalog.make_product(&name), true),
    };
    let mut product = catalog.products.get(&id)?.clone();
    product.sku = sku.over(product.sku);
    product.list_price = price.over(product.list_price);
    product.category = category.over(product.category);
    if product.name != name {
        product.pinyin = crate::pinyin_key(&name);
        product.name = name;
    }
    let changed = catalog.put_product(product);
    Some(outcome(made, changed))
}

fn category(cells: &mut Cells<'_>, catalog: &mut Catalog, refer: &Refer) -> Cell<CategoryId> {
    // A list of products is what makes categories: a new word is a new one.
    match cells.cell(Field::Category) {
        Cell::Keep => Cell::Keep,
        Cell::Clear => Cell::Clear,
        Cell::Set(name) => {
            let name = refer.chosen(Field::Category, name).unwrap_or(name);
            let id = find(catalog, Noun::Category, "", name);
            Cell::Set(CategoryId(
                id.unwrap_or_else(|| catalog.make(Noun::Category, name)),
            ))
        }
    }
}

fn account(cells: &mut Cells<'_>, catalog: &mut Catalog, met: &mut HashMap<String, u64>) -> Option<Outcome> {
    let name = cells.required(Field::Name)?.to_owned();
    let external_id = cells.cell(Field::ExternalId).map(str::to_owned);
    let industry = cells.cell(Field::Industry).map(str::to_owned);
    let region = cells.cell(Field::Location).map(str::to_owned);
    let parent = cells.cell(Field::Parent).map(str::to_owned);
    once(cells, met, Field::Name, exact(&name))?;
    if !cells.problems.is_empty() {
        return None;
    }
    let number = if let Cell::Set(number) = &external_id {
        number.as_str()
    } else {
        ""
    };
    let (id, made) = match find(catalog, Noun::Account, number, &name) {
        Some(id) => (id, false),
        None => (catalog.make_account(&name), true),
    };
    let mut account = catalog.accounts.get(&id)?.clone();
    account.external_id = external_id.over(account.external_id);
    account.industry = industry.over(account.industry);
    account.region = region.over(account.region);
    account.parent_name = parent.over(account.parent_name);
    if account.name != name {
        account.pinyin = crate::pinyin_key(&name);
        account.name = name;
    }
    let changed = catalog.put_account(account);
    Some(outcome(made, changed))
}

fn outcome(made: bool, changed: bool) -> Outcome {
    match (made, changed) {
        (true, _) => Outcome::Created,
        (false, true) => Outcome::Updated,
        (false, false) => Outcome::Unchanged,
    }
}
