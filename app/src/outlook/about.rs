//! What of a branch's business a market factor is about: all of it, or a product category, a product, a channel.

use domain::outlook::{NamedThing, Thing, ThingKind};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::load_factor_things;
use crate::ui::{Choice, Segment, Select};
use crate::words::{Words, t, t_string, use_i18n};

/// The choice. Only kinds of which there is something are offered.
#[component]
pub(super) fn About(
    of: RwSignal<Option<Thing>>,
    /// What is chosen already, and what it is called: shown while the others are not there yet.
    known: Option<NamedThing>,
) -> impl IntoView {
    let i18n = use_i18n();
    let things = RwSignal::new(Vec::from_iter(known));
    Effect::new(move |_| {
        spawn_local(async move {
            // Without an answer there is nothing to choose from but what is chosen; saving tells what is wrong.
            if let Ok(found) = load_factor_things().await {
                things.set(found);
            }
        });
    });
    let kind = Memo::new(move |_| of.get().map(Thing::kind));
    let kinds = Signal::derive(move || {
        let all = Choice::new(String::new(), t_string!(i18n, outlook.of_all));
        let offered = ThingKind::ALL
            .into_iter()
            .filter(|kind| things.with(|things| things.iter().any(|thing| thing.of.kind() == *kind)))
            .map(|kind| Choice::new(kind.as_str(), kind_name(kind, i18n)));
        std::iter::once(all).chain(offered).collect::<Vec<_>>()
    });
    let pick_kind = move |picked: String| {
        let first = things.with_untracked(|things| {
            things
                .iter()
                .find(|thing| thing.of.kind().as_str() == picked)
                .map(|thing| thing.of)
        });
        of.set(first);
    };
    let choices = Signal::derive(move || {
        let kind = kind.get();
        things.with(|things| {
            things
                .iter()
                .filter(|thing| Some(thing.of.kind()) == kind)
                .map(|thing| Choice::new(thing.of.id().to_string(), thing.name.clone()))
                .collect::<Vec<_>>()
        })
    });
    let pick = move |picked: String| {
        let found = things.with_untracked(|things| {
            things
                .iter()
                .find(|thing| {
                    Some(thing.of.kind()) == kind.get_untracked() && thing.of.id().to_string() == picked
                })
                .map(|thing| thing.of)
        });
        of.set(found);
    };
    view! {
        <Segment
            label=t!(i18n, outlook.of)
            choices=kinds
            value=Signal::derive(move || kind.get().map_or_else(String::new, |kind| kind.as_str().to_owned()))
            on_pick=Callback::new(pick_kind)
        />
        <div class="stack" hidden=move || kind.get().is_none()>
            <Select
                label=move || kind.get().map_or_else(String::new, |kind| kind_name(kind, i18n).to_owned())
                name="factor-of"
                choices=choices
                value=Signal::derive(move || of.get().map_or_else(String::new, |of| of.id().to_string()))
                on_pick=Callback::new(pick)
            />
            <p class="sm muted">{t!(i18n, outlook.of_hint)}</p>
        </div>
    }
}

fn kind_name(kind: ThingKind, i18n: Words) -> &'static str {
    match kind {
        ThingKind::Category => t_string!(i18n, outlook.of_category),
        ThingKind::Product => t_string!(i18n, outlook.of_product),
        ThingKind::Channel => t_string!(i18n, outlook.kind_channel),
    }
}
