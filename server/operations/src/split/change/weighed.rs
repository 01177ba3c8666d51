//! What a split goes by: the client says which bases with which shares, which kinds of factors, and which branches keep weights
//! of their own; the weights and the factors themselves are the server's.

use std::collections::BTreeSet;

use domain::plan::{Basis, BasisWeights, Factor, FactorKind, NodeIndex, OwnWeights};
use domain::split::Counted;

use super::Change;
use crate::Error;
use crate::plan::counted::{Known, counted};
use crate::plan::state::Weights;

/// What a split is given, as it is asked for and as it is stored.
pub(super) struct Weighed {
    pub(super) bases: Vec<BasisWeights>,
    /// Asked for, one of a kind says that the kind is wanted.
    pub(super) factors: Vec<Factor>,
    pub(super) own: Vec<OwnWeights>,
}

impl Change {
    /// Fills in the weights and factors. Of a node that is not there they stay out: it is refused as such.
    /// `people`: what was read of them before the lock.
    pub(super) async fn weighed(
        &self,
        node: NodeIndex,
        asked: Weighed,
        people: Option<Known>,
    ) -> Result<Weighed, Error> {
        let shape = self.state.grid.shape();
        if !shape.has(node) {
            return Ok(Weighed {
                factors: Vec::new(),
                ..asked
            });
        }
        let stored = store::version::bases(&self.writer, &self.all, self.state.version.id).await?;
        let weights = Weights::of(&stored, &self.state.nodes, self.state.plan.periods.len());
        let wanted = |kind: &FactorKind| asked.factors.iter().any(|factor| factor.kind == *kind);
        let kinds: Vec<FactorKind> = FactorKind::ALL.into_iter().filter(wanted).collect();
        let counted = if kinds.is_empty() {
            Counted::default()
        } else {
            let (plan, nodes) = (&self.state.plan, &self.state.nodes);
            let known = Known::or_anew(people, &self.writer, &self.all, plan.span).await?;
            counted(&known, plan, nodes, shape, &weights)
        };
        let of = |top: NodeIndex, bases: &[BasisWeights]| -> Result<Vec<BasisWeights>, Error> {
            let shares: Vec<_> = bases.iter().map(|basis| (basis.basis, basis.share_ppm)).collect();
            let below = top.0 as usize + 1..shape.end(top).0 as usize;
            let mut bases = weights.split(below, &shares).ok_or_else(|| unknown(&weights))?;
            counted.fit(top, &mut bases, &kinds);
            Ok(bases)
        };
        // One that is named twice, or lies elsewhere, is refused as it is: nothing is copied for it before.
        let mut seen = BTreeSet::new();
        let end = shape.end(node);
        let own = asked.own.iter().map(|own| {
            let is_below = node <= own.node && own.node < end && !shape.is_leaf(own.node);
            let bases = if is_below && seen.insert(own.node) {
                of(own.node, &own.bases)?
            } else {
                Vec::new()
            };
            Ok(OwnWeights {
                node: own.node,
                bases,
            })
        });
        Ok(Weighed {
            bases: of(node, &asked.bases)?,
            factors: counted.factors(shape, node, &kinds),
            own: own.collect::<Result<Vec<_>, Error>>()?,
        })
    }
}

fn unknown(weights: &Weights) -> Error {
    let known: Vec<&str> = weights.known().into_iter().map(Basis::as_str).collect();
    Error::invalid_field(
        "unknown_basis",
        "bases",
        format!("这个版本没有这种参考依据，可用：{}。", known.join("、")),
        format!("This version has no such basis; there are: {}.", known.join(", ")),
    )
}
