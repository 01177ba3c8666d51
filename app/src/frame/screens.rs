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
    /// What it is called.
    pub name: fn(Locale) -> &'static str,
    /// Its Chinese name as it is typed on a keyboard, whole and by first letters.
    pub pinyin: &'static str,
}

impl Screen {
    /// The picture of the place it belongs to.
    pub(crate) fn glyph(&self) -> Glyph {
        if self.of_set().is_some() {
            Glyph::Set
        } else {
            Glyph::Split
        }
    }

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
        name: |locale| td_string!(locale, target.tab_baseline),
        pinyin: "jixian jx",
    },
    Screen {
        href: "/set/outlook",
        permission: Permission::ReadBaseline,
        name: |locale| td_string!(locale, outlook.tab),
        pinyin: "zhanwang zw",
    },
    Screen {
        href: "/set/capability",
        permission: Permission::ReadBaseline,
        name: |locale| td_string!(locale, target.tab_capability),
        pinyin: "nengli nl",
    },
    Screen {
        href: "/set/questionnaires",
        permission: Permission::ReadPeople,
        name: |locale| td_string!(locale, target.tab_questionnaires),
        pinyin: "diaoyan dy",
    },
    Screen {
        href: "/set/target",
        permission: Permission::EditPlan,
        name: |locale| td_string!(locale, target.tab_target),
        pinyin: "mubiao mb",
    },
    Screen {
        href: "/set/scenarios",
        permission: Permission::EditPlan,
        name: |locale| td_string!(locale, target.tab_scenarios),
        pinyin: "fangan fa",
    },
    Screen {
        href: "/set/approval",
        permission: Permission::ReadPeople,
        name: |locale| td_string!(locale, approval.title),
        pinyin: "shenpi sp",
    },
    Screen {
        href: "/split/workbook",
        permission: Permission::EditPlan,
        name: |locale| td_string!(locale, workbook.title),
        pinyin: "gengxin gx workbook",
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
