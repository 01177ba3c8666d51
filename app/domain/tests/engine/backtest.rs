//! `domain::backtest`.
