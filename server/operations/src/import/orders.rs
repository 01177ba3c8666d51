//! Rows of orders: one for each order, or one for each of its lines, which follow each other when the rows are sorted.

mod group;
mod said;

use std::collections::HashMap;
use std::sync::Arc;

use domain::import::{Field, Finding, Problem, Reason};
use domain::metric::OrderAmount;
use domain::money::{Currency, Fact};

use self::group::Group;
use self::said::Said;
use super::catalog::Catalog;
use super::cells::Columns;
use super::file::Row;
use super::opportunities::blank;
use super::pipeline::{Gathered, Reads, Says};
use super::refer::Refer;

/// Lines of one order at most.
const MOST_LINES: usize = 10_000;
/// Fields of lines: where a file has none of them, a second row of an order is one too many.
const OF_LINES: [Field; 5] = [
    Field::Product,
    Field::Quantity,
    Field::Price,
    Field::Amount,
    Field::Line,
];
/// Fields whose absence in an order is told about.
const TOLD_BLANK: [Field; 2] = [Field::Member, Field::Account];

/// What is told of the orders of a file as a whole.
#[derive(Debug, Default)]
struct Told {
    differ: (u64, i64),
    returns: (u64, i64),
    cancelled: u64,
    blanks: HashMap<Field, u64>,
}

/// Reads the rows of one file.
#[derive(Debug)]
pub(super) struct Orders {
    columns: Arc<Columns>,
    refer: Refer,
    currency: String,
    /// Which amount counts.
    amount: OrderAmount,
    /// Whether rows may be lines.
    lined: bool,
    group: Option<Group>,
    told: Told,
}

impl Orders {
    /// For the rows of a file whose amounts are in `currency`, in an organization that counts that amount of orders.
    pub(super) fn new(columns: Arc<Columns>, refer: Refer, currency: &str, amount: OrderAmount) -> Self {
        let lined = OF_LINES.into_iter().any(|field| columns.has(field));
        Self {
            columns,
            refer,
            currency: currency.to_owned(),
            amount,
            lined,
            group: None,
            told: Told::default(),
        }
    }

    /// Ends the order whose rows were gathered.
    fn close(&mut self, gathered: &mut Gathered<Said>) {
        let Some(group) = self.group.take() else { return };
        match group.said(self.amount, self.lined) {
            Ok((said, differs)) => {
                gathered.count(said.member(), said.counts());
                self.told.take(&said, differs, &self.columns);
                gathered.take(said);
            }
            Err(refused) => {
                gathered.count(refused.member, refused.counted);
                gathered.refuse_late(refused.problems);
            }
        }
    }
}

impl Reads for Orders {
    type Said = Said;

    fn row(&mut self, row: Row<'_>, catalog: &mut Catalog, gathered: &mut Gathered<Said>) {
        let columns = Arc::clone(&self.columns);
        let mut cells = columns.cells(row);
        let Some(key) = cells.required(Field::ExternalId) else {
            gathered.refuse(row, cells.problems);
            return;
        };
        if self.group.as_ref().is_none_or(|group| group.external_id != key) {
            self.close(gathered);
            self.group = Some(Group::new(key, row.number));
        }
        let Some(group) = &mut self.group else { return };
        let again = group.rows.last().is_some_and(|last| *last != row.number) && !self.lined;
        if again && !group.rows.is_empty() {
            let first_row = group.rows[0];
            gathered.refuse(
                row,
                vec![Problem::row(row.number, Reason::Duplicate { first_row })],
            );
            return;
        }
        if group.rows.len() >= MOST_LINES {
            let limit = MOST_LINES as u32;
            let problem = Problem::row(row.number, Reason::TooManyLines { limit });
            gathered.refuse(row, vec![problem]);
            group.spoil(row.number);
            return;
        }
        group.row(&mut cells, catalog, &mut self.refer, &self.currency);
    }

    fn end(&mut self, gathered: &mut Gathered<Said>) {
        self.close(gathered);
    }

    fn into_findings(self) -> Vec<Finding> {
        let Told {
            differ,
            returns,
            cancelled,
            blanks,
        } = self.told;
        let mut findings = self.refer.into_findings();
        findings.extend(blank(blanks));
        if differ.0 > 0 {
            findings.push(Finding::LinesDiffer {
                orders: differ.0,
                amount: Fact(differ.1),
            });
        }
        if returns.0 > 0 {
            findings.push(Finding::Returns {
                orders: returns.0,
                amount: Fact(returns.1),
            });
        }
        if cancelled > 0 {
            findings.push(Finding::Cancelled { orders: cancelled });
        }
        findings
    }
}

impl Told {
    fn take(&mut self, said: &Said, differs: Option<Fact>, columns: &Columns) {
        if let Some(by) = differs {
            self.differ.0 += 1;
            self.differ.1 = self.differ.1.saturating_add(by.0);
        }
        if let Some((_, amount)) = said.counts().filter(|(_, amount)| amount.0 < 0) {
            self.returns.0 += 1;
            self.returns.1 = self.returns.1.saturating_add(amount.0);
        }
        self.cancelled += u64::from(said.cancelled());
        for field in TOLD_BLANK {
            if columns.has(field) && !said.has(field) {
                *self.blanks.entry(field).or_default() += 1;
            }
        }
    }
}

/// An amount in a problem.
fn shown(amount: Fact) -> String {
    let plain = Currency {
        code: String::new(),
        decimals: 2,
    };
    domain::format::fact(amount, &plain)
}
