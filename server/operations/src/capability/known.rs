//! What is known of people: who they are, what they did, what they reached, what they work with.

mod done;
mod estimates;
mod person;
mod reached;

use std::collections::BTreeMap;

use domain::assumption::Planning;
use domain::calendar::{Day, Month, WorkingDays};
use domain::history::Season;
use domain::id::{AccountId, MemberId};
use domain::money::{Fact, Minor};
use domain::potential::Who;
use domain::target::Span;
use store::attainment::{Cut, Question, Time};
use store::capability::Capability;
use store::metric::Metric;
use store::unit::Unit;
use store::{Scope, Session};

use self::estimates::Estimates;
pub(super) use self::person::Person;
use crate::Error;

/// Everything that is known.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) as_of: Day,
    pub(super) history: Option<Span>,
    pub(super) history_months: u32,
    pub(super) season: Option<Season>,
    pub(super) target_periods: u32,
    pub(super) units: Vec<Unit>,
    pub(super) people: Vec<Person>,
    pub(super) given: Vec<Capability>,
    pub(super) estimates: Estimates,
}

impl Known {
    pub(super) async fn load(
        session: &impl Session,
        scope: &Scope,
        planning: &Planning,
        today: Day,
        facts: Option<(Day, Day)>,
        working: &WorkingDays,
    ) -> Result<Self, Error> {
        let as_of = facts.map_or(today, |(_, last)| last.min(today));
        let metric = store::metric::find(session, scope, &planning.metric).await?;
        let whole = facts
            .filter(|_| metric.is_some())
            .and_then(|(first, _)| done::whole_months(first, as_of));
        let mut known = Self {
            as_of,
            history: None,
            history_months: 0,
            season: None,
            target_periods: 0,
            units: store::unit::list(session, scope, None).await?,
            people: Vec::new(),
            given: store::capability::list(session, scope, planning.span.ends_on).await?,
            estimates: Estimates::default(),
        };
        known.people = person::people(session, scope, as_of, facts).await?;
        if let (Some(metric), Some(span)) = (&metric, whole) {
            known
                .observe(session, scope, metric, planning, span, working)
                .await?;
        }
        if let Some(metric) = &metric {
            known.reach(session, scope, metric, planning).await?;
            known.customers(session, scope, metric).await?;
        }
        for open in store::opportunity::open(session, scope).await? {
            if let Some(person) = known.of(open.member) {
                person.open = Some(open);
            }
        }
        known.estimate();
        Ok(known)
    }

    fn of(&mut self, member: MemberId) -> Option<&mut Person> {
        self.people.iter_mut().find(|person| person.member.id == member)
    }

    /// Whose customers brought how much in the last twelve months.
    async fn customers(
        &mut self,
        session: &impl Session,
        scope: &Scope,
        metric: &Metric,
    ) -> Result<(), Error> {
        let to = self.as_of.plus(1);
        let question = Question {
            from: Month::of(to).plus(-12).day_or_last(to.ymd().2),
            to,
            time: Time::Whole,
            by_member: Cut::Apart,
            by_unit: Cut::Together,
            by_things: vec![store::rollup::Dimension::Account],
        };
        let pieces = store::attainment::sums(session, scope, metric, &question).await?;
        let mut found: BTreeMap<MemberId, BTreeMap<AccountId, Fact>> = BTreeMap::new();
        for piece in pieces {
            let [account, _] = piece.things;
            if account.is_nil() {
                continue;
            }
            let sum = found
                .entry(piece.member)
                .or_default()
                .entry(AccountId(account))
                .or_default();
            sum.0 = sum.0.saturating_add(piece.amount.0);
        }
        for person in &mut self.people {
            person.customers = found.remove(&person.member.id).unwrap_or_default();
        }
        Ok(())
    }
}

/// The figure that holds at a day, or of a list the last that begins before it.
pub(super) fn holding(given: &[Capability], who: Who, before: Day) -> Option<&Capability> {
    given
        .iter()
        .filter(|one| one.who == who && one.starts_on < before)
        .max_by_key(|one| (one.starts_on, one.figure.kind() == "money"))
}

/// An amount in minor units.
pub(super) fn minor(amount: Fact, planning: &Planning) -> Minor {
    amount.to_minor(&planning.currency)
}
