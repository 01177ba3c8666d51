//! The cases of `domain::landing` on real files.
