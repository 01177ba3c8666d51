//! Negotiating a number: the threads one takes part in, at the own target and beside the split. Every move is a plain form, so
//! that whoever carries a number answers without wasm and without JavaScript.

pub mod act;
pub mod card;
pub mod own;

use domain::id::{NegotiationId, VersionId};
use domain::negotiation::{Desk, EnteredAgreed, MoveKind, Talk};
use domain::plan::{Give, NodeIndex, PeriodIndex};
use leptos::html;
use leptos::prelude::*;

use crate::error::AppError;
use crate::words::{t, use_i18n};

/// What is negotiated of a version, and what was agreed and waits to be entered.
#[server(prefix = "/api/app", endpoint = "negotiation/desk", input = server_fn::codec::Json)]
pub async fn load_desk(version: VersionId) -> Result<Desk, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.negotiations(&scope, version).await)
}

/// What is negotiated of the numbers one carries.
#[server(prefix = "/api/app", endpoint = "negotiation/own", input = server_fn::codec::Json)]
pub async fn load_own() -> Result<Vec<Talk>, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.own_negotiations(&scope).await)
}

/// Proposes another amount for a number.
#[server(prefix = "/api/app", endpoint = "negotiation/propose", input = server_fn::codec::Json)]
pub async fn propose(
    version: VersionId,
    row: NodeIndex,
    period: Option<PeriodIndex>,
    amount: String,
    words: Option<String>,
) -> Result<NegotiationId, AppError> {
    let (operations, scope) = crate::server::asking()?;
    let amount = operations::Ask::Typed(amount);
    crate::error::answer(
        operations
            .begin_negotiation(&scope, version, row, period, amount, words.as_deref())
            .await,
    )
}

/// Makes a move in a negotiation.
#[server(prefix = "/api/app", endpoint = "negotiation/act")]
pub async fn negotiate(
    id: NegotiationId,
    what: MoveKind,
    amount: Option<String>,
    words: Option<String>,
    give: Option<Give>,
) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    let step = operations::Step {
        act: what,
        amount: amount.map(operations::Ask::Typed),
        words,
        give: give.unwrap_or_default(),
    };
    crate::error::answer(operations.negotiate(&scope, id, step).await)
}

/// Gives a negotiation another deadline.
#[server(prefix = "/api/app", endpoint = "negotiation/postpone")]
pub async fn postpone(id: NegotiationId, due_on: String) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.postpone_negotiation(&scope, id, &due_on).await)
}

/// Enters every agreed number into a draft.
#[server(prefix = "/api/app", endpoint = "negotiation/enter", input = server_fn::codec::Json)]
pub async fn enter_agreed(version: VersionId) -> Result<EnteredAgreed, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.enter_agreed(&scope, version).await)
}

/// What the forms of the threads do.
#[derive(Clone, Copy)]
pub struct Acts {
    pub(crate) negotiate: ServerAction<Negotiate>,
    pub(crate) postpone: ServerAction<Postpone>,
    /// Whether somebody is writing: what others do then does not take it away.
    pub(crate) writing: RwSignal<bool>,
}

impl Acts {
    /// The actions, and the memory of what is being written, for as long as the part that calls this stands.
    pub(crate) fn provide() -> Self {
        let acts = Self {
            negotiate: ServerAction::new(),
            postpone: ServerAction::new(),
            writing: RwSignal::new(false),
        };
        crate::ui::hold_while(acts.writing);
        // What was sent is not written any more.
        Effect::new(move |_| {
            if matches!(acts.negotiate.value().get(), Some(Ok(()))) {
                acts.writing.set(false);
            }
        });
        acts
    }

    /// Counts what was sent.
    pub(crate) fn sent(self) -> (usize, usize) {
        (self.negotiate.version().get(), self.postpone.version().get())
    }

    /// Why the last move or deadline was refused.
    pub(crate) fn failed(self) -> Option<AppError> {
        [self.negotiate.value().get(), self.postpone.value().get()]
            .into_iter()
            .flatten()
            .find_map(Result::err)
    }
}

/// The field for what a number should be, in the form in which one does not agree.
#[component]
pub(crate) fn AmountField(
    /// Where it is.
    field: NodeRef<html::Input>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <label class="fld">
            <span>{t!(i18n, negotiation.amount_optional)}</span>
            <input node_ref=field class="input num" name="amount" inputmode="decimal" autocomplete="off" />
        </label>
    }
}
