//! Tag: a word about a thing. Standing: where something is against its pace, as glyph and number.

use leptos::prelude::*;

/// What a tag says beside its word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TagKind {
    /// Nothing.
    #[default]
    Plain,
    /// A name of what is counted.
    Line,
    /// Can be acted on, is being worked on.
    Accent,
    /// Held in place.
    Locked,
    /// Another person.
    Peer,
    /// In the colour of a standing.
    Standing(Standing),
}

/// Where something is against the expected pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// 102 % and more.
    Ahead,
    /// 97 to 102 %.
    OnPace,
    /// 93 to 97 %.
    Behind,
    /// Below 93 %.
    Far,
}

impl Standing {
    /// The standing of a pace in millionths (1,000,000 = exactly as expected).
    pub fn of_pace_ppm(pace_ppm: i64) -> Self {
        match pace_ppm {
            1_020_000.. => Self::Ahead,
            970_000.. => Self::OnPace,
            930_000.. => Self::Behind,
            _ => Self::Far,
        }
    }

    /// The word in class names: `ahead`, `onpace`, `behind`, `far`.
    pub fn class(self) -> &'static str {
        match self {
            Self::Ahead => "ahead",
            Self::OnPace => "onpace",
            Self::Behind => "behind",
            Self::Far => "far",
        }
    }

    fn glyph(self) -> &'static str {
        match self {
            Self::Ahead => r#"<path d="M5 1.2L9.4 8.8H.6z" fill="currentColor"/>"#,
            Self::OnPace => r#"<circle cx="5" cy="5" r="3.3" fill="currentColor"/>"#,
            Self::Behind => {
                r#"<path d="M5 8.6L1 1.7h8z" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round"/>"#
            }
            Self::Far => r#"<path d="M5 8.8L.6 1.2h8.8z" fill="currentColor"/>"#,
        }
    }
}

/// A word about a thing.
#[component]
pub fn Tag(
    /// What it says beside its word.
    #[prop(optional)]
    kind: TagKind,
    /// The word.
    children: Children,
) -> impl IntoView {
    let class = match kind {
        TagKind::Plain => "tag".to_owned(),
        TagKind::Line => "tag line".to_owned(),
        TagKind::Accent => "tag t-accent".to_owned(),
        TagKind::Locked => "tag t-locked".to_owned(),
        TagKind::Peer => "tag t-peer".to_owned(),
        TagKind::Standing(standing) => format!("tag t-{}", standing.class()),
    };
    view! { <span class=class>{children()}</span> }
}

/// A glyph for the standing, and the number that says the same.
#[component]
pub fn StandingMark(
    /// Where it stands.
    standing: Standing,
    /// The number.
    children: Children,
) -> impl IntoView {
    view! {
        <span class=format!("st is-{}", standing.class())>
            <svg viewBox="0 0 10 10" aria-hidden="true" inner_html=standing.glyph()></svg>
            {children()}
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::Standing;

    #[test]
    fn the_borders_of_the_standings() {
        assert_eq!(Standing::of_pace_ppm(1_020_000), Standing::Ahead);
        assert_eq!(Standing::of_pace_ppm(1_019_999), Standing::OnPace);
        assert_eq!(Standing::of_pace_ppm(970_000), Standing::OnPace);
        assert_eq!(Standing::of_pace_ppm(969_999), Standing::Behind);
        assert_eq!(Standing::of_pace_ppm(929_999), Standing::Far);
        assert_eq!(Standing::of_pace_ppm(-5), Standing::Far);
    }
}
