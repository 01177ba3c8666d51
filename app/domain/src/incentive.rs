//! What reaching a target pays: tiers, accelerators, caps, thresholds, and what the next deal is worth.
