//! Avatar: a person as one sign.

use leptos::prelude::*;

/// The first sign of a name: the family name in Chinese, the initial otherwise.
fn sign(name: &str) -> String {
    name.trim()
        .chars()
        .next()
        .map(|sign| crate::words::raised(sign.encode_utf8(&mut [0; 4])))
        .unwrap_or_default()
}

/// A person as one sign; the name is read by screen readers unless it stands beside it.
#[component]
pub fn Avatar(
    /// The whole name.
    #[prop(into)]
    name: String,
    /// Small and without weight: in rows.
    #[prop(optional)]
    quiet: bool,
) -> impl IntoView {
    let class = if quiet { "av quiet xs" } else { "av" };
    view! {
        <span class=class title=name.clone() aria-hidden="true">
            {sign(&name)}
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::sign;

    #[test]
    fn a_name_becomes_one_sign() {
        assert_eq!(sign("韩磊"), "韩");
        assert_eq!(sign(" anna"), "A");
        assert_eq!(sign(""), "");
    }
}
