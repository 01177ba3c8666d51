//! What everybody reached of their targets.

use std::collections::{BTreeMap, BTreeSet};

use domain::assumption::Planning;
use domain::calendar::{Day, Month};
use domain::capability::Observation;
use domain::id::MemberId;
use domain::plan::NodeRef;
use domain::target::Span;
use store::metric::Metric;
use store::{Scope, Session};

use super::Known;
use super::done::by_member;
use crate::Error;

/// Months of published targets that are looked at.
const TARGET_MONTHS: i32 = 36;

impl Known {
    /// What everybody reached of published targets that are over, as they carried them, and who carries one in the planned time.
    pub(super) async fn reach(
        &mut self,
        session: &impl Session,
        scope: &Scope,
        metric: &Metric,
        planning: &Planning,
    ) -> Result<(), Error> {
        let over = self.as_of.plus(1);
        let from = Month::of(over).plus(-TARGET_MONTHS).first_day();
        let to = planning.span.ends_on.max(over);
        let metric_key = planning.metric.as_str();
        let found = store::cell::targets_as_carried(session, scope, metric_key, from, to).await?;
        let mut targets: BTreeMap<(MemberId, Span), i64> = BTreeMap::new();
        for target in found {
            let NodeRef::Member(member) = target.node else {
                continue;
            };
            if target.period.ends_on <= over {
                *targets.entry((member, target.period)).or_default() += target.amount.0;
            } else if target.amount.0 > 0
                && let Some(person) = self.of(member)
            {
                person.sells = true;
            }
        }
        let spans: BTreeSet<Span> = targets.keys().map(|(_, span)| *span).collect();
        // One period is on record once; what overlaps nevertheless is counted by the first.
        let mut periods: Vec<(Day, Day)> = Vec::new();
        for span in spans {
            if periods
                .last()
                .is_none_or(|(_, ends_on)| *ends_on <= span.starts_on)
            {
                periods.push((span.starts_on, span.ends_on));
            }
        }
        self.target_periods = u32::try_from(periods.len()).unwrap_or(u32::MAX);
        let sums = by_member(session, scope, metric, &periods).await?;
        for ((member, span), target) in targets {
            let place = periods
                .iter()
                .position(|period| *period == (span.starts_on, span.ends_on));
            let (Some(place), true) = (place, target > 0) else {
                continue;
            };
            let done = sums.get(&member).and_then(|of| of.get(&place)).copied();
            let done = done.unwrap_or_default().to_minor(&planning.currency);
            if let Some(person) = self.of(member) {
                person.reached.push(Observation {
                    value: done.0 as f64 / target as f64,
                    weight: target as f64,
                });
            }
        }
        Ok(())
    }
}
