//! Who has confirmed the numbers of a published version, who has not yet, and who disagrees and why.

use domain::format;
use domain::id::VersionId;
use domain::people::actor;
use domain::publish::Asked;
use domain::target::{Confirmation, Unconfirmed};
use leptos::prelude::*;

use super::board::Board;
use crate::error::AppError;
use crate::frame::moment;
use crate::live::use_live;
use crate::ui::{Glyph, Icon, Standing, Tag, TagKind};
use crate::wire::{fetch, loaded};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// Names listed of those who have not answered; the count tells of the others.
const LISTED: usize = 100;

/// Those within reach who have not confirmed their number of a version on record.
#[server(prefix = "/api/app", endpoint = "split/answers", input = server_fn::codec::Json)]
pub async fn who_is_asked(version: VersionId) -> Result<Vec<Unconfirmed>, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.unconfirmed(&scope, version).await)
}

/// The answers to a published version, folded to one line.
#[component]
pub(super) fn Answers(board: Board) -> impl IntoView {
    let live = use_live();
    let version = board.version();
    let waiting = fetch(
        move || live.acknowledgements.get(),
        move |_| who_is_asked(version),
    );
    view! {
        <Transition fallback=|| ()>
            {loaded(waiting, move |found| match found {
                    Ok(waiting) => view! { <Told waiting=waiting board=board /> }.into_any(),
                    // The numbers can be read all the same; what went wrong is in the server's log.
                    Err(_) => ().into_any(),
                })}
        </Transition>
    }
}

#[component]
fn Told(waiting: Vec<Unconfirmed>, board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let (countered, open): (Vec<_>, Vec<_>) = waiting
        .into_iter()
        .partition(|one| matches!(one.confirmation, Confirmation::Countered { .. }));
    let (objections, silent) = (countered.len(), open.len());
    if objections + silent == 0 {
        return view! { <p class="answers"><Tag kind=TagKind::Standing(Standing::Ahead)>{t!(i18n, split.all_confirmed)}</Tag></p> }
            .into_any();
    }
    let disagree = countered
        .into_iter()
        .map(|one| view! { <Objection one=one board=board /> })
        .collect_view();
    let listed: Vec<Asked> = open.iter().take(LISTED).map(Asked::of).collect();
    let names = move || {
        let lang = lang(i18n.get_locale());
        let names: Vec<String> = listed.iter().map(|one| one.words(lang)).collect();
        names.join(" · ")
    };
    let more = silent.saturating_sub(LISTED);
    view! {
        <details class="answers" data-objections=objections data-waiting=silent>
            <summary class="row wrap">
                {(objections > 0).then(|| view! {
                    <Tag kind=TagKind::Standing(Standing::Far)>
                        {move || t_string!(i18n, split.objections, count = format::count(objections as u64)).to_string()}
                    </Tag>
                })}
                {(silent > 0).then(|| view! {
                    <Tag kind=TagKind::Standing(Standing::Behind)>
                        {move || t_string!(i18n, split.not_confirmed, count = format::count(silent as u64)).to_string()}
                    </Tag>
                })}
                <Icon glyph=Glyph::Down />
            </summary>
            <ul>{disagree}</ul>
            {(silent > 0).then(|| view! {
                <p class="sm">
                    <b>{t!(i18n, split.waiting_for)}</b> " " {names}
                    {(more > 0).then(|| format!(" … +{more}"))}
                </p>
            })}
        </details>
    }
    .into_any()
}

/// Somebody who disagrees: with which number, what they say, and when they said it.
#[component]
fn Objection(one: Unconfirmed, board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let asked = Asked::of(&one);
    let name = move || asked.words(lang(i18n.get_locale()));
    let amount = format::currency(one.total, &board.currency());
    let said = match one.confirmation {
        Confirmation::Countered { at_ms, by, comment } => Some((at_ms, by, comment)),
        _ => None,
    };
    said.map(|(at_ms, by, comment)| {
        view! {
            <li class="row wrap">
                <b>{name}</b>
                <span class="nowrap">{amount}</span>
                <span class="said">{comment}</span>
                <span class="sm muted">{move || who_when(&by, at_ms, i18n)}</span>
            </li>
        }
    })
}

fn who_when(by: &str, at_ms: i64, i18n: Words) -> String {
    let lang = lang(i18n.get_locale());
    let when = moment(at_ms, lang);
    format!("{} {when}", actor(by, lang))
}
