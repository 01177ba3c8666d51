//! The sample company's products, customers and deals, written as an import would write them.

use domain::calendar::Day;
use domain::event::Event;
use domain::id::{AccountId, CategoryId, ChannelId, MetricId, OpportunityId, ProductId};
use domain::metric::{MetricKey, Stage, Status};
use domain::money::{FACT_SCALE, Fact};
use store::Writer;
use store::account::{Account, Channel};
use store::fact::{Credit, Credited};
use store::opportunity::{Entry, Opportunity, StageEvent};
use store::product::{Category, Product};
use store::rollup::{Deltas, Sign};
use store::slot::Slot;

use super::deals::{self, Deal, Seller};
use crate::{Error, Scope, clock, pinyin_key};

/// What is there without an import.
const BASE: Slot = Slot(0);

/// The ids of the lists deals point into.
struct Lists {
    products: Vec<(ProductId, &'static str)>,
    accounts: Vec<(AccountId, String)>,
    channels: Vec<ChannelId>,
}

/// Writes everything the sellers did until today.
pub(super) async fn load(
    writer: &Writer,
    scope: &Scope,
    sellers: &[Seller],
    today: Day,
) -> Result<(), Error> {
    let lists = lists(writer, scope).await?;
    let key = MetricKey::BOOKINGS;
    let metric =
        store::metric::ensure(writer, scope, &key, MetricId(clock::new_id()), clock::now_ms()).await?;
    let mut deltas = Deltas::default();
    let mut entries = Vec::new();
    for (number, deal) in (1..).zip(deals::deals(sellers, today)) {
        let entry = entry(number, &deal, &lists, metric.id);
        deltas.add(&entry, Sign::Plus);
        entries.push(entry);
    }
    let range = deltas.range();
    store::fact::insert(writer, Entry::prepare(scope, BASE, &entries)).await?;
    while !deltas.is_empty() {
        store::rollup::add(writer, scope, &metric, BASE, deltas.take()).await?;
    }
    if let Some((from_day, to_day)) = range {
        let event = Event::FactsChanged {
            metrics: vec![key.as_str().to_owned()],
            from_day,
            to_day,
        };
        store::outbox::append(writer, scope, &event).await?;
    }
    Ok(())
}

async fn lists(writer: &Writer, scope: &Scope) -> Result<Lists, Error> {
    let (mut categories, mut products) = (Vec::new(), Vec::new());
    for (category, of_category) in deals::CATEGORIES {
        let id = CategoryId(clock::new_id());
        categories.push(Category {
            id,
            name: category.to_owned(),
            pinyin: pinyin_key(category),
            import: None,
        });
        for (name, yuan) in of_category {
            products.push(Product {
                id: ProductId(clock::new_id()),
                name: (*name).to_owned(),
                pinyin: pinyin_key(name),
                sku: name
                    .rsplit(' ')
                    .next()
                    .filter(|sku| sku.is_ascii())
                    .map(str::to_owned),
                category: Some(id),
                list_price: Some(Fact(yuan * FACT_SCALE)),
                import: None,
            });
        }
    }
    let accounts: Vec<Account> = deals::accounts()
        .map(|(name, industry)| Account {
            id: AccountId(clock::new_id()),
            external_id: None,
            pinyin: pinyin_key(&name),
            name,
            industry: Some(industry.to_owned()),
            region: None,
            parent_name: None,
            import: None,
        })
        .collect();
    let channels = deals::CHANNELS.map(|name| Channel {
        id: ChannelId(clock::new_id()),
        name: name.to_owned(),
        pinyin: pinyin_key(name),
        import: None,
    });
    store::product::insert_categories(writer, scope, &categories).await?;
    store::product::insert(writer, scope, &products).await?;
    store::account::insert(writer, scope, &accounts).await?;
    store::account::insert_channels(writer, scope, &channels).await?;
    let names = deals::CATEGORIES
        .into_iter()
        .flat_map(|(_, of_category)| of_category.iter().map(|(name, _)| *name));
    Ok(Lists {
        products: products.iter().map(|product| product.id).zip(names).collect(),
        accounts: accounts
            .into_iter()
            .map(|account| (account.id, account.name))
            .collect(),
        channels: channels.iter().map(|channel| channel.id).collect(),
    })
}

fn entry(number: u32, deal: &Deal, lists: &Lists, metric: MetricId) -> Entry {
    let (stage, last) = deal.last();
    let product = lists.products.get(deal.product);
    let account = lists.accounts.get(deal.account);
    let name = match (account, product) {
        (Some((_, account)), Some((_, product))) => Some(format!("{account} {product}")),
        _ => None,
    };
    let closed_on = (stage.status() != Status::Open).then_some(last);
    let credit = Credit {
        metric,
        part: 0,
        member: deal.member,
        unit: deal.unit,
        day: last,
        amount: deal.amount,
        count: 1,
        of: None,
    };
    Entry {
        opportunity: Opportunity {
            id: OpportunityId(clock::new_id()),
            external_id: format!("SP-{number:05}"),
            name,
            member: deal.member,
            account: account.map(|(id, _)| *id),
            product: product.map(|(id, _)| *id),
            channel: lists.channels.get(deal.channel).copied(),
            stage,
            created_on: deal.steps.first().map(|(_, day)| *day),
            closed_on,
            amount: Some(deal.amount),
            probability: likely(stage),
            row_hash: 0,
        },
        events: deal
            .steps
            .iter()
            .map(|(stage, day)| StageEvent {
                stage: *stage,
                day: *day,
            })
            .collect(),
        credits: (stage == Stage::Won).then_some(credit).into_iter().collect(),
    }
}

/// Percent, while it is open.
fn likely(stage: Stage) -> Option<u8> {
    match stage {
        Stage::InitialContact => Some(10),
        Stage::NeedsConfirmed => Some(25),
        Stage::Quotation => Some(45),
        Stage::Negotiation => Some(70),
        Stage::Won | Stage::Lost => None,
    }
}
