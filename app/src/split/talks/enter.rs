//! Entering agreed numbers into a draft: who gives way is chosen before it is done, beside what either way comes to.

use domain::format;
use domain::money::{Currency, Minor};
use domain::negotiation::{EnterWay, EnterWays, LeftOut, TotalAbove};
use domain::plan::GiveWay;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::negotiation::{enter_agreed, weigh_agreed};
use crate::split::board::Board;
use crate::split::send::Sender;
use crate::ui::{Button, ButtonKind, ButtonSize, Dialog, Glyph, Icon, Toast, use_toasts, words_of};
use crate::words::{is_chinese, t, t_string, use_i18n};

/// What is chosen before agreed numbers are entered; it outlives what is fetched.
#[derive(Clone, Copy)]
pub struct Entry {
    open: RwSignal<bool>,
    busy: RwSignal<bool>,
    gives: RwSignal<GiveWay>,
    ways: RwSignal<Option<EnterWays>>,
    /// Counts what was sent from here.
    sent: RwSignal<u64>,
}

impl Entry {
    /// Nothing is chosen yet; `sent` counts what was entered.
    pub(super) fn new(sent: RwSignal<u64>) -> Self {
        Self {
            open: RwSignal::new(false),
            busy: RwSignal::new(false),
            gives: RwSignal::new(GiveWay::Siblings),
            ways: RwSignal::new(None),
            sent,
        }
    }

    /// How many numbers the chosen way would enter; tracks the choice.
    fn entered(self) -> u32 {
        let gives = self.gives.get();
        self.ways.with(|ways| {
            let ways = ways.iter().flat_map(|ways| &ways.ways);
            ways.filter(|way| way.gives == gives).map(|way| way.entered).sum()
        })
    }
}

/// Enters every agreed number as one step that can be undone, once it was chosen what gives way.
#[component]
pub(super) fn Enter(board: Board, waiting: Signal<u64>, entry: Entry) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let sender = expect_context::<Sender>();
    // Somebody else may enter them meanwhile: then nothing is asked any more, nor by itself later on.
    on_cleanup(move || {
        let _gone = entry.open.try_set(false);
    });
    let weigh = move |_| {
        let version = board.version();
        entry.busy.set(true);
        spawn_local(async move {
            match weigh_agreed(version).await {
                Ok(ways) => {
                    // Where nothing can be entered the first way, the other is proposed.
                    let can = ways.ways.iter().find(|way| way.entered > 0);
                    let gives = can.map_or(GiveWay::Siblings, |way| way.gives);
                    let _gone = entry.gives.try_set(gives);
                    let _gone = entry.ways.try_set(Some(ways));
                    let _gone = entry.open.try_set(true);
                }
                Err(error) => toasts.show(Toast::refused(
                    t_string!(i18n, negotiation.enter_title),
                    words_of(&error, i18n),
                )),
            }
            let _gone = entry.busy.try_set(false);
        });
    };
    let enter = move |_| {
        let Some(head) = entry
            .ways
            .with_untracked(|ways| ways.as_ref().map(|ways| ways.head))
        else {
            return;
        };
        let (version, gives) = (board.version(), entry.gives.get_untracked());
        entry.busy.set(true);
        spawn_local(async move {
            let answer = enter_agreed(version, gives, head).await;
            // What was refused was weighed for a draft that has changed: it is weighed anew with the next press.
            let _gone = entry.open.try_set(false);
            match answer {
                Ok(entered) => {
                    sender.catch_up();
                    if entered.entered > 0 {
                        let count = format::count(u64::from(entered.entered));
                        toasts.show(Toast::done(
                            t_string!(i18n, negotiation.entered, count = count).to_string(),
                        ));
                    }
                    for left in entered.left {
                        let why = if is_chinese(i18n.get_locale_untracked()) {
                            left.zh
                        } else {
                            left.en
                        };
                        toasts.show(Toast::refused(left.name, why));
                    }
                    let _gone = entry.sent.try_update(|sent| *sent += 1);
                }
                Err(error) => toasts.show(Toast::refused(
                    t_string!(i18n, negotiation.enter_title),
                    words_of(&error, i18n),
                )),
            }
            let _gone = entry.busy.try_set(false);
        });
    };
    view! {
        <p class="row">
            <Button
                size=ButtonSize::Small
                busy=entry.busy
                disabled=Signal::derive(move || board.unsaved.get() > 0)
                press=weigh
            >
                <Icon glyph=Glyph::Check />
                {move || t_string!(i18n, negotiation.enter, count = format::count(waiting.get())).to_string()}
            </Button>
        </p>
        <Dialog open=entry.open title=t!(i18n, negotiation.enter_title)>
            <fieldset class="fld stack">
                <legend>{t!(i18n, negotiation.enter_gives)}</legend>
                {move || {
                    let EnterWays { currency, ways, .. } = entry.ways.get()?;
                    let ways = ways.into_iter().map(|way| view! { <Way way=way currency=currency.clone() entry=entry /> });
                    Some(ways.collect_view())
                }}
            </fieldset>
            <footer>
                <Button
                    kind=ButtonKind::Primary
                    busy=entry.busy
                    disabled=Signal::derive(move || entry.entered() == 0)
                    press=enter
                >
                    <Icon glyph=Glyph::Check />
                    {move || {
                        t_string!(i18n, negotiation.enter, count = format::count(u64::from(entry.entered()))).to_string()
                    }}
                </Button>
            </footer>
        </Dialog>
    }
}

/// One way: what the totals above become, and which numbers cannot be entered so, and why.
#[component]
fn Way(way: EnterWay, currency: Currency, entry: Entry) -> impl IntoView {
    let i18n = use_i18n();
    let EnterWay {
        gives,
        entered,
        totals,
        more,
        left,
    } = way;
    let word = match gives {
        GiveWay::Siblings => t!(i18n, negotiation.gives_siblings),
        GiveWay::Above => t!(i18n, negotiation.gives_above),
    };
    let lines = totals
        .into_iter()
        .map(|total| view! { <Total total=total currency=currency.clone() /> })
        .collect_view();
    let refused = left
        .into_iter()
        .map(|LeftOut { name, zh, en }| {
            let why = move || {
                if is_chinese(i18n.get_locale()) {
                    zh.clone()
                } else {
                    en.clone()
                }
            };
            view! {
                <li class="sm">
                    <b>{name}</b>
                    " "
                    {why}
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="card stack" data-gives=gives.as_str() data-entered=entered>
            <label class="check">
                <input
                    type="radio"
                    name="enter-gives"
                    value=gives.as_str()
                    prop:checked=move || entry.gives.get() == gives
                    on:change=move |_| entry.gives.set(gives)
                />
                <b>{word}</b>
            </label>
            <ul>{lines}</ul>
            {(more > 0).then(|| view! {
                <p class="sm muted">
                    {move || t_string!(i18n, negotiation.totals_more, count = format::count(u64::from(more))).to_string()}
                </p>
            })}
            {(entered == 0).then(|| view! { <p class="sm is-far">{t!(i18n, negotiation.nothing_this_way)}</p> })}
            <ul>{refused}</ul>
        </div>
    }
}

/// A total above, before and after.
#[component]
fn Total(total: TotalAbove, currency: Currency) -> impl IntoView {
    let i18n = use_i18n();
    let TotalAbove { name, before, after } = total;
    let change = after.0.saturating_sub(before.0);
    let sign = if change < 0 { "−" } else { "+" };
    let change = format!(
        "{sign}{}",
        format::full(Minor(change.saturating_abs()), &currency)
    );
    let (was, is) = (format::full(before, &currency), format::full(after, &currency));
    let words = move || {
        if before == after {
            t_string!(i18n, negotiation.total_stays, amount = was.clone()).to_string()
        } else {
            t_string!(
                i18n,
                negotiation.total_moves,
                before = was.clone(),
                after = is.clone(),
                change = change.clone()
            )
            .to_string()
        }
    };
    view! {
        <li class="row wrap between sm" data-before=before.0 data-after=after.0>
            <span>{name}</span>
            <span class="num">{words}</span>
        </li>
    }
}
