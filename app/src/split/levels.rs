//! Floor, target, stretch and challenge in the grid: which of them the amounts are, what a row has on each, and deciding them for the
//! whole plan. The rows in sight are asked for when scrolling has come to rest; the grid itself is the target.

pub mod own;
pub mod panel;
pub mod save;

use std::time::Duration;

use domain::event::Event;
use domain::format;
use domain::id::VersionId;
use domain::level::{Above, Given, Level, Value};
use domain::money::Currency;
use domain::people::actor;
use domain::plan::NodeIndex;
use domain::split::{LevelCells, OwnLevel, OwnRows, RowLevels};
use domain::target::LevelRow;
use leptos::prelude::*;
use leptos::server_fn::codec::{Json, Postcard};
use leptos::task::spawn_local;

use super::board::{Board, Columns, Place, Stamp};
use super::focus;
use crate::error::AppError;
use crate::frame::moment;
use crate::live::use_live;
use crate::target::written;
use crate::ui::{Choice, Segment, when, words_of};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// How long nothing was scrolled before something is fetched.
const PAUSE: Duration = Duration::from_millis(120);

/// What was decided of the levels of a version, and which of its rows have their own.
#[server(prefix = "/api/app", endpoint = "split/decided-levels", input = Json)]
pub async fn load_decided(version: VersionId) -> Result<(Given, OwnRows), AppError> {
    let (operations, scope) = crate::server::asking()?;
    let given = crate::error::answer(operations.decided_levels(&scope, version).await)?;
    let own = crate::error::answer(operations.own_level_rows(&scope, version).await)?;
    Ok((given, own))
}

/// What some rows of a version have on a level. It travels as columns.
#[server(prefix = "/api/app", endpoint = "split/level-cells", input = Json, output = Postcard)]
pub async fn load_level_cells(
    version: VersionId,
    level: Level,
    nodes: Vec<NodeIndex>,
) -> Result<LevelCells, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.level_cells(&scope, version, level, &nodes).await)
}

/// The four levels of a row of a version.
#[server(prefix = "/api/app", endpoint = "split/row-levels", input = Json)]
pub async fn load_row_levels(version: VersionId, node: NodeIndex) -> Result<RowLevels, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.row_levels(&scope, version, node).await)
}

/// Follows what was decided of the levels, and fetches what the rows in sight have on the one that is shown.
pub(super) fn follow(board: Board) {
    let version = board.version();
    let live = use_live();
    Effect::new(move |was: Option<()>| {
        let is_decided = matches!(live.last.get(), Some(Event::AssumptionsChanged));
        if was.is_none() || is_decided {
            learn(board, version);
        }
    });
    // Lines are of the target.
    Effect::new(move |_| {
        if board.columns() != Columns::Periods && !board.shows_target() {
            board.show_aim(Level::Target);
        }
    });
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |_| {
        board.rows_in_sight.track();
        let stamp = board.aim_stamp();
        let is_saved = board.unsaved.get() == 0;
        board.turn_to(stamp);
        if let Some(before) = waiting.try_update_value(Option::take).flatten() {
            before.clear();
        }
        // The server reckons of what it has: what is on its way there is waited for.
        if !board.shows_target() && is_saved {
            let later = set_timeout_with_handle(move || ask(board, version, stamp), PAUSE);
            waiting.set_value(later.ok());
        }
    });
    on_cleanup(move || {
        if let Some(later) = waiting.try_update_value(Option::take).flatten() {
            later.clear();
        }
    });
}

/// Learns what was decided; a level that nobody decides any more is not shown any longer.
fn learn(board: Board, version: VersionId) {
    spawn_local(async move {
        // The target can be worked on all the same; what went wrong is in the server's log.
        let Ok((given, own)) = load_decided(version).await else {
            return;
        };
        // The grid may be closed by now.
        let Some(level) = board.aim.try_get_untracked() else {
            return;
        };
        if level != Level::Target && given.get(level).is_none() {
            board.show_aim(Level::Target);
        }
        let _gone = board.own_rows.try_set(own);
        let _gone = board.decided.try_update(|decided| *decided = given);
    });
}

/// Asks about the rows in sight that nobody asked about yet, some at a time.
fn ask(board: Board, version: VersionId, stamp: Stamp) {
    spawn_local(async move {
        loop {
            let rows = board.take_unlevelled(stamp);
            if rows.is_empty() {
                return;
            }
            match load_level_cells(version, stamp.0, rows.clone()).await {
                Ok(found) => board.put_levelled(stamp, &found),
                Err(error) => return board.unlevel(stamp, &rows, error),
            }
        }
    });
}

/// Which level the amounts are, where another than the target was decided.
#[component]
pub(super) fn LevelSwitch(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let choices = Signal::derive(move || {
        let lang = lang(i18n.get_locale());
        let given = board.decided.get();
        let is_there = |level: &Level| *level == Level::Target || given.get(*level).is_some();
        Level::ALL
            .into_iter()
            .filter(is_there)
            .map(|level| Choice::new(level.as_str(), level.word(lang)))
            .collect::<Vec<_>>()
    });
    let value = Signal::derive(move || board.aim.get().as_str().to_owned());
    when(
        move || board.decided.with(|given| !given.is_empty()),
        move || {
            view! {
                <div data-part="level-switch">
                    <Segment
                        label=t!(i18n, levels.shown)
                        choices=choices
                        value=value
                        on_pick=Callback::new(move |level: String| {
                            if let Some(level) = Level::parse(&level) {
                                board.show_aim(level);
                            }
                        })
                    />
                </div>
            }
            .into_any()
        },
    )
}

/// What a level that is not the target is of it, and why its amounts are only read.
#[component]
pub(super) fn LevelNote(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let currency = StoredValue::new(board.currency());
    let words = move || {
        let level = board.aim.get();
        let value = board.decided.with(|given| given.get(level));
        let name = level.word(lang(i18n.get_locale()));
        let value = currency.with_value(|currency| written(value, currency));
        t_string!(i18n, levels.note, level = name, value = value).to_string()
    };
    // Where the level cannot be had at the present target, its amounts are missing: it is said why.
    let fault = move || board.aim_fault().map(|error| words_of(&error, i18n));
    when(
        move || !board.shows_target(),
        move || {
            view! {
                <p class="notice quiet" role="status" data-part="level-note">
                    {words}
                    " "
                    {move || fault().map(|words| view! { <b class="is-far" data-figure="level-fault">{words}</b> " " })}
                    <button type="button" class="btn link" on:click=move |_| {
                        board.show_aim(Level::Target);
                        // The note goes, and the focus with it.
                        focus::to_stop_if_nowhere();
                    }>
                        {t!(i18n, levels.back)}
                    </button>
                </p>
            }
            .into_any()
        },
    )
}

/// What a place has on each level, below the steps to its number; nothing where only the target was decided.
#[component]
pub(super) fn LevelsOf(board: Board, place: Place) -> impl IntoView {
    let i18n = use_i18n();
    let (version, node) = (board.version(), board.whole_index(place.0));
    let currency = StoredValue::new(board.currency());
    let is_decided = board.decided.with_untracked(|given| !given.is_empty());
    let found: LocalResource<Option<RowLevels>> = LocalResource::new(move || async move {
        if is_decided {
            // The steps are there all the same.
            load_row_levels(version, node).await.ok()
        } else {
            None
        }
    });
    move || {
        let levels = found.get().flatten().filter(RowLevels::is_decided)?;
        let own = StoredValue::new(levels.own);
        let rows = levels
            .rows
            .into_iter()
            .filter_map(|row| {
                let amount = match place.1 {
                    Some(period) => row.periods.get(usize::from(period.0)).copied(),
                    None => row.amount,
                }?;
                let full = currency.with_value(|currency| format::full(amount, currency));
                let level = row.level.as_str();
                let of = row.level;
                let is_own = own.with_value(|own| own.iter().any(|own| own.level == of));
                // What the row has of its own is said instead of the plan's ratio.
                let instead = move || {
                    own.with_value(|own| {
                        let own = own.iter().find(|own| own.level == of)?;
                        Some(currency.with_value(|currency| own_words(own, currency, i18n)))
                    })
                };
                let words = move || {
                    if is_own {
                        of.word(lang(i18n.get_locale())).to_owned()
                    } else {
                        said(&row, i18n)
                    }
                };
                Some(view! {
                    <li data-level=level data-minor=amount.0>
                        <div class="row between">
                            <span>{words}</span>
                            <span class="num strong nowrap">{full}</span>
                        </div>
                        {is_own.then(|| view! { <p class="sm muted" data-own=level>{instead}</p> })}
                    </li>
                })
            })
            .collect_view();
        Some(view! {
            <section class="why" data-part="levels">
                <h3 class="sm strong">{t!(i18n, levels.title)}</h3>
                <ul class="changes">{rows}</ul>
            </section>
        })
    }
}

/// A level with the ratio that was decided, where one was.
fn said(row: &LevelRow, i18n: Words) -> String {
    let lang = lang(i18n.get_locale());
    let name = row.level.word(lang);
    match row.value {
        Some(Value::Ratio { ppm }) => {
            format::noted(name, &format::percent(f64::from(ppm) / 1_000_000.0), lang)
        }
        _ => name.to_owned(),
    }
}

/// What a row has instead of the plan's ratio: how much, where it comes from, who set it when, and who gives way where not the rows
/// above do.
fn own_words(own: &OwnLevel, currency: &Currency, i18n: Words) -> String {
    let lang = lang(i18n.get_locale());
    let level = own.level.word(lang);
    let value = match own.value {
        Some(value) => written(Some(value), currency),
        None => format::NONE.to_owned(),
    };
    let (by, when) = (actor(&own.by, lang).to_owned(), moment(own.at_ms, lang));
    let words = match own.from.clone() {
        Some(from) => t_string!(
            i18n,
            levels.own_from,
            level = level,
            value = value,
            from = from,
            by = by,
            when = when
        )
        .to_string(),
        None => t_string!(
            i18n,
            levels.own_here,
            level = level,
            value = value,
            by = by,
            when = when
        )
        .to_string(),
    };
    if own.from.is_none() && own.above == Above::Stays {
        let stays = t_string!(i18n, levels.own_stays);
        return format!("{words}{}{stays}", lang.pick("", " "));
    }
    words
}
