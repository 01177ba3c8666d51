//! Where the own number is to come from: its lines, by each dimension there is anything of.

use domain::format;
use domain::id::{NodeId, VersionId};
use domain::line::LineBy;
use domain::line::rows::{LineHead, OwnLine, OwnLines};
use domain::money::Currency;
use domain::why::Why;
use leptos::prelude::*;

use crate::error::AppError;
use crate::split::Steps;
use crate::split::lines::label;
use crate::split::lines::table::named;
use crate::split::why::other::why_own_line;
use crate::ui::{Dialog, DialogPlace, ErrorView, Skeleton};
use crate::words::{Words, lang, t, use_i18n};

/// Lines that are shown at once; the others unfold.
const SHOWN: usize = 5;

/// The lines of a number; nothing where there are none.
#[component]
pub(super) fn ByLine(
    version: VersionId,
    node: NodeId,
    lines: Result<Vec<OwnLines>, AppError>,
    currency: Currency,
) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let asked = RwSignal::new(None::<(LineBy, LineHead)>);
    let ask = Callback::new(move |line: (LineBy, LineHead)| {
        asked.set(Some(line));
        open.set(true);
    });
    let currency = StoredValue::new(currency);
    let lines = match lines {
        Ok(lines) if lines.is_empty() => return ().into_any(),
        Ok(lines) => lines,
        Err(error) => return view! { <ErrorView error=error /> }.into_any(),
    };
    let parts = lines
        .into_iter()
        .map(|OwnLines { by, mut lines }| {
            let rest = lines.split_off(SHOWN.min(lines.len()));
            let rest = (!rest.is_empty()).then(|| {
                view! {
                    <details>
                        <summary class="sm">{t!(i18n, my_target.lines_more)}</summary>
                        <ul class="changes">{rows((by, rest), currency, ask, i18n)}</ul>
                    </details>
                }
            });
            view! {
                <div data-own-lines=by.as_str()>
                    <h3 class="sm muted">{move || label(by, i18n)}</h3>
                    <ul class="changes">{rows((by, lines), currency, ask, i18n)}</ul>
                    {rest}
                </div>
            }
        })
        .collect_view();
    let title = move || {
        asked.with(|asked| {
            asked
                .as_ref()
                .map_or_else(String::new, |(_, head)| named(head, i18n))
        })
    };
    view! {
        <section class="card">
            <h2>{t!(i18n, my_target.lines_title)}</h2>
            {parts}
            <Dialog open=open title=title place=DialogPlace::Side>
                {move || asked.get().map(|(by, head)| view! { <OfLine version=version node=node by=by key=head.key /> })}
            </Dialog>
        </section>
    }
    .into_any()
}

/// Why so much is to come from a line.
#[component]
fn OfLine(version: VersionId, node: NodeId, by: LineBy, key: String) -> impl IntoView {
    let why: LocalResource<Result<Why, AppError>> = LocalResource::new(move || {
        let key = key.clone();
        async move { why_own_line(version, node, by, key).await }
    });
    view! {
        <Suspense fallback=|| view! { <Skeleton /> }>
            {move || Suspend::new(async move {
                match why.await {
                    Ok(why) => view! { <Steps why=why of=None plain=true /> }.into_any(),
                    Err(error) => view! { <ErrorView error=error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

fn rows(
    (by, lines): (LineBy, Vec<OwnLine>),
    currency: StoredValue<Currency>,
    ask: Callback<(LineBy, LineHead)>,
    i18n: Words,
) -> impl IntoView {
    lines
        .into_iter()
        .map(|OwnLine { head, amount, set }| {
            let line = (by, head.clone());
            let name = move || named(&head, i18n);
            let full = currency.with_value(|currency| format::currency(amount, currency));
            let words = move || {
                let lang = lang(i18n.get_locale());
                currency.with_value(|currency| format::compact(amount, currency, lang))
            };
            let by_hand = set.map(|set| {
                let why = move || {
                    let colon = lang(i18n.get_locale()).pick("：", ": ");
                    set.reason.as_ref().map(|reason| format!("{colon}{reason}"))
                };
                view! {
                    <span class="sm muted">
                        " · " {t!(i18n, lines.by_hand)} {why}
                    </span>
                }
            });
            view! {
                <li class="row between" data-minor=amount.0.to_string()>
                    <span>{name} {by_hand}</span>
                    <button type="button" class="figure-button num strong nowrap" title=full on:click=move |_| ask.run(line.clone())>
                        {words}
                    </button>
                </li>
            }
        })
        .collect_view()
}
