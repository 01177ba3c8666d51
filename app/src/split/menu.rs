//! Everything a drag does, as a menu of outcomes. An item is reached by its name, a sibling also by its number.

use domain::format::{self, Lang};
use domain::money::Minor;
use domain::negotiation::Subject;
use domain::plan::{NodeIndex, PlanCommand};
use leptos::prelude::*;
use leptos::{ev, html};

use super::board::{Board, Column, Columns, Pasting, Place};
use super::bounds::{AskBound, Bound};
use super::edit::{self, Spot};
use super::send::Sender;
use super::send_to::SendTo;
use super::typeahead::{self, Typed};
use super::why::other::OtherItems;
use super::{clipboard, focus, jump, keys, preview};
use crate::ui::menu::step;
use crate::ui::{Glyph, Icon, when};
use crate::words::{lang, t, t_string, use_i18n};

/// Five percent in millionths.
const FIVE_PERCENT_PPM: u32 = 50_000;

/// Rows beside a row that the menu itself lists; others are found in the dialog.
const LISTED: usize = 12;

/// The menu of a row.
#[component]
pub(super) fn RowMenu(board: Board, node: NodeIndex) -> impl IntoView {
    let i18n = use_i18n();
    let open = Memo::new(move |_| board.menu.get() == Some((node, None)));
    view! {
        <button
            type="button"
            class="icb more"
            tabindex="-1"
            aria-haspopup="menu"
            aria-expanded=move || open.get().to_string()
            aria-label=move || t_string!(i18n, split.menu, name = board.name(node)).to_string()
            on:click=move |event| {
                event.stop_propagation();
                board.menu.update(|menu| *menu = if *menu == Some((node, None)) { None } else { Some((node, None)) });
            }
        >
            <Icon glyph=Glyph::More />
        </button>
        {when(move || open.get(), move || view! { <Items board=board place=(node, None) /> }.into_any())}
    }
}

/// What can be done with a row, or with the amount of one period.
#[component]
pub(super) fn Items(board: Board, place: Place) -> impl IntoView {
    let (node, period) = place;
    let i18n = use_i18n();
    let sender = expect_context::<Sender>();
    let bound = RwSignal::new(None::<Bound>);
    let asking = RwSignal::new(false);
    let sending = RwSignal::new(false);
    let close = move || {
        board.menu.set(None);
        // The keyboard goes on where the menu was, unless a field or a dialog takes it.
        focus::to_stop_if_nowhere();
    };
    let percent = move |percent: i64| {
        close();
        let now = board.grid(|grid| grid.amount(node, period));
        let amount = Minor((i128::from(now.0) * i128::from(100 + percent) / 100) as i64);
        sender.send(preview::command(place, amount, board.how()));
    };
    let has_children = period.is_none() && board.is_expanded(node).is_some();
    let is_root = node == NodeIndex(0);
    // Each with its number in the unit, which is typed to get there.
    let siblings: Vec<(usize, NodeIndex)> = if is_root {
        Vec::new()
    } else {
        let numbered = (1..).zip(jump::beside(board, node));
        numbered
            .filter(|(_, other)| *other != node)
            .take(LISTED)
            .collect()
    };
    let locked = board.grid(|grid| grid.constraint(node, period).lock.is_some());
    let bounded = board.grid(|grid| {
        let held = grid.constraint(node, period);
        held.floor.is_some() || held.cap.is_some()
    });
    let frozen = !board.may_type();
    // About this very number, or, for a row, about any of its numbers.
    let number = (node, Subject::from(period));
    let talk = board
        .talk_at(number)
        .or_else(|| untrack(|| board.talk(node)).filter(|_| period.is_none()));
    let negotiable = board.may_propose(number);
    let element = NodeRef::<html::Div>::new();
    let typed = StoredValue::new(Typed::default());
    let ask = move |which: Bound| {
        bound.set(Some(which));
        asking.set(true);
    };
    let on_key = move |event: ev::KeyboardEvent| {
        event.stop_propagation();
        // The Tab key goes on from the row, and leaves no open menu behind.
        if matches!(event.key().as_str(), "Escape" | "Tab") {
            focus::back(event.target(), board.column.get_untracked());
            return close();
        }
        if let Some(menu) = element.get_untracked()
            && typeahead::hear(&menu, typed, &event)
        {
            event.prevent_default();
        }
    };
    Effect::new(move |_| {
        if let Some(menu) = element.get() {
            step(&menu, 1);
        }
    });
    view! {
        <div class="menu-veil" on:click=move |event| { event.stop_propagation(); close(); }></div>
        <div
            node_ref=element
            class="row-menu pop"
            role="menu"
            aria-label=move || about(board, place, lang(i18n.get_locale()))
            on:keydown=on_key
            on:click=|event| event.stop_propagation()
            on:dblclick=|event| event.stop_propagation()
        >
            {period.map(|_| view! { <p class="sm muted item-head">{move || about(board, place, lang(i18n.get_locale()))}</p> })}
            <button type="button" role="menuitem" class="item" on:click=move |_| {
                close();
                board.why.set(Some(place));
            }>{t!(i18n, split.menu_why)}</button>
            <OtherItems board=board place=place />
            {talk.map(|id| view! {
                <button type="button" role="menuitem" class="item" on:click=move |_| {
                    close();
                    board.seek_talk(id);
                }>{t!(i18n, rows.menu_talk)}</button>
            })}
            {negotiable.then(|| view! {
                <button type="button" role="menuitem" class="item" on:click=move |_| {
                    close();
                    board.propose_for(number);
                }>{t!(i18n, rows.menu_negotiate)}</button>
            })}
            <button type="button" role="menuitem" class="item" on:click=move |event| {
                close();
                if focus_unless_marked(board, place) {
                    focus::back(event.target(), board.column.get_untracked());
                } else {
                    focus::to_stop_now();
                }
                clipboard::copy_focused();
            }>{t!(i18n, sheet.copy)}</button>
            // The preview is of periods: lines are pasted into their cells.
            <button type="button" role="menuitem" class="item" disabled=move || frozen || board.columns() != Columns::Periods || board.shows_quarters() on:click=move |_| {
                close();
                focus_unless_marked(board, place);
                board.pasting.set(Some(Pasting::at_focus(String::new())));
            }>{t!(i18n, sheet.paste)}</button>
            <hr />
            <button type="button" role="menuitem" class="item" disabled=frozen on:click=move |_| {
                close();
                edit::begin(board, Spot::Place(place), None);
            }>{t!(i18n, split.menu_set)}</button>
            <button type="button" role="menuitem" class="item" disabled=frozen on:click=move |_| percent(5)>{t!(i18n, split.menu_plus)}</button>
            <button type="button" role="menuitem" class="item" disabled=frozen on:click=move |_| percent(-5)>{t!(i18n, split.menu_minus)}</button>
            {has_children.then(|| view! {
                <button type="button" role="menuitem" class="item" disabled=frozen on:click=move |_| {
                    close();
                    sender.send(PlanCommand::EvenOut { node, reason: None });
                }>{t!(i18n, split.menu_even)}</button>
            })}
            <hr />
            <button type="button" role="menuitem" class="item" disabled=frozen on:click=move |_| {
                close();
                sender.send(keys::lock_command(board, place));
            }>
                {if locked { t_string!(i18n, split.menu_unlock) } else { t_string!(i18n, split.menu_lock) }}
            </button>
            <button type="button" role="menuitem" class="item" disabled=frozen on:click=move |_| ask(Bound::Floor)>{t!(i18n, split.menu_floor)}</button>
            <button type="button" role="menuitem" class="item" disabled=frozen on:click=move |_| ask(Bound::Cap)>{t!(i18n, split.menu_cap)}</button>
            {bounded.then(|| view! {
                <button type="button" role="menuitem" class="item" disabled=frozen on:click=move |_| {
                    close();
                    sender.send(PlanCommand::Floor { node, period, amount: None });
                    sender.send(PlanCommand::Cap { node, period, amount: None });
                }>{t!(i18n, split.menu_clear)}</button>
            })}
            {(!is_root && !frozen).then(|| view! {
                <hr />
                <button type="button" role="menuitem" class="item" on:click=move |_| sending.set(true)>{t!(i18n, send.menu)}</button>
            })}
            {(!is_root && !siblings.is_empty() && !frozen).then(|| view! {
                <p class="sm muted item-head">{t!(i18n, split.menu_send)}</p>
                {siblings.into_iter().map(|(number, other)| view! {
                    <button
                        type="button"
                        role="menuitem"
                        class="item"
                        data-number=number.to_string()
                        data-called=move || board.name(other)
                        on:click=move |_| {
                            close();
                            sender.send(PlanCommand::SendShare { from: node, to: other, period, share_ppm: FIVE_PERCENT_PPM, reason: None });
                        }
                    >
                        <span class="soft">{number.to_string()}</span>
                        " "
                        {move || board.name(other)}
                    </button>
                }).collect_view()}
            })}
        </div>
        // Beside the menu, not in it: a menu has items and nothing else. Neither the menu nor the row hears what is typed here.
        <div
            class="menu-asks"
            on:keydown=|event| event.stop_propagation()
            on:click=|event| event.stop_propagation()
            on:dblclick=|event| event.stop_propagation()
        >
            <AskBound board=board place=place bound=bound open=asking />
            <SendTo board=board place=place open=sending />
        </div>
    }
}

/// Puts the focus on a place, unless it belongs to the marked block, which is meant as a whole then. Whether it did.
fn focus_unless_marked(board: Board, place: Place) -> bool {
    let outside = !board.is_in_block(place);
    if outside {
        let (node, period) = place;
        let column = period.map_or(Column::Row, |period| Column::Cell(Some(period)));
        board.focus(node, column, false);
    }
    outside
}

/// What a place is called: the row, and the period where it is one.
pub(super) fn about(board: Board, (node, period): Place, lang: Lang) -> String {
    let name = board.name(node);
    let period = period.and_then(|period| {
        board.about(|open| {
            let period = open.periods.get(usize::from(period.0));
            period.map(|period| format::period(period, lang))
        })
    });
    period.map_or_else(|| name.clone(), |period| format!("{name} · {period}"))
}
