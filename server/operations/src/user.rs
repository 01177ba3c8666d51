//! Users: people who sign in.

use domain::access::{Permission, Role};
use domain::event::Event;
use domain::id::{MemberId, UserId};
use domain::people::{Access, UserInput, UserRow};
use serde_json::json;
use store::user::User;
use store::{StoreError, Writer};

use crate::scope::require;
use crate::{Actor, Error, Operations, Scope, clock, input, password, secret};

/// A user to be made.
#[derive(Clone, PartialEq, Eq)]
pub struct NewUser {
    /// What they will sign in with.
    pub email: String,
    /// The name shown beside their changes.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// Their first password.
    pub password: String,
    /// The member they are; `None`: the one with the same address or name, where there is exactly one.
    pub member: Option<MemberId>,
    /// Their language where it is not the organization's.
    pub language: Option<String>,
}

impl std::fmt::Debug for NewUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewUser")
            .field("email", &self.email)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

impl Operations {
    /// Everybody who signs in, by e-mail. For owners.
    pub async fn users(&self, scope: &Scope) -> Result<Vec<UserRow>, Error> {
        require(scope, Permission::ManagePeople)?;
        let users = store::user::list(&self.database.reader(), scope).await?;
        Ok(users.into_iter().map(row).collect())
    }

    /// Makes a user; a conflict where the e-mail is taken. For owners.
    pub async fn create_user(&self, scope: &Scope, new: NewUser) -> Result<UserId, Error> {
        require(scope, Permission::ManagePeople)?;
        let mut user = User {
            id: UserId(clock::new_id()),
            email: input::email(&new.email)?,
            name: input::name(&new.name, "name")?,
            role: new.role,
            member: new.member,
            disabled_at_ms: None,
            language: new.language.as_deref().map(input::language).transpose()?,
            demo: false,
            created_at_ms: clock::now_ms(),
        };
        password::check(&new.password, &user.email)?;
        let hash = password::hash(new.password).await?;
        let writer = self.database.writer().await?;
        if user.member.is_none() {
            user.member =
                store::member::of_person(&writer, scope.organization, &user.email, &user.name).await?;
        }
        check_member(&writer, scope, &user).await?;
        store::user::insert(&writer, scope, &user, Some(&hash))
            .await
            .map_err(|error| match error {
                StoreError::Conflict(_) => Error::conflict(
                    "email_taken",
                    format!("已有用户使用 {}。", user.email),
                    format!("Somebody signs in with {} already.", user.email),
                ),
                other => other.into(),
            })?;
        let detail = json!({"email": user.email, "role": user.role, "member": user.member});
        finish(writer, scope, "user.create", user.id, &detail).await?;
        Ok(user.id)
    }

    /// Changes name, role, member and language. Somebody enabled stays owner. For owners.
    pub async fn update_user(&self, scope: &Scope, id: UserId, wanted: UserInput) -> Result<(), Error> {
        require(scope, Permission::ManagePeople)?;
        let writer = self.database.writer().await?;
        let before = store::user::get(&writer, scope, id).await?;
        let after = User {
            name: input::name(&wanted.name, "name")?,
            role: wanted.role,
            member: wanted.member,
            language: wanted.language.as_deref().map(input::language).transpose()?,
            ..before.clone()
        };
        check_member(&writer, scope, &after).await?;
        store::user::update(&writer, scope, &after).await?;
        let detail = json!({"before": change(&before), "after": change(&after)});
        finish(writer, scope, "user.update", id, &detail).await
    }

    /// Lets a user sign in or not; disabling ends their sessions at once and stops their tokens. For owners.
    pub async fn set_access(&self, scope: &Scope, id: UserId, access: Access) -> Result<(), Error> {
        require(scope, Permission::ManagePeople)?;
        let writer = self.database.writer().await?;
        let mut user = store::user::get(&writer, scope, id).await?;
        user.disabled_at_ms = match access {
            Access::Enabled => None,
            Access::Disabled => user.disabled_at_ms.or_else(|| Some(clock::now_ms())),
        };
        store::user::update(&writer, scope, &user).await?;
        if access == Access::Disabled {
            store::session::remove_of_user(&writer, scope, id, None).await?;
        }
        finish(writer, scope, "user.set_access", id, &json!({ "access": access })).await
    }

    /// Gives a user a new password and ends their sessions. For owners.
    pub async fn reset_password(&self, scope: &Scope, id: UserId, password: String) -> Result<(), Error> {
        require(scope, Permission::ManagePeople)?;
        let user = store::user::get(&self.database.reader(), scope, id).await?;
        password::check(&password, &user.email)?;
        let hash = password::hash(password).await?;
        let writer = self.database.writer().await?;
        store::user::set_password(&writer, scope, id, &hash).await?;
        store::session::remove_of_user(&writer, scope, id, None).await?;
        finish(writer, scope, "user.reset_password", id, &json!({})).await
    }

    /// Changes the own password, proved by the present one, and ends every other session; `session` is the one that goes on.
    pub async fn change_password(
        &self,
        scope: &Scope,
        session: &str,
        present: String,
        password: String,
    ) -> Result<(), Error> {
        let Actor::User { id, .. } = scope.actor else {
            return Err(Error::NotFound("user"));
        };
        let reader = self.database.reader();
        let user = store::user::by_id(&reader, scope.organization, id)
            .await?
            .ok_or(Error::Unauthenticated)?;
        password::check(&password, &user.email)?;
        let stored = store::user::password_hash(&reader, scope.organization, id).await?;
        if !password::verify(present, stored).await? {
            return Err(Error::invalid_field(
                "wrong_password",
                "present",
                "现在的密码不正确。",
                "The present password is not right.",
            ));
        }
        let hash = password::hash(password).await?;
        let writer = self.database.writer().await?;
        store::user::set_password(&writer, scope, id, &hash).await?;
        let kept = secret::hash(session);
        store::session::remove_of_user(&writer, scope, id, Some(&kept)).await?;
        finish(writer, scope, "user.change_password", id, &json!({})).await
    }

    /// Sets the own language. Sample people have none: they are everybody who tries the program, and each browser keeps
    /// its choice by itself.
    pub async fn set_language(&self, scope: &Scope, language: &str) -> Result<(), Error> {
        let Actor::User { id, .. } = scope.actor else {
            return Err(Error::NotFound("user"));
        };
        let language = input::language(language)?;
        let writer = self.database.writer().await?;
        let mut user = store::user::by_id(&writer, scope.organization, id)
            .await?
            .ok_or(Error::Unauthenticated)?;
        if user.demo {
            return Ok(());
        }
        user.language = Some(language);
        store::user::update(&writer, scope, &user).await?;
        Ok(writer.commit().await?)
    }
}

/// What the browser is told.
pub(crate) fn row(user: User) -> UserRow {
    UserRow {
        id: user.id,
        email: user.email,
        name: user.name,
        role: user.role,
        member: user.member,
        access: if user.disabled_at_ms.is_none() {
            Access::Enabled
        } else {
            Access::Disabled
        },
        demo: user.demo,
    }
}

fn change(user: &User) -> serde_json::Value {
    json!({"name": user.name, "role": user.role, "member": user.member, "language": user.language})
}

/// A user is nobody or a member there is; a manager or rep without one would see nothing, which is theirs to mend later.
async fn check_member(writer: &Writer, scope: &Scope, user: &User) -> Result<(), Error> {
    let Some(member) = user.member else { return Ok(()) };
    match store::member::get(writer, scope, member).await {
        Ok(_) => Ok(()),
        Err(StoreError::NotFound(_)) => Err(Error::invalid_field(
            "unknown_member",
            "member",
            "没有这个成员。",
            "There is no such member.",
        )),
        Err(other) => Err(other.into()),
    }
}

/// Logs, and refuses to leave the organization without an enabled owner once it has one. The log's row is held from here on,
/// so two owners cannot demote each other at the same moment.
async fn finish(
    writer: Writer,
    scope: &Scope,
    verb: &str,
    user: UserId,
    detail: &serde_json::Value,
) -> Result<(), Error> {
    let subject = format!("user:{user}");
    store::audit::record(&writer, scope, verb, &subject, detail).await?;
    let owners = store::user::owners(&writer, scope.organization).await?;
    if !owners.iter().any(|owner| owner.disabled_at_ms.is_none()) && !matches!(scope.actor, Actor::System(_))
    {
        return Err(Error::conflict(
            "last_owner",
            "至少要有一位可登录的所有者。",
            "There must be at least one owner who can sign in.",
        ));
    }
    store::outbox::append(&writer, scope, &Event::PeopleChanged).await?;
    Ok(writer.commit().await?)
}
