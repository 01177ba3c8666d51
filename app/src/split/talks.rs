//! What is negotiated of the numbers of a version, folded to one line: the threads, a proposal for the selected row, and the
//! agreed numbers that a draft does not have yet.

pub mod enter;
pub mod propose;

use std::collections::BTreeMap;

use domain::format;
use domain::id::NegotiationId;
use domain::negotiation::{Act, AgreedNumber, Desk, Talk, anchor};
use domain::plan::NodeIndex;
use domain::target::VersionStatus;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};
use leptos_router::hooks::use_location;

use super::board::{Board, Number};
use crate::live::use_live;
use crate::negotiation::card::TalkCard;
use crate::negotiation::{Acts, load_desk};
use crate::ui::{ErrorView, Glyph, Icon, Standing, Tag, TagKind, when};
use crate::wire::{fetch, loaded};
use crate::words::{t, t_string, use_i18n};
use enter::{Enter, Entry};
use propose::{Proposal, Propose};

/// What somebody is about to do here; it outlives what is fetched.
#[derive(Clone, Copy)]
struct Draft {
    /// Counts what was sent from here.
    sent: RwSignal<u64>,
    /// Whether the list is unfolded, once somebody chose.
    unfolded: RwSignal<Option<bool>>,
    /// What is typed as a proposal.
    proposal: Proposal,
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
        sent,
        unfolded: RwSignal::new(led_here.then_some(true)),
        proposal: Proposal::of(board, sent),
        entry: Entry::new(sent),
    };
    Effect::new(move |_| {
        if let Some(id) = board.sought_talk() {
            draft.unfolded.set(Some(true));
            // Once the list is unfolded.
            request_animation_frame(move || show(id));
        }
    });
    Effect::new(move |_| {
        if let Some(number) = board.proposed_for() {
            draft.unfolded.set(Some(true));
            untrack(|| draft.proposal.open_for(number));
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
    let number_of = |talk: &Talk| Some((NodeIndex(talk.row.0.checked_sub(offset)?), talk.subject));
    let begun: BTreeMap<Number, NegotiationId> = talks
        .iter()
        .filter(|talk| talk.standing.to_move().is_some() && talk.on.is_none())
        .filter_map(|talk| Some((number_of(talk)?, talk.id)))
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
    let replaced = board.about(|open| open.status) == VersionStatus::Archived;
    // Whoever is told of the threads may begin one.
    Effect::new(move |_| board.offer_talks((!replaced).then(|| begun.clone())));
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
            {(!replaced).then(|| view! { <Propose board=board acts=acts proposal=draft.proposal offset=offset /> })}
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
    let amount = || number.subject.sum(|period| board.amount((node, period)));
    board.shape(|shape| shape.has(node)) && amount() != number.amount
}
