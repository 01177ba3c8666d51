//! Which column is which field.

use std::collections::BTreeMap;

use crate::format::Lang;
use crate::import::field::{FieldSpec, Need};
use crate::import::wide::period_header;
use crate::import::{ColumnMatch, Field, Kind, Mapping, MappingProblem, Role, fields, similar};

/// Below this many percent two words are not taken for the same header.
const LEAST_CONFIDENCE: u8 = 80;

/// A header without what does not distinguish it: full-width forms become half-width, capitals small; spaces,
/// underscores, punctuation and what stands in brackets (units, hints) go.
pub fn normalize(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut depth = 0_u32;
    let mut bracketed = String::new();
    for character in text.chars().map(half_width) {
        match character {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            _ if !character.is_alphanumeric() => {}
            _ if depth > 0 => bracketed.extend(character.to_lowercase()),
            _ => plain.extend(character.to_lowercase()),
        }
    }
    // "(金额)" is all there is: then it counts.
    if plain.is_empty() { bracketed } else { plain }
}

/// The half-width form of a full-width character; the ideographic space becomes a space.
pub(crate) fn half_width(character: char) -> char {
    match character {
        '\u{3000}' | '\u{a0}' | '\u{2007}' | '\u{202f}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
        other => other,
    }
}

/// How sure a header means a field: 100 for a synonym, less for a word that is nearly one or contains one.
fn confidence(spec: &FieldSpec, normalized: &str) -> u8 {
    if spec.knows(normalized) {
        return 100;
    }
    if normalized.chars().count() < 4 {
        return 0;
    }
    let near = spec
        .synonyms()
        .map(|word| similar::percent(&super::normalize(word), normalized));
    near.max().unwrap_or(0).min(95)
}

/// The best mapping that the headers allow; ambiguous columns are left to the person (`problems`).
///
/// Synonyms come first, then likeness of at least 80 %; one field takes the surest column. Two columns that are both
/// certain for one field are a problem, not a choice.
pub fn map_columns<S: AsRef<str>>(kind: Kind, headers: &[S]) -> Mapping {
    remap(kind, headers, &BTreeMap::new())
}

/// The same with some fields chosen: field name → header. An empty header leaves the field out. Chosen columns are
/// certain; the others map themselves.
pub fn remap<S: AsRef<str>>(kind: Kind, headers: &[S], chosen: &BTreeMap<String, String>) -> Mapping {
    let headers: Vec<&str> = headers.iter().map(|header| header.as_ref().trim()).collect();
    let mut mapping = Mapping {
        kind,
        columns: headers
            .iter()
            .map(|header| ColumnMatch {
                header: (*header).to_owned(),
                role: Role::Ignored,
                confidence: 0,
            })
            .collect(),
        problems: Vec::new(),
    };
    let mut settled: Vec<Field> = Vec::new();
    for (name, header) in chosen {
        let Some(field) = Field::parse(kind, name) else {
            mapping.problems.push(MappingProblem::NoField {
                kind,
                name: name.clone(),
            });
            continue;
        };
        if settled.contains(&field) {
            // Two names of one field, such as `member` and `sales_agent`.
            let first = mapping.header_of(field).unwrap_or_default().to_owned();
            mapping.problems.push(MappingProblem::TwoColumns {
                field,
                first,
                second: header.clone(),
            });
            continue;
        }
        settled.push(field);
        if header.trim().is_empty() {
            continue;
        }
        match find_header(&headers, header) {
            Err(problem) => mapping.problems.push(problem),
            Ok(index) if mapping.columns[index].role != Role::Ignored => {
                mapping.problems.push(MappingProblem::OneColumn {
                    header: header.trim().to_owned(),
                    field,
                });
            }
            Ok(index) => {
                mapping.columns[index].role = Role::Field { field };
                mapping.columns[index].confidence = 100;
            }
        }
    }
    let normalized: Vec<String> = headers.iter().map(|header| normalize(header)).collect();
    let mut candidates: Vec<(u8, usize, usize)> = Vec::new();
    for (index, header) in normalized.iter().enumerate() {
        if mapping.columns[index].role != Role::Ignored || header.is_empty() {
            continue;
        }
        for (order, spec) in fields(kind).iter().enumerate() {
            let sure = confidence(spec, header);
            if sure >= LEAST_CONFIDENCE && !settled.contains(&spec.field) {
                candidates.push((sure, index, order));
            }
        }
    }
    // Surest first, then as the file has them.
    candidates.sort_by_key(|&(sure, index, order)| (std::cmp::Reverse(sure), index, order));
    for (sure, index, order) in candidates {
        let field = fields(kind)[order].field;
        if mapping.columns[index].role != Role::Ignored {
            continue;
        }
        let certain_twice = sure == 100 && !settled.contains(&field);
        if mapping.column_of(field).is_none() || certain_twice {
            mapping.columns[index].role = Role::Field { field };
            mapping.columns[index].confidence = sure;
        }
    }
    if kind == Kind::Targets {
        for (index, header) in headers.iter().enumerate() {
            if mapping.columns[index].role == Role::Ignored
                && let Some(period) = period_header(header)
            {
                mapping.columns[index].role = Role::Period { header: period };
                mapping.columns[index].confidence = 100;
            }
        }
    }
    mapping.check();
    name_the_clash(&mut mapping, &normalized);
    mapping
}

/// Says of a required field without a column which column is meant for it and serves another one.
fn name_the_clash(mapping: &mut Mapping, normalized: &[String]) {
    let Mapping {
        kind,
        columns,
        problems,
    } = mapping;
    for problem in problems {
        let MappingProblem::Missing { field } = *problem else {
            continue;
        };
        let Some(spec) = fields(*kind).iter().find(|spec| spec.field == field) else {
            continue;
        };
        let meant = columns.iter().zip(normalized).find_map(|(column, header)| {
            let Role::Field { field: other } = column.role else {
                return None;
            };
            (confidence(spec, header) == 100).then(|| (column.header.clone(), other))
        });
        if let Some((header, other)) = meant {
            *problem = MappingProblem::Elsewhere { field, header, other };
        }
    }
}

/// The column that a mapping names: exactly, else after normalisation.
fn find_header(headers: &[&str], wanted: &str) -> Result<usize, MappingProblem> {
    let wanted = wanted.trim();
    let places = |same: &dyn Fn(&str) -> bool| -> Vec<usize> {
        let found = headers.iter().enumerate().filter(|(_, header)| same(header));
        found.map(|(index, _)| index).collect()
    };
    let mut found = places(&|header| header == wanted);
    if found.is_empty() {
        let plain = normalize(wanted);
        found = places(&|header| normalize(header) == plain);
    }
    match found[..] {
        [index] => Ok(index),
        [] => Err(MappingProblem::NoColumn {
            header: wanted.to_owned(),
        }),
        _ => Err(MappingProblem::SameHeader {
            header: wanted.to_owned(),
        }),
    }
}

/// The kind that the headers fit best, `None` where none can be read or two fit alike.
pub fn guess_kind<S: AsRef<str>>(headers: &[S]) -> Option<Kind> {
    let mut best: Option<(i64, Kind)> = None;
    let mut tied = false;
    for kind in Kind::ALL {
        let mapping = map_columns(kind, headers);
        let unreadable = mapping.problems.iter().any(|problem| {
            !matches!(
                problem,
                MappingProblem::TwoColumns { .. } | MappingProblem::TwoPeriods { .. }
            )
        });
        if unreadable {
            continue;
        }
        let score = score(&mapping);
        match best {
            Some((most, _)) if score < most => {}
            Some((most, _)) if score == most => tied = true,
            _ => {
                best = Some((score, kind));
                tied = false;
            }
        }
    }
    best.filter(|_| !tied).map(|(_, kind)| kind)
}

/// How well a file fits: certain columns count, unused ones count against, required fields weigh double.
fn score(mapping: &Mapping) -> i64 {
    // A heading that is a period makes a sheet of targets, however few there are beside columns that people have, too.
    let mut score = if mapping.periods().next().is_some() {
        150
    } else {
        0
    };
    for column in &mapping.columns {
        score += match &column.role {
            Role::Ignored => -40,
            Role::Period { .. } => 60,
            Role::Field { field } => {
                let required = fields(mapping.kind)
                    .iter()
                    .any(|spec| spec.field == *field && spec.need == Need::Required);
                // A header that is the wire name of no kind but a synonym of this one distinguishes most.
                let own_word = own_word(mapping.kind, *field, &column.header);
                i64::from(column.confidence) * if required { 2 } else { 1 } + own_word
            }
        };
    }
    // Somebody, a first day and a last one are as well those of a person's work: only a word for leave makes it leave.
    if mapping.kind == Kind::Leave && !mapping.columns.iter().any(tells_of_leave) {
        score -= 150;
    }
    score
}

/// Whether a column of leave says that it is.
fn tells_of_leave(column: &ColumnMatch) -> bool {
    let Role::Field { field } = column.role else {
        return false;
    };
    let header = normalize(&column.header);
    let has_word = ["假", "leave", "absence", "timeoff", "vacation"]
        .iter()
        .any(|word| header.contains(word));
    has_word || field == Field::BackOn
}

/// Extra weight for a header that names what this kind is about and would be a mere reference elsewhere.
fn own_word(kind: Kind, field: Field, header: &str) -> i64 {
    let subject = match (kind, field) {
        (Kind::Opportunities, Field::ExternalId | Field::Stage | Field::ClosedOn)
        | (Kind::Orders, Field::ExternalId | Field::OrderedOn | Field::Line | Field::Quantity)
        | (Kind::Potential, Field::Amount | Field::Source)
        | (Kind::Capability, Field::Figure | Field::Rating)
        | (Kind::Leave, Field::LeaveType | Field::BackOn)
        | (Kind::Targets, Field::Amount | Field::Period)
        | (Kind::Units, Field::Parent | Field::Level) => true,
        (_, Field::Name) => normalize(header) != "name",
        _ => false,
    };
    // An amount of anything is no market's potential: only a word for it makes one.
    if kind == Kind::Potential && field == Field::Amount && is_any_amount(header) {
        return -300;
    }
    if subject { 50 } else { 0 }
}

/// Whether a header names an amount without saying of what.
fn is_any_amount(header: &str) -> bool {
    let header = normalize(header);
    let labels = [Lang::ZhCn, Lang::En].map(|lang| normalize(Field::Amount.label(lang)));
    labels.contains(&header)
}

#[cfg(test)]
#[path = "header_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "header_facts_tests.rs"]
mod facts_tests;
