//! Whatever is imported, corrected, imported again and taken back, and wherever people turn out to have been: roll-ups are what
//! the facts say, and the facts are what was said last.

use std::collections::BTreeMap;

use domain::calendar::Day;
use domain::id::{ImportId, MemberId, UnitId};
use domain::import::Kind;
use domain::people::Share;
use domain::statistics::Random;
use store::Database;
use store::assignment::WHOLE_PPM;

use crate::Company;

/// What a file says of an order: cents by product, and who sold it.
type Orders = BTreeMap<u64, (Vec<(u64, i64)>, u64)>;

#[tokio::test]
async fn roll_ups_are_what_the_facts_say() {
    for seed in 0..4 {
        let fresh = kit::Fresh::sqlite().await;
        run(&fresh.database, seed, 12).await;
        fresh.close().await;
    }
    if let Some(server) = kit::postgres() {
        let fresh = kit::Fresh::postgres(&server).await;
        run(&fresh.database, 99, 8).await;
        fresh.close().await;
    }
}

async fn run(database: &Database, seed: u64, steps: u32) {
    let company = Company::new(database).await;
    company
        .text(Kind::Units, "部门名称,层级\n华东,region\n华南,region\n")
        .await;
    company
        .text(
            Kind::Members,
            "姓名,部门,占比\n员0,华东,\n员1,华东,33.3%\n员1,华南,66.7%\n员2,华南,\n",
        )
        .await;
    let mut random = Random::new(seed);
    let mut below = |bound: u64| random.bits() % bound;
    let (members, units) = people(&company).await;
    let mut present = Orders::new();
    // What was there before each import that can still be taken back, the latest last.
    let mut before: Vec<(ImportId, Orders)> = Vec::new();
    for _ in 0..steps {
        if below(2) == 0 {
            let member = members[below(3) as usize];
            // Also before the first fact, and nowhere.
            let from = Day::parse_iso("2017-12-20").unwrap().plus(below(100) as i32);
            let share = units.get(below(3) as usize).map(|unit| Share {
                unit: *unit,
                share_ppm: WHOLE_PPM,
            });
            let shares: Vec<Share> = share.into_iter().collect();
            let assigned = company.operations.assign(&company.scope, member, from, &shares);
            assigned.await.unwrap();
        }
        if below(3) == 0
            && let Some((id, then)) = before.pop()
        {
            company.operations.undo_import(&company.scope, id).await.unwrap();
            present = then;
        } else {
            let mut said = Orders::new();
            for _ in 0..=below(30) {
                let lines = (0..=below(4))
                    .map(|_| (below(4), below(2_000_000) as i64 - 300_000))
                    .collect();
                said.insert(below(40), (lines, below(4)));
            }
            let mut text = "order id,order date,sales agent,product,sales\n".to_owned();
            for (order, (lines, member)) in &said {
                let member = if *member == 3 {
                    String::new()
                } else {
                    format!("员{member}")
                };
                for (product, amount) in lines {
                    let product = if *product == 3 {
                        String::new()
                    } else {
                        format!("品{product}")
                    };
                    let (sign, amount) = (if *amount < 0 { "-" } else { "" }, amount.abs());
                    let day = order % 28 + 1;
                    text += &format!(
                        "O{order:03},2018-0{}-{day:02},{member},{product},{sign}{}.{:04}\n",
                        order % 3 + 1,
                        amount / 10_000,
                        amount % 10_000
                    );
                }
            }
            // An empty cell keeps who sold it.
            for (order, (_, member)) in &mut said {
                if *member == 3
                    && let Some((_, held)) = present.get(order)
                {
                    *member = *held;
                }
            }
            let view = company.text(Kind::Orders, &text).await;
            assert_eq!(view.counts.rejected, 0, "seed {seed}: {:?}", view.files[0].report);
            before.push((view.id, present.clone()));
            present.extend(said);
            if below(2) == 0 {
                let again = company.text(Kind::Orders, &text).await;
                assert_eq!(again.counts.unchanged, again.counts.read, "seed {seed}");
                before.push((again.id, present.clone()));
            }
        }
        assert_eq!(company.differences().await, 0, "seed {seed}");
        let mut products: BTreeMap<String, i64> = BTreeMap::new();
        let mut members: BTreeMap<String, (i64, i64)> = BTreeMap::new();
        for (lines, member) in present.values() {
            let member = if *member == 3 {
                String::new()
            } else {
                format!("员{member}")
            };
            let sum = members.entry(member).or_default();
            sum.1 += 1;
            for (product, amount) in lines {
                sum.0 += amount;
                let product = if *product == 3 {
                    String::new()
                } else {
                    format!("品{product}")
                };
                *products.entry(product).or_default() += amount;
            }
        }
        let found = company.sums("2018-01-01", "2018-04-01", "product").await;
        for (product, amount) in products {
            let amount = crate::cents(amount);
            assert_eq!(
                found.get(&product).map_or(0, |sum| sum.0),
                amount,
                "seed {seed} {product}"
            );
        }
        let found = company.sums("2018-01-01", "2018-04-01", "member").await;
        for (member, (amount, count)) in members {
            assert_eq!(
                found[&member],
                (crate::cents(amount), count),
                "seed {seed} {member}"
            );
        }
    }
}

/// Those who sell, and the regions they may be in.
async fn people(company: &Company) -> (Vec<MemberId>, Vec<UnitId>) {
    let people = company.operations.people(&company.scope).await.unwrap();
    let member = |name: &str| people.members.iter().find(|one| one.name == name).unwrap().id;
    let unit = |name: &str| people.units.iter().find(|one| one.name == name).unwrap().id;
    (
        ["员0", "员1", "员2"].map(member).to_vec(),
        ["华东", "华南"].map(unit).to_vec(),
    )
}
