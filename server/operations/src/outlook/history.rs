//! What an outlook starts from: what every branch brought in every month, without what the planning leaves out.

mod counted;
mod months;
mod shares;
mod streams;

use std::collections::BTreeSet;

use domain::assumption::Planning;
use domain::baseline::holes;
use domain::calendar::{Day, Month};
use domain::id::{MemberId, UnitId};
use domain::money::Minor;
use domain::outlook::Factor;
use domain::outlook::change::Shares;
use domain::outlook::reckon::Series;
use store::Reader;
use store::attainment::{Cut, Piece, Question, Time};
use store::exclusion::Excluded;
use store::metric::Metric;
use store::organization::Organization;

use self::counted::Counted;
use self::months::Months;
use super::pipeline::Deals;
use super::tree::{Branches, Credit};
use crate::plan::UNASSIGNED;
use crate::plan::tree::Parts;
use crate::{Error, Operations, Scope, assumption, exclusion};

/// Months without a fact that are rather missing than nothing, at least.
const LEAST_HOLE: usize = 3;
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
    /// Rows that imports did not take over because they are in another currency.
    pub(super) other_currency: u64,
    /// Whether months are worked by China's calendar.
    pub(super) china: bool,
    pub(super) factors: Vec<Factor>,
    /// Of what factors are about, which part of each branch it is.
    pub(super) shares: Shares,
    /// Open deals, where deals are kept.
    pub(super) deals: Option<Deals>,
}

impl History {
    /// The first month to come.
    pub(super) fn to_come(&self) -> Month {
        self.first.plus(self.known as i32)
    }

    /// Whether nothing is known of a month in the middle.
    pub(super) fn is_hole(&self, month: Month) -> bool {
        self.holes
            .iter()
            .any(|(from, months)| (from.0..from.0 + *months as i32).contains(&month.0))
    }
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
        let metric = store::metric::find(&reader, all, &planning.metric).await?;
        let facts = match &metric {
            Some(metric) => store::rollup::span(&reader, all, metric).await?,
            None => None,
        }
        .map(|(first, last)| (first, last.min(as_of)))
        .filter(|(first, last)| first <= last);
        let set = assumption::find(&reader, all, planning).await?;
        let factors = match set {
            Some(set) => store::factor::list(&reader, all, set).await?,
            None => Vec::new(),
        };
        let deals = Deals::load(&reader, all, organization, as_of).await?;
        let mut months = Months::of(facts, planning, organization, as_of)?;
        let (pieces, left_out) = match &metric {
            Some(metric) => sums(&reader, all, metric, planning, &months, as_of).await?,
            None => (Vec::new(), Vec::new()),
        };
        let branches = self
            .branches(&reader, all, planning, as_of, &months, &pieces)
            .await?;
        let counted = Counted::of(&branches, &months, &pieces, &left_out);
        let incomplete = streams::lack(&pieces, &months).then(|| months.drop_last());
        let shares = match &metric {
            Some(metric) => {
                let ground = shares::Ground {
                    metric,
                    left_out: &left_out,
                    months: &months,
                    as_of,
                };
                let about = with_news(&reader, all, planning, &factors).await?;
                shares::of(&reader, all, &about, &branches, &ground).await?
            }
            None => Shares::new(),
        };
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
            other_currency: store::history::in_other_currency(&reader, all).await?,
            china: organization.working_calendar == "cn",
            factors,
            shares,
            deals,
        })
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
            leave: store::leave::list(reader, all, Day::BEGINNING).await?,
        };
        let nodes = match &planning.version {
            Some(version) => {
                let mut nodes = store::version::nodes(reader, all, version.id).await?;
                // What a unit's own number leaves to nobody is no branch: facts of nobody make one of their own.
                nodes.retain(|node| node.level != UNASSIGNED);
                nodes
            }
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

/// What was credited to whom in which unit and month; nothing where there is no month.
async fn pieces(
    reader: &Reader,
    all: &Scope,
    metric: &Metric,
    months: &Months,
    as_of: Day,
) -> Result<Vec<Piece>, Error> {
    let (Some(first), Some(last)) = (months.window.first(), months.window.last()) else {
        return Ok(Vec::new());
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
    Ok(store::attainment::sums(reader, all, metric, &question).await?)
}

/// The same with what of it the planning leaves out.
async fn sums(
    reader: &Reader,
    all: &Scope,
    metric: &Metric,
    planning: &Planning,
    months: &Months,
    as_of: Day,
) -> Result<(Vec<Piece>, Vec<Excluded>), Error> {
    let pieces = pieces(reader, all, metric, months, as_of).await?;
    let left_out = exclusion::of_planning(reader, all, metric, planning).await?;
    Ok((pieces, left_out))
}

/// Factors, and those gathered for the same days outside of the version: a revision starts with them.
async fn with_news(
    reader: &Reader,
    all: &Scope,
    planning: &Planning,
    factors: &[Factor],
) -> Result<Vec<Factor>, Error> {
    let mut about = factors.to_vec();
    if planning.version.is_some() {
        let key = planning.metric.as_str();
        for set in store::assumption::prepared(reader, all, key, planning.span).await? {
            about.extend(store::factor::list(reader, all, set).await?);
        }
    }
    Ok(about)
}

fn place_of(time: i32) -> usize {
    usize::try_from(time).unwrap_or(0)
}
