//! The event stream as signals: a page names what it shows, and fetches it again when that has changed.
//!
//! One stream per page, opened after hydration and closed when the frame leaves. The server begins every stream with
//! the build it runs and the number of the last change; a page that has not heard of that one counts everything as
//! changed. While a stream is broken it is tried again with growing pauses.

use domain::access::Permission;
use domain::event::Event;
use leptos::prelude::*;

use crate::reserved::may;

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
    /// A plan changed or was published, or what it is reckoned with changed.
    pub plans: RwSignal<u64>,
    /// Somebody confirmed a number, or negotiates one.
    pub acknowledgements: RwSignal<u64>,
    /// The business date is another.
    pub business_date: RwSignal<u64>,
    /// Units, members, users or settings changed.
    pub people: RwSignal<u64>,
    /// An import began, moved on or ended.
    pub imports: RwSignal<u64>,
    /// The own notices changed.
    pub notices: RwSignal<u64>,
    /// A questionnaire was sent, answered, closed or deleted.
    pub questionnaires: RwSignal<u64>,
    /// The last event itself, for pages that apply deltas or show progress.
    pub last: RwSignal<Option<Event>>,
    /// Whether changes are heard.
    pub connection: RwSignal<Connection>,
    /// The server runs another build than this page: a reload is due.
    pub outdated: RwSignal<bool>,
    /// The number of the last change that was heard of.
    heard: StoredValue<i64>,
    /// Whether a change of a draft counts among `plans`: for those who plan. To the others it is `last`, which only a grid of
    /// that very draft follows; their other pages do not fetch anew with every drag of a planner.
    drafts: bool,
}

impl Live {
    fn new(heard: i64) -> Self {
        let count = || RwSignal::new(0);
        Self {
            facts: count(),
            plans: count(),
            acknowledgements: count(),
            business_date: count(),
            people: count(),
            imports: count(),
            notices: count(),
            questionnaires: count(),
            last: RwSignal::new(None),
            connection: RwSignal::new(Connection::Waiting),
            outdated: RwSignal::new(false),
            heard: StoredValue::new(heard),
            drafts: true,
        }
    }

    /// Takes one message of the stream by its fields, each as text; what is not understood is left alone (a newer server
    /// says more).
    ///
    /// The first message of a stream says which `build` the server runs and the number `seq` of the last change.
    #[cfg_attr(
        not(any(feature = "hydrate", test)),
        expect(dead_code, reason = "streams are read in the browser only")
    )]
    fn hear(&self, field: &dyn Fn(&str) -> Option<String>, number: Option<i64>, own_build: Option<&str>) {
        if let Some(build) = field("build") {
            let Some(seq) = field("seq").and_then(|seq| seq.parse().ok()) else {
                return;
            };
            self.outdated.set(own_build.is_some_and(|own| own != build));
            if self.heard.get_value() != seq {
                self.heard.set_value(seq);
                self.everything_changed();
            }
        } else if let Some(event) = Event::read(field) {
            if let Some(number) = number {
                self.heard.set_value(number);
            }
            self.count(&event);
            self.last.set(Some(event));
        }
    }

    fn count(&self, event: &Event) {
        let counter = match event {
            Event::PlanChanged { .. } if !self.drafts => return,
            Event::FactsChanged { .. } => self.facts,
            Event::PlanChanged { .. }
            | Event::ReviewChanged { .. }
            | Event::Remarked { .. }
            | Event::Published { .. }
            | Event::AssumptionsChanged => self.plans,
            Event::ImportProgress { .. } | Event::ImportDone { .. } => self.imports,
            Event::Acknowledged { .. } | Event::Negotiated { .. } => self.acknowledgements,
            Event::BusinessDateChanged => self.business_date,
            Event::PeopleChanged => self.people,
            Event::NoticesChanged { .. } => self.notices,
            Event::QuestionnairesChanged => self.questionnaires,
            // No page shows jobs.
            Event::JobsChanged => return,
        };
        counter.update(|count| *count += 1);
    }

    /// Something was not heard, and nobody knows what.
    fn everything_changed(&self) {
        for counter in [
            self.facts,
            self.plans,
            self.acknowledgements,
            self.business_date,
            self.people,
            self.imports,
            self.notices,
            self.questionnaires,
        ] {
            counter.update(|count| *count += 1);
        }
    }
}

/// Provides the stream to everything below; call once, in the frame. It opens after hydration;
/// `heard` is the number of the last change that the page already shows.
pub(crate) fn provide_live(heard: i64) -> Live {
    let live = Live {
        drafts: may(Permission::EditPlan),
        ..Live::new(heard)
    };
    provide_context(live);
    Effect::new(move |_| stream::follow(live));
    live
}

/// What the server tells; a page outside the frame hears nothing.
pub fn use_live() -> Live {
    use_context::<Live>().unwrap_or_else(|| Live::new(0))
}

#[cfg(feature = "hydrate")]
mod stream;

/// The server's twin: it speaks, it does not listen.
#[cfg(not(feature = "hydrate"))]
mod stream {
    pub(super) fn follow(_live: super::Live) {}
}

#[cfg(test)]
mod tests {
    use leptos::prelude::*;

    use super::Live;

    /// Hears a message of these fields.
    fn hear(live: &Live, fields: &[(&str, &str)], number: Option<i64>) {
        let field = |name: &str| {
            let (_, text) = fields.iter().find(|(known, _)| *known == name)?;
            Some((*text).to_owned())
        };
        live.hear(&field, number, Some("b"));
    }

    #[test]
    fn a_page_that_missed_something_fetches_everything_once() {
        let owner = Owner::new();
        owner.with(|| {
            let live = Live::new(7);
            hear(
                &live,
                &[("build", "b"), ("seq", "7"), ("business_date", "2018-02-15")],
                Some(7),
            );
            assert_eq!(live.facts.get_untracked(), 0, "nothing was missed");
            assert!(!live.outdated.get_untracked());
            hear(&live, &[("type", "business_date_changed")], Some(8));
            assert_eq!(live.business_date.get_untracked(), 1);
            hear(&live, &[("build", "b"), ("seq", "8")], Some(8));
            assert_eq!(live.facts.get_untracked(), 0, "the break missed nothing");
            hear(&live, &[("build", "c"), ("seq", "9")], Some(9));
            assert_eq!(live.facts.get_untracked(), 1, "the break missed something");
            assert!(live.outdated.get_untracked());
        });
    }

    #[test]
    fn a_draft_moves_the_pages_of_those_who_plan_only() {
        let owner = Owner::new();
        owner.with(|| {
            let id = "00000000-0000-4000-8000-000000000001";
            let changed = [
                ("type", "plan_changed"),
                ("plan", id),
                ("version", id),
                ("head", "3"),
            ];
            let planner = Live::new(0);
            let manager = Live {
                drafts: false,
                ..Live::new(0)
            };
            for live in [&planner, &manager] {
                hear(live, &changed, Some(1));
                assert!(live.last.get_untracked().is_some(), "a grid of it follows");
            }
            assert_eq!(
                (planner.plans.get_untracked(), manager.plans.get_untracked()),
                (1, 0)
            );
        });
    }

    #[test]
    fn what_a_newer_server_says_is_left_alone() {
        let owner = Owner::new();
        owner.with(|| {
            let live = Live::new(0);
            hear(&live, &[("type", "something_new")], Some(1));
            hear(&live, &[], None);
            assert!(live.last.get_untracked().is_none());
        });
    }
}
