//! Plans: making one from today's tree and the history, branching versions, listing.

mod asked;
mod bases;
pub(crate) mod calendar;
pub(crate) mod counted;
mod first;
pub(crate) mod history;
pub(crate) mod lineage;
pub(crate) mod market;
pub(crate) mod rows;
pub(crate) mod sheet;
pub(crate) mod state;
pub(crate) mod tree;

use domain::access::Permission;
use domain::calendar::{Day, Fiscal};
use domain::event::Event;
use domain::id::{MemberId, PlanId, VersionId};
use domain::metric::MetricKey;
use domain::money::Minor;
use domain::plan::{Grid, NodeIndex};
use domain::target::{Made, NewPlan, NodeRef, PlanRow, Span, VersionRow};
use serde_json::json;
use store::plan::Plan;
use store::version::{Basis, Version};
use store::{Session, Writer};

use crate::scope::require;
use crate::{Error, Operations, Scope, assumption, audit, clock, input, revision};
pub(crate) use asked::total as asked_total;
use history::History;
pub(crate) use sheet::{UNASSIGNED, said};
use state::State;
pub(crate) use state::damaged;
use tree::{Parts, Tree};

impl Operations {
    /// Makes a plan with a first draft: today's tree, the total spread over the periods by season and over the people by
    /// history and equally, for the days they are there and as far as beginners have come.
    pub async fn create_plan(&self, scope: &Scope, new: NewPlan) -> Result<Made, Error> {
        require(scope, Permission::EditPlan)?;
        let metric = asked::metric(&new.metric)?;
        asked::total(new.total)?;
        let reader = self.database.reader();
        let organization = store::organization::get(&reader, scope).await?;
        let today = self.today_of(&organization).day;
        let fiscal = Fiscal::new(organization.fiscal_start_month).map_err(damaged)?;
        let periods = asked::periods(fiscal, &new)?;
        let span = Span {
            starts_on: new.from,
            ends_on: new.to,
        };
        let all = state::all(scope);
        let known = store::plan::list(&reader, &all).await?;
        let taken = |name: &str| {
            known
                .iter()
                .any(|plan| plan.metric_key == metric.as_str() && plan.name == name)
        };
        let name = match &new.name {
            Some(name) => asked::own_name(input::name(name, "name")?, taken)?,
            None => asked::free_name(&asked::named(&periods), taken),
        };
        let days = History::days(span, today, fiscal, &periods);
        let history = history::read(&reader, &all, &metric, days).await?;
        let parts = parts(&reader, &all).await?;
        let mut sells = history.sellers(span, today);
        sells.extend(carriers(&reader, &all, &metric, days.starts_on, span.ends_on).await?);
        let tree = parts.tree(today, span, &sells);
        if tree.leaves.is_empty() {
            return Err(Error::conflict(
                "nobody_to_plan_for",
                "还没有可以承担目标的成员。请先导入或新增成员，并把他们分到部门。",
                "There is nobody to carry a target yet. Import or add members and assign them to units first.",
            ));
        }
        let mut bases = history.bases(&tree, span, today, fiscal, &periods);
        let known = bases::Known {
            metric: &metric,
            currency: &organization.currency,
            today,
            span,
        };
        bases.extend(bases::more(&reader, &all, &known, &tree, &history).await?);
        let plan = Plan {
            id: PlanId(clock::new_id()),
            metric_key: metric.as_str().to_owned(),
            name,
            span,
            period_kind: new.period_kind,
            periods,
            import: None,
            demo: organization.demo,
            created_at_ms: clock::now_ms(),
            created_by: scope.actor.name().to_owned(),
        };
        let version = VersionId(clock::new_id());
        let people = counted::Known::read(&reader, &all, span).await?;
        let writer = self.database.writer().await?;
        store::plan::insert(&writer, scope, &plan).await?;
        let grid = begin(&writer, scope, &plan, version, &tree, &bases).await?;
        let given = first::Given {
            plan: &plan,
            nodes: &tree.nodes,
            bases: &bases,
            people: &people,
        };
        first::split(&writer, scope, version, grid, new.total, &given).await?;
        assumption::adopt(&writer, scope, &plan, version).await?;
        let detail = json!({
            "metric": plan.metric_key, "name": plan.name, "from": new.from.to_string(), "to": new.to.to_string(),
            "total": new.total, "nodes": tree.nodes.len(), "version": version,
        });
        let event = Event::PlanChanged {
            plan: plan.id,
            version,
            head: 0,
        };
        audit::commit(
            writer,
            scope,
            "plan.create",
            &format!("plan:{}", plan.id),
            &detail,
            &event,
        )
        .await?;
        Ok(Made {
            plan: plan.id,
            version,
        })
    }

    /// The plans within sight with their versions, the latest first; drafts that were put away are not among them.
    pub async fn plans(&self, scope: &Scope) -> Result<Vec<PlanRow>, Error> {
        let reader = self.database.reader();
        let currency = store::organization::get(&reader, scope).await?.currency;
        let mut versions = store::version::list(&reader, scope, None).await?;
        versions.retain(|version| version.shelved_at_ms.is_none());
        let plans = store::plan::list(&reader, scope).await?;
        let row = |plan: Plan| {
            let (own, others) = std::mem::take(&mut versions)
                .into_iter()
                .partition::<Vec<_>, _>(|version| version.plan == plan.id);
            versions = others;
            PlanRow {
                id: plan.id,
                name: plan.name,
                metric: plan.metric_key,
                currency: currency.clone(),
                periods: plan.periods,
                imported: plan.import.is_some(),
                versions: own.into_iter().map(version_row).collect(),
            }
        };
        Ok(plans.into_iter().map(row).collect())
    }

    /// A new draft that starts where another version stands; `name`: what it is called, `None` for its number.
    pub async fn branch_version(
        &self,
        scope: &Scope,
        from: VersionId,
        name: Option<&str>,
    ) -> Result<Made, Error> {
        require(scope, Permission::EditPlan)?;
        let name = input::optional_name(name, "name")?;
        let writer = self.database.writer().await?;
        let parent = store::version::lock(&writer, scope, from).await?;
        let state = State::load(&writer, scope, parent).await?;
        let bases = store::version::bases(&writer, scope, from).await?;
        let siblings = store::version::list(&writer, scope, Some(state.plan.id)).await?;
        let number = siblings.iter().map(|version| version.number).max().unwrap_or(0) + 1;
        let version = VersionId(clock::new_id());
        let row = Version {
            parent: Some(from),
            ..draft(
                scope,
                state.plan.id,
                version,
                number,
                name.unwrap_or_else(|| format!("v{number}")),
            )
        };
        store::version::insert(&writer, scope, &row).await?;
        store::version::insert_nodes(&writer, scope, version, &state.nodes).await?;
        // Who leads a unit may be another one since the version it is made from.
        store::version::hand_to_leaders(&writer, scope, version, UNASSIGNED).await?;
        store::version::put_bases(&writer, scope, version, &bases).await?;
        store::version::begin(&writer, scope, version, &state::snapshot(0, &state.grid)).await?;
        assumption::branch(&writer, scope, &state.plan, from, version).await?;
        revision::branch(&writer, scope, &state.version, version).await?;
        let detail = json!({ "from": from, "at": state.head, "name": row.name });
        let event = Event::PlanChanged {
            plan: state.plan.id,
            version,
            head: 0,
        };
        audit::commit(
            writer,
            scope,
            "version.branch",
            &format!("version:{version}"),
            &detail,
            &event,
        )
        .await?;
        Ok(Made {
            plan: state.plan.id,
            version,
        })
    }
}

/// Stores a first draft with its nodes and weights, of zeros; answers them.
async fn begin(
    writer: &Writer,
    scope: &Scope,
    plan: &Plan,
    version: VersionId,
    tree: &Tree,
    bases: &[Basis],
) -> Result<Grid, Error> {
    let row = draft(scope, plan.id, version, 1, "v1".to_owned());
    store::version::insert(writer, scope, &row).await?;
    store::version::insert_nodes(writer, scope, version, &tree.nodes).await?;
    store::version::put_bases(writer, scope, version, bases).await?;
    let mut grid = Grid::zero(state::shape(plan, &tree.nodes)?);
    grid.fold(&absences(&grid, tree)).map_err(damaged)?;
    store::version::begin(writer, scope, version, &state::snapshot(0, &grid)).await?;
    Ok(grid)
}

/// Nobody carries a number in a period in which they are not there: a cap of zero.
fn absences(grid: &Grid, tree: &Tree) -> domain::plan::Deltas {
    use domain::plan::{Constraint, ConstraintDelta, PeriodIndex};
    let mut deltas = domain::plan::Deltas::default();
    for (index, period) in (0..).zip(grid.shape().periods()) {
        let span = Span {
            starts_on: period.starts_on,
            ends_on: period.ends_on,
        };
        for (&ordinal, leaf) in &tree.leaves {
            if leaf.presence(span) == 0 {
                deltas.constraints.push(ConstraintDelta {
                    node: NodeIndex(ordinal as u32),
                    period: Some(PeriodIndex(index)),
                    old: Constraint::default(),
                    new: Constraint {
                        cap: Some(Minor(0)),
                        ..Constraint::default()
                    },
                });
            }
        }
    }
    deltas
}

/// Members with a number of their own on record in some days.
async fn carriers(
    session: &impl Session,
    all: &Scope,
    metric: &MetricKey,
    from: Day,
    to: Day,
) -> Result<Vec<MemberId>, Error> {
    let targets = store::cell::published_targets(session, all, metric.as_str(), from, to).await?;
    let members = targets.iter().filter_map(|target| match target.node {
        NodeRef::Member(member) => Some(member),
        NodeRef::Unit(_) => None,
    });
    Ok(members.collect())
}

/// Everything a tree is built from, dated things of all dates among them.
async fn parts(session: &impl Session, all: &Scope) -> Result<Parts, Error> {
    Ok(Parts {
        units: store::unit::list(session, all, None).await?,
        members: store::member::list(session, all).await?,
        assignments: store::assignment::list(session, all, None).await?,
        leave: store::leave::list(session, all, Day::BEGINNING).await?,
    })
}

/// A new draft by whoever asks, made now.
fn draft(scope: &Scope, plan: PlanId, id: VersionId, number: u32, name: String) -> Version {
    Version::draft(plan, id, number, name, clock::now_ms(), scope.actor.name())
}

pub(crate) fn version_row(version: Version) -> VersionRow {
    VersionRow {
        id: version.id,
        number: version.number,
        name: version.name,
        status: version.status,
        head: version.head,
        hash: version.hash.as_ref().map(hex),
        created_at_ms: version.created_at_ms,
        created_by: version.created_by,
        published_at_ms: version.published_at_ms,
        published_by: version.published_by,
        archived_at_ms: version.archived_at_ms,
    }
}

/// Sixty-four hexadecimal digits.
pub(crate) fn hex(hash: &store::version::Hash) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    hash.iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}
