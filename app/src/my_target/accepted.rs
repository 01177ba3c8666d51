//! What was confirmed: its fingerprint, when and by whom, what it covers, and whether it is what is on record.

use domain::acknowledgement::Accepted;
use domain::people::actor;
use leptos::prelude::*;

use crate::frame::moment;
use crate::words::{lang, t, t_string, use_i18n};

/// The fingerprint in short; the whole of it, and what it means, on demand.
#[component]
pub(crate) fn Fingerprint(accepted: Accepted) -> impl IntoView {
    let i18n = use_i18n();
    let holds = accepted.holds();
    let (short, whole) = (accepted.short(), accepted.whole());
    let Accepted {
        hash,
        recomputed,
        at_ms,
        by,
    } = accepted;
    let confirmed = move || {
        let lang = lang(i18n.get_locale());
        t_string!(
            i18n,
            my_target.confirmed_at,
            by = actor(&by, lang).to_owned(),
            when = moment(at_ms, lang)
        )
        .to_string()
    };
    let verdict = move || {
        if holds {
            t_string!(i18n, my_target.fingerprint_holds)
        } else {
            t_string!(i18n, my_target.fingerprint_differs)
        }
    };
    view! {
        <details class="fingerprint sm" data-hash=hash data-holds=holds.to_string()>
            <summary>
                {t!(i18n, my_target.fingerprint)} " " <code>{short}</code> " · " {verdict}
            </summary>
            <p>{confirmed}</p>
            <p><code>{whole}</code></p>
            {(!holds).then(|| view! {
                <p>{t!(i18n, my_target.fingerprint_now)} " " <code>{recomputed}</code></p>
            })}
            <p class="muted">{t!(i18n, my_target.fingerprint_covers)}</p>
        </details>
    }
}
