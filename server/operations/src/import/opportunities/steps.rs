//! The steps of a deal through the pipeline.

use domain::calendar::Day;
use domain::metric::{Stage, Status};
use store::opportunity::{Entry, Opportunity, StageEvent};

/// The dated steps: for a new deal from its dates, for a known one the old steps and the new stage.
pub(super) fn steps(opportunity: &Opportunity, stored: Option<&Entry>, today: Day) -> Vec<StageEvent> {
    let closed = opportunity.stage.status() != Status::Open;
    let mut events: Vec<StageEvent> = match stored {
        // A step out of a closed deal keeps the close as history only where the deal is closed still.
        Some(entry) if entry.opportunity.created_on == opportunity.created_on => entry
            .events
            .iter()
            .copied()
            .filter(|event| event.stage.status() == Status::Open)
            .collect(),
        _ => Vec::with_capacity(2),
    };
    if events.is_empty()
        && let Some(day) = opportunity.created_on
    {
        let stage = if closed {
            Stage::InitialContact
        } else {
            opportunity.stage
        };
        events.push(StageEvent { stage, day });
    }
    let last = events.last().map(|event| event.stage);
    if closed {
        if let Some(day) = opportunity.closed_on {
            events.push(StageEvent {
                stage: opportunity.stage,
                day,
            });
        }
    } else if stored.is_some() && last != Some(opportunity.stage) {
        events.push(StageEvent {
            stage: opportunity.stage,
            day: today,
        });
    }
    events
}
