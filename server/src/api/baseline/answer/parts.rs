//! Customers and channels as the interface answers them.

use domain::baseline;
use domain::metric::Source;
use domain::statistics::Interval;
use serde::Serialize;
use utoipa::ToSchema;

use super::Concentration;

/// Who buys.
#[derive(Serialize, ToSchema)]
pub(in crate::api::baseline) struct Customers {
    /// ISO 4217 code of the currency the amounts are in.
    currency: String,
    /// How many brought something.
    count: u32,
    /// How many bought in the last twelve months.
    active: u32,
    /// What is with no customer.
    nameless: i64,
    /// By where they are.
    regions: Vec<Group>,
    /// By what they do.
    industries: Vec<Group>,
    /// `large` bring the first half together, `medium` the next three tenths, `small` the rest; `nothing` took back what they bought.
    sizes: Vec<Group>,
    /// Customers since less than a year (`new`), two (`young`), five (`settled`), or longer (`old`).
    ages: Vec<Group>,
    /// How many first bought in the first month of all data, and may be older.
    from_the_start: u32,
    /// How much hangs on a few.
    concentration: Option<Concentration>,
}

/// Customers that have something in common.
#[derive(Serialize, ToSchema)]
struct Group {
    /// What; null where it is not known.
    key: Option<String>,
    /// How many.
    customers: u32,
    /// What they brought.
    amount: i64,
    /// Their share of the whole.
    share: Option<f64>,
    /// The last twelve months against the twelve before.
    growth: Option<f64>,
}

/// Which ways bring what.
#[derive(Serialize, ToSchema)]
pub(in crate::api::baseline) struct Channels {
    /// ISO 4217 code of the currency the amounts are in.
    currency: String,
    /// What a fact is: `deals` or `orders`.
    source: String,
    /// Won of all deals that ended.
    rate: Option<f64>,
    /// Days half of all won deals took at most.
    cycle: Option<f64>,
    /// The channels, the one that brings most first.
    rows: Vec<Channel>,
}

/// A channel.
#[derive(Serialize, ToSchema)]
struct Channel {
    /// Its id; empty for what came by none.
    id: String,
    /// What people read.
    name: String,
    /// What it brought.
    amount: i64,
    /// Its share of the whole.
    share: Option<f64>,
    /// How many facts.
    count: i64,
    /// What one of them is worth on the average.
    size: Option<i64>,
    /// The last twelve months against the twelve before.
    growth: Option<f64>,
    /// Deals won.
    won: u64,
    /// Deals lost.
    lost: u64,
    /// Deals that are open.
    open: u64,
    /// Won of those that ended.
    rate: Option<f64>,
    /// Where the true rate lies with 95 % (Wilson): lower end.
    rate_low: Option<f64>,
    /// Upper end.
    rate_high: Option<f64>,
    /// Whether that leaves out the rate of all.
    differs: bool,
    /// Days half of the won deals took at most.
    cycle: Option<f64>,
}

impl From<baseline::Customers> for Customers {
    fn from(all: baseline::Customers) -> Self {
        Self {
            currency: all.currency.code,
            count: all.count,
            active: all.active,
            nameless: all.nameless.0,
            regions: groups(all.regions, |key| key),
            industries: groups(all.industries, |key| key),
            sizes: groups(all.sizes, |key| key.as_str().to_owned()),
            ages: groups(all.ages, |key| key.as_str().to_owned()),
            from_the_start: all.from_the_start,
            concentration: all.concentration.map(Into::into),
        }
    }
}

fn groups<K>(all: Vec<baseline::Group<K>>, name: impl Fn(K) -> String) -> Vec<Group> {
    all.into_iter()
        .map(|group| Group {
            key: group.key.map(&name),
            customers: group.customers,
            amount: group.amount.0,
            share: group.share,
            growth: group.growth,
        })
        .collect()
}

impl From<baseline::Channels> for Channels {
    fn from(all: baseline::Channels) -> Self {
        Self {
            currency: all.currency.code,
            source: Source::as_str(all.source).to_owned(),
            rate: all.rate,
            cycle: all.cycle,
            rows: all.rows.into_iter().map(Channel::from).collect(),
        }
    }
}

impl From<baseline::Channel> for Channel {
    fn from(channel: baseline::Channel) -> Self {
        let end = |of: fn(Interval) -> f64| channel.interval.map(of);
        Self {
            rate_low: end(|interval| interval.low),
            rate_high: end(|interval| interval.high),
            id: channel.id,
            name: channel.name,
            amount: channel.amount.0,
            share: channel.share,
            count: channel.count,
            size: channel.size.map(|size| size.0),
            growth: channel.growth,
            won: channel.won,
            lost: channel.lost,
            open: channel.open,
            rate: channel.rate,
            differs: channel.differs,
            cycle: channel.cycle,
        }
    }
}
