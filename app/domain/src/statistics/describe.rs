//! Level and spread of a list.

#![expect(
    clippy::disallowed_methods,
    reason = "statistics; nothing here decides a cell"
)]

/// The numbers that are finite.
pub fn finite(values: &[f64]) -> Vec<f64> {
    values.iter().copied().filter(|value| value.is_finite()).collect()
}

/// The arithmetic mean; `None` of nothing.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// The sample variance (divided by n − 1); `None` of fewer than two.
pub fn variance(values: &[f64]) -> Option<f64> {
    let middle = mean(values).filter(|_| values.len() > 1)?;
    let squares: f64 = values
        .iter()
        .map(|value| (value - middle) * (value - middle))
        .sum();
    Some(squares / (values.len() - 1) as f64)
}

/// The sample standard deviation; `None` of fewer than two.
pub fn sd(values: &[f64]) -> Option<f64> {
    variance(values).map(f64::sqrt)
}

/// The quantile at `part` (0 to 1), between neighbours by proportion (Hyndman and Fan 1996, type 7); `None` of nothing.
pub fn quantile(values: &[f64], part: f64) -> Option<f64> {
    quantile_of(&sorted(values), part)
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// The same of values in order.
fn quantile_of(sorted: &[f64], part: f64) -> Option<f64> {
    let place = part.clamp(0.0, 1.0) * sorted.len().checked_sub(1)? as f64;
    let low = place.floor() as usize;
    let below = *sorted.get(low)?;
    let above = sorted.get(low + 1).copied().unwrap_or(below);
    let rest = place - place.floor();
    Some(if rest == 0.0 {
        below
    } else {
        below + (above - below) * rest
    })
}

/// The middle value; `None` of nothing.
pub fn median(values: &[f64]) -> Option<f64> {
    quantile(values, 0.5)
}

/// The median absolute deviation from the median, unscaled; `None` of nothing.
pub fn mad(values: &[f64]) -> Option<f64> {
    let middle = median(values)?;
    let apart: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
    median(&apart)
}

/// `(P90 − P10) / P50`: a spread that single extremes do not move; `None` where the median is not positive.
pub fn robust_spread(values: &[f64]) -> Option<f64> {
    let sorted = sorted(values);
    let middle = quantile_of(&sorted, 0.5).filter(|middle| *middle > 0.0)?;
    Some((quantile_of(&sorted, 0.9)? - quantile_of(&sorted, 0.1)?) / middle)
}

/// The Gini coefficient `2 Σ i·x₍ᵢ₎ / (n Σ x) − (n + 1) / n`: 0 where all are equal, towards 1 where one has everything.
/// `None` of nothing, of negative numbers, or where all are zero.
pub fn gini(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let sum: f64 = sorted.iter().sum();
    if *sorted.first()? < 0.0 || sum <= 0.0 || !sum.is_finite() {
        return None;
    }
    let count = sorted.len() as f64;
    let weighted: f64 = sorted
        .iter()
        .enumerate()
        .map(|(place, value)| (place + 1) as f64 * value)
        .sum();
    Some((2.0 * weighted / (count * sum) - (count + 1.0) / count).max(0.0))
}

/// Theil's T index, `mean of (x/μ)·ln(x/μ)`: 0 where all are equal; it splits into a part within and a part between
/// groups. `None` of nothing, of negative numbers, or where all are zero.
pub fn theil(values: &[f64]) -> Option<f64> {
    let middle = mean(values).filter(|middle| *middle > 0.0 && middle.is_finite())?;
    if values.iter().any(|value| *value < 0.0) {
        return None;
    }
    let parts = values.iter().filter(|value| **value > 0.0).map(|value| {
        let ratio = value / middle;
        ratio * ratio.ln()
    });
    Some(parts.sum::<f64>() / values.len() as f64)
}

/// Theil's index split into the part within groups and the part between their means (Theil 1967); the two sum to
/// [`theil`]. `groups` names the group of each value. `None` where `theil` is, or where the lists differ in length.
pub fn theil_parts(values: &[f64], groups: &[u32]) -> Option<(f64, f64)> {
    let whole = theil(values).filter(|_| values.len() == groups.len())?;
    let mut sums: std::collections::BTreeMap<u32, (f64, f64)> = std::collections::BTreeMap::new();
    for (value, group) in values.iter().zip(groups) {
        let (sum, count) = sums.entry(*group).or_default();
        *sum += value;
        *count += 1.0;
    }
    let total: f64 = values.iter().sum();
    let middle = total / values.len() as f64;
    let parts = sums.values().filter(|(sum, _)| *sum > 0.0);
    let between: f64 = parts
        .map(|(sum, count)| sum / total * (sum / count / middle).ln())
        .sum();
    // What rounding leaves of nothing is nothing.
    let between = between.clamp(0.0, whole.max(0.0));
    Some((whole - between, between))
}

/// The rank of each value from 1; equal values share the mean of their ranks.
pub fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut first = 0;
    while first < order.len() {
        let mut last = first;
        while last + 1 < order.len() && values[order[last + 1]].total_cmp(&values[order[first]]).is_eq() {
            last += 1;
        }
        for place in &order[first..=last] {
            ranks[*place] = (first + last) as f64 / 2.0 + 1.0;
        }
        first = last + 1;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn level_and_spread_of_small_lists() {
        let values = [4.0, 1.0, 3.0, 2.0];
        assert_eq!((mean(&values), median(&values)), (Some(2.5), Some(2.5)));
        assert!((variance(&values).unwrap() - 5.0 / 3.0).abs() < 1e-12);
        assert_eq!(quantile(&values, 0.25), Some(1.75));
        assert_eq!(mad(&values), Some(1.0));
        assert_eq!(ranks(&[10.0, 20.0, 10.0]), [1.5, 3.0, 1.5]);
        assert_eq!((mean(&[]), sd(&[1.0]), quantile(&[], 0.5)), (None, None, None));
    }

    #[test]
    fn inequality_from_none_to_all() {
        assert_eq!(gini(&[3.0, 3.0, 3.0]), Some(0.0));
        assert!((gini(&[0.0, 0.0, 0.0, 8.0]).unwrap() - 0.75).abs() < 1e-12);
        assert_eq!(
            (gini(&[0.0, 0.0]), gini(&[-1.0, 2.0]), gini(&[])),
            (None, None, None)
        );
        assert!(theil(&[2.0, 2.0]).unwrap().abs() < 1e-12);
        assert!((theil(&[0.0, 4.0]).unwrap() - 2.0_f64.ln()).abs() < 1e-12);
        let (within, between) = theil_parts(&[1.0, 1.0, 3.0, 3.0], &[7, 7, 9, 9]).unwrap();
        assert!(within.abs() < 1e-12 && (between - theil(&[1.0, 3.0]).unwrap()).abs() < 1e-12);
        let (within, between) = theil_parts(&[1.0, 3.0, 1.0, 3.0], &[7, 7, 9, 9]).unwrap();
        assert!(between.abs() < 1e-12 && (within - theil(&[1.0, 3.0]).unwrap()).abs() < 1e-12);
    }
}
