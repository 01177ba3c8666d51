//! A bridge in ten-thousandths while it is made, and its rounding to minor units.

use super::{Bridge, BridgeError, Level, Method, Others, Part, Step, StepKind, Unchecked};
use crate::money::{Currency, FACT_SCALE, Fact, Minor, round_to_sum};

/// What keys add to a step, in ten-thousandths.
pub(super) type Parts = Vec<(String, i128)>;

/// Steps that sum to `to` − `from` in ten-thousandths.
pub(super) struct Draft {
    pub(super) method: Method,
    pub(super) level: Level,
    pub(super) from: i128,
    pub(super) to: i128,
    pub(super) steps: Vec<(StepKind, Parts)>,
}

impl Draft {
    /// Appends a step; parts of a kind that is there already are added to it.
    pub(super) fn add(&mut self, kind: StepKind, parts: Parts) {
        match self.steps.iter_mut().find(|(there, _)| *there == kind) {
            Some((_, there)) => there.extend(parts),
            None => self.steps.push((kind, parts)),
        }
    }

    /// Like [`Self::add`], but a step without anything in it is left out.
    pub(super) fn add_if_any(&mut self, kind: StepKind, parts: Parts) {
        if parts.iter().any(|(_, amount)| *amount != 0) {
            self.add(kind, parts);
        }
    }

    /// Rounds to minor units: the steps to the difference of the ends, then the parts of each to the step.
    pub(super) fn finish(mut self, currency: &Currency) -> Result<Bridge, BridgeError> {
        let unit = i128::from(FACT_SCALE / currency.minor_per_unit());
        let (from, to) = (end(self.from, currency)?, end(self.to, currency)?);
        for (_, parts) in &mut self.steps {
            parts.retain(|(_, amount)| *amount != 0);
            parts.sort_by(|a, b| b.1.abs().cmp(&a.1.abs()).then_with(|| a.0.cmp(&b.0)));
        }
        // A step without parts stays at nothing.
        let sums: Vec<i128> = self
            .steps
            .iter()
            .filter(|(_, parts)| !parts.is_empty())
            .map(|(_, parts)| parts.iter().map(|(_, amount)| amount).sum())
            .collect();
        let mut amounts = round_to_sum(&sums, unit, i128::from(to.0) - i128::from(from.0)).into_iter();
        let steps = self.steps.into_iter().map(|(kind, parts)| {
            let amount = if parts.is_empty() {
                0
            } else {
                amounts.next().unwrap_or(0)
            };
            let raw: Vec<i128> = parts.iter().map(|(_, amount)| *amount).collect();
            let parts: Result<Vec<Part>, BridgeError> = parts
                .into_iter()
                .zip(round_to_sum(&raw, unit, amount))
                .filter(|(_, amount)| *amount != 0)
                .map(|((key, _), amount)| {
                    Ok(Part {
                        key,
                        amount: minor(amount)?,
                    })
                })
                .collect();
            Ok(Step {
                kind,
                amount: minor(amount)?,
                parts: parts?,
                others: Others::default(),
            })
        });
        Unchecked {
            method: self.method,
            level: self.level,
            from,
            to,
            steps: steps.collect::<Result<_, BridgeError>>()?,
        }
        .try_into()
    }
}

/// An end of a bridge in minor units.
fn end(fact: i128, currency: &Currency) -> Result<Minor, BridgeError> {
    let fact = i64::try_from(fact).map_err(|_| BridgeError::TooLarge)?;
    Ok(Fact(fact).to_minor(currency))
}

fn minor(amount: i128) -> Result<Minor, BridgeError> {
    i64::try_from(amount)
        .map(Minor)
        .map_err(|_| BridgeError::TooLarge)
}
