//! One of those who carry a number: which, where they stand, what they say, and reminding them.

use domain::acknowledgement::{Accepted, CarrierRow, Stance};
use domain::format;
use domain::id::NodeId;
use domain::people::actor;
use domain::publish::Asked;
use domain::target::Confirmation;
use leptos::prelude::*;

use super::{List, called};
use crate::frame::moment;
use crate::my_target::accepted::Fingerprint;
use crate::split::board::Board;
use crate::ui::when;
use crate::words::{lang, t, t_string, use_i18n};

/// A row. What comes later of it is shown in its place.
#[component]
pub(super) fn Row(node: NodeId, list: List, board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let row: Memo<Option<CarrierRow>> = Memo::new(move |_| {
        list.page.with(|page| {
            let rows = &page.as_ref()?.rows;
            rows.iter().find(|row| row.node == node).cloned()
        })
    });
    let currency = StoredValue::new(board.currency());
    let name = move || {
        let lang = lang(i18n.get_locale());
        row.with(|row| row.as_ref().map(|row| Asked::of(row).words(lang)))
    };
    let amount = move || {
        let total = row.with(|row| row.as_ref().map(|row| row.total));
        total.map(|total| currency.with_value(|currency| format::currency(total, currency)))
    };
    let stance = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.stance)));
    let state = move || match stance.get() {
        Some(Stance::Countered) => "countered",
        Some(Stance::Confirmed) => "confirmed",
        _ => "open",
    };
    // What is said, by whom and when; who confirmed has it beside the fingerprint.
    let said = Memo::new(move |_| {
        row.with(|row| match &row.as_ref()?.confirmation {
            Confirmation::Countered { at_ms, by, comment } => Some((*at_ms, by.clone(), comment.clone())),
            _ => None,
        })
    });
    let who_when = move || {
        said.with(|said| {
            let (at_ms, by, _) = said.as_ref()?;
            let lang = lang(i18n.get_locale());
            Some(format!("{} {}", actor(by, lang), moment(*at_ms, lang)))
        })
    };
    let comment = move || said.with(|said| said.as_ref().map(|(_, _, comment)| comment.clone()));
    let reminded_on = Memo::new(move |_| row.with(|row| row.as_ref().and_then(|row| row.reminded_on)));
    let reminded = move || {
        let day = format::date(reminded_on.get()?, lang(i18n.get_locale()));
        Some(t_string!(i18n, split.reminded_on, day = day).to_string())
    };
    let may_remind = Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|row| row.may_remind)));
    // Who was reminded just now keeps the button, which cannot be pressed again: it keeps the focus.
    let is_remindable =
        move || may_remind.get() || state() == "open" && reminded_on.get().is_some() && list.voices();
    let idle = move || list.busy.get() || !may_remind.get();
    let press = move |_| {
        let carrier = row.with_untracked(|row| row.as_ref().map(|row| row.carrier));
        if let Some(carrier) = carrier.filter(|_| !untrack(idle)) {
            list.remind.run(Some(carrier));
        }
    };
    let accepted: Memo<Option<Accepted>> =
        Memo::new(move |_| row.with(|row| row.as_ref().and_then(|row| row.accepted.clone())));
    view! {
        <li
            class="row wrap"
            data-state=state
            data-stance=move || stance.get().map(Stance::as_str)
            data-member=move || row.with(|row| row.as_ref().map(|row| row.carrier.to_string()))
        >
            <b>{name}</b>
            <span class="nowrap">{amount}</span>
            <span class="sm muted">{move || stance.get().map(|stance| called(stance, i18n))}</span>
            {when(move || said.with(Option::is_some), move || view! {
                <span class="said">{comment}</span>
                <span class="sm muted">{who_when}</span>
            }.into_any())}
            {when(move || reminded_on.get().is_some() && state() == "open", move || view! {
                <span class="sm muted" data-reminded=move || reminded_on.get().map(|day| day.to_string())>{reminded}</span>
            }.into_any())}
            {when(is_remindable, move || view! {
                <button type="button" class="btn s" aria-disabled=move || idle().then_some("true") on:click=press>
                    {t!(i18n, split.remind_one)}
                </button>
            }.into_any())}
            {move || accepted.get().map(|accepted| view! { <Fingerprint accepted=accepted /> })}
        </li>
    }
}
