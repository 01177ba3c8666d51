//! How things are called, and what a spelling means.

use std::collections::HashMap;

use domain::import::Suggestion;
use domain::import::similar::suggest;
use uuid::Uuid;

/// More names than this are not compared with a stranger.
const MOST_COMPARED: usize = 5_000;

/// What a spelling means.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::import) enum Meaning {
    /// Exactly this one.
    Known(Uuid),
    /// Most likely this one: the spelling differs in spaces, punctuation, capitals or width only, or was learnt before.
    Alias { id: Uuid, name: String, learnt: bool },
    /// Several bear it.
    Ambiguous(u32),
    /// Nobody; perhaps this one was meant.
    Unknown(Option<Suggestion>),
}

/// How the things of one noun are called.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Exact spelling, small letters, or number in other systems; several ids are ambiguous.
    exact: HashMap<String, Vec<Uuid>>,
    /// Letters and digits only.
    loose: HashMap<String, Vec<Uuid>>,
    learnt: HashMap<String, Uuid>,
    shown: HashMap<Uuid, String>,
}

impl Names {
    /// Adds something with its name and the other spellings it is known by.
    pub(super) fn add(&mut self, id: Uuid, name: &str, others: &[Option<&str>]) {
        for spelling in std::iter::once(name).chain(others.iter().flatten().copied()) {
            push(&mut self.exact, exact(spelling), id);
        }
        // A name of signs alone has no letters that another spelling could share with it.
        let loose = loose(name);
        if !loose.is_empty() {
            push(&mut self.loose, loose, id);
        }
        self.shown.insert(id, name.to_owned());
    }

    /// How many names there are to compare with.
    pub(super) fn len(&self) -> usize {
        self.shown.len()
    }

    /// What was perhaps meant by a spelling that means nothing: it is compared with every name. A register of thousands gives no
    /// hints.
    pub(super) fn hint(&self, spelling: &str) -> Option<Suggestion> {
        if self.shown.len() > MOST_COMPARED {
            return None;
        }
        suggest(spelling, self.shown.values().map(String::as_str))
    }

    /// What a spelling means; for an unknown one, what was perhaps meant.
    pub(super) fn meaning(&self, spelling: &str) -> Meaning {
        match self.plain_meaning(spelling) {
            Meaning::Unknown(_) => Meaning::Unknown(self.hint(spelling)),
            meaning => meaning,
        }
    }

    /// The same without looking for what was perhaps meant.
    pub(super) fn plain_meaning(&self, spelling: &str) -> Meaning {
        let folded = exact(spelling);
        match self.exact.get(&folded).map(Vec::as_slice) {
            Some([id]) => return Meaning::Known(*id),
            Some(several) => return Meaning::Ambiguous(several.len() as u32),
            None => {}
        }
        let shown = |id: &Uuid| self.shown.get(id).cloned().unwrap_or_default();
        if let Some(id) = self.learnt.get(&folded) {
            return Meaning::Alias {
                id: *id,
                name: shown(id),
                learnt: true,
            };
        }
        let loose = loose(spelling);
        match self.loose.get(&loose).map(Vec::as_slice) {
            Some([id]) => Meaning::Alias {
                id: *id,
                name: shown(id),
                learnt: false,
            },
            Some(several) if several.len() > 1 => Meaning::Ambiguous(several.len() as u32),
            _ => Meaning::Unknown(None),
        }
    }

    /// The one that bears exactly this name or number.
    pub(super) fn exactly(&self, spelling: &str) -> Option<Uuid> {
        match self.exact.get(&exact(spelling))?.as_slice() {
            [id] => Some(*id),
            _ => None,
        }
    }

    /// Whether something is known.
    pub(super) fn knows(&self, id: Uuid) -> bool {
        self.shown.contains_key(&id)
    }

    /// The shown name of something known.
    pub(super) fn shown(&self, id: Uuid) -> Option<&str> {
        self.shown.get(&id).map(String::as_str)
    }

    /// Remembers what a folded spelling means.
    pub(super) fn learn(&mut self, folded: String, id: Uuid) {
        self.learnt.insert(folded, id);
    }
}

fn push(map: &mut HashMap<String, Vec<Uuid>>, key: String, id: Uuid) {
    let ids = map.entry(key).or_default();
    if !ids.contains(&id) {
        ids.push(id);
    }
}

/// A name as names are compared: without outer space, small letters.
pub(in crate::import) fn exact(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Letters and digits only, half-width, small: `GTXPro` and `GTX Pro` are one.
fn loose(name: &str) -> String {
    name.chars()
        .map(|letter| match letter {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
            other => other,
        })
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
