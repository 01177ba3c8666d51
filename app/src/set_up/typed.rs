//! What was typed into the form of the first run when it was refused: without our script the page is made anew, and nobody
//! likes to type twice. Passwords are never kept.

use serde::{Deserialize, Serialize};

/// What was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// What the organization is called.
    pub organization: String,
    /// What the owner is called.
    pub name: String,
    /// What the owner signs in with.
    pub email: String,
    /// Month the fiscal year starts in, 1 to 12; 0: not chosen yet.
    pub fiscal_start_month: u8,
    /// ISO 4217 code; empty: not chosen yet.
    pub currency: String,
    /// IANA name; empty: not chosen yet.
    pub zone: String,
}

#[cfg(feature = "ssr")]
mod cookie {
    use std::fmt::Write as _;

    use super::Typed;

    const NAME: &str = "first-run";
    /// What a cookie may hold of it, bytes before they are written as digits.
    const LONGEST: usize = 1_500;

    impl Typed {
        /// Keeps it for the page that is shown next, for those who sent a plain form.
        pub(crate) fn keep(&self) {
            let text = serde_json::to_string(self).unwrap_or_default();
            if text.len() <= LONGEST {
                crate::server::keep_shortly(NAME, "/set-up", &digits(&text));
            }
        }

        /// What was kept.
        pub(crate) fn kept() -> Self {
            crate::server::cookie_of_request(NAME)
                .and_then(|digits| read(&digits))
                .unwrap_or_default()
        }
    }

    /// The bytes of a text as hexadecimal digits: a cookie holds few other characters.
    fn digits(text: &str) -> String {
        text.bytes()
            .fold(String::with_capacity(text.len() * 2), |mut out, byte| {
                // Writing to a String cannot fail.
                let _ = write!(out, "{byte:02x}");
                out
            })
    }

    fn read(digits: &str) -> Option<Typed> {
        let bytes: Option<Vec<u8>> = digits
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
            .collect();
        serde_json::from_slice(&bytes?).ok()
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn what_was_typed_comes_back_whatever_it_is() {
            let typed = Typed {
                organization: "云杉仪器; \"Ltd\"".to_owned(),
                name: "欧阳 主".to_owned(),
                email: "a@b.c".to_owned(),
                fiscal_start_month: 4,
                currency: "EUR".to_owned(),
                zone: "Europe/Berlin".to_owned(),
            };
            let written = digits(&serde_json::to_string(&typed).unwrap_or_default());
            assert!(written.bytes().all(|byte| byte.is_ascii_hexdigit()));
            assert_eq!(read(&written), Some(typed));
            assert_eq!(read("zz"), None);
            assert_eq!(read(""), None);
        }
    }
}
