//! A cell of the table: how much of a row is to come from a line; a press makes it a field.

use domain::line::rows::{LONGEST_REASON, LineAnswer, LineCell, LineHead, NewRowLine, SeenLine, SetByHand};
use domain::money::{Edit, Minor};
use domain::people::actor;
use domain::plan::NodeIndex;
use domain::why::Other;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::{ev, html};

use super::table::{full, money, named};
use super::{Ledger, free_row_line, set_row_line};
use crate::error::AppError;
use crate::frame::moment;
use crate::ui::{Button, ButtonKind, ButtonSize, ButtonType, Glyph, Icon, IconSize, is_composing, words_of};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// The cell.
#[component]
pub(super) fn LineAmount(
    ledger: Ledger,
    /// The row, in the whole version.
    node: NodeIndex,
    /// What the row is called.
    row: String,
    head: LineHead,
    cell: LineCell,
    /// Whether it can be set.
    may_set: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let LineCell { amount, set } = cell;
    let by_hand = set.is_some();
    // What was set is shown as it was set, also where there is no room for it; the sums go by what there is room for.
    let excess = set
        .as_ref()
        .map(|set| set.amount.0.saturating_sub(amount.0))
        .filter(|excess| *excess != 0);
    let shown = set.as_ref().map_or(amount, |set| set.amount);
    let unmet = excess.map(|excess| excess.to_string());
    let tag = format!("{}:{}", node.0, head.key);
    let place = StoredValue::new((node, head.key.clone()));
    let (row, head, set) = (
        StoredValue::new(row),
        StoredValue::new(head),
        StoredValue::new(set),
    );
    let text = money(ledger, shown, i18n);
    // To the last unit, and whose it is where it was set by hand.
    let title = move || {
        let exact = full(ledger, shown);
        match set.with_value(|set| set.as_ref().map(|set| set_words(ledger, set, i18n))) {
            Some(words) => format!("{exact} · {words}"),
            None => exact,
        }
    };
    // Beside the amount: the exact difference.
    let apart = move || {
        excess.map(|excess| {
            let by = full(ledger, Minor(excess.saturating_abs()));
            if excess > 0 {
                t_string!(i18n, lines.too_much, amount = by).to_string()
            } else {
                t_string!(i18n, lines.too_little, amount = by).to_string()
            }
        })
    };
    let note = move || apart().map(|words| view! { <span class="sm unmet-by">{words}</span> });
    let mark = move || {
        by_hand.then(|| {
            view! {
                <Icon glyph=Glyph::Edit size=IconSize::Small />
                <span class="sr">{t!(i18n, lines.by_hand)}</span>
            }
        })
    };
    // Who only reads has no field to open, and nothing that follows one.
    let inside = if may_set {
        let label = move || {
            let line = head.with_value(|head| named(head, i18n));
            t_string!(i18n, lines.edit_label, name = row.get_value(), line = line).to_string()
        };
        let editing = Memo::new(move |_| {
            ledger
                .editing
                .with(|editing| place.with_value(|place| editing.as_ref() == Some(place)))
        });
        let tag = StoredValue::new(tag);
        view! {
            {move || {
                if editing.get() {
                    let given = Given {
                        node,
                        head: head.get_value(),
                        tag: tag.get_value(),
                        amount,
                        set: set.get_value(),
                    };
                    view! { <Editor ledger=ledger given=given label=Signal::derive(label) /> }.into_any()
                } else {
                    view! {
                        <button
                            type="button"
                            class="figure-button"
                            data-cell=tag.get_value()
                            title=title
                            on:click=move |_| ledger.editing.set(Some(place.get_value()))
                        >
                            // Before what is shown and not instead of it: whoever speaks what they read finds the button.
                            <span class="sr">{move || format!("{}, {}, ", label(), title())}</span>
                            {mark()}
                            {text}
                            {note}
                        </button>
                    }
                    .into_any()
                }
            }}
        }
        .into_any()
    } else {
        view! {
            {mark()}
            {text}
            {note}
        }
        .into_any()
    };
    view! {
        <td
            class="num"
            class:by-hand=by_hand
            class:is-far=excess.is_some()
            data-minor=amount.0
            data-set=by_hand.to_string()
            data-unmet=unmet
            title=move || (!may_set).then(title)
        >
            {inside}
        </td>
    }
}

/// Who set how much, when and why.
fn set_words(ledger: Ledger, set: &SetByHand, i18n: Words) -> String {
    let lang = lang(i18n.get_locale());
    let words = t_string!(
        i18n,
        lines.set_by,
        amount = full(ledger, set.amount),
        name = actor(&set.by, lang).to_owned(),
        when = moment(set.at_ms, lang)
    )
    .to_string();
    match &set.reason {
        Some(reason) => format!("{words} · {reason}"),
        None => words,
    }
}

/// What a field is opened with.
#[derive(Clone)]
pub struct Given {
    node: NodeIndex,
    head: LineHead,
    /// Finds the cell in the page again.
    tag: String,
    amount: Minor,
    set: Option<SetByHand>,
}

/// The field: an amount as in the grid, a reason, and the way back to what is proposed.
#[component]
fn Editor(ledger: Ledger, given: Given, label: Signal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let Given {
        node,
        head,
        tag,
        amount,
        set,
    } = given;
    let (was_set, seen) = (set.is_some(), SeenLine::of(set.as_ref()));
    let first = set.as_ref().map_or(amount, |set| set.amount);
    let text = RwSignal::new(full(ledger, first));
    let reason = RwSignal::new(set.and_then(|set| set.reason).unwrap_or_default());
    let state = Sending::new(ledger, seen, i18n);
    let (wrong, busy) = (state.wrong, state.busy);
    let (tag, key) = (StoredValue::new(tag), StoredValue::new(head.key));
    let field = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            drop(field.focus());
            field.select();
        }
    });
    let by = move || {
        ledger.shown.with_untracked(|shown| match shown {
            Some(Ok(Some(lines))) => Some(lines.by),
            _ => None,
        })
    };
    let send = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(by) = by().filter(|_| !busy.get_untracked()) else {
            return;
        };
        let typed = text.get_untracked();
        let read = ledger
            .currency
            .with_value(|currency| Edit::parse(&typed).and_then(|edit| edit.apply(amount, currency)));
        let Ok(wanted) = read else {
            wrong.set(Some(t_string!(i18n, split.edit_bad, text = typed).to_string()));
            return;
        };
        let said = reason.get_untracked();
        let line = NewRowLine {
            node,
            by,
            key: key.get_value(),
            period: None,
            amount: wanted,
            reason: Some(said).filter(|said| !said.trim().is_empty()),
            seen: state.seen.get_value(),
        };
        state.send(tag.get_value(), set_row_line(ledger.version, line));
    };
    let back = move |_| {
        if let Some(by) = by() {
            let seen = state.seen.get_value();
            let freed = free_row_line(ledger.version, node, None, by, key.get_value(), seen);
            state.send(tag.get_value(), freed);
        }
    };
    let why = move |_| {
        // The card knows the rows of the grid, the table those of the whole version.
        let top = ledger.board.whole_index(NodeIndex(0));
        if let (Some(by), Some(row)) = (by(), node.0.checked_sub(top.0)) {
            let line = Other::Line {
                by,
                key: key.get_value(),
            };
            ledger.board.why_other.set(Some(((NodeIndex(row), None), line)));
        }
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if !is_composing(&event) && event.key() == "Escape" {
            event.stop_propagation();
            ledger.close(tag.get_value());
        }
    };
    view! {
        <form class="line-edit" on:submit=send on:keydown=on_key>
            <input
                node_ref=field
                class="input num s"
                name="line-amount"
                inputmode="text"
                autocomplete="off"
                aria-label=move || label.get()
                aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
            />
            <input
                class="input s"
                name="line-reason"
                autocomplete="off"
                maxlength=LONGEST_REASON.to_string()
                aria-label=t!(i18n, lines.reason)
                placeholder=t!(i18n, lines.reason)
                prop:value=move || reason.get()
                on:input=move |event| reason.set(event_target_value(&event))
            />
            <p class="sm is-far" role="alert">{move || wrong.get()}</p>
            <div class="row wrap">
                <Button size=ButtonSize::Small r#type=ButtonType::Submit busy=busy>
                    {move || if state.changed.get() { t_string!(i18n, lines.anyway) } else { t_string!(i18n, lines.set) }}
                </Button>
                {was_set.then(|| view! {
                    <Button kind=ButtonKind::Quiet size=ButtonSize::Small busy=busy press=back>
                        {t!(i18n, lines.back)}
                    </Button>
                })}
                <Button kind=ButtonKind::Quiet size=ButtonSize::Small press=why>
                    {t!(i18n, split.menu_why)}
                </Button>
                <Button kind=ButtonKind::Quiet size=ButtonSize::Small press=move |_| ledger.close(tag.get_value())>
                    {t!(i18n, lines.cancel)}
                </Button>
            </div>
        </form>
    }
}

/// What an answer is told to.
#[derive(Clone, Copy)]
pub struct Sending {
    ledger: Ledger,
    /// Why it was refused.
    pub(super) wrong: RwSignal<Option<String>>,
    /// Whether an answer is waited for.
    pub(super) busy: RwSignal<bool>,
    /// What was set as far as it is known here; once somebody is told that it was changed, what it was changed to.
    pub(super) seen: StoredValue<SeenLine>,
    /// Whether it was changed meanwhile, and they were told.
    pub(super) changed: RwSignal<bool>,
    i18n: Words,
}

impl Sending {
    /// Nothing is sent yet; the signals live as long as what makes them.
    pub(super) fn new(ledger: Ledger, seen: SeenLine, i18n: Words) -> Self {
        Self {
            ledger,
            wrong: RwSignal::new(None),
            busy: RwSignal::new(false),
            seen: StoredValue::new(seen),
            changed: RwSignal::new(false),
            i18n,
        }
    }

    /// Waits for an answer: the field is closed, or says why not. What was changed meanwhile is done when it is asked for again.
    pub(super) fn send(
        self,
        tag: String,
        work: impl Future<Output = Result<LineAnswer, AppError>> + 'static,
    ) {
        self.busy.set(true);
        self.wrong.set(None);
        spawn_local(async move {
            let done = work.await;
            // The page may have been left, and the field been closed.
            let _left = self.busy.try_set(false);
            match done {
                Ok(LineAnswer::Done) => self.ledger.done(tag),
                // Pressed again by who was told, it is done.
                Ok(LineAnswer::Changed(changed)) => {
                    let _left = self.seen.try_set_value(SeenLine::of(changed.now.as_ref()));
                    let words = changed.words(lang(self.i18n.get_locale_untracked()));
                    let _left = self.wrong.try_set(Some(words));
                    let _left = self.changed.try_set(true);
                }
                Err(error) => drop(self.wrong.try_set(Some(words_of(&error, self.i18n)))),
            }
        });
    }
}
