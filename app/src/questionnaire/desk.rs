//! The questionnaires of those who plan: the list, the one that is written, the one that is read.

use domain::format;
use domain::id::QuestionnaireId;
use domain::people::actor;
use domain::questionnaire::{Desk, Row};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::edit::Editor;
use super::results::Reading;
use super::shown::StatusTag;
use super::{load_desk, planning_name, planning_query};
use crate::live::use_live;
use crate::page::lazy_page;
use crate::set::SetTabs;
use crate::track::address;
use crate::ui::{EmptyState, ErrorView, Glyph, Icon, Skeleton};
use crate::wire::{fetch, loaded};
use crate::words::{lang, t, t_string, use_i18n};

lazy_page!(QuestionnairesPage, page, part = work, needs = ReadPeople);

/// What of the desk is opened, by the address: `edit=new`, `edit=ID` or `open=ID`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opened {
    Nothing,
    New,
    Edit(QuestionnaireId),
    Read(QuestionnaireId),
}

fn page() -> impl IntoView {
    let i18n = use_i18n();
    let map = use_query_map();
    let live = use_live();
    let asked = Memo::new(move |_| map.with(planning_query));
    let opened = Memo::new(move |_| {
        map.with(|map| match (map.get("edit"), map.get("open")) {
            (Some(edit), _) if edit == "new" => Opened::New,
            (Some(edit), _) => edit.parse().map_or(Opened::Nothing, Opened::Edit),
            (None, Some(open)) => open.parse().map_or(Opened::Nothing, Opened::Read),
            (None, None) => Opened::Nothing,
        })
    });
    let desk = fetch(
        move || {
            (
                asked.get(),
                live.questionnaires.get(),
                live.people.get(),
                live.business_date.get(),
            )
        },
        |(asked, ..)| load_desk(asked),
    );
    view! {
        <Title text=t!(i18n, questionnaire.title) />
        <Transition fallback=|| view! { <Skeleton /> }>
            {loaded(desk, move |found| match found {
                    Ok(desk) => view! { <Shown desk=desk opened=opened.into() /> }.into_any(),
                    Err(error) => view! { <div class="content"><ErrorView error=error /></div> }.into_any(),
                })}
        </Transition>
    }
}

#[component]
fn Shown(desk: Desk, opened: Signal<Opened>) -> impl IntoView {
    let i18n = use_i18n();
    let go = address::go();
    let planning = StoredValue::new(desk.planning.clone());
    let may_write = desk.may_write;
    let rows = StoredValue::new(desk.rows.clone());
    let desk = StoredValue::new(desk);
    let body = move || {
        match opened.get() {
        Opened::New => view! { <Editor desk=desk id=None /> }.into_any(),
        Opened::Edit(id) => view! { <Editor desk=desk id=Some(id) /> }.into_any(),
        Opened::Read(id) => view! { <Reading desk=desk id=id /> }.into_any(),
        Opened::Nothing => rows.with_value(|rows| {
            if rows.is_empty() {
                view! {
                    <EmptyState
                        glyph=Glyph::Discuss
                        title=t!(i18n, questionnaire.none_title)
                        body=t!(i18n, questionnaire.none_text)
                    >
                        {may_write
                            .then(|| {
                                view! {
                                    <button type="button" class="btn primary" on:click=move |_| go("edit", Some("new".to_owned()))>
                                        {t!(i18n, questionnaire.new)}
                                    </button>
                                }
                            })}
                    </EmptyState>
                }
                .into_any()
            } else {
                view! { <List rows=rows.clone() /> }.into_any()
            }
        }),
    }
    };
    let at_list = move || opened.get() == Opened::Nothing;
    view! {
        <header class="head">
            <h1>{t!(i18n, questionnaire.title)}</h1>
            <span class="tag line">{move || planning.with_value(|planning| planning_name(planning, i18n))}</span>
            <span class="grow"></span>
            <button
                type="button"
                class="btn quiet"
                hidden=at_list
                on:click=move |_| {
                    go("edit", None);
                    go("open", None);
                }
            >
                <Icon glyph=Glyph::Left />
                {t!(i18n, questionnaire.to_list)}
            </button>
            <button
                type="button"
                class="btn primary"
                hidden=move || !may_write || opened.get() != Opened::Nothing
                on:click=move |_| go("edit", Some("new".to_owned()))
            >
                {t!(i18n, questionnaire.new)}
            </button>
        </header>
        <SetTabs current="questionnaires" />
        <div class="content">{body}</div>
    }
}

/// Every questionnaire, the latest first.
#[component]
fn List(rows: Vec<Row>) -> impl IntoView {
    let i18n = use_i18n();
    let go = address::go();
    let lines = rows
        .into_iter()
        .map(|row| {
            let id = row.id;
            let (due_on, span) = (row.due_on, row.span);
            let by = row.created_by.clone();
            view! {
                <tr data-questionnaire=id.to_string()>
                    <td>
                        <button type="button" class="btn link" on:click=move |_| go("open", Some(id.to_string()))>
                            {row.title}
                        </button>
                    </td>
                    <td><StatusTag status=row.status /></td>
                    <td>{move || format::range(span.starts_on, span.ends_on, lang(i18n.get_locale()))}</td>
                    <td>{move || format::date(due_on, lang(i18n.get_locale()))}</td>
                    <td class="num">{format!("{} / {}", row.answered, row.asked)}</td>
                    <td class="muted">{move || actor(&by, lang(i18n.get_locale())).to_owned()}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="card">
            <div class="scroll-x">
                <table class="tb" aria-label=move || t_string!(i18n, questionnaire.title).to_owned()>
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, questionnaire.name)}</th>
                            <th scope="col">{t!(i18n, questionnaire.status)}</th>
                            <th scope="col">{t!(i18n, questionnaire.about)}</th>
                            <th scope="col">{t!(i18n, questionnaire.due)}</th>
                            <th scope="col" class="num">{t!(i18n, questionnaire.answered_of)}</th>
                            <th scope="col">{t!(i18n, questionnaire.made_by)}</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        </section>
    }
}
