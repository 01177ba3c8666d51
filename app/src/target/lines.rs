//! The target by line: every dimension sums to it, and a line that changes is made good by the others.

use domain::format;
use domain::line::{Line, LineBy, REST};
use domain::money::Minor;
use domain::target::{LineChange, Lines, TargetBoard};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::amount::AmountCell;
use super::board::Hand;
use super::chance::money;
use super::units::ByUnit;
use crate::ui::{
    Button, ButtonKind, ButtonSize, Choice, Glyph, Icon, Segment, Select, Toast, use_toasts, words_of,
};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// The dimension of the units that carry the target; the others are those of [`LineBy`].
const UNIT: &str = "unit";

/// The card of the lines: the address holds which dimension is shown.
#[component]
pub(super) fn LineCard(board: TargetBoard, hand: Hand) -> impl IntoView {
    let i18n = use_i18n();
    let map = use_query_map();
    let navigate = StoredValue::new(use_navigate());
    let version = hand.version;
    let TargetBoard {
        lines,
        units,
        hedge,
        total,
        ..
    } = board;
    let known: Vec<&'static str> = (!units.is_empty())
        .then_some(UNIT)
        .into_iter()
        .chain(lines.iter().map(|lines| lines.by.as_str()))
        .collect();
    if known.is_empty() {
        return ().into_any();
    }
    let first = known[0];
    let by = Memo::new({
        let known = known.clone();
        move |_| {
            let asked = map.with(|map| map.get("line"));
            known
                .iter()
                .copied()
                .find(|by| Some(*by) == asked.as_deref())
                .unwrap_or(first)
        }
    });
    let none = lines.is_empty();
    let choices = Signal::derive(move || {
        known
            .iter()
            .map(|by| Choice::new(*by, label(by, i18n)))
            .collect::<Vec<_>>()
    });
    let pick = Callback::new(move |by: String| {
        navigate.with_value(|navigate| {
            let address = format!("/set/target?version={version}&line={by}");
            let stay = NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&address, stay);
        });
    });
    let lines = StoredValue::new(lines);
    let units = StoredValue::new(units);
    view! {
        <section class="card">
            <header>
                <h2>{t!(i18n, target.lines)}</h2>
                <span class="sm muted">{t!(i18n, target.lines_hint)}</span>
            </header>
            <div class="scroll-x dimensions">
                <Segment label=t!(i18n, target.by) choices=choices value=Signal::derive(move || by.get().to_owned()) on_pick=pick />
            </div>
            {none.then(|| view! { <p class="sm muted">{t!(i18n, target.lines_empty)}</p> })}
            {move || {
                let by = by.get();
                match lines.with_value(|lines| lines.iter().find(|lines| lines.by.as_str() == by).cloned()) {
                    Some(lines) => view! { <ByLine lines=lines total=total hand=hand /> }.into_any(),
                    None => view! { <ByUnit units=units.get_value() hedge=hedge total=total hand=hand /> }.into_any(),
                }
            }}
        </section>
    }
    .into_any()
}

fn label(by: &str, i18n: Words) -> &'static str {
    match LineBy::parse(by) {
        None => t_string!(i18n, target.by_unit),
        Some(LineBy::Product) => t_string!(i18n, target.by_product),
        Some(LineBy::Category) => t_string!(i18n, target.by_category),
        Some(LineBy::Channel) => t_string!(i18n, target.by_channel),
        Some(LineBy::Account) => t_string!(i18n, target.by_account),
    }
}

/// What a line is called.
pub(crate) fn named(line: &Line, i18n: Words) -> String {
    if line.key == REST {
        t_string!(i18n, target.line_rest).to_owned()
    } else if line.name.is_empty() {
        t_string!(i18n, target.line_none).to_owned()
    } else {
        line.name.clone()
    }
}

/// Lines of what is sold, by what way, and to whom.
#[component]
fn ByLine(lines: Lines, total: Minor, hand: Hand) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let Lines {
        by,
        proposed,
        lines,
        fault,
        in_rest,
    } = lines;
    let currency = hand.currency;
    let send = move |change: LineChange| {
        hand.send(super::change_line(hand.version, by, change), move |error| {
            toasts.show(Toast::refused(
                t_string!(i18n, target.lines),
                words_of(error, i18n),
            ));
        });
    };
    let fault = fault
        .map(|fault| move || currency.with_value(|currency| fault.words(lang(i18n.get_locale()), currency)));
    let sum = Minor(lines.iter().map(|line| line.amount.0).sum());
    let history = Minor(lines.iter().map(|line| line.history.0).sum());
    let rows = lines
        .into_iter()
        .map(|line| {
            let Line {
                ref key,
                history,
                amount,
                locked,
                ..
            } = line;
            let (set_key, lock_key) = (key.clone(), key.clone());
            let data_key = key.clone();
            let line = StoredValue::new(line);
            let name = move || line.with_value(|line| named(line, i18n));
            let edit = Signal::derive(move || t_string!(i18n, target.line_edit, name = name()).to_string());
            let set = Callback::new(move |amount: Minor| {
                send(LineChange::Set {
                    key: set_key.clone(),
                    amount,
                });
            });
            let lock = move |_| {
                send(LineChange::Lock {
                    key: lock_key.clone(),
                    locked: !locked,
                });
            };
            view! {
                <tr data-line=data_key data-minor=amount.0 data-locked=locked.to_string()>
                    <th scope="row">{name}</th>
                    <td class="num muted">{move || currency.with_value(|currency| money(history, currency, lang(i18n.get_locale())))}</td>
                    <td class="num">
                        <AmountCell amount=amount currency=currency may_edit=hand.may_edit && !locked label=edit on_set=set />
                    </td>
                    <td class="num">{share(amount, total)}</td>
                    <td class="num muted">{growth(amount, history)}</td>
                    <td>
                        {hand.may_edit.then(|| view! { <LockButton locked=locked busy=hand.busy on_press=Callback::new(lock) /> })}
                    </td>
                </tr>
            }
        })
        .collect_view();
    let single = (hand.may_edit && !in_rest.is_empty()).then(|| {
        let choices = Signal::derive(move || {
            let mut choices = vec![Choice::new("", t_string!(i18n, target.line_single_pick))];
            choices.extend(
                in_rest
                    .iter()
                    .map(|(key, name)| Choice::new(key.clone(), name.clone())),
            );
            choices
        });
        view! {
            <Select
                label=t!(i18n, target.line_single)
                name="single-out"
                choices=choices
                value=Signal::stored(String::new())
                on_pick=Callback::new(move |key: String| {
                    if !key.is_empty() {
                        send(LineChange::SingleOut { key });
                    }
                })
            />
        }
    });
    view! {
        <p class="row wrap sm muted">
            {if proposed { view! { <span>{t!(i18n, target.lines_proposed)}</span> }.into_any() } else { view! { <span>{t!(i18n, target.lines_decided)}</span> }.into_any() }}
            {(hand.may_edit && !proposed).then(|| view! {
                <Button kind=ButtonKind::Link busy=hand.busy press=move |_| send(LineChange::Propose)>{t!(i18n, target.lines_again)}</Button>
            })}
        </p>
        {fault.map(|words| view! {
            <p class="row is-far" data-figure="line-fault">
                <Icon glyph=Glyph::Warning />
                <span>{words}</span>
            </p>
        })}
        <div class="scroll-x">
            <table class="tb by-line">
                <caption class="sr">{t!(i18n, target.lines)}</caption>
                <Heads />
                <tbody>
                    {rows}
                    <tr class="total" data-minor=sum.0>
                        <td>{t!(i18n, target.line_sum)}</td>
                        <td class="num">{move || currency.with_value(|currency| money(history, currency, lang(i18n.get_locale())))}</td>
                        <td class="num" title=currency.with_value(|currency| format::full(sum, currency))>
                            {move || currency.with_value(|currency| money(sum, currency, lang(i18n.get_locale())))}
                        </td>
                        <td class="num">{share(sum, total)}</td>
                        <td class="num muted">{growth(sum, history)}</td>
                        <td></td>
                    </tr>
                </tbody>
            </table>
        </div>
        {single}
    }
}

#[component]
fn Heads() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <thead>
            <tr>
                <th scope="col">{t!(i18n, target.line)}</th>
                <th scope="col" class="num">{t!(i18n, target.line_history)}</th>
                <th scope="col" class="num">{t!(i18n, target.line_amount)}</th>
                <th scope="col" class="num">{t!(i18n, target.share)}</th>
                <th scope="col" class="num">{t!(i18n, target.line_growth)}</th>
                <th scope="col"><span class="sr">{t!(i18n, target.line_lock)}</span></th>
            </tr>
        </thead>
    }
}

#[component]
pub(super) fn LockButton(
    locked: bool,
    busy: RwSignal<bool>,
    on_press: Callback<leptos::ev::MouseEvent>,
) -> impl IntoView {
    let i18n = use_i18n();
    let glyph = if locked { Glyph::Lock } else { Glyph::Unlock };
    let label = move || {
        if locked {
            t_string!(i18n, target.line_unlock)
        } else {
            t_string!(i18n, target.line_lock)
        }
    };
    view! {
        <Button kind=ButtonKind::Quiet size=ButtonSize::Small busy=busy attr:aria-label=label attr:aria-pressed=locked.to_string() press=move |event| on_press.run(event)>
            <Icon glyph=glyph />
        </Button>
    }
}

pub(super) fn share(amount: Minor, total: Minor) -> String {
    if total.0 > 0 {
        format::percent(amount.0 as f64 / total.0 as f64)
    } else {
        format::NONE.to_owned()
    }
}

fn growth(amount: Minor, before: Minor) -> String {
    if before.0 > 0 {
        format::percent_change(amount.0 as f64 / before.0 as f64 - 1.0)
    } else {
        format::NONE.to_owned()
    }
}
