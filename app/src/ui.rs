//! Our small design system: one file and one CSS partial (`style/ui/`) each.
//!
//! Rules that hold for all of them: no `style` attribute (the content security policy lets none in; widths of bars are
//! SVG attributes), no colour but a role of `style/tokens.css`, keyboard and screen reader first, and no key does
//! anything while an input method composes.

pub mod avatar;
pub mod button;
pub mod date;
pub mod dialog;
pub mod drop;
pub mod empty;
pub mod field;
pub mod icon;
pub mod menu;
pub mod more;
pub mod palette;
pub mod progress;
pub mod refusal;
pub mod segment;
pub mod select;
pub mod skeleton;
pub mod table;
pub mod tabs;
pub mod tag;
pub mod toast;
pub mod tooltip;
mod when;

pub use avatar::Avatar;
pub use button::{Button, ButtonKind, ButtonSize, ButtonType};
pub use date::DateField;
#[cfg(feature = "hydrate")]
pub(crate) use dialog::dialog_is_open;
pub use dialog::{Dialog, DialogPlace, provide_dialogs};
pub(crate) use dialog::{InUse, hold_while};
pub use drop::{DropZone, Files};
pub use empty::EmptyState;
pub use field::{Field, FieldKind};
pub use icon::{Glyph, Icon, IconSize};
pub use menu::{Menu, MenuAlign};
pub use more::MoreRows;
pub use palette::{Command, Commands, Palette, provide_commands};
pub use progress::{BarSize, Progress, Share};
pub use refusal::{ErrorView, words_of};
pub use segment::Segment;
pub use select::{Choice, Select};
pub use skeleton::Skeleton;
pub use table::{Align, Column, PlainRow, Table};
pub use tabs::{Tab, Tabs};
pub use tag::{Standing, StandingMark, Tag, TagKind};
pub use toast::{Toast, ToastAction, Toasts, provide_toasts, use_toasts};
pub use tooltip::Tooltip;
pub(crate) use when::when;

/// Whether a key stroke belongs to an input method that is composing (pinyin being typed): then it is not ours.
pub fn is_composing(event: &leptos::ev::KeyboardEvent) -> bool {
    /// The key code browsers send while an input method handles the stroke.
    const COMPOSING: u32 = 229;
    event.is_composing() || event.key_code() == COMPOSING
}
