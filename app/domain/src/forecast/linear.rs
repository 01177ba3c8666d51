//! Small dense linear algebra: symmetric positive definite systems.

/// The lower triangle of a symmetric matrix: row `i` has `i + 1` entries.
pub(super) type Lower = Vec<Vec<f64>>;

/// A pivot below this share of its diagonal is rounding: the matrix is not positive definite.
const SMALLEST_PIVOT: f64 = 1e-13;

/// The Cholesky factor of a symmetric positive definite matrix, scaled to a diagonal of ones beforehand, so that rows in
/// very different units do no harm.
#[derive(Clone, Debug)]
pub(super) struct Cholesky {
    rows: Lower,
    scale: Vec<f64>,
}

impl Cholesky {
    /// Factors a matrix; `None` where it is not positive definite.
    pub(super) fn of(matrix: &Lower) -> Option<Self> {
        let mut scale = Vec::with_capacity(matrix.len());
        for row in matrix {
            let diagonal = *row.last()?;
            if !(diagonal > 0.0 && diagonal.is_finite()) {
                return None;
            }
            scale.push(1.0 / diagonal.sqrt());
        }
        let mut rows: Lower = Vec::with_capacity(matrix.len());
        for (place, row) in matrix.iter().enumerate() {
            let mut factored: Vec<f64> = Vec::with_capacity(place + 1);
            for (column, entry) in row.iter().enumerate() {
                let entry = entry * scale[place] * scale[column];
                if column == place {
                    let pivot = entry - dot(&factored, &factored);
                    if pivot.is_nan() || pivot < SMALLEST_PIVOT {
                        return None;
                    }
                    factored.push(pivot.sqrt());
                } else {
                    let above = &rows[column];
                    let rest = entry - dot(&factored, &above[..column]);
                    factored.push(rest / above[column]);
                }
            }
            rows.push(factored);
        }
        Some(Self { rows, scale })
    }

    /// The solution for a right-hand side of as many numbers as the matrix has rows.
    pub(super) fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut solution: Vec<f64> = Vec::with_capacity(right.len());
        for ((row, scale), value) in self.rows.iter().zip(&self.scale).zip(right) {
            let place = solution.len();
            let rest = value * scale - dot(&solution, &row[..place]);
            solution.push(rest / row[place]);
        }
        for place in (0..solution.len()).rev() {
            let row = &self.rows[place];
            solution[place] /= row[place];
            let found = solution[place];
            for (earlier, entry) in solution[..place].iter_mut().zip(row) {
                *earlier -= entry * found;
            }
        }
        for (value, scale) in solution.iter_mut().zip(&self.scale) {
            *value *= scale;
        }
        solution
    }

    /// The logarithm of the determinant.
    pub(super) fn ln_determinant(&self) -> f64 {
        #[expect(
            clippy::disallowed_methods,
            reason = "statistics; nothing here decides a cell"
        )]
        let ln = f64::ln;
        let rows = self.rows.iter().filter_map(|row| row.last());
        2.0 * rows
            .zip(&self.scale)
            .map(|(pivot, scale)| ln(pivot / scale))
            .sum::<f64>()
    }

    /// The diagonal of the inverse.
    pub(super) fn inverse_diagonal(&self) -> Vec<f64> {
        let mut unit = vec![0.0; self.rows.len()];
        (0..unit.len())
            .map(|place| {
                unit.fill(0.0);
                unit[place] = 1.0;
                self.solve(&unit)[place]
            })
            .collect()
    }
}

/// The inner product, as far as both lists reach.
pub(super) fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_system_is_solved_whatever_its_units() {
        // [[4, 2], [2, 3]]: determinant 8, inverse [[3, −2], [−2, 4]] / 8.
        let factor = Cholesky::of(&vec![vec![4.0], vec![2.0, 3.0]]).unwrap();
        let solution = factor.solve(&[2.0, 5.0]);
        assert!((solution[0] + 0.5).abs() < 1e-12 && (solution[1] - 2.0).abs() < 1e-12);
        assert!((factor.ln_determinant() - 3.0 * std::f64::consts::LN_2).abs() < 1e-12);
        let diagonal = factor.inverse_diagonal();
        assert!((diagonal[0] - 0.375).abs() < 1e-12 && (diagonal[1] - 0.5).abs() < 1e-12);
        let far = Cholesky::of(&vec![vec![4e20], vec![2.0, 3e-20]]).unwrap();
        assert!((far.solve(&[4e20, 2.0])[0] - 1.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_not_positive_definite_is_refused() {
        for matrix in [
            vec![vec![1.0], vec![1.0, 1.0]],
            vec![vec![1.0], vec![2.0, 1.0]],
            vec![vec![0.0]],
            vec![vec![f64::NAN]],
        ] {
            assert!(Cholesky::of(&matrix).is_none(), "{matrix:?}");
        }
    }
}
