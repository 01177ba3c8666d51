//! Icons: a few strokes on a grid of 16, drawn with the colour of the text around them.

use leptos::prelude::*;

/// Which icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Glyph {
    /// Set: a sight.
    Set,
    /// Split: a tree.
    Split,
    /// Track: a rising line.
    Track,
    /// Act: a list being ticked off.
    Act,
    /// Review: the clock turned back.
    Review,
    /// The own target: rings.
    Target,
    /// Data: a store.
    Data,
    /// Admin: sliders.
    Admin,
    /// Home.
    Home,
    /// People.
    People,
    /// A calendar sheet.
    Calendar,
    /// A magnifier.
    Search,
    /// Opens downwards.
    Down,
    /// Leads to the right.
    Right,
    /// Leads back.
    Left,
    /// Sorted upwards.
    Up,
    /// Done.
    Check,
    /// Close or remove.
    Close,
    /// Add.
    Plus,
    /// A warning.
    Warning,
    /// Sent up to the server.
    Upload,
    /// Brought down as a file.
    Download,
    /// Start.
    Play,
    /// Light theme.
    Sun,
    /// Dark theme.
    Moon,
    /// Locked.
    Lock,
    /// Not locked.
    Unlock,
    /// Undo.
    Undo,
    /// Redo.
    Redo,
    /// A file.
    File,
    /// A clock.
    Clock,
    /// A speech bubble.
    Discuss,
    /// A bell: notices.
    Bell,
    /// More actions.
    More,
    /// Leave.
    Leave,
    /// The world: language.
    Globe,
    /// A pen: edit.
    Edit,
    /// A bin: remove.
    Trash,
    /// A circle with an i.
    Info,
    /// Columns side by side.
    Columns,
    /// Start over, refresh.
    Again,
}

impl Glyph {
    fn markup(self) -> &'static str {
        match self {
            Self::Set => {
                r#"<circle cx="8" cy="8" r="4.2"/><path d="M8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2"/><circle cx="8" cy="8" r=".8" fill="currentColor"/>"#
            }
            Self::Split => {
                r#"<path d="M8 2v6.2M3.2 8.2v-3h9.6v3"/><rect x="1.8" y="9.4" width="2.8" height="4" rx=".6"/><rect x="6.6" y="9.4" width="2.8" height="4" rx=".6"/><rect x="11.4" y="9.4" width="2.8" height="4" rx=".6"/>"#
            }
            Self::Track => r#"<path d="M2 13.5h12M2.5 10.5l3.2-3.4 2.6 2 5-5.6M10.6 3.5h2.7v2.7"/>"#,
            Self::Act => r#"<path d="M2 3.5h8M2 8h5M2 12.5h4M8.5 11.2l2 2 3.7-4.4"/>"#,
            Self::Review => r#"<path d="M13.6 8A5.6 5.6 0 1 1 11.8 3.9M12.2 1.6v2.7H9.5M8 5v3.2l2 1.4"/>"#,
            Self::Target => r#"<circle cx="8" cy="8" r="6"/><circle cx="8" cy="8" r="2.6"/>"#,
            Self::Data => {
                r#"<ellipse cx="8" cy="3.8" rx="5" ry="2"/><path d="M3 3.8v8.4c0 1.1 2.2 2 5 2s5-.9 5-2V3.8M3 8c0 1.1 2.2 2 5 2s5-.9 5-2"/>"#
            }
            Self::Admin => {
                r#"<path d="M2 4.5h6.5M12 4.5h2M2 11.5h2M7.5 11.5H14"/><circle cx="10.2" cy="4.5" r="1.7"/><circle cx="5.8" cy="11.5" r="1.7"/>"#
            }
            Self::Home => r#"<path d="M2.4 7.2L8 2.4l5.6 4.8v6.2H9.8V9.6H6.2v3.8H2.4z"/>"#,
            Self::People => {
                r#"<circle cx="6" cy="5.4" r="2.4"/><path d="M1.5 13.4c.3-2.7 2-4.1 4.5-4.1s4.2 1.4 4.5 4.1M10.4 3.2a2.4 2.4 0 0 1 0 4.4M12 9.6c1.5.5 2.3 1.8 2.5 3.8"/>"#
            }
            Self::Calendar => {
                r#"<rect x="2.2" y="3.2" width="11.6" height="10.6" rx="1.2"/><path d="M2.2 6.6h11.6M5.4 1.8v2.6M10.6 1.8v2.6"/>"#
            }
            Self::Search => r#"<circle cx="7" cy="7" r="4.4"/><path d="M10.3 10.3L14 14"/>"#,
            Self::Down => r#"<path d="M3.5 6L8 10.5 12.5 6"/>"#,
            Self::Right => r#"<path d="M6 3.5L10.5 8 6 12.5"/>"#,
            Self::Left => r#"<path d="M10 3.5L5.5 8l4.5 4.5"/>"#,
            Self::Up => r#"<path d="M3.5 10L8 5.5l4.5 4.5"/>"#,
            Self::Check => r#"<path d="M3 8.5l3.3 3.3L13 4.8"/>"#,
            Self::Close => r#"<path d="M4 4l8 8M12 4l-8 8"/>"#,
            Self::Plus => r#"<path d="M8 3v10M3 8h10"/>"#,
            Self::Warning => r#"<path d="M8 2.2L14.4 13.4H1.6zM8 6.6v3.2M8 11.6v.1"/>"#,
            Self::Upload => {
                r#"<path d="M8 10.5V2.8M4.8 5.8L8 2.6l3.2 3.2M2.6 10.4v2.2c0 .6.4 1 1 1h8.8c.6 0 1-.4 1-1v-2.2"/>"#
            }
            Self::Download => {
                r#"<path d="M8 2.6v7.8M4.8 7.4L8 10.6l3.2-3.2M2.6 10.4v2.2c0 .6.4 1 1 1h8.8c.6 0 1-.4 1-1v-2.2"/>"#
            }
            Self::Play => r#"<path d="M4.5 2.8v10.4L13 8z"/>"#,
            Self::Sun => {
                r#"<circle cx="8" cy="8" r="2.8"/><path d="M8 1.6v1.6M8 12.8v1.6M1.6 8h1.6M12.8 8h1.6M3.5 3.5l1.1 1.1M11.4 11.4l1.1 1.1M3.5 12.5l1.1-1.1M11.4 4.6l1.1-1.1"/>"#
            }
            Self::Moon => r#"<path d="M13.4 9.6A5.8 5.8 0 0 1 6.4 2.6a5.8 5.8 0 1 0 7 7z"/>"#,
            Self::Lock => {
                r#"<rect x="3.2" y="7" width="9.6" height="6.6" rx="1.2"/><path d="M5.2 7V5a2.8 2.8 0 0 1 5.6 0v2"/>"#
            }
            Self::Unlock => {
                r#"<rect x="3.2" y="7" width="9.6" height="6.6" rx="1.2"/><path d="M5.2 7V5a2.8 2.8 0 0 1 5.4-1"/>"#
            }
            Self::Undo => r#"<path d="M5.5 3L2.5 6l3 3M2.8 6h6.4a3.8 3.8 0 0 1 0 7.6H6.5"/>"#,
            Self::Redo => r#"<path d="M10.5 3l3 3-3 3M13.2 6H6.8a3.8 3.8 0 0 0 0 7.6h2.7"/>"#,
            Self::File => {
                r#"<path d="M3.6 1.8h5.6l3.2 3.2v9.2H3.6zM9 1.8v3.4h3.4M5.8 8.2h4.4M5.8 10.8h4.4"/>"#
            }
            Self::Clock => r#"<circle cx="8" cy="8" r="6"/><path d="M8 4.6V8l2.4 1.5"/>"#,
            Self::Discuss => r#"<path d="M2.2 3.4h11.6v7.8H7.4l-3 2.6v-2.6H2.2z"/>"#,
            Self::Bell => r#"<path d="M3.2 11.6h9.6l-1.2-1.7V7a3.6 3.6 0 0 0-7.2 0v2.9zM6.6 13.8h2.8"/>"#,
            Self::More => {
                r#"<circle cx="3.4" cy="8" r=".8" fill="currentColor"/><circle cx="8" cy="8" r=".8" fill="currentColor"/><circle cx="12.6" cy="8" r=".8" fill="currentColor"/>"#
            }
            Self::Leave => r#"<path d="M6.4 2.6H3.2v10.8h3.2M10 5l3 3-3 3M12.8 8H6.4"/>"#,
            Self::Globe => {
                r#"<circle cx="8" cy="8" r="6"/><path d="M2 8h12M8 2c2 2 2.6 4 2.6 6S10 12 8 14c-2-2-2.6-4-2.6-6S6 4 8 2z"/>"#
            }
            Self::Edit => r#"<path d="M10.6 3.2l2.2 2.2-7.4 7.4-2.8.6.6-2.8z"/>"#,
            Self::Trash => r#"<path d="M2.8 4.4h10.4M6 4.4V2.6h4v1.8M4.2 4.4l.6 9h6.4l.6-9"/>"#,
            Self::Info => r#"<circle cx="8" cy="8" r="6"/><path d="M8 7.4v3.4M8 5.2v.1"/>"#,
            Self::Columns => {
                r#"<rect x="1.8" y="2.8" width="5" height="10.4" rx="1"/><rect x="9.2" y="2.8" width="5" height="10.4" rx="1"/>"#
            }
            Self::Again => r#"<path d="M13.4 8A5.4 5.4 0 1 1 11.6 4M11.8 1.8V4.400H9.200"/>"#,
        }
    }
}

/// How large an icon is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IconSize {
    /// 12 px: beside small words.
    Small,
    /// 16 px.
    #[default]
    Normal,
    /// 20 px: rail and tiles.
    Large,
}

/// An icon; hidden from screen readers, so a button with nothing else needs an `aria-label`.
#[component]
pub fn Icon(
    /// Which.
    glyph: Glyph,
    /// How large.
    #[prop(optional)]
    size: IconSize,
) -> impl IntoView {
    let class = match size {
        IconSize::Small => "ic s",
        IconSize::Normal => "ic",
        IconSize::Large => "ic l",
    };
    view! { <svg class=class viewBox="0 0 16 16" aria-hidden="true" inner_html=glyph.markup()></svg> }
}
