//! Quarters as columns of a plan of months: what a row has in one, where it is set as a whole, and the card that tells of which months
//! it is the sum and leads to them.

use domain::format;
use domain::money::Minor;
use domain::plan::NodeIndex;
use domain::split::{CellBase, Difference, Quarter};
use leptos::prelude::*;

use super::board::{AskedQuarter, Base, Board, Column};
use super::clipboard::is_field;
use super::compare::{signed, words};
use super::edit::{self, EditCell, Spot};
use super::focus;
use super::line_columns::period_name;
use super::why::other::Asking;
use crate::ui::{Button, Dialog, DialogPlace, Glyph, Icon, IconSize, when};
use crate::words::{lang, t, t_string, use_i18n};

/// Columns before the first quarter, counted from 1.
const BEFORE: u16 = 10;

/// Asks about a quarter of a row.
pub(super) fn ask(board: Board, node: NodeIndex, quarter: u16) {
    board.quarter_card.set(Some(AskedQuarter {
        node,
        quarter,
        pastes: false,
    }));
}

/// What a row has in a quarter: it is read, asked about, and typed into.
#[component]
pub(super) fn QuarterCell(
    board: Board,
    node: NodeIndex,
    /// The number of its row in the list.
    at: usize,
    /// Its place among the quarters, and which it is.
    quarter: (u16, Quarter),
    /// Whether its row has the focus.
    chosen: Memo<bool>,
    cell: Callback<Minor, String>,
    full: Callback<Minor, String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (place, quarter) = quarter;
    let quarter = StoredValue::new(quarter);
    let column_index = (place + BEFORE).to_string();
    let column = Column::Quarter(place);
    // A frame of a drag works out one sum for all that shows it.
    let amount = Memo::new(move |_| quarter.with_value(|quarter| board.in_quarter(node, quarter)));
    // Follows the grid itself: nothing of it is asked again while somebody drags.
    let held = Memo::new(move |_| {
        let is_locked = |month| board.settled_constraint((node, Some(month))).lock.is_some();
        quarter.with_value(|quarter| quarter.periods().any(is_locked))
    });
    let held_words = move || t_string!(i18n, line_columns.quarter_held);
    // A row is drawn anew when its periods are held against something else.
    let against = board.against.get_untracked().of_cells();
    let compares = against.map(|against| {
        view! { <QuarterChange board=board node=node quarter=quarter amount=amount against=against cell=cell full=full /> }
    });
    let has_focus = move || chosen.get() && board.column.get() == column;
    let is_marked = move || {
        board
            .block
            .get()
            .is_some_and(|block| block.holds_column(at, column))
    };
    // A click asks, two clicks would type: a card that opened at the first one would be closed by the second. Who went on meanwhile
    // does not ask.
    let asking = Asking::new();
    // What was typed and is no amount stays in its field.
    let types =
        move || board.begun_quarter((node, place)).is_some() || board.wrong_quarter((node, place)).is_some();
    let editing = Memo::new(move |_| board.shows_target_now() && types());
    // A row is drawn anew where another level is shown.
    let read_only = (!board.may_type()).then_some("true");
    let ask_still = move || {
        if untrack(|| has_focus() && !editing.get()) {
            ask(board, node, place);
        }
    };
    view! {
        <div
            class="td num amount of-period quarter"
            class:ranged=is_marked
            role="gridcell"
            tabindex=move || if has_focus() { "0" } else { "-1" }
            aria-colindex=column_index
            aria-selected=move || (is_marked() || has_focus()).to_string()
            aria-readonly=read_only
            data-quarter=place
            data-minor=move || amount.get().map(|amount| amount.0)
            title=move || {
                let amount = quarter.with_value(|quarter| board.in_quarter_at_rest(node, quarter));
                amount.map(|amount| full.run(amount))
            }
            on:click=move |event| {
                event.stop_propagation();
                board.focus(node, column, event.shift_key());
            }
            on:dblclick=move |_| edit::begin(board, Spot::Quarter((node, place)), None)
            on:contextmenu=move |event| {
                // A field has the browser's own menu.
                if event.target().is_some_and(|target| is_field(&target)) {
                    return;
                }
                event.prevent_default();
                event.stop_propagation();
                board.focus(node, column, false);
                ask(board, node, place);
            }
        >
            {when(move || held.get(), move || view! {
                <span class="pin" title=held_words>
                    <Icon glyph=Glyph::Lock size=IconSize::Small />
                    <span class="sr">{held_words}</span>
                </span>
            }.into_any())}
            {compares}
            {move || {
                if editing.get() {
                    view! { <EditCell board=board spot=Spot::Quarter((node, place)) /> }.into_any()
                } else {
                    view! {
                        <button type="button" class="figure-button" tabindex="-1" on:click=move |event| {
                            event.stop_propagation();
                            board.focus(node, column, event.shift_key());
                            if !event.shift_key() {
                                asking.click(event.detail(), ask_still);
                            }
                        }>{move || amount.get().map_or_else(|| format::NONE.to_owned(), |amount| cell.run(amount))}</button>
                    }
                    .into_any()
                }
            }}
        </div>
    }
}

/// How a quarter compares: against the sum of what its months are held against, where each of them is comparable.
#[component]
fn QuarterChange(
    board: Board,
    node: NodeIndex,
    quarter: StoredValue<Quarter>,
    /// What the row has in it.
    amount: Memo<Option<Minor>>,
    against: CellBase,
    cell: Callback<Minor, String>,
    full: Callback<Minor, String>,
) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        let of_month = |month| match board.held((node, Some(month)))? {
            Base::Amount(amount) => Some(amount),
            Base::Nothing => None,
        };
        let base = quarter.with_value(|quarter| quarter.sum(of_month))?;
        let found = Difference::of(amount.get()?, base);
        let class = match found.change.0 {
            1.. => "vs is-ahead",
            0 => "vs muted",
            ..0 => "vs is-behind",
        };
        let text = found
            .ratio
            .map_or_else(|| signed(found.change, cell), format::percent_change);
        let said = words(found, base, against, full, i18n);
        let title = said.clone();
        Some(view! {
            <span class=class title=title data-figure="quarter-change">
                <span aria-hidden="true">{text}</span>
                <span class="sr">{said}</span>
            </span>
        })
    }
}

/// The card of the quarter that was asked for.
#[component]
pub(super) fn QuarterCard(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(board.quarter_card.with(Option::is_some)));
    Effect::new(move |_| {
        if !open.get() && board.quarter_card.with_untracked(Option::is_some) {
            board.quarter_card.set(None);
            focus::to_stop_if_nowhere();
        }
    });
    let asked = move || {
        let asked = board.quarter_card.get()?;
        Some((asked, board.quarter(asked.quarter)?))
    };
    let title = move || {
        asked().map_or_else(String::new, |(asked, quarter)| {
            let name = format::period(&quarter.period, lang(i18n.get_locale()));
            format!("{} · {name}", board.name(asked.node))
        })
    };
    view! {
        <Dialog open=open title=title place=DialogPlace::Side>
            {move || asked().map(|(asked, quarter)| view! { <Months board=board asked=asked quarter=quarter /> })}
        </Dialog>
    }
}

/// The months of a quarter with what they have, and their sum; each leads to its own card.
#[component]
fn Months(board: Board, asked: AskedQuarter, quarter: Quarter) -> impl IntoView {
    let i18n = use_i18n();
    let AskedQuarter { node, pastes, .. } = asked;
    let full = move |amount: Option<Minor>| {
        amount.map_or_else(
            || format::NONE.to_owned(),
            |amount| format::full(amount, &board.currency()),
        )
    };
    let months = quarter
        .periods()
        .map(|month| {
            let amount = move || board.shown((node, Some(month)));
            view! {
                <li class="step" data-month=month.0 data-minor=move || amount().map(|amount| amount.0)>
                    <b>{move || period_name(board, month, i18n)}</b>
                    <span></span>
                    <Button
                        press=move |_| {
                            board.quarter_card.set(None);
                            board.why.set(Some((node, Some(month))));
                        }
                    >
                        {move || full(amount())}
                    </Button>
                </li>
            }
        })
        .collect_view();
    let (start, end) = (quarter.period.start, quarter.period.end);
    let part = (!quarter.whole).then(|| {
        let days = move || format::range(start, end, lang(i18n.get_locale()));
        let words = move || t_string!(i18n, line_columns.quarter_part, days = days()).to_string();
        view! { <p class="sm muted" data-part="quarter-part">{words}</p> }
    });
    let number = board.number_of_quarter(node, &quarter);
    let talk = board.talk_at(number).map(|id| {
        let press = move |_| {
            board.quarter_card.set(None);
            board.seek_talk(id);
        };
        view! { <Button press=press>{t!(i18n, rows.menu_talk)}</Button> }
    });
    let propose = board.may_propose(number).then(|| {
        let press = move |_| {
            board.quarter_card.set(None);
            board.propose_for(number);
        };
        view! { <Button press=press>{t!(i18n, rows.menu_negotiate)}</Button> }
    });
    let quarter = StoredValue::new(quarter);
    let sum = move || quarter.with_value(|quarter| board.in_quarter(node, quarter));
    let lead = if pastes {
        view! { <p role="alert">{t!(i18n, line_columns.quarter_set)}</p> }.into_any()
    } else {
        view! { <p class="sm muted">{t!(i18n, line_columns.quarter_sum)}</p> }.into_any()
    };
    view! {
        <section class="why" data-card="quarter">
            {lead}
            {part}
            <ol>{months}</ol>
            <p class="row between total">
                <b>{t!(i18n, line_columns.quarter_total)}</b>
                <b class="figure s" data-figure="quarter-total" data-minor=move || sum().map(|sum| sum.0)>
                    {move || full(sum())} " " <span class="unit">{board.currency().code}</span>
                </b>
            </p>
            <div class="row wrap">
                <Button
                    press=move |_| {
                        board.quarter_card.set(None);
                        quarter.with_value(|quarter| board.show_months_of(node, quarter));
                        focus::to_stop();
                    }
                >
                    {t!(i18n, line_columns.show_months)}
                </Button>
                {talk}
                {propose}
            </div>
        </section>
    }
}
