//! What was reckoned, kept in memory. What it is kept by changes with every change of the organization, so that it is never
//! stale; and forecasts are kept by the very numbers they were made of, so that a change of something else costs reading
//! them again and no more.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::calendar::Day;
use domain::forecast::Forecast;
use domain::id::{OrganizationId, VersionId};
use domain::metric::MetricKey;
use domain::outlook::Accuracy;
use domain::outlook::reckon::{Calendar, Expected, accuracy, alone, festival, together};
use domain::target::Span;
use sha2::{Digest, Sha256};

use super::history::History;

/// Outlooks kept at once: of a few plannings, each before and after the last change.
const KEPT: usize = 6;

/// What an outlook is kept by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) organization: OrganizationId,
    /// The number of the last change of anything.
    pub(super) change: i64,
    pub(super) today: Day,
    pub(super) metric: MetricKey,
    pub(super) span: Span,
    pub(super) version: Option<VersionId>,
}

/// An outlook of the whole organization before market factors.
pub(super) type Kept = Arc<Reckoned>;

/// What was reckoned.
#[derive(Debug)]
pub(super) struct Reckoned {
    pub(super) history: History,
    /// The steps of the planned span among the months to come.
    pub(super) span: std::ops::Range<usize>,
    /// For each branch; none where no month is whole.
    pub(super) expected: Option<Arc<Vec<Expected>>>,
    calendar: Calendar,
    /// Of the branches that were looked at.
    looked_at: Mutex<HashMap<usize, LookedAt>>,
}

/// What is told of a branch that is looked at.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LookedAt {
    /// How well it would have been forecast.
    pub(super) accuracy: Option<Accuracy>,
    /// What the Spring Festival changes of a month.
    pub(super) festival: Option<f64>,
}

impl Reckoned {
    /// What is told of a branch; tried when it is first asked for.
    pub(super) fn looked_at(&self, branch: usize) -> LookedAt {
        if let Some(known) = locked(&self.looked_at).get(&branch) {
            return *known;
        }
        let found = match self.history.series.get(branch) {
            Some(series) => LookedAt {
                accuracy: accuracy(&series.values, &self.calendar),
                festival: festival(&series.values, &self.calendar),
            },
            None => LookedAt::default(),
        };
        locked(&self.looked_at).insert(branch, found);
        found
    }
}

/// What forecasts are made of, in few bytes.
type Fingerprint = Vec<u8>;

/// The memory of all plannings.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cache(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    outlooks: Mutex<Vec<(Key, Kept)>>,
    forecasts: Mutex<Vec<(Fingerprint, Arc<Vec<Expected>>)>>,
    turn: tokio::sync::Mutex<()>,
}

impl Cache {
    /// What is kept by a key.
    pub(super) fn find(&self, key: &Key) -> Option<Kept> {
        let mut outlooks = locked(&self.0.outlooks);
        let at = outlooks.iter().position(|(known, _)| known == key)?;
        let found = outlooks.remove(at);
        let kept = Arc::clone(&found.1);
        outlooks.push(found);
        Some(kept)
    }

    /// Waits until nobody else reckons.
    pub(super) async fn turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.0.turn.lock().await
    }

    /// Reckons and keeps. Takes its time: not for a thread that others wait for.
    pub(super) fn reckon(&self, key: Key, history: History) -> Kept {
        let steps = history.steps;
        let from = usize::try_from(
            domain::calendar::Month::of(key.span.starts_on).0 - history.first.0 - history.known as i32,
        )
        .unwrap_or(0);
        let span = from.min(steps)..steps;
        let calendar = if history.china {
            Calendar::china(history.first, history.known + steps.max(1))
        } else {
            Calendar::plain()
        };
        let expected = (history.known > 0).then(|| self.expected(&history, &span, &calendar));
        let kept = Arc::new(Reckoned {
            history,
            span,
            expected,
            calendar,
            looked_at: Mutex::default(),
        });
        keep(&mut locked(&self.0.outlooks), key, Arc::clone(&kept));
        kept
    }

    fn expected(
        &self,
        history: &History,
        span: &std::ops::Range<usize>,
        calendar: &Calendar,
    ) -> Arc<Vec<Expected>> {
        let made_of = fingerprint(history, span);
        let known = locked(&self.0.forecasts)
            .iter()
            .find(|(of, _)| *of == made_of)
            .map(|(_, expected)| Arc::clone(expected));
        if let Some(known) = known {
            return known;
        }
        let forecasts = forecasts(history, calendar);
        let expected = Arc::new(together(&history.series, forecasts, span));
        keep(&mut locked(&self.0.forecasts), made_of, Arc::clone(&expected));
        expected
    }
}

/// Keeps something as the latest, and forgets what was asked for least lately.
fn keep<K: PartialEq, V>(list: &mut Vec<(K, V)>, key: K, value: V) {
    list.retain(|(known, _)| *known != key);
    list.push((key, value));
    let over = list.len().saturating_sub(KEPT);
    list.drain(..over);
}

/// A forecast for each branch, made on as many threads as there are.
fn forecasts(history: &History, calendar: &Calendar) -> Vec<Forecast> {
    let series = &history.series;
    let steps = history.steps.max(1);
    let threads = std::thread::available_parallelism()
        .map_or(1, NonZeroUsize::get)
        .min(series.len().max(1));
    let next = AtomicUsize::new(0);
    let work = || {
        let mut made = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(one) = series.get(place) else {
                return made;
            };
            made.push((place, alone(&one.values, calendar, steps)));
        }
    };
    let mut made: Vec<(usize, Forecast)> = std::thread::scope(|scope| {
        let helpers: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut made = work();
        for helper in helpers {
            // What a helper that ended early left undone is done below.
            made.extend(helper.join().unwrap_or_default());
        }
        made
    });
    made.sort_by_key(|(place, _)| *place);
    if made.len() == series.len() {
        return made.into_iter().map(|(_, forecast)| forecast).collect();
    }
    series
        .iter()
        .map(|one| alone(&one.values, calendar, steps))
        .collect()
}

fn fingerprint(history: &History, span: &std::ops::Range<usize>) -> Fingerprint {
    let mut hash = Sha256::new();
    let mut number = |number: u64| hash.update(number.to_le_bytes());
    for part in [
        history.first.0 as u64,
        history.steps as u64,
        span.start as u64,
        span.end as u64,
        u64::from(history.china),
        history.series.len() as u64,
    ] {
        number(part);
    }
    for series in &history.series {
        number(series.above.map_or(u64::MAX, |above| above as u64));
        number(series.so_far.0 as u64);
        number(series.booked.0 as u64);
        number(series.values.len() as u64);
        for value in &series.values {
            number(value.to_bits());
        }
    }
    hash.finalize().to_vec()
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
