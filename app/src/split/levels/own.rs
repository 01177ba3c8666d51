//! Giving the selected row levels of its own, and the plan's ratios again.

use domain::id::VersionId;
use domain::level::{Above, Given, Level};
use domain::plan::NodeIndex;
use domain::split::{OwnLevel, RowLevels};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use leptos::task::spawn_local;

use super::learn;
use crate::error::AppError;
use crate::split::board::Board;
use crate::target::{given_of, written};
use crate::ui::words_of;
use crate::words::{lang, t, t_string, use_i18n};

/// Sets the levels of a row of a draft; one that is none has the plan's ratio again.
#[server(prefix = "/api/app", endpoint = "split/own-levels", input = Json)]
pub async fn set_own_levels(
    version: VersionId,
    node: NodeIndex,
    levels: Given,
    above: Above,
) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(
        operations
            .set_row_levels(&scope, version, node, levels, above)
            .await,
    )
}

/// A field for each level that the plan has decided: what stands in it holds for the row instead of the plan's ratio.
#[component]
pub(in crate::split) fn OwnFields(
    board: Board,
    /// The row, in the whole version.
    node: NodeIndex,
    levels: RowLevels,
    /// Whether somebody writes into its fields.
    writes: RwSignal<bool>,
    /// Whether what was written was saved just now.
    saved: StoredValue<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let version = board.version();
    let currency = StoredValue::new(board.currency());
    let RowLevels { rows, own, waits, .. } = levels;
    let here: Vec<OwnLevel> = own.into_iter().filter(|own| own.from.is_none()).collect();
    // What waits is in no field, and goes with the rest: it may be what keeps the plan from deciding its level.
    let has_own = waits || !here.is_empty();
    let follows = RwSignal::new(here.iter().all(|own| own.above == Above::Follows));
    let fields: Vec<(Level, RwSignal<String>)> = rows
        .into_iter()
        .filter(|row| row.value.is_some())
        .map(|row| {
            let own = here.iter().find(|own| own.level == row.level);
            let value = own.and_then(|own| own.value);
            let text = currency.with_value(|currency| written(value, currency));
            (row.level, RwSignal::new(text))
        })
        .collect();
    let texts = StoredValue::new(fields.clone());
    let (busy, bad) = (RwSignal::new(false), RwSignal::new(None::<String>));
    // Both buttons stay pressable for the keyboard while they are at work: one that is switched off loses the focus.
    let send = move |given: Given| {
        if busy.get_untracked() {
            return;
        }
        bad.set(None);
        busy.set(true);
        let above = if follows.get_untracked() {
            Above::Follows
        } else {
            Above::Stays
        };
        spawn_local(async move {
            let sent = set_own_levels(version, node, given, above).await;
            let _gone = busy.try_set(false);
            match sent {
                Ok(()) => {
                    let _gone = writes.try_set(false);
                    let _gone = saved.try_set_value(true);
                    learn(board, version);
                }
                Err(error) => {
                    let _gone = bad.try_set(Some(words_of(&error, i18n)));
                }
            }
        });
    };
    let save = move |_| {
        let texts = texts.get_value();
        let typed = texts.iter().map(|(level, text)| (*level, text.get_untracked()));
        match currency.with_value(|currency| given_of(typed, currency)) {
            Ok(given) => send(given),
            Err(text) => bad.set(Some(t_string!(i18n, target.levels_bad, text = text).to_string())),
        }
    };
    let lines = fields
        .into_iter()
        .map(|(level, text)| {
            let name = move || level.word(lang(i18n.get_locale()));
            view! {
                <label class="row between">
                    <span>{name}</span>
                    <input
                        class="input num s"
                        name=format!("own-level-{}", level.as_str())
                        prop:value=move || text.get()
                        on:input=move |event| {
                            writes.set(true);
                            text.set(event_target_value(&event));
                        }
                    />
                </label>
            }
        })
        .collect_view();
    view! {
        <section data-part="own-levels">
            <h3 class="sm strong">{t!(i18n, levels.own_title)}</h3>
            {lines}
            <label class="check sm">
                <input
                    type="checkbox"
                    name="own-level-follows"
                    prop:checked=move || follows.get()
                    on:change=move |event| {
                        writes.set(true);
                        follows.set(event_target_checked(&event));
                    }
                />
                {t!(i18n, levels.own_follows)}
            </label>
            <p class="sm is-behind" role="alert">{move || bad.get()}</p>
            <p class="sm muted">{t!(i18n, levels.own_hint)}</p>
            <button
                type="button"
                class="btn wide"
                data-save="own-levels"
                aria-disabled=move || busy.get().then_some("true")
                aria-busy=move || busy.get().then_some("true")
                on:click=save
            >
                {t!(i18n, levels.own_save)}
            </button>
            {has_own.then(|| view! {
                <button
                    type="button"
                    class="btn link"
                    aria-disabled=move || busy.get().then_some("true")
                    on:click=move |_| send(Given::default())
                >
                    {t!(i18n, levels.own_back)}
                </button>
            })}
        </section>
    }
}
