//! Which weights would have been right: each candidate split of year t, made from what was known before it, scored on what happened.
