//! The workplace around the grid: tools, rows in sight, panel, status bar.

use domain::access::Permission;
use domain::event::Event;
use domain::format;
use domain::money::Minor;
use domain::people::actor;
use domain::plan::{Intent, NodeIndex, PeriodIndex};
use domain::split::OpenGrid;
use domain::target::VersionStatus;
use leptos::prelude::*;
use leptos::{ev, html};

use super::answers::Answers;
use super::board::Board;
use super::clipboard::{self, PasteDialog};
use super::columns::ColumnHeads;
use super::fairness::why::FigureCard;
use super::fairness::{Fair, FairnessGlance, FairnessPanel};
use super::head::Head;
use super::keys_help::KeysDialog;
use super::levels::panel::LevelPanel;
use super::news::NewsLegend;
use super::over_assign::OverAssignPanel;
use super::panel::{NoBases, Panel, RemarkPanel, bring_into_sight};
use super::quarters::QuarterCard;
use super::row::{Row, scale};
use super::send::Sender;
use super::talks::Talks;
use super::tools::Tools;
use super::unsaved::{Unsaved, UnsavedList};
use super::why::WhyCard;
use super::why::other::OtherCard;
use super::why::published::FormulaPanel;
use super::{address, compare, focus, height, levels, line_columns, trend};
use crate::live::{Connection, use_live};
use crate::remark::Writing;
use crate::ui::is_composing;
use crate::words::{lang, t, t_string, use_i18n};

/// Height of a row before it is measured; `--row` of the grid in `style/split.css` decides.
const ROW_PX: i32 = 28;
/// Rows drawn beyond the edges, so that scrolling never shows a gap.
const BEYOND: i32 = 8;

/// Everything around an open grid.
#[component]
pub(super) fn Workplace(
    open: OpenGrid,
    unsaved: Unsaved,
    reload: Callback<()>,
    /// What was written so far, also before the grid was loaded again.
    writing: Writing,
    /// The last command that was told of while the grid was on its way.
    missed: Option<u64>,
) -> impl IntoView {
    let board = Board::new(open);
    let sender = Sender::provide(board, unsaved, reload);
    address::restore(board);
    address::keep(board);
    trend::follow(board);
    compare::follow(board);
    levels::follow(board);
    line_columns::follow(board);
    let fair = Fair::new(board);
    let live = use_live();
    let version = board.version();
    Effect::new(move |_| match live.last.get() {
        Some(Event::PlanChanged {
            version: changed,
            head,
            ..
        }) if changed == version && head > board.head() => untrack(|| sender.hear(head)),
        _ => {}
    });
    Effect::new(move |was: Option<Connection>| {
        let is = live.connection.get();
        match was {
            None => untrack(|| {
                sender.resume();
                if let Some(head) = missed.filter(|head| *head > board.head()) {
                    sender.hear(head);
                }
            }),
            // What was told meanwhile was not heard.
            Some(Connection::Lost) if is == Connection::Open => untrack(|| sender.catch_up()),
            Some(_) => {}
        }
        is
    });
    let on_key = move |event: ev::KeyboardEvent| {
        if is_composing(&event)
            || !(event.ctrl_key() || event.meta_key())
            || board.editing.get_untracked().is_some()
            || is_typed_into(&event)
        {
            return;
        }
        match (event.key().to_ascii_lowercase().as_str(), event.shift_key()) {
            ("z", false) => sender.step(Intent::Undo),
            ("z", true) | ("y", _) => sender.step(Intent::Redo),
            _ => return,
        }
        event.prevent_default();
    };
    // Anywhere on the page: after a reload nothing has the focus yet.
    let listening = window_event_listener(ev::keydown, on_key);
    on_cleanup(move || listening.remove());
    let panels = NodeRef::<html::Div>::new();
    view! {
        {crate::assets::of_page("workplace.css").map(|style| view! { <link rel="stylesheet" href=style /> })}
        <div class="workplace">
            <Head board=board unsaved=unsaved />
            <Tools board=board />
            <NewsLegend board=board />
            <UnsavedList board=board unsaved=unsaved />
            {board.about(|open| open.status == VersionStatus::Published).then(|| view! { <Answers board=board /> })}
            {super::may(Permission::Acknowledge).then(|| view! { <Talks board=board /> })}
            <div class="workplace-body">
                <Rows board=board />
                // Who may not plan is told no bases; who may, has none only where the numbers were imported.
                <div class="beside" node_ref=panels on:click=move |event| bring_into_sight(&event, panels)>
                    <FairnessGlance fair=fair />
                    {if board.about(|open| !open.bases.is_empty()) {
                        view! { <Panel board=board /> }.into_any()
                    } else if super::may(Permission::EditPlan) {
                        view! { <NoBases /> }.into_any()
                    } else {
                        ().into_any()
                    }}
                    {board.may_edit().then(|| view! { <OverAssignPanel board=board /> })}
                    <LevelPanel board=board />
                    {(!super::may(Permission::EditPlan)).then(|| view! { <FormulaPanel board=board /> })}
                    <RemarkPanel board=board writing=writing />
                    <FairnessPanel board=board fair=fair />
                    <super::lines::LinesPanel board=board />
                </div>
            </div>
            <Status board=board />
            <WhyCard board=board />
            <FigureCard board=board fair=fair />
            <OtherCard board=board />
            <QuarterCard board=board />
            <PasteDialog board=board />
            <KeysDialog board=board />
        </div>
    }
}

/// The head of the columns and the rows in sight; nothing else exists in the page.
#[component]
fn Rows(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let viewport = NodeRef::<html::Div>::new();
    let scrolled_px = RwSignal::new(0_i32);
    let height_px = RwSignal::new(800_i32);
    let row_px = RwSignal::new(ROW_PX);
    let measure = move |is_first: bool| {
        // The page may have been left.
        if let Some(viewport) = viewport.try_get_untracked().flatten() {
            // The head is as high as a row.
            let head = viewport.first_element_child();
            let row = head.map_or(ROW_PX, |head| head.client_height() + 1).max(ROW_PX);
            if row_px.get_untracked() != row {
                row_px.set(row);
            }
            // Lines that come and go above it change no rows: they may be told because of rows that were asked for.
            let (is, known) = (viewport.client_height().max(ROW_PX), height_px.get_untracked());
            if is > known || is < known / 2 || (is_first && is != known) {
                height_px.set(is);
            }
        }
    };
    Effect::new(move |_| {
        if let Some(viewport) = viewport.get() {
            measure(true);
            height::follow(&viewport, move || measure(false));
        }
    });
    let rows = Memo::new(move |_| board.rows());
    let held = board.held_row();
    let in_sight = move || {
        // Rows are made anew where there are other columns.
        let made = board.columns_made();
        let held = held.get();
        let first = (scrolled_px.get() / row_px.get() - BEYOND).max(0) as usize;
        let count = (height_px.get() / row_px.get() + 2 * BEYOND).max(0) as usize;
        let selected = board.selected.get();
        rows.with(|rows| {
            // The row with the focus stays in the page wherever it is scrolled to: the Tab key reaches the grid by it.
            let kept = rows.iter().position(|node| *node == selected);
            let before = kept.filter(|at| *at < first);
            let after = kept.filter(|at| *at >= first + count);
            before
                .into_iter()
                .chain((first..rows.len()).take(count))
                .chain(after)
                .filter_map(|at| {
                    let node = *rows.get(at)?;
                    // A row that somebody is at work in is made anew, with its name, once that has ended.
                    let named = held != Some(node) && board.is_named(node);
                    Some((at, node, (made, named)))
                })
                .collect::<Vec<_>>()
        })
    };
    Effect::new(move |_| {
        let drawn = in_sight();
        let rows: Vec<NodeIndex> = drawn.iter().map(|(_, node, _)| *node).collect();
        let row = row_px.get();
        let (from, to) = (
            scrolled_px.get() / row,
            (scrolled_px.get() + height_px.get()) / row,
        );
        let in_view = drawn
            .into_iter()
            .filter(|(at, ..)| (from..=to).contains(&(*at as i32)));
        let in_view = in_view.map(|(_, node, _)| node).collect();
        board.want_names(rows.iter().copied());
        board.put_in_sight(rows, in_view);
    });
    Effect::new(move |_| board.want_marked());
    // A row that is made anew after it was held gives its focus to what takes its place.
    Effect::new(move |was: Option<bool>| {
        let is = held.get().is_some();
        if was == Some(true) && !is {
            focus::to_stop_if_nowhere();
        }
        is
    });
    // The row with the focus stays in sight when the keyboard moves it.
    Effect::new(move |_| {
        let selected = board.selected.get();
        let Some(viewport) = viewport.get_untracked() else {
            return;
        };
        let Some(at) = rows.with_untracked(|rows| rows.iter().position(|node| *node == selected)) else {
            return;
        };
        let height = row_px.get_untracked();
        let (top, head) = (at as i32 * height, height);
        if top < viewport.scroll_top() {
            viewport.set_scroll_top(top);
        } else if top + height + head > viewport.scroll_top() + viewport.client_height() {
            // Of a grid that is laid out later, or too low for a row, the row is not pushed out by its own foot.
            viewport.set_scroll_top(top.min(top + height + head - viewport.client_height()));
        }
    });
    // Rows whose periods are held against something else are drawn anew: cells that are held against nothing have nothing to follow.
    let drawn = move || {
        // Another level is another number in every cell.
        let against = (board.cell_base(), board.aim.get());
        let rows = in_sight().into_iter();
        rows.map(|(at, node, made)| (against, at, node, made))
            .collect::<Vec<_>>()
    };
    let periods = board.about(|open| open.periods.clone());
    let of_periods = periods.len();
    let columns = move || {
        board.columns_made();
        let lines = board.line_heads().map(|lines| lines.len());
        let quarters = board.quarter_heads().map(|quarters| quarters.len());
        (lines.or(quarters).unwrap_or(of_periods) + 9).to_string()
    };
    let count = u16::try_from(of_periods).unwrap_or(u16::MAX);
    let unit = move || {
        let label = scale(board, lang(i18n.get_locale())).label();
        if label.is_empty() {
            board.currency().code
        } else {
            label.to_owned()
        }
    };
    // How many letters the widest total and the widest amount of a period have: those of the whole, which what is below it is
    // part of. Counted once for the grid, and followed by the style of a column's head and of all its cells.
    let widest = Memo::new(move |_| {
        let (scale, currency) = (scale(board, lang(i18n.get_locale())), board.currency());
        let letters = |amount: Minor| format::money_column(amount, &currency, scale).chars().count();
        let root = NodeIndex(0);
        let totals = [
            board.amount((root, None)),
            board.start(root),
            board.history(root).unwrap_or_default(),
        ];
        board.columns_made();
        let of_whole = |period: PeriodIndex| board.amount((root, Some(period)));
        let parts: Vec<Minor> = match board.quarter_heads() {
            Some(quarters) => {
                let sums = quarters
                    .iter()
                    .map(|(_, quarter)| quarter.sum(|month| Some(of_whole(month))));
                sums.flatten().collect()
            }
            None => (0..count).map(PeriodIndex).map(of_whole).collect(),
        };
        let most = |found: Option<usize>| found.unwrap_or_default();
        (
            most(totals.into_iter().map(letters).max()),
            most(parts.into_iter().map(letters).max()),
        )
    });
    view! {
        <div
            class="grid"
            class:compares=move || board.cell_base().is_some()
            role="treegrid"
            aria-label=t!(i18n, split.title)
            aria-rowcount=move || (rows.with(Vec::len) + 1).to_string()
            aria-colcount=columns
            aria-busy=move || board.awaits_lines().then_some("true")
            aria-multiselectable="true"
            style=("--wide", move || widest.get().0.to_string())
            style=("--wide-part", move || widest.get().1.to_string())
            node_ref=viewport
            on:copy=move |event| clipboard::copy(board, &event)
            on:paste=move |event| clipboard::paste(board, &event)
            on:scroll=move |_| {
                if let Some(viewport) = viewport.get_untracked() {
                    scrolled_px.set(viewport.scroll_top());
                }
            }
        >
            <ColumnHeads periods=periods unit=Signal::derive(unit) board=board />
            <div class="trs" role="rowgroup" style=("--rows", move || rows.with(Vec::len).to_string())>
                <For each=drawn key=|row| *row let((_against, at, node, _made))>
                    <Row board=board node=node at=at />
                </For>
            </div>
        </div>
    }
}

#[component]
fn Status(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let selected = move || board.name(board.selected.get());
    let share = move || {
        let node = board.selected.get();
        let root = board.amount((NodeIndex(0), None)).0;
        let amount = board.amount((node, None)).0;
        if root > 0 {
            format::percent(amount as f64 / root as f64)
        } else {
            format::NONE.to_owned()
        }
    };
    // Also of a row that is out of sight.
    let other = move || {
        board.last_of_others().map(|(name, node)| {
            let name = actor(&name, lang(i18n.get_locale())).to_owned();
            t_string!(i18n, unsaved.last, name = name, row = board.name(node)).to_string()
        })
    };
    view! {
        <footer class="status sm muted">
            <span>{t!(i18n, split.selected)} " " <b class="soft">{selected}</b></span>
            <span role="status" data-other=move || board.last_of_others().map(|(name, _)| name)>{other}</span>
            <span>{move || t_string!(i18n, split.of_parent, parent = board.name(NodeIndex(0))).to_string()} " " {share}</span>
            <span class="grow"></span>
            <span class="desk-only row"><kbd>"←"</kbd> <kbd>"→"</kbd> {t!(i18n, split.hint_arrows)}</span>
            <span class="desk-only row"><kbd>"PgUp"</kbd> <kbd>"PgDn"</kbd> {t!(i18n, split.hint_pages)}</span>
            <span class="desk-only row"><kbd>"F2"</kbd> {t!(i18n, split.hint_edit)}</span>
            <span class="desk-only row"><kbd>"Ctrl C"</kbd> <kbd>"Ctrl V"</kbd> {t!(i18n, sheet.hint_copy)}</span>
            <button type="button" class="btn link sm desk-only" aria-haspopup="dialog" on:click=move |_| board.keys_shown.set(true)>
                {t!(i18n, grid_keys.all)}
            </button>
            <span>{move || t_string!(i18n, split.rows, shown = board.rows().len(), all = board.all_rows()).to_string()}</span>
        </footer>
    }
}

/// Whether a key goes into a field, which has an undo of its own.
fn is_typed_into(event: &ev::KeyboardEvent) -> bool {
    event.target().is_some_and(|target| clipboard::is_field(&target))
}
