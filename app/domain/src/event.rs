//! What changed: the events that travel from a transaction to every open screen.

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::id::{ImportId, NodeId, PlanId, VersionId};

/// One change that others may want to hear of; it names what to fetch again and carries no numbers.
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
