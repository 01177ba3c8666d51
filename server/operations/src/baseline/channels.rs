//! Which ways bring what: channels by deals, win rate, cycle, size and growth.

use std::collections::BTreeMap;

use domain::baseline::{BaselineQuery, Brought, Channels, Ended, channels};
use domain::calendar::Month;
use domain::metric::{Dimension, Status};
use domain::money::Fact;
use store::attainment::Time;

use crate::attainment::history::{self, Ask};
use crate::{Error, Operations, Scope};

/// What one channel brought, before it is rounded.
#[derive(Default)]
struct Sums {
    name: String,
    amount: i64,
    count: i64,
    last_year: i64,
    year_before: i64,
    ended: Ended,
}

impl Operations {
    /// The channels of the history, without what the planning leaves out.
    pub async fn baseline_channels(&self, scope: &Scope, query: BaselineQuery) -> Result<Channels, Error> {
        let frame = self.history_frame(scope, &query).await?;
        let currency = frame.currency().clone();
        let mut all: BTreeMap<String, Sums> = BTreeMap::new();
        let mut two_years = false;
        if let Some((metric, (first, last))) = frame.shown() {
            let months = super::months_between(frame.fiscal, frame.days());
            let time = Time::Periods(months.iter().map(|month| (month.start, month.end)).collect());
            let until = frame.compared_until(last);
            two_years = Month::of(first) <= until.plus(-23);
            let ask = Ask {
                by: &Dimension::Channel,
                days: frame.days(),
                time,
                left_out: &frame.left_out,
            };
            let along = history::along(&frame.reader, scope, metric, frame.fiscal, ask).await?;
            for part in along.sums {
                let sums = all.entry(part.key.id).or_default();
                sums.name = part.key.name;
                let month = usize::try_from(part.time).ok().and_then(|at| months.get(at));
                let Some(month) = month.map(|month| Month::of(month.start)) else {
                    continue;
                };
                sums.amount = sums.amount.saturating_add(part.amount.0);
                sums.count += part.count;
                let side = match until.0 - month.0 {
                    0..12 => &mut sums.last_year,
                    12..24 => &mut sums.year_before,
                    // What is newer lacks data, and is compared with nothing.
                    _ => continue,
                };
                *side = side.saturating_add(part.amount.0);
            }
        }
        let names = store::account::channels(&frame.reader, scope).await?;
        for ended in store::history::ended(&frame.reader, scope, frame.days()).await? {
            let id = ended.channel.map(|id| id.to_string()).unwrap_or_default();
            let sums = all.entry(id).or_insert_with(|| Sums {
                name: names
                    .iter()
                    .find(|channel| Some(channel.id) == ended.channel)
                    .map(|channel| channel.name.clone())
                    .unwrap_or_default(),
                ..Sums::default()
            });
            let count = u64::try_from(ended.count).unwrap_or(0);
            match ended.status {
                Status::Won => {
                    sums.ended.won += count;
                    sums.ended.cycles.extend(ended.days.map(|days| (days, count)));
                }
                Status::Lost => sums.ended.lost += count,
                Status::Open => sums.ended.open += count,
            }
        }
        let minor = |amount: i64| Fact(amount).to_minor(&currency);
        let brought = all
            .into_iter()
            .map(|(id, sums)| Brought {
                id,
                name: sums.name,
                amount: minor(sums.amount),
                count: sums.count,
                years: two_years.then(|| (minor(sums.last_year), minor(sums.year_before))),
                ended: sums.ended,
            })
            .collect();
        Ok(channels(brought, frame.organization.bookings.from, currency))
    }
}
