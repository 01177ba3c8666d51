//! A thread: which number, what is on the table, who has to move until when, and what was said.

use domain::format;
use domain::money::Minor;
use domain::negotiation::{Act, MoveKind, Said, Side, Status, Talk, anchor};
use domain::people::{DEADLINE, actor};
use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::Acts;
use super::act::Answers;
use crate::frame::moment;
use crate::ui::{Standing, Tag, TagKind};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// A thread with what whoever looks can do in it.
#[component]
pub(crate) fn TalkCard(
    /// The thread.
    talk: Talk,
    /// What its forms do.
    acts: Acts,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = talk.id;
    let currency = StoredValue::new(talk.currency.clone());
    let money = move |amount: Minor| {
        currency.with_value(|currency| format::compact(amount, currency, lang(i18n.get_locale())))
    };
    let full = move |amount: Minor| currency.with_value(|currency| format::currency(amount, currency));
    // What was proposed is told to the last unit: it is what somebody agrees to.
    let exact = move |amount: Minor| {
        currency.with_value(|currency| format::currency_words(amount, currency, lang(i18n.get_locale())))
    };
    let (number, amount, difference) = (talk.number, talk.standing.amount, talk.difference());
    let signed = move || {
        let sign = if difference.0 < 0 { "−" } else { "+" };
        format!("{sign}{}", money(Minor(difference.0.saturating_abs())))
    };
    let period = talk.period.clone();
    let of = {
        let name = talk.name.clone();
        move || {
            let period = period.as_ref().map_or_else(
                || t_string!(i18n, split.total).to_owned(),
                |period| format::period(period, lang(i18n.get_locale())),
            );
            format!("{name} · {period}")
        }
    };
    // A notice leads to one thread; the page comes before its threads, so that the browser does not find it by itself.
    let place = NodeRef::<html::Article>::new();
    let anchor = anchor(id);
    let hash = use_location().hash;
    let named = {
        let anchor = anchor.clone();
        Memo::new(move |_| hash.with(|hash| hash.trim_start_matches('#') == anchor))
    };
    Effect::new(move |_| {
        if let Some(place) = place.get()
            && named.get()
        {
            place.scroll_into_view();
        }
    });
    let open = talk.standing.to_move().is_some();
    let turn = turn_of(&talk, i18n);
    let due_on = talk.due_on;
    let due = move || {
        t_string!(
            i18n,
            negotiation.due,
            day = format::date(due_on, lang(i18n.get_locale()))
        )
        .to_string()
    };
    // What a leader leaves unanswered goes further up; past them it ends.
    let goes_up = talk.standing.to_move() == Some(Side::Plan) && talk.waits_for.is_some();
    let then = move || {
        if goes_up {
            t_string!(i18n, negotiation.then_up)
        } else {
            t_string!(i18n, negotiation.then_stays)
        }
    };
    let (status, mine) = (talk.standing.status, talk.can(Act::Answer));
    let (plan_name, on) = (talk.plan_name.clone(), talk.on);
    let hedge = talk.hedge.filter(|_| open);
    let said = talk
        .said
        .iter()
        .cloned()
        .map(|said| view! { <Line said=said money=Callback::new(exact) /> })
        .collect_view();
    view! {
        <article
            class="card talk"
            class:named=named
            id=anchor
            node_ref=place
            data-negotiation=id.to_string()
            data-status=status.as_str()
            data-amount=amount.0
            data-on=on
        >
            <header class="row between">
                <b>{of}</b>
                <StatusTag status=status mine=mine />
            </header>
            <p class="sm muted">
                {plan_name}
                {on.map(|number| {
                    view! { <span class="nowrap">" · " {move || t_string!(i18n, negotiation.on_version, number = number).to_string()}</span> }
                })}
            </p>
            <dl class="periods">
                <div>
                    <dt class="sm muted">{t!(i18n, negotiation.number)}</dt>
                    <dd title=full(number)>{move || money(number)}</dd>
                </div>
                <div>
                    <dt class="sm muted">
                        {if status == Status::Agreed { t!(i18n, negotiation.agreed_amount) } else { t!(i18n, negotiation.asked) }}
                    </dt>
                    <dd class="strong" title=full(amount)>{move || money(amount)}</dd>
                </div>
                <div>
                    <dt class="sm muted">{t!(i18n, negotiation.difference)}</dt>
                    <dd title=full(difference)>{signed}</dd>
                </div>
                {hedge
                    .map(|hedge| {
                        view! {
                            <div>
                                <dt class="sm muted">{t!(i18n, negotiation.hedge)}</dt>
                                <dd title=full(hedge)>{move || money(hedge)}</dd>
                            </div>
                        }
                    })}
            </dl>
            <ol class="moves">{said}</ol>
            {open.then(|| view! { <p class="sm">{turn} " · " {due} " " <span class="muted">{then}</span></p> })}
            <Answers talk=talk acts=acts />
        </article>
    }
}

/// Who has to move, as whoever looks reads it.
fn turn_of(talk: &Talk, i18n: Words) -> impl Fn() -> String + Send + Sync + use<> {
    let mine = talk.can(Act::Answer);
    let side = talk.standing.to_move();
    let name = talk.waits_for.clone();
    move || match (&name, mine, side) {
        (_, true, _) => t_string!(i18n, negotiation.your_turn).to_owned(),
        (Some(name), false, Some(_)) => t_string!(i18n, negotiation.turn_of, name = name.clone()).to_string(),
        (None, false, Some(Side::Plan)) => t_string!(i18n, negotiation.turn_of_planners).to_owned(),
        _ => t_string!(i18n, negotiation.turn_of_carrier).to_owned(),
    }
}

/// Where a thread stands.
#[component]
fn StatusTag(
    status: Status,
    /// Whether whoever looks has to move.
    mine: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let (kind, word) = match status {
        Status::Open if mine => (
            TagKind::Standing(Standing::Behind),
            t!(i18n, negotiation.your_turn),
        ),
        Status::Open => (TagKind::Accent, t!(i18n, negotiation.s_open)),
        Status::Agreed => (TagKind::Standing(Standing::Ahead), t!(i18n, negotiation.s_agreed)),
        Status::Declined => (TagKind::Standing(Standing::Far), t!(i18n, negotiation.s_declined)),
        Status::Withdrawn => (TagKind::Plain, t!(i18n, negotiation.s_withdrawn)),
        Status::Expired => (TagKind::Plain, t!(i18n, negotiation.s_expired)),
    };
    view! { <Tag kind=kind>{word}</Tag> }
}

/// A move: who, when, what, and their words.
#[component]
fn Line(said: Said, money: Callback<Minor, String>) -> impl IntoView {
    let i18n = use_i18n();
    let Said {
        side: _,
        by,
        at_ms,
        what,
    } = said;
    let did = move || {
        let locale = i18n.get_locale();
        let by = actor(&by, lang(locale)).to_owned();
        let amount = what.amount.map(|amount| money.run(amount)).unwrap_or_default();
        match what.kind {
            MoveKind::Propose => {
                t_string!(i18n, negotiation.did_propose, by = by, amount = amount).to_string()
            }
            MoveKind::Counter => {
                t_string!(i18n, negotiation.did_counter, by = by, amount = amount).to_string()
            }
            MoveKind::Agree => t_string!(i18n, negotiation.did_agree, by = by).to_string(),
            MoveKind::Decline => t_string!(i18n, negotiation.did_decline, by = by).to_string(),
            MoveKind::Escalate if by == DEADLINE => t_string!(i18n, negotiation.did_go_up).to_owned(),
            MoveKind::Escalate => t_string!(i18n, negotiation.did_escalate, by = by).to_string(),
            MoveKind::Withdraw => t_string!(i18n, negotiation.did_withdraw, by = by).to_string(),
        }
    };
    view! {
        <li>
            <p class="row between">
                <span>{did}</span>
                <span class="sm muted nowrap">{move || moment(at_ms, lang(i18n.get_locale()))}</span>
            </p>
            {what.words.map(|words| view! { <p class="said sm">{words}</p> })}
        </li>
    }
}
