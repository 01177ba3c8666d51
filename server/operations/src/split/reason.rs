//! The reason that is sent with a command: in the words of who sends it, and not in the place of the program's own.

use domain::reason::{LONGEST_REASON, is_reserved};

use crate::Error;

/// Refuses a reason that would speak for the program.
pub(crate) fn refuse_reserved(reason: &str) -> Result<(), Error> {
    if is_reserved(reason) {
        return Err(Error::invalid_field(
            "reason_reserved",
            "reason",
            "以“attain:”开头的原因由系统自己填写，请换一种写法。",
            "A reason that begins with \"attain:\" is the program's own: say it in other words.",
        ));
    }
    Ok(())
}

pub(super) fn check_reason(reason: Option<&str>) -> Result<(), Error> {
    let Some(reason) = reason else { return Ok(()) };
    refuse_reserved(reason)?;
    if reason.chars().count() > LONGEST_REASON {
        return Err(Error::invalid_field(
            "reason_too_long",
            "reason",
            format!("原因最多 {LONGEST_REASON} 个字。"),
            format!("A reason has at most {LONGEST_REASON} characters."),
        ));
    }
    Ok(())
}
