//! Who buys: customers by region, industry, size and age, with the largest of each group.

use domain::baseline::{Age, BaselineQuery, Customers, Group, Size};
use domain::format::{self, Scale};
use domain::metric::Dimension;
use domain::money::{Currency, Minor};
use leptos::prelude::*;

use super::periods::change;
use crate::live::use_live;
use crate::ui::{ErrorView, Skeleton};
use crate::wire::{fetch, loaded};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// Groups shown of a kind.
const MOST_GROUPS: usize = 12;

/// The customers.
#[component]
pub(super) fn CustomersCard(asked: Memo<BaselineQuery>) -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let source = move || {
        (
            asked.get(),
            live.facts.get(),
            live.business_date.get(),
            live.plans.get(),
        )
    };
    let customers = fetch(source, |(asked, ..)| super::load_customers(asked));
    view! {
        <section class="card">
            <header>
                <h2>{t!(i18n, baseline.customers)}</h2>
            </header>
            <Transition fallback=|| view! { <Skeleton /> }>
                {loaded(customers, move |found| match found {
                        Ok(customers) => view! { <Shown customers=customers asked=asked /> }.into_any(),
                        Err(error) => view! { <ErrorView error=error /> }.into_any(),
                    })}
            </Transition>
        </section>
    }
}

#[component]
fn Shown(customers: Customers, asked: Memo<BaselineQuery>) -> impl IntoView {
    let i18n = use_i18n();
    let Customers {
        currency,
        count,
        active,
        nameless,
        regions,
        industries,
        sizes,
        bounds,
        ages,
        since,
        from_the_start,
        concentration,
        ..
    } = customers;
    if count == 0 {
        return view! { <p class="soft">{t!(i18n, baseline.no_customers)}</p> }.into_any();
    }
    let currency = StoredValue::new(currency);
    let compact = move |amount: Minor| {
        currency.with_value(|currency| format::compact(amount, currency, lang(i18n.get_locale())))
    };
    let summary = move || {
        let mut words = vec![
            t_string!(
                i18n,
                baseline.customers_count,
                count = format::count(count.into()),
                active = format::count(active.into())
            )
            .to_string(),
        ];
        if let Some(of) = concentration {
            words.push(
                t_string!(
                    i18n,
                    baseline.customers_hang,
                    top = format::count(of.four_fifths as u64),
                    largest = format::percent(of.largest)
                )
                .to_string(),
            );
        }
        if nameless.0 != 0 {
            words.push(t_string!(i18n, baseline.nameless, amount = compact(nameless)).to_string());
        }
        words.join(lang(i18n.get_locale()).pick("", " "))
    };
    let largest = [&regions, &industries]
        .into_iter()
        .flatten()
        .map(|group| group.amount)
        .chain(sizes.iter().map(|group| group.amount))
        .max()
        .unwrap_or_default();
    let all_unknown = |groups: &[Group<String>]| groups.iter().all(|group| group.key.is_none());
    let (no_regions, no_industries) = (all_unknown(&regions), all_unknown(&industries));
    let name = |key: Option<String>, i18n: Words| {
        key.unwrap_or_else(|| t_string!(i18n, baseline.unknown).to_owned())
    };
    let size_hint = move || {
        bounds.map(|(large, medium)| {
            t_string!(
                i18n,
                baseline.size_hint,
                large = compact(large),
                medium = compact(medium)
            )
            .to_string()
        })
    };
    let age_hint = move || {
        since.map(|since| {
            t_string!(
                i18n,
                baseline.age_hint,
                count = format::count(from_the_start.into()),
                month = format::month(since, lang(i18n.get_locale()))
            )
            .to_string()
        })
    };
    let import = move |words: &'static str| {
        view! {
            <p class="sm muted">
                {words} " " <a href="/data/import">{t!(i18n, baseline.import_customers)}</a>
            </p>
        }
    };
    view! {
        <p class="soft">{summary}</p>
        <div class="cards groups">
            <div class="w6">
                <h3>{t!(i18n, baseline.by_region)}</h3>
                {groups(regions, name, (largest, currency), asked, i18n)}
                {move || no_regions.then(|| import(t_string!(i18n, baseline.no_regions)))}
            </div>
            <div class="w6">
                <h3>{t!(i18n, baseline.by_industry)}</h3>
                {groups(industries, name, (largest, currency), asked, i18n)}
                {move || no_industries.then(|| import(t_string!(i18n, baseline.no_industries)))}
            </div>
            <div class="w6">
                <h3>{t!(i18n, baseline.by_size)}</h3>
                {groups(sizes, size_words, (largest, currency), asked, i18n)}
                <p class="sm muted">{size_hint}</p>
            </div>
            <div class="w6">
                <h3>{t!(i18n, baseline.by_age)}</h3>
                {groups(ages, age_words, (largest, currency), asked, i18n)}
                <p class="sm muted">{age_hint}</p>
            </div>
        </div>
    }
    .into_any()
}

fn size_words(size: Option<Size>, i18n: Words) -> String {
    match size {
        Some(Size::Large) => t_string!(i18n, baseline.size_large),
        Some(Size::Medium) => t_string!(i18n, baseline.size_medium),
        Some(Size::Small) => t_string!(i18n, baseline.size_small),
        Some(Size::Nothing) | None => t_string!(i18n, baseline.size_nothing),
    }
    .to_owned()
}

fn age_words(age: Option<Age>, i18n: Words) -> String {
    match age {
        Some(Age::New) => t_string!(i18n, baseline.age_new),
        Some(Age::Young) => t_string!(i18n, baseline.age_young),
        Some(Age::Settled) => t_string!(i18n, baseline.age_settled),
        Some(Age::Old) | None => t_string!(i18n, baseline.age_old),
    }
    .to_owned()
}

/// A table of groups; the largest of each are named below its line.
fn groups<K: Clone + Send + Sync + 'static>(
    groups: Vec<Group<K>>,
    name: fn(Option<K>, Words) -> String,
    (largest, currency): (Minor, StoredValue<Currency>),
    asked: Memo<BaselineQuery>,
    i18n: Words,
) -> impl IntoView {
    let scale = Memo::new(move |_| {
        currency.with_value(|currency| Scale::column(largest, currency, lang(i18n.get_locale())))
    });
    let money = move |amount: Minor| {
        currency.with_value(|currency| format::money_column(amount, currency, scale.get()))
    };
    let unit = move || currency.with_value(|currency| scale.get().unit(currency));
    let rest = groups.len().saturating_sub(MOST_GROUPS);
    let lines = groups
        .into_iter()
        .take(MOST_GROUPS)
        .map(|group| {
            let key = group.key.clone();
            let named: Vec<_> = group
                .largest
                .into_iter()
                .map(|one| {
                    let id = one.id;
                    let href = move || {
                        asked.with(|asked| super::href(&asked.planning, &Dimension::Account, Some(&id)))
                    };
                    let amount = one.amount;
                    view! {
                        <li>
                            <a href=href>{one.name}</a>
                            <span class="num muted">{move || money(amount)}</span>
                        </li>
                    }
                })
                .collect();
            let amount = group.amount;
            let share = group
                .share
                .map_or_else(|| format::NONE.to_owned(), format::percent);
            view! {
                <tr data-customers=group.customers data-amount=amount.0>
                    <td>
                        <details>
                            <summary>{move || name(key.clone(), i18n)}</summary>
                            <ul class="named">{named}</ul>
                        </details>
                    </td>
                    <td class="num">{format::count(group.customers.into())}</td>
                    <td class="num strong">{move || money(amount)}</td>
                    <td class="num muted">{share}</td>
                    <td class="num">{change(group.growth)}</td>
                </tr>
            }
        })
        .collect_view();
    let more = (rest > 0).then(|| {
        view! { <p class="sm muted">{move || t_string!(i18n, baseline.and_more, count = rest).to_string()}</p> }
    });
    view! {
        <div class="scroll-x">
            <table class="tb">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, baseline.name)}</th>
                        <th scope="col" class="num">{t!(i18n, baseline.number)}</th>
                        <th scope="col" class="num">{t!(i18n, baseline.amount)} " " <span class="unit">{unit}</span></th>
                        <th scope="col" class="num">{t!(i18n, baseline.share)}</th>
                        <th scope="col" class="num">{t!(i18n, baseline.last_year)}</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
        {more}
    }
}
