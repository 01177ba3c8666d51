//! The pulse: how fair those call their numbers who confirmed them, by unit, for groups in which nobody is known by it.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::Permission;
use domain::id::{MemberId, NodeId, VersionId};
use domain::plan::NodeIndex;
use domain::pulse::{MOST, MOST_CHARS, Pulse, UnitPulse, shown, told, with_those_below};
use domain::target::{Answer, NodeRef};
use sha2::{Digest, Sha256};
use store::acknowledgement::Acknowledgement;

use crate::plan::state;
use crate::scope::require;
use crate::{Error, Operations, Scope, input};

/// Units of one list, the highest first.
const LISTED: usize = 100;
/// Reasons of one unit.
const REASONS: usize = 20;

/// What somebody says of a number beside confirming it; nothing is said where both are blank.
pub(crate) fn said(fair: Option<u8>, reason: Option<&str>) -> Result<Option<Pulse>, Error> {
    let reason = input::optional_words(reason, "reason", MOST_CHARS)?;
    match fair {
        Some(fair) if (1..=MOST).contains(&fair) => Ok(Some(Pulse { fair, reason })),
        None if reason.is_none() => Ok(None),
        _ => Err(Error::invalid_field(
            "bad_pulse",
            "fair",
            format!("请在 1 到 {MOST} 之间选一个，或者把理由也留空。"),
            format!("Choose one of 1 to {MOST}, or leave the reason empty too."),
        )),
    }
}

impl Operations {
    /// How fair those call the numbers of a published version who confirmed them: by unit within reach, for groups of five and
    /// more, without names; the highest units first. Nothing before it is published. For owners, planners and managers.
    pub async fn pulse(&self, scope: &Scope, version: VersionId) -> Result<Vec<UnitPulse>, Error> {
        require(scope, Permission::ReadPeople)?;
        let reader = self.database.reader();
        let row = store::version::get(&reader, scope, version).await?;
        if row.status.is_in_work() {
            return Ok(Vec::new());
        }
        let all = state::all(scope);
        let answers = store::acknowledgement::of_version(&reader, &all, version).await?;
        let voices = voices(&answers);
        if voices.is_empty() {
            return Ok(Vec::new());
        }
        let plan = store::plan::get(&reader, &all, row.plan).await?;
        // What may be shown is decided for everybody alike, whoever looks.
        let nodes = store::version::nodes(&reader, &all, version).await?;
        let shape = state::shape(&plan, &nodes)?;
        let mut given: Vec<(i64, u32, &Pulse)> = Vec::with_capacity(voices.len());
        let mut own = vec![0_u32; nodes.len()];
        for node in &nodes {
            for (at_ms, pulse) in voices.get(&node.id).into_iter().flatten() {
                given.push((*at_ms, node.ordinal, *pulse));
                if let Some(count) = own.get_mut(node.ordinal as usize) {
                    *count += 1;
                }
            }
        }
        let sums = with_those_below(&shape, &own);
        let may = shown(&shape, &sums);
        // Who answers next is seen by name elsewhere: they are told of with others.
        given.sort_by_key(|(at_ms, row, _)| (*at_ms, *row));
        let rows: Vec<NodeIndex> = given.iter().map(|(_, row, _)| NodeIndex(*row)).collect();
        let mut by_row: Vec<(u32, &Pulse)> = given
            .into_iter()
            .zip(told(&shape, &may, &rows))
            .filter(|(_, is_told)| *is_told)
            .map(|((_, row, pulse), _)| (row, pulse))
            .collect();
        by_row.sort_by_key(|(row, _)| *row);
        let visible: BTreeSet<u32> = store::version::nodes(&reader, scope, version)
            .await?
            .into_iter()
            .map(|node| node.ordinal)
            .collect();
        let mut units: Vec<_> = nodes
            .iter()
            .filter(|node| {
                let place = node.ordinal as usize;
                matches!(node.of, NodeRef::Unit(_))
                    && visible.contains(&node.ordinal)
                    && may.get(place).copied().unwrap_or_default()
            })
            .collect();
        units.sort_by_key(|node| (shape.depth(NodeIndex(node.ordinal)), node.ordinal));
        units.truncate(LISTED);
        let answer = units.into_iter().map(|node| {
            let index = NodeIndex(node.ordinal);
            let (first, end) = (node.ordinal, shape.end(index).0);
            let from = by_row.partition_point(|(row, _)| *row < first);
            let to = by_row.partition_point(|(row, _)| *row < end);
            let within = by_row.get(from..to).unwrap_or_default();
            let mut counts = [0_u32; MOST as usize];
            for (_, pulse) in within {
                if let Some(count) = counts.get_mut(usize::from(pulse.fair.saturating_sub(1))) {
                    *count += 1;
                }
            }
            UnitPulse {
                row: index,
                name: node.name.clone(),
                depth: shape.depth(index),
                people: u32::try_from(within.len()).unwrap_or(u32::MAX),
                counts,
                reasons: reasons(version, within),
            }
        });
        Ok(answer.collect())
    }
}

/// What each person said last beside a confirmation that still stands, by the node they said it of: everybody has one voice,
/// also who carries several numbers. With when they said it.
fn voices(answers: &[Acknowledgement]) -> BTreeMap<NodeId, Vec<(i64, &Pulse)>> {
    // They come from the first on.
    let last: BTreeMap<_, &Acknowledgement> = answers.iter().map(|answer| (answer.node, answer)).collect();
    let mut of_person: BTreeMap<MemberId, &Acknowledgement> = BTreeMap::new();
    for answer in last.into_values() {
        if answer.state != Answer::Confirmed || answer.pulse.is_none() {
            continue;
        }
        let known = of_person.entry(answer.member).or_insert(answer);
        if known.at_ms < answer.at_ms {
            *known = answer;
        }
    }
    let mut voices: BTreeMap<_, Vec<(i64, &Pulse)>> = BTreeMap::new();
    for answer in of_person.into_values() {
        let said = answer.pulse.as_ref().map(|pulse| (answer.at_ms, pulse));
        voices.entry(answer.node).or_default().extend(said);
    }
    voices
}

/// Some of the reasons, in the order of a hash of their own words: it tells neither who said them nor when.
fn reasons(version: VersionId, within: &[(u32, &Pulse)]) -> Vec<String> {
    let mut reasons: Vec<([u8; 32], &String)> = within
        .iter()
        .filter_map(|(_, pulse)| pulse.reason.as_ref())
        .map(|reason| {
            let mut hash = Sha256::new();
            hash.update(version.0.as_bytes());
            hash.update(reason.as_bytes());
            (hash.finalize().into(), reason)
        })
        .collect();
    reasons.sort_unstable();
    reasons
        .into_iter()
        .take(REASONS)
        .map(|(_, reason)| reason.clone())
        .collect()
}
