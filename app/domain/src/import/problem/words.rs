//! The sentences.

mod orders;

use crate::format::Lang;
use crate::import::{FileProblem, Problem, Reason};

pub(super) fn problem(problem: &Problem, lang: Lang) -> String {
    let mut text = match (lang, &problem.column) {
        (Lang::ZhCn, Some(column)) => format!("第 {} 行“{column}”：", problem.row),
        (Lang::ZhCn, None) => format!("第 {} 行：", problem.row),
        (Lang::En, Some(column)) => format!("Row {}, \"{column}\": ", problem.row),
        (Lang::En, None) => format!("Row {}: ", problem.row),
    };
    if !problem.value.is_empty() {
        text.push_str(&lang.pick(format!("“{}”", problem.value), format!("\"{}\": ", problem.value)));
        if lang == Lang::ZhCn {
            text.push('，');
        }
    }
    text.push_str(&said(problem, lang));
    text
}

/// The reason and the proposal.
pub(super) fn said(problem: &Problem, lang: Lang) -> String {
    let mut text = reason(&problem.reason, lang);
    if let Some(suggestion) = &problem.suggestion {
        let value = &suggestion.value;
        let proposal = match (lang, suggestion.percent) {
            (Lang::ZhCn, 100..) => format!("；可改为“{value}”"),
            (Lang::ZhCn, percent) => format!("；是否为“{value}”？相近 {percent} %"),
            (Lang::En, 100..) => format!("; use \"{value}\""),
            (Lang::En, percent) => format!("; did you mean \"{value}\" ({percent} % alike)?"),
        };
        text.push_str(&proposal);
    }
    text
}

pub(super) fn reason(reason: &Reason, lang: Lang) -> String {
    let fixed = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
    match reason {
        Reason::Missing => fixed("必填，不能为空", "required, must not be empty"),
        Reason::Amount { error } => error.words(lang),
        Reason::NegativeAmount => fixed("金额不能为负数", "the amount must not be negative"),
        Reason::Date { error } => error.words(lang),
        Reason::Percentage => fixed("不是 0 到 100 的百分比", "not a percentage from 0 to 100"),
        Reason::WholeNumber => fixed("不是有效的整数", "not a valid whole number"),
        Reason::Period => fixed(
            "不是有效的周期，应如 2017-03、2017-Q1 或 2017",
            "not a period such as 2017-03, 2017-Q1 or 2017",
        ),
        Reason::Email => fixed("不是有效的邮箱地址", "not an email address"),
        Reason::UnknownReference { noun } => lang.pick(
            format!("找不到{}", noun.label(lang)),
            format!("no {} of this name", noun.label(lang)),
        ),
        Reason::AmbiguousReference { noun, matches } => lang.pick(
            format!("有 {matches} 个同名的{}，请改用编号", noun.label(lang)),
            format!("{matches} {}s bear this name: use the id", noun.label(lang)),
        ),
        Reason::UnknownStage => fixed("未知的销售阶段", "unknown stage"),
        Reason::UnknownMetric => fixed("未知的指标", "unknown metric"),
        Reason::ClosedBeforeCreated {
            created_on,
            closed_on,
        } => lang.pick(
            format!("关闭日期 {closed_on} 早于开始日期 {created_on}"),
            format!("closed on {closed_on}, before it began on {created_on}"),
        ),
        Reason::EndsBeforeStart { starts_on, ends_on } => lang.pick(
            format!("结束日期 {ends_on} 早于开始日期 {starts_on}"),
            format!("ends on {ends_on}, before it starts on {starts_on}"),
        ),
        Reason::WonWithoutCloseDate => fixed("已赢单但没有关闭日期", "won without a close date"),
        Reason::WonWithoutAmount => fixed("已赢单但没有金额", "won without an amount"),
        Reason::Duplicate { first_row } => lang.pick(
            format!("与第 {first_row} 行重复"),
            format!("duplicate of row {first_row}"),
        ),
        Reason::HeaderDiffers { .. }
        | Reason::AmountsDisagree { .. }
        | Reason::GrossBelowNet { .. }
        | Reason::NoOrderAmount
        | Reason::NoCountedAmount { .. }
        | Reason::OrderRefused { .. }
        | Reason::TooManyLines { .. } => orders::reason(reason, lang),
        Reason::OneSubject => fixed(
            "须写明部门、产品、客户中的一个，且只能一个",
            "name exactly one: a unit, a product or a customer",
        ),
        Reason::OneFigure => fixed(
            "金额和评分须填一个，且只能一个",
            "give either a monthly figure or a rating, not both",
        ),
        Reason::Rating => fixed("不是 0 % 到 200 % 的评分", "not a rating from 0 % to 200 %"),
        Reason::InAnotherFile => fixed(
            "同时导入的另一个文件里已有",
            "another file of this import says it already",
        ),
        Reason::NoCarrier => fixed("没有写明成员或部门", "names neither a member nor a unit"),
        Reason::PeriodOverlaps { period, other } => lang.pick(
            format!("周期 {period} 与同一批里的 {other} 重叠，同一年的目标须按同一种周期填写"),
            format!("the period {period} overlaps {other} of the same import: write a year's targets by one kind of period"),
        ),
        Reason::Cycle { path } => lang.pick(
            format!("上级关系成环：{path}"),
            format!("the parents form a ring: {path}"),
        ),
        Reason::Currency { expected } => lang.pick(
            format!("币种与组织的 {expected} 不同"),
            format!("another currency than the organization's {expected}"),
        ),
        Reason::TooLong { limit } => lang.pick(
            format!("超过 {limit} 个字符"),
            format!("longer than {limit} characters"),
        ),
        Reason::ControlCharacter => fixed("含有不可见的控制字符", "holds a control character"),
        Reason::TooManyCells { expected, found } => lang.pick(
            format!("有 {found} 个单元格，而表头只有 {expected} 列"),
            format!("{found} cells, but the header has {expected} columns"),
        ),
        Reason::NotAllowed => fixed("没有权限修改这一行", "you may not change this row"),
        Reason::LeaveOverlaps { from, last } => lang.pick(
            format!("这些天里已经登记过休假：{from} 至 {last}"),
            format!("there is leave on some of these days already: {from} to {last}"),
        ),
        Reason::LeaveTooLong { limit } => lang.pick(
            format!("一次休假不超过 {limit} 天"),
            format!("leave is of at most {limit} days at once"),
        ),
    }
}

pub(super) fn file(problem: &FileProblem, lang: Lang) -> String {
    let fixed = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
    match problem {
        FileProblem::Empty => fixed("文件是空的", "The file is empty."),
        FileProblem::HeaderOnly => fixed("文件只有表头，没有数据行", "The file has a header and no rows."),
        FileProblem::WrongType { found } => lang.pick(
            format!("不支持这种文件（{found}），请使用 CSV 或 XLSX"),
            format!("This kind of file ({found}) cannot be read: use CSV or XLSX."),
        ),
        // A table under a wrong name is as good as a right one: its name is all there is to mend.
        FileProblem::Disguised { named, found } if found == "CSV" => lang.pick(
            format!("文件名是 {named}，内容却是 CSV，请把文件名改成 .csv 结尾再导入"),
            format!("The name says {named}, but the content is CSV: rename it to end in .csv and import it again."),
        ),
        FileProblem::Disguised { named, found } => lang.pick(
            format!("文件名是 {named}，内容却是 {found}，请另存为 CSV 或 XLSX"),
            format!("The name says {named}, but the content is {found}: save it again as CSV or XLSX."),
        ),
        FileProblem::CutOff { row: 0 } => fixed(
            "文件不完整或已损坏，请重新导出",
            "The file is incomplete or damaged: export it again.",
        ),
        FileProblem::CutOff { row } => lang.pick(
            format!("文件在第 {row} 行处中断，请重新导出"),
            format!("The file breaks off at row {row}: export it again."),
        ),
        FileProblem::OpenQuote { row } => lang.pick(
            format!("第 {row} 行有引号没有闭合，文件可能被截断，请重新导出"),
            format!("A quotation mark in row {row} is not closed, perhaps because the file was cut: export it again."),
        ),
        FileProblem::TooManyColumns { found, limit } => lang.pick(
            format!("有 {found} 列，最多 {limit} 列，请删去多余的列"),
            format!("{found} columns, at most {limit} can be read: remove those that are not needed."),
        ),
        FileProblem::LineTooLong { row: 0, limit } => lang.pick(
            format!("有单元格超过 {} MB", limit / 1_000_000),
            format!("A cell is longer than {} MB.", limit / 1_000_000),
        ),
        FileProblem::LineTooLong { row, limit } => lang.pick(
            format!("第 {row} 行超过 {} MB，多半是引号没有闭合", limit / 1_000_000),
            format!("Row {row} is longer than {} MB: probably a quotation mark is not closed.", limit / 1_000_000),
        ),
        FileProblem::TooLarge { limit } => lang.pick(
            format!("文件超过 {} MB，请拆成几个文件", limit / 1_000_000),
            format!("The file is larger than {} MB: split it.", limit / 1_000_000),
        ),
        FileProblem::Bomb => fixed(
            "压缩内容异常庞大，已拒绝打开",
            "The archive would unpack to far more than it weighs and was not opened.",
        ),
        FileProblem::FarCell { row, column } => lang.pick(
            format!("第 {row} 行第 {column} 列有一个远离表格的单元格，请删除后重试"),
            format!("There is a cell far outside the table, at row {row}, column {column}: delete it and try again."),
        ),
        FileProblem::Undecodable { encoding, row } => lang.pick(
            format!("第 {row} 行不是有效的 {encoding} 文本，请选择正确的编码"),
            format!("Row {row} is no valid {encoding} text: choose the right encoding."),
        ),
        FileProblem::NoSheet { name, sheets } => lang.pick(
            format!("没有名为“{name}”的工作表；有：{}", sheets.join("、")),
            format!("There is no sheet \"{name}\"; there are: {}.", sheets.join(", ")),
        ),
        FileProblem::NoSheets { name } => lang.pick(
            format!("选项 sheet 要求工作表“{name}”，但这个文件不是工作簿，没有工作表"),
            format!("The option `sheet` asks for the sheet \"{name}\", but this file is no workbook and has no sheets."),
        ),
        FileProblem::Encrypted => fixed("工作簿有密码保护，请去掉密码", "The workbook is protected: remove the password."),
        FileProblem::UnknownKind => fixed(
            "无法从表头判断这是什么数据，请选择类型",
            "The headers fit no kind of data: choose the kind.",
        ),
        FileProblem::PlanWorkbook { version: Some(_) } => fixed(
            "这是从这里导出的计划表格，请到“分解 › 更新自 Excel”查看差异后写入，不在这里导入",
            "This is a plan that was exported here: it is taken back under Split, Update from Excel, where the differences are shown first.",
        ),
        FileProblem::PlanWorkbook { version: None } => fixed(
            "这是导出的计划表格，但这里没有那个计划（可能来自另一处安装，或已删除）",
            "This is an exported plan, but that plan is not here: it may be another installation's, or gone.",
        ),
    }
}
