//! Proposing another amount for a number. What is typed belongs to the row it was typed for: another row has a form of its own, and
//! what was begun for the one before is found there again.

use std::collections::BTreeMap;

use domain::format;
use domain::negotiation::MOST_CHARS;
use domain::plan::{NodeIndex, PeriodIndex};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

use crate::error::AppError;
use crate::negotiation::{Acts, propose};
use crate::split::board::{Board, Column, Place};
use crate::split::focus;
use crate::ui::{
    Button, ButtonKind, ButtonSize, Choice, Field, FieldKind, Glyph, Icon, Select, Toast, use_toasts, when,
    words_of,
};
use crate::words::{lang, t, t_string, use_i18n};

/// What was typed for a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Typed {
    amount: String,
    words: String,
    period: String,
}

impl Typed {
    /// Whether nothing would be lost with it.
    fn is_empty(&self) -> bool {
        self.amount.is_empty() && self.words.is_empty()
    }
}

/// An amount that was refused: of which row, what was typed, and why.
type Wrong = (NodeIndex, String, AppError);

/// What is typed as a proposal; it outlives what is fetched.
#[derive(Clone, Copy)]
pub struct Proposal {
    /// The row that the form is about.
    row: RwSignal<NodeIndex>,
    amount: RwSignal<String>,
    words: RwSignal<String>,
    period: RwSignal<String>,
    /// What was typed for other rows and is not sent.
    kept: RwSignal<BTreeMap<NodeIndex, Typed>>,
    /// Whether the form is unfolded.
    unfolded: RwSignal<bool>,
    busy: RwSignal<bool>,
    /// Counts what was sent.
    sent: RwSignal<u64>,
    /// The amount that was refused last: why is said while that is still what is typed.
    wrong: RwSignal<Option<Wrong>>,
}

impl Proposal {
    /// Nothing yet; it goes with the selected row. `sent` counts what was sent.
    pub(super) fn of(board: Board, sent: RwSignal<u64>) -> Self {
        let proposal = Self {
            row: RwSignal::new(board.selected.get_untracked()),
            amount: RwSignal::new(String::new()),
            words: RwSignal::new(String::new()),
            period: RwSignal::new(String::new()),
            kept: RwSignal::new(BTreeMap::new()),
            unfolded: RwSignal::new(false),
            busy: RwSignal::new(false),
            sent,
            wrong: RwSignal::new(None),
        };
        Effect::new(move |_| {
            let row = board.selected.get();
            untrack(|| proposal.turn_to(row));
        });
        proposal
    }

    /// Unfolds the form for a number, and brings it into sight.
    pub(super) fn open_for(self, (node, period): Place) {
        self.turn_to(node);
        self.period
            .set(period.map_or_else(String::new, |period| period.0.to_string()));
        self.unfolded.set(true);
        // Once the list is unfolded.
        request_animation_frame(|| {
            let Some(field) = document().get_element_by_id("field-propose-amount") else {
                return;
            };
            field.scroll_into_view();
            if let Some(field) = field.dyn_ref::<HtmlElement>() {
                // Fails for nothing that is in the page.
                drop(field.focus());
            }
        });
    }

    /// The form is about another row: what was typed stays with the one before.
    fn turn_to(self, row: NodeIndex) {
        let before = self.row.get_untracked();
        if before == row {
            return;
        }
        let typed = self.typed();
        let next = self.kept.try_update(|kept| {
            if !typed.is_empty() {
                kept.insert(before, typed);
            }
            kept.remove(&row).unwrap_or_default()
        });
        self.row.set(row);
        self.fill(next.unwrap_or_default());
    }

    fn fill(self, typed: Typed) {
        self.amount.set(typed.amount);
        self.words.set(typed.words);
        self.period.set(typed.period);
    }

    /// What is typed now.
    fn typed(self) -> Typed {
        Typed {
            amount: self.amount.get_untracked(),
            words: self.words.get_untracked(),
            period: self.period.get_untracked(),
        }
    }

    /// What was typed for a row is sent, and the form has done its work; what was typed since, for it or for another row, stays.
    fn forget(self, row: NodeIndex, sent: &Typed) {
        // The page may be gone.
        let Some(now) = self.row.try_get_untracked() else {
            return;
        };
        if now == row {
            let typed = self.typed();
            if (&typed.amount, &typed.words) == (&sent.amount, &sent.words) {
                // Who turned to another month of the row goes on with that.
                let goes_on = typed.period != sent.period;
                self.fill(Typed {
                    period: Some(typed.period).filter(|_| goes_on).unwrap_or_default(),
                    ..Typed::default()
                });
                self.unfolded.set(goes_on);
            }
        } else if self.kept.with_untracked(|kept| kept.get(&row) == Some(sent)) {
            self.kept.update(|kept| {
                kept.remove(&row);
            });
        }
    }

    /// Whether something is being typed; tracks it.
    fn is_begun(self) -> bool {
        self.amount.with(|amount| !amount.is_empty()) || self.words.with(|words| !words.is_empty())
    }
}

/// Proposes another amount for the selected row.
#[component]
pub(super) fn Propose(board: Board, acts: Acts, proposal: Proposal, offset: u32) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    // What was begun is not taken away by what others do meanwhile.
    Effect::new(move |_| acts.writing.set(proposal.is_begun()));
    let choices = Signal::derive(move || {
        let lang = lang(i18n.get_locale());
        let periods = board.about(|open| open.periods.clone());
        let periods = (0_u16..)
            .zip(&periods)
            .map(|(at, period)| Choice::new(at.to_string(), format::period(period, lang)));
        std::iter::once(Choice::new("", t_string!(i18n, split.total)))
            .chain(periods)
            .collect::<Vec<_>>()
    });
    let wrong = Signal::derive(move || {
        let (row, typed) = (proposal.row.get(), proposal.amount.get());
        proposal.wrong.with(|wrong| {
            let (of, refused, error) = wrong.as_ref()?;
            (*of == row && *refused == typed).then(|| words_of(error, i18n))
        })
    });
    let send = move |_| {
        // The row it was typed for, whichever one has the focus by now.
        let row = proposal.row.get_untracked();
        let place = NodeIndex(row.0 + offset);
        let typed = proposal.typed();
        let period = typed.period.parse().ok().map(PeriodIndex);
        let (amount, words) = (typed.amount.clone(), typed.words.clone());
        proposal.busy.set(true);
        spawn_local(async move {
            match propose(board.version(), place, period, amount, Some(words)).await {
                Ok(_) => {
                    proposal.forget(row, &typed);
                    proposal.sent.update(|sent| *sent += 1);
                    toasts.show(Toast::done(t_string!(i18n, negotiation.proposed)));
                }
                // A wrong amount is said at its field, which keeps what was typed.
                Err(error) if error.field() == Some("amount") => {
                    proposal.wrong.set(Some((row, typed.amount, error)));
                }
                Err(error) => toasts.show(Toast::refused(
                    t_string!(i18n, negotiation.propose),
                    words_of(&error, i18n),
                )),
            }
            proposal.busy.set(false);
        });
    };
    let remember = move |event: leptos::ev::Event| {
        let element = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(element) = element {
            proposal.unfolded.set(element.has_attribute("open"));
        }
    };
    view! {
        <details class="propose" open=move || proposal.unfolded.get() on:toggle=remember>
            <summary class="btn s">
                <Icon glyph=Glyph::Plus />
                {t!(i18n, negotiation.propose)}
            </summary>
            <div class="stack">
                <p class="sm" data-row=move || proposal.row.get().0>
                    <b>{move || t_string!(i18n, negotiation.propose_for, name = board.name(proposal.row.get())).to_string()}</b>
                </p>
                <Select
                    label=t!(i18n, negotiation.period)
                    name="propose-period"
                    choices=choices
                    value=proposal.period
                    on_pick=Callback::new(move |picked| proposal.period.set(picked))
                />
                <Field
                    label=t!(i18n, negotiation.amount)
                    name="propose-amount"
                    kind=FieldKind::Amount
                    bind=proposal.amount
                    error=wrong
                />
                <label class="fld">
                    <span>{t!(i18n, negotiation.words_optional)}</span>
                    <textarea
                        class="input"
                        name="propose-words"
                        rows="2"
                        maxlength=MOST_CHARS.to_string()
                        prop:value=move || proposal.words.get()
                        on:input=move |event| proposal.words.set(event_target_value(&event))
                    ></textarea>
                </label>
                <Button
                    size=ButtonSize::Small
                    busy=proposal.busy
                    disabled=Signal::derive(move || proposal.amount.with(|amount| amount.trim().is_empty()))
                    press=send
                >
                    {t!(i18n, negotiation.propose_send)}
                </Button>
                {when(
                    move || proposal.kept.with(|kept| !kept.is_empty()),
                    move || view! { <Kept board=board proposal=proposal /> }.into_any(),
                )}
            </div>
        </details>
    }
}

/// The other rows for which something is typed and not sent; one leads there.
#[component]
fn Kept(board: Board, proposal: Proposal) -> impl IntoView {
    let i18n = use_i18n();
    let rows = move || {
        proposal
            .kept
            .with(|kept| kept.keys().copied().collect::<Vec<_>>())
    };
    view! {
        <p class="sm muted row wrap" data-kept=move || proposal.kept.with(BTreeMap::len)>
            <span>{t!(i18n, negotiation.propose_kept)}</span>
            {move || {
                rows()
                    .into_iter()
                    .map(|row| view! {
                        <Button
                            kind=ButtonKind::Quiet
                            size=ButtonSize::Small
                            press=move |_| {
                                board.focus(row, Column::Row, false);
                                // What was pressed is gone.
                                focus::to_if_nowhere("#field-propose-amount");
                            }
                        >
                            {move || board.name(row)}
                        </Button>
                    })
                    .collect_view()
            }}
        </p>
    }
}
