//! What a plan is reckoned with. The assumptions of a metric and a planned span (market factors, deals left out of the
//! history, …) are gathered before there is a draft, and live on in every version made from them, each with its own.

use serde::{Deserialize, Serialize};

use crate::calendar::Period;
use crate::id::{PlanId, VersionId};
use crate::metric::MetricKey;
use crate::money::Currency;
use crate::target::{Span, VersionStatus};

/// Which planning is looked at: the address of every page of Set carries it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanningQuery {
    /// A version of a plan.
    #[serde(default)]
    pub version: Option<VersionId>,
    /// The name of a period to prepare a plan for, as in `FY2027`; without one and without a version: the draft in work,
    /// or the fiscal year that comes next.
    #[serde(default)]
    pub period: Option<String>,
}

impl PlanningQuery {
    /// Of a version.
    pub fn of(version: VersionId) -> Self {
        Self {
            version: Some(version),
            period: None,
        }
    }
}

/// The planning that is looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planning {
    /// What is planned.
    pub metric: MetricKey,
    /// The currency of its amounts.
    pub currency: Currency,
    /// The planned days.
    pub span: Span,
    /// The fiscal period of exactly these days; none where a plan covers other days.
    pub period: Option<Period>,
    /// The version; none while there is no draft.
    pub version: Option<PlannedVersion>,
}

/// A version that is looked at, as a page's head names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedVersion {
    /// Its plan.
    pub plan: PlanId,
    /// What the plan is called.
    pub plan_name: String,
    /// The version.
    pub id: VersionId,
    /// What the version is called.
    pub name: String,
    /// Where it stands.
    pub status: VersionStatus,
    /// Whether the draft was put away.
    #[serde(default)]
    pub shelved: bool,
}

impl Planning {
    /// Whether its assumptions may still change: those of a frozen version are part of what was decided, and a draft that
    /// was put away is taken out again first.
    pub fn is_open(&self) -> bool {
        self.version
            .as_ref()
            .is_none_or(|version| version.status == VersionStatus::Draft && !version.shelved)
    }
}
