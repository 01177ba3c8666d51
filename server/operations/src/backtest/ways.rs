//! The ways of splitting, each tried out on a past.

use domain::backtest::models::{Figures, Model, Models, Preset, SkippedPeriod, tested};
use domain::backtest::{Advice, BacktestError, Base, Candidate, Options, Panel, judge, replay};
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
fn base(basis: Basis) -> Base<'static> {
    match basis {
        Basis::History => Base::history(OWN_QUARTERS),
        Basis::Capability => Base::capability(OWN_QUARTERS),
        _ => Base::equal(),
    }
}

/// What a blend of bases would have come to; none where one of them cannot be tested, or no past period could be split.
pub(super) fn score(
    known: &[Basis],
    past: &Past,
    shares: &[(Basis, u32)],
) -> Result<Option<Figures>, BacktestError> {
    let places = tested(known);
    let counts = shares.iter().filter(|(_, share_ppm)| *share_ppm > 0);
    if !counts.clone().all(|(basis, _)| places.contains(basis)) {
        return Ok(None);
    }
    let Ok(panel) = panel(past) else {
        return Ok(None);
    };
    let bases: Vec<Base<'_>> = places.iter().copied().map(base).collect();
    let parts: Vec<f64> = places
        .iter()
        .map(|place| {
            let own = counts.clone().find(|(basis, _)| basis == place);
            own.map_or(0.0, |(_, share_ppm)| f64::from(*share_ppm))
        })
        .collect();
    let candidate = Candidate::new("used", &parts);
    match judge(&panel, &bases, &[candidate], &options(past)) {
        Ok(judged) => Ok(judged.first().map(Figures::of)),
        Err(BacktestError::NoOrigin | BacktestError::Bases { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The ways of splitting with their figures. Market potential has none: what is known of it is of the plan's own time, and
/// to split the past by it would be hindsight.
pub(super) fn models(known: &[Basis], past: &Past) -> Result<Models, BacktestError> {
    let presets: Vec<(Preset, Vec<(Basis, u32)>)> = Preset::ALL
        .into_iter()
        .filter_map(|preset| Some((preset, preset.shares(known)?)))
        .collect();
    let options = options(past);
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
        chance: options.chance,
    };
    let places = tested(known);
    let Ok(panel) = panel(past) else {
        return Ok(untested(presets));
    };
    let bases: Vec<Base<'_>> = places.iter().copied().map(base).collect();
    let first = Candidate::new(Preset::Blended.as_str(), &vec![1.0; bases.len()]);
    let found = match replay(&panel, &bases, &[first], &options) {
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
    let candidate = |(preset, shares): &(Preset, Vec<(Basis, u32)>)| {
        let all_tested = shares.iter().all(|(basis, _)| places.contains(basis));
        all_tested.then(|| {
            let share = |place: &Basis| {
                let own = shares.iter().find(|(basis, _)| basis == place);
                own.map_or(0.0, |(_, share_ppm)| f64::from(*share_ppm))
            };
            let shares: Vec<f64> = places.iter().map(share).collect();
            Candidate::new(preset.as_str(), &shares)
        })
    };
    let candidates: Vec<Candidate> = presets.iter().filter_map(candidate).collect();
    if candidates.is_empty() {
        return Ok(untested(presets));
    }
    let judged = judge(&panel, &bases, &candidates, &options)?;
    let quarter = |place: usize| past.quarters.get(place).cloned();
    Ok(Models {
        people: found
            .origins
            .iter()
            .map(|origin| origin.people)
            .max()
            .unwrap_or(0),
        periods: found
            .origins
            .iter()
            .filter_map(|origin| quarter(origin.period))
            .collect(),
        skipped: found
            .skipped
            .iter()
            .filter_map(|skipped| {
                Some(SkippedPeriod {
                    period: quarter(skipped.period)?,
                    why: skipped.why,
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
        chance: options.chance,
    })
}
