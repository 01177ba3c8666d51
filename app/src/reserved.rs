//! Pages that are for some roles only. Whoever comes to one by its address is told for whom it is; the server refuses what
//! such a page would ask for anyway.

use domain::access::{Permission, Role};
use leptos::prelude::*;
use leptos_meta::Title;

use crate::frame::{role_name, use_me};
use crate::ui::{EmptyState, Glyph};
use crate::words::{Locale, is_chinese, t, t_string, use_i18n};

/// Whether whoever is signed in may do something.
pub(crate) fn may(permission: Permission) -> bool {
    use_me().is_some_and(|me| me.permissions.contains(&permission))
}

/// The page, for those who may do what it is there for; the others are told that it is not for their role.
pub(crate) fn reserved(permission: Permission, page: impl FnOnce() -> AnyView) -> AnyView {
    if may(permission) {
        page()
    } else {
        view! { <NotForYou permission=permission /> }.into_any()
    }
}

#[component]
fn NotForYou(permission: Permission) -> impl IntoView {
    let i18n = use_i18n();
    let role = use_me().map(|me| me.role);
    let text = move || {
        let locale = i18n.get_locale();
        t_string!(
            i18n,
            ui.reserved_text,
            roles = roles_that(permission, locale),
            role = role.map_or("", |role| role_name(role, locale))
        )
        .to_string()
    };
    view! {
        <Title text=t!(i18n, ui.reserved) />
        <EmptyState glyph=Glyph::Lock title=t!(i18n, ui.reserved) body=text>
            <a class="btn primary" href="/">
                {t!(i18n, frame.to_home)}
            </a>
        </EmptyState>
    }
}

/// The roles that may, highest first: `Owner, Planner`.
fn roles_that(permission: Permission, locale: Locale) -> String {
    let roles: Vec<&str> = Role::ALL
        .into_iter()
        .filter(|role| role.may(permission))
        .map(|role| role_name(role, locale))
        .collect();
    roles.join(if is_chinese(locale) { "、" } else { ", " })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roles_that_may_are_named() {
        assert_eq!(roles_that(Permission::Import, Locale::en), "Owner, Planner");
        assert_eq!(
            roles_that(Permission::ReadPeople, Locale::zh_CN),
            "所有者、计划员、主管"
        );
    }
}
