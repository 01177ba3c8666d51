//! Over-assignment by level: by how much each level exceeds the one above, what another percentage would give before anything is
//! changed, and making it so.

use domain::fairness::levels;
use domain::format;
use domain::money::Minor;
use domain::org::level_name;
use domain::plan::{Grid, NodeIndex, PlanCommand, Refusal};
use leptos::prelude::*;

use super::board::Board;
use super::handle::money_words;
use super::offer::WaysOut;
use super::send::Sender;
use crate::ui::{Button, ButtonKind, ButtonSize, when};
use crate::words::{lang, t, t_string, use_i18n};

/// Millionths of one per cent.
const PERCENT_PPM: f64 = 10_000.0;
/// The level of what is assigned to nobody.
const UNASSIGNED: &str = "unassigned";

/// The panel; what is in it is worked out when it is first open.
#[component]
pub(super) fn OverAssignPanel(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let asked = RwSignal::new(false);
    view! {
        <details class="panel" data-panel="over-assign" on:toggle=move |_| asked.set(true)>
            <summary class="row between">
                <h2>{t!(i18n, split.over_title)}</h2>
            </summary>
            {when(move || asked.get(), move || view! { <Body board=board /> }.into_any())}
        </details>
    }
}

/// Percentages that are being tried on the open plan.
#[derive(Clone, Copy)]
struct Trial {
    board: Board,
    /// The over-assignment of each level, millionths; none while nothing is tried.
    wanted: RwSignal<Option<Vec<u32>>>,
    /// The levels' sums it would give.
    after: RwSignal<Option<Vec<Minor>>>,
    /// Why it cannot be done.
    refusal: RwSignal<Option<Refusal>>,
    /// The level of which something was typed that is no percentage.
    unread: RwSignal<Option<usize>>,
}

impl Trial {
    fn new(board: Board) -> Self {
        let trial = Self {
            board,
            wanted: RwSignal::new(None),
            after: RwSignal::new(None),
            refusal: RwSignal::new(None),
            unread: RwSignal::new(None),
        };
        // What others do changes what it would give; what a hand drags stands in its place until it lets go, and another level while
        // somebody looks at that.
        Effect::new(move |_| {
            board.track_settled();
            let is_seen = board.shows_target() && !board.is_in_drag();
            if is_seen && trial.wanted.with_untracked(Option::is_some) {
                trial.show();
            }
        });
        trial
    }

    /// Tries another percentage of a level; the others stay as they are.
    fn set(&self, level: usize, typed: &str, present: &[Minor]) {
        let percent = typed.trim().trim_end_matches(['%', '％']).trim_end();
        let percent = percent.parse::<f64>().ok();
        let Some(percent) = percent.filter(|percent| (0.0..=1_000.0).contains(percent)) else {
            self.unread.set(Some(level));
            return;
        };
        // Another field may still say something else.
        if self.unread.get_untracked() == Some(level) {
            self.unread.set(None);
        }
        self.wanted.update(|wanted| {
            let levels = wanted.get_or_insert_with(|| present.windows(2).map(over_ppm).collect());
            if let Some(ppm) = levels.get_mut(level) {
                *ppm = (percent * PERCENT_PPM).round() as u32;
            }
        });
        self.show();
    }

    fn command(&self) -> Option<PlanCommand> {
        let uplift_ppm = self.wanted.get_untracked()?;
        Some(PlanCommand::OverAssign {
            node: NodeIndex(0),
            uplift_ppm,
            reason: None,
        })
    }

    /// Shows every row with what it would have, or says why it cannot be done.
    fn show(&self) {
        let Some(command) = self.command() else { return };
        let shown = self.board.preview_plan(&command);
        let sums = shown
            .is_ok()
            .then(|| self.board.with_shown(|shape, _, total| levels(shape, total)));
        self.after.set(sums);
        self.refusal.set(shown.err());
    }

    /// The rows show what there is again.
    fn discard(&self) {
        self.wanted.set(None);
        self.after.set(None);
        self.refusal.set(None);
        self.unread.set(None);
        self.board.preview(None, Vec::new());
    }

    fn apply(&self, sender: &Sender) {
        let command = self.command();
        self.discard();
        if let Some(command) = command {
            sender.send(command);
        }
    }
}

#[component]
fn Body(board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let sender = expect_context::<Sender>();
    let trial = Trial::new(board);
    let present = Memo::new(move |_| {
        board.track_settled();
        board.grid(|grid| levels(grid.shape(), |node| grid.amount(node, None)))
    });
    let names = StoredValue::new(level_names(board));
    let rows = (1..names.with_value(Vec::len))
        .map(|depth| {
            let name = move || {
                let name = names.with_value(|names| names.get(depth).cloned().unwrap_or_default());
                level_name(&name, lang(i18n.get_locale())).to_owned()
            };
            let sum = move || {
                let sum = present.with(|sums| sums.get(depth).copied().unwrap_or_default());
                money_words(board, lang(i18n.get_locale()))(sum)
            };
            let now = move || present.with(|sums| over_words(sums, depth - 1));
            // What stands in the field follows the plan while nothing is tried.
            let percent = move || {
                let ppm = trial
                    .wanted
                    .with(|wanted| wanted.as_ref().and_then(|wanted| wanted.get(depth - 1).copied()));
                let ppm = ppm
                    .unwrap_or_else(|| present.with(|sums| sums.get(depth - 1..=depth).map_or(0, over_ppm)));
                plain_percent(ppm)
            };
            let would = move || {
                let words = money_words(board, lang(i18n.get_locale()));
                let sum = trial
                    .after
                    .with(|sums| sums.as_ref().and_then(|sums| sums.get(depth).copied()));
                sum.map(words)
            };
            let would_minor = move || {
                let sum = trial
                    .after
                    .with(|sums| sums.as_ref().and_then(|sums| sums.get(depth).copied()));
                sum.map(|sum| sum.0)
            };
            let label = move || t_string!(i18n, split.over_field, level = name()).to_string();
            view! {
                <tr data-level=depth.to_string()>
                    <th scope="row">{name}</th>
                    <td class="num nowrap">{sum}</td>
                    <td class="num nowrap">{now}</td>
                    <td class="num">
                        <input
                            class="input num percent"
                            type="text"
                            inputmode="decimal"
                            name=format!("over-{depth}")
                            aria-label=label
                            aria-invalid=move || (trial.unread.get() == Some(depth - 1)).then_some("true")
                            aria-describedby="over-assign-note"
                            prop:value=percent
                            on:change=move |event| {
                                let typed = event_target_value(&event);
                                trial.set(depth - 1, &typed, &present.get_untracked());
                            }
                        />
                    </td>
                    <td class="num nowrap" data-figure="over-after" data-minor=would_minor>{would}</td>
                </tr>
            }
        })
        .collect_view();
    let total = move || {
        let sums = trial.after.get().unwrap_or_else(|| present.get());
        let ends: Vec<Minor> = sums.first().into_iter().chain(sums.last()).copied().collect();
        let total = over_words(&ends, 0);
        t_string!(i18n, split.over_total, total = total).to_string()
    };
    let note = move || {
        let locale = i18n.get_locale();
        if trial.unread.with(Option::is_some) {
            return Some(t_string!(i18n, split.over_unread).to_owned());
        }
        let refusal = trial.refusal.get();
        refusal.map(|refusal| super::refusal::said(board, locale, &refusal))
    };
    // The bound comes with the plan, and it is what the hedge pool stops at too.
    let limit = move || {
        board.track_settled();
        let limit_ppm = board.grid(Grid::hedge_limit_ppm);
        let share = format::percent(f64::from(limit_ppm) / PERCENT_PPM / 100.0);
        t_string!(i18n, split.over_limit, share = share).to_string()
    };
    let refused = Signal::derive(move || Some((trial.refusal.get()?, trial.command()?)));
    let is_tried = move || trial.wanted.with(Option::is_some);
    let is_possible =
        move || is_tried() && trial.refusal.with(Option::is_none) && trial.unread.with(Option::is_none);
    view! {
        <p class="sm muted">{t!(i18n, split.over_hint)} " " <span data-figure="over-limit">{limit}</span></p>
        <div class="scroll-x" tabindex="0">
            <table class="tb sm">
                <caption class="sr">{t!(i18n, split.over_title)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, split.over_level)}</th>
                        <th scope="col" class="num">{t!(i18n, split.over_sum)}</th>
                        <th scope="col" class="num">{t!(i18n, split.over_now)}</th>
                        <th scope="col" class="num">{t!(i18n, split.over_wanted)}</th>
                        <th scope="col" class="num">{t!(i18n, split.over_after)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <p class="sm" data-figure="over-total">{total}</p>
        <p id="over-assign-note" class="sm is-behind" role="alert">{note}</p>
        <WaysOut board=board asked=refused taken=Callback::new(move |()| trial.discard()) />
        {when(
            is_possible,
            move || view! { <p class="sm muted" role="status">{t!(i18n, weights.live)}</p> }.into_any(),
        )}
        <Button
            size=ButtonSize::Wide
            disabled=Signal::derive(move || !board.may_edit() || sender.is_busy() || !is_possible())
            press=move |_| trial.apply(&sender)
        >
            {t!(i18n, split.over_apply)}
        </Button>
        {when(
            is_tried,
            move || {
                view! {
                    <Button kind=ButtonKind::Quiet size=ButtonSize::Wide press=move |_| trial.discard()>
                        {t!(i18n, weights.discard)}
                    </Button>
                }
                    .into_any()
            },
        )}
    }
}

/// What the levels are called, from the top down.
fn level_names(board: Board) -> Vec<String> {
    board.about(|open| {
        let shape = open.grid.shape();
        let mut names: Vec<String> = Vec::new();
        for (node, level) in shape.nodes().zip(open.levels.by_node()) {
            if usize::from(shape.depth(node)) == names.len() && level != UNASSIGNED {
                names.push(level.to_owned());
            }
        }
        names
    })
}

/// By how much a level exceeds the one above it, millionths; nothing where it falls short of it.
fn over_ppm(pair: &[Minor]) -> u32 {
    let [above, below] = pair else { return 0 };
    if above.0 <= 0 {
        return 0;
    }
    let (above, below) = (i128::from(above.0), i128::from(below.0));
    let over = (below - above).max(0);
    // To the nearest: what is rounded down in every row and period is asked for again as it was.
    u32::try_from((over * 1_000_000 + above / 2) / above).unwrap_or(u32::MAX)
}

/// The same in words, with its sign: what is below may also fall short.
fn over_words(sums: &[Minor], above: usize) -> String {
    match sums.get(above..above + 2) {
        Some([above, below]) if above.0 > 0 => format::percent_change(below.0 as f64 / above.0 as f64 - 1.0),
        _ => format::NONE.to_owned(),
    }
}

/// A percentage as it stands in a field.
fn plain_percent(ppm: u32) -> String {
    let text = format!("{:.2}", f64::from(ppm) / PERCENT_PPM);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use domain::money::Minor;

    use super::{over_ppm, plain_percent};

    #[test]
    fn a_level_exceeds_the_one_above_it() {
        assert_eq!(over_ppm(&[Minor(1_000), Minor(1_100)]), 100_000);
        assert_eq!(over_ppm(&[Minor(1_000), Minor(900)]), 0);
        // Five per cent, rounded down to the minor unit in each of twelve periods.
        assert_eq!(over_ppm(&[Minor(1_000_000_007), Minor(1_049_999_995)]), 50_000);
        assert_eq!(over_ppm(&[Minor(0), Minor(900)]), 0);
        assert_eq!(over_ppm(&[Minor(1_000)]), 0);
    }

    #[test]
    fn a_percentage_has_no_more_places_than_it_needs() {
        assert_eq!(
            [0, 50_000, 125_000, 100_500, 100_000].map(plain_percent),
            ["0", "5", "12.5", "10.05", "10"]
        );
    }
}
