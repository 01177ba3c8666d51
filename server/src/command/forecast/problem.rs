//! What is wrong with a file of series, and where.

use domain::forecast::ForecastError;
use domain::format::Lang;

/// Something that was refused.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Problem {
    /// The series it is about, where it is about one.
    pub(super) id: Option<String>,
    /// The line of the file, from 1.
    pub(super) line: Option<u64>,
    /// The column, from 1.
    pub(super) column: Option<usize>,
    /// Why.
    pub(super) cause: Cause,
}

/// Why something was refused.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cause {
    /// The file cannot be read on.
    Unreadable(String),
    /// Bytes that are no UTF-8.
    Encoding,
    /// A line, or a cell in quotation marks, without an end.
    LineTooLong {
        /// The most bytes.
        limit: u64,
    },
    /// No row with values.
    Empty,
    /// A heading that has `period` or `value`, but not all of `id`, `period` and `value`.
    NoColumn(&'static str),
    /// A row that ends before a column of the heading.
    ShortRow,
    /// More rows than are held at once.
    TooManyRows {
        /// The most.
        limit: usize,
    },
    /// More series than are told apart.
    TooManySeries {
        /// The most.
        limit: usize,
    },
    /// More values, or a longer stretch of periods, than a series may have.
    TooManyValues {
        /// The most.
        limit: usize,
    },
    /// A row without an id.
    NoId,
    /// A cell that is no number, or an infinite one.
    NotANumber(String),
    /// A cell that is no period.
    NotAPeriod(String),
    /// A period of another kind than the first of the series.
    OtherKind(String),
    /// A period that the series had before.
    SamePeriod {
        /// The line where it was first.
        first: u64,
    },
    /// A second row of a series, in a file with a row a series.
    SameSeries {
        /// The line of the first.
        first: u64,
    },
    /// Periods that are no weeks, months or quarters with their dates, where a calendar is asked for.
    NoDates,
    /// A year whose Spring Festival is not known.
    UnknownFestival {
        /// Which.
        year: i32,
    },
    /// The values cannot be forecast.
    Forecast(ForecastError),
    /// Values, or forecasts of them, beyond what can be reckoned with.
    TooLarge,
}

impl Problem {
    /// One about the whole file.
    pub(super) fn of_file(cause: Cause) -> Self {
        Self {
            id: None,
            line: None,
            column: None,
            cause,
        }
    }

    /// One about a line.
    pub(super) fn at(line: u64, cause: Cause) -> Self {
        Self {
            line: Some(line),
            ..Self::of_file(cause)
        }
    }

    /// The same, in a column, from 1.
    pub(super) fn column(self, column: usize) -> Self {
        Self {
            column: Some(column),
            ..self
        }
    }

    /// The same, about a series.
    pub(super) fn of(self, id: &str) -> Self {
        Self {
            id: Some(id.to_owned()),
            ..self
        }
    }

    /// Whether what comes after it in the file is not known.
    pub(super) fn ends_the_file(&self) -> bool {
        matches!(
            self.cause,
            Cause::Unreadable(_)
                | Cause::LineTooLong { .. }
                | Cause::TooManyRows { .. }
                | Cause::TooManySeries { .. }
        )
    }

    /// What people read.
    pub(super) fn words(&self, lang: Lang) -> String {
        let mut place = Vec::new();
        if let Some(line) = self.line {
            place.push(lang.pick(format!("第 {line} 行"), format!("line {line}")));
        }
        if let Some(column) = self.column {
            place.push(lang.pick(format!("第 {column} 列"), format!("column {column}")));
        }
        if let Some(id) = &self.id {
            place.push(lang.pick(format!("序列“{id}”"), format!("series \"{id}\"")));
        }
        let cause = self.cause.words(lang);
        if place.is_empty() {
            return cause;
        }
        let place = place.join(lang.pick("，", ", "));
        lang.pick(format!("{place}：{cause}"), format!("{place}: {cause}"))
    }
}

impl Cause {
    /// Why a forecast was refused.
    pub(super) fn of(error: ForecastError) -> Self {
        match error {
            ForecastError::TooLarge { .. } => Self::TooLarge,
            error => Self::Forecast(error),
        }
    }

    fn words(&self, lang: Lang) -> String {
        match self {
            Self::Unreadable(why) => lang.pick(format!("无法读取：{why}。"), format!("cannot be read: {why}.")),
            Self::Encoding => lang.pick("不是 UTF-8 文本。", "this is no UTF-8 text.").to_owned(),
            Self::LineTooLong { limit } => lang.pick(
                format!("一行超过 {limit} 字节；也许缺了一个引号。"),
                format!("a line of more than {limit} bytes; a quotation mark may be missing."),
            ),
            Self::Empty => lang.pick("文件里没有数值。", "There is no value in the file.").to_owned(),
            Self::NoColumn(name) => lang.pick(
                format!("表头缺少列 {name}，应为 id、period、value。"),
                format!("the heading lacks the column {name}; it should have id, period and value."),
            ),
            Self::ShortRow => lang
                .pick("这一行缺少单元格。", "the row lacks cells.")
                .to_owned(),
            Self::TooManyRows { limit } => lang.pick(
                format!("超过 {limit} 行；请分成几个文件，或每个序列一行。"),
                format!("more than {limit} rows; split the file, or write a row a series."),
            ),
            Self::TooManySeries { limit } => lang.pick(
                format!("超过 {limit} 个序列；请分成几个文件。"),
                format!("more than {limit} series; split the file."),
            ),
            Self::TooManyValues { limit } => lang.pick(
                format!("一个序列最多 {limit} 个周期（含中间缺失的）。"),
                format!("a series has at most {limit} periods, those missing in between included."),
            ),
            Self::NoId => lang.pick("没有序列名。", "there is no id.").to_owned(),
            Self::NotANumber(text) => lang.pick(
                format!("“{text}”不是数字；缺失值请留空或写 NA。"),
                format!("\"{text}\" is no number; leave a missing value blank, or write NA."),
            ),
            Self::NotAPeriod(text) => lang.pick(
                format!("“{text}”不是周期，应如 2017-03、2017-Q1、2017-W09、2017、2017-03-31 或整数。"),
                format!(
                    "\"{text}\" is no period such as 2017-03, 2017-Q1, 2017-W09, 2017, 2017-03-31 or a whole number."
                ),
            ),
            Self::OtherKind(text) => lang.pick(
                format!("“{text}”与该序列前面的周期不是同一种。"),
                format!("\"{text}\" is another kind of period than the series has before."),
            ),
            Self::SamePeriod { first } => lang.pick(
                format!("与第 {first} 行是同一周期。"),
                format!("the same period as on line {first}."),
            ),
            Self::SameSeries { first } => lang.pick(
                format!("该序列在第 {first} 行已经有了。"),
                format!("the series was on line {first} already."),
            ),
            Self::NoDates => lang
                .pick(
                    "--calendar 需要带日期的周、月或季周期：请用表头 id,period,value，周期如 2017-03。",
                    "--calendar needs weeks, months or quarters with their dates: write rows of id,period,value with periods such as 2017-03.",
                )
                .to_owned(),
            Self::UnknownFestival { year } => lang.pick(
                format!("{year} 年的春节日期未知；--calendar 适用于 1970 至 2050 年。"),
                format!("the Spring Festival of {year} is not known; --calendar works from 1970 to 2050."),
            ),
            Self::Forecast(error) => forecast_words(*error, lang),
            Self::TooLarge => lang.pick("数值太大。", "the values are too large.").to_owned(),
        }
    }
}

fn forecast_words(error: ForecastError, lang: Lang) -> String {
    match (lang, error) {
        (Lang::ZhCn, ForecastError::NoValues) => "没有数值。".to_owned(),
        (Lang::ZhCn, error) => format!("无法预测：{error}。"),
        (Lang::En, error) => format!("{error}."),
    }
}
