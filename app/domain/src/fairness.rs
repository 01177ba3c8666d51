//! Whether a set of targets is fair and reachable, before it is published.
