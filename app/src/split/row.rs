//! One row of the grid: name, what was, what is to be, the bar, the change, the lock, the periods.

use domain::format::{self, Lang, Scale};
use domain::money::Minor;
use domain::org::level_name;
use domain::plan::{NodeIndex, PeriodIndex};
use domain::why::Other;
use leptos::attr::custom::custom_attribute;
use leptos::prelude::*;
use leptos::{ev, html};

use super::amount::Amount;
use super::board::{Board, Column};
use super::fairness::tone;
use super::figures::Figures;
use super::focus;
use super::handle::Handle;
use super::keys::{keys, lock_command};
use super::line_cell::LineCell;
use super::menu::RowMenu;
use super::quarters::QuarterCell;
use super::send::Sender;
use super::tools::UNASSIGNED;
use super::trend::TrendLine;
use super::whole::Whole;
use super::why::beside::{AskPart, Part};
use crate::ui::{Avatar, Glyph, Icon, IconSize, Standing, Tag, TagKind, when};
use crate::words::{lang, t, t_string, use_i18n};

/// The scale of every amount in the grid, chosen by the plan's total so that columns line up.
pub(super) fn scale(board: Board, lang: Lang) -> Scale {
    let total = board
        .start(NodeIndex(0))
        .0
        .max(board.grid(|grid| grid.amount(NodeIndex(0), None)).0);
    Scale::sheet(Minor(total), &board.currency(), lang)
}

/// A row; `at` is its number in the scrolled list, which the style makes a place.
#[component]
pub(super) fn Row(board: Board, node: NodeIndex, at: usize) -> impl IntoView {
    let i18n = use_i18n();
    let (depth, is_member) = board.shape(|shape| (shape.depth(node), shape.reference(node).is_member()));
    // A row whose name comes later is made anew then.
    let (name, is_named) = untrack(|| (board.name(node), board.is_named(node)));
    let currency = StoredValue::new(board.currency());
    let scale = Memo::new(move |_| scale(board, lang(i18n.get_locale())));
    let cell = move |amount: Minor| {
        currency.with_value(|currency| format::money_column(amount, currency, scale.get()))
    };
    let full = move |amount: Minor| currency.with_value(|currency| format::full(amount, currency));
    let figures = Figures::of(board, node, scale, Callback::new(cell));
    let history = board.history(node);
    let whole = Whole::of(board, node, scale, figures);
    let chance_words = move || {
        let chance = whole.chance();
        chance.map_or_else(|| format::NONE.to_owned(), format::chance)
    };
    let chance_class = move || match whole.chance().map(tone) {
        Some(tone) => format!("td num chance {tone}"),
        None => "td num chance".to_owned(),
    };
    let periods = board.about(|open| open.periods.len());
    let element = NodeRef::<html::Div>::new();
    // Where the focus goes tells each row once, and not each of its cells.
    let chosen = Memo::new(move |_| board.selected.get() == node);
    let class = move || {
        let mut class = String::from("tr");
        if chosen.get() {
            class.push_str(" selected");
        }
        if whole.blocks.get() {
            class.push_str(" blocking");
        }
        if board.constraint((node, None)).lock.is_some() {
            class.push_str(" locked");
        }
        class
    };
    let name_class = match (is_named, is_member) {
        (false, _) => "muted",
        (true, true) => "",
        (true, false) => "strong",
    };
    let on_key = move |event: ev::KeyboardEvent| keys(board, node, &event);
    // The focus goes with the row that the keyboard chose: from handle to handle, from row to row.
    Effect::new(move |was: Option<(bool, Column)>| {
        let is = (board.selected.get() == node, board.column.get());
        // A row that was not in the page before it was chosen takes the focus of the row it was chosen from.
        if let Some(row) = element.get()
            && is.0
            && was.map_or_else(focus::is_in_rows, |was| was != is)
        {
            focus::follow(&row, is.1);
        }
        is
    });
    // The head is the first row.
    let row_index = (at + 2).to_string();
    let has_focus = move || chosen.get() && board.column.get() == Column::Row;
    let is_chosen = move || {
        let marked = board.block.get().is_some_and(|block| block.holds_row(at));
        marked || chosen.get()
    };
    // What is said beside the name is said of the target; a row is made anew for another level.
    let of_target = board.shows_target_now();
    let is_hedged = move || of_target && board.is_expanded(node).is_some() && board.hedge(node) != Minor(0);
    let hedged = move || {
        let words = move || {
            let amount = |amount: Minor| {
                currency.with_value(|currency| format::money_column(amount, currency, scale.get()))
            };
            match board.hedge(node) {
                Minor(over @ 0..) => t_string!(i18n, split.over, amount = amount(Minor(over))).to_string(),
                Minor(under) => t_string!(i18n, split.under, amount = amount(Minor(-under))).to_string(),
            }
        };
        view! { <Tag kind=TagKind::Standing(Standing::Behind)>{words}</Tag> }.into_any()
    };
    let at_cap = move || {
        let cap = board.constraint((node, None)).cap;
        of_target && cap.is_some_and(|cap| board.amount((node, None)) >= cap)
    };
    let at_floor = move || {
        let floor = board.constraint((node, None)).floor;
        of_target && floor.is_some_and(|floor| board.amount((node, None)) <= floor)
    };
    let is_own_level = move || board.has_own_level(node);
    view! {
        <div
            node_ref=element
            class=class
            role="row"
            tabindex=move || if has_focus() { "0" } else { "-1" }
            {..custom_attribute("aria-level", u32::from(depth) + 1)}
            aria-expanded=move || board.is_expanded(node).map(|open| open.to_string())
            aria-selected=move || is_chosen().to_string()
            aria-rowindex=row_index
            data-node=node.0
            data-name=is_named.then(|| name.clone())
            style=("--at", at.to_string())
            // A screen reader moves the focus by itself.
            on:focus=move |_| {
                if board.selected.get_untracked() != node {
                    board.focus(node, Column::Row, false);
                }
            }
            on:click=move |event| board.focus(node, Column::Row, event.shift_key())
            on:keydown=on_key
        >
            <div class="td name" role="rowheader" aria-colindex="1" style=("--depth", depth.to_string())>
                <Twisty board=board node=node />
                <TalkMark board=board node=node />
                {(is_member && is_named).then(|| view! { <Avatar name=name.clone() quiet=true /> })}
                <span class=name_class>{name.clone()}</span>
                <LevelName board=board node=node is_member=is_member />
                {when(is_hedged, hedged)}
                {when(at_cap, move || view! { <Tag kind=TagKind::Line>{t!(i18n, split.at_cap)}</Tag> }.into_any())}
                {when(is_own_level, move || view! { <Tag kind=TagKind::Line>{t!(i18n, levels.own_mark)}</Tag> }.into_any())}
                {when(at_floor, move || view! { <Tag kind=TagKind::Line>{t!(i18n, split.at_floor)}</Tag> }.into_any())}
            </div>
            <div class="td num muted was" role="gridcell" aria-colindex="2">
                {match history {
                    Some(history) => view! {
                        <button
                            type="button"
                            class="figure-button muted"
                            tabindex="-1"
                            on:click=move |event| {
                                event.stop_propagation();
                                board.focus(node, Column::Row, event.shift_key());
                                if !event.shift_key() {
                                    board.why_other.set(Some(((node, None), Other::LastYear)));
                                }
                            }
                        >
                            {move || cell(history)}
                        </button>
                    }
                    .into_any(),
                    None => format::NONE.into_any(),
                }}
            </div>
            <div class="td trend" role="gridcell" aria-colindex="3">
                <TrendLine board=board node=node />
            </div>
            <Amount board=board place=(node, None) at=at chosen=chosen figures=figures cell=Callback::new(cell) full=Callback::new(full) />
            <div class="td share-cell" role="gridcell" aria-colindex="5">
                <Handle board=board node=node chosen=chosen bar_ppm=whole.bar_ppm />
            </div>
            <div class="td num part" role="gridcell" aria-colindex="6" data-figure="share">
                <AskPart board=board node=node part=Part::Share>{move || whole.share.get()}</AskPart>
            </div>
            <div class="td num change" role="gridcell" aria-colindex="7" data-figure="change" class:changed=move || whole.changed.get()>
                <AskPart board=board node=node part=Part::Change>
                    {move || whole.change.get()} " " <span class="rate sm muted">{move || whole.rate.get()}</span>
                </AskPart>
            </div>
            <div
                class=chance_class
                role="gridcell"
                aria-colindex="8"
                data-figure="chance"
                title=move || t_string!(i18n, rows.chance, chance = chance_words()).to_string()
            >
                <AskPart board=board node=node part=Part::Chance>{chance_words}</AskPart>
            </div>
            <div class="td lock" role="gridcell" aria-colindex="9">
                <LockButton board=board node=node />
                <RowMenu board=board node=node />
            </div>
            {match board.line_heads() {
                // The row is made anew where there are other columns.
                Some(lines) => lines
                    .into_iter()
                    .map(|(line, head)| {
                        view! {
                            <LineCell board=board node=node at=at line=line head=head cell=Callback::new(cell) full=Callback::new(full) />
                        }
                    })
                    .collect_view()
                    .into_any(),
                None => match board.quarter_heads() {
                    Some(quarters) => quarters
                        .into_iter()
                        .map(|quarter| {
                            view! {
                                <QuarterCell board=board node=node at=at quarter=quarter chosen=chosen cell=Callback::new(cell) full=Callback::new(full) />
                            }
                        })
                        .collect_view()
                        .into_any(),
                    None => (0..periods as u16)
                        .map(|period| {
                            let place = (node, Some(PeriodIndex(period)));
                            view! { <Amount board=board place=place at=at chosen=chosen figures=figures cell=Callback::new(cell) full=Callback::new(full) /> }
                        })
                        .collect_view()
                        .into_any(),
                },
            }}
        </div>
    }
}

/// What the organization calls a row of its kind: quiet beside the name of a unit; beside that of a person, whose picture says as
/// much, for screen readers only. What is nobody's in a unit is of no level.
#[component]
fn LevelName(board: Board, node: NodeIndex, is_member: bool) -> impl IntoView {
    let i18n = use_i18n();
    let level = board.about(|open| open.levels.at(node).to_owned());
    let class = if is_member { "sr" } else { "level sm muted" };
    (!level.is_empty() && level != UNASSIGNED).then(|| {
        let of = level.clone();
        let words = move || level_name(&level, lang(i18n.get_locale())).to_owned();
        view! { <span class=class data-level=of>{words}</span> }
    })
}

/// Marks a row whose number is negotiated, and leads to the thread. The keyboard finds the same in the row's menu.
#[component]
fn TalkMark(board: Board, node: NodeIndex) -> impl IntoView {
    let i18n = use_i18n();
    let talk = move || board.talk(node);
    let words = move || t_string!(i18n, rows.talk, name = board.name(node)).to_string();
    when(
        move || talk().is_some(),
        move || {
            view! {
                <button
                    type="button"
                    class="icb talk-mark"
                    tabindex="-1"
                    aria-label=words
                    title=words
                    on:click=move |event| {
                        event.stop_propagation();
                        if let Some(id) = untrack(talk) {
                            board.seek_talk(id);
                        }
                    }
                >
                    <Icon glyph=Glyph::Discuss size=IconSize::Small />
                </button>
            }
            .into_any()
        },
    )
}

/// Unfolds what is below.
#[component]
fn Twisty(board: Board, node: NodeIndex) -> impl IntoView {
    move || match board.is_expanded(node) {
        Some(open) => view! {
            <button
                type="button"
                class="twisty"
                class:open=open
                tabindex="-1"
                aria-hidden="true"
                disabled=move || !board.can_fold()
                on:focus=move |_| {
                    if board.selected.get_untracked() != node {
                        board.selected.set(node);
                    }
                }
                on:click=move |_| board.fold(node, !open)
            >
                <Icon glyph=Glyph::Right size=IconSize::Small />
            </button>
        }
        .into_any(),
        None => view! { <span class="twisty"></span> }.into_any(),
    }
}

/// Shows the lock and sets or releases it.
#[component]
fn LockButton(board: Board, node: NodeIndex) -> impl IntoView {
    let i18n = use_i18n();
    let sender = expect_context::<Sender>();
    let locked = Memo::new(move |_| board.constraint((node, None)).lock.is_some());
    let label = move || {
        if locked.get() {
            let by = board.locked_by((node, None)).unwrap_or_default();
            format!("{} {by}", t_string!(i18n, split.menu_unlock))
        } else {
            t_string!(i18n, split.menu_lock).to_string()
        }
    };
    view! {
        <button
            type="button"
            class="icb lock-button"
            class:on=move || locked.get()
            tabindex="-1"
            disabled=!board.may_type()
            aria-pressed=move || locked.get().to_string()
            aria-label=label
            title=label
            on:click=move |event| {
                event.stop_propagation();
                sender.send(lock_command(board, (node, None)));
            }
        >
            {move || {
                let glyph = if locked.get() { Glyph::Lock } else { Glyph::Unlock };
                view! { <Icon glyph=glyph /> }
            }}
        </button>
    }
}
