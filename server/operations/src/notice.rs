//! Notices: what a change has to tell people, written in its own transaction, and what they do with it.

mod approval;
mod mail;
mod recipient;

use domain::event::Event;
use domain::id::{NoticeId, UserId};
use domain::job::Job;
use domain::notice::{Channel, Mail, Notice, Notices};
use store::Writer;
use store::job::NewJob;
use store::notice::NewNotice;

use crate::{Actor, Error, Operations, Scope, clock};

pub(crate) use approval::{
    asked as approval_asked, given as approval_given, remarked, returned as approval_returned,
};
pub use mail::Outgoing;
pub(crate) use recipient::{Numbers, countered, import_failed, published, who_are_members};

/// Notices of one list.
const LISTED: u32 = 50;
const DAY_MS: i64 = 24 * 3_600 * 1_000;
/// How long a notice is kept that was read.
const READ_KEPT_MS: i64 = 90 * DAY_MS;
/// How long any notice is kept.
const KEPT_MS: i64 = 400 * DAY_MS;
/// Notices forgotten in one transaction.
const FORGOTTEN_AT_ONCE: u32 = 2_000;
/// Whether this server sends mails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MailService {
    /// Nobody told it how.
    #[default]
    Off,
    /// It does.
    On,
}

/// Writes what people are told, with the jobs that bring it to them. It ends with an event: make it one of the last steps of
/// a transaction.
pub(crate) async fn tell(writer: &Writer, scope: &Scope, told: Vec<(UserId, Notice)>) -> Result<(), Error> {
    if told.is_empty() {
        return Ok(());
    }
    let mut users: Vec<UserId> = told.iter().map(|(user, _)| *user).collect();
    users.sort_unstable();
    users.dedup();
    let by_mail = store::user::who_get_mail(writer, scope, &users).await?;
    let at_ms = clock::now_ms();
    let mut notices = Vec::with_capacity(told.len());
    let mut jobs = Vec::new();
    for (user, notice) in told {
        let id = NoticeId(clock::new_id());
        let mut channels = Vec::new();
        if by_mail.binary_search(&user).is_ok() {
            channels.push(Channel::Mail);
            jobs.push(NewJob {
                id: clock::new_id().into(),
                job: Job::DeliverMail { notice: id },
                key: Some(format!("mail:{id}")),
                run_at_ms: at_ms,
                created_at_ms: at_ms,
            });
        }
        notices.push(NewNotice {
            id,
            user,
            notice,
            at_ms,
            channels,
        });
    }
    store::notice::insert(writer, scope, &notices).await?;
    store::job::enqueue(writer, scope, &jobs).await?;
    store::outbox::append(writer, scope, &Event::NoticesChanged { users }).await?;
    Ok(())
}

impl Operations {
    /// The latest notices of whoever asks.
    pub async fn notices(&self, scope: &Scope) -> Result<Notices, Error> {
        let id = person(scope)?;
        let reader = self.database.reader();
        let user = store::user::by_id(&reader, scope.organization, id)
            .await?
            .ok_or(Error::Unauthenticated)?;
        let mail = if user.demo {
            Mail::Sample
        } else if self.mail == MailService::Off {
            Mail::NotSent
        } else if store::user::wants_mail(&reader, scope.organization, id).await? {
            Mail::Wanted
        } else {
            Mail::Unwanted
        };
        Ok(Notices {
            list: store::notice::list(&reader, scope, LISTED).await?,
            unread: store::notice::unread(&reader, scope).await?,
            mail,
        })
    }

    /// Counts a notice of whoever asks as read; not found where it is somebody else's.
    pub async fn read_notice(&self, scope: &Scope, id: NoticeId) -> Result<(), Error> {
        person(scope)?;
        if !store::notice::has(&self.database.reader(), scope, id).await? {
            return Err(Error::NotFound("notice"));
        }
        self.mark_read(scope, Some(id)).await
    }

    /// Counts every notice of whoever asks as read.
    pub async fn read_notices(&self, scope: &Scope) -> Result<(), Error> {
        person(scope)?;
        self.mark_read(scope, None).await
    }

    async fn mark_read(&self, scope: &Scope, id: Option<NoticeId>) -> Result<(), Error> {
        let users = vec![person(scope)?];
        let writer = self.database.writer().await?;
        if store::notice::mark_read(&writer, scope, id, clock::now_ms()).await? == 0 {
            return Ok(());
        }
        store::outbox::append(&writer, scope, &Event::NoticesChanged { users }).await?;
        Ok(writer.commit().await?)
    }

    /// Whether whoever asks wants their notices by mail too. Mails that wait are then not sent any more.
    pub async fn set_notice_mail(&self, scope: &Scope, wanted: bool) -> Result<(), Error> {
        let id = person(scope)?;
        let writer = self.database.writer().await?;
        store::user::set_wants_mail(&writer, scope, id, wanted).await?;
        // Other pages of the same person show the choice.
        let users = vec![id];
        store::outbox::append(&writer, scope, &Event::NoticesChanged { users }).await?;
        Ok(writer.commit().await?)
    }
}

impl Operations {
    /// Forgets what nobody looks for any more: notices that were read after three months, any after a little more than a year.
    pub(crate) async fn tidy_notices(&self, scope: &Scope) -> Result<(), Error> {
        let now_ms = clock::now_ms();
        let (read_before_ms, before_ms) = (now_ms - READ_KEPT_MS, now_ms - KEPT_MS);
        while store::notice::any_old(&self.database.reader(), scope, read_before_ms, before_ms).await? {
            let writer = self.database.writer().await?;
            let removed =
                store::notice::remove_old(&writer, scope, read_before_ms, before_ms, FORGOTTEN_AT_ONCE)
                    .await?;
            writer.commit().await?;
            if removed == 0 {
                break;
            }
        }
        Ok(())
    }
}

/// The person who asks; programs have no notices.
fn person(scope: &Scope) -> Result<UserId, Error> {
    match scope.actor {
        Actor::User { id, .. } => Ok(id),
        Actor::System(_) | Actor::Token { .. } => Err(Error::NotFound("notices")),
    }
}
