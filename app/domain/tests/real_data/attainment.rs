//! The cases of `domain::attainment` on real files.
