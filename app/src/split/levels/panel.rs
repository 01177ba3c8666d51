//! What the selected row has on each level, beside the grid; the levels of the whole plan are decided here too.

use domain::format;
use domain::level::{Given, Level};
use domain::plan::NodeIndex;
use domain::split::{PlanLevelsAnswer, RowLevels};
use leptos::prelude::*;

use super::own::OwnFields;
use super::save::{SaveButton, Saving, TakeTheirs};
use super::{load_row_levels, own_words};
use crate::error::AppError;
use crate::split::board::Board;
use crate::split::focus;
use crate::target::{seen_of, set_levels, written};
use crate::ui::{ErrorView, Skeleton, when};
use crate::words::{lang, t, t_string, use_i18n};

/// Where the levels are saved: those of the whole on the topmost row, its own on any other.
const SAVE: &str = "[data-panel=levels] [data-save]";

/// What the selected row has on each level; on the topmost row of a draft they are decided here.
#[component]
pub(in crate::split) fn LevelPanel(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let asked = RwSignal::new(false);
    view! {
        <details class="panel" data-panel="levels" on:toggle=move |_| asked.set(true)>
            <summary class="row between">
                <h2>{t!(i18n, levels.title)}</h2>
            </summary>
            {when(move || asked.get(), move || view! { <Selected board=board /> }.into_any())}
        </details>
    }
}

#[component]
fn Selected(board: Board) -> impl IntoView {
    let version = board.version();
    // Under somebody who writes the fields stay, and what is on its way to the server is waited for.
    let writes = RwSignal::new(false);
    // Whoever saved goes on at the button, also where the fields are made anew with what is in force now.
    let saved = StoredValue::new(false);
    let asked = Memo::new(move |was: Option<&(NodeIndex, u32, Given, u32)>| {
        let (_, settled, given, mark) = board.aim_stamp();
        let now = (board.whole_index(board.selected.get()), settled, given, mark);
        let waits = board.unsaved.get() > 0 || writes.get_untracked();
        match was {
            Some(was) if waits && was.0 == now.0 => *was,
            _ => now,
        }
    });
    let found: LocalResource<Result<(NodeIndex, RowLevels), AppError>> = LocalResource::new(move || {
        let (row, ..) = asked.get();
        writes.set(false);
        async move { load_row_levels(version, row).await.map(|levels| (row, levels)) }
    });
    move || match found.get() {
        None => view! { <Skeleton /> }.into_any(),
        Some(Ok((row, levels))) => {
            if saved.try_update_value(std::mem::take) == Some(true) {
                focus::to_if_nowhere(SAVE);
            }
            let own = levels.may_own && levels.is_decided();
            let fields = own.then(|| {
                view! { <OwnFields board=board node=row levels=levels.clone() writes=writes saved=saved /> }
            });
            view! {
                <Table board=board levels=levels writes=writes saved=saved />
                {fields}
            }
            .into_any()
        }
        Some(Err(error)) => view! { <ErrorView error=error /> }.into_any(),
    }
}

#[component]
fn Table(
    board: Board,
    levels: RowLevels,
    /// Whether somebody writes into its fields.
    writes: RwSignal<bool>,
    /// Whether what was written was saved just now.
    saved: StoredValue<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let version = board.version();
    let currency = StoredValue::new(board.currency());
    let name = untrack(|| board.name(board.selected.get()));
    let RowLevels {
        rows,
        fault,
        fault_at,
        may_set,
        own,
        may_own,
        ..
    } = levels;
    let is_decided = rows.iter().any(|row| row.value.is_some());
    let fields: Vec<(Level, RwSignal<String>)> = rows
        .iter()
        .filter(|row| may_set && row.level != Level::Target)
        .map(|row| {
            let text = currency.with_value(|currency| written(row.value, currency));
            (row.level, RwSignal::new(text))
        })
        .collect();
    let texts = StoredValue::new(fields.clone());
    let saving = Saving::new(board, writes, saved, i18n);
    let seen = StoredValue::new(seen_of(&rows));
    // Whether somebody else changed them meanwhile, and they were told: then they are replaced when it is asked for again.
    let changed = RwSignal::new(false);
    let save = Callback::new(move |()| {
        let texts = texts.get_value();
        let typed = texts.iter().map(|(level, text)| (*level, text.get_untracked()));
        if let Some(given) = saving.read(typed) {
            let before = Some(seen.get_value());
            saving.send(
                set_levels(version, given, before),
                move |answer: PlanLevelsAnswer| match answer {
                    PlanLevelsAnswer::Done => None,
                    PlanLevelsAnswer::Changed(other) => {
                        let _gone = seen.try_set_value(other.now);
                        let _gone = changed.try_set(true);
                        Some(other.words(lang(i18n.get_locale_untracked())))
                    }
                },
            );
        }
    });
    let fault = fault.map(|fault| {
        move || {
            let lang = lang(i18n.get_locale());
            currency.with_value(|currency| fault.words_at(fault_at.as_deref(), lang, currency))
        }
    });
    let lines = rows
        .into_iter()
        .map(|row| {
            let level = row.level;
            let field = fields.iter().find(|(of, _)| *of == level).map(|(_, text)| *text);
            let name = move || level.word(lang(i18n.get_locale()));
            let given = match field {
                Some(text) => view! {
                    <input
                        class="input num s"
                        aria-label=name
                        name=format!("row-level-{}", level.as_str())
                        prop:value=move || text.get()
                        on:input=move |event| {
                            writes.set(true);
                            text.set(event_target_value(&event));
                        }
                    />
                }
                .into_any(),
                None => currency
                    .with_value(|currency| written(row.value, currency))
                    .into_any(),
            };
            // The grid is the target, also where nothing else was decided.
            let amount = row.amount.or_else(|| {
                (level == Level::Target).then(|| untrack(|| board.amount((board.selected.get(), None))))
            });
            let full = amount.map(|amount| currency.with_value(|currency| format::full(amount, currency)));
            view! {
                <tr data-level=level.as_str() data-minor=amount.map(|amount| amount.0)>
                    <th scope="row">{name}</th>
                    <td class="num">{given}</td>
                    <td class="num strong nowrap">{full.unwrap_or_else(|| format::NONE.to_owned())}</td>
                </tr>
            }
        })
        .collect_view();
    let own = own
        .into_iter()
        .map(|own| {
            let level = own.level.as_str();
            let words = move || currency.with_value(|currency| own_words(&own, currency, i18n));
            view! { <p class="sm" data-own=level>{words}</p> }
        })
        .collect_view();
    let hint = move || match (may_set, is_decided) {
        (true, _) => t_string!(i18n, levels.hint_set).to_owned(),
        (false, true) if may_own => t_string!(i18n, levels.hint_own).to_owned(),
        (false, true) => t_string!(i18n, levels.hint_row).to_owned(),
        (false, false) => t_string!(i18n, levels.none).to_owned(),
    };
    view! {
        <p class="sm strong">{name}</p>
        {fault.map(|words| view! { <p class="sm is-far" data-figure="level-fault">{words}</p> })}
        <div class="scroll-x" tabindex="0">
            <table class="tb sm">
                <caption class="sr">{t!(i18n, levels.title)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, target.level)}</th>
                        <th scope="col" class="num">{t!(i18n, levels.given)}</th>
                        <th scope="col" class="num">{t!(i18n, target.level_amount)}</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
        {own}
        <p class="sm muted">{hint}</p>
        {may_set.then(|| view! {
            <SaveButton saving=saving what="levels" press=save>
                {move || if changed.get() { t_string!(i18n, levels.own_anyway) } else { t_string!(i18n, target.levels_save) }}
            </SaveButton>
            <TakeTheirs saving=saving what="plan-theirs" changed=changed />
        })}
    }
}
