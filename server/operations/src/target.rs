//! The target of a version: the number, its levels, its chance, its parts in time, and whether it is a good one.

pub(crate) mod absent;
mod claim;
mod levels;
mod purpose;
pub(crate) mod refusal;
mod whole;

use domain::access::Permission;
use domain::assumption::{Planning, PlanningQuery};
use domain::calendar::{Day, Fiscal, Period, PeriodKind};
use domain::event::Event;
use domain::id::{CommandId, VersionId};
use domain::level::Given;
use domain::metric::{AttainmentQuery, Dimension};
use domain::money::Minor;
use domain::outlook::{Distribution, Outlook, OutlookQuery, Place};
use domain::plan::{MAX_AMOUNT, NodeIndex, PeriodIndex, PlanCommand, Refusal};
use domain::smart;
use domain::split::Insist;
use domain::target::{DoneBefore, NewPurpose, Quarter, Span, TargetBoard, UnitPart, VersionStatus};
use serde_json::json;
use store::Writer;
use store::version::Version;

use self::absent::Absent;
use crate::attainment::fiscal;
use crate::plan::asked_total;
use crate::plan::state::{self, State};
use crate::publish::frozen;
use crate::scope::require;
use crate::{Error, Operations, Scope, assumption, audit, input, line, scenario, split};

pub(crate) use levels::{level_refused, level_refused_at, with_rows};
pub(crate) use whole::refuse_misfits;

const ROOT: NodeIndex = NodeIndex(0);

impl Operations {
    /// Everything a version's target says.
    pub async fn target(&self, scope: &Scope, version: VersionId) -> Result<TargetBoard, Error> {
        require(scope, Permission::EditPlan)?;
        let planning = self.planning(scope, &PlanningQuery::of(version)).await?;
        let reader = self.database.reader();
        let all = state::all(scope);
        let row = store::version::get(&reader, scope, version).await?;
        let state = State::load(&reader, &all, row).await?;
        let organization = store::organization::get(&reader, scope).await?;
        let fiscal = fiscal(&organization)?;
        let today = self.today_of(&organization).day;
        let total = state.grid.amount(ROOT, None);
        let set = assumption::find(&reader, scope, &planning).await?;
        let given = match set {
            Some(set) => store::level::get(&reader, scope, set).await?,
            None => Given::default(),
        };
        let decided = with_rows(given, &store::row_level::list(&reader, &all, version).await?);
        let (levels, level_fault) = match decided.levels(&state.grid) {
            Ok(levels) => (levels, None),
            Err(fault) => (None, Some(fault)),
        };
        let level_fault_at = level_fault
            .as_ref()
            .and_then(|fault| fault.row_name(state.grid.shape()))
            .map(str::to_owned);
        let outlook = self.expected(&all, PlanningQuery::of(version)).await?;
        let whole = law(outlook.as_ref());
        let booked = self
            .counted(&all, &planning, planning.span)
            .await?
            .unwrap_or_default();
        let last_year = self
            .year_before(&all, &planning, fiscal, &state.plan.periods, today)
            .await?;
        let purpose = self.purpose(scope, &planning, &state).await?;
        let lines = self.lines(scope, &planning, total).await?;
        let mut claim = self
            .claim(
                &all,
                &planning,
                &state,
                today,
                whole.as_ref(),
                booked,
                purpose.as_ref(),
            )
            .await?;
        claim.carried.lines_off = line::off(&lines, total);
        let bottom_up = self.proposed(scope, &planning).await?;
        let (log, _) = state::recent(&reader, &all, version, state.head).await?;
        let shelved_at_ms = state.version.shelved_at_ms;
        Ok(TargetBoard {
            number: state.version.number,
            shelved_at_ms,
            head: state.head,
            may_edit: state.version.status == VersionStatus::Draft && shelved_at_ms.is_none(),
            undoable: split::stacks(&log, split::me(scope)),
            today,
            total,
            last_year,
            booked,
            levels: levels::rows(&given, levels.as_ref(), &state),
            level_fault,
            level_fault_at,
            quarters: quarters(fiscal, &state),
            lines,
            units: units(&state, outlook.as_ref()),
            hedge: state.grid.hedge(ROOT, None),
            purpose,
            smart: smart::check(&claim).into(),
            claim,
            outlook: whole,
            bottom_up,
            planning,
        })
    }

    /// Whether whoever asks may plan.
    pub fn may_plan(&self, scope: &Scope) -> Result<(), Error> {
        require(scope, Permission::EditPlan)
    }

    /// What is to be expected of a period that a plan may be made for; none where nothing can be said.
    pub async fn likelihood(&self, scope: &Scope, period: String) -> Result<Option<Distribution>, Error> {
        require(scope, Permission::EditPlan)?;
        let asked = PlanningQuery {
            version: None,
            period: Some(period),
        };
        Ok(law(self.expected(&state::all(scope), asked).await?.as_ref()))
    }

    /// Everything the target in work says, or that of a version; none where a plan is still to be made.
    pub async fn target_in_work(
        &self,
        scope: &Scope,
        asked: PlanningQuery,
    ) -> Result<Option<TargetBoard>, Error> {
        require(scope, Permission::EditPlan)?;
        match self.planning(scope, &asked).await?.version {
            Some(version) => self.target(scope, version.id).await.map(Some),
            None => Ok(None),
        }
    }

    /// Changes the numbers of a draft as the grid does, by the same command in the same log; what is refused there is an error
    /// here. Answers the number of the last command.
    pub async fn decide(
        &self,
        scope: &Scope,
        version: VersionId,
        base: u64,
        command: PlanCommand,
    ) -> Result<u64, Error> {
        self.decide_once(scope, version, base, None, command).await
    }

    /// The same for a command that its sender calls by a key: sent again, because its answer was lost, it is answered and not
    /// done twice.
    pub async fn decide_once(
        &self,
        scope: &Scope,
        version: VersionId,
        base: u64,
        key: Option<CommandId>,
        command: PlanCommand,
    ) -> Result<u64, Error> {
        if let PlanCommand::SetTotal { amount, .. } = command {
            asked_total(amount)?;
        }
        let applied = self
            .apply_once(scope, version, base, key, command, Insist::Ask)
            .await?;
        if !applied.differences.is_empty() {
            return Err(Error::conflict(
                "changed_meanwhile",
                "别人刚改过同一个数。请看过最新的数再改。",
                "Somebody changed the same number meanwhile. Look at it again before changing it.",
            ));
        }
        match applied.refused {
            None => Ok(applied.head),
            Some(refused) => Err(self.refusal_of(scope, version, &refused).await?),
        }
    }

    /// What a plan refused, as an error in words.
    pub(crate) async fn refusal_of(
        &self,
        scope: &Scope,
        version: VersionId,
        refused: &Refusal,
    ) -> Result<Error, Error> {
        if matches!(refused, Refusal::UnknownNode { .. }) {
            return Ok(Error::NotFound("row"));
        }
        let reader = self.database.reader();
        let currency = store::organization::get(&reader, scope).await?.currency;
        let row = store::version::get(&reader, scope, version).await?;
        let state = State::load(&reader, &state::all(scope), row).await?;
        let absent = Absent::of(&reader, &state::all(scope), &state).await?;
        Ok(refusal::words(state.grid.shape(), refused, &absent, &currency))
    }

    /// Says what the target of a draft serves; a blank name takes that back.
    pub async fn set_purpose(&self, scope: &Scope, version: VersionId, new: NewPurpose) -> Result<(), Error> {
        require(scope, Permission::EditPlan)?;
        let name = input::optional_name(Some(&new.name), "name")?;
        if new.asks.is_some_and(|asks| !(1..=MAX_AMOUNT).contains(&asks.0)) {
            return Err(Error::invalid_field(
                "bad_amount",
                "asks",
                "要求的数须大于 0，且不超过 10 万亿。",
                "What it asks for is more than 0 and at most 10 trillion.",
            ));
        }
        let planning = self.planning(scope, &PlanningQuery::of(version)).await?;
        let writer = self.database.writer().await?;
        lock(&writer, scope, version).await?;
        let set = assumption::open(&writer, scope, &planning).await?;
        let purpose = name.as_deref().map(|name| (name, new.asks));
        store::purpose::put(&writer, scope, set, purpose).await?;
        let detail = json!({ "name": name, "asks": new.asks });
        changed(writer, scope, "target.purpose", version, &detail).await
    }

    /// What is to be expected of a planning, reckoned with its own assumptions; none where nothing can be said.
    pub(crate) async fn expected(
        &self,
        all: &Scope,
        planning: PlanningQuery,
    ) -> Result<Option<Outlook>, Error> {
        let query = OutlookQuery { planning, node: None };
        self.outlook(all, query).await.map(Some)
    }

    /// What was done within some days, up to today; none where the metric has no facts.
    async fn counted(&self, all: &Scope, planning: &Planning, span: Span) -> Result<Option<Minor>, Error> {
        let reader = self.database.reader();
        if store::metric::find(&reader, all, &planning.metric)
            .await?
            .is_none()
        {
            return Ok(None);
        }
        // Years are cut at the ends of the range, so their sum is the whole.
        let query = AttainmentQuery {
            metric: planning.metric.clone(),
            from: span.starts_on,
            to: span.ends_on,
            by: vec![Dimension::Year],
            as_of: None,
        };
        let rows = self.attainment(all, &query).await?.rows;
        let sum = rows
            .iter()
            .fold(0_i64, |sum, row| sum.saturating_add(row.actual.0));
        Ok(Some(Minor(sum)))
    }

    /// What was done in the same periods a year before; none where the facts begin later.
    async fn year_before(
        &self,
        all: &Scope,
        planning: &Planning,
        fiscal: Fiscal,
        periods: &[Period],
        today: Day,
    ) -> Result<Option<DoneBefore>, Error> {
        let (Some(first), Some(last)) = (periods.first(), periods.last()) else {
            return Ok(None);
        };
        let span = Span {
            starts_on: fiscal.year_before(first).start,
            ends_on: fiscal.year_before(last).end,
        };
        let Some((begins, ends)) = self.facts(all, planning).await? else {
            return Ok(None);
        };
        if ends < span.starts_on || span.ends_on <= begins {
            return Ok(None);
        }
        let done = self.counted(all, planning, span).await?;
        Ok(done.map(|amount| DoneBefore::of(amount, &span, today)))
    }

    /// The first and the last day with a fact.
    async fn facts(&self, all: &Scope, planning: &Planning) -> Result<Option<(Day, Day)>, Error> {
        let reader = self.database.reader();
        match store::metric::find(&reader, all, &planning.metric).await? {
            Some(metric) => Ok(store::rollup::span(&reader, all, &metric).await?),
            None => Ok(None),
        }
    }
}

/// What will come of the whole.
pub(crate) fn law(outlook: Option<&Outlook>) -> Option<Distribution> {
    outlook?.branches.first()?.total.clone()
}

/// The write lock of a draft that is in use.
pub(crate) async fn lock(writer: &Writer, scope: &Scope, version: VersionId) -> Result<Version, Error> {
    let row = store::version::lock(writer, scope, version).await?;
    if row.status != VersionStatus::Draft {
        return Err(frozen());
    }
    if row.shelved_at_ms.is_some() {
        return Err(scenario::shelved());
    }
    Ok(row)
}

/// Ends a change of what hangs on the target of a version.
pub(crate) async fn changed(
    writer: Writer,
    scope: &Scope,
    verb: &str,
    version: VersionId,
    detail: &serde_json::Value,
) -> Result<(), Error> {
    let subject = format!("version:{version}");
    audit::commit(writer, scope, verb, &subject, detail, &Event::AssumptionsChanged).await
}

/// The periods by the quarter they lie in.
pub(crate) fn quarters(fiscal: Fiscal, state: &State) -> Vec<Quarter> {
    let mut quarters: Vec<Quarter> = Vec::new();
    for (place, period) in (0_u16..).zip(&state.plan.periods) {
        let amount = state.grid.amount(ROOT, Some(PeriodIndex(place)));
        let quarter = fiscal.period_of(PeriodKind::Quarter, period.start);
        let part = (place, period.clone(), amount);
        match quarters.last_mut() {
            Some(known) if known.period == quarter => {
                known.amount.0 += amount.0;
                known.parts.push(part);
            }
            _ => quarters.push(Quarter {
                period: quarter,
                amount,
                parts: vec![part],
            }),
        }
    }
    quarters
}

fn units(state: &State, outlook: Option<&Outlook>) -> Vec<UnitPart> {
    let shape = state.grid.shape();
    let below = match shape.reference(ROOT) {
        domain::plan::NodeRef::Unit(unit) => Some(unit),
        domain::plan::NodeRef::Member(_) => None,
    };
    shape
        .children(ROOT)
        .map(|node| {
            let place = below.map(|below| Place::of_node(shape.reference(node), below));
            let expected = outlook
                .zip(place)
                .and_then(|(outlook, place)| outlook.find(place));
            UnitPart {
                node: node.0,
                name: shape.name(node).to_owned(),
                amount: state.grid.amount(node, None),
                locked: state.grid.constraint(node, None).lock.is_some(),
                outlook: expected.and_then(|branch| branch.total.clone()),
            }
        })
        .collect()
}
