//! Table: a header with units once, rows as the page makes them; rows of texts alone are made in one piece.

use html_escape::encode_text_to_string;
use leptos::prelude::*;
use leptos::tachys::html::InertElement;

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
        // A table that goes on to the side or downwards is scrolled by keyboard too.
        <div class="scroll-x" tabindex="0">
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

/// A row of texts alone: nothing in it can be pressed or changes by itself.
///
/// It is one piece of HTML to the renderer, on the server and in the browser. A view of its own for every cell takes
/// three times as long to render and to wake up, which is felt in tables of hundreds of rows.
#[derive(Clone, Debug)]
pub struct PlainRow(String);

impl PlainRow {
    /// A row without cells.
    pub fn new() -> Self {
        Self("<tr>".to_owned())
    }

    /// A row without cells, of a class (`total`).
    pub fn of_class(class: &'static str) -> Self {
        Self(format!("<tr class=\"{class}\">"))
    }

    /// With the cell that names the row.
    pub fn head(self, text: impl AsRef<str>) -> Self {
        self.cell("<th scope=\"row\">", text.as_ref(), "</th>")
    }

    /// With a cell of words.
    pub fn words(self, text: impl AsRef<str>) -> Self {
        self.cell("<td>", text.as_ref(), "</td>")
    }

    /// With a cell that is never broken into lines (a date).
    pub fn unbroken(self, text: impl AsRef<str>) -> Self {
        self.cell("<td class=\"nowrap\">", text.as_ref(), "</td>")
    }

    /// With a cell of a number.
    pub fn number(self, text: impl AsRef<str>) -> Self {
        self.cell("<td class=\"num\">", text.as_ref(), "</td>")
    }

    /// The view of the row.
    pub fn end(mut self) -> InertElement {
        self.0.push_str("</tr>");
        InertElement::new(self.0)
    }

    fn cell(mut self, open: &str, text: &str, close: &str) -> Self {
        self.0.push_str(open);
        encode_text_to_string(text, &mut self.0);
        self.0.push_str(close);
        self
    }
}

impl Default for PlainRow {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use leptos::tachys::view::RenderHtml;

    use super::PlainRow;

    #[test]
    fn a_name_is_text_whatever_it_looks_like() {
        let row = PlainRow::of_class("total")
            .head("A & B")
            .words("<script>alert(1)</script>")
            .number("1,200")
            .end();
        assert_eq!(
            row.to_html(),
            "<tr class=\"total\"><th scope=\"row\">A &amp; B</th>\
             <td>&lt;script&gt;alert(1)&lt;/script&gt;</td><td class=\"num\">1,200</td></tr>"
        );
    }
}
