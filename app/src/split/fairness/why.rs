//! The card of a figure: what it is, its formula with the numbers put in, over whom it goes, the rows that make most of it, and what
//! it is held against. Each figure is the button that opens it, by a press, Enter and the key of menus.

use std::time::Duration;

use domain::fairness::{Because, Figure, LimitsSet, Over, Settings, because};
use domain::format;
use domain::people::actor;
use domain::plan::NodeIndex;
use leptos::ev;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use super::Fair;
use crate::error::AppError;
use crate::frame::moment;
use crate::split::board::Board;
use crate::ui::{Dialog, DialogPlace, Skeleton};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// All of it, in millionths.
const WHOLE_PPM: f64 = 1e6;

/// Who chose the limits that hold.
#[server(prefix = "/api/app", endpoint = "fairness/limits-set", input = Json)]
pub async fn load_limits_set() -> Result<Option<LimitsSet>, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.fairness_limits_set(&scope).await)
}

/// What a figure is called.
pub(super) fn name(figure: Figure, i18n: Words) -> String {
    match figure {
        Figure::Reached => t_string!(i18n, fairness.reached),
        Figure::Whole => t_string!(i18n, fairness.whole),
        Figure::Stretch => t_string!(i18n, fairness.stretch),
        Figure::Gini => t_string!(i18n, fairness.gini),
        Figure::Ratio => t_string!(i18n, fairness.ratio),
        Figure::ChanceSd => t_string!(i18n, fairness.chance_sd),
        Figure::NewHires => t_string!(i18n, fairness.hires),
        Figure::Padding => t_string!(i18n, fairness.padding_total),
        Figure::Correlations => t_string!(i18n, fairness.why_correlations),
        // The topmost is the first level.
        Figure::PaddingLevel(place) => {
            let level = format::count(place as u64 + 2);
            return t_string!(i18n, fairness.padding_level, level = level).to_string();
        }
    }
    .to_owned()
}

/// What is shown of a figure, as the button that opens its card.
pub(super) fn ask(figure: Figure, card: RwSignal<Option<Figure>>, i18n: Words, shown: AnyView) -> AnyView {
    view! {
        <button
            type="button"
            class="btn link"
            aria-haspopup="dialog"
            data-why=figure.as_str()
            on:click=move |_| card.set(Some(figure))
            on:keydown=move |event| {
                if is_menu_key(&event) {
                    event.prevent_default();
                    card.set(Some(figure));
                }
            }
        >
            // Its name stands beside it, and is heard with it.
            <span class="sr">{name(figure, i18n)}": "</span>
            {shown}
        </button>
    }
    .into_any()
}

/// The key of menus, which keyboards without it have as Shift and F10.
fn is_menu_key(event: &ev::KeyboardEvent) -> bool {
    match event.key().as_str() {
        "ContextMenu" => true,
        "F10" => event.shift_key(),
        _ => false,
    }
}

/// The card of the figure that was asked about.
#[component]
pub(in crate::split) fn FigureCard(board: Board, fair: Fair) -> impl IntoView {
    let i18n = use_i18n();
    let card = fair.card;
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(card.with(Option::is_some)));
    Effect::new(move |_| {
        if !open.get() && card.with_untracked(Option::is_some) {
            card.set(None);
        }
    });
    let title = move || card.get().map_or_else(String::new, |figure| name(figure, i18n));
    view! {
        <Dialog open=open title=title place=DialogPlace::Side>
            {move || card.get().map(|figure| view! { <Told board=board fair=fair figure=figure /> })}
        </Dialog>
    }
}

#[component]
fn Told(board: Board, fair: Fair, figure: Figure) -> impl IntoView {
    let i18n = use_i18n();
    let found = move || {
        let lang = lang(i18n.get_locale());
        fair.ground.with(|ground| {
            let Some(Some(Ok(ground))) = ground else {
                return None;
            };
            fair.judged.with(|judged| {
                let judged = judged.as_ref()?.as_ref().ok()?;
                let found = board.with_shown(|shape, offset, total| {
                    because(figure, ground, judged, (shape, offset), total, lang)
                });
                Some(found)
            })
        })
    };
    view! {
        <section class="why stack" data-card="figure" data-of=figure.as_str()>
            <p>{move || figure.meaning(lang(i18n.get_locale()))}</p>
            {move || found().map_or_else(
                || view! { <Skeleton /> }.into_any(),
                |because| numbers(figure, because, board, fair, i18n),
            )}
            <h3 class="sm strong">{t!(i18n, fairness.limits)}</h3>
            <Threshold fair=fair figure=figure />
        </section>
    }
}

/// What the figure was worked out from.
fn numbers(figure: Figure, because: Because, board: Board, fair: Fair, i18n: Words) -> AnyView {
    let lang = lang(i18n.get_locale());
    let Because { numbers, over, rows } = because;
    let of = board.name(NodeIndex(0));
    let over = match over {
        Over::People(people) => {
            let count = format::count(people as u64);
            t_string!(i18n, fairness.why_people, name = of, count = count).to_string()
        }
        Over::Rows(rows) => {
            let count = format::count(rows as u64);
            t_string!(i18n, fairness.why_rows, name = of, count = count).to_string()
        }
    };
    let named = figure.rows_are(lang).filter(|_| !rows.is_empty());
    let rows = rows
        .into_iter()
        .map(|row| {
            let node = row.node;
            // Once the dialog is closed: that puts the focus where it was.
            let reveal = move |_| {
                fair.card.set(None);
                set_timeout(move || board.reveal(node), Duration::ZERO);
            };
            view! {
                <li class="row between" data-row=node.0>
                    <button type="button" class="btn link" on:click=reveal>{move || board.name(node)}</button>
                    <span class="sm num">{row.words}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <h3 class="sm strong">{t_string!(i18n, fairness.why_formula)}</h3>
        <p class="sm muted">{figure.formula(lang)}</p>
        <p class="num strong" data-part="numbers">{numbers}</p>
        <h3 class="sm strong">{t_string!(i18n, fairness.why_over)}</h3>
        <p class="sm" data-part="over">{over}</p>
        {named.map(|named| view! {
            <h3 class="sm strong">{named}</h3>
            <ul class="changes" data-part="rows">{rows}</ul>
        })}
    }
    .into_any()
}

/// What the figure is held against, and who chose that.
#[component]
fn Threshold(fair: Fair, figure: Figure) -> impl IntoView {
    let i18n = use_i18n();
    let measure = figure.measure();
    let set: LocalResource<Option<Option<LimitsSet>>> = LocalResource::new(move || async move {
        if measure.is_some() {
            load_limits_set().await.ok()
        } else {
            None
        }
    });
    let limits = move || {
        let measure = measure?;
        let limit = fair.limits.with(|limits| {
            limits
                .list()
                .iter()
                .find(|limit| limit.measure == measure)
                .copied()
        })?;
        let side = if measure.is_least() {
            t_string!(i18n, fairness.at_least)
        } else {
            t_string!(i18n, fairness.at_most)
        };
        let warns = (t_string!(i18n, fairness.warns), limit.warn_ppm);
        let blocks = (t_string!(i18n, fairness.blocks), limit.block_ppm);
        let words: Vec<String> = [warns, blocks]
            .into_iter()
            .filter_map(|(what, ppm)| {
                let share = format::percent(f64::from(ppm?) / WHOLE_PPM);
                Some(format!("{what} {share} {side}"))
            })
            .collect();
        Some(if words.is_empty() {
            t_string!(i18n, fairness.why_no_limit).to_owned()
        } else {
            words.join(" · ")
        })
    };
    let usual = move || figure.usual(&Settings::default(), lang(i18n.get_locale()));
    let nothing = move || {
        let is_held = measure.is_some() || usual().is_some();
        (!is_held).then(|| t_string!(i18n, fairness.why_no_threshold))
    };
    let by = move || {
        let lang = lang(i18n.get_locale());
        if measure.is_none() {
            // What is not chosen is the same everywhere.
            return usual().map(|_| t_string!(i18n, fairness.why_built_in).to_owned());
        }
        Some(match set.get().flatten()? {
            Some(LimitsSet { by, at_ms }) => {
                let (by, when) = (actor(&by, lang).to_owned(), moment(at_ms, lang));
                t_string!(i18n, fairness.why_set, by = by, when = when).to_string()
            }
            None => t_string!(i18n, fairness.why_not_set).to_owned(),
        })
    };
    view! {
        <p class="sm" data-part="limit">{limits}</p>
        <p class="sm">{usual}{nothing}</p>
        <p class="sm muted" data-part="set-by">{by}</p>
    }
}
