//! Writing a version as a workbook: the targets as a tree, what it is, and hidden marks by which it finds its way back.

use std::collections::HashMap;

use domain::calendar::Day;
use domain::format::{self, Lang};
use domain::level::Decided;
use domain::money::Minor;
use domain::org::level_name;
use domain::plan::{NodeIndex, PeriodIndex};
use domain::target::{Lines, VersionStatus};
use rust_xlsxwriter::{Color, ExcelDateTime, Format, FormatBorder, Formula, Workbook, Worksheet, XlsxError};
use store::organization::Organization;

use super::marks::Marks;
use super::{levels, lines};
use crate::import::escape;
use crate::plan::hex;
use crate::plan::state::State;

/// The heading of the column with the ids, which is hidden.
pub(super) const ID: &str = "id";
/// Columns before the amounts: id, path, level, name.
const BEFORE: u16 = 4;
/// Ranges of one sum; a parent whose children lie further apart gets its number.
const MOST_RANGES: usize = 60;
/// Rows below the heading at which amounts start.
const FIRST: u32 = 1;
/// Where the total of the whole plan stands: the first row's.
pub(super) const FIRST_TOTAL: &str = "$E$2";

/// The heading of the totals.
pub(super) fn total_heading(lang: Lang) -> &'static str {
    lang.pick("合计", "Total")
}

/// What is written.
pub(super) struct Book {
    pub(super) state: State,
    /// The rows that are shown, ascending.
    pub(super) rows: Vec<NodeIndex>,
    pub(super) organization: Organization,
    pub(super) as_of: Day,
    pub(super) by: String,
    pub(super) lang: Lang,
    /// What is decided of the levels, for who plans; none for who only looks at numbers.
    pub(super) levels: Option<Decided>,
    /// The target by line, for the same.
    pub(super) lines: Vec<Lines>,
}

/// How cells look.
pub(super) struct Looks {
    pub(super) head: Format,
    pub(super) number_head: Format,
    pub(super) amount: Format,
    pub(super) sum: Format,
    pub(super) held: Format,
    pub(super) text: Format,
    pub(super) strong: Format,
}

impl Looks {
    pub(super) fn new(decimals: u8) -> Self {
        let pattern = match decimals {
            0 => "#,##0".to_owned(),
            decimals => format!("#,##0.{}", "0".repeat(usize::from(decimals))),
        };
        let head = Format::new()
            .set_bold()
            .set_border_bottom(FormatBorder::Thin)
            .set_quote_prefix();
        let amount = Format::new().set_num_format(pattern);
        Self {
            number_head: head.clone().set_align(rust_xlsxwriter::FormatAlign::Right),
            head,
            sum: amount.clone().set_bold(),
            held: amount.clone().set_background_color(Color::RGB(0x00E6_E8EC)),
            amount,
            text: Format::new().set_quote_prefix(),
            strong: Format::new().set_bold().set_quote_prefix(),
        }
    }
}

impl Book {
    /// The plan's name and the version's number.
    pub(super) fn file_name(&self) -> String {
        let plan: String = self
            .state
            .plan
            .name
            .chars()
            .map(|sign| {
                if sign.is_control() || "\\/:*?\"<>|".contains(sign) {
                    '-'
                } else {
                    sign
                }
            })
            .collect();
        format!("{plan} v{}.xlsx", self.state.version.number)
    }

    /// The workbook's bytes.
    pub(super) fn write(&self) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let targets = self.lang.pick("目标", "Targets");
        self.targets(workbook.add_worksheet().set_name(targets)?)?;
        let levels = self.levels.as_ref();
        let levels = levels.filter(|_| self.rows.first() == Some(&NodeIndex(0)));
        if let Some(decided) = levels {
            levels::write(workbook.add_worksheet(), self, decided, targets)?;
        }
        if levels.is_some() && !self.lines.is_empty() {
            lines::write(workbook.add_worksheet(), self, &self.lines)?;
        }
        let about = self.lang.pick("说明", "About");
        self.about(workbook.add_worksheet().set_name(about)?)?;
        let marks = Marks {
            plan: self.state.plan.id,
            version: self.state.version.id,
            head: self.state.head,
            sheet: targets.to_owned(),
            levels: levels.map(|_| levels::name(self.lang).to_owned()),
            given: levels.map(|decided| decided.whole).unwrap_or_default(),
        };
        marks.write(workbook.add_worksheet())?;
        workbook.save_to_buffer()
    }

    fn targets(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let looks = Looks::new(self.organization.currency.decimals);
        let lang = self.lang;
        let shape = self.state.grid.shape();
        let periods = &self.state.plan.periods;
        let heads = [
            ID,
            lang.pick("路径", "Path"),
            lang.pick("层级", "Level"),
            lang.pick("名称", "Name"),
        ];
        for (column, head) in (0..).zip(heads) {
            sheet.write_string_with_format(0, column, head, &looks.head)?;
        }
        sheet.write_string_with_format(0, BEFORE, total_heading(lang), &looks.number_head)?;
        for (column, period) in (BEFORE + 1..).zip(periods) {
            sheet.write_string_with_format(0, column, format::period(period, lang), &looks.number_head)?;
        }
        let last = BEFORE + periods.len() as u16;
        let places: HashMap<NodeIndex, u32> = self.rows.iter().copied().zip(FIRST..).collect();
        for (node, row) in self.rows.iter().copied().zip(FIRST..) {
            let Some(of) = self.state.node(node) else { continue };
            let path: Vec<&str> = shape.ancestors(node).map(|above| shape.name(above)).collect();
            let path: Vec<&str> = path.into_iter().rev().collect();
            let inner = !shape.is_leaf(node);
            let depth = shape.depth(node).min(12);
            let name = if inner { &looks.strong } else { &looks.text };
            let name = name.clone().set_indent(depth);
            sheet.write_string_with_format(row, 0, of.id.to_string(), &looks.text)?;
            sheet.write_string_with_format(row, 1, escape(&path.join(" / ")), &looks.text)?;
            sheet.write_string_with_format(row, 2, escape(level_name(&of.level, lang)), &looks.text)?;
            sheet.write_string_with_format(row, 3, escape(shape.name(node)), &name)?;
            let sums = self.ranges(node, &places);
            for (column, period) in (BEFORE + 1..).zip((0..periods.len() as u16).map(PeriodIndex)) {
                let amount = self.state.grid.amount(node, Some(period));
                let look = self.look(&looks, node, Some(period));
                match &sums {
                    Some(ranges) => {
                        let hedge = self.state.grid.hedge(node, Some(period));
                        let formula = self.sum(ranges, column, hedge, amount);
                        sheet.write_formula_with_format(row, column, formula, look)?;
                    }
                    None => {
                        sheet.write_number_with_format(row, column, self.units(amount), look)?;
                    }
                }
            }
            let total = self.state.grid.amount(node, None);
            let (from, to) = (letters(BEFORE + 1), letters(last));
            let line = row + 1;
            let formula = Formula::new(format!("=SUM({from}{line}:{to}{line})")).set_result(self.text(total));
            sheet.write_formula_with_format(row, BEFORE, formula, self.look(&looks, node, None))?;
        }
        sheet.set_column_hidden(0)?;
        sheet.set_column_width(1, 28)?;
        sheet.set_column_width(2, 11)?;
        sheet.set_column_width(3, 24)?;
        for column in BEFORE..=last {
            sheet.set_column_width(column, 16)?;
        }
        sheet.set_freeze_panes(1, BEFORE)?;
        Ok(())
    }

    /// How an amount looks: held ones are grey.
    fn look<'a>(&self, looks: &'a Looks, node: NodeIndex, period: Option<PeriodIndex>) -> &'a Format {
        if self.state.grid.constraint(node, period).lock.is_some() {
            &looks.held
        } else if period.is_none() || !self.state.grid.shape().is_leaf(node) {
            &looks.sum
        } else {
            &looks.amount
        }
    }

    /// The rows of a node's children as ranges, where all of them are in the sheet and lie close enough.
    fn ranges(&self, node: NodeIndex, places: &HashMap<NodeIndex, u32>) -> Option<Vec<(u32, u32)>> {
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for child in self.state.grid.shape().children(node) {
            let row = *places.get(&child)?;
            match ranges.last_mut() {
                Some((_, to)) if *to + 1 == row => *to = row,
                _ => ranges.push((row, row)),
            }
        }
        Some(ranges).filter(|ranges| (1..=MOST_RANGES).contains(&ranges.len()))
    }

    /// The sum of ranges of a column less the hedge, with what it comes to.
    fn sum(&self, ranges: &[(u32, u32)], column: u16, hedge: Minor, amount: Minor) -> Formula {
        let column = letters(column);
        let part = |(from, to): &(u32, u32)| {
            if from == to {
                format!("{column}{}", from + 1)
            } else {
                format!("{column}{}:{column}{}", from + 1, to + 1)
            }
        };
        let parts: Vec<String> = ranges.iter().map(part).collect();
        let less = if hedge.0 == 0 {
            String::new()
        } else {
            format!("-{}", self.text(hedge))
        };
        Formula::new(format!("=SUM({}){less}", parts.join(","))).set_result(self.text(amount))
    }

    pub(super) fn units(&self, amount: Minor) -> f64 {
        amount.0 as f64 / self.organization.currency.minor_per_unit() as f64
    }

    /// An amount exactly, as a formula writes it.
    pub(super) fn text(&self, amount: Minor) -> String {
        let per_unit = self.organization.currency.minor_per_unit();
        let decimals = usize::from(self.organization.currency.decimals.min(4));
        let (units, rest) = (amount.0 / per_unit, (amount.0 % per_unit).abs());
        let sign = if amount.0 < 0 && units == 0 { "-" } else { "" };
        if decimals == 0 {
            format!("{units}")
        } else {
            format!("{sign}{units}.{rest:0decimals$}")
        }
    }

    fn about(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let lang = self.lang;
        let label = Format::new().set_bold().set_quote_prefix();
        let text = Format::new().set_quote_prefix();
        let version = &self.state.version;
        let status = match version.status {
            VersionStatus::Draft => lang.pick("草案", "draft"),
            VersionStatus::InReview => lang.pick("审批中", "in review"),
            VersionStatus::Published => lang.pick("已发布", "published"),
            VersionStatus::Archived => lang.pick("已归档", "archived"),
        };
        let hash = version.hash.as_ref().unwrap_or(&version.head_hash);
        let lines = [
            (lang.pick("计划", "Plan"), self.state.plan.name.clone()),
            (lang.pick("组织", "Organization"), self.organization.name.clone()),
            (lang.pick("版本", "Version"), format!("v{}", version.number)),
            (lang.pick("名称", "Name"), version.name.clone()),
            (lang.pick("状态", "Status"), status.to_owned()),
            (
                lang.pick("币种", "Currency"),
                self.organization.currency.code.clone(),
            ),
            (lang.pick("导出人", "Exported by"), self.by.clone()),
            (lang.pick("校验值", "Hash"), hex(hash)),
        ];
        let mut row = 0;
        for (key, value) in lines {
            sheet.write_string_with_format(row, 0, key, &label)?;
            sheet.write_string_with_format(row, 1, escape(&value), &text)?;
            row += 1;
        }
        sheet.write_string_with_format(row, 0, lang.pick("修改步数", "Changes"), &label)?;
        sheet.write_number(row, 1, self.state.head as f64)?;
        row += 1;
        let (year, month, day) = self.as_of.ymd();
        let date = Format::new().set_num_format("yyyy-mm-dd");
        sheet.write_string_with_format(row, 0, lang.pick("截至", "As of"), &label)?;
        match u16::try_from(year)
            .ok()
            .map(|year| ExcelDateTime::from_ymd(year, month, day))
        {
            Some(Ok(day)) => sheet.write_datetime_with_format(row, 1, day, &date)?,
            _ => sheet.write_string(row, 1, self.as_of.to_string())?,
        };
        row += 2;
        let notes = [
            lang.pick(
                "改完“目标”表里的数字后保存为 XLSX，在“分解”页选择“更新自 Excel”，先看差异再写入。",
                "Change amounts in the sheet \"Targets\", save it as XLSX, and choose \"Update from Excel\" on the Split page: the differences are shown before anything is written.",
            ),
            lang.pick(
                "上级和合计是公式，会随下级变化；空白不会清空原数；灰色的数字已锁定。",
                "Units and totals are formulas that follow what lies below. Blank cells leave amounts as they are. Grey amounts are locked.",
            ),
            lang.pick(
                "“档位”表里的保底、冲刺、挑战属于整个计划，同样可以改了再更新；撤销不包括档位。",
                "The sheet \"Levels\" has floor, stretch and challenge of the whole plan, which come back with the amounts; an undo leaves levels as they are.",
            ),
            lang.pick(
                "“按来源拆分”表供查看；要改各行，请到“目标”页。",
                "The sheet \"Lines\" is for reading: lines are changed on the Target page.",
            ),
        ];
        for note in notes {
            sheet.write_string(row, 0, note)?;
            row += 1;
        }
        sheet.set_column_width(0, 16)?;
        sheet.set_column_width(1, 48)?;
        Ok(())
    }
}

/// The letters of a column: A, B … Z, AA ….
fn letters(column: u16) -> String {
    let mut letters = Vec::new();
    let mut rest = u32::from(column) + 1;
    while rest > 0 {
        let digit = (rest - 1) % 26;
        letters.push(char::from(b'A' + digit as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn columns_have_the_letters_of_a_spreadsheet() {
        let named = [0, 25, 26, 51, 52, 701, 702].map(letters);
        assert_eq!(named, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
