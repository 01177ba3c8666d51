//! Table: a header with units once, rows as the page makes them.

use leptos::prelude::*;

/// On which side a column stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// Words.
    #[default]
    Start,
    /// Numbers.
    End,
}

/// The head of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub label: String,
    /// Its unit, once (万, %).
    pub unit: Option<String>,
    /// On which side it stands.
    pub align: Align,
}

impl Column {
    /// A column of words.
    pub fn words(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            unit: None,
            align: Align::Start,
        }
    }

    /// A column of numbers.
    pub fn numbers(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            unit: None,
            align: Align::End,
        }
    }

    /// The same with a unit.
    pub fn in_unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = Some(unit.into());
        self
    }
}

/// A table; `children` are the rows (`<tr>`).
#[component]
pub fn Table(
    /// What it shows, for screen readers.
    #[prop(into)]
    caption: TextProp,
    /// The heads of the columns.
    #[prop(into)]
    columns: Signal<Vec<Column>>,
    /// The rows.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="scroll-x">
            <table class="tb">
                <caption class="sr">{move || caption.get()}</caption>
                <thead>
                    <tr>
                        {move || {
                            columns
                                .get()
                                .into_iter()
                                .map(|column| {
                                    let class = (column.align == Align::End).then_some("num");
                                    view! {
                                        <th scope="col" class=class>
                                            {column.label}
                                            {column.unit.map(|unit| view! { <span class="unit">{unit}</span> })}
                                        </th>
                                    }
                                })
                                .collect_view()
                        }}
                    </tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}
