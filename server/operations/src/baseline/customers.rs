//! Who buys: customers by region, industry, size and age.

use std::collections::HashMap;

use domain::baseline::{BaselineQuery, Customer, Customers, customers};
use domain::calendar::{Day, Month};
use domain::id::AccountId;
use domain::money::{Fact, Minor};

use crate::{Error, Operations, Scope};

/// What one customer brought, before it is rounded.
struct Sums {
    first: Month,
    amounts: [i64; 4],
}

impl Operations {
    /// The customers of the history, without what the planning leaves out.
    pub async fn baseline_customers(&self, scope: &Scope, query: BaselineQuery) -> Result<Customers, Error> {
        let frame = self.history_frame(scope, &query).await?;
        let currency = frame.currency().clone();
        let Some((metric, (_, last))) = frame.shown() else {
            return Ok(customers(
                Vec::new(),
                Minor(0),
                Month::of(frame.as_of),
                None,
                currency,
            ));
        };
        // Customers are summed by whole months.
        let until = Month::of(last);
        let from = Month::of(frame.window.0).first_day();
        let compared = frame.compared_until(last);
        let back = |months: i32| compared.plus(1 - months).first_day();
        let ranges = [
            (from, until.end()),
            (back(12), compared.end()),
            (back(24), back(12)),
            (until.plus(-11).first_day(), until.end()),
        ];
        let mut all: HashMap<Option<AccountId>, Sums> = HashMap::new();
        for bought in store::history::bought(&frame.reader, scope, metric, ranges).await? {
            let amounts = bought.amounts.map(|amount| amount.0);
            let first = bought.first;
            all.insert(bought.account, Sums { first, amounts });
        }
        for credit in &frame.left_out {
            if let Some(sums) = all.get_mut(&credit.things.account) {
                let inside = |range: &(Day, Day)| (range.0..range.1).contains(&credit.day);
                for (sum, range) in sums.amounts.iter_mut().zip(&ranges) {
                    if inside(range) {
                        *sum = sum.saturating_sub(credit.amount.0);
                    }
                }
            }
        }
        let since = all.values().map(|sums| sums.first).min();
        let minor = |amount: i64| Fact(amount).to_minor(&currency);
        let nameless = all.remove(&None).map_or(Minor(0), |sums| minor(sums.amounts[0]));
        // Facts, which the scope decided on, name their customers; the list as a whole is nobody's to see here.
        let found = store::account::list(&frame.reader, scope)
            .await?
            .into_iter()
            .filter_map(|account| {
                let sums = all.remove(&Some(account.id))?;
                Some(Customer {
                    id: account.id.to_string(),
                    name: account.name,
                    region: account.region,
                    industry: account.industry,
                    amount: minor(sums.amounts[0]),
                    last_year: minor(sums.amounts[1]),
                    year_before: minor(sums.amounts[2]),
                    lately: minor(sums.amounts[3]),
                    first: sums.first,
                })
            })
            .filter(|customer| customer.amount.0 != 0)
            .collect();
        Ok(customers(found, nameless, until, since, currency))
    }
}
