//! What somebody's number was on a day, as it was on record then, and why.

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::id::{NodeId, PlanId, VersionId};
use crate::money::{Currency, Minor};
use crate::plan::NodeRef;
use crate::target::{Confirmation, PeriodAmount};
use crate::why::Why;

/// The numbers somebody carried on a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NumbersOn {
    /// The day; what held at its end counts, by the organization's clocks.
    pub day: Day,
    /// One for each row of each version that was on record, the latest periods first; none where nothing was.
    pub numbers: Vec<NumberOn>,
}

/// A number as it was on record on a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NumberOn {
    /// The plan.
    pub plan: PlanId,
    /// What the plan is called.
    pub plan_name: String,
    /// The version that was on record.
    pub version: VersionId,
    /// Its number, from 1.
    pub number: u32,
    /// The metric's key.
    pub metric: String,
    /// The currency of the amounts.
    pub currency: Currency,
    /// The node that carried the number.
    pub node: NodeId,
    /// The unit or person.
    pub of: NodeRef,
    /// What the unit or person was called.
    pub name: String,
    /// The number, by the periods the version was on record for.
    pub periods: Vec<PeriodAmount>,
    /// The number, over these periods.
    pub total: Minor,
    /// What had been answered by then.
    pub confirmation: Confirmation,
    /// When the version was published, milliseconds since the epoch.
    pub published_at_ms: i64,
    /// Who published it.
    pub published_by: String,
    /// Why it was that number.
    pub why: Why,
}
