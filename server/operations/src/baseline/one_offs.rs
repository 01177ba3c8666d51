//! Single deals and orders that make a month: proposed to be left out of the history.

use std::collections::{BTreeMap, HashMap};

use domain::anomaly::{Evidence, Filled, Order, Settings, one_offs_among};
use domain::assumption::Planning;
use domain::baseline::{Exclusion, OneOff, Reason};
use domain::calendar::{Day, Period, PeriodKind};
use domain::id::MemberId;
use domain::money::Fact;
use store::Session;
use store::history::Large;
use store::metric::Metric;

use super::Frame;
use crate::attainment::fiscal;
use crate::{Error, Operations, Scope, assumption};

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

/// What stands out of the months shown, and what is left out of them.
pub(super) async fn all(
    frame: &Frame,
    scope: &Scope,
    metric: &Metric,
    months: &[Period],
) -> Result<Vec<OneOff>, Error> {
    let proposals = proposed(&frame.reader, scope, metric, months).await?;
    let set = assumption::find(&frame.reader, scope, &frame.planning).await?;
    let left_out = match set {
        Some(set) => store::exclusion::list(&frame.reader, scope, set).await?,
        None => Vec::new(),
    };
    let mut left_out: BTreeMap<&str, Exclusion> = left_out
        .iter()
        .filter(|one| one.source == metric.source)
        .map(|one| (one.external_id.as_str(), one.clone()))
        .collect();
    let names: HashMap<MemberId, String> = store::member::list(&frame.reader, scope)
        .await?
        .into_iter()
        .map(|member| (member.id, member.name))
        .collect();
    let name = |member: Option<MemberId>| {
        member
            .and_then(|member| names.get(&member).cloned())
            .unwrap_or_default()
    };
    let currency = frame.currency();
    let mut found: Vec<OneOff> = proposals
        .into_iter()
        .map(|Proposed { large, share, reason }| {
            let period = match reason {
                Reason::Share { period, .. } => period,
                Reason::Said { .. } => String::new(),
            };
            OneOff {
                excluded: left_out.remove(large.external_id.as_str()),
                account: large.account,
                member: name(large.member),
                day: large.day,
                period,
                amount: large.amount.to_minor(currency),
                share: Some(share),
                proposed: true,
                external_id: large.external_id,
            }
        })
        .collect();
    // What somebody left out by themselves.
    for (external_id, exclusion) in left_out {
        let credits: Vec<_> = frame
            .left_out
            .iter()
            .filter(|credit| credit.external_id == external_id)
            .collect();
        let Some(first) = credits.first() else { continue };
        let Some(month) = months.iter().find(|month| month.contains(first.day)) else {
            continue;
        };
        let amount = credits
            .iter()
            .map(|credit| credit.amount.0)
            .fold(0, i64::saturating_add);
        found.push(OneOff {
            external_id: external_id.to_owned(),
            account: None,
            member: name(Some(first.member)),
            day: first.day,
            period: month.name.clone(),
            amount: Fact(amount).to_minor(currency),
            share: None,
            proposed: false,
            excluded: Some(exclusion),
        });
    }
    Ok(found)
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
