//! Cells to and from a spreadsheet: copied as they stand, and pasted only after one has seen what would change.

#[cfg(feature = "hydrate")]
mod transfer;

use std::time::Duration;

use domain::format;
use domain::money::Minor;
use domain::plan::NodeIndex;
use domain::reason::OwnReason;
use domain::split::{PasteFault, PasteProblem, Pasted};
use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{EventTarget, HtmlInputElement, HtmlTextAreaElement};

use super::board::{Board, Columns, Pasting};
use super::focus;
use super::line_paste::LinePreview;
use super::menu::about;
use super::offer::WaysOut;
use super::paste_form::{Changed, Listed, PasteForm};
use super::refusal::sentence;
use super::send::Sender;
use super::tools::names_words;
use crate::ui::Dialog;
use crate::words::{Words, lang, t, t_string, use_i18n};

/// Unreadable texts of a row that are quoted.
const TEXTS: usize = 5;
/// What is typed is read when nothing more was typed for so long.
const PAUSE: Duration = Duration::from_millis(150);

/// Whether something is a field with a clipboard and an undo of its own.
pub(super) fn is_field(target: &EventTarget) -> bool {
    target.has_type::<HtmlInputElement>() || target.has_type::<HtmlTextAreaElement>()
}

/// Puts what is marked on the clipboard, unless it is a field's text that is copied.
pub(super) fn copy(board: Board, event: &ev::ClipboardEvent) {
    if event.target().is_some_and(|target| is_field(&target)) {
        return;
    }
    let unnamed = board.unnamed_to_copy();
    if unnamed.is_empty() {
        return transfer::write(event, &board.copied());
    }
    // Copied once the names have come: what is copied without them would be taken for the rows it is not of.
    event.prevent_default();
    board.once_named(&unnamed, move || {
        if board.unnamed_to_copy().is_empty() {
            transfer::copy_focused();
        }
    });
}

/// Opens the preview of what is pasted, unless it is pasted into a field.
pub(super) fn paste(board: Board, event: &ev::ClipboardEvent) {
    if !board.may_type() || event.target().is_some_and(|target| is_field(&target)) {
        return;
    }
    if let Some(text) = transfer::read(event) {
        event.prevent_default();
        // The head of a column is no place for a number.
        let placed = event.target().is_none_or(|target| !focus::is_in_head(&target));
        if !board.pastes_into_quarters(&text) {
            board.pasting.set(Some(Pasting { text, placed }));
        }
    }
}

/// Copies what has the focus, as the keyboard would.
pub(super) fn copy_focused() {
    transfer::copy_focused();
}

/// What a paste would change, each number before and after, with what is wrong beside it.
#[component]
pub(super) fn PasteDialog(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(board.pasting.with(Option::is_some)));
    Effect::new(move |was: Option<bool>| {
        let is = open.get();
        if was == Some(true) && !is {
            board.pasting.set(None);
            // What it was opened from, an item of a menu, is gone.
            focus::to_stop_if_nowhere();
        }
        is
    });
    view! {
        <Dialog open=open title=t!(i18n, sheet.paste_title)>
            {if board.columns_now() == Columns::Periods {
                view! { <Preview board=board /> }.into_any()
            } else {
                view! { <LinePreview board=board /> }.into_any()
            }}
        </Dialog>
    }
}

#[component]
fn Preview(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let sender = expect_context::<Sender>();
    // What was read last; what is typed since is read after a pause, and cannot be entered before that.
    let read = RwSignal::new(board.pasting.get_untracked());
    let is_read = move || board.is_all_named() && read.with(|read| board.pasting.with(|typed| read == typed));
    let pasted = Memo::new(move |_| {
        read.with(|read| read.as_ref().map(|read| board.pasted(read)))
            .unwrap_or_default()
    });
    let pause = StoredValue::new(None::<TimeoutHandle>);
    let typed = Callback::new(move |()| {
        if let Some(before) = pause.try_update_value(Option::take).flatten() {
            before.clear();
        }
        let later = set_timeout_with_handle(
            move || {
                // Closed meanwhile, or the page was left.
                let Some(typed) = board.pasting.try_get_untracked() else {
                    return;
                };
                let _gone = read.try_set(typed);
            },
            PAUSE,
        );
        pause.set_value(later.ok());
    });
    let problems = Signal::derive(move || {
        pasted.with(|pasted| {
            let told = by_row(&pasted.problems);
            let words = told.iter().map(|alike| alike_words(board, alike, i18n));
            Listed::of(words).and(refusal_words(board, pasted, i18n))
        })
    });
    let changes = Signal::derive(move || {
        let lang = lang(i18n.get_locale());
        pasted.with(|pasted| {
            Listed::of(pasted.changes.iter().map(|change| Changed {
                place: about(board, (change.node, change.period), lang),
                before: change.before,
                after: change.after,
            }))
        })
    });
    let nothing = Signal::derive(move || {
        let is_nothing = pasted.with(|pasted| pasted.changes.is_empty() && pasted.problems.is_empty());
        is_nothing.then(|| {
            if board.is_all_named() {
                t_string!(i18n, sheet.nothing).to_owned()
            } else {
                names_words(board, i18n)
            }
        })
    });
    // Numbers that cannot be read are put right first.
    let refused = Signal::derive(move || {
        pasted.with(|pasted| {
            let refusal = pasted.refusal.clone().filter(|_| pasted.problems.is_empty())?;
            let reason = untrack(|| board.said_reason()).unwrap_or_else(|| OwnReason::Pasted.stored());
            Some((refusal, pasted.command(Some(reason))))
        })
    });
    let enter = Callback::new(move |()| {
        let ready = untrack(is_read) && pasted.with_untracked(Pasted::is_ready);
        if ready {
            let reason = board.said_reason().unwrap_or_else(|| OwnReason::Pasted.stored());
            let command = pasted.with_untracked(|pasted| pasted.command(Some(reason)));
            board.pasting.set(None);
            sender.send(command);
        }
    });
    let ready = Signal::derive(move || is_read() && pasted.with(Pasted::is_ready));
    view! {
        <PasteForm
            board=board
            problems=problems
            changes=changes
            nothing=nothing
            ready=ready
            on_enter=enter
            on_type=typed
        >
            <WaysOut board=board asked=refused taken=Callback::new(move |()| board.pasting.set(None)) />
        </PasteForm>
    }
}

/// Why the plan does not take what was pasted.
fn refusal_words(board: Board, pasted: &Pasted, i18n: Words) -> Option<String> {
    let locale = i18n.get_locale();
    let currency = board.currency();
    let money = move |amount: Minor| format::full(amount, &currency);
    let refusal = pasted.refusal.as_ref()?;
    Some(board.shape(|shape| sentence(locale, shape, refusal, &money, &money)))
}

/// Problems of one pasted row that are told in one line.
struct Alike<'a> {
    first: &'a PasteProblem,
    cells: usize,
    /// What the cells say, as far as they say different things.
    texts: Vec<&'a str>,
}

/// The problems, those of the same kind in the same row together: a row of twelve months is not twelve lines.
fn by_row(problems: &[PasteProblem]) -> Vec<Alike<'_>> {
    let mut told: Vec<Alike<'_>> = Vec::new();
    for problem in problems {
        let known = told
            .iter()
            .enumerate()
            .rev()
            .take_while(|(_, alike)| alike.first.row == problem.row)
            .find(|(_, alike)| is_alike(&alike.first.fault, &problem.fault))
            .map(|(at, _)| at);
        let at = known.unwrap_or(told.len());
        if known.is_none() {
            told.push(Alike {
                first: problem,
                cells: 0,
                texts: Vec::new(),
            });
        }
        let Some(alike) = told.get_mut(at) else { continue };
        alike.cells += 1;
        if let PasteFault::Amount { text, .. } | PasteFault::Negative { text } = &problem.fault
            && !alike.texts.contains(&text.as_str())
        {
            alike.texts.push(text);
        }
    }
    told
}

/// Whether two faults of a row are the same but for what the cells say.
fn is_alike(one: &PasteFault, other: &PasteFault) -> bool {
    match (one, other) {
        (PasteFault::Amount { error: one, .. }, PasteFault::Amount { error: other, .. }) => one == other,
        (PasteFault::Negative { .. }, PasteFault::Negative { .. }) => true,
        _ => one == other,
    }
}

/// Which cells, and what is wrong with them.
fn alike_words(board: Board, alike: &Alike<'_>, i18n: Words) -> String {
    let currency = board.currency();
    let lang = lang(i18n.get_locale());
    // A blank name is said to be one.
    let said = |text: &str| {
        if text.trim().is_empty() {
            t_string!(i18n, sheet.blank).to_owned()
        } else {
            lang.pick(format!("“{text}”"), format!("\"{text}\""))
        }
    };
    let texts = || {
        let all: Vec<String> = alike.texts.iter().take(TEXTS).map(|text| said(text)).collect();
        let more = if alike.texts.len() > TEXTS { " …" } else { "" };
        format!("{}{more}", all.join(lang.pick("、", ", ")))
    };
    let money = |amount: Minor| format::full(amount, &currency);
    let name = |node: NodeIndex| board.name(node);
    let words = match &alike.first.fault {
        PasteFault::Amount { error, .. } => {
            t_string!(i18n, sheet.p_amount, text = texts(), why = error.words(lang)).to_string()
        }
        PasteFault::Negative { .. } => t_string!(i18n, sheet.p_negative, text = texts()).to_string(),
        PasteFault::NoColumn => t_string!(i18n, sheet.p_no_column).to_string(),
        PasteFault::NoRow => t_string!(i18n, sheet.p_no_row).to_string(),
        PasteFault::UnknownName { name } => t_string!(i18n, sheet.p_unknown, name = said(name)).to_string(),
        PasteFault::SeveralRows { name } => t_string!(i18n, sheet.p_several, name = said(name)).to_string(),
        PasteFault::Twice { name } => t_string!(i18n, sheet.p_twice, name = said(name)).to_string(),
        PasteFault::Disagrees { node, total, sum } => t_string!(
            i18n,
            sheet.p_disagrees,
            name = name(*node),
            total = money(*total),
            sum = money(*sum)
        )
        .to_string(),
        PasteFault::Covers { node, amount, sum } => t_string!(
            i18n,
            sheet.p_covers,
            name = name(*node),
            amount = money(*amount),
            sum = money(*sum)
        )
        .to_string(),
    };
    let PasteProblem { row, column, .. } = *alike.first;
    let place = match alike.cells {
        1 => t_string!(i18n, sheet.cell, row = row, column = column).to_string(),
        cells => t_string!(i18n, sheet.row_cells, row = row, count = cells).to_string(),
    };
    format!("{place}{}{words}", lang.pick("：", ": "))
}

/// The server's twin: it has no clipboard.
#[cfg(not(feature = "hydrate"))]
mod transfer {
    use leptos::ev;

    pub(super) fn write(_event: &ev::ClipboardEvent, _text: &str) {}

    pub(super) fn read(_event: &ev::ClipboardEvent) -> Option<String> {
        None
    }

    pub(super) fn copy_focused() {}
}
