//! Who buys: customers by region, industry, size and age.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Concentration;
use crate::calendar::Month;
use crate::money::{Currency, Minor};

/// Customers named in a group.
const NAMED: usize = 8;

/// What one customer brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it is, where known.
    pub region: Option<String>,
    /// What it does, where known.
    pub industry: Option<String>,
    /// What it brought in all that is shown.
    pub amount: Minor,
    /// What it brought in the last twelve months that can be compared.
    pub last_year: Minor,
    /// What it brought in the twelve months before.
    pub year_before: Minor,
    /// What it brought in the last twelve months shown, those that lack data among them.
    pub lately: Minor,
    /// The month it first bought in, also before what is shown.
    pub first: Month,
}

/// How large a customer is, by what it brought: classes of the whole, not of the number of customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// Those that together bring the first half.
    Large,
    /// Those that bring the next three tenths.
    Medium,
    /// The rest.
    Small,
    /// Those that brought nothing, or took back as much as they bought.
    Nothing,
}

impl Size {
    /// The wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Large => "large",
            Self::Medium => "medium",
            Self::Small => "small",
            Self::Nothing => "nothing",
        }
    }
}

/// Since when somebody is a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Age {
    /// Since less than a year.
    New,
    /// Since one year or two.
    Young,
    /// Since two to five years.
    Settled,
    /// For more than five years.
    Old,
}

impl Age {
    /// The wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Young => "young",
            Self::Settled => "settled",
            Self::Old => "old",
        }
    }

    /// By the months since somebody first bought.
    pub fn of(months: i32) -> Self {
        match months {
            ..12 => Self::New,
            12..24 => Self::Young,
            24..60 => Self::Settled,
            60.. => Self::Old,
        }
    }
}

/// A customer as it is named in a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it brought.
    pub amount: Minor,
}

/// Customers that have something in common.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group<K> {
    /// What; none where it is not known.
    pub key: Option<K>,
    /// How many.
    pub customers: u32,
    /// What they brought.
    pub amount: Minor,
    /// Their share of what all customers brought, 0 to 1; none where that is nothing.
    pub share: Option<f64>,
    /// The last twelve months against the twelve before; both end before a newest month that lacks data.
    pub growth: Option<f64>,
    /// The largest of them.
    pub largest: Vec<Named>,
}

/// Who buys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Customers {
    /// The currency of every amount.
    pub currency: Currency,
    /// The last month shown.
    pub until: Month,
    /// How many brought something.
    pub count: u32,
    /// How many bought in the last twelve months.
    pub active: u32,
    /// What is with no customer.
    pub nameless: Minor,
    /// By where they are.
    pub regions: Vec<Group<String>>,
    /// By what they do.
    pub industries: Vec<Group<String>>,
    /// By how much they bring.
    pub sizes: Vec<Group<Size>>,
    /// The least that a large and a medium customer brought.
    pub bounds: Option<(Minor, Minor)>,
    /// By since when they buy.
    pub ages: Vec<Group<Age>>,
    /// The first month of all facts: who first bought in it may have bought before.
    pub since: Option<Month>,
    /// How many first bought in that month.
    pub from_the_start: u32,
    /// How much hangs on a few; none where nobody brought anything.
    pub concentration: Option<Concentration>,
}

/// Sorts customers into groups. `until` is the last month shown.
pub fn customers(
    mut all: Vec<Customer>,
    nameless: Minor,
    until: Month,
    since: Option<Month>,
    currency: Currency,
) -> Customers {
    all.sort_by(|a, b| b.amount.cmp(&a.amount).then_with(|| a.name.cmp(&b.name)));
    let amounts: Vec<Minor> = all.iter().map(|customer| customer.amount).collect();
    let sizes = sizes(&amounts);
    let age = |customer: &Customer| Age::of(until.plus(1).0 - customer.first.0);
    let least = |size: Size| {
        let place = sizes.iter().rposition(|one| *one == size)?;
        Some(all.get(place)?.amount)
    };
    let known = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let by_size: Vec<(Option<Size>, &Customer)> = sizes.iter().copied().map(Some).zip(&all).collect();
    let by = |key: &dyn Fn(&Customer) -> Option<String>| {
        let mut groups = groups(all.iter().map(|customer| (key(customer), customer)));
        groups.sort_by(|a, b| b.amount.cmp(&a.amount).then_with(|| a.key.cmp(&b.key)));
        groups
    };
    let count = |chosen: &dyn Fn(&Customer) -> bool| {
        let found = all.iter().filter(|customer| chosen(customer)).count();
        u32::try_from(found).unwrap_or(u32::MAX)
    };
    Customers {
        until,
        count: count(&|_| true),
        active: count(&|customer| customer.lately.0 != 0),
        nameless,
        regions: by(&|customer| known(&customer.region)),
        industries: by(&|customer| known(&customer.industry)),
        sizes: groups(by_size.into_iter()),
        bounds: least(Size::Large).map(|large| (large, least(Size::Medium).unwrap_or(large))),
        ages: groups(all.iter().map(|customer| (Some(age(customer)), customer))),
        since,
        from_the_start: count(&|customer| Some(customer.first) == since),
        concentration: Concentration::of(&amounts),
        currency,
    }
}

/// The class of each of some amounts, the largest first.
fn sizes(amounts: &[Minor]) -> Vec<Size> {
    let whole: i128 = amounts.iter().map(|amount| i128::from(amount.0.max(0))).sum();
    let mut before = 0_i128;
    amounts
        .iter()
        .map(|amount| {
            let size = if amount.0 <= 0 {
                Size::Nothing
            } else if before * 2 < whole {
                Size::Large
            } else if before * 5 < whole * 4 {
                Size::Medium
            } else {
                Size::Small
            };
            before += i128::from(amount.0.max(0));
            size
        })
        .collect()
}

/// Customers by a key, in the order of the keys, what has none last. They come the largest first.
fn groups<'a, K: Ord + Clone>(all: impl Iterator<Item = (Option<K>, &'a Customer)>) -> Vec<Group<K>> {
    #[derive(Default)]
    struct Sums<'a> {
        amount: i128,
        last_year: i128,
        year_before: i128,
        customers: u32,
        largest: Vec<&'a Customer>,
    }
    let mut found: BTreeMap<(bool, Option<K>), Sums<'a>> = BTreeMap::new();
    let mut whole = 0_i128;
    for (key, customer) in all {
        let sums = found.entry((key.is_none(), key)).or_default();
        sums.amount += i128::from(customer.amount.0);
        sums.last_year += i128::from(customer.last_year.0);
        sums.year_before += i128::from(customer.year_before.0);
        sums.customers = sums.customers.saturating_add(1);
        if sums.largest.len() < NAMED {
            sums.largest.push(customer);
        }
        whole += i128::from(customer.amount.0);
    }
    let minor = |sum: i128| Minor(sum.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64);
    found
        .into_iter()
        .map(|((_, key), sums)| Group {
            key,
            customers: sums.customers,
            amount: minor(sums.amount),
            share: (whole > 0).then(|| sums.amount as f64 / whole as f64),
            growth: (sums.year_before > 0).then(|| sums.last_year as f64 / sums.year_before as f64 - 1.0),
            largest: sums
                .largest
                .into_iter()
                .map(|customer| Named {
                    id: customer.id.clone(),
                    name: customer.name.clone(),
                    amount: customer.amount,
                })
                .collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customer(name: &str, amount: i64, first: &str, region: &str) -> Customer {
        Customer {
            id: name.into(),
            name: name.into(),
            region: Some(region.into()).filter(|region: &String| !region.is_empty()),
            industry: None,
            amount: Minor(amount),
            last_year: Minor(amount / 2),
            year_before: Minor(amount / 4),
            lately: Minor(amount / 2),
            first: Month::parse(first).unwrap(),
        }
    }

    fn all() -> Customers {
        customers(
            vec![
                customer("a", 60, "2015-01", "East"),
                customer("b", 25, "2018-06", "West"),
                customer("c", 10, "2020-06", ""),
                customer("d", 5, "2020-12", "East"),
                customer("e", 0, "2019-03", ""),
            ],
            Minor(7),
            Month::parse("2020-12").unwrap(),
            Some(Month::parse("2015-01").unwrap()),
            Currency::from_code("CNY").unwrap(),
        )
    }

    #[test]
    fn classes_are_of_the_whole() {
        let found = all();
        let sizes: Vec<_> = found
            .sizes
            .iter()
            .map(|group| (group.key.unwrap(), group.customers, group.amount.0))
            .collect();
        assert_eq!(
            sizes,
            [
                (Size::Large, 1, 60),
                (Size::Medium, 1, 25),
                (Size::Small, 2, 15),
                (Size::Nothing, 1, 0)
            ]
        );
        assert_eq!(found.bounds, Some((Minor(60), Minor(25))));
        assert_eq!((found.count, found.active, found.from_the_start), (5, 4, 1));
    }

    #[test]
    fn ages_and_regions_sum_to_all() {
        let found = all();
        let ages: Vec<_> = found
            .ages
            .iter()
            .map(|group| (group.key.unwrap(), group.customers))
            .collect();
        assert_eq!(
            ages,
            [(Age::New, 2), (Age::Young, 1), (Age::Settled, 1), (Age::Old, 1)]
        );
        let regions: Vec<_> = found
            .regions
            .iter()
            .map(|group| (group.key.as_deref(), group.customers))
            .collect();
        assert_eq!(regions, [(Some("East"), 2), (Some("West"), 1), (None, 2)]);
        let shares: f64 = found.regions.iter().filter_map(|group| group.share).sum();
        assert!((shares - 1.0).abs() < 1e-12);
        assert_eq!(found.regions[0].growth, Some(1.0));
        assert_eq!(found.industries.len(), 1);
        assert_eq!(found.industries[0].key, None);
    }

    #[test]
    fn nobody_is_no_error() {
        let none = customers(
            Vec::new(),
            Minor(0),
            Month(24_000),
            None,
            Currency::from_code("CNY").unwrap(),
        );
        assert!(none.sizes.is_empty() && none.concentration.is_none() && none.bounds.is_none());
        assert_eq!(none.from_the_start, 0);
    }
}
