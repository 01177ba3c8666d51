//! What each row brought before the plan, as a small line. It is fetched for the rows in sight only, when scrolling has come to
//! rest.

use std::time::Duration;

use domain::calendar::Period;
use domain::format;
use domain::id::VersionId;
use domain::money::{Currency, Minor};
use domain::plan::NodeIndex;
use domain::split::{Growth, Trend, Trends};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::board::Board;
use super::panel::shows_trend;
use crate::error::AppError;
use crate::live::use_live;
use crate::words::{Words, lang, t_string, use_i18n};

/// How long nothing was scrolled before something is fetched.
const PAUSE: Duration = Duration::from_millis(120);
/// The drawing's own measures.
const WIDTH: f64 = 72.0;
const HEIGHT: f64 = 16.0;
/// Room around the line, so that its ends are not cut.
const EDGE: f64 = 1.0;

/// What some rows of a version brought before the plan.
#[server(prefix = "/api/app", endpoint = "split/trends", input = server_fn::codec::Json)]
pub async fn load_trends(version: VersionId, nodes: Vec<NodeIndex>) -> Result<Trends, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.trends(&scope, version, &nodes).await)
}

/// Fetches what the rows in sight brought, each once until there are other facts.
pub(super) fn follow(board: Board) {
    let live = use_live();
    let version = board.version();
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |was: Option<u64>| {
        board.rows_in_sight.track();
        let facts = live.facts.get();
        if was.is_some_and(|was| was != facts) {
            board.forget_trends();
        }
        if let Some(before) = waiting.try_update_value(Option::take).flatten() {
            before.clear();
        }
        let later = set_timeout_with_handle(move || ask(board, version), PAUSE);
        waiting.set_value(later.ok());
        facts
    });
    on_cleanup(move || {
        if let Some(later) = waiting.try_update_value(Option::take).flatten() {
            later.clear();
        }
    });
}

/// Asks again about what did not come.
pub(super) fn again(board: Board) {
    ask(board, board.version());
}

/// Asks about the rows in sight that nobody asked about yet, some at a time. Where they are hidden nobody does. What does not come
/// is told of (`tools`).
fn ask(board: Board, version: VersionId) {
    if !shows_trend() {
        return;
    }
    spawn_local(async move {
        loop {
            let rows = board.take_unasked();
            if rows.is_empty() {
                return board.trends_came(true);
            }
            match load_trends(version, rows.clone()).await {
                Ok(trends) => board.put_trends(trends),
                // The numbers can be worked on all the same; what went wrong is in the server's log.
                Err(_) => {
                    board.unask(&rows);
                    return board.trends_came(false);
                }
            }
        }
    });
}

/// The line of a row, with the same in words.
#[component]
pub(super) fn TrendLine(board: Board, node: NodeIndex) -> impl IntoView {
    let i18n = use_i18n();
    let currency = StoredValue::new(board.currency());
    move || {
        let drawn = board.trend(node, |trend, quarters| {
            let words = currency.with_value(|currency| words(trend, quarters, currency, i18n));
            (path(trend, quarters.len()), words)
        });
        match drawn {
            Some((path, words)) => {
                let label = words.clone();
                view! {
                    <span role="img" aria-label=label title=words>
                        <svg
                            class="soft"
                            width=WIDTH.to_string()
                            height=HEIGHT.to_string()
                            viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                            aria-hidden="true"
                        >
                            <path d=path fill="none" stroke="currentColor" stroke-width="1.2" stroke-linejoin="round" stroke-linecap="round"></path>
                        </svg>
                    </span>
                }
                .into_any()
            }
            None => view! { <span class="muted">{format::NONE}</span> }.into_any(),
        }
    }
}

/// The line through the quarters; one quarter is a point.
fn path(trend: &Trend, quarters: usize) -> String {
    let points = trend.line(quarters, WIDTH - 2.0 * EDGE, HEIGHT - 2.0 * EDGE);
    let mut path = String::with_capacity(points.len() * 12);
    for (place, (x, y)) in points.iter().enumerate() {
        let pen = if place == 0 { 'M' } else { 'L' };
        path.push_str(&format!("{pen}{:.1} {:.1}", x + EDGE, y + EDGE));
    }
    if points.len() == 1 {
        path.push_str("h0");
    }
    path
}

/// The first and the last quarter, and how it grew.
fn words(trend: &Trend, quarters: &[Period], currency: &Currency, i18n: Words) -> String {
    let lang = lang(i18n.get_locale());
    let money = |amount: Minor| format::compact(amount, currency, lang);
    let name = |quarter: Option<&Period>| {
        quarter.map_or_else(
            || format::NONE.to_owned(),
            |quarter| format::period(quarter, lang),
        )
    };
    let begins = quarters.len().saturating_sub(trend.amounts.len());
    let to = name(quarters.last());
    let ends = match trend.amounts.as_slice() {
        [first, .., last] => t_string!(
            i18n,
            rows.trend,
            first = money(*first),
            from = name(quarters.get(begins)),
            last = money(*last),
            to = to
        )
        .to_string(),
        [only] => t_string!(i18n, rows.trend_one, last = money(*only), to = to).to_string(),
        [] => return String::new(),
    };
    let growth = match trend.growth() {
        Some(Growth::Years(growth)) => {
            t_string!(i18n, rows.trend_years, growth = format::percent_change(growth)).to_string()
        }
        Some(Growth::Ends(growth)) => {
            t_string!(i18n, rows.trend_ends, growth = format::percent_change(growth)).to_string()
        }
        None => return ends,
    };
    format!("{ends}{}{growth}", lang.pick("；", "; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_goes_from_the_first_to_the_last_quarter() {
        let trend = Trend::of(NodeIndex(0), [1, 2].map(Minor).to_vec());
        assert_eq!(path(&trend, 2), "M1.0 8.0L71.0 1.0");
        let one = Trend::of(NodeIndex(0), vec![Minor(5)]);
        assert_eq!(path(&one, 3), "M71.0 1.0h0");
    }
}
