//! Reasons that the program itself gives to a change: stored as a code with its values, told in the language of who reads. What
//! people wrote, and what an earlier program stored as a sentence, is told as it stands.

use crate::format::{self, Lang};
use crate::money::{Currency, Minor};

/// What the stored text of a reason of the program begins with; nobody writes so.
const MARK: &str = "attain:";

/// A reason for a command has at most so many letters.
pub const LONGEST_REASON: usize = 500;

/// A reason that the program gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnReason {
    /// A negotiation ended with this number.
    Agreed,
    /// A target stays, and what is missing of it was spread over what is left of the time.
    MadeUp {
        /// How much more there is in what is left; below zero: less.
        more: Minor,
    },
    /// It was pasted from a sheet.
    Pasted,
}

impl OwnReason {
    /// What programs know it by.
    pub fn code(self) -> &'static str {
        match self {
            Self::Agreed => "agreed",
            Self::MadeUp { .. } => "made_up",
            Self::Pasted => "pasted",
        }
    }

    /// The text that is stored with the command.
    pub fn stored(self) -> String {
        let code = self.code();
        match self {
            Self::MadeUp { more } => format!("{MARK}{code}:{}", more.0),
            Self::Agreed | Self::Pasted => format!("{MARK}{code}"),
        }
    }

    /// The reason that a stored text is, if the program gave it.
    pub fn read(text: &str) -> Option<Self> {
        let code = text.strip_prefix(MARK)?;
        match code.split_once(':') {
            None if code == "agreed" => Some(Self::Agreed),
            None if code == "pasted" => Some(Self::Pasted),
            Some(("made_up", more)) => {
                let more = more.parse().ok().map(Minor)?;
                Some(Self::MadeUp { more })
            }
            _ => None,
        }
    }

    /// Whether a page may give it; the others only the server knows.
    pub fn is_of_page(self) -> bool {
        self == Self::Pasted
    }

    /// The sentence.
    pub fn words(self, lang: Lang, currency: &Currency) -> String {
        match self {
            Self::Agreed => lang.pick("协商一致", "Agreed with who carries it").to_owned(),
            Self::Pasted => lang.pick("从表格粘贴", "Pasted from a spreadsheet").to_owned(),
            Self::MadeUp { more } => {
                let money = format::full(Minor(more.0.saturating_abs()), currency);
                match (lang, more.0 >= 0) {
                    (Lang::ZhCn, true) => format!("目标不变：剩余周期合计增加 {money}"),
                    (Lang::ZhCn, false) => format!("目标不变：剩余周期合计减少 {money}"),
                    (Lang::En, true) => format!("the target stays: {money} more in what is left"),
                    (Lang::En, false) => format!("the target stays: {money} less in what is left"),
                }
            }
        }
    }
}

/// A stored reason as it is told.
pub fn words(text: &str, lang: Lang, currency: &Currency) -> String {
    OwnReason::read(text).map_or_else(|| text.to_owned(), |own| own.words(lang, currency))
}

/// Whether a page must not give this reason: it would speak for the program.
pub fn is_reserved(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with(MARK) && !OwnReason::read(text).is_some_and(OwnReason::is_of_page)
}

/// A reason as somebody typed it: one line, no longer than is stored; none where nothing is said.
pub fn typed(text: &str) -> Option<String> {
    let line: String = text
        .trim()
        .chars()
        .map(|sign| if sign.is_control() { ' ' } else { sign })
        .take(LONGEST_REASON)
        .collect();
    let line = line.trim().to_owned();
    (!line.is_empty() && !is_reserved(&line)).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency() -> Currency {
        Currency {
            code: "CNY".into(),
            decimals: 2,
        }
    }

    #[test]
    fn what_the_program_gives_is_told_in_the_language_of_who_reads() {
        let all = [
            OwnReason::Agreed,
            OwnReason::Pasted,
            OwnReason::MadeUp { more: Minor(12_300) },
            OwnReason::MadeUp { more: Minor(-4) },
        ];
        for own in all {
            let stored = own.stored();
            assert_eq!(OwnReason::read(&stored), Some(own));
            assert_eq!(stored.split(':').nth(1), Some(own.code()));
            let [zh, en] = [Lang::ZhCn, Lang::En].map(|lang| words(&stored, lang, &currency()));
            assert_ne!(zh, en);
            assert!(!zh.contains(MARK) && !en.contains(MARK), "{zh} {en}");
        }
        let less = words("attain:made_up:-4", Lang::En, &currency());
        assert!(less.contains("0.04") && less.contains("less"), "{less}");
    }

    #[test]
    fn what_people_wrote_and_what_was_stored_before_stands() {
        for text in [
            "协商一致",
            "大客户",
            "",
            "attain:",
            "attain:unknown",
            "attain:made_up:x",
        ] {
            assert_eq!(words(text, Lang::En, &currency()), text);
        }
    }

    #[test]
    fn nobody_speaks_for_the_program() {
        for text in [" attain:agreed", "attain:made_up:5", "attain:anything"] {
            assert!(is_reserved(text), "{text}");
            assert_eq!(typed(text), None);
        }
        assert!(!is_reserved("attain:pasted") && !is_reserved("大客户"));
        assert_eq!(typed("  大客户\n下半年 ").as_deref(), Some("大客户 下半年"));
        assert_eq!(typed(" \n "), None);
        assert_eq!(
            typed(&"长".repeat(LONGEST_REASON + 5)).map(|text| text.chars().count()),
            Some(LONGEST_REASON)
        );
    }
}
