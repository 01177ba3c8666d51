//! What is negotiated of the numbers of a version, folded to one line: the threads, a proposal for the selected row, and the
//! agreed numbers that a draft does not have yet.

pub mod enter;

use std::collections::BTreeMap;

use domain::format;
use domain::id::NegotiationId;
use domain::negotiation::{Act, AgreedNumber, Desk, MOST_CHARS, anchor};
use domain::plan::{NodeIndex, PeriodIndex};
use domain::target::VersionStatus;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};
use leptos_router::hooks::use_location;

use super::board::Board;
use crate::error::AppError;
use crate::live::use_live;
use crate::negotiation::card::TalkCard;
use crate::negotiation::{Acts, load_desk, propose};
use crate::ui::{
    Button, ButtonSize, Choice, ErrorView, Field, FieldKind, Glyph, Icon, Select, Standing, Tag, TagKind,
    Toast, use_toasts, when, words_of,
};
use crate::wire::{fetch, loaded};
use crate::words::{lang, t, t_string, use_i18n};
use enter::{Enter, Entry};

/// What is typed as a proposal; it outlives what is fetched.
#[derive(Clone, Copy)]
struct Draft {
    amount: RwSignal<String>,
    words: RwSignal<String>,
    period: RwSignal<String>,
    busy: RwSignal<bool>,
    /// Counts what was sent from here.
    sent: RwSignal<u64>,
    /// Whether the list is unfolded, once somebody chose.
    unfolded: RwSignal<Option<bool>>,
    /// The amount that was refused last, with why: it is said while that is still what is typed.
    wrong: RwSignal<Option<(String, AppError)>>,
    /// What is chosen before agreed numbers are entered.
    entry: Entry,
}

/// What is negotiated.
#[component]
pub(super) fn Talks(board: Board) -> impl IntoView {
    let live = use_live();
    let version = board.version();
    let acts = Acts::provide();
    // A notice leads to one of the threads.
    let led_here = use_location()
        .hash
        .with_untracked(|hash| hash.contains("negotiation-"));
    let sent = RwSignal::new(0);
    let draft = Draft {
        amount: RwSignal::new(String::new()),
        words: RwSignal::new(String::new()),
        period: RwSignal::new(String::new()),
        busy: RwSignal::new(false),
        sent,
        unfolded: RwSignal::new(led_here.then_some(true)),
        wrong: RwSignal::new(None),
        entry: Entry::new(sent),
    };
    Effect::new(move |_| {
        if let Some(id) = board.sought_talk() {
            draft.unfolded.set(Some(true));
            // Once the list is unfolded.
            request_animation_frame(move || show(id));
        }
    });
    let source = move || (live.acknowledgements.get(), acts.sent(), draft.sent.get());
    let desk = fetch(source, move |_| load_desk(version));
    view! {
        <Transition fallback=|| ()>
            {loaded(desk, move |found| match found {
                    Ok(desk) => view! { <Told desk=desk board=board acts=acts draft=draft /> }.into_any(),
                    // Who takes no part is told nothing; what went wrong otherwise is in the server's log.
                    Err(_) => ().into_any(),
                })}
        </Transition>
    }
}

#[component]
fn Told(desk: Desk, board: Board, acts: Acts, draft: Draft) -> impl IntoView {
    let i18n = use_i18n();
    let Desk { talks, more, agreed } = desk;
    let mine = talks.iter().filter(|talk| talk.can(Act::Answer)).count();
    let open = talks
        .iter()
        .filter(|talk| talk.standing.to_move().is_some())
        .count();
    // What was agreed on the version before and is not in this one yet is told by itself.
    let ended = talks
        .iter()
        .filter(|talk| talk.standing.to_move().is_none() && talk.on.is_none())
        .count();
    let all = talks.len();
    let offset = board.about(|open| open.offset);
    let going_on: BTreeMap<NodeIndex, NegotiationId> = talks
        .iter()
        .filter(|talk| talk.standing.to_move().is_some())
        .filter_map(|talk| Some((NodeIndex(talk.row.0.checked_sub(offset)?), talk.id)))
        .collect();
    let agreed = StoredValue::new(agreed);
    // Marked are the rows with a thread that goes on, or with one that was agreed on and is not in the draft.
    let marked = Memo::new(move |_| {
        board.track_settled();
        let mut marked: BTreeMap<NodeIndex, NegotiationId> = untrack(|| {
            agreed.with_value(|agreed| {
                agreed
                    .iter()
                    .filter(|number| differs(board, offset, number))
                    .filter_map(|number| Some((NodeIndex(number.row.0.checked_sub(offset)?), number.id)))
                    .collect()
            })
        });
        marked.extend(going_on.iter().map(|(row, id)| (*row, *id)));
        marked
    });
    Effect::new(move |_| board.mark_talks(marked.get()));
    // What the draft has meanwhile, by whatever hand, waits no more.
    let waiting = Signal::derive(move || {
        agreed.with_value(|agreed| {
            agreed
                .iter()
                .filter(|number| differs(board, offset, number))
                .count() as u64
        })
    });
    let cards = talks
        .into_iter()
        .map(|talk| view! { <li><TalkCard talk=talk acts=acts /></li> })
        .collect_view();
    let unfolded = move || draft.unfolded.get().unwrap_or(mine > 0);
    let remember = move |event: leptos::ev::Event| {
        let element = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(element) = element {
            draft.unfolded.set(Some(element.has_attribute("open")));
        }
    };
    let replaced = board.about(|open| open.status) == VersionStatus::Archived;
    view! {
        <details class="talks" data-talks=all data-open=open open=unfolded on:toggle=remember>
            <summary class="row wrap">
                <b>{t!(i18n, negotiation.title)}</b>
                {(mine > 0).then(|| view! {
                    <Tag kind=TagKind::Standing(Standing::Behind)>
                        {move || t_string!(i18n, negotiation.count_mine, count = format::count(mine as u64)).to_string()}
                    </Tag>
                })}
                {(open > mine).then(|| view! {
                    <Tag kind=TagKind::Accent>
                        {move || t_string!(i18n, negotiation.count_open, count = format::count((open - mine) as u64)).to_string()}
                    </Tag>
                })}
                {(ended > 0).then(|| view! {
                    <span class="sm muted">
                        {move || t_string!(i18n, negotiation.count_ended, count = format::count(ended as u64 + more)).to_string()}
                    </span>
                })}
                {when(
                    move || waiting.get() > 0,
                    move || view! {
                        <Tag kind=TagKind::Standing(Standing::Ahead)>
                            {move || t_string!(i18n, negotiation.count_agreed, count = format::count(waiting.get())).to_string()}
                        </Tag>
                    }
                        .into_any(),
                )}
                <Icon glyph=Glyph::Down />
            </summary>
            {move || acts.failed().map(|error| view! { <ErrorView error=error /> })}
            {when(
                move || waiting.get() > 0,
                move || view! { <Enter board=board waiting=waiting entry=draft.entry /> }.into_any(),
            )}
            <ul>{cards}</ul>
            {(more > 0).then(|| view! {
                <p class="sm muted">{move || t_string!(i18n, negotiation.more, count = format::count(more)).to_string()}</p>
            })}
            {(!replaced).then(|| view! { <Propose board=board acts=acts draft=draft offset=offset /> })}
        </details>
    }
}

/// Brings a thread into sight, and the keyboard with it.
fn show(id: NegotiationId) {
    let Some(thread) = document().get_element_by_id(&anchor(id)) else {
        return;
    };
    thread.scroll_into_view();
    // Fails for nothing that is in the page.
    drop(thread.set_attribute("tabindex", "-1"));
    if let Some(thread) = thread.dyn_ref::<HtmlElement>() {
        drop(thread.focus());
    }
}

/// Whether the draft has another amount than was agreed on; tracks changes.
fn differs(board: Board, offset: u32, number: &AgreedNumber) -> bool {
    let Some(node) = number.row.0.checked_sub(offset).map(NodeIndex) else {
        return false;
    };
    board.shape(|shape| shape.has(node)) && board.amount((node, number.period)) != number.amount
}

/// Proposes another amount for the selected row.
#[component]
fn Propose(board: Board, acts: Acts, draft: Draft, offset: u32) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    // What was begun is not taken away by what others do meanwhile.
    Effect::new(move |_| {
        let begun =
            draft.amount.with(|amount| !amount.is_empty()) || draft.words.with(|words| !words.is_empty());
        acts.writing.set(begun);
    });
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
        let typed = draft.amount.get();
        draft.wrong.with(|wrong| {
            let (refused, error) = wrong.as_ref()?;
            (*refused == typed).then(|| words_of(error, i18n))
        })
    });
    let send = move |_| {
        let row = NodeIndex(board.selected.get_untracked().0 + offset);
        let period = draft.period.get_untracked().parse().ok().map(PeriodIndex);
        let (amount, words) = (draft.amount.get_untracked(), draft.words.get_untracked());
        let typed = amount.clone();
        draft.busy.set(true);
        spawn_local(async move {
            match propose(board.version(), row, period, amount, Some(words)).await {
                Ok(_) => {
                    draft.amount.set(String::new());
                    draft.words.set(String::new());
                    draft.sent.update(|sent| *sent += 1);
                    toasts.show(Toast::done(t_string!(i18n, negotiation.proposed)));
                }
                // A wrong amount is said at its field, which keeps what was typed.
                Err(error) if error.field() == Some("amount") => draft.wrong.set(Some((typed, error))),
                Err(error) => toasts.show(Toast::refused(
                    t_string!(i18n, negotiation.propose),
                    words_of(&error, i18n),
                )),
            }
            draft.busy.set(false);
        });
    };
    view! {
        <details class="propose">
            <summary class="btn s">
                <Icon glyph=Glyph::Plus />
                {t!(i18n, negotiation.propose)}
            </summary>
            <div class="stack">
                <p class="sm">
                    <b>{move || t_string!(i18n, negotiation.propose_for, name = board.name(board.selected.get())).to_string()}</b>
                </p>
                <Select
                    label=t!(i18n, negotiation.period)
                    name="propose-period"
                    choices=choices
                    value=draft.period
                    on_pick=Callback::new(move |picked| draft.period.set(picked))
                />
                <Field
                    label=t!(i18n, negotiation.amount)
                    name="propose-amount"
                    kind=FieldKind::Amount
                    bind=draft.amount
                    error=wrong
                />
                <label class="fld">
                    <span>{t!(i18n, negotiation.words_optional)}</span>
                    <textarea
                        class="input"
                        name="propose-words"
                        rows="2"
                        maxlength=MOST_CHARS.to_string()
                        prop:value=move || draft.words.get()
                        on:input=move |event| draft.words.set(event_target_value(&event))
                    ></textarea>
                </label>
                <Button
                    size=ButtonSize::Small
                    busy=draft.busy
                    disabled=Signal::derive(move || draft.amount.with(|amount| amount.trim().is_empty()))
                    press=send
                >
                    {t!(i18n, negotiation.propose_send)}
                </Button>
            </div>
        </details>
    }
}
