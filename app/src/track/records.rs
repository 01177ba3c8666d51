//! The deals or orders behind a row: two clicks from the board.

use domain::format;
use domain::metric::Source;
use domain::track::{RECORDS_SHOWN, RecordRow, Records, RecordsQuery};
use leptos::prelude::*;

use super::address;
use crate::error::AppError;
use crate::ui::{Column, Dialog, DialogPlace, ErrorView, PlainRow, Skeleton, Table};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// The list of the row that the address names.
#[component]
pub(super) fn RecordList() -> impl IntoView {
    let i18n = use_i18n();
    let asked = address::records();
    let go = address::go();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(asked.with(Option::is_some)));
    Effect::new(move |_| {
        if !open.get() && asked.with_untracked(Option::is_some) {
            go("open", None);
        }
    });
    let shown = RwSignal::new(RECORDS_SHOWN);
    Effect::watch(
        move || asked.get(),
        move |_, _, _| shown.set(RECORDS_SHOWN),
        false,
    );
    let records: LocalResource<Option<Result<Records, AppError>>> = LocalResource::new(move || {
        let asked = asked.get().map(|asked| RecordsQuery {
            limit: Some(shown.get()),
            ..asked
        });
        async move {
            match asked {
                Some(asked) => Some(super::records_of(asked).await),
                None => None,
            }
        }
    });
    view! {
        <Dialog open=open title=t!(i18n, track.records) place=DialogPlace::Side>
            <Transition fallback=|| view! { <Skeleton /> }>
                {move || Suspend::new(async move {
                    match records.await {
                        Some(Ok(records)) => view! { <List records=records shown=shown /> }.into_any(),
                        Some(Err(error)) => view! { <ErrorView error=error /> }.into_any(),
                        None => ().into_any(),
                    }
                })}
            </Transition>
        </Dialog>
    }
}

#[component]
fn List(records: Records, shown: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let currency = StoredValue::new(records.currency);
    let (count, sum) = (records.count, records.sum);
    let (of, period, since) = (records.of, records.period, records.since);
    let source = records.source;
    let heading = move || {
        let lang = lang(i18n.get_locale());
        let period = since.map_or_else(
            || format::period(&period, lang),
            |since| format::range(since, period.end, lang),
        );
        if of.is_empty() {
            period
        } else {
            format!("{of} · {period}")
        }
    };
    let listed = records.rows.len() as u64;
    let rest = count.saturating_sub(listed);
    let summary = move || {
        let amount = currency.with_value(|currency| format::currency(sum, currency));
        t_string!(
            i18n,
            track.records_count,
            count = format::count(count),
            amount = amount
        )
        .to_string()
    };
    let columns = Signal::derive(move || {
        vec![
            Column::words(t_string!(i18n, track.record_id)),
            Column::words(t_string!(i18n, track.record_account)),
            Column::words(t_string!(i18n, track.record_product)),
            Column::words(t_string!(i18n, track.record_member)),
            Column::words(match source {
                Source::Deals => t_string!(i18n, track.record_closed),
                Source::Orders => t_string!(i18n, track.record_ordered),
            }),
            Column::numbers(t_string!(i18n, track.record_amount)),
        ]
    });
    let rows = StoredValue::new(records.rows);
    let rows = move || {
        let lang = lang(i18n.get_locale());
        let line = |row: &RecordRow| {
            let amount = currency.with_value(|currency| format::full(row.amount, currency));
            PlainRow::new()
                .words(&row.external_id)
                .words(row.account.as_deref().unwrap_or_default())
                .words(product(row, i18n))
                .words(&row.member)
                .unbroken(format::date(row.closed_on, lang))
                .number(amount)
                .end()
        };
        rows.with_value(|rows| rows.iter().map(line).collect_view())
    };
    view! {
        <p class="soft">{heading}</p>
        <p class="strong" data-records=count>{summary}</p>
        <div class="records">
            <Table caption=t!(i18n, track.records) columns=columns>
                {rows}
            </Table>
        </div>
        {(rest > 0).then(|| view! {
            <p class="row wrap between">
                <span class="sm muted">
                    {move || t_string!(i18n, track.records_cut, listed = format::count(listed), rest = format::count(rest)).to_string()}
                </span>
                <button type="button" class="btn" on:click=move |_| shown.update(|shown| *shown += RECORDS_SHOWN)>
                    {t!(i18n, track.records_more)}
                </button>
            </p>
        })}
    }
}

/// The product of a record; of an order of several, how many.
fn product(row: &RecordRow, i18n: Words) -> String {
    match (&row.product, row.products) {
        (Some(product), _) => product.clone(),
        (None, 0) => String::new(),
        (None, count) => t_string!(i18n, track.record_products, count = count).to_string(),
    }
}
