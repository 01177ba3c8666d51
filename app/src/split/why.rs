//! The why-card: steps that sum to the number, on every number, with the formula, the comparison with peers, and what another
//! weight would give.

pub mod ask;
pub mod beside;
pub mod formula;
pub mod other;
pub mod peers;
pub mod pipeline;
pub mod published;
pub mod try_out;

use std::collections::BTreeMap;

use domain::explain::{Step, StepKind, What};
use domain::format;
use domain::id::UserId;
use domain::money::{Currency, Minor};
use domain::plan::{Basis, FactorKind, NodeIndex};
use domain::reason;
use domain::staffing::Kind;
use domain::why::Why;
use leptos::prelude::*;

use self::ask::Of;
use self::beside::Beside;
use self::formula::Formula;
use self::peers::Compared;
use self::try_out::TryOut;
use super::board::{Board, Place};
use super::focus;
use super::levels::LevelsOf;
use super::weights::factors::factor_hint;
use crate::error::AppError;
use crate::frame::moment;
use crate::ui::{Dialog, DialogPlace, ErrorView, Skeleton};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// The card of the place that was asked for.
#[component]
pub(super) fn WhyCard(board: Board) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(board.why.with(Option::is_some)));
    Effect::new(move |_| {
        if open.get() {
            return;
        }
        board.why_part.set(None);
        if board.why.with_untracked(Option::is_some) {
            board.why.set(None);
            // What it was opened from, an item of a menu, is gone.
            focus::to_stop_if_nowhere();
        }
    });
    let title = move || {
        board
            .why
            .get()
            .map_or_else(String::new, |(node, _)| board.name(node))
    };
    view! {
        <Dialog open=open title=title place=DialogPlace::Side>
            {move || board.why.get().map(|place| view! { <Asked board=board place=place /> })}
        </Dialog>
    }
}

#[component]
fn Asked(board: Board, place: Place) -> impl IntoView {
    let of = Of::Row {
        version: board.version(),
        node: board.whole_index(place.0),
        period: place.1,
    };
    // They follow from the total; asked about themselves they stand before it.
    let asked = board.why_part.get_untracked();
    let beside = move || {
        let is_total = place.1.is_none();
        is_total.then(|| view! { <Beside board=board node=place.0 asked=asked /> })
    };
    let (first, last) = if asked.is_some() {
        (beside(), None)
    } else {
        (None, beside())
    };
    view! {
        {first}
        <OfNumber of=of />
        {last}
        <LevelsOf board=board place=place />
    }
}

/// The card of a number, asked for when it is shown.
#[component]
pub fn OfNumber(of: Of) -> impl IntoView {
    let why: LocalResource<Result<Why, AppError>> = LocalResource::new(move || of.why());
    view! {
        <Suspense fallback=|| view! { <Skeleton /> }>
            {move || Suspend::new(async move {
                match why.await {
                    Ok(why) => view! { <Steps why=why of=Some(of) /> }.into_any(),
                    Err(error) => view! { <ErrorView error=error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// The steps as offset bars with their amounts, the total they sum to, and what can be told and asked of it; also on My target.
#[component]
pub fn Steps(
    why: Why,
    /// What is asked when somebody tries something out; none of a number that was.
    of: Option<Of>,
    /// Nothing but the steps: of a figure that no formula decides.
    #[prop(optional)]
    plain: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let Why {
        currency,
        period,
        explanation,
        people,
        nodes,
        formula,
        peers,
    } = why;
    let shares = formula.clone();
    let (total, steps) = (explanation.amount, explanation.steps);
    let own = explanation.node;
    let names = StoredValue::new((people, nodes));
    let money = StoredValue::new(currency.clone());
    let count = steps.len();
    let has_factors = steps
        .iter()
        .any(|step| matches!(step.kind, StepKind::Factor { .. }));
    let range = Range::of(&steps, total);
    let mut before = 0_i64;
    let rows: Vec<_> = steps
        .into_iter()
        .map(|step| {
            let (x, width) = range.bar(before, step.amount.0);
            before += step.amount.0;
            let amount = format!("{}{}", if step.amount.0 >= 0 { "+" } else { "" }, format::full(step.amount, &currency));
            let minor = step.amount.0;
            let (kind, detail) = (step.kind.clone(), step.kind);
            view! {
                <li class="step" data-minor=minor>
                    <div>
                        <b>{move || match &kind {
                            StepKind::Below { at } => names.with_value(|(_, nodes)| nodes.get(at).cloned().unwrap_or_default()),
                            kind => step_name(kind, i18n),
                        }}</b>
                        <p class="sm muted">
                            {move || names.with_value(|(people, nodes)| {
                                money.with_value(|currency| step_detail(&detail, own, (people, nodes), currency, i18n))
                            })}
                        </p>
                    </div>
                    <svg class="offset" width="82" height="10" aria-hidden="true">
                        <line x1="0" x2="82" y1="5" y2="5" />
                        <rect x=x width=width y="0" height="10" rx="1" />
                    </svg>
                    <span class="num">{amount}</span>
                </li>
            }
        })
        .collect();
    let total_words = format::full(total, &currency);
    view! {
        <section class="why">
            <header class="row between">
                <h2>{t!(i18n, split.why_title)}</h2>
                <span class="sm muted">
                    {move || {
                        period.as_ref().map_or_else(|| t_string!(i18n, split.total).to_string(), |period| format::period(period, lang(i18n.get_locale())))
                    }}
                </span>
            </header>
            <ol>{rows}</ol>
            <p class="row between total">
                <span>
                    <b>{t!(i18n, split.why_total)}</b>
                    " "
                    <span class="sm muted">{move || match count {
                        1 => t_string!(i18n, split.why_exact_one).to_owned(),
                        count => t_string!(i18n, split.why_exact, count = count).to_string(),
                    }}</span>
                </span>
                <b class="figure s" data-figure="why-total" data-minor=total.0>{total_words} <span class="unit">{currency.code.clone()}</span></b>
            </p>
            {(!plain).then(|| view! {
                <Formula shares=shares has_factors=has_factors />
                <Compared peers=peers />
            })}
            {of.map(|of| view! { <TryOut of=of formula=formula /> })}
        </section>
    }
}

/// What a basis is called.
fn basis_name(basis: Basis, i18n: Words) -> &'static str {
    match basis {
        Basis::Equal => t_string!(i18n, split.basis_equal),
        Basis::History => t_string!(i18n, split.basis_history),
        Basis::Capability => t_string!(i18n, split.basis_capability),
        Basis::Potential => t_string!(i18n, split.basis_potential),
        Basis::Pipeline => t_string!(i18n, split.basis_pipeline),
        Basis::Customers => t_string!(i18n, split.basis_customers),
        Basis::Imported => t_string!(i18n, split.basis_imported),
    }
}

fn step_name(kind: &StepKind, i18n: Words) -> String {
    match kind {
        StepKind::Start => t_string!(i18n, split.why_start),
        StepKind::Basis { basis, .. } => basis_name(*basis, i18n),
        StepKind::Unweighted { .. } => basis_name(Basis::Equal, i18n),
        StepKind::Factor { factor, .. } => match factor {
            FactorKind::Ramp => t_string!(i18n, split.why_ramp),
            FactorKind::Assignment => t_string!(i18n, split.why_assignment),
            FactorKind::Season => t_string!(i18n, split.why_season),
        },
        StepKind::Proposal { .. } => t_string!(i18n, split.why_proposal),
        StepKind::Done => t_string!(i18n, why.done),
        StepKind::Below { .. } => t_string!(i18n, why.below),
        StepKind::Others { count } => return t_string!(i18n, why.others, count = *count).to_string(),
        StepKind::OnRecord { number } => return t_string!(i18n, why.on_record, number = *number).to_string(),
        StepKind::Line { .. } => t_string!(i18n, why.line),
        StepKind::LineSet { .. } => t_string!(i18n, why.line_set),
        StepKind::Hedge { .. } => t_string!(i18n, split.why_hedge),
        StepKind::Rounding { .. } => t_string!(i18n, split.why_rounding),
        StepKind::Bounds { .. } => t_string!(i18n, split.why_bounds),
        StepKind::Absence { .. } => t_string!(i18n, staffing.why_absence),
        StepKind::Change { what, .. } => match what {
            What::Set => t_string!(i18n, split.why_set),
            What::Split => t_string!(i18n, split.why_split),
            What::Total => t_string!(i18n, split.why_total_set),
            What::EvenOut => t_string!(i18n, split.menu_even),
            What::OverAssign => t_string!(i18n, split.why_over_assign),
            What::Move => t_string!(i18n, split.why_move),
            What::Undo => t_string!(i18n, split.undo),
            What::Redo => t_string!(i18n, split.redo),
            What::Hold => t_string!(i18n, split.why_bounds),
            What::Staff(kind) => match kind {
                Kind::Leaver => t_string!(i18n, staffing.why_leaver),
                Kind::Joiner => t_string!(i18n, staffing.why_joiner),
                Kind::Transfer => t_string!(i18n, staffing.why_transfer),
                Kind::Merger => t_string!(i18n, staffing.why_merger),
                Kind::Leave => t_string!(i18n, staffing.why_leave),
            },
        },
    }
    .to_owned()
}

fn step_detail(
    kind: &StepKind,
    own: NodeIndex,
    (people, nodes): (&BTreeMap<UserId, String>, &BTreeMap<NodeIndex, String>),
    currency: &Currency,
    i18n: Words,
) -> String {
    match kind {
        StepKind::Basis {
            share_ppm,
            weight,
            of_weight,
            ..
        } => {
            let share = format::percent(f64::from(*share_ppm) / 1_000_000.0);
            let part = if *of_weight == 0 {
                0.0
            } else {
                *weight as f64 / *of_weight as f64
            };
            let part = format::percent(part);
            // On a phone the line is broken between the two, never before a sign.
            let [share, part] = [share, part].map(|percent| percent.replace(' ', "\u{a0}"));
            t_string!(i18n, split.why_basis, share = share, part = part).to_string()
        }
        StepKind::Change {
            author,
            at_ms,
            at,
            reason,
            ..
        } => {
            let by = people.get(author).map_or("", String::as_str);
            let place = nodes.get(at).filter(|_| *at != own);
            let lang = lang(i18n.get_locale());
            let reason = reason
                .as_deref()
                .map(|reason| reason::words(reason, lang, currency));
            did(by, *at_ms, place, reason.as_deref(), lang)
        }
        StepKind::LineSet {
            by,
            at_ms,
            at,
            reason,
        } => {
            let by = if by.is_empty() {
                t_string!(i18n, why.somebody)
            } else {
                by.as_str()
            };
            let place = nodes.get(at).filter(|_| *at != own);
            did(by, *at_ms, place, reason.as_deref(), lang(i18n.get_locale()))
        }
        StepKind::Line { of } => {
            let amount = format::full(*of, currency);
            t_string!(i18n, why.line_of, amount = amount).to_string()
        }
        StepKind::Factor { factor, own_ppm, .. } => {
            let hint = factor_hint(*factor, i18n);
            match own_ppm {
                Some(ppm) => format!("{} · {hint}", format::percent(f64::from(*ppm) / 1_000_000.0)),
                None => hint.to_owned(),
            }
        }
        StepKind::Absence { .. } => t_string!(i18n, staffing.why_absence_text).to_owned(),
        _ => String::new(),
    }
}

/// Who did something when, where it was not the row itself, and why.
fn did(by: &str, at_ms: i64, place: Option<&String>, reason: Option<&str>, lang: format::Lang) -> String {
    let mut told = format!("{by} {}", moment(at_ms, lang));
    if let Some(name) = place {
        told.push_str(&format!(" · {name}"));
    }
    if let Some(reason) = reason {
        told.push_str(lang.pick("：", ": "));
        told.push_str(reason);
    }
    told
}

/// The span of amounts the bars are drawn in.
struct Range {
    low: i64,
    span: i64,
}

impl Range {
    fn of(steps: &[Step], total: Minor) -> Self {
        let (mut low, mut high, mut sum) = (0_i64.min(total.0), total.0.max(1), 0_i64);
        for step in steps {
            sum += step.amount.0;
            low = low.min(sum);
            high = high.max(sum);
        }
        Self {
            low,
            span: (high - low).max(1),
        }
    }

    /// Start and width of a step in pixels of 82.
    fn bar(&self, before: i64, amount: i64) -> (String, String) {
        const WIDTH: i128 = 8_200;
        let at = |value: i64| (i128::from(value) - i128::from(self.low)) * WIDTH / i128::from(self.span);
        let (from, to) = (at(before.min(before + amount)), at(before.max(before + amount)));
        let width = (to - from).max(100);
        (
            format!("{}.{:02}", from / 100, from % 100),
            format!("{}.{:02}", width / 100, width % 100),
        )
    }
}
