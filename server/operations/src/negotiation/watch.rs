//! The deadline of a negotiation: reminders before it, and what comes after it. What the plan side leaves unanswered goes further up by
//! itself; what whoever carries the number leaves unanswered, or whoever plans at last, ends.

use domain::calendar::{Day, WorkingDays};
use domain::event::Event;
use domain::id::NegotiationId;
use domain::job::Job;
use domain::negotiation::{Move, MoveKind, Side, Status, WORKING_DAYS, due_after, reminders};
use domain::notice::Notice;
use domain::people::DEADLINE;
use domain::target::VersionStatus;
use store::Writer;
use store::job::NewJob;
use store::negotiation::{Moved, Negotiation};
use store::organization::Organization;

use super::keep::{gone, users_of};
use super::party::Tree;
use super::{moves_of, refused, standing};
use crate::plan::state;
use crate::{Error, Operations, Scope, clock, notice};

/// The hour of the day at which reminders come.
const HOUR: i8 = 9;

impl Operations {
    /// Reminds whoever has to move when the deadline comes, and once it is over has the next leader up decide, or ends the
    /// negotiation: the job that beginning it asked for. Where nothing is left to agree on, nobody is told, and it ends quietly. Whether there was anything to do.
    pub async fn watch_negotiation(&self, scope: &Scope, id: NegotiationId) -> Result<bool, Error> {
        let writer = self.database.writer().await?;
        let row = match store::negotiation::lock(&writer, scope, id).await {
            Ok(row) => row,
            // It went with its version.
            Err(store::StoreError::NotFound(_)) => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        if row.status != Status::Open {
            return Ok(false);
        }
        let organization = store::organization::get(&writer, scope).await?;
        let today = self.today_of(&organization).day;
        let version = row.version;
        let moot = moot(&writer, scope, &row, today).await?;
        if moot == Some(Moot::Ended) || (moot.is_some() && today > row.due_on) {
            close(&writer, scope, row).await?;
        } else if moot.is_some() {
            return Ok(false);
        } else if today > row.due_on {
            if !go_up(&writer, scope, &organization, &row, today).await? {
                expire(&writer, scope, row, today).await?;
            }
        } else if row.reminded_on != Some(today) && is_reminded(&organization, row.due_on, today) {
            remind(&writer, scope, row, today).await?;
        } else {
            return Ok(false);
        }
        store::outbox::append(&writer, scope, &Event::Negotiated { version }).await?;
        writer.commit().await?;
        Ok(true)
    }
}

/// Why there is nothing to agree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moot {
    /// The version was laid aside, and may be taken up again.
    Aside,
    /// The version gave way to another one, or who carried the number is gone.
    Ended,
}

/// Whether there is nothing to agree on, and why.
async fn moot(writer: &Writer, scope: &Scope, row: &Negotiation, today: Day) -> Result<Option<Moot>, Error> {
    let version = store::version::get(writer, &state::all(scope), row.version).await?;
    if version.status == VersionStatus::Archived {
        return Ok(Some(Moot::Ended));
    }
    if version.shelved_at_ms.is_some() {
        return Ok(Some(Moot::Aside));
    }
    let tree = Tree::load(writer, scope, version.id).await?;
    let Some(carrier) = tree.node(row.node).and_then(|node| node.carrier) else {
        return Ok(None);
    };
    let is_gone = gone(writer, scope, today).await?.contains(&carrier);
    Ok(is_gone.then_some(Moot::Ended))
}

/// Ends a negotiation as nobody having moved in time.
async fn close(writer: &Writer, scope: &Scope, row: Negotiation) -> Result<Negotiation, Error> {
    let closed = Negotiation {
        status: Status::Expired,
        closed_at_ms: Some(clock::now_ms()),
        ..row
    };
    store::negotiation::update(writer, scope, &closed).await?;
    store::job::withdraw(writer, scope, &jobs_of(closed.id)).await?;
    Ok(closed)
}

/// Ends a negotiation in which nobody moved in time; both sides are told.
pub(super) async fn expire(
    writer: &Writer,
    scope: &Scope,
    row: Negotiation,
    today: Day,
) -> Result<(), Error> {
    let closed = close(writer, scope, row).await?;
    let (id, version) = (closed.id, closed.version);
    let sides = [Side::Carrier, Side::Plan];
    tell(writer, scope, &closed, &sides, today, |side, plan, name| {
        Notice::NegotiationExpired {
            version,
            negotiation: id,
            side,
            plan,
            name,
        }
    })
    .await
}

/// Where a leader has not answered in time, has the next one up decide, or whoever plans past the last, with a deadline of their own;
/// both sides are told. Whether it went up: whoever carries the number, and whoever plans, have nobody above who answers for them.
async fn go_up(
    writer: &Writer,
    scope: &Scope,
    organization: &Organization,
    row: &Negotiation,
    today: Day,
) -> Result<bool, Error> {
    let (id, version) = (row.id, row.version);
    let moves = moves_of(writer, scope, id).await?;
    let mut standing = standing(row, &moves)?;
    if standing.to_move() != Some(Side::Plan) {
        return Ok(false);
    }
    let tree = Tree::load(writer, scope, version).await?;
    let Some(node) = tree.node(row.node) else {
        return Ok(false);
    };
    let party = tree.party(node);
    let gone = gone(writer, scope, today).await?;
    // In the place of a leader who is gone the next one was asked: it goes past all of them.
    let asked = party.deciders(standing.level);
    let Some(silent) = asked.iter().position(|leader| !gone.contains(leader)) else {
        return Ok(false);
    };
    let up = Move {
        kind: MoveKind::Escalate,
        amount: None,
        words: None,
    };
    let mut seq = u32::try_from(moves.len()).unwrap_or(u32::MAX);
    for _ in 0..=silent {
        standing = standing.then(Side::Plan, &up, party.levels()).map_err(refused)?;
        seq = seq.saturating_add(1);
        let moved = Moved {
            side: Side::Plan,
            what: up.clone(),
            user: None,
            user_name: DEADLINE.to_owned(),
            at_ms: clock::now_ms(),
        };
        store::negotiation::add_move(writer, scope, id, seq, &moved).await?;
    }
    let gone_up = Negotiation {
        due_on: due_after(today, WORKING_DAYS, &working(organization)),
        reminded_on: None,
        ..row.clone()
    };
    store::negotiation::update(writer, scope, &gone_up).await?;
    store::job::withdraw(writer, scope, &jobs_of(id)).await?;
    store::job::enqueue(writer, scope, &jobs(organization, &gone_up, today)).await?;
    let sides = [Side::Carrier, Side::Plan];
    tell(writer, scope, &gone_up, &sides, today, |side, plan, name| {
        Notice::Negotiated {
            version,
            negotiation: id,
            side,
            plan,
            name,
            by: DEADLINE.to_owned(),
            act: MoveKind::Escalate,
        }
    })
    .await?;
    Ok(true)
}

/// Reminds the side that has to move.
async fn remind(writer: &Writer, scope: &Scope, row: Negotiation, today: Day) -> Result<(), Error> {
    let (id, version, due_on) = (row.id, row.version, row.due_on);
    let standing = standing(&row, &moves_of(writer, scope, id).await?)?;
    let reminded = Negotiation {
        reminded_on: Some(today),
        ..row
    };
    store::negotiation::update(writer, scope, &reminded).await?;
    let sides: Vec<Side> = standing.to_move().into_iter().collect();
    tell(writer, scope, &reminded, &sides, today, |side, plan, name| {
        Notice::NegotiationDue {
            version,
            negotiation: id,
            side,
            plan,
            name,
            due_on,
        }
    })
    .await
}

/// Tells some sides of a negotiation; `say` gets the side, what the plan is called, and what the row is.
async fn tell(
    writer: &Writer,
    scope: &Scope,
    row: &Negotiation,
    sides: &[Side],
    today: Day,
    say: impl Fn(Side, String, String) -> Notice,
) -> Result<(), Error> {
    let all = state::all(scope);
    let version = store::version::get(writer, &all, row.version).await?;
    let plan = store::plan::get(writer, &all, version.plan).await?;
    let tree = Tree::load(writer, scope, version.id).await?;
    let Some(node) = tree.node(row.node) else {
        return Ok(());
    };
    let party = tree.party(node);
    let moves = moves_of(writer, scope, row.id).await?;
    let level = standing(row, &moves)?.level;
    let gone = gone(writer, scope, today).await?;
    let mut told = Vec::new();
    for side in sides {
        for user in users_of(writer, scope, &party, *side, level, &moves, &gone).await? {
            told.push((user, say(*side, plan.name.clone(), node.name.clone())));
        }
    }
    notice::tell(writer, scope, told).await
}

/// What the keys of the jobs begin with that watch a negotiation.
pub(super) fn jobs_of(id: NegotiationId) -> String {
    format!("negotiation:{id}:")
}

/// A job for each reminder, and one for the end. Where the organization counts another day than the clock, they are as far off
/// as by its own count.
pub(super) fn jobs(organization: &Organization, row: &Negotiation, today: Day) -> Vec<NewJob> {
    let clock_today = clock::today_in(&organization.zone);
    let now_ms = clock::now_ms();
    let job = |what: &str, day: Day, hour: i8| NewJob {
        id: clock::new_id().into(),
        job: Job::WatchNegotiation { negotiation: row.id },
        key: Some(format!("{}{what}:{day}", jobs_of(row.id))),
        run_at_ms: clock::at_hour_ms(
            &organization.zone,
            clock_today.plus(day.0.saturating_sub(today.0)),
            hour,
        ),
        created_at_ms: now_ms,
    };
    let mut jobs: Vec<NewJob> = reminders(row.due_on, today, &working(organization))
        .into_iter()
        .map(|day| job("remind", day, HOUR))
        .collect();
    jobs.push(job("end", row.due_on.plus(1), 0));
    jobs
}

/// Whether a day is one on which whoever has to move is reminded.
fn is_reminded(organization: &Organization, due_on: Day, today: Day) -> bool {
    reminders(due_on, today.plus(-1), &working(organization)).contains(&today)
}

/// The days the organization works on.
pub(super) fn working(organization: &Organization) -> WorkingDays {
    WorkingDays::named(&organization.working_calendar).unwrap_or_else(WorkingDays::weekdays)
}
