//! Jobs: claimed by servers, looked at by owners.
//!
//! A change asks for a job in its own transaction and ends with an event as every change does; servers hear of the event,
//! look for what is due and hold what they claim for [`LEASE_MS`]. Whoever is gone by then loses it to the next.

use domain::access::Permission;
use domain::event::Event;
use domain::id::{JobId, NoticeId};
use domain::job::{Job, JobState, Jobs};
use domain::notice::{Channel, Delivery};
use serde_json::json;
use store::job::{Claimed, Ending};

use crate::scope::require;
use crate::{Error, Operations, Scope, audit, clock};

/// How long a server may be at a job before others take it for gone, milliseconds. Longer than any job may take, by more
/// than the clocks of servers differ.
pub const LEASE_MS: i64 = 180_000;
/// How long a job that was done is kept, and with it the key that keeps it from being done again.
const DONE_KEPT_MS: i64 = 7 * 24 * 3_600 * 1_000;
/// Jobs of one list.
const LISTED: u32 = 200;

/// How trying a job went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    /// It is done.
    Done,
    /// It is done, and told other notices with its own.
    DoneWith {
        /// Which.
        notices: Vec<NoticeId>,
    },
    /// Its turn has not come.
    PutOff {
        /// When it does, milliseconds since the epoch.
        until_ms: i64,
    },
    /// There was nothing to do any more.
    Needless,
    /// It did not succeed this time.
    Trouble {
        /// The number under which the log tells why.
        reference: String,
    },
    /// It did not succeed and never will.
    Hopeless {
        /// The number under which the log tells why.
        reference: String,
    },
    /// It was interrupted before anything was done.
    Interrupted,
}

impl Operations {
    /// Takes the next job that is due, where there is one. For servers.
    pub async fn claim_job(&self, scope: &Scope, now_ms: i64) -> Result<Option<Claimed>, Error> {
        // Looking first costs no write; most of what is heard asks for no job.
        let next = store::job::next_ms(&self.database.reader(), scope).await?;
        if next.is_none_or(|next| next > now_ms) {
            return Ok(None);
        }
        let writer = self.database.writer().await?;
        let claimed = store::job::claim(&writer, scope, now_ms, now_ms + LEASE_MS).await?;
        writer.commit().await?;
        Ok(claimed)
    }

    /// When the next job is due, or the next lease ends; milliseconds since the epoch.
    pub async fn next_job_ms(&self, scope: &Scope) -> Result<Option<i64>, Error> {
        Ok(store::job::next_ms(&self.database.reader(), scope).await?)
    }

    /// Says how trying a job went, and decides whether and when it is tried again. Whoever lost the job meanwhile changes
    /// nothing.
    pub async fn end_job(
        &self,
        scope: &Scope,
        held: &Claimed,
        tried: Tried,
        now_ms: i64,
    ) -> Result<(), Error> {
        let pause_ms = held
            .job
            .as_ref()
            .and_then(|job| job.patience().pause_ms(held.attempts));
        let mut with = Vec::new();
        let (ending, delivery) = match tried {
            Tried::Done => (Ending::Done, Delivery::Sent),
            Tried::DoneWith { notices } => {
                with = notices;
                (Ending::Done, Delivery::Sent)
            }
            Tried::PutOff { until_ms } => {
                let run_at_ms = until_ms;
                (Ending::PutOff { run_at_ms }, Delivery::Waiting)
            }
            Tried::Needless => (Ending::Done, Delivery::Needless),
            Tried::Interrupted => (Ending::GivenBack, Delivery::Waiting),
            Tried::Hopeless { reference } => (Ending::Failed { reference }, Delivery::Failed),
            Tried::Trouble { reference } => match pause_ms {
                Some(pause_ms) => {
                    let run_at_ms = now_ms + pause_ms;
                    (Ending::Again { run_at_ms, reference }, Delivery::Waiting)
                }
                None => (Ending::Failed { reference }, Delivery::Failed),
            },
        };
        let writer = self.database.writer().await?;
        if !store::job::end(&writer, scope, held, &ending, now_ms).await? {
            tracing::warn!(id = %held.id, "a job took longer than its lease; another server has it");
            return Ok(());
        }
        if let Some(Job::DeliverMail { notice }) = held.job
            && !matches!(ending, Ending::GivenBack | Ending::PutOff { .. })
        {
            let sent_at_ms = (delivery == Delivery::Sent).then_some(now_ms);
            for notice in std::iter::once(notice).chain(with) {
                store::notice::mark_delivery(
                    &writer,
                    scope,
                    notice,
                    Channel::Mail,
                    delivery,
                    held.attempts,
                    sent_at_ms,
                )
                .await?;
            }
        }
        if matches!(ending, Ending::Failed { .. } | Ending::GivenBack) {
            // Owners look, and other servers take what is given back.
            store::outbox::append(&writer, scope, &Event::JobsChanged).await?;
        }
        Ok(writer.commit().await?)
    }

    /// How many jobs there are, and which are not done. For owners.
    pub async fn jobs(&self, scope: &Scope) -> Result<Jobs, Error> {
        require(scope, Permission::ManageOrganization)?;
        let reader = self.database.reader();
        let count = async |state| store::job::count(&reader, scope, state).await;
        Ok(Jobs {
            queued: count(JobState::Queued).await?,
            running: count(JobState::Running).await?,
            done: count(JobState::Done).await?,
            failed: count(JobState::Failed).await?,
            list: store::job::list(&reader, scope, LISTED).await?,
        })
    }

    /// Has a job tried again that was given up. For owners.
    pub async fn retry_job(&self, scope: &Scope, id: JobId) -> Result<(), Error> {
        require(scope, Permission::ManageOrganization)?;
        let writer = self.database.writer().await?;
        store::job::retry(&writer, scope, id, clock::now_ms()).await?;
        audit::commit(
            writer,
            scope,
            "job.retry",
            &format!("job:{id}"),
            &json!({}),
            &Event::JobsChanged,
        )
        .await
    }

    /// Forgets jobs that were done long ago.
    pub(crate) async fn tidy_jobs(&self, scope: &Scope) -> Result<(), Error> {
        let before_ms = clock::now_ms() - DONE_KEPT_MS;
        if store::job::any_done(&self.database.reader(), scope, before_ms).await? {
            let writer = self.database.writer().await?;
            store::job::remove_done(&writer, scope, before_ms).await?;
            writer.commit().await?;
        }
        Ok(())
    }
}
