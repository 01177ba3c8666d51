//! What was set and cannot be met: by how much, and the ways out of it.

use domain::format;
use domain::line::rows::{NewRowLine, RowFault, SeenLine, UnmetLine};
use leptos::prelude::*;

use super::cell::Sending;
use super::table::full;
use super::{Ledger, free_row_line, set_row_line};
use crate::ui::{Button, ButtonKind, ButtonSize, Glyph, Icon};
use crate::words::{lang, t, t_string, use_i18n};

/// What cannot be met, above the table; `more`: how much more of it there is.
#[component]
pub(super) fn Faults(ledger: Ledger, faults: Vec<RowFault>, more: u64) -> impl IntoView {
    let i18n = use_i18n();
    let faults = faults
        .into_iter()
        .map(|fault| view! { <Fault ledger=ledger fault=fault /> })
        .collect_view();
    view! {
        <div role="status" data-lines-fault="">
            <ul class="sm unmet">{faults}</ul>
        </div>
        {(more > 0).then(|| view! {
            <p class="sm is-far">
                {move || t_string!(i18n, lines.fault_more, count = format::count(more)).to_string()}
            </p>
        })}
        <p class="sm muted">{t!(i18n, lines.fault_hint)}</p>
    }
}

#[component]
fn Fault(ledger: Ledger, fault: RowFault) -> impl IntoView {
    let i18n = use_i18n();
    let seen = match &fault {
        RowFault::Line(line) => SeenLine::Set(line.set),
        RowFault::Whole(_) => SeenLine::Any,
    };
    let sending = Sending::new(ledger, seen, i18n);
    let way_out = match &fault {
        RowFault::Line(line) if line.may_set => Some(StoredValue::new(line.clone())),
        _ => None,
    };
    let fault = StoredValue::new(fault);
    let words = move || {
        let lang = lang(i18n.get_locale());
        ledger
            .currency
            .with_value(|currency| fault.with_value(|fault| fault.words(lang, currency)))
    };
    let way_out = way_out.map(|line| {
        let adjust = move |_| {
            let line = line.get_value();
            let tag = tag(&line);
            let new = NewRowLine {
                node: line.node,
                by: line.by,
                period: line.period.map(|of| of.at),
                key: line.key,
                amount: line.fits,
                reason: line.reason,
                seen: sending.seen.get_value(),
            };
            sending.send(tag, set_row_line(ledger.version, new));
        };
        let give_up = move |_| {
            let line = line.get_value();
            let tag = tag(&line);
            let seen = sending.seen.get_value();
            let period = line.period.map(|of| of.at);
            let freed = free_row_line(ledger.version, line.node, period, line.by, line.key, seen);
            sending.send(tag, freed);
        };
        let fits = line.with_value(|line| full(ledger, line.fits));
        view! {
            <div class="row wrap">
                <Button kind=ButtonKind::Quiet size=ButtonSize::Small busy=sending.busy press=adjust>
                    {move || t_string!(i18n, lines.adjust, amount = fits.clone()).to_string()}
                </Button>
                <Button kind=ButtonKind::Quiet size=ButtonSize::Small busy=sending.busy press=give_up>
                    {t!(i18n, lines.give_up)}
                </Button>
            </div>
        }
    });
    view! {
        <li>
            <span class="row is-far">
                <Icon glyph=Glyph::Warning />
                <span>{words}</span>
            </span>
            {way_out}
            <p class="is-far" role="alert">{move || sending.wrong.get()}</p>
        </li>
    }
}

/// Finds the cell of a line in the page.
fn tag(line: &UnmetLine) -> String {
    format!("{}:{}", line.node.0, line.key)
}
