//! The runner of jobs: one task a server. It sleeps until an event is heard or a job is due, and takes one job after the other.
//!
//! A job is done at least once: a server that is killed between the deed and its record leaves the job to the next one. A
//! server that is asked to stop gives back what it is at, unless that ends at once.

use std::time::Duration;

use domain::id::NoticeId;
use domain::job::Job;
use operations::job::{LEASE_MS, Tried};
use operations::{Claimed, Error, Operations, Scope, clock};
use tokio::time::{sleep, timeout};

use crate::fault;
use crate::mail::Mailer;
use crate::shutdown::Shutdown;

/// How long one job may take; well below the lease.
const LONGEST: Duration = Duration::from_millis(LEASE_MS as u64 / 3);
/// How long a job that is being done may go on after the end was asked for.
const LAST_JOB: Duration = Duration::from_secs(1);
/// Rest after the database did not answer.
const REST: Duration = Duration::from_secs(1);
/// The shortest sleep: another server may be about to take what is due.
const SHORTEST: Duration = Duration::from_millis(100);

/// What does the jobs of this server.
#[derive(Clone, Debug)]
pub struct Jobs {
    /// The use cases.
    pub operations: Operations,
    /// How mails go out; none where they do not.
    pub mailer: Option<Mailer>,
    /// The address of this installation, as it stands in mails.
    pub base: String,
    /// Tells when to stop.
    pub shutdown: Shutdown,
}

impl Jobs {
    /// Does jobs until the server stops.
    pub async fn run(self) {
        loop {
            let followed = self.follow().await;
            match followed {
                Ok(()) => return,
                Err(error) => tracing::warn!(%error, "jobs cannot be read"),
            }
            tokio::select! {
                () = sleep(REST) => {}
                () = self.shutdown.begun() => return,
            }
        }
    }

    /// Does what is due now, and then whenever something is; returns when the server stops.
    async fn follow(&self) -> Result<(), Error> {
        let mut head = self.operations.hear().await?;
        loop {
            // What is written from here on wakes again.
            head.borrow_and_update();
            let next_ms = self.do_what_is_due().await?;
            let due = async {
                match next_ms {
                    Some(next_ms) => {
                        let wait_ms = u64::try_from(next_ms - clock::now_ms()).unwrap_or_default();
                        sleep(Duration::from_millis(wait_ms).max(SHORTEST)).await;
                    }
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = self.shutdown.begun() => return Ok(()),
                heard = head.changed() => {
                    heard.map_err(|_| Error::Internal("nothing is heard any more".to_owned()))?;
                }
                () = due => {}
            }
        }
    }

    /// Does every job that is due; answers when the next one is.
    async fn do_what_is_due(&self) -> Result<Option<i64>, Error> {
        let scope = match self.operations.system_scope("jobs").await {
            Ok(scope) => scope,
            // Not set up yet: there is nothing to do.
            Err(Error::Conflict(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        while !self.shutdown.has_begun() {
            let Some(held) = self.operations.claim_job(&scope, clock::now_ms()).await? else {
                break;
            };
            let cut_off = async {
                self.shutdown.begun().await;
                sleep(LAST_JOB).await;
            };
            let tried = tokio::select! {
                tried = timeout(LONGEST, self.attempt(&scope, &held)) => tried.unwrap_or_else(|_| trouble("took too long")),
                () = cut_off => Tried::Interrupted,
            };
            self.operations
                .end_job(&scope, &held, tried, clock::now_ms())
                .await?;
        }
        self.operations.next_job_ms(&scope).await
    }

    /// Tries one job.
    async fn attempt(&self, scope: &Scope, held: &Claimed) -> Tried {
        match held.job {
            Some(Job::DeliverMail { notice }) => self.deliver(scope, notice).await,
            Some(Job::ProposeRevisions) => match self.operations.propose_revisions(scope).await {
                Ok(_) => Tried::Done,
                Err(error) => trouble(&format!("proposing revisions: {error}")),
            },
            Some(Job::RemindQuestionnaire { questionnaire }) => {
                match self.operations.remind_when_due(scope, questionnaire).await {
                    Ok(true) => Tried::Done,
                    Ok(false) => Tried::Needless,
                    Err(error) => trouble(&format!("reminders of questionnaire {questionnaire}: {error}")),
                }
            }
            Some(Job::WatchNegotiation { negotiation }) => {
                match self.operations.watch_negotiation(scope, negotiation).await {
                    Ok(true) => Tried::Done,
                    Ok(false) => Tried::Needless,
                    Err(error) => trouble(&format!("deadline of negotiation {negotiation}: {error}")),
                }
            }
            Some(Job::RemindTargets { version }) => {
                match self.operations.remind_carriers_when_due(scope, version).await {
                    Ok(true) => Tried::Done,
                    Ok(false) => Tried::Needless,
                    Err(error) => trouble(&format!("reminders of version {version}: {error}")),
                }
            }
            None => hopeless(&format!("job {} cannot be read", held.id)),
        }
    }

    async fn deliver(&self, scope: &Scope, notice: NoticeId) -> Tried {
        let Some(mailer) = &self.mailer else {
            return Tried::Needless;
        };
        match self.operations.mail_put_off(scope, notice).await {
            Ok(None) => {}
            Ok(Some(until_ms)) => return Tried::PutOff { until_ms },
            Err(error) => return trouble(&format!("mail of notice {notice}: {error}")),
        }
        let mail = match self.operations.outgoing(scope, notice, &self.base).await {
            Ok(Some(mail)) => mail,
            Ok(None) => return Tried::Needless,
            Err(error) => return trouble(&format!("mail of notice {notice}: {error}")),
        };
        match mailer.send(&mail, &notice.to_string()).await {
            Ok(()) if mail.with.is_empty() => Tried::Done,
            Ok(()) => Tried::DoneWith { notices: mail.with },
            Err(error) => {
                let detail = format!("mail of notice {notice} to {}: {error}", mail.to);
                if error.is_final() {
                    hopeless(&detail)
                } else {
                    trouble(&detail)
                }
            }
        }
    }
}

fn trouble(detail: &str) -> Tried {
    Tried::Trouble {
        reference: fault::record(detail),
    }
}

fn hopeless(detail: &str) -> Tried {
    Tried::Hopeless {
        reference: fault::record(detail),
    }
}
