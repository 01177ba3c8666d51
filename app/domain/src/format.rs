//! Numbers, money, percentages and dates as people read them: the same text in the browser and on the server, in both
//! languages, without `Intl` or ICU. Negative numbers carry U+2212 (−); `money::parse` reads it back.

mod amount;
mod date;

use serde::{Deserialize, Serialize};

pub use amount::{
    Scale, chance, change, compact, count, currency, currency_words, fact, full, integer, money_cell,
    money_column, noted, percent, percent_change, ratio_percent, rows, spelled, symbol,
};
pub use date::{date, date_short, date_time, month, month_short, period, range, relative, weekday};

/// What stands where no figure can be given.
pub const NONE: &str = "—";

/// A language of the product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Lang {
    /// Simplified Chinese, the default.
    #[default]
    #[serde(rename = "zh-CN")]
    ZhCn,
    /// English.
    #[serde(rename = "en")]
    En,
}

impl Lang {
    /// Both, default first.
    pub const ALL: [Self; 2] = [Self::ZhCn, Self::En];

    /// The BCP 47 tag: `zh-CN` or `en`; also the stored name.
    pub fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }

    /// The language of a tag or a locale name (`zh`, `zh_CN.UTF-8`, `en-GB`); `None` for every other language.
    pub fn parse(name: &str) -> Option<Self> {
        let language = name.trim().split(['-', '_', '.', '@']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("zh") {
            Some(Self::ZhCn)
        } else if language.eq_ignore_ascii_case("en") {
            Some(Self::En)
        } else {
            None
        }
    }

    /// The text of this language, of a pair.
    pub fn pick<T>(self, zh: T, en: T) -> T {
        match self {
            Self::ZhCn => zh,
            Self::En => en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_recognized() {
        for (name, lang) in [
            ("zh", Some(Lang::ZhCn)),
            ("zh-CN", Some(Lang::ZhCn)),
            ("zh_CN.UTF-8", Some(Lang::ZhCn)),
            ("EN_us", Some(Lang::En)),
            ("C.UTF-8", None),
            ("", None),
        ] {
            assert_eq!(Lang::parse(name), lang, "{name}");
        }
        assert_eq!(serde_json::to_string(&Lang::ZhCn).unwrap(), "\"zh-CN\"");
    }
}
