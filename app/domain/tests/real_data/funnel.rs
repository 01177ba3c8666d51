//! The cases of `domain::funnel` on real files.
