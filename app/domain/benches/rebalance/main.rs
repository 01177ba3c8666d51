//! The figures `rebalance.*` and `plan.memory`: one line of JSON each. `cargo bench -p domain --bench rebalance`.
//!
//! What is measured is the whole decision, `plan::apply`: room of every subtree, solving, deltas. It is set against
//! copying the amounts of the same nodes; both run interleaved, and the median counts.
#![expect(clippy::unwrap_used, reason = "a bench ends where its set-up fails")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use domain::id::UserId;
use domain::money::Minor;
use domain::plan::{Grid, Keep, NodeIndex, NodeSpec, PeriodIndex, PlanCommand, Shape, apply};
use plans::{Q1, hold, periods, reference, set, tree};

mod plans;

const ROUNDS: usize = 31;

fn main() {
    let mut times = Vec::new();
    for levels in [4, 5, 6] {
        let plain = tree(levels, 1);
        let held = hold(plain.clone());
        let nodes = plain.shape().len();
        let drag = plans::drag(&plain);
        let copied = Pair::new(&plain);
        let free = copied.against(|| apply(&plain, black_box(&drag)).unwrap().cells.len());
        let bound = copied.against(|| apply(&held, black_box(&drag)).unwrap().cells.len());
        if levels == 5 {
            free.print("rebalance.100k.plain", nodes, 150.0, 80.0);
            bound.print("rebalance.100k", nodes, 400.0, 200.0);
            let ms = bound.own_us / 1_000.0;
            line(
                "rebalance.100k.ms",
                ms,
                "ms",
                &format!("{nodes} nodes"),
                "-",
                bound.spread,
                5.0,
                5.0,
            );
        }
        times.push((nodes as f64, free.own_us, bound.own_us));
        if levels == 5 {
            leaf(&held);
        }
    }
    for (name, at) in [("rebalance.plain.exponent", 1_usize), ("rebalance.exponent", 2)] {
        let (small, large) = (times[0], times[2]);
        let pick = |time: (f64, f64, f64)| if at == 1 { time.1 } else { time.2 };
        let exponent = log2(pick(large) / pick(small)) / log2(large.0 / small.0);
        let words = format!("{:.0} us at {:.0} nodes", pick(large), large.0);
        let against = format!("{:.0} us at {:.0} nodes", pick(small), small.0);
        line(name, exponent, "exponent", &words, &against, 0.0, 1.2, 1.05);
    }
    memory();
}

/// One leaf, its siblings and ancestors.
fn leaf(grid: &Grid) {
    let shape = grid.shape();
    let node = shape.nodes().find(|node| {
        let free = |node: NodeIndex| grid.constraint(node, Q1).is_empty();
        shape.is_leaf(*node)
            && free(*node)
            && shape.ancestors(*node).all(free)
            && grid.amount(*node, Q1).0 > 100
    });
    let node = node.unwrap();
    let amount = grid.amount(node, Q1).0;
    for (name, keep) in [
        ("rebalance.leaf", Keep::None),
        ("rebalance.leaf.siblings", Keep::Column),
    ] {
        let command = set(node.0, amount - 7, keep);
        let mut samples: Vec<f64> = (0..ROUNDS)
            .map(|_| {
                let start = Instant::now();
                for _ in 0..1_000 {
                    black_box(apply(grid, black_box(&command)).unwrap());
                }
                start.elapsed().as_secs_f64() * 1_000.0
            })
            .collect();
        samples.sort_by(f64::total_cmp);
        line(
            name,
            samples[ROUNDS / 2],
            "us",
            "one leaf edit",
            "-",
            spread(&samples),
            10.0,
            1.0,
        );
    }
}

/// 5,000 nodes × 16 periods × 5 metrics: one grid a metric over one shape.
fn memory() {
    let nodes = 5_000_usize;
    let specs = (0..nodes).map(|index| NodeSpec {
        parent: (index > 0)
            .then(|| NodeIndex((index as u32 - 1) / 70 * 70))
            .filter(|_| index > 0)
            .map(|above| {
                if (index - 1) % 70 == 0 {
                    NodeIndex(0)
                } else {
                    NodeIndex(above.0 + 1)
                }
            }),
        reference: reference(index, index == 0 || (index - 1) % 70 == 0),
        name: format!("Member {index}"),
    });
    let shape = Arc::new(Shape::new(specs.collect(), periods(16)).unwrap());
    let grids: Vec<Grid> = (0..5)
        .map(|_| {
            let grid =
                Grid::from_leaves(Arc::clone(&shape), |node, _| Minor(i64::from(node.0) * 100)).unwrap();
            let every = shape.nodes().filter(|node| node.0 % 50 == 1);
            every.fold(grid, |mut grid, node| {
                let deltas = apply(
                    &grid,
                    &PlanCommand::Lock {
                        node,
                        period: Q1,
                        by: UserId::default(),
                    },
                )
                .unwrap();
                grid.fold(&deltas).unwrap();
                grid
            })
        })
        .collect();
    let bytes = shape.memory_bytes() + grids.iter().map(Grid::memory_bytes).sum::<usize>();
    let cells = shape.cells() * 5;
    let per_cell = bytes as f64 / cells as f64;
    let words = format!("{bytes} B in {cells} cells");
    line(
        "plan.memory",
        per_cell / 8.0,
        "x",
        &words,
        "8 B a cell",
        0.0,
        2.0,
        1.3,
    );
}

/// The yardstick: copying the amounts.
struct Pair<'a> {
    from: &'a [i64],
}

struct Measured {
    own_us: f64,
    other_us: f64,
    ratio: f64,
    spread: f64,
}

impl<'a> Pair<'a> {
    fn new(grid: &'a Grid) -> Self {
        Self {
            from: grid.column(PeriodIndex(0)),
        }
    }

    fn against(&self, mut own: impl FnMut() -> usize) -> Measured {
        let mut to = vec![0_i64; self.from.len()];
        let (mut owns, mut others) = (Vec::new(), Vec::new());
        own();
        for _ in 0..ROUNDS {
            let start = Instant::now();
            for _ in 0..20 {
                to.copy_from_slice(black_box(self.from));
                black_box(&mut to);
            }
            others.push(start.elapsed().as_secs_f64() * 1e6 / 20.0);
            let start = Instant::now();
            black_box(own());
            owns.push(start.elapsed().as_secs_f64() * 1e6);
        }
        owns.sort_by(f64::total_cmp);
        others.sort_by(f64::total_cmp);
        let (own_us, other_us) = (owns[ROUNDS / 2], others[ROUNDS / 2]);
        Measured {
            own_us,
            other_us,
            ratio: own_us / other_us,
            spread: spread(&owns),
        }
    }
}

impl Measured {
    fn print(&self, name: &str, nodes: usize, bar: f64, goal: f64) {
        let own = format!("{:.0} us to rebalance {nodes} nodes", self.own_us);
        let other = format!("{:.1} us to copy their amounts", self.other_us);
        line(name, self.ratio, "x", &own, &other, self.spread, bar, goal);
    }
}

/// Half the distance between the quartiles over the median.
fn spread(sorted: &[f64]) -> f64 {
    let quarter = sorted.len() / 4;
    (sorted[sorted.len() - 1 - quarter] - sorted[quarter]) / 2.0 / sorted[sorted.len() / 2]
}

/// Logarithm by halving: this crate has no business with `f64::ln`.
fn log2(mut value: f64) -> f64 {
    let mut whole = 0.0;
    while value >= 2.0 {
        value /= 2.0;
        whole += 1.0;
    }
    let mut part = 0.5;
    for _ in 0..30 {
        value *= value;
        if value >= 2.0 {
            value /= 2.0;
            whole += part;
        }
        part /= 2.0;
    }
    whole
}

fn line(
    name: &str,
    value: f64,
    unit: &str,
    numerator: &str,
    denominator: &str,
    spread: f64,
    bar: f64,
    goal: f64,
) {
    println!(
        "{}",
        serde_json::json!({
            "name": name,
            "value": (value * 1_000.0).round() / 1_000.0,
            "unit": unit,
            "numerator": numerator,
            "denominator": denominator,
            "spread": (spread * 1_000.0).round() / 1_000.0,
            "command": "cargo bench -p domain --bench rebalance",
            "bar": format!("<= {bar}"),
            "goal": format!("<= {goal}"),
            "pass": value <= bar,
        })
    );
}
