//! Asking for another number of one period, or of a quarter: below what it is made of, a thread about that very number begins.

use domain::calendar::Day;
use domain::id::{NodeId, VersionId};
use domain::negotiation::About;
use leptos::prelude::*;

use crate::negotiation::Acts;
use crate::negotiation::form::{ProposalForm, Typed, Typing};
use crate::ui::{ButtonSize, Glyph, Icon};
use crate::words::{t, use_i18n};

/// What the number of some days should be, and why. Once it is sent, `open` is closed.
#[component]
pub(super) fn AskNumber(
    version: VersionId,
    node: NodeId,
    /// The first of the days.
    from: Day,
    /// The day after the last one.
    until: Day,
    acts: Acts,
    open: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let about = About::Own { node, from, until };
    // It may be closed, and gone, before the answer comes.
    let sent = move |_: About, _: Typed| {
        let _gone = open.try_set(false);
        let _gone = acts.begun.try_update(|begun| *begun += 1);
    };
    view! {
        <details class="propose">
            <summary class="btn">
                <Icon glyph=Glyph::Discuss />
                {t!(i18n, negotiation.propose)}
            </summary>
            <div class="stack">
                <ProposalForm
                    version=version
                    typing=Typing::new()
                    about=Signal::stored(about)
                    size=ButtonSize::Wide
                    sent=sent
                />
            </div>
        </details>
    }
}
