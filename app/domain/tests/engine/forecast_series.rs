//! Forecasts of what is more than one smooth series: hierarchies, effects of the calendar, intermittent demand.

#[path = "forecast_series/effects.rs"]
mod effects;
#[path = "forecast_series/hierarchy.rs"]
mod hierarchy;
#[path = "forecast_series/hierarchy_laws.rs"]
mod hierarchy_laws;
#[path = "forecast_series/intermittent.rs"]
mod intermittent;
#[path = "forecast_series/intervals.rs"]
mod intervals;
#[path = "forecast_series/working_days.rs"]
mod working_days;
