//! Where a period will land: booked, open and not yet created deals, with an interval and the chance to reach the target.
//!
//! Two estimates look at the same rest of the period and are never added (engine.md C7). The season's: what is booked over
//! the share `S` of the period that is expected by now. And the one from below: booked, plus open deals times the chance
//! that they close in time, plus deals not yet created; without deals, booked plus the share `1 − S` of a forecast. The
//! season's weighs `w = S / (S + κ)`: the more of the period is there, the more its own pace says. `κ = 1 / (c σ²)` is the prior
//! exposure of the Gamma–Poisson model, `1 / (m σ²)` for `m` deals a period of which the rate scatters by `σ`: a scattered
//! curve and a sure outlook speak against the season. The interval comes from seeded draws of a linear pool of both (Stone
//! 1961): a draw is the season's with the chance `w`, so estimates that disagree make it wide.

mod draw;
mod outlook;
mod pipeline;

use serde::{Deserialize, Serialize};

use crate::calendar::{Day, Period, WorkingDays};
use crate::money::Minor;
use crate::pace::{Curve, Required, Share, required};
use crate::statistics::quantile;
use draw::Season;
use outlook::Rest;

pub use outlook::{Booked, Forecast};
pub use pipeline::{Arrivals, DealSize, OpenDeal, Pipeline};

/// How far a period is, and how sure one can be of that.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clock {
    /// The share of the period expected by now, `S`.
    pub share: Share,
    /// How closely past periods kept to it, see [`Curve::concentration`].
    pub concentration: f64,
    /// Days of the period.
    pub days: u32,
    /// Days of the period after today.
    pub days_left: u32,
    /// Working days of the period after today.
    pub working_days_left: u32,
}

impl Clock {
    /// The clock of a period at the end of a day.
    pub fn of(curve: &Curve, period: &Period, today: Day, working: &WorkingDays) -> Self {
        let count = |days: i32| u32::try_from(days).unwrap_or(0);
        Self {
            share: curve.share(period, today, working),
            concentration: curve.concentration(),
            days: count(period.days()),
            days_left: count(period.end.0.saturating_sub(today.plus(1).max(period.start).0)),
            working_days_left: count(working.left(period, today)),
        }
    }

    /// The part of the period that is expected after today, `1 − S`.
    fn rest(&self) -> f64 {
        f64::from(Share::WHOLE.0 - self.share.0.min(Share::WHOLE.0)) / f64::from(Share::WHOLE.0)
    }

    /// The days left in season-adjusted days: a quarter that fills up at its end has more of them left than on the wall.
    /// Deals close on this clock.
    fn season_days_left(&self) -> u32 {
        if self.days_left == 0 {
            return 0;
        }
        (self.rest() * f64::from(self.days)).round().max(1.0) as u32
    }
}

/// What is known of the rest of the period besides its pace. A pipeline that expects nothing says nothing.
#[derive(Clone, Copy, Debug)]
pub enum Outlook<'a> {
    /// Nothing.
    Unknown,
    /// A forecast.
    Forecast(Forecast),
    /// Open deals and how deals are created.
    Pipeline(&'a Pipeline<'a>),
}

/// Where the period will land, amounts in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Landing {
    /// Booked until now.
    pub booked: Minor,
    /// Booked over the share expected by now; `None` unless both are positive.
    pub by_season: Option<Minor>,
    /// Booked plus the rest as the outlook has it; `None` without an outlook.
    pub by_outlook: Option<Minor>,
    /// What the open deals are expected to bring in time.
    pub open: Minor,
    /// What deals that do not exist yet are expected to bring in time.
    pub new: Minor,
    /// The weight of the season's estimate, 0 to 1.
    pub season_weight: f64,
    /// Both, weighted.
    pub point: Minor,
    /// It will be less with a chance of 10 %; not above the point.
    pub p10: Minor,
    /// As likely more as less.
    pub p50: Minor,
    /// It will be more with a chance of 10 %; not below the point. Where few open deals are left that hardly come, more than
    /// nine draws in ten may lie below the mean, which is the point: then this is the point, and the chance is less.
    pub p90: Minor,
    /// How the target stands; `None` without one.
    pub target: Option<Standing>,
}

/// How a target stands against the landing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The target.
    pub target: Minor,
    /// The chance that the period ends at the target or above, 0 to 1.
    pub chance: f64,
    /// The target less the point, negative above it.
    pub gap: Minor,
    /// Open deals due in the period over what is missing; `None` without a pipeline or where nothing is missing.
    pub coverage: Option<f64>,
    /// The same with each deal times its chance to close in time, deals of whatever due date.
    pub weighted_coverage: Option<f64>,
    /// How fast the rest would have to come.
    pub required: Required,
}

/// Why no landing can be told.
#[derive(Clone, Debug, PartialEq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "error")]
pub enum LandingError {
    /// Nothing is booked yet, or nothing is expected by now, and there is neither a forecast nor a pipeline.
    #[error("nothing is booked and there is neither a forecast nor a pipeline to go by")]
    NothingToGoBy,
    /// The forecast is not positive, has a negative number of deals, or a spread or variation outside 0 to [`MAX_SPREAD`].
    #[error("a forecast must be positive, with a spread and a variation from 0 to {MAX_SPREAD}")]
    Forecast,
    /// The curve's concentration is not positive, or infinite.
    #[error("the concentration of a curve must be a positive number")]
    Concentration,
    /// The variation of booked deals is outside 0 to [`MAX_SPREAD`].
    #[error("the variation of booked deals must be from 0 to {MAX_SPREAD}")]
    Variation,
    /// The common error is outside 0 to [`MAX_SPREAD`].
    #[error("the common error of a pipeline must be from 0 to {MAX_SPREAD}")]
    CommonError,
    /// The size of new deals is negative, no number or more than [`Minor`] holds, or its variation outside 0 to
    /// [`MAX_SPREAD`].
    #[error("the size of a new deal must be 0 or more, with a variation from 0 to {MAX_SPREAD}")]
    DealSize,
    /// An open deal has a negative value.
    #[error("open deal {deal} has a negative value")]
    NegativeDeal {
        /// Its place in the list, from 0.
        deal: usize,
    },
    /// The chance given for a deal is none.
    #[error("the chance of {} is not between 0 and 1", .deal.map_or("a new deal".to_owned(), |deal| format!("open deal {deal}")))]
    Chance {
        /// Its place in the list, from 0; `None` for a deal that does not exist yet.
        deal: Option<usize>,
    },
}

/// The largest standard deviation in units of the mean that is taken; beyond it a mean says nothing.
pub const MAX_SPREAD: f64 = 100.0;

fn is_spread(number: f64) -> bool {
    (0.0..=MAX_SPREAD).contains(&number)
}

/// Where the period will land.
///
/// `chance` tells how likely a deal of this stage and age is won within so many days; it is asked once for every open deal
/// and once a day for a new one ([`Pipeline::entry_stage`], age 0). Days are season-adjusted: the rest of the period in days
/// of an average pace. The same seed gives the same answer.
pub fn landing(
    clock: &Clock,
    booked: Booked,
    target: Option<Minor>,
    outlook: Outlook<'_>,
    chance: impl Fn(&OpenDeal, u32) -> f64,
    seed: u64,
) -> Result<Landing, LandingError> {
    if !clock.concentration.is_finite() || clock.concentration <= 0.0 {
        return Err(LandingError::Concentration);
    }
    if !is_spread(booked.variation) {
        return Err(LandingError::Variation);
    }
    let rest = match outlook {
        Outlook::Unknown => Rest::Unknown,
        Outlook::Forecast(forecast) => Rest::Forecast(forecast.checked()?),
        Outlook::Pipeline(pipeline) => Rest::Deals(pipeline.expected(clock, &chance)?),
    };
    let there = booked.amount.0 as f64;
    let season = Season::of(clock, booked, &rest);
    let by_season = season.as_ref().map(|season| there / season.share);
    let by_outlook = rest.mean(clock).map(|rest| there + rest);
    let (point, weight) = match (&season, by_season, by_outlook) {
        (Some(season), Some(by_season), Some(by_outlook)) => {
            let weight = season.weight(rest.spread());
            (weight * by_season + (1.0 - weight) * by_outlook, weight)
        }
        (_, Some(by_season), None) => (by_season, 1.0),
        (_, _, Some(by_outlook)) => (by_outlook, 0.0),
        // The period is over: what is booked is all there will be.
        _ if clock.share >= Share::WHOLE => (there, 0.0),
        _ => return Err(LandingError::NothingToGoBy),
    };
    let draws = draw::landings(
        clock,
        there,
        season.as_ref().map(|season| (season, weight)),
        &rest,
        seed,
    );
    let at = |part: f64| amount(quantile(&draws, part).unwrap_or(point));
    let deals = rest.deals();
    let standing = target.map(|target| {
        let hits = draws.iter().filter(|draw| **draw >= target.0 as f64).count();
        let required = required(target, booked.amount, clock.share, clock.working_days_left);
        let covered = |open: f64| (required.missing.0 > 0).then(|| open / required.missing.0 as f64);
        Standing {
            target,
            chance: hits as f64 / draws.len() as f64,
            gap: Minor(target.0.saturating_sub(amount(point).0)),
            coverage: deals.and_then(|deals| covered(deals.due)),
            weighted_coverage: deals.and_then(|deals| covered(deals.open)),
            required,
        }
    });
    Ok(Landing {
        booked: booked.amount,
        by_season: by_season.map(amount),
        by_outlook: by_outlook.map(amount),
        open: amount(deals.map_or(0.0, |deals| deals.open)),
        new: amount(deals.map_or(0.0, |deals| deals.new)),
        season_weight: weight,
        point: amount(point),
        p10: at(0.1).min(amount(point)),
        p50: at(0.5),
        p90: at(0.9).max(amount(point)),
        target: standing,
    })
}

/// A number of minor units, at the border where it does not fit.
fn amount(value: f64) -> Minor {
    Minor(value.round() as i64)
}
