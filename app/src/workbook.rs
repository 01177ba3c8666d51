//! A plan and spreadsheets: the link that hands a version out, and the page that takes a changed one back after its
//! differences were looked at.

pub mod drop;
pub mod found;
pub mod rows;

use domain::id::{ImportId, VersionId};
use domain::plan::Entered;
use domain::target::{PlanRow, VersionRow, VersionStatus};
use domain::workbook::{Blanks, Comparison, LevelEntered, TakenOver};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;

use crate::error::AppError;
use crate::page::lazy_page;
use crate::split;
use crate::target::load_plans;
use crate::ui::{EmptyState, ErrorView, Glyph, Icon, Skeleton, Tag, TagKind};
use crate::wire::{fetch, loaded};
use crate::words::{lang, t, use_i18n};

/// Writes amounts of a workbook into a draft, as one step, and then levels.
#[server(prefix = "/api/app", endpoint = "workbook/enter", input = server_fn::codec::Json)]
pub async fn enter_workbook(
    version: VersionId,
    head: u64,
    amounts: Vec<Entered>,
    levels: Vec<LevelEntered>,
    name: String,
) -> Result<TakenOver, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(
        operations
            .enter_workbook(&scope, version, head, amounts, &levels, &name)
            .await,
    )
}

/// What taking a workbook into a draft would change that was dropped among the files of an import.
#[server(prefix = "/api/app", endpoint = "workbook/imported", input = server_fn::codec::Json)]
pub async fn compare_imported(
    version: VersionId,
    import: ImportId,
    name: String,
    blanks: Blanks,
) -> Result<Comparison, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(
        operations
            .compare_imported_workbook(&scope, version, import, name, blanks)
            .await,
    )
}

/// Where a changed workbook of a version is taken back.
pub(crate) fn address(version: VersionId) -> String {
    format!("/split/workbook?version={version}")
}

/// The same, with a file that was dropped among those of an import.
pub(crate) fn address_of_import(version: VersionId, import: ImportId, file: &str) -> String {
    let file = Url::escape(file);
    format!("{}&import={import}&file={file}", address(version))
}

/// Hands a version out as a workbook.
#[component]
pub(crate) fn ExportLink(version: VersionId) -> impl IntoView {
    let i18n = use_i18n();
    let href = move || {
        let lang = lang(i18n.get_locale()).tag();
        format!("/api/v1/versions/{version}/export.xlsx?lang={lang}")
    };
    view! {
        <a class="btn quiet desk-only" href=href download rel="external">
            <Icon glyph=Glyph::Download />
            {t!(i18n, workbook.export)}
        </a>
    }
}

/// What was brought back so far.
#[derive(Clone, Copy)]
pub struct Desk {
    version: VersionId,
    /// Blank amounts mean nothing is to be done.
    blank_is_zero: RwSignal<bool>,
    busy: RwSignal<bool>,
    file: RwSignal<String>,
    found: RwSignal<Option<Result<Comparison, AppError>>>,
}

impl Desk {
    /// Compares a file that was dropped among those of an import.
    fn compare(self, import: ImportId, file: String) {
        let blanks = if self.blank_is_zero.get() {
            Blanks::Zero
        } else {
            Blanks::Keep
        };
        self.file.set(file.clone());
        self.busy.set(true);
        spawn_local(async move {
            let found = compare_imported(self.version, import, file, blanks).await;
            self.found.set(Some(found));
            self.busy.set(false);
        });
    }
}

lazy_page!(WorkbookPage, page, part = work, needs = EditPlan);

fn page() -> impl IntoView {
    let i18n = use_i18n();
    let map = use_query_map();
    // What is no id names no version: another one must not be opened in its place.
    let version = move || map.with(|map| Some(map.get("version")?.parse::<VersionId>().unwrap_or_default()));
    let imported = move || {
        map.with(|map| {
            let import = map.get("import")?.parse::<ImportId>().ok()?;
            Some((import, map.get("file")?))
        })
    };
    let plans = fetch(|| (), |()| load_plans());
    view! {
        <Title text=t!(i18n, workbook.title) />
        <Transition fallback=|| view! { <Skeleton /> }>
            {loaded(plans, move |found| match found {
                    Ok(plans) => view! { <Opened plans=plans version=version() imported=imported() /> }.into_any(),
                    Err(error) => view! { <div class="content"><ErrorView error=error /></div> }.into_any(),
                })}
        </Transition>
    }
}

/// The page of a version that is there.
#[component]
fn Opened(
    plans: Vec<PlanRow>,
    version: Option<VersionId>,
    imported: Option<(ImportId, String)>,
) -> impl IntoView {
    let i18n = use_i18n();
    // Without one in the address: the draft in work.
    let wanted = |row: &VersionRow| match version {
        Some(version) => row.id == version,
        None => row.status == VersionStatus::Draft,
    };
    let found = plans.into_iter().find_map(|plan| {
        let row = plan.versions.iter().find(|row| wanted(row))?;
        Some((plan.name.clone(), row.number, row.id))
    });
    let Some((plan, number, version)) = found else {
        return view! {
            <EmptyState glyph=Glyph::Split title=t!(i18n, split.no_version) body=t!(i18n, split.no_version_text)>
                <a class="btn primary" href="/split">{t!(i18n, split.no_version_action)}</a>
            </EmptyState>
        }
        .into_any();
    };
    let desk = Desk {
        version,
        blank_is_zero: RwSignal::new(false),
        busy: RwSignal::new(false),
        file: RwSignal::new(String::new()),
        found: RwSignal::new(None),
    };
    // In the browser only, and again where blanks are to mean something else.
    Effect::new(move |_| {
        if let Some((import, file)) = imported.clone() {
            desk.compare(import, file);
        }
    });
    view! {
        <header class="head">
            <h1>{t!(i18n, workbook.title)}</h1>
            <Tag kind=TagKind::Line>{plan}</Tag>
            <Tag kind=TagKind::Accent>{t!(i18n, split.draft, number = number)}</Tag>
            <span class="grow"></span>
            <ExportLink version=version />
            <a class="btn" href=split::address(version)>{t!(i18n, workbook.back)}</a>
        </header>
        <div class="content">
            <drop::Drop desk=desk />
            {move || desk.found.get().map(|found| match found {
                Ok(found) => view! { <found::Found found=found desk=desk /> }.into_any(),
                Err(error) => view! { <ErrorView error=error /> }.into_any(),
            })}
        </div>
    }
    .into_any()
}
