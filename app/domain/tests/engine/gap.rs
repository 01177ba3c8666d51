//! `domain::gap`.
