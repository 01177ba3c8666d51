//! Figures of potential and capability: each is known by what it is of, from when, and who says so; a later one replaces it.

use std::collections::HashMap;

use domain::calendar::Day;
use domain::potential::{Subject, Who};
use store::capability::Capability;
use store::potential::Potential;
use store::{Scope, Session, StoreError};

use super::Catalog;
use crate::import::registers::Outcome;

/// What a figure of potential is known by.
type PotentialKey = (Subject, Day, Day, String);
/// What a figure of capability is known by: whose, from when, its kind, and who says so.
type CapabilityKey = (Who, Day, &'static str, String);

/// The figures there are.
#[derive(Debug, Default)]
pub(super) struct Figures {
    potential: HashMap<PotentialKey, Potential>,
    capability: HashMap<CapabilityKey, Capability>,
}

fn of_potential(figure: &Potential) -> PotentialKey {
    let Potential {
        subject,
        starts_on,
        ends_on,
        ..
    } = *figure;
    (subject, starts_on, ends_on, figure.source.clone())
}

fn of_capability(figure: &Capability) -> CapabilityKey {
    let assessed_by = figure.assessed_by.clone();
    (figure.who, figure.starts_on, figure.figure.kind(), assessed_by)
}

impl Figures {
    /// All of them.
    pub(super) async fn load(session: &impl Session, scope: &Scope) -> Result<Self, StoreError> {
        let (first, last) = (Day(i32::MIN), Day(i32::MAX));
        let potential = store::potential::list(session, scope, first, last).await?;
        let capability = store::capability::list(session, scope, last).await?;
        Ok(Self {
            potential: potential
                .into_iter()
                .map(|figure| (of_potential(&figure), figure))
                .collect(),
            capability: capability
                .into_iter()
                .map(|figure| (of_capability(&figure), figure))
                .collect(),
        })
    }
}

impl Catalog {
    /// Puts a figure of potential in the place of the one it is known as. The day it was noted stays where nothing else says
    /// another one (`noted` is false) and the amount is the same.
    pub(in crate::import) fn put_potential(&mut self, figure: Potential, noted: bool) -> Outcome {
        let key = of_potential(&figure);
        let Some(present) = self.figures.potential.get(&key) else {
            let figure = Potential {
                import: Some(self.import),
                ..figure
            };
            self.changes.potential.push(figure.clone());
            self.figures.potential.insert(key, figure);
            return Outcome::Created;
        };
        let same = present.amount == figure.amount;
        if same && (!noted || present.noted_on == figure.noted_on) {
            return Outcome::Unchanged;
        }
        let next = Potential {
            id: present.id,
            import: Some(self.import),
            ..figure
        };
        let id = next.id.0;
        if let Some(new) = self.changes.potential.iter_mut().find(|new| new.id.0 == id) {
            *new = next.clone();
        } else {
            let before = serde_json::to_string(present).unwrap_or_default();
            self.changes.before.entry(("potential", id)).or_insert(before);
            self.changes.changed_potential.insert(id, next.clone());
        }
        self.figures.potential.insert(key, next);
        Outcome::Updated
    }

    /// Puts a figure of capability in the place of the one it is known as.
    pub(in crate::import) fn put_capability(&mut self, figure: Capability) -> Outcome {
        let key = of_capability(&figure);
        let Some(present) = self.figures.capability.get(&key) else {
            let figure = Capability {
                import: Some(self.import),
                ..figure
            };
            self.changes.capability.push(figure.clone());
            self.figures.capability.insert(key, figure);
            return Outcome::Created;
        };
        if present.figure == figure.figure {
            return Outcome::Unchanged;
        }
        let next = Capability {
            id: present.id,
            import: Some(self.import),
            ..figure
        };
        let id = next.id.0;
        if let Some(new) = self.changes.capability.iter_mut().find(|new| new.id.0 == id) {
            *new = next.clone();
        } else {
            let before = serde_json::to_string(present).unwrap_or_default();
            self.changes.before.entry(("capability", id)).or_insert(before);
            self.changes.changed_capability.insert(id, next.clone());
        }
        self.figures.capability.insert(key, next);
        Outcome::Updated
    }
}
