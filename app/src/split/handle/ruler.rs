//! What stands beside a bar that is dragged: where it is, where it came from, what the pool gives, and why it stops.

use domain::format;
use domain::money::Minor;
use domain::plan::{Give, Grid, NodeIndex};
use leptos::prelude::*;

use super::{Drag, money_words};
use crate::split::board::Board;
use crate::split::{refusal, row};
use crate::words::{lang, t_string, use_i18n};

/// Says where the bar stands, where it came from, and what cannot be placed.
#[component]
pub(super) fn Ruler(board: Board, node: NodeIndex, drag: RwSignal<Option<Drag>>) -> impl IntoView {
    let i18n = use_i18n();
    let name = untrack(|| board.name(node));
    let money = move |amount: Minor| money_words(board, lang(i18n.get_locale()))(amount);
    let now = move || drag.with(|drag| drag.as_ref().map_or(Minor(0), |drag| drag.now));
    let before = move || drag.with(|drag| drag.as_ref().map_or(Minor(0), |drag| drag.before));
    let change = move || {
        let change = Minor(now().0 - before().0);
        format::change(
            change,
            &board.currency(),
            row::scale(board, lang(i18n.get_locale())),
        )
    };
    let stopped = move || {
        drag.with(|drag| drag.as_ref().and_then(|drag| drag.stopped.clone()))
            .map(|refusal| refusal::said(board, i18n.get_locale(), &refusal))
    };
    // What is said aloud is said when the bar stops, and not again with every pixel further.
    let said_once = Memo::new(move |before: Option<&Option<String>>| {
        let now = stopped()?;
        before.cloned().flatten().or(Some(now))
    });
    // The pool right above gives: what is in it under the pointer, and what it may hold.
    let pool = move || {
        let parent = board.shape(|shape| shape.parent(node))?;
        if board.how().give != Give::Hedge {
            return None;
        }
        let limit_ppm = board.grid(Grid::hedge_limit_ppm);
        let limit =
            Minor((i128::from(board.amount((parent, None)).0) * i128::from(limit_ppm) / 1_000_000) as i64);
        let hedge = board.hedge(parent);
        let words = t_string!(
            i18n,
            split.pool,
            name = board.name(parent),
            amount = money(hedge),
            left = money(Minor((limit.0 - hedge.0).max(0))),
            share = format::percent(f64::from(limit_ppm) / 1_000_000.0)
        );
        Some((hedge, words.clone()))
    };
    view! {
        <div class="ruler pop">
            <p class="row between">
                <span>
                    <b>{name}</b>
                    " "
                    <b data-figure="dragged">{move || money(now())}</b>
                </span>
                <span class="sm muted">{move || t_string!(i18n, split.fine)}</span>
            </p>
            <p class="row between sm">
                <span class="strong">{change}</span>
                <span class="muted">{move || format!("{} {}", t_string!(i18n, split.start_at), money(before()))}</span>
            </p>
            {move || pool().map(|(hedge, words)| view! { <p class="sm" data-figure="pool" data-minor=hedge.0>{words}</p> })}
            {move || stopped().map(|words| view! { <p class="sm is-behind strong" aria-hidden="true">{words}</p> })}
            <span class="sr" aria-live="polite" data-said="stopped">{move || said_once.get()}</span>
        </div>
    }
}
