//! What an outlook starts from: what every branch brought in every month, without what the planning leaves out.

use std::collections::BTreeSet;

use domain::assumption::Planning;
use domain::baseline::holes;
use domain::calendar::{Day, Month, Period, PeriodKind, WorkingDays};
use domain::history::{Coverage, coverage};
use domain::id::{MemberId, UnitId};
use domain::metric::MetricKey;
use domain::money::{Fact, Minor};
use domain::outlook::reckon::Series;
use domain::outlook::{Factor, Place, Who};
use store::Reader;
use store::attainment::{Cut, Piece, Question, Time};
use store::exclusion::Excluded;
use store::organization::Organization;

use super::pipeline::Deals;
use super::tree::{Branches, Credit};
use super::{FURTHEST_MONTHS, too_far};
use crate::attainment::fiscal;
use crate::plan::tree::Parts;
use crate::{Error, Operations, Scope, assumption, exclusion};

/// Months of history that count, at most.
const LONGEST: i32 = 120;
/// Months without a fact that are rather missing than nothing, at least.
const LEAST_HOLE: usize = 3;
/// Who sold in so many of so many months sells regularly.
const REGULAR: (usize, usize) = (9, 12);
/// Months in which one has to have sold something to carry a number beside leading a unit.
const SELLS_MONTHS: i32 = 12;

/// What an outlook starts from.
#[derive(Debug)]
pub(super) struct History {
    /// Facts up to this day count.
    pub(super) as_of: Day,
    /// First and last day with a fact up to then.
    pub(super) facts: Option<(Day, Day)>,
    pub(super) branches: Branches,
    /// The first whole month.
    pub(super) first: Month,
    /// How many months are whole.
    pub(super) known: usize,
    /// Months to come until the planned span ends.
    pub(super) steps: usize,
    /// A series for each branch.
    pub(super) series: Vec<Series>,
    /// What the whole months brought, for each branch.
    pub(super) amounts: Vec<Vec<Minor>>,
    /// What was left out of which months, for each branch.
    pub(super) left_out: Vec<Vec<(Month, Minor)>>,
    /// Months without a fact in the middle: the first, and how many.
    pub(super) holes: Vec<(Month, usize)>,
    /// The last month, where most of those who sell every month have nothing in it yet.
    pub(super) incomplete: Option<Month>,
    /// Whether months are worked by China's calendar.
    pub(super) china: bool,
    pub(super) factors: Vec<Factor>,
    /// Open deals, where deals are kept.
    pub(super) deals: Option<Deals>,
}

impl Operations {
    /// Reads it all. `all`: the whole organization.
    pub(super) async fn outlook_history(
        &self,
        all: &Scope,
        planning: &Planning,
        organization: &Organization,
        as_of: Day,
    ) -> Result<History, Error> {
        let reader = self.database.reader();
        let facts = self
            .span_of(&reader, all, &planning.metric)
            .await?
            .map(|(first, last)| (first, last.min(as_of)))
            .filter(|(first, last)| first <= last);
        let set = assumption::find(&reader, all, planning).await?;
        let factors = match set {
            Some(set) => store::factor::list(&reader, all, set).await?,
            None => Vec::new(),
        };
        let deals = Deals::load(&reader, all, organization, as_of).await?;
        let mut months = Months::of(facts, planning, organization, as_of)?;
        let (pieces, left_out) = self.sums(&reader, all, planning, &months, as_of).await?;
        let branches = self
            .branches(&reader, all, planning, as_of, &months, &pieces)
            .await?;
        let counted = Counted::of(&branches, &months, &pieces, &left_out);
        let incomplete = counted
            .lacks_streams(&branches, &months)
            .then(|| months.drop_last());
        let (amounts, series) = counted.series(&branches, &months, planning, organization);
        let whole = &counted.actual.first().map_or(&[][..], Vec::as_slice);
        let from = months.place(months.first);
        let known: Vec<Minor> = whole
            .iter()
            .skip(from)
            .take(months.known)
            .map(|amount| Minor(amount.0))
            .collect();
        let holes: Vec<(usize, usize)> = holes(&known, LEAST_HOLE);
        let mut series = series;
        for (start, length) in &holes {
            for one in &mut series {
                for value in one.values.iter_mut().skip(*start).take(*length) {
                    *value = f64::NAN;
                }
            }
        }
        Ok(History {
            as_of,
            facts,
            first: months.first,
            known: months.known,
            steps: months.steps,
            series,
            amounts,
            left_out: counted.left_out(&branches, &months, organization),
            incomplete,
            holes: holes
                .into_iter()
                .map(|(start, length)| (months.first.plus(start as i32), length))
                .collect(),
            branches,
            china: organization.working_calendar == "cn",
            factors,
            deals,
        })
    }

    async fn span_of(
        &self,
        reader: &Reader,
        all: &Scope,
        metric: &MetricKey,
    ) -> Result<Option<(Day, Day)>, Error> {
        match store::metric::find(reader, all, metric).await? {
            Some(metric) => Ok(store::rollup::span(reader, all, &metric).await?),
            None => Ok(None),
        }
    }

    /// What was credited to whom in which unit and month; and what of it the planning leaves out.
    async fn sums(
        &self,
        reader: &Reader,
        all: &Scope,
        planning: &Planning,
        months: &Months,
        as_of: Day,
    ) -> Result<(Vec<Piece>, Vec<Excluded>), Error> {
        let metric = store::metric::find(reader, all, &planning.metric).await?;
        let (Some(metric), Some(first), Some(last)) = (metric, months.window.first(), months.window.last())
        else {
            return Ok((Vec::new(), Vec::new()));
        };
        let days = |month: &Month| (month.first_day(), month.end());
        let question = Question {
            from: first.first_day(),
            to: last.end().min(as_of.plus(1)),
            time: Time::Periods(months.window.iter().map(days).collect()),
            by_member: Cut::Apart,
            by_unit: Cut::Apart,
            by_things: Vec::new(),
        };
        let pieces = store::attainment::sums(reader, all, &metric, &question).await?;
        let left_out = exclusion::of_planning(reader, all, &metric, planning).await?;
        Ok((pieces, left_out))
    }

    /// The tree of the version that is looked at, or of a plan made today; with a branch for what belongs to nobody where
    /// something does.
    async fn branches(
        &self,
        reader: &Reader,
        all: &Scope,
        planning: &Planning,
        as_of: Day,
        months: &Months,
        pieces: &[Piece],
    ) -> Result<Branches, Error> {
        let parts = Parts {
            units: store::unit::list(reader, all, None).await?,
            members: store::member::list(reader, all).await?,
            assignments: store::assignment::list(reader, all, None).await?,
        };
        let nodes = match &planning.version {
            Some(version) => store::version::nodes(reader, all, version.id).await?,
            None => {
                let late = months.window.len().saturating_sub(SELLS_MONTHS as usize);
                let sells: BTreeSet<MemberId> = pieces
                    .iter()
                    .filter(|piece| piece.amount.0 > 0 && place_of(piece.time) >= late)
                    .map(|piece| piece.member)
                    .collect();
                parts.tree(as_of, planning.span, &sells).nodes
            }
        };
        let bare = Branches::of(&nodes, &parts.units, &BTreeSet::new());
        let nobodys: BTreeSet<UnitId> = pieces
            .iter()
            .filter(|piece| piece.amount.0 != 0)
            .filter_map(|piece| match bare.of_credit(piece.member, piece.unit) {
                Credit::Nobody(unit) => Some(unit),
                Credit::Leaf(_) => None,
            })
            .collect();
        if nobodys.is_empty() {
            return Ok(bare);
        }
        Ok(Branches::of(&nodes, &parts.units, &nobodys))
    }
}

fn place_of(time: i32) -> usize {
    usize::try_from(time).unwrap_or(0)
}

/// Which months there are.
struct Months {
    /// Every month with facts, those that are not whole among them.
    window: Vec<Month>,
    /// The first whole month, or the first to come where there is none.
    first: Month,
    /// How many whole months follow each other up to the first to come.
    known: usize,
    /// Months to come until the planned span ends.
    steps: usize,
}

impl Months {
    fn of(
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
        if ends.0 - to_come.0 > FURTHEST_MONTHS {
            return Err(too_far());
        }
        Ok(Self {
            window,
            first: from,
            known: months_between(from, to_come),
            steps: months_between(to_come, ends),
        })
    }

    /// Takes the last whole month for one that is to come; answers it.
    fn drop_last(&mut self) -> Month {
        self.known = self.known.saturating_sub(1);
        self.steps += 1;
        self.to_come()
    }

    /// The first month to come.
    fn to_come(&self) -> Month {
        self.first.plus(self.known as i32)
    }

    /// The place of a month in the window, or that after its end.
    fn place(&self, month: Month) -> usize {
        let start = self.window.first().copied().unwrap_or(month);
        usize::try_from(month.0 - start.0)
            .unwrap_or(0)
            .min(self.window.len())
    }
}

fn months_between(from: Month, to: Month) -> usize {
    usize::try_from(to.0 - from.0).unwrap_or(0)
}

/// Credits by branch and month of the window.
struct Counted {
    actual: Vec<Vec<Fact>>,
    out: Vec<Vec<Fact>>,
}

impl Counted {
    fn of(branches: &Branches, months: &Months, pieces: &[Piece], left_out: &[Excluded]) -> Self {
        let nothing = || vec![vec![Fact(0); months.window.len()]; branches.list.len()];
        let mut counted = Self {
            actual: nothing(),
            out: nothing(),
        };
        for piece in pieces {
            let at = leaf(branches, piece.member, piece.unit);
            add(
                &mut counted.actual,
                branches,
                at,
                place_of(piece.time),
                piece.amount,
            );
        }
        for credit in left_out {
            let month = Month::of(credit.day);
            if months.window.contains(&month) {
                let at = leaf(branches, credit.member, credit.unit);
                add(&mut counted.out, branches, at, months.place(month), credit.amount);
            }
        }
        counted
    }

    /// Whether the last whole month lacks most of its facts: those who sell in nearly every month, and make most of what is
    /// sold, have nothing in it. That is data that did not come yet rather than a collapse.
    fn lacks_streams(&self, branches: &Branches, months: &Months) -> bool {
        let Some(last) = months.place(months.to_come()).checked_sub(1) else {
            return false;
        };
        let Some(from) = last.checked_sub(REGULAR.1).filter(|_| months.known > REGULAR.1) else {
            return false;
        };
        let (mut all, mut silent) = (0_i128, 0_i128);
        for (at, amounts) in self.actual.iter().enumerate() {
            let is_leaf = branches
                .list
                .get(at + 1)
                .is_none_or(|next| next.above != Some(at));
            let (Some(before), true) = (amounts.get(from..last), is_leaf) else {
                continue;
            };
            let sum: i128 = before.iter().map(|amount| i128::from(amount.0).max(0)).sum();
            let is_regular = before.iter().filter(|amount| amount.0 != 0).count() >= REGULAR.0;
            all += sum;
            if is_regular && amounts.get(last).is_none_or(|amount| amount.0 == 0) {
                silent += sum;
            }
        }
        2 * silent > all
    }

    /// What the whole months brought, and the series that are forecast.
    fn series(
        &self,
        branches: &Branches,
        months: &Months,
        planning: &Planning,
        organization: &Organization,
    ) -> (Vec<Vec<Minor>>, Vec<Series>) {
        let from = months.place(months.first);
        let to_come = months.to_come();
        let money = |amount: Fact| amount.to_minor(&organization.currency);
        let mut amounts = Vec::with_capacity(branches.list.len());
        let mut series = Vec::with_capacity(branches.list.len());
        for ((branch, actual), out) in branches.list.iter().zip(&self.actual).zip(&self.out) {
            let known: Vec<Minor> = actual
                .iter()
                .zip(out)
                .skip(from)
                .take(months.known)
                .map(|(actual, out)| money(Fact(actual.0.saturating_sub(out.0))))
                .collect();
            // Before somebody's first fact nothing is known of them, rather than that they sold nothing.
            let begins = known.iter().position(|amount| amount.0 != 0);
            let begins = begins.filter(|_| branch.above.is_some()).unwrap_or(0);
            let values =
                known.iter().enumerate().map(
                    |(place, amount)| {
                        if place < begins { f64::NAN } else { amount.0 as f64 }
                    },
                );
            let done = months
                .window
                .iter()
                .zip(actual)
                .filter(|(month, _)| {
                    **month < to_come
                        && planning.span.starts_on <= month.first_day()
                        && month.first_day() < planning.span.ends_on
                })
                .map(|(_, amount)| amount.0)
                .fold(0_i64, i64::saturating_add);
            let running = actual.get(months.place(to_come)).copied().unwrap_or_default();
            series.push(Series {
                above: branch.above,
                values: values.collect(),
                so_far: money(running),
                booked: money(Fact(done)),
            });
            amounts.push(known);
        }
        (amounts, series)
    }

    /// What was left out of which months, for each branch.
    fn left_out(
        &self,
        branches: &Branches,
        months: &Months,
        organization: &Organization,
    ) -> Vec<Vec<(Month, Minor)>> {
        let of = |place: usize| {
            let out = self.out.get(place).map(Vec::as_slice).unwrap_or_default();
            months
                .window
                .iter()
                .zip(out)
                .filter(|(_, amount)| amount.0 != 0)
                .map(|(month, amount)| (*month, amount.to_minor(&organization.currency)))
                .collect()
        };
        (0..branches.list.len()).map(of).collect()
    }
}

/// The branch a credit counts for first.
fn leaf(branches: &Branches, member: MemberId, unit: UnitId) -> usize {
    match branches.of_credit(member, unit) {
        Credit::Leaf(at) => at,
        Credit::Nobody(unit) => branches
            .find(Place {
                unit,
                who: Who::Nobody,
            })
            .or_else(|| branches.find(Place::unit(unit)))
            .unwrap_or(0),
    }
}

/// Adds to a branch and to all above it.
fn add(sums: &mut [Vec<Fact>], branches: &Branches, at: usize, month: usize, amount: Fact) {
    for place in branches.line(at) {
        if let Some(sum) = sums.get_mut(place).and_then(|months| months.get_mut(month)) {
            sum.0 = sum.0.saturating_add(amount.0);
        }
    }
}
