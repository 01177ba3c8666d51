//! What one is asked oneself: the questionnaires that wait, and those one answered.

use domain::format;
use domain::people::actor;
use domain::questionnaire::{OwnRow, Progress, Status};
use leptos::prelude::*;
use leptos_meta::Title;

use super::load_own;
use crate::live::use_live;
use crate::page::lazy_page;
use crate::ui::{EmptyState, ErrorView, Glyph, Skeleton, Standing, Tag, TagKind};
use crate::wire::{fetch, loaded};
use crate::words::{lang, t, t_string, use_i18n};

lazy_page!(OwnQuestionnairesPage, page, part = own, needs = Acknowledge);

fn page() -> impl IntoView {
    let i18n = use_i18n();
    let live = use_live();
    let rows = fetch(
        move || (live.questionnaires.get(), live.business_date.get()),
        |_| load_own(),
    );
    view! {
        <Title text=t!(i18n, questionnaire.own_title) />
        <Transition fallback=|| view! { <Skeleton /> }>
            {loaded(rows, move |found| match found {
                    Ok(rows) => view! { <List rows=rows /> }.into_any(),
                    Err(error) => view! { <div class="content"><ErrorView error=error /></div> }.into_any(),
                })}
        </Transition>
    }
}

#[component]
fn List(rows: Vec<OwnRow>) -> impl IntoView {
    let i18n = use_i18n();
    if rows.is_empty() {
        return view! {
            <EmptyState
                glyph=Glyph::Discuss
                title=t!(i18n, questionnaire.own_none)
                body=t!(i18n, questionnaire.own_none_text)
            />
        }
        .into_any();
    }
    view! {
        <article class="my-target">
            <header>
                <h1>{t!(i18n, questionnaire.own_title)}</h1>
            </header>
            <p class="sm muted">{t!(i18n, questionnaire.own_text)}</p>
            <ul class="own-asked">{rows.into_iter().map(|row| view! { <Line row=row /> }).collect_view()}</ul>
        </article>
    }
    .into_any()
}

/// One questionnaire: as a whole it leads to its form, so that a thumb finds it.
#[component]
fn Line(row: OwnRow) -> impl IntoView {
    let i18n = use_i18n();
    let (by, span, due_on) = (row.created_by, row.span, row.due_on);
    let about = move || {
        let lang = lang(i18n.get_locale());
        t_string!(
            i18n,
            questionnaire.own_line,
            by = actor(&by, lang).to_owned(),
            days = format::range(span.starts_on, span.ends_on, lang),
            due = format::date(due_on, lang)
        )
        .to_string()
    };
    let stands = match (row.status, row.progress) {
        (Status::Closed, _) => view! { <Tag>{t!(i18n, questionnaire.closed)}</Tag> }.into_any(),
        (_, Progress::Answered) => {
            view! { <Tag kind=TagKind::Standing(Standing::Ahead)>{t!(i18n, questionnaire.answered)}</Tag> }
                .into_any()
        }
        _ if row.overdue => {
            view! { <Tag kind=TagKind::Standing(Standing::Far)>{t!(i18n, questionnaire.overdue)}</Tag> }
                .into_any()
        }
        (_, Progress::Begun) => {
            view! { <Tag kind=TagKind::Standing(Standing::Behind)>{t!(i18n, questionnaire.begun)}</Tag> }
                .into_any()
        }
        (_, Progress::None) => {
            view! { <Tag kind=TagKind::Accent>{t!(i18n, questionnaire.waiting)}</Tag> }.into_any()
        }
    };
    view! {
        <li data-questionnaire=row.id.to_string()>
            <a class="card" href=format!("/questionnaire/{}", row.id)>
                <span class="row between wrap">
                    <b>{row.title}</b>
                    {stands}
                </span>
                <span class="sm muted">{about}</span>
            </a>
        </li>
    }
}
