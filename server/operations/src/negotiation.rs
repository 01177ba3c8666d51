//! Negotiations: proposing another number, answering, agreeing. Agreeing on a draft's number sets it in the same transaction;
//! what is agreed on a published number waits for the next draft.

mod agreed;
mod begin;
mod keep;
mod list;
mod party;
mod watch;

use domain::access::Permission;
use domain::calendar::{Day, Period};
use domain::event::Event;
use domain::format::Lang;
use domain::id::{NegotiationId, VersionId};
use domain::money::Minor;
use domain::negotiation::{
    MOST_CHARS, Move, MoveKind, Refusal, Side, Standing, Status, Subject, check_due, on_time,
};
use domain::plan::{Give, NodeIndex};
use domain::reason::OwnReason;
use domain::target::{VersionStatus, parse_total};
use serde_json::json;
use store::Writer;
use store::negotiation::{Moved, Negotiation};
use store::version::Version;

use crate::attainment::fiscal;
use crate::plan::state::{self, damaged};
use crate::scope::require;
use crate::split::Agreement;
use crate::{Error, Operations, Scope, audit, input};
pub(crate) use agreed::total as agreed_total;
pub(crate) use begin::Asked;
use keep::{Ground, keep};
use party::Tree;

/// An amount as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// In minor units.
    Minor(Minor),
    /// As people write it.
    Typed(String),
}

/// A move as somebody makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which.
    pub act: MoveKind,
    /// The amount of an answer.
    pub amount: Option<Ask>,
    /// Why.
    pub words: Option<String>,
    /// Who gives where agreeing changes a draft.
    pub give: Give,
}

impl Operations {
    /// Whether whoever asks may take part in negotiations; asked before what they say is read.
    pub fn may_negotiate(&self, scope: &Scope) -> Result<(), Error> {
        require(scope, Permission::Acknowledge)
    }

    /// What can be negotiated of a version's rows beside their totals, with its names: each period in its order, then the quarters;
    /// for those who may negotiate its numbers.
    pub async fn negotiated_parts(
        &self,
        scope: &Scope,
        version: VersionId,
    ) -> Result<Vec<(Subject, Period)>, Error> {
        require(scope, Permission::Acknowledge)?;
        let reader = self.database.reader();
        let version = store::version::get(&reader, scope, version).await?;
        let plan = store::plan::get(&reader, scope, version.plan).await?;
        let organization = store::organization::get(&reader, scope).await?;
        Ok(Subject::named(fiscal(&organization)?, &plan.periods))
    }

    /// Makes a move in a negotiation. Where whoever plans agrees on a number of a draft, the draft has it from then on; what
    /// stands in the way there is a refusal, and nothing is agreed.
    pub async fn negotiate(&self, scope: &Scope, id: NegotiationId, step: Step) -> Result<(), Error> {
        require(scope, Permission::Acknowledge)?;
        let amount = match step.amount.filter(|_| step.act.has_amount()) {
            None => None,
            Some(amount) => Some(self.amount_of(scope, amount).await?),
        };
        let what = Move::new(step.act, amount, checked_words(step.words.as_deref())?).map_err(refused)?;
        let writer = self.database.writer().await?;
        let row = store::negotiation::lock(&writer, scope, id).await?;
        let all = state::all(scope);
        let version = store::version::get(&writer, &all, row.version).await?;
        let plan = store::plan::get(&writer, &all, version.plan).await?;
        let tree = Tree::load(&writer, scope, version.id).await?;
        let node = tree.node(row.node).ok_or(Error::NotFound("negotiation"))?;
        let party = tree.party(node);
        let side = party.side(scope).ok_or(Error::NotFound("negotiation"))?;
        let organization = store::organization::get(&writer, scope).await?;
        let earlier = moves_of(&writer, scope, id).await?;
        let standing = standing(&row, &earlier)?;
        let today = self.today_of(&organization).day;
        if standing.status == Status::Open {
            on_time(row.due_on, today).map_err(refused)?;
            refuse_replaced(&version)?;
            if side == Side::Plan && !party.decides(scope, standing.level) {
                return Err(gone_up());
            }
        }
        let next = standing.then(side, &what, party.levels()).map_err(refused)?;
        let ground = Ground {
            plan: &plan,
            version: &version,
            node,
            party: &party,
            today,
        };
        let subject = row.subject;
        let verb = format!("negotiation.{}", what.kind.as_str());
        let detail = json!({ "version": version.id, "row": node.name, "amount": next.amount });
        let sets_draft = next.status == Status::Agreed && side == Side::Plan && sets(scope, &version);
        if !sets_draft {
            keep(&writer, scope, &ground, row, &earlier, (side, what, next)).await?;
            return commit(writer, scope, &verb, id, version.id, &detail).await;
        }
        let reason = Some(OwnReason::Agreed.stored());
        let command = subject.command(NodeIndex(node.ordinal), next.amount, step.give, reason);
        let agreement = Agreement::begin(&self.kept, writer, scope, version.id, command).await?;
        keep(
            agreement.writer(),
            scope,
            &ground,
            row,
            &earlier,
            (side, what, next),
        )
        .await?;
        let event = Event::Negotiated { version: version.id };
        store::audit::record(
            agreement.writer(),
            scope,
            &verb,
            &format!("negotiation:{id}"),
            &detail,
        )
        .await?;
        store::outbox::append(agreement.writer(), scope, &event).await?;
        agreement.commit(scope).await
    }

    /// Gives a negotiation that goes on another deadline, as `2027-03-01`: today or later. For the plan side.
    pub async fn postpone_negotiation(
        &self,
        scope: &Scope,
        id: NegotiationId,
        due_on: &str,
    ) -> Result<(), Error> {
        require(scope, Permission::Acknowledge)?;
        let writer = self.database.writer().await?;
        let row = store::negotiation::lock(&writer, scope, id).await?;
        let version = store::version::get(&writer, &state::all(scope), row.version).await?;
        let tree = Tree::load(&writer, scope, version.id).await?;
        let node = tree.node(row.node).ok_or(Error::NotFound("negotiation"))?;
        let party = tree.party(node);
        let level = standing(&row, &moves_of(&writer, scope, id).await?)?.level;
        match party.side(scope) {
            Some(Side::Plan) if party.decides(scope, level) => {}
            Some(_) => {
                return Err(Error::conflict(
                    "negotiation_not_yours",
                    "截止日期由计划一方来定。",
                    "The deadline is set by the plan side.",
                ));
            }
            None => return Err(Error::NotFound("negotiation")),
        }
        if row.status != Status::Open {
            return Err(refused(Refusal::Closed { status: row.status }));
        }
        let organization = store::organization::get(&writer, scope).await?;
        let today = self.today_of(&organization).day;
        on_time(row.due_on, today).map_err(refused)?;
        refuse_replaced(&version)?;
        let due_on = Day::parse_iso(due_on.trim()).ok_or_else(|| refused(Refusal::Due))?;
        check_due(due_on, today).map_err(refused)?;
        let detail = json!({
            "version": row.version, "before": row.due_on.to_string(), "due_on": due_on.to_string(),
        });
        let changed = Negotiation { due_on, ..row };
        store::negotiation::update(&writer, scope, &changed).await?;
        store::job::withdraw(&writer, scope, &watch::jobs_of(id)).await?;
        store::job::enqueue(&writer, scope, &watch::jobs(&organization, &changed, today)).await?;
        commit(
            writer,
            scope,
            "negotiation.postpone",
            id,
            changed.version,
            &detail,
        )
        .await
    }

    /// An amount in minor units.
    async fn amount_of(&self, scope: &Scope, amount: Ask) -> Result<Minor, Error> {
        match amount {
            Ask::Minor(amount) => Ok(amount),
            Ask::Typed(text) => self.typed_amount(scope, &text).await,
        }
    }

    /// An amount as people write it.
    pub(crate) async fn typed_amount(&self, scope: &Scope, text: &str) -> Result<Minor, Error> {
        let currency = store::organization::get(&self.database.reader(), scope)
            .await?
            .currency;
        if text.trim().is_empty() {
            return Err(refused(Refusal::AmountMissing));
        }
        parse_total(text, &currency).map_err(|error| {
            Error::invalid_field(
                "negotiation_amount",
                "amount",
                format!("{}。", error.words(Lang::ZhCn)),
                format!("{}.", error.words(Lang::En)),
            )
        })
    }
}

/// Whether agreeing changes the version at once: it is a draft, and whoever agrees may change it.
fn sets(scope: &Scope, version: &Version) -> bool {
    version.status == VersionStatus::Draft
        && version.shelved_at_ms.is_none()
        && scope.may(Permission::EditPlan)
}

/// The standing of a negotiation by its moves and its row.
fn standing(row: &Negotiation, moves: &[Moved]) -> Result<Standing, Error> {
    let folded = Standing::of(row.number, moves.iter().map(|moved| (moved.side, &moved.what)));
    let folded = folded.map_err(damaged)?;
    Ok(if row.status == Status::Expired {
        folded.expired()
    } else {
        folded
    })
}

async fn moves_of(writer: &Writer, scope: &Scope, id: NegotiationId) -> Result<Vec<Moved>, Error> {
    let mut found = store::negotiation::moves(writer, scope, &[id]).await?;
    Ok(found.remove(&id).unwrap_or_default())
}

/// A version that is no longer the plan of record has no numbers to negotiate.
fn refuse_replaced(version: &Version) -> Result<(), Error> {
    if version.status == VersionStatus::Archived {
        return Err(Error::conflict(
            "version_replaced",
            "这个版本已被新的计划接替，请就新的数字协商。",
            "A new plan has taken the place of this version: negotiate the new number.",
        ));
    }
    Ok(())
}

/// What a leader is told who was passed over.
fn gone_up() -> Error {
    Error::conflict(
        "negotiation_gone_up",
        "这个数字已上报给更高的负责人，由其决定。",
        "This number has gone further up, and is decided there.",
    )
}

/// Words as they are typed; blank is none.
fn checked_words(words: Option<&str>) -> Result<Option<String>, Error> {
    input::optional_words(words, "words", MOST_CHARS)
}

/// A refusal for people.
fn refused(refusal: Refusal) -> Error {
    let (zh, en) = (refusal.words(Lang::ZhCn), refusal.words(Lang::En));
    match refusal.field() {
        Some(field) => Error::invalid_field(refusal.code(), field, zh, en),
        None => Error::conflict(refusal.code(), zh, en),
    }
}

/// Writes the change's line and its event, and commits.
async fn commit(
    writer: Writer,
    scope: &Scope,
    verb: &str,
    id: NegotiationId,
    version: VersionId,
    detail: &serde_json::Value,
) -> Result<(), Error> {
    let subject = format!("negotiation:{id}");
    let event = Event::Negotiated { version };
    audit::commit(writer, scope, verb, &subject, detail, &event).await
}
