//! API tokens: programs that act for a person, with no more than the person may do.

use domain::access::Grants;
use domain::event::Event;
use domain::id::{TokenId, UserId};
use domain::people::TokenRow;
use serde_json::json;
use store::token::Token;

use crate::{Actor, Error, Operations, Scope, audit, clock, input, secret};

/// Begins every token, so that scanners for leaked secrets know it.
pub(crate) const PREFIX: &str = "att_";
/// What a token may do where its maker does not say.
const USUAL_SCOPES: &str = "read import";

/// A token just made.
#[derive(Clone, PartialEq, Eq)]
pub struct NewToken {
    /// Its id.
    pub id: TokenId,
    /// `att_` and 64 hexadecimal digits; shown this once.
    pub secret: String,
    /// What it may do, words joined by spaces.
    pub scopes: String,
}

impl std::fmt::Debug for NewToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewToken")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Operations {
    /// Makes a token for the person asking; `scopes` are words of [`Grants`], `None` reads and imports. Programs cannot
    /// make tokens.
    pub async fn create_token(
        &self,
        scope: &Scope,
        name: &str,
        scopes: Option<&str>,
    ) -> Result<NewToken, Error> {
        let Actor::User { id, .. } = &scope.actor else {
            return Err(Error::NotFound("user"));
        };
        self.insert_token(scope, *id, name, scopes).await
    }

    /// Makes a token for the user of an e-mail address: for the command line, whose user owns the database anyway.
    pub async fn create_token_for(
        &self,
        scope: &Scope,
        email: &str,
        name: &str,
        scopes: Option<&str>,
    ) -> Result<NewToken, Error> {
        if !matches!(scope.actor, Actor::System(_)) {
            return Err(Error::NotFound("user"));
        }
        let email = input::email(email)?;
        let user = store::user::by_email(&self.database.reader(), scope.organization, &email)
            .await?
            .filter(|user| user.disabled_at_ms.is_none())
            .ok_or_else(|| {
                Error::invalid_field(
                    "unknown_user",
                    "email",
                    format!("没有可用的用户 {email}。"),
                    format!("There is no enabled user {email}."),
                )
            })?;
        self.insert_token(scope, user.id, name, scopes).await
    }

    /// The tokens of the person asking.
    pub async fn tokens(&self, scope: &Scope) -> Result<Vec<TokenRow>, Error> {
        let user = person(scope)?;
        let tokens = store::token::list(&self.database.reader(), scope, Some(user)).await?;
        Ok(tokens
            .into_iter()
            .map(|token| TokenRow {
                id: token.id,
                user: token.user,
                name: token.name,
                scopes: token.scopes,
                created_at_ms: token.created_at_ms,
                revoked_at_ms: token.revoked_at_ms,
            })
            .collect())
    }

    /// Ends a token of the person asking; it stops at once.
    pub async fn revoke_token(&self, scope: &Scope, id: TokenId) -> Result<(), Error> {
        let user = person(scope)?;
        let writer = self.database.writer().await?;
        if !store::token::list(&writer, scope, Some(user))
            .await?
            .iter()
            .any(|token| token.id == id)
        {
            return Err(Error::NotFound("token"));
        }
        store::token::revoke(&writer, scope, id, clock::now_ms()).await?;
        let subject = format!("token:{id}");
        audit::commit(
            writer,
            scope,
            "token.revoke",
            &subject,
            &json!({}),
            &Event::PeopleChanged,
        )
        .await
    }

    async fn insert_token(
        &self,
        scope: &Scope,
        user: UserId,
        name: &str,
        scopes: Option<&str>,
    ) -> Result<NewToken, Error> {
        let name = input::name(name, "name")?;
        let grants = Grants::parse(scopes.unwrap_or(USUAL_SCOPES)).map_err(|word| {
            Error::invalid_field(
                "bad_scopes",
                "scopes",
                format!("令牌权限“{word}”无效，可用：read、import、plan、admin，以空格分隔。"),
                format!("Unknown scope \"{word}\": use read, import, plan, admin, separated by spaces."),
            )
        })?;
        let token = Token {
            id: TokenId(clock::new_id()),
            user,
            name,
            scopes: grants.to_string(),
            created_at_ms: clock::now_ms(),
            revoked_at_ms: None,
        };
        let secret = format!("{PREFIX}{}", secret::random()?);
        let writer = self.database.writer().await?;
        store::token::insert(&writer, scope, &token, &secret::hash(&secret)).await?;
        let detail = json!({"name": token.name, "scopes": token.scopes, "user": user});
        let subject = format!("token:{}", token.id);
        audit::commit(
            writer,
            scope,
            "token.create",
            &subject,
            &detail,
            &Event::PeopleChanged,
        )
        .await?;
        Ok(NewToken {
            id: token.id,
            secret,
            scopes: token.scopes,
        })
    }
}

/// The person asking; programs have no tokens of their own.
fn person(scope: &Scope) -> Result<UserId, Error> {
    match &scope.actor {
        Actor::User { id, .. } => Ok(*id),
        Actor::System(_) | Actor::Token { .. } => Err(Error::NotFound("user")),
    }
}
