//! Proposing another amount for a number. What is typed belongs to the row it was typed for: another row has a form of its own, and
//! what was begun for the one before is found there again.

use std::collections::BTreeMap;

use domain::format;
use domain::negotiation::{About, Subject};
use domain::plan::{NodeIndex, PeriodIndex};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

use crate::negotiation::Acts;
use crate::negotiation::form::{ProposalForm, Typed, Typing};
use crate::split::board::{Board, Column, Number};
use crate::split::focus;
use crate::ui::{Button, ButtonKind, ButtonSize, Choice, Glyph, Icon, Select, when};
use crate::words::{lang, t, t_string, use_i18n};

/// What was typed for a row, and for which number of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Begun {
    typed: Typed,
    subject: Subject,
}

/// What is typed as a proposal; it outlives what is fetched.
#[derive(Clone, Copy)]
pub struct Proposal {
    /// The row that the form is about.
    row: RwSignal<NodeIndex>,
    /// Which number of it.
    subject: RwSignal<Subject>,
    typing: Typing,
    /// What was typed for other rows and is not sent.
    kept: RwSignal<BTreeMap<NodeIndex, Begun>>,
    /// Whether the form is unfolded.
    unfolded: RwSignal<bool>,
    /// Counts what was sent.
    sent: RwSignal<u64>,
}

impl Proposal {
    /// Nothing yet; it goes with the selected row. `sent` counts what was sent.
    pub(super) fn of(board: Board, sent: RwSignal<u64>) -> Self {
        let proposal = Self {
            row: RwSignal::new(board.selected.get_untracked()),
            subject: RwSignal::new(Subject::Total),
            typing: Typing::new(),
            kept: RwSignal::new(BTreeMap::new()),
            unfolded: RwSignal::new(false),
            sent,
        };
        Effect::new(move |_| {
            let row = board.selected.get();
            untrack(|| proposal.turn_to(row));
        });
        proposal
    }

    /// Unfolds the form for a number, and brings it into sight.
    pub(super) fn open_for(self, (node, subject): Number) {
        self.turn_to(node);
        self.subject.set(subject);
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
        let begun = self.begun();
        let next = self.kept.try_update(|kept| {
            if !begun.typed.is_empty() {
                kept.insert(before, begun);
            }
            kept.remove(&row).unwrap_or_default()
        });
        self.row.set(row);
        self.fill(next.unwrap_or_default());
    }

    fn fill(self, begun: Begun) {
        self.typing.fill(begun.typed);
        self.subject.set(begun.subject);
    }

    /// What is typed now.
    fn begun(self) -> Begun {
        Begun {
            typed: self.typing.typed(),
            subject: self.subject.get_untracked(),
        }
    }

    /// What was typed for a row is sent, and the form has done its work; what was typed since, for it or for another row, stays.
    fn forget(self, row: NodeIndex, sent: &Begun) {
        // The page may be gone.
        let Some(now) = self.row.try_get_untracked() else {
            return;
        };
        if now == row {
            let begun = self.begun();
            if begun.typed == sent.typed {
                // Who turned to another month of the row goes on with that.
                let goes_on = begun.subject != sent.subject;
                self.fill(Begun {
                    subject: Some(begun.subject).filter(|_| goes_on).unwrap_or_default(),
                    ..Begun::default()
                });
                self.unfolded.set(goes_on);
            }
        } else if self.kept.with_untracked(|kept| kept.get(&row) == Some(sent)) {
            self.kept.update(|kept| {
                kept.remove(&row);
            });
        }
    }
}

/// Proposes another amount for the selected row.
#[component]
pub(super) fn Propose(board: Board, acts: Acts, proposal: Proposal, offset: u32) -> impl IntoView {
    let i18n = use_i18n();
    // What was begun is not taken away by what others do meanwhile.
    Effect::new(move |_| acts.writing.set(proposal.typing.is_begun()));
    let choices = Signal::derive(move || {
        let lang = lang(i18n.get_locale());
        let total = Choice::new(Subject::Total.key(), t_string!(i18n, split.total));
        board.about(|open| {
            let periods = (0..)
                .map(|at| Subject::Period(PeriodIndex(at)))
                .zip(&open.periods);
            let quarters = open.quarters.iter();
            let quarters =
                quarters.map(|quarter| (Subject::of_quarter(quarter, open.periods.len()), &quarter.period));
            // A quarter of one month is that month, and one that is all there is the total.
            let quarters = quarters.filter(|(subject, _)| matches!(subject, Subject::Span { .. }));
            let parts = periods
                .chain(quarters)
                .map(|(subject, period)| Choice::new(subject.key(), format::period(period, lang)));
            std::iter::once(total).chain(parts).collect::<Vec<_>>()
        })
    });
    let about = Signal::derive(move || About::Row {
        row: NodeIndex(proposal.row.get().0 + offset),
        subject: proposal.subject.get(),
    });
    let sent = move |about: About, typed: Typed| {
        let About::Row { row, subject } = about else {
            return;
        };
        let row = NodeIndex(row.0.saturating_sub(offset));
        proposal.forget(row, &Begun { typed, subject });
        let _gone = proposal.sent.try_update(|sent| *sent += 1);
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
                    value=Signal::derive(move || proposal.subject.get().key())
                    on_pick=Callback::new(move |picked: String| {
                        proposal.subject.set(Subject::of_key(&picked).unwrap_or_default());
                    })
                />
                <ProposalForm
                    version=board.version()
                    typing=proposal.typing
                    about=about
                    size=ButtonSize::Small
                    sent=sent
                />
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
