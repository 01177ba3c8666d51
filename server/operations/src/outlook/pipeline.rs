//! The open pipeline beside an outlook: what is open, and what of it usually comes.

use std::collections::{BTreeMap, BTreeSet};

use domain::calendar::Day;
use domain::id::MemberId;
use domain::metric::Stage;
use domain::money::{Currency, Fact};
use domain::outlook::{OpenPipeline, Stock, Who};
use domain::target::Span;
use store::Reader;
use store::opportunity::pipeline::{self, Ended, Open};
use store::organization::Organization;

use super::tree::Branches;
use crate::{Error, Scope};

/// Deals the rate of all stages counts for beside those of one stage, as in the funnel.
const PRIOR_DEALS: f64 = 10.0;

/// Every open deal, and how often deals were won.
#[derive(Debug)]
pub(super) struct Deals {
    open: Vec<Open>,
    rates: BTreeMap<Stage, f64>,
    all: Option<f64>,
    /// What a won deal brings, on average.
    usual: Fact,
    today: Day,
    currency: Currency,
}

impl Deals {
    /// Reads them; none where no deal is kept.
    pub(super) async fn load(
        reader: &Reader,
        all: &Scope,
        organization: &Organization,
        today: Day,
    ) -> Result<Option<Self>, Error> {
        let open = pipeline::open(reader, all).await?;
        let ended = pipeline::ended(reader, all).await?;
        if open.is_empty() && ended.is_empty() {
            return Ok(None);
        }
        let (sum, count) = pipeline::won(reader, all).await?;
        let of_all = ended.iter().find(|ended| ended.stage.is_none());
        let rate = of_all.and_then(|ended| won_part(ended, None));
        let rates = ended
            .iter()
            .filter_map(|ended| Some((ended.stage?, won_part(ended, rate)?)));
        Ok(Some(Self {
            rates: rates.collect(),
            all: rate,
            usual: Fact(sum.0.checked_div(count).unwrap_or(0)),
            open,
            today,
            currency: organization.currency.clone(),
        }))
    }

    /// Those of a branch: of the people in it, and at the top of everybody.
    pub(super) fn of(&self, branches: &Branches, at: usize, span: Span) -> OpenPipeline {
        let people: Option<BTreeSet<MemberId>> = (at > 0).then(|| {
            let within = |place: &usize| branches.line(*place).any(|above| above == at);
            (at..branches.list.len())
                .take_while(within)
                .filter_map(|place| match branches.list.get(place)?.place.who {
                    Who::Member(member) => Some(member),
                    Who::Unit | Who::Nobody => None,
                })
                .collect()
        });
        let mut found = OpenPipeline {
            won: self.all,
            ..OpenPipeline::default()
        };
        let (mut closing, mut undated) = (Sum::default(), Sum::default());
        for open in &self.open {
            if people
                .as_ref()
                .is_some_and(|people| !people.contains(&open.member))
            {
                continue;
            }
            let unpriced = open.deals - open.priced;
            let of_usual = i128::from(self.usual.0) * i128::from(unpriced);
            let amount = i128::from(open.amount.0) + of_usual;
            let sum = match open.closes_on {
                Some(day) if day >= self.today => {
                    if day < span.starts_on || day >= span.ends_on {
                        continue;
                    }
                    &mut closing
                }
                _ => &mut undated,
            };
            sum.deals += open.deals;
            sum.amount += amount;
            sum.weighted += amount as f64 * self.rate(open.stage);
            found.unpriced = found
                .unpriced
                .saturating_add(u32::try_from(unpriced).unwrap_or(0));
        }
        found.closing = closing.stock(&self.currency);
        found.undated = undated.stock(&self.currency);
        found
    }

    fn rate(&self, stage: Stage) -> f64 {
        self.rates.get(&stage).copied().or(self.all).unwrap_or(0.0)
    }
}

/// The part that was won, drawn towards that of all stages where few ended.
fn won_part(ended: &Ended, all: Option<f64>) -> Option<f64> {
    let (won, count) = (ended.won as f64, (ended.won + ended.lost) as f64);
    match all {
        Some(all) => Some((won + PRIOR_DEALS * all) / (count + PRIOR_DEALS)),
        None => (count > 0.0).then(|| won / count),
    }
}

#[derive(Default)]
struct Sum {
    deals: i64,
    amount: i128,
    weighted: f64,
}

impl Sum {
    fn stock(&self, currency: &Currency) -> Stock {
        let money = |amount: i128| {
            let most = i128::from(i64::MAX);
            Fact(i64::try_from(amount.clamp(-most, most)).unwrap_or(0)).to_minor(currency)
        };
        Stock {
            deals: u32::try_from(self.deals).unwrap_or(u32::MAX),
            amount: money(self.amount),
            weighted: money(self.weighted.round() as i128),
        }
    }
}
