//! Reading licence expressions: enough of SPDX for what crates declare.

/// Licences under which code may be part of the product.
const ACCEPTED: [&str; 16] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "NCSA",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

/// Whether an expression can be met by accepted licences alone: one side of each `OR`, both sides of each `AND`.
pub(super) fn accepted(expression: &str) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    let met = any(&mut rest);
    met && rest.is_empty() && !words.is_empty()
}

fn any(words: &mut &[&str]) -> bool {
    let mut met = all(words);
    while take(words, "OR") {
        met |= all(words);
    }
    met
}

fn all(words: &mut &[&str]) -> bool {
    let mut met = one(words);
    while take(words, "AND") {
        met &= one(words);
    }
    met
}

fn one(words: &mut &[&str]) -> bool {
    if take(words, "(") {
        let met = any(words);
        return take(words, ")") && met;
    }
    let Some((name, rest)) = words.split_first() else {
        return false;
    };
    *words = rest;
    // An exception only ever permits more.
    if take(words, "WITH") {
        *words = words.get(1..).unwrap_or_default();
    }
    ACCEPTED.contains(name)
}

fn take(words: &mut &[&str], word: &str) -> bool {
    match words.split_first() {
        Some((first, rest)) if *first == word => {
            *words = rest;
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::accepted;

    #[test]
    fn an_expression_is_met_by_one_side_of_or_and_both_of_and() {
        for good in [
            "MIT",
            "MIT/Apache-2.0",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-3.0-only",
            "LGPL-2.1-or-later OR MIT",
        ] {
            assert!(accepted(good), "{good}");
        }
        for bad in [
            "",
            "GPL-3.0-only",
            "MIT AND GPL-2.0-only",
            "(MIT",
            "MIT)",
            "MIT Apache-2.0",
        ] {
            assert!(!accepted(bad), "{bad}");
        }
    }
}
