//! What goes by the total of a row: its share, its change, how likely it is, its bar. A frame of a drag moves all of them in every row
//! in sight: one thing follows the row and tells what of it is another, so that a row costs little where nothing of it changes its words.

use domain::format::{self, Scale};
use domain::money::Minor;
use domain::plan::NodeIndex;
use domain::split::Difference;
use leptos::prelude::*;

use super::board::Board;
use super::figures::Figures;

/// Chances are told in thousandths, as they are written.
const CHANCE_STEPS: f64 = 1_000.0;

/// What a bar moves by, millionths of it: less than a tenth of a pixel of the widest.
const BAR_STEP_PPM: i64 = 500;

/// What there is to say of a total.
#[derive(Debug, PartialEq)]
struct Said {
    share: String,
    change: String,
    rate: Option<String>,
    changed: bool,
    chance: Option<u16>,
    bar_ppm: i64,
    blocks: bool,
}

/// What goes by the total of a row, as it is shown.
#[derive(Clone, Copy)]
pub(super) struct Whole {
    /// Its part of what the row above it has.
    pub(super) share: RwSignal<String>,
    /// What it has beyond what it is held against.
    pub(super) change: RwSignal<String>,
    /// The same as a part of that.
    pub(super) rate: RwSignal<Option<String>>,
    /// Whether it has something else than that.
    pub(super) changed: RwSignal<bool>,
    chance: RwSignal<Option<u16>>,
    /// The length of its bar, millionths.
    pub(super) bar_ppm: RwSignal<i64>,
    /// Whether the last refusal named it.
    pub(super) blocks: RwSignal<bool>,
}

impl Whole {
    /// Follows a row; `figures` writes its total.
    pub(super) fn of(board: Board, node: NodeIndex, scale: Memo<Scale>, figures: Figures) -> Self {
        let parent = board.shape(|shape| shape.parent(node));
        let currency = StoredValue::new(board.currency());
        let read = move |scale: Scale| {
            let shown = board.shown_now((node, None));
            let above = parent.map_or(shown, |parent| board.shown_now((parent, None)));
            let share = match shown.zip(above) {
                Some((amount, whole)) if whole.0 > 0 => format::percent(amount.0 as f64 / whole.0 as f64),
                _ => format::NONE.to_owned(),
            };
            let base = board.base(node);
            let found = shown.zip(base).map(|(amount, base)| Difference::of(amount, base));
            let change = found.as_ref().map_or_else(
                || format::NONE.to_owned(),
                |found| currency.with_value(|currency| format::change(found.change, currency, scale)),
            );
            // What is known is how likely the target is.
            let of_target = board.shows_target().then_some(node);
            let chance = of_target.and_then(|node| board.chance(node));
            let amount = board.amount((node, None));
            let whole = parent.map_or(amount, |parent| board.amount((parent, None)));
            Said {
                share,
                change,
                rate: found.and_then(|found| found.ratio).map(format::percent_change),
                changed: shown.zip(base).is_some_and(|(amount, base)| amount != base),
                chance: chance.map(|chance| (chance * CHANCE_STEPS).round() as u16),
                bar_ppm: steps_of(ppm_of(amount, whole)),
                blocks: board.is_blocking(node),
            }
        };
        let Said {
            share,
            change,
            rate,
            changed,
            chance,
            bar_ppm,
            blocks,
        } = untrack(|| read(scale.get()));
        let whole = Self {
            share: RwSignal::new(share),
            change: RwSignal::new(change),
            rate: RwSignal::new(rate),
            changed: RwSignal::new(changed),
            chance: RwSignal::new(chance),
            bar_ppm: RwSignal::new(bar_ppm),
            blocks: RwSignal::new(blocks),
        };
        Effect::new(move |was: Option<Scale>| {
            let scale = scale.get();
            board.track_shown_of((node, None));
            if let Some(parent) = parent {
                board.track_shown_of((parent, None));
            }
            // In other words, where the scale is another.
            figures.write_whole(was.is_some_and(|was| was != scale));
            whole.tell(read(scale));
            scale
        });
        whole
    }

    /// Tells what is another by now.
    fn tell(self, now: Said) {
        put(self.share, now.share);
        put(self.change, now.change);
        put(self.rate, now.rate);
        put(self.changed, now.changed);
        put(self.chance, now.chance);
        put(self.bar_ppm, now.bar_ppm);
        put(self.blocks, now.blocks);
    }

    /// How likely the row is to reach its total; none where that is not known. Tracks it.
    pub(super) fn chance(self) -> Option<f64> {
        self.chance.get().map(|steps| f64::from(steps) / CHANCE_STEPS)
    }
}

/// Nobody is told where it is the same, or gone.
fn put<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, now: T) {
    if signal.try_with_untracked(|was| *was != now) == Some(true) {
        signal.set(now);
    }
}

/// The millionths of a whole that an amount is; none of nothing.
pub(super) fn ppm_of(amount: Minor, whole: Minor) -> i64 {
    if whole.0 > 0 {
        (i128::from(amount.0) * 1_000_000 / i128::from(whole.0)) as i64
    } else {
        0
    }
}

/// As a bar shows it.
pub(super) fn steps_of(ppm: i64) -> i64 {
    (ppm + BAR_STEP_PPM / 2).div_euclid(BAR_STEP_PPM) * BAR_STEP_PPM
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_moves_in_steps_and_ends_at_its_ends() {
        assert_eq!(ppm_of(Minor(1), Minor(3)), 333_333);
        assert_eq!(ppm_of(Minor(1), Minor(0)), 0);
        assert_eq!(steps_of(333_333), 333_500);
        assert_eq!(steps_of(0), 0);
        assert_eq!(steps_of(1_000_000), 1_000_000);
        assert_eq!(steps_of(249), 0);
        assert_eq!(steps_of(250), 500);
    }
}
