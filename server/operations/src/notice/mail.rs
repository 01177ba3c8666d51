//! Notices by mail: when it is a notice's turn, what it says, and that nobody is flooded.
//!
//! A person gets at most [`MAILS_AN_HOUR`] mails an hour. The last one of an hour tells everything that waits for that person, and
//! what happens then waits until the hour has passed; the oldest of what waits leads, the others go with it. The page has every
//! notice at once, whatever goes by mail.

use domain::format::Lang;
use domain::id::NoticeId;
use domain::notice::{Channel, Delivery, HOUR_MS, Letter, MAILS_AN_HOUR, Told, gathered, letter};

use crate::{Error, Operations, Scope, clock};

/// How long after it happened a mail still makes sense, milliseconds.
const MAIL_WITHIN_MS: i64 = 4 * 24 * 3_600 * 1_000;
/// How long one waits for the one that leads, milliseconds.
const BEHIND_MS: i64 = 60_000;

/// A mail to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The address.
    pub to: String,
    /// The name of whoever has it.
    pub name: String,
    /// The language it is written in.
    pub lang: Lang,
    /// What it says.
    pub letter: Letter,
    /// The other notices that it tells, where several are gathered.
    pub with: Vec<NoticeId>,
}

/// How many mails somebody may still get within the hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    /// More than one.
    Free,
    /// The last one.
    Last,
    /// None until then, milliseconds since the epoch.
    Full { until_ms: i64 },
}

impl Operations {
    /// When the turn of a notice comes to be mailed, milliseconds since the epoch; none where it has come, or never will. For
    /// servers.
    pub async fn mail_put_off(&self, scope: &Scope, notice: NoticeId) -> Result<Option<i64>, Error> {
        let reader = self.database.reader();
        let Some((user, told)) = store::notice::to_deliver(&reader, scope, notice).await? else {
            return Ok(None);
        };
        if self.needless(scope, &told).await? {
            return Ok(None);
        }
        match self.room(scope, user).await? {
            Room::Free => Ok(None),
            Room::Full { until_ms } => Ok(Some(until_ms)),
            Room::Last => {
                let waiting = self.waiting(scope, user).await?;
                let leads = waiting.first().is_none_or(|first| first.id == notice);
                Ok((!leads).then(|| clock::now_ms() + BEHIND_MS))
            }
        }
    }

    /// The mail a notice is sent as, in the language of its person, with everything else that waits for them where it is the
    /// last of the hour; none where it is not needed any more. For servers; `base` is the address of this installation.
    pub async fn outgoing(
        &self,
        scope: &Scope,
        notice: NoticeId,
        base: &str,
    ) -> Result<Option<Outgoing>, Error> {
        let reader = self.database.reader();
        let Some((user, told)) = store::notice::to_deliver(&reader, scope, notice).await? else {
            return Ok(None);
        };
        if self.needless(scope, &told).await? {
            return Ok(None);
        }
        if store::user::who_get_mail(&reader, scope, &[user])
            .await?
            .is_empty()
        {
            return Ok(None);
        }
        let others = match self.room(scope, user).await? {
            Room::Free => Vec::new(),
            Room::Last | Room::Full { .. } => {
                let mut waiting = self.waiting(scope, user).await?;
                waiting.retain(|other| other.id != notice);
                waiting
            }
        };
        let Some(user) = store::user::by_id(&reader, scope.organization, user).await? else {
            return Ok(None);
        };
        let organization = store::organization::get(&reader, scope).await?;
        let language = user.language.as_deref().unwrap_or(&organization.language);
        let lang = Lang::parse(language).unwrap_or_default();
        let letter = if others.is_empty() {
            letter(&told.notice, lang, &user.name, &organization.name, base)
        } else {
            let all = std::iter::once(&told).chain(&others);
            let all: Vec<_> = all.map(|told| told.notice.clone()).collect();
            gathered(&all, lang, &user.name, &organization.name, base)
        };
        Ok(Some(Outgoing {
            letter,
            to: user.email,
            name: user.name,
            lang,
            with: others.iter().map(|told| told.id).collect(),
        }))
    }

    /// Whether a mail of it is of use to nobody: it comes too late, it was read, or it went with another.
    async fn needless(&self, scope: &Scope, told: &Told) -> Result<bool, Error> {
        if told.read_at_ms.is_some() || clock::now_ms() - told.at_ms > MAIL_WITHIN_MS {
            return Ok(true);
        }
        let reader = self.database.reader();
        let delivery = store::notice::delivery(&reader, scope, told.id, Channel::Mail).await?;
        Ok(delivery == Some(Delivery::Sent))
    }

    async fn room(&self, scope: &Scope, user: domain::id::UserId) -> Result<Room, Error> {
        let since_ms = clock::now_ms() - HOUR_MS;
        let reader = self.database.reader();
        let sent = store::notice::sent_since(&reader, scope, user, Channel::Mail, since_ms).await?;
        let most = MAILS_AN_HOUR as usize;
        Ok(match sent.len() {
            count if count + 1 < most => Room::Free,
            count if count < most => Room::Last,
            // Room is made by the one with which there are fewer again.
            count => Room::Full {
                until_ms: sent[count - most] + HOUR_MS + 1,
            },
        })
    }

    async fn waiting(&self, scope: &Scope, user: domain::id::UserId) -> Result<Vec<Told>, Error> {
        let since_ms = clock::now_ms() - MAIL_WITHIN_MS;
        let reader = self.database.reader();
        Ok(store::notice::waiting(&reader, scope, user, Channel::Mail, since_ms).await?)
    }
}
