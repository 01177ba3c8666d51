//! What makes the numbers of a preview: what a change moves to each row and away from it, by the row it comes from or goes to.

use std::collections::BTreeMap;

use domain::id::NodeId;
use domain::money::Minor;
use domain::plan::{NodeIndex, Shape};
use domain::staffing::PreviewStep;

use super::reckon::Work;

/// Rows that are told one by one; the others are told together.
const TOLD: usize = 12;

/// What each row gets from each other one, by period; negative where it gives. What moves within a unit is nothing to it.
pub(super) struct Flows(BTreeMap<NodeIndex, BTreeMap<NodeIndex, Vec<Minor>>>);

impl Flows {
    /// Of a change, on the rows of its draft.
    pub(super) fn of(work: &Work<'_>, shape: &Shape, place: impl Fn(NodeId) -> Option<NodeIndex>) -> Self {
        let periods = shape.periods().len();
        let mut flows = Self(BTreeMap::new());
        let node = |at: usize| work.ids.get(at).copied().and_then(&place);
        for one in &work.moves {
            let (Some(from), Some(to)) = (node(one.from), node(one.to)) else {
                continue;
            };
            for (own, other, amount) in [(from, to, -one.amount.0), (to, from, one.amount.0)] {
                for row in std::iter::once(own).chain(shape.ancestors(own)) {
                    // From here on up both are in it.
                    if row <= other && other < shape.end(row) {
                        break;
                    }
                    let by_other = flows.0.entry(row).or_default();
                    let amounts = by_other.entry(other).or_insert_with(|| vec![Minor(0); periods]);
                    if let Some(sum) = amounts.get_mut(one.period) {
                        sum.0 = sum.0.saturating_add(amount);
                    }
                }
            }
        }
        flows
    }

    /// The steps of a row, the largest first; each other row is called by its name and its unit's.
    pub(super) fn steps(&self, row: NodeIndex, shape: &Shape) -> Vec<PreviewStep> {
        let called = |other: NodeIndex| match shape.parent(other) {
            Some(above) => format!("{} · {}", shape.name(other), shape.name(above)),
            None => shape.name(other).to_owned(),
        };
        let mut steps: Vec<PreviewStep> = self
            .0
            .get(&row)
            .into_iter()
            .flatten()
            .map(|(other, amounts)| PreviewStep {
                other: Some(called(*other)),
                count: 1,
                amounts: amounts.clone(),
            })
            .filter(|step| step.amounts.iter().any(|amount| amount.0 != 0))
            .collect();
        // Stable: equal ones stay in the order of the tree.
        steps.sort_by_key(|step| std::cmp::Reverse(step.total().0.unsigned_abs()));
        if steps.len() > TOLD + 1 {
            let others = steps.split_off(TOLD);
            steps.push(PreviewStep::together(&others));
        }
        steps
    }
}
