//! Targets from a sheet: published at once as a plan of record named after the file.
//!
//! The numbers of a sheet are kept as they are. A parent without a number is the sum of those below; a parent with one
//! keeps it, and what those below have beyond it is the stored hedge. Where they have less, the rest stands at the parent
//! as an unassigned part, so that a draft branched from the sheet adds up. Cells without a number have no target.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::access::Permission;
use domain::calendar::{Fiscal, Period, PeriodKind};
use domain::event::Event;
use domain::id::{ImportId, MemberId, NodeId, PlanId, UnitId, VersionId};
use domain::money::Minor;
use domain::plan::{Grid, MAX_AMOUNT, NodeIndex, PeriodIndex};
use domain::target::{Made, NodeRef, Span, VersionStatus};
use serde_json::json;
use store::Writer;
use store::cell::Cell;
use store::plan::Plan;
use store::version::{Basis, Node, Version};

use super::tree::{MEMBER, Parts};
use super::{actor_name, draft, metric, parts, state};
use crate::plan::state::damaged;
use crate::publish;
use crate::scope::require;
use crate::{Error, Operations, Scope, clock, input};

/// The basis that keeps which numbers a sheet had itself.
const SHEET: &str = "sheet";
/// The level of the part of a parent's number that nobody below carries.
pub(crate) const UNASSIGNED: &str = "unassigned";

/// A file of targets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The file's name.
    pub name: String,
    /// The metric's key.
    pub metric: String,
    /// The import it belongs to.
    pub import: Option<ImportId>,
    /// What becomes of numbers that an earlier sheet had for the same periods and this one has not.
    pub others: Others,
    /// Its numbers; empty cells are left out.
    pub rows: Vec<SheetRow>,
}

/// What becomes of numbers a later sheet does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    /// They stay.
    Keep,
    /// They go.
    Drop,
}

/// One number of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SheetRow {
    /// Whose; a member who leads a unit stands for the unit.
    pub of: NodeRef,
    /// For which period.
    pub period: Span,
    /// How much.
    pub amount: Minor,
}

/// What importing a sheet did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetOutcome {
    /// The plan of record it became; `None` where it says what is on record already.
    pub made: Option<Made>,
    /// Numbers where there were none.
    pub created: u64,
    /// Numbers that replace others.
    pub updated: u64,
    /// Numbers that are the same as before.
    pub unchanged: u64,
    /// Parents whose own number differs from the sum below, by fiscal year.
    pub differences: Vec<Difference>,
}

/// A parent whose own number differs from those below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The unit.
    pub unit: UnitId,
    /// What it is called.
    pub name: String,
    /// The fiscal year.
    pub year: String,
    /// Its own numbers in that year.
    pub own: Minor,
    /// Those below in the same periods.
    pub below: Minor,
}

/// Numbers by whom and ordinal of the period.
type Numbers = BTreeMap<(NodeRef, usize), i64>;

impl Operations {
    /// Publishes a sheet; see the module.
    pub async fn import_targets(&self, scope: &Scope, sheet: &Sheet) -> Result<SheetOutcome, Error> {
        let writer = self.database.writer().await?;
        let outcome = self.import_targets_in(&writer, scope, sheet).await?;
        writer.commit().await?;
        Ok(outcome)
    }

    /// The same within a transaction of the caller's, who commits. Its last steps take the logs' places.
    pub async fn import_targets_in(
        &self,
        writer: &Writer,
        scope: &Scope,
        sheet: &Sheet,
    ) -> Result<SheetOutcome, Error> {
        require(scope, Permission::Import)?;
        let metric = metric(&sheet.metric)?;
        let name = input::name(&sheet.name, "file")?;
        let organization = store::organization::get(writer, scope).await?;
        let fiscal = Fiscal::new(organization.fiscal_start_month).map_err(damaged)?;
        let today = self.today_of(&organization).day;
        let periods = periods(fiscal, &sheet.rows)?;
        let spans: Vec<Span> = periods.iter().map(Span::of).collect();
        let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
            return Err(Error::invalid(
                "no_targets",
                "文件里没有目标数字。",
                "The file has no targets.",
            ));
        };
        let span = Span {
            starts_on: first.starts_on,
            ends_on: last.ends_on,
        };
        publish::refuse_cuts(writer, scope, metric.as_str(), &spans).await?;
        let parts = parts(writer, scope).await?;
        let mut numbers = numbers(&parts, &sheet.rows, &spans)?;
        let asked = numbers.clone();
        if sheet.others == Others::Keep {
            for (key, amount) in earlier(writer, scope, metric.as_str(), &spans).await? {
                numbers.entry(key).or_insert(amount);
            }
        }
        let language = organization.language.as_str();
        let filled = Filled::new(&parts, &numbers, &spans, language, |member| {
            home(&parts, member, span, today)
        });
        let mut outcome = compare(writer, scope, metric.as_str(), &asked, &spans).await?;
        outcome.differences = filled.differences(fiscal, &periods);
        let plan = Plan {
            id: PlanId(clock::new_id()),
            metric_key: metric.as_str().to_owned(),
            name,
            span,
            period_kind: periods[0].kind,
            periods,
            import: sheet.import,
            demo: organization.demo,
            created_at_ms: clock::now_ms(),
            created_by: actor_name(scope),
        };
        let cells = filled.cells(&spans);
        let hash = publish::content_hash(metric.as_str(), &filled.nodes, &cells);
        if outcome.created + outcome.updated == 0 && on_record(writer, scope, &plan, hash).await? {
            return Ok(outcome);
        }
        let version = VersionId(clock::new_id());
        store::plan::insert(writer, scope, &plan).await?;
        let row = Version {
            status: VersionStatus::Draft,
            ..draft(scope, plan.id, version, 1, "v1".to_owned())
        };
        store::version::insert(writer, scope, &row).await?;
        store::version::insert_nodes(writer, scope, version, &filled.nodes).await?;
        store::version::put_bases(writer, scope, version, &filled.bases(&numbers)).await?;
        let shape = state::shape(&plan, &filled.nodes)?;
        let grid = Grid::from_amounts(shape.clone(), filled.amounts(&shape)).map_err(|error| {
            Error::invalid(
                "targets_too_large",
                format!("目标之和超出可表示的范围：{error}"),
                format!("The targets sum to more than can be held: {error}"),
            )
        })?;
        let all = Scope::system(scope.organization, "import targets");
        store::version::begin(writer, &all, version, &state::snapshot(0, &grid)).await?;
        publish::freeze(writer, scope, &plan, version, &cells, hash).await?;
        let detail = json!({
            "metric": plan.metric_key, "file": plan.name, "cells": cells.len(), "import": plan.import,
            "created": outcome.created, "updated": outcome.updated,
        });
        store::audit::record(
            writer,
            scope,
            "targets.import",
            &format!("version:{version}"),
            &detail,
        )
        .await?;
        store::outbox::append(writer, scope, &Event::Published { version }).await?;
        outcome.made = Some(Made {
            plan: plan.id,
            version,
        });
        Ok(outcome)
    }
}

/// The sheet's periods in order, named; they must not overlap.
fn periods(fiscal: Fiscal, rows: &[SheetRow]) -> Result<Vec<Period>, Error> {
    let spans: BTreeSet<Span> = rows.iter().map(|row| row.period).collect();
    let spans: Vec<Span> = spans.into_iter().collect();
    if let Some(pair) = spans.windows(2).find(|pair| pair[1].starts_on < pair[0].ends_on) {
        return Err(Error::invalid_field(
            "periods_overlap",
            "period",
            format!(
                "同一文件里的周期重叠：{} 与 {} 开始的两个周期。",
                pair[0].starts_on, pair[1].starts_on
            ),
            format!(
                "Periods of one file overlap: those from {} and {}.",
                pair[0].starts_on, pair[1].starts_on
            ),
        ));
    }
    if let Some(empty) = spans.iter().find(|span| span.days() == 0) {
        return Err(Error::invalid_field(
            "period_without_days",
            "period",
            format!("从 {} 开始的周期没有一天。", empty.starts_on),
            format!("The period from {} has no day.", empty.starts_on),
        ));
    }
    let named = |span: &Span| {
        let regular = PeriodKind::ALL
            .into_iter()
            .map(|kind| fiscal.period_of(kind, span.starts_on))
            .find(|period| Span::of(period) == *span);
        regular.unwrap_or_else(|| Period {
            kind: PeriodKind::Month,
            name: span.starts_on.to_string(),
            start: span.starts_on,
            end: span.ends_on,
        })
    };
    Ok(spans.iter().map(named).collect())
}

/// The numbers by who carries them: who leads a unit stands for the highest unit they lead, unless the unit has a number
/// of its own in the sheet.
fn numbers(parts: &Parts, rows: &[SheetRow], spans: &[Span]) -> Result<Numbers, Error> {
    let depth = |unit: UnitId| parts.path(unit).len();
    let mut led: HashMap<MemberId, UnitId> = HashMap::new();
    for unit in &parts.units {
        if let Some(manager) = unit.manager {
            let highest = led.entry(manager).or_insert(unit.id);
            if depth(unit.id) < depth(*highest) {
                *highest = unit.id;
            }
        }
    }
    let places: HashMap<Span, usize> = spans
        .iter()
        .enumerate()
        .map(|(place, span)| (*span, place))
        .collect();
    let mut numbers = Numbers::new();
    let put = |of: NodeRef, row: &SheetRow, numbers: &mut Numbers| {
        let place = places.get(&row.period).copied().unwrap_or_default();
        match numbers.insert((of, place), row.amount.0) {
            Some(other) if other != row.amount.0 => Err(Error::invalid_field(
                "target_twice",
                "amount",
                format!(
                    "{} 在 {} 有两个不同的目标。",
                    parts.name(of),
                    row.period.starts_on
                ),
                format!(
                    "{} has two different targets in {}.",
                    parts.name(of),
                    row.period.starts_on
                ),
            )),
            _ => Ok(()),
        }
    };
    for row in rows {
        if !(0..=MAX_AMOUNT).contains(&row.amount.0) {
            return Err(Error::invalid_field(
                "bad_amount",
                "amount",
                format!("{} 的目标须在 0 到 10 万亿之间。", parts.name(row.of)),
                format!(
                    "A target of {} lies between 0 and 10 trillion.",
                    parts.name(row.of)
                ),
            ));
        }
        let leads = matches!(row.of, NodeRef::Member(member) if led.contains_key(&member));
        if !leads {
            put(row.of, row, &mut numbers)?;
        }
    }
    let own: BTreeSet<(NodeRef, usize)> = numbers.keys().copied().collect();
    for row in rows {
        if let NodeRef::Member(member) = row.of
            && let Some(unit) = led.get(&member)
        {
            let of = NodeRef::Unit(*unit);
            let place = places.get(&row.period).copied().unwrap_or_default();
            if !own.contains(&(of, place)) {
                put(of, row, &mut numbers)?;
            }
        }
    }
    Ok(numbers)
}

/// Where a member hangs: the assignment with the longest time in the sheet's days, else the one of today, else the latest,
/// else the company.
fn home(parts: &Parts, member: MemberId, span: Span, today: domain::calendar::Day) -> UnitId {
    let known = |unit: UnitId| parts.units.iter().any(|other| other.id == unit);
    let own = parts
        .assignments
        .iter()
        .filter(|one| one.member == member && known(one.unit));
    let rank = |one: &&store::assignment::Assignment| {
        let time = Span {
            starts_on: one.starts_on.max(span.starts_on),
            ends_on: one.ends_on.map_or(span.ends_on, |end| end.min(span.ends_on)),
        };
        (
            u64::from(time.days()) * u64::from(one.share_ppm),
            one.holds_on(today),
            one.starts_on,
        )
    };
    own.max_by_key(rank).map_or_else(|| parts.root(), |one| one.unit)
}

/// Numbers of earlier sheets that are on record for exactly these periods.
async fn earlier(
    writer: &Writer,
    scope: &Scope,
    metric: &str,
    spans: &[Span],
) -> Result<Vec<((NodeRef, usize), i64)>, Error> {
    let all = state::all(scope);
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
        return Ok(Vec::new());
    };
    let whole = Span {
        starts_on: first.starts_on,
        ends_on: last.ends_on,
    };
    let mut held: BTreeMap<VersionId, Vec<Span>> = BTreeMap::new();
    for record in store::cell::records(writer, &all, metric, whole).await? {
        if record.until_ms.is_none() {
            held.entry(record.version).or_default().push(record.period);
        }
    }
    let mut numbers = Vec::new();
    for (version, records) in held {
        let row = store::version::get(writer, &all, version).await?;
        let plan = store::plan::get(writer, &all, row.plan).await?;
        let nodes: HashMap<NodeId, NodeRef> = store::version::nodes(writer, &all, version)
            .await?
            .into_iter()
            .map(|node| (node.id, node.of))
            .collect();
        for basis in store::version::bases(writer, &all, version).await? {
            let period = usize::try_from(basis.period)
                .ok()
                .and_then(|place| plan.periods.get(place));
            let (Some(period), Some(of)) = (period.map(Span::of), nodes.get(&basis.node)) else {
                continue;
            };
            let place = spans.iter().position(|span| *span == period);
            if let (SHEET, true, Some(place)) = (basis.basis.as_str(), records.contains(&period), place) {
                numbers.push(((*of, place), basis.weight as i64));
            }
        }
    }
    Ok(numbers)
}

/// How the sheet's numbers relate to those on record.
async fn compare(
    writer: &Writer,
    scope: &Scope,
    metric: &str,
    asked: &Numbers,
    spans: &[Span],
) -> Result<SheetOutcome, Error> {
    let mut outcome = SheetOutcome {
        made: None,
        created: 0,
        updated: 0,
        unchanged: 0,
        differences: Vec::new(),
    };
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
        return Ok(outcome);
    };
    let all = state::all(scope);
    let targets = store::cell::published_targets(writer, &all, metric, first.starts_on, last.ends_on).await?;
    let mut before: BTreeMap<(NodeRef, Span), i64> = BTreeMap::new();
    for target in targets {
        *before.entry((target.node, target.period)).or_default() += target.amount.0;
    }
    for ((of, place), amount) in asked {
        match before.get(&(*of, spans[*place])) {
            None => outcome.created += 1,
            Some(known) if known == amount => outcome.unchanged += 1,
            Some(_) => outcome.updated += 1,
        }
    }
    Ok(outcome)
}

/// Whether exactly these numbers are on record for all of these periods.
async fn on_record(
    writer: &Writer,
    scope: &Scope,
    plan: &Plan,
    hash: store::version::Hash,
) -> Result<bool, Error> {
    let all = state::all(scope);
    let records = store::cell::records(writer, &all, &plan.metric_key, plan.span).await?;
    let holders: BTreeSet<VersionId> = records
        .iter()
        .filter(|record| record.until_ms.is_none())
        .map(|record| record.version)
        .collect();
    for holder in holders {
        if store::version::get(writer, &all, holder).await?.hash == Some(hash) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The sheet laid over the tree.
struct Filled {
    nodes: Vec<Node>,
    parents: Vec<Option<usize>>,
    /// By node and period: the sheet's number, and what stands there after summing up.
    own: Vec<Vec<Option<i64>>>,
    amounts: Vec<Vec<Option<i64>>>,
    /// What the children have, where one of them has a number.
    below: Vec<Vec<Option<i64>>>,
    /// What a parent's number leaves unassigned.
    gaps: Vec<Vec<i64>>,
    /// The node of each gap column, by parent.
    gap_nodes: BTreeMap<usize, usize>,
}

impl Filled {
    fn new(
        parts: &Parts,
        numbers: &Numbers,
        spans: &[Span],
        language: &str,
        home: impl Fn(MemberId) -> UnitId,
    ) -> Self {
        let carriers: BTreeSet<NodeRef> = numbers.keys().map(|(of, _)| *of).collect();
        let mut needed: BTreeSet<UnitId> = BTreeSet::from([parts.root()]);
        let mut people: HashMap<UnitId, BTreeSet<MemberId>> = HashMap::new();
        for of in &carriers {
            let unit = match of {
                NodeRef::Unit(unit) => *unit,
                NodeRef::Member(member) => {
                    let unit = home(*member);
                    people.entry(unit).or_default().insert(*member);
                    unit
                }
            };
            needed.extend(parts.path(unit));
        }
        let mut filled = Self {
            nodes: Vec::new(),
            parents: Vec::new(),
            own: Vec::new(),
            amounts: Vec::new(),
            below: Vec::new(),
            gaps: Vec::new(),
            gap_nodes: BTreeMap::new(),
        };
        filled.grow(
            parts,
            parts.root(),
            None,
            &needed,
            &people,
            numbers,
            spans.len(),
            language,
        );
        filled
    }

    fn grow(
        &mut self,
        parts: &Parts,
        unit: UnitId,
        parent: Option<usize>,
        needed: &BTreeSet<UnitId>,
        people: &HashMap<UnitId, BTreeSet<MemberId>>,
        numbers: &Numbers,
        periods: usize,
        language: &str,
    ) -> usize {
        let row = |of: NodeRef| {
            (0..periods)
                .map(|place| numbers.get(&(of, place)).copied())
                .collect::<Vec<_>>()
        };
        let Some(known) = parts.units.iter().find(|known| known.id == unit) else {
            return 0;
        };
        let of = NodeRef::Unit(unit);
        let index = self.push(parent, of, &known.level, &known.name, known.manager, row(of));
        let mut children = Vec::new();
        for child in &parts.units {
            if child.parent == Some(unit) && needed.contains(&child.id) {
                children.push(self.grow(
                    parts,
                    child.id,
                    Some(index),
                    needed,
                    people,
                    numbers,
                    periods,
                    language,
                ));
            }
        }
        let here = people.get(&unit);
        for member in parts
            .members
            .iter()
            .filter(|member| here.is_some_and(|here| here.contains(&member.id)))
        {
            let of = NodeRef::Member(member.id);
            children.push(self.push(Some(index), of, MEMBER, &member.name, Some(member.id), row(of)));
        }
        for place in 0..periods {
            let sum = children
                .iter()
                .filter_map(|child| self.amounts[*child][place])
                .reduce(i64::saturating_add);
            self.below[index][place] = sum;
            self.amounts[index][place] = self.own[index][place].or(sum);
            if let (false, Some(own)) = (children.is_empty(), self.own[index][place]) {
                self.gaps[index][place] = (own - sum.unwrap_or(0)).max(0);
            }
        }
        if self.gaps[index].iter().any(|gap| *gap > 0) {
            let name = if language == "en" {
                "Unassigned"
            } else {
                "未分配"
            };
            let gap = self.push(Some(index), of, UNASSIGNED, name, None, vec![None; periods]);
            self.gap_nodes.insert(index, gap);
        }
        index
    }

    fn push(
        &mut self,
        parent: Option<usize>,
        of: NodeRef,
        level: &str,
        name: &str,
        carrier: Option<MemberId>,
        own: Vec<Option<i64>>,
    ) -> usize {
        let index = self.nodes.len();
        self.nodes.push(Node {
            id: NodeId(clock::new_id()),
            ordinal: index as u32,
            parent: parent.map(|parent| self.nodes[parent].id),
            of,
            level: level.to_owned(),
            name: name.to_owned(),
            carrier,
        });
        self.parents.push(parent);
        self.below.push(vec![None; own.len()]);
        self.gaps.push(vec![0; own.len()]);
        self.amounts.push(own.clone());
        self.own.push(own);
        index
    }

    /// Every amount by period and node, the unassigned parts among them.
    fn amounts(&self, shape: &domain::plan::Shape) -> Vec<Minor> {
        let mut amounts = vec![Minor(0); shape.cells()];
        let periods = shape.periods().len();
        for node in 0..self.nodes.len() {
            for place in 0..periods {
                let cell = shape.cell(NodeIndex(node as u32), PeriodIndex(place as u16));
                amounts[cell.0 as usize] = Minor(self.amounts[node][place].unwrap_or(0));
            }
        }
        for (parent, gap) in &self.gap_nodes {
            for place in 0..periods {
                let cell = shape.cell(NodeIndex(*gap as u32), PeriodIndex(place as u16));
                amounts[cell.0 as usize] = Minor(self.gaps[*parent][place]);
            }
        }
        amounts
    }

    /// The cells of record: only where there is a number, and never the unassigned parts, which are their parents'.
    fn cells(&self, spans: &[Span]) -> Vec<Cell> {
        let mut cells = Vec::new();
        for (index, node) in self.nodes.iter().enumerate() {
            if node.level == UNASSIGNED {
                continue;
            }
            for (place, span) in spans.iter().enumerate() {
                if let Some(amount) = self.amounts[index][place] {
                    let hedge = self.below[index][place].map_or(0, |below| below - amount);
                    cells.push(Cell {
                        node: node.id,
                        period: *span,
                        amount: Minor(amount),
                        hedge: Minor(hedge),
                    });
                }
            }
        }
        cells
    }

    /// Which numbers were the sheet's own, for a later sheet that has only some of them.
    fn bases(&self, numbers: &Numbers) -> Vec<Basis> {
        let ids: HashMap<NodeRef, NodeId> = self
            .nodes
            .iter()
            .rev()
            .filter(|node| node.level != UNASSIGNED)
            .map(|node| (node.of, node.id))
            .collect();
        let basis = |((of, place), amount): (&(NodeRef, usize), &i64)| {
            Some(Basis {
                basis: SHEET.to_owned(),
                node: *ids.get(of)?,
                period: *place as i32,
                weight: u64::try_from(*amount).ok()?,
            })
        };
        numbers.iter().filter_map(basis).collect()
    }

    fn differences(&self, fiscal: Fiscal, periods: &[Period]) -> Vec<Difference> {
        let mut found = Vec::new();
        for (index, node) in self.nodes.iter().enumerate() {
            let NodeRef::Unit(unit) = node.of else { continue };
            if node.level == UNASSIGNED || !self.parents.contains(&Some(index)) {
                continue;
            }
            let mut years: BTreeMap<String, (i64, i64)> = BTreeMap::new();
            for (place, period) in periods.iter().enumerate() {
                if let Some(own) = self.own[index][place] {
                    let year = fiscal.period_of(PeriodKind::Year, period.start).name;
                    let sums = years.entry(year).or_default();
                    sums.0 = sums.0.saturating_add(own);
                    sums.1 = sums.1.saturating_add(self.below[index][place].unwrap_or(0));
                }
            }
            for (year, (own, below)) in years {
                if own != below {
                    found.push(Difference {
                        unit,
                        name: node.name.clone(),
                        year,
                        own: Minor(own),
                        below: Minor(below),
                    });
                }
            }
        }
        found
    }
}
