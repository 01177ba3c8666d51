//! What others changed since this person looked last: a legend over the grid, and the way to say that one has seen it.

use domain::people::actor;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::board::{Board, Mark};
use crate::approval::mark_seen;
use crate::frame::moment;
use crate::ui::{Button, ButtonSize, Toast, use_toasts, when, words_of};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// How many numbers changed since when, and what marks them.
#[component]
pub(super) fn NewsLegend(board: Board) -> impl IntoView {
    when(
        move || board.news(|_| ()).is_some(),
        move || view! { <Legend board=board /> }.into_any(),
    )
}

#[component]
fn Legend(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let words = move || {
        board.news(|news| {
            let when = moment(news.at_ms, lang(i18n.get_locale()));
            t_string!(i18n, split.news, when = when, count = news.count).to_string()
        })
    };
    let more = move || {
        let listed = board.news(|news| (news.cells.len(), news.cells.len() as u64 != news.count));
        listed
            .filter(|(_, more)| *more)
            .map(|(count, _)| t_string!(i18n, split.news_more, count = count).to_string())
    };
    let seen = move |_| {
        let Some(head) = board.news(|news| news.head) else {
            return;
        };
        let version = board.version();
        busy.set(true);
        spawn_local(async move {
            let seen = mark_seen(version, head).await;
            // The grid may be closed by now, and its state gone with it.
            let is_gone = busy.try_get_untracked().is_none();
            match seen {
                Ok(()) if is_gone => {}
                Ok(()) => board.forget_news(),
                Err(error) => {
                    let title = t_string!(i18n, split.news_seen);
                    toasts.show(Toast::refused(title, words_of(&error, i18n)));
                    let _gone = busy.try_set(false);
                }
            }
        });
    };
    view! {
        <p class="notice quiet" data-news=move || board.news(|news| news.count)>
            <span>{words}</span>
            <span class="news">{t!(i18n, split.news_legend)}</span>
            <span>{more}</span>
            <Button size=ButtonSize::Small disabled=busy press=seen>{t!(i18n, split.news_seen)}</Button>
        </p>
    }
}

/// What a mark says to who does not see it.
pub(super) fn mark_words(mark: &Mark, money: impl Fn(domain::money::Minor) -> String, i18n: Words) -> String {
    match mark {
        Mark::Row => t_string!(i18n, split.news_row).to_owned(),
        Mark::Amount { before, by } => {
            let by = actor(by, lang(i18n.get_locale())).to_owned();
            t_string!(i18n, split.news_cell, before = money(*before), by = by).to_string()
        }
    }
}
