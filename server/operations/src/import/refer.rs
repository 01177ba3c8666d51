//! From a name in a cell to what it means, once per spelling.

use std::collections::HashMap;

use domain::import::{Field, Finding, Noun as Named, OnMissing, Options, Reason, Suggestion};
use uuid::Uuid;

use super::catalog::{Catalog, Meaning, Noun};
use super::cells::Cells;

/// Spellings remembered before the memory is emptied: bounds what a file of a million strangers costs.
const REMEMBERED: usize = 100_000;
/// Spellings told about in the findings.
const TOLD: usize = 200;
/// Comparisons of unknown names with known ones that a file may cost, about a second. Past them strangers get no hint of what
/// was perhaps meant: a file of thousands of them would take minutes, and nobody reads as many.
const COMPARED: usize = 2_000_000;

/// What was found out about a spelling.
#[derive(Clone, Debug)]
enum Answer {
    Is(Uuid),
    Is2 {
        id: Uuid,
        told: usize,
    },
    Wrong {
        reason: Reason,
        suggestion: Option<Suggestion>,
        told: Option<usize>,
    },
}

/// Looks names up for one file.
#[derive(Debug)]
pub(super) struct Refer {
    on_missing: OnMissing,
    /// Field → spelling → what the person says it means; an empty text: what it says and nothing else.
    chosen: HashMap<Field, HashMap<String, String>>,
    answers: HashMap<Noun, HashMap<Box<str>, Answer>>,
    told: Told,
}

/// What is worth telling, and what finding out may still cost.
#[derive(Debug)]
struct Told {
    findings: Vec<Finding>,
    /// Comparisons that are left.
    compared: usize,
}

impl Told {
    fn is_full(&self) -> bool {
        self.findings.len() >= TOLD
    }

    /// Keeps a finding, where there is room; answers its place.
    fn tell(&mut self, finding: Finding) -> Option<usize> {
        (!self.is_full()).then(|| {
            self.findings.push(finding);
            self.findings.len() - 1
        })
    }
}

impl Refer {
    /// For the options of an import.
    pub(super) fn new(options: &Options, kind: domain::import::Kind) -> Self {
        let chosen = options
            .aliases
            .iter()
            .filter_map(|(field, aliases)| {
                let field = Field::parse(kind, field)?;
                Some((
                    field,
                    aliases
                        .iter()
                        .map(|(from, to)| (from.trim().to_owned(), to.clone()))
                        .collect(),
                ))
            })
            .collect();
        // Lists of leave have everybody of the company, and whoever is not in sales is not to become so by being away.
        let on_missing = if kind == domain::import::Kind::Leave {
            OnMissing::Reject
        } else {
            options.on_missing
        };
        Self {
            on_missing,
            chosen,
            answers: HashMap::new(),
            told: Told {
                findings: Vec::new(),
                compared: COMPARED,
            },
        }
    }

    /// What the person says that a name in a field's cell means.
    pub(super) fn chosen(&self, field: Field, name: &str) -> Option<&str> {
        let to = self.chosen.get(&field)?.get(name.trim())?.trim();
        (!to.is_empty()).then_some(to)
    }

    /// What a name in a field's cell refers to; `None` with a problem noted where it refers to nothing.
    pub(super) fn to(
        &mut self,
        catalog: &mut Catalog,
        noun: Noun,
        field: Field,
        name: &str,
        cells: &mut Cells<'_>,
    ) -> Option<Uuid> {
        let known = self.answers.entry(noun).or_default();
        let answer = if let Some(answer) = known.get(name) {
            answer
        } else {
            if known.len() >= REMEMBERED {
                known.clear();
            }
            let answer = ask(
                catalog,
                noun,
                field,
                name,
                self.on_missing,
                self.chosen.get(&field).and_then(|chosen| chosen.get(name.trim())),
                &mut self.told,
            );
            known.entry(name.into()).or_insert(answer)
        };
        let (id, told, problem) = match answer {
            Answer::Is(id) => (Some(*id), None, None),
            Answer::Is2 { id, told } => (Some(*id), Some(*told), None),
            Answer::Wrong {
                reason,
                suggestion,
                told,
            } => (None, *told, Some((reason.clone(), suggestion.clone()))),
        };
        if let Some(Finding::Alias { rows, .. } | Finding::Unknown { rows, .. }) =
            told.and_then(|told| self.told.findings.get_mut(told))
        {
            *rows += 1;
        }
        if let Some((reason, suggestion)) = problem {
            cells.wrong(field, reason, suggestion);
        }
        id
    }

    /// What is worth telling, most rows first.
    pub(super) fn into_findings(self) -> Vec<Finding> {
        let mut findings = self.told.findings;
        findings.sort_by_key(|finding| match finding {
            Finding::Alias { rows, .. } | Finding::Unknown { rows, .. } => std::cmp::Reverse(*rows),
            _ => std::cmp::Reverse(0),
        });
        findings
    }
}

fn ask(
    catalog: &mut Catalog,
    noun: Noun,
    field: Field,
    name: &str,
    on_missing: OnMissing,
    chosen: Option<&String>,
    told: &mut Told,
) -> Answer {
    let meant = chosen.map(|to| to.trim()).filter(|to| !to.is_empty());
    let mut meaning = catalog.plain_meaning(noun, meant.unwrap_or(name));
    let created = on_missing == OnMissing::Create;
    // What is made by the way is one more name to compare the next with: only as many as are told about are worth it.
    if meaning == Meaning::Unknown(None)
        && (!created || !told.is_full())
        && let Some(left) = told.compared.checked_sub(catalog.count(noun))
    {
        told.compared = left;
        meaning = Meaning::Unknown(catalog.hint(noun, meant.unwrap_or(name)));
    }
    // "" as the chosen meaning: take the name as it stands, not as another's spelling.
    if chosen.is_some() && meant.is_none() && matches!(meaning, Meaning::Alias { .. }) {
        meaning = Meaning::Unknown(None);
    }
    match meaning {
        Meaning::Known(id) => {
            let Some(to) = meant else { return Answer::Is(id) };
            catalog.learn(noun, name, id);
            let finding = Finding::Alias {
                field,
                from: name.to_owned(),
                to: to.to_owned(),
                rows: 0,
                percent: 100,
            };
            told.tell(finding)
                .map_or(Answer::Is(id), |told| Answer::Is2 { id, told })
        }
        Meaning::Alias { id, name: to, learnt } => {
            if !learnt || meant.is_some() {
                catalog.learn(noun, name, id);
            }
            let percent = if learnt || meant.is_some() { 100 } else { 99 };
            let finding = Finding::Alias {
                field,
                from: name.to_owned(),
                to,
                rows: 0,
                percent,
            };
            told.tell(finding)
                .map_or(Answer::Is(id), |told| Answer::Is2 { id, told })
        }
        Meaning::Ambiguous(matches) => Answer::Wrong {
            reason: Reason::AmbiguousReference {
                noun: named(noun),
                matches,
            },
            suggestion: None,
            told: None,
        },
        Meaning::Unknown(suggestion) => {
            let finding = Finding::Unknown {
                field,
                name: name.to_owned(),
                rows: 0,
                created,
                suggestion: suggestion.as_ref().map(|suggestion| suggestion.value.clone()),
            };
            let place = told.tell(finding);
            if created {
                let id = catalog.make(noun, meant.unwrap_or(name));
                place.map_or(Answer::Is(id), |told| Answer::Is2 { id, told })
            } else {
                Answer::Wrong {
                    reason: Reason::UnknownReference { noun: named(noun) },
                    suggestion,
                    told: place,
                }
            }
        }
    }
}

/// The noun as messages name it.
fn named(noun: Noun) -> Named {
    match noun {
        Noun::Member => Named::Member,
        Noun::Unit => Named::Unit,
        Noun::Product => Named::Product,
        Noun::Category => Named::Category,
        Noun::Account => Named::Account,
        // Channels are made as they come.
        Noun::Channel => Named::Account,
    }
}
