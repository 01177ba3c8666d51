//! Signing in and out.

use domain::access::Role;
use domain::id::UserId;
use serde_json::json;
use store::organization::Organization;
use store::session::TokenHash;
use store::sign_in_attempt::{self, Attempt};
use store::user::User;
use store::{Writer, session};

use crate::{Actor, Error, Operations, Scope, clock, password, secret};

/// A session ends when nobody was there for so long.
const IDLE_MS: i64 = 7 * 24 * 3_600_000;
/// A session ends after so long whatever happens.
const ABSOLUTE_MS: i64 = 30 * 24 * 3_600_000;
/// How often a session's use is written down.
const SEEN_EVERY_MS: i64 = 5 * 60_000;
/// Failed tries without a wait.
const FREE_TRIES: u32 = 4;
/// Longest wait between tries: an account is slowed down, never locked.
const LONGEST_WAIT_MS: i64 = 60_000;
/// Failed tries are forgotten after so long without another.
const FORGET_MS: i64 = 3_600_000;

/// A session just begun.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSession {
    /// The cookie's value: 64 hexadecimal digits, a secret.
    pub token: String,
    /// When it ends whatever happens, milliseconds since the epoch.
    pub expires_at_ms: i64,
    /// Who signed in.
    pub user: UserId,
}

impl std::fmt::Debug for NewSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewSession")
            .field("user", &self.user)
            .field("expires_at_ms", &self.expires_at_ms)
            .finish_non_exhaustive()
    }
}

/// Whether a request came from the machine itself; the server decides by the peer's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loopback {
    /// From 127.0.0.0/8 or `::1`, not through a proxy.
    Yes,
    /// From anywhere else.
    No,
}

impl Operations {
    /// Signs in by e-mail and password, and ends the session the browser had before. Unknown names, wrong passwords and
    /// disabled users answer alike and take the same time; many failed tries are slowed down.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        previous: Option<&str>,
    ) -> Result<NewSession, Error> {
        let name = email.trim().to_lowercase();
        let reader = self.database.reader();
        let organization = store::organization::current(&reader)
            .await?
            .ok_or_else(wrong_sign_in)?;
        let name_hash = secret::hash(&name);
        self.count_try(&organization, &name_hash).await?;
        let user = store::user::by_email(&reader, organization.id, &name)
            .await?
            .filter(|user| user.disabled_at_ms.is_none());
        let hash = match &user {
            Some(user) => store::user::password_hash(&reader, organization.id, user.id).await?,
            None => None,
        };
        let right = password::verify(password.to_owned(), hash).await?;
        let Some(user) = user.filter(|_| right) else {
            tracing::info!("a sign-in failed");
            return Err(wrong_sign_in());
        };
        let writer = self.database.writer().await?;
        sign_in_attempt::clear(&writer, organization.id, &name_hash).await?;
        begin_session(writer, &organization, &user, previous).await
    }

    /// Signs in as the sample company's first user of a role, without a password: from the machine itself only.
    pub async fn sign_in_demo(
        &self,
        role: Role,
        loopback: Loopback,
        previous: Option<&str>,
    ) -> Result<NewSession, Error> {
        if loopback == Loopback::No {
            return Err(Error::NotFound("sample user"));
        }
        let reader = self.database.reader();
        let organization = store::organization::current(&reader)
            .await?
            .ok_or(Error::NotFound("sample user"))?;
        let user = store::user::of_sample(&reader, organization.id)
            .await?
            .into_iter()
            .find(|user| user.role == role && user.disabled_at_ms.is_none())
            .ok_or(Error::NotFound("sample user"))?;
        begin_session(self.database.writer().await?, &organization, &user, previous).await
    }

    /// The roles [`Self::sign_in_demo`] can take; empty where there is no sample company or the request is not local.
    pub async fn demo_roles(&self, loopback: Loopback) -> Result<Vec<Role>, Error> {
        let reader = self.database.reader();
        let organization = store::organization::current(&reader).await?;
        let (Some(organization), Loopback::Yes) = (organization, loopback) else {
            return Ok(Vec::new());
        };
        let mut roles: Vec<Role> = store::user::of_sample(&reader, organization.id)
            .await?
            .into_iter()
            .filter(|user| user.disabled_at_ms.is_none())
            .map(|user| user.role)
            .collect();
        roles.sort_unstable();
        roles.dedup();
        Ok(roles)
    }

    /// Ends a session; an unknown one has ended already.
    pub async fn sign_out(&self, token: &str) -> Result<(), Error> {
        let organization = store::organization::current(&self.database.reader()).await?;
        if let Some(organization) = organization {
            let writer = self.database.writer().await?;
            session::remove(&writer, organization.id, &secret::hash(token)).await?;
            writer.commit().await?;
        }
        Ok(())
    }

    /// Writes down that a session is in use, every few minutes.
    pub(crate) async fn note_seen(
        &self,
        organization: &Organization,
        hash: &TokenHash,
        session: &session::SignedIn,
        now_ms: i64,
    ) -> Result<(), Error> {
        if now_ms - session.seen_at_ms < SEEN_EVERY_MS {
            return Ok(());
        }
        let writer = self.database.writer().await?;
        session::touch(&writer, organization.id, hash, now_ms).await?;
        Ok(writer.commit().await?)
    }

    async fn count_try(&self, organization: &Organization, name_hash: &TokenHash) -> Result<(), Error> {
        let now_ms = clock::now_ms();
        let writer = self.database.writer().await?;
        let attempt =
            sign_in_attempt::begin(&writer, organization.id, name_hash, now_ms, now_ms - FORGET_MS).await?;
        if let Attempt::Counted(tries) = attempt
            && tries > FREE_TRIES
        {
            let until_ms = now_ms + wait_ms(tries);
            sign_in_attempt::delay(&writer, organization.id, name_hash, until_ms).await?;
        }
        writer.commit().await?;
        match attempt {
            Attempt::Counted(_) => Ok(()),
            Attempt::TooEarly(until_ms) => Err(Error::Busy {
                retry_after_s: u32::try_from((until_ms - now_ms).max(0) / 1000 + 1).unwrap_or(u32::MAX),
            }),
        }
    }
}

/// Whether a session ended by time.
pub(crate) fn has_ended(session: &session::SignedIn, now_ms: i64) -> bool {
    now_ms >= session.expires_at_ms || now_ms - session.seen_at_ms >= IDLE_MS
}

/// Begins a session in the transaction, ends the browser's former one, and commits.
pub(crate) async fn begin_session(
    writer: Writer,
    organization: &Organization,
    user: &User,
    previous: Option<&str>,
) -> Result<NewSession, Error> {
    let now_ms = clock::now_ms();
    session::remove_expired(&writer, organization.id, now_ms, now_ms - IDLE_MS).await?;
    if let Some(previous) = previous {
        session::remove(&writer, organization.id, &secret::hash(previous)).await?;
    }
    let token = secret::random()?;
    let signed_in = session::SignedIn {
        user: user.id,
        created_at_ms: now_ms,
        seen_at_ms: now_ms,
        expires_at_ms: now_ms + ABSOLUTE_MS,
    };
    session::insert(&writer, organization.id, &secret::hash(&token), &signed_in).await?;
    let mut scope = Scope::system(organization.id, "sign in");
    scope.actor = Actor::User {
        id: user.id,
        name: user.name.clone(),
    };
    let subject = format!("user:{}", user.id);
    store::audit::record(&writer, &scope, "user.sign_in", &subject, &json!({})).await?;
    writer.commit().await?;
    Ok(NewSession {
        token,
        expires_at_ms: signed_in.expires_at_ms,
        user: user.id,
    })
}

/// 2 s after the first try that is no longer free, then twice as long each time.
fn wait_ms(tries: u32) -> i64 {
    let doublings = tries.saturating_sub(FREE_TRIES).min(16);
    (1_000_i64 << doublings).min(LONGEST_WAIT_MS)
}

fn wrong_sign_in() -> Error {
    Error::invalid(
        "sign_in_failed",
        "邮箱或密码不正确。",
        "The e-mail address or the password is not right.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_stay_bounded() {
        let waits: Vec<i64> = (5..=12).map(wait_ms).collect();
        assert_eq!(
            waits,
            [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]
        );
        assert_eq!(wait_ms(u32::MAX), LONGEST_WAIT_MS);
    }

    #[test]
    fn sessions_end_idle_and_at_last() {
        let session = session::SignedIn {
            user: UserId::default(),
            created_at_ms: 0,
            seen_at_ms: 0,
            expires_at_ms: ABSOLUTE_MS,
        };
        assert!(!has_ended(&session, IDLE_MS - 1));
        assert!(has_ended(&session, IDLE_MS));
        let used = session::SignedIn {
            seen_at_ms: ABSOLUTE_MS - 1,
            ..session
        };
        assert!(!has_ended(&used, ABSOLUTE_MS - 1));
        assert!(has_ended(&used, ABSOLUTE_MS));
    }
}
