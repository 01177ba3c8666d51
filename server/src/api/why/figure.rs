//! Which figure of a row is asked about.

use domain::line::LineBy;
use domain::why::Other;
use operations::Error;

/// Another figure than the amount, where one is named: `hedge`, `last_year`, `record`, or `line` with its dimension and key.
pub(super) fn other(
    of: Option<&str>,
    by: Option<&str>,
    key: Option<String>,
    of_period: bool,
) -> Result<Option<Other>, Error> {
    match (of, by, key) {
        (None, None, None) => Ok(None),
        (Some("hedge"), None, None) => Ok(Some(Other::Hedge)),
        (Some("last_year"), None, None) => Ok(Some(Other::LastYear)),
        (Some("record"), None, None) => Ok(Some(Other::Record)),
        // What comes from a line is told of the whole only.
        (Some("line"), Some(by), Some(key)) if !of_period => {
            let by = LineBy::parse(by).ok_or_else(unknown)?;
            Ok(Some(Other::Line { by, key }))
        }
        _ => Err(unknown()),
    }
}

fn unknown() -> Error {
    let names = LineBy::ALL.map(LineBy::as_str);
    Error::invalid_field(
        "unknown_figure",
        "of",
        format!(
            "of 可以是 hedge、last_year、record 或 line；line 还须写 by（{}）和 key，且不写 period。",
            names.join("、")
        ),
        format!(
            "of is hedge, last_year, record or line; line takes by ({}) and key, and no period.",
            names.join(", ")
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_named_whole_and_nothing_else_has_a_key() {
        let asked = |of: Option<&str>, by: Option<&str>, key: Option<&str>, of_period: bool| {
            other(of, by, key.map(str::to_owned), of_period).ok()
        };
        assert_eq!(asked(None, None, None, true), Some(None));
        assert_eq!(asked(Some("record"), None, None, true), Some(Some(Other::Record)));
        let line = Other::Line {
            by: LineBy::Product,
            key: "rest".to_owned(),
        };
        assert_eq!(
            asked(Some("line"), Some("product"), Some("rest"), false),
            Some(Some(line))
        );
        for (of, by, key, of_period) in [
            (Some("mood"), None, None, false),
            (Some("line"), None, Some("rest"), false),
            (Some("line"), Some("product"), None, false),
            (Some("line"), Some("colour"), Some("rest"), false),
            (Some("line"), Some("product"), Some("rest"), true),
            (Some("hedge"), Some("product"), None, false),
            (None, None, Some("rest"), false),
        ] {
            assert_eq!(asked(of, by, key, of_period), None, "{of:?} {by:?} {key:?}");
        }
    }
}
