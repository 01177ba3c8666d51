//! Branches that were split by weights of their own: whether they keep them when what is above them is split anew.

use leptos::prelude::*;

use super::blend::Blend;
use crate::split::board::Board;
use crate::ui::{Choice, Segment, when};
use crate::words::{is_chinese, t, t_string, use_i18n};

/// Branches that are named; of more there is the number.
const NAMED: usize = 5;
const KEEP: &str = "keep";
const REPLACE: &str = "replace";

/// The choice, where there are such branches within what is split.
#[component]
pub(super) fn OwnBranches(board: Board, blend: Blend) -> impl IntoView {
    let i18n = use_i18n();
    when(
        move || !blend.branches().is_empty(),
        move || {
            let names = move || {
                let branches = blend.branches();
                let more = branches.len().saturating_sub(NAMED);
                let comma = if is_chinese(i18n.get_locale()) {
                    "、"
                } else {
                    ", "
                };
                let named: Vec<String> = branches
                    .iter()
                    .take(NAMED)
                    .map(|own| board.name(own.node))
                    .collect();
                let named = named.join(comma);
                if more == 0 {
                    t_string!(i18n, weights.own_branches, names = named).to_string()
                } else {
                    t_string!(i18n, weights.own_branches_more, names = named, more = more).to_string()
                }
            };
            let choices = Signal::derive(move || {
                vec![
                    Choice::new(KEEP, t_string!(i18n, weights.own_keep)),
                    Choice::new(REPLACE, t_string!(i18n, weights.own_replace)),
                ]
            });
            let value = Signal::derive(move || {
                let chosen = if blend.keeps_own.get() { KEEP } else { REPLACE };
                chosen.to_owned()
            });
            view! {
                <div class="reach" data-own=move || blend.branches().len().to_string()>
                    <p class="sm">{names}</p>
                    <Segment
                        label=t!(i18n, weights.own_choice)
                        choices=choices
                        value=value
                        on_pick=Callback::new(move |choice: String| blend.keep_own(choice == KEEP))
                    />
                    <p class="sm muted">
                        {move || {
                            if blend.keeps_own.get() {
                                t_string!(i18n, weights.own_keep_hint)
                            } else {
                                t_string!(i18n, weights.own_replace_hint)
                            }
                        }}
                    </p>
                </div>
            }
            .into_any()
        },
    )
}
