//! What the files of deals and orders say as a whole: control totals, who has no fact, which periods are not whole.

use std::collections::{BTreeMap, HashSet};

use domain::calendar::{Day, Fiscal, Month, Period, PeriodKind};
use domain::id::MemberId;
use domain::import::{Finding, MonthTotal, Totals};
use domain::money::Fact;

use crate::import::catalog::Catalog;
use crate::import::rowid::RowIds;

/// What all files of facts together say.
#[derive(Debug, Default)]
pub(in crate::import) struct Summary {
    ids: Option<RowIds>,
    /// Members with a fact in these files.
    members: HashSet<MemberId>,
    /// First and last day an amount counts.
    days: Option<(Day, Day)>,
    /// First and last day of which roll-ups changed.
    pub(in crate::import) changed: Option<(Day, Day)>,
}

impl Summary {
    /// Whether there was a file of facts at all.
    pub(in crate::import) fn any(&self) -> bool {
        self.ids.is_some()
    }

    /// Begins a file.
    pub(super) fn begin(&mut self) {
        self.ids.get_or_insert_with(RowIds::new);
    }

    /// The ids of new facts, one series over all files.
    pub(super) fn ids(&self) -> RowIds {
        self.ids.unwrap_or_else(RowIds::new)
    }

    /// Takes over what a file came to.
    pub(super) fn end(&mut self, ids: RowIds, source: &Source, changed: Option<(Day, Day)>) {
        self.ids = Some(ids);
        self.members.extend(&source.members);
        self.days = wider(self.days, source.days);
        self.changed = wider(self.changed, changed);
    }

    /// Who has no fact at all, and which quarters are not whole.
    pub(in crate::import) fn findings(&self, catalog: &Catalog) -> Vec<Finding> {
        let leaders: HashSet<MemberId> = catalog.units.values().filter_map(|unit| unit.manager).collect();
        let mut names: Vec<String> = catalog
            .members
            .values()
            .filter(|member| !self.members.contains(&member.id) && !leaders.contains(&member.id))
            .map(|member| member.name.clone())
            .collect();
        names.sort();
        let mut findings = Vec::new();
        if !names.is_empty() && names.len() <= catalog.members.len() / 2 {
            findings.push(Finding::MembersWithoutFacts { names });
        }
        if let Some((from, to)) = self.days {
            findings.extend(not_whole(from, to));
        }
        findings
    }
}

/// The quarters of which days from a first to a last one are only a part, at either end; one that has both ends once.
fn not_whole(from: Day, to: Day) -> Vec<Finding> {
    let fiscal = Fiscal::default();
    let of = |kind, day| fiscal.period_of(kind, day);
    let first = of(PeriodKind::Quarter, from);
    let last = of(PeriodKind::Quarter, to);
    let begun = of(PeriodKind::Month, from).start == first.start;
    let ended = of(PeriodKind::Month, to).end == last.end;
    let part = |quarter: &Period| Finding::PartialPeriod {
        period: quarter.name.clone(),
        from: from.max(quarter.start),
        to: to.min(quarter.last_day()),
    };
    let mut findings = Vec::new();
    if !begun {
        findings.push(part(&first));
    }
    if !ended && (begun || first != last) {
        findings.push(part(&last));
    }
    findings
}

/// What the rows of one file say as far as they can be read, taken over or not.
#[derive(Debug, Default)]
pub(super) struct Source {
    members: HashSet<MemberId>,
    days: Option<(Day, Day)>,
    pub(super) sums: Sums,
}

impl Source {
    /// Counts in what rows say.
    pub(super) fn count(&mut self, member: Option<MemberId>, counted: Option<(Day, Fact)>) {
        self.members.extend(member);
        if let Some((day, amount)) = counted {
            self.days = wider(self.days, Some((day, day)));
            self.sums.add(day, amount);
        }
    }
}

/// Control totals while they grow.
#[derive(Debug, Default)]
pub(super) struct Sums(BTreeMap<Month, (u64, i64)>);

impl Sums {
    /// Adds an amount that counts on a day. A sum that leaves the range of money stays at its end.
    pub(super) fn add(&mut self, day: Day, amount: Fact) {
        let (count, sum) = self.0.entry(Month::of(day)).or_default();
        *count += 1;
        *sum = sum.saturating_add(amount.0);
    }

    /// The totals as they are told.
    pub(super) fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for (month, (count, sum)) in &self.0 {
            totals.count += count;
            totals.sum = Fact(totals.sum.0.saturating_add(*sum));
            totals.by_month.push(MonthTotal {
                month: month.to_string(),
                count: *count,
                sum: Fact(*sum),
            });
        }
        totals
    }
}

/// Both ranges of days as one.
fn wider(one: Option<(Day, Day)>, other: Option<(Day, Day)>) -> Option<(Day, Day)> {
    match (one, other) {
        (Some((from, to)), Some((other_from, other_to))) => Some((from.min(other_from), to.max(other_to))),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_that_is_not_whole_is_told_once() {
        let day = |text| Day::parse_iso(text).unwrap_or_default();
        let told = |from, to| -> Vec<String> {
            let findings = not_whole(day(from), day(to)).into_iter();
            findings
                .map(|finding| match finding {
                    Finding::PartialPeriod { period, from, to } => format!("{period} {from} {to}"),
                    other => format!("{other:?}"),
                })
                .collect()
        };
        assert_eq!(
            told("2017-11-03", "2017-11-20"),
            ["2017-Q4 2017-11-03 2017-11-20"]
        );
        assert_eq!(
            told("2017-10-03", "2017-11-20"),
            ["2017-Q4 2017-10-03 2017-11-20"]
        );
        assert_eq!(
            told("2016-11-03", "2017-11-20"),
            ["2016-Q4 2016-11-03 2016-12-31", "2017-Q4 2017-10-01 2017-11-20"]
        );
        assert!(told("2017-01-02", "2017-12-30").is_empty());
    }
}
