//! What the sample company sold: two full years and the present one, from a seed. Seasonal, with the dip of Spring Festival
//! and the push at the end of a quarter; growing, with a pipeline that is open today.

use domain::calendar::Day;
use domain::id::{MemberId, UnitId};
use domain::metric::Stage;
use domain::money::{FACT_SCALE, Fact};

/// The same company on every load.
const SEED: u64 = 0x5eed_5a1e;
/// Growth of one year over the one before, percent.
const GROWTH: i64 = 11;
/// Won deals of one usual seller on one usual working day, parts per million.
const WON_PPM: i64 = 82_000;
/// Lost deals for a won one, percent.
const LOST: u64 = 85;
/// Longest time in the pipeline; deals that would close later are not begun yet.
const LONGEST_DAYS: i32 = 120;
/// Months of a year in percent of its average month, before festival and quarter ends.
const MONTHS: [i64; 12] = [92, 90, 104, 92, 96, 108, 90, 94, 106, 92, 102, 124];
/// Spring Festival by year.
const FESTIVALS: [(i32, u8, u8); 22] = [
    (2016, 2, 8),
    (2017, 1, 28),
    (2018, 2, 16),
    (2019, 2, 5),
    (2020, 1, 25),
    (2021, 2, 12),
    (2022, 2, 1),
    (2023, 1, 22),
    (2024, 2, 10),
    (2025, 1, 29),
    (2026, 2, 17),
    (2027, 2, 6),
    (2028, 1, 26),
    (2029, 2, 13),
    (2030, 2, 3),
    (2031, 1, 23),
    (2032, 2, 11),
    (2033, 1, 31),
    (2034, 2, 19),
    (2035, 2, 8),
    (2036, 1, 28),
    (2037, 2, 15),
];

/// Categories with their products: name and price in yuan.
pub(super) const CATEGORIES: [(&str, &[(&str, i64)]); 3] = [
    (
        "光谱与色谱",
        &[
            ("手持光谱仪 SP-20", 28_000),
            ("台式光谱仪 SP-80", 128_000),
            ("气相色谱仪 GC-7", 236_000),
            ("液相色谱仪 LC-9", 298_000),
        ],
    ),
    (
        "环境监测",
        &[("水质监测站 WQ-3", 86_000), ("烟气分析仪 FG-5", 64_000)],
    ),
    ("服务与耗材", &[("年度维保", 18_000), ("耗材包", 6_800)]),
];
/// How often each product is sold, in the order above.
const SHARES: [u64; 8] = [16, 14, 9, 7, 14, 13, 15, 12];

/// How deals come.
pub(super) const CHANNELS: [&str; 3] = ["直销", "经销商", "线上"];

/// First and second half of an account's name, and the second half's industry.
const FIRST: [&str; 12] = [
    "海岳", "星澜", "恒拓", "中岭", "云帆", "锦程", "朗新", "瑞泽", "宏远", "天合", "立方", "北辰",
];
const SECOND: [(&str, &str); 6] = [
    ("精工", "制造"),
    ("光电", "电子"),
    ("制药", "医药"),
    ("环保", "环保"),
    ("食品", "食品"),
    ("水务", "公用事业"),
];

/// A customer: name and industry.
pub(super) fn accounts() -> impl Iterator<Item = (String, &'static str)> {
    FIRST.into_iter().flat_map(|first| {
        SECOND
            .into_iter()
            .map(move |(second, industry)| (format!("{first}{second}"), industry))
    })
}

/// Who sells, and where their deals count.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seller {
    pub(super) member: MemberId,
    pub(super) unit: UnitId,
    pub(super) hired_on: Day,
    /// Against a usual seller, percent.
    pub(super) strength: i64,
}

/// A deal; references are places in the lists above.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Deal {
    pub(super) member: MemberId,
    pub(super) unit: UnitId,
    pub(super) account: usize,
    pub(super) product: usize,
    pub(super) channel: usize,
    pub(super) amount: Fact,
    /// At least one step; the last tells how it stands.
    pub(super) steps: Vec<(Stage, Day)>,
}

impl Deal {
    /// Where it stands, and since when.
    pub(super) fn last(&self) -> (Stage, Day) {
        self.steps
            .last()
            .copied()
            .unwrap_or((Stage::InitialContact, Day(0)))
    }
}

/// First day of the history: two years before the present one began.
pub(super) fn first_day(today: Day) -> Day {
    Day::from_ymd(today.ymd().0 - 2, 1, 1).unwrap_or(today)
}

/// Every deal begun from the first day to today, by the day it closes or would close.
pub(super) fn deals(sellers: &[Seller], today: Day) -> Vec<Deal> {
    let mut random = Random(SEED);
    let first = first_day(today);
    let mut deals = Vec::new();
    for day in (first.0..=today.0 + LONGEST_DAYS).map(Day) {
        let pace = pace(day, first);
        for (index, seller) in sellers.iter().enumerate() {
            // Somebody new signs nothing in the first two months, and half as much in the third and fourth.
            let ramp = match day.0 - seller.hired_on.0 {
                ..60 => 0,
                60..120 => 50,
                _ => 100,
            };
            let won_ppm = WON_PPM * pace / 1_000 * seller.strength / 100 * ramp / 100;
            if (random.below(1_000_000) as i64) < won_ppm {
                deals.extend(deal(&mut random, index, seller, day, today, Stage::Won));
            }
            if (random.below(1_000_000) as i64) < won_ppm * LOST as i64 / 100 {
                deals.extend(deal(&mut random, index, seller, day, today, Stage::Lost));
            }
        }
    }
    deals
}

/// A deal that closes on a day as told, seen from today: `None` where it is not begun yet.
fn deal(
    random: &mut Random,
    index: usize,
    seller: &Seller,
    closes: Day,
    today: Day,
    end: Stage,
) -> Option<Deal> {
    let product = random.weighted(&SHARES);
    let price = prices().nth(product).unwrap_or(0);
    // Dear things are bought one at a time.
    let most = if price > 100_000 { 2 } else { 5 };
    let pieces = 1 + random.below(most) as i64;
    let percent = 84 + random.below(17) as i64;
    let yuan = price * pieces * percent / 100 / 100 * 100;
    let takes = 18 + random.below((LONGEST_DAYS - 18) as u64) as i32;
    let begun = closes.plus(-takes);
    // A few customers bring most: the product of two draws leans to the first of the seller's own.
    let of_own = random.below(6) * random.below(6) / 5;
    let accounts = FIRST.len() * SECOND.len();
    let account = (index * 7 + of_own as usize * 13) % accounts;
    let channel = random.weighted(&[6, 3, 1]);
    let lost_after = 1 + random.below(4) as usize;
    let mut steps = vec![(Stage::InitialContact, begun)];
    for (stage, percent) in [
        (Stage::NeedsConfirmed, 22),
        (Stage::Quotation, 48),
        (Stage::Negotiation, 76),
    ] {
        if end == Stage::Won || steps.len() < lost_after {
            steps.push((stage, begun.plus(takes * percent / 100)));
        }
    }
    steps.push((end, closes));
    steps.retain(|(_, day)| *day <= today);
    (!steps.is_empty()).then_some(Deal {
        member: seller.member,
        unit: seller.unit,
        account,
        product,
        channel,
        amount: Fact(yuan * FACT_SCALE),
        steps,
    })
}

fn prices() -> impl Iterator<Item = i64> {
    CATEGORIES
        .into_iter()
        .flat_map(|(_, products)| products.iter().map(|(_, price)| *price))
}

/// How much is sold on a day against a usual working day, per mille.
fn pace(day: Day, first: Day) -> i64 {
    if day.weekday() > 5 {
        return 20;
    }
    let (year, month, _) = day.ymd();
    let mut pace = MONTHS[usize::from(month - 1) % 12] * 10;
    for _ in first.ymd().0..year {
        pace = pace * (100 + GROWTH) / 100;
    }
    let festival = FESTIVALS
        .iter()
        .find(|(of, _, _)| *of == year)
        .and_then(|(year, month, day)| Day::from_ymd(*year, *month, *day));
    if festival.is_some_and(|festival| (-5..=14).contains(&(day.0 - festival.0))) {
        return pace * 12 / 100;
    }
    // The last ten days of a quarter.
    let ahead = day.plus(10).ymd().1;
    if month % 3 == 0 && ahead != month {
        pace = pace * 19 / 10;
    }
    pace
}

/// The generator `SplitMix64`.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below the bound; 0 where the bound is 0.
    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    /// A place, as often as its weight says.
    fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut drawn = self.below(weights.iter().sum());
        for (place, weight) in weights.iter().enumerate() {
            if drawn < *weight {
                return place;
            }
            drawn -= weight;
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sellers() -> Vec<Seller> {
        (0..17)
            .map(|index| Seller {
                member: uuid::Uuid::from_u128(index).into(),
                unit: UnitId::default(),
                hired_on: Day(0),
                strength: 100,
            })
            .collect()
    }

    /// Won yuan from a day on, before another.
    fn won(deals: &[Deal], from: &str, to: &str) -> i64 {
        let (from, to) = (Day::parse_iso(from).unwrap(), Day::parse_iso(to).unwrap());
        deals
            .iter()
            .filter(|deal| {
                let (stage, day) = deal.last();
                stage == Stage::Won && from <= day && day < to
            })
            .map(|deal| deal.amount.0 / FACT_SCALE)
            .sum()
    }

    #[test]
    fn the_history_is_plausible() {
        let today = Day::parse_iso("2026-11-23").unwrap();
        let deals = deals(&sellers(), today);
        let (before, last) = (
            won(&deals, "2024-01-01", "2025-01-01"),
            won(&deals, "2025-01-01", "2026-01-01"),
        );
        assert!((20_000_000..80_000_000).contains(&last), "{last}");
        assert!(last > before && last < before * 13 / 10, "{before} to {last}");
        // 2026's festival is on 17 February.
        let february = won(&deals, "2026-02-01", "2026-03-01");
        let march = won(&deals, "2026-03-01", "2026-04-01");
        assert!(february * 2 < march, "{february} and {march}");
        let december = won(&deals, "2025-12-01", "2026-01-01");
        let november = won(&deals, "2025-11-01", "2025-12-01");
        assert!(december > november * 13 / 10, "{november} and {december}");
        let open = deals
            .iter()
            .filter(|deal| !matches!(deal.last().0, Stage::Won | Stage::Lost))
            .count();
        assert!((100..500).contains(&open), "{open}");
        assert!((1_000..5_000).contains(&deals.len()), "{}", deals.len());
        assert!(
            deals
                .iter()
                .all(|deal| deal.last().1 <= today && deal.steps.is_sorted_by_key(|step| step.1))
        );
    }

    #[test]
    fn it_is_the_same_every_time_and_every_day_has_one() {
        let today = Day::parse_iso("2026-01-01").unwrap();
        assert_eq!(deals(&sellers(), today), deals(&sellers(), today));
        let leap = Day::parse_iso("2028-02-29").unwrap();
        assert_eq!(first_day(leap).to_string(), "2026-01-01");
        assert!(!deals(&sellers(), leap).is_empty());
    }

    #[test]
    fn accounts_have_names_of_their_own() {
        let names: std::collections::BTreeSet<String> = accounts().map(|(name, _)| name).collect();
        assert_eq!(names.len(), 72);
        assert_eq!(SHARES.len(), prices().count());
    }
}
