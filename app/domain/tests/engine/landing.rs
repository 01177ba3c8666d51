//! `domain::landing`.
