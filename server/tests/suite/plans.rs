//! Plans of the house: the first quarter of 2018 by month, in bookings.

use domain::calendar::{Day, PeriodKind};
use domain::id::VersionId;
use domain::money::Minor;
use domain::target::NewPlan;
use operations::Scope;

use crate::house::{House, Who};

impl House {
    /// A first draft, made by the planner.
    pub(crate) async fn draft(&self) -> VersionId {
        self.draft_by(&self.signed_in(Who::Planner).await).await
    }

    /// A version on record, made and published by the program.
    pub(crate) async fn published(&self) -> VersionId {
        let version = self.draft_by(&self.scope).await;
        self.operations.publish(&self.scope, version).await.unwrap();
        version
    }

    async fn draft_by(&self, scope: &Scope) -> VersionId {
        let plan = NewPlan {
            metric: "bookings".to_owned(),
            from: Day::from_ymd(2018, 1, 1).unwrap(),
            to: Day::from_ymd(2018, 4, 1).unwrap(),
            period_kind: PeriodKind::Month,
            total: Minor(9_000_000),
            name: None,
        };
        self.operations.create_plan(scope, plan).await.unwrap().version
    }
}
