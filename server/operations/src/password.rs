//! Passwords: which are taken, and their hashes (argon2id, 19 MiB, two passes, one lane).

use std::time::Duration;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::Error;

/// Fewer characters are refused.
const LEAST_CHARS: usize = 10;
/// More characters are refused: nobody types them, and they cost time.
const MOST_CHARS: usize = 256;
/// Hashes computed at once; each takes 19 MiB and one core for a while.
static PERMITS: Semaphore = Semaphore::const_new(2);
/// How long a sign-in waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);
/// Passwords everybody tries first, of the allowed length, lower case, one a line.
const COMMON: &str = include_str!("password/common.txt");

/// Refuses what is too short, too long, tried first by everybody, or says only what is known of the person.
pub(crate) fn check(password: &str, email: &str) -> Result<(), Error> {
    let chars = password.chars().count();
    if chars < LEAST_CHARS {
        return Err(Error::invalid_field(
            "password_too_short",
            "password",
            format!("密码至少 {LEAST_CHARS} 个字符，现在是 {chars} 个。"),
            format!("A password has at least {LEAST_CHARS} characters; this one has {chars}."),
        ));
    }
    if chars > MOST_CHARS {
        return Err(Error::invalid_field(
            "password_too_long",
            "password",
            format!("密码最多 {MOST_CHARS} 个字符。"),
            format!("A password has at most {MOST_CHARS} characters."),
        ));
    }
    let lower = password.to_lowercase();
    let name = email.split('@').next().unwrap_or_default();
    if lower == email
        || (!name.is_empty() && lower.trim_end_matches(|c: char| c.is_ascii_digit()) == name)
        || is_monotonous(&lower)
        || COMMON.lines().any(|common| common == lower)
    {
        return Err(Error::invalid_field(
            "password_common",
            "password",
            "这个密码太常见，容易被猜中。换一个，例如几个不相干的词连起来。",
            "This password is among the first to be guessed. Take another, for example a few unrelated words.",
        ));
    }
    Ok(())
}

/// The hash to store, as PHC text with a salt of its own.
pub(crate) async fn hash(password: String) -> Result<String, Error> {
    apart(move || {
        let hash = hasher()?.hash_password(password.as_bytes()).map_err(internal)?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether the password is the one of the stored hash. Without a hash it takes the same time and answers no.
pub(crate) async fn verify(password: String, hash: Option<String>) -> Result<bool, Error> {
    if password.chars().count() > MOST_CHARS {
        return Ok(false);
    }
    apart(move || {
        let Some(hash) = hash else {
            hasher()?.hash_password(password.as_bytes()).map_err(internal)?;
            return Ok(false);
        };
        Ok(hasher()?
            .verify_password(password.as_bytes(), hash.as_str())
            .is_ok())
    })
    .await
}

/// Runs off the threads that serve requests, a bounded number at once.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let Ok(Ok(permit)) = timeout(PATIENCE, PERMITS.acquire()).await else {
        return Err(Error::Busy { retry_after_s: 5 });
    };
    let done = tokio::task::spawn_blocking(move || {
        // Held by the work itself: a client that goes away does not make room for another.
        let _permit = permit;
        work()
    });
    done.await
        .map_err(|error| Error::Internal(format!("password work: {error}")))?
}

fn hasher() -> Result<Argon2<'static>, Error> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("argon2: {error}"))
}

/// One or two characters over and over, or a run such as 1234567890 or abcdefghij, up or down.
fn is_monotonous(password: &str) -> bool {
    let chars: Vec<char> = password.chars().collect();
    let mut different = chars.clone();
    different.sort_unstable();
    different.dedup();
    let steps = |by: i64| {
        chars
            .windows(2)
            .filter(|pair| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0])) == by)
            .count()
            + 2
            >= chars.len()
    };
    different.len() <= 2 || steps(1) || steps(-1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(password: &str) -> String {
        match check(password, "wang.lin@spruce.example") {
            Ok(()) => "ok".to_owned(),
            Err(Error::Invalid(refusal)) => refusal.code,
            Err(other) => other.to_string(),
        }
    }

    #[test]
    fn weak_passwords_are_refused() {
        assert_eq!(code("九个字的密码还不行"), "password_too_short");
        assert_eq!(code("一共十个字的密码可以"), "ok");
        assert_eq!(code("correct horse battery"), "ok");
        assert_eq!(code(&"长".repeat(257)), "password_too_long");
        for common in [
            "Password123",
            "1234567890",
            "9876543210",
            "abcdefghijk",
            "aaaaaaaaaaaa",
            "ababababab",
            "Wang.Lin2024",
            "wang.lin@spruce.example",
            "woaini1314520",
        ] {
            assert_eq!(code(common), "password_common", "{common}");
        }
    }

    #[test]
    fn the_list_holds_only_what_it_can_refuse() {
        for common in COMMON.lines() {
            assert!(
                common.chars().count() >= LEAST_CHARS && common == common.to_lowercase(),
                "{common}"
            );
        }
    }

    #[tokio::test]
    async fn hashes_verify_and_say_their_cost() {
        let stored = hash("correct horse".to_owned()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(
            verify("correct horse".to_owned(), Some(stored.clone()))
                .await
                .unwrap()
        );
        assert!(!verify("correct house".to_owned(), Some(stored)).await.unwrap());
        assert!(!verify("correct horse".to_owned(), None).await.unwrap());
    }
}
