//! Single deals and orders that make a month: left out of the history with one press, and back with another.

use domain::assumption::PlanningQuery;
use domain::baseline::{Baseline, BaselineQuery, Exclusion, NewExclusion, OneOff};
use domain::format;
use domain::metric::Source;
use domain::people::actor;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::error::AppError;
use crate::frame::moment;
use crate::ui::{Button, ButtonSize, ButtonType, Column, Field, Table, Toast, Toasts, use_toasts, words_of};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// What stands out, and what is left out.
#[component]
pub(super) fn OneOffs(baseline: Baseline, asked: Memo<BaselineQuery>) -> impl IntoView {
    let i18n = use_i18n();
    let open = baseline.planning.is_open();
    let frozen = (!open).then(|| view! { <p class="sm muted">{t!(i18n, baseline.frozen)}</p> });
    let currency = StoredValue::new(baseline.currency.clone());
    let source = baseline.source;
    let columns = Signal::derive(move || {
        vec![
            Column::words(t_string!(i18n, baseline.one_off)),
            Column::numbers(t_string!(i18n, baseline.amount)),
            Column::words(t_string!(i18n, baseline.reason)),
            Column::words(""),
        ]
    });
    let hint = move || match source {
        Source::Deals => t_string!(i18n, baseline.one_offs_hint_deals),
        Source::Orders => t_string!(i18n, baseline.one_offs_hint_orders),
    };
    let planning = Signal::derive(move || asked.get().planning);
    let any = !baseline.one_offs.is_empty();
    let rows = baseline
        .one_offs
        .into_iter()
        .map(|one| view! { <Line one=one currency=currency planning=planning open=open /> })
        .collect_view();
    let table = if any {
        view! {
            <Table caption=t!(i18n, baseline.one_offs) columns=columns>
                {rows}
            </Table>
        }
        .into_any()
    } else {
        view! { <p class="soft">{t!(i18n, baseline.no_one_offs)}</p> }.into_any()
    };
    view! {
        <section class="card" id="one-offs">
            <header>
                <h2>{t!(i18n, baseline.one_offs)}</h2>
                <span class="sm muted end">{hint}</span>
            </header>
            {table}
            {frozen}
            {open.then(|| view! { <ByHand planning=planning /> })}
        </section>
    }
}

/// The records of the day, in place on the board.
fn records(one: &OneOff) -> String {
    let period = &one.period;
    format!("/track?period={period}&by=day&open=day~{}", one.day)
}

#[component]
fn Line(
    one: OneOff,
    currency: StoredValue<domain::money::Currency>,
    planning: Signal<PlanningQuery>,
    open: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let excluded = one.excluded.clone();
    let external_id = one.external_id.clone();
    let out = excluded.is_some();
    let href = records(&one);
    let who = {
        let one = one.clone();
        move || {
            let mut parts = vec![format::date(one.day, lang(i18n.get_locale()))];
            parts.extend(one.account.clone());
            parts.extend(Some(one.member.clone()).filter(|name| !name.is_empty()));
            parts.join(" · ")
        }
    };
    let reason = {
        let one = one.clone();
        move || reason_words(&one, i18n)
    };
    let by = excluded.map(|exclusion| view! { <span class="sm muted">{by_words(exclusion, i18n)}</span> });
    let press = {
        let external_id = one.external_id.clone();
        move |_| {
            if busy.get_untracked() {
                return;
            }
            busy.set(true);
            let (external_id, planning) = (external_id.clone(), planning.get_untracked());
            spawn_local(async move {
                let done = if out {
                    super::include(planning.clone(), external_id.clone()).await
                } else {
                    let wanted = NewExclusion {
                        external_id: external_id.clone(),
                        words: None,
                    };
                    super::exclude(planning.clone(), wanted).await.map(|_| ())
                };
                // The page may be gone, or this line made anew, when the answer comes.
                let _gone = busy.try_set(false);
                say(toasts, i18n, done, &external_id, out);
            });
        }
    };
    let amount = one.amount;
    view! {
        <tr data-one-off=one.external_id.clone() class=out.then_some("left-out")>
            <td>
                <a href=href>{external_id}</a>
                <span class="sm muted block">{who}</span>
            </td>
            <td class="num strong">{move || currency.with_value(|currency| format::full(amount, currency))}</td>
            <td class="wrap">
                {reason}
                <span class="block">{by}</span>
            </td>
            <td class="num">
                {open
                    .then(|| {
                        view! {
                            <Button size=ButtonSize::Small busy=busy press=press>
                                {if out { t!(i18n, baseline.include) } else { t!(i18n, baseline.exclude) }}
                            </Button>
                        }
                    })}
            </td>
        </tr>
    }
}

/// Why it is or would be left out.
fn reason_words(one: &OneOff, i18n: Words) -> String {
    let lang = lang(i18n.get_locale());
    match (&one.excluded, one.share) {
        (Some(exclusion), _) => exclusion.reason.words(lang),
        (None, Some(share)) => {
            let month = domain::calendar::Month::parse(&one.period);
            let month = month.map_or_else(|| one.period.clone(), |month| format::month(month, lang));
            t_string!(
                i18n,
                baseline.makes,
                share = format::percent(share),
                month = month
            )
            .to_string()
        }
        (None, None) => String::new(),
    }
}

fn by_words(exclusion: Exclusion, i18n: Words) -> impl Fn() -> String + Send + Sync {
    move || {
        let lang = lang(i18n.get_locale());
        let by = actor(&exclusion.by, lang).to_owned();
        let at = moment(exclusion.at_ms, lang);
        t_string!(i18n, baseline.excluded_by, by = by, at = at).to_string()
    }
}

fn say(toasts: Toasts, i18n: Words, done: Result<(), AppError>, external_id: &str, was_out: bool) {
    let id = external_id.to_owned();
    toasts.show(match done {
        Ok(()) if was_out => Toast::done(t_string!(i18n, baseline.included_toast, id = id).to_string()),
        Ok(()) => Toast::done(t_string!(i18n, baseline.excluded_toast, id = id).to_string()),
        Err(error) => Toast::refused(t_string!(i18n, baseline.not_done), words_of(&error, i18n)),
    });
}

/// Leaves out what is not proposed, with a reason.
#[component]
fn ByHand(planning: Signal<PlanningQuery>) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let (id, words) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let busy = RwSignal::new(false);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let (planning, external_id) = (planning.get_untracked(), id.get_untracked());
        let wanted = NewExclusion {
            external_id: external_id.clone(),
            words: Some(words.get_untracked()),
        };
        spawn_local(async move {
            let done = super::exclude(planning, wanted).await.map(|_| ());
            let _gone = busy.try_set(false);
            if done.is_ok() {
                let _gone = id.try_set(String::new());
                let _gone = words.try_set(String::new());
            }
            say(toasts, i18n, done, &external_id, false);
        });
    };
    view! {
        <details class="by-hand">
            <summary>{t!(i18n, baseline.by_hand)}</summary>
            <form class="row wrap base" on:submit=send>
                <Field label=t!(i18n, baseline.record_id) name="external_id" bind=id required=true />
                <Field
                    label=t!(i18n, baseline.reason)
                    name="words"
                    bind=words
                    required=true
                    hint=t!(i18n, baseline.reason_hint)
                />
                <Button r#type=ButtonType::Submit busy=busy>
                    {t!(i18n, baseline.exclude)}
                </Button>
            </form>
        </details>
    }
}
