//! Counting checks and seconds over all stages.

use std::time::{Duration, Instant};

use crate::failure::Result;

/// What one stage found.
#[derive(Default)]
pub(crate) struct Counts {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    /// One line for each check that did not run: which and why.
    pub(crate) skipped: Vec<String>,
}

impl Counts {
    /// A single check that held.
    pub(crate) fn one() -> Self {
        Self {
            passed: 1,
            ..Self::default()
        }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped.extend(other.skipped);
    }

    /// Counts a check that either holds or says why not.
    pub(crate) fn check(&mut self, outcome: Result<()>) {
        match outcome {
            Ok(()) => self.passed += 1,
            Err(failure) => {
                println!("FAILED: {failure}");
                self.failed += 1;
            }
        }
    }
}

/// All stages of one run.
#[derive(Default)]
pub(crate) struct Tally {
    stages: Vec<(String, Duration, Counts)>,
}

impl Tally {
    /// Runs a stage. A stage that cannot be carried out counts as one failure.
    pub(crate) fn stage(&mut self, name: &str, stage: impl FnOnce() -> Result<Counts>) {
        println!("\n== {name}");
        let start = Instant::now();
        let outcome = stage();
        self.done(name, start.elapsed(), outcome);
    }

    /// Takes in a stage that ran elsewhere.
    pub(crate) fn done(&mut self, name: &str, took: Duration, outcome: Result<Counts>) {
        let mut counts = Counts::default();
        match outcome {
            Ok(found) => counts = found,
            Err(failure) => counts.check(Err(failure)),
        }
        println!("== {name}: {:.1} s", took.as_secs_f64());
        self.stages.push((name.to_owned(), took, counts));
    }

    /// Prints seconds per stage, the reasons of what was skipped and, last, the sum. True when nothing failed.
    pub(crate) fn close(self, since: Instant) -> bool {
        println!();
        let mut sum = Counts::default();
        for (name, took, counts) in self.stages {
            let told = told(&counts);
            println!("{name:<14} {:>7.1} s   {told}", took.as_secs_f64());
            sum.add(counts);
        }
        println!("{:<14} {:>7.1} s", "all", since.elapsed().as_secs_f64());
        for reason in &sum.skipped {
            println!("skipped: {reason}");
        }
        println!("{}", told(&sum));
        sum.failed == 0
    }
}

fn told(counts: &Counts) -> String {
    format!(
        "{} passed, {} failed, {} skipped",
        counts.passed,
        counts.failed,
        counts.skipped.len()
    )
}
