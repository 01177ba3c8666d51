//! `domain::forecast`.
