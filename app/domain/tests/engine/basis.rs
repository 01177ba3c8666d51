//! `domain::basis`.
