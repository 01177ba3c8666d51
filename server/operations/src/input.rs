//! Text people type, checked once and in the same words.

use crate::Error;

/// Longest name of a person, a unit, a token.
const NAME_CHARS: usize = 100;
/// Longest address (RFC 5321, 4.5.3.1.3, less the brackets).
const EMAIL_BYTES: usize = 254;

/// A name: trimmed, of one line, 1 to 100 characters.
pub(crate) fn name(text: &str, field: &str) -> Result<String, Error> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARS || name.chars().any(char::is_control) {
        return Err(Error::invalid_field(
            "bad_name",
            field,
            format!("名称须为一行文字，1 到 {NAME_CHARS} 个字符。"),
            format!("A name is one line of 1 to {NAME_CHARS} characters."),
        ));
    }
    Ok(name.to_owned())
}

/// Like [`name`]; blank is nothing.
pub(crate) fn optional_name(text: Option<&str>, field: &str) -> Result<Option<String>, Error> {
    text.filter(|text| !text.trim().is_empty())
        .map(|text| name(text, field))
        .transpose()
}

/// Words of one or several lines: trimmed; blank is nothing.
pub(crate) fn optional_words(text: Option<&str>, field: &str, most: usize) -> Result<Option<String>, Error> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let bad = |sign: char| sign.is_control() && !matches!(sign, '\n' | '\r' | '\t');
    if text.chars().count() > most || text.chars().any(bad) {
        return Err(Error::invalid_field(
            "bad_words",
            field,
            format!("最多 {most} 个字符，且不能有控制字符。"),
            format!("At most {most} characters, and no control characters."),
        ));
    }
    Ok(Some(text.to_owned()))
}

/// An e-mail address in lower case: something, one @, something.
pub(crate) fn email(text: &str) -> Result<String, Error> {
    let email = text.trim().to_lowercase();
    let good = email.len() <= EMAIL_BYTES
        && !email.chars().any(|c| c.is_whitespace() || c.is_control())
        && email
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    if good {
        Ok(email)
    } else {
        Err(Error::invalid_field(
            "bad_email",
            "email",
            "邮箱地址应形如 name@company.com。",
            "An e-mail address looks like name@company.com.",
        ))
    }
}

/// `zh-CN` or `en`.
pub(crate) fn language(text: &str) -> Result<String, Error> {
    match text {
        "zh-CN" | "en" => Ok(text.to_owned()),
        _ => Err(Error::invalid_field(
            "bad_language",
            "language",
            "语言为 zh-CN 或 en。",
            "The language is zh-CN or en.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_names() {
        assert_eq!(
            email(" Wang.Lin@Spruce.Example ").unwrap(),
            "wang.lin@spruce.example"
        );
        for bad in ["", "a", "@b", "a@", "a@b@c", "a b@c", "a\n@b"] {
            assert!(email(bad).is_err(), "{bad:?}");
        }
        assert_eq!(name("  华东  ", "name").unwrap(), "华东");
        assert!(name(" ", "name").is_err() && name("a\u{0}b", "name").is_err());
        assert!(name(&"长".repeat(101), "name").is_err());
        assert_eq!(optional_name(Some("  "), "code").unwrap(), None);
    }
}
