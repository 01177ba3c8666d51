//! The own target: the number, why it is that, how it came to be, and its confirmation.

mod answer;
mod asked;
mod carried;
mod changes;
mod on_day;
mod remind;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::acknowledgement::Accepted;
use domain::calendar::{Fiscal, Period};
use domain::id::{NodeId, VersionId};
use domain::money::{Currency, Minor};
use domain::negotiation::Subject;
use domain::plan::{NodeIndex, Shape};
use domain::split::quarters;
use domain::target::{Answer, Confirmation, MyTarget, NodeRef, PeriodAmount, Span};
use sha2::{Digest, Sha256};
use store::Session;
use store::acknowledgement::Acknowledgement;
use store::cell::Cell;
use store::organization::Organization;
use store::plan::Plan;
use store::version::{Hash, Node, Version};

pub(crate) use carried::carry_over;
pub(crate) use remind::{ask_for_reminders, reminders_of};

use crate::attainment::fiscal;
use crate::negotiation::agreed_total;
use crate::plan::hex;
use crate::plan::state::{self, Weights};
use crate::{Error, Operations, Scope};

/// Most versions on record that are looked through for one's own numbers.
const MOST_VERSIONS: usize = 24;

impl Operations {
    /// The numbers on record that the person who asks carries, the own and those of units they lead; what waits for an
    /// answer first, then the latest plan.
    pub async fn my_targets(&self, scope: &Scope) -> Result<Vec<MyTarget>, Error> {
        let Some(member) = scope.member else {
            return Ok(Vec::new());
        };
        let reader = self.database.reader();
        let organization = store::organization::get(&reader, scope).await?;
        let mut targets = Vec::new();
        for (version, held) in on_record(&reader, scope).await? {
            let version = store::version::get(&reader, scope, version).await?;
            let plan = store::plan::get(&reader, scope, version.plan).await?;
            let mut carried = store::cell::of_version(&reader, scope, version.id).await?;
            carried.retain_mut(|(node, cells)| {
                cells.retain(|cell| held.contains(&cell.period));
                node.carrier == Some(member) && !cells.is_empty()
            });
            if carried.is_empty() {
                continue;
            }
            let whole = Whole::load(&reader, scope, plan, version, &organization).await?;
            for (node, cells) in &carried {
                targets.push(my_target(&reader, scope, &whole, node, cells).await?);
            }
        }
        targets.sort_by_key(|target| {
            let latest = target
                .periods
                .last()
                .map(|period| std::cmp::Reverse(period.period.end));
            (
                target.confirmation != Confirmation::Open,
                latest,
                !target.of.is_member(),
            )
        });
        Ok(targets)
    }
}

/// What is on record now, by version, the latest periods first. Read at once and not by the versions' status: while a new
/// version is being published, either the old or the new one is on record, never none.
async fn on_record(session: &impl Session, scope: &Scope) -> Result<Vec<(VersionId, BTreeSet<Span>)>, Error> {
    let mut held: BTreeMap<VersionId, BTreeSet<Span>> = BTreeMap::new();
    for record in store::cell::on_record(session, scope).await? {
        held.entry(record.version).or_default().insert(record.period);
    }
    let mut held: Vec<_> = held.into_iter().collect();
    held.sort_by_key(|(_, periods)| std::cmp::Reverse(periods.last().copied()));
    held.truncate(MOST_VERSIONS);
    Ok(held)
}

/// The periods for which a version still is the plan of record.
async fn held(
    session: &impl Session,
    scope: &Scope,
    plan: &Plan,
    version: VersionId,
) -> Result<BTreeSet<Span>, Error> {
    let records = store::cell::records(session, scope, &plan.metric_key, plan.span).await?;
    let held = records
        .into_iter()
        .filter(|record| record.version == version && record.until_ms.is_none());
    Ok(held.map(|record| record.period).collect())
}

/// A version on record with what its numbers are told from, read once for all of them.
struct Whole {
    plan: Plan,
    version: Version,
    currency: Currency,
    fiscal: Fiscal,
    shape: Arc<Shape>,
    /// What each leaf did in the comparable periods.
    year_before: Option<Vec<u64>>,
    log: changes::Log,
}

impl Whole {
    async fn load(
        session: &impl Session,
        scope: &Scope,
        plan: Plan,
        version: Version,
        organization: &Organization,
    ) -> Result<Self, Error> {
        // The numbers are within reach; how they came about is told from the whole version.
        let all = state::all(scope);
        let nodes = store::version::nodes(session, &all, version.id).await?;
        let bases = store::version::bases(session, &all, version.id).await?;
        Ok(Self {
            shape: state::shape(&plan, &nodes)?,
            year_before: Weights::of(&bases, &nodes, plan.periods.len()).year_before(),
            log: changes::Log::load(session, &all, &plan, &version).await?,
            plan,
            version,
            currency: organization.currency.clone(),
            fiscal: fiscal(organization)?,
        })
    }
}

async fn my_target(
    session: &impl Session,
    scope: &Scope,
    whole: &Whole,
    node: &Node,
    cells: &[Cell],
) -> Result<MyTarget, Error> {
    let Whole { plan, version, .. } = whole;
    let below = node.ordinal as usize..whole.shape.end(NodeIndex(node.ordinal)).0 as usize;
    let history = whole.year_before.as_ref().map(|leaves| {
        let leaves = leaves.get(below).unwrap_or_default();
        let sum = leaves
            .iter()
            .fold(0_u64, |sum, amount| sum.saturating_add(*amount));
        Minor(i64::try_from(sum).unwrap_or(i64::MAX))
    });
    let answers = store::acknowledgement::of_node(session, scope, version.id, node.id).await?;
    let number = number_hash(plan, version.id, node.of, cells);
    let confirmation = confirmation(&answers, node.id, number);
    let agreed = agreed_total(session, scope, version, node.id).await?;
    let answered_ms = match &confirmation {
        Confirmation::Open => None,
        Confirmation::Confirmed { at_ms, .. } | Confirmation::Countered { at_ms, .. } => Some(*at_ms),
    };
    let agreed = agreed.filter(|agreed| answered_ms.is_none_or(|answered| answered <= agreed.at_ms));
    let periods: Vec<PeriodAmount> = cells
        .iter()
        .filter_map(|cell| period_amount(plan, cell))
        .collect();
    Ok(MyTarget {
        plan: plan.id,
        plan_name: plan.name.clone(),
        version: version.id,
        metric: plan.metric_key.clone(),
        currency: whole.currency.clone(),
        node: node.id,
        of: node.of,
        name: node.name.clone(),
        quarters: by_quarter(whole, &periods),
        periods,
        total: total(cells),
        history,
        changes: changes::of(session, &state::all(scope), whole, node, cells).await?,
        hash: hex(&number),
        confirmation,
        accepted: accepted(answers.last(), number),
        agreed,
        published_at_ms: version.published_at_ms.unwrap_or_default(),
        published_by: version.published_by.clone().unwrap_or_default(),
    })
}

fn period_amount(plan: &Plan, cell: &Cell) -> Option<PeriodAmount> {
    let period: &Period = plan
        .periods
        .iter()
        .find(|period| Span::of(period) == cell.period)?;
    Some(PeriodAmount {
        period: period.clone(),
        amount: cell.amount,
    })
}

/// The number by quarter: where every month that the plan has of it is held, and it is neither one of them nor the whole plan.
fn by_quarter(whole: &Whole, held: &[PeriodAmount]) -> Vec<PeriodAmount> {
    let all = &whole.plan.periods;
    let mut found = Vec::new();
    for quarter in quarters(whole.fiscal, all) {
        let (from, until) = (quarter.period.start, quarter.period.end);
        let months = || {
            held.iter()
                .filter(move |part| from <= part.period.start && part.period.end <= until)
        };
        let several = matches!(Subject::of_quarter(&quarter, all.len()), Subject::Span { .. });
        // Of what another plan holds by now nobody carries a part here: the rest is no quarter that could be negotiated.
        if several && months().count() == usize::from(quarter.months) {
            found.push(PeriodAmount {
                amount: Minor(months().map(|month| month.amount.0).sum()),
                period: quarter.period,
            });
        }
    }
    found
}

fn total(cells: &[Cell]) -> Minor {
    Minor(
        cells
            .iter()
            .fold(0, |sum, cell| sum.saturating_add(cell.amount.0)),
    )
}

/// SHA-256 of a number as it is shown: version, carrier, periods and amounts. Another version asks again.
fn number_hash(plan: &Plan, version: VersionId, of: NodeRef, cells: &[Cell]) -> Hash {
    let mut hash = Sha256::new();
    hash.update(b"attain target 1\n");
    hash.update(version.0.as_bytes());
    hash.update((plan.metric_key.len() as u64).to_be_bytes());
    hash.update(plan.metric_key.as_bytes());
    hash.update([u8::from(of.is_member())]);
    hash.update(of.key().to_be_bytes());
    for cell in cells {
        hash.update(cell.period.starts_on.0.to_be_bytes());
        hash.update(cell.period.ends_on.0.to_be_bytes());
        hash.update(cell.amount.0.to_be_bytes());
    }
    hash.finalize().into()
}

/// What the last answer at a node says, as long as it was to this very number.
fn confirmation(answers: &[Acknowledgement], node: NodeId, number: Hash) -> Confirmation {
    standing(answers.iter().rev().find(|answer| answer.node == node), number)
}

/// What an answer says, as long as it was to this very number.
fn standing(answer: Option<&Acknowledgement>, number: Hash) -> Confirmation {
    match answer.filter(|answer| answer.hash == number) {
        None => Confirmation::Open,
        Some(answer) => match answer.state {
            Answer::Confirmed => Confirmation::Confirmed {
                at_ms: answer.at_ms,
                by: answer.user_name.clone(),
            },
            Answer::Countered => Confirmation::Countered {
                at_ms: answer.at_ms,
                by: answer.user_name.clone(),
                comment: answer.comment.clone().unwrap_or_default(),
            },
        },
    }
}

/// What an answer confirmed, beside the number as it is on record now; none where it was no confirmation.
fn accepted(answer: Option<&Acknowledgement>, number: Hash) -> Option<Accepted> {
    let answer = answer.filter(|answer| answer.state == Answer::Confirmed)?;
    Some(Accepted {
        hash: hex(&answer.hash),
        recomputed: hex(&number),
        at_ms: answer.at_ms,
        by: answer.user_name.clone(),
    })
}
