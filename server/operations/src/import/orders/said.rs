//! What rows say about one order, and the order that makes.

use domain::calendar::Day;
use domain::id::{AccountId, ChannelId, MemberId, OrderId, UnitId};
use domain::import::{Field, Problem, Reason};
use domain::metric::OrderAmount;
use domain::money::Fact;
use domain::order::Amounts;
use store::order::{Entry, Line, Order};
use uuid::Uuid;

use crate::import::cells::Cell;
use crate::import::crediting::Crediting;
use crate::import::hash::Fnv;
use crate::import::pipeline::Says;

/// What the rows of a file say about one order.
#[derive(Debug)]
pub(in crate::import) struct Said {
    /// The numbers of its rows; never empty.
    pub(super) rows: Vec<u64>,
    pub(super) external_id: String,
    pub(super) member: Cell<MemberId>,
    pub(super) unit: Cell<UnitId>,
    pub(super) account: Cell<AccountId>,
    pub(super) channel: Cell<ChannelId>,
    pub(super) ordered_on: Day,
    pub(super) cancelled: Cell<bool>,
    /// None: no row says an amount.
    pub(super) amounts: Option<Amounts>,
    /// None: the file has no lines.
    pub(super) lines: Option<Vec<Line>>,
    /// Which amount counts.
    pub(super) amount: OrderAmount,
    pub(super) hash: i64,
}

impl Said {
    /// Whether it says that the order was cancelled.
    pub(super) fn cancelled(&self) -> bool {
        self.cancelled == Cell::Set(true)
    }

    /// Whether it says who sold it, or to whom.
    pub(super) fn has(&self, field: Field) -> bool {
        match field {
            Field::Member => matches!(self.member, Cell::Set(_)),
            _ => matches!(self.account, Cell::Set(_)),
        }
    }

    /// Hash of everything the rows say.
    pub(super) fn digest(&self) -> i64 {
        let mut hash = Fnv::new();
        hash.text(&self.external_id);
        hash.cell(&self.member, |hash, id| hash.bytes(id.0.as_bytes()));
        hash.cell(&self.unit, |hash, id| hash.bytes(id.0.as_bytes()));
        hash.cell(&self.account, |hash, id| hash.bytes(id.0.as_bytes()));
        hash.cell(&self.channel, |hash, id| hash.bytes(id.0.as_bytes()));
        hash.bytes(&self.ordered_on.0.to_le_bytes());
        hash.cell(&self.cancelled, |hash, cancelled| {
            hash.bytes(&[u8::from(*cancelled)]);
        });
        let known = |hash: &mut Fnv, amount: Option<Fact>| match amount {
            None => hash.bytes(&[0]),
            Some(amount) => {
                hash.bytes(&[1]);
                hash.bytes(&amount.0.to_le_bytes());
            }
        };
        hash.bytes(&[u8::from(self.amounts.is_some())]);
        if let Some(amounts) = self.amounts {
            for amount in [amounts.net, amounts.tax, amounts.other, amounts.gross] {
                known(&mut hash, amount);
            }
        }
        hash.bytes(&[u8::from(self.lines.is_some())]);
        for line in self.lines.iter().flatten() {
            hash.bytes(&line.number.to_le_bytes());
            hash.bytes(line.product.unwrap_or_default().0.as_bytes());
            known(&mut hash, line.quantity);
            known(&mut hash, line.amount);
        }
        hash.finish()
    }
}

impl Says for Said {
    type Entry = Entry;

    fn row(&self) -> u64 {
        self.rows.first().copied().unwrap_or_default()
    }

    fn rows(&self) -> u64 {
        self.rows.len() as u64
    }

    fn external_id(&self) -> &str {
        &self.external_id
    }

    fn hash(&self) -> i64 {
        self.hash
    }

    fn member(&self) -> Option<MemberId> {
        match self.member {
            Cell::Set(member) => Some(member),
            Cell::Keep | Cell::Clear => None,
        }
    }

    /// What was not cancelled counts on the day it was placed.
    fn counts(&self) -> Option<(Day, Fact)> {
        let amount = self.amounts?.counting(self.amount)?;
        (!self.cancelled()).then_some((self.ordered_on, amount))
    }

    fn refused(&self, reason: Reason) -> Vec<Problem> {
        refused(&self.rows, self.row(), vec![Problem::row(self.row(), reason)])
    }

    fn apply(self, id: Uuid, stored: Option<&Entry>, credit: &Crediting) -> Result<Entry, Vec<Problem>> {
        let before = stored.map(|entry| &entry.order);
        let Some(amounts) = self.amounts.or(before.map(|it| it.amounts)) else {
            return Err(self.refused(Reason::NoOrderAmount));
        };
        if amounts.counting(self.amount).is_none() {
            let amount = self.amount;
            return Err(self.refused(Reason::NoCountedAmount { amount }));
        }
        let order = Order {
            id: OrderId(id),
            external_id: self.external_id,
            member: self.member.over(before.and_then(|it| it.member)),
            unit: self.unit.over(before.and_then(|it| it.unit)),
            account: self.account.over(before.and_then(|it| it.account)),
            channel: self.channel.over(before.and_then(|it| it.channel)),
            ordered_on: self.ordered_on,
            cancelled: self
                .cancelled
                .over(before.map(|it| it.cancelled))
                .unwrap_or_default(),
            amounts,
            row_hash: self.hash,
        };
        let kept = || stored.map(|entry| entry.lines.clone()).unwrap_or_default();
        let lines = self.lines.unwrap_or_else(kept);
        let credits = credit.order(&order, &lines);
        Ok(Entry {
            order,
            lines,
            credits,
        })
    }

    fn same(entry: &Entry, stored: &Entry) -> bool {
        let mut order = entry.order.clone();
        order.row_hash = stored.order.row_hash;
        order == stored.order && entry.lines == stored.lines && entry.credits == stored.credits
    }
}

/// The problems of an order as a whole: its own, and for every row without one that `wrong` has.
pub(super) fn refused(rows: &[u64], wrong: u64, mut problems: Vec<Problem>) -> Vec<Problem> {
    let clean: Vec<u64> = rows
        .iter()
        .copied()
        .filter(|row| !problems.iter().any(|problem| problem.row == *row))
        .collect();
    problems.extend(
        clean
            .into_iter()
            .map(|row| Problem::row(row, Reason::OrderRefused { row: wrong })),
    );
    problems
}
