//! From cells to typed rows: one `Reader` per file, one `read` per row.

mod cells;
mod kinds;

use std::collections::BTreeMap;
use std::collections::hash_map::{DefaultHasher, Entry, HashMap};
use std::hash::{BuildHasher, BuildHasherDefault};

use crate::calendar::{DateOrder, Fiscal};
use crate::format::Lang;
use crate::import::row::Record;
use crate::import::{Blank, Field, Kind, Layout, Mapping, MappingProblem, Options, Problem, Reason};
use crate::money::{AmountStyle, Currency, DecimalMark};

/// What the organization brings to reading a file.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The organization's currency.
    pub currency: Currency,
    /// Its fiscal year.
    pub fiscal: Fiscal,
    /// Fiscal year of target columns such as `7月` where the file has no year column.
    pub year: Option<u16>,
    /// How amounts separate their decimals.
    pub mark: DecimalMark,
}

/// Why a file cannot be read with this mapping and these options.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReaderError {
    /// The mapping does not do.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Mapping(Vec<MappingProblem>),
    /// Aliases for a field this kind does not have.
    #[error("aliases name `{name}`, which is no field of {}", .kind.as_str())]
    AliasField {
        /// The kind of the file.
        kind: Kind,
        /// The name as sent.
        name: String,
    },
    /// The amounts are said to be in another currency.
    #[error("the amounts are in {found}, the organization counts in {expected}: convert them first")]
    Currency {
        /// The organization's code.
        expected: String,
        /// The code named.
        found: String,
    },
    /// Wide was asked for, but no header is a period.
    #[error("layout `wide` needs periods as headers, such as 2017-07")]
    NotWide,
}

impl ReaderError {
    /// What people read.
    pub fn words(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Mapping(problems), _) => {
                let words: Vec<_> = problems.iter().map(|problem| problem.words(lang)).collect();
                words.join(lang.pick("；", "; "))
            }
            (_, Lang::En) => self.to_string(),
            (Self::AliasField { kind, name }, Lang::ZhCn) => {
                format!("别名里的“{name}”不是{}的字段", kind.label(lang))
            }
            (Self::Currency { expected, found }, Lang::ZhCn) => {
                format!("金额的币种是 {found}，组织使用 {expected}，请先换算")
            }
            (Self::NotWide, Lang::ZhCn) => "宽表需要以月份作表头，例如 2017-07".to_owned(),
        }
    }
}

/// Reads the rows of one file.
#[derive(Debug)]
pub struct Reader {
    mapping: Mapping,
    /// Column of each field, by `Field as usize`.
    columns: Vec<Option<usize>>,
    /// Aliases of each field, by `Field as usize`.
    aliases: Vec<BTreeMap<String, String>>,
    blank: Blank,
    order: Option<DateOrder>,
    /// How amounts are written in this file.
    style: AmountStyle,
    layout: Layout,
    setting: Setting,
}

impl Reader {
    /// Longest name, code or other text of a cell, in characters.
    pub const MAX_TEXT: usize = 200;

    /// A reader for a mapping without problems; the options' own contradictions are found here.
    pub fn new(mapping: Mapping, options: &Options, setting: Setting) -> Result<Self, ReaderError> {
        let mut mapping = mapping;
        if options.layout == Some(Layout::Long) {
            mapping.make_long();
        }
        if !mapping.is_usable() {
            return Err(ReaderError::Mapping(mapping.problems));
        }
        if mapping.kind == Kind::Targets
            && options.layout == Some(Layout::Wide)
            && mapping.layout() == Layout::Long
        {
            return Err(ReaderError::NotWide);
        }
        if let Some(found) = &options.currency
            && !found.trim().eq_ignore_ascii_case(&setting.currency.code)
        {
            return Err(ReaderError::Currency {
                expected: setting.currency.code,
                found: found.trim().to_uppercase(),
            });
        }
        let mut columns = vec![None; Field::ALL.len()];
        let mut aliases = vec![BTreeMap::new(); Field::ALL.len()];
        for &field in Field::ALL {
            columns[field as usize] = mapping.column_of(field);
        }
        for (name, pairs) in &options.aliases {
            let field = Field::parse(mapping.kind, name).ok_or_else(|| ReaderError::AliasField {
                kind: mapping.kind,
                name: name.clone(),
            })?;
            for (from, to) in pairs {
                aliases[field as usize].insert(from.trim().to_owned(), to.trim().to_owned());
            }
        }
        Ok(Self {
            columns,
            aliases,
            blank: options.blank,
            order: options.date_order(),
            style: AmountStyle {
                mark: setting.mark,
                unit: options.unit(),
            },
            layout: mapping.layout(),
            mapping,
            setting,
        })
    }

    /// What the file holds.
    pub fn kind(&self) -> Kind {
        self.mapping.kind
    }

    /// The mapping in use.
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// Long or wide.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Reads one row: `row` is its line as a spreadsheet counts (the header is 1), `width` its number of cells, `cell` gives
    /// their texts. `Ok(None)` for a row without any text. All problems of a row come together.
    pub fn read<'a>(
        &'a self,
        row: u64,
        width: usize,
        cell: impl Fn(usize) -> Option<&'a str>,
    ) -> Result<Option<Record<'a>>, Vec<Problem>> {
        let mut cells = cells::Cells::new(self, row, &cell);
        if (0..width).all(|index| cells.text(index).is_empty()) {
            return Ok(None);
        }
        let expected = self.mapping.columns.len();
        if width > expected && (expected..width).any(|index| !cells.text(index).is_empty()) {
            cells.problems.push(Problem::row(
                row,
                Reason::TooManyCells {
                    expected: expected as u32,
                    found: width as u32,
                },
            ));
        }
        let record = kinds::read(&mut cells);
        if !cells.problems.is_empty() {
            return Err(cells.problems);
        }
        Ok(record)
    }
}

/// Finds keys that come twice in a file, by a 64-bit hash of each (about 35 bytes per row; a chance of one in thirty
/// million that a million different keys hold a false pair).
#[derive(Debug, Default)]
pub struct Duplicates {
    hasher: BuildHasherDefault<DefaultHasher>,
    rows: HashMap<u64, u32, BuildHasherDefault<DefaultHasher>>,
}

impl Duplicates {
    /// Notes a key; the problem, if it was there before.
    pub fn note(&mut self, row: u64, key: &str) -> Option<Problem> {
        match self.rows.entry(self.hasher.hash_one(key)) {
            Entry::Occupied(first) => Some(Problem::row(
                row,
                Reason::Duplicate {
                    first_row: u64::from(*first.get()),
                },
            )),
            Entry::Vacant(place) => {
                place.insert(u32::try_from(row).unwrap_or(u32::MAX));
                None
            }
        }
    }
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
