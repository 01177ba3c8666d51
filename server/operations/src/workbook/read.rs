//! Reading a workbook that came back: whose it is, and its rows as they stand.

use std::ops::ControlFlow;
use std::path::Path;

use domain::format::Lang;
use domain::id::{NodeId, PlanId, VersionId};
use domain::import::FileProblem;

use super::levels::{self, LevelSheet};
use super::marks::{Marks, Unmarked};
use super::write::ID;
use crate::Error;
use crate::import::file::{Unreadable, sheet_rows};

/// Most rows of a sheet that are read.
const MOST_ROWS: usize = 200_000;
/// Most bytes of text of a sheet that are kept: a small file may repeat a long text in every row.
const MOST_BYTES: usize = 128 << 20;

/// A sheet of targets.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) plan: PlanId,
    pub(super) version: VersionId,
    pub(super) head: u64,
    /// The headings.
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Row>,
    /// The levels beside them; none where their sheet is gone.
    pub(super) levels: Option<LevelSheet>,
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

/// Reads the marks and the sheets they name. Blocks.
pub(super) fn read(path: &Path, name: &str) -> Result<Sheet, Error> {
    let (marks, names) = Marks::read(path, name).map_err(unmarked)?;
    let levels = levels::read(path, &marks, &names).map_err(unreadable)?;
    // A sheet that was renamed is the first of the others.
    let named = names.iter().find(|name| **name == marks.sheet);
    let sheet = named.or_else(|| names.first()).ok_or_else(no_export)?;
    let mut found = Sheet {
        plan: marks.plan,
        version: marks.version,
        head: marks.head,
        header: Vec::new(),
        rows: Vec::new(),
        levels,
    };
    let mut id = None;
    let (mut too_many, mut too_long, mut bytes) = (false, false, 0);
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
        // What stands beyond the headings is somebody's own and nothing that is read.
        let mut cells = row.to_cells();
        cells.truncate(found.header.len());
        let node = id.and_then(|column| cells.get(column)?.parse().ok());
        if cells.iter().any(|cell| !cell.is_empty()) {
            bytes += cells.iter().map(String::len).sum::<usize>();
            found.rows.push(Row {
                number: row.number,
                node,
                cells,
            });
        }
        too_many = found.rows.len() > MOST_ROWS;
        too_long = bytes > MOST_BYTES;
        if too_many || too_long {
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
    if too_long {
        let most = MOST_BYTES >> 20;
        return Err(Error::invalid_field(
            "too_much_text",
            "file",
            format!("目标表里的文字超过 {most} MB，不像一份计划。"),
            format!("The sheet of targets has more than {most} MB of text, which is no plan."),
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

fn unmarked(error: Unmarked) -> Error {
    let most = Unmarked::SHEETS;
    match error {
        Unmarked::Foreign => no_export(),
        Unmarked::Sheets => Error::invalid_field(
            "too_many_sheets",
            "file",
            format!("文件里的工作表超过 {most} 个。请只保留从这里导出的那几个。"),
            format!("The workbook has more than {most} sheets. Keep those that were exported here."),
        ),
        Unmarked::Unreadable(error) => unreadable(error),
    }
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
