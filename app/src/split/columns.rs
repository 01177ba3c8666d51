//! The heads of the columns: what they hold, and the order of the rows where one is pressed.

use domain::calendar::Period;
use domain::format;
use domain::line::rows::LineHead;
use domain::plan::PeriodIndex;
use domain::split::{Against, Quarter, SortBy};
use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;

use super::board::Board;
use super::focus;
use super::lines::table::named;
use crate::ui::{Glyph, Icon, IconSize, is_composing, when};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// The heads of the columns; `unit` is that of the amounts. Without a board they only say what the columns are.
#[component]
pub(super) fn ColumnHeads(
    periods: Vec<Period>,
    #[prop(into)] unit: Signal<String>,
    #[prop(optional)] board: Option<Board>,
) -> impl IntoView {
    let i18n = use_i18n();
    let against = move || match board.map(|board| board.against.get()).unwrap_or_default() {
        Against::Start => t_string!(i18n, split.column_change),
        Against::LastYear => t_string!(i18n, sheet.column_last_year),
        Against::Record => t_string!(i18n, sheet.column_record),
    };
    let periods = StoredValue::new(periods);
    // Made anew only where there are other columns.
    let lines = move || {
        let board = board?;
        board.columns_made();
        board.line_heads()
    };
    view! {
        <div class="tr th" role="row" on:keydown=|event| keys(&event)>
            <Sorted board=board by=SortBy::Name cell="td name">{t!(i18n, split.column_node)}</Sorted>
            <Sorted board=board by=SortBy::History cell="td num was">{t!(i18n, split.column_history)}</Sorted>
            <div class="td trend" role="columnheader">{t!(i18n, rows.column_trend)}</div>
            <Sorted board=board by=SortBy::Amount(None) cell="td num total">
                {t!(i18n, split.column_amount)} " " <span class="unit">{unit}</span>
            </Sorted>
            <div class="td share-cell" role="columnheader">{t!(i18n, split.column_share)}</div>
            <Sorted board=board by=SortBy::Share cell="td num part">"%"</Sorted>
            <Sorted board=board by=SortBy::Change cell="td num change">{against}</Sorted>
            <Sorted board=board by=SortBy::Chance cell="td num chance">{t!(i18n, rows.column_chance)}</Sorted>
            <div class="td lock" role="columnheader"><span class="sr">{t!(i18n, split.column_lock)}</span></div>
            {move || match lines() {
                Some(lines) => lines.into_iter().map(|(at, head)| line_head(board, at, head, i18n)).collect_view().into_any(),
                None => match board.and_then(|board| board.quarter_heads()) {
                    Some(quarters) => quarters.into_iter().map(|(at, quarter)| quarter_head(board, at, quarter, i18n)).collect_view().into_any(),
                    None => periods
                        .get_value()
                        .into_iter()
                        .zip(0..)
                        .map(|(period, at)| {
                            view! {
                                <Sorted board=board by=SortBy::Amount(Some(PeriodIndex(at))) cell="td num of-period">
                                    {move || format::period(&period, lang(i18n.get_locale()))}
                                </Sorted>
                            }
                        })
                        .collect_view()
                        .into_any(),
                },
            }}
        </div>
    }
}

/// The head of a quarter; where the plan has only a part of it, the hint says which.
fn quarter_head(board: Option<Board>, at: u16, quarter: Quarter, i18n: Words) -> AnyView {
    let Quarter { period, whole, .. } = quarter;
    let (start, end) = (period.start, period.end);
    let part = move || {
        let days = format::range(start, end, lang(i18n.get_locale()));
        (!whole).then(|| t_string!(i18n, line_columns.quarter_part, days = days).to_string())
    };
    view! {
        <Sorted board=board by=SortBy::Quarter(at) cell="td num of-period">
            <span title=part data-quarter-head=at>{move || format::period(&period, lang(i18n.get_locale()))}</span>
        </Sorted>
    }
    .into_any()
}

/// The head of a line.
fn line_head(board: Option<Board>, at: u16, head: LineHead, i18n: Words) -> AnyView {
    let head = StoredValue::new(head);
    let name = move || head.with_value(|head| named(head, i18n));
    view! {
        <Sorted board=board by=SortBy::Line(at) cell="td num line">
            <span class="line-name" data-line-key=head.with_value(|head| head.key.clone()) title=name>{name}</span>
        </Sorted>
    }
    .into_any()
}

/// The head of a column that rows can be sorted by. The arrow keys reach it from the first row, as the Tab key stops at the
/// grid once.
#[component]
fn Sorted(board: Option<Board>, by: SortBy, cell: &'static str, children: Children) -> impl IntoView {
    let i18n = use_i18n();
    let Some(board) = board else {
        return view! { <div class=cell role="columnheader">{children()}</div> }.into_any();
    };
    let descending = move || {
        let sort = board.sort().filter(|sort| sort.by == by);
        sort.map(|sort| sort.descending)
    };
    let order = move || match descending() {
        Some(true) => "descending",
        Some(false) => "ascending",
        None => "none",
    };
    view! {
        <div class=cell role="columnheader" aria-sort=order>
            <button
                type="button"
                class="sort"
                tabindex="-1"
                title=t!(i18n, sheet.sort)
                on:click=move |_| board.sort_by(by)
            >
                {children()}
                {when(move || descending() == Some(true), || view! { <Icon glyph=Glyph::Down size=IconSize::Small /> }.into_any())}
                {when(move || descending() == Some(false), || view! { <Icon glyph=Glyph::Up size=IconSize::Small /> }.into_any())}
            </button>
        </div>
    }
    .into_any()
}

/// Arrows go from head to head, and down to the rows.
fn keys(event: &ev::KeyboardEvent) {
    let grid = event
        .current_target()
        .and_then(|heads| heads.dyn_into::<Element>().ok())
        .and_then(|heads| heads.closest(".grid").ok().flatten());
    let Some(grid) = grid.filter(|_| !is_composing(event)) else {
        return;
    };
    match event.key().as_str() {
        "ArrowLeft" => focus::to_head(&grid, event.target(), -1),
        "ArrowRight" => focus::to_head(&grid, event.target(), 1),
        "ArrowDown" | "Escape" => focus::to_rows(&grid),
        _ => return,
    }
    event.prevent_default();
}
