//! The planning engine: the plan, its log, the drag; by cases and by properties of random plans.
//!
//! `PROPTEST_CASES=25000` runs 100,000 random plans through each property of the drag.
#![expect(clippy::unwrap_used, reason = "a test ends where its set-up fails")]

#[path = "planning/as_of.rs"]
mod as_of;
#[path = "planning/entered.rs"]
mod entered;
#[path = "planning/hostile.rs"]
mod hostile;
#[path = "planning/made.rs"]
mod made;
#[path = "planning/over_assign.rs"]
mod over_assign;
#[path = "planning/packed.rs"]
mod packed;
#[path = "planning/part.rs"]
mod part;
#[path = "planning/peers.rs"]
mod peers;
#[path = "planning/plan.rs"]
mod plan;
#[path = "planning/plan_log.rs"]
mod plan_log;
#[path = "planning/rebalance.rs"]
mod rebalance;
#[path = "planning/rebalance_exact.rs"]
mod rebalance_exact;
#[path = "planning/rebalance_properties.rs"]
mod rebalance_properties;
#[path = "planning/span.rs"]
mod span;
#[path = "planning/span_entered.rs"]
mod span_entered;
#[path = "planning/split.rs"]
mod split;
#[path = "planning/split_exact.rs"]
mod split_exact;
#[path = "planning/split_own.rs"]
mod split_own;
#[path = "planning/split_properties.rs"]
mod split_properties;
#[path = "planning/split_told.rs"]
mod split_told;
#[path = "planning/staff.rs"]
mod staff;
#[path = "planning/steps.rs"]
mod steps;
// The trees that the bench checks by the hundred thousand.
#[path = "../examples/rebalance/trees.rs"]
mod random_trees;
#[path = "planning/refused.rs"]
mod refused;
#[path = "planning/tree.rs"]
mod tree;
#[path = "planning/way_back.rs"]
mod way_back;
#[path = "planning/weighing.rs"]
mod weighing;
#[path = "planning/what_if.rs"]
mod what_if;
