//! The target by the units that carry it.

use domain::format;
use domain::money::Minor;
use domain::plan::{Give, Keep, NodeIndex, PlanCommand};
use domain::target::UnitPart;
use leptos::prelude::*;

use super::amount::AmountCell;
use super::board::Hand;
use super::chance::{chance, money, standing};
use super::lines::{LockButton, share};
use crate::ui::{StandingMark, Toast, use_toasts, words_of};
use crate::words::{lang, t, t_string, use_i18n};

/// The units directly below the whole: the grid's own numbers, changed by the grid's own rules.
#[component]
pub(super) fn ByUnit(units: Vec<UnitPart>, hedge: Minor, total: Minor, hand: Hand) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let currency = hand.currency;
    let send = move |command: PlanCommand| {
        hand.send(super::change(hand.version, hand.head, command), move |error| {
            toasts.show(Toast::refused(
                t_string!(i18n, target.lines),
                words_of(error, i18n),
            ));
        });
    };
    let sum = Minor(units.iter().map(|unit| unit.amount.0).sum());
    let show =
        move |amount: Minor| currency.with_value(|currency| money(amount, currency, lang(i18n.get_locale())));
    let rows = units
        .into_iter()
        .map(|unit| {
            let UnitPart {
                node,
                name,
                amount,
                locked,
                outlook,
            } = unit;
            let node = NodeIndex(node);
            let (said, key) = (name.clone(), name.clone());
            let edit = Signal::derive(move || t_string!(i18n, target.line_edit, name = said.clone()).to_string());
            let set = Callback::new(move |amount: Minor| {
                send(PlanCommand::Set {
                    node,
                    period: None,
                    amount,
                    keep: Keep::Column,
                    give: Give::Siblings,
                    reason: None,
                });
            });
            let lock = Callback::new(move |_| {
                send(if locked {
                    PlanCommand::Unlock { node, period: None }
                } else {
                    // Who signs it is filled in by the server.
                    PlanCommand::Lock {
                        node,
                        period: None,
                        by: domain::id::UserId::default(),
                    }
                });
            });
            let middle = outlook.as_ref().map(domain::outlook::Distribution::p50);
            let mark = match outlook {
                Some(law) => {
                    let of = law.chance_of(amount);
                    view! { <StandingMark standing=standing(of)>{chance(of)}</StandingMark> }.into_any()
                }
                None => format::NONE.into_any(),
            };
            view! {
                <tr data-line=key data-minor=amount.0 data-locked=locked.to_string()>
                    <th scope="row">{name}</th>
                    <td class="num muted">{move || middle.map_or_else(|| format::NONE.to_owned(), show)}</td>
                    <td class="num">
                        <AmountCell amount=amount currency=currency may_edit=hand.may_edit && !locked label=edit on_set=set />
                    </td>
                    <td class="num">{share(amount, total)}</td>
                    <td class="num">{mark}</td>
                    <td>{hand.may_edit.then(|| view! { <LockButton locked=locked busy=hand.busy on_press=lock /> })}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="scroll-x">
            <table class="tb by-line">
                <caption class="sr">{t!(i18n, target.lines)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, target.line)}</th>
                        <th scope="col" class="num">{t!(i18n, scenario.middle)}</th>
                        <th scope="col" class="num">{t!(i18n, target.line_amount)}</th>
                        <th scope="col" class="num">{t!(i18n, target.share)}</th>
                        <th scope="col" class="num">{t!(i18n, target.level_chance)}</th>
                        <th scope="col"><span class="sr">{t!(i18n, target.line_lock)}</span></th>
                    </tr>
                </thead>
                <tbody>
                    {rows}
                    <tr class="total" data-minor=sum.0>
                        <td>{t!(i18n, target.line_sum)}</td>
                        <td></td>
                        <td class="num" title=currency.with_value(|currency| format::full(sum, currency))>{move || show(sum)}</td>
                        <td class="num">{share(sum, total)}</td>
                        <td></td>
                        <td></td>
                    </tr>
                    {(hedge.0 != 0).then(|| view! {
                        <tr data-figure="hedge" data-minor=hedge.0>
                            <td class="muted">{t!(i18n, target.line_hedge)}</td>
                            <td></td>
                            <td class="num muted">{move || show(hedge)}</td>
                            <td class="num muted">{share(hedge, total)}</td>
                            <td></td>
                            <td></td>
                        </tr>
                    })}
                </tbody>
            </table>
        </div>
    }
}
