//! Import: upload, columns, dry run, commit, undo. Several related files can be dropped at once.

pub mod counting;
pub mod files;
pub mod findings;
pub mod landings;
pub mod options;
pub mod outcome;
pub mod problems;
pub mod upload;

use domain::id::ImportId;
use domain::import::{Choices, Status, View};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::error::AppError;
use crate::live::use_live;
use crate::page::lazy_page;
use crate::ui::{ErrorView, Skeleton, Toast, use_toasts, when, words_of};
use crate::wire::{Fetched, fetch, loaded};
use crate::words::{t, t_string, use_i18n};

/// How often a running import is asked how far it is, beside the events.
const POLL_MS: u64 = 800;

/// Imports in the list.
#[cfg(feature = "ssr")]
const LATEST: u32 = 30;

/// The latest imports.
#[server(prefix = "/api/app", endpoint = "import/list", input = server_fn::codec::Json)]
pub async fn latest_imports() -> Result<Vec<View>, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.imports(&scope, LATEST).await)
}

/// One import.
#[server(prefix = "/api/app", endpoint = "import/view", input = server_fn::codec::Json)]
pub async fn load_import(id: ImportId) -> Result<View, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.import(&scope, id).await)
}

/// Checks the files of a dry run again, with other choices.
#[server(prefix = "/api/app", endpoint = "import/check", input = server_fn::codec::Json)]
pub async fn check_import(id: ImportId, choices: Choices) -> Result<View, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.recheck_import(&scope, id, choices).await)
}

/// Writes the files of a dry run.
#[server(prefix = "/api/app", endpoint = "import/commit", input = server_fn::codec::Json)]
pub async fn commit_import(id: ImportId, choices: Choices) -> Result<View, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.commit_import(&scope, id, choices).await)
}

/// Stops a running import; nothing is written.
#[server(prefix = "/api/app", endpoint = "import/cancel", input = server_fn::codec::Json)]
pub async fn cancel_import(id: ImportId) -> Result<View, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.cancel_import(&scope, id).await)
}

/// Takes a whole import back.
#[server(prefix = "/api/app", endpoint = "import/undo", input = server_fn::codec::Json)]
pub async fn undo_import(id: ImportId) -> Result<View, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.undo_import(&scope, id).await)
}

lazy_page!(ImportPage, page, part = work, needs = Import);

fn page() -> impl IntoView {
    let i18n = use_i18n();
    let map = use_query_map();
    // What is no id names no import: the page must not look as if nothing had been asked for.
    let id = Memo::new(move |_| match map.with(|map| map.get("id")) {
        None => Ok(None),
        Some(id) => id.parse::<ImportId>().map(Some).map_err(|_| AppError::NotFound),
    });
    let live = use_live();
    // A commit goes on under the id of its dry run, so the address alone does not tell that something changed.
    let nudge = RwSignal::new(0_u32);
    let desk = Desk::new(nudge);
    let shown = fetch(
        move || (id.get(), live.imports.get(), nudge.get()),
        move |(id, ..)| async move {
            match id? {
                Some(id) => {
                    let found = load_import(id).await;
                    // While what was shown before still stands: its fields follow the choices.
                    if let Ok(view) = &found {
                        desk.take(view);
                    }
                    found.map(Some)
                }
                None => Ok(None),
            }
        },
    );
    let latest = fetch(move || (live.imports.get(), nudge.get()), |_| latest_imports());
    let is_running = |shown: &Option<Result<Option<View>, AppError>>| {
        shown
            .as_ref()
            .is_some_and(|shown| matches!(shown, Ok(Some(view)) if !view.status.is_final()))
    };
    // Events tell of every step; the poll is for the moment when the stream is broken. When it comes and an event has told
    // of the end, it leaves things alone: fetching them anew would take a button away while somebody presses it.
    Effect::new(move |_| {
        if shown.with(is_running) {
            set_timeout(
                move || {
                    if shown.try_with_untracked(is_running).unwrap_or_default() {
                        shown.refetch();
                    }
                },
                std::time::Duration::from_millis(POLL_MS),
            );
        }
    });
    view! {
        <Title text=t!(i18n, import.title) />
        <header class="head">
            <h1>{t!(i18n, import.title)}</h1>
            <Steps shown=shown />
        </header>
        {when(
            move || id.get() == Ok(None),
            move || {
                view! {
                    <upload::Upload desk=desk />
                    <counting::Counting />
                }
                    .into_any()
            },
        )}
        <Transition fallback=|| view! { <Skeleton /> }>
            {loaded(shown, move |found| match found {
                    Ok(Some(view)) => view! { <outcome::Outcome view=view desk=desk /> }.into_any(),
                    Ok(None) => ().into_any(),
                    Err(error) => {
                        view! {
                            <div class="content">
                                <ErrorView error=error />
                                <div><a class="btn" href="/data/import">{t!(i18n, import.new_import)}</a></div>
                            </div>
                        }
                            .into_any()
                    }
                })}
        </Transition>
        <Transition fallback=|| ()>
            {loaded(latest, move |found| match found {
                    Ok(latest) => view! { <outcome::Latest latest=latest desk=desk /> }.into_any(),
                    Err(error) => view! { <div class="content"><ErrorView error=error /></div> }.into_any(),
                })}
        </Transition>
    }
}

/// What a person decides about the files of a dry run, and the verbs that act on it.
#[derive(Clone, Copy)]
pub struct Desk {
    /// Options, mappings, fixes.
    pub choices: RwSignal<Choices>,
    /// The choices that the shown dry run was made with.
    checked: RwSignal<Choices>,
    /// The dry run those are of: an import, and when it ended.
    taken: StoredValue<Option<(ImportId, Option<i64>)>>,
    /// Whether something was changed since: what would be written is not known until it is checked again.
    pub unchecked: Memo<bool>,
    /// Something is on its way to the server.
    pub busy: RwSignal<bool>,
    failed: Callback<AppError>,
    open: Callback<Option<ImportId>>,
}

impl Desk {
    fn new(nudge: RwSignal<u32>) -> Self {
        let i18n = use_i18n();
        let toasts = use_toasts();
        let navigate = StoredValue::new(use_navigate());
        let choices = RwSignal::new(Choices::default());
        let checked = RwSignal::new(Choices::default());
        Self {
            choices,
            checked,
            taken: StoredValue::new(None),
            unchecked: Memo::new(move |_| choices.with(|choices| checked.with(|checked| choices != checked))),
            busy: RwSignal::new(false),
            failed: Callback::new(move |error: AppError| {
                toasts.show(Toast::refused(
                    t_string!(i18n, import.title),
                    words_of(&error, i18n),
                ));
            }),
            open: Callback::new(move |id: Option<ImportId>| {
                let address =
                    id.map_or_else(|| "/data/import".to_owned(), |id| format!("/data/import?id={id}"));
                navigate.with_value(|navigate| navigate(&address, NavigateOptions::default()));
                nudge.update(|count| *count = count.wrapping_add(1));
            }),
        }
    }

    /// Takes the choices of a dry run over, once: what is changed after that stays while the page hears of other things.
    pub(crate) fn take(&self, view: &View) {
        let ended = Some((view.id, view.ended_at_ms));
        // The page may have been left.
        let Some(taken) = self.taken.try_get_value() else {
            return;
        };
        if !view.status.is_final() || taken == ended {
            return;
        }
        self.taken.set_value(ended);
        self.choices.set(view.choices());
        self.checked.set(view.choices());
    }

    /// Leaves the files as they came: no cell put right, no row left out.
    pub(crate) fn take_changes_back(&self) {
        self.choices.update(|choices| {
            choices.fixes.clear();
            choices.drops.clear();
        });
    }

    /// Shows an import, or the upload.
    pub(crate) fn show(&self, id: Option<ImportId>) {
        self.taken.set_value(None);
        self.choices.set(Choices::default());
        self.checked.set(Choices::default());
        let _gone = self.open.try_run(id);
    }

    /// Says that something failed.
    pub(crate) fn fail(&self, error: AppError) {
        // The page may have been left.
        let _gone = self.failed.try_run(error);
    }

    /// Shows an import that an answer told of.
    fn open(&self, id: ImportId) {
        let _gone = self.open.try_run(Some(id));
    }

    /// Runs the files again with the choices of this moment.
    pub(crate) fn run(&self, id: ImportId, purpose: Purpose) {
        let choices = self.choices.get_untracked();
        let this = *self;
        this.busy.set(true);
        spawn_local(async move {
            let next = match purpose {
                Purpose::Check => check_import(id, choices).await,
                Purpose::Write => commit_import(id, choices).await,
            };
            match next {
                Ok(next) => this.open(next.id),
                Err(error) => this.fail(error),
            }
            // The page may have been left.
            let _gone = this.busy.try_set(false);
        });
    }

    /// Stops a running import.
    pub(crate) fn cancel(&self, id: ImportId) {
        let this = *self;
        spawn_local(async move {
            if let Err(error) = cancel_import(id).await {
                this.fail(error);
            }
        });
    }

    /// Takes an import back, and shows how that goes.
    pub(crate) fn undo(&self, id: ImportId) {
        let this = *self;
        spawn_local(async move {
            match undo_import(id).await {
                Ok(next) => this.open(next.id),
                Err(error) => this.fail(error),
            }
        });
    }
}

/// What a run is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To see what would happen.
    Check,
    /// To write.
    Write,
}

/// Where one is: upload, columns, dry run, commit.
#[component]
fn Steps(shown: Fetched<Result<Option<View>, AppError>>) -> impl IntoView {
    let i18n = use_i18n();
    let at = move || {
        shown.with(|shown| match shown {
            Some(Ok(Some(view))) if !view.options.dry_run => 4,
            Some(Ok(Some(view))) if view.status == Status::Done => 3,
            Some(Ok(Some(_))) => 2,
            _ => 1,
        })
    };
    let step = move |number: i32, name: Signal<String>| {
        view! {
            <li aria-current=move || (at() == number).then_some("step") class:past=move || { at() > number }>
                <span class="number">{number}</span>
                {name}
            </li>
        }
    };
    view! {
        <Suspense fallback=|| ()>
            <ol class="steps">
                {step(1, Signal::derive(move || t_string!(i18n, import.step_upload).to_string()))}
                {step(2, Signal::derive(move || t_string!(i18n, import.step_map).to_string()))}
                {step(3, Signal::derive(move || t_string!(i18n, import.step_check).to_string()))}
                {step(4, Signal::derive(move || t_string!(i18n, import.step_commit).to_string()))}
            </ol>
        </Suspense>
    }
}
