//! Opening the files of an import: what each holds, how it is read, and what is wrong with those that cannot be.

use domain::import::{
    Failure, FileProblem, FileView, Finding, Kind, Mapping, Options, Role, guess_kind, remap,
};

use super::file::{Reading, Table, Unreadable};
use super::job::{Job, Stop};
use super::{Outcome, RequestFile};
use crate::Error;
use crate::workbook::marks::Marks;

/// A file that can be read.
#[derive(Debug)]
pub(super) struct Opened {
    /// Place among the files of the request.
    pub(super) file: usize,
    pub(super) table: Table,
    pub(super) kind: Kind,
    pub(super) mapping: Mapping,
    pub(super) view: FileView,
}

impl Job {
    /// The files in the order in which they are taken over; the end of the job where one of them cannot be read.
    pub(super) async fn open(&self, outcome: &mut Outcome) -> Result<Vec<Opened>, Stop> {
        let files = self.request.files.clone();
        let options = self.request.options.clone();
        let opened = tokio::task::spawn_blocking(move || {
            let opened = files
                .iter()
                .enumerate()
                .map(|(index, file)| open(index, file, &options))
                .collect::<Vec<_>>();
            without_sheets(opened, &options)
        })
        .await?;
        let mut ready = Vec::new();
        let mut unreadable = false;
        for (index, one) in opened.into_iter().enumerate() {
            match one {
                Ok(opened) => ready.push(opened),
                Err(Refused::File(view)) => {
                    unreadable = true;
                    outcome.files.push(*view);
                }
                Err(Refused::Plan(mut view, marks)) => {
                    unreadable = true;
                    let home = self
                        .operations
                        .version_for_workbook(&self.scope, marks.plan, marks.version);
                    let version = home.await?;
                    view.problem = Some(FileProblem::PlanWorkbook { version });
                    outcome.files.push(*view);
                }
                Err(Refused::Disk(error)) => {
                    return Err(Error::Internal(format!("file {index}: {error}")).into());
                }
            }
        }
        ready.sort_by_key(|opened| (opened.kind, opened.file));
        if unreadable {
            outcome.files.extend(ready.into_iter().map(|opened| opened.view));
            return Err(Stop::Failed(Failure::Files));
        }
        Ok(ready)
    }
}

/// Why a file is not opened.
enum Refused {
    File(Box<FileView>),
    /// It is a plan that was written as a workbook here.
    Plan(Box<FileView>, Marks),
    Disk(std::io::Error),
}

/// Refuses the files where a sheet is asked for and none of them has any: an option is not left unheard.
fn without_sheets(opened: Vec<Result<Opened, Refused>>, options: &Options) -> Vec<Result<Opened, Refused>> {
    let Some(name) = &options.sheet else {
        return opened;
    };
    let text =
        |one: &Result<Opened, Refused>| one.as_ref().is_ok_and(|opened| opened.table.sheets.is_empty());
    if !opened.iter().all(text) {
        return opened;
    }
    let refuse = |opened: Opened| {
        let mut view = opened.view;
        view.problem = Some(FileProblem::NoSheets { name: name.clone() });
        Err(Refused::File(Box::new(view)))
    };
    opened.into_iter().map(|one| one.and_then(refuse)).collect()
}

fn open(index: usize, file: &RequestFile, options: &Options) -> Result<Opened, Refused> {
    let mut view = FileView {
        name: file.name.clone(),
        kind: file.kind,
        read_as: String::new(),
        sheets: Vec::new(),
        mapping: None,
        sample: Vec::new(),
        problem: None,
        report: None,
        findings: Vec::new(),
    };
    let reading = Reading {
        encoding: options.encoding,
        sheet: options.sheet.clone(),
    };
    let table = match Table::open(&file.path, &file.name, &reading) {
        Ok(table) => table,
        Err(Unreadable::Disk(error)) => return Err(Refused::Disk(error)),
        Err(Unreadable::File(problem)) => {
            if let FileProblem::NoSheet { sheets, .. } = &problem {
                view.sheets.clone_from(sheets);
            }
            view.problem = Some(problem);
            return Err(Refused::File(Box::new(view)));
        }
    };
    view.read_as = table.describe();
    view.sheets.clone_from(&table.sheets);
    view.sample.clone_from(&table.sample);
    // Whoever says what it holds is believed.
    if file.kind.is_none()
        && Marks::may_be_in(&table.sheets)
        && let Ok((marks, _)) = Marks::read(&file.path, &file.name)
    {
        return Err(Refused::Plan(Box::new(view), marks));
    }
    let Some(kind) = file.kind.or_else(|| guess_kind(&table.header)) else {
        view.problem = Some(FileProblem::UnknownKind);
        return Err(Refused::File(Box::new(view)));
    };
    let mapping = remap(kind, &table.header, &file.mapping);
    view.kind = Some(kind);
    let ignored: Vec<String> = mapping
        .columns
        .iter()
        .filter(|column| column.role == Role::Ignored && !column.header.is_empty())
        .map(|column| column.header.clone())
        .collect();
    if !ignored.is_empty() {
        view.findings.push(Finding::Ignored { headers: ignored });
    }
    view.mapping = Some(mapping.clone());
    if !mapping.is_usable() {
        return Err(Refused::File(Box::new(view)));
    }
    Ok(Opened {
        file: index,
        table,
        kind,
        mapping,
        view,
    })
}

/// The end of a job whose file broke off while it was read.
pub(super) fn broken_off(problem: Unreadable, mut view: FileView) -> Stop {
    match problem {
        Unreadable::Disk(error) => Stop::Broken(Error::Internal(error.to_string())),
        Unreadable::File(problem) => {
            view.problem = Some(problem);
            Stop::Files(Box::new(view))
        }
    }
}
