//! Which ways bring what: channels by deals, win rate, cycle, size and growth.

use serde::{Deserialize, Serialize};

use crate::metric::Source;
use crate::money::{Currency, Minor};
use crate::statistics::{Interval, wilson};

/// The chance with which an interval of a win rate contains the true one.
const CHANCE: f64 = 0.95;

/// How the deals of a channel ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// Won.
    pub won: u64,
    /// Lost.
    pub lost: u64,
    /// Neither yet.
    pub open: u64,
    /// Days from first to last of won deals, each with how many took as long.
    pub cycles: Vec<(u32, u64)>,
}

/// A channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Channel {
    /// Its id; empty for what came by none.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it brought.
    pub amount: Minor,
    /// Its share of the whole, 0 to 1.
    pub share: Option<f64>,
    /// How many facts.
    pub count: i64,
    /// What one of them is worth on the average.
    pub size: Option<Minor>,
    /// The last twelve months against the twelve before; both end before a newest month that lacks data.
    pub growth: Option<f64>,
    /// Deals won in the time shown.
    pub won: u64,
    /// Deals lost in the time shown.
    pub lost: u64,
    /// Deals that are open.
    pub open: u64,
    /// Won of those that ended.
    pub rate: Option<f64>,
    /// Where the true rate lies, with 95 % (Wilson 1927).
    pub interval: Option<Interval>,
    /// Whether that is another than the rate of all: the interval does not contain it.
    pub differs: bool,
    /// Half of the won deals took at most so many days.
    pub cycle: Option<f64>,
}

/// Every channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Channels {
    /// The currency of every amount.
    pub currency: Currency,
    /// What a fact is.
    pub source: Source,
    /// The channels, the one that brings most first.
    pub rows: Vec<Channel>,
    /// Won of all deals that ended.
    pub rate: Option<f64>,
    /// Days half of all won deals took at most.
    pub cycle: Option<f64>,
    /// Whether any deals are there; without, there are no win rates.
    pub deals: bool,
}

/// What a channel brought, before it is compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Brought {
    /// Its id; empty for what came by none.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it brought.
    pub amount: Minor,
    /// How many facts.
    pub count: i64,
    /// What it brought in the last twelve months and the twelve before; none where the history is shorter.
    pub years: Option<(Minor, Minor)>,
    /// How its deals ended.
    pub ended: Ended,
}

/// Compares channels.
pub fn channels(brought: Vec<Brought>, source: Source, currency: Currency) -> Channels {
    let whole: i128 = brought.iter().map(|one| i128::from(one.amount.0)).sum();
    let mut all = Ended::default();
    for one in &brought {
        all.won += one.ended.won;
        all.lost += one.ended.lost;
        all.open += one.ended.open;
        all.cycles.extend(&one.ended.cycles);
    }
    let rate = rate(&all);
    let mut rows: Vec<Channel> = brought
        .into_iter()
        .map(|one| {
            let closed = one.ended.won + one.ended.lost;
            let interval = wilson(one.ended.won, closed, CHANCE);
            Channel {
                share: (whole > 0).then(|| one.amount.0 as f64 / whole as f64),
                size: (one.count > 0).then(|| Minor(one.amount.0 / one.count)),
                growth: one
                    .years
                    .filter(|(_, before)| before.0 > 0)
                    .map(|(last, before)| last.0 as f64 / before.0 as f64 - 1.0),
                rate: self::rate(&one.ended),
                differs: interval
                    .zip(rate)
                    .is_some_and(|(interval, rate)| !interval.contains(rate)),
                interval,
                cycle: middle(&one.ended.cycles),
                won: one.ended.won,
                lost: one.ended.lost,
                open: one.ended.open,
                id: one.id,
                name: one.name,
                amount: one.amount,
                count: one.count,
            }
        })
        .collect();
    rows.sort_by(|a, b| b.amount.cmp(&a.amount).then_with(|| a.name.cmp(&b.name)));
    Channels {
        deals: all.won + all.lost + all.open > 0,
        cycle: middle(&all.cycles),
        rate,
        rows,
        source,
        currency,
    }
}

fn rate(ended: &Ended) -> Option<f64> {
    let closed = ended.won + ended.lost;
    (closed > 0).then(|| ended.won as f64 / closed as f64)
}

/// The median of values that each come several times.
fn middle(values: &[(u32, u64)]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let count: u64 = sorted.iter().map(|(_, times)| times).sum();
    let at = |place: u64| {
        let mut before = 0;
        sorted
            .iter()
            .find(|(_, times)| {
                before += times;
                before > place
            })
            .map(|(value, _)| f64::from(*value))
    };
    Some(f64::midpoint(at(count.checked_sub(1)? / 2)?, at(count / 2)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brought(name: &str, amount: i64, won: u64, lost: u64) -> Brought {
        Brought {
            id: name.into(),
            name: name.into(),
            amount: Minor(amount),
            count: won.cast_signed(),
            years: Some((Minor(amount), Minor(amount / 2))),
            ended: Ended {
                won,
                lost,
                open: 1,
                cycles: vec![(10, won)],
            },
        }
    }

    fn cny() -> Currency {
        Currency::from_code("CNY").unwrap()
    }

    #[test]
    fn few_deals_do_not_make_a_channel_better() {
        let all = channels(
            vec![
                brought("web", 500, 300, 300),
                brought("partner", 900, 3, 0),
                brought("fair", 100, 120, 40),
            ],
            Source::Deals,
            cny(),
        );
        let of = |name: &str| all.rows.iter().find(|row| row.name == name).unwrap();
        assert_eq!(all.rows[0].name, "partner");
        assert!(!of("partner").differs, "three of three is no evidence");
        assert!(of("fair").differs && of("fair").rate == Some(0.75));
        assert!(of("partner").interval.unwrap().low < 0.5);
        assert_eq!((of("web").size, of("web").growth), (Some(Minor(1)), Some(1.0)));
        assert_eq!((all.cycle, all.deals), (Some(10.0), true));
    }

    #[test]
    fn nothing_has_no_rate() {
        let none = channels(vec![brought("web", 0, 0, 0)], Source::Orders, cny());
        assert_eq!(
            (none.rows[0].rate, none.rows[0].size, none.rows[0].share),
            (None, None, None)
        );
        assert_eq!(none.rows[0].cycle, None);
        assert!(!channels(Vec::new(), Source::Deals, cny()).deals);
    }

    #[test]
    fn the_middle_of_many() {
        assert_eq!(middle(&[(5, 1), (1, 2), (9, 1)]), Some(3.0));
        assert_eq!(middle(&[(5, 1), (1, 2), (9, 2)]), Some(5.0));
        assert_eq!(middle(&[]), None);
    }
}
