//! Facts follow people who turn out to have been elsewhere: a change of people on a day before facts that are credited already.

use domain::calendar::Day;
use domain::event::Event;
use domain::id::MemberId;
use domain::metric::{MetricKey, Source};
use domain::money::Fact;
use store::Writer;
use store::fact::{Credit, Version, Which};
use store::rollup::{Deltas, Sign};
use uuid::Uuid;

use super::BASE;
use crate::import::{Creditable, Crediting};
use crate::plan::state;
use crate::{Error, Operations, Scope};

/// Facts credited anew at once.
const FACTS: usize = 2_000;

impl Operations {
    /// Credits what some members did from a day on to where they were on the day of each fact, with the roll-ups, in the
    /// transaction that says where they were. Answers how many versions of facts count elsewhere now: also those that only an
    /// undo would bring back. How much they count, and for whom, stays.
    ///
    /// Whoever calls it has the lock of the organization from the beginning of the transaction: two who have locked people or their
    /// assignments and then wait for it would wait for each other.
    ///
    /// Refused while an import writes, unless the day is still to come: it credits by where people were when it began.
    ///
    /// It is one transaction, however many facts there are: where people were, to whom facts count and the roll-ups are read
    /// together, and a part of them would say what never was (a person in two units at once, a roll-up that its facts do not sum
    /// to) to whoever reads between two parts, and for good where the server stops there. Facts are read and written in parts.
    pub(crate) async fn credit_anew(
        &self,
        writer: &Writer,
        scope: &Scope,
        members: &[MemberId],
        from: Day,
    ) -> Result<u64, Error> {
        if members.is_empty() {
            return Ok(0);
        }
        let all = state::all(scope);
        store::organization::lock(writer, &all).await?;
        if from <= self.business_date(&all).await? && store::slot::writing(writer, &all).await?.is_some() {
            return Err(Error::conflict(
                "import_running",
                "导入正在进行，请在它结束后再改成员的归属。",
                "An import is running; change where people belong when it has ended.",
            ));
        }
        self.credit_moved(writer, scope, members, from).await
    }

    /// The same for whoever writes where people are as an import or its undo: it is itself the one that writes, and has the lock of
    /// the organization from the beginning of its transaction.
    pub(crate) async fn credit_moved(
        &self,
        writer: &Writer,
        scope: &Scope,
        members: &[MemberId],
        from: Day,
    ) -> Result<u64, Error> {
        let all = state::all(scope);
        let Some(metric) = store::metric::find(writer, &all, &MetricKey::BOOKINGS).await? else {
            return Ok(0);
        };
        let facts = store::fact::credited_since(writer, &all, metric.id, members, from).await?;
        if facts.is_empty() {
            return Ok(0);
        }
        let bookings = store::organization::get(writer, &all).await?.bookings;
        let mut crediting = self.crediting(writer, &all, metric.id, bookings).await?;
        let mut deltas = Deltas::default();
        let mut count = 0;
        // Of the other source only what was there before the choice can be credited.
        for source in Source::ALL {
            crediting.bookings.from = source;
            count += match source {
                Source::Deals => {
                    anew::<store::opportunity::Entry>(writer, &all, &crediting, &facts, &mut deltas).await?
                }
                Source::Orders => {
                    anew::<store::order::Entry>(writer, &all, &crediting, &facts, &mut deltas).await?
                }
            };
        }
        let range = deltas.range();
        while !deltas.is_empty() {
            store::rollup::add(writer, &all, &metric, BASE, deltas.take()).await?;
        }
        if let Some((from_day, to_day)) = range {
            let event = Event::FactsChanged {
                metrics: vec![MetricKey::BOOKINGS.to_string()],
                from_day,
                to_day,
            };
            store::outbox::append(writer, scope, &event).await?;
        }
        Ok(count)
    }
}

/// Credits the versions of some facts that count elsewhere now.
async fn anew<E: Creditable>(
    writer: &Writer,
    scope: &Scope,
    crediting: &Crediting,
    facts: &[Uuid],
    deltas: &mut Deltas,
) -> Result<u64, Error> {
    let mut count = 0;
    for ids in facts.chunks(FACTS) {
        let mut changed: Vec<Version<E>> = Vec::new();
        for version in E::versions(writer, scope, ids, Which::All).await? {
            let of_metric = version.entry.credits().iter();
            let was: Vec<Credit> = of_metric
                .filter(|credit| credit.metric == crediting.metric)
                .copied()
                .collect();
            let is = version.entry.credits_by(crediting);
            // A version that is over may have counted by another amount, or not at all: that stays.
            if was.is_empty() || was == is || total(&was) != total(&is) {
                continue;
            }
            let before = version.entry.clone().credited(was);
            let entry = version.entry.credited(is);
            if version.gone == BASE {
                deltas.add(&before, Sign::Minus);
                deltas.add(&entry, Sign::Plus);
            }
            changed.push(Version { entry, ..version });
        }
        store::fact::replace_credits(writer, scope, crediting.metric, &changed).await?;
        count += changed.len() as u64;
    }
    Ok(count)
}

/// What credits come to, and of how many facts; none of no credit.
fn total(credits: &[Credit]) -> Option<(Fact, i32)> {
    (!credits.is_empty()).then(|| {
        let amount = credits.iter().map(|credit| credit.amount.0).sum();
        (Fact(amount), credits.iter().map(|credit| credit.count).sum())
    })
}
