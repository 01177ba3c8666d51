//! The threads of the numbers one carries, below them at the own target.

use leptos::prelude::*;

use super::card::TalkCard;
use super::{Acts, load_own};
use crate::live::use_live;
use crate::ui::ErrorView;
use crate::wire::{fetch, loaded};
use crate::words::{t, use_i18n};

/// The threads; nothing where there are none.
#[component]
pub(crate) fn OwnTalks(
    /// Counts the answers that were sent: one of them may have begun a thread.
    #[prop(into)]
    answered: Signal<usize>,
    /// What their forms do.
    acts: Acts,
) -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    // Whoever carries a number hears of the other side's moves by their notices.
    let source = move || {
        (
            live.notices.get(),
            live.acknowledgements.get(),
            answered.get(),
            acts.sent(),
        )
    };
    let talks = fetch(source, |_| load_own());
    view! {
        <Transition fallback=|| ()>
            {loaded(talks, move |found| match found {
                    Ok(talks) if talks.is_empty() => ().into_any(),
                    Ok(talks) => {
                        view! {
                            <section class="own-talks">
                                <h2>{t!(i18n, negotiation.title)}</h2>
                                {move || acts.failed().map(|error| view! { <ErrorView error=error /> })}
                                {talks
                                    .into_iter()
                                    .map(|talk| view! { <TalkCard talk=talk acts=acts /> })
                                    .collect_view()}
                            </section>
                        }
                            .into_any()
                    }
                    Err(error) => view! { <div class="content"><ErrorView error=error /></div> }.into_any(),
                })}
        </Transition>
    }
}
