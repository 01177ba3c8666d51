//! `domain::anomaly`.
