//! The bell: how many notices are not read, and a panel with the latest, whose program is fetched when it is first opened.

use leptos::prelude::*;

use super::Person;
use crate::notice::panel;
use crate::ui::{Glyph, Icon, Menu, MenuAlign, Skeleton, when};
use crate::words::{t, t_string, use_i18n};

/// The largest number that fits on the bell.
const MOST: u32 = 99;

/// The bell in the top bar.
#[component]
pub fn Bell(person: Person) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let unread = Memo::new(move |_| person.0.with(|me| me.unread));
    let label = move || match unread.get() {
        0 => t_string!(i18n, notice.bell_none).to_owned(),
        count => t_string!(i18n, notice.bell, count = count).to_string(),
    };
    let count = move || match unread.get() {
        count if count > MOST => format!("{MOST}+"),
        count => count.to_string(),
    };
    view! {
        <Menu
            summary=move || {
                view! {
                    <Icon glyph=Glyph::Bell />
                    {when(move || unread.get() > 0, move || view! { <span class="count" aria-hidden="true">{count}</span> }.into_any())}
                }
            }
            summary_class="icb bell"
            label=label
            align=MenuAlign::End
            open=open
        >
            {when(
                move || open.get(),
                || {
                    view! {
                        <Transition fallback=|| view! { <Skeleton /> }>
                            {Suspend::new(async {
                                panel::fetched().await;
                                panel::lazily().await
                            })}
                        </Transition>
                    }
                        .into_any()
                },
            )}
            <a class="item" href=domain::notice::PAGE>
                {t!(i18n, notice.all)}
            </a>
        </Menu>
    }
}
