//! Negotiating a number: the threads one takes part in, at the own target and beside the split. Every move is a plain form, so
//! that whoever carries a number answers without wasm and without JavaScript.

pub mod act;
pub mod card;
pub mod form;
pub mod own;

use domain::id::{NegotiationId, VersionId};
use domain::negotiation::{About, Desk, EnterWays, EnteredAgreed, MoveKind, Talk};
use domain::plan::{Give, GiveWay};
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

/// Proposes another amount for a number of a version.
#[server(prefix = "/api/app", endpoint = "negotiation/propose", input = server_fn::codec::Json)]
pub async fn propose(
    version: VersionId,
    about: About,
    amount: String,
    words: Option<String>,
) -> Result<NegotiationId, AppError> {
    let (operations, scope) = crate::server::asking()?;
    let amount = operations::Ask::Typed(amount);
    let begun = operations.begin_negotiation(&scope, version, about, amount, words.as_deref());
    crate::error::answer(begun.await)
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

/// What entering every agreed number into a draft would come to, either way.
#[server(prefix = "/api/app", endpoint = "negotiation/weigh", input = server_fn::codec::Json)]
pub async fn weigh_agreed(version: VersionId) -> Result<EnterWays, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.weigh_agreed(&scope, version).await)
}

/// Enters every agreed number into a draft that is still as it was weighed; `gives` gives way.
#[server(prefix = "/api/app", endpoint = "negotiation/enter", input = server_fn::codec::Json)]
pub async fn enter_agreed(version: VersionId, gives: GiveWay, head: u64) -> Result<EnteredAgreed, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.enter_agreed(&scope, version, gives, Some(head)).await)
}

/// What the forms of the threads do.
#[derive(Clone, Copy)]
pub struct Acts {
    pub(crate) negotiate: ServerAction<Negotiate>,
    pub(crate) postpone: ServerAction<Postpone>,
    /// Whether somebody is writing: what others do then does not take it away.
    pub(crate) writing: RwSignal<bool>,
    /// The thread in which an amount was typed last.
    pub(crate) asked: RwSignal<Option<NegotiationId>>,
    /// Counts the threads that were begun here.
    pub(crate) begun: RwSignal<usize>,
}

impl Acts {
    /// The actions, and the memory of what is being written, for as long as the part that calls this stands.
    pub(crate) fn provide() -> Self {
        let acts = Self {
            negotiate: ServerAction::new(),
            postpone: ServerAction::new(),
            writing: RwSignal::new(false),
            asked: RwSignal::new(None),
            begun: RwSignal::new(0),
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

    /// Something was typed into a field. One that is emptied to type anew is still written into.
    pub(crate) fn write(self, touched: StoredValue<bool>, text: &str) {
        touched.set_value(true);
        if !text.is_empty() {
            self.writing.set(true);
        }
    }

    /// A field was left: what was emptied is not written into any more. What is taken away is left too, and begins nothing.
    pub(crate) fn left(self, touched: StoredValue<bool>, text: &str) {
        if text.is_empty() && touched.try_get_value() == Some(true) {
            self.writing.set(false);
        }
    }

    /// Counts what was sent.
    pub(crate) fn sent(self) -> (usize, usize, usize) {
        (
            self.negotiate.version().get(),
            self.postpone.version().get(),
            self.begun.get(),
        )
    }

    /// Why the last move or deadline was refused; a wrong amount is said at its field.
    pub(crate) fn failed(self) -> Option<AppError> {
        let at_field = self.asked.get().is_some();
        [self.negotiate.value().get(), self.postpone.value().get()]
            .into_iter()
            .flatten()
            .filter_map(Result::err)
            .find(|error| !(at_field && is_of_amount(error)))
    }

    /// Why the amount that was sent in a thread was refused.
    pub(crate) fn wrong_amount(self, id: NegotiationId) -> Option<AppError> {
        if self.asked.get() != Some(id) {
            return None;
        }
        let answer = self.negotiate.value().get()?;
        answer.err().filter(is_of_amount)
    }
}

fn is_of_amount(error: &AppError) -> bool {
    error.field() == Some("amount")
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
            <input node_ref=field class="input num" name="amount" inputmode="text" autocomplete="off" />
        </label>
    }
}
