//! Changes that were made here and are not in the plan: on their way while the grid is opened anew, or put aside with the reason
//! because the plan did not take them.

pub mod keeping;
mod stored;
mod what;

use domain::format;
use domain::id::VersionId;
use domain::plan::{Difference, Refusal};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::board::{Board, Change, KeptLines, Place, QuarterOfRow};
use super::focus;
use super::handle::money_words;
use super::refusal;
use super::send::Sender;
use super::since::Since;
use crate::error::AppError;
use crate::ui::{Button, ButtonKind, ButtonSize, when, words_of};
use crate::words::{Words, lang, t, t_string, use_i18n};
use keeping::Unkept;
use stored::{NotKept, Stored};
use what::what;

/// Why the plan did not take a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Why {
    /// It cannot be placed in the plan as it is now.
    Refused(Refusal),
    /// Somebody else changed the same amount meanwhile.
    Changed {
        /// What it was, is, and would have become.
        difference: Difference,
        /// Who, by name.
        by: String,
        /// The same of every row; a page from before an update did not keep it.
        #[serde(default)]
        since: Option<Since>,
    },
    /// The server refused it.
    Error(AppError),
}

/// Texts that are no amounts, where they were typed.
pub(super) type Typed = Vec<(Place, String)>;

/// The same, of quarters.
pub(super) type TypedQuarters = Vec<(QuarterOfRow, String)>;

/// A change that was put aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Aside {
    version: VersionId,
    change: Change,
    why: Why,
}

/// What was made here and is not in the plan. It belongs to the page, because a grid is closed and opened anew now and then. While
/// the page is not there, the tab keeps it (`stored`).
#[derive(Clone, Copy)]
pub struct Unsaved {
    /// Whose it is: what they sign in with.
    of: StoredValue<String>,
    carried: StoredValue<Vec<(VersionId, Change)>>,
    aside: RwSignal<Vec<Aside>>,
    /// What was typed into grids that were closed and is no amount, by the version it is of.
    typed: StoredValue<Vec<(VersionId, Typed)>>,
    /// The same of quarters.
    quarters: StoredValue<Vec<(VersionId, TypedQuarters)>>,
    /// What the grids that are closed left of their lines.
    lines: StoredValue<Vec<(VersionId, KeptLines)>>,
    /// The grid that is open; what is pending in it is kept too.
    grid: StoredValue<Option<(VersionId, Board)>>,
    /// Whether the tab may hold something.
    holds: StoredValue<bool>,
    /// Why the tab does not have all of it.
    unkept: RwSignal<Option<NotKept>>,
}

impl Unsaved {
    /// What the tab kept of somebody, by what they sign in with; nothing where they made nothing. It is kept again when the page
    /// is left, for another page, a reload or the door.
    pub(super) fn new(of: String) -> Self {
        let Stored {
            pending,
            aside,
            typed,
            quarters,
            lines,
            ..
        } = stored::take(&of);
        let unsaved = Self {
            of: StoredValue::new(of),
            carried: StoredValue::new(pending),
            aside: RwSignal::new(aside),
            typed: StoredValue::new(typed),
            quarters: StoredValue::new(quarters),
            lines: StoredValue::new(lines),
            grid: StoredValue::new(None),
            holds: StoredValue::new(true),
            unkept: RwSignal::new(None),
        };
        Effect::new(move |_| {
            // A phone ends a page that is out of sight without a word: then the second was the last there was.
            for event in ["pagehide", "visibilitychange"] {
                let left = window_event_listener_untyped(event, move |_| {
                    unsaved.keep();
                });
                on_cleanup(move || left.remove());
            }
        });
        // What is pending in the open grid was carried before: parts end before what they are in.
        on_cleanup(move || {
            unsaved.keep();
        });
        unsaved
    }

    /// Keeps what was pending in a grid that is closed.
    pub(super) fn carry(&self, version: VersionId, changes: Vec<Change>) {
        // The page may be gone already.
        self.grid.try_update_value(|grid| *grid = None);
        self.carried.try_update_value(|carried| {
            carried.extend(changes.into_iter().map(|change| (version, change)));
        });
    }

    /// Keeps what was typed into a grid that is closed and is no amount.
    pub(super) fn carry_typed(&self, version: VersionId, typed: Typed) {
        // A grid that is closed before it took up what was kept has nothing.
        if !typed.is_empty() {
            carry_in(self.typed, version, typed);
        }
    }

    /// The same of quarters.
    pub(super) fn carry_quarters(&self, version: VersionId, typed: TypedQuarters) {
        if !typed.is_empty() {
            carry_in(self.quarters, version, typed);
        }
    }

    /// Gives what was typed into the last grid of a version and is no amount.
    pub(super) fn take_typed(&self, version: VersionId) -> Typed {
        take_from(self.typed, version)
    }

    /// The same of quarters.
    pub(super) fn take_quarters(&self, version: VersionId) -> TypedQuarters {
        take_from(self.quarters, version)
    }

    /// Keeps what was entered of lines in a grid that is closed.
    pub(super) fn carry_lines(&self, version: VersionId, lines: KeptLines) {
        if !lines.is_empty() {
            carry_in(self.lines, version, lines);
        }
    }

    /// Gives what was entered of lines in the last grid of a version.
    pub(super) fn take_lines(&self, version: VersionId) -> KeptLines {
        take_from(self.lines, version)
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
        let (mut typed, mut lines) = (self.take_typed(from), self.take_lines(from));
        let mut quarters = self.take_quarters(from);
        // The grid that is still open has taken them up.
        let open = self.grid.try_get_value().flatten();
        if let Some((_, board)) = open.filter(|(of, _)| *of == from) {
            typed.extend(board.wrong.try_get_untracked().unwrap_or_default());
            quarters.extend(board.wrong_quarters());
            lines = board.keep_lines();
        }
        self.carry_typed(to, typed);
        self.carry_quarters(to, quarters);
        self.carry_lines(to, lines.left_over());
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

/// Keeps what a grid of a version left.
fn carry_in<T>(kept: StoredValue<Vec<(VersionId, T)>>, version: VersionId, left: T)
where
    T: Send + Sync + 'static,
{
    // The page may be gone already.
    let _gone = kept.try_update_value(|kept| put_of(kept, version, left));
}

/// Gives what the last grid of a version left.
fn take_from<T>(kept: StoredValue<Vec<(VersionId, T)>>, version: VersionId) -> T
where
    T: Default + Send + Sync + 'static,
{
    let taken = kept.try_update_value(|kept| {
        let at = kept.iter().position(|(of, _)| *of == version)?;
        Some(kept.swap_remove(at).1)
    });
    taken.flatten().unwrap_or_default()
}

/// Puts what is left of a version in the place of what was.
fn put_of<T>(kept: &mut Vec<(VersionId, T)>, version: VersionId, left: T) {
    kept.retain(|(of, _)| *of != version);
    kept.push((version, left));
}

impl Why {
    /// The reason in the reader's language.
    pub(super) fn words(&self, board: Board, words: Words) -> String {
        let locale = words.get_locale();
        let money = money_words(board, lang(locale));
        match self {
            Self::Refused(refused) => refusal::said(board, locale, refused),
            Self::Changed {
                since: Some(since), ..
            } => since.words(board, words, None),
            Self::Changed { difference, by, .. } => {
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
    view! {
        <Unkept unsaved=unsaved />
        {when(
            move || listed.with(|listed| !listed.is_empty()),
            move || view! { <Listed board=board unsaved=unsaved listed=listed /> }.into_any(),
        )}
    }
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
    let forget = move || {
        aside.with_value(|aside| unsaved.forget(&aside.change));
        // What was pressed is gone.
        focus::to_stop_if_nowhere();
    };
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
