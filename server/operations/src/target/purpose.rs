//! What a target serves.

use domain::assumption::Planning;
use domain::money::Minor;
use domain::plan::PeriodIndex;
use domain::target::{Purpose, Span, VersionStatus};

use super::ROOT;
use crate::plan::state::{self, State};
use crate::{Error, Operations, Scope, assumption};

impl Operations {
    /// What a target serves: as somebody said, or else the plan of record that contains its days.
    pub(super) async fn purpose(
        &self,
        scope: &Scope,
        planning: &Planning,
        state: &State,
    ) -> Result<Option<Purpose>, Error> {
        let reader = self.database.reader();
        if let Some(set) = assumption::find(&reader, scope, planning).await?
            && let Some((name, asks)) = store::purpose::get(&reader, scope, set).await?
        {
            return Ok(Some(Purpose {
                name,
                asks,
                span: None,
                found: false,
            }));
        }
        let wider = self.plans(scope).await?.into_iter().find_map(|plan| {
            let (first, last) = (plan.periods.first()?, plan.periods.last()?);
            let span = Span {
                starts_on: first.start,
                ends_on: last.end,
            };
            let version = plan
                .versions
                .iter()
                .find(|version| version.status == VersionStatus::Published)?;
            let serves = plan.id != state.plan.id
                && plan.metric == state.plan.metric_key
                && span.contains(planning.span)
                && span.days() > planning.span.days();
            serves.then_some((plan.name, version.id, span))
        });
        let Some((name, version, span)) = wider else {
            return Ok(None);
        };
        let all = state::all(scope);
        let row = store::version::get(&reader, &all, version).await?;
        let wider = State::load(&reader, &all, row).await?;
        Ok(Some(Purpose {
            name,
            asks: asked_of(&wider, planning.span),
            span: Some(span),
            found: true,
        }))
    }
}

/// What a plan asks of some of its days: the sum of its periods there, where they cover them exactly.
fn asked_of(plan: &State, span: Span) -> Option<Minor> {
    let mut covered = span.starts_on;
    let mut sum = 0_i64;
    for (place, period) in (0_u16..).zip(&plan.plan.periods) {
        if !span.contains(Span::of(period)) {
            continue;
        }
        if period.start != covered {
            return None;
        }
        covered = period.end;
        sum += plan.grid.amount(ROOT, Some(PeriodIndex(place))).0;
    }
    (covered == span.ends_on).then_some(Minor(sum))
}
