//! A list too long for one answer: it is read a page at a time, and sought in while somebody types.
//!
//! Only pages of the part `work` use it, so that it is fetched with that part.

use std::time::Duration;

use domain::format;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::ui::when;
use crate::words::{t, t_string, use_i18n};

/// What is typed is sought once nothing came after it for so long.
const TYPED: Duration = Duration::from_millis(250);

/// Where a page stands in its list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageAt {
    /// Rows before it.
    from: u64,
    /// Rows before it and on it.
    to: u64,
    /// Rows on all pages.
    all: u64,
}

impl PageAt {
    /// A page of so many rows that begins after `offset` others, of a list of `all`.
    pub fn of(offset: u32, rows: usize, all: u64) -> Self {
        let from = u64::from(offset);
        Self {
            from,
            to: from + rows as u64,
            all,
        }
    }

    /// Where the page before it begins.
    fn before(self, size: usize) -> Option<u32> {
        (self.from > 0).then(|| offset(self.from.saturating_sub(size as u64)))
    }

    /// Where the page after it begins.
    fn after(self, size: usize) -> Option<u32> {
        (self.to < self.all).then(|| offset(self.from + size as u64))
    }
}

fn offset(rows: u64) -> u32 {
    u32::try_from(rows).unwrap_or_default()
}

/// Asks whenever there is something else to ask for. What was asked for before is older: its answer is dropped, and so is one that
/// comes when the part is gone.
pub(crate) fn ask_newest<T, Answer>(
    ask: impl Fn() -> Option<Answer> + 'static,
    take: impl Fn(T) + Copy + 'static,
) where
    T: 'static,
    Answer: Future<Output = T> + 'static,
{
    let turn = StoredValue::new(0_u64);
    Effect::new(move |_| {
        let Some(answer) = ask() else {
            return;
        };
        let own = turn.try_update_value(|turn| {
            *turn += 1;
            *turn
        });
        spawn_local(async move {
            let answer = answer.await;
            if turn.try_get_value() == own {
                take(answer);
            }
        });
    });
}

/// The field for what is sought.
#[component]
pub fn SeekField(
    /// Its name.
    name: &'static str,
    /// What is sought there.
    #[prop(into)]
    label: TextProp,
    /// As it is typed.
    typed: RwSignal<String>,
    /// Hears what is sought, a moment after it was typed.
    on_seek: Callback<String>,
) -> impl IntoView {
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(before) = waiting.try_update_value(Option::take).flatten() {
            before.clear();
        }
    };
    on_cleanup(stop);
    let seek = move || {
        // The page may have been left.
        if let Some(search) = typed.try_get_untracked() {
            let _gone = on_seek.try_run(search);
        }
    };
    let hint = label.clone();
    view! {
        <input
            type="search"
            class="input s"
            name=name
            aria-label=move || label.get()
            placeholder=move || hint.get()
            prop:value=move || typed.get()
            on:input=move |event| {
                typed.set(event_target_value(&event));
                stop();
                waiting.set_value(set_timeout_with_handle(seek, TYPED).ok());
            }
        />
    }
}

/// Which page it is, and the ones before and after it; nothing where the list fits one.
#[component]
pub fn Pages(
    /// Which list it is.
    name: &'static str,
    /// Where the page stands.
    at: Memo<PageAt>,
    /// Rows of a full page.
    size: usize,
    /// Goes to the page that begins after so many rows.
    on_turn: Callback<u32>,
) -> impl IntoView {
    let i18n = use_i18n();
    let before = move || at.get().before(size);
    let after = move || at.get().after(size);
    let turn = move |to: Option<u32>| {
        if let Some(to) = to {
            on_turn.run(to);
        }
    };
    when(
        move || at.get().all > size as u64,
        move || {
            view! {
                <p class="row wrap" data-pages=name>
                    <button type="button" class="btn s" aria-disabled=move || before().is_none().then_some("true") on:click=move |_| turn(untrack(before))>
                        {t!(i18n, split.page_before)}
                    </button>
                    <span class="sm muted" role="status">
                        {move || {
                            let at = at.get();
                            t_string!(
                                i18n,
                                split.page_of,
                                from = format::count(at.from + 1),
                                to = format::count(at.to),
                                count = format::count(at.all)
                            )
                            .to_string()
                        }}
                    </span>
                    <button type="button" class="btn s" aria-disabled=move || after().is_none().then_some("true") on:click=move |_| turn(untrack(after))>
                        {t!(i18n, split.page_after)}
                    </button>
                </p>
            }
            .into_any()
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_before_and_after_begin_a_page_away() {
        let size = 100;
        let first = PageAt::of(0, 100, 250);
        assert_eq!((first.before(size), first.after(size)), (None, Some(100)));
        let middle = PageAt::of(100, 100, 250);
        assert_eq!((middle.before(size), middle.after(size)), (Some(0), Some(200)));
        let last = PageAt::of(200, 50, 250);
        assert_eq!((last.before(size), last.after(size)), (Some(100), None));
    }

    #[test]
    fn a_page_that_others_made_shorter_leads_back_to_the_first() {
        // Rows went away meanwhile: the page begins where there is none any more.
        let beyond = PageAt::of(50, 0, 30);
        assert_eq!((beyond.before(100), beyond.after(100)), (Some(0), None));
        assert_eq!(PageAt::default().after(100), None);
    }
}
