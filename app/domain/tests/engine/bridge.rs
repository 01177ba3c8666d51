//! `domain::bridge`.
