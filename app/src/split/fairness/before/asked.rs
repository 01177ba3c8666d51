//! Asking for what one looks at before a decision, and how much of it has come.

use domain::id::VersionId;
use domain::publish::{Before, Looked};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::load_before;
use crate::error::AppError;
use crate::live::use_live;

/// How much of what is to be looked at before a decision was seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seen {
    /// It is on its way.
    #[default]
    Coming,
    /// It did not come.
    Failed,
    /// What is told of it.
    There(Looked),
}

impl Seen {
    /// What was looked at; none while it has not come.
    pub(crate) fn looked(self) -> Option<Looked> {
        match self {
            Self::There(looked) => Some(looked),
            Self::Coming | Self::Failed => None,
        }
    }
}

/// What was asked for, and asking for it again.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    /// What has come so far.
    pub(super) known: RwSignal<Option<Result<Before, AppError>>>,
    /// Asks for it once more.
    pub(super) again: Callback<()>,
}

impl Asked {
    /// What is pressed to ask again goes at once: the keyboard goes on at the place of what comes.
    pub(super) fn staying_at(self, place: NodeRef<html::Div>) -> Self {
        let again = Callback::new(move |()| {
            self.again.run(());
            if let Some(place) = place.get_untracked() {
                drop(place.focus());
            }
        });
        Self { again, ..self }
    }
}

/// Fetched by the browser after the page, as it takes its time; what people say is followed.
pub(super) fn ask(version: VersionId, fairness: bool) -> Asked {
    let live = use_live();
    let known = RwSignal::new(None::<Result<Before, AppError>>);
    // Counts how often it was asked for again.
    let tries = RwSignal::new(0_u32);
    Effect::new(move |_| {
        tries.track();
        if !fairness {
            live.acknowledgements.track();
        }
        spawn_local(async move {
            let answer = load_before(version, fairness).await;
            // The part may be gone by then.
            let _gone = known.try_set(Some(answer));
        });
    });
    let again = Callback::new(move |()| {
        known.set(None);
        tries.update(|tries| *tries = tries.wrapping_add(1));
    });
    Asked { known, again }
}
