//! The sheet of levels: floor, target, stretch and challenge of the whole plan, each as a ratio of the target or an amount, and
//! what comes back of it.

use std::ops::ControlFlow;
use std::path::Path;

use domain::access::Permission;
use domain::assumption::PlanningQuery;
use domain::format::Lang;
use domain::id::VersionId;
use domain::level::{Decided, Given, Level, LevelError, Value};
use domain::money::{AmountStyle, Currency, parse_minor, parse_ratio};
use domain::plan::{Grid, NodeIndex};
use domain::workbook::{LevelChange, LevelEntered, Note};
use rust_xlsxwriter::{Format, Formula, Worksheet, XlsxError};
use serde_json::json;

use super::marks::Marks;
use super::write::{Book, FIRST_TOTAL, ID, Looks, total_heading};
use crate::import::file::{Unreadable, sheet_rows};
use crate::plan::state::{self, State};
use crate::scope::require;
use crate::{Error, Operations, Scope, assumption, target};

/// Columns of the sheet: whose id, its name, the decided ratio or amount, and what it comes to.
const LEVEL: u16 = 1;
const RATIO: u16 = 2;
const AMOUNT: u16 = 3;
const COMES_TO: u16 = 4;
/// What a level comes to of which nothing is decided.
const NOTHING: &str = domain::format::NONE;
/// Rows of the sheet that are looked at.
const MOST_ROWS: u64 = 200;

/// The name of the sheet.
pub(super) fn name(lang: Lang) -> &'static str {
    lang.pick("档位", "Levels")
}

fn ratio_heading(lang: Lang) -> &'static str {
    lang.pick("占目标", "Of target")
}

fn amount_heading(lang: Lang) -> &'static str {
    lang.pick("金额", "Amount")
}

/// Writes the sheet. Of each level either the ratio or the amount was decided, or neither; the other cell is blank.
pub(super) fn write(
    sheet: &mut Worksheet,
    book: &Book,
    decided: &Decided,
    targets: &str,
) -> Result<(), XlsxError> {
    let lang = book.lang;
    let looks = Looks::new(book.organization.currency.decimals);
    let percent = Format::new().set_num_format("0.00%");
    let heads = [
        (LEVEL, lang.pick("档位", "Level"), &looks.head),
        (RATIO, ratio_heading(lang), &looks.number_head),
        (AMOUNT, amount_heading(lang), &looks.number_head),
        (COMES_TO, total_heading(lang), &looks.number_head),
    ];
    sheet.set_name(name(lang))?;
    sheet.write_string_with_format(0, 0, ID, &looks.head)?;
    for (column, head, look) in heads {
        sheet.write_string_with_format(0, column, head, look)?;
    }
    let levels = decided.levels(&book.state.grid).ok().flatten();
    let given = decided.whole;
    let total = book.state.grid.amount(NodeIndex(0), None);
    let whole = format!("'{targets}'!{FIRST_TOTAL}");
    let decimals = book.organization.currency.decimals;
    for (row, level) in (1..).zip(Level::ALL) {
        sheet.write_string_with_format(row, 0, level.as_str(), &looks.text)?;
        sheet.write_string_with_format(row, LEVEL, level.word(lang), &looks.strong)?;
        let value = given.get(level);
        match value {
            Some(Value::Ratio { ppm }) => {
                sheet.write_number_with_format(row, RATIO, f64::from(ppm) / 1_000_000.0, &percent)?;
            }
            Some(Value::Amount { amount }) => {
                sheet.write_number_with_format(row, AMOUNT, book.units(amount), &looks.amount)?;
            }
            None => {}
        }
        if value.is_none() || matches!(value, Some(Value::Amount { .. })) {
            sheet.write_blank(
                row,
                RATIO,
                if level == Level::Target {
                    &looks.held
                } else {
                    &percent
                },
            )?;
        }
        if value.is_none() || matches!(value, Some(Value::Ratio { .. })) {
            let look = if level == Level::Target {
                &looks.held
            } else {
                &looks.amount
            };
            sheet.write_blank(row, AMOUNT, look)?;
        }
        // Where rows have something else than the plan's ratio, no formula of that ratio says what the whole comes to.
        let is_lifted = decided.counting().any(|own| own.level == level);
        if let Some(levels) = levels.as_ref().filter(|_| is_lifted) {
            let amount = book.units(levels.amount(level, NodeIndex(0), None));
            sheet.write_number_with_format(row, COMES_TO, amount, &looks.sum)?;
            continue;
        }
        let line = row + 1;
        let (formula, amount) = if level == Level::Target {
            (format!("={whole}"), Some(total))
        } else {
            let formula = format!(
                "=IF(C{line}<>\"\",ROUND({whole}*C{line},{decimals}),IF(D{line}<>\"\",D{line},\"{NOTHING}\"))"
            );
            let amount = value.and_then(|_| Some(levels.as_ref()?.amount(level, NodeIndex(0), None)));
            (formula, amount)
        };
        let shown = amount.map_or_else(|| NOTHING.to_owned(), |amount| book.text(amount));
        let formula = Formula::new(formula).set_result(shown);
        sheet.write_formula_with_format(row, COMES_TO, formula, &looks.sum)?;
    }
    let note = lang.pick(
        "每档填比例或金额之一；空白不会取消已定的档位。目标行只供对照。",
        "Each level has a ratio or an amount. A blank one takes nothing back. The target stands here for reading.",
    );
    sheet.write_string(6, LEVEL, note)?;
    sheet.set_column_hidden(0)?;
    sheet.set_column_width(LEVEL, 14)?;
    for column in RATIO..=COMES_TO {
        sheet.set_column_width(column, 18)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// What a row of the sheet says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// As spreadsheets count.
    row: u64,
    level: Level,
    ratio: String,
    amount: String,
}

/// The sheet as it came back, with the name it has.
#[derive(Debug)]
pub(super) struct LevelSheet {
    name: String,
    lines: Vec<Line>,
    /// What was decided when it was written.
    written: Given,
}

/// Reads the sheet that the marks name; none where it is not there any more. Blocks.
pub(super) fn read(path: &Path, marks: &Marks, names: &[String]) -> Result<Option<LevelSheet>, Unreadable> {
    let Some(name) = marks.levels.as_ref().filter(|name| names.contains(name)) else {
        return Ok(None);
    };
    let mut lines: Vec<Line> = Vec::new();
    let mut places: Option<[Option<usize>; 3]> = None;
    sheet_rows(path, name, &mut |row| {
        if row.number > MOST_ROWS {
            return ControlFlow::Break(());
        }
        match places {
            None => {
                let headed = |heads: &dyn Fn(&str) -> bool| (0..row.len()).find(|at| heads(row.cell(*at)));
                let id = headed(&|head| head == ID);
                if id.is_some() {
                    let any = |of: fn(Lang) -> &'static str| {
                        headed(&|head| Lang::ALL.iter().any(|lang| head == of(*lang)))
                    };
                    places = Some([id, any(ratio_heading), any(amount_heading)]);
                }
            }
            Some([id, ratio, amount]) => {
                let cell = |place: Option<usize>| place.map(|place| row.cell(place)).unwrap_or_default();
                if let Some(level) = Level::parse(cell(id)) {
                    lines.push(Line {
                        row: row.number,
                        level,
                        ratio: cell(ratio).to_owned(),
                        amount: cell(amount).to_owned(),
                    });
                }
            }
        }
        ControlFlow::Continue(())
    })?;
    Ok(Some(LevelSheet {
        name: name.clone(),
        lines,
        written: marks.given,
    }))
}

/// The levels that differ from those of now, why they cannot be had, and what else is to be known.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) changes: Vec<LevelChange>,
    pub(super) fault: Option<LevelError>,
    pub(super) notes: Vec<Note>,
}

impl LevelSheet {
    /// Compares with what is decided now; `after`: the amounts with every change that can be had.
    pub(super) fn compare(&self, now: &Decided, currency: &Currency, after: &Grid) -> Found {
        let mut found = Found::default();
        let with_rows = |whole: Given| Decided {
            whole,
            rows: now.rows.clone(),
        };
        let now = now.whole;
        let mut all = now;
        let mut unmoved = now;
        for line in &self.lines {
            if found.changes.iter().any(|change| change.level == line.level) {
                continue;
            }
            if line.level == Level::Target {
                if !line.ratio.is_empty() || !line.amount.is_empty() {
                    found.notes.push(Note::TargetAmongLevels { row: line.row });
                }
                continue;
            }
            let written = self.written.get(line.level);
            let Some(value) = self.said(line, currency, written, &mut found.notes) else {
                continue;
            };
            let before = now.get(line.level);
            if Some(value) == written || Some(value) == before {
                continue;
            }
            let moved = before != written;
            all = all.with(line.level, Some(value));
            if !moved {
                unmoved = unmoved.with(line.level, Some(value));
            }
            found.changes.push(LevelChange {
                level: line.level,
                before,
                after: value,
                amount: None,
                moved,
            });
        }
        if found.changes.is_empty() {
            return found;
        }
        match with_rows(unmoved).levels(after) {
            Ok(_) => {
                let levels = with_rows(all).levels(after).ok().flatten();
                for change in &mut found.changes {
                    let amount =
                        |levels: &domain::level::Levels| levels.amount(change.level, NodeIndex(0), None);
                    change.amount = levels.as_ref().map(amount);
                }
            }
            Err(fault) => found.fault = Some(fault),
        }
        found
    }

    /// What a line says; none where it says nothing, or nothing that can be read.
    fn said(
        &self,
        line: &Line,
        currency: &Currency,
        written: Option<Value>,
        notes: &mut Vec<Note>,
    ) -> Option<Value> {
        let mut read = |head: fn(Lang) -> &'static str, text: &str, of: &dyn Fn(&str) -> _| {
            if text.is_empty() {
                return None;
            }
            match of(text) {
                Ok(value) => Some(value),
                Err(error) => {
                    // The heading as the sheet has it: its name tells the language.
                    let lang = Lang::ALL.into_iter().find(|lang| self.name == name(*lang));
                    notes.push(Note::NotAnAmount {
                        row: line.row,
                        column: format!("{} / {}", self.name, head(lang.unwrap_or_default())),
                        text: text.chars().take(40).collect(),
                        error,
                    });
                    None
                }
            }
        };
        let ratio = read(ratio_heading, &line.ratio, &|text| {
            parse_ratio(text).map(|ppm| Value::Ratio { ppm })
        });
        let style = AmountStyle::default().in_currency(&currency.code);
        let amount = read(amount_heading, &line.amount, &|text| {
            parse_minor(text, currency, style).map(|amount| Value::Amount { amount })
        });
        match (ratio, amount) {
            (Some(ratio), Some(amount)) => {
                // Somebody typed the one beside the other: what was there before is not what they mean.
                if Some(ratio) == written {
                    Some(amount)
                } else if Some(amount) == written {
                    Some(ratio)
                } else {
                    notes.push(Note::LevelTwice {
                        row: line.row,
                        level: line.level,
                    });
                    None
                }
            }
            (one, other) => one.or(other),
        }
    }
}

impl Operations {
    /// What is decided of a version's levels now, of the whole and of rows.
    pub(super) async fn levels_of(&self, scope: &Scope, version: VersionId) -> Result<Decided, Error> {
        let planning = self.planning(scope, &PlanningQuery::of(version)).await?;
        let reader = self.database.reader();
        let whole = match assumption::find(&reader, scope, &planning).await? {
            Some(set) => store::level::get(&reader, scope, set).await?,
            None => Given::default(),
        };
        let rows = store::row_level::list(&reader, &state::all(scope), version).await?;
        Ok(target::with_rows(whole, &rows))
    }

    /// Whether the levels still are what they were compared with.
    pub(super) async fn check_levels(
        &self,
        scope: &Scope,
        version: VersionId,
        levels: &[LevelEntered],
    ) -> Result<(), Error> {
        unmoved(&self.levels_of(scope, version).await?.whole, levels)
    }

    /// Decides levels of a draft as a workbook says.
    pub(super) async fn enter_levels(
        &self,
        scope: &Scope,
        version: VersionId,
        levels: &[LevelEntered],
        name: Option<&str>,
    ) -> Result<(), Error> {
        require(scope, Permission::EditPlan)?;
        let planning = self.planning(scope, &PlanningQuery::of(version)).await?;
        let writer = self.database.writer().await?;
        let row = target::lock(&writer, scope, version).await?;
        let state = State::load(&writer, &state::all(scope), row).await?;
        let set = assumption::open(&writer, scope, &planning).await?;
        let now = store::level::get(&writer, scope, set).await?;
        unmoved(&now, levels)?;
        let given = levels
            .iter()
            .fold(now, |given, level| given.with(level.level, Some(level.after)));
        let rows = store::row_level::list(&writer, &state::all(scope), version).await?;
        target::with_rows(given, &rows)
            .levels(&state.grid)
            .map_err(|refusal| target::level_refused_at(state.grid.shape(), &refusal, &planning.currency))?;
        store::level::put(&writer, scope, set, &given).await?;
        let total = state.grid.amount(NodeIndex(0), None);
        let detail = json!({ "levels": given, "total": total, "workbook": name });
        target::changed(writer, scope, "target.levels", version, &detail).await
    }
}

fn unmoved(now: &Given, levels: &[LevelEntered]) -> Result<(), Error> {
    let moved = levels.iter().any(|level| now.get(level.level) != level.before);
    if moved {
        return Err(super::moved());
    }
    Ok(())
}

/// Levels out of order, said once amounts are written already.
pub(super) fn not_taken(error: Error) -> Error {
    match error {
        Error::Conflict(refusal) => Error::conflict(
            "levels_not_taken",
            format!("数字已写入，档位没有写入：{}", refusal.words.zh),
            format!(
                "The amounts were written, the levels were not: {}",
                refusal.words.en
            ),
        ),
        other => other,
    }
}
