//! What of a plan reaches nobody, in words, with what leads out of it.

use domain::fairness::Severity;
use domain::format;
use domain::publish::{Gaps, Named};
use leptos::prelude::*;

use crate::split::fairness::findings::mark;
use crate::words::{Words, lang, t_string};

/// What is told of it; nothing where everything reaches somebody.
pub(super) fn gaps_of(gaps: &Gaps, i18n: Words) -> AnyView {
    let nobodys = gaps.nobodys.as_ref().map(|nobodys| {
        let amount = format::currency(nobodys.amount, &nobodys.currency);
        let names = listed(&nobodys.of, i18n);
        let words = t_string!(i18n, publishing.nobodys, amount = amount, names = names).to_string();
        view! {
            <p class="sm" data-nobodys=nobodys.amount.0.to_string()>
                {mark(Severity::Warn, i18n)} " " {words}
            </p>
        }
    });
    let left_out = (gaps.left_out.count > 0).then(|| {
        let names = listed(&gaps.left_out, i18n);
        let words = t_string!(i18n, publishing.left_out, names = names).to_string();
        view! {
            <p class="sm" data-left-out=gaps.left_out.count.to_string()>
                {mark(Severity::Warn, i18n)} " " {words}
            </p>
        }
    });
    let other_leaders = (gaps.other_leaders.count > 0).then(|| {
        let names = listed(&gaps.other_leaders, i18n);
        let words = t_string!(i18n, publishing.other_leaders, names = names).to_string();
        view! {
            <p class="sm" data-other-leaders=gaps.other_leaders.count.to_string()>
                {mark(Severity::Warn, i18n)} " " {words}
            </p>
        }
    });
    view! {
        {nobodys}
        {left_out}
        {other_leaders}
    }
    .into_any()
}

/// The names, and how many there are besides.
fn listed(named: &Named, i18n: Words) -> String {
    let separator = lang(i18n.get_locale()).pick("、", ", ");
    let names = named.first.join(separator);
    match named.more() {
        0 => names,
        more => {
            let more = t_string!(i18n, publishing.more, count = format::count(more)).to_string();
            lang(i18n.get_locale()).pick(format!("{names}{more}"), format!("{names} {more}"))
        }
    }
}
