//! Forecasting many series on several threads, written in the order they were read, whatever the number of threads.

use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use domain::forecast::{Forecast, intermittent};
use operations::import::escape;

use super::holidays::{self, Holidays};
use super::problem::{Cause, Problem};
use super::read::{Found, Series};

/// Series held for each thread.
const BATCH: usize = 16;

/// What is asked of every series.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    /// Periods of a season.
    pub(super) season: usize,
    /// Steps.
    pub(super) horizon: usize,
    /// Levels in per cent, in the order of the columns.
    pub(super) levels: Vec<f64>,
    /// Whose holidays count.
    pub(super) holidays: Holidays,
}

/// What came of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Done {
    /// Series written.
    pub(super) written: u64,
    /// Things refused.
    pub(super) refused: u64,
}

/// Forecasts every series and writes `id,step,mean,lo80,hi80,…`, a row a step, ids with an apostrophe in front where a
/// spreadsheet would run them as formulas; problems go to `complain` in between, in the order of the file.
pub(super) fn forecast_all(
    mut series: impl Iterator<Item = Found>,
    ask: &Ask,
    jobs: usize,
    out: impl Write,
    complain: &mut dyn FnMut(&Problem),
) -> io::Result<Done> {
    let mut out = csv::Writer::from_writer(out);
    let mut heading = vec!["id".to_owned(), "step".to_owned(), "mean".to_owned()];
    heading.extend(
        ask.levels
            .iter()
            .flat_map(|level| [format!("lo{level}"), format!("hi{level}")]),
    );
    out.write_record(&heading)?;
    let mut done = Done::default();
    loop {
        let batch: Vec<Found> = series.by_ref().take(BATCH * jobs).collect();
        if batch.is_empty() {
            out.flush()?;
            return Ok(done);
        }
        for (found, forecast) in batch.iter().zip(in_parallel(&batch, ask, jobs)) {
            match (found, forecast) {
                (Ok(series), Ok(forecast)) => {
                    write(&mut out, &series.id, &forecast)?;
                    done.written += 1;
                }
                (_, Err(problem)) => {
                    complain(&problem);
                    done.refused += 1;
                }
                // What was not read has no forecast.
                (Err(_), Ok(_)) => {}
            }
        }
    }
}

/// The forecasts of a batch, in its order.
fn in_parallel(batch: &[Found], ask: &Ask, jobs: usize) -> Vec<Result<Forecast, Problem>> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut made = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(found) = batch.get(place) else {
                return made;
            };
            made.push((
                place,
                found
                    .as_ref()
                    .map_err(Problem::clone)
                    .and_then(|series| forecast(series, ask)),
            ));
        }
    };
    let mut made: Vec<(usize, Result<Forecast, Problem>)> = if jobs == 1 || batch.len() == 1 {
        work()
    } else {
        thread::scope(|scope| {
            let threads: Vec<_> = (0..jobs.min(batch.len())).map(|_| scope.spawn(work)).collect();
            let finished = threads.into_iter().flat_map(|thread| match thread.join() {
                Ok(made) => made,
                Err(panic) => std::panic::resume_unwind(panic),
            });
            finished.collect()
        })
    };
    made.sort_unstable_by_key(|(place, _)| *place);
    made.into_iter().map(|(_, forecast)| forecast).collect()
}

fn forecast(series: &Series, ask: &Ask) -> Result<Forecast, Problem> {
    let refused = |cause| Problem::at(series.line, cause).of(&series.id);
    let values = &series.values;
    let made = match (ask.holidays, &series.first) {
        (Holidays::None, _) => {
            intermittent::automatic(values, ask.season, ask.horizon, &ask.levels).map_err(Cause::of)
        }
        (Holidays::Cn, Some(first)) => holidays::forecast(values, first, ask),
        (Holidays::Cn, None) => Err(Cause::NoDates),
    };
    let made = made.map_err(refused)?;
    let ends = made
        .bands
        .iter()
        .flat_map(|band| &band.steps)
        .flat_map(|step| [step.low, step.high]);
    if made.mean.iter().copied().chain(ends).all(f64::is_finite) {
        Ok(made)
    } else {
        Err(refused(Cause::TooLarge))
    }
}

fn write(out: &mut csv::Writer<impl Write>, id: &str, forecast: &Forecast) -> io::Result<()> {
    for (step, mean) in forecast.mean.iter().enumerate() {
        let mut row = vec![escape(id), (step + 1).to_string(), mean.to_string()];
        for interval in forecast.bands.iter().filter_map(|band| band.steps.get(step)) {
            row.extend([interval.low.to_string(), interval.high.to_string()]);
        }
        out.write_record(&row)?;
    }
    Ok(())
}
