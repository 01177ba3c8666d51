//! `/api/v1/versions/{version}/models`: what ways of splitting a version would have come to in the past.

use axum::Json;
use axum::extract::{Path, State};
use domain::backtest::models as ways;
use domain::id::VersionId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ApiError, Caller, ErrorBody};
use crate::state::AppState;

/// The ways of splitting a version can go by.
#[derive(Serialize, ToSchema)]
pub(super) struct SplitModels {
    /// The most people a past quarter was split over; 0 where none was.
    people: usize,
    /// The past quarters that were split.
    #[schema(example = json!(["2017-Q1"]))]
    quarters: Vec<String>,
    /// How many were not: too little was known of them.
    skipped: usize,
    /// With what chance the intervals hold, from 0 to 1.
    chance: f64,
    /// Whether `blended` has the shares that the past advises; else they are equal parts.
    advised: bool,
    /// The way that is clearly better than all others; null where no difference can be seen.
    best: Option<&'static str>,
    models: Vec<SplitModel>,
    /// Why `market` has no figures and cannot be the best, though it is among the models; null where it has some, or is not
    /// among them.
    market_unknown: Option<MarketUnknown>,
}

/// Why the past is not split by the market: too little was known of it then.
#[derive(Serialize, ToSchema)]
struct MarketUnknown {
    /// `few_quarters`: markets were known before too few past quarters; `known_later`: the first was noted after them; `never`: none
    /// was noted, or those of then are of other days or people.
    #[schema(example = "known_later")]
    reason: &'static str,
    /// The day the first figure of a market was noted, where that was after the past.
    #[schema(example = "2018-02-15")]
    known_from: Option<String>,
    /// Past quarters before which markets were known for everybody: fewer than are needed to compare ways by.
    quarters: usize,
}

/// A way of splitting with what it would have come to.
#[derive(Serialize, ToSchema)]
struct SplitModel {
    /// `equal`, `history`, `history_capability`, `market` or `blended`.
    #[schema(example = "history")]
    model: &'static str,
    shares: Vec<ModelShare>,
    /// Null where it cannot be tested on the past.
    figures: Option<ModelFigures>,
}

/// A basis of a way of splitting.
#[derive(Serialize, ToSchema)]
struct ModelShare {
    #[schema(example = "history")]
    basis: &'static str,
    /// Its part in millionths.
    share_ppm: u32,
}

/// What a way would have come to in past quarters; ratios, 0.1 for 10 %.
#[derive(Serialize, ToSchema)]
struct ModelFigures {
    /// What of the money would have been asked of the wrong people.
    misplaced: ModelFigure,
    /// How far attainment spreads around 1.
    spread: Option<ModelFigure>,
    /// Share of people and quarters whose attainment lies between 0.8 and 1.2.
    near: Option<ModelFigure>,
    /// Gini coefficient of attainment.
    gini: Option<ModelFigure>,
}

/// A figure with the interval it lies in.
#[derive(Serialize, ToSchema)]
struct ModelFigure {
    value: f64,
    low: f64,
    high: f64,
}

/// Ways of splitting, tested on the past
///
/// Past quarters are split by each way and held against what people did.
#[utoipa::path(
    get,
    path = "/versions/{version}/models",
    tag = "fairness",
    params(("version" = Uuid, Path, description = "The version.")),
    responses(
        (status = 200, description = "The ways with their figures.", body = SplitModels),
        (status = 401, description = "No valid token and no session.", body = ErrorBody),
        (status = 404, description = "There is no such version, or it is not for this caller.", body = ErrorBody),
    )
)]
pub(super) async fn of_version(
    State(state): State<AppState>,
    Caller(scope): Caller,
    Path(version): Path<Uuid>,
) -> Result<Json<SplitModels>, ApiError> {
    let found = state.operations.split_models(&scope, VersionId(version)).await?;
    Ok(Json(found.into()))
}

impl From<ways::Models> for SplitModels {
    fn from(found: ways::Models) -> Self {
        Self {
            best: found.best().map(ways::Preset::as_str),
            market_unknown: found.market.map(MarketUnknown::from),
            people: found.people,
            quarters: found.periods.into_iter().map(|period| period.name).collect(),
            skipped: found.skipped.len(),
            chance: found.chance,
            advised: found.advised,
            models: found.presets.into_iter().map(SplitModel::from).collect(),
        }
    }
}

impl From<ways::MarketUnknown> for MarketUnknown {
    fn from(unknown: ways::MarketUnknown) -> Self {
        // As the split's page tells it.
        let reason = match (unknown.known_from, unknown.quarters) {
            (_, 1..) => "few_quarters",
            (Some(_), 0) => "known_later",
            (None, 0) => "never",
        };
        Self {
            reason,
            known_from: unknown.known_from.map(|day| day.to_string()),
            quarters: unknown.quarters,
        }
    }
}

impl From<ways::Model> for SplitModel {
    fn from(model: ways::Model) -> Self {
        Self {
            model: model.preset.as_str(),
            shares: model
                .shares
                .into_iter()
                .map(|(basis, share_ppm)| ModelShare {
                    basis: basis.as_str(),
                    share_ppm,
                })
                .collect(),
            figures: model.figures.map(|figures| ModelFigures {
                misplaced: figures.misplaced.into(),
                spread: figures.spread.map(ModelFigure::from),
                near: figures.near.map(ModelFigure::from),
                gini: figures.gini.map(ModelFigure::from),
            }),
        }
    }
}

impl From<ways::Figure> for ModelFigure {
    fn from(figure: ways::Figure) -> Self {
        Self {
            value: figure.value,
            low: figure.interval.low,
            high: figure.interval.high,
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::calendar::Day;

    use super::*;

    #[test]
    fn why_the_market_has_no_score_is_told_by_a_code_with_its_figure() {
        for (known_from, quarters, reason, day) in [
            (None, 2, "few_quarters", None),
            (Some(Day(1)), 3, "few_quarters", Some("1970-01-02")),
            (Some(Day(1)), 0, "known_later", Some("1970-01-02")),
            (None, 0, "never", None),
        ] {
            let told = MarketUnknown::from(ways::MarketUnknown { known_from, quarters });
            assert_eq!((told.reason, told.quarters), (reason, quarters));
            assert_eq!(told.known_from.as_deref(), day);
        }
    }
}
