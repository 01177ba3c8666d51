//! Changes that were made here and are not in the plan: on their way while the grid is opened anew, or put aside with the reason
//! because the plan did not take them.

use domain::format;
use domain::id::VersionId;
use domain::money::Minor;
use domain::plan::{Difference, NodeIndex, PeriodIndex, PlanCommand, Refusal};
use leptos::prelude::*;

use super::board::{Board, Change};
use super::handle::money_words;
use super::refusal;
use super::send::Sender;
use crate::error::AppError;
use crate::ui::{Button, ButtonKind, ButtonSize, when, words_of};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// Why the plan did not take a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// It cannot be placed in the plan as it is now.
    Refused(Refusal),
    /// Somebody else changed the same amount meanwhile.
    Changed {
        /// What it was, is, and would have become.
        difference: Difference,
        /// Who, by name.
        by: String,
    },
    /// The server refused it.
    Error(AppError),
}

/// A change that was put aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Aside {
    version: VersionId,
    change: Change,
    why: Why,
}

/// What was made here and is not in the plan. It belongs to the page, because a grid is closed and opened anew now and then.
#[derive(Clone, Copy)]
pub struct Unsaved {
    carried: StoredValue<Vec<(VersionId, Change)>>,
    aside: RwSignal<Vec<Aside>>,
}

impl Unsaved {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self {
            carried: StoredValue::new(Vec::new()),
            aside: RwSignal::new(Vec::new()),
        }
    }

    /// Keeps what was pending in a grid that is closed; nothing where the page is closed with it.
    pub(super) fn carry(&self, version: VersionId, changes: Vec<Change>) {
        self.carried.try_update_value(|carried| {
            carried.extend(changes.into_iter().map(|change| (version, change)));
        });
    }

    /// Gives what was pending in the last grid of a version.
    pub(super) fn take_up(&self, version: VersionId) -> Vec<Change> {
        let taken = self.carried.try_update_value(|carried| {
            let all = std::mem::take(carried);
            let (taken, left): (Vec<_>, Vec<_>) = all.into_iter().partition(|(of, _)| *of == version);
            *carried = left;
            taken
        });
        let taken = taken.unwrap_or_default();
        taken.into_iter().map(|(_, change)| change).collect()
    }

    /// Puts a change aside.
    pub(super) fn put_aside(&self, version: VersionId, change: Change, why: Why) {
        self.aside.update(|aside| {
            aside.push(Aside { version, change, why });
        });
    }

    /// What was put aside of a version that is closed goes with the draft that continues it: its rows are the same.
    pub(super) fn follow(&self, from: VersionId, to: VersionId) {
        // The page may have been left.
        let _gone = self.aside.try_update(|aside| {
            for one in aside.iter_mut().filter(|one| one.version == from) {
                one.version = to;
            }
        });
    }

    /// What was put aside of a version; tracks changes.
    fn of(&self, version: VersionId) -> Vec<Aside> {
        self.aside.with(|aside| {
            let own = aside.iter().filter(|aside| aside.version == version);
            own.cloned().collect()
        })
    }

    fn forget(&self, change: &Change) {
        self.aside
            .update(|aside| aside.retain(|known| known.change.key != change.key));
    }
}

impl Why {
    /// The reason in the reader's language.
    pub(super) fn words(&self, board: Board, words: Words) -> String {
        let locale = words.get_locale();
        let money = money_words(board, lang(locale));
        match self {
            Self::Refused(refused) => refusal::said(board, locale, refused),
            Self::Changed { difference, by } => {
                let (node, _) = board.shape(|shape| shape.place(difference.cell));
                let name = board.name(node);
                let reason = t_string!(
                    words,
                    split.r_changed,
                    name = name,
                    amount = money(difference.now)
                )
                .to_string();
                if by.is_empty() {
                    reason
                } else {
                    format::noted(&reason, by, lang(locale))
                }
            }
            Self::Error(error) => words_of(error, words),
        }
    }
}

/// What was put aside, with why, and the choice to do it again on the plan as it is now.
#[component]
pub(super) fn UnsavedList(board: Board, unsaved: Unsaved) -> impl IntoView {
    let version = board.version();
    let listed = Memo::new(move |_| unsaved.of(version));
    when(
        move || listed.with(|listed| !listed.is_empty()),
        move || view! { <Listed board=board unsaved=unsaved listed=listed /> }.into_any(),
    )
}

#[component]
fn Listed(board: Board, unsaved: Unsaved, listed: Memo<Vec<Aside>>) -> impl IntoView {
    let i18n = use_i18n();
    let title = move || {
        let count = listed.with(Vec::len);
        t_string!(i18n, unsaved.title, count = count).to_string()
    };
    view! {
        <section class="unsaved" aria-label=title data-unsaved=move || listed.with(Vec::len)>
            <p class="strong">{title}</p>
            <ul>
                <For each=move || listed.get() key=|aside| aside.change.key let(aside)>
                    <Item board=board unsaved=unsaved aside=aside />
                </For>
            </ul>
        </section>
    }
}

#[component]
fn Item(board: Board, unsaved: Unsaved, aside: Aside) -> impl IntoView {
    let i18n = use_i18n();
    let sender = expect_context::<Sender>();
    let aside = StoredValue::new(aside);
    let what = move || aside.with_value(|aside| what(board, &aside.change.command, i18n));
    let why = move || aside.with_value(|aside| aside.why.words(board, i18n));
    let forget = move || aside.with_value(|aside| unsaved.forget(&aside.change));
    let again = move |_| {
        let command = aside.with_value(|aside| aside.change.command.clone());
        forget();
        sender.send(command);
    };
    view! {
        <li class="row">
            <span class="said">
                <b>{what}</b>
                " "
                <span class="soft">{why}</span>
            </span>
            {board.may_edit().then(|| view! {
                <Button size=ButtonSize::Small press=again>{t!(i18n, unsaved.again)}</Button>
            })}
            <Button kind=ButtonKind::Quiet size=ButtonSize::Small press=move |_| forget()>
                {t!(i18n, unsaved.forget)}
            </Button>
        </li>
    }
}

/// What a change was to do, in few words.
fn what(board: Board, command: &PlanCommand, words: Words) -> String {
    let money = money_words(board, lang(words.get_locale()));
    let name = |node: NodeIndex| {
        let known = board.shape(|shape| shape.has(node));
        if known { board.name(node) } else { String::new() }
    };
    let place = |node: NodeIndex, period: Option<PeriodIndex>| {
        let period = period.and_then(|period| {
            let found = board.about(|open| open.periods.get(usize::from(period.0)).cloned())?;
            Some(format::period(&found, lang(words.get_locale())))
        });
        match period {
            Some(period) => format!("{} · {period}", name(node)),
            None => name(node),
        }
    };
    let set = |place: String, amount: String| {
        t_string!(words, unsaved.set, place = place, amount = amount).to_string()
    };
    let act = |act: &'static str, place: String| {
        t_string!(words, unsaved.act, act = act, place = place).to_string()
    };
    let bound = |amount: Option<Minor>| match amount {
        Some(amount) => money(amount),
        None => t_string!(words, unsaved.none).to_string(),
    };
    match command {
        PlanCommand::Set {
            node, period, amount, ..
        } => set(place(*node, *period), money(*amount)),
        PlanCommand::SetTotal { amount, .. } => set(name(NodeIndex(0)), money(*amount)),
        PlanCommand::Enter { amounts, .. } | PlanCommand::Staff { amounts, .. } => {
            let first = amounts.first();
            let first = first.map_or_else(String::new, |first| place(first.node, first.period));
            t_string!(words, unsaved.enter, count = amounts.len(), place = first).to_string()
        }
        PlanCommand::Move { from, to, .. } | PlanCommand::SendShare { from, to, .. } => {
            t_string!(words, unsaved.moved, from = name(*from), to = name(*to)).to_string()
        }
        PlanCommand::Lock { node, period, .. } => {
            act(t_string!(words, split.menu_lock), place(*node, *period))
        }
        PlanCommand::Unlock { node, period } => {
            act(t_string!(words, split.menu_unlock), place(*node, *period))
        }
        PlanCommand::Floor { node, period, amount } => act(
            t_string!(words, unsaved.floor),
            set(place(*node, *period), bound(*amount)),
        ),
        PlanCommand::Cap { node, period, amount } => act(
            t_string!(words, unsaved.cap),
            set(place(*node, *period), bound(*amount)),
        ),
        PlanCommand::EvenOut { node, .. } => act(t_string!(words, split.menu_even), name(*node)),
        PlanCommand::Split { node, .. } => act(t_string!(words, split.apply_bases), name(*node)),
        PlanCommand::Restore { .. } => act(t_string!(words, split.undo), String::new()),
    }
}
