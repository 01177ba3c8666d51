//! A small organization behind the whole router, and clients for everybody in it.
//!
//! The tree: company, with the regions East (manager, rep, sibling) and West (the other manager and somebody else). Requests go through the
//! router in process, with the headers a browser would send.

use axum::Router;
use domain::access::Role;
use domain::id::{MemberId, UnitId, UserId};
use domain::people::{MemberInput, Share, UnitInput};
use operations::{BEGINNING, Database, NewUser, Operations, Scope, SetUp};
use server::AppState;
use tempfile::TempDir;

use crate::client::Client;

/// Long enough and nobody's.
pub(crate) const PASSWORD: &str = "corridor-lantern-42";
/// Where the tests say they are.
pub(crate) const HOST: &str = "attain.test:3000";

/// Everybody who may knock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    Anonymous,
    Rep,
    Sibling,
    Manager,
    OtherManager,
    Planner,
    Owner,
    Viewer,
    /// API tokens of the owner, by what they were made for.
    TokenRead,
    TokenImport,
    TokenPlan,
    TokenAdmin,
    /// A planner who was disabled after signing in.
    Disabled,
}

impl Who {
    pub(crate) const ALL: [Self; 13] = [
        Self::Anonymous,
        Self::Rep,
        Self::Sibling,
        Self::Manager,
        Self::OtherManager,
        Self::Planner,
        Self::Owner,
        Self::Viewer,
        Self::TokenRead,
        Self::TokenImport,
        Self::TokenPlan,
        Self::TokenAdmin,
        Self::Disabled,
    ];

    fn user(self) -> Option<(&'static str, Role)> {
        Some(match self {
            Self::Rep => ("rep@attain.test", Role::Rep),
            Self::Sibling => ("sibling@attain.test", Role::Rep),
            Self::Manager => ("manager@attain.test", Role::Manager),
            Self::OtherManager => ("other@attain.test", Role::Manager),
            Self::Planner => ("planner@attain.test", Role::Planner),
            Self::Owner => ("owner@attain.test", Role::Owner),
            Self::Viewer => ("viewer@attain.test", Role::Viewer),
            Self::Disabled => ("disabled@attain.test", Role::Planner),
            _ => return None,
        })
    }

    fn scopes(self) -> Option<&'static str> {
        Some(match self {
            Self::TokenRead => "read",
            Self::TokenImport => "import",
            Self::TokenPlan => "plan",
            Self::TokenAdmin => "admin",
            _ => return None,
        })
    }
}

/// The organization behind its router.
pub(crate) struct House {
    pub(crate) operations: Operations,
    pub(crate) state: AppState,
    /// Sees everything, in the name of the program.
    pub(crate) scope: Scope,
    pub(crate) east: UnitId,
    pub(crate) rep: MemberId,
    pub(crate) sibling: MemberId,
    pub(crate) manager: MemberId,
    pub(crate) other_manager: MemberId,
    pub(crate) disabled: UserId,
    pub(crate) router: Router,
    clients: Vec<(Who, Client)>,
    folder: TempDir,
}

impl House {
    /// An installation as new: no organization, nobody.
    pub(crate) async fn empty() -> (Operations, Router, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("attain.db").display());
        let database = Database::open(&url).await.unwrap();
        database.migrate().await.unwrap();
        let operations = Operations::new(database);
        let router = server::router(AppState::new(operations.clone()));
        (operations, router, folder)
    }

    /// The organization with its people; everybody has signed in.
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("attain.db").display());
        let database = Database::open(&url).await.unwrap();
        database.migrate().await.unwrap();
        let mut operations = Operations::new(database);
        operations.files = folder.path().join("files");
        let state = AppState::new(operations.clone());
        let router = server::router(state.clone());

        let link = operations.set_up_link().await.unwrap().unwrap();
        let set_up = SetUp {
            organization_name: "云杉仪器".to_owned(),
            owner_name: "欧阳主".to_owned(),
            email: "owner@attain.test".to_owned(),
            password: PASSWORD.to_owned(),
            currency: "CNY".to_owned(),
            fiscal_start_month: 1,
            zone: "Asia/Shanghai".to_owned(),
            language: "zh-CN".to_owned(),
        };
        operations.set_up(&link, set_up).await.unwrap();
        let scope = operations.system_scope("test").await.unwrap();
        let root = operations.people(&scope).await.unwrap().units[0].id;

        let mut members = Vec::new();
        for name in ["林岚", "周舟", "何经理", "唐经理", "西门"] {
            let input = MemberInput {
                name: name.to_owned(),
                external_id: None,
                email: None,
                hired_on: None,
                left_on: None,
            };
            members.push(operations.create_member(&scope, input).await.unwrap());
        }
        let [rep, sibling, manager, other_manager, westerner] = members[..] else {
            unreachable!()
        };
        let mut units = Vec::new();
        for (name, lead) in [("East", manager), ("West", other_manager)] {
            let input = UnitInput {
                parent: root,
                level: "region".to_owned(),
                name: name.to_owned(),
                code: None,
                manager: Some(lead),
            };
            units.push(operations.create_unit(&scope, input).await.unwrap());
        }
        let [east, west] = units[..] else { unreachable!() };
        for (member, unit) in [
            (rep, east),
            (sibling, east),
            (manager, east),
            (other_manager, west),
            (westerner, west),
        ] {
            let share = Share {
                unit,
                share_ppm: 1_000_000,
            };
            operations
                .assign(&scope, member, BEGINNING, &[share])
                .await
                .unwrap();
        }

        let mut house = Self {
            operations,
            state,
            scope,
            east,
            rep,
            sibling,
            manager,
            other_manager,
            disabled: UserId::default(),
            router,
            clients: Vec::new(),
            folder,
        };
        house.let_everybody_in().await;
        house
    }

    async fn let_everybody_in(&mut self) {
        for who in Who::ALL {
            let mut client = Client::new(self.router.clone());
            if let Some((email, role)) = who.user() {
                if who != Who::Owner {
                    let member = match who {
                        Who::Rep => Some(self.rep),
                        Who::Sibling => Some(self.sibling),
                        Who::Manager => Some(self.manager),
                        Who::OtherManager => Some(self.other_manager),
                        _ => None,
                    };
                    let new = NewUser {
                        email: email.to_owned(),
                        name: format!("{who:?}"),
                        role,
                        password: PASSWORD.to_owned(),
                        member,
                        language: None,
                    };
                    let id = self.operations.create_user(&self.scope, new).await.unwrap();
                    if who == Who::Disabled {
                        self.disabled = id;
                    }
                }
                let session = self.operations.sign_in(email, PASSWORD, None).await.unwrap();
                client.cookie = Some(format!("attain={}", session.token));
            }
            if let Some(scopes) = who.scopes() {
                let token = self
                    .operations
                    .create_token_for(&self.scope, "owner@attain.test", scopes, Some(scopes))
                    .await
                    .unwrap();
                client.bearer = Some(token.secret);
            }
            self.clients.push((who, client));
        }
        let disabled = domain::people::Access::Disabled;
        self.operations
            .set_access(&self.scope, self.disabled, disabled)
            .await
            .unwrap();
    }

    /// A client that is signed in as somebody.
    pub(crate) fn client(&self, who: Who) -> Client {
        let (_, client) = self.clients.iter().find(|(name, _)| *name == who).unwrap();
        client.clone()
    }

    /// The scope of somebody who is signed in.
    pub(crate) async fn signed_in(&self, who: Who) -> Scope {
        let (email, _) = who.user().unwrap();
        let session = self.operations.sign_in(email, PASSWORD, None).await.unwrap();
        self.operations
            .scope_of_session(&session.token)
            .await
            .unwrap()
            .scope
    }

    /// The address of the database.
    pub(crate) fn database_url(&self) -> String {
        format!("sqlite:{}", self.folder.path().join("attain.db").display())
    }
}
