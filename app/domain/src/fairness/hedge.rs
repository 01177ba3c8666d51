//! How much the rows below a row may exceed it: the bound of the hedge pool and of over-assignment, which an organization sets.

use crate::format::{self, Lang};

/// All of it, in millionths: the rows below together have at most twice what the row has.
const MOST_PPM: u32 = 1_000_000;

/// A bound that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bound of over-assignment is {ppm} millionths; it is from 0 to 1000000")]
pub struct HedgeLimitError {
    /// What was asked for, in millionths.
    pub ppm: u32,
}

impl HedgeLimitError {
    /// What people read.
    pub fn words(self, lang: Lang) -> String {
        let asked = format::percent(f64::from(self.ppm) / f64::from(MOST_PPM));
        lang.pick(
            format!("每一行上浮的上限要在 0 % 至 100 % 之间，而填写的是 {asked}。"),
            format!("The bound of over-assignment of a row is from 0 to 100 %, and {asked} was entered."),
        )
    }
}

/// Refuses what is more than everything; nothing at all is a bound too: then nothing is handed down beyond what a row has.
pub fn check_hedge_limit(ppm: u32) -> Result<(), HedgeLimitError> {
    if ppm <= MOST_PPM {
        Ok(())
    } else {
        Err(HedgeLimitError { ppm })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_is_from_nothing_to_everything() {
        for ppm in [0, 500_000, 1_000_000] {
            assert_eq!(check_hedge_limit(ppm), Ok(()));
        }
        let refused = check_hedge_limit(1_200_000).unwrap_err();
        for lang in [Lang::ZhCn, Lang::En] {
            assert!(refused.words(lang).contains("120.0 %"), "{}", refused.words(lang));
        }
    }
}
