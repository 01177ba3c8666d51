//! What changed: the events that travel from a transaction to every open screen.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::id::{ImportId, NodeId, PlanId, UserId, VersionId};

/// One change that others may want to hear of; it names what to fetch again and carries no numbers.
///
/// On the wire it is flat: `{"type": "plan_changed", "plan": …, "version": …, "head": 7}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
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
    /// A version was handed in or decided on.
    ReviewChanged {
        /// The version.
        version: VersionId,
    },
    /// Somebody said something of a version, or settled what was said.
    Remarked {
        /// The version.
        version: VersionId,
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
    /// A carrier answered to a number, or was reminded of it.
    Acknowledged {
        /// The version.
        version: VersionId,
        /// The node.
        node: NodeId,
    },
    /// A number of a version is negotiated, or its deadline is over.
    Negotiated {
        /// The version.
        version: VersionId,
    },
    /// The organization's today is another day.
    BusinessDateChanged,
    /// Units, members, users or settings changed.
    PeopleChanged,
    /// Somebody has a new notice, or has read one.
    NoticesChanged {
        /// Who, in their order; those who hear of it are not told who the others are.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        users: Vec<UserId>,
    },
    /// What a plan is reckoned with changed: a market factor, a deal left out of the history …
    AssumptionsChanged,
    /// A job failed for good, or is to be tried once more.
    JobsChanged,
    /// A questionnaire was sent, answered, closed or deleted.
    QuestionnairesChanged,
}

impl Event {
    /// The event as those who listen are told it: without the names of others.
    pub fn as_told(&self) -> Self {
        match self {
            Self::NoticesChanged { .. } => Self::NoticesChanged { users: Vec::new() },
            other => other.clone(),
        }
    }

    /// Reads an event by its fields, each as text, a list with commas between; none where it is unknown or lacks what it
    /// is about.
    ///
    /// The browser takes the fields apart with its own JSON reader: ours would be there for nothing else in the first
    /// program of every page.
    pub fn read(field: &dyn Fn(&str) -> Option<String>) -> Option<Self> {
        fn value<T: FromStr>(field: &dyn Fn(&str) -> Option<String>, name: &str) -> Option<T> {
            field(name)?.parse().ok()
        }
        let day = |name| value(field, name).map(Day);
        Some(match field("type")?.as_str() {
            "facts_changed" => Self::FactsChanged {
                metrics: field("metrics")?.split(',').map(str::to_owned).collect(),
                from_day: day("from_day")?,
                to_day: day("to_day")?,
            },
            "plan_changed" => Self::PlanChanged {
                plan: value(field, "plan")?,
                version: value(field, "version")?,
                head: value(field, "head")?,
            },
            "review_changed" => Self::ReviewChanged {
                version: value(field, "version")?,
            },
            "remarked" => Self::Remarked {
                version: value(field, "version")?,
            },
            "published" => Self::Published {
                version: value(field, "version")?,
            },
            "import_progress" => Self::ImportProgress {
                import: value(field, "import")?,
                read: value(field, "read")?,
                total: value(field, "total")?,
            },
            "import_done" => Self::ImportDone {
                import: value(field, "import")?,
            },
            "acknowledged" => Self::Acknowledged {
                version: value(field, "version")?,
                node: value(field, "node")?,
            },
            "negotiated" => Self::Negotiated {
                version: value(field, "version")?,
            },
            "business_date_changed" => Self::BusinessDateChanged,
            "people_changed" => Self::PeopleChanged,
            "notices_changed" => Self::NoticesChanged { users: Vec::new() },
            "assumptions_changed" => Self::AssumptionsChanged,
            "jobs_changed" => Self::JobsChanged,
            "questionnaires_changed" => Self::QuestionnairesChanged,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a text as the browser does.
    fn read(text: &str) -> Option<Event> {
        let json: serde_json::Value = serde_json::from_str(text).unwrap();
        let plain =
            |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Event::read(&|name| match json.get(name)? {
            serde_json::Value::Array(items) => Some(items.iter().map(plain).collect::<Vec<_>>().join(",")),
            value => Some(plain(value)),
        })
    }

    #[test]
    fn what_is_written_is_read() {
        let day = Day::parse_iso("2018-02-15").unwrap();
        for event in [
            Event::FactsChanged {
                metrics: vec!["bookings".to_owned(), "orders".to_owned()],
                from_day: day,
                to_day: day,
            },
            Event::PlanChanged {
                plan: PlanId::default(),
                version: VersionId::default(),
                head: 7,
            },
            Event::ReviewChanged {
                version: VersionId::default(),
            },
            Event::Remarked {
                version: VersionId::default(),
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
            Event::Negotiated {
                version: VersionId::default(),
            },
            Event::BusinessDateChanged,
            Event::PeopleChanged,
            Event::NoticesChanged { users: Vec::new() },
            Event::AssumptionsChanged,
            Event::JobsChanged,
        ] {
            let text = serde_json::to_string(&event).unwrap();
            assert_eq!(read(&text).as_ref(), Some(&event), "{text}");
            assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), event, "{text}");
        }
    }

    #[test]
    fn nobody_is_told_whom_else_a_notice_is_for() {
        let event = Event::NoticesChanged {
            users: vec![UserId(uuid::Uuid::from_u128(7))],
        };
        let stored = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&stored).unwrap(), event);
        let told = serde_json::to_string(&event.as_told()).unwrap();
        assert_eq!(told, r#"{"type":"notices_changed"}"#);
    }

    #[test]
    fn what_lacks_something_is_no_event() {
        for text in [r#"{"type":"published"}"#, r#"{"type":"something_new"}"#, "{}"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
