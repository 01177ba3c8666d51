//! By what formula the numbers of a plan were split, for whoever leads a unit and sets no weights: in words and in signs.

use domain::explain::StepKind;
use domain::plan::NodeIndex;
use domain::why::Why;
use leptos::prelude::*;

use super::ask::Of;
use super::formula::Formula;
use crate::error::AppError;
use crate::split::board::Board;
use crate::ui::{ErrorView, Skeleton, when};
use crate::words::{t, t_string, use_i18n};

/// The panel; what is in it is asked for when it is first open.
#[component]
pub(in crate::split) fn FormulaPanel(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let asked = RwSignal::new(false);
    view! {
        <details class="panel" data-panel="formula" on:toggle=move |_| asked.set(true)>
            <summary class="row between">
                <h2>{t!(i18n, why.formula_title)}</h2>
            </summary>
            {when(move || asked.get(), move || view! { <Told board=board /> }.into_any())}
        </details>
    }
}

#[component]
fn Told(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    // The topmost row was given its number; what lies below it was split.
    let row = Memo::new(move |_| {
        let selected = board.selected.get();
        let top = NodeIndex(0);
        let below = board.shape(|shape| shape.children(top).next());
        below.filter(|_| selected == top).unwrap_or(selected)
    });
    let version = board.version();
    let found: LocalResource<Result<Why, AppError>> = LocalResource::new(move || {
        board.track_settled();
        let of = Of::Row {
            version,
            node: board.whole_index(row.get()),
            period: None,
        };
        of.why()
    });
    let name = move || t_string!(i18n, why.formula_of, name = board.name(row.get())).to_string();
    view! {
        <p class="sm muted">{name}</p>
        {move || match found.get() {
            None => view! { <Skeleton /> }.into_any(),
            Some(Ok(why)) => {
                let steps = &why.explanation.steps;
                let has_factors = steps.iter().any(|step| matches!(step.kind, StepKind::Factor { .. }));
                view! { <Formula shares=why.formula has_factors=has_factors /> }.into_any()
            }
            Some(Err(error)) => view! { <ErrorView error=error /> }.into_any(),
        }}
    }
}
