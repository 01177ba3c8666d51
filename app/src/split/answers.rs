//! Who has confirmed the numbers of a published version, and exactly which; who has not yet, and is reminded; who disagrees and
//! why.

use domain::acknowledgement::{Acknowledgements, CarrierRow, Reminded};
use domain::format;
use domain::id::{MemberId, VersionId};
use domain::people::actor;
use domain::publish::Asked;
use domain::target::Confirmation;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;

use super::board::Board;
use crate::error::AppError;
use crate::frame::moment;
use crate::live::use_live;
use crate::my_target::accepted::Fingerprint;
use crate::ui::{Button, ButtonSize, Glyph, Icon, Standing, Tag, TagKind, Toast, use_toasts, words_of};
use crate::wire::{fetch, loaded};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// What those within reach say of their number of a version on record.
#[server(prefix = "/api/app", endpoint = "split/answers", input = server_fn::codec::Json)]
pub async fn who_is_asked(version: VersionId) -> Result<Acknowledgements, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(
        operations
            .acknowledgements(&scope, version, domain::acknowledgement::LISTED)
            .await,
    )
}

/// Reminds those within reach who have not answered, or one of them.
#[server(prefix = "/api/app", endpoint = "split/remind", input = server_fn::codec::Json)]
pub async fn remind_carriers(version: VersionId, member: Option<MemberId>) -> Result<Reminded, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.remind_carriers(&scope, version, member).await)
}

/// What outlives what is fetched.
#[derive(Clone, Copy)]
struct Kept {
    /// Whether the list is unfolded.
    unfolded: RwSignal<bool>,
    busy: RwSignal<bool>,
    /// Reminds everybody, or one.
    remind: Callback<Option<MemberId>>,
}

/// The answers to a published version, folded to one line.
#[component]
pub(super) fn Answers(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let toasts = use_toasts();
    let version = board.version();
    let busy = RwSignal::new(false);
    // Counts the reminders that were sent from here.
    let sent = RwSignal::new(0_u64);
    let remind = Callback::new(move |member: Option<MemberId>| {
        busy.set(true);
        spawn_local(async move {
            let done = remind_carriers(version, member).await;
            let _left = busy.try_set(false);
            match done {
                Ok(reminded) => {
                    let words = t_string!(
                        i18n,
                        split.reminded,
                        told = reminded.told,
                        already = reminded.already,
                        unreachable = reminded.unreachable
                    )
                    .to_string();
                    toasts.show(Toast::done(words));
                }
                Err(error) => {
                    let title = t_string!(i18n, split.remind_all).to_owned();
                    toasts.show(Toast::refused(title, words_of(&error, i18n)));
                }
            }
            // Also where it was refused: somebody has answered meanwhile.
            let _left = sent.try_update(|sent| *sent += 1);
        });
    });
    let kept = Kept {
        unfolded: RwSignal::new(false),
        busy,
        remind,
    };
    let told = fetch(
        move || (live.acknowledgements.get(), sent.get()),
        move |_| who_is_asked(version),
    );
    view! {
        <Transition fallback=|| ()>
            {loaded(told, move |found| match found {
                    Ok(told) => view! { <Told told=told board=board kept=kept /> }.into_any(),
                    // The numbers can be read all the same; what went wrong is in the server's log.
                    Err(_) => ().into_any(),
                })}
        </Transition>
    }
}

#[component]
fn Told(told: Acknowledgements, board: Board, kept: Kept) -> impl IntoView {
    let i18n = use_i18n();
    let Acknowledgements {
        confirmed,
        countered,
        open,
        may_remind,
        rows,
        ..
    } = told;
    // More are counted than are listed.
    let more = (confirmed + countered + open).saturating_sub(rows.len() as u64);
    let (mut objections, mut silent, mut done) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        match row.confirmation {
            Confirmation::Countered { .. } => objections.push(row),
            Confirmation::Open => silent.push(row),
            Confirmation::Confirmed { .. } => done.push(row),
        }
    }
    let objections = objections
        .into_iter()
        .map(|row| view! { <Objection row=row board=board /> })
        .collect_view();
    let silent = silent
        .into_iter()
        .map(|row| view! { <Silent row=row board=board kept=kept /> })
        .collect_view();
    let done = done
        .into_iter()
        .map(|row| view! { <Done row=row board=board /> })
        .collect_view();
    let remember = move |event: leptos::ev::Event| {
        let element = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(element) = element {
            kept.unfolded.set(element.has_attribute("open"));
        }
    };
    view! {
        <details
            class="answers"
            data-objections=countered.to_string()
            data-waiting=open.to_string()
            data-confirmed=confirmed.to_string()
            open=move || kept.unfolded.get()
            on:toggle=remember
        >
            <summary class="row wrap">
                {(countered + open == 0).then(|| view! {
                    <Tag kind=TagKind::Standing(Standing::Ahead)>{t!(i18n, split.all_confirmed)}</Tag>
                })}
                {(countered > 0).then(|| view! {
                    <Tag kind=TagKind::Standing(Standing::Far)>
                        {move || t_string!(i18n, split.objections, count = format::count(countered)).to_string()}
                    </Tag>
                })}
                {(open > 0).then(|| view! {
                    <Tag kind=TagKind::Standing(Standing::Behind)>
                        {move || t_string!(i18n, split.not_confirmed, count = format::count(open)).to_string()}
                    </Tag>
                })}
                <span class="sm muted">
                    {move || t_string!(i18n, split.confirmed_count, count = format::count(confirmed)).to_string()}
                </span>
                <Icon glyph=Glyph::Down />
            </summary>
            {may_remind.then(|| view! {
                <p class="row wrap">
                    <Button size=ButtonSize::Small busy=kept.busy press=move |_| kept.remind.run(None)>
                        <Icon glyph=Glyph::Bell />
                        {t!(i18n, split.remind_all)}
                    </Button>
                    <span class="sm muted">{t!(i18n, split.remind_hint)}</span>
                </p>
            })}
            <ul>{objections} {silent} {done}</ul>
            {(more > 0).then(|| view! {
                <p class="sm muted">{move || t_string!(i18n, split.more_answers, count = format::count(more)).to_string()}</p>
            })}
        </details>
    }
}

/// Somebody who disagrees: with which number, what they say, and when they said it.
#[component]
fn Objection(row: CarrierRow, board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let asked = Asked::of(&row);
    let name = move || asked.words(lang(i18n.get_locale()));
    let amount = format::currency(row.total, &board.currency());
    let said = match row.confirmation {
        Confirmation::Countered { at_ms, by, comment } => Some((at_ms, by, comment)),
        _ => None,
    };
    said.map(|(at_ms, by, comment)| {
        view! {
            <li class="row wrap" data-state="countered">
                <b>{name}</b>
                <span class="nowrap">{amount}</span>
                <span class="said">{comment}</span>
                <span class="sm muted">{move || who_when(&by, at_ms, i18n)}</span>
            </li>
        }
    })
}

/// Somebody who has not answered, when they were reminded, and the reminder.
#[component]
fn Silent(row: CarrierRow, board: Board, kept: Kept) -> impl IntoView {
    let i18n = use_i18n();
    let asked = Asked::of(&row);
    let name = move || asked.words(lang(i18n.get_locale()));
    let amount = format::currency(row.total, &board.currency());
    let carrier = row.carrier;
    let reminded = row.reminded_on.map(|day| {
        let words = move || {
            let day = format::date(day, lang(i18n.get_locale()));
            t_string!(i18n, split.reminded_on, day = day).to_string()
        };
        view! { <span class="sm muted" data-reminded=day.to_string()>{words}</span> }
    });
    view! {
        <li class="row wrap" data-state="open" data-member=carrier.to_string()>
            <b>{name}</b>
            <span class="nowrap">{amount}</span>
            {reminded}
            {row.may_remind.then(|| view! {
                <Button size=ButtonSize::Small busy=kept.busy press=move |_| kept.remind.run(Some(carrier))>
                    {t!(i18n, split.remind_one)}
                </Button>
            })}
            {row.accepted.map(|accepted| view! { <Fingerprint accepted=accepted /> })}
        </li>
    }
}

/// Somebody who has confirmed: which number, and its fingerprint.
#[component]
fn Done(row: CarrierRow, board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let asked = Asked::of(&row);
    let name = move || asked.words(lang(i18n.get_locale()));
    let amount = format::currency(row.total, &board.currency());
    view! {
        <li class="row wrap" data-state="confirmed" data-member=row.carrier.to_string()>
            <b>{name}</b>
            <span class="nowrap">{amount}</span>
            {row.accepted.map(|accepted| view! { <Fingerprint accepted=accepted /> })}
        </li>
    }
}

fn who_when(by: &str, at_ms: i64, i18n: Words) -> String {
    let lang = lang(i18n.get_locale());
    let when = moment(at_ms, lang);
    format!("{} {when}", actor(by, lang))
}
