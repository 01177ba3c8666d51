//! A mapping of columns to fields, and what can be wrong with one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::format::Lang;
use crate::import::field::Need;
use crate::import::{Field, Kind, Layout, PeriodHeader, fields};

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
        /// What the header says; on the wire beside the column's own `header`, hence the other name.
        #[serde(rename = "period")]
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
    /// The mapping puts one column on two fields.
    #[error("the column \"{header}\" is mapped to two fields, the second is `{field}`: keep one")]
    OneColumn {
        /// Header of the column.
        header: String,
        /// The second field.
        field: Field,
    },
    /// A field without which rows of this kind cannot be read has no column.
    #[error("no column is mapped to `{field}`, which is required")]
    Missing {
        /// The field.
        field: Field,
    },
    /// The column that is meant for a required field by its header is mapped to another one.
    #[error("no column is mapped to `{field}`, which is required: \"{header}\" is mapped to `{other}`")]
    Elsewhere {
        /// The field without a column.
        field: Field,
        /// Header of the column.
        header: String,
        /// The field it is mapped to.
        other: Field,
    },
    /// A target sheet without periods: neither a period column nor periods as headers.
    #[error("no column holds the period, and no header is a period such as 2017-07 or Jul 2017")]
    NoPeriod,
    /// A wide sheet was asked for, but no header is a period.
    #[error("layout `wide` needs periods as headers, such as 2017-07")]
    NotWide,
    /// Two headers are the same period.
    #[error("the columns \"{first}\" and \"{second}\" are the same period: remove one")]
    TwoPeriods {
        /// Header of the first column.
        first: String,
        /// Header of the second column.
        second: String,
    },
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
            Self::OneColumn { header, field } => {
                format!(
                    "“{header}”同时对应两个字段（另一个是“{}”），请只保留一个",
                    field.label(lang)
                )
            }
            Self::Missing { field } => format!("缺少必需的列“{}”（{field}）", field.label(lang)),
            Self::Elsewhere { field, header, other } => format!(
                "缺少必需的列“{}”（{field}）：“{header}”现在对应到“{}”",
                field.label(lang),
                other.label(lang)
            ),
            Self::NoPeriod => "没有周期列，表头里也没有 2017-07、7月 这样的月份".to_owned(),
            Self::NotWide => "宽表需要以月份作表头，例如 2017-07".to_owned(),
            Self::TwoPeriods { first, second } => {
                format!("“{first}”和“{second}”是同一个周期，请删去一列")
            }
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

    /// Field → header once a person has put a column to another use (an empty field: to none), and the header of the
    /// column that loses the field to it. `before` is what was chosen so far.
    ///
    /// A field that is left without a column stays so (an empty header), or else its column would map itself again.
    pub fn choose(
        &self,
        before: Option<&BTreeMap<String, String>>,
        header: &str,
        field: &str,
    ) -> (BTreeMap<String, String>, Option<String>) {
        let mut chosen = before.cloned().unwrap_or_default();
        if before.is_none() {
            for column in self.columns.iter().filter(|column| column.header != header) {
                if let Role::Field { field } = column.role {
                    let place = chosen.entry(field.as_str().to_owned());
                    place.or_insert_with(|| column.header.clone());
                }
            }
            let own = self.columns.iter().find(|column| column.header == header);
            if let Some(Role::Field { field }) = own.map(|column| &column.role) {
                chosen.entry(field.as_str().to_owned()).or_default();
            }
        }
        for from in chosen.values_mut().filter(|from| *from == header) {
            from.clear();
        }
        let lost = if field.is_empty() {
            None
        } else {
            chosen.insert(field.to_owned(), header.to_owned())
        };
        (chosen, lost.filter(|lost| !lost.is_empty()))
    }

    /// Takes periods in headers for ordinary columns: the sheet is long although some headers look like periods.
    pub(super) fn make_long(&mut self) {
        if !self.is_usable() {
            return;
        }
        for column in &mut self.columns {
            if matches!(column.role, Role::Period { .. }) {
                column.role = Role::Ignored;
                column.confidence = 0;
            }
        }
        self.check();
    }

    /// Finds what is wrong with the roles as they are.
    pub(super) fn check(&mut self) {
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
            if spec.need == Need::Required && !held.contains_key(&spec.field) {
                problems.push(MappingProblem::Missing { field: spec.field });
            }
        }
        for missing in without_alternative(self.kind, |field| held.contains_key(&field)) {
            problems.push(MappingProblem::Missing { field: missing });
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
            let mut periods: BTreeMap<PeriodHeader, &str> = BTreeMap::new();
            for column in &self.columns {
                let Role::Period { header } = column.role else {
                    continue;
                };
                if let Some(first) = periods.insert(header, &column.header) {
                    problems.push(MappingProblem::TwoPeriods {
                        first: first.to_owned(),
                        second: column.header.clone(),
                    });
                }
            }
        }
        self.problems.append(&mut problems);
    }
}

/// Of fields one of which must have a column, the first, where none has.
fn without_alternative(kind: Kind, has: impl Fn(Field) -> bool) -> impl Iterator<Item = Field> {
    let any = |fields: &[Field]| fields.iter().any(|field| has(*field));
    let subject = [Field::Unit, Field::Product, Field::Account];
    let priced = has(Field::Price) && has(Field::Quantity);
    let missing = match kind {
        Kind::Orders => [
            (!priced && !any(&[Field::Net, Field::Gross, Field::Amount])).then_some(Field::Net),
            None,
        ],
        Kind::Potential => [
            (!any(&subject)).then_some(Field::Unit),
            (!any(&[Field::Period, Field::StartsOn])).then_some(Field::Period),
        ],
        Kind::Capability => [
            (!any(&[Field::Member, Field::Unit])).then_some(Field::Member),
            (!any(&[Field::Figure, Field::Rating])).then_some(Field::Figure),
        ],
        Kind::Leave => [
            (!any(&[Field::Member, Field::ExternalId, Field::Email])).then_some(Field::Member),
            (!any(&[Field::EndsOn, Field::BackOn])).then_some(Field::EndsOn),
        ],
        _ => [None, None],
    };
    missing.into_iter().flatten()
}
