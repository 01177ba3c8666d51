//! The tools above the grid: who gives and what stays, back and forth, and which rows are shown against what.

use domain::access::Permission;
use domain::org::level_name;
use domain::plan::{Give, Intent, Keep};
use domain::reason::LONGEST_REASON;
use domain::split::{Against, Only};
use domain::target::VersionStatus;
use leptos::prelude::*;

use super::board::Board;
use super::levels::{LevelNote, LevelSwitch};
use super::line_columns::{ColumnsSelect, LinePeriodNote, LinePeriodSelect, LinesElsewhere, Missing};
use super::send::Sender;
use super::{compare, focus, trend};
use crate::staffing;
use crate::ui::{Choice, Glyph, Icon, Segment, Select, when};
use crate::words::{Locale, Words, lang, t, t_string, td_string, use_i18n};

/// The level of what is assigned to nobody: no level to unfold to.
pub(super) const UNASSIGNED: &str = "unassigned";

/// Who gives, what stays, back and forth, and which rows are shown.
#[component]
pub(super) fn Tools(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    // On a phone what is shown is chosen below a button; it stays in sight while some rows are left out.
    let unfolded = RwSignal::new(false);
    let more = Memo::new(move |_| {
        let chosen = board.only() != Only::All || !board.seek.with(String::is_empty);
        let written = !board.reason.with(String::is_empty);
        unfolded.get() || chosen || written || !board.shows_target()
    });
    // On a phone the head has no room for the way to staff changes.
    let staffed =
        board.about(|open| open.status) == VersionStatus::Published && super::may(Permission::EditPlan);
    view! {
        <div class="tools" class:more=move || more.get()>
            {board.may_edit().then(|| view! { <GiveSegment board=board /> <KeepSelect board=board /> })}
            <ColumnsSelect board=board />
            <LinePeriodSelect board=board />
            {board.may_edit().then(|| view! { <span class="vr"></span> <Steps board=board /> })}
            <button type="button" class="icb more-tools" aria-expanded=move || more.get().to_string() aria-label=t!(i18n, split.more_tools) title=t!(i18n, split.more_tools)
                on:click=move |_| unfolded.update(|unfolded| *unfolded = !*unfolded)>
                <Icon glyph=Glyph::More />
            </button>
            <span class="grow"></span>
            <div class="later">
                <LevelSwitch board=board />
                <Showing board=board />
                <label class="seek">
                    <Icon glyph=Glyph::Search />
                    <span class="sr">{t!(i18n, split.find)}</span>
                    <input
                        type="search"
                        placeholder=t!(i18n, split.find)
                        prop:value=move || board.seek.get()
                        on:input=move |event| board.filter(&event_target_value(&event))
                    />
                </label>
                {board.may_edit().then(|| view! { <WhyField board=board /> })}
            </div>
            {staffed.then(|| when(move || more.get(), move || view! {
                <a class="btn more-tools" data-part="staffing" href=staffing::address(board.version())>{t!(i18n, staffing.title)}</a>
            }.into_any()))}
        </div>
        <Missing board=board />
        <LinePeriodNote board=board />
        <LinesElsewhere board=board />
        <LevelNote board=board />
        {move || {
            let seeks = !board.seek.with(String::is_empty) && !board.is_all_named();
            (seeks || board.names_failed()).then(|| view! {
                <p class="notice quiet" role="status" data-part="names">
                    {move || names_words(board, i18n)}
                    {move || board.names_failed().then(|| view! {
                        " "
                        <button type="button" class="btn link" on:click=move |_| board.want_all_names()>
                            {t!(i18n, ui.retry)}
                        </button>
                    })}
                </p>
            })
        }}
        {when(
            move || board.compared_failed(),
            move || did_not_come("compared", |locale| td_string!(locale, sheet.against_failed), move || compare::again(board), i18n),
        )}
        {when(
            move || board.trends_failed(),
            move || did_not_come("trends", |locale| td_string!(locale, rows.trend_failed), move || trend::again(board), i18n),
        )}
        {(!board.may_edit()).then(|| view! { <p class="notice quiet">{if super::may(Permission::EditPlan) { t!(i18n, split.frozen) } else { t!(i18n, split.read_only) }}</p> })}
    }
}

/// Who gives what a change takes.
#[component]
fn GiveSegment(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let choices = Signal::derive(move || {
        vec![
            Choice::new("siblings", t_string!(i18n, split.give_siblings)),
            Choice::new("parent", t_string!(i18n, split.give_parent)),
            Choice::new("hedge", t_string!(i18n, split.give_hedge)),
        ]
    });
    let value = Signal::derive(move || {
        match board.how.get().give {
            Give::Siblings => "siblings",
            Give::ParentGrows => "parent",
            Give::Hedge => "hedge",
        }
        .to_owned()
    });
    view! {
        <span class="sm muted desk-only">{t!(i18n, split.give)}</span>
        <Segment
            label=t!(i18n, split.give)
            choices=choices
            value=value
            on_pick=Callback::new(move |choice: String| {
                let give = match choice.as_str() {
                    "parent" => Give::ParentGrows,
                    "hedge" => Give::Hedge,
                    _ => Give::Siblings,
                };
                board.how.update(|how| how.give = give);
            })
        />
    }
}

/// Back and forth.
#[component]
fn Steps(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let sender = expect_context::<Sender>();
    // Lines that were set come in turn with the changes of the grid.
    let can = move |intent: Intent| {
        let own = board.undoable();
        let count = match intent {
            Intent::Undo => own.undo,
            Intent::Redo => own.redo,
        };
        count > 0 || board.steps_lines(intent)
    };
    let idle = move || !sender.is_busy() && board.desk().busy.get() == 0;
    view! {
        <button type="button" class="icb" disabled=move || !idle() || !can(Intent::Undo) aria-label=t!(i18n, split.undo) title=t!(i18n, split.undo)
            on:click=move |_| sender.step(Intent::Undo)>
            <Icon glyph=Glyph::Undo />
        </button>
        <button type="button" class="icb" disabled=move || !idle() || !can(Intent::Redo) aria-label=t!(i18n, split.redo) title=t!(i18n, split.redo)
            on:click=move |_| sender.step(Intent::Redo)>
            <Icon glyph=Glyph::Redo />
        </button>
    }
}

/// Why what is changed next is changed; nobody has to say. It stays for the changes that follow until it is emptied.
#[component]
fn WhyField(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <label class="seek" title=t!(i18n, why.reason_hint)>
            <Icon glyph=Glyph::Discuss />
            <span class="sr">{t!(i18n, why.reason)}</span>
            <input
                type="text"
                name="change-reason"
                autocomplete="off"
                maxlength=LONGEST_REASON.to_string()
                placeholder=t!(i18n, why.reason)
                prop:value=move || board.reason.get()
                on:input=move |event| board.reason.set(event_target_value(&event))
            />
        </label>
    }
}

/// Says what did not come, and asks for it again.
fn did_not_come(
    part: &'static str,
    told: fn(Locale) -> &'static str,
    again: impl Fn() + Send + Sync + 'static,
    i18n: Words,
) -> AnyView {
    // What was pressed goes once it has come: the keyboard goes on among the rows.
    let pressed = StoredValue::new(false);
    on_cleanup(move || {
        if pressed.try_get_value() == Some(true) {
            focus::to_stop_if_nowhere();
        }
    });
    let press = move |_| {
        pressed.set_value(true);
        again();
    };
    view! {
        <p class="notice quiet" role="status" data-part=part>
            {move || told(i18n.get_locale())}
            " "
            <button type="button" class="btn link" on:click=press>{t!(i18n, ui.retry)}</button>
        </p>
    }
    .into_any()
}

/// That names are on their way, or that they do not come.
pub(super) fn names_words(board: Board, words: Words) -> String {
    if board.names_failed() {
        t_string!(words, split.names_failed).to_owned()
    } else {
        t_string!(words, split.names_coming).to_owned()
    }
}

/// What stays when an amount is changed.
#[component]
fn KeepSelect(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let choices = Signal::derive(move || {
        vec![
            Choice::new("", t_string!(i18n, sheet.keep_auto)),
            Choice::new("row", t_string!(i18n, sheet.keep_row)),
            Choice::new("column", t_string!(i18n, sheet.keep_column)),
            Choice::new("both", t_string!(i18n, sheet.keep_both)),
            Choice::new("none", t_string!(i18n, sheet.keep_none)),
        ]
    });
    let value = Signal::derive(move || {
        match board.how.get().keep {
            None => "",
            Some(Keep::Row) => "row",
            Some(Keep::Column) => "column",
            Some(Keep::Both) => "both",
            Some(Keep::None) => "none",
        }
        .to_owned()
    });
    view! {
        <Select
            label=t!(i18n, sheet.keep)
            name="keep"
            choices=choices
            value=value
            on_pick=Callback::new(move |choice: String| {
                let keep = match choice.as_str() {
                    "row" => Some(Keep::Row),
                    "column" => Some(Keep::Column),
                    "both" => Some(Keep::Both),
                    "none" => Some(Keep::None),
                    _ => None,
                };
                board.how.update(|how| how.keep = keep);
            })
            compact=true
        />
    }
}

/// Which rows are shown, down to which level, and what their amounts are held against.
#[component]
fn Showing(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    // What nothing is known of is not offered.
    let (history, record) = board.about(|open| {
        let known = |amounts: &[Option<domain::money::Minor>]| amounts.iter().any(Option::is_some);
        (known(&open.history), known(&open.record))
    });
    let against = Signal::derive(move || {
        let mut choices = vec![Choice::new("start", t_string!(i18n, sheet.against_start))];
        if history {
            choices.push(Choice::new("history", t_string!(i18n, sheet.against_last_year)));
        }
        if record {
            choices.push(Choice::new("record", t_string!(i18n, sheet.against_record)));
        }
        choices
    });
    let chosen = Signal::derive(move || {
        match board.against.get() {
            Against::Start => "start",
            Against::LastYear => "history",
            Against::Record => "record",
        }
        .to_owned()
    });
    let only = Signal::derive(move || {
        let mut choices = vec![
            Choice::new("all", t_string!(i18n, sheet.only_all)),
            Choice::new("changed", t_string!(i18n, sheet.only_changed)),
            Choice::new("locked", t_string!(i18n, sheet.only_locked)),
            Choice::new("uneven", t_string!(i18n, sheet.only_uneven)),
        ];
        if history {
            choices.push(Choice::new("below", t_string!(i18n, sheet.only_below)));
        }
        choices
    });
    // The grid changes often, which rows are shown seldom: the list that is open must not be made anew.
    let shown = Memo::new(move |_| {
        match board.only() {
            Only::All => "all",
            Only::Changed => "changed",
            Only::Locked => "locked",
            Only::Uneven => "uneven",
            Only::BelowLastYear => "below",
        }
        .to_owned()
    });
    let names = StoredValue::new(board.about(domain::split::OpenGrid::level_names));
    let levels = Signal::derive(move || {
        let lang = lang(i18n.get_locale());
        names.with_value(|names| {
            let names = names.iter().filter(|name| name.as_str() != UNASSIGNED);
            names
                .map(|name| Choice::new(name.clone(), level_name(name, lang)))
                .collect::<Vec<_>>()
        })
    });
    view! {
        <Segment
            label=t!(i18n, sheet.levels)
            choices=levels
            value=board.level
            on_pick=Callback::new(move |level: String| board.show_level(&level))
        />
        <Select
            label=t!(i18n, sheet.only)
            name="only"
            choices=only
            value=shown
            on_pick=Callback::new(move |choice: String| {
                board.show_only(match choice.as_str() {
                    "changed" => Only::Changed,
                    "locked" => Only::Locked,
                    "uneven" => Only::Uneven,
                    "below" => Only::BelowLastYear,
                    _ => Only::All,
                });
            })
            compact=true
        />
        <Select
            label=t!(i18n, sheet.against)
            name="against"
            choices=against
            value=chosen
            on_pick=Callback::new(move |choice: String| {
                board.hold_against(match choice.as_str() {
                    "history" => Against::LastYear,
                    "record" => Against::Record,
                    _ => Against::Start,
                });
            })
            compact=true
        />
    }
}
