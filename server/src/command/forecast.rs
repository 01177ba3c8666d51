//! `attain forecast`: series from a file, forecasts to the standard output. Needs no database.

mod holidays;
mod problem;
mod read;
mod work;

use std::fs::File;
use std::io::{self, Read, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::RangedU64ValueParser;
use domain::forecast::{MAX_HORIZON, MAX_SEASON};

use self::holidays::Holidays;
use self::work::Ask;
use super::{Failure, Shell};

/// More threads than this help nobody.
const MAX_JOBS: u64 = 64;

#[derive(Args, Debug)]
pub(super) struct Forecast {
    /// Periods of a season: 12 for months, 4 for quarters, 52 for weeks, 7 for days, 1 for none
    #[arg(long, value_name = "PERIODS", value_parser = up_to(MAX_SEASON as u64))]
    season: usize,
    /// Steps to forecast after the last period
    #[arg(long, value_name = "STEPS", value_parser = up_to(MAX_HORIZON as u64))]
    horizon: usize,
    /// Chances in per cent with which the intervals hold
    #[arg(long, value_name = "PERCENT", value_delimiter = ',', default_value = "80,95", value_parser = level)]
    levels: Vec<f64>,
    /// Whose holidays count: the Spring Festival and working days of mainland China (cn), or none. Needs weeks, months or
    /// quarters with their dates, in rows of id,period,value
    #[arg(long, value_name = "CALENDAR", value_enum, default_value_t)]
    calendar: Holidays,
    /// Series forecast at the same time [default: one a processor]
    #[arg(long, value_name = "N", value_parser = up_to(MAX_JOBS))]
    jobs: Option<usize>,
    /// CSV: rows of id,period,value under such a heading, or a row a series with its id first; - for the standard input.
    /// Semicolons or tabs may stand for the commas. An id written out that a spreadsheet would take for a formula (=, +, -
    /// or @ at its start, numbers aside) gets an apostrophe in front
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Forecast {
    pub(super) async fn run(self, shell: Shell) -> Result<(), Failure> {
        if let Some(level) = twice(&self.levels) {
            return Err(shell.failure(
                format!("--levels 中 {level} 出现了两次。"),
                format!("--levels names {level} twice."),
            ));
        }
        let input = self.input().map_err(|error| {
            shell.failure(
                format!("文件 {} 无法读取：{error}", self.file.display()),
                format!("The file {} cannot be read: {error}", self.file.display()),
            )
        })?;
        let ask = Ask {
            season: self.season,
            horizon: self.horizon,
            levels: self.levels,
            holidays: self.calendar,
        };
        let jobs = self
            .jobs
            .or_else(|| std::thread::available_parallelism().ok().map(NonZeroUsize::get))
            .unwrap_or(1);
        let lang = shell.lang();
        let mut complain = |problem: &problem::Problem| {
            // Nobody to tell when the terminal is gone.
            let _ = writeln!(io::stderr(), "{}", problem.words(lang));
        };
        let out = io::BufWriter::new(io::stdout().lock());
        let done = work::forecast_all(
            read::series(input, ask.holidays != Holidays::None),
            &ask,
            jobs,
            out,
            &mut complain,
        )
        .map_err(|error| {
            shell.failure(
                format!("结果无法写出：{error}"),
                format!("The forecasts cannot be written: {error}"),
            )
        })?;
        if done.refused == 0 && done.written > 0 {
            return Ok(());
        }
        Err(shell.failure(
            format!(
                "拒绝了 {} 处，已写出 {} 个序列的预测。",
                done.refused, done.written
            ),
            format!("Refused: {}. Series forecast: {}.", done.refused, done.written),
        ))
    }

    fn input(&self) -> io::Result<Box<dyn Read>> {
        if self.file == Path::new("-") {
            return Ok(Box::new(io::stdin().lock()));
        }
        let file = File::open(&self.file)?;
        if file.metadata()?.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        Ok(Box::new(file))
    }
}

fn up_to(most: u64) -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(1..=most)
}

fn level(text: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(level) if level > 0.0 && level < 100.0 => Ok(level),
        _ => Err("0 < PERCENT < 100".to_owned()),
    }
}

/// The first level that is listed again.
fn twice(levels: &[f64]) -> Option<f64> {
    let again = |(place, level): &(usize, &f64)| {
        levels[..*place]
            .iter()
            .any(|earlier| earlier.total_cmp(level).is_eq())
    };
    levels.iter().enumerate().find(again).map(|(_, level)| *level)
}
