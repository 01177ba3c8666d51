//! What the initial split goes by: who sold how much in the year before, and when in the year.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::calendar::{Day, Fiscal, Month, Period, PeriodKind};
use domain::history::{Monthly, Season};
use domain::id::MemberId;
use domain::metric::MetricKey;
use domain::money::Fact;
use domain::target::Span;
use store::Session;
use store::attainment::{Cut, Question, Time};
use store::version::{Basis, WHOLE};

use super::tree::Tree;
use crate::{Error, Scope};

/// Keys of `plan_basis`.
pub(crate) const EQUAL: &str = "equal";
pub(crate) const HISTORY: &str = "history";
/// Weight of each period, at the root.
pub(crate) const SEASON: &str = "season";
/// That the weights of potential go by the time people are there, at the root: they are those of units' markets.
pub(crate) const POTENTIAL_BY_TIME: &str = "potential_by_time";
/// How much is left of a row's weights that do not go by time, in millionths: of who leaves, and of who takes over. Only in
/// drafts of changes of staff.
pub(crate) const KEPT: &str = "kept";
/// What each leaf did in the comparable period a year before, in minor units.
pub(crate) const YEAR_BEFORE: &str = "year_before";

/// Months of the basis "history".
const TRAILING_MONTHS: i32 = 12;
/// The longest history a season is read from: five years.
const SEASON_MONTHS: i32 = 60;
/// Weights of a season are counted in millionths of an average month.
const SEASON_PARTS: f64 = 1e6;
/// Share of history in the first split, in millionths; the rest is equal, so that newcomers carry something.
const HISTORY_SHARE_PPM: u32 = 800_000;
const ALL_PPM: u32 = 1_000_000;

/// Amounts credited to people by month, in minor units.
#[derive(Debug, Default)]
pub(super) struct History {
    months: BTreeMap<(MemberId, Day), i64>,
    /// The first month that anything is known of.
    begins: Option<Day>,
}

impl History {
    /// Of amounts by member and first day of a month.
    pub(super) fn of(amounts: impl IntoIterator<Item = (MemberId, Day, i64)>) -> Self {
        let mut history = Self::default();
        for (member, month, amount) in amounts {
            *history.months.entry((member, month)).or_default() += amount;
            if amount != 0 {
                history.begins = Some(history.begins.map_or(month, |begins| begins.min(month)));
            }
        }
        history
    }

    /// The days a plan's history is taken from.
    pub(super) fn days(span: Span, today: Day, fiscal: Fiscal, periods: &[Period]) -> Span {
        let ends_on = trailing(span, today).ends_on;
        let earliest = Month::of(ends_on).plus(-SEASON_MONTHS).first_day();
        let before = periods.first().map(|period| fiscal.year_before(period).start);
        Span {
            starts_on: before.map_or(earliest, |before| before.min(earliest)),
            ends_on,
        }
    }

    /// Who has facts of their own in the days before the plan.
    pub(super) fn sellers(&self, span: Span, today: Day) -> BTreeSet<MemberId> {
        let trailing = trailing(span, today);
        let in_days = self.months.iter().filter(|((_, month), amount)| {
            **amount > 0 && trailing.starts_on <= *month && *month < trailing.ends_on
        });
        in_days.map(|((member, _), _)| *member).collect()
    }

    fn sum(&self, member: MemberId, span: Span) -> i64 {
        self.months
            .range((member, span.starts_on)..(member, span.ends_on))
            .map(|(_, amount)| amount)
            .sum()
    }

    fn total(&self, span: Span) -> i64 {
        let in_span = self
            .months
            .iter()
            .filter(|((_, month), _)| span.starts_on <= *month && *month < span.ends_on);
        in_span.map(|(_, amount)| amount).sum()
    }

    /// What people did in each whole month of the last twelve that anything is known of, from the first month on in which
    /// they did something, in minor units: less than nothing counts as nothing.
    pub(super) fn by_month(&self, span: Span, today: Day) -> BTreeMap<MemberId, Vec<i64>> {
        let trailing = trailing(span, today);
        let mut known: BTreeSet<Day> = BTreeSet::new();
        let mut first: BTreeMap<MemberId, Day> = BTreeMap::new();
        for (&(member, month), &amount) in &self.months {
            if amount == 0 {
                continue;
            }
            // In the order of months for each member.
            first.entry(member).or_insert(month);
            if trailing.starts_on <= month
                && month < trailing.ends_on
                && Month::of(month).end() <= today.plus(1)
            {
                known.insert(month);
            }
        }
        let of = |(member, first): (MemberId, Day)| {
            let amount = |month: &Day| self.months.get(&(member, *month)).copied().unwrap_or(0).max(0);
            let months = known.iter().filter(|month| **month >= first);
            (member, months.map(amount).collect())
        };
        first.into_iter().map(of).collect()
    }

    /// The weights of a new version, quantised once; only what is not zero.
    pub(super) fn bases(
        &self,
        tree: &Tree,
        span: Span,
        today: Day,
        fiscal: Fiscal,
        periods: &[Period],
    ) -> Vec<Basis> {
        let trailing = trailing(span, today);
        let mut presence: HashMap<MemberId, u64> = HashMap::new();
        for leaf in tree.leaves.values() {
            *presence.entry(leaf.member).or_default() += leaf.presence(span);
        }
        let mut bases = Vec::new();
        let mut put = |basis: &str, node, period: i32, weight: u64| {
            if weight > 0 {
                bases.push(Basis {
                    basis: basis.to_owned(),
                    node,
                    period,
                    weight,
                });
            }
        };
        for (&ordinal, leaf) in &tree.leaves {
            let node = tree.nodes[ordinal].id;
            let own = leaf.presence(span);
            let all = presence.get(&leaf.member).copied().unwrap_or(own);
            put(EQUAL, node, WHOLE, own);
            put(
                HISTORY,
                node,
                WHOLE,
                part(self.sum(leaf.member, trailing), own, all),
            );
            for (index, period) in (0..).zip(periods) {
                let before = Span::of(&fiscal.year_before(period));
                put(
                    YEAR_BEFORE,
                    node,
                    index,
                    part(self.sum(leaf.member, before), own, all),
                );
            }
        }
        let root = tree.nodes[0].id;
        for (index, weight) in (0..).zip(self.seasons(span, today, fiscal, periods)) {
            put(SEASON, root, index, weight);
        }
        bases
    }

    /// The weight of each period: as a year before, where the year before is known throughout; else by the season of the
    /// whole months there are, where they are a year or more; else months as in the quarters before; else by days.
    fn seasons(&self, span: Span, today: Day, fiscal: Fiscal, periods: &[Period]) -> Vec<u64> {
        let before: Vec<Span> = periods
            .iter()
            .map(|period| Span::of(&fiscal.year_before(period)))
            .collect();
        let known = |span: &Span| {
            self.begins.is_some_and(|begins| begins <= span.starts_on) && span.ends_on <= today.plus(1)
        };
        let amounts: Vec<i64> = before.iter().map(|span| self.total(*span)).collect();
        if before.iter().all(known) && amounts.iter().all(|amount| *amount > 0) {
            return amounts.into_iter().map(|amount| amount as u64).collect();
        }
        if let Some(season) = self.season(span, today) {
            let weights: Vec<u64> = periods.iter().map(|period| weight(&season, period)).collect();
            if weights.iter().all(|weight| *weight > 0) {
                return weights;
            }
        }
        let of_quarter = self.months_of_quarter(trailing(span, today), fiscal);
        let by_month = |period: &Period| {
            let quarter = fiscal.period_of(PeriodKind::Quarter, period.start);
            (Month::of(period.start).0 - Month::of(quarter.start).0) as usize
        };
        if periods.iter().all(|period| period.kind == PeriodKind::Month)
            && of_quarter.iter().all(|amount| *amount > 0)
        {
            return periods
                .iter()
                .map(|period| of_quarter[by_month(period)] as u64)
                .collect();
        }
        periods
            .iter()
            .map(|period| u64::from(period.days().unsigned_abs()))
            .collect()
    }

    /// The season of the whole months before the plan, after the last month without anything: such a month is a gap in the
    /// data. `None` where less than a year is known.
    fn season(&self, span: Span, today: Day) -> Option<Season> {
        let end = Month::of(span.starts_on.min(today.plus(1)));
        let month = |back: i32| end.plus(-back);
        let sum = |month: Month| {
            self.total(Span {
                starts_on: month.first_day(),
                ends_on: month.end(),
            })
        };
        let mut sums: Vec<Fact> = (1..=SEASON_MONTHS)
            .map(|back| Fact(sum(month(back))))
            .take_while(|sum| sum.0 != 0)
            .collect();
        sums.reverse();
        Season::of(&Monthly {
            first: month(i32::try_from(sums.len()).ok()?),
            sums,
        })
    }

    /// What was done in the first, second and third months of the whole quarters of a span.
    fn months_of_quarter(&self, span: Span, fiscal: Fiscal) -> [i64; 3] {
        let mut sums = [0; 3];
        for quarter in fiscal.periods(PeriodKind::Quarter, span.starts_on, span.ends_on) {
            let known = self.begins.is_some_and(|begins| begins <= quarter.start);
            if !known || !span.contains(Span::of(&quarter)) {
                continue;
            }
            for (sum, month) in
                sums.iter_mut()
                    .zip(fiscal.periods(PeriodKind::Month, quarter.start, quarter.end))
            {
                *sum += self.total(Span::of(&month));
            }
        }
        sums
    }
}

/// The season's weight of a period, its months counted by the days that fall into it.
fn weight(season: &Season, period: &Period) -> u64 {
    let mut weight = 0.0;
    let mut month = Month::of(period.start);
    while month.first_day() < period.end {
        let days = month.end().0 - month.first_day().0;
        let inside = month.end().min(period.end).0 - month.first_day().max(period.start).0;
        weight += season.index[usize::from(month.month() - 1)] * f64::from(inside) / f64::from(days);
        month = month.plus(1);
    }
    (weight.max(0.0) * SEASON_PARTS).round() as u64
}

/// What people were credited in whole months, as it is known now.
pub(super) async fn read(
    session: &impl Session,
    all: &Scope,
    metric: &MetricKey,
    days: Span,
) -> Result<History, Error> {
    let Some(metric) = store::metric::find(session, all, metric).await? else {
        return Ok(History::default());
    };
    let currency = store::organization::get(session, all).await?.currency;
    let mut months = Vec::new();
    let mut month = Month::of(days.starts_on);
    while month.first_day() < days.ends_on {
        months.push((month.first_day(), month.end()));
        month = month.plus(1);
    }
    let question = Question {
        from: days.starts_on,
        to: days.ends_on,
        time: Time::Periods(months.clone()),
        by_member: Cut::Apart,
        by_unit: Cut::Together,
        by_things: Vec::new(),
    };
    let pieces = store::attainment::sums(session, all, &metric, &question).await?;
    let mut sums: BTreeMap<(MemberId, Day), i64> = BTreeMap::new();
    for piece in pieces {
        let month = usize::try_from(piece.time)
            .ok()
            .and_then(|place| months.get(place));
        if let Some((starts_on, _)) = month {
            *sums.entry((piece.member, *starts_on)).or_default() += piece.amount.0;
        }
    }
    Ok(History::of(sums.into_iter().map(|((member, month), amount)| {
        (member, month, Fact(amount).to_minor(&currency).0)
    })))
}

/// The bases of the first split with their shares in millionths.
pub(super) fn first_shares(bases: &[Basis]) -> Vec<(domain::plan::Basis, u32)> {
    use domain::plan::Basis as B;
    if bases.iter().any(|basis| basis.basis == HISTORY) {
        vec![
            (B::History, HISTORY_SHARE_PPM),
            (B::Equal, ALL_PPM - HISTORY_SHARE_PPM),
        ]
    } else {
        vec![(B::Equal, ALL_PPM)]
    }
}

/// The last twelve months before the plan that facts can be known of.
pub(super) fn trailing(span: Span, today: Day) -> Span {
    let ends_on = span.starts_on.min(month_after(today));
    Span {
        starts_on: Month::of(ends_on).plus(-TRAILING_MONTHS).first_day(),
        ends_on,
    }
}

fn month_after(today: Day) -> Day {
    Month::of(today).end()
}

/// `amount · own / all`, rounded down; nothing below zero.
pub(crate) fn part(amount: i64, own: u64, all: u64) -> u64 {
    let amount = amount.max(0) as u128;
    let share = amount * u128::from(own) / u128::from(all.max(1));
    u64::try_from(share).unwrap_or(u64::MAX).min(i64::MAX as u64)
}

#[cfg(test)]
mod tests;
