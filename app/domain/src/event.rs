//! What changed: the events that travel from a transaction to every open screen.

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::id::{ImportId, NodeId, PlanId, VersionId};

/// One change that others may want to hear of; it names what to fetch again and carries no numbers.
///
/// On the wire it is flat: `{"type": "plan_changed", "plan": …, "version": …, "head": 7}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", try_from = "Flat")]
pub enum Event {
    /// Facts were written or taken back; `from_day` to `to_day`, both inclusive.
    FactsChanged {
        /// Keys of the metrics concerned.
        metrics: Vec<String>,
        /// First day concerned.
        from_day: Day,
        /// Last day concerned.
        to_day: Day,
    },
    /// A version got a new command.
    PlanChanged {
        /// The plan.
        plan: PlanId,
        /// The version.
        version: VersionId,
        /// Number of its last command.
        head: u64,
    },
    /// A version became the plan of record.
    Published {
        /// The version.
        version: VersionId,
    },
    /// An import moved on.
    ImportProgress {
        /// The import.
        import: ImportId,
        /// Rows done.
        read: u64,
        /// Rows in all, 0 while unknown.
        total: u64,
    },
    /// An import ended, well or not.
    ImportDone {
        /// The import.
        import: ImportId,
    },
    /// A carrier confirmed a number.
    Acknowledged {
        /// The version.
        version: VersionId,
        /// The node.
        node: NodeId,
    },
    /// The organization's today is another day.
    BusinessDateChanged,
    /// Units, members, users or settings changed.
    PeopleChanged,
}

/// An event as read: what any of them may carry. A tagged enum would be read through a buffer of any value there is, and
/// this is read in the first program of every page.
#[derive(Deserialize)]
struct Flat {
    r#type: Box<str>,
    metrics: Option<Vec<String>>,
    from_day: Option<Day>,
    to_day: Option<Day>,
    plan: Option<PlanId>,
    version: Option<VersionId>,
    head: Option<u64>,
    import: Option<ImportId>,
    read: Option<u64>,
    total: Option<u64>,
    node: Option<NodeId>,
}

/// Why a text is no event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an event that is unknown or lacks what it is about")]
struct NoEvent;

impl TryFrom<Flat> for Event {
    type Error = NoEvent;

    fn try_from(flat: Flat) -> Result<Self, NoEvent> {
        let event = |flat: Flat| {
            Some(match &*flat.r#type {
                "facts_changed" => Self::FactsChanged {
                    metrics: flat.metrics?,
                    from_day: flat.from_day?,
                    to_day: flat.to_day?,
                },
                "plan_changed" => Self::PlanChanged {
                    plan: flat.plan?,
                    version: flat.version?,
                    head: flat.head?,
                },
                "published" => Self::Published {
                    version: flat.version?,
                },
                "import_progress" => Self::ImportProgress {
                    import: flat.import?,
                    read: flat.read?,
                    total: flat.total?,
                },
                "import_done" => Self::ImportDone { import: flat.import? },
                "acknowledged" => Self::Acknowledged {
                    version: flat.version?,
                    node: flat.node?,
                },
                "business_date_changed" => Self::BusinessDateChanged,
                "people_changed" => Self::PeopleChanged,
                _ => return None,
            })
        };
        event(flat).ok_or(NoEvent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let day = Day::parse_iso("2018-02-15").unwrap();
        for event in [
            Event::FactsChanged {
                metrics: vec!["bookings".to_owned()],
                from_day: day,
                to_day: day,
            },
            Event::PlanChanged {
                plan: PlanId::default(),
                version: VersionId::default(),
                head: 7,
            },
            Event::Published {
                version: VersionId::default(),
            },
            Event::ImportProgress {
                import: ImportId::default(),
                read: 1,
                total: 2,
            },
            Event::ImportDone {
                import: ImportId::default(),
            },
            Event::Acknowledged {
                version: VersionId::default(),
                node: NodeId::default(),
            },
            Event::BusinessDateChanged,
            Event::PeopleChanged,
        ] {
            let text = serde_json::to_string(&event).unwrap();
            assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), event, "{text}");
        }
    }

    #[test]
    fn what_lacks_something_is_no_event() {
        for text in [r#"{"type":"published"}"#, r#"{"type":"something_new"}"#, "{}"] {
            assert!(serde_json::from_str::<Event>(text).is_err(), "{text}");
        }
    }
}
