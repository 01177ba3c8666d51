//! Single deals and orders that make a month: proposed to be left out of the history.

use domain::anomaly::{Evidence, Filled, Order, Settings, one_offs_among};
use domain::assumption::Planning;
use domain::baseline::Reason;
use domain::calendar::{Day, Period, PeriodKind};
use store::Session;
use store::history::Large;
use store::metric::Metric;

use crate::attainment::fiscal;
use crate::{Error, Operations, Scope};

/// The largest of a month that are looked at: no more can have a quarter of it each.
const LARGEST: u32 = 4;
/// Millionths.
const PPM: f64 = 1e6;

/// One that is proposed, with the reason.
#[derive(Clone, Debug)]
pub(super) struct Proposed {
    /// What it is.
    pub(super) large: Large,
    /// Its part of the month, 0 to 1.
    pub(super) share: f64,
    /// Why.
    pub(super) reason: Reason,
}

/// What stands out of some months, most money first.
pub(super) async fn proposed(
    session: &impl Session,
    scope: &Scope,
    metric: &Metric,
    months: &[Period],
) -> Result<Vec<Proposed>, Error> {
    let ranges: Vec<(Day, Day)> = months.iter().map(|month| (month.start, month.end)).collect();
    let large = store::history::largest(session, scope, metric, &ranges, LARGEST).await?;
    let mut filled: Vec<Filled> = Vec::new();
    for (at, month) in months.iter().enumerate() {
        let of_month: Vec<&Large> = large.iter().filter(|large| large.period == at).collect();
        if let Some(first) = of_month.first() {
            filled.push(Filled {
                period: month.name.clone(),
                orders: u64::try_from(first.facts).unwrap_or(0),
                sum: first.sum,
                largest: of_month.into_iter().map(order).collect(),
            });
        }
    }
    let found = one_offs_among(&filled, &Settings::default());
    Ok(found
        .into_iter()
        .filter_map(|finding| {
            let Evidence::OneOff { period, share, .. } = finding.evidence else {
                return None;
            };
            let key = finding.records.first()?;
            let large = large.iter().find(|large| large.external_id == *key)?.clone();
            let share_ppm = (share * PPM).round().clamp(0.0, f64::from(u32::MAX)) as u32;
            Some(Proposed {
                large,
                share,
                reason: Reason::Share { period, share_ppm },
            })
        })
        .collect())
}

fn order(large: &Large) -> Order {
    Order {
        key: large.external_id.clone(),
        day: large.day,
        amount: large.amount,
        product: None,
        customer: None,
        reference: None,
    }
}

impl Operations {
    /// Why something is proposed to be left out of the history of a planning; none where it is not.
    pub(crate) async fn proposed_reason(
        &self,
        scope: &Scope,
        planning: &Planning,
        external_id: &str,
    ) -> Result<Option<Reason>, Error> {
        let reader = self.database.reader();
        let organization = store::organization::get(&reader, scope).await?;
        let Some(metric) = store::metric::find(&reader, scope, &planning.metric).await? else {
            return Ok(None);
        };
        let as_of = self.today_of(&organization).day;
        let Some((first, last)) = store::rollup::span(&reader, scope, &metric).await? else {
            return Ok(None);
        };
        let window = super::window(first, last.min(as_of));
        let months = fiscal(&organization)?.periods(PeriodKind::Month, window.0, window.1);
        let found = proposed(&reader, scope, &metric, &months).await?;
        Ok(found
            .into_iter()
            .find(|one| one.large.external_id == external_id)
            .map(|one| one.reason))
    }
}
