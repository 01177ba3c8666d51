//! The sheet of lines: the target by product, category, channel and key account, to be read. What is changed in it does not
//! come back: lines give and take among each other, which is decided on the Target page.

use domain::format::Lang;
use domain::line::REST;
use domain::plan::NodeIndex;
use domain::target::Lines;
use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::write::{Book, Looks};
use crate::import::escape;

/// The sheet's name.
fn name(lang: Lang) -> &'static str {
    lang.pick("按来源拆分", "Lines")
}

/// Writes the sheet.
pub(super) fn write(sheet: &mut Worksheet, book: &Book, all: &[Lines]) -> Result<(), XlsxError> {
    let lang = book.lang;
    let looks = Looks::new(book.organization.currency.decimals);
    let percent = Format::new().set_num_format("0.00%");
    sheet.set_name(name(lang))?;
    let heads = [
        (lang.pick("维度", "By"), &looks.head),
        (lang.pick("名称", "Name"), &looks.head),
        (
            lang.pick("此前十二个月", "Twelve months before"),
            &looks.number_head,
        ),
        (lang.pick("目标", "Target"), &looks.number_head),
        (lang.pick("占目标", "Of target"), &looks.number_head),
        (lang.pick("锁定", "Locked"), &looks.head),
    ];
    for (column, (head, look)) in (0..).zip(heads) {
        sheet.write_string_with_format(0, column, head, look)?;
    }
    let total = book.state.grid.amount(NodeIndex(0), None);
    let mut row = 1;
    for lines in all {
        for line in &lines.lines {
            let name = match (line.key.as_str(), line.name.is_empty()) {
                (REST, _) => lang.pick("其余", "The rest").to_owned(),
                (_, true) => lang.pick("未填写", "not given").to_owned(),
                (_, false) => escape(&line.name),
            };
            sheet.write_string_with_format(row, 0, lines.by.word(lang), &looks.text)?;
            sheet.write_string_with_format(row, 1, name, &looks.text)?;
            sheet.write_number_with_format(row, 2, book.units(line.history), &looks.amount)?;
            let look = if line.locked { &looks.held } else { &looks.amount };
            sheet.write_number_with_format(row, 3, book.units(line.amount), look)?;
            if total.0 != 0 {
                sheet.write_number_with_format(row, 4, line.amount.0 as f64 / total.0 as f64, &percent)?;
            }
            if line.locked {
                sheet.write_string_with_format(row, 5, lang.pick("是", "yes"), &looks.text)?;
            }
            row += 1;
        }
    }
    sheet.set_column_width(0, 14)?;
    sheet.set_column_width(1, 32)?;
    for column in 2..=4 {
        sheet.set_column_width(column, 20)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}
