//! The options of an import: JSON from the API, the command line or the page.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calendar::DateOrder;
use crate::format::Lang;
use crate::import::{Field, Kind};

/// What to do with a reference nobody knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnMissing {
    /// Make it.
    Create,
    /// Reject the row and suggest the nearest known name.
    #[default]
    Reject,
}

/// What an empty cell means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Blank {
    /// Leave what is stored as it is.
    #[default]
    Keep,
    /// Empty the stored field.
    Clear,
}

/// How targets lie in the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// One row per carrier and period.
    Long,
    /// One row per carrier, months (or quarters) as columns.
    Wide,
}

/// How the bytes of a text file are read; without it they are recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// UTF-8, with or without BOM.
    #[serde(alias = "utf-8", alias = "UTF-8", alias = "UTF8")]
    Utf8,
    /// UTF-16, the order from the BOM, little-endian without one.
    #[serde(
        alias = "utf-16",
        alias = "UTF-16",
        alias = "UTF16",
        alias = "utf-16le",
        alias = "UTF-16LE"
    )]
    Utf16,
    /// GBK and its superset GB18030.
    #[serde(
        alias = "GBK",
        alias = "gb2312",
        alias = "GB2312",
        alias = "gb18030",
        alias = "GB18030"
    )]
    Gbk,
}

/// In which order a date of three numbers is meant. On the wire `ymd`, `dmy`, `mdy`, `auto`, or a pattern such as
/// `DD/MM/YYYY`, `%d.%m.%Y`, `yyyy-MM-dd`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DateFormat(pub Option<DateOrder>);

impl TryFrom<String> for DateFormat {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        if text.trim().eq_ignore_ascii_case("auto") {
            return Ok(Self(None));
        }
        DateOrder::parse(&text).map(|order| Self(Some(order))).ok_or_else(|| {
            format!("date_format \"{text}\" is not understood: use ymd, dmy, mdy, auto or a pattern like DD/MM/YYYY")
        })
    }
}

impl From<DateFormat> for String {
    fn from(format: DateFormat) -> Self {
        format.0.map_or("auto", DateOrder::as_str).to_owned()
    }
}

/// Every option; what is not given has its default. An unknown name is refused by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Check only, write nothing.
    pub dry_run: bool,
    /// Unknown references: `create` or `reject`.
    pub on_missing: OnMissing,
    /// Empty cells: `keep` or `clear`.
    pub blank: Blank,
    /// Field name (one of [`Field::ALIASED`]) → (text in the file → text meant), for example
    /// `{"product":{"GTXPro":"GTX Pro"}}`.
    pub aliases: BTreeMap<String, BTreeMap<String, String>>,
    /// `utf8`, `utf16` or `gbk`; recognised when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
    /// `ymd`, `dmy`, `mdy`, `auto` or a pattern.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_format: Option<DateFormat>,
    /// ISO 4217 code the amounts are in; must be the organization's. Absent: the organization's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Name of the sheet of a workbook; the first when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Targets: `long` or `wide`; recognised by the headers when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layout: Option<Layout>,
    /// Amounts are written in this many currency units: `1`, `1000`, `10000`; words `unit`, `thousand`, `万` … are read too.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "unit::deserialize"
    )]
    pub unit: Option<u32>,
    /// Targets: `true` makes them the plan of record at once, `false` a draft. Absent: files of the page become drafts; files of
    /// programs go on record, unless that replaced a plan that people made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publish: Option<bool>,
}

/// Why options were refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionsError {
    /// An option that does not exist.
    #[error("unknown option \"{name}\"; the options are {}", Options::NAMES.join(", "))]
    Unknown {
        /// The name that was sent.
        name: String,
    },
    /// Aliases of a field that does not exist, or whose cells name nothing.
    #[error(
        "`aliases`: there is no field \"{name}\" that takes aliases; those that do are {}",
        Field::ALIASED.map(Field::as_str).join(", ")
    )]
    Aliases {
        /// The name that was sent.
        name: String,
    },
    /// The text is not the JSON of an object, or a value does not fit its option.
    #[error("the options cannot be read: {detail}")]
    Malformed {
        /// What did not fit, without internals.
        detail: String,
    },
}

impl OptionsError {
    /// What people read.
    pub fn words(&self, lang: Lang) -> String {
        match (self, lang) {
            (_, Lang::En) => self.to_string(),
            (Self::Unknown { name }, Lang::ZhCn) => {
                format!(
                    "没有名为“{name}”的选项；可用的选项：{}",
                    Options::NAMES.join("、")
                )
            }
            (Self::Aliases { name }, Lang::ZhCn) => format!(
                "aliases 里的“{name}”不是可用别名的字段；可用的有：{}",
                Field::ALIASED.map(Field::as_str).join("、")
            ),
            (Self::Malformed { detail }, Lang::ZhCn) => format!("选项无法识别：{detail}"),
        }
    }
}

impl Options {
    /// The names of all options.
    pub const NAMES: [&str; 11] = [
        "dry_run",
        "on_missing",
        "blank",
        "aliases",
        "encoding",
        "date_format",
        "currency",
        "sheet",
        "layout",
        "unit",
        "publish",
    ];

    /// Checks the names of a decoded object before `Options` is read from it, so that the answer can name the stranger:
    /// serde's own message would do so only in its prose.
    pub fn check_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<(), OptionsError> {
        match names.into_iter().find(|name| !Self::NAMES.contains(name)) {
            Some(name) => Err(OptionsError::Unknown {
                name: name.to_owned(),
            }),
            None => Ok(()),
        }
    }

    /// Checks that every field with aliases takes some, in files of a kind or, where it is not said, of any.
    pub fn check_aliases(&self, kind: Option<Kind>) -> Result<(), OptionsError> {
        let kinds: Vec<Kind> = kind.map_or_else(|| Kind::ALL.to_vec(), |kind| vec![kind]);
        let takes = |name: &str| {
            kinds
                .iter()
                .filter_map(|kind| Field::parse(*kind, name))
                .any(|field| Field::ALIASED.contains(&field))
        };
        match self.aliases.keys().find(|name| !takes(name)) {
            Some(name) => Err(OptionsError::Aliases { name: name.clone() }),
            None => Ok(()),
        }
    }

    /// How many currency units an amount of 1 stands for.
    pub fn unit(&self) -> u32 {
        self.unit.unwrap_or(1)
    }

    /// The declared order of dates.
    pub fn date_order(&self) -> Option<DateOrder> {
        self.date_format.and_then(|format| format.0)
    }
}

mod unit {
    //! `unit` as a number or as a word.

    use serde::{Deserialize, Deserializer, de::Error};

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Raw {
        Number(u32),
        Word(String),
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
        let raw = Option::<Raw>::deserialize(deserializer)
            .map_err(|_| D::Error::custom("unit must be 1, 1000, 10000, \"thousand\" or \"万\""))?;
        let Some(raw) = raw else { return Ok(None) };
        let word = match raw {
            Raw::Number(number) => number.to_string(),
            Raw::Word(word) => word,
        };
        let factor = match word.trim().to_lowercase().as_str() {
            "1" | "unit" | "units" | "one" | "元" => 1,
            "100" | "hundred" | "百" => 100,
            "1000" | "thousand" | "thousands" | "k" | "千" | "千元" => 1_000,
            "10000" | "万" | "万元" | "wan" => 10_000,
            "1000000" | "million" | "millions" | "m" | "百万" => 1_000_000,
            "100000000" | "亿" | "亿元" => 100_000_000,
            _ => {
                return Err(D::Error::custom(format!(
                    "unit \"{word}\" is not understood: use 1, 1000, 10000, \"thousand\" or \"万\""
                )));
            }
        };
        Ok(Some(factor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_and_strangers_named() {
        let options: Options = serde_json::from_str(
            r#"{"dry_run":true,"on_missing":"create","blank":"clear","aliases":{"product":{"GTXPro":"GTX Pro"}},
                "encoding":"GBK","date_format":"DD/MM/YYYY","currency":"CNY","sheet":"S","layout":"wide","unit":"thousand"}"#,
        )
        .unwrap();
        assert!(options.dry_run && options.on_missing == OnMissing::Create && options.blank == Blank::Clear);
        assert_eq!(options.unit(), 1_000);
        assert_eq!(options.date_order(), Some(DateOrder::Dmy));
        assert_eq!(options.encoding, Some(Encoding::Gbk));
        let json = serde_json::to_string(&options).unwrap();
        assert_eq!(serde_json::from_str::<Options>(&json).unwrap(), options);
        assert_eq!(serde_json::from_str::<Options>("{}").unwrap(), Options::default());
        for bad in [
            r#"{"dryrun":true}"#,
            r#"{"unit":7}"#,
            r#"{"date_format":"x"}"#,
            r#"{"blank":"erase"}"#,
        ] {
            assert!(serde_json::from_str::<Options>(bad).is_err(), "{bad}");
        }
        let error = Options::check_names(["dry_run", "speed"]).unwrap_err();
        assert!(error.to_string().contains("\"speed\"") && error.words(Lang::ZhCn).contains("speed"));
    }

    #[test]
    fn aliases_are_of_fields_that_name_something() {
        let of = |field: &str, kind| {
            let options: Options =
                serde_json::from_value(serde_json::json!({"aliases": {field: {"a": "b"}}})).unwrap();
            options.check_aliases(kind)
        };
        assert_eq!(of("product", None), Ok(()));
        assert_eq!(of("产品", Some(Kind::Opportunities)), Ok(()));
        for (field, kind) in [("colour", None), ("amount", None), ("product", Some(Kind::Units))] {
            let error = of(field, kind).unwrap_err();
            for lang in [Lang::ZhCn, Lang::En] {
                let words = error.words(lang);
                assert!(words.contains(field) && words.contains("member"), "{words}");
            }
        }
    }

    #[test]
    fn the_list_of_names_is_complete() {
        let full = Options {
            encoding: Some(Encoding::Utf8),
            date_format: Some(DateFormat(None)),
            currency: Some("CNY".into()),
            sheet: Some("1".into()),
            layout: Some(Layout::Long),
            unit: Some(1),
            publish: Some(true),
            ..Options::default()
        };
        let json = serde_json::to_value(full).unwrap();
        let mut names: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
        let mut listed = Options::NAMES.to_vec();
        names.sort();
        listed.sort_unstable();
        assert_eq!(names, listed);
    }
}
