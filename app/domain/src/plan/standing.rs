//! Which commands still stand: a command, what took it back and what did it again are one thing to whoever reads a log.

use std::collections::HashMap;

use super::{Entry, Intent, PlanCommand};

/// What became of the commands of a log, or of several logs one after the other.
///
/// Taking back removes exactly what the command did, so the changes of a command and of all that took it back or did it
/// again sum to its own where it stands, and to nothing where it does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    roots: Vec<usize>,
    stands: Vec<bool>,
}

impl Standing {
    /// Of entries in order. Where their numbers start anew, another version's log begins: it takes back nothing of the one
    /// before.
    pub fn of(entries: &[Entry]) -> Self {
        let mut known: HashMap<u64, usize> = HashMap::new();
        let mut before = 0;
        let mut roots = Vec::with_capacity(entries.len());
        let mut stands = vec![true; entries.len()];
        for (place, entry) in entries.iter().enumerate() {
            if entry.seq <= before {
                known.clear();
            }
            before = entry.seq;
            let restored = match &entry.command {
                PlanCommand::Restore { of, intent, .. } => known.get(of).map(|root| (*root, *intent)),
                _ => None,
            };
            if let Some((root, intent)) = restored {
                stands[root] = intent == Intent::Redo;
                roots.push(root);
            } else {
                known.insert(entry.seq, place);
                roots.push(place);
            }
        }
        Self { roots, stands }
    }

    /// The place of the command that an entry is, takes back or does again.
    pub fn root(&self, place: usize) -> usize {
        self.roots[place]
    }

    /// Whether the command at a place is in force.
    pub fn stands(&self, place: usize) -> bool {
        self.roots[place] == place && self.stands[place]
    }
}
