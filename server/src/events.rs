//! What changed, told to every open page as server-sent events at `/events`.
//!
//! A stream begins with one message of where things stand, `{"build", "seq", "business_date"}`, and goes on with
//! [`domain::event::Event`]s as JSON, the number of each as its id. Events name what to fetch again and carry no figures;
//! each stream gets those that its person may act on. Who cannot keep up, or is signed out, finds the stream ended: the
//! page opens a new one and fetches everything again.
//!
//! One task reads the outbox, whichever process wrote it, and hands each event to all streams.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Extension, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::sse::{Event as Message, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use domain::access::Permission;
use domain::event::Event;
use futures::stream::{self, StreamExt};
use operations::{Error, Numbered, Operations, Scope};
use serde_json::json;
use tokio::sync::broadcast::{self, Receiver, Sender};
use tokio::time::{Instant, sleep_until};

use crate::session::{Credential, signed_in};
use crate::shutdown::Shutdown;
use crate::state::AppState;

/// Events a stream may be behind before it is ended.
const BACKLOG: usize = 1_024;
/// How often a silent stream shows that it lives, and its person is looked up again.
const ALIVE_EVERY: Duration = Duration::from_secs(15);
/// Rest after the database did not answer.
const REST: Duration = Duration::from_secs(1);

/// The source of all streams; cheap to clone.
#[derive(Clone, Debug)]
pub struct Events {
    sender: Sender<Arc<News>>,
}

/// One event as every stream sends it.
#[derive(Debug)]
struct News {
    seq: i64,
    event: Event,
    text: String,
}

impl Default for Events {
    fn default() -> Self {
        Self {
            sender: broadcast::channel(BACKLOG).0,
        }
    }
}

impl Events {
    /// Hears the changes of this and every other process and hands them on, until the server stops.
    pub async fn run(&self, operations: Operations, shutdown: Shutdown) {
        tokio::select! {
            () = self.hand_on(&operations) => {}
            () = shutdown.begun() => {}
        }
    }

    async fn hand_on(&self, operations: &Operations) {
        loop {
            if let Err(error) = self.follow(operations).await {
                tracing::warn!(%error, "events cannot be read");
            }
            tokio::time::sleep(REST).await;
        }
    }

    /// Follows the outbox from now on, until it cannot be read.
    async fn follow(&self, operations: &Operations) -> Result<(), Error> {
        let mut head = operations.hear().await?;
        let mut last = *head.borrow_and_update();
        while head.changed().await.is_ok() {
            let until = *head.borrow_and_update();
            if until < last {
                // Another organization began, for instance when the sample company made room.
                last = 0;
            }
            let scope = operations.system_scope("events").await?;
            while last < until {
                let news = operations.events_since(&scope, last).await?;
                let Some(newest) = news.last() else { break };
                last = newest.seq;
                for Numbered { seq, event } in news {
                    let text = serde_json::to_string(&event.as_told())
                        .map_err(|error| Error::Internal(error.to_string()))?;
                    // Nobody listens: nobody is told.
                    let _ = self.sender.send(Arc::new(News { seq, event, text }));
                }
            }
        }
        Ok(())
    }
}

/// One stream.
struct Listener {
    state: AppState,
    news: Receiver<Arc<News>>,
    scope: Scope,
    credential: Credential,
    look_again_at: Instant,
}

/// `GET /events`.
pub(crate) async fn stream(
    State(state): State<AppState>,
    scope: Option<Extension<Option<Scope>>>,
    credential: Option<Extension<Credential>>,
) -> Response {
    let (Some(Extension(Some(scope))), Some(Extension(credential))) = (scope, credential) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    // Listening begins before the state of things is read, so that nothing falls between.
    let news = state.events.sender.subscribe();
    let hello = match hello(&state, &scope).await {
        Ok(hello) => hello,
        Err(error) => return crate::fault::answer(&crate::fault::record(&error.to_string())),
    };
    let shutdown = state.shutdown.clone();
    let listener = Listener {
        state,
        news,
        scope,
        credential,
        look_again_at: Instant::now() + ALIVE_EVERY,
    };
    let messages = stream::once(async { Ok::<_, Infallible>(hello) })
        .chain(stream::unfold(listener, |mut listener| async {
            let message = listener.next().await?;
            Some((Ok(message), listener))
        }))
        .take_until(async move { shutdown.begun().await });
    let mut answer = Sse::new(messages)
        .keep_alive(KeepAlive::new().interval(ALIVE_EVERY))
        .into_response();
    // A proxy that collects answers before it hands them on would hold the events back.
    answer.headers_mut().insert(
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    );
    answer
}

/// Where things stand when a stream begins.
async fn hello(state: &AppState, scope: &Scope) -> Result<Message, Error> {
    let seq = state.operations.last_event(scope).await?;
    let today = state.operations.business_date(scope).await?;
    let text = json!({ "build": state.site.build(), "seq": seq, "business_date": today.to_string() });
    Ok(Message::default()
        .id(seq.to_string())
        .retry(Duration::from_secs(2))
        .data(text.to_string()))
}

impl Listener {
    /// The next message; nothing when the stream ends.
    async fn next(&mut self) -> Option<Message> {
        loop {
            tokio::select! {
                news = self.news.recv() => {
                    let news = news.ok()?;
                    if news.event == Event::PeopleChanged && !self.still_signed_in().await {
                        return None;
                    }
                    if concerns(&self.scope, &news.event) {
                        return Some(Message::default().id(news.seq.to_string()).data(&news.text));
                    }
                }
                () = sleep_until(self.look_again_at) => {
                    if !self.still_signed_in().await {
                        return None;
                    }
                }
            }
        }
    }

    /// Looks the person up again: they may have been signed out, disabled or moved.
    async fn still_signed_in(&mut self) -> bool {
        self.look_again_at = Instant::now() + ALIVE_EVERY;
        match signed_in(&self.state.operations, Some(&self.credential)).await {
            Ok(Some(signed_in)) => {
                self.scope = signed_in.scope;
                true
            }
            Ok(None) => false,
            Err(error) => {
                tracing::warn!(%error, "a listener cannot be looked up");
                false
            }
        }
    }
}

/// Whether whoever listens may act on an event.
fn concerns(scope: &Scope, event: &Event) -> bool {
    match event {
        Event::FactsChanged { .. } => scope.may(Permission::ReadAttainment),
        // Whoever may open a version follows the numbers of their branch, sees its lines and limits, and approves with them.
        Event::PlanChanged { .. }
        | Event::AssumptionsChanged
        | Event::Acknowledged { .. }
        | Event::Negotiated { .. }
        | Event::QuestionnairesChanged
        | Event::ReviewChanged { .. }
        | Event::Remarked { .. } => scope.may(Permission::ReadPeople),
        Event::ImportProgress { .. } | Event::ImportDone { .. } => scope.may(Permission::Import),
        Event::NoticesChanged { users } => scope
            .actor
            .user()
            .is_some_and(|user| users.binary_search(&user).is_ok()),
        Event::JobsChanged => scope.may(Permission::ManageOrganization),
        Event::Published { .. } | Event::BusinessDateChanged | Event::PeopleChanged => true,
    }
}

#[cfg(test)]
mod tests {
    use domain::access::Role;
    use domain::calendar::Day;
    use domain::id::{OrganizationId, PlanId, UserId, VersionId};
    use operations::Actor;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_rep_hears_of_facts_and_not_of_drafts() {
        let mut rep = Scope::system(OrganizationId::default(), "test");
        rep.role = Role::Rep;
        let facts = Event::FactsChanged {
            metrics: vec!["bookings".to_owned()],
            from_day: Day(0),
            to_day: Day(1),
        };
        assert!(concerns(&rep, &facts));
        let draft = Event::PlanChanged {
            plan: PlanId::default(),
            version: VersionId::default(),
            head: 1,
        };
        assert!(!concerns(&rep, &draft));
        let mut leader = rep;
        leader.role = Role::Manager;
        assert!(concerns(&leader, &draft), "of a version they may open");
        assert!(concerns(
            &Scope::system(OrganizationId::default(), "test"),
            &draft
        ));
    }

    #[test]
    fn who_sees_a_branch_hears_what_its_plan_is_reckoned_with() {
        let mut scope = Scope::system(OrganizationId::default(), "test");
        for (role, hears) in [
            (Role::Owner, true),
            (Role::Planner, true),
            (Role::Manager, true),
            (Role::Rep, false),
            (Role::Viewer, false),
        ] {
            scope.role = role;
            assert_eq!(concerns(&scope, &Event::AssumptionsChanged), hears, "{role:?}");
        }
    }

    #[test]
    fn of_a_notice_hears_whom_it_is_for() {
        let users: Vec<UserId> = (1..=3).map(|number| UserId(Uuid::from_u128(number))).collect();
        let event = Event::NoticesChanged {
            users: users[..2].to_vec(),
        };
        let hears: Vec<bool> = users
            .iter()
            .map(|id| {
                let mut scope = Scope::system(OrganizationId::default(), "test");
                scope.actor = Actor::User {
                    id: *id,
                    name: String::new(),
                };
                concerns(&scope, &event)
            })
            .collect();
        assert_eq!(hears, [true, true, false]);
        let mut planner = Scope::system(OrganizationId::default(), "test");
        assert!(!concerns(&planner, &event), "nobody is behind it");
        assert!(concerns(&planner, &Event::JobsChanged));
        planner.role = Role::Planner;
        assert!(!concerns(&planner, &Event::JobsChanged));
    }
}
