//! The bases beside the grid: how much history and how much equality a new split takes.

use domain::format;
use domain::money::Minor;
use domain::plan::Basis;
use domain::plan::{BasisWeights, NodeIndex, PlanCommand, Spread};
use leptos::prelude::*;

use super::board::Board;
use super::send::Sender;
use crate::remark::{Number, Remarks};
use crate::ui::{Button, ButtonSize, when};
use crate::words::{t, use_i18n};

/// All of it, in millionths.
const WHOLE_PPM: u32 = 1_000_000;

/// One slider for each basis; together they make 100 %.
#[component]
pub(super) fn Panel(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let sender = expect_context::<Sender>();
    let in_force = Memo::new(move |_| board.share_ppm(Basis::History));
    // Where nothing is known of what was done before, all is equal and there is nothing to weigh.
    let fixed = in_force.get_untracked().is_none() || !board.may_edit();
    // Amounts that were imported or typed in follow no basis; what the sliders then show is a proposal.
    let by_bases = Memo::new(move |_| {
        let shares = [Basis::History, Basis::Equal].map(|basis| board.share_ppm(basis).unwrap_or(0));
        shares.iter().any(|share_ppm| *share_ppm > 0)
    });
    let history_ppm = RwSignal::new(0);
    // Also after an undo, or when somebody else split anew.
    Effect::watch(
        move || match in_force.get() {
            Some(share_ppm) if by_bases.get() => share_ppm.min(WHOLE_PPM),
            Some(_) => WHOLE_PPM,
            None => 0,
        },
        move |share_ppm, _, _| history_ppm.set(*share_ppm),
        true,
    );
    let equal_ppm = Signal::derive(move || WHOLE_PPM - history_ppm.get());
    let percent = |ppm: u32| format::percent(f64::from(ppm) / f64::from(WHOLE_PPM));
    let parse = |text: &str| text.parse::<u32>().unwrap_or(0).min(100) * (WHOLE_PPM / 100);
    let split = move |_| {
        let history = history_ppm.get_untracked();
        let bases = board.about(|open| open.bases.clone());
        let bases = bases.into_iter().filter_map(|basis| {
            let share_ppm = match basis.basis {
                Basis::History => history,
                Basis::Equal => WHOLE_PPM - history,
                _ => return None,
            };
            Some(BasisWeights { share_ppm, ..basis })
        });
        sender.send(PlanCommand::Split {
            node: NodeIndex(0),
            spread: Spread::Subtree,
            bases: bases.collect(),
            factors: Vec::new(),
            proposals: Vec::new(),
            uplift_ppm: Vec::new(),
            step: Minor(1),
            reason: None,
        });
    };
    view! {
        <details class="panel" open=is_wide()>
            <summary class="row between">
                <h2>{t!(i18n, split.bases)}</h2>
                <span class="sm muted">{t!(i18n, split.bases_total)}</span>
            </summary>
            {when(
                move || !by_bases.get(),
                move || view! { <p class="sm muted">{t!(i18n, split.no_bases)}</p> }.into_any(),
            )}
            <label class="basis">
                <span class="row between">
                    <span><b>{t!(i18n, split.basis_history)}</b> " " <span class="sm muted">{t!(i18n, split.basis_history_hint)}</span></span>
                    <b class="nowrap">{move || percent(history_ppm.get())}</b>
                </span>
                <input type="range" name="history" min="0" max="100" step="1" disabled=fixed
                    prop:value=move || (history_ppm.get() / (WHOLE_PPM / 100)).to_string()
                    on:input=move |event| history_ppm.set(parse(&event_target_value(&event))) />
            </label>
            <label class="basis">
                <span class="row between">
                    <span><b>{t!(i18n, split.basis_equal)}</b> " " <span class="sm muted">{t!(i18n, split.basis_equal_hint)}</span></span>
                    <b class="nowrap">{move || percent(equal_ppm.get())}</b>
                </span>
                <input type="range" name="equal" min="0" max="100" step="1" disabled=fixed
                    prop:value=move || (equal_ppm.get() / (WHOLE_PPM / 100)).to_string()
                    on:input=move |event| history_ppm.set(WHOLE_PPM - parse(&event_target_value(&event))) />
            </label>
            <Button size=ButtonSize::Wide disabled=Signal::derive(move || !board.may_edit() || sender.is_busy()) press=split>
                {t!(i18n, split.apply_bases)}
            </Button>
            <p class="sm muted">{t!(i18n, split.apply_bases_hint)}</p>
        </details>
    }
}

/// What was said of the numbers; a new remark is of the selected row.
#[component]
pub(super) fn RemarkPanel(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let (version, periods, offset) = board.about(|open| (open.version, open.periods.clone(), open.offset));
    let subject = Signal::derive(move || {
        let node = board.selected.get();
        let name = board.about(|open| {
            let shape = open.grid.shape();
            shape.has(node).then(|| shape.name(node).to_owned())
        });
        name.map(|name| Number {
            node: NodeIndex(node.0 + offset),
            name,
            period: None,
        })
    });
    view! {
        <details class="panel">
            <summary class="row between">
                <h2>{t!(i18n, approval.remarks)}</h2>
                <a class="sm" href=domain::approval::address(version)>{t!(i18n, approval.title)}</a>
            </summary>
            <Remarks version=version periods=periods subject=subject />
        </details>
    }
}

/// In place of the bases, where none is known: the numbers came as they are.
#[component]
pub(super) fn NoBases() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <details class="panel" open=is_wide()>
            <summary class="row between">
                <h2>{t!(i18n, split.bases)}</h2>
            </summary>
            <p class="sm muted">{t!(i18n, split.bases_unknown)}</p>
        </details>
    }
}

/// Whether there is room beside the grid; below it the panel begins folded.
fn is_wide() -> bool {
    #[cfg(feature = "hydrate")]
    return window()
        .match_media("(min-width: 720px)")
        .ok()
        .flatten()
        .is_none_or(|query| query.matches());
    #[cfg(not(feature = "hydrate"))]
    return true;
}
