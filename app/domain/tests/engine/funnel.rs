//! `domain::funnel`.
