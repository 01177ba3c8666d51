//! How periods of a plan fill up: on working days and as the organization's own past periods did.

use std::collections::HashMap;

use domain::calendar::{Day, Period, PeriodKind, WorkingDays};
use domain::metric::MetricKey;
use domain::money::{Fact, Minor};
use domain::pace::Curve;
use domain::target::PublishedTarget;
use store::Session;
use store::attainment::{Cut, Question, Time};
use store::organization::Organization;

use super::targets::bare;
use crate::{Error, Scope};

/// One curve for each kind of period that occurs.
pub(super) struct Curves {
    working: WorkingDays,
    kinds: HashMap<(Day, Day), (Period, PeriodKind)>,
    of_kind: HashMap<PeriodKind, Curve>,
    even: Curve,
}

impl Curves {
    /// The shape comes from the whole organization's facts, also for who sees a part of them: it is a share, not an amount.
    pub(super) async fn load(
        reader: &impl Session,
        scope: &Scope,
        metric: &MetricKey,
        organization: &Organization,
        as_of: Day,
        targets: &[PublishedTarget],
    ) -> Result<Self, Error> {
        let fiscal = super::fiscal(organization)?;
        let working =
            WorkingDays::named(&organization.working_calendar).unwrap_or_else(WorkingDays::weekdays);
        let mut kinds = HashMap::new();
        for target in targets {
            let (starts, ends) = (target.period.starts_on, target.period.ends_on);
            let found = [
                PeriodKind::Month,
                PeriodKind::Quarter,
                PeriodKind::Half,
                PeriodKind::Year,
            ]
            .into_iter()
            .map(|kind| fiscal.period_of(kind, starts))
            .find(|period| period.start == starts && period.end == ends);
            if let Some(period) = found {
                let kind = period.kind;
                kinds.insert((starts, ends), (period, kind));
            }
        }
        let mut of_kind = HashMap::new();
        let earliest = kinds.keys().map(|(starts, _)| *starts).min();
        if let Some(earliest) = earliest {
            let facts = days(reader, scope, metric, earliest.min(as_of.plus(1))).await?;
            if let Some(&(first, _)) = facts.first() {
                for (period, kind) in kinds.values() {
                    if of_kind.contains_key(kind) {
                        continue;
                    }
                    let past: Vec<Period> = fiscal
                        .periods(*kind, first, period.start)
                        .into_iter()
                        .filter(|past| past.start >= first && past.end <= earliest.min(as_of.plus(1)))
                        .collect();
                    of_kind.insert(*kind, Curve::from_history(&past, &facts, &working));
                }
            }
        }
        Ok(Self {
            working,
            kinds,
            of_kind,
            even: Curve::even(),
        })
    }

    /// The period of these days.
    pub(super) fn period(&self, starts: Day, ends: Day) -> Period {
        self.kinds
            .get(&(starts, ends))
            .map_or_else(|| bare(starts, ends), |(period, _)| period.clone())
    }

    /// What should be there of an amount by the end of a day.
    pub(super) fn until(&self, period: &Period, day: Day, amount: Minor) -> Minor {
        let kind = self.kinds.get(&(period.start, period.end)).map(|(_, kind)| *kind);
        let curve = kind
            .and_then(|kind| self.of_kind.get(&kind))
            .unwrap_or(&self.even);
        curve.share(period, day, &self.working).of(amount)
    }
}

/// The sums of each day before `to`, in order.
async fn days(
    reader: &impl Session,
    scope: &Scope,
    metric: &MetricKey,
    to: Day,
) -> Result<Vec<(Day, Fact)>, Error> {
    let all = Scope::system(scope.organization, "pace");
    let Some(metric) = store::metric::find(reader, &all, metric).await? else {
        return Ok(Vec::new());
    };
    let question = Question {
        // Eight periods of a year are the most a curve looks at.
        from: to.plus(-9 * 366),
        to,
        time: Time::Days,
        by_member: Cut::Together,
        by_unit: Cut::Together,
        by_things: Vec::new(),
    };
    let mut sums: HashMap<Day, i64> = HashMap::new();
    for piece in store::attainment::sums(reader, &all, &metric, &question).await? {
        *sums.entry(Day(piece.time)).or_default() += piece.amount.0;
    }
    let mut days: Vec<(Day, Fact)> = sums.into_iter().map(|(day, sum)| (day, Fact(sum))).collect();
    days.sort_unstable();
    Ok(days)
}
