//! The weights beside the grid: how much each basis counts in a split, what that would do to every row before anything is
//! changed, which ways would have been right before, and the formula in words and signs.

pub mod best;
pub mod blend;
pub mod factors;
pub mod formula;
pub mod models;
pub mod own;
pub mod ramp;
pub mod sliders;
mod tried;

use domain::backtest::models::Models;
use domain::id::VersionId;
use domain::plan::{Basis, NodeIndex};
use leptos::prelude::*;

use super::board::Board;
use super::offer::WaysOut;
use super::panel::is_wide;
use super::send::Sender;
use crate::error::AppError;
use crate::ui::{Button, ButtonKind, ButtonSize, Choice, Segment, when};
use crate::words::{t, t_string, use_i18n};
use best::Best;
use blend::Blend;
use factors::Factors;
use formula::Formula;
use models::Presets;
use own::OwnBranches;
use sliders::Sliders;

/// The ways of splitting a version can go by, with what each would have come to in past quarters.
#[server(prefix = "/api/app", endpoint = "split/models", input = server_fn::codec::Json)]
pub async fn load_models(version: VersionId) -> Result<Models, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.split_models(&scope, version).await)
}

/// The bases with their sliders, what they would do, and the formula.
#[component]
pub(super) fn Panel(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let sender = expect_context::<Sender>();
    let blend = Blend::new(board);
    let refused = Signal::derive(move || Some((blend.refusal.get()?, blend.command())));
    let opened = is_wide();
    // What the past says of the ways is fetched once, when the panel is first open.
    let asked = RwSignal::new(opened);
    let loaded = models::load(board, asked);
    // Where there is but one basis there is nothing to weigh.
    let fixed = board.about(|open| open.bases.len()) < 2 || !board.may_edit();
    view! {
        <details
            class="panel"
            open=opened
            // Also told of when it begins open.
            on:toggle=move |_| {
                // A moment later: the grid may be gone.
                if asked.try_get_untracked() == Some(false) {
                    asked.set(true);
                }
            }
        >
            <summary class="row between">
                <h2>{t!(i18n, split.bases)}</h2>
                <span class="sm muted">{t!(i18n, split.bases_total)}</span>
            </summary>
            {when(
                move || !blend.is_by_bases(),
                move || view! { <p class="sm muted">{t!(i18n, split.no_bases)}</p> }.into_any(),
            )}
            <Best loaded=loaded blend=blend fixed=fixed />
            {board.may_edit().then(|| view! { <Reach board=board blend=blend /> })}
            <Sliders blend=blend fixed=fixed />
            {board.may_edit().then(|| view! {
                <Factors board=board blend=blend asked=asked />
                <OwnBranches board=board blend=blend />
            })}
            {when(
                move || blend.refusal.with(Option::is_some),
                move || {
                    let words = move || {
                        let locale = i18n.get_locale();
                        let refusal = blend.refusal.get();
                        refusal.map(|refusal| super::refusal::said(board, locale, &refusal))
                    };
                    view! { <p class="sm is-behind" role="alert">{words}</p> }.into_any()
                },
            )}
            <WaysOut board=board asked=refused taken=Callback::new(move |()| blend.end()) />
            {when(
                move || blend.tried.get() && blend.refusal.with(Option::is_none),
                move || view! { <p class="sm muted" role="status">{t!(i18n, weights.live)}</p> }.into_any(),
            )}
            <Button
                size=ButtonSize::Wide
                disabled=Signal::derive(move || !board.may_edit() || sender.is_busy() || !blend.is_ready())
                press=move |_| blend.apply(&sender)
            >
                {t!(i18n, split.apply_bases)}
            </Button>
            {when(
                move || blend.tried.get(),
                move || {
                    view! {
                        <Button kind=ButtonKind::Quiet size=ButtonSize::Wide press=move |_| blend.discard()>
                            {t!(i18n, weights.discard)}
                        </Button>
                    }
                        .into_any()
                },
            )}
            <p class="sm muted">{t!(i18n, split.apply_bases_hint)}</p>
            {when(
                move || board.may_edit() || blend.is_by_bases(),
                move || view! { <Formula blend=blend /> }.into_any(),
            )}
            <Presets loaded=loaded blend=blend fixed=fixed />
        </details>
    }
}

/// What is split: the whole plan, or the branch of the selected row.
#[component]
fn Reach(board: Board, blend: Blend) -> impl IntoView {
    let i18n = use_i18n();
    // The branch that is chosen, and that of the selected row where something lies below it.
    let branches = Memo::new(move |_| {
        let chosen = blend.node.get();
        let selected = board.selected.get();
        let mut nodes = vec![NodeIndex(0)];
        let has_rows = board.shape(|shape| shape.has(selected) && !shape.is_leaf(selected));
        for node in [Some(chosen), has_rows.then_some(selected)].into_iter().flatten() {
            if !nodes.contains(&node) {
                nodes.push(node);
            }
        }
        nodes
    });
    let choices = Signal::derive(move || {
        let choice = |node: NodeIndex| {
            let label = if node == NodeIndex(0) {
                t_string!(i18n, weights.whole_plan).to_owned()
            } else {
                board.name(node)
            };
            Choice::new(node.0.to_string(), label)
        };
        branches.get().into_iter().map(choice).collect::<Vec<_>>()
    });
    let value = Signal::derive(move || blend.node.get().0.to_string());
    view! {
        <div class="reach">
            <p class="sm muted">{t!(i18n, weights.reach)}</p>
            <Segment
                label=t!(i18n, weights.reach)
                choices=choices
                value=value
                on_pick=Callback::new(move |node: String| {
                    if let Ok(node) = node.parse() {
                        blend.aim_at(NodeIndex(node));
                    }
                })
            />
            <p class="sm muted" data-reach=move || blend.node.get().0.to_string()>
                {move || {
                    let node = blend.node.get();
                    if node == NodeIndex(0) {
                        t_string!(i18n, weights.reach_whole).to_owned()
                    } else {
                        t_string!(i18n, weights.reach_branch, name = board.name(node)).to_string()
                    }
                }}
            </p>
        </div>
    }
}

/// What a basis is called.
pub(super) fn basis_name(basis: Basis, words: crate::words::Words) -> &'static str {
    match basis {
        Basis::Equal => t_string!(words, split.basis_equal),
        Basis::History => t_string!(words, split.basis_history),
        Basis::Capability => t_string!(words, split.basis_capability),
        Basis::Potential => t_string!(words, split.basis_potential),
        Basis::Customers => t_string!(words, split.basis_customers),
        Basis::Pipeline => t_string!(words, split.basis_pipeline),
        Basis::Imported => t_string!(words, split.basis_imported),
    }
}
