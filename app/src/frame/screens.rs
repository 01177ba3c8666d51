//! The screens that lie below the places of the frame, and who may open them.

use domain::access::Permission;

use crate::ui::Glyph;
use crate::words::{Locale, td_string};

/// What the addresses of the screens of Set begin with.
pub(super) const SET: &str = "/set";

/// A screen: the address, who may, and what it is called.
#[derive(Clone, Copy)]
pub struct Screen {
    /// The address.
    pub href: &'static str,
    /// Who may.
    pub permission: Permission,
    /// Its picture.
    pub glyph: Glyph,
    /// What it is called.
    pub name: fn(Locale) -> &'static str,
    /// Its Chinese name by the first letters of its syllables: all of this is in the program of the first page.
    pub pinyin: &'static str,
}

impl Screen {
    /// Which of the screens of Set it is; none: of another place.
    pub(crate) fn of_set(&self) -> Option<&'static str> {
        self.href.strip_prefix(SET)?.strip_prefix('/')
    }
}

/// Every screen, those of Set in the order they are worked through.
const SCREENS: &[Screen] = &[
    Screen {
        href: "/set/baseline",
        permission: Permission::ReadBaseline,
        glyph: Glyph::Set,
        name: |locale| td_string!(locale, target.tab_baseline),
        pinyin: "jx",
    },
    Screen {
        href: "/set/outlook",
        permission: Permission::ReadBaseline,
        glyph: Glyph::Set,
        name: |locale| td_string!(locale, outlook.tab),
        pinyin: "zw",
    },
    Screen {
        href: "/set/capability",
        permission: Permission::ReadBaseline,
        glyph: Glyph::Set,
        name: |locale| td_string!(locale, target.tab_capability),
        pinyin: "nl",
    },
    Screen {
        href: "/set/questionnaires",
        permission: Permission::ReadPeople,
        glyph: Glyph::Set,
        name: |locale| td_string!(locale, target.tab_questionnaires),
        pinyin: "dy",
    },
    Screen {
        href: "/set/target",
        permission: Permission::EditPlan,
        glyph: Glyph::Set,
        name: |locale| td_string!(locale, target.tab_target),
        pinyin: "mb",
    },
    Screen {
        href: "/set/scenarios",
        permission: Permission::EditPlan,
        glyph: Glyph::Set,
        name: |locale| td_string!(locale, target.tab_scenarios),
        pinyin: "fa",
    },
    Screen {
        href: "/set/approval",
        permission: Permission::ReadPeople,
        glyph: Glyph::Set,
        name: |locale| td_string!(locale, approval.title),
        pinyin: "sp",
    },
    Screen {
        href: "/split/workbook",
        permission: Permission::EditPlan,
        glyph: Glyph::Split,
        name: |locale| td_string!(locale, workbook.title),
        pinyin: "gx",
    },
];

/// The screens somebody may open.
pub(crate) fn screens_of(may: impl Fn(Permission) -> bool) -> Vec<Screen> {
    SCREENS
        .iter()
        .filter(|screen| may(screen.permission))
        .copied()
        .collect()
}

/// Where somebody enters Set: at the first of its screens they may open.
pub(crate) fn first_of_set(may: impl Fn(Permission) -> bool) -> Option<&'static str> {
    let screens = screens_of(may);
    let first = screens.iter().find(|screen| screen.of_set().is_some())?;
    Some(first.href)
}

#[cfg(test)]
mod tests {
    use domain::access::Role;

    use super::{Screen, first_of_set, screens_of};

    #[test]
    fn a_role_is_offered_what_it_may_open() {
        let of = |role: Role| -> Vec<&str> {
            screens_of(|permission| role.may(permission))
                .iter()
                .filter_map(Screen::of_set)
                .collect()
        };
        assert_eq!(of(Role::Planner).len(), 7);
        assert_eq!(of(Role::Manager), ["questionnaires", "approval"]);
        assert!(of(Role::Rep).is_empty() && of(Role::Viewer).is_empty());
        let first = |role: Role| first_of_set(|permission| role.may(permission));
        assert_eq!(first(Role::Owner), Some("/set/baseline"));
        assert_eq!(first(Role::Manager), Some("/set/questionnaires"));
        assert_eq!(first(Role::Rep), None);
    }
}
