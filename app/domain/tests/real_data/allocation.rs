//! The cases of `domain::allocation` on real files.
