//! `domain::fairness`.
