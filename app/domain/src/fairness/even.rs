//! How unevenly targets press, in whole numbers: sums of them do not depend on the order they are made in, so what is worked out
//! from a few changes is to the last digit what is worked out from everything.
//!
//! The Gini coefficient of `n` values is `Σᵢ<ⱼ |xᵢ − xⱼ| / (n Σ x)`. Of values in order with their sums from the left, the distance
//! of a number to all of them takes a search; so taking some away and putting others in takes one search each, and the distances
//! among those few.

/// Parts of one in which stretch is counted.
const PARTS: f64 = 4_294_967_296.0;
/// Whoever is stretched further than this counts as stretched so far: a billion times what is expected.
const MOST: f64 = 1_073_741_824.0;

/// Stretch as it is counted: 2³² parts of one, at most 2⁶².
pub(super) fn counted(stretch: f64) -> i64 {
    (stretch.clamp(0.0, MOST) * PARTS).round() as i64
}

/// The Gini coefficient of stretches; `None` of nothing, or where all are zero.
pub(super) fn gini_of(stretches: &[f64]) -> Option<f64> {
    let mut sorted: Vec<i64> = stretches.iter().map(|one| counted(*one)).collect();
    sorted.sort_unstable();
    let sum = sorted.iter().map(|value| i128::from(*value)).sum();
    let mut apart = 0;
    for (place, value) in sorted.iter().enumerate() {
        apart += weight(place, sorted.len()) * i128::from(*value);
    }
    gini(apart, sorted.len(), sum)
}

/// How often the value at a place of the order is the larger one of two, less how often the smaller one.
fn weight(place: usize, count: usize) -> i128 {
    2 * place as i128 + 1 - count as i128
}

/// `apart`: the distances of any two together.
fn gini(apart: i128, count: usize, sum: i128) -> Option<f64> {
    (sum > 0).then(|| apart as f64 / (count as f64 * sum as f64))
}

/// Values in order, of which a few are others for a while.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Even {
    sorted: Vec<i64>,
    /// The sum of those before each, and of all at the end.
    before: Vec<i128>,
    /// The distances of any two together.
    apart: i128,
}

impl Even {
    /// Of values in order, nothing of which is summed up yet.
    pub(super) fn begin(sorted: Vec<i64>) -> Self {
        Self {
            before: Vec::with_capacity(sorted.len() + 1),
            sorted,
            apart: 0,
        }
    }

    /// Sums up the next values, at most so many; answers how many, 0 once all are.
    pub(super) fn sum_up(&mut self, most: usize) -> usize {
        if self.before.is_empty() {
            self.before.push(0);
        }
        let (from, count) = (self.before.len() - 1, self.sorted.len());
        let mut sum = self.sum();
        for (place, value) in self.sorted.iter().enumerate().skip(from).take(most) {
            sum += i128::from(*value);
            self.before.push(sum);
            self.apart += weight(place, count) * i128::from(*value);
        }
        self.before.len() - 1 - from
    }

    fn sum(&self) -> i128 {
        self.before.last().copied().unwrap_or_default()
    }

    /// The distances of a number to all values together.
    fn distance(&self, value: i64) -> i128 {
        let at = self.sorted.partition_point(|other| *other <= value);
        let (below, above) = (at as i128, (self.sorted.len() - at) as i128);
        let sum_below = self.before.get(at).copied().unwrap_or_default();
        let value = i128::from(value);
        value * below - sum_below + (self.sum() - sum_below) - value * above
    }

    /// How many there are with some of the values gone and others in their places.
    pub(super) fn count(&self, gone: &[i64], come: &[i64]) -> usize {
        (self.sorted.len() + come.len()).saturating_sub(gone.len())
    }

    /// The Gini coefficient with some of the values gone and others in their place; as [`gini_of`] of all. `O(k log n)` of `k` such
    /// values.
    pub(super) fn gini(&self, gone: &[i64], come: &[i64]) -> Option<f64> {
        let mut apart = self.apart;
        for value in gone {
            apart -= self.distance(*value);
        }
        for value in come {
            apart += self.distance(*value);
        }
        // Those that went were counted with each other twice, and those that came with those that went: the distances between the
        // two are those among all of them less those within either.
        let all: Vec<i64> = gone.iter().chain(come).copied().collect();
        apart += 2 * among(gone) + 2 * among(come) - among(&all);
        let total = |values: &[i64]| values.iter().map(|value| i128::from(*value)).sum::<i128>();
        gini(
            apart,
            self.count(gone, come),
            self.sum() + total(come) - total(gone),
        )
    }

    /// The highest value against the lowest, with some of the values gone, each of which is there, and others in their place; `None`
    /// of nothing, or where the lowest is next to nothing.
    pub(super) fn highest_to_lowest(&self, gone: &[i64], come: &[i64]) -> Option<f64> {
        let mut gone = gone.to_vec();
        gone.sort_unstable();
        let lowest = first_kept(self.sorted.iter().copied(), gone.iter().copied());
        let highest = first_kept(self.sorted.iter().rev().copied(), gone.iter().rev().copied());
        let lowest = lowest.into_iter().chain(come.iter().copied()).min()?;
        let highest = highest.into_iter().chain(come.iter().copied()).max()?;
        (lowest > 0).then(|| highest as f64 / lowest as f64)
    }
}

/// The first value that is not gone; both run in the same order, and each that is gone is among the values.
fn first_kept(mut values: impl Iterator<Item = i64>, mut gone: impl Iterator<Item = i64>) -> Option<i64> {
    let mut next = gone.next();
    values.find(|value| {
        let is_gone = next == Some(*value);
        if is_gone {
            next = gone.next();
        }
        !is_gone
    })
}

/// The distances of any two of some values together.
fn among(values: &[i64]) -> i128 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let weighted = sorted
        .iter()
        .enumerate()
        .map(|(place, value)| weight(place, sorted.len()) * i128::from(*value));
    weighted.sum()
}
