//! The figures that follow from the total of a row: its share of the row above, its change, and the chance to reach it. Each is a
//! button that opens the card of the total; there stands what they rest on, first of the one that was asked about.

use domain::format;
use domain::money::Minor;
use domain::plan::NodeIndex;
use domain::split::{Against, Difference};
use domain::why::Other;
use leptos::prelude::*;

use crate::split::board::{Board, Column};
use crate::ui::{Button, ButtonSize};
use crate::words::{Words, lang, t_string, use_i18n};

/// A figure that follows from the total of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Its share of the row above.
    Share,
    /// How it differs from what it is held against.
    Change,
    /// The chance to reach it.
    Chance,
}

impl Part {
    /// In the order of the columns.
    const ALL: [Self; 3] = [Self::Share, Self::Change, Self::Chance];

    /// The name in the page.
    fn as_str(self) -> &'static str {
        match self {
            Self::Share => "share",
            Self::Change => "change",
            Self::Chance => "chance",
        }
    }

    /// All of them, first the one that was asked about.
    fn beginning_with(asked: Option<Self>) -> impl Iterator<Item = Self> {
        let others = Self::ALL.into_iter().filter(move |part| Some(*part) != asked);
        asked.into_iter().chain(others)
    }

    /// What it is called, as at the head of its column.
    fn label(self, board: Board, i18n: Words) -> &'static str {
        match (self, board.against.get()) {
            (Self::Share, _) => t_string!(i18n, split.column_share),
            (Self::Chance, _) => t_string!(i18n, rows.column_chance),
            (Self::Change, Against::Start) => t_string!(i18n, split.column_change),
            (Self::Change, Against::LastYear) => t_string!(i18n, sheet.column_last_year),
            (Self::Change, Against::Record) => t_string!(i18n, sheet.column_record),
        }
    }

    /// The figure, and what it rests on; none where it is not known. Tracks changes.
    fn told(self, board: Board, node: NodeIndex, i18n: Words) -> Option<(String, String)> {
        match self {
            Self::Share => share(board, node, i18n),
            Self::Change => change(board, node),
            Self::Chance => chance(board, node, i18n),
        }
    }
}

/// The button of a figure. Asks nothing itself: what is written in it stays the one thing that follows the row.
#[component]
pub(in crate::split) fn AskPart(
    board: Board,
    node: NodeIndex,
    part: Part,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="figure-button"
            tabindex="-1"
            on:click=move |event| {
                event.stop_propagation();
                board.focus(node, Column::Row, event.shift_key());
                if !event.shift_key() {
                    board.why_part.set(Some(part));
                    board.why.set(Some((node, None)));
                }
            }
        >
            {children()}
        </button>
    }
}

/// What the figures of a row rest on.
#[component]
pub(super) fn Beside(board: Board, node: NodeIndex, asked: Option<Part>) -> impl IntoView {
    let i18n = use_i18n();
    let parts = Part::beginning_with(asked)
        .map(|part| {
            let told = Memo::new(move |_| part.told(board, node, i18n));
            let value = move || {
                told.with(|told| {
                    let value = told.as_ref().map(|(value, _)| value.clone());
                    value.unwrap_or_else(|| format::NONE.to_owned())
                })
            };
            let words = move || {
                told.with(|told| {
                    let words = told.as_ref().map(|(_, words)| words.clone());
                    words.unwrap_or_else(|| t_string!(i18n, why.beside_unknown).to_owned())
                })
            };
            let further = (part == Part::Change).then(|| view! { <Further board=board node=node /> });
            view! {
                <li data-beside=part.as_str() aria-current=(Some(part) == asked).then_some("true")>
                    <p class="row between">
                        <span>{move || part.label(board, i18n)}</span>
                        <b class="num nowrap">{value}</b>
                    </p>
                    <p class="sm muted">{words}</p>
                    {further}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="stack" data-part="beside">{parts}</ul> }
}

/// Leads on to the card of what the total is held against, where there is one.
#[component]
fn Further(board: Board, node: NodeIndex) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        let (other, figure) = match board.against.get() {
            Against::LastYear if board.history(node).is_some() => {
                (Other::LastYear, t_string!(i18n, why.of_last_year))
            }
            Against::Record if board.base(node).is_some() => (Other::Record, t_string!(i18n, why.of_record)),
            _ => return None,
        };
        let words = t_string!(i18n, why.of_figure, figure = figure).to_string();
        let press = move |_| {
            board.why.set(None);
            board.why_other.set(Some(((node, None), other.clone())));
        };
        Some(view! { <Button size=ButtonSize::Small press=press>{words}</Button> })
    }
}

fn share(board: Board, node: NodeIndex, i18n: Words) -> Option<(String, String)> {
    let Some(parent) = board.shape(|shape| shape.parent(node)) else {
        return Some((format::percent(1.0), t_string!(i18n, why.share_whole).to_owned()));
    };
    let (amount, whole) = (board.shown((node, None))?, board.shown((parent, None))?);
    if whole.0 <= 0 {
        return None;
    }
    let currency = board.currency();
    let words = t_string!(
        i18n,
        why.share_of,
        amount = format::full(amount, &currency),
        whole = format::full(whole, &currency),
        name = board.name(parent)
    )
    .to_string();
    Some((format::percent(amount.0 as f64 / whole.0 as f64), words))
}

fn change(board: Board, node: NodeIndex) -> Option<(String, String)> {
    let (amount, base) = (board.shown((node, None))?, board.base(node)?);
    let Difference { change, ratio } = Difference::of(amount, base);
    let currency = board.currency();
    let full = |amount: Minor| format::full(amount, &currency);
    let sign = if change.0 > 0 { "+" } else { "" };
    let mut value = format!("{sign}{}", full(change));
    if let Some(ratio) = ratio {
        value = format!("{value} · {}", format::percent_change(ratio));
    }
    Some((value, format!("{} − {}", full(amount), full(base))))
}

fn chance(board: Board, node: NodeIndex, i18n: Words) -> Option<(String, String)> {
    // What is known is how likely the target is.
    if !board.shows_target() {
        return None;
    }
    let chance = board.chance(node)?;
    let outlook = board.outlook(node)?;
    let (currency, lang) = (board.currency(), lang(i18n.get_locale()));
    let about = |amount: f64| format::compact(Minor(amount.round() as i64), &currency, lang);
    let amount = format::full(board.amount((node, None)), &currency);
    let (mean, spread) = (about(outlook.mean), about(outlook.sd));
    let words = if board.shape(|shape| shape.is_leaf(node)) {
        t_string!(i18n, why.chance_of, mean = mean, spread = spread, amount = amount).to_string()
    } else {
        t_string!(
            i18n,
            why.chance_below,
            mean = mean,
            spread = spread,
            amount = amount
        )
        .to_string()
    };
    Some((format::chance(chance), words))
}

#[cfg(test)]
mod tests {
    use super::Part;

    #[test]
    fn the_figure_that_was_asked_about_comes_first() {
        let order = |asked| Part::beginning_with(asked).map(Part::as_str).collect::<Vec<_>>();
        assert_eq!(order(None), ["share", "change", "chance"]);
        assert_eq!(order(Some(Part::Chance)), ["chance", "share", "change"]);
    }
}
