//! Imports: files become units, members, products, accounts, opportunities and targets.
//!
//! A job reads the files on a blocking thread and writes in transactions of at most 5,000 rows under a slot of its own
//! (see `store::slot`), so that everything becomes visible at once and other writers get their turn in between. References
//! that the files add are written in the last transaction, with the slot's end. A job that breaks off leaves nothing that is
//! visible, and its leftovers are deleted by whoever finds them ([`Operations::recover_imports`]).

mod asked;
mod catalog;
mod cells;
mod choosing;
mod crediting;
mod errors;
pub(crate) mod file;
mod finish;
mod hash;
mod job;
mod moved;
mod opening;
mod opportunities;
mod orders;
mod pipeline;
mod recovery;
mod refer;
mod registers;
mod rowid;
mod targets;
mod undo;

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use asked::{Custody, NewImport, Origin, Upload};
pub(crate) use crediting::{Creditable, Crediting};
use domain::access::Permission;
use domain::event::Event;
use domain::format::Lang;
use domain::id::ImportId;
use domain::import::{
    Choices, Counts, Failure, FileView, Fix, Kind, Landing, LeftOut, Options, OptionsError, Status, View,
};
pub use errors::escape;
use serde::{Deserialize, Serialize};
use store::import::Import;
use store::slot::Slot;

use crate::scope::require;
use crate::{Error, Operations, Scope, clock};

/// The request as stored with the import.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Request {
    files: Vec<RequestFile>,
    options: Options,
    #[serde(default)]
    fixes: Vec<Fix>,
    #[serde(default)]
    drops: Vec<LeftOut>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct RequestFile {
    name: String,
    path: PathBuf,
    custody: Custody,
    kind: Option<Kind>,
    mapping: BTreeMap<String, String>,
}

/// What came of it, as stored with the import.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Outcome {
    files: Vec<FileView>,
    failure: Option<Failure>,
    #[serde(default)]
    targets: Vec<Landing>,
}

impl Operations {
    /// Whether this actor may import; asked before an upload is read.
    pub fn may_import(&self, scope: &Scope) -> Result<(), Error> {
        require(scope, Permission::Import)
    }

    /// Takes files in and starts to import them; the answer comes at once, the work goes on. For planners.
    pub async fn start_import(&self, scope: &Scope, wanted: NewImport) -> Result<View, Error> {
        let id = self.queue_import(scope, wanted).await?;
        self.spawn_import(scope, id);
        self.import(scope, id).await
    }

    /// Takes files in and imports them before it answers: for the command line.
    pub async fn import_now(&self, scope: &Scope, wanted: NewImport) -> Result<View, Error> {
        let id = self.queue_import(scope, wanted).await?;
        self.run_import(scope, id).await?;
        self.import(scope, id).await
    }

    /// Writes what a dry run has checked, with what the person chose meanwhile; the work goes on after the answer.
    pub async fn commit_import(&self, scope: &Scope, id: ImportId, choices: Choices) -> Result<View, Error> {
        self.requeue_import(scope, id, choices, DryRun::No).await?;
        self.spawn_import(scope, id);
        self.import(scope, id).await
    }

    /// Checks again what a dry run has checked, with what the person chose meanwhile.
    pub async fn recheck_import(&self, scope: &Scope, id: ImportId, choices: Choices) -> Result<View, Error> {
        self.requeue_import(scope, id, choices, DryRun::Yes).await?;
        self.spawn_import(scope, id);
        self.import(scope, id).await
    }

    /// How an import stands.
    pub async fn import(&self, scope: &Scope, id: ImportId) -> Result<View, Error> {
        require(scope, Permission::Import)?;
        let import = store::import::get(&self.database.reader(), scope, id).await?;
        self.view(scope, import).await
    }

    /// The latest imports, newest first, at most `limit` (200).
    pub async fn imports(&self, scope: &Scope, limit: u32) -> Result<Vec<View>, Error> {
        require(scope, Permission::Import)?;
        let imports = store::import::list(&self.database.reader(), scope, limit.min(200)).await?;
        let mut views = Vec::with_capacity(imports.len());
        for import in imports {
            // A list tells how its imports ended; what was put right in them is told of one at a time.
            views.push(View {
                fixes: Vec::new(),
                drops: Vec::new(),
                ..self.view(scope, import).await?
            });
        }
        Ok(views)
    }

    /// An import as people see it; an undo bears the names of what it takes back.
    async fn view(&self, scope: &Scope, import: Import) -> Result<View, Error> {
        let undone = match import.undoes {
            Some(id) => Some(store::import::get(&self.database.reader(), scope, id).await?),
            None => None,
        };
        let request: Request = parse(undone.as_ref().map_or(&import.request, |undone| &undone.request))?;
        let names = request.files.into_iter().map(|file| file.name).collect();
        let took_back = undone.map(view).transpose()?.map(|undone| undone.counts);
        Ok(View {
            names,
            took_back,
            ..view(import)?
        })
    }

    /// Stops an import; what it wrote never becomes visible. A conflict where it is at its end already.
    pub async fn cancel_import(&self, scope: &Scope, id: ImportId) -> Result<View, Error> {
        require(scope, Permission::Import)?;
        let writer = self.database.writer().await?;
        let mut import = store::import::get(&writer, scope, id).await?;
        match import.status {
            Status::Queued => {
                import.status = Status::Cancelled;
                import.ended_at_ms = Some(clock::now_ms());
                store::import::update(&writer, scope, &import).await?;
                store::outbox::append(&writer, scope, &Event::ImportDone { import: id }).await?;
            }
            Status::Running if import.undoes.is_none() => {
                store::import::ask_to_stop(&writer, scope, id).await?;
            }
            _ => {
                return Err(Error::conflict(
                    "import_ended",
                    "导入已经结束，不能取消。可以撤销已完成的导入。",
                    "The import has ended and cannot be stopped; a finished one can be undone.",
                ));
            }
        }
        writer.commit().await?;
        self.import(scope, id).await
    }

    /// Where uploaded files lie until they are imported.
    pub fn import_folder(&self) -> PathBuf {
        self.files.join("imports")
    }

    /// Where a file lies that was uploaded for an import and still waits.
    pub(crate) async fn imported_file(
        &self,
        scope: &Scope,
        id: ImportId,
        name: &str,
    ) -> Result<PathBuf, Error> {
        require(scope, Permission::Import)?;
        let import = store::import::get(&self.database.reader(), scope, id).await?;
        let request: Request = parse(&import.request)?;
        request
            .files
            .into_iter()
            .find(|file| file.name == name && file.custody == Custody::Ours && file.path.exists())
            .map(|file| file.path)
            .ok_or(Error::NotFound("file"))
    }

    async fn queue_import(&self, scope: &Scope, wanted: NewImport) -> Result<ImportId, Error> {
        require(scope, Permission::Import)?;
        if wanted.uploads.is_empty() {
            return Err(Error::invalid_field(
                "no_file",
                "file",
                "请选择文件。",
                "Choose a file.",
            ));
        }
        check_aliases(&wanted.options, wanted.kind)?;
        let organization = store::organization::get(&self.database.reader(), scope).await?;
        if let Some(currency) = &wanted.options.currency
            && *currency != organization.currency.code
        {
            let code = &organization.currency.code;
            return Err(Error::invalid_field(
                "other_currency",
                "currency",
                format!("金额须为本组织的币种 {code}，暂不支持换算 {currency}。"),
                format!(
                    "Amounts must be in the organization's currency {code}; {currency} is not converted."
                ),
            ));
        }
        let request = Request {
            files: wanted
                .uploads
                .into_iter()
                .map(|upload| RequestFile {
                    name: upload.name,
                    path: upload.path,
                    custody: upload.custody,
                    kind: wanted.kind,
                    mapping: wanted.mapping.clone(),
                })
                .collect(),
            options: wanted.options,
            ..Request::default()
        };
        let id = ImportId(clock::new_id());
        let import = Import {
            id,
            slot: Slot::default(),
            origin: wanted.origin.as_str().to_owned(),
            status: Status::Queued,
            stopping: false,
            request: json(&request)?,
            report: json(&Outcome::default())?,
            rows_read: 0,
            rows_total: 0,
            undoes: None,
            undone: false,
            actor_name: scope.actor.name().to_owned(),
            actor: scope.actor.user(),
            created_at_ms: clock::now_ms(),
            beat_at_ms: clock::now_ms(),
            ended_at_ms: None,
        };
        let writer = self.database.writer().await?;
        store::import::insert(&writer, scope, &import).await?;
        writer.commit().await?;
        Ok(id)
    }

    async fn requeue_import(
        &self,
        scope: &Scope,
        id: ImportId,
        choices: Choices,
        dry_run: DryRun,
    ) -> Result<(), Error> {
        require(scope, Permission::Import)?;
        check_aliases(&choices.options, None)?;
        let writer = self.database.writer().await?;
        let mut import = store::import::get(&writer, scope, id).await?;
        let mut request: Request = parse(&import.request)?;
        let again = import.status == Status::Failed && import.undoes.is_none();
        if !(again || import.status == Status::Done && request.options.dry_run) {
            return Err(Error::conflict(
                "import_not_checked",
                "只有检查过、尚未写入的导入可以继续。",
                "Only an import that was checked and not yet written can be continued.",
            ));
        }
        if request.files.iter().any(|file| !file.path.exists()) {
            return Err(Error::conflict(
                "import_files_gone",
                "上传的文件已不在，请重新上传。",
                "The uploaded files are gone; upload them again.",
            ));
        }
        request.options = Options {
            dry_run: dry_run == DryRun::Yes,
            ..choices.options
        };
        for file in &mut request.files {
            if let Some(kind) = choices.kinds.get(&file.name)
                && file.kind != Some(*kind)
            {
                // Columns of another kind of file: they map themselves anew.
                file.kind = Some(*kind);
                file.mapping.clear();
            }
            if let Some(mapping) = choices.mappings.get(&file.name) {
                file.mapping.clone_from(mapping);
            }
        }
        request.fixes = choices.fixes;
        request.drops = choices.drops;
        import.request = json(&request)?;
        import.status = Status::Queued;
        import.rows_read = 0;
        import.ended_at_ms = None;
        import.beat_at_ms = clock::now_ms();
        store::import::forget_rejected(&writer, scope, id).await?;
        store::import::update(&writer, scope, &import).await?;
        Ok(writer.commit().await?)
    }

    /// Runs a queued import on a task of its own; how it ends is found in its row.
    fn spawn_import(&self, scope: &Scope, id: ImportId) {
        let (operations, scope) = (self.clone(), scope.clone());
        tokio::spawn(async move {
            if let Err(error) = operations.run_import(&scope, id).await {
                tracing::error!(%id, %error, "import");
            }
        });
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum DryRun {
    Yes,
    No,
}

fn check_aliases(options: &Options, kind: Option<Kind>) -> Result<(), Error> {
    let words = |error: OptionsError| {
        let (zh, en) = (error.words(Lang::ZhCn), error.words(Lang::En));
        Error::invalid_field("unknown_alias_field", "options", zh, en)
    };
    options.check_aliases(kind).map_err(words)
}

/// The names of the files of an import.
pub(crate) fn file_names(import: &Import) -> Result<Vec<String>, Error> {
    let request: Request = parse(&import.request)?;
    Ok(request.files.into_iter().map(|file| file.name).collect())
}

/// An import as its own row tells it.
fn view(import: Import) -> Result<View, Error> {
    let request: Request = parse(&import.request)?;
    let outcome: Outcome = parse(&import.report)?;
    let mut counts = Counts::default();
    for report in outcome.files.iter().filter_map(|file| file.report.as_ref()) {
        counts.read += report.counts.read;
        counts.created += report.counts.created;
        counts.updated += report.counts.updated;
        counts.unchanged += report.counts.unchanged;
        counts.rejected += report.counts.rejected;
    }
    if !import.status.is_final() {
        counts.read = import.rows_read.max(0).unsigned_abs();
    }
    Ok(View {
        id: import.id,
        status: import.status,
        counts,
        total: import.rows_total.max(0).unsigned_abs(),
        origin: import.origin,
        actor_name: import.actor_name,
        created_at_ms: import.created_at_ms,
        ended_at_ms: import.ended_at_ms,
        undone: import.undone,
        undoes: import.undoes,
        took_back: None,
        options: request.options,
        fixes: request.fixes,
        drops: request.drops,
        names: Vec::new(),
        files: outcome.files,
        failure: outcome.failure,
        targets: outcome.targets,
    })
}

fn json<T: Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Internal(error.to_string()))
}

fn parse<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error::Internal(format!("stored import: {error}")))
}
