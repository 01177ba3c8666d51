//! The cases of `domain::capability` on real files.
