//! `domain::capability`.
