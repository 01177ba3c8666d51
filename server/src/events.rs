//! What changed, told to every open page and board as server-sent events.

/// The source of all streams; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Events {}
