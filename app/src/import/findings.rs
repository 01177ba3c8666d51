//! What is worth knowing about the data as a whole, and totals to compare with the source's.

use domain::format::{self, Lang};
use domain::import::{Field, FileView, Finding, Kind, Totals};
use domain::metric::Source;
use domain::money::{Currency, Fact, Minor};
use leptos::prelude::*;

use crate::ui::PlainRow;
use crate::words::{Words, folded, lang, t, t_string, use_i18n};

/// Findings and control totals of every file.
#[component]
pub(super) fn Findings(files: Vec<FileView>) -> impl IntoView {
    let i18n = use_i18n();
    let told = told(&files);
    let totals: Vec<(String, Totals, Totals)> = files
        .into_iter()
        .filter_map(|file| {
            file.report
                .map(|report| (file.name, report.source, report.written))
        })
        .filter(|(_, source, _)| !source.by_month.is_empty())
        .collect();
    if told.is_empty() && totals.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="card w4">
            <header><h2>{t!(i18n, import.findings)}</h2></header>
            <ul class="findings">
                {told
                    .into_iter()
                    .map(|(of, finding)| {
                        let of = of.map(|of| view! { <span class="sm muted of">{of}</span> });
                        view! { <li>{of} {move || words(&finding, i18n)}</li> }
                    })
                    .collect_view()}
            </ul>
            {totals
                .into_iter()
                .map(|(name, source, written)| view! { <ControlTotals name=name source=source written=written /> })
                .collect_view()}
        </section>
    }
    .into_any()
}

/// The findings, of several files each with the name of its own; what is found of all deals and orders together has the names of
/// all their files.
fn told(files: &[FileView]) -> Vec<(Option<String>, Finding)> {
    let several = files.len() > 1;
    let of_all: Vec<&str> = files
        .iter()
        .filter(|file| matches!(file.kind, Some(Kind::Opportunities | Kind::Orders)))
        .map(|file| file.name.as_str())
        .collect();
    let of = |file: &FileView, finding: &Finding| match finding {
        Finding::PartialPeriod { .. } | Finding::MembersWithoutFacts { .. } => of_all.join(", "),
        _ => file.name.clone(),
    };
    files
        .iter()
        .flat_map(|file| file.findings.iter().map(move |finding| (file, finding)))
        .map(|(file, finding)| (several.then(|| of(file, finding)), finding.clone()))
        .collect()
}

#[component]
fn ControlTotals(name: String, source: Totals, written: Totals) -> impl IntoView {
    let i18n = use_i18n();
    // Facts carry no currency here; two decimals are what people compare.
    let plain = Currency {
        code: String::new(),
        decimals: 2,
    };
    let sum = move |amount: Fact| format::full(amount.to_minor(&plain), &plain);
    let of = |month: &str| {
        written
            .by_month
            .iter()
            .find(|total| total.month == month)
            .map_or(Fact(0), |total| total.sum)
    };
    let rows = source
        .by_month
        .iter()
        .map(|total| {
            let written = of(&total.month);
            let row = if written == total.sum {
                PlainRow::new()
            } else {
                PlainRow::of_class("differs")
            };
            row.head(&total.month)
                .number(format::count(total.count))
                .number(sum(total.sum))
                .number(sum(written))
                .end()
        })
        .collect_view();
    view! {
        <details class="totals" open>
            <summary>{t!(i18n, import.totals)} " " <span class="sm muted">{name}</span></summary>
            <table class="tb">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, import.totals_month)}</th>
                        <th scope="col" class="num">{t!(i18n, import.totals_count)}</th>
                        <th scope="col" class="num">{t!(i18n, import.totals_source)}</th>
                        <th scope="col" class="num">{t!(i18n, import.totals_written)}</th>
                    </tr>
                </thead>
                <tbody>
                    {rows}
                    <tr class="total">
                        <th scope="row">{t!(i18n, import.totals_sum)}</th>
                        <td class="num">{format::count(source.count)}</td>
                        <td class="num">{sum(source.sum)}</td>
                        <td class="num">{sum(written.sum)}</td>
                    </tr>
                </tbody>
            </table>
        </details>
    }
}

fn words(finding: &Finding, i18n: Words) -> String {
    let lang: Lang = lang(i18n.get_locale());
    match finding {
        Finding::Alias {
            field,
            from,
            to,
            rows,
            percent,
        } => t_string!(
            i18n,
            import.f_alias,
            field = field.label(lang),
            from = from.clone(),
            to = to.clone(),
            rows = format::rows(*rows, lang),
            percent = *percent
        )
        .to_string(),
        Finding::Unknown {
            field,
            name,
            rows,
            created,
            ..
        } if *created => t_string!(
            i18n,
            import.f_created,
            field = label(*field, lang),
            name = name.clone(),
            rows = format::rows(*rows, lang)
        )
        .to_string(),
        Finding::Unknown {
            field, name, rows, ..
        } => t_string!(
            i18n,
            import.f_unknown,
            field = label(*field, lang),
            name = name.clone(),
            rows = format::rows(*rows, lang)
        )
        .to_string(),
        Finding::Blank { field, rows } => t_string!(
            i18n,
            import.f_blank,
            field = field.label(lang),
            rows = format::rows(*rows, lang)
        )
        .to_string(),
        Finding::MembersWithoutFacts { names } => t_string!(
            i18n,
            import.f_members,
            count = names.len(),
            names = names.join(lang.pick("、", ", "))
        )
        .to_string(),
        Finding::PartialPeriod { period, from, to } => t_string!(
            i18n,
            import.f_partial,
            period = period.clone(),
            from = format::date(*from, lang),
            to = format::date(*to, lang)
        )
        .to_string(),
        Finding::Ignored { headers } => t_string!(
            i18n,
            import.f_ignored,
            headers = headers.join(lang.pick("、", ", "))
        )
        .to_string(),
        Finding::LinesDiffer { .. }
        | Finding::Returns { .. }
        | Finding::Cancelled { .. }
        | Finding::OrdersChosen
        | Finding::NotBookings { .. } => of_orders(finding, i18n),
        Finding::SameTargets { .. }
        | Finding::Difference { .. }
        | Finding::NoTarget { .. }
        | Finding::Subtotals { .. }
        | Finding::YearFromName { .. }
        | Finding::UnitFromHeader { .. } => of_targets(finding, i18n, lang),
    }
}

/// What is worth knowing about orders, and about what counts.
fn of_orders(finding: &Finding, i18n: Words) -> String {
    let amount = |amount: Fact| {
        let currency = Currency {
            code: String::new(),
            decimals: 2,
        };
        format::full(amount.to_minor(&currency), &currency)
    };
    match finding {
        Finding::LinesDiffer { orders, amount: by } => t_string!(
            i18n,
            import.f_lines,
            orders = format::count(*orders),
            amount = amount(*by)
        )
        .to_string(),
        Finding::Returns { orders, amount: sum } => t_string!(
            i18n,
            import.f_returns,
            orders = format::count(*orders),
            amount = amount(*sum)
        )
        .to_string(),
        Finding::Cancelled { orders } => {
            t_string!(i18n, import.f_cancelled, orders = format::count(*orders)).to_string()
        }
        Finding::OrdersChosen => t_string!(i18n, import.f_orders_chosen).to_string(),
        Finding::NotBookings { from: Source::Deals } => t_string!(i18n, import.f_not_orders).to_string(),
        Finding::NotBookings { from: Source::Orders } => t_string!(i18n, import.f_not_deals).to_string(),
        _ => String::new(),
    }
}

/// The name of a field within a sentence.
fn label(field: Field, lang: Lang) -> String {
    let label = field.label(lang);
    match (field, lang) {
        (Field::ExternalId, _) | (_, Lang::ZhCn) => label.to_owned(),
        (_, Lang::En) => folded(label),
    }
}

/// What is worth knowing about a sheet of targets.
fn of_targets(finding: &Finding, i18n: Words, lang: Lang) -> String {
    match finding {
        Finding::SameTargets { names, year } => t_string!(
            i18n,
            import.f_same,
            year = year.clone(),
            names = names.join(lang.pick("、", ", "))
        )
        .to_string(),
        Finding::Difference {
            name,
            year,
            own,
            below,
        } => {
            let permille = Finding::over_permille(*own, *below);
            let percent = permille.map_or_else(String::new, |permille| {
                format!("{}.{} %", permille.abs() / 10, permille.abs() % 10)
            });
            let (year, name) = (year.clone(), name.clone());
            let (shown_own, shown_below) = (plain(*own), plain(*below));
            if below > own {
                t_string!(
                    i18n,
                    import.f_over,
                    year = year,
                    name = name,
                    below = shown_below,
                    own = shown_own,
                    percent = percent
                )
                .to_string()
            } else {
                t_string!(
                    i18n,
                    import.f_short,
                    year = year,
                    name = name,
                    below = shown_below,
                    own = shown_own,
                    percent = percent
                )
                .to_string()
            }
        }
        Finding::NoTarget { null, empty } => t_string!(
            i18n,
            import.f_no_target,
            said = format::count(*null),
            empty = format::count(*empty)
        )
        .to_string(),
        Finding::Subtotals { headers } => t_string!(
            i18n,
            import.f_subtotals,
            headers = headers.join(lang.pick("、", ", "))
        )
        .to_string(),
        Finding::YearFromName { year, name } => {
            t_string!(i18n, import.f_year, year = *year, name = name.clone()).to_string()
        }
        Finding::UnitFromHeader { header, unit } => t_string!(
            i18n,
            import.f_unit,
            header = header.clone(),
            unit = format::count(u64::from(*unit))
        )
        .to_string(),
        _ => String::new(),
    }
}

/// An amount with two decimals; the currency is the organization's and not known here.
fn plain(amount: Minor) -> String {
    let plain = Currency {
        code: String::new(),
        decimals: 2,
    };
    format::full(amount, &plain)
}
