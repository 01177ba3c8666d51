//! How far the figures of few people can be trusted: bootstraps, computed on demand only.

use std::collections::BTreeMap;

use super::Record;
use crate::statistics::{Interval, bootstrap, gini};

/// The bootstrap interval of a Gini coefficient over people. With few of them it lies low rather than high: samples with
/// repetition are more alike than what they are drawn from. `rounds` of 1,000 are plenty.
pub fn gini_interval(values: &[f64], chance: f64, rounds: usize, seed: u64) -> Option<Interval> {
    let mut drawn = Vec::with_capacity(values.len());
    bootstrap(values.len(), rounds, chance, seed, |places| {
        drawn.clear();
        drawn.extend(places.iter().filter_map(|place| values.get(*place)));
        gini(&drawn)
    })
}

/// The bootstrap interval of the share of records that reached their target, drawn by person: what one person reached in one
/// period says something about the next. `None` without a positive target.
pub fn reached_interval(records: &[Record], chance: f64, rounds: usize, seed: u64) -> Option<Interval> {
    let mut people: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
    for record in records.iter().filter(|record| record.target.0 > 0) {
        let (count, reached) = people.entry(record.person).or_default();
        *count += 1;
        *reached += u32::from(record.reached());
    }
    let people: Vec<(u32, u32)> = people.into_values().collect();
    bootstrap(people.len(), rounds, chance, seed, |places| {
        let drawn = places.iter().filter_map(|place| people.get(*place));
        let (count, reached) = drawn.fold((0.0, 0.0), |(all, some), (count, reached)| {
            (all + f64::from(*count), some + f64::from(*reached))
        });
        (count > 0.0).then(|| reached / count)
    })
}
