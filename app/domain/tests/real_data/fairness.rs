//! The cases of `domain::fairness` on real files.
