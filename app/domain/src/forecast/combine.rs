//! The methods that forecast together, and their combination.
//!
//! Simple combinations of different simple methods are hard to beat (Bates and Granger 1969; Petropoulos and Svetunkov
//! 2020): here exponential smoothing and Theta, each on the values and on their logarithms, and the mean of what they say
//! without the highest and the lowest, step by step.

#![expect(
    clippy::disallowed_methods,
    reason = "statistics; nothing here decides a cell"
)]

use super::ets::{Ets, Form, Trend};
use super::prepare::History;
use super::season::{Kind, Season};
use super::theta::{Theta, Variant};

/// The most members of a combination.
const MOST: usize = 6;
/// Members of which the highest and the lowest are left out.
const TRIMMED: usize = 4;
/// Forms that are so much less likely than the best say nothing.
const UNLIKELY: f64 = 1e-3;

/// The fitted methods of a series.
pub(super) struct Ensemble {
    members: Vec<Member>,
}

struct Member {
    name: String,
    model: Model,
    /// Of what the model is, where it is not the values.
    logarithms: Option<Logarithms>,
    /// The season to be put back.
    season: Season,
}

/// Logarithms of values.
#[derive(Clone, Copy)]
struct Logarithms {
    /// What was taken from them.
    shift: f64,
    /// The range of forecasts.
    least: f64,
    most: f64,
}

enum Model {
    /// Forms of exponential smoothing by their Akaike weights.
    Ets(Vec<(f64, Ets)>),
    Theta(Theta),
    /// The values, and after how many they repeat.
    Naive(Vec<f64>, usize),
    /// The mean of all observed values so far: of series too short for anything else.
    Mean(Vec<f64>),
}

impl Ensemble {
    /// Fits all methods; of one or two observed values, only their mean.
    pub(super) fn fit(history: &History) -> Self {
        let values = &history.values;
        let count = values.len();
        if count - history.filled() < 3 {
            return Self {
                members: vec![Member::mean(history)],
            };
        }
        let season = history.lag();
        let kind = if history.positive {
            Kind::Multiplicative
        } else {
            Kind::Additive
        };
        let few = Season::of_few(values, history.season, kind);
        let shrunk = few.clone().unwrap_or_else(|| Season::of(values, season, kind));
        let adjusted = shrunk.removed(values);
        let mut members = Vec::with_capacity(MOST);
        // Too short a season cannot be fitted along: all methods go without, and get it back.
        let (smoothed, outside) = if let Some(few) = few {
            (&adjusted, few)
        } else {
            (values, Season::none())
        };
        smoothing(smoothed, season, history.positive, None, &outside, &mut members);
        members.push(Member::theta(&adjusted, Variant::Optimised, None, &shrunk));
        let middle = history
            .positive
            .then(|| values.iter().map(|value| value.ln()).sum::<f64>() / count as f64);
        if let Some(middle) = middle {
            let (values, logarithms) = Logarithms::of(smoothed, middle);
            smoothing(&values, season, false, Some(logarithms), &outside, &mut members);
        }
        // Theta starts below the first value, so the logarithms are kept off zero.
        let other = middle.map(|middle| Logarithms::of(&adjusted, middle - 1.0));
        let (other, logarithms) = other.map_or_else(
            || (adjusted, None),
            |(values, logarithms)| (values, Some(logarithms)),
        );
        for variant in [Variant::Standard, Variant::Dynamic] {
            members.push(Member::theta(&other, variant, logarithms, &shrunk));
        }
        Self { members }
    }

    /// The seasonal naive forecast alone: each period as a season ago.
    pub(super) fn naive(history: &History) -> Self {
        Self {
            members: vec![Member::plain(
                "seasonal naive",
                Model::Naive(history.values.clone(), history.lag()),
            )],
        }
    }

    /// How many members there are.
    pub(super) fn size(&self) -> usize {
        self.members.len()
    }

    /// The names of the members, in their order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|member| member.name.as_str())
    }

    /// Writes the combined forecasts that follow the first `origin` values, one at least, and adds to `parts` what part
    /// each member had in each. `paths` is working space.
    pub(super) fn ahead(&self, origin: usize, steps: &mut [f64], paths: &mut Vec<f64>, parts: &mut [f64]) {
        let count = steps.len();
        paths.resize(self.members.len() * count, 0.0);
        for (member, path) in self.members.iter().zip(paths.chunks_exact_mut(count)) {
            member.ahead(origin, path);
        }
        for (place, step) in steps.iter_mut().enumerate() {
            let mut said = [(0.0, 0); MOST];
            let said = &mut said[..self.members.len()];
            for (member, slot) in said.iter_mut().enumerate() {
                *slot = (paths[member * count + place], member);
            }
            let kept = if said.len() < TRIMMED {
                &said[..]
            } else {
                said.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                &said[1..said.len() - 1]
            };
            let part = 1.0 / kept.len() as f64;
            *step = kept.iter().map(|(value, _)| value).sum::<f64>() * part;
            for (_, member) in kept {
                parts[*member] += part / count as f64;
            }
        }
    }
}

/// Adds exponential smoothing twice, of all forms and of those whose trend fades if it has one: undamped trends count half.
/// Of logarithms, only the first.
fn smoothing(
    values: &[f64],
    season: usize,
    positive: bool,
    logarithms: Option<Logarithms>,
    outside: &Season,
    members: &mut Vec<Member>,
) {
    let additive = Season::unshrunk(values, season, Kind::Additive);
    let multiplicative = if positive {
        Season::unshrunk(values, season, Kind::Multiplicative)
    } else {
        additive.clone()
    };
    let fitted: Vec<Ets> = Form::all(positive, season > 1)
        .filter_map(|form| {
            let season = if form.season == Some(Kind::Multiplicative) {
                &multiplicative
            } else {
                &additive
            };
            Ets::fit(values, form, season)
        })
        .collect();
    let calm = |fit: &&Ets| fit.form.trend != Trend::Additive;
    let groups = [
        fitted.iter().collect::<Vec<_>>(),
        fitted.iter().filter(calm).collect(),
    ];
    for group in groups.iter().take(if logarithms.is_some() { 1 } else { 2 }) {
        let Some(best) = group.iter().min_by(|a, b| a.aicc.total_cmp(&b.aicc)) else {
            continue;
        };
        let likely: Vec<(f64, Ets)> = group
            .iter()
            .map(|fit| ((-(fit.aicc - best.aicc) / 2.0).exp(), (*fit).clone()))
            .filter(|(weight, _)| *weight > UNLIKELY)
            .collect();
        let whole: f64 = likely.iter().map(|(weight, _)| weight).sum();
        let likely = likely
            .into_iter()
            .map(|(weight, fit)| (weight / whole, fit))
            .collect();
        let name = best.form.name();
        members.push(Member {
            name: if logarithms.is_some() {
                format!("{name} of logarithms")
            } else {
                name
            },
            model: Model::Ets(likely),
            logarithms,
            season: outside.clone(),
        });
    }
}

impl Logarithms {
    /// Those of values, less `shift`. Growth goes on as far as there was growth before: forecasts leave the range of the
    /// values by no more than the logarithms ever moved, not counting their largest change, which happened once.
    fn of(values: &[f64], shift: f64) -> (Vec<f64>, Self) {
        let logarithms: Vec<f64> = values.iter().map(|value| value.ln() - shift).collect();
        let changes = logarithms
            .iter()
            .zip(logarithms.iter().skip(1))
            .map(|(before, after)| (after - before).abs());
        let (sum, largest) = changes.fold((0.0, 0.0_f64), |(sum, largest), change| {
            (sum + change, largest.max(change))
        });
        let room = sum - largest;
        let range = Self {
            shift,
            least: logarithms.iter().copied().fold(f64::INFINITY, f64::min) - room,
            most: logarithms.iter().copied().fold(f64::NEG_INFINITY, f64::max) + room,
        };
        (logarithms, range)
    }

    fn value(self, logarithm: f64) -> f64 {
        (logarithm.max(self.least).min(self.most) + self.shift).exp()
    }
}

impl Member {
    fn theta(values: &[f64], variant: Variant, logarithms: Option<Logarithms>, season: &Season) -> Self {
        let name = match variant {
            Variant::Standard => "theta",
            Variant::Optimised => "optimised theta",
            Variant::Dynamic => "dynamic optimised theta",
        };
        Self {
            name: if logarithms.is_some() {
                format!("{name} of logarithms")
            } else {
                name.to_owned()
            },
            model: Model::Theta(Theta::fit(values, variant)),
            logarithms,
            season: season.clone(),
        }
    }

    fn mean(history: &History) -> Self {
        let (mut sum, mut count) = (0.0, 0.0);
        let means = history
            .values
            .iter()
            .zip(&history.observed)
            .map(|(value, observed)| {
                if *observed {
                    sum += value;
                    count += 1.0;
                }
                sum / count
            });
        Self::plain("mean", Model::Mean(means.collect()))
    }

    fn plain(name: &str, model: Model) -> Self {
        Self {
            name: name.to_owned(),
            model,
            logarithms: None,
            season: Season::none(),
        }
    }

    fn ahead(&self, origin: usize, steps: &mut [f64]) {
        match &self.model {
            Model::Theta(theta) => theta.ahead(origin, steps),
            Model::Mean(means) => steps.fill(
                origin
                    .checked_sub(1)
                    .and_then(|place| means.get(place))
                    .copied()
                    .unwrap_or_default(),
            ),
            Model::Naive(values, lag) => {
                for (place, step) in steps.iter_mut().enumerate() {
                    let at = (origin + place % lag).checked_sub(*lag);
                    *step = at
                        .or(origin.checked_sub(1))
                        .and_then(|at| values.get(at))
                        .copied()
                        .unwrap_or_default();
                }
            }
            Model::Ets(fits) => {
                steps.fill(0.0);
                for (weight, fit) in fits {
                    fit.add_ahead(origin, *weight, steps);
                }
            }
        }
        for (place, step) in steps.iter_mut().enumerate() {
            if let Some(logarithms) = self.logarithms {
                *step = logarithms.value(*step);
            }
            *step = self.season.with(origin + place, *step);
        }
    }
}
