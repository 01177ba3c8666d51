//! Market factors: P50 before, what each changes after its weight, P50 after; the sum is exact.

use domain::access::Permission;
use domain::assumption::PlanningQuery;
use domain::format::{self, Scale};
use domain::money::{Currency, Minor};
use domain::outlook::{self, Factor, FactorKind, Outlook, Who};
use leptos::prelude::*;

use super::form::{Form, Place};
use crate::frame::moment;
use crate::reserved::may;
use crate::set;
use crate::ui::{Button, ButtonKind, ButtonSize, Dialog};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// The card with its form.
#[component]
pub(super) fn Card(outlook: Outlook, asked: Memo<PlanningQuery>, changed: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let is_open = outlook.planning.is_open();
    let currency = StoredValue::new(outlook.planning.currency.clone());
    let branch = outlook.branch();
    let before = branch.and_then(|branch| branch.before_factors);
    let after = branch.and_then(domain::outlook::Branch::p50);
    let largest = before
        .into_iter()
        .chain(after)
        .map(|amount| amount.0.saturating_abs())
        .max()
        .unwrap_or(0);
    let scale = Memo::new(move |_| {
        currency.with_value(|currency| Scale::column(Minor(largest), currency, lang(i18n.get_locale())))
    });
    let places: Vec<Place> = outlook
        .branches
        .iter()
        .enumerate()
        .filter(|(_, branch)| branch.place.who == Who::Unit)
        .map(|(at, branch)| Place {
            // The topmost is the whole: a factor of the whole has no unit.
            unit: (at > 0).then_some(branch.place.unit),
            name: format!("{}{}", "\u{2003}".repeat(branch.depth), branch.name),
        })
        .collect();
    let places = StoredValue::new(places);
    let span = outlook.planning.span;
    let editing = RwSignal::new(None::<Option<Factor>>);
    let open = RwSignal::new(false);
    let ask = move |factor| {
        editing.set(Some(factor));
        open.set(true);
    };
    let title = move || match editing.get() {
        Some(Some(_)) => t_string!(i18n, outlook.edit_factor).to_owned(),
        _ => t_string!(i18n, outlook.new_factor).to_owned(),
    };
    let done = Callback::new(move |()| {
        open.set(false);
        changed.run(());
    });
    let rows = outlook
        .factors
        .iter()
        .map(|factor| {
            let step = outlook.detail.steps.iter().find(|step| step.factor == factor.id);
            let amount = step.map(|step| step.amount).unwrap_or_default();
            let share = step.and_then(|step| step.share_ppm);
            let cut = step.map(|step| step.cut).unwrap_or_default();
            let edit = is_open.then(|| Callback::new(move |factor| ask(Some(factor))));
            view! {
                <Row
                    factor=factor.clone()
                    amount=amount
                    share=share
                    cut=cut
                    currency=currency.get_value()
                    scale=scale
                    edit=edit
                />
            }
        })
        .collect_view();
    // What is frozen stays as it was decided; what is new is gathered for the days themselves.
    let news = outlook
        .planning
        .period
        .clone()
        .filter(|_| !is_open && may(Permission::EditPlan))
        .map(|period| {
            let query = PlanningQuery {
                version: None,
                period: Some(period.name.clone()),
            };
            let called = move || {
                let period = format::period(&period, lang(i18n.get_locale()));
                t_string!(i18n, outlook.enter_news, period = period).to_string()
            };
            view! { <p class="sm"><a href=set::address("outlook", &query)>{called}</a></p> }
        });
    let none = outlook.factors.is_empty();
    let sum = move |amount: Option<Minor>| {
        move || {
            amount.map_or_else(
                || format::NONE.to_owned(),
                |amount| currency.with_value(|currency| format::money_column(amount, currency, scale.get())),
            )
        }
    };
    view! {
        <section class="card" data-card="factors">
            <header>
                <h2>{t!(i18n, outlook.factors)}</h2>
                <span class="sm muted end">{t!(i18n, outlook.factors_hint)}</span>
            </header>
            {none.then(|| view! { <p class="sm muted">{t!(i18n, outlook.no_factors)}</p> })}
            <table class="tb">
                <tbody>
                    <tr data-step="before" data-minor=before.map(|amount| amount.0)>
                        <td>{t!(i18n, outlook.before)}</td>
                        <td></td>
                        <td class="num">{sum(before)}</td>
                    </tr>
                    {rows}
                    <tr class="total" data-step="after" data-minor=after.map(|amount| amount.0)>
                        <td>{t!(i18n, outlook.after)}</td>
                        <td></td>
                        <td class="num">{sum(after)}</td>
                    </tr>
                </tbody>
            </table>
            {if is_open {
                view! {
                    <Button kind=ButtonKind::Plain size=ButtonSize::Wide press=move |_| ask(None)>
                        {t!(i18n, outlook.add)}
                    </Button>
                }
                    .into_any()
            } else {
                view! {
                    <p class="sm muted">{t!(i18n, outlook.frozen)}</p>
                    {news}
                }
                    .into_any()
            }}
            <Dialog open=open title=title>
                {move || {
                    editing
                        .get()
                        .map(|factor| {
                            view! {
                                <Form
                                    factor=factor
                                    places=places
                                    currency=currency
                                    span=span
                                    asked=asked
                                    done=done
                                />
                            }
                        })
                }}
            </Dialog>
        </section>
    }
}

/// A factor: what it is, where it is known from, how much of it counts, and what it changes.
#[component]
fn Row(
    factor: Factor,
    amount: Minor,
    /// Which part of what is expected of the branch it is about, in millionths; none where it is about all of it.
    share: Option<u32>,
    /// What of it falls on nothing.
    cut: Minor,
    currency: Currency,
    scale: Memo<Scale>,
    edit: Option<Callback<Factor>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let entry = factor.entry.clone();
    let (author, at_ms) = (factor.author.clone(), factor.at_ms);
    let about = {
        let (entry, unit, of) = (entry.clone(), factor.unit_name.clone(), factor.of_name.clone());
        move || {
            let lang = lang(i18n.get_locale());
            let mut parts = vec![kind_name(entry.kind, i18n).to_owned()];
            parts.extend([&unit, &of].into_iter().filter(|name| !name.is_empty()).cloned());
            parts.push(format::range(entry.span.starts_on, entry.span.ends_on, lang));
            if !entry.source.is_empty() {
                parts.push(entry.source.clone());
            }
            parts.join(" · ")
        }
    };
    let by = move || {
        let when = moment(at_ms, lang(i18n.get_locale()));
        t_string!(i18n, outlook.by_author, by = author.clone(), when = when).to_string()
    };
    let report = factor.attached.clone().map(|file| {
        let href = format!("/api/v1/attachments/{}", file.id);
        let name = file.name.clone();
        view! {
            " "
            <a href=href download=name rel="external">
                {file.name}
            </a>
        }
    });
    let link = entry.link.clone().map(|link| {
        view! {
            " "
            <a href=link target="_blank" rel="noopener noreferrer external">
                {t!(i18n, outlook.open_link)}
            </a>
        }
    });
    let is_money = matches!(entry.effect, outlook::Effect::Money { .. });
    let part = share.filter(|share| *share > 0 || !is_money).map(|share| {
        let percent = format::percent(f64::from(share) / 1e6);
        let words = move || match share {
            0 => t_string!(i18n, outlook.of_nothing).to_owned(),
            _ => t_string!(i18n, outlook.of_share, percent = percent.clone()).to_string(),
        };
        view! { <span class="sm muted block" data-share=share>{words}</span> }
    });
    let missed = (cut.0 < 0).then(|| {
        let currency = currency.clone();
        let words = move || {
            let amount = format::money_column(Minor(-cut.0), &currency, scale.get());
            t_string!(i18n, outlook.cut, amount = amount).to_string()
        };
        view! { <span class="sm is-behind block" data-cut=cut.0>{words}</span> }
    });
    let name = entry.name.clone();
    let id = factor.id;
    let named = match edit {
        Some(edit) => view! {
            <button type="button" class="btn link" on:click=move |_| edit.run(factor.clone())>
                {name}
            </button>
        }
        .into_any(),
        None => view! { <span>{name}</span> }.into_any(),
    };
    let weight = format::percent(f64::from(entry.weight) / 100.0);
    let effect = {
        let (effect, currency) = (entry.effect, currency.clone());
        move || match effect {
            outlook::Effect::Percent { hundredths } => {
                format::percent_change(f64::from(hundredths) / 10_000.0)
            }
            outlook::Effect::Money { amount } => format::change(amount, &currency, scale.get()),
        }
    };
    view! {
        <tr data-step="factor" data-factor=id.to_string() data-minor=amount.0>
            <td class="reads">
                {named}
                <span class="sm muted block">{about} {link} {report}</span>
                {part}
                {missed}
                <span class="sm muted block">{by}</span>
            </td>
            <td class="num muted"><span data-figure="effect">{effect}</span> " " {move || t_string!(i18n, outlook.weight_times, percent = weight.clone()).to_string()}</td>
            <td class="num">{move || format::change(amount, &currency, scale.get())}</td>
        </tr>
    }
}

/// What a kind is called.
pub(super) fn kind_name(kind: FactorKind, i18n: Words) -> &'static str {
    match kind {
        FactorKind::IndustryGrowth => t_string!(i18n, outlook.kind_industry_growth),
        FactorKind::Competitor => t_string!(i18n, outlook.kind_competitor),
        FactorKind::CustomerDemand => t_string!(i18n, outlook.kind_customer_demand),
        FactorKind::Policy => t_string!(i18n, outlook.kind_policy),
        FactorKind::Price => t_string!(i18n, outlook.kind_price),
        FactorKind::NewProduct => t_string!(i18n, outlook.kind_new_product),
        FactorKind::Channel => t_string!(i18n, outlook.kind_channel),
    }
}
