//! The cases of `domain::anomaly` on real files.
