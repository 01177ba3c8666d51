//! What a split can be based on, and blends of that.

use serde::{Deserialize, Serialize};

use super::Past;
use crate::capability::{self, Observation};
use crate::money::Minor;
use crate::statistics::mean;

/// How the past of one period becomes a weight for each person: one number for each of [`Past::people`], in their order.
type Weigh<'a> = dyn Fn(&Past<'_>) -> Vec<f64> + 'a;

/// A base: a name and what it makes of a past.
pub struct Base<'a> {
    name: String,
    weigh: Box<Weigh<'a>>,
}

impl std::fmt::Debug for Base<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Base")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl<'a> Base<'a> {
    /// A base of one's own: market potential, a forecast, a rule. It answers one weight for each of [`Past::people`], finite
    /// and not negative, and must use nothing of the period but what the past shows. Where all weights are 0, all are equal.
    pub fn new(name: impl Into<String>, weigh: impl Fn(&Past<'_>) -> Vec<f64> + 'a) -> Self {
        Self {
            name: name.into(),
            weigh: Box::new(weigh),
        }
    }

    /// Everybody the same.
    pub fn equal() -> Self {
        Self::new("equal", |past| vec![1.0; past.people().len()])
    }

    /// The mean of what somebody did in the last `periods`; less than nothing counts as nothing. Who was away in all of them
    /// weighs what he did last, new people what new people did in their first period.
    pub fn history(periods: usize) -> Self {
        Self::new("history", move |past| {
            let own = |person: &usize| mean(&known(past, *person, periods));
            with_newcomers(past, past.people().iter().map(own).collect())
        })
    }

    /// The same, drawn to the mean of all by how little a person's periods say ([`capability::values`]).
    pub fn capability(periods: usize) -> Self {
        Self::new("capability", move |past| {
            let observe = |person: &usize| -> Vec<Observation> {
                let known = known(past, *person, periods).into_iter();
                known.map(|value| Observation { value, weight: 1.0 }).collect()
            };
            let people: Vec<Vec<Observation>> = past.people().iter().map(observe).collect();
            let own = match capability::values(&people, 0.9) {
                Ok(found) => found
                    .estimates
                    .iter()
                    .map(|estimate| estimate.raw.map(|_| estimate.value.max(0.0)))
                    .collect(),
                Err(_) => vec![None; people.len()],
            };
            with_newcomers(past, own)
        })
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it makes of a past.
    pub(super) fn weigh(&self, past: &Past<'_>) -> Vec<f64> {
        (self.weigh)(past)
    }
}

/// What somebody did in the last `periods`, or where away in all of them what he did last; nothing of new people.
fn known(past: &Past<'_>, person: usize, periods: usize) -> Vec<f64> {
    let positive = |amount: Minor| amount.0.max(0) as f64;
    let recent: Vec<f64> = past.recent(person, periods).map(positive).collect();
    if recent.is_empty() {
        let last = past.recent(person, past.period()).next();
        return last.map(positive).into_iter().collect();
    }
    recent
}

/// Gives those without a weight of their own what newcomers did in their first period, or the mean where nobody ever came.
fn with_newcomers(past: &Past<'_>, own: Vec<Option<f64>>) -> Vec<f64> {
    if own.iter().all(Option::is_some) {
        return own.into_iter().flatten().collect();
    }
    // Who is there in the first period of the panel may have been there for years.
    let first = |person: usize| {
        let at = (0..past.period()).find(|period| past.actual(person, *period).is_some())?;
        past.actual(person, at).filter(|_| at > 0)
    };
    let firsts = past.everybody().filter_map(first);
    let firsts: Vec<f64> = firsts.map(|amount| amount.0.max(0) as f64).collect();
    let known: Vec<f64> = own.iter().flatten().copied().collect();
    let newcomer = mean(&firsts).or(mean(&known)).unwrap_or(1.0);
    own.into_iter().map(|weight| weight.unwrap_or(newcomer)).collect()
}

/// A blend of bases.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// What it is called.
    pub name: String,
    /// How much each base counts, one a base; any scale.
    pub shares: Vec<f64>,
}

impl Candidate {
    /// More bases than this are not compared: too many blends of them fit any past.
    pub const MAX_BASES: usize = 6;

    /// A blend.
    pub fn new(name: impl Into<String>, shares: &[f64]) -> Self {
        Self {
            name: name.into(),
            shares: shares.to_vec(),
        }
    }

    /// Each base alone, and all of them in equal parts.
    pub fn of_bases(bases: &[Base<'_>]) -> Vec<Self> {
        let alone = |place: usize| (0..bases.len()).map(move |other| f64::from(u8::from(other == place)));
        let mut candidates: Vec<Self> = bases
            .iter()
            .enumerate()
            .map(|(place, base)| Self {
                name: base.name().to_owned(),
                shares: alone(place).collect(),
            })
            .collect();
        if bases.len() > 1 {
            candidates.push(Self {
                name: "blend".to_owned(),
                shares: vec![1.0; bases.len()],
            });
        }
        candidates
    }
}
