//! Lines as columns of the grid: fetched when they are shown, worked out here for the cells in sight.

use std::time::Duration;

use domain::event::Event;
use domain::format;
use domain::id::VersionId;
use domain::line::LineBy;
use domain::line::sheet::LineSheet;
use domain::money::Minor;
use domain::plan::{NodeIndex, PeriodIndex};
use leptos::prelude::*;
use leptos::server_fn::codec::{Json, Postcard};
use leptos::task::spawn_local;

use super::board::{Board, Columns, NoLines, QUARTERS};
use super::lines::label;
use crate::error::AppError;
use crate::live::{Connection, use_live};
use crate::ui::{Choice, ErrorView, Select, when};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// Numbers that change are waited for so long: one after the other is one question.
const SOON: Duration = Duration::from_millis(300);

/// The lines of the part of a version below a row, by one dimension. Whoever `has` what its rows brought, by its mark, is not
/// sent it again.
#[server(prefix = "/api/app", endpoint = "split/line-sheet", input = Json, output = Postcard)]
pub async fn load_line_sheet(
    version: VersionId,
    top: NodeIndex,
    by: LineBy,
    has: Option<String>,
) -> Result<Option<LineSheet>, AppError> {
    let (operations, scope) = crate::server::asking()?;
    let found = operations.line_sheet(&scope, version, top, Some(by), has.as_deref());
    crate::error::answer(found.await)
}

/// What is asked for; with the state it is asked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Asked {
    by: LineBy,
    /// Counts what was heard of besides the grid's own changes.
    heard: u64,
    /// The total the lines of the topmost row are of.
    total: Minor,
    /// The last command, where it may have changed what stands above the topmost row.
    head: u64,
}

/// What of the fetching lives as long as the grid.
#[derive(Clone, Copy)]
struct Fetching {
    board: Board,
    fetched: StoredValue<Option<Asked>>,
}

/// Asks for lines whenever they are shown and there is something else to ask for, a moment later.
pub(super) fn follow(board: Board) {
    let desk = board.desk();
    let fetching = Fetching {
        board,
        fetched: StoredValue::new(None),
    };
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(before) = waiting.try_update_value(Option::take).flatten() {
            before.clear();
        }
    };
    Effect::new(move |_| {
        let asked = asked(board);
        stop();
        let known = fetching.fetched.get_value();
        let pause = if known.is_none() { Duration::ZERO } else { SOON };
        // The lines of another dimension come too late now, and are asked for anew should they be wanted again.
        let known = known.filter(|known| asked.is_none_or(|asked| asked.by == known.by));
        fetching.fetched.set_value(known);
        if let Some(asked) = asked.filter(|asked| known != Some(*asked)) {
            let later = set_timeout_with_handle(move || fetch(fetching, asked), pause);
            waiting.set_value(later.ok());
        }
    });
    on_cleanup(stop);
    let live = use_live();
    Effect::new(move |_| {
        let last = live.last.get();
        if matches!(last, Some(Event::AssumptionsChanged | Event::FactsChanged { .. })) {
            desk.heard.update(|heard| *heard += 1);
        }
    });
    Effect::new(move |was: Option<Connection>| {
        let is = live.connection.get();
        if was == Some(Connection::Lost) && is == Connection::Open {
            desk.heard.update(|heard| *heard += 1);
        }
        is
    });
}

/// What to ask for now; nothing while a change is on its way, or typed: the lines may come in another order. Tracks changes.
fn asked(board: Board) -> Option<Asked> {
    let desk = board.desk();
    board.track_settled();
    let (is_saved, is_idle) = (board.unsaved.get() == 0, desk.busy.get() == 0);
    let is_typed = board.edited_line().is_some();
    let heard = desk.heard.get();
    let Columns::Lines(by) = board.columns() else {
        return None;
    };
    let (total, head) = board.about(|open| {
        // What stands above a part is known to the server only.
        let head = if open.offset == 0 { 0 } else { open.head };
        (open.grid.amount(NodeIndex(0), None), head)
    });
    let asked = Asked {
        by,
        heard,
        total,
        head,
    };
    (is_saved && is_idle && !is_typed).then_some(asked)
}

fn fetch(fetching: Fetching, asked: Asked) {
    let Fetching { board, fetched } = fetching;
    let desk = board.desk();
    fetched.set_value(Some(asked));
    let (version, top) = (board.version(), board.whole_index(NodeIndex(0)));
    let has = board.line_mark(asked.by);
    let had = has.is_some();
    spawn_local(async move {
        let found = load_line_sheet(version, top, asked.by, has).await;
        // The page was left, or something else was asked for since.
        if fetched.try_with_value(|known| *known == Some(asked)) != Some(true) {
            return;
        }
        // What was set meanwhile is not in it, and whoever types stays with their line: it is asked for again after that.
        if desk.busy.try_get_untracked() != Some(0) || untrack(|| board.edited_line()).is_some() {
            fetched.set_value(None);
            return;
        }
        match found {
            Ok(Some(sheet)) => {
                // Asked for a dimension there is nothing of, another one is shown.
                fetched.set_value(Some(Asked {
                    by: sheet.by,
                    ..asked
                }));
                if !board.put_sheet(sheet) && had {
                    fetched.set_value(None);
                    desk.heard.update(|heard| *heard += 1);
                }
            }
            // Asked for again with the next occasion.
            Ok(None) => {
                fetched.set_value(None);
                board.miss_lines(NoLines::NoData);
            }
            Err(error) => {
                fetched.set_value(None);
                board.miss_lines(NoLines::Failed(error));
            }
        }
    });
}

/// What the columns after the total are: periods, the quarters that months make, or the lines of a dimension.
#[component]
pub(super) fn ColumnsSelect(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let choices = Signal::derive(move || {
        let mut choices = if board.has_quarters() {
            vec![
                Choice::new("periods", t_string!(i18n, line_columns.months)),
                Choice::new(QUARTERS, t_string!(i18n, line_columns.quarters)),
            ]
        } else {
            vec![Choice::new("periods", t_string!(i18n, line_columns.periods))]
        };
        let known = board.known_lines();
        choices.extend(
            known
                .into_iter()
                .map(|by| Choice::new(by.as_str(), label(by, i18n))),
        );
        choices
    });
    let value = Signal::derive(move || {
        match board.columns() {
            Columns::Periods if board.shows_quarters() => QUARTERS,
            Columns::Periods => "periods",
            Columns::Lines(by) => by.as_str(),
        }
        .to_owned()
    });
    view! {
        <Select
            label=t!(i18n, line_columns.columns)
            name="columns"
            choices=choices
            value=value
            on_pick=Callback::new(move |choice: String| {
                let by = LineBy::parse(&choice);
                board.show_columns(by.map_or(Columns::Periods, Columns::Lines));
                board.show_quarters(choice == QUARTERS);
            })
            compact=true
        />
    }
}

/// Of which period the lines are, and are set in: of the whole plan, or of one of its periods.
#[component]
pub(super) fn LinePeriodSelect(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let periods = StoredValue::new(board.about(|open| open.periods.clone()));
    let choices = Signal::derive(move || {
        let lang = lang(i18n.get_locale());
        let mut choices = vec![Choice::new("", t_string!(i18n, line_columns.whole_plan))];
        periods.with_value(|periods| {
            let of_period = periods.iter();
            choices.extend(
                of_period.map(|period| Choice::new(period.name.clone(), format::period(period, lang))),
            );
        });
        choices
    });
    let value = Signal::derive(move || {
        let at = board.line_period().map(|period| usize::from(period.0));
        let name = periods.with_value(|periods| Some(periods.get(at?)?.name.clone()));
        name.unwrap_or_default()
    });
    let pick = Callback::new(move |choice: String| {
        let at = periods.with_value(|periods| periods.iter().position(|period| period.name == choice));
        let at = at.and_then(|at| u16::try_from(at).ok());
        board.show_line_period(at.map(PeriodIndex));
    });
    when(
        move || board.columns() != Columns::Periods && periods.with_value(|periods| periods.len() > 1),
        move || {
            view! {
                <Select
                    label=t!(i18n, line_columns.of)
                    name="line-period"
                    choices=choices
                    value=value
                    on_pick=pick
                    compact=true
                />
            }
            .into_any()
        },
    )
}

/// That the lines are parts of a period, how they come about, and what is kept where one is set.
#[component]
pub(super) fn LinePeriodNote(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let words = move || {
        let period = board.line_period().map(|period| period_name(board, period, i18n));
        t_string!(
            i18n,
            line_columns.period_note,
            period = period.unwrap_or_default()
        )
        .to_string()
    };
    when(
        move || board.line_period().is_some(),
        move || {
            view! {
                <p class="notice quiet" role="status" data-part="line-period">
                    {words}
                    " "
                    <button type="button" class="btn link" on:click=move |_| board.show_line_period(None)>
                        {t!(i18n, line_columns.back_to_whole)}
                    </button>
                </p>
            }
            .into_any()
        },
    )
}

/// That lines of other periods were not taken or are no amounts, with the way to each: their cells are not in sight.
#[component]
pub(super) fn LinesElsewhere(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let found = Memo::new(move |_| board.lines_elsewhere());
    let way = move |period: Option<PeriodIndex>| {
        let name = move || match period {
            Some(period) => period_name(board, period, i18n),
            None => t_string!(i18n, line_columns.whole_plan).to_owned(),
        };
        view! {
            " "
            <button type="button" class="btn link" on:click=move |_| board.show_line_period(period)>
                {name}
            </button>
        }
    };
    when(
        move || found.with(|found| !found.is_empty()),
        move || {
            view! {
                <p class="notice quiet" role="status" data-part="lines-elsewhere">
                    {t!(i18n, line_columns.elsewhere)}
                    {move || found.get().into_iter().map(way).collect_view()}
                </p>
            }
            .into_any()
        },
    )
}

/// What a period of the plan is called.
pub(super) fn period_name(board: Board, period: PeriodIndex, i18n: Words) -> String {
    let lang = lang(i18n.get_locale());
    board.about(|open| {
        let period = open.periods.get(usize::from(period.0));
        period.map_or_else(String::new, |period| format::period(period, lang))
    })
}

/// Why there are no lines to be columns.
#[component]
pub(super) fn Missing(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    move || match board.missing_lines() {
        None => ().into_any(),
        Some(NoLines::NoData) => view! {
            <p class="notice quiet" data-columns="none">
                {t!(i18n, lines.none)} " " <a href="/data/import">{t!(i18n, lines.none_action)}</a>
            </p>
        }
        .into_any(),
        Some(NoLines::Failed(error)) => view! { <ErrorView error=error /> }.into_any(),
    }
}
