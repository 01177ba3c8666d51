//! Beginning a negotiation: from the split, from a program, or with the answer to a published number.

use domain::access::Permission;
use domain::calendar::{Day, Period};
use domain::event::Event;
use domain::id::{NegotiationId, NodeId, UserId, VersionId};
use domain::money::Minor;
use domain::negotiation::{
    About, Move, MoveKind, Refusal, Side, Standing, Status, Subject, WORKING_DAYS, due_after,
};
use domain::plan::{NodeIndex, PeriodIndex};
use serde_json::json;
use store::Writer;
use store::negotiation::Negotiation;
use store::plan::Plan;
use store::version::{Node, Version};

use super::keep::{Ground, first};
use super::party::Tree;
use super::{Ask, checked_words, commit, refuse_replaced, refused, watch};
use crate::attainment::fiscal;
use crate::plan::state::{self, State};
use crate::scope::require;
use crate::{Error, Operations, Scope, clock};

/// A proposal of whoever carries a number.
pub(crate) struct Asked<'a> {
    /// The published version.
    pub(crate) version: &'a Version,
    /// Its plan.
    pub(crate) plan: &'a Plan,
    /// The node that carries the number.
    pub(crate) node: &'a Node,
    /// The number.
    pub(crate) number: Minor,
    /// What it should be.
    pub(crate) amount: Minor,
    /// Why.
    pub(crate) words: Option<String>,
}

/// A negotiation that is to begin.
struct New {
    subject: Subject,
    number: Minor,
    side: Side,
    amount: Minor,
    words: Option<String>,
    /// Somebody who is told besides.
    also: Option<UserId>,
}

impl Operations {
    /// Proposes another amount for a number: of a version within sight, or of one's own. For who carries it, the leaders above,
    /// and whoever plans; the other side is told.
    pub async fn begin_negotiation(
        &self,
        scope: &Scope,
        version: VersionId,
        about: About,
        amount: Ask,
        words: Option<&str>,
    ) -> Result<NegotiationId, Error> {
        require(scope, Permission::Acknowledge)?;
        let (row, subject) = match about {
            About::Row { row, subject } => (row, subject),
            About::Own { node, from, until } => self.own_part(scope, version, node, (from, until)).await?,
        };
        let amount = self.amount_of(scope, amount).await?;
        let words = checked_words(words)?;
        let writer = self.database.writer().await?;
        let locked = store::version::lock(&writer, scope, version).await?;
        let plan = store::plan::get(&writer, scope, locked.plan).await?;
        let tree = Tree::load(&writer, scope, version).await?;
        let node = tree.at(row).ok_or(Error::NotFound("target"))?;
        let party = tree.party(node);
        let side = party.side(scope).ok_or(Error::NotFound("target"))?;
        let organization = store::organization::get(&writer, scope).await?;
        let parts = Subject::named(fiscal(&organization)?, &plan.periods);
        if subject != Subject::Total && parts.iter().all(|(known, _)| *known != subject) {
            return Err(Error::NotFound("target"));
        }
        if party.carrier.is_none() {
            return Err(Error::conflict(
                "nobody_carries",
                "这个数字还没有承担人，没有可以协商的人。",
                "Nobody carries this number, so there is nobody to negotiate with.",
            ));
        }
        let state = State::load(&writer, &state::all(scope), locked.clone()).await?;
        let new = New {
            subject,
            number: subject.sum(|period| state.grid.amount(row, period)),
            side,
            amount,
            words,
            also: None,
        };
        let ground = Ground {
            plan: &plan,
            version: &locked,
            node,
            party: &party,
            today: self.today_of(&organization).day,
        };
        let id = self.start(&writer, scope, &ground, new).await?;
        let detail = json!({ "version": version, "row": node.name, "amount": amount });
        commit(writer, scope, "negotiation.propose", id, version, &detail).await?;
        Ok(id)
    }

    /// Which row and which of its numbers it is that whoever asks carries on some days, from one until before another: those of one
    /// period of a published version, or of neighbouring ones.
    async fn own_part(
        &self,
        scope: &Scope,
        version: VersionId,
        node: NodeId,
        (from, until): (Day, Day),
    ) -> Result<(NodeIndex, Subject), Error> {
        let number = self.own_number(scope, version, node, None).await?;
        // Of what another plan holds by now nobody carries a part here.
        let held: Vec<(PeriodIndex, &Period)> = number
            .periods
            .iter()
            .filter_map(|at| Some((*at, number.plan.periods.get(usize::from(at.0))?)))
            .filter(|(_, period)| from <= period.start && period.end <= until)
            .collect();
        let (Some((first, begins)), Some((_, ends))) = (held.first(), held.last()) else {
            return Err(Error::NotFound("period"));
        };
        let adjoin = held.windows(2).all(|pair| match pair {
            [(_, one), (_, next)] => one.end == next.start,
            _ => true,
        });
        if begins.start != from || ends.end != until || !adjoin {
            return Err(Error::NotFound("period"));
        }
        let periods = u16::try_from(held.len()).map_err(|_| Error::NotFound("period"))?;
        let subject = Subject::spanning(*first, periods, number.plan.periods.len());
        Ok((number.node, subject))
    }

    /// Begins the negotiation of a published number in the name of whoever carries it, in the transaction of their answer.
    pub(crate) async fn ask_for(
        &self,
        writer: &Writer,
        scope: &Scope,
        asked: Asked<'_>,
    ) -> Result<(), Error> {
        let tree = Tree::load(writer, scope, asked.version.id).await?;
        let party = tree.party(asked.node);
        let organization = store::organization::get(writer, scope).await?;
        let ground = Ground {
            plan: asked.plan,
            version: asked.version,
            node: asked.node,
            party: &party,
            today: self.today_of(&organization).day,
        };
        let new = New {
            subject: Subject::Total,
            number: asked.number,
            side: Side::Carrier,
            amount: asked.amount,
            words: asked.words,
            also: asked.version.publisher,
        };
        let version = asked.version.id;
        self.start(writer, scope, &ground, new).await?;
        store::outbox::append(writer, scope, &Event::Negotiated { version }).await?;
        Ok(())
    }

    /// Begins a negotiation, where the number has none that goes on.
    async fn start(
        &self,
        writer: &Writer,
        scope: &Scope,
        ground: &Ground<'_>,
        new: New,
    ) -> Result<NegotiationId, Error> {
        refuse_replaced(ground.version)?;
        if ground.version.shelved_at_ms.is_some() {
            return Err(crate::scenario::shelved());
        }
        let organization = store::organization::get(writer, scope).await?;
        let today = self.today_of(&organization).day;
        let opening = Move::new(MoveKind::Propose, Some(new.amount), new.words).map_err(refused)?;
        let standing = Standing::begin(new.side, new.number, &opening).map_err(refused)?;
        let all = state::all(scope);
        let subject = new.subject;
        for known in store::negotiation::of_version(writer, &all, ground.version.id).await? {
            if known.node != ground.node.id || known.subject != subject || known.status != Status::Open {
                continue;
            }
            if today <= known.due_on {
                return Err(refused(Refusal::Begun));
            }
            // Its deadline is over, and nobody has said so yet.
            watch::expire(writer, scope, known, today).await?;
        }
        let row = Negotiation {
            id: NegotiationId(clock::new_id()),
            version: ground.version.id,
            node: ground.node.id,
            subject,
            number: new.number,
            status: Status::Open,
            due_on: due_after(today, WORKING_DAYS, &watch::working(&organization)),
            reminded_on: None,
            at_ms: clock::now_ms(),
            closed_at_ms: None,
        };
        let id = row.id;
        store::negotiation::insert(writer, scope, &row).await?;
        store::job::enqueue(writer, scope, &watch::jobs(&organization, &row, today)).await?;
        let also: Vec<UserId> = new.also.into_iter().collect();
        first(writer, scope, ground, row, &also, (new.side, opening, standing)).await?;
        Ok(id)
    }
}
