//! Who of those within reach has confirmed a number of a version on record, exactly which number that was, and who has not.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use domain::access::Permission;
use domain::acknowledgement::{
    Acknowledgements, AnswerFilter, AnswerPage, AnswerQuery, CarrierRow, MOST_LISTED, Stance,
};
use domain::calendar::Day;
use domain::id::{MemberId, NodeId, VersionId};
use domain::negotiation::Status;
use domain::target::{Confirmation, VersionStatus};
use store::Session;
use store::acknowledgement::Acknowledgement;
use store::version::Version;

use super::{accepted, held, number_hash, standing, total};
use crate::plan::state;
use crate::scope::{require_sight, require_voice};
use crate::seek::Seek;
use crate::{Error, Operations, Scope, notice};

impl Operations {
    /// Who of those within reach has not confirmed the number of a version on record, in the order of the plan.
    pub async fn unconfirmed(&self, scope: &Scope, version: VersionId) -> Result<Vec<CarrierRow>, Error> {
        let mut rows = self.carriers_of(scope, version).await?;
        rows.retain(|row| !matches!(row.confirmation, Confirmation::Confirmed { .. }));
        Ok(rows)
    }

    /// Who of those within reach has confirmed the number of a version on record, with the fingerprint of what was confirmed
    /// beside that of what is on record now, and who has not; at most so many of each (10,000).
    pub async fn acknowledgements(
        &self,
        scope: &Scope,
        version: VersionId,
        most: usize,
    ) -> Result<Acknowledgements, Error> {
        let rows = self.carriers_of(scope, version).await?;
        Ok(Acknowledgements::of(version, rows, most.min(MOST_LISTED)))
    }

    /// A page of the same: those who are sought, by name and by where they stand, and how many there are of each. The list is kept
    /// while nothing changes: the next page of it is not read anew.
    pub async fn answer_page(
        &self,
        scope: &Scope,
        version: VersionId,
        query: &AnswerQuery,
    ) -> Result<AnswerPage, Error> {
        require_sight(scope)?;
        let key = self.recent_key(scope, version, None).await?;
        let rows = match self.answers.find(&key) {
            Some(rows) => rows,
            None => {
                let rows = Arc::new(self.carriers_of(scope, version).await?);
                self.answers.keep(key, rows.len(), &rows);
                rows
            }
        };
        let seek = Seek::new(&query.filter.search);
        let voice = require_voice(scope).is_ok();
        let finds = |row: &CarrierRow| is_named(row, &seek);
        Ok(AnswerPage::of(version, &rows, query, voice, finds))
    }

    async fn carriers_of(&self, scope: &Scope, version: VersionId) -> Result<Vec<CarrierRow>, Error> {
        require_sight(scope)?;
        let today = self.business_date(scope).await?;
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        if row.status != VersionStatus::Published {
            return Ok(Vec::new());
        }
        carriers(&reader, scope, &row, today).await
    }
}

fn is_named(row: &CarrierRow, seek: &Seek) -> bool {
    seek.finds(&row.name) || seek.finds(&row.carrier_name)
}

/// The numbers that a list shows, on all of its pages.
pub(super) fn listed(rows: Vec<CarrierRow>, filter: &AnswerFilter) -> Vec<CarrierRow> {
    let seek = Seek::new(&filter.search);
    let is_listed =
        |row: &CarrierRow| filter.stance.is_none_or(|stance| stance == row.stance) && is_named(row, &seek);
    rows.into_iter().filter(is_listed).collect()
}

/// Every number of a version within reach that is on record and that somebody carries.
pub(super) async fn carriers(
    session: &impl Session,
    scope: &Scope,
    version: &Version,
    today: Day,
) -> Result<Vec<CarrierRow>, Error> {
    let all = state::all(scope);
    let plan = store::plan::get(session, scope, version.plan).await?;
    let held = held(session, scope, &plan, version.id).await?;
    let answers = store::acknowledgement::of_version(session, scope, version.id).await?;
    // They come oldest first: the last of each number stays.
    let last: HashMap<NodeId, &Acknowledgement> =
        answers.iter().map(|answer| (answer.node, answer)).collect();
    let names: BTreeMap<MemberId, String> = store::member::list(session, &all)
        .await?
        .into_iter()
        .map(|member| (member.id, member.name))
        .collect();
    // Whose number is within reach decides, not where its carrier belongs.
    let reminded = store::target_reminder::last(session, &all, plan.id).await?;
    let negotiated: BTreeSet<NodeId> = store::negotiation::of_version(session, &all, version.id)
        .await?
        .into_iter()
        .filter(|negotiation| negotiation.status == Status::Open)
        .map(|negotiation| negotiation.node)
        .collect();
    let may_remind = require_voice(scope).is_ok();
    let reached: BTreeSet<MemberId> = notice::who_are_members(session, &all)
        .await?
        .into_iter()
        .filter(|(user, _)| user.role.may(Permission::Acknowledge))
        .map(|(_, member)| member)
        .collect();
    let others: Vec<VersionId> = store::version::list(session, &all, Some(plan.id))
        .await?
        .into_iter()
        .map(|other| other.id)
        .filter(|other| *other != version.id)
        .collect();
    let answered = store::acknowledgement::answered(session, &all, &others).await?;
    let mut rows = Vec::new();
    for (node, mut cells) in store::cell::of_version(session, scope, version.id).await? {
        cells.retain(|cell| held.contains(&cell.period));
        let Some(carrier) = node.carrier.filter(|_| !cells.is_empty()) else {
            continue;
        };
        let number = number_hash(&plan, version.id, node.of, &cells);
        let answer = last.get(&node.id).copied();
        let confirmation = standing(answer, number);
        let reminded_on = reminded.get(&carrier).copied();
        let before =
            answer.is_some_and(|answer| answer.member == carrier) || answered.contains(&(node.id, carrier));
        rows.push(CarrierRow {
            node: node.id,
            of: node.of,
            name: node.name,
            carrier,
            carrier_name: names.get(&carrier).cloned().unwrap_or_default(),
            total: total(&cells),
            // Of a number that is negotiated the deadline of that reminds.
            may_remind: may_remind
                && confirmation == Confirmation::Open
                && scope.member != Some(carrier)
                && reminded_on != Some(today)
                && !negotiated.contains(&node.id),
            stance: Stance::of(&confirmation, reached.contains(&carrier), before),
            confirmation,
            accepted: accepted(answer, number),
            reminded_on,
        });
    }
    Ok(rows)
}
