//! The lowest point of a function in a box (Nelder and Mead 1965, restarted once), without an allocation.

/// The most dimensions.
pub(super) const MOST: usize = 6;

/// A point; coordinates past the dimensions of a search stay as they are.
pub(super) type Point = [f64; MOST];

/// What a search may change, and how long it may take.
pub(super) struct Search<'a> {
    /// The lower and upper end of each dimension.
    pub(super) bounds: &'a [(f64, f64)],
    /// Evaluations of the function at most.
    pub(super) evaluations: usize,
    /// It ends where the values of the simplex differ relatively by less.
    pub(super) tolerance: f64,
}

impl Search<'_> {
    /// The lowest point found from `start`, and its value. Values that are no number count as infinite.
    pub(super) fn lowest(
        &self,
        start: Point,
        step: &Point,
        function: impl Fn(&Point) -> f64,
    ) -> (Point, f64) {
        let size = self.bounds.len().min(MOST);
        let value = |point: &mut Point| {
            for (coordinate, (low, high)) in point.iter_mut().zip(self.bounds) {
                *coordinate = coordinate.clamp(*low, *high);
            }
            let value = function(point);
            if value.is_nan() { f64::INFINITY } else { value }
        };
        let mut first = start;
        let mut best = (value(&mut first), first);
        let mut left = self.evaluations;
        // The second round starts anew at the best point with a smaller simplex: the first may have collapsed.
        for scale in [1.0, 0.3] {
            let mut simplex = [best; MOST + 1];
            for (place, corner) in simplex.iter_mut().skip(1).take(size).enumerate() {
                let (low, high) = self.bounds[place];
                let width = step[place] * scale;
                let room = corner.1[place] + width <= high || corner.1[place] - width < low;
                corner.1[place] += if room { width } else { -width };
                corner.0 = value(&mut corner.1);
            }
            left = left.saturating_sub(size);
            best = self.descend(&mut simplex[..=size], &mut left, &value);
        }
        (best.1, best.0)
    }

    fn descend(
        &self,
        simplex: &mut [(f64, Point)],
        left: &mut usize,
        value: &impl Fn(&mut Point) -> f64,
    ) -> (f64, Point) {
        let size = simplex.len() - 1;
        loop {
            simplex.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
            let (best, worst) = (simplex[0], simplex[size]);
            let close = worst.0 - best.0 <= self.tolerance * (best.0.abs() + self.tolerance);
            if close || *left == 0 || size == 0 || best.0.is_infinite() {
                return best;
            }
            let mut centre = worst.1;
            for (place, coordinate) in centre.iter_mut().enumerate().take(size) {
                *coordinate = simplex[..size].iter().map(|corner| corner.1[place]).sum::<f64>() / size as f64;
            }
            let along = |by: f64| {
                let mut point = centre;
                for (place, coordinate) in point.iter_mut().enumerate().take(size) {
                    *coordinate += by * (centre[place] - worst.1[place]);
                }
                (value(&mut point), point)
            };
            *left = left.saturating_sub(1);
            let reflected = along(1.0);
            if reflected.0 < best.0 {
                *left = left.saturating_sub(1);
                let expanded = along(2.0);
                simplex[size] = if expanded.0 < reflected.0 {
                    expanded
                } else {
                    reflected
                };
            } else if reflected.0 < simplex[size - 1].0 {
                simplex[size] = reflected;
            } else {
                *left = left.saturating_sub(1);
                let contracted = along(if reflected.0 < worst.0 { 0.5 } else { -0.5 });
                if contracted.0 < worst.0.min(reflected.0) {
                    simplex[size] = contracted;
                } else {
                    *left = left.saturating_sub(size);
                    for corner in simplex.iter_mut().skip(1) {
                        for (place, coordinate) in corner.1.iter_mut().enumerate().take(size) {
                            *coordinate = f64::midpoint(*coordinate, best.1[place]);
                        }
                        corner.0 = value(&mut corner.1);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lowest(bounds: &[(f64, f64)], start: [f64; 2], function: impl Fn(f64, f64) -> f64) -> ([f64; 2], f64) {
        let search = Search {
            bounds,
            evaluations: 2_000,
            tolerance: 1e-12,
        };
        let point = |[x, y]: [f64; 2]| [x, y, 0.0, 0.0, 0.0, 0.0];
        let ([x, y, ..], value) =
            search.lowest(point(start), &point([0.5; 2]), |[x, y, ..]| function(*x, *y));
        ([x, y], value)
    }

    #[test]
    fn the_valley_of_rosenbrock_is_followed_to_its_end() {
        let wide = [(-5.0, 5.0); 2];
        let ([x, y], value) = lowest(&wide, [-1.2, 1.0], |x, y| {
            (1.0 - x) * (1.0 - x) + 100.0 * (y - x * x) * (y - x * x)
        });
        assert!(
            (x - 1.0).abs() < 1e-3 && (y - 1.0).abs() < 1e-3 && value < 1e-6,
            "{x} {y} {value}"
        );
    }

    #[test]
    fn bounds_hold_and_no_number_is_no_lowest() {
        let ([x, y], _) = lowest(&[(1.0, 3.0), (-2.0, 2.0)], [2.0, 1.0], |x, y| x * x + y * y);
        assert!((x - 1.0).abs() < 1e-9 && y.abs() < 1e-4, "{x} {y}");
        let (_, value) = lowest(&[(0.0, 1.0); 2], [0.5, 0.5], |_, _| f64::NAN);
        assert!(value.is_infinite());
        // Nothing to search: the start.
        assert_eq!(lowest(&[], [0.5, 0.25], |x, y| x + y), ([0.5, 0.25], 0.75));
    }
}
