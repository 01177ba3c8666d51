//! What the clocks of a time zone showed: a list of offsets, so that the browser needs no time zone database.

use serde::{Deserialize, Serialize};

/// How far clocks are ahead of UTC from a moment on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offset {
    /// The moment, milliseconds since 1970-01-01 UTC.
    pub from_ms: i64,
    /// By how many milliseconds.
    pub ahead_ms: i64,
}

/// The offsets of a time zone over the years that matter, the earliest first; the first also holds before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Clocks(pub Vec<Offset>);

impl Clocks {
    /// What the clocks showed at a moment, as milliseconds since 1970 of their own time.
    pub fn local_ms(&self, at_ms: i64) -> i64 {
        let offset = self.0.iter().rev().find(|offset| offset.from_ms <= at_ms);
        let ahead_ms = offset.or(self.0.first()).map_or(0, |offset| offset.ahead_ms);
        at_ms.saturating_add(ahead_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_moment_has_the_offset_of_its_time() {
        const HOUR: i64 = 3_600_000;
        let clocks = Clocks(vec![
            Offset {
                from_ms: 100,
                ahead_ms: HOUR,
            },
            Offset {
                from_ms: 200,
                ahead_ms: 2 * HOUR,
            },
        ]);
        assert_eq!(clocks.local_ms(0), HOUR);
        assert_eq!(clocks.local_ms(199), 199 + HOUR);
        assert_eq!(clocks.local_ms(200), 200 + 2 * HOUR);
        assert_eq!(Clocks::default().local_ms(5), 5);
    }
}
