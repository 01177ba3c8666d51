//! The cases of `domain::bridge` on real files.
