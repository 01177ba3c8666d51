//! What is known in advance of the months of an outlook, and what of it is found in a history.

use super::{CALENDAR_FROM, SEASON};
use crate::calendar::{Fiscal, Month, Period, PeriodKind, WorkingDays, holidays};
use crate::forecast::effects::{self, Effect, Window};
use crate::forecast::intermittent;

/// The days around the Spring Festival that it changes.
const FESTIVAL: Window = Window { before: 7, after: 7 };
const SPRING_FESTIVAL: &str = "spring_festival";

/// What is known in advance of the months of an outlook: a festival that moves, working days.
#[derive(Clone, Debug, Default)]
pub struct Calendar(Vec<Effect>);

impl Calendar {
    /// A calendar that says nothing.
    pub fn plain() -> Self {
        Self::default()
    }

    /// China's, for so many months from one on; plain where it is not known for all of them.
    pub fn china(first: Month, months: usize) -> Self {
        let periods: Vec<Period> = (0..months)
            .map(|step| first.plus(i32::try_from(step).unwrap_or(i32::MAX)))
            .map(|month| Fiscal::default().period_of(PeriodKind::Month, month.first_day()))
            .collect();
        let Ok(festival) = effects::spring_festival_share(&periods, FESTIVAL) else {
            return Self::plain();
        };
        let working: WorkingDays = holidays::china();
        let days = effects::working_days_change(&periods, SEASON, &working, holidays::is_published);
        let effect = |name: &str, exposure| Effect {
            name: name.to_owned(),
            exposure,
        };
        Self(vec![
            effect(SPRING_FESTIVAL, festival),
            effect("working_days", days),
        ])
    }

    /// Whether it says nothing.
    pub(super) fn is_plain(&self) -> bool {
        self.0.is_empty()
    }

    /// The effects over the first so many months.
    pub(super) fn over(&self, months: usize) -> Option<Vec<Effect>> {
        let cut = |effect: &Effect| {
            let exposure = effect.exposure.get(..months)?.to_vec();
            Some(Effect {
                name: effect.name.clone(),
                exposure,
            })
        };
        self.0.iter().map(cut).collect()
    }
}

/// What the Spring Festival changes of a month that all of its days fall into, as a part of what is usual: -0.2 for a fifth
/// less. It is what a forecast of these values contains; none where nothing can be told from chance, or no calendar is known.
pub fn festival(values: &[f64], calendar: &Calendar) -> Option<f64> {
    let known = values.iter().filter(|value| !value.is_nan()).count();
    if known < CALENDAR_FROM || intermittent::is_intermittent(values, SEASON) {
        return None;
    }
    let place = calendar
        .0
        .iter()
        .position(|effect| effect.name == SPRING_FESTIVAL)?;
    let effects = calendar.over(values.len())?;
    let most = effects.get(place)?.exposure.iter().copied().fold(0.0, f64::max);
    let found = effects::estimate(values, SEASON, &effects).ok()?;
    let size = found.get(place)?.size * most;
    (size != 0.0).then_some(size)
}
