//! Floors and caps: marked at the amounts they hold, said with the bar, asked for in a dialog.

use domain::format;
use domain::money::{Edit, Minor};
use domain::plan::{Constraint, PlanCommand};
use leptos::prelude::*;

use super::board::{Board, Place};
use super::focus;
use super::menu::about;
use super::send::Sender;
use crate::ui::{Button, ButtonKind, ButtonType, Dialog, Field, FieldKind, when};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// Which bound of a place is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The least it may have.
    Floor,
    /// The most.
    Cap,
}

impl Bound {
    /// The name in the page, which also says on which side the mark stands.
    fn as_str(self) -> &'static str {
        match self {
            Self::Floor => "floor",
            Self::Cap => "cap",
        }
    }

    /// What the bound of a place is.
    fn of(self, held: Constraint) -> Option<Minor> {
        match self {
            Self::Floor => held.floor,
            Self::Cap => held.cap,
        }
    }

    /// The command that sets it, or takes it away.
    fn command(self, (node, period): Place, amount: Option<Minor>) -> PlanCommand {
        match self {
            Self::Floor => PlanCommand::Floor { node, period, amount },
            Self::Cap => PlanCommand::Cap { node, period, amount },
        }
    }

    fn words(self, amount: String, i18n: Words) -> String {
        match self {
            Self::Floor => t_string!(i18n, split.bound_floor, amount = amount).to_string(),
            Self::Cap => t_string!(i18n, split.bound_cap, amount = amount).to_string(),
        }
    }
}

/// The bounds of a place in words, each with its exact amount; follows changes of the grid, not what a drag shows.
pub(super) fn said(board: Board, place: Place, full: impl Fn(Minor) -> String, i18n: Words) -> Vec<String> {
    let held = board.settled_constraint(place);
    [Bound::Floor, Bound::Cap]
        .into_iter()
        .filter_map(|bound| Some(bound.words(full(bound.of(held)?), i18n)))
        .collect()
}

/// The marks of a place: a line below the amount for a floor, above it for a cap. To be called where changes are followed.
pub(super) fn marks(
    board: Board,
    place: Place,
    full: Callback<Minor, String>,
    i18n: Words,
) -> Option<AnyView> {
    let held = board.settled_constraint(place);
    // They hold the target, not another level of it.
    if !board.shows_target_now() || (held.floor.is_none() && held.cap.is_none()) {
        return None;
    }
    let mark = |bound: Bound| {
        let amount = bound.of(held)?;
        let words = bound.words(full.run(amount), i18n);
        let title = words.clone();
        Some(view! {
            <span class="bound" data-bound=bound.as_str() data-at=amount.0 title=title>
                <span class="sr">{words}</span>
            </span>
        })
    };
    Some(view! { {mark(Bound::Floor)} {mark(Bound::Cap)} }.into_any())
}

/// Asks for a floor or a cap: opens with the present one, and can take it away.
#[component]
pub(super) fn AskBound(
    board: Board,
    place: Place,
    bound: RwSignal<Option<Bound>>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let (node, period) = place;
    let i18n = use_i18n();
    let sender = expect_context::<Sender>();
    let text = RwSignal::new(String::new());
    // What was typed and is no amount, as long as it stands there.
    let wrong = RwSignal::new(None::<String>);
    let error = Signal::derive(move || {
        let typed = wrong.get().filter(|wrong| text.with(|text| text == wrong))?;
        Some(t_string!(i18n, split.edit_bad, text = typed).to_string())
    });
    let which = move || bound.get_untracked().unwrap_or(Bound::Floor);
    let present = move || which().of(board.grid(|grid| grid.constraint(node, period)));
    let title = move || match bound.get() {
        Some(Bound::Cap) => t_string!(i18n, split.menu_cap).to_string(),
        _ => t_string!(i18n, split.menu_floor).to_string(),
    };
    // What the amount is now, as a bound is set beside it.
    let hint = move || {
        let amount = board.amount(place);
        let amount = format::currency_words(amount, &board.currency(), lang(i18n.get_locale()));
        t_string!(i18n, split.bound_hint, amount = amount).to_string()
    };
    Effect::new(move |_| {
        if open.get() {
            let known = present().map(|amount| format::full(amount, &board.currency()));
            text.set(known.unwrap_or_default());
            wrong.set(None);
        }
    });
    let done = move |amount: Option<Minor>| {
        // The menu takes the dialog with it.
        let (which, before) = (which(), present());
        open.set(false);
        board.menu.set(None);
        if amount != before {
            sender.send(which.command(place, amount));
        }
        // The keyboard goes on where the menu was.
        focus::to_stop_if_nowhere();
    };
    let set = move || {
        let typed = text.get_untracked();
        // Whoever empties the field wants no bound.
        if typed.trim().is_empty() {
            return done(None);
        }
        let now = present().unwrap_or_else(|| board.grid(|grid| grid.amount(node, period)));
        match Edit::parse(&typed).and_then(|edit| edit.apply(now, &board.currency())) {
            Ok(amount) => done(Some(amount)),
            Err(_) => wrong.set(Some(typed)),
        }
    };
    let is_bounded = move || open.get() && present().is_some();
    view! {
        <Dialog open=open title=title>
            <form on:submit=move |event| {
                event.prevent_default();
                set();
            }>
                <Field
                    label=move || about(board, place, lang(i18n.get_locale()))
                    name="bound"
                    kind=FieldKind::Amount
                    bind=text
                    hint=hint
                    error=error
                />
                <footer>
                    {when(is_bounded, move || view! {
                        <Button press=move |_| done(None)>{t!(i18n, split.bound_remove)}</Button>
                    }.into_any())}
                    <Button kind=ButtonKind::Primary r#type=ButtonType::Submit>
                        {move || title()}
                    </Button>
                </footer>
            </form>
        </Dialog>
    }
}
