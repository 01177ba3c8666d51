//! People as they are typed in.

use domain::people::MemberInput;

/// Somebody of whom only the name is known.
pub(crate) fn member(name: &str) -> MemberInput {
    MemberInput {
        name: name.to_owned(),
        external_id: None,
        email: None,
        hired_on: None,
        left_on: None,
    }
}
