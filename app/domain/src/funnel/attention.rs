//! Which open deals need someone: those that stay longer than deals that went on, and those whose closing day runs away.

use serde::{Deserialize, Serialize};

use super::deal::VisitEnd;
use super::{Funnel, Known, days};
use crate::calendar::Day;
use crate::metric::Status;
use crate::money::Fact;
use crate::statistics::quantile;

/// A deal that has been in its stage longer than most of those that went on from there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stuck {
    /// The deal.
    pub key: String,
    /// Its stage.
    pub stage: usize,
    /// Days it has been there.
    pub days: u32,
    /// Days within which eight of ten of those that went on had done so.
    pub most: f64,
    /// Days within which nine of ten of them had.
    pub nearly_all: f64,
    /// Whether it is beyond `nearly_all`, not only beyond `most`.
    pub severe: bool,
    /// What it is worth.
    pub value: Fact,
}

/// The stuck deals, dearest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StuckDeals {
    /// Those that are stuck.
    pub deals: Vec<Stuck>,
    /// Open deals that cannot be judged: their age is not known, or too few deals went on from their stage.
    pub not_judged: u64,
}

/// A deal whose expected closing day has passed or was moved back again and again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slipping {
    /// The deal.
    pub key: String,
    /// The closing day expected now.
    pub expected: Day,
    /// Days since then; 0 where it is still ahead.
    pub passed: u32,
    /// How often it was moved to a later day.
    pub moved_later: u32,
    /// Days between the first and the present expectation, where it is later now.
    pub moved_days: u32,
    /// What it is worth.
    pub value: Fact,
}

/// How long deals that went on from a stage had been there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Limits {
    pub(crate) most: f64,
    pub(crate) nearly_all: f64,
}

impl Funnel<'_> {
    /// From so many deals on that went on from a stage, the others there are judged.
    pub const LEAST_MOVED_ON: usize = 10;

    /// Open deals that have been in their stage longer than 80 or 90 % of those that went on from there.
    pub fn stuck(&self) -> StuckDeals {
        let limits = self.limits();
        let mut deals = Vec::new();
        let mut not_judged = 0;
        for known in self.with(Status::Open) {
            let limit = limits.get(known.stage()).copied().flatten();
            let (Some(limit), Some(since)) = (limit, known.path.last()) else {
                not_judged += 1;
                continue;
            };
            let age = days(since.day, self.as_of);
            if f64::from(age) > limit.most {
                deals.push(Stuck {
                    key: known.deal.key.clone(),
                    stage: known.stage(),
                    days: age,
                    most: limit.most,
                    nearly_all: limit.nearly_all,
                    severe: f64::from(age) > limit.nearly_all,
                    value: known.deal.value,
                });
            }
        }
        deals.sort_by(|a, b| b.value.cmp(&a.value).then_with(|| a.key.cmp(&b.key)));
        StuckDeals { deals, not_judged }
    }

    /// For every stage, how long those that went on had been there; `None` where too few did.
    pub(crate) fn limits(&self) -> Vec<Option<Limits>> {
        let mut stays = vec![Vec::new(); self.stages];
        for visit in self.deals.iter().flat_map(Known::visits) {
            if let Some(stays) = stays
                .get_mut(visit.stage)
                .filter(|_| visit.end == VisitEnd::Forward)
            {
                stays.push(f64::from(visit.days()));
            }
        }
        let limits = |stays: Vec<f64>| {
            (stays.len() >= Self::LEAST_MOVED_ON).then_some(())?;
            Some(Limits {
                most: quantile(&stays, 0.8)?,
                nearly_all: quantile(&stays, 0.9)?,
            })
        };
        stays.into_iter().map(limits).collect()
    }

    /// Open deals whose expected closing day has passed, or was moved to a later one at least `moves` times; dearest first.
    pub fn slipping(&self, moves: u32) -> Vec<Slipping> {
        let mut deals: Vec<Slipping> = self
            .with(Status::Open)
            .filter_map(|known| {
                let promises = known.promises();
                let (first, last) = (promises.first()?.close, promises.last()?.close);
                let later = promises
                    .windows(2)
                    .filter(|pair| pair[1].close > pair[0].close)
                    .count();
                Some(Slipping {
                    key: known.deal.key.clone(),
                    expected: last,
                    passed: days(last, self.as_of),
                    moved_later: u32::try_from(later).unwrap_or(u32::MAX),
                    moved_days: days(first, last),
                    value: known.deal.value,
                })
            })
            .filter(|deal| deal.passed > 0 || (deal.moved_later > 0 && deal.moved_later >= moves))
            .collect();
        deals.sort_by(|a, b| b.value.cmp(&a.value).then_with(|| a.key.cmp(&b.key)));
        deals
    }
}
