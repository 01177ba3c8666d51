//! Notices: what one was told, in the panel below the bell and on a page of its own, where one also chooses whether they come by
//! mail. Reading and choosing are plain forms, so that the page works without JavaScript.

use domain::id::NoticeId;
use domain::notice::{Mail, Notices, Told};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::error::AppError;
use crate::frame::moment;
use crate::live::use_live;
use crate::page::lazy_page;
use crate::ui::{EmptyState, ErrorView, Glyph, Icon, Skeleton};
use crate::wire::{fetch, loaded};
use crate::words::{lang, t, use_i18n};

/// The latest notices of whoever asks.
#[server(prefix = "/api/app", endpoint = "notice/list", input = server_fn::codec::Json)]
pub async fn load_notices() -> Result<Notices, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.notices(&scope).await)
}

/// Counts one as read.
#[server(prefix = "/api/app", endpoint = "notice/read")]
pub async fn read_notice(id: NoticeId) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.read_notice(&scope, id).await)
}

/// Counts all as read.
#[server(prefix = "/api/app", endpoint = "notice/read-all")]
pub async fn read_notices() -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.read_notices(&scope).await)
}

/// Chooses whether they also come by mail.
#[server(prefix = "/api/app", endpoint = "notice/mail")]
pub async fn choose_mail(wanted: bool) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.set_notice_mail(&scope, wanted).await)
}

lazy_page!(NoticesPage, page, part = own);

fn page() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Title text=t!(i18n, notice.title) />
        <div class="told-page">
            <h1>{t!(i18n, notice.title)}</h1>
            <Latest />
        </div>
    }
}

/// What opens below the bell.
pub(crate) mod panel {
    crate::page::lazy_view!(super::below_the_bell, part = own);
}

fn below_the_bell() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="told-panel" aria-label=t!(i18n, notice.title)>
            <Latest />
        </section>
    }
}

/// What the forms of a list do.
#[derive(Clone, Copy)]
struct Acts {
    read: ServerAction<ReadNotice>,
    read_all: ServerAction<ReadNotices>,
    choose: ServerAction<ChooseMail>,
}

/// The latest notices, followed.
#[component]
fn Latest() -> impl IntoView {
    let live = use_live();
    let acts = Acts {
        read: ServerAction::new(),
        read_all: ServerAction::new(),
        choose: ServerAction::new(),
    };
    let source = move || {
        (
            live.notices.get(),
            acts.read.version().get(),
            acts.read_all.version().get(),
            acts.choose.version().get(),
        )
    };
    let latest = fetch(source, |_| load_notices());
    view! {
        <Transition fallback=|| view! { <Skeleton /> }>
            {loaded(latest, move |found| match found {
                    Ok(notices) => view! { <List notices=notices acts=acts /> }.into_any(),
                    Err(error) => view! { <ErrorView error=error /> }.into_any(),
                })}
        </Transition>
    }
}

#[component]
fn List(notices: Notices, acts: Acts) -> impl IntoView {
    let i18n = use_i18n();
    let unread = notices.unread > 0;
    let failed = move || {
        [
            acts.read.value().get(),
            acts.read_all.value().get(),
            acts.choose.value().get(),
        ]
        .into_iter()
        .flatten()
        .find_map(Result::err)
    };
    view! {
        {move || failed().map(|error| view! { <ErrorView error=error /> })}
        {if notices.list.is_empty() {
            view! { <EmptyState glyph=Glyph::Bell title=t!(i18n, notice.none_title) body=t!(i18n, notice.none_text) /> }.into_any()
        } else {
            view! {
                <ol class="told">
                    {notices.list.into_iter().map(|told| view! { <One told=told read=acts.read /> }).collect_view()}
                </ol>
            }
                .into_any()
        }}
        {unread
            .then(|| {
                view! {
                    <ActionForm action=acts.read_all>
                        <button class="btn s" type="submit">
                            <Icon glyph=Glyph::Check />
                            {t!(i18n, notice.read_all)}
                        </button>
                    </ActionForm>
                }
            })}
        <ByMail mail=notices.mail choose=acts.choose />
    }
}

/// One notice: it leads to what it is about, and counts as read from then on.
#[component]
fn One(told: Told, read: ServerAction<ReadNotice>) -> impl IntoView {
    let i18n = use_i18n();
    let Told {
        id,
        notice,
        at_ms,
        read_at_ms,
    } = told;
    let notice = StoredValue::new(notice);
    let unread = read_at_ms.is_none();
    let title = move || notice.with_value(|notice| notice.title(lang(i18n.get_locale())));
    let text = move || notice.with_value(|notice| notice.text(lang(i18n.get_locale())));
    let when_told = move || moment(at_ms, lang(i18n.get_locale()));
    let follow = move |_| {
        if unread {
            read.dispatch(ReadNotice { id });
        }
    };
    view! {
        <li class:unread=unread data-notice=id.to_string()>
            <a class="item" href=notice.with_value(domain::notice::Notice::path) on:click=follow>
                <b>
                    {title} {unread.then(|| view! { <span class="sr">" (" {t!(i18n, notice.unread)} ")"</span> })}
                </b>
                <span class="sm soft">{text}</span>
                <span class="sm muted">{when_told}</span>
            </a>
            {unread
                .then(|| {
                    view! {
                        <ActionForm action=read>
                            <input type="hidden" name="id" value=id.to_string() />
                            <button class="icb" type="submit" title=t!(i18n, notice.read) aria-label=t!(i18n, notice.read)>
                                <Icon glyph=Glyph::Check />
                            </button>
                        </ActionForm>
                    }
                })}
        </li>
    }
}

/// Whether notices also come by mail, and the choice of it.
#[component]
fn ByMail(mail: Mail, choose: ServerAction<ChooseMail>) -> impl IntoView {
    let i18n = use_i18n();
    let says = move || match mail {
        Mail::NotSent => t!(i18n, notice.mail_not_sent)(),
        Mail::Sample => t!(i18n, notice.mail_sample)(),
        Mail::Wanted => t!(i18n, notice.mail_on)(),
        Mail::Unwanted => t!(i18n, notice.mail_off)(),
    };
    let choice = match mail {
        Mail::Wanted => Some(false),
        Mail::Unwanted => Some(true),
        Mail::NotSent | Mail::Sample => None,
    };
    view! {
        <footer class="told-mail" data-mail=format!("{mail:?}")>
            <p class="sm muted">{says}</p>
            {choice
                .map(|wanted| {
                    view! {
                        <ActionForm action=choose>
                            <input type="hidden" name="wanted" value=wanted.to_string() />
                            <button class="btn s" type="submit">
                                {if wanted { t!(i18n, notice.mail_start) } else { t!(i18n, notice.mail_stop) }}
                            </button>
                        </ActionForm>
                    }
                })}
        </footer>
    }
}
