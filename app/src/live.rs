//! The event stream as signals: a page names what it shows, and fetches it again when that has changed.
//!
//! One stream per page, opened after hydration and closed when the frame leaves. The server begins every stream with
//! the build it runs; while a stream is broken it is tried again with growing pauses, and after a break everything
//! counts as changed, because what happened meanwhile was not heard.

use domain::event::Event;
use leptos::prelude::*;
use serde::Deserialize;

/// Whether changes are heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Connection {
    /// Not yet.
    #[default]
    Waiting,
    /// Yes.
    Open,
    /// Broken; will be tried again.
    Lost,
}

/// What the server tells. Every number counts changes: a `Resource` that reads one in its source fetches again.
#[derive(Clone, Copy, Debug)]
pub struct Live {
    /// Facts changed.
    pub facts: RwSignal<u64>,
    /// A plan changed or was published.
    pub plans: RwSignal<u64>,
    /// Somebody confirmed a number.
    pub acknowledgements: RwSignal<u64>,
    /// The business date is another.
    pub business_date: RwSignal<u64>,
    /// Units, members, users or settings changed.
    pub people: RwSignal<u64>,
    /// An import began, moved on or ended.
    pub imports: RwSignal<u64>,
    /// The last event itself, for pages that apply deltas or show progress.
    pub last: RwSignal<Option<Event>>,
    /// Whether changes are heard.
    pub connection: RwSignal<Connection>,
    /// The server runs another build than this page: a reload is due.
    pub outdated: RwSignal<bool>,
}

/// What the server says in a message of the stream.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Message {
    /// The first one.
    Hello {
        /// The build the server runs.
        build: String,
    },
    /// Something changed.
    Changed(Event),
}

impl Live {
    fn new() -> Self {
        let count = || RwSignal::new(0);
        Self {
            facts: count(),
            plans: count(),
            acknowledgements: count(),
            business_date: count(),
            people: count(),
            imports: count(),
            last: RwSignal::new(None),
            connection: RwSignal::new(Connection::Waiting),
            outdated: RwSignal::new(false),
        }
    }

    /// Takes one message of the stream; what is not understood is left alone (a newer server says more).
    #[cfg_attr(
        not(feature = "hydrate"),
        expect(dead_code, reason = "streams are read in the browser only")
    )]
    fn hear(&self, text: &str, own_build: Option<&str>) {
        match serde_json::from_str(text) {
            Ok(Message::Hello { build }) => {
                self.outdated.set(own_build.is_some_and(|own| own != build));
            }
            Ok(Message::Changed(event)) => {
                self.count(&event);
                self.last.set(Some(event));
            }
            Err(_) => {}
        }
    }

    fn count(&self, event: &Event) {
        let counter = match event {
            Event::FactsChanged { .. } => self.facts,
            Event::PlanChanged { .. } | Event::Published { .. } => self.plans,
            Event::ImportProgress { .. } | Event::ImportDone { .. } => self.imports,
            Event::Acknowledged { .. } => self.acknowledgements,
            Event::BusinessDateChanged => self.business_date,
            Event::PeopleChanged => self.people,
        };
        counter.update(|count| *count += 1);
    }

    /// After a break: nobody knows what was missed.
    #[cfg_attr(
        not(feature = "hydrate"),
        expect(dead_code, reason = "streams are read in the browser only")
    )]
    fn everything_changed(&self) {
        for counter in [
            self.facts,
            self.plans,
            self.acknowledgements,
            self.business_date,
            self.people,
            self.imports,
        ] {
            counter.update(|count| *count += 1);
        }
    }
}

/// Provides the stream to everything below; call once, in the frame. It opens after hydration.
pub(crate) fn provide_live() -> Live {
    let live = Live::new();
    provide_context(live);
    Effect::new(move |_| stream::follow(live));
    live
}

/// What the server tells; a page outside the frame hears nothing.
pub fn use_live() -> Live {
    use_context::<Live>().unwrap_or_else(Live::new)
}

#[cfg(feature = "hydrate")]
mod stream;

/// The server's twin: it speaks, it does not listen.
#[cfg(not(feature = "hydrate"))]
mod stream {
    pub(super) fn follow(_live: super::Live) {}
}
