//! What was agreed on and is to be in a draft: agreed here, or on the numbers of what the draft came from.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::Permission;
use domain::format::Lang;
use domain::id::{NodeId, VersionId};
use domain::money::{Currency, Minor};
use domain::negotiation::{
    AgreedNumber, AgreedTotal, EnterWay, EnterWays, EnteredAgreed, LeftOut, RowToEnter, Status, Subject,
    ToEnter, TotalAbove, to_enter,
};
use domain::plan::{Entered, EnteringWhole, GiveWay, Grid, NodeIndex, PlanCommand, Refusal, enter_whole};
use domain::reason::OwnReason;
use domain::split::{Insist, Seen};
use domain::target::{NodeRef, VersionStatus};
use store::Session;
use store::negotiation::Negotiation;
use store::version::Version;

use super::party::Tree;
use super::standing;
use crate::plan::state::{self, State, damaged};
use crate::scope::require;
use crate::target::absent::Absent;
use crate::{Error, Operations, Scope, target};

/// Branches of branches that are followed back.
const MOST_ANCESTORS: usize = 32;
/// Totals right above agreed numbers that are told one by one.
const MOST_TOTALS: usize = 5;

/// What is agreed on and not in a draft yet.
struct Missing {
    state: State,
    /// Where nobody is there to carry a number.
    absent: Absent,
    currency: Currency,
    /// What is to be entered.
    wanted: Vec<Wanted>,
    /// What cannot be entered either way.
    left: Vec<LeftOut>,
}

/// Agreed numbers of a row that are to be entered together or not at all.
struct Wanted {
    node: NodeIndex,
    of: ToEnter,
}

impl Operations {
    /// What entering every agreed number that a draft does not have yet would come to, either way; nothing is changed.
    pub async fn weigh_agreed(&self, scope: &Scope, version: VersionId) -> Result<EnterWays, Error> {
        require(scope, Permission::EditPlan)?;
        let missing = self.missing(scope, version).await?;
        let ways = GiveWay::ALL.map(|gives| missing.way(gives));
        Ok(EnterWays {
            head: missing.state.head,
            ways: ways.into_iter().collect::<Result<_, _>>()?,
            currency: missing.currency,
        })
    }

    /// Enters every agreed number that a draft does not have yet as one step that can be undone; what stands in the way of some
    /// is told, and the others are entered. With the head of the draft for which it was weighed, only while it is still that.
    pub async fn enter_agreed(
        &self,
        scope: &Scope,
        version: VersionId,
        gives: GiveWay,
        head: Option<u64>,
    ) -> Result<EnteredAgreed, Error> {
        require(scope, Permission::EditPlan)?;
        let missing = self.missing(scope, version).await?;
        if head.is_some_and(|head| head != missing.state.head) {
            return Err(moved());
        }
        let (entering, left) = missing.entering(gives);
        let mut result = EnteredAgreed { entered: 0, left };
        if entering.taken.is_empty() {
            if result.left.is_empty() {
                return Err(Error::conflict(
                    "nothing_agreed",
                    "没有还没写入的商定数字。",
                    "No agreed number is left to enter.",
                ));
            }
            return Ok(result);
        }
        let count = missing.count(&entering);
        let command = PlanCommand::Enter {
            amounts: entering.amounts,
            gives,
            reason: Some(OwnReason::Agreed.stored()),
        };
        // What was weighed is looked at again under the lock: another change may have come in since.
        let applied = match head {
            Some(head) => self.apply_at(scope, version, head, command).await?,
            None => Some(
                self.apply_given(
                    scope,
                    version,
                    Seen::up_to(missing.state.head),
                    None,
                    command,
                    Insist::Ask,
                )
                .await?,
            ),
        };
        if !applied.is_some_and(|applied| applied.is_done()) {
            return Err(moved());
        }
        result.entered = count;
        Ok(result)
    }

    /// What is agreed on and not in a draft yet.
    async fn missing(&self, scope: &Scope, version: VersionId) -> Result<Missing, Error> {
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        if row.shelved_at_ms.is_some() {
            return Err(crate::scenario::shelved());
        }
        if row.status != VersionStatus::Draft {
            return Err(crate::publish::closed(row.status));
        }
        let agreed = of(&reader, scope, &row).await?;
        let state = State::load(&reader, &state::all(scope), row).await?;
        let organization = store::organization::get(&reader, scope).await?;
        let mut missing = Missing {
            absent: Absent::of(&reader, &state::all(scope), &state).await?,
            state,
            currency: organization.currency,
            wanted: Vec::new(),
            left: Vec::new(),
        };
        for numbers in agreed.chunk_by(|one, next| one.row == next.row) {
            let Some(node) = numbers.first().map(|number| number.row) else {
                continue;
            };
            let state = &missing.state;
            let own = state.node(node).is_some_and(|node| {
                scope
                    .member
                    .is_some_and(|member| node.of == NodeRef::Member(member))
            });
            if own {
                let left = numbers.iter().filter(|number| !has(&state.grid, number));
                let left = left.map(|number| LeftOut {
                    name: number.name.clone(),
                    zh: "不能改自己的目标，请让另一位计划员来改。".to_owned(),
                    en: "Nobody changes their own target: let another planner do it.".to_owned(),
                });
                missing.left.extend(left);
                continue;
            }
            let numbers: Vec<(Subject, Minor)> = numbers
                .iter()
                .map(|number| (number.subject, number.amount))
                .collect();
            let RowToEnter { groups, refused } = to_enter(&state.grid, node, &numbers);
            missing
                .wanted
                .extend(groups.into_iter().map(|of| Wanted { node, of }));
            for (_, refusal) in refused {
                let left = left_out(&missing, node, &refusal);
                missing.left.push(left);
            }
        }
        Ok(missing)
    }
}

impl Missing {
    /// What the draft can take one way, and what it cannot.
    fn entering(&self, gives: GiveWay) -> (EnteringWhole, Vec<LeftOut>) {
        let groups: Vec<Vec<Entered>> = self
            .wanted
            .iter()
            .map(|wanted| wanted.of.amounts.clone())
            .collect();
        let entering = enter_whole(&self.state.grid, &groups, gives);
        let refused = entering.refused.iter();
        let refused = refused
            .filter_map(|(place, refusal)| Some(left_out(self, self.wanted.get(*place)?.node, refusal)));
        let left = self.left.iter().cloned().chain(refused).collect();
        (entering, left)
    }

    /// How many agreed numbers the draft has with what it takes.
    fn count(&self, entering: &EnteringWhole) -> u32 {
        let taken = entering.taken.iter().filter_map(|place| self.wanted.get(*place));
        taken.map(|wanted| wanted.of.numbers).sum()
    }

    /// What one way comes to: exactly what the command would do.
    fn way(&self, gives: GiveWay) -> Result<EnterWay, Error> {
        const TOP: NodeIndex = NodeIndex(0);
        let (entering, left) = self.entering(gives);
        let before = &self.state.grid;
        let mut after = before.clone();
        after.fold(&entering.deltas).map_err(damaged)?;
        let above: BTreeSet<NodeIndex> = self
            .wanted
            .iter()
            .filter_map(|wanted| before.shape().parent(wanted.node))
            .filter(|parent| *parent != TOP)
            .collect();
        let told = above.iter().take(MOST_TOTALS).copied().chain([TOP]);
        Ok(EnterWay {
            gives,
            entered: self.count(&entering),
            totals: told
                .map(|node| TotalAbove {
                    name: before.shape().name(node).to_owned(),
                    before: before.amount(node, None),
                    after: after.amount(node, None),
                })
                .collect(),
            more: u32::try_from(above.len().saturating_sub(MOST_TOTALS)).unwrap_or(u32::MAX),
            left,
        })
    }
}

/// Somebody was quicker.
fn moved() -> Error {
    Error::conflict(
        "agreed_moved",
        "刚刚有人改了这个草案，什么都没有写入。请再试一次。",
        "Somebody changed this draft just now, so nothing was entered. Try again.",
    )
}

/// Whether a draft has an agreed number.
pub(super) fn has(grid: &Grid, number: &AgreedNumber) -> bool {
    let amount = number.subject.sum(|period| grid.amount(number.row, period));
    amount == number.amount
}

/// An agreed number that cannot be had, and why.
fn left_out(missing: &Missing, node: NodeIndex, refusal: &Refusal) -> LeftOut {
    let Missing {
        state,
        absent,
        currency,
        ..
    } = missing;
    let shape = state.grid.shape();
    let name = state
        .node(node)
        .map_or_else(String::new, |node| node.name.clone());
    let (zh, en) = [Lang::ZhCn, Lang::En]
        .map(|lang| target::refusal::sentence(shape, refusal, absent, currency, lang))
        .into();
    LeftOut { name, zh, en }
}

/// Every number that was agreed on in a draft or in what it came from, up to the version that was published; of one number the
/// latest word. Sorted by row.
pub(super) async fn of(
    session: &impl Session,
    scope: &Scope,
    draft: &Version,
) -> Result<Vec<AgreedNumber>, Error> {
    let all = state::all(scope);
    let mut latest: BTreeMap<(NodeId, Subject), Negotiation> = BTreeMap::new();
    for version in line_of(session, scope, draft).await? {
        for row in store::negotiation::of_version(session, &all, version).await? {
            if row.status != Status::Agreed {
                continue;
            }
            let place = (row.node, row.subject);
            let newer = latest
                .get(&place)
                .is_none_or(|known| known.closed_at_ms < row.closed_at_ms);
            if newer {
                latest.insert(place, row);
            }
        }
    }
    if latest.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = latest.values().map(|row| row.id).collect();
    let moves = store::negotiation::moves(session, scope, &ids).await?;
    let plan = store::plan::get(session, &all, draft.plan).await?;
    let tree = Tree::load(session, scope, draft.id).await?;
    let mut agreed = Vec::new();
    for row in latest.values() {
        // Who is not in the draft any more has no number there.
        let Some(node) = tree.node(row.node) else {
            continue;
        };
        if !row.subject.is_within(plan.periods.len()) {
            continue;
        }
        let moves = moves.get(&row.id).map_or(&[][..], Vec::as_slice);
        agreed.push(AgreedNumber {
            id: row.id,
            row: NodeIndex(node.ordinal),
            name: node.name.clone(),
            subject: row.subject,
            amount: standing(row, moves)?.amount,
        });
    }
    agreed.sort_by_key(|number| (number.row, number.subject));
    Ok(agreed)
}

/// A draft and what it came from, up to and including the first version that was published.
pub(super) async fn line_of(
    session: &impl Session,
    scope: &Scope,
    draft: &Version,
) -> Result<Vec<VersionId>, Error> {
    let all = state::all(scope);
    let mut line = vec![draft.id];
    let mut at = draft.clone();
    while at.status.is_in_work() && line.len() <= MOST_ANCESTORS {
        let Some(parent) = at.parent else { break };
        at = store::version::get(session, &all, parent).await?;
        line.push(at.id);
    }
    // A revision may stand on its own beside the version it adjusts.
    if let Some(revision) = store::revision::of_draft(session, &all, draft.id).await?
        && !line.contains(&revision.version)
    {
        line.push(revision.version);
    }
    Ok(line)
}

/// What was agreed on a number's total last: in a version, or in what it came from up to the version published before it. None
/// where the latest thread about it goes on, or ended otherwise.
pub(crate) async fn total(
    session: &impl Session,
    scope: &Scope,
    version: &Version,
    node: NodeId,
) -> Result<Option<AgreedTotal>, Error> {
    let all = state::all(scope);
    let mut at = version.clone();
    for _ in 0..MOST_ANCESTORS {
        // The latest come first.
        let found = store::negotiation::of_version(session, &all, at.id).await?;
        let last = found
            .into_iter()
            .find(|row| row.node == node && row.subject == Subject::Total);
        if let Some(row) = last {
            if row.status != Status::Agreed {
                return Ok(None);
            }
            let moves = store::negotiation::moves(session, scope, &[row.id]).await?;
            let moves = moves.get(&row.id).map_or(&[][..], Vec::as_slice);
            return Ok(Some(AgreedTotal {
                amount: standing(&row, moves)?.amount,
                at_ms: row.closed_at_ms.unwrap_or(row.at_ms),
            }));
        }
        let published_before = at.id != version.id && !at.status.is_in_work();
        let Some(parent) = at.parent.filter(|_| !published_before) else {
            break;
        };
        at = store::version::get(session, &all, parent).await?;
    }
    Ok(None)
}
