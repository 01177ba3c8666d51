//! What was tried out, kept in memory. What it is kept by changes with every change of the organization, so that it is never
//! stale; and it is kept by the very past it was tried out on too, so that a change of something else costs reading that again
//! and no more.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::backtest::BacktestError;
use domain::backtest::models::{Figures, Models};
use domain::calendar::Day;
use domain::id::OrganizationId;
use domain::plan::Basis;
use sha2::{Digest, Sha256};

use super::Past;
use super::ways::{models, score};

/// Answers kept at once: of a few metrics and bases.
const KEPT: usize = 8;

/// What an answer is kept by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) organization: OrganizationId,
    /// The number of the last change of anything.
    pub(super) change: i64,
    pub(super) today: Day,
    pub(super) metric: String,
    /// The bases of the plan.
    pub(super) known: Vec<Basis>,
}

/// The bases and the past that an answer is made of, in few bytes.
type Fingerprint = Vec<u8>;

/// A blend of bases, with the bases and the past it was tried out on.
type Blend = (Fingerprint, Vec<(Basis, u32)>);

/// The memory of all organizations.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cache(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    answers: Mutex<Vec<(Key, Arc<Models>)>>,
    tried: Mutex<Vec<(Fingerprint, Arc<Models>)>>,
    /// Blends that somebody split by, by the past they were tried out on.
    scored: Mutex<Vec<(Blend, Option<Figures>)>>,
    turn: tokio::sync::Mutex<()>,
}

impl Cache {
    /// What is kept by a key.
    pub(super) fn find(&self, key: &Key) -> Option<Arc<Models>> {
        let answers = locked(&self.0.answers);
        let found = answers.iter().find(|(known, _)| known == key);
        found.map(|(_, kept)| Arc::clone(kept))
    }

    /// Waits until nobody else reckons.
    pub(super) async fn turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.0.turn.lock().await
    }

    /// Reckons and keeps. Takes its time: not for a thread that others wait for.
    pub(super) fn reckon(&self, key: Key, past: &Past) -> Result<Arc<Models>, BacktestError> {
        let made_of = fingerprint(&key.known, past);
        let known = locked(&self.0.tried)
            .iter()
            .find(|(of, _)| *of == made_of)
            .map(|(_, kept)| Arc::clone(kept));
        let found = match known {
            Some(known) => known,
            None => Arc::new(models(&key.known, past)?),
        };
        keep(&mut locked(&self.0.tried), made_of, &found);
        keep(&mut locked(&self.0.answers), key, &found);
        Ok(found)
    }

    /// What a blend would have come to, tried out once on the same past. Takes its time as well.
    pub(super) fn score(
        &self,
        known: &[Basis],
        past: &Past,
        shares: &[(Basis, u32)],
    ) -> Result<Option<Figures>, BacktestError> {
        let blend = (fingerprint(known, past), shares.to_vec());
        let kept = locked(&self.0.scored)
            .iter()
            .find(|(of, _)| *of == blend)
            .map(|(_, kept)| *kept);
        if let Some(kept) = kept {
            return Ok(kept);
        }
        let figures = score(known, past, shares)?;
        keep(&mut locked(&self.0.scored), blend, &figures);
        Ok(figures)
    }
}

/// Keeps something as the latest, and forgets what was kept the longest.
fn keep<K: PartialEq, V: Clone>(list: &mut Vec<(K, V)>, key: K, found: &V) {
    list.retain(|(known, _)| *known != key);
    list.push((key, found.clone()));
    let over = list.len().saturating_sub(KEPT);
    list.drain(..over);
}

fn fingerprint(known: &[Basis], past: &Past) -> Fingerprint {
    let mut hash = Sha256::new();
    for basis in known {
        hash.update(basis.as_str());
        hash.update([0]);
    }
    hash.update((past.quarters.len() as u64).to_le_bytes());
    for quarter in &past.quarters {
        hash.update(quarter.start.0.to_le_bytes());
        hash.update(quarter.end.0.to_le_bytes());
    }
    for amount in past.rows.iter().flatten() {
        hash.update([u8::from(amount.is_some())]);
        hash.update(amount.map_or(0, |amount| amount.0).to_le_bytes());
    }
    let market = &past.market;
    hash.update(market.known_from.map_or(0, |day| day.0).to_le_bytes());
    for weights in &market.quarters {
        hash.update([u8::from(weights.is_some())]);
        for weight in weights.iter().flatten() {
            hash.update(weight.to_le_bytes());
        }
    }
    hash.finalize().to_vec()
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use domain::money::Minor;

    use super::*;

    fn key(change: i64, known: &[Basis]) -> Key {
        Key {
            organization: OrganizationId::default(),
            change,
            today: Day(17_000),
            metric: "bookings".to_owned(),
            known: known.to_vec(),
        }
    }

    #[test]
    fn an_answer_is_kept_until_something_changes_and_the_same_past_is_tried_once() {
        let cache = Cache::default();
        let past = |amount: i64| Past {
            quarters: Vec::new(),
            rows: vec![vec![Some(Minor(amount)), None]],
            ..Past::default()
        };
        let first = cache.reckon(key(1, &[Basis::Equal]), &past(5)).unwrap();
        assert!(
            cache
                .find(&key(1, &[Basis::Equal]))
                .is_some_and(|kept| Arc::ptr_eq(&kept, &first))
        );
        assert!(cache.find(&key(2, &[Basis::Equal])).is_none());
        assert!(cache.find(&key(1, &[Basis::Equal, Basis::History])).is_none());
        let same = cache.reckon(key(2, &[Basis::Equal]), &past(5)).unwrap();
        assert!(Arc::ptr_eq(&same, &first), "another change, the same past");
        let other = cache.reckon(key(3, &[Basis::Equal]), &past(6)).unwrap();
        assert!(!Arc::ptr_eq(&other, &first));
        for change in 10..40 {
            cache.reckon(key(change, &[Basis::Equal]), &past(5)).unwrap();
        }
        assert!(cache.find(&key(1, &[Basis::Equal])).is_none(), "the oldest goes");
    }
}
