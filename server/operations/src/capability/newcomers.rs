//! People who are only tried out.

use domain::capability::capacity::Range;
use domain::id::UnitId;

/// Newcomers of a unit who are only tried out, all alike.
pub(super) struct Newcomers {
    pub(super) unit: UnitId,
    pub(super) count: u16,
    /// What one of them can do in each month.
    pub(super) months: Vec<Range>,
    /// How much of each month one of them is there, in millionths.
    pub(super) heads: Vec<u32>,
}

impl Newcomers {
    /// What each of them can do in all months: they vary independently of each other, as everybody does.
    pub(super) fn totals(&self) -> impl Iterator<Item = Range> + '_ {
        std::iter::repeat_n(Range::of_months(&self.months), usize::from(self.count))
    }

    pub(super) fn add_heads(&self, sums: &mut [u64]) {
        for (sum, month) in sums.iter_mut().zip(&self.heads) {
            *sum += u64::from(*month) * u64::from(self.count);
        }
    }

    pub(super) fn add_capacity(&self, sums: &mut [i64]) {
        for (sum, month) in sums.iter_mut().zip(&self.months) {
            *sum = sum.saturating_add(month.value.0.saturating_mul(i64::from(self.count)));
        }
    }
}
