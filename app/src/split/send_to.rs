//! Sends any amount of a row, or of one of its periods, to another row: what the menu has for every drag from one row to another,
//! also where a hundred stand beside it, or the other one is in another unit.

use domain::format;
use domain::money::{Edit, Minor};
use domain::plan::{self, NodeIndex, PlanCommand, Shape};
use leptos::prelude::*;

use super::board::{Board, Place};
use super::focus;
use super::menu::about;
use super::refusal;
use super::send::Sender;
use super::tools::names_words;
use crate::ui::{Button, ButtonKind, ButtonType, Choice, Dialog, Field, FieldKind, Select};
use crate::words::{folded, lang, t, t_string, use_i18n};

/// Rows that are offered; others are found by their name.
const OFFERED: usize = 50;
/// What is sent unless something else is typed.
const FIRST: &str = "5%";

/// Asks how much goes to whom.
#[component]
pub(super) fn SendTo(board: Board, place: Place, open: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let title = move || {
        let name = about(board, place, lang(i18n.get_locale()));
        t_string!(i18n, send.title, name = name).to_string()
    };
    view! {
        <Dialog open=open title=title>
            <SendForm board=board place=place open=open />
        </Dialog>
    }
}

#[component]
fn SendForm(board: Board, place: Place, open: RwSignal<bool>) -> impl IntoView {
    let (from, period) = place;
    let i18n = use_i18n();
    let sender = expect_context::<Sender>();
    let much = RwSignal::new(FIRST.to_owned());
    let seek = RwSignal::new(String::new());
    let picked = RwSignal::new(String::new());
    // Those whose name has not come are not offered yet.
    let found = Memo::new(move |_| {
        board.is_all_named();
        seek.with(|seek| board.shape(|shape| takers(shape, from, seek)))
    });
    Effect::new(move |_| {
        if open.get() {
            board.want_all_names();
        }
    });
    // What is chosen, as long as it is among those found; else the first of them.
    let to = Memo::new(move |_| {
        found.with(|found| {
            let chosen = picked.with(|picked| {
                let chosen = found.iter().find(|(node, _)| node.0.to_string() == *picked);
                chosen.map(|(node, _)| *node)
            });
            chosen.or_else(|| found.first().map(|(node, _)| *node))
        })
    });
    let amount = Memo::new(move |_| {
        let now = board.amount(place);
        much.with(|typed| Edit::parse(typed).and_then(|edit| edit.apply(now, &board.currency())))
    });
    let command = move || {
        let amount = amount.get().ok().filter(|amount| amount.0 > 0)?;
        Some(PlanCommand::Move {
            from,
            to: to.get()?,
            period,
            amount,
            reason: None,
        })
    };
    // Before and after of both, or why it cannot be.
    let told = move || -> Result<String, String> {
        board.track_settled();
        let lang = lang(i18n.get_locale());
        let amount = amount.get().map_err(|error| error.words(lang))?;
        if amount.0 <= 0 {
            return Err(t_string!(i18n, send.above_zero).to_owned());
        }
        let (Some(taker), Some(command)) = (to.get(), command()) else {
            return Err(t_string!(i18n, send.nobody).to_owned());
        };
        if let Err(refused) = board.grid(|grid| plan::apply(grid, &command)) {
            return Err(refusal::said(board, i18n.get_locale(), &refused));
        }
        let currency = board.currency();
        let step = |node: NodeIndex, by: i64| {
            let before = board.amount((node, period));
            let after = Minor(before.0.saturating_add(by));
            let (before, after) = (format::full(before, &currency), format::full(after, &currency));
            format!("{} {before} → {after}", board.name(node))
        };
        let between = lang.pick("；", "; ");
        Ok(format!(
            "{}{between}{}",
            step(from, -amount.0),
            step(taker, amount.0)
        ))
    };
    let told = Memo::new(move |_| told());
    let send = move || {
        let Some(command) = untrack(command) else {
            return;
        };
        open.set(false);
        board.menu.set(None);
        sender.send(command);
        // The menu it was opened from is gone.
        focus::to_stop_if_nowhere();
    };
    let choices = Signal::derive(move || {
        found.with(|found| {
            let choices = found.iter();
            choices
                .map(|(node, label)| Choice::new(node.0.to_string(), label.clone()))
                .collect::<Vec<_>>()
        })
    });
    let chosen = Signal::derive(move || to.get().map_or_else(String::new, |node| node.0.to_string()));
    view! {
        // The menu behind it hears no key.
        <form
            class="stack"
            data-part="send"
            on:keydown=|event| event.stop_propagation()
            on:submit=move |event| {
                event.prevent_default();
                send();
            }
        >
            <Field
                label=t!(i18n, send.much)
                name="send-much"
                kind=FieldKind::Amount
                bind=much
                hint=t!(i18n, send.much_hint)
            />
            <Field label=t!(i18n, send.find) name="send-find" bind=seek />
            <Select
                label=t!(i18n, send.to)
                name="send-to"
                choices=choices
                value=chosen
                on_pick=Callback::new(move |node: String| picked.set(node))
            />
            {move || (!board.is_all_named()).then(|| view! {
                <p class="sm muted" role="status">{move || names_words(board, i18n)}</p>
            })}
            <p class="sm" role="status" class:is-behind=move || told.with(Result::is_err)>
                {move || told.with(|told| match told {
                    Ok(words) | Err(words) => words.clone(),
                })}
            </p>
            <footer>
                <Button kind=ButtonKind::Primary r#type=ButtonType::Submit>
                    {t!(i18n, send.send)}
                </Button>
            </footer>
        </form>
    }
}

/// Who can be sent something, each with a name that tells it from others of the name: first those beside the row, then, where a
/// name is sought, everybody so called. Nothing can be sent to what lies above or below.
fn takers(shape: &Shape, from: NodeIndex, seek: &str) -> Vec<(NodeIndex, String)> {
    let seek = folded(seek.trim());
    let parent = shape.parent(from);
    let holds = |outer: NodeIndex, inner: NodeIndex| outer <= inner && inner < shape.end(outer);
    let fits = |node: &NodeIndex| {
        let apart = !holds(from, *node) && !holds(*node, from);
        let name = shape.name(*node);
        apart && !name.is_empty() && folded(name).contains(&seek)
    };
    let beside = parent.into_iter().flat_map(move |parent| shape.children(parent));
    let others = shape
        .nodes()
        .filter(|node| !seek.is_empty() && shape.parent(*node) != parent);
    beside
        .chain(others)
        .filter(fits)
        .take(OFFERED)
        .map(|node| {
            let above = shape.parent(node).filter(|above| Some(*above) != parent);
            let name = shape.name(node);
            let label = above.map_or_else(
                || name.to_owned(),
                |above| format!("{name} · {}", shape.name(above)),
            );
            (node, label)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use domain::calendar::Day;
    use domain::id::UnitId;
    use domain::plan::{NodeRef, NodeSpec, PlanPeriod};
    use uuid::Uuid;

    use super::*;

    /// A company of two teams: Alpha (Ann, Ben) and Beta (Ann).
    fn company() -> Shape {
        let nodes = [
            (None, "Company"),
            (Some(0), "Alpha"),
            (Some(1), "Ann"),
            (Some(1), "Ben"),
            (Some(0), "Beta"),
            (Some(4), "Ann"),
        ];
        let nodes = (1_u128..).zip(nodes).map(|(id, (parent, name))| NodeSpec {
            parent: parent.map(NodeIndex),
            reference: NodeRef::Unit(UnitId(Uuid::from_u128(id))),
            name: name.to_owned(),
        });
        let period = PlanPeriod {
            starts_on: Day(0),
            ends_on: Day(30),
        };
        Shape::new(nodes.collect(), vec![period]).unwrap()
    }

    fn found(from: u32, seek: &str) -> Vec<(u32, String)> {
        let found = takers(&company(), NodeIndex(from), seek);
        found.into_iter().map(|(node, label)| (node.0, label)).collect()
    }

    #[test]
    fn those_beside_a_row_are_offered_and_others_are_found_by_their_name() {
        assert_eq!(found(3, ""), [(2, "Ann".to_owned())]);
        assert_eq!(
            found(3, " ann"),
            [(2, "Ann".to_owned()), (5, "Ann · Beta".to_owned())]
        );
        assert!(found(5, "").is_empty());
        assert_eq!(
            found(5, "B"),
            [(3, "Ben · Alpha".to_owned())],
            "what is above it gets nothing"
        );
        assert_eq!(
            found(1, "a"),
            [(4, "Beta".to_owned()), (5, "Ann · Beta".to_owned())]
        );
        assert!(found(0, "a").is_empty());
    }
}
