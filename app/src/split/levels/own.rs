//! Giving the selected row levels of its own, and the plan's ratios again. What somebody else gave it meanwhile is told before it is
//! replaced.

use domain::id::VersionId;
use domain::level::{Above, Level, Value};
use domain::plan::NodeIndex;
use domain::split::{LevelsAnswer, NewRowLevels, OwnValue, RowLevels, SeenLevels};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use super::save::{SaveButton, Saving, TakeTheirs};
use crate::error::AppError;
use crate::split::board::Board;
use crate::target::written;
use crate::ui::when;
use crate::words::{lang, t, t_string, use_i18n};

/// Sets the levels of a row of a draft; one that is none has the plan's ratio again.
#[server(prefix = "/api/app", endpoint = "split/own-levels", input = Json)]
pub async fn set_own_levels(version: VersionId, levels: NewRowLevels) -> Result<LevelsAnswer, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.set_row_levels(&scope, version, &levels).await)
}

/// What stands in the form for one level.
#[derive(Clone, Copy)]
pub struct Field {
    level: Level,
    text: RwSignal<String>,
    /// Whether the rows above follow, of this level alone.
    follows: RwSignal<bool>,
}

impl Field {
    fn above(&self) -> Above {
        if self.follows.get_untracked() {
            Above::Follows
        } else {
            Above::Stays
        }
    }
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
    let currency = board.currency();
    let RowLevels { rows, own, waits, .. } = levels;
    // What waits is in no field, and goes with the rest: it may be what keeps the plan from deciding its level.
    let has_own = waits || own.iter().any(|own| own.from.is_none());
    let seen = StoredValue::new(SeenLevels::of(&own));
    // Whether somebody else changed it meanwhile, and they were told: then it is replaced when it is asked for again.
    let changed = RwSignal::new(false);
    let fields: Vec<(Field, String)> = rows
        .into_iter()
        .filter(|row| row.value.is_some())
        .map(|row| {
            let known = own.iter().find(|own| own.level == row.level);
            let here = known.filter(|own| own.from.is_none());
            let field = Field {
                level: row.level,
                text: RwSignal::new(written(here.and_then(|own| own.value), &currency)),
                follows: RwSignal::new(here.is_none_or(|own| own.above == Above::Follows)),
            };
            // Left blank it is, each level by itself, as the nearest row above has it, or the plan. An amount is of that row.
            let blank = match (here, known) {
                (Some(_), _) => None,
                (None, Some(above)) => above.value,
                (None, None) => row.value,
            };
            let ratio = blank.filter(|value| matches!(value, Value::Ratio { .. }));
            (field, written(ratio, &currency))
        })
        .collect();
    let form = StoredValue::new(fields.iter().map(|(field, _)| *field).collect::<Vec<Field>>());
    let saving = Saving::new(board, writes, saved, i18n);
    let send = move |own: Vec<OwnValue>| {
        let levels = NewRowLevels {
            node,
            own,
            seen: seen.get_value(),
        };
        saving.send(
            set_own_levels(version, levels),
            move |answer: LevelsAnswer| match answer {
                LevelsAnswer::Done => None,
                LevelsAnswer::Changed(other) => {
                    let _gone = seen.try_set_value(SeenLevels::of(&other.now));
                    let _gone = changed.try_set(true);
                    Some(other.words(lang(i18n.get_locale_untracked())))
                }
            },
        );
    };
    let save = Callback::new(move |()| {
        let form = form.get_value();
        let typed = form.iter().map(|field| (field.level, field.text.get_untracked()));
        if let Some(given) = saving.read(typed) {
            let own = form.iter().filter_map(|field| {
                let value = given.get(field.level)?;
                let (level, above) = (field.level, field.above());
                Some(OwnValue { level, value, above })
            });
            send(own.collect());
        }
    });
    let lines = fields
        .into_iter()
        .map(|(field, blank)| view! { <OwnField field=field blank=blank writes=writes /> })
        .collect_view();
    view! {
        <section data-part="own-levels">
            <h3 class="sm strong">{t!(i18n, levels.own_title)}</h3>
            {lines}
            <p class="sm muted">{t!(i18n, levels.own_hint)}</p>
            <SaveButton saving=saving what="own-levels" press=save>
                {move || if changed.get() { t_string!(i18n, levels.own_anyway) } else { t_string!(i18n, levels.own_save) }}
            </SaveButton>
            <TakeTheirs saving=saving what="own-theirs" changed=changed />
            {has_own.then(|| view! {
                <button
                    type="button"
                    class="btn link"
                    aria-disabled=move || saving.busy.get().then_some("true")
                    on:click=move |_| send(Vec::new())
                >
                    {t!(i18n, levels.own_back)}
                </button>
            })}
        </section>
    }
}

/// The field of a level; with something in it, whether the rows above follow.
#[component]
fn OwnField(
    field: Field,
    /// What the row has where it is left blank.
    blank: String,
    /// Whether somebody writes.
    writes: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Field { level, text, follows } = field;
    let name = move || level.word(lang(i18n.get_locale()));
    let above = when(
        move || text.with(|text| !text.trim().is_empty()),
        move || {
            view! {
                <label class="check sm">
                    <input
                        type="checkbox"
                        name=format!("own-level-follows-{}", level.as_str())
                        prop:checked=move || follows.get()
                        on:change=move |event| {
                            writes.set(true);
                            follows.set(event_target_checked(&event));
                        }
                    />
                    // Each level has one of its own: whoever hears it hears of which.
                    <span>
                        <span class="sr">{name}": "</span>
                        {t!(i18n, levels.own_follows)}
                    </span>
                </label>
            }
            .into_any()
        },
    );
    view! {
        <label class="row between">
            <span>{name}</span>
            <input
                class="input num s"
                name=format!("own-level-{}", level.as_str())
                placeholder=blank
                prop:value=move || text.get()
                on:input=move |event| {
                    writes.set(true);
                    text.set(event_target_value(&event));
                }
            />
        </label>
        {above}
    }
}
