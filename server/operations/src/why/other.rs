//! Why other figures of a row than its amount are what they are: by how much what lies below exceeds it, what it is held against,
//! and how much of it is to come from a line (`line::rows`). Each is told in steps that sum to exactly what the page shows.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::explain::{Explanation, Step, StepKind, explain_hedge};
use domain::id::{UserId, VersionId};
use domain::money::Minor;
use domain::plan::{NodeIndex, NodeRef, PeriodIndex};
use domain::target::Span;
use domain::why::{Other, Why};
use store::version::Node;

use super::place::Number;
use super::{names, peers};
use crate::plan::history::YEAR_BEFORE;
use crate::plan::{UNASSIGNED, state};
use crate::{Error, Operations, Scope};

/// Rows below a row that are told of one by one; the others are told together.
const MOST_BELOW: usize = 12;

impl Operations {
    /// The steps to another figure of a row than its amount, in a period or over all; lines are of the whole only.
    pub async fn why_other(
        &self,
        scope: &Scope,
        version: VersionId,
        node: NodeIndex,
        period: Option<PeriodIndex>,
        other: Other,
    ) -> Result<Why, Error> {
        if let Other::Line { by, key } = &other {
            return self.why_line(scope, version, node, *by, key).await;
        }
        let number = self.number_in_sight(scope, version, node, period).await?;
        match other {
            Other::LastYear => self.why_last_year(scope, number).await,
            Other::Record => self.why_on_record(scope, number).await,
            Other::Hedge | Other::Line { .. } => self.why_hedge(scope, number).await,
        }
    }

    async fn why_hedge(&self, scope: &Scope, number: Number) -> Result<Why, Error> {
        let way = self.way(scope, &number).await?;
        let (node, periods) = (number.node, number.periods.clone());
        // A long log of a large plan takes its time.
        let told =
            tokio::task::spawn_blocking(move || explain_hedge(&way.start, &way.entries, node, &periods));
        let told = told.await.map_err(|error| Error::Internal(error.to_string()))?;
        self.steps_only(scope, number, told.map_err(state::damaged)?)
            .await
    }

    /// What the rows below did in the same time a year before; of a row without any, what it did itself.
    async fn why_last_year(&self, scope: &Scope, number: Number) -> Result<Why, Error> {
        let own = number.nodes.get(number.node.0 as usize);
        if own.is_none_or(|own| own.level == UNASSIGNED) {
            return Err(Error::NotFound("last_year"));
        }
        let shape = state::shape(&number.plan, &number.nodes)?;
        let below: Vec<NodeIndex> = shape.children(number.node).collect();
        let tops: Vec<u32> = std::iter::once(number.node)
            .chain(below.iter().copied())
            .map(|node| node.0)
            .collect();
        let (reader, all) = (self.database.reader(), state::all(scope));
        let sums = store::version::part_sums(&reader, &all, number.version.id, YEAR_BEFORE, &tops).await?;
        let mut amounts: HashMap<u32, i64> = HashMap::new();
        for sum in sums {
            let is_asked = number
                .periods
                .iter()
                .any(|period| i32::from(period.0) == sum.period);
            if is_asked {
                let amount = amounts.entry(sum.top).or_default();
                *amount = amount.saturating_add(i64::try_from(sum.weight).unwrap_or(i64::MAX));
            }
        }
        let of = |node: NodeIndex| amounts.get(&node.0).copied().unwrap_or_default();
        let total = of(number.node);
        let mut parts: Vec<(NodeIndex, i64)> = below.into_iter().map(|node| (node, of(node))).collect();
        parts.retain(|(_, amount)| *amount != 0);
        parts.sort_by_key(|(node, amount)| (std::cmp::Reverse(*amount), *node));
        let count = parts.len();
        // Of a unit that somebody led there may be more below than they lead today.
        parts.retain(|(node, _)| {
            let known = number.nodes.get(node.0 as usize);
            known.is_some_and(|known| peers::sees(scope, known))
        });
        parts.truncate(MOST_BELOW);
        let told: i64 = parts.iter().map(|(_, amount)| *amount).sum();
        let others = count - parts.len();
        let mut steps: Vec<Step> = parts
            .into_iter()
            .map(|(at, amount)| Step {
                amount: Minor(amount),
                kind: StepKind::Below { at },
            })
            .collect();
        if others > 0 {
            steps.push(Step {
                amount: Minor(total - told),
                kind: StepKind::Others {
                    count: u32::try_from(others).unwrap_or(u32::MAX),
                },
            });
        } else if total != told || steps.is_empty() {
            steps.push(Step {
                amount: Minor(total - told),
                kind: StepKind::Done,
            });
        }
        let explanation = explained(number.node, Minor(total), steps);
        self.steps_only(scope, number, explanation).await
    }

    /// The steps to the number that is on record, from the log of the version that has it; where several have a part of it, what
    /// each says.
    async fn why_on_record(&self, scope: &Scope, number: Number) -> Result<Why, Error> {
        let (reader, all) = (self.database.reader(), state::all(scope));
        let own = number
            .nodes
            .get(number.node.0 as usize)
            .filter(|own| own.level != UNASSIGNED)
            .ok_or(Error::NotFound("record"))?;
        let (of, below) = (own.of, above(&number.nodes, own));
        let asked: BTreeSet<Span> = number
            .periods
            .iter()
            .filter_map(|period| number.plan.periods.get(usize::from(period.0)))
            .map(Span::of)
            .collect();
        let mut held: BTreeMap<VersionId, BTreeSet<Span>> = BTreeMap::new();
        let metric = &number.plan.metric_key;
        for record in store::cell::records(&reader, &all, metric, number.plan.span).await? {
            if record.until_ms.is_none() && asked.contains(&record.period) {
                held.entry(record.version).or_default().insert(record.period);
            }
        }
        let mut found: Vec<Held> = Vec::new();
        for (version, spans) in held {
            let nodes = store::version::nodes(&reader, &all, version).await?;
            let is_it = |node: &&Node| node.of == of && above(&nodes, node) == below;
            for node in nodes.iter().filter(is_it) {
                let mut cells = store::cell::of_node(&reader, scope, version, node).await?;
                cells.retain(|cell| spans.contains(&cell.period));
                if !cells.is_empty() {
                    found.push(Held {
                        version,
                        node: NodeIndex(node.ordinal),
                        amount: cells.iter().map(|cell| cell.amount.0).sum(),
                        spans: spans.clone(),
                    });
                }
            }
        }
        if let [only] = found.as_slice() {
            let told = self.held_steps(scope, only, &number).await?;
            if told.explanation.amount.0 == only.amount {
                return Ok(told);
            }
        }
        if found.is_empty() {
            return Err(Error::NotFound("record"));
        }
        let mut steps = Vec::with_capacity(found.len());
        for one in &found {
            let version = store::version::get(&reader, &all, one.version).await?;
            steps.push(Step {
                amount: Minor(one.amount),
                kind: StepKind::OnRecord {
                    number: version.number,
                },
            });
        }
        let total = found.iter().map(|one| one.amount).sum();
        let explanation = explained(number.node, Minor(total), steps);
        self.steps_only(scope, number, explanation).await
    }

    /// The steps to what one version has on record.
    async fn held_steps(&self, scope: &Scope, held: &Held, number: &Number) -> Result<Why, Error> {
        let (reader, all) = (self.database.reader(), state::all(scope));
        let version = store::version::get(&reader, &all, held.version).await?;
        let plan = store::plan::get(&reader, &all, version.plan).await?;
        let nodes = store::version::nodes(&reader, &all, version.id).await?;
        let periods = (0..)
            .map(PeriodIndex)
            .zip(&plan.periods)
            .filter(|(_, period)| held.spans.contains(&Span::of(period)))
            .map(|(place, _)| place)
            .collect();
        let number = Number {
            version,
            plan,
            nodes,
            node: held.node,
            periods,
            named: number.named.clone(),
        };
        self.steps(scope, number).await
    }

    /// A card of nothing but steps.
    async fn steps_only(
        &self,
        scope: &Scope,
        number: Number,
        mut explanation: Explanation,
    ) -> Result<Why, Error> {
        let reader = self.database.reader();
        let users = store::user::list(&reader, &state::all(scope)).await?;
        let users: HashMap<UserId, String> = users.into_iter().map(|user| (user.id, user.name)).collect();
        let (people, nodes) = names(scope, &mut explanation, &users, &number.nodes);
        Ok(Why {
            currency: store::organization::get(&reader, scope).await?.currency,
            period: number.named,
            explanation,
            people,
            nodes,
            formula: Vec::new(),
            peers: None,
        })
    }
}

/// What a version has on record of a row.
struct Held {
    version: VersionId,
    node: NodeIndex,
    /// The periods that the version is on record for.
    spans: BTreeSet<Span>,
    amount: i64,
}

fn explained(node: NodeIndex, amount: Minor, steps: Vec<Step>) -> Explanation {
    Explanation {
        node,
        period: None,
        amount,
        steps,
    }
}

/// What the row above stands for.
fn above(nodes: &[Node], node: &Node) -> Option<NodeRef> {
    let parent = node.parent?;
    nodes
        .iter()
        .find(|known| known.id == parent)
        .map(|known| known.of)
}
