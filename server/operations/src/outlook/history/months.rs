//! Which months are whole, which are to come.

use domain::assumption::Planning;
use domain::calendar::{Day, Month, Period, PeriodKind, WorkingDays};
use domain::history::{Coverage, coverage};
use store::organization::Organization;

use crate::Error;
use crate::assumption::FURTHEST_MONTHS;
use crate::attainment::fiscal;
use crate::outlook::too_far;

/// Months of history that count, at most.
const LONGEST: i32 = 120;

/// Which months there are.
pub(super) struct Months {
    /// Every month with facts, those that are not whole among them.
    pub(super) window: Vec<Month>,
    /// The first whole month, or the first to come where there is none.
    pub(super) first: Month,
    /// How many whole months follow each other up to the first to come.
    pub(super) known: usize,
    /// Months to come until the planned span ends.
    pub(super) steps: usize,
}

impl Months {
    pub(super) fn of(
        facts: Option<(Day, Day)>,
        planning: &Planning,
        organization: &Organization,
        as_of: Day,
    ) -> Result<Self, Error> {
        let ends = Month::of(planning.span.ends_on.plus(-1)).plus(1);
        let Some((first, last)) = facts else {
            let first = Month::of(planning.span.starts_on);
            return Ok(Self {
                window: Vec::new(),
                first,
                known: 0,
                steps: months_between(first, ends),
            });
        };
        let months = Self::of_facts((first, last), ends, organization, as_of)?;
        if ends.0 - months.to_come().0 > FURTHEST_MONTHS {
            return Err(too_far());
        }
        Ok(months)
    }

    /// Those of facts from one day to another (both inclusive); `ends`: the month after the last to come.
    pub(super) fn of_facts(
        (first, last): (Day, Day),
        ends: Month,
        organization: &Organization,
        as_of: Day,
    ) -> Result<Self, Error> {
        let end = Month::of(last).plus(1);
        let start = Month::of(first).max(end.plus(-LONGEST));
        let working =
            WorkingDays::named(&organization.working_calendar).unwrap_or_else(WorkingDays::weekdays);
        let calendar = fiscal(organization)?;
        let is_whole = |month: Month| {
            let period: Period = calendar.period_of(PeriodKind::Month, month.first_day());
            coverage(&period, first, last.min(as_of), &working) == Coverage::Whole
        };
        let window: Vec<Month> = (start.0..end.0).map(Month).collect();
        // Only the ends can be partial.
        let to_come = if is_whole(end.plus(-1)) { end } else { end.plus(-1) };
        let from = if is_whole(start) { start } else { start.plus(1) };
        let from = from.min(to_come);
        Ok(Self {
            window,
            first: from,
            known: months_between(from, to_come),
            steps: months_between(to_come, ends),
        })
    }

    /// Takes the last whole month for one that is to come; answers it.
    pub(super) fn drop_last(&mut self) -> Month {
        self.known = self.known.saturating_sub(1);
        self.steps += 1;
        self.to_come()
    }

    /// The first month to come.
    pub(super) fn to_come(&self) -> Month {
        self.first.plus(self.known as i32)
    }

    /// The place of a month in the window, or that after its end.
    pub(super) fn place(&self, month: Month) -> usize {
        let start = self.window.first().copied().unwrap_or(month);
        usize::try_from(month.0 - start.0)
            .unwrap_or(0)
            .min(self.window.len())
    }
}

fn months_between(from: Month, to: Month) -> usize {
    usize::try_from(to.0 - from.0).unwrap_or(0)
}
