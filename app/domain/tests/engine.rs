//! Laws and bad input of the engine's statistics: properties over random input, nothing panics, nothing runs for ever.

#[path = "engine/anomaly.rs"]
mod anomaly;
#[path = "engine/backtest.rs"]
mod backtest;
#[path = "engine/basis.rs"]
mod basis;
#[path = "engine/bridge.rs"]
mod bridge;
#[path = "engine/capability.rs"]
mod capability;
#[path = "engine/fairness.rs"]
mod fairness;
#[cfg(feature = "forecast")]
#[path = "engine/forecast.rs"]
mod forecast;
#[cfg(feature = "forecast")]
#[path = "engine/forecast_series.rs"]
mod forecast_series;
#[path = "engine/funnel.rs"]
mod funnel;
#[path = "engine/gap.rs"]
mod gap;
#[path = "engine/incentive.rs"]
mod incentive;
#[path = "engine/landing.rs"]
mod landing;
#[path = "engine/level.rs"]
mod level;
