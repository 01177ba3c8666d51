//! Reading a workbook that came back: whose it is, and its rows as they stand.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use domain::format::Lang;
use domain::id::{NodeId, PlanId, VersionId};
use domain::import::FileProblem;

use super::write::{FORMAT, ID, MARKS};
use crate::Error;
use crate::import::file::{Unreadable, is_workbook, sheet_rows, sheets};

/// Most rows of a sheet that are read.
const MOST_ROWS: usize = 200_000;

/// A sheet of targets.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) plan: PlanId,
    pub(super) version: VersionId,
    pub(super) head: u64,
    /// The headings.
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Row>,
}

/// One of its rows.
#[derive(Debug)]
pub(super) struct Row {
    /// As spreadsheets count.
    pub(super) number: u64,
    /// Its id, as far as it is one.
    pub(super) node: Option<NodeId>,
    pub(super) cells: Vec<String>,
}

/// Reads the marks and the sheet they name. Blocks.
pub(super) fn read(path: &Path, name: &str) -> Result<Sheet, Error> {
    if !is_workbook(path, name).map_err(unreadable)? {
        return Err(no_export());
    }
    let names = sheets(path).map_err(unreadable)?;
    if !names.iter().any(|name| name == MARKS) {
        return Err(no_export());
    }
    let mut marks: BTreeMap<String, String> = BTreeMap::new();
    sheet_rows(path, MARKS, &mut |row| {
        marks.insert(row.cell(0).to_owned(), row.cell(1).to_owned());
        if marks.len() < 20 {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    })
    .map_err(unreadable)?;
    let mark = |key: &str| marks.get(key).map(String::as_str).unwrap_or_default();
    let (Ok(plan), Ok(version), Ok(head)) = (
        mark("plan").parse(),
        mark("version").parse(),
        mark("head").parse(),
    ) else {
        return Err(no_export());
    };
    if mark("format") != FORMAT {
        return Err(no_export());
    }
    // A sheet that was renamed is the first of the others.
    let named = names.iter().find(|name| name.as_str() == mark("sheet"));
    let first = || names.iter().find(|name| name.as_str() != MARKS);
    let sheet = named.or_else(first).ok_or_else(no_export)?;
    let mut found = Sheet {
        plan,
        version,
        head,
        header: Vec::new(),
        rows: Vec::new(),
    };
    let mut id = None;
    let mut too_many = false;
    sheet_rows(path, sheet, &mut |row| {
        if id.is_none() {
            let cells = row.to_cells();
            id = cells.iter().position(|cell| cell == ID);
            if id.is_some() {
                found.header = cells;
            }
            // Somebody may have put a line or two above the headings.
            return if row.number < 20 || id.is_some() {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            };
        }
        let cells = row.to_cells();
        let node = id.and_then(|column| cells.get(column)?.parse().ok());
        if cells.iter().any(|cell| !cell.is_empty()) {
            found.rows.push(Row {
                number: row.number,
                node,
                cells,
            });
        }
        too_many = found.rows.len() > MOST_ROWS;
        if too_many {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })
    .map_err(unreadable)?;
    if too_many {
        return Err(Error::invalid_field(
            "too_many_rows",
            "file",
            format!("表格超过 {MOST_ROWS} 行。"),
            format!("The sheet has more than {MOST_ROWS} rows."),
        ));
    }
    if id.is_none() {
        return Err(Error::invalid_field(
            "no_id_column",
            "file",
            "表格里没有隐藏的 id 列，认不出每一行是谁。请重新导出，不要删除 A 列。",
            "The sheet has lost its hidden column \"id\", so nobody can tell whose each row is. Export it anew and keep column A.",
        ));
    }
    Ok(found)
}

/// A file that is no workbook of ours.
fn no_export() -> Error {
    Error::invalid_field(
        "no_export",
        "file",
        "这不是从这里导出的计划表格（须为 XLSX，并保留隐藏的 attain 工作表）。其他表格请到“数据 › 导入”。",
        "This is not a plan that was exported here (an XLSX file with its hidden sheet \"attain\"). Bring other tables in under Data, Import.",
    )
}

fn unreadable(error: Unreadable) -> Error {
    let problem = match error {
        Unreadable::Disk(error) => return Error::Internal(format!("a workbook: {error}")),
        Unreadable::File(FileProblem::Empty | FileProblem::HeaderOnly) => return no_export(),
        Unreadable::File(problem) => problem,
    };
    Error::invalid_field(
        "unreadable",
        "file",
        problem.words(Lang::ZhCn),
        problem.words(Lang::En),
    )
}
