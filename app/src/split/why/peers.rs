//! How a number compares with those of its peers, who stay unknown.

use domain::explain::peers::{Peers, Placed};
use domain::format;
use leptos::prelude::*;

use crate::words::{Words, t, t_string, use_i18n};

/// What is compared.
#[derive(Clone, Copy)]
enum Figure {
    Growth,
    Stretch,
    Amount,
}

/// The comparison in words, each with a scale.
#[component]
pub(super) fn Compared(peers: Option<Peers>) -> impl IntoView {
    let i18n = use_i18n();
    let Some(peers) = peers else {
        return view! {
            <section data-part="peers">
                <h3>{t!(i18n, why.peers)}</h3>
                <p class="sm muted">{t!(i18n, why.no_peers)}</p>
            </section>
        }
        .into_any();
    };
    let figures = [
        (Figure::Growth, peers.growth),
        (Figure::Stretch, peers.stretch),
        (Figure::Amount, Some(peers.amount)),
    ];
    let rows = figures
        .into_iter()
        .filter_map(|(figure, placed)| Some((figure, placed?)))
        .map(|(figure, placed)| {
            let words = move || sentence(figure, placed, peers.members, i18n);
            let label = move || t_string!(i18n, why.scale, above = placed.above_pct).to_string();
            // Of 200 pixels, so that the mark is whole at both ends.
            let at = u32::from(placed.above_pct.min(100)) * 197 / 100;
            view! {
                <li data-above=placed.above_pct.to_string()>
                    <p class="sm">{words}</p>
                    <svg class="scale" viewBox="0 0 200 10" width="200" height="10" role="img" aria-label=label>
                        <line x1="0" x2="200" y1="5" y2="5" />
                        <rect x=at.to_string() y="0" width="3" height="10" rx="1" />
                    </svg>
                </li>
            }
        })
        .collect_view();
    let middle = peers.middle_growth_pct.map(|middle| {
        let growth = format::percent_change(f64::from(middle) / 100.0);
        view! { <p class="sm muted">{move || t_string!(i18n, why.middle, growth = growth.clone()).to_string()}</p> }
    });
    view! {
        <section data-part="peers">
            <header class="row between">
                <h3>{t!(i18n, why.peers)}</h3>
                <span class="sm muted">{t!(i18n, why.peers_whole)}</span>
            </header>
            <ul>{rows}</ul>
            {middle}
            <p class="sm muted">{t!(i18n, why.peers_unknown)}</p>
        </section>
    }
    .into_any()
}

fn sentence(figure: Figure, placed: Placed, members: bool, i18n: Words) -> String {
    let Placed { above_pct, others } = placed;
    match (figure, members) {
        (Figure::Growth, true) => {
            t_string!(i18n, why.growth_members, above = above_pct, others = others).to_string()
        }
        (Figure::Growth, false) => {
            t_string!(i18n, why.growth_units, above = above_pct, others = others).to_string()
        }
        (Figure::Stretch, true) => {
            t_string!(i18n, why.stretch_members, above = above_pct, others = others).to_string()
        }
        (Figure::Stretch, false) => {
            t_string!(i18n, why.stretch_units, above = above_pct, others = others).to_string()
        }
        (Figure::Amount, true) => {
            t_string!(i18n, why.amount_members, above = above_pct, others = others).to_string()
        }
        (Figure::Amount, false) => {
            t_string!(i18n, why.amount_units, above = above_pct, others = others).to_string()
        }
    }
}
