//! The target of a version: the number and its chance, and everything that hangs on it.

use domain::id::VersionId;
use domain::money::{AmountError, Currency, Minor};
use domain::plan::{Intent, PlanCommand};
use domain::split::Frees;
use domain::target::{TargetBoard, TotalError, VersionStatus, parse_total};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::chance::{Chance, Picks, money};
use super::density::Density;
use super::{asked, called, check, levels, lines, parts, purpose};
use crate::error::AppError;
use crate::session::go_afresh;
use crate::set::SetTabs;
use crate::split;
use crate::ui::{
    Button, ButtonKind, ButtonSize, Field, FieldKind, Glyph, Icon, Tag, TagKind, Toast, use_toasts, words_of,
};
use crate::words::{lang, t, t_string, use_i18n};
use crate::workbook::ExportLink;
use domain::format;

/// What every part of the page needs to change something.
#[derive(Clone, Copy)]
pub struct Hand {
    /// The version.
    pub version: VersionId,
    /// The number of its last command.
    pub head: u64,
    /// Whether it may be changed.
    pub may_edit: bool,
    /// The currency of all amounts.
    pub currency: StoredValue<Currency>,
    /// Something is on its way.
    pub busy: RwSignal<bool>,
    reload: Callback<()>,
}

impl Hand {
    /// Sends a change, says what is refused, and loads the page's numbers again.
    pub fn send<T: 'static>(
        self,
        change: impl Future<Output = Result<T, AppError>> + 'static,
        refused: impl Fn(&AppError) + 'static,
    ) {
        self.busy.set(true);
        spawn_local(async move {
            if let Err(error) = change.await {
                refused(&error);
            }
            // The page may have been left.
            let _gone = self.busy.try_set(false);
            let _gone = self.reload.try_run(());
        });
    }

    /// The same for what is typed into a form: what is refused stays there as it was typed.
    pub fn send_form<T: 'static>(
        self,
        change: impl Future<Output = Result<T, AppError>> + 'static,
        refused: impl Fn(&AppError) + 'static,
    ) {
        self.busy.set(true);
        spawn_local(async move {
            let sent = change.await;
            // The page may have been left.
            let _gone = self.busy.try_set(false);
            match sent {
                Ok(_) => {
                    let _gone = self.reload.try_run(());
                }
                Err(error) => refused(&error),
            }
        });
    }
}

/// Head, figures and parts.
#[component]
pub(super) fn Target(
    /// What there is to show.
    board: TargetBoard,
    /// Loads it again.
    reload: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Some(version) = board.planning.version.clone() else {
        return ().into_any();
    };
    let hand = Hand {
        version: version.id,
        head: board.head,
        may_edit: board.may_edit,
        currency: StoredValue::new(board.planning.currency.clone()),
        busy: RwSignal::new(false),
        reload,
    };
    let number = board.number;
    let name = version.name.clone();
    let status = if board.shelved_at_ms.is_some() {
        view! { <Tag>{t!(i18n, scenario.shelved)}</Tag> }.into_any()
    } else {
        match version.status {
            VersionStatus::Draft => {
                view! { <Tag kind=TagKind::Accent>{t!(i18n, target.draft)}</Tag> }.into_any()
            }
            VersionStatus::Published => {
                view! { <Tag kind=TagKind::Locked>{t!(i18n, target.published)}</Tag> }.into_any()
            }
            VersionStatus::InReview => {
                view! { <Tag kind=TagKind::Locked>{t!(i18n, target.in_review)}</Tag> }.into_any()
            }
            VersionStatus::Archived => view! { <Tag>{t!(i18n, target.archived)}</Tag> }.into_any(),
        }
    };
    view! {
        <header class="head">
            <h1>{t!(i18n, target.title)}</h1>
            <Tag kind=TagKind::Line>{version.plan_name}</Tag>
            <span>{move || called(&name, number, i18n)}</span>
            {status}
            <span class="grow"></span>
            <a class="btn" href=format!("/set/scenarios?version={}", version.id)>
                <Icon glyph=Glyph::Columns />
                {t!(i18n, target.to_scenarios)}
            </a>
            <ExportLink version=version.id />
            <a class="btn primary" href=split::address(version.id)>{t!(i18n, target.to_split)}</a>
        </header>
        <SetTabs current="target" />
        <div class="content target">
            <div class="cards">
                <Hero board=board.clone() hand=hand />
                <levels::LevelCard board=board.clone() hand=hand />
                <check::Check board=board.clone() hand=hand />
                <parts::InTime board=board.clone() hand=hand />
                <purpose::PurposeCard board=board.clone() hand=hand />
                {board.bottom_up.clone().map(|asked| view! { <asked::Asked asked=asked currency=hand.currency.get_value() /> })}
                <lines::LineCard board=board hand=hand />
            </div>
        </div>
    }
    .into_any()
}

/// The number, its chance and its picture; changing it.
#[component]
fn Hero(board: TargetBoard, hand: Hand) -> impl IntoView {
    let i18n = use_i18n();
    let TargetBoard {
        planning,
        total,
        booked,
        last_year,
        outlook,
        undoable,
        shelved_at_ms,
        may_edit,
        ..
    } = board;
    let currency = hand.currency;
    let shown =
        move |amount: Minor| currency.with_value(|currency| money(amount, currency, lang(i18n.get_locale())));
    let full = currency.with_value(|currency| format::full(total, currency));
    let law = Signal::stored(outlook.clone());
    let period = planning.period;
    let span = planning.span;
    let days = move || {
        let lang = lang(i18n.get_locale());
        match &period {
            Some(period) => format::period(period, lang),
            None => format::range(span.starts_on, span.ends_on, lang),
        }
    };
    let growth = last_year
        .and_then(|before| before.growth(total))
        .map(format::percent_change);
    let frozen = (!may_edit).then(|| {
        if shelved_at_ms.is_some() {
            view! { <p class="sm muted">{t!(i18n, target.shelved_note)}</p> }.into_any()
        } else {
            view! { <p class="sm muted">{t!(i18n, target.frozen_note)}</p> }.into_any()
        }
    });
    let over = total.0 > 0 && booked >= total;
    view! {
        <section class="card w5 hero">
            <header>
                <h2>{days}</h2>
                <span class="end row">
                    {may_edit.then(|| view! { <Steps hand=hand undo=undoable.undo redo=undoable.redo /> })}
                </span>
            </header>
            <p class="fig" title=full data-figure="target" data-minor=total.0>{move || shown(total)}</p>
            <Chance law=law amount=Signal::stored(Some(total)) />
            {outlook.map(|law| view! { <Density law=law target=total currency=currency.get_value() /> })}
            {over.then(|| {
                view! {
                    <p class="row is-far" data-figure="booked-over">
                        <Icon glyph=Glyph::Warning />
                        <span>{move || t_string!(i18n, target.booked_over, booked = shown(booked), total = shown(total)).to_string()}</span>
                    </p>
                }
            })}
            <p class="row wrap sm muted">
                {last_year.map(|before| view! {
                    <span data-figure="last-year" data-minor=before.amount.0>
                        {move || match before.until {
                            None => t_string!(i18n, target.last_year_is, amount = shown(before.amount)).to_string(),
                            Some(day) => {
                                let day = format::date(day, lang(i18n.get_locale()));
                                t_string!(i18n, target.last_year_until, amount = shown(before.amount), day = day).to_string()
                            }
                        }}
                        " " <b>{growth}</b>
                    </span>
                })}
                {(booked.0 != 0).then(|| view! {
                    <span data-figure="booked" data-minor=booked.0>
                        {move || t_string!(i18n, target.booked, amount = shown(booked)).to_string()}
                    </span>
                })}
            </p>
            {frozen}
            {may_edit.then(|| view! { <NewTotal hand=hand total=total law=law /> })}
        </section>
    }
}

/// Taking changes of numbers back, and doing them again: the same log as the grid's.
#[component]
fn Steps(hand: Hand, undo: u32, redo: u32) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let step = move |intent: Intent| {
        hand.send(
            async move {
                let key = split::key::new_key();
                let answer =
                    split::step(hand.version, hand.head, key, intent, None, Frees::default(), true).await?;
                if !answer.is_done() {
                    let (title, body) = (
                        t_string!(i18n, target.set_total),
                        t_string!(i18n, target.step_asks),
                    );
                    let open = t_string!(i18n, target.step_open);
                    let there = move || go_afresh(&split::address(hand.version));
                    toasts.show(Toast::refused(title, body).with(open, there));
                }
                Ok::<(), AppError>(())
            },
            move |error| {
                toasts.show(Toast::refused(
                    t_string!(i18n, target.set_total),
                    words_of(error, i18n),
                ));
            },
        );
    };
    view! {
        <Button kind=ButtonKind::Quiet size=ButtonSize::Small busy=hand.busy disabled=Signal::stored(undo == 0) press=move |_| step(Intent::Undo)>
            <Icon glyph=Glyph::Undo />
            {t!(i18n, target.undo)}
        </Button>
        <Button kind=ButtonKind::Quiet size=ButtonSize::Small busy=hand.busy disabled=Signal::stored(redo == 0) press=move |_| step(Intent::Redo)>
            <Icon glyph=Glyph::Redo />
            {t!(i18n, target.redo)}
        </Button>
    }
}

/// Another number: typed, or chosen by how likely it is.
#[component]
fn NewTotal(hand: Hand, total: Minor, law: Signal<Option<domain::outlook::Distribution>>) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let currency = hand.currency;
    let text = RwSignal::new(String::new());
    let typed = move || text.with(|text| currency.with_value(|currency| parse_total(text, currency)));
    let wrong = move || match typed() {
        Ok(_) | Err(TotalError::Amount(AmountError::Empty)) => None,
        Err(TotalError::Amount(AmountError::NotANumber)) => {
            Some(t_string!(i18n, target.total_bad, text = text.get()).to_string())
        }
        Err(error) => Some(error.words(lang(i18n.get_locale()))),
    };
    let amount = Signal::derive(move || typed().ok());
    let set = move |amount: Minor| {
        let command = PlanCommand::SetTotal {
            amount,
            seasons: Vec::new(),
            reason: None,
        };
        hand.send(super::change(hand.version, hand.head, command), move |error| {
            toasts.show(Toast::refused(
                t_string!(i18n, target.set_total),
                words_of(error, i18n),
            ));
        });
    };
    view! {
        <div class="stack">
            <Picks law=law currency=currency on_pick=Callback::new(set) />
            <div class="row wrap">
                <Field
                    label=t!(i18n, target.change_total)
                    name="new-total"
                    kind=FieldKind::Number
                    bind=text
                    hint=t!(i18n, target.change_total_hint)
                    error=Signal::derive(wrong)
                />
                <Button
                    busy=hand.busy
                    disabled=Signal::derive(move || amount.get().is_none_or(|amount| amount == total))
                    press=move |_| {
                        if let Some(amount) = amount.get_untracked() {
                            set(amount);
                        }
                    }
                >
                    {t!(i18n, target.set_total)}
                </Button>
            </div>
            {move || amount.get().map(|_| view! { <Chance law=law amount=amount /> })}
        </div>
    }
}
