//! What makes rows count differently by period: new people, people who are not there all the time, and the seasons of parts.

use domain::format;
use domain::id::VersionId;
use domain::plan::FactorKind;
use domain::split::Counted;
use leptos::prelude::*;
use leptos::server_fn::codec::{Json, Postcard};

use super::blend::Blend;
use super::ramp::RampForm;
use crate::error::AppError;
use crate::split::board::Board;
use crate::ui::{ErrorView, when};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// In the order in which people think of them.
const SHOWN: [FactorKind; 3] = [FactorKind::Ramp, FactorKind::Assignment, FactorKind::Season];

/// What makes the rows of a version count differently by period.
#[server(prefix = "/api/app", endpoint = "split/counted", input = Json, output = Postcard)]
pub async fn load_counted(version: VersionId) -> Result<Counted, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.split_counted(&scope, version).await)
}

/// One box for each kind, with how many rows it concerns.
#[component]
pub(super) fn Factors(
    board: Board,
    blend: Blend,
    /// Whether anybody looks at it, from then on.
    asked: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let version = board.version();
    let loaded: LocalResource<Option<Result<Counted, AppError>>> = LocalResource::new(move || {
        let asked = asked.get();
        async move {
            if asked {
                Some(load_counted(version).await)
            } else {
                None
            }
        }
    });
    let failed: RwSignal<Option<AppError>> = RwSignal::new(None);
    Effect::new(move |_| match loaded.get() {
        Some(Some(Ok(counted))) => blend.know(counted),
        Some(Some(Err(error))) => {
            // Without it nobody counts differently, and that is said.
            blend.know(Counted::default());
            failed.set(Some(error));
        }
        Some(None) | None => {}
    });
    let boxes = SHOWN
        .into_iter()
        .map(|kind| view! { <Kind blend=blend kind=kind /> })
        .collect_view();
    view! {
        <fieldset class="fld factors">
            <legend>{t!(i18n, weights.factors)}</legend>
            {boxes}
            {when(
                move || asked.get(),
                move || view! { <RampForm changed=move |()| loaded.refetch() /> }.into_any(),
            )}
            {when(
                move || failed.with(Option::is_some),
                move || {
                    let error = failed.get_untracked();
                    error.map(|error| view! { <ErrorView error=error /> }).into_any()
                },
            )}
        </fieldset>
    }
}

/// A kind of factor.
#[component]
fn Kind(blend: Blend, kind: FactorKind) -> impl IntoView {
    let i18n = use_i18n();
    let rows = Memo::new(move |_| blend.concerned(kind));
    let checked = move || blend.kinds.with(|kinds| kinds.contains(&kind));
    // Where it concerns nobody it can only be taken away.
    let fixed = move || rows.get().unwrap_or(0) == 0 && !checked();
    let about = format!("factor-{}", kind.as_str());
    let concerned = move || match rows.get() {
        None => String::new(),
        Some(0) => t_string!(i18n, weights.factor_nobody).to_owned(),
        Some(rows) => {
            let rows = format::rows(rows as u64, lang(i18n.get_locale()));
            t_string!(i18n, weights.factor_concerns, rows = rows).to_string()
        }
    };
    view! {
        <div data-factor=kind.as_str() data-rows=move || rows.get().map(|rows| format!("{rows}"))>
            <label class="check">
                <input
                    type="checkbox"
                    name=kind.as_str()
                    aria-describedby=about.clone()
                    prop:checked=checked
                    disabled=fixed
                    on:change=move |event| blend.count(kind, event_target_checked(&event))
                />
                {move || factor_name(kind, i18n)}
            </label>
            <p class="sm muted" id=about>
                {move || factor_hint(kind, i18n)}
                " "
                {concerned}
            </p>
        </div>
    }
}

/// What a kind of factor is called where it is chosen.
pub(super) fn factor_name(kind: FactorKind, words: Words) -> &'static str {
    match kind {
        FactorKind::Ramp => t_string!(words, weights.factor_ramp),
        FactorKind::Assignment => t_string!(words, weights.factor_assignment),
        FactorKind::Season => t_string!(words, weights.factor_season),
    }
}

/// How a kind of factor counts.
pub(in crate::split) fn factor_hint(kind: FactorKind, words: Words) -> &'static str {
    match kind {
        FactorKind::Ramp => t_string!(words, weights.hint_ramp),
        FactorKind::Assignment => t_string!(words, weights.hint_assignment),
        FactorKind::Season => t_string!(words, weights.hint_season),
    }
}
