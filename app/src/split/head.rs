//! The head of the workplace: which version it is and what can be done with it as a whole.

use domain::access::Permission;
use domain::approval::Review;
use domain::format;
use domain::money::Minor;
use domain::plan::NodeIndex;
use domain::publish::Looked;
use domain::target::VersionStatus;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::board::Board;
use super::fairness::before::{BeforeView, Seen};
use super::parts::PartSelect;
use super::row::scale;
use super::unsaved::Unsaved;
use crate::staffing;
use crate::ui::{Button, ButtonKind, Dialog, Glyph, Icon, Tag, TagKind, Toast, use_toasts, words_of};
use crate::words::{lang, t, t_string, use_i18n};
use crate::workbook::{self, ExportLink};

/// Which version it is, whether its numbers add up, and publishing it or starting the next.
#[component]
pub(super) fn Head(
    board: Board,
    /// What was made here and is not in the plan; it goes with the next draft.
    unsaved: Unsaved,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let (number, status, plan_name) = board.about(|open| (open.number, open.status, open.plan_name.clone()));
    let root = NodeIndex(0);
    let currency = StoredValue::new(board.currency());
    let money = move |amount: Minor| {
        let scale = scale(board, lang(i18n.get_locale()));
        currency.with_value(|currency| {
            format!(
                "{} {}",
                format::money_column(amount, currency, scale),
                scale.label()
            )
        })
    };
    let target = move || money(board.amount((root, None)));
    // The sum over all rows is worked out once; a frame of a drag says what differs.
    let settled = Memo::new(move |_| board.all_hedges());
    let hedges = Memo::new(move |_| board.shown_hedges(settled.get()));
    let asking = RwSignal::new(false);
    // What of the version whoever publishes was told.
    let seen = RwSignal::new(Seen::default());
    let coming = Signal::derive(move || seen.get() == Seen::Coming);
    let unseen = Memo::new(move |_| seen.get() == Seen::Failed);
    let publishing = RwSignal::new(false);
    let navigate = StoredValue::new(use_navigate());
    let publish = move |_| {
        let looked = match seen.get_untracked() {
            Seen::There(looked) => looked,
            // Nothing but the numbers was seen: that is what the button says.
            Seen::Failed => Looked::at(board.head()),
            Seen::Coming => return,
        };
        asking.set(false);
        publishing.set(true);
        let version = board.version();
        spawn_local(async move {
            match super::publish(version, looked).await {
                Ok(_) => toasts.show(Toast::done(
                    t_string!(i18n, split.published, number = number).to_string(),
                )),
                Err(error) => toasts.show(Toast::refused(
                    t_string!(i18n, split.publish),
                    words_of(&error, i18n),
                )),
            }
            // The grid may have been opened anew.
            let _gone = publishing.try_set(false);
        });
    };
    let branch = move |_| {
        let version = board.version();
        spawn_local(async move {
            match super::branch(version).await {
                Ok(made) => {
                    unsaved.follow(version, made.version);
                    // The page may have been left, or the grid opened anew.
                    let _gone = navigate.try_with_value(|navigate| {
                        navigate(&super::address(made.version), NavigateOptions::default());
                    });
                }
                Err(error) => toasts.show(Toast::refused(
                    t_string!(i18n, split.new_draft),
                    words_of(&error, i18n),
                )),
            }
        });
    };
    // Lines are on their way as well.
    let waiting = move || board.unsaved.get() + board.desk().busy.get();
    view! {
        <header class="head">
            <h1>{t!(i18n, split.title)}</h1>
            <Tag kind=TagKind::Line>{plan_name}</Tag>
            <StatusTag number=number status=status />
            <PartSelect board=board />
            <span class="sm muted" role="status" data-saved=move || (waiting() == 0).to_string()>
                {move || {
                    match waiting() {
                        0 => t_string!(i18n, split.saved),
                        _ if board.offline.get() => t_string!(i18n, unsaved.offline),
                        _ => t_string!(i18n, split.saving),
                    }
                }}
            </span>
            <span class="grow"></span>
            <span>{t!(i18n, split.target)} " " <b data-figure="total" data-minor=move || board.amount((root, None)).0>{target}</b></span>
            <span class=move || if hedges.get() == (Minor(0), Minor(0)) { "is-ahead row" } else { "is-behind row" } data-figure="hedge" data-minor=move || hedges.get().1.0>
                {move || {
                    let (under, over) = hedges.get();
                    let glyph = if (under, over) == (Minor(0), Minor(0)) { Glyph::Check } else { Glyph::Warning };
                    let words = match (under, over) {
                        (Minor(0), Minor(0)) => format!("{} {}", t_string!(i18n, split.difference), money(Minor(0))),
                        (under, Minor(0)) => format!("{} {}", t_string!(i18n, split.left_below), money(under)),
                        (Minor(0), over) => format!("{} {}", t_string!(i18n, split.hedge), money(over)),
                        (under, over) => {
                            let (left, hedge) = (t_string!(i18n, split.left_below), t_string!(i18n, split.hedge));
                            format!("{left} {} · {hedge} {}", money(under), money(over))
                        }
                    };
                    view! {
                        <Icon glyph=glyph />
                        <span>{words}</span>
                    }
                }}
            </span>
            {board.about(|open| view! { <ExportLink version=open.version /> })}
            {(status == VersionStatus::Published && super::may(Permission::EditPlan)).then(|| view! {
                <a class="btn quiet desk-only" href=staffing::address(board.version())>
                    <Icon glyph=Glyph::People />
                    {t!(i18n, staffing.title)}
                </a>
            })}
            {(status == VersionStatus::Draft && super::may(Permission::EditPlan)).then(|| view! {
                <a class="btn quiet desk-only" href=workbook::address(board.version())>
                    <Icon glyph=Glyph::Upload />
                    {t!(i18n, workbook.update)}
                </a>
            })}
            {match status {
                VersionStatus::InReview => {
                    view! { <a class="btn primary" href=domain::approval::address(board.version())>{t!(i18n, approval.title)}</a> }
                        .into_any()
                }
                VersionStatus::Draft if board.about(|open| open.review == Review::Needed) && super::may(Permission::EditPlan) => {
                    view! { <a class="btn primary" href=domain::approval::address(board.version())>{t!(i18n, approval.submit)}</a> }
                        .into_any()
                }
                // A grey button would not say why it stays grey.
                VersionStatus::Draft if !board.may_edit() => {
                    let is_approved_first = board.about(|open| open.review == Review::Needed);
                    let who = move || if is_approved_first {
                        t_string!(i18n, publishing.by_approval)
                    } else {
                        t_string!(i18n, publishing.by_others)
                    };
                    (!super::may(Permission::Publish))
                        .then(|| view! { <span class="sm muted" data-publishes="others">{who}</span> })
                        .into_any()
                }
                VersionStatus::Draft => {
                    view! {
                        <Button kind=ButtonKind::Primary busy=publishing disabled=Signal::derive(move || board.unsaved.get() > 0) press=move |_| { seen.set(Seen::Coming); asking.set(true); }>
                            {t!(i18n, split.publish)}
                        </Button>
                        <Dialog open=asking title=t!(i18n, split.publish_question)>
                            <p>{t!(i18n, split.publish_text)}</p>
                            <BeforeView version=board.version() seen=seen />
                            <footer>
                                <Button press=move |_| asking.set(false)>{t!(i18n, split.publish_no)}</Button>
                                {move || if unseen.get() {
                                    view! {
                                        <Button press=publish>
                                            {move || t_string!(i18n, publishing.unseen, number = number).to_string()}
                                        </Button>
                                    }
                                        .into_any()
                                } else {
                                    view! {
                                        <Button kind=ButtonKind::Primary busy=coming press=publish>
                                            {move || t_string!(i18n, split.publish_yes, number = number).to_string()}
                                        </Button>
                                    }
                                        .into_any()
                                }}
                            </footer>
                        </Dialog>
                    }
                        .into_any()
                }
                _ => super::may(Permission::EditPlan).then(|| view! { <Button kind=ButtonKind::Primary press=branch>{t!(i18n, split.new_draft)}</Button> }).into_any(),
            }}
        </header>
    }
}

/// Where a version stands.
#[component]
pub(crate) fn StatusTag(number: u32, status: VersionStatus) -> impl IntoView {
    let i18n = use_i18n();
    match status {
        VersionStatus::Draft => {
            view! { <Tag kind=TagKind::Accent>{t!(i18n, split.draft, number = number)}</Tag> }.into_any()
        }
        VersionStatus::InReview => {
            view! { <Tag kind=TagKind::Locked>{t!(i18n, split.in_review, number = number)}</Tag> }.into_any()
        }
        VersionStatus::Published => {
            view! { <Tag kind=TagKind::Locked>{t!(i18n, split.published, number = number)}</Tag> }.into_any()
        }
        VersionStatus::Archived => {
            view! { <Tag>{t!(i18n, split.archived, number = number)}</Tag> }.into_any()
        }
    }
}
