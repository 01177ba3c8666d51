//! The first rows of the grid as the server renders them: what one sees, also without JavaScript, until the grid is there.

use domain::format::{self, Scale};
use domain::split::{Opening, OpeningRow};
use leptos::prelude::*;

use super::columns::ColumnHeads;
use super::coming::{Coming, ComingLine};
use super::head::StatusTag;
use crate::ui::{Avatar, Tag, TagKind};
use crate::words::{lang, t, use_i18n};

/// Head and first rows; nothing in it can be changed.
#[component]
pub(super) fn FirstRows(
    opening: Opening,
    /// How far the grid has come; none where the page says it before any of it has.
    #[prop(optional)]
    coming: Option<Coming>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Opening {
        plan_name,
        number,
        status,
        currency,
        periods,
        rows,
        largest,
    } = opening;
    let code = currency.code.clone();
    let currency = StoredValue::new(currency);
    let scale = Memo::new(move |_| {
        currency.with_value(|currency| Scale::sheet(largest, currency, lang(i18n.get_locale())))
    });
    let unit = Signal::derive(move || {
        let label = scale.get().label();
        if label.is_empty() {
            code.clone()
        } else {
            label.to_owned()
        }
    });
    let count = rows.len().to_string();
    let rows = rows
        .into_iter()
        .enumerate()
        .map(|(at, row)| view! { <FirstRow row=row at=at currency=currency scale=scale /> })
        .collect_view();
    view! {
        <div class="workplace">
            <header class="head">
                <h1>{t!(i18n, split.title)}</h1>
                <Tag kind=TagKind::Line>{plan_name}</Tag>
                <StatusTag number=number status=status />
                <span class="sm muted" role="status">{t!(i18n, split.loading)}</span>
            </header>
            {coming.map(|coming| view! { <ComingLine coming=coming /> })}
            <div class="grid" role="table" aria-label=t!(i18n, split.title) aria-busy="true">
                <ColumnHeads periods=periods unit=unit />
                <div class="trs" role="rowgroup" style=("--rows", count)>
                    {rows}
                </div>
            </div>
        </div>
    }
}

#[component]
fn FirstRow(
    row: OpeningRow,
    at: usize,
    currency: StoredValue<domain::money::Currency>,
    scale: Memo<Scale>,
) -> impl IntoView {
    let OpeningRow {
        name,
        depth,
        is_member,
        history,
        total,
        start,
        whole,
        amounts,
    } = row;
    let cell =
        move |amount| currency.with_value(|currency| format::money_column(amount, currency, scale.get()));
    let share = if whole.0 > 0 {
        format::percent(total.0 as f64 / whole.0 as f64)
    } else {
        format::NONE.to_owned()
    };
    let change = domain::money::Minor(total.0 - start.0);
    view! {
        <div class="tr" role="row" style=("--at", at.to_string())>
            <div class="td name" role="rowheader" style=("--depth", depth.to_string())>
                <span class="twisty"></span>
                {is_member.then(|| view! { <Avatar name=name.clone() quiet=true /> })}
                <span class=if is_member { "" } else { "strong" }>{name.clone()}</span>
            </div>
            <div class="td num muted was" role="cell">
                {move || history.map_or_else(|| format::NONE.to_owned(), cell)}
            </div>
            <div class="td trend" role="cell"></div>
            <div class="td num total strong" role="cell" data-minor=total.0>{move || cell(total)}</div>
            <div class="td share-cell" role="cell"></div>
            <div class="td num part" role="cell">{share}</div>
            <div class="td num change" role="cell">
                {move || currency.with_value(|currency| format::change(change, currency, scale.get()))}
            </div>
            <div class="td num chance" role="cell"></div>
            <div class="td lock" role="cell"></div>
            {amounts
                .into_iter()
                .map(|amount| view! { <div class="td num" role="cell">{move || cell(amount)}</div> })
                .collect_view()}
        </div>
    }
}
