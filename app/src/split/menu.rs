//! Everything a drag does, as a menu of outcomes.

use domain::format;
use domain::money::{Edit, Minor};
use domain::plan::{NodeIndex, PlanCommand};
use leptos::prelude::*;
use leptos::{ev, html};

use super::board::Board;
use super::send::Sender;
use super::{edit, focus, preview, row};
use crate::ui::menu::step;
use crate::ui::{
    Button, ButtonKind, ButtonType, Dialog, Field, FieldKind, Glyph, Icon, Toast, use_toasts, when,
};
use crate::words::{t, t_string, use_i18n};

/// Five percent in millionths.
const FIVE_PERCENT_PPM: u32 = 50_000;

/// Which bound is being typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    Floor,
    Cap,
}

/// The menu of a row.
#[component]
pub(super) fn RowMenu(board: Board, node: NodeIndex) -> impl IntoView {
    let i18n = use_i18n();
    let open = Memo::new(move |_| board.menu.get() == Some(node));
    view! {
        <button
            type="button"
            class="icb more"
            tabindex="-1"
            aria-haspopup="menu"
            aria-expanded=move || open.get().to_string()
            aria-label=move || t_string!(i18n, split.menu, name = board.name(node)).to_string()
            on:click=move |event| {
                event.stop_propagation();
                board.menu.update(|menu| *menu = if *menu == Some(node) { None } else { Some(node) });
            }
        >
            <Icon glyph=Glyph::More />
        </button>
        {when(move || open.get(), move || view! { <Items board=board node=node /> }.into_any())}
    }
}

#[component]
fn Items(board: Board, node: NodeIndex) -> impl IntoView {
    let i18n = use_i18n();
    let sender = expect_context::<Sender>();
    let bound = RwSignal::new(None::<Bound>);
    let asking = RwSignal::new(false);
    let close = move || board.menu.set(None);
    let percent = move |percent: i64| {
        close();
        let now = board.grid(|grid| grid.amount(node, None));
        let amount = Minor((i128::from(now.0) * i128::from(100 + percent) / 100) as i64);
        sender.send(preview::command((node, None), amount, board.give.get_untracked()));
    };
    let siblings = board.shape(|shape| {
        shape.parent(node).map_or_else(Vec::new, |parent| {
            shape
                .children(parent)
                .filter(|other| *other != node)
                .map(|other| (other, shape.name(other).to_owned()))
                .collect()
        })
    });
    let has_children = board.is_expanded(node).is_some();
    let is_root = node == NodeIndex(0);
    let locked = board.grid(|grid| grid.constraint(node, None).lock.is_some());
    let bounded = board.grid(|grid| {
        let held = grid.constraint(node, None);
        held.floor.is_some() || held.cap.is_some()
    });
    let frozen = !board.may_edit();
    let element = NodeRef::<html::Div>::new();
    let ask = move |which: Bound| {
        bound.set(Some(which));
        asking.set(true);
    };
    let on_key = move |event: ev::KeyboardEvent| {
        event.stop_propagation();
        let by = match event.key().as_str() {
            "Escape" => {
                focus::back_to_row(event.target());
                return close();
            }
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            _ => return,
        };
        event.prevent_default();
        if let Some(menu) = element.get_untracked() {
            step(&menu, by);
        }
    };
    Effect::new(move |_| {
        if let Some(menu) = element.get() {
            step(&menu, 1);
        }
    });
    view! {
        <div class="menu-veil" on:click=move |event| { event.stop_propagation(); close(); }></div>
        <div node_ref=element class="row-menu pop" role="menu" on:keydown=on_key on:click=|event| event.stop_propagation()>
            <button type="button" role="menuitem" class="item" on:click=move |_| {
                close();
                board.why.set(Some((node, None)));
            }>{t!(i18n, split.menu_why)}</button>
            <hr />
            <button type="button" role="menuitem" class="item" disabled=frozen on:click=move |_| {
                close();
                edit::begin(board, (node, None), None);
            }>{t!(i18n, split.menu_set)}</button>
            <button type="button" role="menuitem" class="item" disabled=frozen on:click=move |_| percent(5)>{t!(i18n, split.menu_plus)}</button>
            <button type="button" role="menuitem" class="item" disabled=frozen on:click=move |_| percent(-5)>{t!(i18n, split.menu_minus)}</button>
            {has_children.then(|| view! {
                <button type="button" role="menuitem" class="item" disabled=frozen on:click=move |_| {
                    close();
                    sender.send(PlanCommand::EvenOut { node, reason: None });
                }>{t!(i18n, split.menu_even)}</button>
            })}
            <hr />
            <button type="button" role="menuitem" class="item" disabled=frozen on:click=move |_| {
                close();
                sender.send(row::lock_command(board, node));
            }>
                {if locked { t_string!(i18n, split.menu_unlock) } else { t_string!(i18n, split.menu_lock) }}
            </button>
            <button type="button" role="menuitem" class="item" disabled=frozen on:click=move |_| ask(Bound::Floor)>{t!(i18n, split.menu_floor)}</button>
            <button type="button" role="menuitem" class="item" disabled=frozen on:click=move |_| ask(Bound::Cap)>{t!(i18n, split.menu_cap)}</button>
            {bounded.then(|| view! {
                <button type="button" role="menuitem" class="item" disabled=frozen on:click=move |_| {
                    close();
                    sender.send(PlanCommand::Floor { node, period: None, amount: None });
                    sender.send(PlanCommand::Cap { node, period: None, amount: None });
                }>{t!(i18n, split.menu_clear)}</button>
            })}
            {(!is_root && !siblings.is_empty() && !frozen).then(|| view! {
                <hr />
                <p class="sm muted item-head">{t!(i18n, split.menu_send)}</p>
                {siblings.into_iter().take(12).map(|(other, name)| view! {
                    <button type="button" role="menuitem" class="item" on:click=move |_| {
                        close();
                        sender.send(PlanCommand::SendShare { from: node, to: other, period: None, share_ppm: FIVE_PERCENT_PPM, reason: None });
                    }>{name}</button>
                }).collect_view()}
            })}
            <AskBound board=board node=node bound=bound open=asking />
        </div>
    }
}

/// Asks for a floor or a cap.
#[component]
fn AskBound(
    board: Board,
    node: NodeIndex,
    bound: RwSignal<Option<Bound>>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let sender = expect_context::<Sender>();
    let text = RwSignal::new(String::new());
    let title = move || match bound.get() {
        Some(Bound::Cap) => t_string!(i18n, split.menu_cap).to_string(),
        _ => t_string!(i18n, split.menu_floor).to_string(),
    };
    Effect::new(move |_| {
        if open.get() {
            let amount = board.grid(|grid| grid.amount(node, None));
            text.set(format::full(amount, &board.currency()));
        }
    });
    let set = move || {
        let now = board.grid(|grid| grid.amount(node, None));
        let typed = text.get_untracked();
        match Edit::parse(&typed).and_then(|edit| edit.apply(now, &board.currency())) {
            Ok(amount) => {
                open.set(false);
                board.menu.set(None);
                let amount = Some(amount);
                sender.send(match bound.get_untracked() {
                    Some(Bound::Cap) => PlanCommand::Cap {
                        node,
                        period: None,
                        amount,
                    },
                    _ => PlanCommand::Floor {
                        node,
                        period: None,
                        amount,
                    },
                });
            }
            Err(_) => toasts.show(Toast::refused(
                t_string!(i18n, split.refused),
                t_string!(i18n, split.edit_bad, text = typed),
            )),
        }
    };
    view! {
        <Dialog open=open title=title>
            <form on:submit=move |event| {
                event.prevent_default();
                set();
            }>
                <Field
                    label=move || board.name(node)
                    name="bound"
                    kind=FieldKind::Number
                    bind=text
                />
                <footer>
                    <Button kind=ButtonKind::Primary r#type=ButtonType::Submit>
                        {move || title()}
                    </Button>
                </footer>
            </form>
        </Dialog>
    }
}
