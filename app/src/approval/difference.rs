//! The numbers of a version by row and period, held against the plan of record; every number can be spoken of.

pub mod pages;

use domain::approval::{Against, Difference, DifferenceRow, Shown};
use domain::calendar::Period;
use domain::format::{self, Scale};
use domain::money::{Currency, Minor};
use domain::plan::{NodeIndex, PeriodIndex};
use leptos::prelude::*;

use super::why::{Ask, NumberCard};
use crate::remark::{Number, Subject};
use crate::ui::{Column, Glyph, Icon, Table};
use crate::words::{lang, t, t_string, use_i18n};
use pages::{Listed, NumberPages};

/// What every row needs.
#[derive(Clone, Copy)]
struct Sheet {
    against: Against,
    currency: StoredValue<Currency>,
    periods: StoredValue<Vec<Period>>,
    scale: Memo<Scale>,
    subject: RwSignal<Subject>,
    asked: RwSignal<Option<Ask>>,
}

impl Sheet {
    fn amount(self, amount: Minor) -> String {
        self.currency
            .with_value(|currency| format::money_column(amount, currency, self.scale.get()))
    }

    fn change(self, change: i64) -> String {
        self.currency
            .with_value(|currency| format::change(Minor(change), currency, self.scale.get()))
    }
}

/// What the version makes of the plan of record; its numbers alone where nothing is on record, or it is itself. Pressing a
/// number begins a remark on it.
#[component]
pub(super) fn DifferenceCard(shown: Shown, subject: RwSignal<Subject>) -> impl IntoView {
    let i18n = use_i18n();
    let Shown {
        version,
        difference:
            Difference {
                against,
                before,
                after,
                rows,
                offset,
                more,
                gone,
                ..
            },
        currency,
        periods,
        ..
    } = shown;
    let currency = StoredValue::new(currency);
    let periods = StoredValue::new(periods);
    let scale = Memo::new(move |_| {
        currency.with_value(|currency| {
            Scale::column(Minor(before.0.max(after.0)), currency, lang(i18n.get_locale()))
        })
    });
    let asked = RwSignal::new(None::<Ask>);
    let sheet = Sheet {
        against,
        currency,
        periods,
        scale,
        subject,
        asked,
    };
    let columns = Signal::derive(move || {
        let label = scale.get().label();
        let unit = if label.is_empty() {
            currency.with_value(|currency| currency.code.clone())
        } else {
            label.to_owned()
        };
        let lang = lang(i18n.get_locale());
        let this = Column::numbers(t_string!(i18n, approval.this_version));
        let difference = Column::numbers(t_string!(i18n, workbook.difference));
        let mut columns = vec![Column::words(t_string!(i18n, split.column_node))];
        match against {
            Against::Record => columns.extend([
                Column::numbers(t_string!(i18n, approval.on_record)).in_unit(unit),
                this,
                difference,
                Column::numbers("%"),
            ]),
            Against::Nothing => columns.extend([this.in_unit(unit), difference]),
            Against::Itself => columns.push(this.in_unit(unit)),
        }
        periods.with_value(|periods| {
            columns.extend(
                periods
                    .iter()
                    .map(|period| Column::numbers(format::period(period, lang))),
            );
        });
        columns.push(Column::words(""));
        columns
    });
    let none = rows.is_empty() && gone == 0;
    let listed = RwSignal::new(Listed { rows, offset, more });
    let body = move || {
        let rows = listed.with(|listed| listed.rows.clone());
        rows.into_iter()
            .map(|row| view! { <Row row=row sheet=sheet /> })
            .collect_view()
    };
    let total = move || match against {
        Against::Record => {
            let (was, is) = (sheet.amount(before), sheet.amount(after));
            let lang = lang(i18n.get_locale());
            format::noted(&format!("{was} → {is}"), &change(before, after), lang)
        }
        Against::Nothing | Against::Itself => String::new(),
    };
    let title = move || match against {
        Against::Record => t_string!(i18n, approval.difference),
        Against::Nothing | Against::Itself => t_string!(i18n, approval.numbers),
    };
    let about = move || match against {
        Against::Record => "",
        Against::Nothing => t_string!(i18n, approval.difference_nothing),
        Against::Itself => t_string!(i18n, approval.difference_itself),
    };
    view! {
        <section class="card" data-card="numbers" data-before=before.0 data-after=after.0>
            <header>
                <h2>{title}</h2>
                <span class="sm muted">{about}</span>
                <span class="end">{total}</span>
            </header>
            {none.then(|| view! { <p class="muted">{t!(i18n, approval.difference_none)}</p> })}
            {(!none).then(|| view! { <Table caption=title columns=columns>{body}</Table> })}
            <NumberPages version=version listed=listed />
            <NumberCard version=version periods=periods.get_value() asked=asked />
            {(gone > 0).then(|| view! { <p class="sm muted">{move || t_string!(i18n, approval.difference_gone, count = gone).to_string()}</p> })}
        </section>
    }
}

/// How much more or less it is.
pub(super) fn change(before: Minor, after: Minor) -> String {
    if before.0 > 0 {
        format::percent_change(after.0 as f64 / before.0 as f64 - 1.0)
    } else {
        format::NONE.to_owned()
    }
}

#[component]
fn Row(row: DifferenceRow, sheet: Sheet) -> impl IntoView {
    let i18n = use_i18n();
    let DifferenceRow {
        node,
        name,
        depth,
        before,
        after,
        periods,
    } = row;
    let against = sheet.against;
    let had = before.unwrap_or_default();
    let named = StoredValue::new(name.clone());
    let is_new = move || t_string!(i18n, approval.new).to_owned();
    let on_record = (against == Against::Record).then(|| {
        let was = match before {
            Some(before) => {
                view! { <Why node=node name=named record=true sheet=sheet>{move || sheet.amount(before)}</Why> }
                    .into_any()
            }
            None => format::NONE.into_any(),
        };
        view! { <td class="num" data-record=before.map(|before| before.0)>{was}</td> }
    });
    let apart = match against {
        Against::Record => {
            let percent = move || match before {
                Some(_) => change(had, after),
                None => is_new(),
            };
            view! {
                <td class="num">{move || sheet.change(after.0 - had.0)}</td>
                <td class="num muted">{percent}</td>
            }
            .into_any()
        }
        Against::Nothing => view! { <td class="num muted">{is_new}</td> }.into_any(),
        Against::Itself => ().into_any(),
    };
    let cells = (0_u16..)
        .zip(periods)
        .map(|(place, (before, after))| {
            let change = after.0 - before.unwrap_or_default().0;
            let text = move || match against {
                Against::Record if change == 0 => format::NONE.to_owned(),
                Against::Record => sheet.change(change),
                Against::Nothing | Against::Itself => sheet.amount(after),
            };
            let class = if change == 0 { "num muted" } else { "num" };
            view! {
                <td class=class data-minor=after.0>
                    <Say node=node name=named period=PeriodIndex(place) sheet=sheet>{text}</Say>
                </td>
            }
        })
        .collect_view();
    view! {
        <tr data-node=node.0>
            <td class=format!("depth-{}", depth.min(6))>{name}</td>
            {on_record}
            <td class="num strong" data-minor=after.0>
                <Why node=node name=named record=false sheet=sheet>{move || sheet.amount(after)}</Why>
            </td>
            {apart}
            {cells}
            <td>
                <button
                    type="button"
                    class="icb"
                    aria-label=t!(i18n, approval.remark_label)
                    title=t!(i18n, approval.remark_label)
                    on:click=move |_| sheet.subject.set(Some(Number { node, name: named.get_value(), period: None }))
                >
                    <Icon glyph=Glyph::Discuss />
                </button>
            </td>
        </tr>
    }
}

/// A row's number, to be pressed in order to know why it is that; its periods are told of there, too.
#[component]
fn Why(
    node: NodeIndex,
    name: StoredValue<String>,
    /// Whether it is the one on record.
    record: bool,
    sheet: Sheet,
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let press = move |_| {
        sheet.asked.set(Some(Ask {
            node,
            name: name.get_value(),
            record,
            compares: sheet.against == Against::Record,
        }));
    };
    view! {
        <button type="button" class="ask" title=t!(i18n, split.menu_why) data-why=if record { "record" } else { "this" } on:click=press>
            {children()}
        </button>
    }
}

/// A period's number, to be pressed in order to speak of it. The keyboard gets there by the button of the row, whose form asks
/// for the period: a table has hundreds of them.
#[component]
fn Say(
    node: NodeIndex,
    name: StoredValue<String>,
    period: PeriodIndex,
    sheet: Sheet,
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = move || {
        let lang = lang(i18n.get_locale());
        let period = sheet.periods.with_value(|periods| {
            let found = periods.get(usize::from(period.0));
            found
                .map(|period| format::period(period, lang))
                .unwrap_or_default()
        });
        let of = format!("{}, {period}", name.get_value());
        t_string!(i18n, approval.remark_on, name = of).to_string()
    };
    let press = move |_| {
        sheet.subject.set(Some(Number {
            node,
            name: name.get_value(),
            period: Some(period),
        }));
    };
    view! {
        <button type="button" class="say" tabindex="-1" title=title on:click=press>
            {children()}
        </button>
    }
}
