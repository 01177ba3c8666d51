//! Ways of splitting that are offered beside the grid, each with what it would have come to in past periods.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Judged, Verdict, Why};
use crate::basis::{WHOLE_PPM, brought_to};
use crate::calendar::{Day, Period};
use crate::plan::Basis;
use crate::statistics::Interval;

/// A way of splitting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    /// Everybody the same.
    Equal,
    /// What was done before.
    History,
    /// What was done before and what can be expected, half each.
    HistoryCapability,
    /// Market potential.
    Market,
    /// What the past advises, or equal parts where it says too little.
    Blended,
}

impl Preset {
    /// Every one, in the order in which they are shown.
    pub const ALL: [Self; 5] = [
        Self::Equal,
        Self::History,
        Self::HistoryCapability,
        Self::Market,
        Self::Blended,
    ];

    /// The stored and wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::History => "history",
            Self::HistoryCapability => "history_capability",
            Self::Market => "market",
            Self::Blended => "blended",
        }
    }

    /// Its bases with their shares in millionths, which make [`WHOLE_PPM`]; `None` where one of them is not known, or where
    /// there is no other to blend it with. [`Preset::Blended`] is in equal parts of those a past can be told of.
    pub fn shares(self, known: &[Basis]) -> Option<Vec<(Basis, u32)>> {
        let bases: Vec<Basis> = match self {
            Self::Equal => vec![Basis::Equal],
            Self::History => vec![Basis::History],
            Self::HistoryCapability => vec![Basis::History, Basis::Capability],
            Self::Market => vec![Basis::Potential],
            Self::Blended => tested(known),
        };
        let there = bases.iter().all(|basis| known.contains(basis));
        let blends = self != Self::Blended || bases.len() > 1;
        (there && blends).then(|| {
            let parts = brought_to(&vec![1; bases.len()], WHOLE_PPM);
            bases.into_iter().zip(parts).collect()
        })
    }
}

/// The known bases that can be worked out for past periods from what people did.
pub fn tested(known: &[Basis]) -> Vec<Basis> {
    [Basis::Equal, Basis::History, Basis::Capability]
        .into_iter()
        .filter(|basis| known.contains(basis))
        .collect()
}

/// The ways of splitting a version can go by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Models {
    /// The most people a past period was split over; 0 where none was.
    pub people: usize,
    /// The past periods that were split.
    pub periods: Vec<Period>,
    /// Those that were not, and why.
    pub skipped: Vec<SkippedPeriod>,
    /// The ways, in the order of [`Preset::ALL`].
    pub presets: Vec<Model>,
    /// Whether the shares of [`Preset::Blended`] are what the past advises; else they are equal parts.
    pub advised: bool,
    /// Why [`Preset::Market`] has no figures and cannot be the best; none where it has some, or is not offered.
    pub market: Option<MarketUnknown>,
    /// With what chance the intervals hold, from 0 to 1.
    pub chance: f64,
}

/// Why the past is not split by the market: too little was known of it then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarketUnknown {
    /// The day the first figure of a market was noted, where that was after the past; none where none was noted, or where those of
    /// then are of other days or other people.
    pub known_from: Option<Day>,
    /// Past quarters before which markets were known for everybody: fewer than are needed to compare ways by.
    pub quarters: usize,
}

/// A past period that was not split.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedPeriod {
    /// Which.
    pub period: Period,
    /// Why.
    pub why: Why,
}

/// A way of splitting with what it would have come to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Which.
    pub preset: Preset,
    /// Its bases with their shares in millionths, which make [`WHOLE_PPM`].
    pub shares: Vec<(Basis, u32)>,
    /// Its figures; `None` where no past period could be split by it.
    pub figures: Option<Figures>,
}

/// What a way of splitting would have come to in past periods.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// What of the money was asked of the wrong people, as a part of all of it ([`super::Score::misplaced`]).
    pub misplaced: Figure,
    /// How far attainment spreads around 100 %: the mean of `|attainment − 1|`.
    pub spread: Option<Figure>,
    /// Share of people and periods within the near band around 100 %.
    pub near: Option<Figure>,
    /// Gini coefficient of attainment.
    pub gini: Option<Figure>,
    /// Whether the best way is better than this one; `None` of the best itself.
    pub behind: Option<Behind>,
}

/// A figure with the interval it lies in.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The figure.
    pub value: f64,
    /// From a bootstrap over people and periods; it contains the figure.
    pub interval: Interval,
}

/// How far a way lies behind the best.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Behind {
    /// What it misplaced more, as a part of all the money.
    pub difference: f64,
    /// Its interval.
    pub interval: Interval,
    /// Whether that is a difference.
    pub verdict: Verdict,
}

impl Figures {
    /// Of what was judged.
    pub fn of(judged: &Judged) -> Self {
        let figure = |value: Option<f64>, interval: Option<Interval>| {
            let (value, interval) = value.zip(interval)?;
            Some(Figure { value, interval })
        };
        let score = &judged.score;
        Self {
            misplaced: Figure {
                value: score.misplaced,
                interval: judged.misplaced,
            },
            spread: figure(score.attainment_error, judged.attainment_error),
            near: figure(score.near, judged.near),
            gini: figure(score.gini, judged.gini),
            behind: judged.behind.map(|lead| Behind {
                difference: lead.difference,
                interval: lead.interval,
                verdict: lead.verdict,
            }),
        }
    }
}

/// The way a version was split by, with what it would have come to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Used {
    /// Its bases with their shares in millionths, which make [`WHOLE_PPM`]; the largest first.
    pub shares: Vec<(Basis, u32)>,
    /// The way that is offered and splits alike, if one does.
    pub preset: Option<Preset>,
    /// Its figures; `None` where no past period could be split by it. How far it lies behind is told of offered ways only.
    pub figures: Option<Figures>,
    /// The offered way that misplaced least, with the part of the money it misplaced.
    pub least: Option<(Preset, f64)>,
    /// The most people a past period was split over.
    pub people: usize,
    /// How many past periods were split.
    pub periods: usize,
}

impl Models {
    /// The offered way with these shares, in any order.
    pub fn alike(&self, shares: &[(Basis, u32)]) -> Option<&Model> {
        let wanted: BTreeMap<Basis, u32> = shares
            .iter()
            .copied()
            .filter(|(_, share_ppm)| *share_ppm > 0)
            .collect();
        self.presets.iter().find(|model| model.parts() == wanted)
    }

    /// The tested way that misplaced least, with the part of the money it misplaced.
    pub fn least(&self) -> Option<(Preset, f64)> {
        let tested = self
            .presets
            .iter()
            .filter_map(|model| Some((model.preset, model.figures?.misplaced.value)));
        tested.min_by(|(_, a), (_, b)| a.total_cmp(b))
    }

    /// Up to `count` of the tested ways with their figures, the one that misplaced least first. Ways that split alike are the
    /// same way and stand there once, as the first of them; a way without a past has no place among them.
    pub fn leading(&self, count: usize) -> Vec<(&Model, Figures)> {
        let mut tested: Vec<(&Model, Figures)> = Vec::new();
        for model in &self.presets {
            let Some(figures) = model.figures else { continue };
            let alike = model.parts();
            if tested.iter().all(|(known, _)| known.parts() != alike) {
                tested.push((model, figures));
            }
        }
        // Stable: of equal ones the first stays first.
        tested.sort_by(|(_, a), (_, b)| a.misplaced.value.total_cmp(&b.misplaced.value));
        tested.truncate(count);
        tested
    }

    /// The way that misplaced least, where it is clearly better than every other one that was tested; `None` where no
    /// difference can be seen, or where there is nothing to compare. Ways that split alike are the same way.
    pub fn best(&self) -> Option<Preset> {
        let tested: Vec<(&Model, Option<Behind>)> = self
            .presets
            .iter()
            .filter_map(|model| Some((model, model.figures?.behind)))
            .collect();
        let (best, _) = tested.iter().find(|(_, behind)| behind.is_none())?;
        let alike = best.parts();
        let mut others = tested
            .iter()
            .filter(|(model, _)| model.parts() != alike)
            .peekable();
        others.peek()?;
        let clear = others.all(|(_, behind)| behind.is_some_and(|behind| behind.verdict == Verdict::Better));
        clear.then_some(best.preset)
    }
}

impl Model {
    /// The bases that count in it, in any order.
    fn parts(&self) -> BTreeMap<Basis, u32> {
        let counts = self.shares.iter().filter(|(_, share_ppm)| *share_ppm > 0);
        counts.copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_need_their_bases_and_make_a_whole() {
        let all = [Basis::Equal, Basis::History, Basis::Capability, Basis::Potential];
        for preset in Preset::ALL {
            let shares = preset.shares(&all).unwrap();
            let sum: u32 = shares.iter().map(|(_, share)| share).sum();
            assert_eq!(sum, WHOLE_PPM, "{preset:?}");
        }
        let little = [Basis::Equal];
        let offered: Vec<Preset> = Preset::ALL
            .into_iter()
            .filter(|preset| preset.shares(&little).is_some())
            .collect();
        assert_eq!(offered, [Preset::Equal]);
        assert_eq!(
            Preset::Market.shares(&all),
            Some(vec![(Basis::Potential, WHOLE_PPM)])
        );
    }

    fn model(preset: Preset, shares: &[(Basis, u32)], behind: Option<Verdict>) -> Model {
        let nothing = Interval { low: 0.0, high: 0.0 };
        let figure = Figure {
            value: 0.1,
            interval: nothing,
        };
        Model {
            preset,
            shares: shares.to_vec(),
            figures: Some(Figures {
                misplaced: figure,
                spread: None,
                near: None,
                gini: None,
                behind: behind.map(|verdict| Behind {
                    difference: 0.0,
                    interval: nothing,
                    verdict,
                }),
            }),
        }
    }

    fn models(presets: Vec<Model>) -> Models {
        Models {
            people: 9,
            periods: Vec::new(),
            skipped: Vec::new(),
            presets,
            advised: true,
            market: None,
            chance: 0.9,
        }
    }

    #[test]
    fn the_leading_ways_are_tested_different_and_in_order() {
        let half = WHOLE_PPM / 2;
        let at = |mut model: Model, misplaced: f64| {
            if let Some(figures) = &mut model.figures {
                figures.misplaced.value = misplaced;
            }
            model
        };
        let blend = [(Basis::History, half), (Basis::Capability, half)];
        let twin = [
            (Basis::Capability, half),
            (Basis::Equal, 0),
            (Basis::History, half),
        ];
        let mut market = model(Preset::Market, &[(Basis::Potential, WHOLE_PPM)], None);
        market.figures = None;
        let models = models(vec![
            at(model(Preset::Equal, &[(Basis::Equal, WHOLE_PPM)], None), 0.3),
            at(model(Preset::History, &[(Basis::History, WHOLE_PPM)], None), 0.1),
            at(model(Preset::HistoryCapability, &blend, None), 0.1),
            market,
            at(model(Preset::Blended, &twin, None), 0.1),
        ]);
        let leading = |count: usize| {
            let found = models.leading(count).into_iter();
            found.map(|(model, _)| model.preset).collect::<Vec<_>>()
        };
        assert_eq!(
            leading(3),
            [Preset::History, Preset::HistoryCapability, Preset::Equal],
            "neither the untested nor the one that splits as another does"
        );
        assert_eq!(leading(1), [Preset::History]);
    }

    #[test]
    fn the_best_is_clear_though_another_way_splits_alike() {
        let half = WHOLE_PPM / 2;
        let (history, capability) = ((Basis::History, half), (Basis::Capability, half));
        let models = |equal: Verdict, twin: &[(Basis, u32)]| {
            models(vec![
                model(Preset::Equal, &[(Basis::Equal, WHOLE_PPM)], Some(equal)),
                model(Preset::HistoryCapability, &[history, capability], None),
                model(Preset::Blended, twin, Some(Verdict::NotSeen)),
            ])
        };
        let alike = [(Basis::Equal, 0), capability, history];
        assert_eq!(
            models(Verdict::Better, &alike).best(),
            Some(Preset::HistoryCapability)
        );
        assert_eq!(models(Verdict::NotSeen, &alike).best(), None);
        let known = models(Verdict::Better, &alike);
        let preset = |shares: &[(Basis, u32)]| known.alike(shares).map(|model| model.preset);
        assert_eq!(
            preset(&[capability, (Basis::Equal, 0), history]),
            Some(Preset::HistoryCapability)
        );
        assert_eq!(preset(&[history]), None);
        assert_eq!(
            known.least(),
            Some((Preset::Equal, 0.1)),
            "the first of equal ones"
        );
        let other = [(Basis::Equal, half), history];
        assert_eq!(models(Verdict::Better, &other).best(), None);
        let mut alone = models(Verdict::Better, &alike);
        alone.presets.remove(0);
        assert_eq!(alone.best(), None, "there is nothing to compare with");
    }
}
