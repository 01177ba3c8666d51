//! Track: progress of a period against its target and its pace, by any dimension, down to the records.

pub mod address;
#[cfg(feature = "ssr")]
mod months;
pub mod progress;
pub mod ranking;
pub mod records;

use domain::access::Permission;
use domain::format;
use domain::track::{Board, BoardQuery, Newest, Records, RecordsQuery};
use leptos::prelude::*;
use leptos::server_fn::codec::{Json, Postcard};
use leptos_meta::Title;
use serde::{Deserialize, Serialize};

use crate::chart::ChartOption;
use crate::error::AppError;
use crate::live::use_live;
use crate::reserved::may;
use crate::ui::{EmptyState, ErrorView, Glyph, Skeleton, Tag, TagKind};
use crate::wire::{fetch_packed, loaded};
use crate::words::{lang, t, t_string, use_i18n};

/// A board with its chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    /// The figures.
    pub board: Board,
    /// The months as a chart.
    pub months: ChartOption,
}

/// The board of a period.
#[server(prefix = "/api/app", endpoint = "track/board", input = Json, output = Postcard)]
pub async fn load_board(query: BoardQuery) -> Result<Drawn, AppError> {
    let (operations, scope) = crate::server::asking()?;
    let board = crate::error::answer(operations.board(&scope, query).await)?;
    Ok(Drawn {
        months: months::chart(&board, crate::server::language()),
        board,
    })
}

/// The deals behind a row.
#[server(prefix = "/api/app", endpoint = "track/records", input = Json, output = Postcard)]
pub async fn records_of(query: RecordsQuery) -> Result<Records, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.records(&scope, query).await)
}

/// The page.
#[component]
pub fn TrackPage() -> impl IntoView {
    let i18n = use_i18n();
    let asked = address::query();
    let live = use_live();
    let shown = fetch_packed(
        move || {
            (
                asked.get(),
                live.facts.get(),
                live.plans.get(),
                live.business_date.get(),
                // The chart is drawn in the language of the page.
                i18n.get_locale(),
            )
        },
        |(asked, ..)| load_board(asked),
    );
    view! {
        <Title text=t!(i18n, track.title) />
        <Transition fallback=|| view! { <Skeleton /> }>
            {loaded(shown, move |found| match found {
                    Ok(Drawn { board, months }) => view! { <Shown board=board months=months /> }.into_any(),
                    Err(error) => view! { <div class="content"><ErrorView error=error /></div> }.into_any(),
                })}
        </Transition>
        <records::RecordList />
    }
}

#[component]
fn Shown(board: Board, months: ChartOption) -> impl IntoView {
    let i18n = use_i18n();
    let empty = board.is_empty();
    let newest = board.newest.clone();
    let as_of = board.as_of;
    let names: Vec<String> = board
        .months
        .iter()
        .filter_map(|row| row.keys.values().next().map(|key| key.id.clone()))
        .collect();
    view! {
        <header class="head">
            <h1>{t!(i18n, track.title)}</h1>
            <Tag kind=TagKind::Line>{t!(i18n, track.metric_bookings)}</Tag>
            <address::PeriodPicker board=board.clone() />
            <span class="sm muted nowrap">
                {move || t_string!(i18n, track.as_of, date = format::date(as_of, lang(i18n.get_locale())))}
            </span>
        </header>
        {if let Some(newest) = newest {
            view! { <NewestDeal title=t!(i18n, track.quiet) newest=newest /> }.into_any()
        } else if empty {
            view! {
                <EmptyState
                    glyph=Glyph::Track
                    title=t!(i18n, track.empty_title)
                    body=t!(i18n, track.empty_text)
                >
                    {may(Permission::Import).then(|| view! {
                        <a class="btn primary" href="/data/import">
                            {t!(i18n, track.empty_action)}
                        </a>
                    })}
                </EmptyState>
            }
                .into_any()
        } else {
            view! {
                <div class="content">
                    <div class="cards">
                        <progress::ProgressCard board=board.clone() />
                        <progress::PaceCard board=board.clone() />
                        <progress::MonthsCard chart=months names=names />
                        <ranking::Ranking board=board />
                    </div>
                </div>
            }
                .into_any()
        }}
    }
}

/// There are deals, only not at the time that is shown: says of when the newest is, and leads there.
#[component]
pub(crate) fn NewestDeal(
    /// Which time is without deals.
    #[prop(into)]
    title: TextProp,
    /// The newest deal.
    newest: Newest,
) -> impl IntoView {
    let i18n = use_i18n();
    let Newest { day, period } = newest;
    let href = format!("/track?period={}", period.name);
    let text = move || {
        let date = format::date(day, lang(i18n.get_locale()));
        t_string!(i18n, track.newest, date = date).to_string()
    };
    let action = move || {
        let period = format::period(&period, lang(i18n.get_locale()));
        t_string!(i18n, track.to_newest, period = period).to_string()
    };
    view! {
        <EmptyState glyph=Glyph::Track title=title body=text>
            <a class="btn primary" href=href>
                {action}
            </a>
        </EmptyState>
    }
}
