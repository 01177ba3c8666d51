//! Charts: made on the server, drawn in the browser, and always beside the same numbers as a table.
//!
//! A page's server function builds the option with `charming` and answers a [`ChartOption`]. In the option a colour
//! `"@role"` is a role of `style/tokens.css`, and a formatter `"@money"`, `"@percent"`, `"@count"`, `"@date"` or
//! `"@month"` is the text `domain::format` makes of the number. No `JsFunction`: it would need `unsafe-eval`.

use domain::money::Currency;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;
use serde::{Deserialize, Serialize};

use crate::ui::{PlainRow, when};
use crate::words::{t, use_i18n};

#[cfg(feature = "ssr")]
pub(crate) mod axes;
mod echarts;
mod text;

/// A chart as it travels: what to draw, and the same numbers for those who do not see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartOption {
    /// The option of ECharts as JSON.
    pub option: String,
    /// The currency of `"@money"`; amounts in the option are minor units.
    pub currency: Option<Currency>,
    /// The same numbers.
    pub table: ChartTable,
}

/// The numbers of a chart as a table, in words of the reader.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartTable {
    /// What the chart shows; its accessible name.
    pub caption: String,
    /// The heads of the columns.
    pub head: Vec<String>,
    /// The rows; the first cell names the row.
    pub rows: Vec<Vec<String>>,
}

#[cfg(feature = "ssr")]
impl ChartOption {
    /// Packs a chart made with `charming`.
    pub fn new(chart: &charming::Chart, currency: Option<Currency>, table: ChartTable) -> Self {
        Self {
            // A chart is plain data with string keys, which always serialises.
            option: serde_json::to_string(chart).unwrap_or_else(|_| "{}".to_owned()),
            currency,
            table,
        }
    }
}

/// A point that was clicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChartClick {
    /// The number of its series.
    pub series: usize,
    /// Its number in the series.
    pub index: usize,
}

/// How high a chart is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChartSize {
    /// 180 px.
    Small,
    /// 260 px.
    #[default]
    Normal,
    /// 360 px.
    Large,
}

/// The charts whose numbers are shown as a table. A chart is made anew when its numbers change or the language does; what
/// was opened stays open.
#[derive(Clone, Copy)]
pub(crate) struct OpenTables(StoredValue<Vec<&'static str>>);

/// Provides the memory of open tables to everything below; call once, in the frame.
pub(crate) fn provide_open_tables() {
    provide_context(OpenTables(StoredValue::new(Vec::new())));
}

/// Draws a chart when it comes into view; every option replaces the one before.
#[component]
pub fn Chart(
    /// Which chart it is; no other has this name.
    name: &'static str,
    /// What to draw.
    #[prop(into)]
    option: Signal<ChartOption>,
    /// How high it is.
    #[prop(optional)]
    size: ChartSize,
    /// Hears clicks.
    #[prop(optional, into)]
    on_click: Option<Callback<ChartClick>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let plot = NodeRef::<html::Div>::new();
    let failed = RwSignal::new(false);
    echarts::draw(plot, option, on_click, failed);
    let tables = use_context::<OpenTables>();
    let open = tables.is_some_and(|tables| tables.0.with_value(|open| open.contains(&name)));
    let remember = move |event: leptos::ev::Event| {
        let element = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        if let (Some(tables), Some(element)) = (tables, element) {
            tables.0.update_value(|open| {
                open.retain(|one| *one != name);
                if element.has_attribute("open") {
                    open.push(name);
                }
            });
        }
    };
    let class = match size {
        ChartSize::Small => "chart s",
        ChartSize::Normal => "chart",
        ChartSize::Large => "chart l",
    };
    view! {
        <figure class=class>
            <div
                node_ref=plot
                class="plot"
                role="img"
                aria-label=move || option.with(|option| option.table.caption.clone())
                hidden=move || failed.get()
            ></div>
            {when(
                move || failed.get(),
                move || view! { <p class="sm muted">{t!(i18n, ui.chart_failed)}</p> }.into_any(),
            )}
            <details open=move || open || failed.get() on:toggle=remember>
                <summary>{t!(i18n, ui.data_table)}</summary>
                {move || option.with(|option| view! { <Numbers table=option.table.clone() /> })}
            </details>
        </figure>
    }
}

/// The numbers of a chart.
#[component]
fn Numbers(table: ChartTable) -> impl IntoView {
    let line = |cells: Vec<String>| {
        let mut cells = cells.into_iter();
        let named = PlainRow::new().head(cells.next().unwrap_or_default());
        cells.fold(named, PlainRow::number).end()
    };
    view! {
        <div class="scroll-x" tabindex="0">
            <table class="tb">
                <caption class="sr">{table.caption}</caption>
                <thead>
                    <tr>
                        {table
                            .head
                            .into_iter()
                            .enumerate()
                            .map(|(index, text)| {
                                view! {
                                    <th scope="col" class=(index > 0).then_some("num")>
                                        {text}
                                    </th>
                                }
                            })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody>{table.rows.into_iter().map(line).collect_view()}</tbody>
            </table>
        </div>
    }
}
