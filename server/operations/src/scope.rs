//! From a session or an API token to what its holder sees. Built anew for every request, so that a change of role, unit or
//! access holds at once.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::{Grants, Permission, Reach};
use domain::calendar::Day;
use domain::id::{MemberId, UnitId};
use domain::people::{Me, Named};
use store::organization::Organization;
use store::unit::Unit;
use store::user::User;
use store::{Reader, session};

use crate::{Actor, Error, Operations, Scope, clock, secret, sign_in, token};

/// The first day of what was always there (the company itself, people imported without a date): 1970-01-01.
pub const BEGINNING: Day = Day::BEGINNING;

/// Who is behind a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// What they see and may do.
    pub scope: Scope,
    /// The name shown beside their changes.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// The language they chose, `zh-CN` or `en`; who chose none stays with the browser's, and so do sample people: whoever
    /// tries the program is one of them.
    pub language: Option<String>,
}

/// Lets the permitted through. Others are told that there is nothing, and the log why.
pub(crate) fn require(scope: &Scope, permission: Permission) -> Result<(), Error> {
    if scope.may(permission) {
        return Ok(());
    }
    tracing::info!(actor = ?scope.actor, role = scope.role.as_str(), ?permission, "denied");
    Err(Error::NotFound("permitted"))
}

/// Lets those through who see a plan before it is published: their role sees people, and a program of theirs is made for
/// reading or for planning.
pub(crate) fn require_sight(scope: &Scope) -> Result<(), Error> {
    if scope.role.may(Permission::ReadPeople) && scope.may(Permission::Acknowledge) {
        return Ok(());
    }
    require(scope, Permission::ReadPeople)
}

/// Lets those through who speak of a plan and decide on it before it is published: their role sees people, and a program of
/// theirs is made for planning. One that only reads has no voice.
pub(crate) fn require_voice(scope: &Scope) -> Result<(), Error> {
    if scope.role.may(Permission::ReadPeople) {
        return require(scope, Permission::Acknowledge);
    }
    require(scope, Permission::ReadPeople)
}

impl Operations {
    /// The scope of a browser's session; unauthenticated where it is unknown, ended, or its user disabled.
    pub async fn scope_of_session(&self, token: &str) -> Result<SignedIn, Error> {
        let reader = self.database.reader();
        let organization = store::organization::current(&reader)
            .await?
            .ok_or(Error::Unauthenticated)?;
        let hash = secret::hash(token);
        let session = session::by_hash(&reader, organization.id, &hash)
            .await?
            .ok_or(Error::Unauthenticated)?;
        let now_ms = clock::now_ms();
        if sign_in::has_ended(&session, now_ms) {
            return Err(Error::Unauthenticated);
        }
        let user = store::user::by_id(&reader, organization.id, session.user)
            .await?
            .filter(|user| user.disabled_at_ms.is_none())
            .ok_or(Error::Unauthenticated)?;
        if let Err(error) = self.note_seen(&organization, &hash, &session, now_ms).await {
            // Reading goes on where nothing can be written, on a full disk for instance.
            tracing::warn!(%error, "a session's use is not written down");
        }
        let actor = Actor::User {
            id: user.id,
            name: user.name.clone(),
        };
        self.signed_in(&reader, &organization, user, actor, Grants::ALL)
            .await
    }

    /// The scope of an API token (`att_…`, without `Bearer`); unauthenticated where it is unknown, revoked, or its user
    /// disabled.
    pub async fn scope_of_token(&self, bearer: &str) -> Result<SignedIn, Error> {
        if !bearer.starts_with(token::PREFIX) {
            return Err(Error::Unauthenticated);
        }
        let reader = self.database.reader();
        let organization = store::organization::current(&reader)
            .await?
            .ok_or(Error::Unauthenticated)?;
        let token = store::token::by_hash(&reader, organization.id, &secret::hash(bearer))
            .await?
            .filter(|token| token.revoked_at_ms.is_none())
            .ok_or(Error::Unauthenticated)?;
        let user = store::user::by_id(&reader, organization.id, token.user)
            .await?
            .filter(|user| user.disabled_at_ms.is_none())
            .ok_or(Error::Unauthenticated)?;
        let grants = Grants::parse(&token.scopes)
            .map_err(|word| Error::Internal(format!("token {} grants {word:?}", token.id)))?;
        let actor = Actor::Token {
            id: token.id,
            user: user.id,
            name: token.name,
        };
        self.signed_in(&reader, &organization, user, actor, grants).await
    }

    /// The program's own scope, for commands and jobs; a refusal before the organization is set up.
    pub async fn system_scope(&self, purpose: &'static str) -> Result<Scope, Error> {
        let organization = store::organization::current(&self.database.reader())
            .await?
            .ok_or_else(|| {
                Error::conflict(
                    "not_set_up",
                    "还没有组织。请先启动服务完成初始设置，或执行 attain user create --role owner。",
                    "There is no organization yet. Set it up in the browser, or run attain user create --role owner.",
                )
            })?;
        Ok(Scope::system(organization.id, purpose))
    }

    /// Who is asking, what they may do, and the settings every screen needs.
    pub async fn me(&self, scope: &Scope) -> Result<Me, Error> {
        let reader = self.database.reader();
        let organization = store::organization::get(&reader, scope).await?;
        let today = self.today_of(&organization);
        let (email, language) = match &scope.actor {
            Actor::User { id, .. } => {
                let user = store::user::by_id(&reader, scope.organization, *id).await?;
                let user = user.ok_or(Error::Unauthenticated)?;
                (Some(user.email), user.language)
            }
            Actor::System(_) | Actor::Token { .. } => (None, None),
        };
        let all = Scope::system(scope.organization, "me");
        let units = match scope.member {
            Some(member) => {
                let units = store::unit::list(&reader, &all, Some(today.day)).await?;
                let roots = self.roots(&reader, &all, &units, member, today.day).await?;
                let own = units.into_iter().filter(|unit| roots.contains(&unit.id));
                own.map(|unit| Named {
                    id: unit.id,
                    name: unit.name,
                })
                .collect()
            }
            None => Vec::new(),
        };
        let is_asked = match scope.member.filter(|_| scope.may(Permission::Acknowledge)) {
            Some(member) => store::questionnaire::concerns(&reader, scope, member).await?,
            None => false,
        };
        Ok(Me {
            is_asked,
            name: scope.actor.name().to_owned(),
            email,
            role: scope.role,
            permissions: Permission::ALL
                .into_iter()
                .filter(|permission| scope.may(*permission))
                .collect(),
            member: scope.member,
            units,
            language: language.unwrap_or_else(|| organization.language.clone()),
            clocks: clock::clocks(&organization.zone, organization.created_at_ms, clock::now_ms()),
            organization: crate::organization::settings(organization),
            business_date: today,
            unread: store::notice::unread(&reader, scope).await?,
        })
    }

    async fn signed_in(
        &self,
        reader: &Reader,
        organization: &Organization,
        user: User,
        actor: Actor,
        grants: Grants,
    ) -> Result<SignedIn, Error> {
        let reach = user.role.reach();
        let member = match user.member {
            // People may be imported after their users were made.
            None if reach != Reach::Everything => {
                store::member::of_person(reader, organization.id, &user.email, &user.name).await?
            }
            member => member,
        };
        let mut scope = Scope {
            organization: organization.id,
            actor,
            role: user.role,
            grants,
            reach,
            member,
            roots: Vec::new(),
            units: Vec::new(),
            members: Vec::new(),
        };
        let today = self.today_of(organization).day;
        self.fill(reader, &mut scope, today).await?;
        Ok(SignedIn {
            scope,
            name: user.name,
            email: user.email,
            language: user.language.filter(|_| !user.demo),
        })
    }

    /// Roots, units and members of a reach, by the tree and the assignments of a day.
    async fn fill(&self, reader: &Reader, scope: &mut Scope, today: Day) -> Result<(), Error> {
        if scope.reach == Reach::Everything {
            return Ok(());
        }
        scope.members = scope.member.into_iter().collect();
        let (Some(member), true) = (scope.member, scope.reach != Reach::Own) else {
            return Ok(());
        };
        let all = Scope::system(scope.organization, "scope");
        let units = store::unit::list(reader, &all, Some(today)).await?;
        scope.roots = self.roots(reader, &all, &units, member, today).await?;
        // Reports are seen as people, without the unit's own figures.
        let seen = match scope.reach {
            Reach::UnitAndBelow => below(&units, &scope.roots),
            _ => scope.roots.iter().copied().collect(),
        };
        let mut members: BTreeSet<MemberId> = scope.members.iter().copied().collect();
        for assignment in store::assignment::list(reader, &all, Some(today)).await? {
            if seen.contains(&assignment.unit) {
                members.insert(assignment.member);
            }
        }
        scope.members = members.into_iter().collect();
        if scope.reach != Reach::OwnAndReports {
            scope.units = seen.into_iter().collect();
        }
        Ok(())
    }

    /// The units a member leads on a day, or belongs to where none is led; sorted. Belonging to the region must not open
    /// it to somebody who leads one of its teams.
    async fn roots(
        &self,
        reader: &Reader,
        all: &Scope,
        units: &[Unit],
        member: MemberId,
        today: Day,
    ) -> Result<Vec<UnitId>, Error> {
        let mut roots: Vec<UnitId> = units
            .iter()
            .filter(|unit| unit.manager == Some(member))
            .map(|unit| unit.id)
            .collect();
        if roots.is_empty() {
            roots = store::assignment::of_member(reader, all, member)
                .await?
                .into_iter()
                .filter(|assignment| assignment.holds_on(today))
                .map(|assignment| assignment.unit)
                .filter(|id| units.iter().any(|unit| unit.id == *id))
                .collect();
        }
        roots.sort_unstable();
        roots.dedup();
        Ok(roots)
    }
}

/// The roots and everything below them.
pub(crate) fn below(units: &[Unit], roots: &[UnitId]) -> BTreeSet<UnitId> {
    let mut children: BTreeMap<UnitId, Vec<UnitId>> = BTreeMap::new();
    for unit in units {
        if let Some(parent) = unit.parent {
            children.entry(parent).or_default().push(unit.id);
        }
    }
    let mut seen = BTreeSet::new();
    let mut open = roots.to_vec();
    while let Some(unit) = open.pop() {
        // The set also ends the walk where damaged data go round in a circle.
        if seen.insert(unit) {
            open.extend(children.get(&unit).into_iter().flatten());
        }
    }
    seen
}
