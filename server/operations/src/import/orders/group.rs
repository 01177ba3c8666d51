//! The rows of one order while they are gathered.

use std::collections::HashMap;

use domain::calendar::Day;
use domain::id::{AccountId, ChannelId, MemberId, ProductId, UnitId};
use domain::import::{Field, Problem, Reason};
use domain::metric::OrderAmount;
use domain::money::Fact;
use domain::order::{Amounts, AmountsError, sum, times};
use store::order::Line;

use super::said::{Said, refused};
use super::shown;
use crate::import::catalog::{Catalog, Noun};
use crate::import::cells::{Cell, Cells};
use crate::import::opportunities::channel;
use crate::import::refer::Refer;

/// Words for an order that does not hold, in small letters.
const CANCELLED: [&str; 12] = [
    "cancelled",
    "canceled",
    "cancel",
    "void",
    "voided",
    "annulled",
    "已取消",
    "取消",
    "作废",
    "已作废",
    "撤销",
    "已撤销",
];

/// What the rows of an order say about the whole of it in one field: the same wherever they say something.
#[derive(Debug)]
struct Agreed<T> {
    said: Cell<T>,
    row: u64,
    text: String,
}

impl<T> Default for Agreed<T> {
    fn default() -> Self {
        Self {
            said: Cell::Keep,
            row: 0,
            text: String::new(),
        }
    }
}

impl<T: PartialEq> Agreed<T> {
    /// Takes what a row says; notes a problem where an earlier row says something else.
    fn take(&mut self, field: Field, said: Cell<T>, cells: &mut Cells<'_>) {
        match (&self.said, &said) {
            (Cell::Set(first), Cell::Set(now)) if first != now => {
                let reason = Reason::HeaderDiffers {
                    first_row: self.row,
                    first: self.text.clone(),
                };
                cells.wrong(field, reason, None);
            }
            (Cell::Set(_), Cell::Set(_)) => {}
            (_, Cell::Set(_)) => {
                cells.text(field).clone_into(&mut self.text);
                self.row = cells.number();
                self.said = said;
            }
            (Cell::Keep, Cell::Clear) => self.said = said,
            _ => {}
        }
    }

    fn value(&self) -> Option<&T> {
        match &self.said {
            Cell::Set(value) => Some(value),
            Cell::Keep | Cell::Clear => None,
        }
    }
}

/// The rows of one order.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) external_id: String,
    /// The numbers of the rows taken.
    pub(super) rows: Vec<u64>,
    first_row: u64,
    problems: Vec<Problem>,
    member: Agreed<MemberId>,
    unit: Agreed<UnitId>,
    account: Agreed<AccountId>,
    channel: Agreed<ChannelId>,
    ordered_on: Agreed<Day>,
    cancelled: Agreed<bool>,
    net: Agreed<Fact>,
    tax: Agreed<Fact>,
    other: Agreed<Fact>,
    gross: Agreed<Fact>,
    lines: Vec<Line>,
    /// The row of each number of a line.
    numbers: HashMap<i32, u64>,
    /// A row was refused by itself: the order is not whole.
    spoilt: Option<u64>,
}

/// An order that is not taken over, and what it says all the same.
pub(super) struct Refused {
    pub(super) problems: Vec<Problem>,
    pub(super) member: Option<MemberId>,
    pub(super) counted: Option<(Day, Fact)>,
}

impl Group {
    pub(super) fn new(external_id: &str, first_row: u64) -> Self {
        Self {
            external_id: external_id.to_owned(),
            rows: Vec::new(),
            first_row,
            problems: Vec::new(),
            member: Agreed::default(),
            unit: Agreed::default(),
            account: Agreed::default(),
            channel: Agreed::default(),
            ordered_on: Agreed::default(),
            cancelled: Agreed::default(),
            net: Agreed::default(),
            tax: Agreed::default(),
            other: Agreed::default(),
            gross: Agreed::default(),
            lines: Vec::new(),
            numbers: HashMap::new(),
            spoilt: None,
        }
    }

    /// The order as a whole is refused because of a row that was refused by itself.
    pub(super) fn spoil(&mut self, row: u64) {
        self.spoilt.get_or_insert(row);
    }

    /// Takes a row.
    pub(super) fn row(
        &mut self,
        cells: &mut Cells<'_>,
        catalog: &mut Catalog,
        refer: &mut Refer,
        currency: &str,
    ) {
        self.rows.push(cells.number());
        let mut reference = |noun, field, cells: &mut Cells<'_>| match cells.cell(field) {
            Cell::Keep => Cell::Keep,
            Cell::Clear => Cell::Clear,
            Cell::Set(name) => match refer.to(catalog, noun, field, name, cells) {
                Some(id) => Cell::Set(id),
                None => Cell::Keep,
            },
        };
        let member = reference(Noun::Member, Field::Member, cells).map(MemberId);
        let unit = reference(Noun::Unit, Field::Unit, cells).map(UnitId);
        let account = reference(Noun::Account, Field::Account, cells).map(AccountId);
        let product = reference(Noun::Product, Field::Product, cells).map(ProductId);
        let by = match cells.cell(Field::Channel) {
            Cell::Keep => Cell::Keep,
            Cell::Clear => Cell::Clear,
            Cell::Set(name) => {
                let name = refer.chosen(Field::Channel, name).unwrap_or(name);
                Cell::Set(ChannelId(channel(catalog, name)))
            }
        };
        let cancelled = cells.cell(Field::OrderStatus).map(|word| {
            let word = refer.chosen(Field::OrderStatus, word).unwrap_or(word);
            CANCELLED.contains(&word.to_lowercase().as_str())
        });
        self.member.take(Field::Member, member, cells);
        self.unit.take(Field::Unit, unit, cells);
        self.account.take(Field::Account, account, cells);
        self.channel.take(Field::Channel, by, cells);
        let day = cells.day(Field::OrderedOn);
        self.ordered_on.take(Field::OrderedOn, day, cells);
        self.cancelled.take(Field::OrderStatus, cancelled, cells);
        for (field, agreed) in [
            (Field::Net, &mut self.net),
            (Field::Tax, &mut self.tax),
            (Field::Other, &mut self.other),
            (Field::Gross, &mut self.gross),
        ] {
            let amount = cells.signed(field);
            agreed.take(field, amount, cells);
        }
        cells.currency(currency);
        self.line(product, cells);
        self.problems.append(&mut cells.problems);
    }

    /// Takes what a row says about a line.
    fn line(&mut self, product: Cell<ProductId>, cells: &mut Cells<'_>) {
        let quantity = cells.quantity(Field::Quantity).over(None);
        let price = cells.signed(Field::Price).over(None);
        let number = cells.ordinal(Field::Line).over(None);
        let mut amount = cells.signed(Field::Amount).over(None);
        if let (None, Some(quantity), Some(price)) = (amount, quantity, price) {
            match times(quantity, price) {
                Ok(product) => amount = Some(product),
                Err(_) => too_large(Field::Price, cells),
            }
        }
        let product = product.over(None);
        if product.is_none() && quantity.is_none() && amount.is_none() && number.is_none() {
            return;
        }
        let number = number.unwrap_or(self.lines.len() as i32 + 1);
        if let Some(first_row) = self.numbers.insert(number, cells.number()) {
            cells.wrong(Field::Line, Reason::Duplicate { first_row }, None);
        }
        self.lines.push(Line {
            number,
            product,
            quantity,
            amount,
        });
    }

    /// What the rows say, and by how much the order exceeds its lines; or what is wrong with them.
    pub(super) fn said(mut self, amount: OrderAmount, lined: bool) -> Result<(Said, Option<Fact>), Refused> {
        self.lines.sort_by_key(|line| line.number);
        let amounts = self.amounts();
        let amounts = match amounts {
            Ok(amounts) => amounts,
            Err(error) => {
                self.problems.push(Problem::row(self.first_row, reason(&error)));
                None
            }
        };
        if matches!(self.ordered_on.said, Cell::Keep | Cell::Clear)
            && !self.problems.iter().any(|it| it.field == Some(Field::OrderedOn))
        {
            let header = Field::OrderedOn.as_str();
            let missing = Problem::cell(self.first_row, header, Field::OrderedOn, "", Reason::Missing);
            self.problems.push(missing);
        }
        let day = self.ordered_on.value().copied();
        let (Some(ordered_on), true, None) = (day, self.problems.is_empty(), self.spoilt) else {
            let wrong = self.problems.first().map(|problem| problem.row);
            let wrong = wrong.or(self.spoilt).unwrap_or(self.first_row);
            let cancelled = self.cancelled.value() == Some(&true);
            let counting = amounts.and_then(|amounts| amounts.counting(amount));
            return Err(Refused {
                member: self.member.value().copied(),
                counted: day.zip(counting).filter(|_| !cancelled),
                problems: refused(&self.rows, wrong, self.problems),
            });
        };
        let differs = self.differs(amounts);
        let mut said = Said {
            rows: self.rows,
            external_id: self.external_id,
            member: self.member.said,
            unit: self.unit.said,
            account: self.account.said,
            channel: self.channel.said,
            ordered_on,
            cancelled: self.cancelled.said,
            amounts,
            lines: lined.then_some(self.lines),
            amount,
            hash: 0,
        };
        said.hash = said.digest();
        Ok((said, differs))
    }

    /// The amounts that the rows say, with what follows from them; none where they say nothing.
    fn amounts(&self) -> Result<Option<Amounts>, AmountsError> {
        let mut amounts = Amounts {
            net: self.net.value().copied(),
            tax: self.tax.value().copied(),
            other: self.other.value().copied(),
            gross: self.gross.value().copied(),
        };
        let stated = amounts.net.is_some() || amounts.tax.is_some() && amounts.gross.is_some();
        if !stated && self.lines.iter().any(|line| line.amount.is_some()) {
            amounts.net = Some(self.of_lines()?);
        }
        if amounts.net.is_none() && amounts.gross.is_none() {
            return Ok(None);
        }
        amounts.complete().map(Some)
    }

    fn of_lines(&self) -> Result<Fact, AmountsError> {
        sum(self.lines.iter().filter_map(|line| line.amount))
    }

    /// By how much the order's net amount exceeds what its lines come to, where they say so.
    fn differs(&self, amounts: Option<Amounts>) -> Option<Fact> {
        let net = amounts?.net?;
        if self.lines.is_empty() || self.lines.iter().any(|line| line.amount.is_none()) {
            return None;
        }
        let lines = self.of_lines().ok()?;
        let by = net.0.saturating_sub(lines.0);
        (by != 0).then_some(Fact(by))
    }
}

fn reason(error: &AmountsError) -> Reason {
    match error {
        AmountsError::Disagree { sum, gross } => Reason::AmountsDisagree {
            sum: shown(*sum),
            gross: shown(*gross),
        },
        AmountsError::GrossBelowNet { net, gross } => Reason::GrossBelowNet {
            net: shown(*net),
            gross: shown(*gross),
        },
        AmountsError::TooLarge => Reason::Amount {
            error: domain::money::AmountError::TooLarge,
        },
    }
}

fn too_large(field: Field, cells: &mut Cells<'_>) {
    let error = domain::money::AmountError::TooLarge;
    cells.wrong(field, Reason::Amount { error }, None);
}
