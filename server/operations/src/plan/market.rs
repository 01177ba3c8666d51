//! What markets are worth, for everything that goes by their potential.

use std::collections::BTreeMap;

use domain::calendar::Day;
use domain::money::Currency;
use domain::potential::Subject;
use domain::target::Span;
use store::potential::Potential;

use super::history::part;

/// What each market is worth in the plan, in minor units: figures of a longer time count by their days in it; of several
/// for the same days the last noted one holds.
pub(crate) fn worth(figures: Vec<Potential>, within: Span, currency: &Currency) -> BTreeMap<Subject, i64> {
    let mut last: BTreeMap<(Subject, Day, Day), Potential> = BTreeMap::new();
    for figure in figures {
        let key = (figure.subject, figure.starts_on, figure.ends_on);
        if last
            .get(&key)
            .is_none_or(|before| before.noted_on <= figure.noted_on)
        {
            last.insert(key, figure);
        }
    }
    let mut worth: BTreeMap<Subject, i64> = BTreeMap::new();
    for figure in last.into_values() {
        let days = |from: Day, to: Day| u64::from(to.0.saturating_sub(from.0).max(0).unsigned_abs());
        let inside = days(
            figure.starts_on.max(within.starts_on),
            figure.ends_on.min(within.ends_on),
        );
        let minor = figure.amount.to_minor(currency).0;
        let own = part(minor, inside, days(figure.starts_on, figure.ends_on));
        let so_far = worth.entry(figure.subject).or_default();
        *so_far = so_far.saturating_add(i64::try_from(own).unwrap_or(i64::MAX));
    }
    worth
}

#[cfg(test)]
mod tests {
    use domain::id::{PotentialId, UnitId};
    use domain::money::Fact;

    use super::*;

    #[test]
    fn the_last_noted_figure_of_the_same_days_counts_by_its_days_in_the_plan() {
        let day = |month: u8| Day::from_ymd(2018, month, 1).unwrap();
        let figure = |from: Day, to: Day, amount: i64, noted_on: Day| Potential {
            id: PotentialId::default(),
            subject: Subject::Unit(UnitId::default()),
            starts_on: from,
            ends_on: to,
            amount: Fact(amount * 10_000),
            source: String::new(),
            noted_on,
            import: None,
        };
        let currency = Currency {
            code: "CNY".to_owned(),
            decimals: 2,
        };
        let within = Span {
            starts_on: day(1),
            ends_on: day(2),
        };
        let worth = |figures: Vec<Potential>| {
            let worth = worth(figures, within, &currency);
            worth.get(&Subject::Unit(UnitId::default())).copied()
        };
        // Two sources of one month: the later one, not both.
        let month = figure(day(1), day(2), 310, day(1));
        let later = figure(day(1), day(2), 620, day(2));
        assert_eq!(worth(vec![later, month]), Some(62_000));
        // Of two months, 59 days, the 31 of January.
        let both = figure(day(1), day(3), 590, day(1));
        assert_eq!(worth(vec![both]), Some(31_000));
        assert_eq!(worth(Vec::new()), None);
    }
}
