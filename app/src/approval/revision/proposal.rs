//! What a rule proposes: everybody's number before and after, and why, in the way it is about; then opening exactly that.

use std::collections::BTreeMap;

use domain::id::RevisionId;
use domain::revision::{Begin, Proposal};
use leptos::prelude::*;

use super::{Opening, ways};
use crate::approval::proposed::{Looking, Proposed};
use crate::frame::moment;
use crate::split;
use crate::ui::{Button, ButtonSize, Select, when};
use crate::words::{lang, t, use_i18n};

/// Which proposal is looked at, and the way chosen for each. It outlives the lines, which come and go.
#[derive(Clone, Copy)]
pub struct Weighing {
    /// One at a time: each is reckoned for the whole plan.
    looked: RwSignal<Option<RevisionId>>,
    /// Whether it was folded away.
    is_folded: RwSignal<bool>,
    /// Ways that were chosen; the others begin as their rule has it.
    chosen: RwSignal<BTreeMap<RevisionId, Begin>>,
    looking: Looking,
}

impl Weighing {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self {
            looked: RwSignal::new(None),
            is_folded: RwSignal::new(false),
            chosen: RwSignal::new(BTreeMap::new()),
            looking: Looking::new(),
        }
    }

    /// The first is shown, until another is looked at, or where that one is no proposal any more.
    pub(super) fn settle(self, proposals: &[Proposal]) {
        let looked = self.looked.get_untracked();
        let is_there = looked.is_some_and(|looked| proposals.iter().any(|one| one.id == looked));
        if !is_there {
            self.look_at(proposals.first().map(|first| first.id));
        }
    }

    fn look_at(self, proposal: Option<RevisionId>) {
        self.looking.reset();
        self.looked.set(proposal);
    }

    fn shows(self, proposal: RevisionId) -> bool {
        !self.is_folded.get() && self.looked.get() == Some(proposal)
    }

    fn toggle(self, proposal: RevisionId) {
        let is_shown = untrack(|| self.shows(proposal));
        self.is_folded.set(is_shown);
        if self.looked.get_untracked() != Some(proposal) {
            self.look_at(Some(proposal));
        }
    }

    fn begin(self, proposal: RevisionId, usual: Begin) -> Begin {
        self.chosen
            .with(|chosen| chosen.get(&proposal).copied().unwrap_or(usual))
    }

    fn choose(self, proposal: RevisionId, begin: Begin) {
        self.chosen.update(|chosen| {
            chosen.insert(proposal, begin);
        });
    }
}

/// A proposal: why it came, and what it would do; it is opened where that is seen.
#[component]
pub(super) fn ProposalLine(
    proposal: Proposal,
    weighing: Weighing,
    /// Whether a revision is being opened.
    busy: RwSignal<bool>,
    /// Puts it aside.
    aside: Callback<RevisionId>,
    /// Opens it.
    open: Callback<Opening>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Proposal {
        id,
        version,
        plan,
        number,
        cause,
        at_ms,
    } = proposal;
    let usual = cause.begin();
    let why = move || {
        let lang = lang(i18n.get_locale());
        format!("{} · {}", cause.words(lang), moment(at_ms, lang))
    };
    let shows = move || weighing.shows(id);
    let begin = move || weighing.begin(id, usual);
    let press = move |_| {
        open.run(Opening {
            version,
            proposal: Some(id),
            reason: None,
            begin: untrack(begin),
        });
    };
    view! {
        <li data-proposal=id.to_string()>
            <div class="row wrap">
                <a href=split::address(version)>{plan} " v" {number}</a>
                <span>{why}</span>
                <span class="grow"></span>
                <button
                    type="button"
                    class="btn s"
                    aria-expanded=move || shows().to_string()
                    on:click=move |_| weighing.toggle(id)
                >
                    {t!(i18n, approval.proposal_look)}
                </button>
                <Button size=ButtonSize::Small press=move |_| aside.run(id)>{t!(i18n, approval.adjust_aside)}</Button>
            </div>
            {when(shows, move || view! {
                <div class="row wrap by-hand">
                    <div class="grow">
                        <Select
                            label=t!(i18n, approval.adjust_begin)
                            name="proposal-begin"
                            choices=Signal::derive(move || ways(i18n))
                            value=Signal::derive(move || begin().as_str().to_owned())
                            on_pick=Callback::new(move |way: String| {
                                weighing.choose(id, Begin::parse(&way).unwrap_or(usual));
                            })
                        />
                    </div>
                    // What would be opened is seen first.
                    <Button busy=busy disabled=Signal::derive(move || !weighing.looking.shows(begin())) press=press>
                        {t!(i18n, approval.adjust_open)}
                    </Button>
                </div>
                <Proposed
                    version=Signal::stored(Some(version))
                    begin=Signal::derive(move || Some(begin()))
                    looking=weighing.looking
                />
            }.into_any())}
        </li>
    }
}
