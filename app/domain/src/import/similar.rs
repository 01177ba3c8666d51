//! How alike two names are, for suggestions: `GTXPro` is `GTX Pro`.

use crate::import::Suggestion;
use crate::import::header::half_width;

/// Names below this likeness are not proposed.
const LEAST_PERCENT: u8 = 70;

/// Longest text compared, in characters; names are shorter, and the cost grows with the square.
const MAX_CHARS: usize = 80;

/// The best known name for an unknown one, `None` where nothing is near. Names that differ only in spaces, punctuation,
/// capitals or width come first; else the likeness in percent decides, ties go to the name that sorts first.
pub fn suggest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Option<Suggestion> {
    rank(wanted, known, 1).into_iter().next()
}

/// The `most` nearest known names, nearest first.
pub fn rank<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>, most: usize) -> Vec<Suggestion> {
    let wanted = folded(wanted);
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(u8, &str)> = known
        .into_iter()
        .map(|name| (percent_folded(&wanted, &folded(name)), name))
        .filter(|(percent, _)| *percent >= LEAST_PERCENT)
        .collect();
    found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    found.dedup_by(|a, b| a.1 == b.1);
    let best = found.into_iter().take(most);
    best.map(|(percent, name)| Suggestion {
        value: name.to_owned(),
        percent,
    })
    .collect()
}

/// Likeness of two texts, 0 to 100; 99 where they differ only in spaces, punctuation, capitals or width, 100 where not at
/// all. Mean of the optimal-string-alignment ratio (Damerau–Levenshtein with adjacent swaps) and Jaro–Winkler, in whole
/// percent, computed in integers.
pub fn percent(a: &str, b: &str) -> u8 {
    if a == b {
        return 100;
    }
    percent_folded(&folded(a), &folded(b))
}

fn percent_folded(a: &[char], b: &[char]) -> u8 {
    if a.is_empty() || b.is_empty() {
        return 0;
    }
    if a == b {
        return 99;
    }
    let longest = a.len().max(b.len());
    let edit = 10_000 - 10_000 * distance(a, b) / longest;
    let likeness = usize::midpoint(edit, jaro_winkler(a, b)) / 100;
    likeness.min(98) as u8
}

/// Letters and digits only, small, half-width, at most `MAX_CHARS`.
fn folded(text: &str) -> Vec<char> {
    text.chars()
        .map(half_width)
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .take(MAX_CHARS)
        .collect()
}

/// Optimal string alignment: insert, delete, replace, or swap two neighbours, each one step.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for (j, &y) in b.iter().enumerate() {
            let mut steps = (last[j + 1] + 1)
                .min(row[j] + 1)
                .min(last[j] + usize::from(x != y));
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                steps = steps.min(before_last[j - 1] + 1);
            }
            row.push(steps);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

/// Jaro–Winkler similarity in ten-thousandths (Winkler 1990: prefix of at most 4, weight 0.1).
fn jaro_winkler(a: &[char], b: &[char]) -> usize {
    let window = (a.len().max(b.len()) / 2).saturating_sub(1);
    let mut taken = vec![false; b.len()];
    let mut matched_a = Vec::new();
    for (i, &x) in a.iter().enumerate() {
        let from = i.saturating_sub(window);
        let to = (i + window + 1).min(b.len());
        if let Some(j) = (from..to).find(|&j| !taken[j] && b[j] == x) {
            taken[j] = true;
            matched_a.push(x);
        }
    }
    let matches = matched_a.len();
    if matches == 0 {
        return 0;
    }
    let matched_b = b
        .iter()
        .zip(&taken)
        .filter(|(_, taken)| **taken)
        .map(|(character, _)| character);
    let swapped = matched_a.iter().zip(matched_b).filter(|(x, y)| x != y).count() / 2;
    let jaro =
        (10_000 * matches / a.len() + 10_000 * matches / b.len() + 10_000 * (matches - swapped) / matches)
            / 3;
    let prefix = a.iter().zip(b).take(4).take_while(|(x, y)| x == y).count();
    jaro + prefix * (10_000 - jaro) / 10
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRODUCTS: [&str; 7] = [
        "GTX Basic",
        "GTX Pro",
        "MG Special",
        "MG Advanced",
        "GTX Plus Pro",
        "GTX Plus Basic",
        "GTK 500",
    ];

    #[test]
    fn the_product_of_the_maven_files_is_proposed() {
        let found = suggest("GTXPro", PRODUCTS).unwrap();
        assert_eq!((found.value.as_str(), found.percent), ("GTX Pro", 99));
        let ranked = rank("GTXPro", PRODUCTS, 2);
        assert_eq!(ranked[1].value, "GTX Plus Pro");
        assert_eq!(suggest("", PRODUCTS), None);
        assert_eq!(suggest("Printer", PRODUCTS), None);
    }

    #[test]
    fn slips_are_near_and_strangers_far() {
        assert!(percent("technolgy", "technology") >= 90);
        assert!(percent("王海滔", "王海涛") >= 60);
        assert_eq!(percent("孙 丽", "孙丽"), 99);
        assert!(percent("marhta", "martha") > percent("marxta", "martha"));
        assert_eq!(percent("abc", "xyz"), 0);
        assert_eq!(percent("", ""), 100);
    }

    proptest::proptest! {
        #[test]
        fn likeness_is_symmetric_and_bounded(a in "[a-d ]{0,12}", b in "[a-d ]{0,12}") {
            let forward = percent(&a, &b);
            proptest::prop_assert!(forward <= 100);
            // Jaro's greedy matching depends on the order by a hair.
            proptest::prop_assert!(forward.abs_diff(percent(&b, &a)) <= 6);
            proptest::prop_assert_eq!(percent(&a, &a), 100);
        }
    }
}
