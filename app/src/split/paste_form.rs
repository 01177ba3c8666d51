//! The form of a paste: the cells as text, each number before and after, and what is wrong beside it.

use domain::format;
use domain::money::Minor;
use leptos::prelude::*;

use super::board::Board;
use crate::ui::{Button, ButtonKind, ButtonType};
use crate::words::{t, t_string, use_i18n};

/// Changes and problems that are listed; the button says how many numbers there are in all.
const LISTED: usize = 100;

/// As many as are listed, and how many there are in all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed<T> {
    told: Vec<T>,
    all: usize,
}

impl<T> Listed<T> {
    /// The first of these.
    pub(super) fn of(items: impl ExactSizeIterator<Item = T>) -> Self {
        let all = items.len();
        Self {
            told: items.take(LISTED).collect(),
            all,
        }
    }

    /// Tells one more besides them.
    pub(super) fn and(mut self, one: Option<T>) -> Self {
        self.told.extend(one);
        self
    }
}

/// A number that would be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Where.
    pub(super) place: String,
    /// What stands there.
    pub(super) before: Minor,
    /// What would.
    pub(super) after: Minor,
}

/// The form; it closes when it is given up.
#[component]
pub(super) fn PasteForm(
    board: Board,
    /// What is wrong.
    problems: Signal<Listed<String>>,
    /// What would be set.
    changes: Signal<Listed<Changed>>,
    /// What is said where nothing is listed.
    nothing: Signal<Option<String>>,
    /// Whether it can be entered.
    ready: Signal<bool>,
    /// Enters it, where it can be.
    on_enter: Callback<()>,
    /// Hears that something was typed.
    #[prop(optional)]
    on_type: Option<Callback<()>>,
    /// What leads out of what is wrong.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let i18n = use_i18n();
    let changes = Memo::new(move |_| changes.get());
    let typed = move |text: String| {
        board.pasting.update(|pasting| {
            if let Some(pasting) = pasting {
                pasting.text = text;
            }
        });
        if let Some(on_type) = on_type {
            on_type.run(());
        }
    };
    let more = move |all: usize| {
        (all > LISTED).then(|| {
            let words = t_string!(i18n, sheet.more, count = all - LISTED).to_string();
            view! { <p class="sm muted">{words}</p> }
        })
    };
    let problems = move || {
        let Listed { told, all } = problems.get();
        (!told.is_empty()).then(|| {
            view! {
                <ul class="sm is-far" role="alert" data-list="problems">
                    {told.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}
                </ul>
                {more(all)}
            }
        })
    };
    let listed = move || {
        let currency = board.currency();
        let row = |change: &Changed| {
            let (before, after) = (
                format::full(change.before, &currency),
                format::full(change.after, &currency),
            );
            view! {
                <tr data-minor=change.after.0>
                    <th scope="row">{change.place.clone()}</th>
                    <td class="num muted">{before}</td>
                    <td class="num">{after}</td>
                </tr>
            }
        };
        changes.with(|changes| {
            (!changes.told.is_empty()).then(|| {
                view! {
                    <table class="pasted">
                        <thead>
                            <tr>
                                <th scope="col">{t!(i18n, split.column_node)}</th>
                                <th scope="col" class="num">{t!(i18n, sheet.before)}</th>
                                <th scope="col" class="num">{t!(i18n, sheet.after)}</th>
                            </tr>
                        </thead>
                        <tbody>{changes.told.iter().map(row).collect_view()}</tbody>
                    </table>
                    {more(changes.all)}
                }
            })
        })
    };
    let nothing = move || {
        nothing
            .get()
            .map(|words| view! { <p class="sm muted">{words}</p> })
    };
    let enter_words = move || match changes.with(|changes| changes.all) {
        1 => t_string!(i18n, sheet.enter_one).to_string(),
        count => t_string!(i18n, sheet.enter, count = count).to_string(),
    };
    view! {
        <form class="paste" on:submit=move |event| {
            event.prevent_default();
            on_enter.run(());
        }>
            <label class="fld">
                <span class="sm soft">{t!(i18n, sheet.cells)}</span>
                <textarea
                    class="input"
                    name="cells"
                    rows="3"
                    spellcheck="false"
                    prop:value=board.pasting.with_untracked(|pasting| {
                        pasting.as_ref().map(|pasting| pasting.text.clone()).unwrap_or_default()
                    })
                    on:input=move |event| typed(event_target_value(&event))
                ></textarea>
            </label>
            <div class="pasted-list">
                {problems}
                {children.map(|children| children())}
                {listed}
                {nothing}
            </div>
            <footer>
                <Button press=move |_| board.pasting.set(None)>{t!(i18n, sheet.cancel)}</Button>
                <Button
                    kind=ButtonKind::Primary
                    r#type=ButtonType::Submit
                    disabled=Signal::derive(move || !ready.get())
                >
                    {enter_words}
                </Button>
            </footer>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_listed_and_all_are_counted() {
        let few = Listed::of(0..3);
        assert_eq!((few.told, few.all), (vec![0, 1, 2], 3));
        let many = Listed::of(0..250).and(Some(1_000));
        assert_eq!((many.told.len(), many.all), (LISTED + 1, 250));
        assert_eq!(many.told.last(), Some(&1_000));
    }
}
