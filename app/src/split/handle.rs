//! The share bar and its handle: drag it, or use it as a slider from the keyboard.
//!
//! Pointer events with capture, because HTML drag and drop does not fire on touch. The bar stops where the plan does,
//! and the ruler beside it says what blocks and how much cannot be placed.

mod grip;
pub mod ruler;

use domain::format;
use domain::money::Minor;
use domain::plan::{NodeIndex, Refusal};
use domain::rebalance;
use leptos::prelude::*;
use leptos::{ev, web_sys};

use super::board::{Board, Column};
use super::bounds;
use super::preview;
use super::send::Sender;
use super::whole::ppm_of;
use crate::ui::{is_composing, when};
use crate::words::{is_chinese, lang, t_string, use_i18n};
pub use grip::Drag;
use grip::Grip;
use ruler::Ruler;

/// Bar, handle, and the ruler while it is dragged.
#[component]
pub(super) fn Handle(
    board: Board,
    node: NodeIndex,
    /// Whether its row has the focus.
    chosen: Memo<bool>,
    /// The length of its bar, millionths.
    bar_ppm: RwSignal<i64>,
) -> impl IntoView {
    let i18n = use_i18n();
    let sender = expect_context::<Sender>();
    let drag = RwSignal::new(None::<Drag>);
    // What does not depend on the pointer is worked out once, when the handle is gripped.
    let solver = StoredValue::new_local(None::<Grip>);
    // It was pressed and let go where it was.
    let tapped = StoredValue::new(false);
    let parent = board.shape(|shape| shape.parent(node));
    let start_ppm = parent.map_or(1_000_000, |parent| ppm_of(board.start(node), board.start(parent)));
    let locked = Memo::new(move |_| board.constraint((node, None)).lock.is_some());
    let may_move = move || parent.is_some() && board.may_type();
    let movable = move || may_move() && !locked.get();

    let refuse = move |refusal: &Refusal, wish: Minor| {
        sender.refuse(refusal, &preview::command((node, None), wish, board.how()));
    };
    let set = move |wish: Minor| {
        let how = board.how();
        match board.grid(|grid| preview::nearest(grid, (node, None), wish, how)) {
            Ok(nearest) => {
                if nearest.placed != board.grid(|grid| grid.amount(node, None)) {
                    sender.send(preview::command((node, None), nearest.placed, how));
                }
                if let Some(stopped) = nearest.refusal {
                    refuse(&stopped, wish);
                }
            }
            Err(refusal) => refuse(&refusal, wish),
        }
    };

    // As far as locks and bounds let it go, without a word; whoever is there already is told why.
    let to_end = move |up: bool| {
        let how = board.how();
        let (now, cap) = board.grid(|grid| (grid.amount(node, None), grid.constraint(node, None).cap));
        let whole = parent.map_or(now, |parent| board.grid(|grid| grid.amount(parent, None)));
        let reach = match board.grid(|grid| rebalance::reachable(grid, preview::aim((node, None), how))) {
            Ok(reach) => reach,
            Err(refusal) => return refuse(&refusal, now),
        };
        // Where the parent grows there is no end but the cap: then the whole is as far as a bar goes.
        let most = cap.unwrap_or(whole).max(now).min(reach.max);
        let end = if up { most } else { reach.min };
        if end != now {
            return sender.send(preview::command((node, None), end, how));
        }
        let is_held = if up {
            now == reach.max
        } else {
            reach.min > Minor(0)
        };
        if is_held {
            set(if up {
                Minor(whole.0.max(now.0 + 1))
            } else {
                Minor(0)
            });
        }
    };

    // Nothing is in hand any more: the rows show what there is. A press that moved nothing leaves what else is tried in sight.
    let let_go = move || {
        let moved = drag.with_untracked(|drag| drag.as_ref().is_some_and(|drag| drag.moved));
        drag.set(None);
        solver.set_value(None);
        if moved {
            board.end_drag();
        } else {
            board.mark_blocking(Vec::new());
        }
    };
    let on_down = move |event: ev::PointerEvent| {
        if event.button() != 0 || !may_move() {
            return;
        }
        event.prevent_default();
        let Some(target) = current(&event) else { return };
        // Another finger, or a hand whose end nobody told of: what that one showed ends first.
        if drag.with_untracked(Option::is_some) {
            let_go();
        }
        // Without capture the drag still works while the pointer stays over the row.
        drop(target.set_pointer_capture(event.pointer_id()));
        drop(target.focus());
        board.focus(node, Column::Row, false);
        board.mark_blocking(Vec::new());
        let width_px = target
            .parent_element()
            .map_or(120, |bar| bar.client_width())
            .max(1);
        let before = board.grid(|grid| grid.amount(node, None));
        // What is locked is gripped too: it opens the menu, and says why it does not move once somebody tries.
        if !locked.get_untracked() {
            match Grip::begin(board, preview::aim((node, None), board.how())) {
                Ok(gripped) => solver.set_value(Some(gripped)),
                Err(refusal) => return sender.say(&refusal),
            }
        }
        let whole = parent.map_or(Minor(0), |parent| board.grid(|grid| grid.amount(parent, None)));
        drag.set(Some(Drag {
            from_x: event.client_x(),
            width_px,
            whole,
            base: board.head(),
            before,
            now: before,
            wish: before,
            stopped: None,
            moved: false,
        }));
    };
    // Shows what the wish of a drag would change.
    let draw = move |mut now: Drag| {
        // Also where somebody else locks it under the hand that moves it.
        if locked.get_untracked() {
            let_go();
            return sender.say_locked(node);
        }
        let aim = preview::aim((node, None), board.how());
        let drawn = solver.try_update_value(|grip| Some(grip.as_mut()?.draw(board, aim, now.wish)));
        let (overlay, frame) = match drawn.flatten() {
            Some(Ok(drawn)) => drawn,
            // What others did there leaves nothing to grip.
            Some(Err(refusal)) => {
                let_go();
                return sender.say(&refusal);
            }
            None => return,
        };
        board.begin_drag();
        board.preview(
            Some(overlay),
            frame
                .refusal
                .as_ref()
                .map(super::refusal::blockers)
                .unwrap_or_default(),
        );
        now.now = frame.placed;
        now.stopped = frame.refusal;
        drag.set(Some(now));
    };
    let on_move = move |event: ev::PointerEvent| {
        let Some(mut now) = drag.get_untracked() else {
            return;
        };
        if let Some(wish) = now.at(event.client_x(), event.shift_key()) {
            (now.wish, now.moved) = (wish, true);
            draw(now);
        }
    };
    // Others changed the plan under the hand: the wish stays, and what it comes to is shown as it is now.
    let renew = move || {
        let is_stale = solver.try_with_value(|grip| grip.as_ref().is_some_and(|grip| grip.is_stale(board)));
        let now = drag.try_get_untracked().flatten();
        if let Some(now) = now.filter(|now| now.moved && is_stale == Some(true)) {
            draw(now);
        }
    };
    // Rows that were scrolled into sight under the hand move with the others.
    let draw_again = move || {
        let now = drag.try_get_untracked().flatten();
        if let Some(now) = now.filter(|now| now.moved) {
            draw(now);
        }
    };
    let on_up = move |_: ev::PointerEvent| {
        renew();
        let Some(done) = drag.get_untracked() else { return };
        let_go();
        tapped.set_value(!done.moved);
        if !done.moved {
            return;
        }
        let now = board.grid(|grid| grid.amount(node, None));
        if done.now != done.before && done.now != now {
            // Whoever drags goes by what they gripped: what others made of it meanwhile is asked about.
            sender.send_from(done.base, preview::command((node, None), done.now, board.how()));
        }
        if let Some(stopped) = done.stopped {
            refuse(&stopped, done.wish);
        }
    };
    // The menu opens with the click, not before it: under a finger the click would meet what closes the menu.
    let on_click = move |event: ev::MouseEvent| {
        event.stop_propagation();
        if tapped.try_update_value(std::mem::take) == Some(true) {
            board.menu.set(Some((node, None)));
        }
    };
    // A row may be made anew under the hand, as when other columns come: what it showed goes with it.
    on_cleanup(move || {
        let moved = drag.try_with_untracked(|drag| drag.as_ref().is_some_and(|drag| drag.moved));
        if moved == Some(true) {
            board.end_drag();
        }
    });
    let on_key = move |event: ev::KeyboardEvent| {
        if is_composing(&event) || !may_move() {
            return;
        }
        let now = board.grid(|grid| grid.amount(node, None));
        let by = |percent: i64| Minor((i128::from(now.0) * i128::from(100 + percent) / 100) as i64);
        let wish = match event.key().as_str() {
            "ArrowRight" => by(1),
            "ArrowLeft" => by(-1),
            "PageUp" => by(5),
            "PageDown" => by(-5),
            key @ ("Home" | "End") => {
                event.prevent_default();
                event.stop_propagation();
                return to_end(key == "End");
            }
            "Enter" | " " => {
                event.prevent_default();
                event.stop_propagation();
                board.menu.set(Some((node, None)));
                return;
            }
            "Escape" => return let_go(),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        if locked.get_untracked() {
            return sender.say_locked(node);
        }
        set(wish);
    };
    let value_words = move || {
        // Whoever hears it sees no title with the whole of a rounded amount.
        let (currency, lang) = (board.currency(), lang(i18n.get_locale()));
        let money = |amount: Minor| format::currency_words(amount, &currency, lang);
        let parent_name = parent.map_or_else(|| board.name(node), |parent| board.name(parent));
        // Words are made in each frame only for the handle in hand: nobody reads those of the others meanwhile.
        let amount = |row: NodeIndex| {
            if drag.with(Option::is_some) {
                board.amount((row, None))
            } else {
                board.amount_at_rest((row, None))
            }
        };
        let share =
            format::percent(ppm_of(amount(node), amount(parent.unwrap_or(node))) as f64 / 1_000_000.0);
        let mut words = t_string!(
            i18n,
            split.slider,
            amount = money(amount(node)),
            parent = parent_name,
            share = share
        )
        .to_string();
        for bound in bounds::said(board, (node, None), money, i18n) {
            words.push_str(if is_chinese(i18n.get_locale()) {
                "，"
            } else {
                ", "
            });
            words.push_str(&bound);
        }
        words
    };
    view! {
        <div class="bar-cell" class:dragged=move || drag.with(|drag| drag.as_ref().is_some_and(|drag| drag.moved))>
            <svg class="share" width="100%" height="12" aria-hidden="true">
                <rect class="track" x="0" y="2" width="100%" height="8" rx="2" />
                <rect
                    class=move || if locked.get() { "fill locked" } else { "fill" }
                    x="0"
                    y="2"
                    width=move || length(bar_ppm.get())
                    height="8"
                    rx="2"
                />
                <rect class="from" x=length(start_ppm) y="0" width="1" height="12" />
            </svg>
            {parent
                .is_some()
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="handle"
                            role="slider"
                            aria-label=untrack(|| board.name(node))
                            aria-valuemin="0"
                            aria-valuemax="100"
                            aria-valuenow=move || (bar_ppm.get() / 10_000).to_string()
                            aria-valuetext=value_words
                            aria-disabled=move || (!movable()).to_string()
                            style:left=move || length(bar_ppm.get())
                            tabindex=move || if chosen.get() { "0" } else { "-1" }
                            on:pointerdown=on_down
                            on:pointermove=on_move
                            on:pointerup=on_up
                            on:pointercancel=move |_| let_go()
                            on:keydown=on_key
                            on:click=on_click
                        ></button>
                    }
                })}
            {when(
                move || drag.with(|drag| drag.as_ref().is_some_and(|drag| drag.moved)),
                move || {
                    // Also while the hand holds still.
                    Effect::new(move |_| {
                        board.track_settled();
                        untrack(renew);
                    });
                    Effect::new(move |was: Option<()>| {
                        board.rows_in_sight.track();
                        if was.is_some() {
                            untrack(draw_again);
                        }
                    });
                    view! { <Ruler board=board node=node drag=drag /> }.into_any()
                },
            )}
        </div>
    }
}

/// Writes an amount with its unit, as sentences do.
pub(super) fn money_words(board: Board, lang: format::Lang) -> impl Fn(Minor) -> String {
    let currency = board.currency();
    move |amount| format::compact(amount, &currency, lang)
}

/// A length of the bar.
fn length(ppm: i64) -> String {
    let ppm = ppm.clamp(0, 1_000_000);
    format!("{}.{:04}%", ppm / 10_000, ppm % 10_000)
}

fn current(event: &ev::PointerEvent) -> Option<web_sys::HtmlElement> {
    use leptos::wasm_bindgen::JsCast;
    event.current_target()?.dyn_into().ok()
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn the_bar_ends_at_its_ends() {
        assert_eq!(length(-5), "0.0000%");
        assert_eq!(length(273_400), "27.3400%");
        assert_eq!(length(2_000_000), "100.0000%");
    }
}
