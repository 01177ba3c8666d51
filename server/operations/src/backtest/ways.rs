//! The ways of splitting, each tried out on a past.

use domain::backtest::models::{Figures, MarketUnknown, Model, Models, Preset, SkippedPeriod, tested};
use domain::backtest::{Advice, BacktestError, Base, Candidate, Options, Origin, Panel, Why, judge, replay};
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
    let split: Vec<Origin> = found
        .origins
        .iter()
        .copied()
        .filter(|origin| !options.without.contains(&origin.period))
        .collect();
    let mut skipped: Vec<(usize, Why)> = found
        .skipped
        .iter()
        .map(|skipped| (skipped.period, skipped.why))
        .collect();
    skipped.extend(options.without.iter().map(|place| (*place, Why::NotKnown)));
    skipped.sort_unstable_by_key(|(place, _)| *place);
    Ok(Models {
        people: split.iter().map(|origin| origin.people).max().unwrap_or(0),
        periods: split.iter().filter_map(|origin| quarter(origin.period)).collect(),
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

#[cfg(test)]
mod tests {
    use domain::calendar::{Day, Fiscal, Month, PeriodKind};

    use super::super::market::Market;
    use super::*;

    const KNOWN: [Basis; 4] = [Basis::Equal, Basis::History, Basis::Capability, Basis::Potential];

    /// Twenty people over twelve quarters, who each do what their market is worth; it was known before the last so many.
    fn past(known: usize) -> Past {
        let first = Day::from_ymd(2015, 1, 1).unwrap();
        let quarters =
            Fiscal::default().periods(PeriodKind::Quarter, first, Month::of(first).plus(36).first_day());
        let row = |person: i64| (0..12).map(|_| Some(Minor(100_000 * (person + 1)))).collect();
        let market = |quarter: usize| (quarter + known >= 12).then(|| (1..=20).collect());
        Past {
            quarters,
            rows: (0..20).map(row).collect(),
            market: Market {
                quarters: (0..12).map(market).collect(),
                known_from: (known == 0).then_some(first.plus(2_000)),
            },
            ..Past::default()
        }
    }

    fn figures(found: &Models, preset: Preset) -> Option<Figures> {
        let model = found.presets.iter().find(|model| model.preset == preset);
        model.and_then(|model| model.figures)
    }

    #[test]
    fn the_market_is_scored_on_what_was_known_then_and_as_the_others_are() {
        let all = models(&KNOWN, &past(12)).unwrap();
        assert_eq!((all.periods.len(), all.market), (8, None));
        let market = figures(&all, Preset::Market).unwrap();
        assert!(market.misplaced.value < 0.01, "{market:?}");
        assert!(figures(&all, Preset::Equal).unwrap().misplaced.value > 0.3);
        // Known before five of the eight: everything is compared over those.
        let some = models(&KNOWN, &past(5)).unwrap();
        assert_eq!((some.periods.len(), some.skipped.len()), (5, 7));
        let unknown = some.skipped.iter().filter(|skipped| skipped.why == Why::NotKnown);
        assert_eq!(unknown.count(), 3);
        for preset in Preset::ALL {
            let figures = figures(&some, preset).unwrap();
            let intervals = [
                Some(figures.misplaced),
                figures.spread,
                figures.near,
                figures.gini,
            ];
            for figure in intervals {
                let figure = figure.unwrap();
                let interval = figure.interval;
                assert!(
                    interval.low <= figure.value && figure.value <= interval.high,
                    "{preset:?}"
                );
            }
        }
    }

    #[test]
    fn a_market_that_was_hardly_known_is_not_scored_and_takes_nothing_from_the_others() {
        for (known, quarters) in [(0, 0), (2, 2), (3, 3)] {
            let past = past(known);
            let found = models(&KNOWN, &past).unwrap();
            assert_eq!(found.periods.len(), 8, "{known}");
            assert_eq!(figures(&found, Preset::Market), None);
            assert!(figures(&found, Preset::History).is_some());
            let unknown = found.market.unwrap();
            assert_eq!(
                (unknown.quarters, unknown.known_from.is_some()),
                (quarters, known == 0)
            );
            assert_ne!(found.best(), Some(Preset::Market));
            assert_ne!(found.least().map(|(preset, _)| preset), Some(Preset::Market));
            let used = score(&KNOWN, &past, &[(Basis::Potential, 1_000_000)]);
            assert_eq!(used, Ok(None), "nor is a version that was split by it");
        }
        let used = score(&KNOWN, &past(12), &[(Basis::Potential, 1_000_000)]).unwrap();
        assert!(used.is_some_and(|used| used.misplaced.value < 0.01));
    }
}
