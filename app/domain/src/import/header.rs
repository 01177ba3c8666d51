//! Which column is which field.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::format::Lang;
use crate::import::field::{FieldSpec, Need};
use crate::import::wide::{PeriodHeader, period_header};
use crate::import::{Field, Kind, Layout, fields, similar};

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

/// What a column is used for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Role {
    /// It is not imported.
    Ignored,
    /// It holds a field.
    Field {
        /// The field.
        field: Field,
    },
    /// It holds the targets of one period (wide sheets).
    Period {
        /// What the header says.
        header: PeriodHeader,
    },
}

/// One column of the file and what it is used for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnMatch {
    /// The header as written.
    pub header: String,
    /// What it is used for.
    #[serde(flatten)]
    pub role: Role,
    /// How sure that is: 100 by name or by choice, less by likeness, 0 when ignored.
    pub confidence: u8,
}

/// What is wrong with a mapping; on the wire `{"code":"two_columns", …}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum MappingProblem {
    /// Two columns are mapped to one field.
    #[error("the columns \"{first}\" and \"{second}\" are both mapped to `{field}`: keep one")]
    TwoColumns {
        /// The field.
        field: Field,
        /// Header of the first column.
        first: String,
        /// Header of the second column.
        second: String,
    },
    /// A field without which rows of this kind cannot be read has no column.
    #[error("no column is mapped to `{field}`, which is required")]
    Missing {
        /// The field.
        field: Field,
    },
    /// A target sheet without periods: neither a period column nor periods as headers.
    #[error("no column holds the period, and no header is a period such as 2017-07 or Jul 2017")]
    NoPeriod,
    /// The mapping names a header the file does not have.
    #[error("the mapping names a column \"{header}\" that the file does not have")]
    NoColumn {
        /// The header as named.
        header: String,
    },
    /// The mapping names a field that this kind does not have.
    #[error("`{name}` is no field of {}; its fields are {}", .kind.as_str(), field_names(*.kind))]
    NoField {
        /// The kind of the file.
        kind: Kind,
        /// The name as sent.
        name: String,
    },
    /// Two columns bear the same header, so a mapping by header cannot tell them apart.
    #[error("the header \"{header}\" stands above two columns: rename one")]
    SameHeader {
        /// The header.
        header: String,
    },
}

impl MappingProblem {
    /// What people read.
    pub fn words(&self, lang: Lang) -> String {
        if lang == Lang::En {
            return self.to_string();
        }
        match self {
            Self::TwoColumns { field, first, second } => {
                format!(
                    "“{first}”和“{second}”都对应到“{}”，请只保留一列",
                    field.label(lang)
                )
            }
            Self::Missing { field } => format!("缺少必需的列“{}”（{field}）", field.label(lang)),
            Self::NoPeriod => "没有周期列，表头里也没有 2017-07、7月 这样的月份".to_owned(),
            Self::NoColumn { header } => format!("文件里没有“{header}”这一列"),
            Self::NoField { kind, name } => {
                format!(
                    "{}没有字段“{name}”；可用的字段：{}",
                    kind.label(lang),
                    field_names(*kind)
                )
            }
            Self::SameHeader { header } => format!("有两列的表头都是“{header}”，请改掉一个"),
        }
    }
}

/// The names of a kind's fields, for messages.
fn field_names(kind: Kind) -> String {
    let names: Vec<_> = fields(kind).iter().map(|spec| spec.field.as_str()).collect();
    names.join(", ")
}

/// Every column with its use, in the order of the file, and what is wrong with that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// What the file holds.
    pub kind: Kind,
    /// One entry per column.
    pub columns: Vec<ColumnMatch>,
    /// Empty when rows can be read.
    pub problems: Vec<MappingProblem>,
}

impl Mapping {
    /// Position of the column of a field.
    pub fn column_of(&self, field: Field) -> Option<usize> {
        self.columns
            .iter()
            .position(|column| column.role == Role::Field { field })
    }

    /// Header of the column of a field.
    pub fn header_of(&self, field: Field) -> Option<&str> {
        self.column_of(field)
            .map(|index| self.columns[index].header.as_str())
    }

    /// Positions and headers of the period columns of a wide sheet.
    pub fn periods(&self) -> impl Iterator<Item = (usize, &PeriodHeader)> {
        self.columns
            .iter()
            .enumerate()
            .filter_map(|(index, column)| match &column.role {
                Role::Period { header } => Some((index, header)),
                Role::Ignored | Role::Field { .. } => None,
            })
    }

    /// Long or wide, by what the headers are.
    pub fn layout(&self) -> Layout {
        if self.periods().next().is_some() {
            Layout::Wide
        } else {
            Layout::Long
        }
    }

    /// Whether rows can be read.
    pub fn is_usable(&self) -> bool {
        self.problems.is_empty()
    }

    /// Field → header, as the API takes it.
    pub fn chosen(&self) -> BTreeMap<String, String> {
        let pairs = self.columns.iter().filter_map(|column| match column.role {
            Role::Field { field } => Some((field.as_str().to_owned(), column.header.clone())),
            Role::Ignored | Role::Period { .. } => None,
        });
        pairs.collect()
    }

    /// Finds what is wrong with the roles as they are.
    fn check(&mut self) {
        let mut held: BTreeMap<Field, &str> = BTreeMap::new();
        let mut problems = Vec::new();
        for column in &self.columns {
            let Role::Field { field } = column.role else {
                continue;
            };
            match held.get(&field) {
                Some(first) => problems.push(MappingProblem::TwoColumns {
                    field,
                    first: (*first).to_owned(),
                    second: column.header.clone(),
                }),
                None => {
                    held.insert(field, &column.header);
                }
            }
        }
        for spec in fields(self.kind) {
            if spec.required == Need::Required && !held.contains_key(&spec.field) {
                problems.push(MappingProblem::Missing { field: spec.field });
            }
        }
        if self.kind == Kind::Targets {
            let wide = self
                .columns
                .iter()
                .any(|column| matches!(column.role, Role::Period { .. }));
            let dated = held.contains_key(&Field::Period)
                || held.contains_key(&Field::Month)
                || held.contains_key(&Field::Year);
            if !held.contains_key(&Field::Member) && !held.contains_key(&Field::Unit) {
                problems.push(MappingProblem::Missing { field: Field::Member });
            }
            if !wide && !dated {
                problems.push(MappingProblem::NoPeriod);
            }
            if !wide && !held.contains_key(&Field::Amount) {
                problems.push(MappingProblem::Missing { field: Field::Amount });
            }
        }
        self.problems.append(&mut problems);
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
        .synonyms
        .iter()
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
    mapping
}

/// The column that a mapping names: exactly, else after normalisation.
fn find_header(headers: &[&str], wanted: &str) -> Result<usize, MappingProblem> {
    let wanted = wanted.trim();
    let exact = |header: &&str| *header == wanted;
    let loose = |header: &&str| normalize(header) == normalize(wanted);
    let found = if headers.iter().any(exact) {
        headers.iter().filter(|header| exact(header)).count()
    } else {
        headers.iter().filter(|header| loose(header)).count()
    };
    let index = headers
        .iter()
        .position(|header| exact(&header))
        .or_else(|| headers.iter().position(|header| loose(&header)));
    match (found, index) {
        (1, Some(index)) => Ok(index),
        (0, _) | (_, None) => Err(MappingProblem::NoColumn {
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
        let unreadable = mapping
            .problems
            .iter()
            .any(|problem| !matches!(problem, MappingProblem::TwoColumns { .. }));
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
    let mut score = 0;
    for column in &mapping.columns {
        score += match &column.role {
            Role::Ignored => -40,
            Role::Period { .. } => 30,
            Role::Field { field } => {
                let required = fields(mapping.kind)
                    .iter()
                    .any(|spec| spec.field == *field && spec.required == Need::Required);
                // A header that is the wire name of no kind but a synonym of this one distinguishes most.
                let own_word = own_word(mapping.kind, *field, &column.header);
                i64::from(column.confidence) * if required { 2 } else { 1 } + own_word
            }
        };
    }
    score
}

/// Extra weight for a header that names what this kind is about and would be a mere reference elsewhere.
fn own_word(kind: Kind, field: Field, header: &str) -> i64 {
    let subject = match (kind, field) {
        (Kind::Opportunities, Field::ExternalId | Field::Stage | Field::ClosedOn)
        | (Kind::Targets, Field::Amount | Field::Period)
        | (Kind::Units, Field::Parent | Field::Level) => true,
        (_, Field::Name) => normalize(header) != "name",
        _ => false,
    };
    if subject { 50 } else { 0 }
}
