//! The drag as a program and, compiled for wasm32, as a module whose exports a browser calls: `cargo xtask bench rebalance`
//! runs both and compares their times and, bit for bit, what they decide.
//!
//! `rebalance solve` prints the median microseconds of a rebalance of 111,111 nodes and the hash of its deltas;
//! `rebalance trees COUNT` checks random trees.
#![cfg_attr(target_arch = "wasm32", no_main)]
#![expect(clippy::unwrap_used, reason = "a bench ends where its set-up fails")]

#[path = "../../benches/rebalance/plans.rs"]
mod plans;
mod trees;

use std::hint::black_box;

use domain::plan::{Deltas, Grid, PlanCommand, apply};

/// The plan of 111,111 nodes with locks, floors and caps, and the change that is measured.
struct Case {
    held: Grid,
    drag: PlanCommand,
}

impl Case {
    fn new() -> Self {
        let plain = plans::tree(5, 1);
        Self {
            drag: plans::drag(&plain),
            held: plans::hold(plain),
        }
    }

    fn solve(&self) -> Deltas {
        apply(&self.held, black_box(&self.drag)).unwrap()
    }

    /// FNV-1a over what the change does.
    fn hash(&self) -> u64 {
        let mut findings = trees::Findings::NONE;
        findings.eat(&self.solve().to_bytes());
        findings.hash
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["solve"] => {
            let case = Case::new();
            let mut times: Vec<f64> = (0..31)
                .map(|_| {
                    let start = std::time::Instant::now();
                    black_box(case.solve());
                    start.elapsed().as_secs_f64() * 1e6
                })
                .collect();
            times.sort_by(f64::total_cmp);
            let line = serde_json::json!({ "us": times[times.len() / 2], "hash": case.hash().to_string() });
            println!("{line}");
        }
        ["trees", count] => {
            let mut findings = trees::Findings::NONE;
            (0..count.parse().unwrap()).for_each(|number| findings.check(number));
            let line = serde_json::json!({
                "trees": findings.trees,
                "done": findings.done,
                "refused": findings.refused,
                "failures": findings.failures,
                "first": findings.first.map(|(number, broken)| format!("tree {number}: {broken}")),
                "hash": findings.hash.to_string(),
            });
            println!("{line}");
        }
        _ => eprintln!("rebalance solve | rebalance trees COUNT"),
    }
}

/// What the browser calls.
#[cfg(target_arch = "wasm32")]
#[expect(unsafe_code, reason = "an export keeps its name; nothing else here is unsafe")]
mod exports {
    use std::cell::{LazyCell, RefCell};

    use super::{Case, black_box, trees};

    thread_local! {
        static CASE: LazyCell<Case> = LazyCell::new(Case::new);
        static FINDINGS: RefCell<trees::Findings> = const { RefCell::new(trees::Findings::NONE) };
    }

    /// One rebalance; the number of cells it changes.
    #[unsafe(no_mangle)]
    extern "C" fn solve() -> u32 {
        CASE.with(|case| black_box(case.solve()).cells.len() as u32)
    }

    /// The hash of its deltas.
    #[unsafe(no_mangle)]
    extern "C" fn solved() -> u64 {
        CASE.with(|case| case.hash())
    }

    /// Checks the trees from one number until before another; how many broke a promise so far.
    #[unsafe(no_mangle)]
    extern "C" fn check(from: u32, until: u32) -> u32 {
        FINDINGS.with_borrow_mut(|findings| {
            (from..until).for_each(|number| findings.check(u64::from(number)));
            findings.failures as u32
        })
    }

    /// The hash of all that was decided for them.
    #[unsafe(no_mangle)]
    extern "C" fn checked() -> u64 {
        FINDINGS.with_borrow(|findings| findings.hash)
    }
}
