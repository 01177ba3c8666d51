//! The ways of splitting, each tried out on a past.

use domain::backtest::models::{Figures, MarketUnknown, Model, Models, Preset, SkippedPeriod, tested};
use domain::backtest::{Advice, BacktestError, Base, Candidate, Options, Panel, Why, judge, replay};
use domain::money::Minor;
use domain::plan::Basis;

use super::Past;

/// Quarters of a person's own past that history and capability go by: a year, as in a plan.
const OWN_QUARTERS: usize = 4;
/// From so many quarters on a year has to lie before one that is split, so that seasons tell nothing.
const LONG_PAST: usize = 8;

/// How a past is split.
fn options(past: &Past) -> Options {
    Options {
        past: if past.quarters.len() >= LONG_PAST {
            OWN_QUARTERS
        } else {
            1
        },
        ..Options::default()
    }
}

/// What people did, as a backtest reads it.
fn panel(past: &Past) -> Result<Panel, BacktestError> {
    let cells: Vec<Option<Minor>> = past.rows.iter().flatten().copied().collect();
    Panel::new(past.rows.len(), past.quarters.len(), cells)
}

/// A basis as it would have been known then.
fn base(basis: Basis, past: &Past) -> Base<'_> {
    match basis {
        Basis::History => Base::history(OWN_QUARTERS),
        Basis::Capability => Base::capability(OWN_QUARTERS),
        Basis::Potential => Base::new(basis.as_str(), move |known| {
            let weight = |person: &usize| past.market.weight(known.period(), *person) as f64;
            known.people().iter().map(weight).collect()
        }),
        _ => Base::equal(),
    }
}

/// The quarters that can be split, as [`replay`] finds them.
fn origins(past: &Past, options: &Options) -> Vec<usize> {
    let can_be_split = |quarter: &usize| {
        let there: Vec<i64> = past
            .rows
            .iter()
            .filter_map(|row| row.get(*quarter).copied().flatten())
            .map(|amount| amount.0)
            .collect();
        let sum: i128 = there.iter().copied().map(i128::from).sum();
        there.len() > 1 && sum > 0
    };
    (options.past.max(1)..past.quarters.len())
        .filter(can_be_split)
        .collect()
}

/// By what the past is split, and which of it: all ways over the same people and quarters, so that their figures compare.
struct Ground {
    places: Vec<Basis>,
    options: Options,
    /// Why it is not split by the market, where that is a basis.
    unknown: Option<MarketUnknown>,
}

impl Ground {
    /// Where markets were known before most of the quarters, all ways are compared over those; where they were known before fewer,
    /// the market has no figures and the others are compared over all.
    fn of(known: &[Basis], past: &Past) -> Self {
        let (mut places, mut options) = (tested(known), options(past));
        if !known.contains(&Basis::Potential) {
            return Self {
                places,
                options,
                unknown: None,
            };
        }
        let all = origins(past, &options);
        let without: Vec<usize> = all
            .iter()
            .copied()
            .filter(|quarter| !past.market.knows(*quarter))
            .collect();
        let with = all.len() - without.len();
        let is_enough = without.is_empty() || (with >= options.few_origins && 2 * with >= all.len());
        if with > 0 && is_enough {
            places.push(Basis::Potential);
            options.without = without;
            return Self {
                places,
                options,
                unknown: None,
            };
        }
        Self {
            places,
            options,
            unknown: Some(past.market.unknown(with)),
        }
    }

    fn bases<'a>(&self, past: &'a Past) -> Vec<Base<'a>> {
        self.places.iter().map(|basis| base(*basis, past)).collect()
    }

    /// A blend over the bases in their order; none where one of its own cannot be tested.
    fn candidate(&self, name: &str, shares: &[(Basis, u32)]) -> Option<Candidate> {
        let mut counts = shares.iter().filter(|(_, share_ppm)| *share_ppm > 0);
        if !counts.all(|(basis, _)| self.places.contains(basis)) {
            return None;
        }
        let share = |place: &Basis| {
            let own = shares.iter().find(|(basis, _)| basis == place);
            own.map_or(0.0, |(_, share_ppm)| f64::from(*share_ppm))
        };
        let parts: Vec<f64> = self.places.iter().map(share).collect();
        Some(Candidate::new(name, &parts))
    }
}

/// What a blend of bases would have come to; none where one of them cannot be tested, or no past period could be split.
pub(super) fn score(
    known: &[Basis],
    past: &Past,
    shares: &[(Basis, u32)],
) -> Result<Option<Figures>, BacktestError> {
    let ground = Ground::of(known, past);
    let Some(candidate) = ground.candidate("used", shares) else {
        return Ok(None);
    };
    let Ok(panel) = panel(past) else {
        return Ok(None);
    };
    match judge(&panel, &ground.bases(past), &[candidate], &ground.options) {
        Ok(judged) => Ok(judged.first().map(Figures::of)),
        Err(BacktestError::NoOrigin | BacktestError::Bases { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The ways of splitting with their figures. Market potential has some only where it was known before the quarters that are split:
/// to split the past by what became known since would be hindsight.
pub(super) fn models(known: &[Basis], past: &Past) -> Result<Models, BacktestError> {
    let presets: Vec<(Preset, Vec<(Basis, u32)>)> = Preset::ALL
        .into_iter()
        .filter_map(|preset| Some((preset, preset.shares(known)?)))
        .collect();
    let ground = Ground::of(known, past);
    let options = &ground.options;
    let untested = |presets: Vec<(Preset, Vec<(Basis, u32)>)>| Models {
        people: 0,
        periods: Vec::new(),
        skipped: Vec::new(),
        presets: presets
            .into_iter()
            .map(|(preset, shares)| Model {
                preset,
                shares,
                figures: None,
            })
            .collect(),
        advised: false,
        market: ground.unknown,
        chance: options.chance,
    };
    let Ok(panel) = panel(past) else {
        return Ok(untested(presets));
    };
    // What the past advises is a blend of what is known of every quarter.
    let places = tested(known);
    let bases: Vec<Base<'_>> = places.iter().map(|basis| base(*basis, past)).collect();
    let first = Candidate::new(Preset::Blended.as_str(), &vec![1.0; bases.len()]);
    let everything = Options {
        without: Vec::new(),
        ..options.clone()
    };
    let found = match replay(&panel, &bases, &[first], &everything) {
        Ok(found) => found,
        // There is no past to split, or nothing that could be split: the ways are there all the same.
        Err(BacktestError::NoOrigin | BacktestError::Bases { .. }) => return Ok(untested(presets)),
        Err(error) => return Err(error),
    };
    let advised: Option<Vec<(Basis, u32)>> = match &found.advice {
        Advice::Weights(advice) => {
            let weights = advice.weights.iter().map(|weight| weight.share_ppm);
            Some(places.iter().copied().zip(weights).collect())
        }
        Advice::TooThin { .. } | Advice::OneBase => None,
    };
    let presets: Vec<(Preset, Vec<(Basis, u32)>)> = presets
        .into_iter()
        .map(|(preset, shares)| match &advised {
            Some(advised) if preset == Preset::Blended => (preset, advised.clone()),
            _ => (preset, shares),
        })
        .collect();
    let candidates: Vec<Candidate> = presets
        .iter()
        .filter_map(|(preset, shares)| ground.candidate(preset.as_str(), shares))
        .collect();
    if candidates.is_empty() {
        return Ok(untested(presets));
    }
    let judged = judge(&panel, &ground.bases(past), &candidates, options)?;
    let quarter = |place: usize| past.quarters.get(place).cloned();
    let is_left_out = |place: usize| options.without.contains(&place);
    let split = || found.origins.iter().filter(|origin| !is_left_out(origin.period));
    let mut skipped: Vec<(usize, Why)> = found
        .skipped
        .iter()
        .map(|skipped| (skipped.period, skipped.why))
        .collect();
    skipped.extend(options.without.iter().map(|place| (*place, Why::NotKnown)));
    skipped.sort_unstable_by_key(|(place, _)| *place);
    Ok(Models {
        people: split().map(|origin| origin.people).max().unwrap_or(0),
        periods: split().filter_map(|origin| quarter(origin.period)).collect(),
        skipped: skipped
            .into_iter()
            .filter_map(|(place, why)| {
                Some(SkippedPeriod {
                    period: quarter(place)?,
                    why,
                })
            })
            .collect(),
        presets: presets
            .into_iter()
            .map(|(preset, shares)| Model {
                figures: judged
                    .iter()
                    .find(|judged| judged.score.name == preset.as_str())
                    .map(Figures::of),
                preset,
                shares,
            })
            .collect(),
        advised: advised.is_some(),
        market: ground.unknown,
        chance: options.chance,
    })
}
