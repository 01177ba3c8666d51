//! How an outlook is reckoned: every branch is forecast on its own, then all are moved as little as needed until they add
//! up, and only then rounded to money, from the top down so that they still do; and no range is wider than those below it
//! together.
//!
//! Months without facts at the end are the caller's to cut off: the first month to come follows the last value.

mod calendar;
mod coherent;

use std::ops::Range;

use super::{Accuracy, Distribution, Fan};
use crate::forecast::effects;
use crate::forecast::hierarchy::{self, Method, Node, Sign};
use crate::forecast::{self, Band, Forecast, Range as Values, intermittent};
use crate::money::Minor;
use crate::statistics::{Interval, Random};

pub use calendar::{Calendar, festival};

/// Months of a season.
const SEASON: usize = 12;
/// The bands a fan is made of, per cent: P10 to P90, and P25 to P75.
const LEVELS: [f64; 2] = [80.0, 50.0];
/// Values a series needs before an effect of the calendar is looked for.
const CALENDAR_FROM: usize = 24;
/// Months held back, one try after the other.
const HELD_BACK: [usize; 8] = [3, 6, 9, 12, 15, 18, 21, 24];
/// Months a try looks ahead at most.
const TRY_AHEAD: usize = 12;
/// Values that have to be left for a try, at least.
const LEFT: usize = 12;

/// A branch as it is reckoned with. Parents come before their children.
#[derive(Clone, Debug)]
pub struct Series {
    /// The branch above.
    pub above: Option<usize>,
    /// What whole months brought, in minor units; NaN where that is not known. As many in every branch.
    pub values: Vec<f64>,
    /// What the first month to come brought already.
    pub so_far: Minor,
    /// What was done in the planned span before the first month to come.
    pub booked: Minor,
}

/// What is to be expected of a branch, before market factors.
#[derive(Clone, Debug)]
pub struct Expected {
    /// Of each month to come.
    pub fan: Vec<Fan>,
    /// Of the planned span in all.
    pub total: Distribution,
    /// The methods with their parts.
    pub methods: Vec<(String, f64)>,
    /// Whether little comes, now and then.
    pub seldom: bool,
}

/// The forecast of one branch on its own; that of a branch without a value is nothing, for certain.
pub fn alone(values: &[f64], calendar: &Calendar, steps: usize) -> Forecast {
    let steps = steps.clamp(1, forecast::MAX_HORIZON);
    let plain = || intermittent::automatic(values, SEASON, steps, &LEVELS).ok();
    let known = values.iter().filter(|value| !value.is_nan()).count();
    let made = if calendar.is_plain() || known < CALENDAR_FROM {
        plain()
    } else {
        calendar
            .over(values.len() + steps)
            .and_then(|effects| effects::forecast(values, SEASON, steps, &LEVELS, &effects).ok())
            .map(|adjusted| adjusted.forecast)
            .or_else(plain)
    };
    made.unwrap_or_else(|| nothing(steps))
}

fn nothing(steps: usize) -> Forecast {
    let band = |level: f64| Band {
        level,
        steps: vec![Interval { low: 0.0, high: 0.0 }; steps],
    };
    Forecast {
        mean: vec![0.0; steps],
        bands: LEVELS.map(band).to_vec(),
        spread: vec![0.0; steps],
        total_spread: vec![0.0; steps],
        freedom: 30.0,
        members: Vec::new(),
        residuals: Vec::new(),
        held_back: None,
        used: 0,
        filled: 0,
        range: Values::NotNegative,
    }
}

/// Makes the forecasts of all branches add up and turns them into money. `span`: the steps of the planned span, none where
/// it is over.
pub fn together(series: &[Series], forecasts: Vec<Forecast>, span: &Range<usize>) -> Vec<Expected> {
    let seldom: Vec<bool> = forecasts
        .iter()
        .map(|forecast| matches!(forecast.range, Values::Demand { .. }))
        .collect();
    let forecasts = reconciled(series, forecasts);
    let middles = rounded(series, &forecasts);
    let mut all: Vec<Expected> = series
        .iter()
        .zip(&forecasts)
        .zip(middles)
        .zip(seldom)
        .map(|(((series, forecast), middles), seldom)| expected(series, forecast, &middles, span, seldom))
        .collect();
    coherent::widen(series, &mut all, span, |place, step| {
        floor(&series[place], &forecasts[place], step)
    });
    all
}

/// What a month to come cannot be below: what it brought already, or nothing; none where it can be negative.
fn floor(series: &Series, forecast: &Forecast, step: usize) -> Option<Minor> {
    match forecast.range {
        Values::Any => None,
        _ if step == 0 => Some(series.so_far),
        _ => Some(Minor(0)),
    }
}

fn reconciled(series: &[Series], forecasts: Vec<Forecast>) -> Vec<Forecast> {
    let periods = series.first().map_or(0, |series| series.values.len());
    let free = series
        .iter()
        .flat_map(|series| &series.values)
        .any(|value| *value < 0.0);
    let (method, sign) = (
        if periods < 2 {
            Method::Structural
        } else {
            Method::Variance
        },
        if free { Sign::Free } else { Sign::NonNegative },
    );
    let nodes: Vec<Node> = series
        .iter()
        .zip(&forecasts)
        .enumerate()
        .map(|(place, (series, forecast))| Node {
            parent: series.above,
            forecast: forecast.clone(),
            residuals: residuals(&forecast.residuals, periods, place),
        })
        .collect();
    let solved = hierarchy::reconcile(&nodes, method, sign)
        .or_else(|_| hierarchy::reconcile(&nodes, Method::BottomUp, Sign::Free));
    solved.map_or(forecasts, |reconciled| reconciled.forecasts)
}

/// The errors of a branch over all months. What came before its history is filled with errors of the same size whose
/// signs go with nobody else's: how far it errs is known, with whom it errs is not.
fn residuals(own: &[f64], periods: usize, place: usize) -> Vec<f64> {
    let own = &own[own.len().saturating_sub(periods)..];
    let squares: f64 = own.iter().map(|error| error * error).sum();
    let size = (squares / own.len().max(1) as f64).sqrt();
    let mut random = Random::new(place as u64);
    let before = (own.len()..periods).map(|_| if random.unit() < 0.5 { size } else { -size });
    before.chain(own.iter().copied()).collect()
}

/// The means as money: the topmost is rounded, and every other shares what its parent has by largest remainder. What a
/// month brought already is not lost. A list of months for each branch.
fn rounded(series: &[Series], forecasts: &[Forecast]) -> Vec<Vec<i64>> {
    let steps = forecasts.first().map_or(0, |forecast| forecast.mean.len());
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); series.len()];
    for (place, one) in series.iter().enumerate() {
        if let Some(above) = one.above {
            children[above].push(place);
        }
    }
    let mut middles = vec![Vec::with_capacity(steps); series.len()];
    for step in 0..steps {
        let mean = |place: usize| forecasts[place].mean[step];
        let mut month = vec![0_i64; series.len()];
        for (place, below) in children.iter().enumerate() {
            if series[place].above.is_none() {
                month[place] = mean(place).round() as i64;
            }
            let parts: Vec<f64> = below.iter().map(|child| mean(*child)).collect();
            for (child, share) in below.iter().zip(shares(month[place], &parts)) {
                month[*child] = share;
            }
        }
        if step == 0 {
            for place in (0..series.len()).rev() {
                month[place] = if children[place].is_empty() {
                    month[place].max(series[place].so_far.0)
                } else {
                    children[place].iter().map(|child| month[*child]).sum()
                };
            }
        }
        for (middles, middle) in middles.iter_mut().zip(month) {
            middles.push(middle);
        }
    }
    middles
}

/// Whole numbers next to the parts that sum to the whole.
fn shares(whole: i64, parts: &[f64]) -> Vec<i64> {
    let mut shares: Vec<i64> = parts.iter().map(|part| part.floor() as i64).collect();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    let rest = |place: &usize| parts[*place] - parts[*place].floor();
    order.sort_by(|a, b| rest(b).total_cmp(&rest(a)).then(a.cmp(b)));
    let sum: i128 = shares.iter().copied().map(i128::from).sum();
    let mut missing = i128::from(whole) - sum;
    // Floats of large sums may be off by more than one a part; each round gives every part one.
    let count = parts.len() as i128;
    if count > 0 {
        let each = missing.div_euclid(count);
        missing = missing.rem_euclid(count);
        for (round, place) in (0_i128..).zip(order) {
            shares[place] += (each + i128::from(round < missing)) as i64;
        }
    }
    shares
}

fn expected(
    series: &Series,
    forecast: &Forecast,
    middles: &[i64],
    span: &Range<usize>,
    seldom: bool,
) -> Expected {
    let negative = forecast.range == Values::Any;
    let fan = middles.iter().enumerate().map(|(step, middle)| {
        let moved = *middle as f64 - forecast.mean[step];
        let lowest = floor(series, forecast, step).map_or(f64::NEG_INFINITY, |floor| floor.0 as f64);
        let ends = |level: usize| {
            let interval = forecast.bands.get(level).and_then(|band| band.steps.get(step));
            let interval = interval.copied().unwrap_or(Interval {
                low: forecast.mean[step],
                high: forecast.mean[step],
            });
            let at = |end: f64| (end + moved).max(lowest).round() as i64;
            (at(interval.low).min(*middle), at(interval.high).max(*middle))
        };
        let ((p10, p90), (p25, p75)) = (ends(0), ends(1));
        Fan {
            p10: Minor(p10),
            p25: Minor(p25.max(p10)),
            p50: Minor(*middle),
            p75: Minor(p75.min(p90)),
            p90: Minor(p90),
        }
    });
    let fan: Vec<Fan> = fan.collect();
    let middle: i64 = middles.get(span.clone()).unwrap_or_default().iter().sum();
    let middle = series.booked.0.saturating_add(middle);
    let so_far = if span.start == 0 && !span.is_empty() {
        series.so_far.0.max(0)
    } else {
        0
    };
    let floor = (!negative).then_some(Minor(series.booked.0.saturating_add(so_far)));
    let total = if span.is_empty() {
        Distribution::certain(series.booked)
    } else {
        let mean: f64 = forecast.mean.get(span.clone()).unwrap_or_default().iter().sum();
        let around = |chance: f64| {
            let off = forecast.quantile_of(span.clone(), chance).unwrap_or(mean) - mean;
            let amount = Minor(middle.saturating_add(off.round() as i64));
            match chance.total_cmp(&0.5) {
                std::cmp::Ordering::Less => amount.min(Minor(middle)),
                std::cmp::Ordering::Equal => Minor(middle),
                std::cmp::Ordering::Greater => amount.max(Minor(middle)),
            }
        };
        Distribution::of(around, floor)
    };
    Expected {
        fan,
        total,
        methods: forecast
            .members
            .iter()
            .filter(|member| member.weight > 0.0)
            .map(|member| (member.method.clone(), member.weight))
            .collect(),
        seldom,
    }
}

/// How well a branch would have been forecast from earlier points of its history, on its own; none where too little is
/// left before them.
pub fn accuracy(values: &[f64], calendar: &Calendar) -> Option<Accuracy> {
    let from = values.iter().position(|value| !value.is_nan())?;
    let known = values.len() - from;
    // Half of the history stays with each try, and a year at least.
    let left = LEFT.max(known.min(2 * SEASON + 2 * LEFT) / 2);
    let mut found = Accuracy {
        tries: 0,
        months: 0,
        ahead: 0,
        off: None,
        year_off: None,
        inside: 0,
    };
    let (mut errors, mut brought) = (0.0, 0.0);
    let (mut years, mut year_errors, mut year_brought) = (0, 0.0, 0.0);
    for back in HELD_BACK {
        let Some(origin) = values
            .len()
            .checked_sub(back)
            .filter(|origin| *origin >= from + left)
        else {
            break;
        };
        let ahead = back.min(TRY_AHEAD);
        let said = alone(&values[..origin], calendar, ahead);
        let band = said.bands.first()?;
        let actual = &values[origin..origin + ahead];
        found.tries += 1;
        found.ahead = found.ahead.max(ahead as u32);
        for ((actual, mean), interval) in actual.iter().zip(&said.mean).zip(&band.steps) {
            if actual.is_nan() {
                continue;
            }
            found.months += 1;
            found.inside += u32::from(interval.contains(*actual));
            errors += (actual - mean).abs();
            brought += actual.abs();
        }
        if ahead == TRY_AHEAD && actual.iter().all(|value| !value.is_nan()) {
            let sum: f64 = actual.iter().sum();
            years += 1;
            year_errors += (sum - said.mean.iter().sum::<f64>()).abs();
            year_brought += sum.abs();
        }
    }
    if found.months == 0 {
        return None;
    }
    found.off = (brought > 0.0).then(|| errors / brought);
    found.year_off = (years > 0 && year_brought > 0.0).then(|| year_errors / year_brought);
    Some(found)
}

#[cfg(test)]
mod tests;
